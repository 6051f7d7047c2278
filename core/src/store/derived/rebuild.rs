//! Computing anew, in the background, what is kept beside the rows.
//!
//! # The story
//!
//! The table `rebuilds` has a row for each thing that is being computed, with the ticket (or the article) with which it
//! continues. A step is a transaction of bounded work that also moves that place, so after a crash the next run
//! continues there. What follows its rows is right at once when they change meanwhile, and the rebuild then changes
//! nothing about it.
//!
//! A reply waits for the running step. The reply also makes durable what earlier steps have written. Both take little
//! time only if the rebuild pauses after each step. The store has no timer, so the caller pauses
//! ([`Store::REBUILD_PAUSE`]).

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::db::statements::Cached;
use crate::store::search::rebuild::{self, ARTICLES, SEARCH};
use crate::store::{Priority, Store, StoreError};

/// How many tickets one step computes: some milliseconds of work.
const ROWS: u32 = 100;

impl Store {
    /// How long a caller pauses after each step. Without it, a reply takes more than three times as long as usual; see
    /// `docs/benchmarks.md`. For the entries of 100,000 tickets these are four seconds in all.
    pub const REBUILD_PAUSE: Duration = Duration::from_millis(4);

    /// Makes the next step of a rebuild, if one is under way. True if there is more to do, after
    /// [`REBUILD_PAUSE`](Self::REBUILD_PAUSE).
    pub fn rebuild_step(&self) -> Result<bool, StoreError> {
        let next = "SELECT what, next_ticket FROM rebuilds ORDER BY what LIMIT 1";
        let next: Option<(String, i64)> =
            self.read(|db| Ok(db.query_row_cached(next, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?))?;
        let Some((what, next)) = next else { return Ok(false) };
        self.write(Priority::Sync, |edit| {
            if what == SEARCH || what == ARTICLES {
                return Ok(rebuild::step(edit, &what, next, &self.product.searched_fields())? || is_any_left(&edit.tx)?);
            }
            let last = "SELECT max(id) FROM (SELECT id FROM tickets WHERE id >= ?1 ORDER BY id LIMIT ?2)";
            let last: Option<i64> = edit.tx.query_row_cached(last, params![next, ROWS], |row| row.get(0))?;
            let Some(last) = last else {
                edit.tx.execute_cached("DELETE FROM rebuilds WHERE what = ?1", [&what])?;
                // Views that said they were incomplete are complete.
                edit.changes.history = true;
                edit.changes.every_thread |= what == "follow_ups";
                return is_any_left(&edit.tx);
            };
            let sql = match what.as_str() {
                "unread" => UNREAD,
                "follow_ups" => FOLLOW_UPS,
                _ => ENTRIES,
            };
            edit.tx.execute_cached(sql, params![next, last])?;
            edit.tx.execute_cached("UPDATE rebuilds SET next_ticket = ?1 WHERE what = ?2", params![last + 1, what])?;
            Ok(true)
        })
    }
}

/// Entries are computed at the end of the write.
const ENTRIES: &str = "INSERT OR IGNORE INTO stale_entries (ticket) SELECT id FROM tickets WHERE id BETWEEN ?1 AND ?2";

fn is_any_left(db: &Connection) -> Result<bool, StoreError> {
    Ok(db.query_row_cached("SELECT EXISTS (SELECT 1 FROM rebuilds)", [], |row| row.get(0))?)
}

/// The rows that the triggers of `follow_ups` would have written.
const FOLLOW_UPS: &str = "INSERT OR REPLACE INTO follow_ups (ticket, follows)
     SELECT id, follows FROM tickets WHERE follows IS NOT NULL AND id BETWEEN ?1 AND ?2";

/// The rows that the triggers of `unread_tickets` would have written.
const UNREAD: &str =
    "INSERT OR IGNORE INTO unread_tickets (ticket) SELECT id FROM tickets WHERE unread AND id BETWEEN ?1 AND ?2";
