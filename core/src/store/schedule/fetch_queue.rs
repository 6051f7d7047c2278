//! The fetch queue: which threads to read next.
//!
//! Tickets are synced completely; threads are read by the product's policy. A thread is *due* if its ticket changed and the
//! policy asks for it: because it was opened, is unread, is open, or was active lately. A due thread is read at once. All
//! other threads are read in *idle* time, newest first, as long as the
//! [request budget](crate::store::schedule::request_budget) of the running hour allows it. Reading due threads is charged as
//! well. So a busy hour leaves no budget for the other threads, but a due thread never waits for the budget.
//!
//! The queue is a query over the tickets and has no state of its own, so a crash does not change it. A thread leaves
//! the queue only in the transaction that stores the thread. Two kinds of threads stay in the queue but are skipped: a
//! thread that could not be read, until its [pause](crate::store::schedule::pauses) is over, and a long thread whose
//! newest comments come last, until its [walk](crate::store::schedule::walks) has reached them.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::{TicketId, TicketNumber, Timestamp, millis};
use crate::outbox::Wait;
use crate::product::ThreadPolicy;
use crate::store::db::statements::Cached;
use crate::store::schedule::pauses::no_pause;
use crate::store::{Store, StoreError};

/// The threads that the policy asks for and that have had no complete read since their last update. ?1: whether the
/// policy asks for unread threads. ?2: whether it asks for open ones. ?3: how long a ticket counts as active, in ms. In
/// a long history, few tickets are any of these. The first half reads an index that contains only unread, open and
/// requested threads. The second half reads only the newest end of another index.
const ASKED_FOR: &str = "id IN (
    SELECT id FROM tickets INDEXED BY tickets_wanted
    WHERE NOT thread_settled AND number IS NOT NULL AND visible
      AND (thread_requested OR unread OR server_status NOT IN ('solved', 'closed'))
      AND (thread_requested OR (?1 AND unread) OR (?2 AND server_status NOT IN ('solved', 'closed')))
    UNION ALL
    SELECT id FROM tickets INDEXED BY tickets_updated
    WHERE NOT thread_settled AND number IS NOT NULL AND visible
      AND updated_at >= (SELECT max(updated_at) FROM tickets WHERE number IS NOT NULL) - ?3)";

/// SQL: the thread has no unfinished walk whose pages come oldest first. The walk will reach the newest comments, so it
/// is no use to begin again.
const NOT_READ_ON: &str = "NOT EXISTS (SELECT 1 FROM thread_walks w
                                       WHERE w.ticket = tickets.id AND w.cursor IS NOT NULL AND NOT w.newest_first)";

/// A thread to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThreadDue {
    pub ticket: TicketId,
    pub number: TicketNumber,
    /// The ticket's last update, by the server's clock. After the read, the file knows the thread up to this update.
    pub of: Timestamp,
    /// Whether the file already knows the thread up to that update. Only [`Store::thread_due`] tells; elsewhere it is
    /// false.
    pub known: bool,
}

impl Store {
    /// Returns at most `limit` threads that the policy asks for and that are due at `now`. A thread is due if it was
    /// not read since its ticket's last update, or if its last read was too early to be complete. Threads that could
    /// not be read the last time come last. Of the others, opened threads come first, then unread ones, then the rest
    /// by their latest update. "Active" is counted back from the newest update of any ticket, by the server's clock.
    /// `now` is by the device's clock.
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

    /// How long until the next thread is due, because its last read was too early, or because its pause is over then.
    /// `None` if no thread waits for this.
    pub(crate) fn threads_due_in(&self, policy: ThreadPolicy, now: Timestamp) -> Result<Option<Duration>, StoreError> {
        self.read(|db| {
            let args = params![policy.unread, policy.open, active(policy), now.0];
            let noticed: Option<i64> = db.prepare_cached(&due_later())?.query_row(args, |row| row.get(0))?;
            let early = noticed.map(|start| Wait::new(Timestamp(start), self.visible_after()).left(now));
            let args = params![policy.unread, policy.open, active(policy), now.0];
            let paused: Option<i64> = db.prepare_cached(&paused())?.query_row(args, |row| row.get(0))?;
            let paused = paused.and_then(|left| u64::try_from(left).ok()).map(Duration::from_millis);
            Ok([early.map(Option::unwrap_or_default), paused].into_iter().flatten().min())
        })
    }

