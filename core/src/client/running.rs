//! The futures that make runs: [`Client::drive`], [`Client::sync`], and the two kinds of runs that they make.
//!
//! A run of the *conversation* sends and reads everything but files; a run of *transfers* moves files. At most one run
//! of each kind is under way. The two run side by side, but one future polls both, because core starts no task. A
//! finished upload asks for a run of the conversation, which sends the message that waited for the file.
//!
//! `drive` loops over both kinds for the client's whole life, and fetches a delivered definition beside them. `sync`
//! makes a run of the conversation, moves the files that are due beside it, and makes another run when an upload has
//! finished or a wait in the outbox is over. It ends when neither kind can do more now.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Client;
use crate::live::{Changes, Urgency};
use crate::model::ServerSearch;
use crate::outbox::{EndWaits, Release, State, due_uploads};
use crate::store::StoreError;
use crate::sync::{Notes, Scope, ServerClock, SyncContext, SyncReport, TransferReport, transfer};

/// How often one call uploads the files of a message again, because the server did not accept their tokens.
const UPLOADS_AGAIN: u32 = 5;

impl Client {
    /// Makes a run whenever there is a reason for one, until the client is closed. The future may be dropped at any
    /// await point, and the method called again. If a second one is polled beside it, each run is made by one of them.
    pub async fn drive(&self) {
        let _handing_over = HandingOver(self);
        tokio::join!(biased; self.drive_conversation(), self.drive_transfers(), self.drive_delivery());
    }

    async fn drive_conversation(&self) {
        loop {
            let (scope, pause) = {
                let scheduler = self.scheduler();
                if scheduler.closed {
                    return;
                }
                scheduler.next(self.environment.now(), &self.product.sync)
            };
            self.purge_if_unavailable();
            if let Some(scope) = scope {
                self.converse(scope).await;
                continue;
            }
            let pause = self.release_held().map_or(pause, |held| held.min(pause));
            tokio::select! {
                biased;
                () = self.wake.notified() => {}
                () = self.store.renewed() => self.scheduler().ask(Scope::Everything),
                () = self.environment.sleep(pause) => {}
            }
        }
    }

    /// Queues the held messages whose time for undo is over. This happens even while no run may begin, for example
    /// without a network, so that the screens stop offering undo. Returns how long until the next held message can no
    /// longer be undone.
    fn release_held(&self) -> Option<Duration> {
        let now = self.environment.now();
        // If the store cannot be written now, the loop goes on: the next run reports the error.
        let _ = self.store.release_held(Release::Over(now));
        let operations = self.store.operations().unwrap_or_default();
        let waits = operations.iter().filter_map(|operation| match operation.state {
            State::Held(wait) => wait.left(now),
            _ => None,
        });
        waits.min()
    }

    async fn drive_transfers(&self) {
        loop {
            let wait = {
                let scheduler = self.scheduler();
                if scheduler.closed {
                    return;
                }
                scheduler.transfers_wait(self.environment.now())
            };
            let wait = match wait {
                Some(wait) => wait,
                None => match self.transfer().await {
                    TransferReport { failure: None, next } => next.unwrap_or(Duration::from_hours(1)),
                    // The failure has begun a pause. The next pass of the loop reads its length.
                    TransferReport { failure: Some(_), .. } => continue,
                },
            };
            tokio::select! {
                biased;
                () = self.wake_transfers.notified() => {}
                () = self.environment.sleep(wait) => {}
            }
        }
    }

    /// Makes a run, moves the files that are due beside it, and returns the report. While files are moved, it makes
    /// another run whenever an upload has finished or a wait in the outbox is over; the report is that of the last one.
    /// If a run is under way already, the call waits for it and takes its report. It makes a run of its own only if
    /// that one was dropped, or had a smaller scope. Ends the waits of what could not be read, except server-imposed
    /// ones, and ignores how much is left of the rate limit.
    pub async fn sync(&self, scope: Scope) -> SyncReport {
        self.health.end_pauses();
        self.health.user_asks();
        if let Err(error) = self.store.end_pauses(self.environment.now()) {
            return SyncReport::stopped(error);
        }
        self.sync_with_files(scope).await
    }

