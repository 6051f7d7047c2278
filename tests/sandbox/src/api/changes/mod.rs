//! Creating and changing a request (the service's name for a ticket as its end user sees it).

mod anonymous;
mod body;

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use self::body::{ChangedRequest, NewRequest, ReadMarkBody, parse};
use super::caller::{Caller, number};
use super::error::ApiError;
use super::shapes;
use crate::answers;
use crate::rules::{self, Copied, Message, Refusal};
use crate::server::Server;
use crate::store::{account, keys, organizations, tickets};

/// How long a repetition of the same idempotency key gets the first answer, in seconds.
const KEY_LIFE: i64 = 2 * 60 * 60;

/// `POST /api/v2/requests`. Without a token it is an anonymous request.
pub async fn create(
    State(server): State<Arc<Server>>,
    caller: Result<Caller, ApiError>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    match caller {
        Ok(caller) => create_as(&server, &caller, &headers, &body),
        Err(ApiError::Unauthorized) if !headers.contains_key(header::AUTHORIZATION) => {
            anonymous::create(&server, &headers, &body)
        }
        Err(error) => Err(error),
    }
}

fn create_as(server: &Arc<Server>, caller: &Caller, headers: &HeaderMap, body: &[u8]) -> Result<Response, ApiError> {
    let key =
        headers.get("idempotency-key").and_then(|key| key.to_str().ok()).filter(|_| !caller.effects.ignore_idempotency);
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(body));
    let account = server.read(Duration::ZERO, account::read)?;
    let draft = parse::<NewRequest>(body)?.into_draft(&account, &caller.user.locale)?;
    let salt = server.faults().cursor_shuffle;
    let created = server.write(|db, now| {
        if let Some(key) = key
            && let Some(first) = keys::first_use(db, caller.user.id, key, now - KEY_LIFE)?
        {
            return if first.digest == digest { Ok(Created::Before(first.answer)) } else { Err(ApiError::KeyReused) };
        }
        let id = rules::open_ticket(db, &caller.user, &draft, salt, now)?;
        let ticket = tickets::find(db, id, None)?.ok_or(ApiError::Internal)?;
        let answer = json!({ "request": shapes::request(&ticket, caller.view(&account)) });
        if let Some(key) = key {
            keys::remember(db, caller.user.id, key, &digest, &answer.to_string(), now)?;
        }
        Ok(Created::Now(id, answer.to_string()))
    })?;
    let (answer, lookup) = match created {
        Created::Before(answer) => (answer, "hit"),
        Created::Now(ticket, answer) => {
            answers::plan(server, ticket);
            (answer, "miss")
        }
    };
    let mut response = (StatusCode::CREATED, [(header::CONTENT_TYPE, JSON)], answer).into_response();
    if key.is_some() {
        response.headers_mut().insert("x-idempotency-lookup", axum::http::HeaderValue::from_static(lookup));
    }
    Ok(response)
}

const JSON: &str = "application/json; charset=utf-8";

enum Created {
    Now(i64, String),
    Before(String),
}

/// `PUT /api/v2/requests/{id}`: adds a comment, marks as solved, adds CC addresses. An end user cannot change other
/// fields, so they are ignored.
pub async fn update(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let id = number(&id)?;
    // Visibility is checked before the body: a user who may not see the ticket learns nothing from the body's errors.
    server.read(Duration::ZERO, |db| tickets::find(db, id, Some(&caller.user)))?.ok_or(ApiError::NotFound)?;
    let change = parse::<ChangedRequest>(&body)?;
    let replied = change.comment.is_some();
    let message = change.comment.map(Message::from);
    let more: Vec<Copied> = change.additional_collaborators.into_iter().map(Copied::from).collect();
    let write = |db: &Connection, now: i64| {
        let find = || -> Result<_, ApiError> { tickets::find(db, id, Some(&caller.user))?.ok_or(ApiError::NotFound) };
        let ticket = find()?;
        // Whoever only sees the ticket may change nothing in it.
        if !organizations::may_write(db, &caller.user, &ticket)? {
            return Err(ApiError::Forbidden);
        }
        if ticket.is_closed() {
            return Err(ApiError::Refused(Refusal::Closed));
        }
        if let Some(message) = &message {
            rules::reply(db, &caller.user, &find()?, message, now)?;
        }
        if change.solved == Some(true) {
            rules::solve(db, &caller.user, &find()?, now)?;
        }
        if !more.is_empty() {
            rules::add_collaborators(db, &find()?, &more, now)?;
        }
        Ok(json!({ "request": shapes::request(&find()?, caller.view(&account::read(db)?)) }))
    };
    if caller.user.is_agent() {
        return server.write_for_agent(id, |db, now| write(db, now)).map(Json);
    }
    let answer = server.write(|db, now| write(db, now))?;
    if replied {
        answers::plan(&server, id);
    }
    Ok(Json(answer))
}

/// `PUT /api/v2/requests/{id}/read_mark`, an extension of this server: stores how far the caller has read. Changes
/// nothing else, not even `updated_at`.
pub async fn mark_read(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let id = number(&id)?;
    let mark: ReadMarkBody =
        serde_json::from_slice(&body).map_err(|_| ApiError::Bad("the body is not of the expected form"))?;
    server.write(|db, _| {
        let find = || -> Result<_, ApiError> { tickets::find(db, id, Some(&caller.user))?.ok_or(ApiError::NotFound) };
        tickets::mark_read(db, find()?.id, caller.user.id, mark.read_mark.comment_id)?;
        Ok(Json(json!({ "request": shapes::request(&find()?, caller.view(&account::read(db)?)) })))
    })
}
