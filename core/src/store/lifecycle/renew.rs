//! Replacing a file that turns out to be corrupt while the store is open.
//!
//! # The story
//!
//! 1. Every read and write runs inside [`Store::watching_for_damage`]. If SQLite reports corruption, the store notes
//!    that the file is corrupt. The call itself fails. A row that cannot be read proves nothing (`unreadable.rs`), but
//!    it is a reason to let SQLite check the file. So is a statement that SQLite does not understand, because the text
//!    of the schema may be damaged. The file is checked at most once until the store is resumed.
//! 2. From then on, each call that ends tries to replace the file. It needs the stage lock, and no read or write may be
//!    running. Otherwise the file stays as it is, and the call that is running tries again when it ends.
//! 3. The readers and the writer are stopped, so that calls made now fail with [`StoreError::Corrupt`] and can be
//!    repeated. The file is salvaged (`damage.rs`), and both start again.
//! 4. Sync is told to begin anew ([`Store::renewed`]), and every screen to query again.
//!
//! Only the index of searches is damaged if FTS5 says so, and not SQLite. It is derived data. It is not used any more, and the next
//! run makes it anew (`search/mod.rs`).
//!
//! If salvage fails, the store goes on with the file as it is. The next call that finds it corrupt begins at 1 again.
//!
//! The note in 1 is in memory only. After a crash the corruption is found again when the account is opened, or by the
//! first call that reads the damaged place. What a crash during 3 leaves is described in `damage.rs`.

use std::sync::TryLockError;
use std::sync::atomic::Ordering;

use rusqlite::{Connection, TransactionBehavior, ffi};

use super::damage;
use super::state::Stage;
use crate::live::{Changes, Urgency};
use crate::store::db::migrations::newest;
use crate::store::db::writer_lock::Priority;
use crate::store::db::{connection, schema, unreadable};
use crate::store::search::rules;
use crate::store::{Store, StoreError};

impl Store {
    /// Completes when the file was replaced, or could not be. A new file has to be synced from the start.
    pub async fn renewed(&self) {
        self.life.renewed.notified().await;
    }

    /// Runs `work`, a whole read or write, and returns its result. If the file is known to be corrupt afterwards, tries
    /// to replace it. If only the index of searches is damaged, stops using it and fails with [`StoreError::Corrupt`].
    pub(in crate::store) fn watching_for_damage<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        unreadable::take();
        let done = work();
        let left_out = unreadable::take();
        if matches!(done, Err(StoreError::Sqlite { code: ffi::SQLITE_CORRUPT_VTAB })) {
            self.forget_index();
            // The call can be repeated, as after damage to the file.
            return Err(StoreError::Corrupt);
        }
        let damage = match &done {
            Err(StoreError::Corrupt | StoreError::NotADatabase) => true,
            Err(StoreError::Unreadable(_)) => self.is_found_damaged(),
            Err(StoreError::Sqlite { code }) if code & 0xff == ffi::SQLITE_ERROR => self.is_found_damaged(),
            _ => left_out && self.is_found_damaged(),
        };
        if damage {
            self.life.corrupt.store(true, Ordering::Release);
        }
        if self.life.corrupt.load(Ordering::Acquire) {
            self.renew();
        }
        done
    }

    /// Lets SQLite check the file, and compares its schema. Does so once until the store is resumed, and otherwise
    /// returns false: another unreadable row points to a mistake in this code, and a check reads the whole file. If
    /// only the index of searches is damaged, stops using it and returns false.
    fn is_found_damaged(&self) -> bool {
        if self.life.suspected.swap(true, Ordering::AcqRel) {
            return false;
        }
        let checked = self.readers.take(|| connection::reader(&self.home.file())).and_then(|mut reading| {
            let db = reading.connection()?;
            let (of_file, of_index) = faults(db)?;
            Ok((of_file.is_empty() && schema::agrees(db, newest())? && schema::shadows_agree(db)?, of_index))
        });
        match checked {
            Ok((is_sound, of_index)) => {
                tracing::warn!(is_sound, of_index, "a row could not be read, and the file was checked");
                if is_sound && of_index {
                    self.forget_index();
                }
                !is_sound
            }
            Err(error) => matches!(error, StoreError::Corrupt | StoreError::NotADatabase),
        }
    }

    /// Stops using the index of searches, until it was made anew.
    fn forget_index(&self) {
        tracing::warn!("the index of searches is damaged");
        let forgotten = self.writer_lock.enter(Priority::Sync).and_then(|mut guard| {
            let tx = guard.connection()?.transaction_with_behavior(TransactionBehavior::Immediate)?;
            rules::forget(&tx)?;
            Ok(tx.commit()?)
        });
        // If it fails, the next call that uses the index comes here again.
        if let Err(error) = forgotten {
            tracing::warn!(%error, "the index is still used");
        }
    }

    /// Replaces the file if no read and no write is running. A call that is running comes here when it ends.
    fn renew(&self) {
        let stage = match self.life.stage.try_lock() {
            Ok(stage) => stage,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Another thread is suspending, closing or replacing the file. The damage is found again by the next call,
            // or when the account is opened again.
            Err(TryLockError::WouldBlock) => return,
        };
        if !matches!(*stage, Stage::Open(_)) || !self.life.corrupt.load(Ordering::Acquire) {
            return;
        }
        if !self.readers.stop_if_idle(StoreError::Corrupt) {
            return;
        }
        if !self.writer_lock.stop_if_idle(StoreError::Corrupt) {
            self.readers.start();
            return;
        }
        self.life.corrupt.store(false, Ordering::Release);
        tracing::error!("the file is corrupt and is replaced");
        let reopened = damage::salvage_damaged(&self.home).and_then(|()| self.home.connect(true));
        if let Err(error) = &reopened {
            tracing::error!(%error, "the file could not be replaced");
        }
        self.writer_lock.start(reopened.ok());
        self.readers.start();
        drop(stage);
        self.life.renewed.notify_one();
        self.announce_everything();
    }

    /// Announces that everything has changed, so that every screen queries again.
    pub(super) fn announce_everything(&self) {
        self.live.announce(&Changes::of_everything(), Urgency::Now);
    }
}

/// What SQLite finds wrong with the file, apart from the index of searches, and whether it finds something wrong with that.
fn faults(db: &Connection) -> Result<(Vec<String>, bool), StoreError> {
    let mut statement = db.prepare("PRAGMA quick_check(20)")?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let is_of_index = |fault: &String| fault.starts_with("fts5: ") || fault.contains(" FTS5 table ");
    let of_index = found.iter().any(is_of_index);
    Ok((found.into_iter().filter(|fault| fault != "ok" && !is_of_index(fault)).collect(), of_index))
}
