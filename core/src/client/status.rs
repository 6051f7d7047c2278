//! What a banner says.

use crate::model::Timestamp;
use crate::store::{Overview, Progress, Recovered};
use crate::sync::{AccountProblem, Scheduler};

/// Numbers and problems for a banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncStatus {
    /// As far as known: what the platform says, and whether the server was reached last.
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
    /// The file was damaged and was made anew; told until [`acknowledge_recovery`](crate::client::Client::acknowledge_recovery).
    pub recovered: Option<Recovered>,
}

impl SyncStatus {
    pub(super) fn of(overview: &Overview, recovered: Option<Recovered>, scheduler: &Scheduler) -> Self {
        Self {
            online: scheduler.online && scheduler.problem != Some(AccountProblem::ServerUnreachable),
            syncing: scheduler.syncing,
            last_sync_at: overview.last_sync_at,
            waiting: overview.waiting,
            problem: scheduler.problem.or(overview.history_missing.then_some(AccountProblem::HistoryMissing)),
            first_sync_done: overview.first_sync_done,
            first_sync: overview.first_sync,
            known_tickets: overview.tickets,
            known_threads: overview.known_threads,
            recovered,
        }
    }
}
