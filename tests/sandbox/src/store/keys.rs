//! Idempotency keys: each keeps the answer to a creation, so that its repetition gets the same answer.

use rusqlite::{Connection, OptionalExtension, params};

use super::Result;

/// The first use of a key.
#[derive(Debug)]
pub struct FirstUse {
    /// The SHA-256 of the body, as text.
    pub digest: String,
    /// The answer, as JSON.
    pub answer: String,
}

/// Finds the first use of this user's key at or after `since`.
pub fn first_use(db: &Connection, user: i64, key: &str, since: i64) -> Result<Option<FirstUse>> {
    db.query_row(
        "SELECT digest, answer FROM idempotency_keys WHERE user_id = ?1 AND key = ?2 AND used_at >= ?3",
        params![user, key, since],
        |row| Ok(FirstUse { digest: row.get(0)?, answer: row.get(1)? }),
    )
    .optional()
}

/// Stores a first use, replacing an expired one.
pub fn remember(db: &Connection, user: i64, key: &str, digest: &str, answer: &str, at: i64) -> Result<()> {
    db.execute(
        "INSERT OR REPLACE INTO idempotency_keys (user_id, key, digest, answer, used_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![user, key, digest, answer, at],
    )
    .map(drop)
}
