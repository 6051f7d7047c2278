//! The product's status of every ticket.
//!
//! # The story
//!
//! A ticket's row has what the server says: its status, its custom status, and who wrote the newest public comment. The
//! product definition decides which status of the product that is ([`Product::status`]). The number of different cases is
//! small, so the decisions are written into the table `status_map`, and two triggers look a ticket's status up there
//! whenever one of the three values changes. No statement that writes a ticket has to know of it.
//!
//! Whenever the file is opened, the map is compared with the definition. If they differ, the map is replaced, and a
//! rebuild looks up every ticket again. From then on the triggers use the new map, so a ticket that changes meanwhile is
//! right at once, and the rebuild changes nothing about it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::product::{Product, StatusCase};
use crate::store::db::columns::status_name;
use crate::store::db::statements::Cached;
use crate::store::{Priority, Store, StoreError};

/// How many tickets one step looks up.
const ROWS: u32 = 200;

/// A row of the map.
type Mapping = (String, String, bool, String);

/// What the definition decides, for every state in which the server can have a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::store) struct StatusMap(BTreeSet<Mapping>);

impl StatusMap {
    pub(in crate::store) fn of(product: &Product) -> Self {
        let mapping = |case: StatusCase| {
            let custom = case.custom.unwrap_or_default();
            (status_name(case.server).to_owned(), custom, case.user_spoke_last, case.status.0)
        };
        Self(product.status_cases().into_iter().map(mapping).collect())
    }

    /// Replaces the file's map if it decides otherwise, and begins a rebuild. Costs the same for any number of tickets.
    pub(in crate::store) fn install(&self, db: &mut Connection) -> Result<(), StoreError> {
        if known_mappings(db)? == self.0 {
            return Ok(());
        }
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("DELETE FROM status_map", [])?;
        for (server, custom, user_spoke_last, status) in &self.0 {
            let sql = "INSERT INTO status_map (server_status, custom_status, user_spoke_last, status) VALUES (?1, ?2, ?3, ?4)";
            tx.execute_cached(sql, params![server, custom, user_spoke_last, status])?;
        }
        let sql = "INSERT OR REPLACE INTO rebuilds (what, next_ticket)
                   SELECT 'statuses', id FROM tickets ORDER BY id LIMIT 1";
        tx.execute(sql, [])?;
        Ok(tx.commit()?)
    }
}

impl Store {
    /// Looks up the statuses of the next tickets, if a rebuild is under way. True if there is more to do.
    pub fn rebuild_step(&self) -> Result<bool, StoreError> {
        let next = "SELECT next_ticket FROM rebuilds WHERE what = 'statuses'";
        let next: Option<i64> = self.read(|db| Ok(db.query_row_cached(next, [], |row| row.get(0)).optional()?))?;
        let Some(next) = next else { return Ok(false) };
        self.write(Priority::Sync, |edit| {
            let last = "SELECT max(id) FROM (SELECT id FROM tickets WHERE id >= ?1 ORDER BY id LIMIT ?2)";
            let last: Option<i64> = edit.tx.query_row_cached(last, params![next, ROWS], |row| row.get(0))?;
            let Some(last) = last else {
                edit.tx.execute_cached("DELETE FROM rebuilds WHERE what = 'statuses'", [])?;
                return Ok(false);
            };
            // The words of the triggers.
            let sql = "INSERT OR REPLACE INTO ticket_statuses (ticket, status)
                       SELECT t.id, (SELECT m.status FROM status_map m
                                     WHERE m.server_status = t.server_status
                                       AND m.custom_status IN ('', ifnull(t.custom_status, ''))
                                       AND m.user_spoke_last = (t.user_spoke_last IS NOT 0)
                                     ORDER BY m.custom_status DESC LIMIT 1)
                       FROM tickets t WHERE t.id BETWEEN ?1 AND ?2";
            edit.tx.execute_cached(sql, params![next, last])?;
            edit.tx.execute_cached("UPDATE rebuilds SET next_ticket = ?1 WHERE what = 'statuses'", [last + 1])?;
            Ok(true)
        })
    }
}

fn known_mappings(db: &Connection) -> Result<BTreeSet<Mapping>, StoreError> {
    let mut statement = db.prepare("SELECT server_status, custom_status, user_spoke_last, status FROM status_map")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
