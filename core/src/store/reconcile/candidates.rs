//! Loads what [`matching`](crate::outbox) compares with the server's comments and tickets.

use rusqlite::Connection;

use crate::model::{MessageId, OperationId, TicketId};
use crate::outbox::{Candidate, NewTicketCandidate, Operation};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{json, optional_text, text};
use crate::store::{Edit, Store, StoreError};

impl Store {
    /// Whether the thread of an operation contains a comment of this user that could be the operation's message,
    /// changed beyond recognition. Such a comment is above the high-water mark, was not written on this device, and is
    /// newer than the last one that the user was asked about.
    pub(crate) fn has_unexplained_comment(&self, operation: &Operation) -> Result<bool, StoreError> {
        let Some(mark) = operation.high_water_mark else { return Ok(false) };
        let above = mark.max(operation.asked_through.unwrap_or_default());
        self.read(|db| {
            let sql = "SELECT EXISTS (SELECT 1 FROM messages m
                                      WHERE m.ticket = ?1 AND m.mine AND m.comment > ?2 AND NOT m.description
                                        AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.message = m.id))";
            Ok(db.query_row_cached(sql, [operation.ticket.0, above], |row| row.get(0))?)
        })
    }
}

/// The candidates of `ticket`, in the order in which they were written: the description, and every message whose operation
/// has a high-water mark. Messages that are linked to a comment are not among them.
pub(super) fn unlinked_messages(edit: &Edit<'_>, ticket: TicketId) -> Result<Vec<Candidate>, StoreError> {
    let sql = "SELECT m.id, CASE WHEN o.kind = 'reply' THEN o.id END, m.description, ifnull(o.high_water_mark, 0), m.body,
                      m.attachments, ifnull(o.state IN ('sent', 'not_shown'), 0)
               FROM messages m LEFT JOIN outbox o ON o.message = m.id AND o.kind <> 'upload'
               WHERE m.ticket = ?1 AND m.comment IS NULL AND (m.description OR o.high_water_mark IS NOT NULL) ORDER BY m.id";
    let mut statement = edit.tx.prepare_cached(sql)?;
    let mut rows = statement.query([ticket.0])?;
    let mut candidates = Vec::new();
    while let Some(row) = rows.next()? {
        candidates.push(Candidate {
            message: MessageId(row.get(0)?),
            operation: row.get::<_, Option<i64>>(1)?.map(OperationId),
            description: row.get(2)?,
            high_water_mark: row.get(3)?,
            body: text(row, 4)?,
            files: json(&text(row, 5)?),
            confirmed: row.get(6)?,
        });
    }
    Ok(candidates)
}

/// The new tickets of this user whose creation may have arrived, in the order in which they were written.
pub(super) fn new_tickets(db: &Connection) -> Result<Vec<NewTicketCandidate>, StoreError> {
    let sql = "SELECT t.id, o.id, t.reference, t.subject, m.body, o.high_water_mark, m.attachments,
                      NOT o.restored AND o.state IN ('sending', 'checking', 'may_have_been_sent')
               FROM outbox o JOIN tickets t ON t.id = o.ticket JOIN messages m ON m.id = o.message
               WHERE o.kind = 'create' AND o.high_water_mark IS NOT NULL AND t.number IS NULL ORDER BY o.id";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut candidates = Vec::new();
    while let Some(row) = rows.next()? {
        candidates.push(NewTicketCandidate {
            ticket: TicketId(row.get(0)?),
            operation: OperationId(row.get(1)?),
            reference: optional_text(row, 2)?,
            subject: text(row, 3)?,
            body: text(row, 4)?,
            high_water_mark: row.get(5)?,
            files: json(&text(row, 6)?),
            unanswered: row.get(7)?,
        });
    }
    Ok(candidates)
}
