//! What becomes of uploads: a token that waits for its message, or one whose time is over.

use std::time::Duration;

use rusqlite::params;
use uuid::Uuid;

use super::operations::set_state;
use crate::model::{FileId, Timestamp};
use crate::outbox::{Kind, Operation, State, Wait};
use crate::store::blobs::staged::{Token, set_token};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

impl Store {
    /// The server has a file: its token waits for the message that names it. Does nothing if the message was taken back.
    pub(crate) fn settle_upload(&self, operation: &Operation, token: &Token, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            if let Some(file) = operation.file {
                set_token(edit, FileId(file), Some(token))?;
            }
            set_state(edit, operation.id, &State::Sent(Wait::new(now, Duration::ZERO)))?;
            edit.tx.execute_cached("UPDATE outbox SET attempts = 0 WHERE id = ?1", [operation.id.0])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// Makes the uploads again whose time is over at `now`, by the server's clock, unless an attempt has named them. True if
    /// there are some.
    pub(crate) fn renew_uploads(&self, operation: &Operation, now: Timestamp) -> Result<bool, StoreError> {
        let Some(message) = operation.message else { return Ok(false) };
        let over = "SELECT count(*) FROM files f JOIN outbox o ON o.message = f.message AND o.kind <> 'upload'
                    WHERE f.message = ?1 AND f.token_until <= ?2 AND o.body IS NULL";
        if self.read(|db| Ok(db.query_row_cached(over, [message.0, now.0], |row| row.get::<_, i64>(0))?))? == 0 {
            return Ok(false);
        }
        self.write(Priority::User, |edit| {
            let sql = "UPDATE outbox SET state = 'queued' WHERE message = ?1 AND kind = 'upload' AND state = 'sent'
                         AND file IN (SELECT id FROM files WHERE token_until <= ?2)";
            let renewed = edit.tx.execute_cached(sql, [message.0, now.0])? > 0;
            edit.touch_outbox(operation.ticket);
            Ok(renewed)
        })
    }

    /// The server knows none of the uploads that a write named, so it applied nothing: they are made again, and the write is one
    /// that was never attempted, with a key (and a new ticket's reference) of its own.
    pub(crate) fn queue_uploads_again(
        &self,
        operation: &Operation,
        state: &State,
        key: Uuid,
        reference: Uuid,
    ) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let sql = "UPDATE outbox SET renewals = renewals + 1 WHERE id = ?1";
            edit.tx.execute_cached(sql, [operation.id.0])?;
            reset_to_unattempted(edit, operation, state, (key, reference))
        })
    }
}

/// Makes a write, and the uploads it names, such as no attempt was ever made for: with another key, and a new ticket with
/// another reference (`spare`). Only where nothing of the last attempts is at the server.
pub(in crate::store) fn reset_to_unattempted(
    edit: &mut Edit<'_>,
    operation: &Operation,
    state: &State,
    (key, reference): (Uuid, Uuid),
) -> Result<(), StoreError> {
    let message = operation.message.ok_or(StoreError::NotFound)?;
    let sql = "UPDATE outbox SET state = 'queued' WHERE message = ?1 AND kind = 'upload'";
    edit.tx.execute_cached(sql, [message.0])?;
    let sql = "UPDATE files SET token = NULL, token_until = NULL WHERE message = ?1";
    edit.tx.execute_cached(sql, [message.0])?;
    set_state(edit, operation.id, state)?;
    let sql = "UPDATE outbox
               SET key = ?2, body = NULL, high_water_mark = NULL, ever_attempted = 0, empty_reads = 0, ended_at = NULL, first_missed_at = NULL
               WHERE id = ?1";
    edit.tx.execute_cached(sql, params![operation.id.0, key.to_string()])?;
    if operation.kind == Kind::Create {
        let sql = "UPDATE tickets SET reference = ?2 WHERE id = ?1";
        edit.tx.execute_cached(sql, params![operation.ticket.0, reference.to_string()])?;
    }
    edit.touch_outbox(operation.ticket);
    Ok(())
}
