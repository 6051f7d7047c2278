//! A thread: the description and every comment, oldest first, then the messages that wait to be sent.

use rusqlite::{Row, params};

use super::unread::{ReadPosition, unread_messages};
use crate::model::{Body, Message, MessageId, SmallPicture, Structure, TicketId, Timestamp, UnreadMessages};
use crate::outbox::{self, Kind, Operation, delivery};
use crate::query::{cursor, place};
use crate::store::blobs::{downloads, small_pictures};
use crate::store::db::unreadable::{json, optional_text, or_left_out, text};
use crate::store::outbox::operations;
use crate::store::{MAX_PAGE, Store, StoreError};

/// A page ends with the message with which its texts reach this size in bytes, so that a page fits into a phone's memory.
const LARGEST_PAGE: usize = 2 * 1024 * 1024;

/// Some messages of a thread.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ThreadPage {
    /// Oldest first. The description is the first message of the thread.
    pub messages: Vec<Message>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<String>,
    /// The messages of the whole thread that are new to the user; `None` if there are none.
    pub unread: Option<UnreadMessages>,
}

impl Store {
    /// Up to `limit` (1 to [`MAX_PAGE`]) messages after the cursor `after`, or from the start; fewer if their texts have more
    /// than 2 MiB. An invalid cursor fails with [`StoreError::InvalidCursor`].
    pub fn thread(&self, ticket: TicketId, after: Option<&str>, limit: u32) -> Result<ThreadPage, StoreError> {
        self.thread_read_from(ticket, after, limit, None)
    }

    /// Like [`thread`](Self::thread), for a thread that is on screen. `from`: up to where it was read when it was opened.
    pub(crate) fn thread_read_from(
        &self,
        ticket: TicketId,
        after: Option<&str>,
        limit: u32,
        from: Option<ReadPosition>,
    ) -> Result<ThreadPage, StoreError> {
        let limit = limit.clamp(1, MAX_PAGE);
        let [unsent, created_at, comment, id] =
            after.map_or(Ok([i64::MIN; 4]), |after| place(after).ok_or(StoreError::InvalidCursor))?;
        self.read(|db| {
            let sql =
                "SELECT m.id, m.unsent, m.created_at, m.sort_comment, m.mine, m.body, m.description, m.attachments,
                              p.name, ifnull(p.agent, 0), m.shortened, m.structure,
                              CASE WHEN p.photo IS NULL THEN NULL
                                   ELSE EXISTS (SELECT 1 FROM downloads d WHERE d.person = p.id AND d.state = 'here') END
                       FROM messages m LEFT JOIN people p ON p.id = m.author
                       WHERE m.ticket = ?1 AND (m.unsent, m.created_at, m.sort_comment, m.id) > (?2, ?3, ?4, ?5)
                       ORDER BY m.unsent, m.created_at, m.sort_comment, m.id LIMIT ?6";
            let operations = operations::of_ticket(db, ticket)?;
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query(params![ticket.0, unsent, created_at, comment, id, limit])?;
            let (mut messages, mut last, mut read, mut bytes) = (Vec::new(), None, 0, 0);
            while bytes < LARGEST_PAGE
                && let Some(row) = rows.next()?
            {
                last = Some([row.get(1)?, row.get(2)?, row.get(3)?, row.get(0)?]);
                read += 1;
                let Some(mut message) = or_left_out(message(row, &operations))? else { continue };
                let deciding = outbox::deciding_operation(&operations, message.id);
                downloads::fill_in(db, self, message.id, deciding, &mut message.attachments)?;
                small_pictures::fill_in(db, message.id, &mut message.attachments)?;
                bytes += message.body.len();
                messages.push(message);
            }
            let next = last.filter(|_| read == limit || bytes >= LARGEST_PAGE).map(cursor);
            Ok(ThreadPage { messages, next, unread: unread_messages(db, ticket, from)? })
        })
    }
}

fn message(row: &Row<'_>, operations: &[Operation]) -> Result<Message, StoreError> {
    let id = MessageId(row.get(0)?);
    let operation = operations.iter().find(|o| o.message == Some(id) && o.kind != Kind::Upload);
    let deciding_operation = outbox::deciding_operation(operations, id);
    let is_only_message = operations.iter().all(|o| o.message == Some(id));
    let body = text(row, 5)?;
    let structure = optional_text(row, 11)?.and_then(|json| Structure::of_json(&json));
    Ok(Message {
        id,
        content: Body::of(&body, structure.as_ref()),
        author: optional_text(row, 8)?,
        mine: row.get(4)?,
        from_agent: row.get(9)?,
        author_photo: match row.get(12)? {
            None => SmallPicture::None,
            Some(false) => SmallPicture::OnServer,
            Some(true) => SmallPicture::OnDevice,
        },
        body,
        shortened: row.get(10)?,
        created_at: Timestamp(row.get(2)?),
        description: row.get(6)?,
        attachments: json(&text(row, 7)?),
        delivery: delivery(deciding_operation),
        can_retry: deciding_operation.is_some_and(|operation| operation.state.can_retry()),
        can_edit: operation.is_some_and(|operation| operation.state.can_edit()),
        can_discard: operation.is_some_and(|o| o.state.can_discard() && (o.kind == Kind::Reply || is_only_message)),
    })
}
