//! The store itself: each write is one transaction with an announcement of what changed, each read sees one consistent
//! state.

use std::cell::Cell;
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
use crate::live::{Changes, Live, Urgency};
use crate::model::TicketId;
use crate::product::Product;
use crate::store::StoreError;
use crate::store::derived::entries;
use crate::store::lifecycle::state::Lifecycle;
use crate::store::room::decide::{NEW_TEXT, Upkeep};
use crate::store::search::new_documents;

/// The file of one account. Threads can share it. A call answers from the file, usually within milliseconds, and never
/// waits for the network.
pub struct Store {
    pub(in crate::store) home: Home,
    pub(in crate::store) writer_lock: WriterLock,
    pub(in crate::store) readers: Readers,
    /// Declared after the connections, because fields are dropped in order: the connections close before the folder is
    /// unlocked.
    pub(in crate::store) life: Lifecycle,
    pub(in crate::store) live: Arc<Live>,
    pub(in crate::store) product: Arc<Product>,
    pub(in crate::store) files: Folder,
    pub(in crate::store) transfers: Arc<TransferProgress>,
}

/// A write in progress: its transaction, and what it has changed so far.
pub(crate) struct Edit<'a> {
    pub(in crate::store) tx: Transaction<'a>,
    pub(in crate::store) changes: Changes,
    /// How long after an update, by the server's clock, every answer includes it.
    pub(in crate::store) visible_after: Duration,
    /// Whether the product lets users mark their tickets as solved.
    pub(in crate::store) offers_solve: bool,
    /// Whether read marks are shared with the other users of the account.
    pub(in crate::store) shares_read_marks: bool,
    /// How many rows a transaction of sync may still handle.
    pub(in crate::store) room: usize,
    /// How many rows it has handled.
    rows: usize,
    /// How many bytes of new texts it has stored. They come into the index of searches at its end.
    new_text: Cell<usize>,
    writer_lock: &'a WriterLock,
}

impl Edit<'_> {
    /// Whether a transaction of sync may handle one more row, and counts that row. The first row always has room, so that
    /// sync goes on however much the user writes.
    pub(in crate::store) fn has_room(&mut self) -> bool {
        let is_full = self.room == 0 || self.new_text.get() >= NEW_TEXT;
        if self.rows > 0 && (is_full || self.writer_lock.is_user_waiting()) {
            return false;
        }
        self.room = self.room.saturating_sub(1);
        self.rows += 1;
        true
    }

    /// Counts a new text. A user who comes now waits until it is in the index of searches.
    pub(in crate::store) fn adds(&self, text: &str) {
        self.new_text.set(self.new_text.get().saturating_add(text.len()));
    }

    /// Notes that `ticket` changed in the history and in its thread.
    pub(in crate::store) fn touch(&mut self, ticket: TicketId) {
        self.changes.history = true;
        self.changes.threads.insert(ticket);
    }

    /// Notes that the tickets which follow `ticket` changed: it can be opened from them only while this user sees it.
    pub(in crate::store) fn touch_follow_ups(&mut self, ticket: TicketId) -> Result<(), StoreError> {
        let sql = "SELECT f.ticket FROM tickets t JOIN follow_ups f ON f.follows = t.number WHERE t.id = ?1";
        let mut statement = self.tx.prepare_cached(sql)?;
        for follow_up in statement.query_map([ticket.0], |row| row.get(0).map(TicketId))? {
            self.changes.threads.insert(follow_up?);
        }
        Ok(())
    }

    /// Notes that `ticket` and its part of the outbox changed.
    pub(in crate::store) fn touch_outbox(&mut self, ticket: TicketId) {
        self.touch(ticket);
        self.changes.outbox = true;
    }
}

impl Store {
    /// The channel on which changes are announced.
    #[must_use]
    pub fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// The progress of running transfers.
    pub(crate) fn transfers(&self) -> &Arc<TransferProgress> {
        &self.transfers
    }

    /// Runs `work` in one transaction. If it fails, nothing is written. At the end of the transaction, the history's
    /// entries and the index of searches follow what `work` has written. After the commit, files whose rows were
    /// deleted are removed, and the changes are announced.
    ///
    /// A write for the user is durable when this returns. A write for sync may be lost in a power cut: it can be read
    /// again from the server.
    pub(in crate::store) fn write<T>(
        &self,
        writer: Priority,
        work: impl FnOnce(&mut Edit<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (done, changes, upkeep) = self.watching_for_damage(|| {
            let mut guard = self.writer_lock.enter(writer)?;
            let connection = guard.connection()?;
            let synchronous = match writer {
                Priority::User if bugs::is_on(Bug::SynchronousOff) => "OFF",
                Priority::User => "FULL",
                Priority::Sync => "NORMAL",
            };
            connection.pragma_update(None, "synchronous", synchronous)?;
            let (done, changes, pending_deletes, rows) = {
                let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let mut edit = Edit {
                    tx,
                    changes: Changes::default(),
                    visible_after: self.visible_after(),
                    offers_solve: self.product.solve,
                    shares_read_marks: self.product.shared_read_marks,
                    room: self.writer_lock.slice(),
                    rows: 0,
                    new_text: Cell::new(0),
                    writer_lock: &self.writer_lock,
                };
                let done = work(&mut edit)?;
                let Edit { tx, changes, rows, .. } = edit;
                entries::refresh(&tx, &self.product)?;
                new_documents::add(&tx)?;
                let pending_deletes = pending_deletes::pending_deletes(&tx)?;
                tx.commit()?;
                (done, changes, pending_deletes, rows)
            };
            if !pending_deletes.is_empty() {
                if writer == Priority::Sync {
                    // A power cut may undo a commit of sync, and the deleted rows would be back without their files.
                    // This write changes nothing, but its full sync makes the commit before it durable as well.
                    connection.pragma_update(None, "synchronous", "FULL")?;
                    connection.execute_cached("UPDATE pending_deletes SET stored_as = stored_as", [])?;
                }
                if self.remove_files(&pending_deletes) {
                    connection.execute_cached("DELETE FROM pending_deletes", [])?;
                }
            }
            let upkeep = match writer {
                Priority::User => Upkeep::Nothing,
                Priority::Sync => self.writer_lock.sync_wrote(rows, connection::log(connection)?),
            };
            Ok((done, changes, upkeep))
        })?;
        // What became of a message is awaited, and seldom.
        let urgency = if writer == Priority::User || changes.outbox { Urgency::Now } else { Urgency::Later };
        self.live.announce(&changes, urgency);
        self.keep_up(upkeep);
        Ok(done)
    }

    /// Removes files whose rows were deleted. Returns false if one could not be removed; the next write then tries
    /// again.
    fn remove_files(&self, pending_deletes: &[String]) -> bool {
        pending_deletes.iter().all(|stored_as| self.files.remove(stored_as).is_ok())
    }

    /// Runs `query` in one read transaction, so that all it reads is of the same commit.
    pub(in crate::store) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.watching_for_damage(|| {
            let mut reading = self.readers.take(|| connection::reader(&self.home.file()))?;
            let tx = reading.connection()?.transaction()?;
            query(&tx)
        })
    }
}
