//! Full reconciliation: finds the tickets that no list contains any more.
//!
//! An incremental sync shows what changed. It cannot show what has disappeared. So from time to time every list is read
//! completely, and every ticket that the server shows in this time is marked with the number of the reconciliation
//! (`reconciliation_marks`). The states, and what ends them:
//!
//! * **idle**: until the product's time since the last reconciliation has passed. If a list became shorter, or something may
//!   have been missed, a 24th of that time is enough.
//! * **reading lists**: every list is read by cursor. A page and the place after it are stored in one transaction, so a kill
//!   costs one page. The tickets are stored like those of any other page, which also repairs what sorted pages have lost when
//!   rows moved while they were read. The state ends when every list was read to its end.
//! * **asking**: every ticket without a mark is asked for by its number. It is revoked only because of its own answer. If the
//!   server shows it, it is marked. Any other failure ends the run of sync, and the next run continues. The state ends when no
//!   ticket is without a mark.
//!
//! If too many tickets are missing at once (more than [`FEW`] and more than one in [`SHARE`]), none is asked for and none is
//! revoked. The cause is then hardly a set of revocations, but an account whose rights changed, or a server that fails. The
//! user is told ([`Overview::history_missing`](crate::store::Overview)) until a later full reconciliation finds fewer missing.
//!
//! Every state is in the file, so a crash loses none. A full reconciliation that stays unfinished for longer than a day, or
//! for longer than the product's time if that is more, is started again from the beginning.

use std::time::Duration;

use rusqlite::{Connection, params};

use crate::model::{TicketId, TicketList, TicketNumber, Timestamp};
use crate::outbox::Wait;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

/// This many tickets may be missing, however short the history is.
const FEW: usize = 20;
/// One ticket in this many may be missing: 2 %.
const SHARE: usize = 50;
/// A full reconciliation that was left unfinished for this long is not continued.
const STALE: Duration = Duration::from_hours(24);
/// A full reconciliation that is brought forward still comes this part of the product's time after the last one: an hour
/// instead of a day.
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
    /// The state at `now`, by the device's clock. A full reconciliation that is due is started if `may_begin`. `every`: the time
    /// between two of them.
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
            let sql = "UPDATE reconciliation SET number = number + 1, state = 'walking', since = ?1, early = 0";
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
    /// full reconciliation is over, and the user is told.
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

    /// Up to `limit` visible tickets without a mark of the running full reconciliation.
    pub(crate) fn missing(&self, limit: usize) -> Result<Vec<(TicketId, TicketNumber)>, StoreError> {
        self.read(|db| missing(db, limit))
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

/// Marks a ticket that the server has shown, in any answer. Does nothing if no full reconciliation is running.
pub(in crate::store) fn mark_shown(edit: &Edit<'_>, number: TicketNumber) -> Result<(), StoreError> {
    let sql = "INSERT INTO reconciliation_marks (ticket, reconciliation)
               SELECT t.id, s.number FROM tickets t, reconciliation s WHERE t.number = ?1 AND s.state <> 'idle'
               ON CONFLICT (ticket) DO UPDATE SET reconciliation = excluded.reconciliation WHERE reconciliation <> excluded.reconciliation";
    edit.tx.prepare_cached(sql)?.execute([number.0])?;
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
