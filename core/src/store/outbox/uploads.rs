//! Uploads: the token of a finished upload waits for its message.

use crate::model::{FileId, OperationId, Timestamp};
use crate::outbox::{Change, Operation, uploaded};
use crate::store::blobs::staged::{Token, set_token};
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::apply::apply;
use crate::store::outbox::operations;
use crate::store::{Store, StoreError};

impl Store {
    /// Stores the token of an uploaded file until the message that names the file is sent. Does nothing if the message
    /// was taken back meanwhile. `now` is by the device's clock.
    pub(crate) fn settle_upload(&self, upload: OperationId, token: &Token, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            let found: Option<Operation> = operations::select(&edit.tx, "o.id = ?1", [upload.0])?.pop();
            let Some(operation) = found else { return Ok(()) };
            if let Some(file) = operation.file {
                set_token(edit, FileId(file), Some(token))?;
            }
            apply(edit, &[Change::Update(uploaded(&operation, token.until, now))]).map(drop)
        })
    }
}
