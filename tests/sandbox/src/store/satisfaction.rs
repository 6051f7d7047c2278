//! Ratings of tickets.

use rusqlite::{Connection, OptionalExtension, params};

use super::Result;

/// A rating.
#[derive(Debug, Clone)]
pub struct Rating {
    /// `good` or `bad`, or a number of a survey's scale.
    pub score: String,
    /// What was written beside it.
    pub comment: Option<String>,
    /// Seconds since 1970.
    pub given_at: i64,
}

/// The rating of a ticket.
pub fn of(db: &Connection, ticket: i64) -> Result<Option<Rating>> {
    let sql = "SELECT score, comment, given_at FROM ratings WHERE ticket_id = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok(Rating { score: row.get(0)?, comment: row.get(1)?, given_at: row.get(2)? });
    db.query_row(sql, [ticket], read).optional()
}

/// Stores the rating of a ticket that has none.
pub fn put(db: &Connection, ticket: i64, rating: &Rating) -> Result<()> {
    let sql = "INSERT INTO ratings (ticket_id, score, comment, given_at) VALUES (?1, ?2, ?3, ?4)";
    db.execute(sql, params![ticket, rating.score, rating.comment, rating.given_at]).map(drop)
}
