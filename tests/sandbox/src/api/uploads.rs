//! Files: uploads that no comment has taken yet, and the attachments of comments.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query as QueryOf, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::caller::{Caller, number};
use super::error::ApiError;
use super::paging::{Query, parameter};
use super::shapes;
use crate::clock::timestamp;
use crate::rules::Refusal;
use crate::server::Server;
use crate::store::files::{self, NewAttachment};
use crate::store::tickets;

/// How long an upload can be attached to a comment, in seconds.
const UPLOAD_LIFE: i64 = 60 * 60;

/// `POST /api/v2/uploads?filename=`. With `token`, adds a file to the same upload.
pub async fn create(
    State(server): State<Arc<Server>>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let file_name = parameter(&query, "filename").filter(|name| !name.trim().is_empty());
    let file_name = file_name.ok_or(ApiError::Bad("filename is required"))?;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or("application/octet-stream");
    let answer = server.write(|db, now| {
        let token = match parameter(&query, "token") {
            Some(token) => {
                files::usable(db, token, caller.user.id, now)?.map_err(Refusal::Upload)?;
                token.to_owned()
            }
            None => unguessable(),
        };
        files::open_upload(db, &token, caller.user.id, now + UPLOAD_LIFE)?;
        files::insert(
            db,
            NewAttachment {
                comment: None,
                upload: Some(&token),
                secret: &unguessable(),
                file_name,
                content_type,
                bytes: &body,
            },
        )?;
        let all: Vec<Value> =
            files::of_upload(db, &token)?.iter().map(|file| shapes::attachment(file, &caller.origin)).collect();
        Ok::<_, ApiError>(json!({ "upload": {
            "token": token,
            "expires_at": timestamp(now + UPLOAD_LIFE),
            "attachment": all.last(),
            "attachments": all,
        } }))
    })?;
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `DELETE /api/v2/uploads/{token}`.
pub async fn discard(
    State(server): State<Arc<Server>>,
    Path(token): Path<String>,
    caller: Caller,
) -> Result<StatusCode, ApiError> {
    let found = server.write(|db, _| Ok::<_, ApiError>(files::discard(db, &token, caller.user.id)?))?;
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::NotFound) }
}

/// `GET /api/v2/attachments/{id}`, for a user who may see the comment with the attachment.
pub async fn show(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let id = number(&id)?;
    let file = server.read(caller.effects.stale, |db| match files::find(db, id)? {
        Some((file, Some(ticket))) => Ok(tickets::find(db, ticket, Some(&caller.user))?.map(|_| file)),
        _ => Ok(None),
    })?;
    let file = file.ok_or(ApiError::NotFound)?;
    Ok(Json(json!({ "attachment": shapes::attachment(&file, &caller.origin) })))
}

/// The address in `content_url`: redirects to the file's bytes.
pub async fn redirect(State(server): State<Arc<Server>>, Path(secret): Path<String>) -> Result<Response, ApiError> {
    server.read(Duration::ZERO, |db| files::content(db, &secret))?.ok_or(ApiError::NotFound)?;
    Ok((StatusCode::FOUND, [(header::LOCATION, format!("/files/{secret}"))]).into_response())
}

/// The file's bytes. Like the object store behind the real service, this refuses a request with an `Authorization`
/// header: a client must not send its bearer token along the redirect.
pub async fn content(
    State(server): State<Arc<Server>>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(ApiError::Bad("only one way of signing in is allowed"));
    }
    let content = server.read(Duration::ZERO, |db| files::content(db, &secret))?;
    let (content_type, bytes) = content.ok_or(ApiError::NotFound)?;
    let kind = [(header::CONTENT_TYPE, content_type), (header::ACCEPT_RANGES, "bytes".to_owned())];
    let Some(from) = headers.get(header::RANGE).and_then(|range| first_byte(range.to_str().ok()?)) else {
        return Ok((kind, bytes).into_response());
    };
    let whole = bytes.len();
    if from >= whole {
        return Ok(
            (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, format!("bytes */{whole}"))]).into_response()
        );
    }
    let range = [(header::CONTENT_RANGE, format!("bytes {from}-{}/{whole}", whole - 1))];
    Ok((StatusCode::PARTIAL_CONTENT, kind, range, bytes[from..].to_vec()).into_response())
}

/// Parses `bytes=1024-`, the only supported kind of range. Others are ignored, as HTTP allows.
fn first_byte(range: &str) -> Option<usize> {
    range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

/// A name that cannot be guessed: 128 random bits in hex.
fn unguessable() -> String {
    format!("{:032x}", rand::random::<u128>())
}
