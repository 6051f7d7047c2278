//! Full reconciliation: finds the tickets that no list contains any more.
//!
//! An incremental sync shows what changed, but not what has disappeared. So from time to time every list is read
//! completely. During this time every ticket that the server shows, in any answer, gets a mark with the number of the
//! reconciliation (`reconciliation_marks`). A full reconciliation is in one of three states:
//!
//! * **idle**: nothing is to be done until the product's interval (`reconcile_every` of the sync policy) has passed
//!   since the last reconciliation. If a list became shorter, or a sync may have missed something, one [`EARLY`]th of
//!   the interval is enough: an hour instead of a day. If a list is no longer offered, nothing is waited for.
//! * **reading lists**: every list is read by cursor. A transaction stores a page together with the cursor of the next
//!   page, so a kill costs one page. The tickets on the page are stored as always. This also repairs a ticket that an
//!   incremental sync has missed because rows moved from page to page. The state ends when every list was read to its
//!   end.
//! * **asking**: the server is asked for every ticket without a mark, by the ticket's number. If the server answers
//!   that the ticket is not there, and the account is then proven to work, the ticket is revoked. No less revokes it.
//!   If the server shows the ticket, the ticket gets a mark. After any other failure the ticket has a pause
//!   ([`pauses`](crate::store::schedule::pauses)), and the others are asked for. The state ends when every ticket has a
//!   mark or is revoked.
//!
//! When all lists have been read, the threads of which some comments could not be read become due, so that these comments
//! are asked for once more.
//!
//! If a row could not be read, its ticket is not missing, and gets a mark. If the ids of some rows could not be read,
//! it is unknown which tickets they are. Then the full reconciliation is *inconclusive* and ends after the lists.
//!
//! If too many tickets have no mark (more than [`FEW`], and more than one in [`SHARE`]), the full reconciliation ends
//! without asking for them, and revokes none. So many revocations at once are unlikely. It is more likely that the
//! rights of the account changed, or that the server fails. The user is told
//! ([`Overview::history_missing`](crate::store::Overview)) until a later full reconciliation finds few enough tickets
//! without a mark. A ticket whose list the server no longer offers to this user is not one of them: that explains why it is
//! missing ([`membership`](crate::store::schedule::membership)).
//!
//! Every state is in the file, so a crash loses none. A full reconciliation that reads lists, or asks, for longer than
//! a day (or longer than the product's interval, if that is longer) starts again from the beginning.

use std::time::Duration;

use rusqlite::{Connection, params};

use crate::model::{TicketId, TicketList, TicketNumber, Timestamp, Unreadable};
use crate::outbox::Wait;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::schedule::pauses::no_pause;
use crate::store::{Edit, Store, StoreError};

/// This many tickets may be without a mark, however short the history is.
const FEW: usize = 20;
/// One ticket in this many may be without a mark: 2 %.
const SHARE: usize = 50;
/// A full reconciliation that has been in one state for this long is not continued.
const STALE: Duration = Duration::from_hours(24);
/// If a full reconciliation is brought forward, the product's interval is divided by this number: it comes an hour
/// after the last one instead of a day.
const EARLY: u32 = 24;

/// Where the full reconciliation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReconciliationState {
    /// There is nothing to do.
    Idle,
    /// The lists are being read.
    ReadingLists,
    /// All lists have been read, and missing tickets are being asked for.
    Asking,
}

impl Store {
    /// The state at `now`, by the device's clock. If `may_begin`, one that is due is started, and one that has taken
    /// too long is started again. `every`: the time between two of them.
    pub(crate) fn advance_reconciliation(
        &self,
        now: Timestamp,
        every: Duration,
        may_begin: bool,
    ) -> Result<ReconciliationState, StoreError> {
        let (state, since, early) = self.read(|db| {
            let sql = "SELECT state, since, early FROM reconciliation";
            Ok(db.query_row_cached(sql, [], |row| {
                Ok((state_of(&row.get::<_, String>(0)?), row.get::<_, Option<i64>>(1)?, row.get::<_, bool>(2)?))
            })?)
        })?;
        // Before the end of the first sync: it reads every list itself.
        let Some(since) = since else { return Ok(ReconciliationState::Idle) };
        let over = |length| Wait { start: Timestamp(since), length, server_imposed: false }.left(now).is_none();
        let due = match state {
            ReconciliationState::Idle => over(if early { every / EARLY } else { every }),
            _ => over(every.max(STALE)),
        };
        if !due || !may_begin {
            return Ok(state);
        }
        self.write(Priority::Sync, |edit| {
            let sql =
                "UPDATE reconciliation SET number = number + 1, state = 'walking', since = ?1, early = 0, inconclusive = 0";
            edit.tx.execute_cached(sql, [now.0])?;
            edit.tx.execute_cached("UPDATE lists SET reconciliation_cursor = NULL", [])?;
            Ok(ReconciliationState::ReadingLists)
        })
    }

