//! What an answer means that is not "done": not what happened on the wire, but what to do next.

use std::time::Duration;

use super::{Reason, ReasonKind};

/// What an answer that is not "done" means for whoever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The same may work later. `after` is the server's own wish (`Retry-After`).
    TryAgain {
        /// What is wrong, for the user's banner.
        trouble: Trouble,
        /// Not before this much time has passed.
        after: Option<Duration>,
        /// Whether a write may have been applied all the same.
        reached: Reached,
    },
    /// It cannot go on without the user: signed out, somebody else signed in, or refused in the server's own words.
    NeedsUser(Reason),
    /// The server forbids it (403).
    NotAllowed,
    /// Not there, or no longer visible to this user (404, 410).
    Gone,
    /// The server does not know the uploads that a write names, or no longer: nothing was applied. They have to be made again.
    UploadsRefused {
        /// The server's own words, if it gave any.
        server_message: Option<String>,
    },
}

impl Failure {
    /// The server was not reached at all; nothing can have been applied.
    #[must_use]
    pub fn unreachable() -> Self {
        Self::TryAgain { trouble: Trouble::Unreachable, after: None, reached: Reached::No }
    }

    /// The server answered what it should not have; a write may have been applied.
    #[must_use]
    pub fn misbehaves() -> Self {
        Self::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::Maybe }
    }

    /// Whether the server says that what was asked for is not there for this user.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Gone | Self::NotAllowed)
    }

    /// Whether the server refuses the question itself, so that the same one is refused again.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Gone) || matches!(self, Self::NeedsUser(reason) if reason.kind == ReasonKind::Refused)
    }

    /// The user has to do something, and the server said nothing about it.
    #[must_use]
    pub fn needs(kind: ReasonKind) -> Self {
        Self::NeedsUser(Reason { kind, server_message: None })
    }
}

/// What is wrong with the server or the way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No connection, or it broke.
    Unreachable,
    /// Too many requests (429), or a conflict of two writes (409): not applied.
    Busy,
    /// An error of the server's own (5xx).
    Faulty,
    /// An answer that is none: HTML, a redirect, JSON of the wrong shape, a link to another place.
    Misbehaves,
    /// The host app cannot give a token at the moment.
    NoToken,
}

/// Whether a write that was not answered may have been applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Certainly not.
    No,
    /// It may: find out before sending again.
    Maybe,
}
