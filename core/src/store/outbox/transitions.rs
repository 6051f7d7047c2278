//! Writing transitions of operations down, one transaction each. How a row is read is in `operations.rs`.

use std::time::Duration;

use rusqlite::{Connection, params};

use crate::model::{MessageId, OperationId, RemoteTicket, Timestamp};
use crate::outbox::{Kind, Operation, State, Wait};
use crate::store::db::columns::status_name;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::operations::{select, set_state, touch_all};
use crate::store::{Edit, Store, StoreError};

impl Store {
    /// All operations, in the order in which they were written.
    pub fn operations(&self) -> Result<Vec<Operation>, StoreError> {
        self.read(|db| select(db, "1", []))
    }

    /// Writes down the transition that an outcome causes. Does nothing if the row was deleted meanwhile, because its
    /// message was seen on the server.
    pub(crate) fn transition(&self, operation: &Operation, change: &Transition) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            set_state(edit, operation.id, &change.state)?;
            let sql = "UPDATE outbox
                       SET high_water_mark = CASE WHEN ?2 THEN high_water_mark END, ambiguous_attempts = ambiguous_attempts + ?3, empty_reads = empty_reads + ?4,
                           ended_at = CASE WHEN ?2 THEN min(ifnull(ended_at, ?5), ?5) END, first_missed_at = ?6
                       WHERE id = ?1";
            edit.tx.execute_cached(
                sql,
                params![
                    operation.id.0,
                    change.applied,
                    change.ambiguous,
                    change.missed,
                    change.now.0,
                    change.first_missed_at.map(|since| since.0)
                ],
            )?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// Settles a change that the server has confirmed: deletes its row, and updates the ticket from `remote`. `now` is
    /// by the device's clock.
    pub(crate) fn settle_change(
        &self,
        operation: &Operation,
        remote: &RemoteTicket,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            if operation.kind == Kind::AddCc {
                let sql = "UPDATE tickets
                           SET cc = (SELECT json_group_array(address) FROM
                                     (SELECT value AS address FROM json_each(tickets.cc) UNION
                                      SELECT value FROM outbox o, json_each(o.addresses) WHERE o.id = ?2))
                           WHERE id = ?1";
                edit.tx.execute_cached(sql, [operation.ticket.0, operation.id.0])?;
            }
            // Taking over the time of update keeps the user's own change from counting as news when a list shows it.
            let sql = "UPDATE tickets
                       SET server_status = ?2, updated_at = ?3, thread_settled = 0, update_seen_at = ?4,
                           thread_as_of = CASE WHEN thread_as_of IS NULL THEN NULL ELSE 0 END
                       WHERE id = ?1 AND updated_at <= ?3";
            let status = status_name(remote.status);
            edit.tx.execute_cached(sql, params![operation.ticket.0, status, remote.updated_at.0, now.0])?;
            edit.tx.execute_cached("DELETE FROM outbox WHERE id = ?1", [operation.id.0])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// Removes a message that the server has confirmed but does not show any more, like any other comment that was
    /// hidden there.
    pub(crate) fn remove_hidden_message(&self, operation: &Operation) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            let sql = "DELETE FROM messages WHERE id = ?1";
            edit.tx.execute_cached(sql, [operation.message.map(|message| message.0)])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// Deletes an operation that is not worth keeping.
    pub(crate) fn drop_operation(&self, operation: &Operation) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            edit.tx.execute_cached("DELETE FROM outbox WHERE id = ?1", [operation.id.0])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// Ends the attempts that an earlier run left in *sending*; their outcome is ambiguous. A repeatable operation is
    /// queued again, any other becomes *checking*. Called at the start of a run, when nothing is being sent. `now` is
    /// by the device's clock.
    pub(crate) fn recover_sending(&self, now: Timestamp) -> Result<(), StoreError> {
        let stranded: Vec<_> = self.operations()?.into_iter().filter(|o| o.state == State::Sending).collect();
        for operation in stranded {
            let (state, applied) = if operation.kind.is_repeatable() {
                (State::Queued, false)
            } else {
                (State::Checking(Wait::new(now, Duration::ZERO)), true)
            };
            let change = Transition { state, applied, ambiguous: applied, missed: false, first_missed_at: None, now };
            self.transition(&operation, &change)?;
        }
        Ok(())
    }

    /// Ends every wait that is not server-imposed. Called when the network is back, or when the user asks for it.
    pub fn end_waits(&self) -> Result<(), StoreError> {
        if !self.operations()?.iter().any(|o| matches!(o.state, State::Waiting(wait) if !wait.server_imposed)) {
            return Ok(());
        }
        self.write(Priority::Sync, |edit| {
            touch_all(
                edit,
                "UPDATE outbox SET state = 'queued' WHERE state = 'waiting' AND NOT wait_server_imposed RETURNING ticket",
                [],
            )
        })
    }

    /// Queues all held operations, because the app is no longer in front. Returns true if there were some.
    pub(crate) fn release_held(&self) -> Result<bool, StoreError> {
        if !self.operations()?.iter().any(|operation| matches!(operation.state, State::Held(_))) {
            return Ok(false);
        }
        self.write(Priority::User, |edit| {
            let sql = "UPDATE outbox SET state = 'queued' WHERE state = 'held' RETURNING ticket";
            touch_all(edit, sql, [])?;
            Ok(true)
        })
    }

    /// Queues a message again, with those of its uploads that need the user. If it may have been sent, it is checked
    /// first. Fails with [`StoreError::NotFound`] if none of these operations can be retried now
    /// ([`State::can_retry`]). `now` is by the device's clock.
    pub fn retry(&self, message: MessageId, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let rows = select(&edit.tx, "o.message = ?1", [message.0])?;
            let stuck: Vec<_> = rows.iter().filter(|operation| operation.state.can_retry()).collect();
            if stuck.is_empty() {
                return Err(StoreError::NotFound);
            }
            stuck.into_iter().try_for_each(|operation| retry(edit, operation, now))
        })
    }

    /// Queues a change again. Fails with [`StoreError::NotFound`] if it cannot be retried now ([`State::can_retry`]).
    /// `now` is by the device's clock.
    pub fn retry_change(&self, id: OperationId, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let operation = change(&edit.tx, id)?;
            retry(edit, &operation, now)
        })
    }

    /// Takes back a change that is not on its way. Fails with [`StoreError::NotFound`] if it cannot be discarded now
    /// ([`State::can_discard`]).
    pub fn discard_change(&self, id: OperationId) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let operation = change(&edit.tx, id)?;
            if !operation.state.can_discard() {
                return Err(StoreError::NotFound);
            }
            edit.tx.execute_cached("DELETE FROM outbox WHERE id = ?1", [id.0])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }
}