    /// Where the running full reconciliation continues in `list`; `None` if it has read the list to its end.
    pub(crate) fn reconciliation_cursor(&self, list: &TicketList) -> Result<Option<ReconciliationCursor>, StoreError> {
        self.read(|db| {
            let sql = "SELECT reconciled = (SELECT number FROM reconciliation), reconciliation_cursor FROM lists WHERE name = ?1";
            let (done, cursor): (bool, Option<String>) =
                db.query_row_cached(sql, [&list.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok((!done).then_some(ReconciliationCursor { cursor }))
        })
    }

    /// Reads `list` again from its beginning, because the server no longer accepts the cursor.
    pub(crate) fn restart_reconciliation(&self, list: &TicketList) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE lists SET reconciliation_cursor = NULL WHERE name = ?1", [&list.0])?;
            Ok(())
        })
    }

    /// Called when every list was read to its end. True if the missing tickets may be asked for. If too many are missing, the
    /// full reconciliation is over, and the user is told. It is also over if it is inconclusive.
    pub(crate) fn accept_missing(&self, now: Timestamp) -> Result<bool, StoreError> {
        let few = self.few()?;
        let (missing, inconclusive) = self.read(|db| {
            let sql = "SELECT inconclusive FROM reconciliation";
            Ok((unexplained(db, few + 1)?, db.query_row_cached(sql, [], |row| row.get::<_, bool>(0))?))
        })?;
        let believed = missing <= few;
        self.write(Priority::Sync, |edit| {
            let sql = "UPDATE reconciliation
                       SET state = ?1, since = ?2, history_missing = CASE WHEN inconclusive THEN history_missing ELSE ?3 END";
            let asking = believed && !inconclusive;
            // Comments that could not be read are asked for once more. Nothing else would: their tickets did not change.
            let again = "UPDATE tickets SET thread_as_of = 0, thread_settled = 0
                         WHERE left_out > 0 AND visible AND thread_as_of IS NOT NULL";
            edit.tx.execute_cached(again, [])?;
            edit.tx.execute_cached(sql, params![if asking { "asking" } else { "idle" }, now.0, !believed])?;
            edit.changes.status = true;
            Ok(asking)
        })
    }

    /// How many tickets may be revoked at once. More at a time are unlikely: it is more likely that the rights of the
    /// account changed, or that the server fails.
    pub(crate) fn few(&self) -> Result<usize, StoreError> {
        self.read(|db| {
            let sql = "SELECT count(*) FROM tickets WHERE number IS NOT NULL AND visible";
            let known: i64 = db.query_row_cached(sql, [], |row| row.get(0))?;
            Ok(FEW.max(usize::try_from(known).unwrap_or_default() / SHARE))
        })
    }

    /// Tells the user that the server has taken away so many tickets at once that they are not revoked.
    pub(crate) fn report_history_missing(&self) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE reconciliation SET history_missing = 1", [])?;
            edit.changes.status = true;
            Ok(())
        })
    }

    /// Up to `limit` visible tickets without a mark of the running full reconciliation, and without a pause at `now`, by
    /// the device's clock.
    pub(crate) fn missing(&self, limit: usize, now: Timestamp) -> Result<Vec<(TicketId, TicketNumber)>, StoreError> {
        self.read(|db| missing(db, limit, Some(now)))
    }

    /// Whether any visible ticket has no mark of the running full reconciliation, with a pause or without.
    pub(crate) fn is_any_missing(&self) -> Result<bool, StoreError> {
        self.read(|db| Ok(!missing(db, 1, None)?.is_empty()))
    }

    /// Ends the full reconciliation: no ticket is missing any more.
    pub(crate) fn end_reconciliation(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE reconciliation SET state = 'idle', since = ?1", [now.0])?;
            Ok(())
        })
    }
}

