//! The service's error answers: `{"error", "description", "details"?}`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use thiserror::Error;

use crate::rules::Refusal;

/// Why an API request fails.
#[derive(Debug, Error)]
pub enum ApiError {
    /// There is no token, or it is not valid.
    #[error("not signed in")]
    Unauthorized,
    /// There is no token, and the account demands one for new requests, too.
    #[error("not authenticated")]
    NotAuthenticated,
    /// The user is signed in but may not request this.
    #[error("not allowed")]
    Forbidden,
    /// There is no such object, or this user may not see it.
    #[error("not found")]
    NotFound,
    /// The account does not have the feature that this path belongs to.
    #[error("no such path")]
    NoSuchPath,
    /// A parameter or body is malformed. The text says which.
    #[error("bad request: {0}")]
    Bad(&'static str),
    /// An offset page beyond the last one that the service returns.
    #[error("beyond the last page")]
    Depth,
    /// The idempotency key was used before with another body.
    #[error("idempotency key reused")]
    KeyReused,
    /// The uploaded file is larger than the server accepts.
    #[error("the file is too large")]
    FileTooLarge,
    /// The type of the uploaded file is not accepted.
    #[error("files of this type are not taken")]
    FileType,
    /// Too many requests; with the seconds to wait.
    #[error("too many requests")]
    TooMany(u64),
    /// The server failed.
    #[error("internal error")]
    Internal,
    /// A rule forbids it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<rusqlite::Error> for ApiError {
    fn from(_: rusqlite::Error) -> Self {
        Self::Internal
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if matches!(self, Self::NotAuthenticated) {
            // The whole body, as it was reported of the service.
            let body = json!({ "error": "Couldn't authenticate you" });
            return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
        }
        let (status, error, description) = match &self {
            Self::Unauthorized | Self::NotAuthenticated => (
                StatusCode::UNAUTHORIZED,
                "invalid_token",
                "The access token provided is expired, revoked, malformed or invalid for other reasons.",
            ),
            Self::Forbidden => (StatusCode::FORBIDDEN, "Forbidden", "You do not have access to this page."),
            Self::NotFound => (StatusCode::NOT_FOUND, "RecordNotFound", "Not found"),
            Self::NoSuchPath => (StatusCode::NOT_FOUND, "InvalidEndpoint", "Not found"),
            Self::Bad(what) => (StatusCode::BAD_REQUEST, "InvalidValue", *what),
            Self::Depth => (StatusCode::BAD_REQUEST, "InvalidPaginationDepth", "Limit of 10,000 records exceeded."),
            // The refusal of such a key is documented (Ticketing API, Introduction, Idempotency). Its status and texts
            // are assumed, so the contract accepts every refusal of the common shape.
            Self::KeyReused => (
                StatusCode::BAD_REQUEST,
                "IdempotentRequestError",
                "Request parameters are different to the original request used with this idempotency key.",
            ),
            // Name and status are assumed: the documentation describes no refusal of an upload.
            Self::FileTooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "AttachmentTooLarge", "The file is larger than this account allows.")
            }
            Self::FileType => {
                (StatusCode::UNPROCESSABLE_ENTITY, "AttachmentUnprocessable", "This account does not take such files.")
            }
            Self::TooMany(_) => {
                (StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", "You have exceeded the rate limit of this account.")
            }
            Self::Internal | Self::Refused(Refusal::Store(_)) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "The server encountered an internal error.")
            }
            Self::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "RecordInvalid", "Record validation errors"),
        };
        let mut body = json!({ "error": error, "description": description });
        if let Self::Refused(refusal) = &self
            && let Some(details) = details(refusal)
        {
            body["details"] = details;
        }
        let mut response = (status, Json(body)).into_response();
        if let Self::TooMany(seconds) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let realm = HeaderValue::from_static("Bearer realm=\"desk\", error=\"invalid_token\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, realm);
        }
        response
    }
}

/// `{"base": [{"description", "error"}]}`. A closed ticket is reported under `status`, and a custom field with its id and
/// type, as the real service does.
fn details(refusal: &Refusal) -> Option<Value> {
    let (place, error) = match refusal {
        Refusal::Blank(_) | Refusal::Required(_) => ("base", "BlankValue"),
        Refusal::Closed | Refusal::NotSolvable => ("status", "InvalidValue"),
        Refusal::Address | Refusal::Value(_) | Refusal::Satisfaction(_) | Refusal::Record(_) => {
            ("base", "InvalidValue")
        }
        Refusal::Upload(_) => ("base", "InvalidAttachment"),
        Refusal::Requester(_) => return Some(json!({ "requester": [{ "description": refusal.to_string() }] })),
        Refusal::Store(_) => return None,
    };
    let mut detail = json!({ "description": refusal.to_string(), "error": error });
    if let Refusal::Required(field) | Refusal::Value(field) = refusal {
        detail["ticket_field_id"] = field.id.into();
        detail["ticket_field_type"] = class_name(&field.kind).into();
    }
    Some(json!({ place: [detail] }))
}

/// The type of a field as errors name it: `FieldTagger` for `tagger`.
fn class_name(kind: &str) -> String {
    let parts = kind.split('_').filter_map(|part| Some((part.chars().next()?.to_ascii_uppercase(), part.get(1..)?)));
    parts.fold("Field".to_owned(), |name, (first, rest)| format!("{name}{first}{rest}"))
}
