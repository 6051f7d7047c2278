//! How far a thread was read: on this device (`read_positions`, see [`unread`](crate::store::queries::unread)), and as read
//! marks, shared with the other users of the account (`docs/product.md`, W8).
//!
//! If the server can share read marks, reading a thread, or marking a ticket as read, puts one into the outbox. There
//! is at most one waiting row per ticket; if the user reads on before it is sent, the row is changed. The server
//! answers every ticket with the newest comment that any user of the account has read, and comments up to that one are
//! no longer unread on this device. If the server cannot share read marks, each device knows for itself what is unread,
//! and none of this happens.
//!
//! A user who marks a ticket as unread wants to be reminded of it on this device. The server's mark can only move forward, so
//! nothing is sent. The reminder (`unread_tickets`) outlasts syncs, the read marks of others, and the process. It ends when
//! the thread is opened, or when the ticket is marked as read.
//!
//! "Mark all as read" takes the tickets of one scope, at most [`SLICE`] in a transaction. A crash between two leaves the rest
//! unread. Only the newest [`MOST_SHARED`] of them are told to the server: the user has not looked at the others either, and
//! each is a request.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use crate::bugs::{self, Bug};
use crate::model::{CommentId, TicketId, TicketNumber};
use crate::query::HistoryView;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::queries::history::Entries;
use crate::store::{Edit, Observation, OrMissing, Store, StoreError};

/// How many tickets one transaction marks as read at most.
const SLICE: u32 = 200;

/// For how many tickets "mark all as read" puts a read mark into the outbox at most.
const MOST_SHARED: usize = 100;

/// SQL: the order of the unread tickets `u`.
const NEWEST_FIRST: &str = "ORDER BY (SELECT o.last_activity FROM tickets o WHERE o.id = u.ticket) DESC";

impl Store {
    /// How many tickets of a view are unread.
    pub fn unread_tickets(&self, view: HistoryView) -> Result<u32, StoreError> {
        self.read(|db| {
            let sql = format!("SELECT count(*) {}", Entries::of(db)?.unread(db, view)?);
            Ok(db.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
        })
    }

    /// Marks a ticket as unread on this device, until its thread is opened or it is marked as read. Does nothing for a
    /// ticket that the server does not have, or no longer shows. Fails with [`StoreError::NoSuchTicket`].
    pub fn mark_unread(&self, ticket: TicketId) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let sql = "SELECT visible AND number IS NOT NULL FROM tickets WHERE id = ?1";
            let shown: bool =
                edit.tx.query_row_cached(sql, [ticket.0], |row| row.get(0)).or_missing(StoreError::NoSuchTicket)?;
            if !shown {
                return Ok(());
            }
            edit.tx.execute_cached("UPDATE tickets SET unread = 1 WHERE id = ?1 AND NOT unread", [ticket.0])?;
            let sql = "INSERT INTO unread_tickets (ticket, reminder) VALUES (?1, 1)
                       ON CONFLICT (ticket) DO UPDATE SET reminder = 1";
            edit.tx.execute_cached(sql, [ticket.0])?;
            edit.touch(ticket);
            Ok(())
        })
    }

    /// Marks a ticket as read without opening its thread. Does nothing if it is read. Fails with
    /// [`StoreError::NoSuchTicket`].
    pub fn mark_read(&self, ticket: TicketId) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let sql = "SELECT unread FROM tickets WHERE id = ?1";
            let unread: bool =
                edit.tx.query_row_cached(sql, [ticket.0], |row| row.get(0)).or_missing(StoreError::NoSuchTicket)?;
            if unread {
                read_unopened(edit, ticket)?;
                share(edit, ticket)?;
            }
            Ok(())
        })
    }

    /// Marks every unread ticket of a view as read. Durable on return.
    pub fn mark_all_read(&self, view: HistoryView) -> Result<(), StoreError> {
        let mut shared = 0;
        loop {
            let done = self.write(Priority::User, |edit| {
                // The order matters only for those that are told to the server. Sorting all of them for every slice would take
                // the square of their number.
                let order = if shared < MOST_SHARED { NEWEST_FIRST } else { "" };
                let sql =
                    format!("SELECT u.ticket {} {order} LIMIT {SLICE}", Entries::of(&edit.tx)?.unread(&edit.tx, view)?);
                let tickets: Vec<i64> =
                    edit.tx.prepare_cached(&sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
                for ticket in tickets.iter().copied().map(TicketId) {
                    read_unopened(edit, ticket)?;
                    if shared < MOST_SHARED {
                        share(edit, ticket)?;
                        shared += 1;
                    }
                }
                Ok(tickets.is_empty())
            })?;
            if done {
                return Ok(());
            }
        }
    }

    /// Marks a ticket as read up to the newest comment that is on this device, and puts its thread first in the fetch
    /// queue. Writes nothing if both are so already. Fails with [`StoreError::NoSuchTicket`].
    pub fn mark_thread_opened(&self, ticket: TicketId) -> Result<(), StoreError> {
        let done: bool = self.read(|db| {
            let sql = "SELECT NOT unread AND thread_requested
                              AND EXISTS (SELECT 1 FROM read_positions p WHERE p.ticket = tickets.id AND p.through >=
                                          ifnull((SELECT max(comment) FROM messages WHERE ticket = tickets.id), 0))
                       FROM tickets WHERE id = ?1";
            db.query_row_cached(sql, [ticket.0], |row| row.get(0)).or_missing(StoreError::NoSuchTicket)
        })?;
        if done {
            return Ok(());
        }
        self.write(Priority::User, |edit| {
            edit.tx.execute_cached("UPDATE tickets SET unread = 0, thread_requested = 1 WHERE id = ?1", [ticket.0])?;
            seen_on_screen(edit, ticket)
        })
    }

    /// The thread is on screen: whatever is stored of it counts as read. An answer of the server that arrived just
    /// before the thread was opened is stored as news a moment later, because that read knew of no open thread. A
    /// reminder that the user sets stays.
    pub(crate) fn keep_read(&self, ticket: TicketId) -> Result<(), StoreError> {
        let unread = "SELECT unread AND NOT EXISTS (SELECT 1 FROM unread_tickets u WHERE u.ticket = ?1 AND u.reminder)
                      FROM tickets WHERE id = ?1";
        if !self
            .read(|db| Ok(db.query_row_cached(unread, [ticket.0], |row| row.get(0)).optional()?.unwrap_or(false)))?
        {
            return Ok(());
        }
        self.write(Priority::Sync, |edit| {
            let sql = "UPDATE tickets SET unread = 0
                       WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM unread_tickets u WHERE u.ticket = ?1 AND u.reminder)";
            if edit.tx.execute_cached(sql, [ticket.0])? == 0 { Ok(()) } else { seen_on_screen(edit, ticket) }
        })
    }
}

