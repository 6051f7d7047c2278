//! What is served under `/hosted`, and who asked for it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{JsonProblem, Strict};
use crate::hosted::Document;
use crate::problem::Problem;
use crate::server::Server;

/// The largest document that is made by repetition, in bytes.
const LARGEST: usize = 256 * 1024 * 1024;

/// The route of a document.
pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/sandbox/hosted/{name}", get(visits).put(put).delete(remove))
}

/// A document. Without any field it is an empty one.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NewDocument {
    /// The body as text.
    text: String,
    /// The body in base64, for bytes that are no text.
    base64: Option<String>,
    /// The body is repeated until it has this many bytes.
    repeat_to: Option<usize>,
    content_type: Option<String>,
    /// 302 if there is a location.
    status: Option<u16>,
    location: Option<String>,
    etag: bool,
}

impl Default for NewDocument {
    fn default() -> Self {
        Self {
            text: String::new(),
            base64: None,
            repeat_to: None,
            content_type: Some("application/json".to_owned()),
            status: None,
            location: None,
            etag: true,
        }
    }
}

impl NewDocument {
    fn into_document(self) -> Result<Document, Problem> {
        let form = |what: &str| Problem::Form(what.to_owned());
        let bytes = match self.base64 {
            Some(text) => STANDARD.decode(text).map_err(|_| form("base64 is not in base64"))?,
            None => self.text.into_bytes(),
        };
        let bytes: Vec<u8> = match self.repeat_to {
            Some(length) if length > LARGEST => return Err(form("repeat_to is too large")),
            Some(length) => bytes.into_iter().cycle().take(length).collect(),
            None => bytes,
        };
        let status = self.status.unwrap_or(if self.location.is_some() { 302 } else { 200 });
        Ok(Document {
            status: StatusCode::from_u16(status).map_err(|_| form("status is not one"))?,
            content_type: self.content_type,
            bytes: bytes.into(),
            location: self.location,
            has_etag: self.etag,
        })
    }
}

async fn put(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    Strict(new): Strict<NewDocument>,
) -> Result<StatusCode, JsonProblem> {
    let document = new.into_document()?;
    server.hosted().documents.insert(name, document);
    Ok(StatusCode::NO_CONTENT)
}

async fn visits(State(server): State<Arc<Server>>, Path(name): Path<String>) -> Json<Value> {
    Json(json!({ "requests": server.hosted().visits(&name) }))
}

async fn remove(State(server): State<Arc<Server>>, Path(name): Path<String>) -> Result<StatusCode, JsonProblem> {
    server.hosted().documents.remove(&name).ok_or(Problem::Missing)?;
    Ok(StatusCode::NO_CONTENT)
}
