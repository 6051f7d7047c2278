//! The store itself: one transaction for a write, one consistent look for a read, and the announcement of what changed.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::paths::Home;
use super::readers::Readers;
use super::statements::Cached;
use super::writer_lock::{Gate, Writer};
use super::{connection, pending_deletes};
use crate::blob::{Folder, Underway};
use crate::bugs::{self, Bug};
use crate::live::{Changes, Live};
use crate::model::TicketId;
use crate::product::Profile;
use crate::store::StoreError;
use crate::store::lifecycle::state::Life;

/// One account's file. Shared between threads; every call answers from the file, in milliseconds.
pub struct Store {
    pub(in crate::store) home: Home,
    pub(in crate::store) gate: Gate,
    pub(in crate::store) readers: Readers,
    /// Behind the connections: they are closed before the folder is unlocked.
    pub(in crate::store) life: Life,
    pub(in crate::store) live: Arc<Live>,
    pub(in crate::store) profile: Arc<Profile>,
    pub(in crate::store) files: Folder,
    pub(in crate::store) underway: Arc<Underway>,
}

/// A write in progress: a transaction, and what it changed so far.
pub(crate) struct Edit<'a> {
    pub(in crate::store) tx: Transaction<'a>,
    pub(in crate::store) changes: Changes,
    /// How stale an answer of the desk may be.
    pub(in crate::store) quiet: Duration,
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
    pub(crate) fn underway(&self) -> &Arc<Underway> {
        &self.underway
    }

    /// One transaction: all of it or nothing, and announced after the commit.
    pub(in crate::store) fn write<T>(
        &self,
        writer: Writer,
        work: impl FnOnce(&mut Edit<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (done, changes) = self.watching_for_damage(|| {
            let mut writing = self.gate.enter(writer)?;
            let connection = writing.connection()?;
            // What a user wrote must survive the next power cut; what the desk said can be asked for again.
            let synchronous = match writer {
                Writer::User if bugs::is_on(Bug::SynchronousOff) => "OFF",
                Writer::User => "FULL",
                Writer::Sync => "NORMAL",
            };
            connection.pragma_update(None, "synchronous", synchronous)?;
            let (done, changes, doomed) = {
                let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let mut edit = Edit { tx, changes: Changes::default(), quiet: self.quiet() };
                let done = work(&mut edit)?;
                let Edit { tx, changes, .. } = edit;
                let doomed = pending_deletes::doomed(&tx)?;
                tx.commit()?;
                (done, changes, doomed)
            };
            if !doomed.is_empty() {
                if writer == Writer::Sync {
                    // What sync wrote may be undone by a power cut, and then the rows are back: their files go after that.
                    connection.pragma_update(None, "synchronous", "FULL")?;
                    connection.execute_cached("UPDATE doomed SET stored_as = stored_as", [])?;
                }
                if self.remove_doomed(&doomed) {
                    connection.execute_cached("DELETE FROM doomed", [])?;
                }
            }
            Ok((done, changes))
        })?;
        self.live.announce(&changes);
        Ok(done)
    }

    /// Removes files whose rows are gone. False if not all could be removed: then the next write tries again.
    fn remove_doomed(&self, doomed: &[String]) -> bool {
        doomed.iter().all(|stored_as| self.files.remove(stored_as).is_ok())
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
