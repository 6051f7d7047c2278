//! Uploads and attachments. A file belongs to an upload token until a comment takes it.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Result;

/// A file without its bytes.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// The service's id.
    pub id: i64,
    /// The part of its address that cannot be guessed.
    pub secret: String,
    /// The file name that the sender gave.
    pub file_name: String,
    /// The media type that the sender gave.
    pub content_type: String,
    /// In bytes.
    pub size: i64,
}

/// The values of a new file.
#[derive(Debug, Clone, Copy)]
pub struct NewAttachment<'a> {
    /// The comment that it is attached to.
    pub comment: Option<i64>,
    /// The upload that it belongs to.
    pub upload: Option<&'a str>,
    /// The part of its address that cannot be guessed.
    pub secret: &'a str,
    /// The file name that the sender gave.
    pub file_name: &'a str,
    /// The media type that the sender gave.
    pub content_type: &'a str,
    /// The content.
    pub bytes: &'a [u8],
}

/// Why an upload token cannot be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// It does not exist, or belongs to another user.
    Unknown,
    /// It was already attached.
    Used,
    /// It has expired.
    Expired,
}

const FIRST_ATTACHMENT: i64 = 14_800_220_000_003;
const COLUMNS: &str = "id, secret, file_name, content_type, length(bytes) AS size";

impl Attachment {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            secret: row.get("secret")?,
            file_name: row.get("file_name")?,
            content_type: row.get("content_type")?,
            size: row.get("size")?,
        })
    }
}

/// Writes a file and returns its id.
pub fn insert(db: &Connection, new: NewAttachment<'_>) -> Result<i64> {
    db.prepare_cached(
        "INSERT INTO attachments (id, comment_id, upload_token, secret, file_name, content_type, bytes)
         VALUES (coalesce((SELECT max(id) + 3 FROM attachments), ?1), ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
    )?
    .query_row(
        params![FIRST_ATTACHMENT, new.comment, new.upload, new.secret, new.file_name, new.content_type, new.bytes],
        |row| row.get(0),
    )
}

/// The files of one comment.
pub fn of_comment(db: &Connection, comment: i64) -> Result<Vec<Attachment>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM attachments WHERE comment_id = ?1 ORDER BY id"))?
        .query_map([comment], Attachment::from_row)?
        .collect()
}

/// The files of one upload.
pub fn of_upload(db: &Connection, token: &str) -> Result<Vec<Attachment>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM attachments WHERE upload_token = ?1 ORDER BY id"))?
        .query_map([token], Attachment::from_row)?
        .collect()
}

/// Finds a file, with the ticket whose public comment shows it, if there is one.
pub fn find(db: &Connection, id: i64) -> Result<Option<(Attachment, Option<i64>)>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS}, (SELECT ticket_id FROM comments WHERE public AND comments.id = comment_id) AS ticket FROM attachments
         WHERE id = ?1"
    ))?
    .query_row([id], |row| Ok((Attachment::from_row(row)?, row.get("ticket")?)))
    .optional()
}

/// The media type and bytes of the file with this secret.
pub fn content(db: &Connection, secret: &str) -> Result<Option<(String, Vec<u8>)>> {
    db.query_row("SELECT content_type, bytes FROM attachments WHERE secret = ?1", [secret], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
    .optional()
}

/// Overwrites the content of a comment's files, as a redaction does.
pub fn redact_of_comment(db: &Connection, comment: i64) -> Result<()> {
    db.execute(
        "UPDATE attachments SET file_name = 'redacted.txt', content_type = 'text/plain', bytes = CAST('redacted' AS BLOB)
         WHERE comment_id = ?1",
        [comment],
    )
    .map(drop)
}

/// Creates an upload, or extends the life of an existing one.
pub fn open_upload(db: &Connection, token: &str, user: i64, expires_at: i64) -> Result<()> {
    db.execute(
        "INSERT INTO uploads (token, user_id, expires_at) VALUES (?1, ?2, ?3) ON CONFLICT (token) DO UPDATE SET expires_at = ?3",
        params![token, user, expires_at],
    )
    .map(drop)
}

/// Checks whether this user may attach the upload now.
pub fn usable(db: &Connection, token: &str, user: i64, now: i64) -> Result<std::result::Result<(), Unusable>> {
    let row: Option<(i64, i64, bool)> = db
        .query_row("SELECT user_id, expires_at, used FROM uploads WHERE token = ?1", [token], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    Ok(match row {
        Some((owner, ..)) if owner != user => Err(Unusable::Unknown),
        Some((_, _, true)) => Err(Unusable::Used),
        Some((_, expires_at, _)) if expires_at <= now => Err(Unusable::Expired),
        Some(_) => Ok(()),
        None => Err(Unusable::Unknown),
    })
}

/// Attaches the files of an upload to a comment.
pub fn attach(db: &Connection, token: &str, comment: i64) -> Result<()> {
    db.execute("UPDATE attachments SET comment_id = ?2 WHERE upload_token = ?1", params![token, comment])?;
    db.execute("UPDATE uploads SET used = 1 WHERE token = ?1", [token]).map(drop)
}

/// Removes an upload that no comment has taken. Returns false if there is none.
pub fn discard(db: &Connection, token: &str, user: i64) -> Result<bool> {
    let found =
        db.execute("DELETE FROM uploads WHERE token = ?1 AND user_id = ?2 AND NOT used", params![token, user])? > 0;
    if found {
        db.execute("DELETE FROM attachments WHERE upload_token = ?1 AND comment_id IS NULL", [token])?;
    }
    Ok(found)
}
