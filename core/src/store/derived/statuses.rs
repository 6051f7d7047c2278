//! The product's status of every ticket.
//!
//! # The story
//!
//! A ticket's row has what the server says: its status, its custom status, and who wrote the newest public comment. The
//! product definition decides which status of the product that is ([`Product::status`](crate::product::Product::status)). The number of different cases is
//! small, so the decisions are written into the table `status_map`, and two triggers look a ticket's status up there
//! whenever one of the three values changes. No statement that writes a ticket has to know of it.
//!
//! Whenever the file is opened, the map is compared with the definition. If they differ, the map is replaced, and a
//! rebuild looks up every ticket again. From then on the triggers use the new map, so a ticket that changes meanwhile is
//! right at once, and the rebuild changes nothing about it. Screens do not wait for it either: until it has ended, queries
//! look up the status themselves.
//!
//! A reply waits for the running step. It also makes durable what the steps before it have written. Both take little time
//! only if the rebuild pauses after each step. The store has no timer, so the caller pauses ([`Store::REBUILD_PAUSE`]).

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::db::statements::Cached;
use crate::store::search::rebuild::{self, ARTICLES, SEARCH};
use crate::store::{Priority, Store, StoreError};

/// How many tickets one step looks up: well under a millisecond of work.
const ROWS: u32 = 100;

impl Store {
    /// How long a caller pauses after each step. Without it, a reply takes more than three times as long as usual; see
    /// `docs/benchmarks.md`. 100,000 tickets pause for four seconds in all.
    pub const REBUILD_PAUSE: Duration = Duration::from_millis(4);

    /// Computes what depends on the definition for the next tickets, if a rebuild is under way. True if there is more to do,
    /// after [`REBUILD_PAUSE`](Self::REBUILD_PAUSE).
    pub fn rebuild_step(&self) -> Result<bool, StoreError> {
        let next = "SELECT what, next_ticket FROM rebuilds ORDER BY what LIMIT 1";
        let next: Option<(String, i64)> =
            self.read(|db| Ok(db.query_row_cached(next, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?))?;
        let Some((what, next)) = next else { return Ok(false) };
        self.write(Priority::Sync, |edit| {
            if what == SEARCH || what == ARTICLES {
                return Ok(rebuild::step(edit, &what, next, &self.home.searched_fields)? || is_any_left(&edit.tx)?);
            }
            let last = "SELECT max(id) FROM (SELECT id FROM tickets WHERE id >= ?1 ORDER BY id LIMIT ?2)";
            let last: Option<i64> = edit.tx.query_row_cached(last, params![next, ROWS], |row| row.get(0))?;
            let Some(last) = last else {
                edit.tx.execute_cached("DELETE FROM rebuilds WHERE what = ?1", [&what])?;
                return is_any_left(&edit.tx);
            };
            let sql = match what.as_str() {
                "places" => PLACES,
                "unread" => UNREAD,
                "follow_ups" => FOLLOW_UPS,
                _ => STATUSES,
            };
            edit.tx.execute_cached(sql, params![next, last])?;
            edit.tx.execute_cached("UPDATE rebuilds SET next_ticket = ?1 WHERE what = ?2", params![last + 1, what])?;
            Ok(true)
        })
    }
}

fn is_any_left(db: &Connection) -> Result<bool, StoreError> {
    Ok(db.query_row_cached("SELECT EXISTS (SELECT 1 FROM rebuilds)", [], |row| row.get(0))?)
}

/// The words of the triggers of `ticket_statuses`.
const STATUSES: &str = "INSERT OR REPLACE INTO ticket_statuses (ticket, status)
     SELECT t.id, (SELECT m.status FROM status_map m
                   WHERE m.server_status = t.server_status
                     AND m.custom_status IN ('', ifnull(t.custom_status, ''))
                     AND m.user_spoke_last = (t.user_spoke_last IS NOT 0)
                   ORDER BY m.custom_status DESC LIMIT 1)
     FROM tickets t WHERE t.id BETWEEN ?1 AND ?2";

/// The words of the triggers of `history_places`.
const PLACES: &str = "INSERT OR REPLACE INTO history_places
     SELECT ticket, relation, shown, last_activity, sort_number FROM history_places_now WHERE ticket BETWEEN ?1 AND ?2";

/// The words of the triggers of `follow_ups`.
const FOLLOW_UPS: &str = "INSERT OR REPLACE INTO follow_ups (ticket, follows)
     SELECT id, follows FROM tickets WHERE follows IS NOT NULL AND id BETWEEN ?1 AND ?2";

/// The words of the triggers of `unread_tickets`.
const UNREAD: &str =
    "INSERT OR IGNORE INTO unread_tickets (ticket) SELECT id FROM tickets WHERE unread AND id BETWEEN ?1 AND ?2";
