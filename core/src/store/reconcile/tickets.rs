//! The matching step: it matches the tickets and comments of the server with the rows that the user wrote.
//!
//! A message is the same row for its whole life. Its result can reach this device in two ways: as the server's answer
//! to the request, or in a pull that already shows the result. Either can come first. Both lead to the functions in
//! this folder, which find the same row in one transaction. In the following rules, the *high-water mark* is the newest
//! ticket number (for a comment: the newest comment id) that was known before the attempt to send the row.
//!
//! * A **ticket** that has no row yet is compared with the new tickets of this user whose creation may have arrived, if
//!   this user is its requester. It is one of them if both have the same client reference. If the server's ticket has
//!   no reference, both must have the same subject and description, and its number must be above the high-water mark. A
//!   ticket that is none of them becomes a new row.
//! * The **first comment** of a thread belongs to the row of the description, whatever its text is.
//! * Any other **comment** of this user is compared with the rows that may have been sent, oldest first. It belongs to
//!   a row if its id is above the high-water mark and both have the same text and the same files. Each comment is
//!   linked to one row, and each row to one comment. Rows are sent in order, so a comment is not linked to a row if an
//!   earlier, confirmed row has its own comment further down in the thread. A comment that belongs to no row becomes a
//!   new row: it was written on another device.
//! * Some servers change a text when they store it. Then the server has **confirmed** a row, but no comment has the
//!   row's text. Such a row is linked to the oldest comment of this user that is above the high-water mark and belongs
//!   to no other row. Otherwise the thread would show the message twice. Only a *complete* read (see below) can decide
//!   this. An earlier read leaves such a comment out.
//!
//! A read may be stale, and the server's times have whole seconds. So a ticket is stored if its time is equal to the
//! stored time and its content is not. And a thread that was read soon after its ticket's update is read once more,
//! when every answer of the server must show that update. Only such a late read is *complete*.
//!
//! A message changes its place in the thread once: when it is linked to its comment. An answer that is older than the
//! content of the file (a stale read) changes nothing. Who spoke last, the last activity and the unread mark are taken
//! from the comments. They are not taken from the ticket's own time, because private notes and automations change that
//! time too.
//!
//! This file contains the step for tickets. [`comments`](crate::store::reconcile::comments) contains the step for the
//! comments of a thread, and explains how a long thread is stored. Every step is one transaction, so a crash leaves it
//! done or not done. The next pull shows the same tickets again.

use std::time::Duration;

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use crate::bugs::{self, Bug};
use crate::model::{PersonId, RemoteTicket, ReplyDraft, ServerStatus, TicketId, Timestamp, same_text};
use crate::outbox::{Operation, State, Wait};
use crate::store::db::columns::{status_name, status_of};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::{operations, uploads};
use crate::store::queries::drafts::{put_reply_draft, read_reply_draft};
use crate::store::reconcile::{read_marks, revoke};
use crate::store::schedule::full_reconciliation;
use crate::store::{Edit, Observation, Store, StoreError};

