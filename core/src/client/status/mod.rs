//! The status of sync, for a banner.

pub(super) mod countdown;

use crate::model::Timestamp;
use crate::store::{Overview, Progress, Recovered};
use crate::sync::{AccountProblem, Scheduler};

/// The status of sync: numbers and problems, for a banner.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SyncStatus {
    /// Whether the platform reports a network and the last run reached the server, as far as is known.
    pub online: bool,
    /// Whether the platform reports a network. If it does and [`online`](Self::online) is false, the help desk cannot be
    /// reached.
    pub network: bool,
    /// Set while the help desk is busy and has asked for a wait, by the device's clock. It is the time of the next run
    /// that begins by itself, or of the next attempt to send what the help desk was too busy for. The user may ask for
    /// it earlier ([`sync_now`](crate::client::Client::sync_now)), but at most once a minute.
    pub busy_until: Option<Timestamp>,
    /// Whether a run is under way.
    pub syncing: bool,
    /// When a run last read every list to its end, by the device's clock.
    pub last_sync_at: Option<Timestamp>,
    /// How many messages and changes were not sent yet.
    pub waiting: u32,
    /// A problem that concerns the whole account.
    pub problem: Option<AccountProblem>,
    /// Whether every list was read completely once. Also true where nothing is read: without an account, or without a
    /// history.
    pub first_sync_done: bool,
    /// The progress of the first sync; `None` before it has begun and after it is done.
    pub first_sync: Option<Progress>,
    /// How many tickets are in the file.
    pub known_tickets: u64,
    /// How many tickets have their thread in the file, possibly an older state of it. A search finds their texts.
    pub known_threads: u64,
    /// What was salvaged when the file was damaged and made anew. Reported until
    /// [`acknowledge_recovery`](crate::client::Client::acknowledge_recovery); `None` otherwise.
    pub recovered: Option<Recovered>,
}

impl SyncStatus {
    pub(super) fn of(overview: &Overview, recovered: Option<Recovered>, scheduler: &Scheduler, now: Timestamp) -> Self {
        let imposed_until = overview.imposed_until.filter(|until| *until > now);
        Self {
            online: scheduler.online && scheduler.problem != Some(AccountProblem::ServerUnreachable),
            network: scheduler.online,
            busy_until: scheduler.busy_until(now).or(imposed_until),
            syncing: scheduler.syncing,
            last_sync_at: overview.last_sync_at,
            waiting: overview.waiting,
            problem: scheduler.problem().or(overview.history_missing.then_some(AccountProblem::HistoryMissing)),
            first_sync_done: overview.first_sync_done,
            first_sync: overview.first_sync,
            known_tickets: overview.tickets,
            known_threads: overview.known_threads,
            recovered,
        }
    }
}
