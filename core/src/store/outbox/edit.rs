//! What a user may do with a message that is not on its way: take it back, or change it.

use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::model::{DraftId, FormattedText, MessageId, ReplyDraft, Structure, TicketDraft, TicketId, TicketNumber};
use crate::outbox::{self, Change, Kind, State};
use crate::product::AcceptedTicket;
use crate::store::blobs::staged;
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{json, optional_text, text};
use crate::store::outbox::apply::apply;
use crate::store::outbox::enqueue::put_structure;
use crate::store::outbox::{anonymous, operations};
use crate::store::queries::drafts::{put_reply_draft, read_reply_draft};
use crate::store::{Edit, OrMissing, Priority, Store, StoreError};

/// The text of a message, and its structure.
fn written(db: &Connection, message: MessageId) -> Result<(String, Option<Structure>), StoreError> {
    let sql = "SELECT body, structure FROM messages WHERE id = ?1";
    let (body, structure) = db.query_row_cached(sql, [message.0], |row| Ok((text(row, 0)?, optional_text(row, 1)?)))?;
    Ok((body, structure.and_then(|json| Structure::of_json(&json))))
}

impl Store {
    /// Takes back a message that is not on its way, and returns its text.
    ///
    /// The text and the files of a reply are added to the draft of a reply in its ticket. A new ticket can be taken
    /// back only while no other operation waits for its creation. Its row is deleted, and its fields, its text and its
    /// files are added to the draft of a new ticket. If there is no draft to add to, one is made with the id `draft`.
    ///
    /// Fails with [`StoreError::NotPossibleNow`] if it is settled, or cannot be taken back now.
    pub fn discard(&self, message: MessageId, draft: &DraftId) -> Result<String, StoreError> {
        self.write(Priority::User, |edit| {
            let operation = operations::of_message(&edit.tx, message)?.ok_or(StoreError::NotPossibleNow)?;
            let ticket = operation.ticket;
            let (body, structure) = written(&edit.tx, message)?;
            let creates = operation.kind == Kind::Create;
            if !outbox::can_discard(&operation, &operations::of_ticket(&edit.tx, ticket)?) {
                return Err(StoreError::NotPossibleNow);
            }
            edit.touch_outbox(ticket);
            if creates {
                // A reply that was being typed in this ticket is added to the draft of the ticket.
                let reply = read_reply_draft(&edit.tx, ticket)?;
                let typed = reply.as_ref().map(|reply| &reply.body).filter(|typed| !typed.trim().is_empty());
                let text = typed.map_or_else(|| body.clone(), |typed| format!("{body}\n\n{typed}"));
                let id = give_back_ticket(edit, ticket, &text, draft)?;
                staged::give_to_draft(edit, message, &id)?;
                if let Some(reply) = reply {
                    edit.tx.execute_cached("UPDATE files SET draft = ?2 WHERE draft = ?1", [&reply.id.0, &id.0])?;
                }
                edit.tx.execute_cached("DELETE FROM tickets WHERE id = ?1", [ticket.0])?;
                return Ok(body);
            }
            let kept = read_reply_draft(&edit.tx, ticket)?;
            let id = kept.as_ref().map_or_else(|| draft.clone(), |kept| kept.id.clone());
            let typed = kept.map(|kept| kept.written()).unwrap_or_default();
            let text = typed.followed_by(&FormattedText::of_message(&body, structure.as_ref()));
            staged::give_to_draft(edit, message, &id)?;
            put_reply_draft(edit, &ReplyDraft::plain(id, ticket, "").with(&text))?;
            edit.tx.execute_cached("DELETE FROM messages WHERE id = ?1", [message.0])?;
            // The draft that became this message can be submitted again, unless the server has it.
            if !operation.state.is_confirmed() {
                edit.tx.execute_cached("DELETE FROM submissions WHERE message = ?1", [message.0])?;
            }
            Ok(body)
        })
    }

