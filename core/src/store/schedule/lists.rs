//! What a pull has seen: watermarks and walks of the lists whose union is the history.
//!
//! A list without a watermark was never walked to its end. A walk starts from a sorted window, remembers the newest update
//! seen there as its future watermark, and goes on by cursor, in any order; page and place are written in one transaction,
//! so a killed walk goes on where it was. Only a complete walk sets the watermark. A list that has one is walked again when
//! a delta would be too long; until that walk ends it keeps the old one.
//!
//! What is there before a list's first watermark counts as read; everything later is news.

use rusqlite::{OptionalExtension, params};

use crate::bugs::{self, Bug};
use crate::model::{RemoteTicket, TicketList, Timestamp};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::reconcile::tickets;
use crate::store::schedule::full_reconciliation;
use crate::store::{Edit, Observation, Store, StoreError};

/// How far a list was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListState {
    /// Everything up to here was seen, by the server's clock; `None` before the first complete walk.
    pub watermark: Option<Timestamp>,
    /// The watermark that the running walk will set; `None` while none is running.
    pub backfill_watermark: Option<Timestamp>,
    /// Where the running walk goes on.
    pub backfill_cursor: Option<String>,
}

/// A page that came, and where it leaves the list.
pub struct PulledPage<'a> {
    /// Whose page it is.
    pub list: &'a TicketList,
    /// In the order in which they came.
    pub tickets: &'a [RemoteTicket],
    /// What it means for the list.
    pub step: PageStep<'a>,
    /// For whom, and when it came.
    pub seen: Observation,
}

