//! Enqueueing what the user writes. One transaction writes the message and its operation and consumes the draft. It is
//! durable when the call returns (`docs/product.md`, O2).
//!
//! The table `submissions` remembers which message each draft became. So submitting the same draft again gives the same
//! message: after a double tap, or if the process is killed right after the commit and the user taps again after the
//! restart. The table remembers this even if the server has removed the message meanwhile. It forgets it when the user
//! takes the message back, and with the row of the ticket.

use std::time::Duration;

use rusqlite::params;
use uuid::Uuid;

use crate::bugs::{self, Bug};
use crate::model::{
    ChangeKind, DraftId, FileId, FormattedText, MessageId, ReplyDraft, Structure, TicketId, Timestamp, millis,
};
use crate::outbox::{self, Kind, State, Wait};
use crate::product::{AcceptedTicket, StatusFacts};
use crate::store::blobs::staged;
use crate::store::db::columns::status_of;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::apply::apply;
use crate::store::outbox::{anonymous, operations};
use crate::store::queries::drafts::{put_reply_draft, submitted};
use crate::store::{Edit, OrMissing, Store, StoreError};

/// A new ticket that the product has validated.
pub struct NewTicket<'a> {
    /// The draft that becomes this ticket.
    pub draft: &'a DraftId,
    /// The fields that the product accepted.
    pub accepted: &'a AcceptedTicket,
    /// The client reference, by which the ticket is recognised after a lost answer.
    pub reference: Uuid,
    /// The idempotency key of its creation.
    pub key: Uuid,
    /// How long it can be undone. Zero means not at all.
    pub hold: Duration,
    /// The present time by the device's clock.
    pub now: Timestamp,
}

/// A reply that the product has validated.
pub struct NewReply<'a> {
    /// The draft that becomes this reply.
    pub draft: &'a DraftId,
    /// The ticket that it answers.
    pub ticket: TicketId,
    /// The text, which is not blank.
    pub body: &'a str,
    /// Its structure; `None` for plain text.
    pub structure: Option<&'a Structure>,
    /// The product's id of the action that writes it, and the change that is sent with it; `None` for a reply that the user
    /// wrote.
    pub action: Option<(&'a str, Option<ChangeKind>)>,
    /// The idempotency key of the reply.
    pub key: Uuid,
    /// How long it can be undone. Zero means not at all.
    pub hold: Duration,
    /// The present time by the device's clock.
    pub now: Timestamp,
}

/// A change of a ticket, which makes no comment.
pub(crate) struct NewChange<'a> {
    /// What it changes.
    pub kind: ChangeKind,
    /// The product's id of the action that makes it.
    pub action: &'a str,
    /// The addresses, if it adds any.
    pub addresses: &'a [String],
    /// What feedback or a toggle writes, as JSON.
    pub value: Option<String>,
    /// Its idempotency key.
    pub key: Uuid,
}

/// The result of writing a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyOutcome {
    /// It was written, as this message.
    Written(MessageId),
    /// The ticket's status takes no reply. The text was kept as a draft.
    TicketClosed,
    /// The ticket was revoked. The text was kept as a draft.
    NoLongerVisible,
}

impl Store {
    /// Writes a new ticket with its description and enqueues its creation. The same draft again gives the same ticket.
    pub fn submit(&self, new: &NewTicket<'_>) -> Result<TicketId, StoreError> {
        self.write(Priority::User, |edit| {
            if let Some((ticket, _)) = submitted(&edit.tx, new.draft)? {
                return Ok(TicketId(ticket));
            }
            let me: Option<i64> = edit.tx.query_row_cached("SELECT person FROM account", [], |row| row.get(0))?;
            edit.tx.execute_cached(
                "INSERT INTO tickets (reference, subject, server_status, user_spoke_last, issue_type, access, cc, requester,
                                      created_at, updated_at, last_activity, thread_as_of, follows, unsent)
                 VALUES (?1, ?2, 'new', 1, ?3, ?4, ?5, ?6, ?7, ?7, ?7, 0, ?8,
                         (SELECT ifnull(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'tickets'))",
                params![
                    new.reference.to_string(),
                    new.accepted.subject,
                    new.accepted.issue_type,
                    new.accepted.access,
                    serde_json::to_string(&new.accepted.cc)?,
                    me,
                    new.now.0,
                    new.accepted.follows.map(|number| number.0)
                ],
            )?;
            let ticket = TicketId(edit.tx.last_insert_rowid());
            anonymous::put_requester(edit, ticket, new.accepted.requester.as_ref())?;
            let message = insert_message(edit, ticket, &new.accepted.description, true, new.now)?;
            let entry = Entry::message(Kind::Create, message, new.key, new.hold, new.now);
            enqueue_uploads(edit, ticket, new.draft, &entry)?;
            enqueue(edit, ticket, &entry)?;
            consume(edit, new.draft, ticket, message)?;
            Ok(ticket)
        })
    }

