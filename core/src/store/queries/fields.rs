//! The values of a ticket's fields.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row};

use crate::model::{FieldValue, TicketId, Timestamp};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{optional_text, text};
use crate::store::{Store, StoreError};

impl Store {
    /// The values of the product's own fields of a ticket. A value that this version cannot read is left out.
    pub fn field_values(&self, ticket: TicketId) -> Result<BTreeMap<String, FieldValue>, StoreError> {
        self.read(|db| field_values(db, ticket))
    }

    /// What people read for the options of fields, by field and by the server's value.
    pub(crate) fn option_labels(&self) -> Result<BTreeMap<(String, String), String>, StoreError> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT field, value, label FROM option_labels")?;
            let mut rows = statement.query([])?;
            let mut labels = BTreeMap::new();
            while let Some(row) = rows.next()? {
                labels.insert((text(row, 0)?, text(row, 1)?), text(row, 2)?);
            }
            Ok(labels)
        })
    }

    /// When the server last changed a ticket; `None` until it is on the server.
    pub(crate) fn updated_at(&self, ticket: TicketId) -> Result<Option<Timestamp>, StoreError> {
        self.read(|db| {
            let sql = "SELECT updated_at FROM tickets WHERE id = ?1 AND number IS NOT NULL";
            Ok(db.query_row_cached(sql, [ticket.0], |row| row.get(0).map(Timestamp)).optional()?)
        })
    }

    /// The server's value for the issue type of a ticket; `None` if it has none.
    pub(crate) fn issue_type_value(&self, ticket: TicketId) -> Result<Option<String>, StoreError> {
        self.read(|db| {
            let value = |row: &Row<'_>| optional_text(row, 0);
            let sql = "SELECT issue_type FROM tickets WHERE id = ?1";
            Ok(db.query_row_cached(sql, [ticket.0], value).optional()?.flatten())
        })
    }
}

pub(super) fn field_values(db: &Connection, ticket: TicketId) -> Result<BTreeMap<String, FieldValue>, StoreError> {
    let mut statement = db.prepare_cached("SELECT field, value FROM field_values WHERE ticket = ?1")?;
    let mut rows = statement.query([ticket.0])?;
    let mut values = BTreeMap::new();
    while let Some(row) = rows.next()? {
        // Another version may have stored a type that this one does not know.
        if let Ok(value) = serde_json::from_str(&text(row, 1)?) {
            values.insert(text(row, 0)?, value);
        }
    }
    Ok(values)
}
