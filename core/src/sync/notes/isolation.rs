//! Isolation: one bad thread, list or file costs itself, and nothing else.
//!
//! A run asks for many things, one after the other. When one of them fails, the kind of failure decides what happens to
//! the others:
//!
//! * The account has a problem, the server asks for a wait, or the store cannot write: nothing else can succeed. The run
//!   ends.
//! * The connection broke, or was silent for too long. Either this one thing is the cause, or there is no network. The
//!   run goes on. If the next request breaks as well, the server is unreachable, and the run ends. If no request
//!   follows, the run makes a small one to find out.
//! * Anything else (an error of the server, an answer that makes no sense, a refusal) is about this one thing. It gets a
//!   pause, and the run goes on.
//!
//! *Threads* have one more limit, because there are many of them and each failure costs a request. After
//! [`FAILED_THREADS`] failures in a row a run reads no more threads, and the next run waits longer before it tries
//! others ([`Health`](crate::sync::Health)). The run goes on reading lists and sending.
//!
//! A list that fails does not end the run either. But the user has to know about it, because without that list the
//! history is not complete. So the run reports the first failed list at its end.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::model::{Failure, Trouble};
use crate::outbox::concerns_account;
use crate::sync::report::SyncFailure;

/// After this many failed threads in a row, a run reads no more threads.
pub(in crate::sync) const FAILED_THREADS: usize = 3;

/// What has failed in a run.
#[derive(Default)]
pub(in crate::sync) struct Isolation(Mutex<Failed>);

#[derive(Default)]
struct Failed {
    /// The failure of the last request, if it broke and no request was answered since.
    broken: Option<SyncFailure>,
    /// The first list that could not be read.
    list: Option<SyncFailure>,
}

impl Isolation {
    /// Decides what the failure of one thing means for the run. The error ends the run. Otherwise the run goes on, and
    /// the result is the wait that the server asked for before this thing is tried again.
    pub fn isolate(&self, failure: SyncFailure) -> Result<Option<Duration>, SyncFailure> {
        if failure.ends_run() {
            return Err(failure);
        }
        let mut failed = self.lock();
        if failure.is_broken() {
            if failed.broken.is_some() {
                return Err(failure);
            }
            failed.broken = Some(failure);
            return Ok(None);
        }
        // The server has answered something.
        failed.broken = None;
        Ok(failure.imposed_wait())
    }

    /// The server has answered.
    pub fn answered(&self) {
        self.lock().broken = None;
    }

    /// The failure of the last request, if it broke and no request was answered since.
    pub fn broken(&self) -> Option<SyncFailure> {
        self.lock().broken.clone()
    }

    /// A list could not be read.
    pub fn list_failed(&self, failure: SyncFailure) {
        self.lock().list.get_or_insert(failure);
    }

    /// The first failure of a list.
    pub fn failed_list(&self) -> Option<SyncFailure> {
        self.lock().list.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Failed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SyncFailure {
    /// Whether nothing else can succeed now.
    pub(in crate::sync) fn ends_run(&self) -> bool {
        match self {
            Self::Store(_) => true,
            Self::Server(Failure::TryAgain { trouble, .. }) => matches!(trouble, Trouble::NoToken | Trouble::Busy),
            Self::Server(failure) => concerns_account(failure),
        }
    }

    /// Whether the answer did not come, or did not come completely in time.
    pub(in crate::sync) fn is_broken(&self) -> bool {
        matches!(self, Self::Server(Failure::TryAgain { trouble: Trouble::Unreachable | Trouble::Slow, .. }))
    }

    /// Whether the server says that the object is not there for this user.
    pub(in crate::sync) fn is_absent(&self) -> bool {
        matches!(self, Self::Server(failure) if failure.is_absent())
    }

    /// The wait that the server asked for.
    pub(in crate::sync) fn imposed_wait(&self) -> Option<Duration> {
        match self {
            Self::Server(Failure::TryAgain { after, .. }) => *after,
            _ => None,
        }
    }
}
