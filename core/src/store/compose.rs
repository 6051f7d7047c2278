//! What the user writes: message, outbox row and the end of the draft, in one transaction, durable on return (O2).
//!
//! A draft is consumed by the transaction that makes its message, and what it became is remembered. So two taps, or a kill
//! right after the commit and another tap after the restart, give one message.

use rusqlite::params;
use uuid::Uuid;

use super::drafts::{put_reply_draft, read_reply_draft, submitted};
use super::rows::status_of;
use super::{Edit, Store, StoreError, Writer};
use crate::bugs::{self, Bug};
use crate::environment::Timestamp;
use crate::model::{DraftId, MessageId, ReplyDraft, TicketId};
use crate::outbox::Kind;
use crate::profile::AcceptedTicket;

/// A checked new ticket.
pub struct NewTicket<'a> {
    /// The draft it was.
    pub draft: &'a DraftId,
    /// What the profile accepted.
    pub accepted: &'a AcceptedTicket,
    /// How it is recognised after a lost answer.
    pub reference: Uuid,
    /// The idempotency key of its creation.
    pub key: Uuid,
    /// By the device's clock.
    pub now: Timestamp,
}

/// A checked reply.
pub struct NewReply<'a> {
    /// The draft it was.
    pub draft: &'a DraftId,
    /// Where it goes.
    pub ticket: TicketId,
    /// Not blank.
    pub body: &'a str,
    /// The idempotency key of its sending.
    pub key: Uuid,
    /// By the device's clock.
    pub now: Timestamp,
}

/// What became of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReplyOutcome {
    Written(MessageId),
    TicketClosed,
    NoLongerVisible,
}

impl Store {
    /// Writes a new ticket with its description, waiting to be sent. The same draft again gives the same ticket.
    pub fn submit(&self, new: &NewTicket<'_>) -> Result<TicketId, StoreError> {
        self.write(Writer::User, |edit| {
            if let Some((ticket, _)) = submitted(&edit.tx, new.draft)? {
                return Ok(TicketId(ticket));
            }
            let me: Option<i64> = edit.tx.query_row("SELECT person FROM account", [], |row| row.get(0))?;
            edit.tx.execute(
                "INSERT INTO tickets (reference, subject, desk_status, user_spoke_last, issue_type, access, cc, requester,
                                      created_at, updated_at, last_activity, thread_of, unsent)
                 VALUES (?1, ?2, 'new', 1, ?3, ?4, ?5, ?6, ?7, ?7, ?7, 0,
                         (SELECT ifnull(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'tickets'))",
                params![
                    new.reference.to_string(),
                    new.accepted.subject,
                    new.accepted.issue_type,
                    new.accepted.access,
                    serde_json::to_string(&new.accepted.cc)?,
                    me,
                    new.now.0
                ],
            )?;
            let ticket = TicketId(edit.tx.last_insert_rowid());
            let message = insert_message(edit, ticket, &new.accepted.description, true, new.now)?;
            enqueue(edit, ticket, message, Kind::Create, new.key)?;
            consume(edit, new.draft, ticket, message)?;
            Ok(ticket)
        })
    }

