//! A file that SQLite finds corrupt while it is in use is made anew, by whoever leaves last.

use std::sync::TryLockError;
use std::sync::atomic::Ordering;

use super::damage;
use super::state::Stage;
use crate::live::Changes;
use crate::model::TicketId;
use crate::store::{Store, StoreError};

/// Threads that are told of when everything changed at once; more than any screen shows.
const TOLD: u32 = 500;

impl Store {
    /// Completes when the file was made anew, and is as good as one that was never synced.
    pub async fn renewed(&self) {
        self.life.renewed.notified().await;
    }

    /// Does `work`, a whole read or write; if SQLite finds the file corrupt, sees to it that it is made anew.
    pub(in crate::store) fn watching_for_damage<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let done = work();
        let damage = match done {
            Err(StoreError::Corrupt | StoreError::NotADatabase) => true,
            Err(StoreError::Damaged) => !self.life.suspected.swap(true, Ordering::AcqRel),
            _ => false,
        };
        if damage {
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
        if self.writer_lock.stop_if_idle(StoreError::Corrupt) {
            self.life.corrupt.store(false, Ordering::Release);
            tracing::error!("the file is corrupt and is made anew");
            let made = damage::salvage_damaged(&self.home).and_then(|()| self.home.connect(true));
            if let Err(error) = &made {
                tracing::error!(%error, "the file could not be made anew");
            }
            self.writer_lock.start(made.ok());
        }
        self.readers.start();
        drop(stage);
        self.life.renewed.notify_one();
        self.announce_everything();
    }

    /// Every screen may have to look again.
    pub(super) fn announce_everything(&self) {
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
