//! To which installation the file belongs.
//!
//! A file that turns up under another installation is a copy: a backup put back on a new phone, or a folder that somebody
//! moved. The device it was copied from may have sent what waits in it, or may send it yet, and cannot be asked. So
//! under another installation nothing is sent by itself ([`doubt`](crate::store::outbox::transitions::doubt)).

use crate::model::Timestamp;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::restored;
use crate::store::{Store, StoreError};

impl Store {
    /// Binds the file to `installation`, and doubts what it says if it was bound to another. True if it was.
    pub fn bind_installation(&self, installation: &str, now: Timestamp) -> Result<bool, StoreError> {
        let bound: Option<String> =
            self.read(|db| Ok(db.query_row_cached("SELECT installation FROM account", [], |row| row.get(0))?))?;
        if bound.as_deref() == Some(installation) {
            return Ok(false);
        }
        self.write(Priority::User, |edit| {
            edit.tx.execute_cached("UPDATE account SET installation = ?1", [installation])?;
            if bound.is_some() {
                restored::doubt(edit, now, true)?;
            }
            Ok(())
        })?;
        Ok(bound.is_some())
    }
}