impl Store {
    /// Settles a creation that the server has confirmed: the ticket gets its number.
    ///
    /// If a pull has already stored the server's ticket as a row of its own, that row is merged into this ticket.
    ///
    /// The number may also belong to another new ticket of this user. This happens on a server without client
    /// references if two new tickets have the same text and only this one has arrived. A list showed it first, and it
    /// was linked to the other one. Now the server's answer to this key gives the same number again. So the server has
    /// only one of the two. This one is queued again as never attempted, with the `spare` key and reference.
    pub(crate) fn settle_create(
        &self,
        operation: &Operation,
        remote: &RemoteTicket,
        seen: Observation,
        spare: (Uuid, Uuid),
    ) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let holder =
                "SELECT id, reference IS NOT NULL AND reference IS NOT ?3 FROM tickets WHERE number = ?1 AND id <> ?2";
            let args = params![remote.number.0, operation.ticket.0, remote.client_reference];
            let other: Option<(i64, bool)> =
                edit.tx.query_row_cached(holder, args, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            if let Some((other, written_here)) = other {
                if written_here {
                    return uploads::reset_to_unattempted(edit, operation, &State::Queued, spare);
                }
                // A pull has stored it before and could not recognise it as ours.
                merge_into(edit, TicketId(other), operation.ticket)?;
            }
            link_ticket(edit, operation.ticket, remote, seen)
        })
    }

    /// Settles a reply that the server has confirmed. The reply becomes *sent*, and its thread becomes due, because the
    /// thread will show the reply's comment.
    pub(crate) fn settle_reply(
        &self,
        operation: &Operation,
        remote: &RemoteTicket,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let due_at_once = Wait { start: now, length: Duration::ZERO, server_imposed: false };
            operations::set_state(edit, operation.id, &State::Sent(due_at_once))?;
            let sql = "UPDATE tickets
                       SET server_status = ?2, updated_at = max(updated_at, ?3), user_spoke_last = 1,
                           thread_as_of = CASE WHEN thread_as_of IS NULL THEN NULL ELSE 0 END, thread_settled = 0, update_seen_at = ?4
                       WHERE id = ?1";
            let status = status_name(remote.status);
            edit.tx.execute_cached(sql, params![operation.ticket.0, status, remote.updated_at.0, now.0])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// Stores one ticket that was requested by its number.
    pub fn apply_ticket(&self, remote: &RemoteTicket, seen: Observation) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| reconcile_ticket(edit, remote, seen, false))?;
        self.empty_log()
    }

    /// Receives this user's newest tickets. Stores only a ticket that may be a new ticket of this user whose answer was
    /// lost. The pull stores all others.
    pub(crate) fn apply_created(&self, tickets: &[RemoteTicket], seen: Observation) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            for remote in in_order(tickets) {
                // A ticket that could be any of several becomes a row of its own now. If it were left for later, it could be
                // taken for the last of them by then.
                if !is_known(edit, remote)? && !matches!(find_created(edit, remote, seen.by)?, Creation::Other) {
                    reconcile_ticket(edit, remote, seen, false)?;
                }
            }
            Ok(())
        })
    }

    /// After this long, by the server's clock, an update and everything before it are in every answer.
    pub(in crate::store) fn visible_after(&self) -> Duration {
        self.product.consistency.visible_after()
    }
}

/// The tickets in the order of their creation. Where duplicate candidates cannot be told apart, the first of them is taken
/// for the one that was sent first.
pub(in crate::store) fn in_order(tickets: &[RemoteTicket]) -> Vec<&RemoteTicket> {
    let mut tickets: Vec<_> = tickets.iter().collect();
    tickets.sort_by_key(|ticket| ticket.number);
    tickets
}

/// Stores one ticket: in the row that has its number, in the row of the new ticket that it turns out to be, or in a new row.
/// `first`: the list has no watermark yet. Then the ticket counts as read, unless the server waits for the user's
/// reply.
pub(in crate::store) fn reconcile_ticket(
    edit: &mut Edit<'_>,
    remote: &RemoteTicket,
    seen: Observation,
    first: bool,
) -> Result<(), StoreError> {
    store_ticket(edit, remote, seen, first)?;
    if let Some(through) = remote.read_through {
        read_marks::apply_shared_read_mark(edit, remote.number, through)?;
    }
    full_reconciliation::mark_shown(edit, remote.number)
}

fn store_ticket(edit: &mut Edit<'_>, remote: &RemoteTicket, seen: Observation, first: bool) -> Result<(), StoreError> {
    let sql =
        "SELECT id, CASE WHEN visible THEN server_status ELSE ?4 END, visible AND (updated_at > ?2 OR updated_at = ?2 AND
                          (subject, server_status, issue_type, access, requester) IS (?3, ?4, ?5, ?6, ?7))
               FROM tickets WHERE number = ?1";
    let status = status_name(remote.status);
    let (updated_at, requester) = (remote.updated_at.0, remote.requester.map(|requester| requester.0));
    let known: Option<(i64, String, bool)> = edit
        .tx
        .prepare_cached(sql)?
        .query_row(
            params![remote.number.0, updated_at, remote.subject, status, remote.issue_type, remote.access, requester],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    if let Some((id, before, nothing_new)) = known {
        if nothing_new || revoke::predates_revocation(edit, TicketId(id), seen)? {
            return Ok(());
        }
        return update_ticket(edit, TicketId(id), remote, status_of(&before), seen);
    }
    if let Creation::Of(ticket) = find_created(edit, remote, seen.by)?
        && !bugs::is_on(Bug::SettleAndPullNotLinked)
    {
        return link_ticket(edit, ticket, remote, seen);
    }
    let unread = if first { remote.status == ServerStatus::Pending } else { remote.requester != Some(seen.by) };
    let sql =
        "INSERT INTO tickets (number, reference, subject, server_status, issue_type, access, requester, created_at,
                                    updated_at, last_activity, read_through, unread, unsent, update_seen_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, 0, ?12)";
    edit.tx.prepare_cached(sql)?.execute(params![
        remote.number.0,
        remote.client_reference,
        remote.subject,
        status_name(remote.status),
        remote.issue_type,
        remote.access,
        remote.requester.map(|requester| requester.0),
        remote.created_at.0,
        remote.updated_at.0,
        if first { remote.updated_at.0 } else { 0 },
        unread,
        seen.at.0
    ])?;
    edit.touch(TicketId(edit.tx.last_insert_rowid()));
    Ok(())
}

