//! The transitions of operations that sync, the scheduler and the user cause. Each is one decision of [`outbox`],
//! applied in one transaction.

use std::cell::Cell;

use rusqlite::{Connection, params};

use crate::model::{Chance, ChangeKind, MessageId, OperationId, RemoteTicket, Timestamp};
use crate::outbox::{self, Change, EndWaits, Evidence, Kind, Operation, Release, Settlement, Verdict};
use crate::store::db::columns::status_name;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::apply::{apply, known};
use crate::store::outbox::operations::select;
use crate::store::{Edit, Store, StoreError};

impl Store {
    /// All operations, in the order in which they were written.
    pub fn operations(&self) -> Result<Vec<Operation>, StoreError> {
        self.read(|db| select(db, "1", []))
    }

    /// Settles a change that the server has confirmed, as `by` shows. Takes over the status and the time of update of
    /// `remote`, unless the file has a later update. `now` is by the device's clock.
    pub(crate) fn settle_change(
        &self,
        operation: &Operation,
        remote: &RemoteTicket,
        by: Evidence,
        now: Timestamp,
    ) -> Result<Vec<Settlement>, StoreError> {
        self.write(Priority::User, |edit| {
            if operation.kind == Kind::Change(ChangeKind::AddCc) {
                let sql = "UPDATE tickets
                           SET cc = (SELECT json_group_array(address) FROM
                                     (SELECT value AS address FROM json_each(CASE WHEN json_valid(tickets.cc) THEN tickets.cc ELSE '[]' END) WHERE type = 'text' UNION
                                      SELECT value FROM outbox o, json_each(CASE WHEN json_valid(o.addresses) THEN o.addresses ELSE '[]' END)
                                      WHERE o.id = ?2 AND type = 'text'))
                           WHERE id = ?1";
                edit.tx.execute_cached(sql, [operation.ticket.0, operation.id.0])?;
            }
            // Taking over the time of update keeps the user's own change from counting as news when a list shows it.
            let sql = "UPDATE tickets
                       SET server_status = ?2, custom_status = ?5, updated_at = ?3, thread_settled = 0, update_seen_at = ?4,
                           thread_as_of = CASE WHEN thread_as_of IS NULL THEN NULL ELSE 0 END
                       WHERE id = ?1 AND updated_at <= ?3";
            let status = status_name(remote.status);
            edit.tx.execute_cached(sql, params![operation.ticket.0, status, remote.updated_at.0, now.0, remote.custom_status])?;
            edit.touch_outbox(operation.ticket);
            apply(edit, &[Change::Settle(Settlement { operation: operation.id, by })])
        })
    }

    /// Ends the attempts that an earlier run left in *sending*. Call it at the start of a run, when nothing is being
    /// sent. With `uploads` it ends those of uploads, which a run of transfers does; without, all others. `now` is by
    /// the device's clock.
    pub(crate) fn recover_sending(&self, now: Timestamp, uploads: bool) -> Result<(), StoreError> {
        self.decide_all(Priority::User, |operations| outbox::recover(operations, uploads, now)).map(drop)
    }

    /// Ends waits of operations.
    pub fn end_waits(&self, which: EndWaits) -> Result<(), StoreError> {
        self.decide_all(Priority::Sync, |operations| outbox::end_waits(operations, which)).map(drop)
    }

    /// Drops the operations that a later one makes pointless. Returns true if there were some.
    pub(crate) fn drop_replaced(&self) -> Result<bool, StoreError> {
        self.decide_all(Priority::User, outbox::replaced)
    }

    /// Queues held operations. Returns true if there were some.
    pub(crate) fn release_held(&self, which: Release) -> Result<bool, StoreError> {
        self.decide_all(Priority::User, |operations| outbox::release(operations, which))
    }