/// The user has seen all of a thread that is stored.
fn seen_on_screen(edit: &mut Edit<'_>, ticket: TicketId) -> Result<(), StoreError> {
    advance_position(edit, ticket)?;
    share(edit, ticket)?;
    edit.touch(ticket);
    Ok(())
}

/// The user says that a ticket is read, and may not have opened its thread. What the list showed of a thread that was never
/// read from the server counts as read, too: its comments must not make the ticket unread when they arrive.
fn read_unopened(edit: &mut Edit<'_>, ticket: TicketId) -> Result<(), StoreError> {
    let sql = "UPDATE tickets
               SET unread = 0,
                   read_through = CASE WHEN thread_as_of IS NULL THEN max(read_through, updated_at) ELSE read_through END
               WHERE id = ?1";
    edit.tx.execute_cached(sql, [ticket.0])?;
    // Of a file that an earlier version wrote, the row may not be filled in yet.
    edit.tx.execute_cached("DELETE FROM unread_tickets WHERE ticket = ?1", [ticket.0])?;
    advance_position(edit, ticket)?;
    edit.touch(ticket);
    Ok(())
}

/// Two rows were the same ticket, and `other` becomes `ticket`: what is unread stays so, and so does a reminder.
pub(in crate::store) fn carry(edit: &mut Edit<'_>, other: TicketId, ticket: TicketId) -> Result<(), StoreError> {
    let both = [other.0, ticket.0];
    let sql =
        "UPDATE tickets SET unread = 1 WHERE id = ?2 AND NOT unread AND (SELECT unread FROM tickets WHERE id = ?1)";
    edit.tx.execute_cached(sql, both)?;
    let sql = "UPDATE unread_tickets SET reminder = 1
               WHERE ticket = ?2 AND (SELECT reminder FROM unread_tickets WHERE ticket = ?1)";
    edit.tx.execute_cached(sql, both)?;
    Ok(())
}

/// A read of the thread was stored. If it is on screen, the position moves on, and the others are told.
pub(in crate::store) fn advance_if_open(
    edit: &mut Edit<'_>,
    ticket: TicketId,
    seen: Observation,
) -> Result<(), StoreError> {
    if seen.open_thread != Some(ticket) {
        return Ok(());
    }
    advance_position(edit, ticket)?;
    share(edit, ticket)
}

