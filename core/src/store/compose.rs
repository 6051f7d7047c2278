//! What the user writes: message, outbox row and the end of the draft, in one transaction, durable on return (O2).
//!
//! A draft is consumed by the transaction that makes its message, and what it became is remembered. So two taps, or a kill
//! right after the commit and another tap after the restart, give one message. That stays true when the desk takes the
//! message away between the two; only the user's own taking back ends it.

use std::time::Duration;

use rusqlite::params;
use uuid::Uuid;

use super::cached::Cached;
use super::drafts::{put_reply_draft, read_reply_draft, submitted};
use super::rows::status_of;
use super::{Edit, Store, StoreError, Writer};
use crate::bugs::{self, Bug};
use crate::environment::Timestamp;
use crate::model::{DraftId, FileId, MessageId, OperationId, ReplyDraft, TicketDraft, TicketId};
use crate::outbox::{Kind, State, Wait};
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
    /// How long it can be undone; zero: not at all.
    pub hold: Duration,
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
    /// How long it can be undone; zero: not at all.
    pub hold: Duration,
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
            let me: Option<i64> = edit.tx.query_row_cached("SELECT person FROM account", [], |row| row.get(0))?;
            edit.tx.execute_cached(
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
            let entry = Entry::message(Kind::Create, message, new.key, new.hold, new.now);
            enqueue_uploads(edit, ticket, new.draft, &entry)?;
            enqueue(edit, ticket, &entry)?;
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
            let (status, visible): (String, bool) = edit.tx.query_row_cached(
                "SELECT desk_status, visible FROM tickets WHERE id = ?1",
                [new.ticket.0],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
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
            let entry = Entry::message(Kind::Reply, message, new.key, new.hold, new.now);
            enqueue_uploads(edit, new.ticket, new.draft, &entry)?;
            enqueue(edit, new.ticket, &entry)?;
            consume(edit, new.draft, new.ticket, message)?;
            Ok(ReplyOutcome::Written(message))
        })
    }

    /// Takes back a message that is not on its way, and gives its text. A reply's text goes behind what is being typed
    /// in its ticket (`draft` names that draft if there is none yet). A ticket can be taken back as long as no reply waits
    /// behind it; its row goes, and subject and text go to the new ticket's draft, behind what is being typed there.
    pub fn discard(&self, message: MessageId, draft: &DraftId) -> Result<String, StoreError> {
        self.write(Writer::User, |edit| {
            let operation = super::outbox::of_message(&edit.tx, message)?.ok_or(StoreError::NotFound)?;
            let ticket = operation.ticket;
            let body: String =
                edit.tx.query_row_cached("SELECT body FROM messages WHERE id = ?1", [message.0], |row| row.get(0))?;
            let creates = operation.kind == Kind::Create;
            let others = super::outbox::of_ticket(&edit.tx, ticket)?;
            let alone = others.iter().all(|other| other.message == Some(message));
            if !operation.state.can_discard() || (creates && !alone) {
                return Err(StoreError::NotFound);
            }
            edit.touch_outbox(ticket);
            if creates {
                // What was being typed as a reply to it is not lost with it.
                let reply = read_reply_draft(&edit.tx, ticket)?;
                let typed = reply.as_ref().map(|reply| &reply.body).filter(|typed| !typed.trim().is_empty());
                let text = typed.map_or_else(|| body.clone(), |typed| format!("{body}\n\n{typed}"));
                let id = give_back_ticket(edit, ticket, &text, draft)?;
                super::files::give_to_draft(edit, message, &id)?;
                if let Some(reply) = reply {
                    edit.tx.execute_cached("UPDATE files SET draft = ?2 WHERE draft = ?1", [&reply.id.0, &id.0])?;
                }
                edit.tx.execute_cached("DELETE FROM tickets WHERE id = ?1", [ticket.0])?;
                return Ok(body);
            }
            let kept = read_reply_draft(&edit.tx, ticket)?;
            let id = kept.as_ref().map_or_else(|| draft.clone(), |kept| kept.id.clone());
            let typed = kept.map(|kept| kept.body).filter(|typed| !typed.trim().is_empty());
            let text = typed.map_or_else(|| body.clone(), |typed| format!("{typed}\n\n{body}"));
            super::files::give_to_draft(edit, message, &id)?;
            put_reply_draft(edit, &ReplyDraft { id, ticket, body: text })?;
            edit.tx.execute_cached("DELETE FROM messages WHERE id = ?1", [message.0])?;
            // The draft that it was may be submitted again: nothing of it was sent.
            edit.tx.execute_cached("DELETE FROM submissions WHERE message = ?1", [message.0])?;
            Ok(body)
        })
    }

    /// Gives a reply that is certainly not at the desk another text, under a new key. Its place in the order stays.
    /// [`StoreError::NotFound`] where that is not safe.
    pub fn edit_reply(&self, message: MessageId, body: &str, key: Uuid) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            let ticket = written_anew(edit, message, Kind::Reply, key)?;
            edit.tx.execute_cached("UPDATE messages SET body = ?2 WHERE id = ?1", params![message.0, body])?;
            edit.touch_outbox(ticket);
            Ok(())
        })
    }

    /// Gives a ticket that is certainly not at the desk other fields, under a new key and a new reference.
    /// [`StoreError::NotFound`] where that is not safe.
    pub(crate) fn edit_ticket(
        &self,
        ticket: TicketId,
        accepted: &AcceptedTicket,
        reference: Uuid,
        key: Uuid,
    ) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            let sql = "SELECT message FROM outbox WHERE ticket = ?1 AND kind = 'create'";
            let message = MessageId(edit.tx.query_row_cached(sql, [ticket.0], |row| row.get(0))?);
            written_anew(edit, message, Kind::Create, key)?;
            edit.tx.execute_cached(
                "UPDATE tickets SET reference = ?2, subject = ?3, issue_type = ?4, access = ?5, cc = ?6 WHERE id = ?1",
                params![
                    ticket.0,
                    reference.to_string(),
                    accepted.subject,
                    accepted.issue_type,
                    accepted.access,
                    serde_json::to_string(&accepted.cc)?
                ],
            )?;
            let sql = "UPDATE messages SET body = ?2 WHERE id = ?1";
            edit.tx.execute_cached(sql, params![message.0, accepted.description])?;
            edit.touch_outbox(ticket);
            Ok(())
        })
    }

    /// An unsent ticket's fields, for a form that edits them; `issue_type` is the desk's value.
    pub(crate) fn unsent_ticket(&self, ticket: TicketId) -> Result<TicketDraft, StoreError> {
        self.read(|db| {
            let sql = "SELECT t.subject, ifnull(t.issue_type, ''), t.cc, m.body, ifnull(t.access, 0)
                       FROM outbox o JOIN tickets t ON t.id = o.ticket JOIN messages m ON m.id = o.message
                       WHERE o.ticket = ?1 AND o.kind = 'create'";
            let (subject, issue_type, cc, description, access): (_, _, String, _, _) =
                db.query_row_cached(sql, [ticket.0], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                })?;
            let (id, cc, cc_entry) = (DraftId(String::new()), serde_json::from_str(&cc)?, String::new());
            Ok(TicketDraft { id, subject, issue_type, cc, cc_entry, description, access })
        })
    }

    /// Asks the desk to mail more addresses about a ticket.
    pub(crate) fn add_cc(&self, ticket: TicketId, addresses: &[String], key: Uuid) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            let addresses = serde_json::to_string(addresses)?;
            enqueue(edit, ticket, &Entry { addresses: Some(addresses), ..Entry::change(Kind::AddCc, key) })
        })
    }

    /// Tells the desk that a ticket is solved. Once is enough: a second wish while the first waits changes nothing, unless
    /// a reply stands between them, which will open the ticket again.
    pub(crate) fn solve(&self, ticket: TicketId, key: Uuid) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            let waiting = super::outbox::of_ticket(&edit.tx, ticket)?;
            let last = waiting.iter().rfind(|other| matches!(other.kind, Kind::Create | Kind::Reply | Kind::Solve));
            if last.is_some_and(|last| last.kind == Kind::Solve) {
                Ok(())
            } else {
                enqueue(edit, ticket, &Entry::change(Kind::Solve, key))
            }
        })
    }
}

