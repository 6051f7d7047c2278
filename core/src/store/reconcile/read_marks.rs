//! How far a thread was read, shared with the other users of the account (W8).
//!
//! Where the server can share it, opening a thread leaves a read mark in the outbox: one row a ticket, which moves on while it
//! waits. The server answers every ticket with the newest comment that anybody of the account has read, and what is not newer
//! is no longer unread here. Where the server cannot, unread is a matter of this device, and nothing of this happens.

use rusqlite::params;
use uuid::Uuid;

use crate::model::{CommentId, TicketId, TicketNumber};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

impl Store {
    /// Marks a ticket as read, and asks sync to read its thread first.
    pub fn mark_thread_opened(&self, ticket: TicketId) -> Result<(), StoreError> {
        let (unread, requested): (bool, bool) = self.read(|db| {
            let sql = "SELECT unread, thread_requested FROM tickets WHERE id = ?1";
            Ok(db.query_row_cached(sql, [ticket.0], |row| Ok((row.get(0)?, row.get(1)?)))?)
        })?;
        if !unread && requested {
            return Ok(());
        }
        self.write(Priority::User, |edit| {
            edit.tx.execute_cached("UPDATE tickets SET unread = 0, thread_requested = 1 WHERE id = ?1", [ticket.0])?;
            if self.product.shared_read_marks {
                share(edit, ticket)?;
            }
            edit.touch(ticket);
            Ok(())
        })
    }
}

/// The user has seen what is there of `ticket`'s thread: the server is to know.
pub(in crate::store) fn share(edit: &mut Edit<'_>, ticket: TicketId) -> Result<(), StoreError> {
    let sql = "UPDATE tickets
               SET shared_through = (SELECT max(comment) FROM messages WHERE ticket = ?1 AND NOT mine)
               WHERE id = ?1 AND number IS NOT NULL AND visible
                 AND shared_through < (SELECT max(comment) FROM messages WHERE ticket = ?1 AND NOT mine)
               RETURNING shared_through";
    let newest: Vec<i64> =
        edit.tx.prepare_cached(sql)?.query_map([ticket.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let Some(through) = newest.first() else { return Ok(()) };
    // Its key never travels: a mark that arrives twice is the same mark. But an attempt that was prepared for an earlier
    // comment finds another key, and does not take this mark with it.
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

/// The server says that a thread was read up to here, by whomever.
pub(in crate::store) fn apply_shared_read_mark(
    edit: &mut Edit<'_>,
    number: TicketNumber,
    through: CommentId,
) -> Result<(), StoreError> {
    let sql = "UPDATE tickets
               SET shared_through = ?2,
                   unread = unread AND (thread_as_of IS NOT updated_at
                                        OR EXISTS (SELECT 1 FROM messages m WHERE m.ticket = tickets.id AND NOT m.mine AND m.comment > ?2))
               WHERE number = ?1 AND visible AND shared_through < ?2 RETURNING id";
    let changed: Vec<i64> =
        edit.tx.prepare_cached(sql)?.query_map([number.0, through.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for ticket in changed {
        edit.touch(TicketId(ticket));
    }
    Ok(())
}
