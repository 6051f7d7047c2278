//! The values of a ticket's fields.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::model::{FieldValue, TicketId};
use crate::store::db::unreadable::text;
use crate::store::{Store, StoreError};

impl Store {
    /// The values of the product's own fields of a ticket. A value that this version cannot read is left out.
    pub fn field_values(&self, ticket: TicketId) -> Result<BTreeMap<String, FieldValue>, StoreError> {
        self.read(|db| field_values(db, ticket))
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
