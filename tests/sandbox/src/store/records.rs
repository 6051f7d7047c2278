//! Records of the custom object `proxy_login`.

use rusqlite::{Connection, params};

use super::Result;

/// A record.
#[derive(Debug, Clone)]
pub struct Record {
    /// The external id.
    pub external_id: String,
    /// The ticket.
    pub ticket_id: i64,
    /// The user.
    pub user_id: i64,
    /// Whether the help desk may sign in to the user's account.
    pub allowed: bool,
    /// Seconds since 1970.
    pub updated_at: i64,
}

/// A user's records.
pub fn of_user(db: &Connection, user: i64) -> Result<Vec<Record>> {
    select(db, "user_id = ?1", user)
}

/// The records about a ticket.
pub fn of_ticket(db: &Connection, ticket: i64) -> Result<Vec<Record>> {
    select(db, "ticket_id = ?1", ticket)
}

fn select(db: &Connection, filter: &str, id: i64) -> Result<Vec<Record>> {
    let sql = format!("SELECT external_id, ticket_id, user_id, allowed, updated_at FROM proxy_logins WHERE {filter}");
    let mut statement = db.prepare(&sql)?;
    let rows = statement.query_map([id], |row| {
        Ok(Record {
            external_id: row.get(0)?,
            ticket_id: row.get(1)?,
            user_id: row.get(2)?,
            allowed: row.get(3)?,
            updated_at: row.get(4)?,
        })
    })?;
    rows.collect()
}

/// Changes a record, or makes it.
pub fn put(db: &Connection, record: &Record) -> Result<()> {
    let sql =
        "INSERT INTO proxy_logins (external_id, ticket_id, user_id, allowed, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (external_id) DO UPDATE SET allowed = excluded.allowed, updated_at = excluded.updated_at";
    let Record { external_id, ticket_id, user_id, allowed, updated_at } = record;
    db.execute(sql, params![external_id, ticket_id, user_id, allowed, updated_at]).map(drop)
}
