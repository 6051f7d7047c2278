//! Creating a request without signing in, which an administrator allows or not.
//!
//! Only the answer to the creation shows anything: without a token nothing can be read, so nobody finds out whether a
//! request arrived whose answer was lost. Idempotency keys are ignored here; the documentation does not say whether
//! they count. It does not say either how a request is answered that the service suspends until its requester has
//! verified the address, as its help centre does since 2026; this server suspends none.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;
use serde_json::json;

use super::JSON;
use super::body::{NewRequest, Requester, parse};
use crate::answers;
use crate::api::caller::origin;
use crate::api::error::ApiError;
use crate::api::shapes::{self, View};
use crate::rules::{self, Refusal};
use crate::server::Server;
use crate::store::people::{self, User};
use crate::store::{account, anonymous, tickets};

/// The language of refusals.
const LOCALE: &str = "en";

/// `POST /api/v2/requests` without a token.
pub fn create(server: &std::sync::Arc<Server>, headers: &HeaderMap, body: &[u8]) -> Result<Response, ApiError> {
    let account = server.read(Duration::ZERO, account::read)?;
    if !account.settings.anonymous_requests {
        return Err(ApiError::NotAuthenticated);
    }
    let limit = account.settings.anonymous_per_hour;
    if let Err(wait) = server.write(|db, now| anonymous::admit(db, limit, now))? {
        return Err(ApiError::TooMany(u64::try_from(wait).unwrap_or_default()));
    }
    let mut request = parse::<NewRequest>(body)?;
    let requester = request.take_requester();
    let draft = request.into_draft(&account, LOCALE)?;
    let salt = server.faults().cursor_shuffle;
    let (id, answer) = server.write(|db, now| -> Result<_, ApiError> {
        let requester = user(db, requester)?;
        let id = rules::open_ticket(db, &requester, &draft, salt, now)?;
        let ticket = tickets::find(db, id, None)?.ok_or(ApiError::Internal)?;
        let view = View { account: &account, viewer: &requester, origin: &origin(headers) };
        Ok((id, json!({ "request": shapes::request(&ticket, view) }).to_string()))
    })?;
    answers::plan(server, id);
    Ok((StatusCode::CREATED, [(header::CONTENT_TYPE, JSON)], answer).into_response())
}

/// The user who has the requester's address, or a new one, who needs a name.
fn user(db: &Connection, requester: Option<Requester>) -> Result<User, ApiError> {
    let Requester { name, email } = requester.unwrap_or_default();
    let email = email.unwrap_or_default();
    if email.trim().is_empty() {
        return Err(Refusal::Requester("Email: cannot be blank").into());
    }
    if !rules::looks_like_address(&email) {
        return Err(Refusal::Requester("Email: is not properly formatted").into());
    }
    if let Some(known) = people::by_address(db, &email)? {
        return Ok(known);
    }
    let name = name.filter(|name| !name.trim().is_empty());
    let name = name.ok_or(Refusal::Requester("Name:  is too short (minimum is 1 character)"))?;
    Ok(people::by_address_or_new(db, &email, Some(&name))?)
}