    /// Writes a reply and enqueues it. The same draft again gives the same message. If the ticket takes no reply, keeps
    /// the text as its draft ([`ReplyOutcome`]). Fails with [`StoreError::NoSuchTicket`] if there is no such ticket.
    pub fn reply(&self, new: &NewReply<'_>) -> Result<ReplyOutcome, StoreError> {
        self.write(Priority::User, |edit| {
            if let Some((_, message)) = submitted(&edit.tx, new.draft)? {
                return Ok(ReplyOutcome::Written(MessageId(message)));
            }
            let sql = "SELECT server_status, custom_status, visible FROM tickets WHERE id = ?1";
            let (status, custom, visible): (String, Option<String>, bool) = edit
                .tx
                .query_row_cached(sql, [new.ticket.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .or_missing(StoreError::NoSuchTicket)?;
            let facts = StatusFacts { custom: custom.as_deref(), ..StatusFacts::of(status_of(&status)) };
            let status = self.product.status(&facts);
            let refused = if !visible {
                Some(ReplyOutcome::NoLongerVisible)
            } else if !self.product.reply_allowed(&status) {
                Some(ReplyOutcome::TicketClosed)
            } else {
                None
            };
            if let Some(refused) = refused {
                // The user's text is not lost: it stays the draft of this ticket.
                let draft = ReplyDraft::plain(new.draft.clone(), new.ticket, "");
                put_reply_draft(edit, &draft.with(&FormattedText::of_message(new.body, new.structure)))?;
                return Ok(refused);
            }
            let message = insert_message(edit, new.ticket, new.body, false, new.now)?;
            put_structure(edit, message, new.structure)?;
            let (action, with_change) =
                new.action.map_or((None, None), |(action, change)| (Some(action.to_owned()), change));
            let entry =
                Entry { action, with_change, ..Entry::message(Kind::Reply, message, new.key, new.hold, new.now) };
            enqueue_uploads(edit, new.ticket, new.draft, &entry)?;
            enqueue(edit, new.ticket, &entry)?;
            consume(edit, new.draft, new.ticket, message)?;
            Ok(ReplyOutcome::Written(message))
        })
    }

    /// Enqueues a change of a ticket, and drops those that it replaces. A change that must not be made twice is not
    /// enqueued while another of its kind waits: a second tap means the same. A message that was written since makes it
    /// meaningful again, unless the change stands apart from messages ([`ChangeKind::facts`]).
    pub(crate) fn change(&self, ticket: TicketId, new: &NewChange<'_>) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let kind = Kind::Change(new.kind);
            let facts = new.kind.facts();
            // Each value of a toggle counts.
            if !kind.is_repeatable() && !facts.is_replaced {
                let waiting = operations::of_ticket(&edit.tx, ticket)?;
                let mut counting = waiting.iter().filter(|other| {
                    other.kind == kind || !facts.is_apart && matches!(other.kind, Kind::Create | Kind::Reply)
                });
                let last = counting.next_back();
                if last.is_some_and(|last| last.kind == kind) {
                    return Ok(());
                }
            }
            let value = new.value.clone();
            let addresses = if new.addresses.is_empty() { None } else { Some(serde_json::to_string(new.addresses)?) };
            let action = Some(new.action.to_owned());
            enqueue(edit, ticket, &Entry { addresses, action, value, ..Entry::change(kind, new.key) })?;
            let replaced = outbox::replaced(&operations::of_ticket(&edit.tx, ticket)?);
            apply(edit, &replaced).map(drop)
        })
    }
}

