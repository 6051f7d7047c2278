//! Lists: how far each of the server's lists was read. The history is the union of the lists.
//!
//! The state of a list is two things: its *watermark* (everything up to this time was seen, by the server's clock) and the
//! progress of its *backfill*.
//!
//! * **Without a watermark**, the list was never read to its end. A backfill starts with a sorted window, whose newest update
//!   becomes the future watermark. It continues by cursor, in any order. Only when it has reached the end of the list is the
//!   watermark set, so what changes during the backfill is newer than the watermark, and the next run finds it.
//! * **With a watermark**, the list is read by incremental sync, which moves the watermark when it has read everything.
//! * **With a watermark and a backfill**, the incremental sync would have been too long, and the backfill runs instead.
//!   The old watermark stays until the backfill ends.
//!
//! A page is stored in slices: transactions of at most [`SLICE`] rows, fewer if a user writes, whose writes go first
//! between two of them ([`room`](crate::store::room)). The place after the page is stored together with the last slice,
//! so after a kill a backfill reads at most one page again. A page may have more rows than were asked for; all of them
//! are stored.
//!
//! A list that fails has a pause of its own, and may be read by page numbers instead of cursors ([`pauses`]). A place
//! in a list that is read by page numbers is stored like a cursor, and begins with `#`.
//!
//! The ticket of a row that could not be read is not missing. If its id is known, the ticket gets a reconciliation
//! mark, as if the row had been read. If its id is unknown, the running full reconciliation cannot tell which tickets
//! are missing, and ends without a result.
//!
//! What exists before a list gets its first watermark counts as read, unless the server waits for the user's reply.
//! Everything later is news.

use std::collections::BTreeSet;
use std::time::Duration;

use rusqlite::{OptionalExtension, params};

use crate::bugs::{self, Bug};
use crate::model::{PersonId, RemotePerson, RemoteTicket, TicketId, TicketList, TicketPage, Timestamp, Unreadable};
use crate::outbox::Wait;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::reconcile::comments;
use crate::store::reconcile::tickets;
use crate::store::room::decide::SLICE;
use crate::store::schedule::{full_reconciliation, membership, pauses};
use crate::store::{Edit, Observation, Store, StoreError};

/// How far a list was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListState {
    /// Everything up to this time was seen, by the server's clock; `None` before the end of the first backfill.
    pub watermark: Option<Timestamp>,
    /// The watermark that the running backfill will set; `None` if none is running.
    pub backfill_watermark: Option<Timestamp>,
    /// The server's cursor from which the running backfill continues; `None` at the beginning of the list.
    pub backfill_cursor: Option<String>,
    /// How many rows the running backfill has read.
    pub backfill_rows: u64,
    /// How many rows the list has, as the server last said.
    pub expected_rows: Option<u64>,
    /// The list is read by page numbers, because its cursors failed.
    pub by_number: bool,
    /// The pause after a failure; `None` if the list has none.
    pub wait: Option<Wait>,
}

impl ListState {
    /// Whether the list was never read, not even in part.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.watermark.is_none() && self.backfill_watermark.is_none() && self.backfill_cursor.is_none()
    }
}

/// A page that was read from a list, and the progress that it makes.
pub struct PulledPage<'a> {
    /// The list that was read.
    pub list: &'a TicketList,
    /// The tickets, in the order of the answer.
    pub tickets: &'a [RemoteTicket],
    /// The progress that this page makes.
    pub step: PageStep<'a>,
    /// Whom the page was read for, and when.
    pub seen: Observation,
}

