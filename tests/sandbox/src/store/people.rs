//! Users and their relations to tickets: CCs, mails to CC addresses, and revocations.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Result, organizations};
use crate::users::{PEOPLE, Role, Sharing};

/// A user of the server.
#[derive(Debug, Clone)]
pub struct User {
    /// The service's id.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// E-mail address, in lower case.
    pub email: String,
    /// What this user may do.
    pub role: Role,
    /// The default organization; `None` for agents and for addresses that were only ever in CC.
    pub organization_id: Option<i64>,
    /// BCP 47 tag.
    pub locale: String,
}

impl User {
    /// Whether this is an agent.
    pub fn is_agent(&self) -> bool {
        self.role == Role::Agent
    }

    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            email: row.get("email")?,
            role: Role::parse(&row.get::<_, String>("role")?),
            organization_id: row.get("organization_id")?,
            locale: row.get("locale")?,
        })
    }
}

/// A mail that told a CC address about a ticket.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Mail {
    /// The ticket's number.
    pub ticket_id: i64,
    /// The address that it was sent to.
    pub address: String,
    /// The ticket's subject.
    pub subject: String,
    /// Seconds since 1970.
    pub sent_at: i64,
}

/// The first user id for an unknown address.
const FIRST_UNKNOWN_USER: i64 = 361_990_000_001;

/// Writes the fixed users and organizations.
pub fn insert_everybody(db: &Connection) -> Result<()> {
    organizations::insert_all(db)?;
    for person in PEOPLE {
        db.execute(
            "INSERT INTO users (id, name, email, role, organization_id, shared, locale, token)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                person.id,
                person.name,
                person.email,
                person.role.as_str(),
                person.organization,
                // What an administrator sees is a permission of the user, as in the service.
                if person.role == Role::Administrator { Sharing::Comment } else { Sharing::Own }.as_str(),
                person.locale,
                person.token
            ],
        )?;
    }
    organizations::insert_memberships(db)
}

/// Finds the user with this token.
pub fn by_token(db: &Connection, token: &str) -> Result<Option<User>> {
    db.prepare_cached("SELECT * FROM users WHERE token = ?1")?.query_row([token], User::from_row).optional()
}

/// Replaces a user's token.
pub fn set_token(db: &Connection, user: i64, token: &str) -> Result<()> {
    db.execute("UPDATE users SET token = ?2 WHERE id = ?1", params![user, token]).map(drop)
}

/// Finds the user with this id.
pub fn by_id(db: &Connection, id: i64) -> Result<Option<User>> {
    db.prepare_cached("SELECT * FROM users WHERE id = ?1")?.query_row([id], User::from_row).optional()
}

/// Finds the user with this address.
pub fn by_address(db: &Connection, address: &str) -> Result<Option<User>> {
    let address = address.trim().to_lowercase();
    db.query_row("SELECT * FROM users WHERE email = ?1", [&address], User::from_row).optional()
}

/// Finds the user with this address, or creates one without a token. A new user has this name, or else the part of the
/// address before the @.
pub fn by_address_or_new(db: &Connection, address: &str, name: Option<&str>) -> Result<User> {
    if let Some(user) = by_address(db, address)? {
        return Ok(user);
    }
    let address = address.trim().to_lowercase();
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    let name = name.or_else(|| address.split('@').next()).unwrap_or_default();
    db.execute(
        "INSERT INTO users (id, name, email, role, locale)
         VALUES (max(?1, (SELECT max(id) + 1 FROM users)), ?2, ?3, 'end-user', 'en-US')",
        params![FIRST_UNKNOWN_USER, name, address],
    )?;
    db.query_row("SELECT * FROM users WHERE email = ?1", [&address], User::from_row)
}

/// Adds a user in CC. Returns true if the user was not in CC yet.
pub fn add_cc(db: &Connection, ticket: i64, user: i64) -> Result<bool> {
    db.prepare_cached("INSERT OR IGNORE INTO ccs (ticket_id, user_id) VALUES (?1, ?2)")?
        .execute([ticket, user])
        .map(|rows| rows > 0)
}

/// The users in CC of a ticket.
pub fn ccs(db: &Connection, ticket: i64) -> Result<Vec<User>> {
    db.prepare_cached(
        "SELECT users.* FROM ccs JOIN users ON users.id = ccs.user_id WHERE ticket_id = ?1 ORDER BY users.id",
    )?
    .query_map([ticket], User::from_row)?
    .collect()
}

/// Records a mail to an address about a ticket, once per ticket.
pub fn record_mail(db: &Connection, ticket: i64, address: &str, at: i64) -> Result<()> {
    db.prepare_cached("INSERT OR IGNORE INTO mails (ticket_id, address, sent_at) VALUES (?1, ?2, ?3)")?
        .execute(params![ticket, address, at])
        .map(drop)
}

/// The mails of one ticket, or of all, newest first.
pub fn mails(db: &Connection, ticket: Option<i64>) -> Result<Vec<Mail>> {
    db.prepare_cached(
        "SELECT ticket_id, address, subject, sent_at FROM mails JOIN tickets ON tickets.id = ticket_id
         WHERE ?1 IS NULL OR ticket_id = ?1 ORDER BY mails.id DESC",
    )?
    .query_map([ticket], |row| {
        Ok(Mail { ticket_id: row.get(0)?, address: row.get(1)?, subject: row.get(2)?, sent_at: row.get(3)? })
    })?
    .collect()
}

/// Hides a ticket from one user.
pub fn revoke(db: &Connection, ticket: i64, user: i64) -> Result<()> {
    db.execute("INSERT OR IGNORE INTO revocations (ticket_id, user_id) VALUES (?1, ?2)", [ticket, user]).map(drop)
}

/// Shows a hidden ticket to the user again.
pub fn restore(db: &Connection, ticket: i64, user: i64) -> Result<()> {
    db.execute("DELETE FROM revocations WHERE ticket_id = ?1 AND user_id = ?2", [ticket, user]).map(drop)
}

/// The users from whom a ticket is hidden.
pub fn revoked(db: &Connection, ticket: i64) -> Result<Vec<i64>> {
    db.prepare_cached("SELECT user_id FROM revocations WHERE ticket_id = ?1 ORDER BY user_id")?
        .query_map([ticket], |row| row.get(0))?
        .collect()
}