/// Where a page leaves its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageStep<'a> {
    /// A page of a delta: nothing to remember until all were read.
    Incremental,
    /// The sorted window before a walk, and the watermark that the walk will set.
    BackfillStart(Timestamp),
    /// A page of a walk, and where the next one begins; at the end the watermark is set.
    Backfill(Option<&'a str>),
    /// A page of a full reconciliation, and where the next one begins.
    FullReconciliation(Option<&'a str>),
}

impl Store {
    /// How far `list` was read.
    pub fn list_state(&self, list: &TicketList) -> Result<ListState, StoreError> {
        self.read(|db| {
            let sql = "SELECT watermark, backfill_watermark, backfill_cursor FROM lists WHERE name = ?1";
            let state = db.query_row_cached(sql, [&list.0], |row| {
                Ok(ListState {
                    watermark: row.get::<_, Option<i64>>(0)?.map(Timestamp),
                    backfill_watermark: row.get::<_, Option<i64>>(1)?.map(Timestamp),
                    backfill_cursor: row.get(2)?,
                })
            });
            Ok(state.optional()?.unwrap_or_default())
        })
    }

    /// Takes in one page and its place in the list, in one transaction.
    pub fn apply_page(&self, page: &PulledPage<'_>) -> Result<(), StoreError> {
        if page.tickets.is_empty() && page.step == PageStep::Incremental {
            return Ok(());
        }
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("INSERT OR IGNORE INTO lists (name) VALUES (?1)", [&page.list.0])?;
            let sql = "SELECT watermark IS NULL FROM lists WHERE name = ?1";
            let first = edit.tx.query_row_cached(sql, [&page.list.0], |row| row.get(0))?;
            for ticket in tickets::in_order(page.tickets) {
                tickets::reconcile_ticket(edit, ticket, page.seen, first)?;
            }
            let list = &page.list.0;
            let rows = u32::try_from(page.tickets.len()).unwrap_or(u32::MAX);
            match page.step {
                PageStep::Incremental => {}
                PageStep::BackfillStart(from) => begin_backfill(edit, list, from)?,
                PageStep::Backfill(Some(next)) => {
                    let sql = "UPDATE lists SET backfill_cursor = ?2, backfill_rows = backfill_rows + ?3 WHERE name = ?1";
                    edit.tx.execute_cached(sql, params![list, next, rows])?;
                    edit.changes.status |= first;
                }
                PageStep::Backfill(None) => {
                    let sql = "UPDATE lists
                               SET watermark = max(ifnull(watermark, backfill_watermark), backfill_watermark), backfill_watermark = NULL,
                                   backfill_cursor = NULL, backfill_rows = backfill_rows + ?2
                               WHERE name = ?1";
                    edit.tx.execute_cached(sql, params![list, rows])?;
                    edit.changes.status |= first;
                }
                PageStep::FullReconciliation(next) => full_reconciliation::advance(edit, page.list, next)?,
            }
            Ok(())
        })?;
        self.empty_log()
    }

    /// A delta would be too long: `list` is walked again, and has `from` as its watermark afterwards.
    pub(crate) fn begin_backfill(&self, list: &TicketList, from: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| begin_backfill(edit, &list.0, from))
    }

    /// How many rows the server says `list` has. Fewer than before: something was taken away, and a full reconciliation should look.
    pub(crate) fn counted(&self, list: &TicketList, count: Option<u64>) -> Result<(), StoreError> {
        let Some(count) = count.and_then(|count| i64::try_from(count).ok()) else { return Ok(()) };
        let before: Option<i64> = self.read(|db| {
            let sql = "SELECT expected_rows FROM lists WHERE name = ?1";
            Ok(db.query_row_cached(sql, [&list.0], |row| row.get(0)).optional()?.flatten())
        })?;
        if before == Some(count) {
            return Ok(());
        }
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE lists SET expected_rows = ?2 WHERE name = ?1", params![list.0, count])?;
            if before.is_some_and(|before| before > count) {
                edit.tx.execute_cached("UPDATE reconciliation SET early = 1", [])?;
            }
            Ok(())
        })
    }

    /// Something in the lists may have been missed: the next full reconciliation does not wait for its time.
    pub(crate) fn reconcile_soon(&self) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE reconciliation SET early = 1", [])?;
            Ok(())
        })
    }

    /// A delta was read to its end: everything up to `watermark` was seen.
    pub fn finish_incremental(&self, list: &TicketList, watermark: Timestamp) -> Result<(), StoreError> {
        if self.list_state(list)?.watermark >= Some(watermark) {
            return Ok(());
        }
        self.write(Priority::Sync, |edit| {
            let sql = "UPDATE lists SET watermark = max(watermark, ?2) WHERE name = ?1";
            edit.tx.execute_cached(sql, params![list.0, watermark.0])?;
            Ok(())
        })
    }

    /// The running walk cannot go on (its place is no longer known): it begins again, for the same watermark.
    pub fn restart_backfill(&self, list: &TicketList) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached(
                "UPDATE lists SET backfill_cursor = NULL, backfill_rows = 0 WHERE name = ?1",
                [&list.0],
            )?;
            Ok(())
        })
    }

    /// Whether every list was walked once.
    pub(crate) fn first_sync_done(&self) -> Result<bool, StoreError> {
        self.read(|db| Ok(db.query_row_cached("SELECT last_sync_at IS NOT NULL FROM account", [], |row| row.get(0))?))
    }

    /// A run went through every list and every due thread.
    pub fn finish_sync(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE account SET last_sync_at = ?1", [now.0])?;
            // The lists have all been walked just now; the first full reconciliation comes when its time has passed.
            edit.tx.execute_cached("UPDATE reconciliation SET since = ?1 WHERE since IS NULL", [now.0])?;
            edit.changes.status = true;
            Ok(())
        })
    }
}

fn begin_backfill(edit: &Edit<'_>, list: &str, from: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE lists SET backfill_watermark = ?2, backfill_cursor = NULL, backfill_rows = 0, watermark = CASE WHEN ?3 THEN ?2 ELSE watermark END
               WHERE name = ?1";
    edit.tx.execute_cached(sql, params![list, from.0, bugs::is_on(Bug::WatermarkBeforeWalkEnded)])?;
    Ok(())
}