/// Makes the row of `message` one that no attempt was ever made for, where nothing of it is or can be at the desk.
fn written_anew(edit: &Edit<'_>, message: MessageId, kind: Kind, key: Uuid) -> Result<TicketId, StoreError> {
    let operation = super::outbox::of_message(&edit.tx, message)?.ok_or(StoreError::NotFound)?;
    if operation.kind != kind || !operation.state.can_edit() {
        return Err(StoreError::NotFound);
    }
    if !matches!(operation.state, State::Held(_)) {
        super::outbox::set_state(edit, operation.id, &State::Queued)?;
    }
    let sql = "UPDATE outbox
               SET key = ?2, body = NULL, base = NULL, begun = 0, attempts = 0, doubts = 0, reads = 0, ended_at = NULL,
                   quiet_since = NULL
               WHERE id = ?1";
    edit.tx.execute_cached(sql, params![operation.id.0, key.to_string()])?;
    Ok(operation.ticket)
}

/// Answers the draft that has it now.
fn give_back_ticket(edit: &Edit<'_>, ticket: TicketId, body: &str, draft: &DraftId) -> Result<DraftId, StoreError> {
    // A draft has one subject: where it has another one, the ticket's goes into the text.
    let joined = edit.tx.execute_cached(
        "UPDATE drafts
         SET subject = CASE WHEN trim(drafts.subject) = '' THEN t.subject ELSE drafts.subject END,
             cc = (SELECT json_group_array(value) FROM
                   (SELECT value FROM json_each(drafts.cc) UNION SELECT value FROM json_each(t.cc))),
             body = CASE WHEN trim(drafts.body) = '' THEN '' ELSE drafts.body || char(10) || char(10) END
                 || CASE WHEN trim(drafts.subject) IN ('', t.subject) THEN '' ELSE t.subject || char(10) || char(10) END
                 || ?1
         FROM tickets t WHERE t.id = ?2 AND drafts.ticket IS NULL",
        params![body, ticket.0],
    )?;
    if joined == 0 {
        edit.tx.execute_cached(
            "INSERT INTO drafts (id, subject, issue_type, cc, body, access)
             SELECT ?1, subject, ifnull(issue_type, ''), cc, ?2, ifnull(access, 0) FROM tickets WHERE id = ?3",
            params![draft.0, body, ticket.0],
        )?;
    }
    Ok(edit.tx.query_row_cached("SELECT id FROM drafts WHERE ticket IS NULL", [], |row| row.get(0).map(DraftId))?)
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
    key: Uuid,
    state: State,
}

