//! Walks: threads of many pages, which are read on page by page.
//!
//! # The story
//!
//! A thread of a few pages is read at once. A longer one would take minutes and much memory. So only its first pages
//! are read at once. If the server can sort them so, these are the newest ones. They are stored and shown, and
//! `thread_walks` gets a row with the cursor of the next page. From then on, while the app is in front, sync reads one
//! page of the thread per [`PAGE_EVERY`]. After the last page the cursor is deleted. The row stays and says that the
//! thread is long. If a long thread changes, its new comments are read down to one that the file knows, and the walk
//! continues from its old place.
//!
//! A part of a thread does not show which comments were hidden. Only a read of the whole thread, from the first page to
//! the last, shows that. Such a read also deletes the row.
//!
//! If the server gives the oldest comments first, the newest ones are known only after the last page. Until then the
//! thread counts as not read, and nothing is sent into it.
//!
//! A page is stored before the cursor of the next one. After a crash between both, the page is read again.

use std::time::Duration;

use rusqlite::{OptionalExtension, params};

use super::fetch_queue::{ThreadDue, due};
use super::pauses::no_pause;
use crate::model::{TicketId, Timestamp, millis};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

/// The time between two pages of a walk.
pub(crate) const PAGE_EVERY: Duration = Duration::from_mins(1);

/// How far a long thread was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Walk {
    /// The server's cursor of the next page; `None` if the walk has reached the end.
    pub cursor: Option<String>,
    /// The ticket's last update when the thread was last read from its first page, by the server's clock.
    pub of: Timestamp,
    /// Whether the pages come newest first. Then the newest comments are known from the beginning.
    pub newest_first: bool,
    /// How many pages were read.
    pub pages: u32,
}

impl Store {
    /// The walk of a long thread; `None` if the thread is not long.
    pub(crate) fn walk(&self, ticket: TicketId) -> Result<Option<Walk>, StoreError> {
        self.read(|db| {
            let sql = "SELECT cursor, ifnull(of, 0), newest_first, pages FROM thread_walks WHERE ticket = ?1";
            let walk = db.query_row_cached(sql, [ticket.0], |row| {
                Ok(Walk {
                    cursor: row.get(0)?,
                    of: Timestamp(row.get(1)?),
                    newest_first: row.get(2)?,
                    pages: row.get(3)?,
                })
            });
            Ok(walk.optional()?)
        })
    }

    /// Writes down how far a long thread was read at `now`, by the device's clock.
    pub(crate) fn put_walk(&self, ticket: TicketId, walk: &Walk, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            let sql = "INSERT INTO thread_walks (ticket, cursor, of, newest_first, pages, read_at)
                       SELECT id, ?2, ?3, ?4, ?5, ?6 FROM tickets WHERE id = ?1 AND visible
                       ON CONFLICT (ticket) DO UPDATE SET cursor = excluded.cursor, of = excluded.of, pages = excluded.pages,
                           newest_first = excluded.newest_first, read_at = excluded.read_at";
            let args = params![ticket.0, walk.cursor, walk.of.0, walk.newest_first, walk.pages, now.0];
            edit.tx.execute_cached(sql, args)?;
            edit.changes.threads.insert(ticket);
            Ok(())
        })
    }

    /// The long thread whose next page is due at `now`, by the device's clock, and that waited longest.
    pub(crate) fn next_walk(&self, now: Timestamp) -> Result<Option<ThreadDue>, StoreError> {
        self.read(|db| {
            let no_pause = no_pause("?1");
            let sql = format!(
                "SELECT id, number, updated_at, 0 FROM tickets JOIN thread_walks w ON w.ticket = id
                 WHERE w.cursor IS NOT NULL AND number IS NOT NULL AND visible AND {no_pause}
                   AND (w.read_at + ?2 <= ?1 OR w.read_at > ?1)
                 ORDER BY w.read_at LIMIT 1"
            );
            Ok(db.prepare_cached(&sql)?.query_row(params![now.0, millis(PAGE_EVERY)], due).optional()?)
        })
    }

    /// How long it takes from `now` until the next page of a walk is due; `None` if no thread is read on.
    pub(crate) fn walk_due_in(&self, now: Timestamp) -> Result<Option<Duration>, StoreError> {
        self.read(|db| {
            let sql = "SELECT min(max(CASE WHEN read_at > ?1 THEN 0 ELSE read_at + ?2 END,
                                      ifnull((SELECT wait_start + wait_length FROM thread_pauses p WHERE p.ticket = w.ticket), 0)))
                       FROM thread_walks w WHERE cursor IS NOT NULL";
            let at: Option<i64> = db.query_row_cached(sql, params![now.0, millis(PAGE_EVERY)], |row| row.get(0))?;
            Ok(at.map(|at| Duration::from_millis(u64::try_from(at.saturating_sub(now.0)).unwrap_or_default())))
        })
    }

    /// Whether the file has any of these comments of `ticket`.
    pub(crate) fn knows_comment(&self, ticket: TicketId, comments: &[i64]) -> Result<bool, StoreError> {
        self.read(|db| {
            let sql = "SELECT EXISTS (SELECT 1 FROM messages WHERE ticket = ?1 AND comment = ?2)";
            for comment in comments {
                if db.query_row_cached(sql, [ticket.0, *comment], |row| row.get(0))? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }
}

/// Ends the walk: the whole thread was read at once.
pub(in crate::store) fn end(edit: &Edit<'_>, ticket: TicketId) -> Result<(), StoreError> {
    edit.tx.execute_cached("DELETE FROM thread_walks WHERE ticket = ?1", [ticket.0])?;
    Ok(())
}
