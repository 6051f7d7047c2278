//! Secure delete: overwriting the bytes of what was removed, on the disk as well.
//!
//! Deleting a row is not enough. SQLite's `secure_delete` overwrites the row in its page, but copies remain in two places:
//!
//! * **The write-ahead log** still contains the pages as they were. A truncating checkpoint empties it.
//! * **Page slack**, the unused middle of a page. When SQLite splits or joins pages of a table, it moves neighbouring rows and
//!   leaves copies of them there, which `secure_delete` never overwrites. So the slack of every page is overwritten with
//!   zeros, through `sqlite_dbpage`, some pages per transaction.
//!
//! The state is one number, `account.secure_delete_from`. It is the first page whose slack must still be overwritten. 0
//! means that there is nothing to do.
//!
//! 1. A transaction that removes a text of the server sets the number to 1: one that revokes a ticket, redacts or hides
//!    a comment, changes a subject or the value of a field, or deletes or rewrites an article. In nobody's file, one
//!    that removes a ticket or a draft does so too. Triggers set the number, so that no caller can forget it. What
//!    triggers do not see sets it itself: revoking and a purge, which remove names as well, a discarded draft, and the
//!    emptying of the index of searches.
//! 2. Right after a transaction that stores an answer of the server, or revokes a ticket, [`Store::empty_log`] empties
//!    the log. If a reader is in the way, the log is emptied later, in step 4. The number stays above 0 until then.
//! 3. [`Store::secure_delete_step`] runs at the beginning and at the end of a run of sync, and at once after a purge
//!    and after a removal in nobody's file. It overwrites the slack of the next pages. The same transaction moves the
//!    number past these pages.
//! 4. After the last page a checkpoint empties the log, and then the number becomes 0. If another text was removed
//!    meanwhile, the number is 1 again, and stays 1.
//!
//! A crash at any point leaves the number where it was, and the next run continues there.

use std::ops::Range;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::db::statements::Cached;
use crate::store::{Priority, Store, StoreError};

/// How long a checkpoint waits for readers, which need milliseconds. If that is not enough, the next run tries again.
const CHECKPOINT_WAIT: Duration = Duration::from_millis(200);

impl Store {
    /// Empties the log if it may still contain something that was removed. If a reader is in the way, the log is left for
    /// the next secure delete step.
    pub(in crate::store) fn empty_log(&self) -> Result<(), StoreError> {
        if self.secure_delete_start()? > 0 {
            self.checkpoint()?;
        }
        Ok(())
    }

    /// Overwrites the slack of the next pages, if something was removed from the file. True if there is more to do now;
    /// false also if only the log is left and a reader is in the way.
    pub(crate) fn secure_delete_step(&self) -> Result<bool, StoreError> {
        let from = self.secure_delete_start()?;
        if from == 0 {
            return Ok(false);
        }
        let (next, more) = self.write(Priority::Sync, |edit| {
            let last: u32 = edit.tx.pragma_query_value(None, "page_count", |row| row.get(0))?;
            let mut next = from;
            while next <= last && edit.has_room() {
                overwrite_unused(&edit.tx, next)?;
                next += 1;
            }
            edit.tx.execute_cached("UPDATE account SET secure_delete_from = ?1", [next])?;
            Ok((next, next <= last))
        })?;
        if more || !self.checkpoint()? {
            return Ok(more);
        }
        self.write(Priority::Sync, |edit| {
            // Unless something else was removed in the meantime, which has set the number to 1.
            let sql = "UPDATE account SET secure_delete_from = 0 WHERE secure_delete_from = ?1";
            edit.tx.execute_cached(sql, [next])?;
            Ok(false)
        })
    }

    /// The first page to handle; 0 if there is nothing to do.
    fn secure_delete_start(&self) -> Result<u32, StoreError> {
        self.read(|db| {
            Ok(db.prepare_cached("SELECT secure_delete_from FROM account")?.query_row([], |row| row.get(0))?)
        })
    }

    /// Moves the log into the file and truncates it. True if the log is empty now, false if a reader was in the way.
    fn checkpoint(&self) -> Result<bool, StoreError> {
        let mut writing = self.writer_lock.enter(Priority::Sync)?;
        let connection = writing.connection()?;
        let busy_timeout: u32 = connection.pragma_query_value(None, "busy_timeout", |row| row.get(0))?;
        connection.busy_timeout(CHECKPOINT_WAIT)?;
        let emptied =
            connection.query_row_cached("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0));
        connection.busy_timeout(Duration::from_millis(busy_timeout.into()))?;
        Ok(emptied?)
    }
}

/// Overwrites the slack of page `number` with zeros. A page without slack is not written.
fn overwrite_unused(db: &Connection, number: u32) -> Result<(), StoreError> {
    let sql = "SELECT data FROM sqlite_dbpage WHERE pgno = ?1";
    let page =
        db.prepare_cached(sql)?.query_row([number], |row| row.get::<_, Option<Vec<u8>>>(0)).optional()?.flatten();
    let Some(mut page) = page else { return Ok(()) };
    let header = if number == 1 { 100 } else { 0 };
    let Some(unused) = unused(&page, header).and_then(|range| page.get_mut(range)) else { return Ok(()) };
    if unused.iter().all(|byte| *byte == 0) {
        return Ok(());
    }
    unused.fill(0);
    let sql = "UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1";
    db.prepare_cached(sql)?.execute(params![number, page])?;
    Ok(())
}

/// The slack of a page: the bytes between its last pointer to a row and its first row. `header` is the offset of the page's
/// header. `None` if this is no page of a table or an index. The header contains both ends (SQLite's file format, 1.6). A
/// page of another kind begins with the number of another page, whose first byte is none of the four kinds in a file below
/// 128 GB.
fn unused(page: &[u8], header: usize) -> Option<Range<usize>> {
    let pointers = match page.get(header)? {
        2 | 5 => header + 12,
        10 | 13 => header + 8,
        _ => return None,
    };
    let number = |at: usize| Some(usize::from(u16::from_be_bytes([*page.get(at)?, *page.get(at + 1)?])));
    let begin = pointers + 2 * number(header + 3)?;
    // Zero stands for 65,536, which does not fit into two bytes.
    let end = match number(header + 5)? {
        0 => page.len(),
        end => end,
    };
    (begin <= end && end <= page.len()).then_some(begin..end)
}
