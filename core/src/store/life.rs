//! The life of an open file: suspended, resumed, closed, made anew.
//!
//! # The story
//!
//! ```text
//!          open ──────────────► closed ◄──────────┐
//!          │  ▲                   ▲               │
//!  suspend │  │ resume            │ sign-out      │
//!          ▼  │                   │               │
//!        suspended ───────────────┴───────────────┘
//! ```
//!
//! * **open**: the folder is locked ([`lock`](super::lock)), one connection writes, any number read.
//! * **suspended**: no connection, no lock, no open file. A phone may freeze the process now and let it sleep for days:
//!   iOS kills whoever is frozen with a locked file (`0xdead10cc`), and an idle connection of a WAL file holds two locks.
//!   Suspending waits for the transactions that are running and for nothing else: the log stays as it is. A call answers
//!   [`StoreError::Suspended`] at once; a sync run is dropped where it stands, and what it had written down stays. A
//!   request that was on its way is found as *sending* by the next run, which looks whether it arrived.
//! * **resumed**: as if opened again. The lock, the schema and the owner are looked at anew, because another process may
//!   have been here; every connection is a new one, so nothing of what it had cached survives.
//! * **made anew**: where SQLite finds the file corrupt, whoever leaves last rescues it ([`rescue`](super::rescue)).
//!
//! A process that dies in any state leaves a file that opens: SQLite's log is complete or ignored, and the lock is gone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use tokio::sync::Notify;

use super::lock::Lock;
use super::{Store, StoreError, rescue};
use crate::live::Changes;
use crate::model::TicketId;

/// Threads that are told of when everything changed at once; more than any screen shows.
const TOLD: u32 = 500;

/// Where a store is in its life, and what waits for a turn of it.
pub(super) struct Life {
    stage: Mutex<Stage>,
    /// SQLite found the file corrupt, and nobody had the time yet.
    corrupt: AtomicBool,
    renewed: Notify,
}

pub(super) enum Stage {
    Open(#[expect(dead_code, reason = "held, not looked at")] Lock),
    Suspended,
    Closed,
}

impl Life {
    pub(super) fn new(lock: Lock) -> Self {
        Self { stage: Mutex::new(Stage::Open(lock)), corrupt: AtomicBool::new(false), renewed: Notify::new() }
    }

    pub(super) fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Closes every connection and unlocks the folder, for good. Calls from now on answer [`StoreError::Closed`]; a
    /// running one ends first. Closing twice is no error.
    pub fn close(&self) {
        let mut stage = self.life.stage();
        self.stop(&StoreError::Closed);
        *stage = Stage::Closed;
    }

    /// Closes every connection and unlocks the folder until [`resume`](Self::resume): after this the process holds no
    /// lock and no open file of the account. Calls meanwhile answer [`StoreError::Suspended`]. Waits for the transactions
    /// that are running, and nothing else. From any thread; suspending twice is no error.
    pub fn suspend(&self) {
        let mut stage = self.life.stage();
        if matches!(*stage, Stage::Open(_)) {
            self.stop(&StoreError::Suspended);
            *stage = Stage::Suspended;
        }
    }

    /// Opens the file again after [`suspend`](Self::suspend), with all that [`Store::open`] may answer; then it stays
    /// suspended, and can be resumed later. Resuming what is open is no error.
    pub fn resume(&self) -> Result<(), StoreError> {
        let mut stage = self.life.stage();
        match *stage {
            Stage::Open(_) => return Ok(()),
            Stage::Closed => return Err(StoreError::Closed),
            Stage::Suspended => {}
        }
        let (lock, connection) = self.home.enter()?;
        *stage = Stage::Open(lock);
        self.readers.start();
        self.gate.start(Some(connection));
        drop(stage);
        self.announce_everything();
        Ok(())
    }

    /// Completes when the file was made anew, and is as good as one that was never synced.
    pub async fn renewed(&self) {
        self.life.renewed.notified().await;
    }

    /// Does `work`, a whole read or write; if SQLite finds the file corrupt, sees to it that it is made anew.
    pub(super) fn watching_for_damage<T>(&self, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let done = work();
        if matches!(done, Err(StoreError::Corrupt | StoreError::NotADatabase)) {
            self.life.corrupt.store(true, Ordering::Release);
        }
        if self.life.corrupt.load(Ordering::Acquire) {
            self.renew();
        }
        done
    }

    /// Makes the file anew if nobody is at work; who is, comes here afterwards.
    fn renew(&self) {
        let stage = match self.life.stage.try_lock() {
            Ok(stage) => stage,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Somebody suspends or closes, and waits for us: the next one to open the file will see.
            Err(TryLockError::WouldBlock) => return,
        };
        if !matches!(*stage, Stage::Open(_)) || !self.life.corrupt.load(Ordering::Acquire) {
            return;
        }
        if !self.readers.stop_if_idle(StoreError::Corrupt) {
            return;
        }
        if self.gate.stop_if_idle(StoreError::Corrupt) {
            self.life.corrupt.store(false, Ordering::Release);
            tracing::error!("the file is corrupt and is made anew");
            let made = rescue::rescue(&self.home).and_then(|()| self.home.connect(true));
            if let Err(error) = &made {
                tracing::error!(%error, "the file could not be made anew");
            }
            self.gate.start(made.ok());
        }
        self.readers.start();
        drop(stage);
        self.life.renewed.notify_one();
        self.announce_everything();
    }

    /// Stops readers and the writer, and waits for those at work.
    pub(super) fn stop(&self, reason: &StoreError) {
        self.readers.stop(reason.clone());
        self.gate.stop(reason.clone());
    }

    /// Every screen may have to look again.
    fn announce_everything(&self) {
        let latest = self.read(|db| {
            let sql = "SELECT id FROM tickets ORDER BY unsent DESC, last_activity DESC LIMIT ?1";
            let mut statement = db.prepare_cached(sql)?;
            let threads = statement.query_map([TOLD], |row| row.get(0).map(TicketId))?;
            Ok(threads.collect::<Result<_, _>>()?)
        });
        let threads = latest.unwrap_or_default();
        self.live.announce(&Changes { history: true, threads, outbox: true, status: true });
    }
}
