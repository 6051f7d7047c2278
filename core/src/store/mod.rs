//! The store: one SQLite file for one account, and the only module with SQL.
//!
//! The file is the one truth. Screens are queries over it ([`history`], [`thread`], [`drafts`]); what the user writes is
//! in it before the call returns ([`compose`], committed with `synchronous=FULL`); what the desk says comes in through one
//! matching step ([`matching`], [`comments`]), whether it was asked for by a pull or by a send. Nothing else caches. How far
//! the desk was read is beside it: watermarks and walks ([`lists`]), the search for what is no longer there ([`sweep`]), and which threads
//! are read ahead ([`ahead`]). What the user may no longer see leaves through [`vanish`].
//!
//! One connection writes, users before sync ([`gate`]); readers have connections of their own and see the last commit.
//! After each commit the store announces what changed, so that no caller can forget to.
//!
//! A file is opened, suspended, closed, rescued and left in [`life`], [`rescue`] and [`sign_out`], under a lock on its
//! folder ([`lock`]).

mod ahead;
mod cached;
mod carry;
mod comments;
mod compose;
mod downloads;
mod drafts;
mod error;
mod files;
mod gate;
mod history;
mod installation;
mod life;
mod lists;
mod lock;
mod matching;
mod open;
mod operations;
mod outbox;
mod read_marks;
mod rescue;
mod rows;
mod sign_out;
mod sweep;
#[cfg(test)]
mod tests;
mod thread;
mod uploads;
mod vanish;

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub(crate) use self::ahead::{Budget, ThreadDue};
use self::cached::Cached;
pub use self::comments::ReadThread;
pub(crate) use self::compose::ReplyOutcome;
pub use self::compose::{NewReply, NewTicket};
pub(crate) use self::downloads::Wanted;
pub use self::error::StoreError;
pub(crate) use self::files::{Outgoing, Token};
use self::gate::{Gate, Readers, Writer};
pub use self::history::{HistoryPage, Overview, Progress};
use self::life::Life;
pub use self::lists::{ListState, PulledPage, WalkStep};
pub use self::matching::Seen;
use self::open::Home;
pub use self::open::{Account, StoreKey, file_of};
pub(crate) use self::outbox::Transition;
pub use self::rescue::Recovered;
pub use self::sign_out::{SignOut, Unsent};
pub(crate) use self::sweep::SweepState;
pub use self::thread::ThreadPage;
use crate::attachments::{Folder, Underway};
use crate::bugs::{self, Bug};
use crate::live::{Changes, Live};
use crate::model::TicketId;
use crate::profile::Profile;

/// How many rows a page may have.
pub const MAX_PAGE: u32 = 200;

/// One account's file. Shared between threads; every call answers from the file, in milliseconds.
pub struct Store {
    home: Home,
    gate: Gate,
    readers: Readers,
    /// Behind the connections: they are closed before the folder is unlocked.
    life: Life,
    live: Arc<Live>,
    profile: Arc<Profile>,
    files: Folder,
    underway: Arc<Underway>,
}

/// A write in progress: a transaction, and what it changed so far.
pub(crate) struct Edit<'a> {
    tx: Transaction<'a>,
    changes: Changes,
    /// How stale an answer of the desk may be.
    quiet: Duration,
}

impl Edit<'_> {
    fn touch(&mut self, ticket: TicketId) {
        self.changes.history = true;
        self.changes.threads.insert(ticket);
    }

    fn touch_outbox(&mut self, ticket: TicketId) {
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
    fn write<T>(
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
                let doomed = files::doomed(&tx)?;
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
    fn read<T>(&self, look: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.watching_for_damage(|| {
            let mut reading = self.readers.take(|| open::reader(&self.home.file()))?;
            let tx = reading.connection()?.transaction()?;
            look(&tx)
        })
    }
}
