//! Outcomes of a request. A failure is named after what the caller should do next and not after what happened on the
//! wire.
//!
//! Several requests may be on their way at once, because files are transferred beside the conversation. So each outcome
//! carries the time of its own answer. The time of the server's last answer may belong to another request.

use std::time::Duration;

use super::{Reason, ReasonKind, Timestamp};

/// Why a request did not succeed, as its caller needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Failure {
    /// The same request may work later. `after` is the wait that the server asked for (`Retry-After`).
    TryAgain {
        /// The cause, for the user's banner.
        trouble: Trouble,
        /// The server-imposed wait: no attempt before this much time has passed since the answer.
        after: Option<Duration>,
        /// Whether a write may have been applied in spite of the failure.
        reached: Reached,
    },
    /// The request cannot succeed without the user, who is signed out, signed in as somebody else, or whose request was
    /// refused.
    NeedsUser(Reason),
    /// The server forbids it (403).
    NotAllowed,
    /// The ticket or file does not exist, or is no longer visible to this user (404, 410).
    Gone,
    /// A write or an upload was not accepted, and the answer does not say why: a refusal (4xx) that is a web page or
    /// has an unknown shape, or an upload whose answer has no token. A proxy or a firewall may have answered, so the
    /// write may have been applied: find out before it is sent again. The refusal may also be final, so do not repeat
    /// the write for ever.
    Unexplained {
        /// The refusal's words, if it is a short plain text.
        server_message: Option<String>,
    },
    /// The server does not know the uploads that a write names, or no longer knows them. The write was not applied, and
    /// its uploads have to be repeated.
    UploadsRefused {
        /// The server's own message, if it sent one.
        server_message: Option<String>,
    },
}

impl Failure {
    /// The server was not reached, so nothing was applied.
    #[must_use]
    pub fn unreachable() -> Self {
        Self::TryAgain { trouble: Trouble::Unreachable, after: None, reached: Reached::No }
    }

    /// The server's answer made no sense, so a write may have been applied.
    #[must_use]
    pub fn misbehaves() -> Self {
        Self::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::Maybe }
    }

    /// Whether the answer says that the requested object does not exist for this user.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Gone | Self::NotAllowed)
    }

    /// Whether the server refuses the request itself, so that repeating it is useless.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Gone) || matches!(self, Self::NeedsUser(reason) if reason.kind == ReasonKind::Refused)
    }

    /// Whether the answer was too slow or too large. A smaller page may come through.
    #[must_use]
    pub fn is_too_much(&self) -> bool {
        matches!(self, Self::TryAgain { trouble: Trouble::Slow | Trouble::TooLarge, .. })
    }

    /// Whether the answer was larger than this app reads.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::TryAgain { trouble: Trouble::TooLarge, .. })
    }

    /// The user has to act, and the server sent no message about it.
    #[must_use]
    pub fn needs(kind: ReasonKind) -> Self {
        Self::NeedsUser(Reason { kind, server_message: None })
    }
}

/// The cause of a temporary failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// There is no connection, or it broke.
    Unreachable,
    /// There is a connection, but the whole answer did not arrive in time.
    Slow,
    /// The answer is larger than this app reads.
    TooLarge,
    /// The server has too many requests (429, or 503 with a wait), or two writes conflicted (409).
    Busy,
    /// An internal error of the server (5xx).
    Faulty,
    /// An answer that a working server does not give: HTML, a redirect, JSON of the wrong shape.
    Misbehaves,
    /// The host app cannot provide a token at the moment.
    NoToken,
}

/// Whether a write without a proper answer may have been applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// It was certainly not applied.
    No,
    /// It may have been applied. Find out before sending it again.
    Maybe,
}

/// The outcome of a request to the server.
pub type Outcome<T> = Result<Answered<T>, Failed>;

/// A value that the server answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered<T> {
    /// The value.
    pub value: T,
    /// The server's time in the answer; `None` if it told none. If the value was made of several answers, this is the
    /// time of the first one, so that the value is never older than this time.
    pub server: Option<Timestamp>,
}

/// A request that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Why.
    pub failure: Failure,
    /// The server's time in the answer that says so; `None` if there was no answer, or if it told no time.
    pub server: Option<Timestamp>,
}

impl From<Failure> for Failed {
    /// A failure without an answer.
    fn from(failure: Failure) -> Self {
        Self { failure, server: None }
    }
}

/// The outcome without its time, for a caller that does not need it.
pub fn undated<T>(outcome: Outcome<T>) -> Result<T, Failure> {
    outcome.map(|answered| answered.value).map_err(|failed| failed.failure)
}
