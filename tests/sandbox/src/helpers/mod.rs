//! The helpers under `/sandbox`: what a test needs beyond the API. JSON in and out; a body with an unknown field is a
//! 400.

mod account;
mod articles;
mod hosted;
mod making;
mod organizations;
mod tickets;
mod webhook;

use std::sync::Arc;

use axum::extract::{FromRequest, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::timestamp;
use crate::faults::{Switchboard, Update};
use crate::log::Log;
use crate::problem::Problem;
use crate::server::Server;
use crate::store::people;
use crate::users;

/// All routes below `/sandbox`.
pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/sandbox/faults", get(show_faults).post(set_faults).delete(clear_faults))
        .route("/sandbox/requests", get(show_log).delete(clear_log))
        .route("/sandbox/mails", get(mails))
        .route("/sandbox/clock", post(advance_clock))
        .route("/sandbox/reset", post(reset))
        .route("/sandbox/users/{user}/revoke_token", post(revoke_token))
        .merge(account::routes())
        .merge(articles::routes())
        .merge(hosted::routes())
        .merge(making::routes())
        .merge(organizations::routes())
        .merge(tickets::routes())
        .merge(webhook::routes())
}

/// A problem, answered as JSON.
#[derive(Debug)]
struct JsonProblem(Problem);

impl<E: Into<Problem>> From<E> for JsonProblem {
    fn from(problem: E) -> Self {
        Self(problem.into())
    }
}

impl IntoResponse for JsonProblem {
    fn into_response(self) -> Response {
        let (status, error) = self.0.status_and_text();
        (status, Json(json!({ "error": error }))).into_response()
    }
}

/// A JSON body. If it is malformed, the error is answered as JSON, too.
#[derive(Debug, FromRequest)]
#[from_request(via(Json), rejection(JsonProblem))]
struct Strict<T>(T);

async fn show_faults(State(server): State<Arc<Server>>) -> Json<Switchboard> {
    Json(server.faults().clone())
}

async fn set_faults(
    State(server): State<Arc<Server>>,
    Strict(update): Strict<Update>,
) -> Result<Json<Switchboard>, JsonProblem> {
    server.change_faults(|faults| faults.update(update))?;
    Ok(Json(server.faults().clone()))
}

async fn clear_faults(State(server): State<Arc<Server>>) -> Result<StatusCode, JsonProblem> {
    server.change_faults(|faults| *faults = Switchboard::default())?;
    Ok(StatusCode::NO_CONTENT)
}

async fn show_log(State(server): State<Arc<Server>>) -> Json<Log> {
    Json(server.log().clone())
}

async fn clear_log(State(server): State<Arc<Server>>) -> StatusCode {
    *server.log() = Log::default();
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
struct OfTicket {
    ticket: Option<i64>,
}

async fn mails(State(server): State<Arc<Server>>, Query(of): Query<OfTicket>) -> Result<Json<Value>, JsonProblem> {
    let mails = server.read(std::time::Duration::ZERO, |db| people::mails(db, of.ticket))?;
    let mails: Vec<Value> = mails
        .into_iter()
        .map(|mail| {
            json!({ "ticket_id": mail.ticket_id, "to": mail.address, "subject": mail.subject, "sent_at": timestamp(mail.sent_at) })
        })
        .collect();
    Ok(Json(json!({ "mails": mails })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u32,
}

async fn advance_clock(State(server): State<Arc<Server>>, Strict(by): Strict<Advance>) -> Json<Value> {
    server.clock.advance(by.advance_seconds);
    Json(json!({ "now": timestamp(server.clock.seconds()) }))
}

/// Invalidates the user's token and returns the new one.
async fn revoke_token(State(server): State<Arc<Server>>, Path(user): Path<String>) -> Result<Json<Value>, JsonProblem> {
    let person = users::find(&user).ok_or(Problem::Missing)?;
    let token = format!("{}-token-{:08x}", person.key, rand::random::<u32>());
    server.write(|db, _| Ok::<_, Problem>(people::set_token(db, person.id, &token)?))?;
    Ok(Json(json!({ "token": token })))
}

async fn reset(State(server): State<Arc<Server>>) -> Result<StatusCode, JsonProblem> {
    server.reset().map_err(|_| Problem::Failed)?;
    Ok(StatusCode::NO_CONTENT)
}
