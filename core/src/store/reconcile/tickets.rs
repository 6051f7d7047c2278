//! The matching step: what the server shows meets what the user wrote.
//!
//! A message is one row for life. Whether the server's answer to a request comes first, or a pull that already shows the
//! result, both end here, in one transaction, and find the same row:
//!
//! * A **ticket** that the server shows and the file does not know is compared with the tickets whose creation may have
//!   arrived: by the client reference, or, where the server has no field for it, by subject, description and requester, and
//!   a number above the newest that was known when the attempt began (its *base*).
//! * The **first comment** is the description's row.
//! * Another **comment** of this user is compared with the rows whose sending may have arrived, oldest first: a later id
//!   than the newest that was known when the attempt began (the *base*), the same text, the same files. One comment takes
//!   one row, never one that has a comment already, and never one behind a confirmed row whose comment comes later, because
//!   rows are sent in order; what is left over is a new row (it was written elsewhere).
//! * A row whose sending the server **confirmed** takes the oldest such comment that no text explains: some servers change a
//!   text when they store it, and the message must not stand there twice.
//!
//! The server's times have whole seconds, and a reading may be stale. So a ticket with an equal time and another content is
//! taken in, and a thread that was read soon after its ticket's update is read once more when everything up to that
//! update must be visible; only that reading is *sure*.
//!
//! A row changes its place once, when its comment is known. An answer that is older than what the file has (a stale
//! read) changes nothing. Who spoke last, the last activity and the unread mark come from the comments, because private
//! notes and automations move the ticket's own time.
//!
//! Here is the step for tickets; the one for a thread's comments, and how a long thread is written, is in
//! [`comments`](crate::store::reconcile::comments).

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
    /// The server said yes to a creation: the ticket has its number.
    ///
    /// Two tickets of the same text, at a server that keeps no reference: the one that arrived was taken for the other, and
    /// the server's answer to this key names it again. Then the server has one of the two, and this one goes once more, as one
    /// that was never attempted, with the `spare` key and reference.
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
                // A pull showed it before and could not tell whose it was.
                merge_into(edit, TicketId(other), operation.ticket)?;
            }
            link_ticket(edit, operation.ticket, remote, seen)
        })
    }

    /// The server said yes to a reply. Its comment will be found in the thread.
    pub(crate) fn settle_reply(
        &self,
        operation: &Operation,
        remote: &RemoteTicket,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let look_at_once = Wait { start: now, length: Duration::ZERO, server_imposed: false };
            operations::set_state(edit, operation.id, &State::Sent(look_at_once))?;
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

    /// Takes in one ticket that was asked for by number.
    pub fn apply_ticket(&self, remote: &RemoteTicket, seen: Observation) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| reconcile_ticket(edit, remote, seen, false))?;
        self.empty_log()
    }

    /// Takes in tickets that were asked for by creation, to find one whose answer was lost.
    pub(crate) fn apply_created(&self, tickets: &[RemoteTicket], seen: Observation) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            for remote in in_order(tickets) {
                // Nor is one of several left for later, when it might be taken for the last of them.
                if !is_known(edit, remote)? && !matches!(find_created(edit, remote, seen.by)?, Creation::Other) {
                    reconcile_ticket(edit, remote, seen, false)?;
                }
            }
            Ok(())
        })
    }

    /// After this long, by the server's clock, an update and everything before it is in every answer.
    pub(in crate::store) fn visible_after(&self) -> Duration {
        self.product.consistency.visible_after()
    }
}

/// As they were made: where tickets that look the same cannot be told apart, the first is taken for the first that was sent.
pub(in crate::store) fn in_order(tickets: &[RemoteTicket]) -> Vec<&RemoteTicket> {
    let mut tickets: Vec<_> = tickets.iter().collect();
    tickets.sort_by_key(|ticket| ticket.number);
    tickets
}

/// Takes in one ticket: the row it has, the row that waits for it, or a new one. `first`: its list was never walked to the
/// end, so what is there counts as read, unless the server waits for the user.
pub(in crate::store) fn reconcile_ticket(
    edit: &mut Edit<'_>,
    remote: &RemoteTicket,
    seen: Observation,
    first: bool,
) -> Result<(), StoreError> {
    find_row(edit, remote, seen, first)?;
    if let Some(through) = remote.read_through {
        read_marks::apply_shared_read_mark(edit, remote.number, through)?;
    }
    full_reconciliation::mark_shown(edit, remote.number)
}

fn find_row(edit: &mut Edit<'_>, remote: &RemoteTicket, seen: Observation, first: bool) -> Result<(), StoreError> {
    let sql =
        "SELECT id, CASE WHEN visible THEN server_status ELSE ?4 END, visible AND (updated_at > ?2 OR updated_at = ?2 AND
                          (subject, server_status, issue_type, access, requester) IS (?3, ?4, ?5, ?6, ?7))
               FROM tickets WHERE number = ?1";
    let status = status_name(remote.status);
    let (updated_at, requester) = (remote.updated_at.0, remote.requester.0);
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
    let unread = if first { remote.status == ServerStatus::Pending } else { remote.requester != seen.by };
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
        remote.requester.0,
        remote.created_at.0,
        remote.updated_at.0,
        if first { remote.updated_at.0 } else { 0 },
        unread,
        seen.at.0
    ])?;
    edit.touch(TicketId(edit.tx.last_insert_rowid()));
    Ok(())
}

/// A newer answer about a known ticket. A status that somebody else changed is news, except the server's own closing of
/// what was solved, and a reopening, which is what a user's reply does.
fn update_ticket(
    edit: &mut Edit<'_>,
    ticket: TicketId,
    remote: &RemoteTicket,
    before: ServerStatus,
    seen: Observation,
) -> Result<(), StoreError> {
    let quiet = matches!(
        (before, remote.status),
        (ServerStatus::Solved, ServerStatus::Closed)
            | (ServerStatus::Solved | ServerStatus::Pending, ServerStatus::Open)
    );
    let news = remote.status != before && !quiet;
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
        remote.requester.0,
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

/// What a ticket at the server is to the new tickets that wait here.
enum Creation {
    /// None of them.
    Other,
    /// The one whose creation was not answered.
    Of(TicketId),
    /// One of several, and nobody can say which.
    Either,
}

/// Whose creation this is: by the reference, or else by its look. What this device has sent, and has no answer to, comes
/// first, then the oldest. But what came with a copy of the file may have been sent by the other device, or not: if there
/// are several whose files alone would tell them apart, it is none of them, and the user is asked about each.
fn find_created(edit: &Edit<'_>, remote: &RemoteTicket, me: PersonId) -> Result<Creation, StoreError> {
    if remote.requester != me {
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

/// Gives a ticket of ours its number, and its place among the others. Its creation is done.
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
    // With its uploads, whose tokens are used now.
    let sql = "DELETE FROM outbox
               WHERE message = (SELECT o.message FROM outbox o WHERE o.ticket = ?1 AND o.kind = 'create')";
    edit.tx.execute_cached(sql, [ticket.0])?;
    edit.touch_outbox(ticket);
    Ok(())
}

/// `other` turned out to be the same ticket as `ticket`, and goes. What the user wrote in it meanwhile does not, nor what is
/// known of its thread; the description is the first message of `ticket` already.
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
