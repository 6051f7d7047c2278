//! The row of a comment: a new one, and what changed of it since.

use rusqlite::params;

use crate::model::{MessageId, RemoteComment, TicketId};
use crate::store::db::statements::Cached;
use crate::store::{Edit, StoreError};

/// Stores a comment as a new row.
pub(super) fn insert_comment(
    edit: &Edit<'_>,
    ticket: TicketId,
    comment: &RemoteComment,
    mine: bool,
    description: bool,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO messages (ticket, comment, author, mine, body, created_at, description, attachments, unsent,
                                     shortened, channel, structure)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10, ?11)";
    edit.tx.execute_cached(
        sql,
        params![
            ticket.0,
            comment.id.0,
            comment.author.map(|author| author.0),
            mine,
            comment.body,
            comment.created_at.0,
            description,
            serde_json::to_string(&comment.attachments)?,
            comment.shortened,
            comment.channel,
            structure(comment)?
        ],
    )?;
    edit.adds(&comment.body);
    Ok(())
}

/// Writes what changed of a comment: its text, its files, its time. Returns the number of changed rows, 0 or 1.
pub(super) fn refresh(
    edit: &Edit<'_>,
    message: MessageId,
    comment: &RemoteComment,
    mine: bool,
) -> Result<usize, StoreError> {
    let sql = "UPDATE messages SET body = ?2, attachments = ?3, author = ?4, mine = ?5, shortened = ?6,
                                   created_at = ?7, channel = ?8, structure = ?9
               WHERE id = ?1 AND (body <> ?2 OR attachments <> ?3 OR author IS NOT ?4 OR shortened <> ?6 OR created_at <> ?7
                                  OR channel IS NOT ?8 OR structure IS NOT ?9)";
    let attachments = serde_json::to_string(&comment.attachments)?;
    Ok(edit.tx.execute_cached(
        sql,
        params![
            message.0,
            comment.body,
            attachments,
            comment.author.map(|author| author.0),
            mine,
            comment.shortened,
            comment.created_at.0,
            comment.channel,
            structure(comment)?
        ],
    )?)
}

/// What is stored beside a comment's text.
pub(super) fn structure(comment: &RemoteComment) -> Result<Option<String>, StoreError> {
    Ok(comment.structure.as_ref().map(serde_json::to_string).transpose()?)
}
