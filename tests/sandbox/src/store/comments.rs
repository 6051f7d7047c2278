//! Comments, the rows of a thread, oldest first.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Result;

/// A comment.
#[derive(Debug, Clone)]
pub struct Comment {
    /// The service's id; later comments of a ticket have greater ones.
    pub id: i64,
    /// The ticket's number.
    pub ticket_id: i64,
    /// The author's id.
    pub author_id: i64,
    /// The text as it was written.
    pub body: String,
    /// The author's HTML, if the comment was written as HTML.
    pub html: Option<String>,
    /// False for a private note, which end users never see.
    pub public: bool,
    /// The channel by which it came in.
    pub channel: String,
    /// Seconds since 1970.
    pub created_at: i64,
}

/// The values of a new comment.
#[derive(Debug, Clone, Copy)]
pub struct NewComment<'a> {
    /// The ticket's number.
    pub ticket: i64,
    /// The author's id.
    pub author: i64,
    /// Plain text.
    pub body: &'a str,
    /// The author's HTML, if the comment was written as HTML.
    pub html: Option<&'a str>,
    /// False for a private note.
    pub public: bool,
    /// The channel by which it came in.
    pub channel: &'a str,
    /// Seconds since 1970.
    pub at: i64,
}

/// The first comment id. It is far above any ticket number, as on the real service.
const FIRST_COMMENT: i64 = 25_400_118_000_001;

impl Comment {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            ticket_id: row.get("ticket_id")?,
            author_id: row.get("author_id")?,
            body: row.get("body")?,
            html: row.get("html")?,
            public: row.get("public")?,
            channel: row.get("channel")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// Writes a comment and returns its id. Does not change the ticket's `updated_at`.
pub fn insert(db: &Connection, new: NewComment<'_>) -> Result<i64> {
    db.prepare_cached(
        "INSERT INTO comments (id, ticket_id, author_id, body, html, public, channel, created_at)
         VALUES (coalesce((SELECT max(id) + 17 FROM comments), ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
    )?
    .query_row(
        params![FIRST_COMMENT, new.ticket, new.author, new.body, new.html, new.public, new.channel, new.at],
        |row| row.get(0),
    )
}

/// Sets the HTML of a comment; without one it is made from the text.
pub fn set_html(db: &Connection, comment: i64, html: Option<&str>) -> Result<()> {
    db.prepare_cached("UPDATE comments SET html = ?2 WHERE id = ?1")?.execute(params![comment, html]).map(drop)
}

/// A ticket's whole thread, including private notes.
pub fn thread(db: &Connection, ticket: i64) -> Result<Vec<Comment>> {
    db.prepare_cached("SELECT * FROM comments WHERE ticket_id = ?1 ORDER BY id")?
        .query_map([ticket], Comment::from_row)?
        .collect()
}

/// The newest public comment of an agent in a ticket.
pub fn newest_answer(db: &Connection, ticket: i64) -> Result<Option<i64>> {
    db.prepare_cached(
        "SELECT max(c.id) FROM comments c JOIN users u ON u.id = c.author_id
         WHERE c.ticket_id = ?1 AND c.public AND u.role = 'agent'",
    )?
    .query_row([ticket], |row| row.get(0))
}

/// Finds a comment of a ticket, private or not.
pub fn find(db: &Connection, ticket: i64, id: i64) -> Result<Option<Comment>> {
    db.prepare_cached("SELECT * FROM comments WHERE ticket_id = ?1 AND id = ?2")?
        .query_row([ticket, id], Comment::from_row)
        .optional()
}

/// Replaces the text of a comment.
pub fn set_body(db: &Connection, id: i64, body: &str) -> Result<()> {
    db.execute("UPDATE comments SET body = ?2, html = NULL WHERE id = ?1", params![id, body]).map(drop)
}
