//! Reconciles the tickets of the server with the rows that the user wrote.
//!
//! A message is the same row for its whole life. Its result can reach this device in two ways: as the server's answer
//! to the request, or in a pull that already shows the result. Either can come first. Both lead to the functions in
//! this folder, which find the same row in one transaction. Which row a ticket or a comment belongs to is decided in
//! the outbox's `matching`. A ticket or a comment that belongs to none becomes a new row.
//!
//! The server's times have whole seconds, so two updates may have the same time. Therefore a ticket with the stored
//! time but other content is stored. A read may be stale. Therefore a thread that was read soon after its ticket's
//! update is read once more, at a time when every answer of the server must show that update. Only such a late read is
//! *complete*.
//!
//! A message changes its place in the thread once: when it is linked to its comment. An answer with an earlier update
//! than the file has is taken for a stale read, and changes nothing. Once it is too late for a stale read, it is
//! believed. So a later answer corrects a time that was wrong, or a row that had another ticket's content. Who spoke
//! last is taken from the comments. The last activity and whether the ticket is unread follow from the comments and
//! from changes of status ([`news`]). Once the thread was read, they do not follow from the ticket's own time, because
//! private notes and automations change that time too.
//!
//! This file contains the step for tickets. [`comments`](crate::store::reconcile::comments) contains the step for the
//! comments of a thread, and explains how a long thread is stored. Every step is one transaction, so a crash leaves it
//! done or not done. The next pull shows the same tickets again.

use std::time::Duration;

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use crate::bugs::{self, Bug};
use crate::model::{OperationId, RemoteTicket, ReplyDraft, ServerStatus, TicketId, Timestamp, millis};
use crate::outbox::{self, Change, Creation, Evidence, Operation, Settlement, State};
use crate::store::db::columns::{status_name, status_of};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{optional_text, text};
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::apply::apply;
use crate::store::outbox::operations;
use crate::store::queries::drafts::{put_reply_draft, read_reply_draft};
use crate::store::reconcile::candidates::new_tickets;
use crate::store::reconcile::fields::DIFFERS;
use crate::store::reconcile::news::{self, News};
use crate::store::reconcile::{fields, read_marks, revoke};
use crate::store::schedule::{full_reconciliation, membership};
use crate::store::{Edit, Observation, Store, StoreError};

/// How far a stored time may be ahead of the server's clock, whose parts may differ by a little.
pub(in crate::store) const CLOCK_SKEW: Duration = Duration::from_mins(1);

