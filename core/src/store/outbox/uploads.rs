//! Uploads: a token waits for its message, and an upload whose token cannot be used any more is made again.

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
    /// Stores the token of an uploaded file until the message that names the file is sent. Does nothing if the message
    /// was taken back meanwhile. `now` is by the device's clock.
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

    /// Queues again those uploads of a message whose tokens have expired at `now`, by the server's clock. Does nothing
    /// if an attempt has already named them, because every repetition of an attempt must send the same bytes. Returns
    /// true if any was queued.
    pub(crate) fn renew_uploads(&self, operation: &Operation, now: Timestamp) -> Result<bool, StoreError> {
        let Some(message) = operation.message else { return Ok(false) };
        let expired = "SELECT count(*) FROM files f JOIN outbox o ON o.message = f.message AND o.kind <> 'upload'
                    WHERE f.message = ?1 AND f.token_until <= ?2 AND o.body IS NULL";
        if self.read(|db| Ok(db.query_row_cached(expired, [message.0, now.0], |row| row.get::<_, i64>(0))?))? == 0 {
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

    /// Queues all uploads of a message again, because the server does not know the uploads that the message named. The
    /// server has applied nothing. So the message is reset as if it had never been attempted, in `state`, with the new
    /// `key` and, for a new ticket, the new `reference`.
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

/// Resets a message and its uploads, as if nothing had ever been attempted. The message gets `state`, another
/// idempotency key and, for a new ticket, another client reference. This is allowed only if nothing of the message is
/// on the server.
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
