//! Life on a phone: suspended and resumed, woken in the background for some seconds, signed out.

use std::pin::pin;
use std::time::Duration;

use super::{AccountProblem, Client};
use crate::live::Changes;
use crate::model::{Failure, Timestamp};
use crate::outbox;
use crate::store::{SignOut, StoreError, Unsent};
use crate::sync::{Scope, SyncFailure, SyncReport};

/// What [`Client::sync_until`] keeps free at the end, for what comes after it: closing the file, and telling the system.
const MARGIN: Duration = Duration::from_secs(1);
/// So long before the end no write is begun any more: one that is cut off leaves a doubt.
const NO_MORE_WRITES: Duration = Duration::from_secs(5);
/// Runs that one call makes at most; every run ends with less to do, so more are a fault.
const RUNS: u32 = 50;

/// How work in the background ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncOutcome {
    /// Something is left that another call can do without the user: something to send, to look for, or to read.
    pub more: bool,
    /// When another call makes sense at the earliest, from now; `None` if nothing is left, or only time will tell.
    pub retry_in: Option<Duration>,
    /// Messages that were not sent yet; those that need the user are among them.
    pub waiting: u32,
    /// What stands in the way of the whole account.
    pub problem: Option<AccountProblem>,
}

impl Client {
    /// Lets go of everything that a frozen process must not hold: every connection is closed, the folder unlocked, a sync
    /// run dropped where it stands. Waits for the transactions that are running, and nothing else. Until
    /// [`resume`](Self::resume) every call answers [`StoreError::Suspended`], at once.
    ///
    /// A write that comes in between is not made, and neither is a draft saved: whoever typed it still has it on screen,
    /// keeps it, and saves it after resuming. From any thread; suspending twice is no error.
    pub fn suspend(&self) {
        self.scheduler().suspended = true;
        self.halt.notify_waiters();
        self.store.suspend();
    }

    /// Opens the file again after [`suspend`](Self::suspend) and syncs. An error, [`StoreError::InUse`] among them, leaves
    /// the server suspended, and can be tried again. From any thread; resuming what is not suspended is no error.
    pub fn resume(&self) -> Result<(), StoreError> {
        self.store.resume()?;
        let mut scheduler = self.scheduler();
        scheduler.suspended = false;
        let threads = scheduler.open_thread.into_iter().collect();
        drop(scheduler);
        self.ask(Scope::Everything);
        self.live.announce(&Changes { history: true, threads, outbox: true, status: true });
        Ok(())
    }

    /// Closes the file. [`drive`](Self::drive) returns, calls from now on answer [`StoreError::Closed`].
    pub fn close(&self) {
        self.scheduler().closed = true;
        self.halt.notify_waiters();
        self.store.close();
        self.wake.notify_one();
    }

    /// What [`sign_out`](Self::sign_out) would lose: say it before you ask.
    pub fn unsent(&self) -> Result<Unsent, StoreError> {
        self.store.unsent()
    }

    /// Leaves the account: with [`SignOut::Discard`] everything of it is removed, with [`SignOut::Keep`] only what is
    /// unsent stays, for this account's next sign-in. To send first, call [`sync_until`](Self::sync_until) and look at
    /// [`unsent`](Self::unsent) again.
    ///
    /// From here on every call answers [`StoreError::Closed`]. A process that is killed in the middle finishes it when an
    /// account in the same directory is opened next, and so does one that met an error: an error with which the server is
    /// still open means that nothing has begun.
    pub fn sign_out(&self, mode: SignOut) -> Result<(), StoreError> {
        let done = self.store.sign_out(mode);
        if self.store.is_closed() {
            self.close();
            self.live.announce(&Changes::of_status());
        }
        done
    }

    /// Whether it was closed, or the account left.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.scheduler().closed
    }

    /// The user knows that the file was made anew ([`SyncStatus::recovered`](crate::client::SyncStatus)).
    pub fn acknowledge_recovery(&self) -> Result<(), StoreError> {
        self.store.acknowledge_recovery()
    }

    /// Sends what is due and reads what changed, and returns within `until`: what a system's background task calls, on a
    /// server that was opened just now as on one that is in use, where it joins the run that is under way. Ends waits that the
    /// server did not ask for. What could not be finished stays as it is on disk, and is gone on with later.
    pub async fn sync_until(&self, until: Duration) -> SyncOutcome {
        let time = until.saturating_sub(MARGIN.min(until / 10));
        let began = self.environment.now();
        let _writes = Background(self);
        let work = pin!(self.work(began, time));
        let calm = pin!(async {
            self.environment.sleep(time.saturating_sub(NO_MORE_WRITES.min(time / 2))).await;
            self.scheduler().no_more_writes = true;
            std::future::pending::<()>().await;
        });
        tokio::select! {
            biased;
            outcome = work => outcome,
            () = self.environment.sleep(time) => self.outcome(true, Some(Duration::ZERO)),
            () = calm => self.outcome(true, Some(Duration::ZERO)),
        }
    }

    async fn work(&self, began: Timestamp, time: Duration) -> SyncOutcome {
        let left = || time.saturating_sub(elapsed(began, self.environment.now()));
        if self.store.end_waits().is_err() {
            return self.outcome(true, None);
        }
        self.scheduler().end_pause();
        let mut scope = Scope::Everything;
        for _ in 0..RUNS {
            let pause = self.scheduler().pause_left(self.environment.now());
            if let Some(pause) = pause {
                if pause >= left() {
                    return self.outcome(true, Some(pause));
                }
                self.environment.sleep(pause).await;
            }
            let report = self.sync(scope).await;
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

    /// When there is more to do after a run, or why there is no sense in another one.
    fn next_of(&self, report: &SyncReport) -> Result<Option<Duration>, SyncOutcome> {
        let now = self.environment.now();
        match &report.failure {
            Some(SyncFailure::Server(Failure::TryAgain { .. })) => {
                let pause = self.scheduler().pause_left(now).unwrap_or_default();
                Err(self.outcome(true, Some(pause)))
            }
            // Only a sign-in helps.
            Some(SyncFailure::Server(_)) => Err(self.outcome(false, None)),
            Some(SyncFailure::Store(_)) => Err(self.outcome(true, None)),
            None => {
                // What was written while a run that this call joined was ending.
                let operations = self.store.operations().map_err(|_| self.outcome(true, None))?;
                let due = outbox::next(&operations, now);
                let at_once = due.step.map(|_| Duration::ZERO);
                Ok([at_once, due.wake_in, report.next].into_iter().flatten().min())
            }
        }
    }

    fn outcome(&self, more: bool, retry_in: Option<Duration>) -> SyncOutcome {
        let waiting = self.store.overview().map(|overview| overview.waiting).unwrap_or_default();
        SyncOutcome { more, retry_in, waiting, problem: self.scheduler().problem }
    }
}

/// How long something has been going on. A clock that was set back says nothing; the caller's own timer holds then.
fn elapsed(began: Timestamp, now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(now.0.saturating_sub(began.0)).unwrap_or_default())
}

/// Writes may begin again when the background work is over, however it ends.
struct Background<'a>(&'a Client);

impl Drop for Background<'_> {
    fn drop(&mut self) {
        self.0.scheduler().no_more_writes = false;
    }
}
