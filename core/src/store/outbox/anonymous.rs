//! Tickets without an account (`docs/product.md`, W11): who wrote them, and how long they stay on the device.
//!
//! # The story
//!
//! Such a ticket stands in a file of its own, which belongs to nobody ([`Home::is_nobodys`]). It is written, edited and
//! sent like any other. What differs is what comes afterwards: nothing of it can ever be read. So the answer to its
//! attempt is all that is known ([`Store::settle_anonymous`]), and the text on this device is only a memory of what was
//! sent. The server answers by mail.
//!
//! Several people may use a device on which nobody is signed in. So the text of a sent ticket goes with its name and
//! address when the user removes it ([`Store::remove_ticket`]), or [`KEPT`] after it was sent
//! ([`Store::forget_sent`]), and its bytes are overwritten at once. What was not sent stays until the user decides,
//! because it may be the only copy.
//!
//! Each step is one transaction. After a crash between the deletion and the overwriting, the next run overwrites
//! (`reconcile/secure_delete.rs`).
//!
//! [`Home::is_nobodys`]: crate::store::db::paths::Home::is_nobodys

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::model::{Requester, TicketId, TicketNumber, Timestamp};
use crate::outbox::{Change, Evidence, Operation, Settlement};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::text;
use crate::store::outbox::apply::apply;
use crate::store::{Edit, Priority, Store, StoreError};

/// How long a sent ticket without an account stays on the device.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// SQL for the tickets `t` without an account that the server has.
const SENT: &str = "EXISTS (SELECT 1 FROM requesters r WHERE r.ticket = t.id)
                    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id)";

impl Store {
    /// Settles the creation of a ticket without an account, which the server has confirmed. `number` is what the answer
    /// calls it; `None` if it does not say. `now` is by the device's clock.
    pub(crate) fn settle_anonymous(
        &self,
        operation: &Operation,
        number: Option<TicketNumber>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            // Nothing of it is read, so its thread counts as read. A number that another ticket has is a mistake of the
            // server, and no reason to lose anything.
            let sql = "UPDATE tickets
                       SET number = CASE WHEN NOT EXISTS (SELECT 1 FROM tickets o WHERE o.number = ?2) THEN ?2 END,
                           updated_at = ?3, update_seen_at = ?3, unsent = 0, thread_as_of = 0, thread_settled = 1
                       WHERE id = ?1";
            let args = params![operation.ticket.0, number.map(|number| number.0), now.0];
            edit.tx.execute_cached(sql, args)?;
            let sql = "UPDATE messages SET unsent = 0 WHERE ticket = ?1";
            edit.tx.execute_cached(sql, [operation.ticket.0])?;
            edit.touch_outbox(operation.ticket);
            let by = number.map_or(Evidence::Answer, Evidence::Ticket);
            apply(edit, &[Change::Settle(Settlement { operation: operation.id, by })]).map(drop)
        })
    }

    /// Removes a ticket without an account that was sent from this device, with everything that the device knows of it.
    /// Fails with [`StoreError::NotPossibleNow`] if it was not sent, or if it belongs to an account.
    pub fn remove_ticket(&self, ticket: TicketId) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let sql = format!("DELETE FROM tickets AS t WHERE t.id = ?1 AND {SENT}");
            if edit.tx.execute_cached(&sql, [ticket.0])? == 0 {
                return Err(StoreError::NotPossibleNow);
            }
            edit.touch_outbox(ticket);
            Ok(())
        })?;
        self.overwrite_removed()
    }

    /// Removes the tickets without an account that were sent [`KEPT`] ago. `now` is by the device's clock.
    pub(crate) fn forget_sent(&self, now: Timestamp) -> Result<(), StoreError> {
        let old = self.read(|db| {
            let sql = format!("SELECT t.id FROM tickets t WHERE t.updated_at <= ?1 AND {SENT}");
            let mut statement = db.prepare_cached(&sql)?;
            let old = statement.query_map([now.minus(KEPT).0], |row| row.get(0).map(TicketId))?;
            Ok(old.collect::<Result<Vec<_>, _>>()?)
        })?;
        for ticket in old {
            match self.remove_ticket(ticket) {
                Err(StoreError::NotPossibleNow) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Overwrites the bytes of what was removed. If a reader is in the way, the next run does it.
    pub(in crate::store) fn overwrite_removed(&self) -> Result<(), StoreError> {
        while self.secure_delete_step()? {}
        Ok(())
    }
}

/// Writes down who wrote a ticket without an account; nothing for a ticket of an account.
pub(super) fn put_requester(
    edit: &Edit<'_>,
    ticket: TicketId,
    requester: Option<&Requester>,
) -> Result<(), StoreError> {
    let Some(Requester { name, email }) = requester else { return Ok(()) };
    let sql = "INSERT INTO requesters (ticket, name, email) VALUES (?1, ?2, ?3)
               ON CONFLICT (ticket) DO UPDATE SET name = excluded.name, email = excluded.email";
    edit.tx.execute_cached(sql, params![ticket.0, name, email])?;
    Ok(())
}

/// Who wrote a ticket without an account; `None` for a ticket of an account.
pub(super) fn requester_of(db: &Connection, ticket: TicketId) -> Result<Option<Requester>, StoreError> {
    let sql = "SELECT name, email FROM requesters WHERE ticket = ?1";
    let found = db.query_row_cached(sql, [ticket.0], |row| Ok(Requester { name: text(row, 0)?, email: text(row, 1)? }));
    Ok(found.optional()?)
}
