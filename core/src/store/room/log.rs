//! The log after a commit of sync: what sync does about it, so that the user need not wait for it.
//!
//! Sync either syncs the log or moves it into the file, after it has given the writing connection back. If that fails,
//! nothing is lost: the user's next commit syncs the log itself, and SQLite moves a log that has become very long in
//! the commit that made it so.

use std::fs::File;

use rusqlite::Row;

use super::decide::Upkeep;
use crate::store::db::connection;
use crate::store::db::statements::Cached;
use crate::store::{Store, StoreError};

/// How often sync tries at most to move all of the log. What users write meanwhile is left for the next attempt, which
/// is short. Only when all of it is in the file, the next write begins the log again.
const ATTEMPTS: u32 = 3;

impl Store {
    /// Does what is to be done about the log.
    pub(in crate::store) fn keep_up(&self, upkeep: Upkeep) {
        let done = match upkeep {
            Upkeep::Nothing => Ok(()),
            Upkeep::Sync => self.sync_log(),
            Upkeep::Move => self.move_log(),
        };
        if let Err(error) = done {
            tracing::debug!(%error, ?upkeep, "the log was left as it is");
        }
    }

    /// Syncs what is in the log. SQLite holds no lock on this file, so closing it here releases none.
    fn sync_log(&self) -> Result<(), StoreError> {
        Ok(File::open(self.home.log())?.sync_data()?)
    }

    /// Moves the log into the file, as far as readers allow. Users can write meanwhile.
    fn move_log(&self) -> Result<(), StoreError> {
        let mut reading = self.readers.take(|| connection::reader(&self.home.file()))?;
        let connection = reading.connection()?;
        for _ in 0..ATTEMPTS {
            let all_moved = |row: &Row<'_>| Ok(row.get::<_, i64>(1)? == row.get::<_, i64>(2)?);
            if connection.query_row_cached("PRAGMA wal_checkpoint(PASSIVE)", [], all_moved)? {
                break;
            }
        }
        Ok(())
    }
}
