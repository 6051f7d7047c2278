//! The company's webhook, as an administrator sets it up.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{JsonProblem, Strict};
use crate::problem::Problem;
use crate::server::Server;
use crate::webhook::Target;

/// The route of the webhook.
pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/sandbox/webhook", get(show).post(connect).delete(disconnect))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    url: String,
}

/// Sends events to an address on this machine, and answers the secret that signs them.
async fn connect(
    State(server): State<Arc<Server>>,
    Strict(Address { url }): Strict<Address>,
) -> Result<Json<Value>, JsonProblem> {
    let target = Target::new(&url).map_err(|why| Problem::Form(why.to_string()))?;
    let answer = json!({ "webhook": { "id": target.id, "url": target.url, "signing_secret": target.secret } });
    server.webhooks.connect(target);
    Ok(Json(answer))
}

/// The address, and what became of the last events.
async fn show(State(server): State<Arc<Server>>) -> Json<Value> {
    let (url, invocations) = server.webhooks.show();
    Json(json!({ "url": url, "invocations": invocations }))
}

async fn disconnect(State(server): State<Arc<Server>>) -> StatusCode {
    server.webhooks.disconnect();
    StatusCode::NO_CONTENT
}
