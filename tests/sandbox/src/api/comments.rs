//! A request's thread: its public comments, with their authors. Oldest first, unless the newest are asked for first: by
//! `sort=-created_at`, or by `sort_order=desc` for offset pages.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query as QueryOf, State};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::caller::{Caller, number};
use super::error::ApiError;
use super::paging::{Paging, Query, parameter};
use super::shapes;
use crate::clock::parse_timestamp;
use crate::server::Server;
use crate::store::comments::{self, Comment};
use crate::store::people::{self, User};
use crate::store::{Result as Stored, organizations, tickets};

/// `GET /api/v2/requests/{id}/comments`. `since` is inclusive, because times are whole seconds.
pub async fn list(
    server: State<Arc<Server>>,
    Path(id): Path<String>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Value>, ApiError> {
    let id = number(&id)?;
    let since = match parameter(&query, "since") {
        Some(time) => Some(parse_timestamp(time).ok_or(ApiError::Bad("since must be a time in ISO 8601"))?),
        None => None,
    };
    let agents = match parameter(&query, "role") {
        None => None,
        Some("agent") => Some(true),
        Some("end_user" | "end-user") => Some(false),
        Some(_) => return Err(ApiError::Bad("role must be agent or end_user")),
    };
    let paging = Paging::parse(&query)?;
    let by_order = match parameter(&query, "sort_order") {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(ApiError::Bad("sort_order must be asc or desc")),
    };
    let descending = match parameter(&query, "sort") {
        // Cursor pages ignore `sort_order` here, too.
        None => by_order && matches!(paging, Paging::Offset { .. }),
        Some("created_at") => false,
        Some("-created_at") => true,
        Some(_) => return Err(ApiError::Bad("sort must be created_at or -created_at")),
    };
    let answer = server.read(caller.effects.stale, |db| {
        if tickets::find(db, id, Some(&caller.user))?.is_none() {
            return Ok(None);
        }
        let mut thread = comments::thread(db, id)?;
        thread.retain(|comment| comment.public && since.is_none_or(|since| comment.created_at >= since));
        let authors = authors(db, &thread)?;
        if let Some(agents) = agents {
            thread
                .retain(|comment| authors.iter().any(|user| user.id == comment.author_id && user.is_agent() == agents));
        }
        if descending {
            thread.reverse();
        }
        page(db, &caller, &query, paging, (id, &thread), &authors).map(Some)
    })?;
    answer.map(Json).ok_or(ApiError::NotFound)
}

/// `GET /api/v2/requests/{id}/comments/{comment}`.
pub async fn show(
    server: State<Arc<Server>>,
    Path((id, comment)): Path<(String, String)>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let (id, comment) = (number(&id)?, number(&comment)?);
    let answer = server.read(caller.effects.stale, |db| {
        let seen = tickets::find(db, id, Some(&caller.user))?.is_some();
        match comments::find(db, id, comment)?.filter(|comment| seen && comment.public) {
            Some(comment) => Ok(Some(json!({ "comment": shapes::comment(db, &comment, &caller.origin)? }))),
            None => Ok(None),
        }
    })?;
    answer.map(Json).ok_or(ApiError::NotFound)
}

fn authors(db: &Connection, thread: &[Comment]) -> Stored<Vec<User>> {
    let ids: BTreeSet<i64> = thread.iter().map(|comment| comment.author_id).collect();
    ids.into_iter().filter_map(|id| people::by_id(db, id).transpose()).collect()
}

fn page(
    db: &Connection,
    caller: &Caller,
    query: &Query,
    paging: Paging,
    (ticket, thread): (i64, &[Comment]),
    authors: &[User],
) -> Stored<Value> {
    let (start, size) = match paging {
        Paging::Cursor { size, after } => {
            // Comments are in the order of their ids, or in the opposite order.
            let ascends = thread.first().map(|first| first.id) <= thread.last().map(|last| last.id);
            let is_next = |id: i64, after: i64| if ascends { id > after } else { id < after };
            let start = thread.iter().position(|comment| after.is_none_or(|after| is_next(comment.id, after)));
            (start.unwrap_or(thread.len()), size)
        }
        Paging::Offset { page, per_page } => (usize::try_from((page - 1) * per_page).unwrap_or(usize::MAX), per_page),
    };
    let size = usize::try_from(size).unwrap_or_default();
    let rows: Vec<&Comment> = thread.iter().skip(start).take(size).collect();
    let more = thread.len() > start.saturating_add(size);
    let shown: Vec<Value> =
        rows.iter().map(|comment| shapes::comment(db, comment, &caller.origin)).collect::<Stored<_>>()?;
    let users: Vec<Value> = authors
        .iter()
        .filter(|user| rows.iter().any(|comment| comment.author_id == user.id))
        .map(|user| shapes::side_user(user, &caller.origin))
        .collect();
    let accounts: BTreeSet<i64> = authors.iter().filter_map(|user| user.organization_id).collect();
    let mut organizations = Vec::with_capacity(accounts.len());
    for id in accounts {
        organizations.push(json!({ "id": id, "name": organizations::name(db, id)? }));
    }
    let mut answer = json!({ "comments": shown, "users": users, "organizations": organizations });
    let url = format!("{}/api/v2/requests/{ticket}/comments", caller.origin);
    let count = i64::try_from(thread.len()).unwrap_or(i64::MAX);
    paging.describe(&mut answer, query, &url, rows.last().map(|comment| comment.id), more, count);
    Ok(answer)
}
