//! The full reconciliation: which tickets no list has any more.
//!
//! A delta shows what changed; what is no longer there it cannot show. So now and then every list is walked completely,
//! and what the server showed meanwhile is marked with the full reconciliation's number. The states, and who moves them:
//!
//! * **idle**: until the product's time has passed since the last one, or a list became shorter.
//! * **walking**: every list is walked by cursor, page and place in one transaction, so a kill costs a page. What is met
//!   is taken in like any other page; that also repairs what a sorted page lost to rows that moved while it was read.
//! * **asking**: every list was walked to its end. What is missing is asked for alone, and goes only by its own answer;
//!   any other answer ends the run, and the next one asks on. What was asked and is there counts as met.
//!
//! If too much is missing at once, nothing is asked and nothing goes: that is no list of revocations but an account whose
//! rights changed, or a server that fails, and the user is told ([`Overview::history_missing`](crate::store::Overview)) until a
//! full reconciliation ends better. A full reconciliation that lies unfinished for longer than its time is begun anew.

use std::time::Duration;

use rusqlite::{Connection, params};

use crate::model::{TicketId, TicketList, TicketNumber, Timestamp};
use crate::outbox::Wait;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

/// So many may be missing, however short the history is.
const FEW: usize = 20;
/// One in so many may be missing: 2 %.
const SHARE: usize = 50;
/// A full reconciliation that was left unfinished is not picked up after this long.
const STALE: Duration = Duration::from_hours(24);
/// A list that became shorter brings the next full reconciliation forward, but not closer than this share of its time to the last one.
const EARLY: u32 = 24;

/// Where the full reconciliation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReconciliationState {
    /// There is nothing to do.
    Idle,
    /// Lists are being walked.
    ReadingLists,
    /// All were; what is missing is asked for.
    Asking,
}

impl Store {
    /// Where the full reconciliation stands at `now`. One that is due begins if `may_begin`; `every` is the time between two.
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
        // The first sync itself has just walked every list.
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
            let sql = "UPDATE reconciliation SET number = number + 1, state = 'walking', since = ?1, early = 0";
            edit.tx.execute_cached(sql, [now.0])?;
            edit.tx.execute_cached("UPDATE lists SET reconciliation_cursor = NULL", [])?;
            Ok(ReconciliationState::ReadingLists)
        })
    }

    /// Where the running full reconciliation goes on in `list`; `None` if it was walked to its end.
    pub(crate) fn reconciliation_cursor(&self, list: &TicketList) -> Result<Option<ReconciliationCursor>, StoreError> {
        self.read(|db| {
            let sql = "SELECT reconciled = (SELECT number FROM reconciliation), reconciliation_cursor FROM lists WHERE name = ?1";
            let (done, cursor): (bool, Option<String>) =
                db.query_row_cached(sql, [&list.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok((!done).then_some(ReconciliationCursor { cursor }))
        })
    }

    /// The server no longer knows the running full reconciliation's place in `list`: it is walked anew.
    pub(crate) fn restart_reconciliation(&self, list: &TicketList) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE lists SET reconciliation_cursor = NULL WHERE name = ?1", [&list.0])?;
            Ok(())
        })
    }

    /// Every list was walked to its end: whether what is missing may be asked for. If it is too much to believe, the full reconciliation
    /// is over, and the user is told.
    pub(crate) fn accept_missing(&self, now: Timestamp) -> Result<bool, StoreError> {
        let (few, missing) = self.read(|db| {
            let sql = "SELECT count(*) FROM tickets WHERE number IS NOT NULL AND visible";
            let known: i64 = db.query_row_cached(sql, [], |row| row.get(0))?;
            let few = FEW.max(usize::try_from(known).unwrap_or_default() / SHARE);
            Ok((few, missing(db, few + 1)?.len()))
        })?;
        let believed = missing <= few;
        self.write(Priority::Sync, |edit| {
            let sql = "UPDATE reconciliation SET state = ?1, since = ?2, history_missing = ?3";
            edit.tx.execute_cached(sql, params![if believed { "asking" } else { "idle" }, now.0, !believed])?;
            edit.changes.status = true;
            Ok(believed)
        })
    }

    /// Up to `limit` tickets that the running full reconciliation did not meet.
    pub(crate) fn missing(&self, limit: usize) -> Result<Vec<(TicketId, TicketNumber)>, StoreError> {
        self.read(|db| missing(db, limit))
    }

    /// Nothing is missing any more.
    pub(crate) fn end_reconciliation(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE reconciliation SET state = 'idle', since = ?1", [now.0])?;
            Ok(())
        })
    }
}

/// A place in a list that is being swept.
pub(crate) struct ReconciliationCursor {
    /// `None`: its beginning.
    pub cursor: Option<String>,
}

fn missing(db: &Connection, limit: usize) -> Result<Vec<(TicketId, TicketNumber)>, StoreError> {
    let sql = "SELECT id, number FROM tickets t
               WHERE number IS NOT NULL AND visible
                 AND NOT EXISTS (SELECT 1 FROM reconciliation_marks JOIN reconciliation s ON reconciliation_marks.reconciliation = s.number WHERE reconciliation_marks.ticket = t.id)
               ORDER BY id LIMIT ?1";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        Ok((TicketId(row.get(0)?), TicketNumber(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The server showed this ticket, in whatever answer: the running full reconciliation does not miss it.
pub(in crate::store) fn mark_shown(edit: &Edit<'_>, number: TicketNumber) -> Result<(), StoreError> {
    let sql = "INSERT INTO reconciliation_marks (ticket, reconciliation)
               SELECT t.id, s.number FROM tickets t, reconciliation s WHERE t.number = ?1 AND s.state <> 'idle'
               ON CONFLICT (ticket) DO UPDATE SET reconciliation = excluded.reconciliation WHERE reconciliation <> excluded.reconciliation";
    edit.tx.prepare_cached(sql)?.execute([number.0])?;
    Ok(())
}

/// Where a page of a full reconciliation leaves its list.
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