    /// Removes a message that the server has and does not show, with its files. Fails with
    /// [`StoreError::NotPossibleNow`] if it is in any other state.
    pub fn remove(&self, message: MessageId) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let operation = operations::of_message(&edit.tx, message)?.ok_or(StoreError::NotPossibleNow)?;
            if operation.state != State::NotShown {
                return Err(StoreError::NotPossibleNow);
            }
            staged::remove(edit, message)?;
            edit.tx.execute_cached("DELETE FROM messages WHERE id = ?1", [message.0])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// Changes the text of a reply that certainly is not on the server. What is not touched keeps its format. The reply gets a
    /// new idempotency key and keeps its place in the order. Fails with [`StoreError::NotPossibleNow`] if the reply cannot be
    /// edited now ([`State::can_edit`]).
    pub fn edit_reply(&self, message: MessageId, body: &str, key: Uuid) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let ticket = reset_for_edit(edit, message, Kind::Reply, key)?;
            let (before, structure) = written(&edit.tx, message)?;
            let before = FormattedText::of_message(&before, structure.as_ref());
            let (body, structure) = before.typed(body, body.len(), None).text.structured();
            edit.tx.execute_cached("UPDATE messages SET body = ?2 WHERE id = ?1", params![message.0, body])?;
            put_structure(edit, message, structure.as_ref())?;
            edit.touch_outbox(ticket);
            Ok(())
        })
    }

    /// Changes the fields of a ticket that certainly is not on the server. The ticket gets a new idempotency key and a
    /// new client reference. Fails with [`StoreError::NotPossibleNow`] if the ticket cannot be edited now
    /// ([`State::can_edit`]).
    pub(crate) fn edit_ticket(
        &self,
        ticket: TicketId,
        accepted: &AcceptedTicket,
        reference: Uuid,
        key: Uuid,
    ) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let sql = "SELECT message FROM outbox WHERE ticket = ?1 AND kind = 'create'";
            let message = edit.tx.query_row_cached(sql, [ticket.0], |row| row.get(0).map(MessageId));
            let message = message.or_missing(StoreError::NotPossibleNow)?;
            reset_for_edit(edit, message, Kind::Create, key)?;
            edit.tx.execute_cached(
                "UPDATE tickets SET reference = ?2, subject = ?3, issue_type = ?4, access = ?5, cc = ?6, follows = ?7
                 WHERE id = ?1",
                params![
                    ticket.0,
                    reference.to_string(),
                    accepted.subject,
                    accepted.issue_type,
                    accepted.access,
                    serde_json::to_string(&accepted.cc)?,
                    accepted.follows.map(|number| number.0)
                ],
            )?;
            anonymous::put_requester(edit, ticket, accepted.requester.as_ref())?;
            let sql = "UPDATE messages SET body = ?2 WHERE id = ?1";
            edit.tx.execute_cached(sql, params![message.0, accepted.description])?;
            edit.touch_outbox(ticket);
            Ok(())
        })
    }

    /// The fields of an unsent ticket, for a form that edits them. `issue_type` is the server's value. Fails with
    /// [`StoreError::NotPossibleNow`] if the ticket is on the server.
    pub(crate) fn unsent_ticket(&self, ticket: TicketId) -> Result<TicketDraft, StoreError> {
        self.read(|db| {
            let sql = "SELECT t.subject, ifnull(t.issue_type, ''), t.cc, m.body, ifnull(t.access, 0), t.follows,
                              ifnull(r.name, ''), ifnull(r.email, '')
                       FROM outbox o JOIN tickets t ON t.id = o.ticket JOIN messages m ON m.id = o.message
                       LEFT JOIN requesters r ON r.ticket = t.id
                       WHERE o.ticket = ?1 AND o.kind = 'create'";
            let draft = db.query_row_cached(sql, [ticket.0], |row| {
                let (id, cc, cc_entry) = (DraftId(String::new()), json(&text(row, 2)?), String::new());
                let (subject, issue_type, description) = (text(row, 0)?, text(row, 1)?, text(row, 3)?);
                let (access, follows) = (row.get(4)?, row.get::<_, Option<i64>>(5)?.map(TicketNumber));
                let (name, email) = (text(row, 6)?, text(row, 7)?);
                Ok(TicketDraft { id, subject, issue_type, cc, cc_entry, description, access, follows, name, email })
            });
            draft.or_missing(StoreError::NotPossibleNow)
        })
    }
}

/// Resets the operation of `message`, with a new `key`, as if it had never been attempted. Fails with
/// [`StoreError::NotPossibleNow`] if something of it is, or may be, on the server. Returns its ticket.
fn reset_for_edit(edit: &mut Edit<'_>, message: MessageId, kind: Kind, key: Uuid) -> Result<TicketId, StoreError> {
    let operation = operations::of_message(&edit.tx, message)?.ok_or(StoreError::NotPossibleNow)?;
    let edited = outbox::edited(&operation, kind, key).ok_or(StoreError::NotPossibleNow)?;
    apply(edit, &[Change::Update(edited)])?;
    Ok(operation.ticket)
}

/// Adds the fields of `ticket`, with `body` as its text, to the draft of a new ticket, which keeps its own issue type
/// and access. If there is no such draft, makes one with the id `draft`. Returns the id of the draft.
fn give_back_ticket(edit: &Edit<'_>, ticket: TicketId, body: &str, draft: &DraftId) -> Result<DraftId, StoreError> {
    // A draft has only one subject. If the draft already has another one, the ticket's subject is put into the text.
    let joined = edit.tx.execute_cached(
        "UPDATE drafts
         SET subject = CASE WHEN trim(drafts.subject) = '' THEN t.subject ELSE drafts.subject END,
             cc = (SELECT json_group_array(value) FROM
                   (SELECT value FROM json_each(CASE WHEN json_valid(drafts.cc) THEN drafts.cc ELSE '[]' END) WHERE type = 'text' UNION
                    SELECT value FROM json_each(CASE WHEN json_valid(t.cc) THEN t.cc ELSE '[]' END) WHERE type = 'text')),
             body = CASE WHEN trim(drafts.body) = '' THEN '' ELSE drafts.body || char(10) || char(10) END
                 || CASE WHEN trim(drafts.subject) IN ('', t.subject) THEN '' ELSE t.subject || char(10) || char(10) END
                 || ?1,
             follows = ifnull(drafts.follows, t.follows),
             name = CASE WHEN trim(drafts.name) = '' THEN ifnull(r.name, '') ELSE drafts.name END,
             email = CASE WHEN trim(drafts.email) = '' THEN ifnull(r.email, '') ELSE drafts.email END
         FROM tickets t LEFT JOIN requesters r ON r.ticket = t.id WHERE t.id = ?2 AND drafts.ticket IS NULL",
        params![body, ticket.0],
    )?;
    if joined == 0 {
        edit.tx.execute_cached(
            "INSERT INTO drafts (id, subject, issue_type, cc, body, access, follows, name, email)
             SELECT ?1, t.subject, ifnull(t.issue_type, ''), t.cc, ?2, ifnull(t.access, 0), t.follows, ifnull(r.name, ''),
                    ifnull(r.email, '')
             FROM tickets t LEFT JOIN requesters r ON r.ticket = t.id WHERE t.id = ?3",
            params![draft.0, body, ticket.0],
        )?;
    }
    Ok(edit.tx.query_row_cached("SELECT id FROM drafts WHERE ticket IS NULL", [], |row| row.get(0).map(DraftId))?)
}
