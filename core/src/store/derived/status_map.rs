//! The definition's decisions about statuses, as the file has them.

use std::collections::BTreeSet;

use rusqlite::{Connection, TransactionBehavior, params};

use crate::product::{Product, StatusCase};
use crate::store::StoreError;
use crate::store::db::columns::status_name;
use crate::store::db::statements::Cached;

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

fn known_mappings(db: &Connection) -> Result<BTreeSet<Mapping>, StoreError> {
    let mut statement = db.prepare("SELECT server_status, custom_status, user_spoke_last, status FROM status_map")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
