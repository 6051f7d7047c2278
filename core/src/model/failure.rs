//! Failures of a request, named after what the caller should do next and not after what happened on the wire.

use std::time::Duration;

use super::{Reason, ReasonKind};

/// Why a request did not succeed, as its caller needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// The user has to act, and the server sent no message about it.
    #[must_use]
    pub fn needs(kind: ReasonKind) -> Self {
        Self::NeedsUser(Reason { kind, server_message: None })
    }
}

/// The cause of a temporary failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no connection, or it broke.
    Unreachable,
    /// The server has too many requests (429), or two writes conflicted (409). Nothing was applied.
    Busy,
    /// An internal error of the server (5xx).
    Faulty,
    /// An answer that cannot come from the server as it should be: HTML, a redirect, JSON of the wrong shape, a link to
    /// another origin.
    Misbehaves,
    /// The host app cannot provide a token at the moment.
    NoToken,
}

/// Whether a write without a proper answer may have been applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// It was certainly not applied.
    No,
    /// It may have been applied. Find out before sending it again.
    Maybe,
}
