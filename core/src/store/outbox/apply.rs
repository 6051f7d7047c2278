//! Applying decisions of the outbox: loads what a decision needs, asks for it, and writes down what it says, all in one
//! transaction. What becomes of an operation is decided in [`outbox`](crate::outbox) only.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::Connection;

use crate::model::OperationId;
use crate::outbox::{Change, Kind, Known, Operation, Settlement, Verdict};
use crate::store::blobs::staged;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::operations;
use crate::store::{Edit, Store, StoreError};

impl Store {
    /// Asks for a decision about one operation and applies it. The decision gets the operation and all operations of its
    /// ticket, as they are now. If the operation is gone (its message was seen on the server, or was taken back), nothing
    /// is decided, and the verdict is empty.
    pub(crate) fn decide(
        &self,
        id: OperationId,
        decide: impl FnOnce(&Operation, &[Operation]) -> Verdict,
    ) -> Result<Verdict, StoreError> {
        self.write(Priority::User, |edit| {
            let Some(operation) = operations::select(&edit.tx, "o.id = ?1", [id.0])?.pop() else {
                return Ok(Verdict::default());
            };
            let all = operations::of_ticket(&edit.tx, operation.ticket)?;
            let verdict = decide(&operation, &all);
            apply(edit, &verdict.changes)?;
            Ok(verdict)
        })
    }

    /// Asks for a decision about all operations and applies it. Returns false, without a transaction, if it changes
    /// nothing.
    pub(in crate::store) fn decide_all(
        &self,
        writer: Priority,
        decide: impl Fn(&[Operation]) -> Vec<Change>,
    ) -> Result<bool, StoreError> {
        if decide(&self.operations()?).is_empty() {
            return Ok(false);
        }
        self.write(writer, |edit| {
            let changes = decide(&operations::select(&edit.tx, "1", [])?);
            apply(edit, &changes)?;
            Ok(!changes.is_empty())
        })
    }
}

/// Writes the changes down. Returns what they settled.
pub(in crate::store) fn apply(edit: &mut Edit<'_>, changes: &[Change]) -> Result<Vec<Settlement>, StoreError> {
    let mut settled = Vec::new();
    for change in changes {
        match change {
            Change::Update(operation) => {
                operations::put(&edit.tx, operation)?;
                edit.touch_outbox(operation.ticket);
            }
            Change::Settle(settlement) => {
                for operation in operations::select(&edit.tx, "o.id = ?1", [settlement.operation.0])? {
                    settle(edit, &operation)?;
                    settled.push(*settlement);
                }
            }
            Change::Drop(id) => {
                for operation in operations::select(&edit.tx, "o.id = ?1", [id.0])? {
                    edit.tx.execute_cached("DELETE FROM outbox WHERE id = ?1", [id.0])?;
                    edit.touch_outbox(operation.ticket);
                }
            }
            Change::NewReference { ticket, reference } => {
                let sql = "UPDATE tickets SET reference = ?2 WHERE id = ?1";
                edit.tx.execute_cached(sql, rusqlite::params![ticket.0, reference.to_string()])?;
            }
        }
    }
    Ok(settled)
}

/// Deletes an operation that is done. With that of a message go the files and uploads of the message, whose tokens it
/// has used.
fn settle(edit: &mut Edit<'_>, operation: &Operation) -> Result<(), StoreError> {
    if let Some(message) = operation.message.filter(|_| operation.kind != Kind::Upload) {
        staged::remove(edit, message)?;
        edit.tx.execute_cached("DELETE FROM outbox WHERE message = ?1", [message.0])?;
    }
    edit.tx.execute_cached("DELETE FROM outbox WHERE id = ?1", [operation.id.0])?;
    edit.touch_outbox(operation.ticket);
    Ok(())
}

/// What the file knows of an operation's ticket.
pub(in crate::store) fn known(db: &Connection, operation: &Operation) -> Result<Known, StoreError> {
    let sql = "SELECT visible, thread_as_of IS NOT NULL,
                      max((SELECT ifnull(max(m.comment), 0) FROM messages m WHERE m.ticket = t.id), ifnull(known_through, 0)),
                      (SELECT ifnull(max(number), 0) FROM tickets)
               FROM tickets t WHERE id = ?1";
    Ok(db.query_row_cached(sql, [operation.ticket.0], |row| {
        Ok(Known {
            visible: row.get(0)?,
            thread_read: row.get(1)?,
            newest_comment: row.get(2)?,
            newest_ticket: row.get(3)?,
        })
    })?)
}

/// What the file knows of the tickets of these operations.
pub(in crate::store) fn known_of(
    db: &Connection,
    operations: &[Operation],
) -> Result<impl Fn(&Operation) -> Known + use<>, StoreError> {
    let mut all = BTreeMap::new();
    for operation in operations {
        if let Entry::Vacant(place) = all.entry(operation.ticket) {
            place.insert(known(db, operation)?);
        }
    }
    Ok(move |operation: &Operation| all.get(&operation.ticket).copied().unwrap_or_default())
}