/// The progress in a list that a page makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageStep<'a> {
    /// A page of an incremental sync. It does not move the watermark, which moves only when all pages were read.
    Incremental,
    /// The sorted window before a backfill, and the watermark that the backfill will set.
    BackfillStart(Timestamp),
    /// A page of a backfill, and the cursor of the next page. `None` at the end of the list; then the watermark is set.
    Backfill(Option<&'a str>),
    /// A page of a full reconciliation, and the cursor of the next one; `None` at the end of the list.
    FullReconciliation(Option<&'a str>),
}

impl Store {
    /// How far `list` was read. Returns the default if the file does not know the list yet.
    pub fn list_state(&self, list: &TicketList) -> Result<ListState, StoreError> {
        self.read(|db| {
            let sql = "SELECT watermark, backfill_watermark, backfill_cursor, backfill_rows, expected_rows, by_number,
                              wait_start, wait_length, wait_server_imposed
                       FROM lists WHERE name = ?1";
            let number = |value: i64| u64::try_from(value).unwrap_or_default();
            let state = db.query_row_cached(sql, [&list.0], |row| {
                let start = row.get::<_, Option<i64>>(6)?.map(Timestamp);
                let length = row.get::<_, Option<i64>>(7)?.map(|length| Duration::from_millis(number(length)));
                let server_imposed = row.get(8)?;
                Ok(ListState {
                    watermark: row.get::<_, Option<i64>>(0)?.map(Timestamp),
                    backfill_watermark: row.get::<_, Option<i64>>(1)?.map(Timestamp),
                    backfill_cursor: row.get(2)?,
                    backfill_rows: number(row.get(3)?),
                    expected_rows: row.get::<_, Option<i64>>(4)?.map(number),
                    by_number: row.get(5)?,
                    wait: start.zip(length).map(|(start, length)| Wait { start, length, server_imposed }),
                })
            });
            Ok(state.optional()?.unwrap_or_default())
        })
    }

    /// Stores one page in slices, and the progress in its list with the last of them.
    pub fn apply_page(&self, page: &PulledPage<'_>) -> Result<(), StoreError> {
        self.apply_page_with(page, &Unreadable::default(), &[])
    }

    /// Like [`apply_page`](Self::apply_page), of a page with rows that could not be read, and with the names of `people`.
    pub fn apply_page_with(
        &self,
        page: &PulledPage<'_>,
        unreadable: &Unreadable,
        people: &[RemotePerson],
    ) -> Result<(), StoreError> {
        if page.tickets.is_empty() && unreadable.is_empty() && page.step == PageStep::Incremental {
            return Ok(());
        }
        let rows = tickets::in_order(page.tickets);
        let mut rows = rows.as_slice();
        let people: Vec<_> = people_of(page.tickets, people).collect();
        loop {
            let last;
            (rows, last) = self.write(Priority::Sync, |edit| {
                edit.tx.execute_cached("INSERT OR IGNORE INTO lists (name) VALUES (?1)", [&page.list.0])?;
                let sql = "SELECT watermark IS NULL FROM lists WHERE name = ?1";
                let first = edit.tx.query_row_cached(sql, [&page.list.0], |row| row.get(0))?;
                let mut left = rows;
                while let Some((ticket, after)) = left.split_first() {
                    if !edit.has_room() {
                        return Ok((left, false));
                    }
                    tickets::reconcile_ticket(edit, ticket, page.seen, first)?;
                    membership::shown_in(edit, page.list, ticket.number)?;
                    left = after;
                }
                for person in &people {
                    comments::put_person(edit, person)?;
                }
                finish_page(edit, page, unreadable, first)?;
                Ok((left, true))
            })?;
            if last {
                return self.empty_log();
            }
        }
    }

    /// Stores what the server's own search has found of a list, and returns the tickets in its order. Nothing follows from it for the
    /// progress of the list. A ticket that the list has not shown yet, because it is not read to its end, is no news.
    pub(crate) fn apply_found(
        &self,
        list: &TicketList,
        page: &TicketPage,
        seen: Observation,
    ) -> Result<Vec<TicketId>, StoreError> {
        let (mut found, mut rows) = (Vec::with_capacity(page.tickets.len()), page.tickets.as_slice());
        let people: Vec<_> = people_of(&page.tickets, &page.people).collect();
        while !rows.is_empty() {
            rows = self.write(Priority::Sync, |edit| {
                let sql = "SELECT watermark FROM lists WHERE name = ?1";
                let watermark: Option<Option<i64>> =
                    edit.tx.query_row_cached(sql, [&list.0], |row| row.get(0)).optional()?;
                let mut left = rows;
                while let Some((ticket, after)) = left.split_first() {
                    if !edit.has_room() {
                        break;
                    }
                    let is_old = watermark.flatten().is_none_or(|watermark| ticket.updated_at.0 <= watermark);
                    tickets::reconcile_ticket(edit, ticket, seen, is_old)?;
                    membership::shown_in(edit, list, ticket.number)?;
                    let sql = "SELECT id FROM tickets WHERE number = ?1";
                    found.extend(
                        edit.tx.query_row_cached(sql, [ticket.number.0], |row| row.get(0).map(TicketId)).optional()?,
                    );
                    left = after;
                }
                for person in &people {
                    comments::put_person(edit, person)?;
                }
                Ok(left)
            })?;
        }
        self.empty_log()?;
        Ok(found)
    }

    /// Starts another backfill of `list`, because an incremental sync would be too long. It will set the watermark to `from`.
    pub(crate) fn begin_backfill(&self, list: &TicketList, from: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| begin_backfill(edit, &list.0, from))
    }

    /// Stores how many rows `list` has according to the server; `None` if the server does not tell. If there are fewer than
    /// before, something was taken away, and the next full reconciliation is brought forward.
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

    /// Brings the next full reconciliation forward, because something in the lists may have been missed.
    pub(crate) fn reconcile_soon(&self) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE reconciliation SET early = 1", [])?;
            Ok(())
        })
    }

    /// Called when an incremental sync has read `list` to its end: everything up to `watermark` was seen. This never
    /// moves the watermark back.
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

    /// Sets the watermark of `list` back to the beginning of time, and returns it. The next incremental sync reads
    /// everything.
    pub(crate) fn reset_watermark(&self, list: &TicketList) -> Result<Timestamp, StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE lists SET watermark = 0 WHERE name = ?1", [&list.0])?;
            Ok(Timestamp(0))
        })
    }

    /// Starts the running backfill again from the beginning of `list`, for the same watermark, because the server no longer
    /// accepts its cursor.
    pub fn restart_backfill(&self, list: &TicketList) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached(
                "UPDATE lists SET backfill_cursor = NULL, backfill_rows = 0 WHERE name = ?1",
                [&list.0],
            )?;
            Ok(())
        })
    }

    /// How many tickets the file has from the server.
    pub(crate) fn known_tickets(&self) -> Result<u64, StoreError> {
        self.read(|db| {
            let sql = "SELECT count(*) FROM tickets WHERE number IS NOT NULL";
            let count: i64 = db.query_row_cached(sql, [], |row| row.get(0))?;
            Ok(u64::try_from(count).unwrap_or_default())
        })
    }

    /// Whether a sync has read every list at least once.
    pub(crate) fn first_sync_done(&self) -> Result<bool, StoreError> {
        self.read(|db| Ok(db.query_row_cached("SELECT last_sync_at IS NOT NULL FROM account", [], |row| row.get(0))?))
    }

    /// Called when a run has read every list.
    pub fn finish_sync(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE account SET last_sync_at = ?1", [now.0])?;
            // The first sync has just read every list, so the time until the first full reconciliation starts now.
            edit.tx.execute_cached("UPDATE reconciliation SET since = ?1 WHERE since IS NULL", [now.0])?;
            edit.changes.status = true;
            Ok(())
        })
    }
}

