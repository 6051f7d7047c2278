//! How a run ended, and what of that concerns the whole account.

use std::time::Duration;

use crate::model::{Failure, ReasonKind, Trouble};
use crate::store::StoreError;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncReport {
    /// `None`: every list was read to its end.
    pub failure: Option<SyncFailure>,
    /// When there is something to do without anybody's help, from now: a wait in the outbox, or threads left over.
    pub next: Option<Duration>,
}

impl SyncReport {
    /// A run that was dropped, or never began, because the file is not to be used.
    pub(crate) fn stopped(reason: StoreError) -> Self {
        Self { failure: Some(SyncFailure::Store(reason)), next: None }
    }
}

/// Why a run ended early. What it had done until then is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncFailure {
    /// The server, or the way to it, or the account.
    Server(Failure),
    /// The file.
    Store(StoreError),
}

impl From<Failure> for SyncFailure {
    fn from(failure: Failure) -> Self {
        Self::Server(failure)
    }
}

impl From<StoreError> for SyncFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What stands in the way of the whole account. A closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountProblem {
    /// No valid token: the user has to sign in again.
    SignedOut,
    /// The token belongs to somebody else. Nothing was sent or stored.
    WrongUser,
    /// The server does not let this user read a list.
    NotAllowed,
    /// Much of the history is missing at once: the account's rights have changed, or the server fails. Nothing was removed.
    HistoryMissing,
    /// The server cannot be reached.
    ServerUnreachable,
    /// The server answers, but not as a server.
    ServerMisbehaves,
    /// No space left on the device.
    StorageFull,
    /// Something that should not happen; sync goes on with the next run.
    InternalFault,
}

impl AccountProblem {
    /// What a run's failure means for the account; `None` for what passes by itself.
    #[must_use]
    pub fn of(failure: &SyncFailure) -> Option<Self> {
        match failure {
            SyncFailure::Server(Failure::TryAgain { trouble, .. }) => match trouble {
                Trouble::Unreachable | Trouble::NoToken => Some(Self::ServerUnreachable),
                Trouble::Busy => None,
                Trouble::Faulty | Trouble::Misbehaves => Some(Self::ServerMisbehaves),
            },
            SyncFailure::Server(Failure::NeedsUser(reason)) => match reason.kind {
                ReasonKind::SignedOut => Some(Self::SignedOut),
                ReasonKind::WrongUser => Some(Self::WrongUser),
                _ => Some(Self::NotAllowed),
            },
            SyncFailure::Server(Failure::NotAllowed | Failure::Gone | Failure::UploadsRefused { .. }) => {
                Some(Self::NotAllowed)
            }
            SyncFailure::Store(StoreError::OtherAccount) => Some(Self::WrongUser),
            SyncFailure::Store(StoreError::NoSpace) => Some(Self::StorageFull),
            // Somebody closed, suspended, or is making the file anew: sync goes on afterwards.
            SyncFailure::Store(StoreError::Closed | StoreError::Suspended | StoreError::Corrupt) => None,
            SyncFailure::Store(_) => Some(Self::InternalFault),
        }
    }
}
