//! Why the server's own side, the page or a helper, does not do what it was asked. Each says it in its own format.

use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;

use crate::rules::Refusal;

/// What stands in the way.
#[derive(Debug)]
pub enum Problem {
    /// A body, form or parameter is not of the expected form; says which and why.
    Form(String),
    /// There is no such ticket, comment or user.
    Missing,
    /// A rule of the server forbids it.
    Refused(Refusal),
    /// The server failed.
    Failed,
}

impl Problem {
    /// The status and the words of an answer.
    pub fn said(self) -> (StatusCode, String) {
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
