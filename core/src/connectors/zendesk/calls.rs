//! Requests of this connector.

use super::classify;
use super::map;
use crate::connectors::json::Document;
use crate::connectors::refusal::{Asked, Refusal};
use crate::model::{Failure, RemoteUser};
use crate::net::session::{self, Service, Session};
use crate::net::{Body, HttpResponse, Method};

/// A request, before the session adds a token.
pub(super) struct Call<'a> {
    pub asked: Asked,
    pub path: &'a str,
    pub query: &'a [(&'a str, &'a str)],
    pub body: Body,
    /// The `Idempotency-Key` of a write.
    pub key: Option<String>,
}

impl<'a> Call<'a> {
    pub(super) fn read(path: &'a str, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { asked: Asked::Object, path, query, body: Body::Empty, key: None }
    }

    pub(super) fn list(path: &'a str, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { asked: Asked::List, ..Self::read(path, query) }
    }
}

/// Sends `call` and returns the answer, which is a success.
pub(super) async fn ask(session: &Session, call: Call<'_>) -> Result<HttpResponse, Failure> {
    let asked = call.asked;
    let answer = send(session, call).await?;
    match classify::failure(&answer, asked) {
        Some(failure) => Err(failure),
        None => Ok(answer),
    }
}

/// Does the same for something that not every account has. `None` if the server itself says that this user cannot have it,
/// whether as a path that it does not know or as one that is forbidden.
pub(super) async fn ask_if_offered(session: &Session, call: Call<'_>) -> Result<Option<HttpResponse>, Failure> {
    let asked = call.asked;
    let answer = send(session, call).await?;
    match classify::failure(&answer, asked) {
        Some(_) if matches!(answer.status, 403 | 404 | 410) && Refusal::of(&answer).is_some() => Ok(None),
        Some(failure) => Err(failure),
        None => Ok(Some(answer)),
    }
}

/// Does the same for a write that names uploads, which the server may no longer know.
pub(super) async fn ask_naming_uploads(session: &Session, call: Call<'_>) -> Result<HttpResponse, Failure> {
    let asked = call.asked;
    let answer = send(session, call).await?;
    match classify::failure(&answer, asked) {
        Some(failure) => Err(classify::about_uploads(&answer, failure)),
        None => Ok(answer),
    }
}

async fn send(session: &Session, call: Call<'_>) -> Result<HttpResponse, Failure> {
    let method = match call.asked {
        Asked::Object | Asked::List | Asked::Search => Method::Get,
        Asked::Create | Asked::Upload => Method::Post,
        Asked::Change => Method::Put,
    };
    let headers = call.key.into_iter().map(|key| ("idempotency-key", key)).collect();
    session.send(&session::Call { method, path: call.path, query: call.query, headers, body: call.body }).await
}

/// The JSON of a successful answer.
pub(super) fn document(answer: &HttpResponse) -> Result<Document<'_>, Failure> {
    Document::of(&answer.body).ok_or_else(Failure::misbehaves)
}

/// This service's authentication: a bearer token.
pub(super) struct Bearer;

impl Service for Bearer {
    fn authorization(&self, token: &str) -> String {
        format!("Bearer {token}")
    }

    fn user_path(&self, _: &str) -> Option<String> {
        Some("/api/v2/users/me".to_owned())
    }

    fn user(&self, answer: &HttpResponse) -> Result<Option<RemoteUser>, Failure> {
        match classify::failure(answer, Asked::Object) {
            Some(failure) => Err(failure),
            None => map::user(document(answer)?.root()),
        }
    }
}
