//! Files whose row is gone, and that are still to be removed from the disk.

use rusqlite::Connection;

use crate::store::StoreError;

/// Files whose row is gone.
pub(in crate::store) fn pending_deletes(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT stored_as FROM pending_deletes")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}
