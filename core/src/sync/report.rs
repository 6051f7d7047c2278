//! The report of a run, and the problems that concern the whole account.

use std::time::Duration;

use crate::model::{Failed, Failure, RateLimit, ReasonKind, Trouble};
use crate::store::StoreError;

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct SyncReport {
    /// What kept the run from doing everything within its scope; `None` if nothing did. The failure of a single thread
    /// or file does not count, because that thread or file gets a pause of its own.
    pub failure: Option<SyncFailure>,
    /// Whether the run went on after the failure and did everything else, because only a list failed.
    pub went_on: bool,
    /// Whether the server has answered anything well during the run.
    pub account_works: bool,
    /// How long until a list that this run did not read can be read: it failed, it has a pause after an earlier
    /// failure, or little is left of the rate limit. `None` if every list was read, if the run was to read none, or if
    /// it ended before it came to them.
    pub lists_in: Option<Duration>,
    /// How long until there is more to do that the user waits for: a wait in the outbox ends. Zero if the run has left
    /// something over that can be done at once, `None` if nothing is left.
    pub next: Option<Duration>,
    /// How long until more can be read that nobody waits for, such as other threads, articles, or a thread once more;
    /// `None` if nothing is left.
    #[serde(skip)]
    pub idle_in: Option<Duration>,
    /// Whether the run has found anything that this device did not know.
    #[serde(skip)]
    pub is_news: bool,
    /// What the server has said during the run of its rate limit.
    #[serde(skip)]
    pub rate_limit: Option<RateLimit>,
}

impl SyncReport {
    /// The report of a run that was dropped, or did not begin, because the file was closed or suspended.
    pub(crate) fn stopped(reason: StoreError) -> Self {
        Self { failure: Some(SyncFailure::Store(reason)), ..Self::default() }
    }
}

/// Why a run could not do everything. Everything that it had committed until then stays.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncFailure {
    /// The server, the network, or the account.
    Server(Failure),
    /// The account's file.
    Store(StoreError),
}

impl SyncFailure {
    /// Whether a server with much load fails like this.
    pub(super) fn may_be_load(&self) -> bool {
        let Self::Server(Failure::TryAgain { trouble, .. }) = self else { return false };
        matches!(trouble, Trouble::Unreachable | Trouble::Slow | Trouble::Faulty)
    }
}

impl From<Failure> for SyncFailure {
    fn from(failure: Failure) -> Self {
        Self::Server(failure)
    }
}

impl From<Failed> for SyncFailure {
    fn from(failed: Failed) -> Self {
        Self::Server(failed.failure)
    }
}

impl From<StoreError> for SyncFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A problem that concerns the whole account, for a banner. A closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountProblem {
    /// No valid token: the user has to sign in again.
    SignedOut,
    /// The token belongs to somebody else. Nothing was sent or stored.
    WrongUser,
    /// The token belongs to an agent or an administrator of the help desk. Nothing was sent or stored.
    AgentToken,
    /// The server does not let this user read a list, or refuses this user altogether.
    NotAllowed,
    /// Much of the history is missing at once: the account's rights have changed, or the server fails. Nothing was
    /// removed.
    HistoryMissing,
    /// The server cannot be reached or is too slow, or the host app provides no token at the moment.
    ServerUnreachable,
    /// The server's answers are errors or make no sense.
    ServerMisbehaves,
    /// No space is left on the device.
    StorageFull,
    /// Something happened that should not. Sync continues with the next run.
    InternalFault,
}

impl AccountProblem {
    /// What a run's failure means for the account; `None` if the user is told otherwise (a busy server), or if sync
    /// goes on by itself (the file was suspended, closed or is being salvaged).
    #[must_use]
    pub fn of(failure: &SyncFailure) -> Option<Self> {
        match failure {
            SyncFailure::Server(Failure::TryAgain { trouble, .. }) => match trouble {
                Trouble::Unreachable | Trouble::Slow | Trouble::NoToken => Some(Self::ServerUnreachable),
                Trouble::Busy => None,
                Trouble::Faulty | Trouble::Misbehaves | Trouble::TooLarge => Some(Self::ServerMisbehaves),
            },
            SyncFailure::Server(Failure::NeedsUser(reason)) => match reason.kind {
                ReasonKind::SignedOut => Some(Self::SignedOut),
                ReasonKind::WrongUser => Some(Self::WrongUser),
                ReasonKind::AgentToken => Some(Self::AgentToken),
                _ => Some(Self::NotAllowed),
            },
            SyncFailure::Server(Failure::Unexplained { .. }) => Some(Self::ServerMisbehaves),
            SyncFailure::Server(Failure::NotAllowed | Failure::Gone | Failure::UploadsRefused { .. }) => {
                Some(Self::NotAllowed)
            }
            SyncFailure::Store(StoreError::OtherAccount) => Some(Self::WrongUser),
            SyncFailure::Store(StoreError::NoSpace) => Some(Self::StorageFull),
            // The file was closed or suspended, or it is being salvaged, after which sync continues.
            SyncFailure::Store(StoreError::Closed | StoreError::Suspended | StoreError::Corrupt) => None,
            SyncFailure::Store(_) => Some(Self::InternalFault),
        }
    }

    /// Whether only an answer of the server can show that the problem is over.
    pub(super) fn is_of_server(self) -> bool {
        !matches!(self, Self::StorageFull | Self::InternalFault)
    }
}
