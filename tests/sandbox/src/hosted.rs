//! Documents at an address of the company's own choosing, such as a product definition: `GET /hosted/{name}`.
//!
//! This is no part of the service, so nothing here takes a token. Every request is noted with whether it carried one,
//! because an app must not send its token there. A test decides under `/sandbox/hosted` what is served.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::server::Server;

/// The paths of these documents begin so.
pub const PREFIX: &str = "/hosted/";
/// The most requests of a document that are kept.
const KEPT: usize = 1_000;

/// A document.
#[derive(Debug)]
pub struct Document {
    /// The status of its answer.
    pub status: StatusCode,
    /// The `Content-Type`; none if `None`.
    pub content_type: Option<String>,
    /// The body.
    pub bytes: Bytes,
    /// The `Location`.
    pub location: Option<String>,
    /// Whether the answer has an `ETag`, and the same document is answered with 304.
    pub has_etag: bool,
}

impl Document {
    fn etag(&self) -> Option<String> {
        let digest = || URL_SAFE_NO_PAD.encode(Sha256::digest(&self.bytes));
        self.has_etag.then(|| format!("\"{}\"", digest()))
    }
}

/// A request for a document, also for one that does not exist.
#[derive(Debug, Clone, Serialize)]
pub struct Visit {
    /// Whether it had an `Authorization` header.
    pub authorized: bool,
    /// Its `If-None-Match`.
    pub if_none_match: Option<String>,
    /// The status of the answer.
    pub status: u16,
}

/// All documents, and who asked for them.
#[derive(Debug, Default)]
pub struct Hosted {
    /// The documents by name.
    pub documents: BTreeMap<String, Document>,
    visits: BTreeMap<String, VecDeque<Visit>>,
}

impl Hosted {
    /// The requests for a document, oldest first.
    pub fn visits(&self, name: &str) -> Vec<Visit> {
        self.visits.get(name).into_iter().flatten().cloned().collect()
    }

    fn note(&mut self, name: &str, visit: Visit) {
        let visits = self.visits.entry(name.to_owned()).or_default();
        if visits.len() == KEPT {
            visits.pop_front();
        }
        visits.push_back(visit);
    }
}

/// The route of the documents.
pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/hosted/{name}", get(serve))
}

async fn serve(State(server): State<Arc<Server>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let mut hosted = server.hosted();
    let wanted = headers.get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok());
    let answer = match hosted.documents.get(&name) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(document) => answer(document, wanted),
    };
    let visit = Visit {
        authorized: headers.contains_key(header::AUTHORIZATION),
        if_none_match: wanted.map(str::to_owned),
        status: answer.status().as_u16(),
    };
    hosted.note(&name, visit);
    answer
}

fn answer(document: &Document, wanted: Option<&str>) -> Response {
    let etag = document.etag();
    let is_known = etag.is_some() && wanted == etag.as_deref();
    let mut answer = if is_known && document.status.is_success() {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut answer = (document.status, document.bytes.clone()).into_response();
        answer.headers_mut().remove(header::CONTENT_TYPE);
        answer
    };
    let type_and_place = [(header::CONTENT_TYPE, &document.content_type), (header::LOCATION, &document.location)];
    for (name, value) in type_and_place.into_iter().chain([(header::ETAG, &etag)]) {
        if let Some(value) = value.as_ref().and_then(|value| value.parse().ok()) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}