    /// Like [`sync`](Self::sync), but ends no wait.
    pub(super) async fn sync_with_files(&self, scope: Scope) -> SyncReport {
        let mut report = self.sync_once(scope).await;
        // An attempt may have shown that a message's files have to be uploaded again. The outbox bounds how often that
        // happens. The bound here only guards against a mistake in the outbox.
        for _ in 0..UPLOADS_AGAIN {
            if report.failure.is_some() || !self.is_upload_due() {
                break;
            }
            report = self.sync_once(Scope::Due).await;
        }
        report
    }

    /// Whether a file can be uploaded now.
    fn is_upload_due(&self) -> bool {
        let (now, may_send) = (self.environment.now(), self.may_send());
        may_send && self.store.operations().is_ok_and(|operations| !due_uploads(&operations, now).0.is_empty())
    }

    /// Makes a run, moves the files that are due beside it, and makes more runs while files are moved; see
    /// [`sync`](Self::sync).
    async fn sync_once(&self, scope: Scope) -> SyncReport {
        let ended = AtomicBool::new(false);
        let files = async {
            let report = self.transfer().await;
            ended.store(true, Ordering::Relaxed);
            self.transferred.notify_waiters();
            report
        };
        let conversation = async {
            let mut report = self.converse(scope).await;
            // The transfers continue. A message that becomes due meanwhile does not wait for them.
            while report.failure.is_none() {
                let mut transferred = pin!(self.transferred.notified());
                transferred.as_mut().enable();
                if !self.scheduler().uploaded {
                    if ended.load(Ordering::Relaxed) {
                        break;
                    }
                    let wait = async {
                        match report.next {
                            Some(next) => self.environment.sleep(next).await,
                            None => std::future::pending().await,
                        }
                    };
                    tokio::select! {
                        biased;
                        () = transferred => continue,
                        () = wait => {}
                    }
                }
                report = self.converse(Scope::Due).await;
            }
            report
        };
        let mut conversation = pin!(conversation);
        let mut files = pin!(async {
            self.user_known().await;
            files.await
        });
        // After a failure of the conversation the call does not wait for the files. A later run continues them.
        let files = tokio::select! {
            biased;
            report = &mut conversation => return report,
            files = &mut files => files,
        };
        let report = conversation.await;
        let failure = report.failure.or(files.failure);
        let next = [report.next, files.next].into_iter().flatten().min();
        SyncReport { failure, next, ..report }
    }

    /// Completes when the server has told who the user is.
    async fn user_known(&self) {
        loop {
            let mut changed = pin!(self.transferred.notified());
            changed.as_mut().enable();
            if self.scheduler().user_is_known {
                return;
            }
            changed.await;
        }
    }

    /// Makes one run of the conversation and returns its report; see [`sync`](Self::sync).
    async fn converse(&self, scope: Scope) -> SyncReport {
        let before = self.scheduler().runs;
        let mut ended = self.running.lock().await;
        match &ended.last {
            Some((read, report)) if ended.runs > before && *read >= scope => {
                return report.clone();
            }
            _ => {}
        }
        self.scheduler().begin(self.environment.now(), scope, self.environment.chance());
        self.live.announce(&Changes::of_status(), Urgency::Now);
        let mut guard = Running { client: self, unfinished: Some(scope) };
        let ctx = self.context(scope);
        let report = self.unless_halted(crate::sync::run(&ctx)).await.unwrap_or_else(SyncReport::stopped);
        if scope == Scope::Everything && report.failure.is_none() && self.store.forget_damaged().is_err() {
            tracing::warn!("a damaged file could not be removed");
        }
        if report.failure.is_some() {
            // The next run may be far away, and somebody waits.
            for question in std::mem::take(&mut *self.questions()) {
                question.answer(ServerSearch::NotAnswered);
            }
        }
        ended.runs += 1;
        ended.last = Some((scope, report.clone()));
        let (now, chance) = (self.environment.now(), self.environment.chance());
        let recovery = self.scheduler().end(ended.runs, &report, now, &self.product.sync, chance);
        guard.unfinished = None;
        // A message may have found out that its files have to be uploaded again.
        self.wake_transfers.notify_one();
        let which = if recovery.free { EndWaits::ServerWorks } else { EndWaits::Asked(self.environment.now()) };
        if (recovery.reachable || recovery.free) && self.end_waits(which).is_ok() {
            self.scheduler().ask_for(Scope::Due);
            self.wake_all();
        }
        report
    }

