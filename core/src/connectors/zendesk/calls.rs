//! Requests of this connector, and the parsing of their answers.

use serde::de::DeserializeOwned;

use super::classify::{self, Asked};
use super::{map, wire};
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
        Self { asked: Asked::Read, path, query, body: Body::Empty, key: None }
    }
}

/// Sends `call` and parses the answer, which must be a success of the right shape.
pub(super) async fn ask<T: DeserializeOwned>(session: &Session, call: Call<'_>) -> Result<T, Failure> {
    let asked = call.asked;
    let answer = send(session, call).await?;
    match classify::failure(&answer, asked) {
        Some(failure) => Err(failure),
        None => read(&answer),
    }
}

/// Does the same for a write that names uploads, which the server may no longer know.
pub(super) async fn ask_naming_uploads<T: DeserializeOwned>(session: &Session, call: Call<'_>) -> Result<T, Failure> {
    let asked = call.asked;
    let answer = send(session, call).await?;
    match classify::failure(&answer, asked) {
        Some(failure) => Err(classify::about_uploads(&answer, failure)),
        None => read(&answer),
    }
}

async fn send(session: &Session, call: Call<'_>) -> Result<HttpResponse, Failure> {
    let method = match call.asked {
        Asked::Read => Method::Get,
        Asked::Create | Asked::Upload => Method::Post,
        Asked::Change => Method::Put,
    };
    let headers = call.key.into_iter().map(|key| ("idempotency-key", key)).collect();
    session.send(&session::Call { method, path: call.path, query: call.query, headers, body: call.body }).await
}

fn read<T: DeserializeOwned>(answer: &HttpResponse) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|_| Failure::misbehaves())
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
        match classify::failure(answer, Asked::Read) {
            Some(failure) => Err(failure),
            None => Ok(map::user(read::<wire::Me>(answer)?)),
        }
    }
}