/// The people whom a ticket shows. Only they are stored, so that a name is removed with the last ticket that shows it.
fn people_of<'a>(tickets: &[RemoteTicket], people: &'a [RemotePerson]) -> impl Iterator<Item = &'a RemotePerson> {
    let shown: BTreeSet<PersonId> = tickets
        .iter()
        .flat_map(|row| row.requester.into_iter().chain(row.cc.iter().copied()).chain(row.assignee()))
        .collect();
    people.iter().filter(move |person| shown.contains(&person.id)).take(SLICE)
}

/// Stores what follows from a whole page: the rows that could not be read, and the progress in its list.
fn finish_page(
    edit: &mut Edit<'_>,
    page: &PulledPage<'_>,
    unreadable: &Unreadable,
    first: bool,
) -> Result<(), StoreError> {
    full_reconciliation::mark_unreadable(edit, unreadable)?;
    membership::unreadable_in(edit, page.list, unreadable)?;
    let list = &page.list.0;
    let rows = i64::try_from(page.tickets.len()).unwrap_or(i64::MAX).saturating_add(unreadable.count().into());
    match page.step {
        PageStep::Incremental => {}
        PageStep::BackfillStart(from) => begin_backfill(edit, list, from)?,
        PageStep::Backfill(Some(next)) => {
            let sql = "UPDATE lists SET backfill_cursor = ?2, backfill_rows = backfill_rows + ?3 WHERE name = ?1
                       RETURNING backfill_rows > failed_rows";
            let beyond: bool = edit.tx.query_row_cached(sql, params![list, next, rows], |row| row.get(0))?;
            if beyond {
                pauses::list_healthy(edit, list)?;
            }
            edit.changes.status |= first;
        }
        PageStep::Backfill(None) => {
            let sql = "UPDATE lists
                       SET watermark = max(ifnull(watermark, backfill_watermark), backfill_watermark), backfill_watermark = NULL,
                           backfill_cursor = NULL, backfill_rows = backfill_rows + ?2
                       WHERE name = ?1";
            edit.tx.execute_cached(sql, params![list, rows])?;
            pauses::list_healthy(edit, list)?;
            edit.changes.status |= first;
        }
        PageStep::FullReconciliation(next) => full_reconciliation::advance(edit, page.list, next)?,
    }
    Ok(())
}

fn begin_backfill(edit: &Edit<'_>, list: &str, from: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE lists SET backfill_watermark = ?2, backfill_cursor = NULL, backfill_rows = 0, failed_rows = 0, watermark = CASE WHEN ?3 THEN ?2 ELSE watermark END
               WHERE name = ?1";
    edit.tx.execute_cached(sql, params![list, from.0, bugs::is_on(Bug::WatermarkBeforeBackfillEnded)])?;
    Ok(())
}
