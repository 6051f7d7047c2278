//! Lists of requests, one request, and the search.

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
use crate::server::Server;
use crate::store::tickets::{self, Filter, SortBy, Ticket};
use crate::store::{Result as Stored, account, organizations, people};

/// The most results that a search returns.
const MAX_RESULTS: i64 = 1_000;

type Answer = Result<Json<Value>, ApiError>;

/// `GET /api/v2/requests`: the caller's own tickets; for an agent, all tickets.
pub async fn list(server: State<Arc<Server>>, caller: Caller, QueryOf(query): QueryOf<Query>) -> Answer {
    let requester = (!caller.user.is_agent()).then_some(caller.user.id);
    let filter = Filter { requester, ..visible(&caller, &query) };
    answer_list(&server, &caller, &query, &filter, "/api/v2/requests")
}

/// `GET /api/v2/requests/ccd`: tickets with the caller in CC that the caller may see.
pub async fn list_ccd(server: State<Arc<Server>>, caller: Caller, QueryOf(query): QueryOf<Query>) -> Answer {
    let filter = Filter { cc: Some(caller.user.id), ..visible(&caller, &query) };
    answer_list(&server, &caller, &query, &filter, "/api/v2/requests/ccd")
}

/// `GET /api/v2/organizations/{id}/requests`: the account's tickets that the caller may see, including the caller's
/// own.
pub async fn list_of_organization(
    server: State<Arc<Server>>,
    Path(id): Path<String>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let organization = number(&id)?;
    let is_member =
        server.read(caller.effects.stale, |db| organizations::is_member(db, caller.user.id, organization))?;
    if !caller.user.is_agent() && !is_member {
        return Err(ApiError::Forbidden);
    }
    let filter = Filter { organization: Some(organization), ..visible(&caller, &query) };
    answer_list(&server, &caller, &query, &filter, &format!("/api/v2/organizations/{organization}/requests"))
}

/// `GET /api/v2/requests/search`: at most 1,000 results, offset pages only. The caller's own tickets, or with `cc_id` those that the
/// caller is copied on, or with `organization_id` those of an organization.
pub async fn search(server: State<Arc<Server>>, caller: Caller, QueryOf(query): QueryOf<Query>) -> Answer {
    let text = parameter(&query, "query").unwrap_or_default().trim_start_matches('#').to_lowercase();
    let organization = parameter(&query, "organization_id").map(number).transpose()?;
    let cc = (parameter(&query, "cc_id") == Some("true")).then_some(caller.user.id);
    let is_own = organization.is_none() && cc.is_none() && !caller.user.is_agent();
    let requester = is_own.then_some(caller.user.id);
    let filter = Filter { text: Some(text), requester, cc, organization, ..visible(&caller, &query) };
    let Paging::Offset { page, per_page } = Paging::parse(&query)? else {
        return Err(ApiError::Bad("search has offset pages only"));
    };
    let offset = (page - 1) * per_page;
    if offset >= MAX_RESULTS {
        return Err(ApiError::Depth);
    }
    let limit = per_page.min(MAX_RESULTS - offset);
    let sort = sorting(&query)?;
    let answer = server.read(caller.effects.stale, |db| {
        let count = tickets::count(db, &filter)?.min(MAX_RESULTS);
        let rows = tickets::page(db, &filter, sort, offset, limit)?;
        let mut answer = rows_json(db, &caller, &query, &rows)?;
        let more = offset + limit < count;
        let url = format!("{}/api/v2/requests/search", caller.origin);
        Paging::Offset { page, per_page }.describe(&mut answer, &query, &url, None, more, count);
        Ok(answer)
    })?;
    Ok(Json(answer))
}

/// `GET /api/v2/requests/{id}`.
pub async fn show(
    server: State<Arc<Server>>,
    Path(id): Path<String>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let id = number(&id)?;
    let answer = server.read(caller.effects.stale, |db| {
        let Some(ticket) = tickets::find(db, id, Some(&caller.user))? else { return Ok(None) };
        let account = account::read(db)?;
        let mut answer = json!({ "request": shapes::request(&ticket, caller.view(&account)) });
        side_load(db, &caller, &query, &[ticket], &mut answer)?;
        Ok(Some(answer))
    })?;
    answer.map(Json).ok_or(ApiError::NotFound)
}

/// The filter that every list starts from: what the caller may see, and the requested statuses.
fn visible<'a>(caller: &'a Caller, query: &Query) -> Filter<'a> {
    let statuses = parameter(query, "status").unwrap_or_default().split(',').map(str::trim);
    let statuses = statuses.filter(|status| !status.is_empty()).map(str::to_owned).collect();
    Filter { viewer: Some(&caller.user), statuses, ..Filter::default() }
}

fn answer_list(server: &Server, caller: &Caller, query: &Query, filter: &Filter<'_>, path: &str) -> Answer {
    let paging = Paging::parse(query)?;
    let sort = sorting(query)?;
    let answer = server.read(caller.effects.stale, |db| {
        let (mut rows, size, count) = match paging {
            // One row more than requested shows whether there is a next page.
            Paging::Cursor { size, after } => (tickets::shuffled_page(db, filter, after, size + 1)?, size, 0),
            Paging::Offset { page, per_page } => {
                let rows = tickets::page(db, filter, sort, (page - 1) * per_page, per_page + 1)?;
                (rows, per_page, tickets::count(db, filter)?)
            }
        };
        let size = usize::try_from(size).unwrap_or_default();
        let more = rows.len() > size;
        rows.truncate(size);
        let mut answer = rows_json(db, caller, query, &rows)?;
        let last = rows.last().map(|ticket| ticket.shuffle);
        paging.describe(&mut answer, query, &format!("{}{path}", caller.origin), last, more, count);
        Ok(answer)
    })?;
    Ok(Json(answer))
}

/// The order of offset pages; newest activity first by default.
fn sorting(query: &Query) -> Result<(SortBy, bool), ApiError> {
    let by = match parameter(query, "sort_by") {
        None | Some("updated_at") => SortBy::Updated,
        Some("created_at") => SortBy::Created,
        Some("status") => SortBy::Status,
        Some("id") => SortBy::Id,
        Some(_) => return Err(ApiError::Bad("sort_by must be created_at, updated_at, status or id")),
    };
    match parameter(query, "sort_order") {
        None | Some("desc") => Ok((by, true)),
        Some("asc") => Ok((by, false)),
        Some(_) => Err(ApiError::Bad("sort_order must be asc or desc")),
    }
}

fn rows_json(db: &Connection, caller: &Caller, query: &Query, rows: &[Ticket]) -> Stored<Value> {
    let account = account::read(db)?;
    let requests: Vec<Value> = rows.iter().map(|ticket| shapes::request(ticket, caller.view(&account))).collect();
    let mut answer = json!({ "requests": requests });
    side_load(db, caller, query, rows, &mut answer)?;
    Ok(answer)
}

/// With `include=users`, adds the users of these tickets, each once.
fn side_load(db: &Connection, caller: &Caller, query: &Query, rows: &[Ticket], answer: &mut Value) -> Stored<()> {
    if !parameter(query, "include").unwrap_or_default().split(',').any(|name| name.trim() == "users") {
        return Ok(());
    }
    let ids: BTreeSet<i64> = rows
        .iter()
        .flat_map(|row| row.cc_ids.iter().copied().chain([row.requester_id]).chain(row.assignee_id))
        .collect();
    let mut users = Vec::with_capacity(ids.len());
    for id in ids {
        users.extend(people::by_id(db, id)?.map(|user| shapes::side_user(&user, &caller.origin)));
    }
    answer["users"] = users.into();
    Ok(())
}