    /// Writes a reply, waiting to be sent. The same draft again gives the same message.
    pub(crate) fn reply(&self, new: &NewReply<'_>) -> Result<ReplyOutcome, StoreError> {
        self.write(Writer::User, |edit| {
            if let Some((_, message)) = submitted(&edit.tx, new.draft)? {
                return Ok(ReplyOutcome::Written(MessageId(message)));
            }
            let (status, visible): (String, bool) =
                edit.tx.query_row("SELECT desk_status, visible FROM tickets WHERE id = ?1", [new.ticket.0], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            let status = self.profile.product_status(status_of(&status), None);
            let refused = if !visible {
                Some(ReplyOutcome::NoLongerVisible)
            } else if !self.profile.reply_allowed(status) {
                Some(ReplyOutcome::TicketClosed)
            } else {
                None
            };
            if let Some(refused) = refused {
                // The text stays where the user wrote it.
                let draft = ReplyDraft { id: new.draft.clone(), ticket: new.ticket, body: new.body.to_owned() };
                put_reply_draft(edit, &draft)?;
                return Ok(refused);
            }
            let message = insert_message(edit, new.ticket, new.body, false, new.now)?;
            enqueue(edit, new.ticket, message, Kind::Reply, new.key)?;
            consume(edit, new.draft, new.ticket, message)?;
            Ok(ReplyOutcome::Written(message))
        })
    }

    /// Takes back a message that is not on its way, and gives its text. A reply's text goes behind what is being typed
    /// in its ticket (`draft` names that draft if there is none yet). A ticket can be taken back as long as no reply waits
    /// behind it; its row goes, and subject and text go to the new ticket's draft, behind what is being typed there.
    pub fn discard(&self, message: MessageId, draft: &DraftId) -> Result<String, StoreError> {
        self.write(Writer::User, |edit| {
            let (ticket, kind, body): (i64, String, String) = edit.tx.query_row(
                "SELECT o.ticket, o.kind, m.body FROM outbox o JOIN messages m ON m.id = o.message WHERE o.message = ?1",
                [message.0],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            let ticket = TicketId(ticket);
            let operations = super::outbox::of_ticket(&edit.tx, ticket)?;
            let this = operations.iter().find(|operation| operation.message == message).ok_or(StoreError::NotFound)?;
            if !this.state.can_discard() || (this.kind == Kind::Create && operations.len() > 1) {
                return Err(StoreError::NotFound);
            }
            edit.touch_outbox(ticket);
            if kind == "create" {
                give_back_ticket(edit, ticket, &body, draft)?;
                edit.tx.execute("DELETE FROM tickets WHERE id = ?1", [ticket.0])?;
                return Ok(body);
            }
            let kept = read_reply_draft(&edit.tx, ticket)?;
            let id = kept.as_ref().map_or_else(|| draft.clone(), |kept| kept.id.clone());
            let typed = kept.map(|kept| kept.body).filter(|typed| !typed.trim().is_empty());
            let text = typed.map_or_else(|| body.clone(), |typed| format!("{typed}\n\n{body}"));
            put_reply_draft(edit, &ReplyDraft { id, ticket, body: text })?;
            edit.tx.execute("DELETE FROM messages WHERE id = ?1", [message.0])?;
            Ok(body)
        })
    }
}

fn give_back_ticket(edit: &Edit<'_>, ticket: TicketId, body: &str, draft: &DraftId) -> Result<(), StoreError> {
    let joined = edit.tx.execute(
        "UPDATE drafts
         SET subject = CASE WHEN trim(drafts.subject) = '' THEN t.subject ELSE drafts.subject END,
             body = CASE WHEN trim(drafts.body) = '' THEN ?1 ELSE drafts.body || char(10) || char(10) || ?1 END
         FROM tickets t WHERE t.id = ?2 AND drafts.ticket IS NULL",
        params![body, ticket.0],
    )?;
    if joined == 0 {
        edit.tx.execute(
            "INSERT INTO drafts (id, subject, issue_type, cc, body, access)
             SELECT ?1, subject, ifnull(issue_type, ''), cc, ?2, ifnull(access, 0) FROM tickets WHERE id = ?3",
            params![draft.0, body, ticket.0],
        )?;
    }
    Ok(())
}

fn insert_message(
    edit: &mut Edit<'_>,
    ticket: TicketId,
    body: &str,
    description: bool,
    now: Timestamp,
) -> Result<MessageId, StoreError> {
    edit.tx.execute(
        "INSERT INTO messages (ticket, author, mine, body, created_at, description, unsent)
         VALUES (?1, (SELECT person FROM account), 1, ?2, ?3, ?4,
                 (SELECT ifnull(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'messages'))",
        params![ticket.0, body, now.0, description],
    )?;
    Ok(MessageId(edit.tx.last_insert_rowid()))
}

fn enqueue(edit: &mut Edit<'_>, ticket: TicketId, message: MessageId, kind: Kind, key: Uuid) -> Result<(), StoreError> {
    edit.tx.execute(
        "INSERT INTO outbox (ticket, message, kind, key, state) VALUES (?1, ?2, ?3, ?4, 'queued')",
        params![ticket.0, message.0, super::outbox::kind_name(kind), key.to_string()],
    )?;
    edit.touch_outbox(ticket);
    Ok(())
}

fn consume(edit: &Edit<'_>, draft: &DraftId, ticket: TicketId, message: MessageId) -> Result<(), StoreError> {
    if bugs::is_on(Bug::DraftNotConsumed) {
        return Ok(());
    }
    edit.tx.execute("DELETE FROM drafts WHERE id = ?1", [&draft.0])?;
    let sql = "INSERT INTO submissions (draft, ticket, message) VALUES (?1, ?2, ?3)";
    edit.tx.execute(sql, params![draft.0, ticket.0, message.0])?;
    Ok(())
}