    /// Makes one run of transfers and returns its report. If one is under way, waits for it first.
    async fn transfer(&self) -> TransferReport {
        let _guard = self.transferring.lock().await;
        let ctx = self.context(Scope::Due);
        let uploaded = || {
            self.scheduler().uploaded = true;
            self.ask(Scope::Due);
            self.transferred.notify_waiters();
        };
        let run = transfer(&ctx, &self.wake_transfers, &uploaded);
        let stopped = |reason: StoreError| TransferReport { failure: Some(reason.into()), next: None };
        let report = self.unless_halted(run).await.unwrap_or_else(stopped);
        let chance = self.environment.chance();
        self.scheduler().end_transfers(report.failure.as_ref(), self.environment.now(), chance);
        if report.failure.is_some() {
            self.live.announce(&Changes::of_status(), Urgency::Now);
        }
        report
    }

    /// Polls a run to its end and returns its outcome. If the client is suspended already, or is suspended or closed
    /// during the run, drops the run and returns the reason.
    pub(super) async fn unless_halted<T>(&self, run: impl Future<Output = T>) -> Result<T, StoreError> {
        let mut halted = pin!(self.halt.notified());
        halted.as_mut().enable();
        let reason = || if self.scheduler().closed { StoreError::Closed } else { StoreError::Suspended };
        if self.scheduler().suspended {
            return Err(StoreError::Suspended);
        }
        tokio::select! {
            biased;
            () = halted => Err(reason()),
            done = run => Ok(done),
        }
    }

    /// Whether an attempt may begin.
    fn may_send(&self) -> bool {
        let scheduler = self.scheduler();
        scheduler.online && !scheduler.no_more_writes
    }

    fn context(&self, scope: Scope) -> SyncContext<'_> {
        SyncContext {
            store: &self.store,
            remote: self.remote.as_ref(),
            environment: self.environment.as_ref(),
            product: &self.product,
            language: &self.language,
            origin: &self.origin,
            open_thread: Box::new(|| self.scheduler().open_thread),
            pushed_tickets: Box::new(|| self.scheduler().take_pushed()),
            questions: Box::new(|| std::mem::take(&mut *self.questions())),
            has_urgent_work: Box::new(|| self.scheduler().take_urgent()),
            user_is_known: Box::new(|| {
                if !std::mem::replace(&mut self.scheduler().user_is_known, true) {
                    self.transferred.notify_waiters();
                    self.wake_transfers.notify_one();
                }
            }),
            no_history: Box::new(|| self.is_history_purged()),
            health: &self.health,
            in_front: self.scheduler().in_front,
            online: Box::new(|| self.may_send()),
            scope,
            server_clock: ServerClock::default(),
            notes: Notes::default(),
        }
    }
}

/// Wakes the next driver when this one is dropped. A wake-up reaches one driver only. If this one took it and is dropped
/// before its run has ended, another driver that waits would sleep on.
struct HandingOver<'a>(&'a Client);

impl Drop for HandingOver<'_> {
    fn drop(&mut self) {
        self.0.wake_all();
    }
}

/// Records that no run is under way any more when it is dropped. If the run's future was dropped in the middle, asks for
/// another one.
struct Running<'a> {
    client: &'a Client,
    /// The scope of the run, until it has ended.
    unfinished: Option<Scope>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut scheduler = self.client.scheduler();
        scheduler.syncing = false;
        if let Some(scope) = self.unfinished {
            scheduler.dropped(scope);
        }
        drop(scheduler);
        self.client.live.announce(&Changes::of_status(), Urgency::Now);
    }
}
