//! The server's state in `SQLite`. All SQL of the sandbox is below this module.
//!
//! For the fault `stale_reads`, reads can see an old state: while the fault is on, every write first copies the whole
//! database into memory, and a read from T seconds ago uses the oldest copy that was made after that time. Copying the
//! usual 300 tickets takes about a millisecond; copying 100,000 takes most of a second, because the store keeps no
//! history.

pub mod account;
pub mod anonymous;
pub mod articles;
pub mod comments;
pub mod files;
pub mod keys;
pub mod organizations;
pub mod people;
pub mod records;
pub mod satisfaction;
pub mod tickets;

use std::collections::VecDeque;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Transaction};

use crate::StartError;

/// The version of the tables.
const VERSION: i64 = 4;

/// The result of a query.
pub type Result<T> = rusqlite::Result<T>;

/// The live database, and its past states while stale reads are on.
#[derive(Debug)]
pub struct Store {
    live: Connection,
    /// Past states with the time, in milliseconds since 1970, until which each was current; oldest first.
    past: VecDeque<(i64, Connection)>,
}

impl Store {
    /// Opens the file, or an empty database in memory, and creates the tables if there are none. A file of another version
    /// is refused.
    pub fn open(file: Option<&Path>) -> std::result::Result<Self, StartError> {
        let live = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        live.pragma_update(None, "journal_mode", "WAL")?;
        live.pragma_update(None, "synchronous", "NORMAL")?;
        add_functions(&live)?;
        let version: i64 = live.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if live.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))? == 0 {
            live.execute_batch(include_str!("schema.sql"))?;
            live.pragma_update(None, "user_version", VERSION)?;
        } else if version != VERSION {
            return Err(StartError::OtherVersion);
        }
        Ok(Self { live, past: VecDeque::new() })
    }

    /// Whether there are no users yet.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.live.query_row("SELECT count(*) FROM users", [], |row| row.get::<_, i64>(0))? == 0)
    }

    /// The current state.
    pub fn now(&self) -> &Connection {
        &self.live
    }

    /// The state at a time (milliseconds since 1970), as far back as copies were kept.
    pub fn at(&self, moment: i64) -> &Connection {
        self.past.iter().find(|(until, _)| *until > moment).map_or(&self.live, |(_, state)| state)
    }

    /// Runs `change` in one transaction at the time `now` (milliseconds since 1970). With `keep`, states of that age
    /// stay readable.
    pub fn change<T, E: From<rusqlite::Error>>(
        &mut self,
        now: i64,
        keep: Option<Duration>,
        change: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.keep_past(now, keep)?;
        let transaction = self.live.transaction()?;
        let outcome = change(&transaction)?;
        transaction.commit()?;
        Ok(outcome)
    }

    fn keep_past(&mut self, now: i64, keep: Option<Duration>) -> Result<()> {
        let Some(keep) = keep else {
            self.past.clear();
            return Ok(());
        };
        let oldest = now.saturating_sub(i64::try_from(keep.as_millis()).unwrap_or(i64::MAX));
        while self.past.front().is_some_and(|(until, _)| *until < oldest) {
            self.past.pop_front();
        }
        let mut copy = Connection::open_in_memory()?;
        let step = Backup::new(&self.live, &mut copy)?.step(-1)?;
        debug_assert_eq!(step, StepResult::Done, "nobody else holds this database");
        add_functions(&copy)?;
        self.past.push_back((now, copy));
        Ok(())
    }

    /// Deletes every row.
    pub fn clear(&mut self) -> Result<()> {
        self.past.clear();
        self.live.execute_batch(
            "DELETE FROM article_votes; DELETE FROM article_texts; DELETE FROM articles; DELETE FROM ratings; DELETE FROM proxy_logins; DELETE FROM anonymous_requests; DELETE FROM idempotency_keys; DELETE FROM read_marks; DELETE FROM revocations; DELETE FROM mails; DELETE FROM ccs;
             DELETE FROM uploads; DELETE FROM attachments; DELETE FROM comments; DELETE FROM field_values;
             DELETE FROM tickets; DELETE FROM memberships; DELETE FROM users; DELETE FROM organizations; DELETE FROM account;",
        )
    }
}

/// Defines two SQL functions. `shuffled(id, salt)` is the position of a ticket in the order of cursor pages.
/// `found(text, words)` tells whether a text contains all words, ignoring case.
fn add_functions(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("shuffled", 2, flags, |call| Ok(shuffled(call.get(0)?, call.get(1)?)))?;
    connection.create_scalar_function("found", 2, flags, |call| {
        let text = call.get::<String>(0)?.to_lowercase();
        Ok(call.get::<String>(1)?.split_whitespace().all(|word| text.contains(word)))
    })
}

/// A well-mixed positive number (the finaliser of `SplitMix64`), so that neighbouring ids end up far apart.
pub fn shuffled(id: i64, salt: i64) -> i64 {
    let mut mixed = id.cast_unsigned().wrapping_add(salt.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((mixed ^ (mixed >> 31)) >> 1).cast_signed()
}
