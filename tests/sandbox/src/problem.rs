//! The errors of the helpers and of the page. Each formats them in its own way.

use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;

use crate::rules::Refusal;

/// Why a request of a test or of an agent fails.
#[derive(Debug)]
pub enum Problem {
    /// A body, form or parameter is malformed. The text says which and why.
    Form(String),
    /// There is no such ticket, comment or user.
    Missing,
    /// A rule of the server forbids it.
    Refused(Refusal),
    /// The server failed.
    Failed,
}

impl Problem {
    /// The status and the text of the answer.
    pub fn status_and_text(self) -> (StatusCode, String) {
        match self {
            Self::Form(why) => (StatusCode::BAD_REQUEST, why),
            Self::Missing => (StatusCode::NOT_FOUND, "There is no such ticket, comment or user.".to_owned()),
            Self::Refused(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, refusal.to_string()),
            Self::Failed => (StatusCode::INTERNAL_SERVER_ERROR, "The server failed.".to_owned()),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(_: rusqlite::Error) -> Self {
        Self::Failed
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::Form(rejection.body_text())
    }
}
