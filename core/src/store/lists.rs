//! What a pull has seen: watermarks and walks of the lists whose union is the history.
//!
//! A list without a watermark was never walked to its end. Its first walk starts from a sorted window, remembers the
//! newest update seen there as its future watermark, and goes on by cursor, in any order; page and place are written in
//! one transaction, so a killed walk goes on where it was. Only a complete walk sets the watermark.

use std::time::Duration;

use rusqlite::{OptionalExtension, params};

use super::{Seen, Store, StoreError, Writer};
use crate::environment::{Timestamp, millis};
use crate::model::{TicketId, TicketNumber};
use crate::outbox::Wait;
use crate::profile::ThreadPolicy;
use crate::remote::{RemoteTicket, TicketList};

/// Threads that the policy wants and that are not known for sure. ?1 unread, ?2 open, ?3 active for so many ms.
const WANTED: &str = "NOT thread_sure AND number IS NOT NULL AND visible
    AND (thread_wanted OR (?1 AND unread) OR (?2 AND desk_status NOT IN ('solved', 'closed'))
         OR updated_at >= (SELECT max(updated_at) FROM tickets WHERE number IS NOT NULL) - ?3)";

/// How far a list was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListState {
    /// Everything up to here was seen, by the desk's clock; `None` before the first complete walk.
    pub watermark: Option<Timestamp>,
    /// The watermark that the running walk will set.
    pub walk_from: Option<Timestamp>,
    /// Where the running walk goes on.
    pub walk_cursor: Option<String>,
}

/// A page that came, and where it leaves the list.
pub struct PulledPage<'a> {
    /// Whose page it is.
    pub list: &'a TicketList,
    /// In the order in which they came.
    pub tickets: &'a [RemoteTicket],
    /// What it means for the list.
    pub step: WalkStep<'a>,
    /// For whom, and when it came.
    pub seen: Seen,
}

