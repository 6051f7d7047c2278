//! What a banner says.

use super::pace::Pace;
use crate::environment::Timestamp;
use crate::model::ReasonKind;
use crate::remote::{Failure, Trouble};
use crate::store::{Overview, Progress, Recovered, StoreError};
use crate::sync::SyncFailure;

/// Numbers and problems for a banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskState {
    /// As far as known: what the platform says, and whether the desk was reached last.
    pub online: bool,
    /// A run is under way.
    pub syncing: bool,
    /// When every list was last read to its end, by the device's clock.
    pub last_sync_at: Option<Timestamp>,
    /// Messages that were not sent yet.
    pub waiting: u32,
    /// What stands in the way of the whole account.
    pub problem: Option<AccountProblem>,
    /// Whether every list was walked once.
    pub first_sync_done: bool,
    /// How far the first sync is; `None` once it is done, and before it began.
    pub first_sync: Option<Progress>,
    /// Tickets in the file.
    pub known_tickets: u64,
    /// Tickets whose thread is in the file, as of some moment: what a search can find by its texts.
    pub known_threads: u64,
    /// The file was damaged and was made anew; told until [`acknowledge_recovery`](super::Desk::acknowledge_recovery).
    pub recovered: Option<Recovered>,
}

/// What stands in the way of the whole account. A closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountProblem {
    /// No valid token: the user has to sign in again.
    SignedOut,
    /// The token belongs to somebody else. Nothing was sent or stored.
    SomebodyElse,
    /// The desk does not let this user read a list.
    NotAllowed,
    /// Much of the history is missing at once: the account's rights have changed, or the desk fails. Nothing was removed.
    HistoryMissing,
    /// The desk cannot be reached.
    DeskUnreachable,
    /// The desk answers, but not as a desk.
    DeskMisbehaves,
    /// No space left on the device.
    StorageFull,
    /// Something that should not happen; sync goes on with the next run.
    InternalFault,
}

impl DeskState {
    pub(super) fn of(overview: &Overview, recovered: Option<Recovered>, pace: &Pace) -> Self {
        Self {
            online: pace.online && pace.problem != Some(AccountProblem::DeskUnreachable),
            syncing: pace.syncing,
            last_sync_at: overview.last_sync_at,
            waiting: overview.waiting,
            problem: pace.problem.or(overview.history_missing.then_some(AccountProblem::HistoryMissing)),
            first_sync_done: overview.first_sync_done,
            first_sync: overview.first_sync,
            known_tickets: overview.tickets,
            known_threads: overview.known_threads,
            recovered,
        }
    }
}

impl AccountProblem {
    /// What a run's failure means for the account; `None` for what passes by itself.
    #[must_use]
    pub fn of(failure: &SyncFailure) -> Option<Self> {
        match failure {
            SyncFailure::Desk(Failure::TryAgain { trouble, .. }) => match trouble {
                Trouble::Unreachable | Trouble::NoToken => Some(Self::DeskUnreachable),
                Trouble::Busy => None,
                Trouble::Faulty | Trouble::Misbehaves => Some(Self::DeskMisbehaves),
            },
            SyncFailure::Desk(Failure::NeedsUser(reason)) => match reason.kind {
                ReasonKind::SignedOut => Some(Self::SignedOut),
                ReasonKind::SomebodyElse => Some(Self::SomebodyElse),
                _ => Some(Self::NotAllowed),
            },
            SyncFailure::Desk(Failure::NotAllowed | Failure::Gone | Failure::UploadsRefused { .. }) => {
                Some(Self::NotAllowed)
            }
            SyncFailure::Store(StoreError::OtherAccount) => Some(Self::SomebodyElse),
            SyncFailure::Store(StoreError::NoSpace) => Some(Self::StorageFull),
            // Somebody closed, suspended, or is making the file anew: sync goes on afterwards.
            SyncFailure::Store(StoreError::Closed | StoreError::Suspended | StoreError::Corrupt) => None,
            SyncFailure::Store(_) => Some(Self::InternalFault),
        }
    }
}
