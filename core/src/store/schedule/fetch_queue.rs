//! Which threads are read ahead, and what that may cost.
//!
//! Tickets are synced whole, threads by the product's policy. What was opened, is unread, is open or was active lately is
//! *wanted*: read as soon as its ticket changed. Everything else is read when it is opened, or in *idle* time, newest
//! first, as long as the running hour's budget of requests and bytes allows. Every reading is charged, wanted ones too, so
//! that a busy hour leaves the rest alone; only the rest is ever held up. The hour is a start and a length by the device's
//! clock: one that was set back begins a new hour.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::{TicketId, TicketNumber, Timestamp, millis};
use crate::outbox::Wait;
use crate::product::ThreadPolicy;
use crate::store::db::statements::Cached;
use crate::store::{Store, StoreError};

/// Threads that the policy wants and that are not known for sure. ?1 unread, ?2 open, ?3 active for so many ms. Most of a
/// long history is neither: both halves read an index in which it is not, or only its newest end.
const WANTED: &str = "id IN (
    SELECT id FROM tickets INDEXED BY tickets_wanted
    WHERE NOT thread_settled AND number IS NOT NULL AND visible
      AND (thread_requested OR unread OR server_status NOT IN ('solved', 'closed'))
      AND (thread_requested OR (?1 AND unread) OR (?2 AND server_status NOT IN ('solved', 'closed')))
    UNION ALL
    SELECT id FROM tickets INDEXED BY tickets_updated
    WHERE NOT thread_settled AND number IS NOT NULL AND visible
      AND updated_at >= (SELECT max(updated_at) FROM tickets WHERE number IS NOT NULL) - ?3)";

/// A thread that should be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThreadDue {
    pub ticket: TicketId,
    pub number: TicketNumber,
    /// The ticket's last update, for which the thread will then be known.
    pub of: Timestamp,
    /// The thread is already known as of that update.
    pub known: bool,
}

impl Store {
    /// The threads that the policy wants read now: those that are not known as of their ticket's last update, and those
    /// whose reading was too early to be sure. Opened ones first, then unread, then by last update. "Active" counts back
    /// from the newest update seen, by the server's clock.
    pub(crate) fn threads_due(
        &self,
        policy: ThreadPolicy,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ThreadDue>, StoreError> {
        self.read(|db| {
            let mut statement = db.prepare_cached(&due_now())?;
            let args = params![policy.unread, policy.open, active(policy), now.0, millis(self.visible_after()), limit];
            let rows = statement.query_map(args, due)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// When the next reading that was too early will be due again, from now.
    pub(crate) fn threads_due_in(&self, policy: ThreadPolicy, now: Timestamp) -> Result<Option<Duration>, StoreError> {
        self.read(|db| {
            let args = params![policy.unread, policy.open, active(policy)];
            let noticed: Option<i64> = db.prepare_cached(&due_later())?.query_row(args, |row| row.get(0))?;
            let wait = |start| Wait { start: Timestamp(start), length: self.visible_after(), server_imposed: false };
            Ok(noticed.map(|start| wait(start).left(now).unwrap_or_default()))
        })
    }

    /// One ticket as a thread to read, if the server knows it.
    pub(crate) fn thread_due(&self, ticket: TicketId) -> Result<Option<ThreadDue>, StoreError> {
        self.read(|db| {
            let sql = "SELECT id, number, updated_at, thread_as_of IS updated_at FROM tickets WHERE id = ?1 AND number IS NOT NULL AND visible";
            Ok(db.query_row_cached(sql, [ticket.0], due).optional()?)
        })
    }

    /// One ticket as a thread to read, if the server knows it and its thread was never read.
    pub(crate) fn thread_never_read(&self, ticket: TicketId) -> Result<Option<ThreadDue>, StoreError> {
        self.read(|db| {
            let sql = "SELECT id, number, updated_at, 0 FROM tickets
                       WHERE id = ?1 AND number IS NOT NULL AND visible AND thread_as_of IS NULL";
            Ok(db.query_row_cached(sql, [ticket.0], due).optional()?)
        })
    }

    /// The next thread that nobody waits for: never read first, then changed since; each newest first.
    pub(crate) fn next_idle_thread(&self) -> Result<Option<ThreadDue>, StoreError> {
        self.read(|db| {
            let never = "thread_as_of IS NULL";
            match idle(db, never)? {
                None => idle(db, "thread_as_of = 0"),
                found => Ok(found),
            }
        })
    }
}

/// ?4 now, ?5 how stale a reading may be, ?6 how many.
pub(in crate::store) fn due_now() -> String {
    format!(
        "SELECT id, number, updated_at, 0 FROM tickets
         WHERE {WANTED} AND (thread_as_of IS NOT updated_at OR update_seen_at > ?4 OR update_seen_at + ?5 <= ?4)
         ORDER BY thread_requested DESC, unread DESC, updated_at DESC, number DESC LIMIT ?6"
    )
}

pub(in crate::store) fn due_later() -> String {
    format!("SELECT min(update_seen_at) FROM tickets WHERE {WANTED} AND thread_as_of IS updated_at")
}

fn idle(db: &Connection, which: &str) -> Result<Option<ThreadDue>, StoreError> {
    let sql = format!(
        "SELECT id, number, updated_at, 0 FROM tickets
         WHERE NOT thread_settled AND {which} AND number IS NOT NULL AND visible ORDER BY updated_at DESC LIMIT 1"
    );
    Ok(db.prepare_cached(&sql)?.query_row([], due).optional()?)
}

fn due(row: &Row<'_>) -> rusqlite::Result<ThreadDue> {
    Ok(ThreadDue {
        ticket: TicketId(row.get(0)?),
        number: TicketNumber(row.get(1)?),
        of: Timestamp(row.get(2)?),
        known: row.get(3)?,
    })
}

/// How long a ticket counts as active after its last update, in ms.
fn active(policy: ThreadPolicy) -> i64 {
    i64::from(policy.active_days) * 24 * 60 * 60 * 1_000
}