/// Where a page leaves its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalkStep<'a> {
    /// A page of a delta: nothing to remember until all were read.
    Delta,
    /// The sorted window before a walk, and the watermark that the walk will set.
    Begin(Timestamp),
    /// A page of a walk, and where the next one begins; at the end the watermark is set.
    Walked(Option<&'a str>),
}

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
    /// How far `list` was read.
    pub fn list_state(&self, list: &TicketList) -> Result<ListState, StoreError> {
        self.read(|db| {
            let sql = "SELECT watermark, walk_from, walk_cursor FROM lists WHERE name = ?1";
            let state = db.query_row(sql, [&list.0], |row| {
                Ok(ListState {
                    watermark: row.get::<_, Option<i64>>(0)?.map(Timestamp),
                    walk_from: row.get::<_, Option<i64>>(1)?.map(Timestamp),
                    walk_cursor: row.get(2)?,
                })
            });
            Ok(state.optional()?.unwrap_or_default())
        })
    }

    /// Takes in one page and its place in the list, in one transaction.
    pub fn apply_page(&self, page: &PulledPage<'_>) -> Result<(), StoreError> {
        if page.tickets.is_empty() && page.step == WalkStep::Delta {
            return Ok(());
        }
        self.write(Writer::Sync, |edit| {
            edit.tx.execute("INSERT OR IGNORE INTO lists (name) VALUES (?1)", [&page.list.0])?;
            let sql = "SELECT watermark IS NULL FROM lists WHERE name = ?1";
            let first = edit.tx.query_row(sql, [&page.list.0], |row| row.get(0))?;
            for ticket in page.tickets {
                super::matching::take_in(edit, ticket, page.seen, first)?;
            }
            match page.step {
                WalkStep::Delta => {}
                WalkStep::Begin(from) => {
                    let sql = "UPDATE lists SET walk_from = ?2, walk_cursor = NULL WHERE name = ?1";
                    edit.tx.execute(sql, params![page.list.0, from.0])?;
                }
                WalkStep::Walked(Some(next)) => {
                    let sql = "UPDATE lists SET walk_cursor = ?2 WHERE name = ?1";
                    edit.tx.execute(sql, params![page.list.0, next])?;
                }
                WalkStep::Walked(None) => {
                    let sql =
                        "UPDATE lists SET watermark = walk_from, walk_from = NULL, walk_cursor = NULL WHERE name = ?1";
                    edit.tx.execute(sql, [&page.list.0])?;
                }
            }
            Ok(())
        })
    }

    /// A delta was read to its end: everything up to `watermark` was seen.
    pub fn finish_delta(&self, list: &TicketList, watermark: Timestamp) -> Result<(), StoreError> {
        if self.list_state(list)?.watermark >= Some(watermark) {
            return Ok(());
        }
        self.write(Writer::Sync, |edit| {
            let sql = "UPDATE lists SET watermark = max(watermark, ?2) WHERE name = ?1";
            edit.tx.execute(sql, params![list.0, watermark.0])?;
            Ok(())
        })
    }

    /// The running walk cannot go on (its cursor is no longer known): it begins again.
    pub fn restart_walk(&self, list: &TicketList) -> Result<(), StoreError> {
        self.write(Writer::Sync, |edit| {
            let sql = "UPDATE lists SET watermark = NULL, walk_from = NULL, walk_cursor = NULL WHERE name = ?1";
            edit.tx.execute(sql, [&list.0])?;
            Ok(())
        })
    }

    /// A run went through every list and every due thread.
    pub fn finish_sync(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write(Writer::Sync, |edit| {
            edit.tx.execute("UPDATE account SET last_sync_at = ?1", [now.0])?;
            edit.changes.status = true;
            Ok(())
        })
    }

    /// The threads that the policy wants read now: those that are not known as of their ticket's last update, and those
    /// whose reading was too early to be sure. Opened ones first, then unread, then by last update. "Active" counts back
    /// from the newest update seen, by the desk's clock.
    pub(crate) fn threads_due(
        &self,
        policy: ThreadPolicy,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ThreadDue>, StoreError> {
        self.read(|db| {
            let sql = format!(
                "SELECT id, number, updated_at FROM tickets
                 WHERE {WANTED} AND (thread_of IS NOT updated_at OR noticed_at > ?4 OR noticed_at + ?5 <= ?4)
                 ORDER BY thread_wanted DESC, unread DESC, updated_at DESC, number DESC LIMIT ?6"
            );
            let mut statement = db.prepare_cached(&sql)?;
            let args = params![policy.unread, policy.open, active(policy), now.0, millis(self.quiet()), limit];
            let due = statement.query_map(args, |row| {
                Ok(ThreadDue {
                    ticket: TicketId(row.get(0)?),
                    number: TicketNumber(row.get(1)?),
                    of: Timestamp(row.get(2)?),
                    known: false,
                })
            })?;
            Ok(due.collect::<Result<_, _>>()?)
        })
    }

    /// When the next reading that was too early will be due again, from now.
    pub(crate) fn threads_due_in(&self, policy: ThreadPolicy, now: Timestamp) -> Result<Option<Duration>, StoreError> {
        self.read(|db| {
            let sql = format!("SELECT min(noticed_at) FROM tickets WHERE {WANTED} AND thread_of IS updated_at");
            let args = params![policy.unread, policy.open, active(policy)];
            let noticed: Option<i64> = db.prepare_cached(&sql)?.query_row(args, |row| row.get(0))?;
            let wait = |start| Wait { start: Timestamp(start), length: self.quiet(), firm: false };
            Ok(noticed.map(|start| wait(start).left(now).unwrap_or_default()))
        })
    }

    /// One ticket as a thread to read, if the desk knows it.
    pub(crate) fn thread_of(&self, ticket: TicketId) -> Result<Option<ThreadDue>, StoreError> {
        self.read(|db| {
            let sql = "SELECT number, updated_at, thread_of IS updated_at FROM tickets WHERE id = ?1 AND number IS NOT NULL AND visible";
            let due = db.query_row(sql, [ticket.0], |row| {
                Ok(ThreadDue {
                    ticket,
                    number: TicketNumber(row.get(0)?),
                    of: Timestamp(row.get(1)?),
                    known: row.get(2)?,
                })
            });
            Ok(due.optional()?)
        })
    }
}

/// How long a ticket counts as active after its last update, in ms.
fn active(policy: ThreadPolicy) -> i64 {
    i64::from(policy.active_days) * 24 * 60 * 60 * 1_000
}