    /// The thread of one ticket, if the ticket is visible and has a number.
    pub(crate) fn thread_due(&self, ticket: TicketId) -> Result<Option<ThreadDue>, StoreError> {
        self.read(|db| {
            let sql = "SELECT id, number, updated_at, thread_as_of IS updated_at FROM tickets WHERE id = ?1 AND number IS NOT NULL AND visible";
            Ok(db.query_row_cached(sql, [ticket.0], due).optional()?)
        })
    }

    /// Whether the thread of a ticket may have more than the file knows, although the ticket has not changed: something of it
    /// could not be read, a message of this user is not shown, or the server's time of the last update makes no sense and
    /// may stay the same for ever.
    pub(crate) fn may_have_more(&self, ticket: TicketId) -> Result<bool, StoreError> {
        self.read(|db| {
            let sql =
                "SELECT EXISTS (SELECT 1 FROM tickets WHERE id = ?1 AND (left_out > 0 OR nonsense_time IS NOT NULL))
                     OR EXISTS (SELECT 1 FROM outbox WHERE ticket = ?1 AND state = 'not_shown')";
            Ok(db.query_row_cached(sql, [ticket.0], |row| row.get(0))?)
        })
    }

    /// The thread of one ticket, if the ticket is visible, has a number, and its thread was never read to the end.
    pub(crate) fn thread_never_read(&self, ticket: TicketId) -> Result<Option<ThreadDue>, StoreError> {
        self.read(|db| {
            let sql = "SELECT id, number, updated_at, 0 FROM tickets
                       WHERE id = ?1 AND number IS NOT NULL AND visible AND thread_as_of IS NULL";
            Ok(db.query_row_cached(sql, [ticket.0], due).optional()?)
        })
    }

    /// The next thread to read in idle time: first threads that were never read, then threads that have changed since; newest
    /// first in both.
    pub(crate) fn next_idle_thread(&self, now: Timestamp) -> Result<Option<ThreadDue>, StoreError> {
        self.read(|db| {
            let never = "thread_as_of IS NULL";
            match idle(db, never, now)? {
                None => idle(db, "thread_as_of = 0", now),
                found => Ok(found),
            }
        })
    }
}

/// The query of [`Store::threads_due`]. Beyond [`ASKED_FOR`]: ?4 now, ?5 how stale a read may be, in ms, ?6 the limit.
pub(in crate::store) fn due_now() -> String {
    let no_pause = no_pause("?4");
    format!(
        "SELECT id, number, updated_at, 0 FROM tickets
         WHERE {ASKED_FOR} AND (thread_as_of IS NOT updated_at OR update_seen_at > ?4 OR update_seen_at + ?5 <= ?4)
           AND {no_pause} AND {NOT_READ_ON}
         ORDER BY EXISTS (SELECT 1 FROM thread_pauses p WHERE p.ticket = tickets.id),
                  thread_requested DESC, unread DESC, updated_at DESC, number DESC LIMIT ?6"
    )
}

/// The first query of [`Store::threads_due_in`]: the threads whose read was too early. ?4: now.
pub(in crate::store) fn due_later() -> String {
    let no_pause = no_pause("?4");
    format!(
        "SELECT min(update_seen_at) FROM tickets
         WHERE {ASKED_FOR} AND thread_as_of IS updated_at AND {no_pause} AND {NOT_READ_ON}"
    )
}

/// The second query of [`Store::threads_due_in`]: what is left of the shortest pause. ?4: now.
pub(in crate::store) fn paused() -> String {
    format!(
        "SELECT min(wait_start + wait_length - ?4) FROM tickets JOIN thread_pauses ON ticket = id
         WHERE {ASKED_FOR} AND wait_start <= ?4 AND wait_start + wait_length > ?4"
    )
}

/// The newest thread to which the condition `which` applies and that has no pause, whatever the policy.
fn idle(db: &Connection, which: &str, now: Timestamp) -> Result<Option<ThreadDue>, StoreError> {
    let no_pause = no_pause("?1");
    let sql = format!(
        "SELECT id, number, updated_at, 0 FROM tickets
         WHERE NOT thread_settled AND {which} AND number IS NOT NULL AND visible AND {no_pause} AND {NOT_READ_ON}
         ORDER BY updated_at DESC LIMIT 1"
    );
    Ok(db.prepare_cached(&sql)?.query_row([now.0], due).optional()?)
}

pub(super) fn due(row: &Row<'_>) -> rusqlite::Result<ThreadDue> {
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
