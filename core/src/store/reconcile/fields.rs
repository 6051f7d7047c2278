//! The values of the product's own fields, as the server shows them.
//!
//! The rows of `field_values` are replaced by what an answer about their ticket has. A value that the server changed or took
//! back is overwritten on the disk as well: triggers mark the file for secure delete.

use rusqlite::params;

use crate::model::{RemoteTicket, TicketId};
use crate::store::db::statements::Cached;
use crate::store::{Edit, StoreError};

/// The values as one JSON object, from the field's id to the text of its row. It is what [`DIFFERS`] compares.
pub(super) fn as_json(remote: &RemoteTicket) -> Result<String, StoreError> {
    let rows = remote.fields.iter().map(|(field, value)| Ok((field.clone(), serde_json::to_string(value)?.into())));
    let rows: serde_json::Map<String, serde_json::Value> = rows.collect::<Result<_, StoreError>>()?;
    Ok(serde_json::to_string(&rows)?)
}

/// Whether the values of the ticket in `tickets` are others than those of the JSON object `?16`.
pub(super) const DIFFERS: &str = "(EXISTS (SELECT field, value FROM field_values WHERE ticket = tickets.id EXCEPT SELECT key, value FROM json_each(?16))
       OR (SELECT count(*) FROM field_values WHERE ticket = tickets.id) <> (SELECT count(*) FROM json_each(?16)))";

/// Replaces the values of a ticket.
pub(super) fn put(edit: &Edit<'_>, ticket: TicketId, remote: &RemoteTicket) -> Result<(), StoreError> {
    let rows = as_json(remote)?;
    let sql = "DELETE FROM field_values WHERE ticket = ?1 AND field NOT IN (SELECT key FROM json_each(?2))";
    edit.tx.execute_cached(sql, params![ticket.0, rows])?;
    let sql = "INSERT INTO field_values (ticket, field, value) SELECT ?1, key, value FROM json_each(?2) WHERE true
               ON CONFLICT (ticket, field) DO UPDATE SET value = excluded.value WHERE value <> excluded.value";
    edit.tx.execute_cached(sql, params![ticket.0, rows])?;
    Ok(())
}