/// A place in a list that a full reconciliation reads.
pub(crate) struct ReconciliationCursor {
    /// The server's cursor; `None` at the beginning of the list.
    pub cursor: Option<String>,
}

/// Up to `limit` tickets without a mark. If a time is given, tickets that have a pause at that time are left out.
fn missing(db: &Connection, limit: usize, now: Option<Timestamp>) -> Result<Vec<(TicketId, TicketNumber)>, StoreError> {
    let sql = format!(
        "SELECT id, number FROM tickets
         WHERE number IS NOT NULL AND visible
           AND NOT EXISTS (SELECT 1 FROM reconciliation_marks m JOIN reconciliation s ON m.reconciliation = s.number
                           WHERE m.ticket = tickets.id)
           AND (?2 IS NULL OR {})
         ORDER BY id LIMIT ?1",
        no_pause("?2")
    );
    let mut statement = db.prepare_cached(&sql)?;
    let args = params![i64::try_from(limit).unwrap_or(i64::MAX), now.map(|now| now.0)];
    let rows = statement.query_map(args, |row| Ok((TicketId(row.get(0)?), TicketNumber(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many tickets without a mark there are of which it is not known why they are missing, counted up to `limit`.
fn unexplained(db: &Connection, limit: usize) -> Result<usize, StoreError> {
    let sql = "SELECT count(*) FROM (
                   SELECT 1 FROM tickets
                   WHERE number IS NOT NULL AND visible
                     AND NOT EXISTS (SELECT 1 FROM reconciliation_marks m JOIN reconciliation s ON m.reconciliation = s.number
                                     WHERE m.ticket = tickets.id)
                     AND NOT EXISTS (SELECT 1 FROM list_tickets l WHERE l.ticket = tickets.id AND l.list = '')
                   LIMIT ?1)";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let count: i64 = db.query_row_cached(sql, [limit], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Marks a ticket that the server has shown, in any answer. Does nothing if no full reconciliation is running.
pub(in crate::store) fn mark_shown(edit: &Edit<'_>, number: TicketNumber) -> Result<(), StoreError> {
    let sql = "INSERT INTO reconciliation_marks (ticket, reconciliation)
               SELECT t.id, s.number FROM tickets t, reconciliation s WHERE t.number = ?1 AND s.state <> 'idle'
               ON CONFLICT (ticket) DO UPDATE SET reconciliation = excluded.reconciliation WHERE reconciliation <> excluded.reconciliation";
    edit.tx.prepare_cached(sql)?.execute([number.0])?;
    Ok(())
}

/// Notes rows that could not be read. The server has shown their tickets, so they get a mark. If their ids are unknown,
/// the running full reconciliation is inconclusive.
pub(in crate::store) fn mark_unreadable(edit: &Edit<'_>, unreadable: &Unreadable) -> Result<(), StoreError> {
    for id in &unreadable.ids {
        mark_shown(edit, TicketNumber(*id))?;
    }
    if unreadable.unknown > 0 {
        let sql = "UPDATE reconciliation SET inconclusive = 1 WHERE state = 'walking' AND NOT inconclusive";
        edit.tx.execute_cached(sql, [])?;
    }
    Ok(())
}

/// Stores where the full reconciliation continues in `list`. `next`: the cursor after the page that was read; `None` at the end.
pub(in crate::store) fn advance(edit: &Edit<'_>, list: &TicketList, next: Option<&str>) -> Result<(), StoreError> {
    let sql = "UPDATE lists
               SET reconciliation_cursor = ?2, reconciled = CASE WHEN ?2 IS NULL THEN (SELECT number FROM reconciliation) ELSE reconciled END
               WHERE name = ?1";
    edit.tx.prepare_cached(sql)?.execute(params![list.0, next])?;
    Ok(())
}

fn state_of(name: &str) -> ReconciliationState {
    match name {
        "walking" => ReconciliationState::ReadingLists,
        "asking" => ReconciliationState::Asking,
        _ => ReconciliationState::Idle,
    }
}
