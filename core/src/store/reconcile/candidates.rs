//! Candidates: messages of this user that may be on the server and have no comment id yet.
//!
//! A candidate is compared with the comments of a thread that was read. The rules are at the top of
//! [`tickets`](crate::store::reconcile::tickets); [`comments`](crate::store::reconcile::comments) applies them.

use crate::model::{Attachment, MessageId, PersonId, RemoteComment, TicketId, normalise, same_text};
use crate::store::{Edit, StoreError};

/// Whether one of `comments` matches this candidate.
pub(super) fn appears(candidate: &Candidate, comments: &[RemoteComment]) -> bool {
    comments.iter().any(|comment| candidate.matches(comment))
}

/// A message of ours that may be on the server.
pub(super) struct Candidate {
    pub(super) id: MessageId,
    description: bool,
    /// The server has confirmed the attempt.
    pub(super) confirmed: bool,
    /// Only a comment with a higher id can be this message; 0 if the operation has none.
    high_water_mark: i64,
    body: String,
    attachments: Vec<Attachment>,
}

impl Candidate {
    /// Whether `comment`, at `index` of its thread, may turn out to be this message. `me`: the user of this file.
    pub(super) fn may_take(&self, index: usize, comment: &RemoteComment, me: PersonId) -> bool {
        self.takes(index, comment, me) || self.explains(comment, me)
    }

    /// Whether `comment` is this message, if no earlier candidate is this comment. For the description this is the
    /// first comment, whatever its text.
    pub(super) fn takes(&self, index: usize, comment: &RemoteComment, me: PersonId) -> bool {
        if self.description { index == 0 } else { comment.author == Some(me) && self.matches(comment) }
    }

    /// Whether `comment` can be this message although its text differs, because the server has changed the text. Only a
    /// message that the server has confirmed can be. The caller uses this only if no comment matches the message.
    pub(super) fn explains(&self, comment: &RemoteComment, me: PersonId) -> bool {
        comment.author == Some(me) && self.confirmed && comment.id.0 > self.high_water_mark
    }

    /// Whether `comment` is above the high-water mark and has this message's text and files.
    pub(super) fn matches(&self, comment: &RemoteComment) -> bool {
        // Files may come back in another order, and with another Unicode form of an accent ("ü", or "u" and two dots).
        let names = |files: &[Attachment]| {
            let mut names: Vec<String> = files.iter().map(|file| normalise(&file.name)).collect();
            names.sort_unstable();
            names
        };
        comment.id.0 > self.high_water_mark
            && same_text(&self.body, &comment.body)
            && names(&self.attachments) == names(&comment.attachments)
    }
}

/// The candidates of `ticket`, in the order in which they were written: the description, and every message whose operation
/// has a high-water mark. Messages that are linked to a comment are not among them.
pub(super) fn unlinked_messages(edit: &Edit<'_>, ticket: TicketId) -> Result<Vec<Candidate>, StoreError> {
    let sql = "SELECT m.id, m.description, ifnull(o.high_water_mark, 0), m.body, m.attachments, o.state IS 'sent'
               FROM messages m LEFT JOIN outbox o ON o.message = m.id AND o.kind <> 'upload'
               WHERE m.ticket = ?1 AND m.comment IS NULL AND (m.description OR o.high_water_mark IS NOT NULL) ORDER BY m.id";
    let mut statement = edit.tx.prepare_cached(sql)?;
    let mut rows = statement.query([ticket.0])?;
    let mut candidates = Vec::new();
    while let Some(row) = rows.next()? {
        let attachments: String = row.get(4)?;
        candidates.push(Candidate {
            id: MessageId(row.get(0)?),
            description: row.get(1)?,
            confirmed: row.get(5)?,
            high_water_mark: row.get(2)?,
            body: row.get(3)?,
            attachments: serde_json::from_str(&attachments)?,
        });
    }
    Ok(candidates)
}
