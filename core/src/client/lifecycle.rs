//! The life of a client on a phone: the app suspends and resumes it, the system wakes it in the background for some
//! seconds, and the user signs out.
//!
//! `store/lifecycle/suspend.rs` describes the states of the account's file (open, suspended, closed).
//! `store/lifecycle/sign_out.rs` describes the steps of a sign-out.

use std::pin::pin;
use std::time::Duration;

use super::{AccountProblem, Client};
use crate::live::{Changes, Urgency};
use crate::model::{Failure, Timestamp};
use crate::outbox::{self, EndWaits};
use crate::store::{SignOut, StoreError, Unsent};
use crate::sync::{Scope, SyncFailure, SyncReport};

/// [`Client::sync_until`] returns at least this long before its limit, so that the caller can close the file and tell
/// the system. If the limit is less than 10 s, it returns a tenth of the limit earlier.
const MARGIN: Duration = Duration::from_secs(1);
/// In this time before its latest return, [`Client::sync_until`] begins no attempt, because an attempt that is cut off
/// is ambiguous. If the whole call may take less than 10 s, it begins no attempt in the second half of that time.
const NO_MORE_WRITES: Duration = Duration::from_secs(5);
/// How often one call asks for a run at most. Each run leaves less to do, so needing more would be a bug.
const RUNS: u32 = 50;

/// The outcome of [`Client::sync_until`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncOutcome {
    /// Whether another call could do more without the user: something is left to send, to check or to read.
    pub more: bool,
    /// How long to wait before another call makes sense. `None` if nothing is left, or if the time is not known.
    pub retry_in: Option<Duration>,
    /// How many messages and changes were not sent yet, including those that need the user.
    pub waiting: u32,
    /// A problem that concerns the whole account.
    pub problem: Option<AccountProblem>,
}

impl Client {
    /// Releases everything that a frozen process must not hold: closes every connection, unlocks the folder, and drops
    /// a run that is under way. Waits only for the transactions that are running. Until [`resume`](Self::resume) every
    /// call that needs the file fails at once with [`StoreError::Suspended`].
    ///
    /// A write or a draft that arrives meanwhile is not stored. The caller still has the text on screen, and saves it
    /// after resuming. May be called from any thread; suspending twice is no error.
    pub fn suspend(&self) {
        self.scheduler().suspended = true;
        self.halt.notify_waiters();
        self.store.suspend();
    }

    /// Opens the file again after [`suspend`](Self::suspend) and sends what is due. The history is
    /// read when the app comes to the front ([`set_in_front`](Self::set_in_front)). After an error, such as
    /// [`StoreError::InUse`], the client stays suspended, and the call can be repeated. May be called from any thread;
    /// resuming a client that is not suspended is no error.
    pub fn resume(&self) -> Result<(), StoreError> {
        self.store.resume()?;
        let mut scheduler = self.scheduler();
        scheduler.suspended = false;
        drop(scheduler);
        // Another process may have written something meanwhile.
        self.ask(Scope::Due);
        self.live.announce(&Changes::of_everything(), Urgency::Now);
        Ok(())
    }

    /// Closes the file for good. [`drive`](Self::drive) returns, and every later call that needs the file fails with
    /// [`StoreError::Closed`].
    pub fn close(&self) {
        self.scheduler().closed = true;
        self.halt.notify_waiters();
        self.store.close();
        self.wake_all();
    }

    /// What [`sign_out`](Self::sign_out) with [`SignOut::Discard`] would lose. Show it before you ask the user.
    pub fn unsent(&self) -> Result<Unsent, StoreError> {
        self.store.unsent()
    }

    /// Signs the account out. [`SignOut::Discard`] removes everything of it from the device. [`SignOut::Keep`] removes
    /// everything but what the next sign-in of this account continues with: the unsent messages and changes with the
    /// subjects of their tickets, the drafts, their files, and answers about articles that were not sent. To send
    /// first, call [`sync_until`](Self::sync_until), and then [`unsent`](Self::unsent) again.
    ///
    /// Once the sign-out has begun, every call fails with [`StoreError::Closed`]. If it is interrupted by a crash or an
    /// error, it is finished the next time any account in the same directory is opened. If this call fails and the
    /// client is still open ([`is_closed`](Self::is_closed)), the sign-out has not begun, and nothing was changed.
    pub fn sign_out(&self, mode: SignOut) -> Result<(), StoreError> {
        let done = self.store.sign_out(mode);
        if self.store.is_closed() {
            self.close();
            self.live.announce(&Changes::of_status(), Urgency::Now);
        }
        done
    }

