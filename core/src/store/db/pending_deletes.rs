//! Pending deletes: files whose row was deleted and that are still to be removed from the disk.
//!
//! Triggers on the tables of files write a name into this table in the transaction that deletes the row. `Store::write`
//! removes the files after its commit. What it cannot remove, or what a crash leaves, is removed by the next write, or
//! when the account is opened again.

use rusqlite::Connection;

use crate::store::StoreError;

/// The names (`stored_as`) of all files that are still to be removed.
pub(in crate::store) fn pending_deletes(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT stored_as FROM pending_deletes")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}
