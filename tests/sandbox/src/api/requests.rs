//! Lists of requests, one request, and the search.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query as QueryOf, State};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::error::ApiError;
use super::paging::{Paging, Query, parameter};
use super::shapes;
use super::visit::{Visit, number};
use crate::server::Server;
use crate::store::tickets::{self, Filter, SortBy, Ticket};
use crate::store::{Result as Stored, people};

/// The most results that a search gives.
const MOST_RESULTS: i64 = 1_000;

type Answer = Result<Json<Value>, ApiError>;

/// `GET /api/v2/requests`: what I asked; an agent gets everything.
pub async fn list(server: State<Arc<Server>>, visit: Visit, QueryOf(query): QueryOf<Query>) -> Answer {
    let requester = (!visit.user.is_agent()).then_some(visit.user.id);
    let filter = Filter { requester, ..visible(&visit, &query) };
    answer_list(&server, &visit, &query, &filter, "/api/v2/requests")
}

/// `GET /api/v2/requests/ccd`: where I am in CC and may see the ticket.
pub async fn list_ccd(server: State<Arc<Server>>, visit: Visit, QueryOf(query): QueryOf<Query>) -> Answer {
    let filter = Filter { cc: Some(visit.user.id), ..visible(&visit, &query) };
    answer_list(&server, &visit, &query, &filter, "/api/v2/requests/ccd")
}

/// `GET /api/v2/organizations/{id}/requests`: the account's tickets that I may see, my own among them.
pub async fn list_of_organization(
    server: State<Arc<Server>>,
    Path(id): Path<String>,
    visit: Visit,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let organization = number(&id)?;
    if !visit.user.is_agent() && visit.user.organization_id != Some(organization) {
        return Err(ApiError::Forbidden);
    }
    let filter = Filter { organization: Some(organization), ..visible(&visit, &query) };
    answer_list(&server, &visit, &query, &filter, &format!("/api/v2/organizations/{organization}/requests"))
}

/// `GET /api/v2/requests/search`: at most 1,000 results, offset pages only.
pub async fn search(server: State<Arc<Server>>, visit: Visit, QueryOf(query): QueryOf<Query>) -> Answer {
    let words = parameter(&query, "query").unwrap_or_default().trim_start_matches('#').to_lowercase();
    let filter = Filter { words: Some(words), ..visible(&visit, &query) };
    let Paging::Offset { page, per_page } = Paging::parse(&query)? else {
        return Err(ApiError::Bad("search has offset pages only"));
    };
    let offset = (page - 1) * per_page;
    if offset >= MOST_RESULTS {
        return Err(ApiError::Depth);
    }
    let limit = per_page.min(MOST_RESULTS - offset);
    let sort = sorting(&query)?;
    let answer = server.read(visit.orders.stale, |db| {
        let count = tickets::count(db, &filter)?.min(MOST_RESULTS);
        let rows = tickets::page(db, &filter, sort, offset, limit)?;
        let mut answer = rows_json(db, &visit, &query, &rows)?;
        let more = offset + limit < count;
        let url = format!("{}/api/v2/requests/search", visit.origin);
        Paging::Offset { page, per_page }.describe(&mut answer, &query, &url, None, more, count);
        Ok(answer)
    })?;
    Ok(Json(answer))
}

/// `GET /api/v2/requests/{id}`.
pub async fn show(
    server: State<Arc<Server>>,
    Path(id): Path<String>,
    visit: Visit,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let id = number(&id)?;
    let answer = server.read(visit.orders.stale, |db| {
        let Some(ticket) = tickets::find(db, id, Some(&visit.user))? else { return Ok(None) };
        let mut answer = json!({ "request": shapes::request(&ticket, &visit.user, &visit.origin) });
        side_load(db, &visit, &query, &[ticket], &mut answer)?;
        Ok(Some(answer))
    })?;
    answer.map(Json).ok_or(ApiError::NotFound)
}

/// The filter every list starts from: sight, and the statuses asked for.
fn visible<'a>(visit: &'a Visit, query: &Query) -> Filter<'a> {
    let statuses = parameter(query, "status").unwrap_or_default().split(',').map(str::trim);
    let statuses = statuses.filter(|status| !status.is_empty()).map(str::to_owned).collect();
    Filter { viewer: Some(&visit.user), statuses, ..Filter::default() }
}

fn answer_list(server: &Server, visit: &Visit, query: &Query, filter: &Filter<'_>, path: &str) -> Answer {
    let paging = Paging::parse(query)?;
    let sort = sorting(query)?;
    let answer = server.read(visit.orders.stale, |db| {
        let (mut rows, size, count) = match paging {
            // One row more than asked shows whether there is a next page.
            Paging::Cursor { size, after } => (tickets::shuffled_page(db, filter, after, size + 1)?, size, 0),
            Paging::Offset { page, per_page } => {
                let rows = tickets::page(db, filter, sort, (page - 1) * per_page, per_page + 1)?;
                (rows, per_page, tickets::count(db, filter)?)
            }
        };
        let size = usize::try_from(size).unwrap_or_default();
        let more = rows.len() > size;
        rows.truncate(size);
        let mut answer = rows_json(db, visit, query, &rows)?;
        let last = rows.last().map(|ticket| ticket.shuffle);
        paging.describe(&mut answer, query, &format!("{}{path}", visit.origin), last, more, count);
        Ok(answer)
    })?;
    Ok(Json(answer))
}

/// What offset pages are sorted by; newest activity first unless asked otherwise.
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

fn rows_json(db: &Connection, visit: &Visit, query: &Query, rows: &[Ticket]) -> Stored<Value> {
    let requests: Vec<Value> = rows.iter().map(|ticket| shapes::request(ticket, &visit.user, &visit.origin)).collect();
    let mut answer = json!({ "requests": requests });
    side_load(db, visit, query, rows, &mut answer)?;
    Ok(answer)
}

/// `include=users` adds the people of these tickets, once each.
fn side_load(db: &Connection, visit: &Visit, query: &Query, rows: &[Ticket], answer: &mut Value) -> Stored<()> {
    if !parameter(query, "include").unwrap_or_default().split(',').any(|name| name.trim() == "users") {
        return Ok(());
    }
    let ids: BTreeSet<i64> = rows
        .iter()
        .flat_map(|row| row.cc_ids.iter().copied().chain([row.requester_id]).chain(row.assignee_id))
        .collect();
    let mut users = Vec::with_capacity(ids.len());
    for id in ids {
        users.extend(people::by_id(db, id)?.map(|user| shapes::side_user(&user, &visit.origin)));
    }
    answer["users"] = users.into();
    Ok(())
}
