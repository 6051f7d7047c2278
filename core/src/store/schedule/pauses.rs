//! Pauses: a thread or a list that cannot be read waits alone.
//!
//! # The story
//!
//! A thread that fails (an error of the server, an answer that makes no sense, a refusal that is not proven) stays due
//! and gets a *pause*: a row in `thread_pauses` with the number of failures in a row and a wait. The wait grows with
//! the failures, up to 15 minutes. Until it is over, neither the fetch queue nor the full reconciliation asks for the
//! thread; everything else goes on. The thread's screen shows when the next attempt is made. The row is deleted in the
//! transaction that stores the thread's newest comments, or when an answer shows that there is nothing new in it.
//!
//! A list has the same wait in its own row, and three more things, because a list can also fail in the middle:
//!
//! * A backfill counts its failures until it has read a page *beyond* the place of the last one (`failed_rows`). So it
//!   notices a place that fails again and again, even if it can read the pages before that place.
//! * After [`RESTART_AFTER`] failures in a row, the backfill begins again at the beginning of the list, because its
//!   cursor may be the cause.
//! * After [`OTHER_WAY_AFTER`] failures in a row, the list is read in the other way: by page numbers instead of
//!   cursors, or by cursors again (`by_number`). If its pages lead in a circle or do not end, this happens at once.
//!
//! The last two do not follow a failure without an answer, because the place in the list is rarely its cause.
//!
//! A wait is a start and a length by the device's clock, so a clock that was set back ends it. When the user asks for a
//! sync, or the network returns, every wait ends except a server-imposed one that began less than a minute ago. The
//! failures stay counted, so the next wait is no shorter. Everything is in the file: a crash, or a new process, changes
//! no wait.

use std::time::Duration;

use rusqlite::{OptionalExtension, Row, params};

use crate::model::{Chance, RefreshProblem, TicketId, TicketList, Timestamp, millis};
use crate::outbox::{ASK_A_BUSY_SERVER, Wait, backoff};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

/// After this many failures in a row a backfill begins again at the beginning of its list.
const RESTART_AFTER: u32 = 3;
/// After this many failures in a row a list is read the other way.
const OTHER_WAY_AFTER: u32 = 6;
/// The first pause is as long as the outbox's pause after this many failures, because a thread or a list may take
/// several requests.
const SKIPPED_STEPS: u32 = 3;

/// SQL: whether the thread of the row `tickets` may be read at the time `now`, a parameter.
pub(in crate::store) fn no_pause(now: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM thread_pauses p
                     WHERE p.ticket = tickets.id AND p.wait_start <= {now} AND p.wait_start + p.wait_length > {now})"
    )
}

/// What decides how long the pause after a failure is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pause {
    /// The present time by the device's clock.
    pub now: Timestamp,
    /// The wait that the server asked for, if it did.
    pub after: Option<Duration>,
    /// Varies the pause, so that devices do not return together.
    pub chance: Chance,
}

impl Pause {
    /// The wait after a failure that follows `failures` others.
    pub(in crate::store) fn after(self, failures: u32) -> Wait {
        let length = backoff(failures.saturating_add(SKIPPED_STEPS), self.chance).max(self.after.unwrap_or_default());
        Wait { start: self.now, length, server_imposed: self.after.is_some() }
    }
}

/// How a list failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListFailure {
    /// There was no answer. The cause is rarely the place in the list.
    Broken,
    /// The answer was an error, or made no sense.
    Refused,
    /// The pages lead in a circle, or do not end.
    Endless,
}