impl Entry {
    fn message(kind: Kind, message: MessageId, key: Uuid, hold: Duration, now: Timestamp) -> Self {
        let state = if hold.is_zero() { State::Queued } else { State::Held(Wait::new(now, hold)) };
        Self { kind, message: Some(message), file: None, addresses: None, key, state }
    }

    fn change(kind: Kind, key: Uuid) -> Self {
        Self { kind, message: None, file: None, addresses: None, key, state: State::Queued }
    }
}

/// The draft's files are the message's now, and each is sent before it.
fn enqueue_uploads(edit: &mut Edit<'_>, ticket: TicketId, draft: &DraftId, of: &Entry) -> Result<(), StoreError> {
    let Some(message) = of.message else { return Ok(()) };
    for file in super::files::give_to_message(edit, draft, message)? {
        let (kind, file, state) = (Kind::Upload, Some(file.id), of.state.clone());
        enqueue(edit, ticket, &Entry { kind, message: of.message, file, addresses: None, key: of.key, state })?;
    }
    Ok(())
}

fn enqueue(edit: &mut Edit<'_>, ticket: TicketId, entry: &Entry) -> Result<(), StoreError> {
    edit.tx.execute_cached(
        "INSERT INTO outbox (ticket, message, kind, file, addresses, key, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued')",
        params![
            ticket.0,
            entry.message.map(|message| message.0),
            super::outbox::kind_name(entry.kind),
            entry.file.map(|file| file.0),
            entry.addresses,
            entry.key.to_string()
        ],
    )?;
    super::outbox::set_state(edit, OperationId(edit.tx.last_insert_rowid()), &entry.state)?;
    edit.touch_outbox(ticket);
    Ok(())
}

fn consume(edit: &Edit<'_>, draft: &DraftId, ticket: TicketId, message: MessageId) -> Result<(), StoreError> {
    if bugs::is_on(Bug::DraftNotConsumed) {
        return Ok(());
    }
    edit.tx.execute_cached("DELETE FROM drafts WHERE id = ?1", [&draft.0])?;
    let sql = "INSERT INTO submissions (draft, ticket, message) VALUES (?1, ?2, ?3)";
    edit.tx.execute_cached(sql, params![draft.0, ticket.0, message.0])?;
    Ok(())
}