/// Queues an operation again. If it may have been sent and its ticket is visible, it is checked first.
fn retry(edit: &mut Edit<'_>, operation: &Operation, now: Timestamp) -> Result<(), StoreError> {
    if !operation.state.can_retry() {
        return Err(StoreError::NotFound);
    }
    // An operation that may have been sent is looked for once more, because its ticket may be visible again.
    let visible =
        edit.tx
            .query_row_cached("SELECT visible FROM tickets WHERE id = ?1", [operation.ticket.0], |row| row.get(0))?;
    let state = match operation.state {
        State::MayHaveBeenSent if visible => State::Checking(Wait::new(now, Duration::ZERO)),
        _ => State::Queued,
    };
    set_state(edit, operation.id, &state)?;
    // The high-water mark stays, so that the result of an earlier attempt is still recognised if it turns up after all.
    let sql = "UPDATE outbox
               SET attempts = 0, ambiguous_attempts = 0, empty_reads = 0, ended_at = NULL, first_missed_at = NULL, restored = 0, renewals = 0
               WHERE id = ?1";
    edit.tx.execute_cached(sql, [operation.id.0])?;
    edit.touch_outbox(operation.ticket);
    Ok(())
}

/// A transition of an operation, as it is written down.
pub(crate) struct Transition {
    /// The new state.
    pub state: State,
    /// Whether the last attempt may have left something on the server. If not, the high-water mark is deleted.
    pub applied: bool,
    /// An attempt ended with an ambiguous outcome.
    pub ambiguous: bool,
    /// A read looked for the result and did not show it.
    pub missed: bool,
    /// When a read first did not show it, by the server's clock.
    pub first_missed_at: Option<Timestamp>,
    /// The present time by the device's clock.
    pub now: Timestamp,
}

/// The operation `id`, if it is a change and not a message.
fn change(db: &Connection, id: OperationId) -> Result<Operation, StoreError> {
    select(db, "o.id = ?1 AND o.kind IN ('add_cc', 'solve')", [id.0])?.pop().ok_or(StoreError::NotFound)
}