/// Writes a newer answer about a known ticket. A change of status is news, with two exceptions. One is the server's own
/// closing of a solved ticket. The other is a reopening, because a reply of this user causes that. `before`: the status
/// in the file.
fn update_ticket(
    edit: &mut Edit<'_>,
    ticket: TicketId,
    remote: &RemoteTicket,
    before: ServerStatus,
    seen: Observation,
) -> Result<(), StoreError> {
    let no_news = matches!(
        (before, remote.status),
        (ServerStatus::Solved, ServerStatus::Closed)
            | (ServerStatus::Solved | ServerStatus::Pending, ServerStatus::Open)
    );
    let news = remote.status != before && !no_news;
    let unread = news && seen.open_thread != Some(ticket);
    let sql = "UPDATE tickets
               SET subject = ?2, server_status = ?3, issue_type = ?4, access = ?5, requester = ?6, updated_at = ?7,
                   reference = ifnull(reference, ?8), unread = unread OR ?11,
                   last_activity = CASE WHEN ?9 OR thread_as_of IS NULL THEN max(last_activity, ?7) ELSE last_activity END,
                   thread_as_of = CASE WHEN visible AND thread_as_of IS NOT NULL THEN 0 END, thread_settled = 0, update_seen_at = ?10,
                   visible = 1
               WHERE id = ?1";
    edit.tx.prepare_cached(sql)?.execute(params![
        ticket.0,
        remote.subject,
        status_name(remote.status),
        remote.issue_type,
        remote.access,
        remote.requester.map(|requester| requester.0),
        remote.updated_at.0,
        remote.client_reference,
        news,
        seen.at.0,
        unread
    ])?;
    edit.touch(ticket);
    Ok(())
}

fn is_known(edit: &Edit<'_>, remote: &RemoteTicket) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM tickets WHERE number = ?1)";
    Ok(edit.tx.query_row_cached(sql, [remote.number.0], |row| row.get(0))?)
}

/// Which of this user's new tickets a ticket on the server is.
enum Creation {
    /// It is none of them.
    Other,
    /// It is the server's copy of this new ticket.
    Of(TicketId),
    /// It is one of several new tickets, and nobody can know which.
    Either,
}

/// Finds out which new ticket of this user `remote` is. The client reference decides. If `remote` has none, the subject
/// and the description must be the same, and the number must be above the high-water mark. If several new tickets
/// match, those that this device has sent without getting an answer come first, then the oldest.
///
/// A ticket that came with a copy of the file is different, because the other device may have sent it. If several such
/// tickets match and their files differ, none of them is taken, and the user is asked about each.
fn find_created(edit: &Edit<'_>, remote: &RemoteTicket, me: PersonId) -> Result<Creation, StoreError> {
    if remote.requester != Some(me) {
        return Ok(Creation::Other);
    }
    let sql = "SELECT t.id, t.reference, t.subject, m.body, o.high_water_mark, m.attachments,
                      NOT o.restored AND o.state IN ('sending', 'checking', 'may_have_been_sent') AS unanswered
               FROM outbox o JOIN tickets t ON t.id = o.ticket JOIN messages m ON m.id = o.message
               WHERE o.kind = 'create' AND o.high_water_mark IS NOT NULL AND t.number IS NULL ORDER BY unanswered DESC, o.id";
    let mut statement = edit.tx.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut found: Option<(TicketId, String)> = None;
    while let Some(row) = rows.next()? {
        let (id, reference): (i64, Option<String>) = (row.get(0)?, row.get(1)?);
        let same = if let Some(theirs) = &remote.client_reference {
            reference.as_ref() == Some(theirs)
        } else {
            let (subject, body): (String, String) = (row.get(2)?, row.get(3)?);
            remote.number.0 > row.get::<_, i64>(4)?
                && same_text(&subject, &remote.subject)
                && remote.description.as_deref().is_some_and(|description| same_text(&body, description))
        };
        if !same {
            continue;
        }
        let (files, unanswered): (String, bool) = (row.get(5)?, row.get(6)?);
        match &found {
            _ if remote.client_reference.is_some() || unanswered => return Ok(Creation::Of(TicketId(id))),
            Some((_, others)) if *others != files => return Ok(Creation::Either),
            Some(_) => {}
            None => found = Some((TicketId(id), files)),
        }
    }
    Ok(found.map_or(Creation::Other, |(ticket, _)| Creation::Of(ticket)))
}