/// Stores the structure of a message of ours.
pub(super) fn put_structure(
    edit: &Edit<'_>,
    message: MessageId,
    structure: Option<&Structure>,
) -> Result<(), StoreError> {
    let structure = structure.map(serde_json::to_string).transpose()?;
    edit.tx.execute_cached("UPDATE messages SET structure = ?2 WHERE id = ?1", params![message.0, structure])?;
    Ok(())
}

fn insert_message(
    edit: &mut Edit<'_>,
    ticket: TicketId,
    body: &str,
    description: bool,
    now: Timestamp,
) -> Result<MessageId, StoreError> {
    edit.tx.execute_cached(
        "INSERT INTO messages (ticket, author, mine, body, created_at, description, unsent)
         VALUES (?1, (SELECT person FROM account), 1, ?2, ?3, ?4,
                 (SELECT ifnull(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'messages'))",
        params![ticket.0, body, now.0, description],
    )?;
    Ok(MessageId(edit.tx.last_insert_rowid()))
}

/// A new row of the outbox.
struct Entry {
    kind: Kind,
    message: Option<MessageId>,
    file: Option<FileId>,
    addresses: Option<String>,
    action: Option<String>,
    with_change: Option<ChangeKind>,
    value: Option<String>,
    key: Uuid,
    state: State,
}

impl Entry {
    /// The entry of a message, held at first if it can be undone.
    fn message(kind: Kind, message: MessageId, key: Uuid, hold: Duration, now: Timestamp) -> Self {
        let state = if hold.is_zero() { State::Queued } else { State::Held(Wait::new(now, hold)) };
        Self { message: Some(message), state, ..Self::change(kind, key) }
    }

    /// The entry of a change that is not a message.
    fn change(kind: Kind, key: Uuid) -> Self {
        Self {
            kind,
            message: None,
            file: None,
            addresses: None,
            action: None,
            with_change: None,
            value: None,
            key,
            state: State::Queued,
        }
    }
}

/// Gives the draft's files to the message of the entry `of`, and enqueues an upload of each. They are enqueued before
/// the message, so they are sent before it.
fn enqueue_uploads(edit: &mut Edit<'_>, ticket: TicketId, draft: &DraftId, of: &Entry) -> Result<(), StoreError> {
    let Some(message) = of.message else { return Ok(()) };
    for file in staged::give_to_message(edit, draft, message)? {
        let (kind, file, state) = (Kind::Upload, Some(file.id), of.state.clone());
        enqueue(edit, ticket, &Entry { message: of.message, file, state, ..Entry::change(kind, of.key) })?;
    }
    Ok(())
}

/// Inserts a row of the outbox.
fn enqueue(edit: &mut Edit<'_>, ticket: TicketId, entry: &Entry) -> Result<(), StoreError> {
    let (state, wait) = match &entry.state {
        State::Held(wait) => ("held", Some(wait)),
        _ => ("queued", None),
    };
    edit.tx.execute_cached(
        "INSERT INTO outbox (ticket, message, kind, file, addresses, key, state, wait_start, wait_length, action, with_change,
                             content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            ticket.0,
            entry.message.map(|message| message.0),
            operations::kind_name(entry.kind),
            entry.file.map(|file| file.0),
            entry.addresses,
            entry.key.to_string(),
            state,
            wait.map(|wait| wait.start.0),
            wait.map(|wait| millis(wait.length)),
            entry.action,
            entry.with_change.map(|change| operations::kind_name(Kind::Change(change))),
            entry.value
        ],
    )?;
    edit.touch_outbox(ticket);
    Ok(())
}

/// Deletes the draft and remembers what it became.
fn consume(edit: &Edit<'_>, draft: &DraftId, ticket: TicketId, message: MessageId) -> Result<(), StoreError> {
    if bugs::is_on(Bug::DraftNotConsumed) {
        return Ok(());
    }
    edit.tx.execute_cached("DELETE FROM drafts WHERE id = ?1", [&draft.0])?;
    let sql = "INSERT INTO submissions (draft, ticket, message) VALUES (?1, ?2, ?3)";
    edit.tx.execute_cached(sql, params![draft.0, ticket.0, message.0])?;
    Ok(())
}
