//! Which installation of the app the account's file belongs to.
//!
//! A file is bound to one installation. If it is opened under another one, it is a copy: a backup that was restored on
//! a new phone, or a folder that was moved. The copy's unsent messages are on the first device as well. That device may
//! have sent them, or may still send them, and there is no way to ask it. So no message of a copy is sent without the
//! user (`restored.rs` in the store's `outbox` folder).

use crate::model::Timestamp;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::restored;
use crate::store::{Store, StoreError};

impl Store {
    /// Binds the file to `installation`. Returns true if it was bound to another one: then the file is a copy, and its
    /// operations are checked before anything is sent. `now` is by the device's clock.
    pub fn bind_installation(&self, installation: &str, now: Timestamp) -> Result<bool, StoreError> {
        let bound: Option<String> =
            self.read(|db| Ok(db.query_row_cached("SELECT installation FROM account", [], |row| row.get(0))?))?;
        if bound.as_deref() == Some(installation) {
            return Ok(false);
        }
        self.write(Priority::User, |edit| {
            edit.tx.execute_cached("UPDATE account SET installation = ?1", [installation])?;
            if bound.is_some() {
                restored::recheck(edit, now)?;
            }
            Ok(())
        })?;
        Ok(bound.is_some())
    }
}