impl Store {
    /// Writes down that the thread of `ticket` could not be read, and lets it wait.
    pub(crate) fn thread_failed(&self, ticket: TicketId, pause: Pause) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            let sql = "SELECT failures FROM thread_pauses WHERE ticket = ?1";
            let failures: Option<u32> = edit.tx.query_row_cached(sql, [ticket.0], |row| row.get(0)).optional()?;
            let failures = failures.unwrap_or_default();
            let wait = pause.after(failures);
            // The ticket may have been removed meanwhile.
            let sql = "INSERT INTO thread_pauses (ticket, failures, wait_start, wait_length, wait_server_imposed)
                       SELECT id, ?2, ?3, ?4, ?5 FROM tickets WHERE id = ?1 AND visible
                       ON CONFLICT (ticket) DO UPDATE SET failures = excluded.failures, wait_start = excluded.wait_start,
                           wait_length = excluded.wait_length, wait_server_imposed = excluded.wait_server_imposed";
            let args =
                params![ticket.0, failures.saturating_add(1), wait.start.0, millis(wait.length), wait.server_imposed];
            edit.tx.execute_cached(sql, args)?;
            edit.changes.threads.insert(ticket);
            Ok(())
        })
    }

    /// Deletes the pause of a thread, because an answer has shown that the file knows all of it.
    pub(crate) fn thread_answered(&self, ticket: TicketId) -> Result<(), StoreError> {
        if self.read(|db| Ok(pause_of(db, ticket)?.is_none()))? {
            return Ok(());
        }
        self.write(Priority::Sync, |edit| end_pause(edit, ticket))
    }

    /// Ends the wait of a thread, also a server-imposed one, and puts it first in the fetch queue, because the user
    /// asks for it. Does nothing if the thread has no pause.
    pub(crate) fn retry_thread(&self, ticket: TicketId) -> Result<(), StoreError> {
        if self.read(|db| Ok(pause_of(db, ticket)?.is_none()))? {
            return Ok(());
        }
        self.write(Priority::User, |edit| {
            let sql = "UPDATE thread_pauses SET wait_length = 0 WHERE ticket = ?1";
            edit.tx.execute_cached(sql, [ticket.0])?;
            edit.tx.execute_cached("UPDATE tickets SET thread_requested = 1 WHERE id = ?1", [ticket.0])?;
            edit.changes.threads.insert(ticket);
            Ok(())
        })
    }

    /// How long the thread of `ticket` still waits; `None` if it may be read.
    pub(crate) fn thread_pause(&self, ticket: TicketId, now: Timestamp) -> Result<Option<Duration>, StoreError> {
        Ok(self.read(|db| pause_of(db, ticket))?.and_then(|wait| wait.left(now)))
    }

    /// The user asks for a sync, or the network has returned, at the time `now` by the device's clock. Ends the pauses
    /// that are not server-imposed, and those that the server imposed a minute ago or earlier
    /// ([`ASK_A_BUSY_SERVER`]).
    pub(crate) fn end_pauses(&self, now: Timestamp) -> Result<(), StoreError> {
        const ENDS: &str = "wait_length > 0 AND NOT (wait_server_imposed AND wait_start > ?1)";
        let imposed_before = now.minus(ASK_A_BUSY_SERVER).0;
        let waits = self.read(|db| {
            let sql = format!(
                "SELECT EXISTS (SELECT 1 FROM thread_pauses WHERE {ENDS}) OR EXISTS (SELECT 1 FROM lists WHERE {ENDS})
                        OR EXISTS (SELECT 1 FROM help_center WHERE {ENDS})"
            );
            Ok(db.query_row_cached(&sql, [imposed_before], |row| row.get::<_, bool>(0))?)
        })?;
        if !waits {
            return Ok(());
        }
        self.write(Priority::Sync, |edit| {
            for table in ["thread_pauses", "lists", "help_center"] {
                let sql = format!("UPDATE {table} SET wait_length = 0 WHERE {ENDS}");
                edit.tx.execute_cached(&sql, [imposed_before])?;
            }
            Ok(())
        })
    }

    /// Writes down that `list` could not be read, and lets it wait. May change how the list is read next.
    pub(crate) fn list_failed(&self, list: &TicketList, how: ListFailure, pause: Pause) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("INSERT OR IGNORE INTO lists (name) VALUES (?1)", [&list.0])?;
            let sql = "SELECT failures FROM lists WHERE name = ?1";
            let before: u32 = edit.tx.query_row_cached(sql, [&list.0], |row| row.get(0))?;
            let (failures, wait) = (before.saturating_add(1), pause.after(before));
            let answered = how != ListFailure::Broken;
            let other_way = how == ListFailure::Endless || answered && failures.is_multiple_of(OTHER_WAY_AFTER);
            let restart = other_way || answered && failures.is_multiple_of(RESTART_AFTER);
            let sql = "UPDATE lists
                       SET failures = ?2, wait_start = ?3, wait_length = ?4, wait_server_imposed = ?5,
                           failed_rows = max(backfill_rows, failed_rows), by_number = by_number <> ?6,
                           backfill_rows = CASE WHEN ?7 THEN 0 ELSE backfill_rows END,
                           backfill_cursor = CASE WHEN ?7 THEN NULL ELSE backfill_cursor END,
                           reconciliation_cursor = CASE WHEN ?7 THEN NULL ELSE reconciliation_cursor END
                       WHERE name = ?1";
            edit.tx.execute_cached(
                sql,
                params![list.0, failures, wait.start.0, millis(wait.length), wait.server_imposed, other_way, restart],
            )?;
            edit.changes.status = true;
            Ok(())
        })
    }

    /// Forgets the failures of a list, because it was read to its end.
    pub(crate) fn list_answered(&self, list: &TicketList) -> Result<(), StoreError> {
        let sql = "SELECT failures > 0 FROM lists WHERE name = ?1";
        let failing = self.read(|db| Ok(db.query_row_cached(sql, [&list.0], |row| row.get(0)).optional()?))?;
        if failing != Some(true) {
            return Ok(());
        }
        self.write(Priority::Sync, |edit| list_healthy(edit, &list.0))
    }
}