    /// Queues a message again, with those of its uploads that need the user. If it may have been sent, it is checked
    /// first. Fails with [`StoreError::NotPossibleNow`] if none of these operations can be retried now
    /// ([`State::can_retry`](crate::outbox::State::can_retry)). `now` is by the device's clock.
    pub fn retry(&self, message: MessageId, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let operations = select(&edit.tx, "o.message = ?1", [message.0])?;
            retry(edit, &operations, now)
        })
    }

    /// Queues a change again. Fails with [`StoreError::NotPossibleNow`] if it cannot be retried now ([`State::can_retry`](crate::outbox::State::can_retry)).
    /// `now` is by the device's clock.
    pub fn retry_change(&self, id: OperationId, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let operation = change(&edit.tx, id)?;
            retry(edit, &[operation], now)
        })
    }

    /// Takes back a change that is not on its way. Fails with [`StoreError::NotPossibleNow`] if it cannot be discarded now
    /// ([`State::can_discard`](crate::outbox::State::can_discard)).
    pub fn discard_change(&self, id: OperationId) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let operation = change(&edit.tx, id)?;
            if !operation.state.can_discard() {
                return Err(StoreError::NotPossibleNow);
            }
            apply(edit, &[Change::Drop(id)]).map(drop)
        })
    }

    /// Writes down, durably and before the request leaves, that an attempt begins: its exact bytes, and its high-water
    /// mark, which is at least `newest`. Returns false if the operation must not be sent as it was read, because the
    /// user has taken it back or edited it meanwhile.
    pub(crate) fn begin_attempt(&self, prepared: &Operation, body: &[u8], newest: i64) -> Result<bool, StoreError> {
        self.write(Priority::User, |edit| {
            let Some(operation) = select(&edit.tx, "o.id = ?1", [prepared.id.0])?.pop() else { return Ok(false) };
            let newest = newest.max(known(&edit.tx, &operation)?.high_water_mark(operation.kind));
            let Some(sending) = outbox::begin(&operation, prepared.key, newest) else { return Ok(false) };
            apply(edit, &[Change::Update(sending)])?;
            let sql = "UPDATE outbox SET body = ?2 WHERE id = ?1";
            edit.tx.execute_cached(sql, params![operation.id.0, body])?;
            Ok(true)
        })
    }

    /// Queues again those uploads of the message of `operation` whose tokens have expired at `server`, by the server's
    /// clock. Returns true if there were some. `now` is by the device's clock, and `chance` varies the pause.
    pub(crate) fn renew_uploads(
        &self,
        operation: &Operation,
        server: Timestamp,
        now: Timestamp,
        chance: Chance,
    ) -> Result<bool, StoreError> {
        let renewed = Cell::new(false);
        let renew = |message: &Operation, all: &[Operation]| {
            let changes = outbox::renew(message, all, server, now, chance);
            renewed.set(!changes.is_empty());
            Verdict::from(changes)
        };
        let all = self.read(|db| super::operations::of_ticket(db, operation.ticket))?;
        if outbox::renew(operation, &all, server, now, chance).is_empty() {
            return Ok(false);
        }
        self.decide(operation.id, renew)?;
        Ok(renewed.get())
    }
}

/// Queues again every operation for which the user may ask for another attempt. Fails with
/// [`StoreError::NotPossibleNow`] if there is no such operation.
fn retry(edit: &mut Edit<'_>, operations: &[Operation], now: Timestamp) -> Result<(), StoreError> {
    let mut changes = Vec::new();
    for operation in operations {
        let known = known(&edit.tx, operation)?;
        changes.extend(outbox::retry(operation, known, now).map(Change::Update));
    }
    if changes.is_empty() {
        return Err(StoreError::NotPossibleNow);
    }
    apply(edit, &changes).map(drop)
}

/// The operation `id`, if it is a change and not a message.
fn change(db: &Connection, id: OperationId) -> Result<Operation, StoreError> {
    select(db, "o.id = ?1 AND o.kind IN ('add_cc', 'solve', 'feedback', 'toggle')", [id.0])?
        .pop()
        .ok_or(StoreError::NotPossibleNow)
}
