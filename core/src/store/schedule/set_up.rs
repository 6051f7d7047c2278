//! The company's set-up: what was read of it, and when it is read next.

use std::time::Duration;

use rusqlite::params;

use crate::model::{SetUp, Timestamp};
use crate::outbox::Wait;
use crate::store::db::statements::Cached;
use crate::store::{Priority, Store, StoreError};

/// How long a label that is missing waits after the last attempt to read it.
const AFTER_ATTEMPT: Duration = Duration::from_hours(1);
/// How long labels are used before they are read again.
const AGE: Duration = Duration::from_hours(24);

impl Store {
    /// Whether the set-up is to be read at `now`, by the device's clock: tickets have a custom status whose label is
    /// not known in `language`, or the labels are old. False if no ticket has had a custom status.
    pub(crate) fn set_up_due(&self, language: &str, now: Timestamp) -> Result<bool, StoreError> {
        self.read(|db| {
            let sql = "SELECT read_at, language IS ?1, EXISTS (SELECT 1 FROM custom_statuses),
                              EXISTS (SELECT 1 FROM custom_statuses WHERE NOT listed) FROM set_up";
            let (read_at, same_language, any, any_unknown): (Option<i64>, bool, bool, bool) =
                db.query_row_cached(sql, [language], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
            let Some(read_at) = read_at.filter(|_| any) else { return Ok(any) };
            let is_over = |length| Wait::new(Timestamp(read_at), length).left(now).is_none();
            Ok(is_over(AGE) || (any_unknown || !same_language) && is_over(AFTER_ATTEMPT))
        })
    }

    /// Stores what was read. A list that the server did not show leaves what is known.
    pub(crate) fn put_set_up(&self, set_up: &SetUp, language: &str, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            if let Some(statuses) = &set_up.custom_statuses {
                edit.tx.execute_cached("UPDATE custom_statuses SET label = NULL, is_default = 0, listed = 1", [])?;
                let sql =
                    "INSERT OR REPLACE INTO custom_statuses (id, label, is_default, listed) VALUES (?1, ?2, ?3, 1)";
                for status in statuses {
                    edit.tx.execute_cached(sql, params![status.id, status.label, status.is_default])?;
                }
            }
            if let Some(options) = &set_up.options {
                edit.tx.execute_cached("DELETE FROM option_labels", [])?;
                let sql = "INSERT OR REPLACE INTO option_labels (field, value, label) VALUES (?1, ?2, ?3)";
                for option in options {
                    edit.tx.execute_cached(sql, params![option.field, option.value, option.label])?;
                }
            }
            edit.tx.execute_cached("UPDATE set_up SET read_at = ?1, language = ?2", params![now.0, language])?;
            // Every row and every thread may show another label.
            edit.changes.history = true;
            edit.changes.every_thread = true;
            Ok(())
        })
    }

    /// Notes an attempt that read nothing.
    pub(crate) fn set_up_failed(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached("UPDATE set_up SET read_at = ?1", [now.0])?;
            Ok(())
        })
    }
}