/// Forgets the failures of a list.
pub(in crate::store) fn list_healthy(edit: &Edit<'_>, list: &str) -> Result<(), StoreError> {
    let sql = "UPDATE lists SET failures = 0, failed_rows = 0, wait_start = NULL, wait_length = NULL,
                      wait_server_imposed = 0
               WHERE name = ?1 AND failures > 0";
    edit.tx.execute_cached(sql, [list])?;
    Ok(())
}

/// Deletes the pause of a thread, in the transaction that stores the thread.
pub(in crate::store) fn end_pause(edit: &mut Edit<'_>, ticket: TicketId) -> Result<(), StoreError> {
    if edit.tx.execute_cached("DELETE FROM thread_pauses WHERE ticket = ?1", [ticket.0])? > 0 {
        edit.changes.threads.insert(ticket);
    }
    Ok(())
}

/// What the screen of a ticket shows of its pause.
pub(in crate::store) fn refresh_problem(
    db: &rusqlite::Connection,
    ticket: TicketId,
) -> Result<Option<RefreshProblem>, StoreError> {
    Ok(pause_of(db, ticket)?.map(|wait| RefreshProblem { next_attempt: wait.start.plus(wait.length) }))
}

fn pause_of(db: &rusqlite::Connection, ticket: TicketId) -> Result<Option<Wait>, StoreError> {
    let sql = "SELECT wait_start, wait_length, wait_server_imposed FROM thread_pauses WHERE ticket = ?1";
    let read = |row: &Row<'_>| Ok(wait_of(row.get(0)?, row.get(1)?, row.get(2)?));
    Ok(db.query_row_cached(sql, [ticket.0], read).optional()?)
}

/// A wait from the columns `wait_start`, `wait_length` and `wait_server_imposed`.
pub(in crate::store) fn wait_of(start: i64, length: i64, server_imposed: bool) -> Wait {
    let length = Duration::from_millis(u64::try_from(length).unwrap_or_default());
    Wait { start: Timestamp(start), length, server_imposed }
}
