//! What on the server feeds the values of tickets' fields.
//!
//! When a definition names other sources, the stored values are those of the old ones. The next full reconciliation reads
//! every ticket again, so it is brought forward; until a ticket was read, it shows what is known.

use rusqlite::{Connection, params};

use crate::store::StoreError;

/// Notes the sources of the product with which the file is opened, and brings the next full reconciliation forward if they
/// are others than before. Costs the same for any number of tickets.
pub(in crate::store) fn install(db: &mut Connection, sources: Option<&str>) -> Result<(), StoreError> {
    let known: Option<String> = db.query_row("SELECT field_sources FROM set_up", [], |row| row.get(0))?;
    if known.as_deref() == sources {
        return Ok(());
    }
    let tx = db.transaction()?;
    tx.execute("UPDATE set_up SET field_sources = ?1", params![sources])?;
    tx.execute("UPDATE reconciliation SET early = 1 WHERE EXISTS (SELECT 1 FROM tickets)", [])?;
    Ok(tx.commit()?)
}