/// Gives a new ticket of this user its number and its place in the history. Its creation is settled.
fn link_ticket(
    edit: &mut Edit<'_>,
    ticket: TicketId,
    remote: &RemoteTicket,
    seen: Observation,
) -> Result<(), StoreError> {
    edit.tx.execute_cached(
        "UPDATE tickets
         SET number = ?2, server_status = ?3, created_at = ?4, updated_at = ?5, last_activity = ?4, requester = ?6,
             subject = ?7, access = ifnull(?8, access), unsent = 0, thread_as_of = 0, thread_settled = 0,
             update_seen_at = ?9, visible = 1
         WHERE id = ?1",
        params![
            ticket.0,
            remote.number.0,
            status_name(remote.status),
            remote.created_at.0,
            remote.updated_at.0,
            seen.by.0,
            remote.subject,
            remote.access,
            seen.at.0
        ],
    )?;
    let sql = "UPDATE messages SET unsent = 0, created_at = ?2, author = ?3 WHERE ticket = ?1 AND description";
    edit.tx.execute_cached(sql, params![ticket.0, remote.created_at.0, seen.by.0])?;
    let sql =
        "DELETE FROM files WHERE message = (SELECT o.message FROM outbox o WHERE o.ticket = ?1 AND o.kind = 'create')";
    edit.tx.execute_cached(sql, [ticket.0])?;
    // The uploads of the description are settled with the creation: their tokens have been used.
    let sql = "DELETE FROM outbox
               WHERE message = (SELECT o.message FROM outbox o WHERE o.ticket = ?1 AND o.kind = 'create')";
    edit.tx.execute_cached(sql, [ticket.0])?;
    edit.touch_outbox(ticket);
    Ok(())
}

/// Merges `other` into `ticket`, because both are the same ticket on the server. The messages and operations of `other`
/// move to `ticket`. Its draft of a reply moves too, and is appended to the draft of `ticket`. Its description is
/// dropped, because `ticket` already has the description as its first message. The row of `other` is deleted.
fn merge_into(edit: &mut Edit<'_>, other: TicketId, ticket: TicketId) -> Result<(), StoreError> {
    let both = [other.0, ticket.0];
    edit.tx.execute_cached("UPDATE messages SET ticket = ?2 WHERE ticket = ?1 AND NOT description", both)?;
    edit.tx.execute_cached("UPDATE outbox SET ticket = ?2 WHERE ticket = ?1", both)?;
    edit.tx.execute_cached("UPDATE submissions SET ticket = ?2 WHERE ticket = ?1", both)?;
    if let Some(typed) = read_reply_draft(&edit.tx, other)? {
        let before = read_reply_draft(&edit.tx, ticket)?;
        edit.tx.execute_cached("DELETE FROM drafts WHERE id = ?1", [&typed.id.0])?;
        if let Some(before) = &before {
            edit.tx.execute_cached("UPDATE files SET draft = ?2 WHERE draft = ?1", [&before.id.0, &typed.id.0])?;
        }
        let before = before.filter(|before| !before.body.trim().is_empty());
        let body = before.map_or_else(|| typed.body.clone(), |before| format!("{}\n\n{}", before.body, typed.body));
        put_reply_draft(edit, &ReplyDraft { ticket, body, ..typed })?;
    }
    edit.tx.execute_cached("DELETE FROM tickets WHERE id = ?1", [other.0])?;
    edit.touch_outbox(other);
    Ok(())
}