impl Store {
    /// Settles a creation that the server has confirmed, and stores the ticket's number.
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
    ) -> Result<Vec<Settlement>, StoreError> {
        self.write(Priority::User, |edit| {
            let holder =
                "SELECT id, reference IS NOT NULL AND reference IS NOT ?3 FROM tickets WHERE number = ?1 AND id <> ?2";
            let args = params![remote.number.0, operation.ticket.0, remote.client_reference];
            let other: Option<(i64, bool)> =
                edit.tx.query_row_cached(holder, args, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            if let Some((other, written_here)) = other {
                if written_here {
                    let all = operations::of_ticket(&edit.tx, operation.ticket)?;
                    let changes = outbox::as_new(operation, &all, State::Queued, spare);
                    return apply(edit, &changes);
                }
                // A pull has stored it before and could not recognise it as ours.
                merge_into(edit, TicketId(other), operation.ticket)?;
            }
            link_ticket(edit, (operation.ticket, operation.id), remote, seen)
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
            let sending = operations::select(&edit.tx, "o.id = ?1", [operation.id.0])?;
            let confirmed = sending.iter().map(|operation| Change::Update(outbox::confirmed(operation, now)));
            apply(edit, &confirmed.collect::<Vec<_>>())?;
            let sql = "UPDATE tickets
                       SET server_status = ?2, custom_status = ?5, updated_at = max(updated_at, ?3),
                           last_activity = max(last_activity, ?3), user_spoke_last = 1,
                           thread_as_of = CASE WHEN thread_as_of IS NULL THEN NULL ELSE 0 END, thread_settled = 0, update_seen_at = ?4
                       WHERE id = ?1";
            let status = status_name(remote.status);
            edit.tx.execute_cached(sql, params![operation.ticket.0, status, remote.updated_at.0, now.0, remote.custom_status])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// Stores one ticket that was requested by its number, and returns what it settled.
    pub fn apply_ticket(&self, remote: &RemoteTicket, seen: Observation) -> Result<Vec<Settlement>, StoreError> {
        let settled = self.write(Priority::Sync, |edit| reconcile_ticket(edit, remote, seen, false))?;
        self.empty_log()?;
        Ok(settled)
    }

    /// Takes this user's newest tickets from the server. Stores only those that may be a new ticket of this user whose
    /// answer was lost; reading the lists stores all others. Returns what this settled.
    pub(crate) fn apply_created(
        &self,
        tickets: &[RemoteTicket],
        seen: Observation,
    ) -> Result<Vec<Settlement>, StoreError> {
        self.write(Priority::Sync, |edit| {
            let mut settled = Vec::new();
            for remote in in_order(tickets) {
                // A ticket that could be any of several becomes a row of its own now. If it were left for later, it could be
                // taken for the last of them by then.
                if !is_known(edit, remote)?
                    && outbox::match_ticket(&new_tickets(&edit.tx)?, remote, seen.by) != Creation::Other
                {
                    settled.extend(reconcile_ticket(edit, remote, seen, false)?);
                }
            }
            Ok(settled)
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

/// Stores one ticket: in the row that has its number, in the row of the new ticket that it turns out to be, or in a new
/// row. `first`: it is no news that the ticket exists, because its list has no watermark yet, or is not read as far.
/// Then a new row counts as read, unless the server waits for the user's reply.
pub(in crate::store) fn reconcile_ticket(
    edit: &mut Edit<'_>,
    remote: &RemoteTicket,
    seen: Observation,
    first: bool,
) -> Result<Vec<Settlement>, StoreError> {
    let settled = store_ticket(edit, remote, seen, first)?;
    if let Some(through) = remote.read_through {
        read_marks::apply_shared_read_mark(edit, remote.number, through)?;
    }
    full_reconciliation::mark_shown(edit, remote.number)?;
    membership::is_not_missing(edit, remote.number)?;
    Ok(settled)
}

fn store_ticket(
    edit: &mut Edit<'_>,
    remote: &RemoteTicket,
    seen: Observation,
    first: bool,
) -> Result<Vec<Settlement>, StoreError> {
    // An earlier time means a stale read. There are two exceptions: the answer is so late that it cannot be stale, or
    // the stored time is ahead of the server's clock. Times that make no sense mean the same update if they are equal.
    let sql = format!(
        "SELECT id, CASE WHEN visible THEN server_status ELSE ?4 END,
                visible AND (updated_at > ?2 AND CASE WHEN ?10 IS NULL THEN update_seen_at + ?12 > ?11 AND update_seen_at <= ?11
                                                      ELSE updated_at + ?12 > ?10 AND updated_at <= ?10 + ?13 END
                             OR (updated_at = ?2 OR ifnull(nonsense_time = ?14, 0))
                                AND (subject, server_status, custom_status, issue_type, access, requester, can_solve, cc_people, follows)
                                    IS (?3, ?4, ?15, ?5, ?6, ?7, ?8, ?9, ?17) AND NOT {DIFFERS}),
                CASE WHEN visible THEN custom_status ELSE ?15 END
         FROM tickets WHERE number = ?1"
    );
    let status = status_name(remote.status);
    let cc_people = people_in(remote)?;
    let (updated_at, requester) = (remote.updated_at.0, remote.requester.map(|requester| requester.0));
    let known: Option<(i64, String, bool, Option<String>)> = edit
        .tx
        .prepare_cached(&sql)?
        .query_row(
            params![
                remote.number.0,
                updated_at,
                remote.subject,
                status,
                remote.issue_type,
                remote.access,
                requester,
                remote.can_solve,
                cc_people,
                seen.server.map(|server| server.0),
                seen.at.0,
                millis(edit.visible_after),
                millis(CLOCK_SKEW),
                remote.nonsense_time.map(|time| time.0),
                remote.custom_status,
                fields::as_json(remote)?,
                followed_by(remote)
            ],
            |row| Ok((row.get(0)?, text(row, 1)?, row.get(2)?, optional_text(row, 3)?)),
        )
        .optional()?;
    if let Some((id, before, nothing_new, custom)) = known {
        if nothing_new || revoke::predates_revocation(edit, TicketId(id), seen)? {
            return Ok(Vec::new());
        }
        update_ticket(edit, TicketId(id), remote, (status_of(&before), custom.as_deref()), seen)?;
        return Ok(Vec::new());
    }
    if let Creation::Of(ticket, operation) = outbox::match_ticket(&new_tickets(&edit.tx)?, remote, seen.by)
        && !bugs::is_on(Bug::SettleAndPullNotLinked)
    {
        return link_ticket(edit, (ticket, operation), remote, seen);
    }
    let unread = if first { remote.status == ServerStatus::Pending } else { remote.requester != Some(seen.by) };
    let sql =
        "INSERT INTO tickets (number, reference, subject, server_status, issue_type, access, requester, created_at,
                                    updated_at, last_activity, read_through, unread, unsent, update_seen_at, can_solve, cc_people, nonsense_time,
                                    custom_status, follows)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, 0, ?12, ?13, ?14, ?15, ?16, ?17)";
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
        seen.at.0,
        remote.can_solve,
        cc_people,
        remote.nonsense_time.map(|time| time.0),
        remote.custom_status,
        followed_by(remote)
    ])?;
    let ticket = TicketId(edit.tx.last_insert_rowid());
    fields::put(edit, ticket, remote)?;
    edit.touch(ticket);
    edit.touch_follow_ups(ticket)?;
    Ok(Vec::new())
}

/// Writes a newer answer about a known ticket. `before`: the status and the custom status in the file.
fn update_ticket(
    edit: &mut Edit<'_>,
    ticket: TicketId,
    remote: &RemoteTicket,
    before: (ServerStatus, Option<&str>),
    seen: Observation,
) -> Result<(), StoreError> {
    let News { activity, unread } = news::of(edit, ticket, remote, before, seen)?;
    let sql = "UPDATE tickets
               SET subject = ?2, server_status = ?3, issue_type = ?4, access = ?5, requester = ?6, updated_at = ?7,
                   reference = ifnull(reference, ?8), unread = unread OR ?11,
                   last_activity = CASE WHEN ?9 OR thread_as_of IS NULL THEN max(last_activity, ?7) ELSE last_activity END,
                   thread_as_of = CASE WHEN visible AND thread_as_of IS NOT NULL THEN 0 END, thread_settled = 0, update_seen_at = ?10,
                   visible = 1, can_solve = ?12, cc_people = ?13, nonsense_time = ?14, custom_status = ?15,
                   follows = ?16
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
        activity,
        seen.at.0,
        unread,
        remote.can_solve,
        people_in(remote)?,
        remote.nonsense_time.map(|time| time.0),
        remote.custom_status,
        followed_by(remote)
    ])?;
    fields::put(edit, ticket, remote)?;
    edit.touch(ticket);
    edit.touch_follow_ups(ticket)
}

/// The number of the ticket that a ticket follows, as its column stores it.
fn followed_by(remote: &RemoteTicket) -> Option<i64> {
    remote.follows.map(|followed| followed.0)
}

/// The people who are copied on a ticket, as their column stores them.
fn people_in(remote: &RemoteTicket) -> Result<String, StoreError> {
    let ids: Vec<i64> = remote.cc.iter().map(|person| person.0).collect();
    Ok(serde_json::to_string(&ids)?)
}

fn is_known(edit: &Edit<'_>, remote: &RemoteTicket) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM tickets WHERE number = ?1)";
    Ok(edit.tx.query_row_cached(sql, [remote.number.0], |row| row.get(0))?)
}

/// Gives a new ticket of this user its number and its place in the history. Its creation is settled.
fn link_ticket(
    edit: &mut Edit<'_>,
    (ticket, creation): (TicketId, OperationId),
    remote: &RemoteTicket,
    seen: Observation,
) -> Result<Vec<Settlement>, StoreError> {
    edit.tx.execute_cached(
        "UPDATE tickets
         SET number = ?2, server_status = ?3, created_at = ?4, updated_at = ?5, last_activity = ?4, requester = ?6,
             subject = ?7, access = ifnull(?8, access), unsent = 0, thread_as_of = 0, thread_settled = 0,
             update_seen_at = ?9, visible = 1, can_solve = ?10, cc_people = ?11,
             nonsense_time = ?12, custom_status = ?13, follows = ?14
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
            seen.at.0,
            remote.can_solve,
            people_in(remote)?,
            remote.nonsense_time.map(|time| time.0),
            remote.custom_status,
            followed_by(remote)
        ],
    )?;
    let sql = "UPDATE messages SET unsent = 0, created_at = ?2, author = ?3 WHERE ticket = ?1 AND description";
    edit.tx.execute_cached(sql, params![ticket.0, remote.created_at.0, seen.by.0])?;
    fields::put(edit, ticket, remote)?;
    edit.touch_outbox(ticket);
    apply(edit, &[Change::Settle(Settlement { operation: creation, by: Evidence::Ticket(remote.number) })])
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
        let before = before.map(|before| before.written()).unwrap_or_default();
        let text = before.followed_by(&typed.written());
        put_reply_draft(edit, &ReplyDraft { ticket, ..typed }.with(&text))?;
    }
    read_marks::carry(edit, other, ticket)?;
    edit.tx.execute_cached("DELETE FROM tickets WHERE id = ?1", [other.0])?;
    edit.touch_outbox(other);
    Ok(())
}