    /// Whether the client was closed or signed out.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.scheduler().closed
    }

    /// Call it when the user has seen that the file was damaged and made anew
    /// ([`SyncStatus::recovered`](crate::client::SyncStatus)). The status does not report it again.
    pub fn acknowledge_recovery(&self) -> Result<(), StoreError> {
        self.store.acknowledge_recovery()
    }

    /// Sends what is due and reads what changed, and returns within `until`. This is the call for a system's background
    /// task. It reads every list, unless the last push message came in the last minute and named a ticket that the file
    /// knows: then it reads that one ([`on_push`](Self::on_push)). The client may have been opened just now, or be in
    /// use; then the call joins a run that is under way. Like [`sync_now`](Self::sync_now), the call ends the waits of
    /// operations and the pause after a failed run, unless the server imposed them. Work that could not be finished is
    /// on disk, and a later run continues it.
    pub async fn sync_until(&self, until: Duration) -> SyncOutcome {
        let time = until.saturating_sub(MARGIN.min(until / 10));
        let start = self.environment.now();
        let _writes = Background(self);
        let work = pin!(self.work(start, time));
        let stop_writes = pin!(async {
            self.environment.sleep(time.saturating_sub(NO_MORE_WRITES.min(time / 2))).await;
            self.scheduler().no_more_writes = true;
            std::future::pending::<()>().await;
        });
        tokio::select! {
            biased;
            outcome = work => outcome,
            () = self.environment.sleep(time) => self.outcome(true, Some(Duration::ZERO)),
            () = stop_writes => self.outcome(true, Some(Duration::ZERO)),
        }
    }

    /// Makes runs until nothing is left, until the next one could not begin within `time` after `start`, or until a run
    /// has failed.
    async fn work(&self, start: Timestamp, time: Duration) -> SyncOutcome {
        let left = || time.saturating_sub(elapsed(start, self.environment.now()));
        if self.end_waits(EndWaits::Asked(start)).is_err() {
            return self.outcome(true, None);
        }
        self.scheduler().end_pause();
        // A push message has named what to read. Otherwise the call is there to find what is new.
        let by_push = self.scheduler().was_pushed_lately(start);
        let mut scope = if by_push { Scope::Due } else { Scope::Everything };
        for _ in 0..RUNS {
            let pause = self.scheduler().pause_left(self.environment.now());
            if let Some(pause) = pause {
                if pause >= left() {
                    return self.outcome(true, Some(pause));
                }
                self.environment.sleep(pause).await;
            }
            let report = self.sync_with_files(scope).await;
            let next = match self.next_of(&report) {
                Ok(next) => next,
                Err(outcome) => return outcome,
            };
            match next {
                None => return self.outcome(false, None),
                Some(wait) if wait >= left() => return self.outcome(true, Some(wait)),
                Some(wait) => self.environment.sleep(wait).await,
            }
            scope = Scope::Due;
        }
        self.outcome(true, None)
    }

    /// How long after a run another run can do more; `Ok(None)` if nothing is left to do. If another run would not help
    /// now, returns the outcome of the call as the error.
    fn next_of(&self, report: &SyncReport) -> Result<Option<Duration>, SyncOutcome> {
        let now = self.environment.now();
        match &report.failure {
            // Everything but a list was read, and that list waits.
            Some(_) if report.went_on => Err(self.outcome(true, report.lists_in)),
            Some(SyncFailure::Server(Failure::TryAgain { .. })) => {
                let pause = self.scheduler().pause_left(now).unwrap_or_default();
                Err(self.outcome(true, Some(pause)))
            }
            // Only the user can help, for example by signing in.
            Some(SyncFailure::Server(_)) => Err(self.outcome(false, None)),
            Some(SyncFailure::Store(_)) => Err(self.outcome(true, None)),
            None => {
                // This call may have joined a run that was about to end, and the user may have written something since.
                let operations = self.store.operations().map_err(|_| self.outcome(true, None))?;
                let (due, uploads) = (outbox::next(&operations, now), outbox::due_uploads(&operations, now));
                let is_due = due.step.is_some() || !uploads.0.is_empty();
                let at_once = is_due.then_some(Duration::ZERO);
                let vote = self.vote_due_in().map_err(|_| self.outcome(true, None))?;
                Ok([at_once, due.wake_in, uploads.1, vote, report.next, report.idle_in].into_iter().flatten().min())
            }
        }
    }

    fn outcome(&self, more: bool, retry_in: Option<Duration>) -> SyncOutcome {
        let waiting = self.store.overview().map(|overview| overview.waiting).unwrap_or_default();
        SyncOutcome { more, retry_in, waiting, problem: self.scheduler().problem() }
    }
}

/// The time from `start` to `now`; zero if the clock was set back. Then the timer of [`Client::sync_until`] still ends
/// the call.
fn elapsed(start: Timestamp, now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(now.0.saturating_sub(start.0)).unwrap_or_default())
}

/// Allows attempts again when the background work is over, however it ends.
struct Background<'a>(&'a Client);

impl Drop for Background<'_> {
    fn drop(&mut self) {
        self.0.scheduler().no_more_writes = false;
    }
}
