//! The store itself: one transaction for a write, one consistent look for a read, and the announcement of what changed.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::paths::Home;
use super::readers::Readers;
use super::statements::Cached;
use super::writer_lock::{Priority, WriterLock};
use super::{connection, pending_deletes};
use crate::blob::{Folder, TransferProgress};
use crate::bugs::{self, Bug};
use crate::live::{Changes, Live};
use crate::model::TicketId;
use crate::product::Product;
use crate::store::StoreError;
use crate::store::lifecycle::state::Lifecycle;

/// One account's file. Shared between threads; every call answers from the file, in milliseconds.
pub struct Store {
    pub(in crate::store) home: Home,
    pub(in crate::store) writer_lock: WriterLock,
    pub(in crate::store) readers: Readers,
    /// Behind the connections: they are closed before the folder is unlocked.
    pub(in crate::store) life: Lifecycle,
    pub(in crate::store) live: Arc<Live>,
    pub(in crate::store) product: Arc<Product>,
    pub(in crate::store) files: Folder,
    pub(in crate::store) transfers: Arc<TransferProgress>,
}

/// A write in progress: a transaction, and what it changed so far.
pub(crate) struct Edit<'a> {
    pub(in crate::store) tx: Transaction<'a>,
    pub(in crate::store) changes: Changes,
    /// How stale an answer of the server may be.
    pub(in crate::store) visible_after: Duration,
}

impl Edit<'_> {
    pub(in crate::store) fn touch(&mut self, ticket: TicketId) {
        self.changes.history = true;
        self.changes.threads.insert(ticket);
    }

    pub(in crate::store) fn touch_outbox(&mut self, ticket: TicketId) {
        self.touch(ticket);
        self.changes.outbox = true;
    }
}

impl Store {
    /// Where changes are announced.
    #[must_use]
    pub fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// How far files have travelled.
    pub(crate) fn transfers(&self) -> &Arc<TransferProgress> {
        &self.transfers
    }

    /// One transaction: all of it or nothing, and announced after the commit.
    pub(in crate::store) fn write<T>(
        &self,
        writer: Priority,
        work: impl FnOnce(&mut Edit<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (done, changes) = self.watching_for_damage(|| {
            let mut guard = self.writer_lock.enter(writer)?;
            let connection = guard.connection()?;
            // What a user wrote must survive the next power cut; what the server said can be asked for again.
            let synchronous = match writer {
                Priority::User if bugs::is_on(Bug::SynchronousOff) => "OFF",
                Priority::User => "FULL",
                Priority::Sync => "NORMAL",
            };
            connection.pragma_update(None, "synchronous", synchronous)?;
            let (done, changes, pending_deletes) = {
                let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let mut edit = Edit { tx, changes: Changes::default(), visible_after: self.visible_after() };
                let done = work(&mut edit)?;
                let Edit { tx, changes, .. } = edit;
                let pending_deletes = pending_deletes::pending_deletes(&tx)?;
                tx.commit()?;
                (done, changes, pending_deletes)
            };
            if !pending_deletes.is_empty() {
                if writer == Priority::Sync {
                    // What sync wrote may be undone by a power cut, and then the rows are back: their files go after that.
                    connection.pragma_update(None, "synchronous", "FULL")?;
                    connection.execute_cached("UPDATE pending_deletes SET stored_as = stored_as", [])?;
                }
                if self.remove_files(&pending_deletes) {
                    connection.execute_cached("DELETE FROM pending_deletes", [])?;
                }
            }
            Ok((done, changes))
        })?;
        self.live.announce(&changes);
        Ok(done)
    }

    /// Removes files whose rows are gone. False if not all could be removed: then the next write tries again.
    fn remove_files(&self, pending_deletes: &[String]) -> bool {
        pending_deletes.iter().all(|stored_as| self.files.remove(stored_as).is_ok())
    }

    /// One consistent look at the file.
    pub(in crate::store) fn read<T>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.watching_for_damage(|| {
            let mut reading = self.readers.take(|| connection::reader(&self.home.file()))?;
            let tx = reading.connection()?.transaction()?;
            look(&tx)
        })
    }
}