/// A thread was read to its end. If the ticket's last update was a comment that another user of the account has read since,
/// that user has seen the change of status as well, and nothing of the ticket is unread.
pub(in crate::store) fn is_read_by_others(edit: &mut Edit<'_>, ticket: TicketId) -> Result<(), StoreError> {
    let sql = "UPDATE tickets SET unread = 0
               WHERE id = ?1 AND unread AND NOT EXISTS (SELECT 1 FROM unread_tickets u WHERE u.ticket = ?1 AND u.reminder)
                 AND (SELECT max(m.comment) <= shared_through AND max(m.created_at) >= tickets.updated_at
                      FROM messages m WHERE m.ticket = ?1 AND NOT m.mine)";
    if edit.tx.execute_cached(sql, [ticket.0])? > 0 {
        edit.touch(ticket);
    }
    Ok(())
}

/// The thread is on screen: everything of it that is on this device counts as read.
fn advance_position(edit: &Edit<'_>, ticket: TicketId) -> Result<(), StoreError> {
    let sql = "INSERT INTO read_positions (ticket, through)
               SELECT ?1, ifnull(max(comment), 0) FROM messages WHERE ticket = ?1
               ON CONFLICT (ticket) DO UPDATE SET through = excluded.through WHERE through < excluded.through";
    edit.tx.execute_cached(sql, [ticket.0])?;
    Ok(())
}

/// If read marks are shared, tells the others that the user has seen all of `ticket`'s thread that is stored on this device.
fn share(edit: &mut Edit<'_>, ticket: TicketId) -> Result<(), StoreError> {
    if edit.shares_read_marks { put_mark(edit, ticket) } else { Ok(()) }
}

/// Puts a read mark into the outbox: the user has seen all of `ticket`'s thread that is stored on this device. Does
/// nothing if the mark of the account is as far already, or if the server does not show the ticket.
pub(in crate::store) fn put_mark(edit: &mut Edit<'_>, ticket: TicketId) -> Result<(), StoreError> {
    let sql = "UPDATE tickets
               SET shared_through = (SELECT max(comment) FROM messages WHERE ticket = ?1 AND NOT mine)
               WHERE id = ?1 AND number IS NOT NULL AND visible
                 AND shared_through < (SELECT max(comment) FROM messages WHERE ticket = ?1 AND NOT mine)
               RETURNING shared_through";
    let newest: Vec<i64> =
        edit.tx.prepare_cached(sql)?.query_map([ticket.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let Some(through) = newest.first() else { return Ok(()) };
    // The key is never sent, because a mark that arrives twice does no harm. It only guards the row: an attempt that was
    // prepared for an earlier comment finds another key and does not begin, so it cannot settle this newer mark.
    let key = Uuid::from_u128(u128::try_from(*through).unwrap_or_default()).to_string();
    let sql = "UPDATE outbox SET through = ?2, body = NULL, key = ?3
               WHERE ticket = ?1 AND kind = 'mark_read' AND state IN ('queued', 'waiting')";
    if edit.tx.execute_cached(sql, params![ticket.0, through, key])? == 0 {
        let sql = "INSERT INTO outbox (ticket, kind, through, key, state) VALUES (?1, 'mark_read', ?2, ?3, 'queued')";
        edit.tx.execute_cached(sql, params![ticket.0, through, key])?;
    }
    edit.touch_outbox(ticket);
    Ok(())
}

/// Applies the server's read mark: some user of the account has read the thread of ticket `number` up to `through`.
pub(in crate::store) fn apply_shared_read_mark(
    edit: &mut Edit<'_>,
    number: TicketNumber,
    through: CommentId,
) -> Result<(), StoreError> {
    let reminds = !bugs::is_on(Bug::ReminderEndedByOthers);
    let sql = "UPDATE tickets
               SET shared_through = ?2,
                   unread = unread AND (thread_as_of IS NOT updated_at
                                        OR ?3 AND EXISTS (SELECT 1 FROM unread_tickets u WHERE u.ticket = tickets.id AND u.reminder)
                                        OR EXISTS (SELECT 1 FROM messages m WHERE m.ticket = tickets.id AND NOT m.mine AND m.comment > ?2))
               WHERE number = ?1 AND visible AND shared_through < ?2 RETURNING id";
    let changed: Vec<i64> = edit
        .tx
        .prepare_cached(sql)?
        .query_map(params![number.0, through.0, reminds], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for ticket in changed {
        edit.touch(TicketId(ticket));
    }
    Ok(())
}
