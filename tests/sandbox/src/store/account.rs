//! The account's set-up.

use rusqlite::types::Type;
use rusqlite::{Connection, Error};

use super::Result;
use crate::account::Account;

/// Reads the set-up.
pub fn read(db: &Connection) -> Result<Account> {
    let text: String = db.prepare_cached("SELECT set_up FROM account")?.query_row([], |row| row.get(0))?;
    serde_json::from_str(&text).map_err(|error| Error::FromSqlConversionFailure(0, Type::Text, error.into()))
}

/// Replaces the set-up.
pub fn write(db: &Connection, account: &Account) -> Result<()> {
    let text = serde_json::to_string(account).map_err(|error| Error::ToSqlConversionFailure(error.into()))?;
    db.execute("INSERT OR REPLACE INTO account (id, set_up) VALUES (1, ?1)", [text]).map(drop)
}
