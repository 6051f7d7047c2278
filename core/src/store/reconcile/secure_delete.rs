//! STORY

use std::ops::Range;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::db::statements::Cached;
use crate::store::{Priority, Store, StoreError};

/// How many pages one transaction looks at.
const PAGES: u32 = 200;

/// Readers look for milliseconds. A checkpoint that would have to wait longer comes with the next run.
const CHECKPOINT_WAIT: Duration = Duration::from_millis(200);

impl Store {
    /// Empties the log if something that is gone may still stand in it. If a reader is in the way, that comes later: the
    /// mark stands all the same.
    pub(in crate::store) fn empty_log(&self) -> Result<(), StoreError> {
        if self.secure_delete_start()? > 0 {
            self.checkpoint()?;
        }
        Ok(())
    }

    /// Looks at the next pages of a file from which something went. True if there is more to do.
    pub(crate) fn secure_delete_step(&self) -> Result<bool, StoreError> {
        let from = self.secure_delete_start()?;
        if from == 0 {
            return Ok(false);
        }
        let more = self.write(Priority::Sync, |edit| {
            let last: u32 = edit.tx.pragma_query_value(None, "page_count", |row| row.get(0))?;
            let next = from.saturating_add(PAGES);
            for number in from..next.min(last.saturating_add(1)) {
                overwrite_unused(&edit.tx, number)?;
            }
            edit.tx.execute_cached("UPDATE account SET secure_delete_from = ?1", [next])?;
            Ok(next <= last)
        })?;
        if more || !self.checkpoint()? {
            return Ok(more);
        }
        self.write(Priority::Sync, |edit| {
            // Only what was looked at: something else may have gone meanwhile.
            let sql = "UPDATE account SET secure_delete_from = 0 WHERE secure_delete_from = ?1";
            edit.tx.execute_cached(sql, [from.saturating_add(PAGES)])?;
            Ok(false)
        })
    }

    fn secure_delete_start(&self) -> Result<u32, StoreError> {
        self.read(|db| {
            Ok(db.prepare_cached("SELECT secure_delete_from FROM account")?.query_row([], |row| row.get(0))?)
        })
    }

    /// True if the log is empty now.
    fn checkpoint(&self) -> Result<bool, StoreError> {
        let mut writing = self.writer_lock.enter(Priority::Sync)?;
        let connection = writing.connection()?;
        let patience: u32 = connection.pragma_query_value(None, "busy_timeout", |row| row.get(0))?;
        connection.busy_timeout(CHECKPOINT_WAIT)?;
        let emptied =
            connection.query_row_cached("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0));
        connection.busy_timeout(Duration::from_millis(patience.into()))?;
        Ok(emptied?)
    }
}

/// Overwrites what no row of this page uses.
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

/// The bytes between the last pointer to a row and the first row, if this is a page of a table or an index. Its header
/// says where they are (SQLite's file format, 1.6). A page of another kind begins with the number of its successor, whose
/// first byte is none of the four kinds in any file below 128 GB.
fn unused(page: &[u8], header: usize) -> Option<Range<usize>> {
    let pointers = match page.get(header)? {
        2 | 5 => header + 12,
        10 | 13 => header + 8,
        _ => return None,
    };
    let number = |at: usize| Some(usize::from(u16::from_be_bytes([*page.get(at)?, *page.get(at + 1)?])));
    let begin = pointers + 2 * number(header + 3)?;
    // Zero stands for 65,536, which two bytes cannot say.
    let end = match number(header + 5)? {
        0 => page.len(),
        end => end,
    };
    (begin <= end && end <= page.len()).then_some(begin..end)
}
