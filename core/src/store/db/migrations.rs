//! The schema of a file, and the steps that bring an older file to it.
//!
//! # The story
//!
//! The schema is written down twice. `core/migrations/schema.sql` is the whole of it, as it is now: a new file is made from
//! this one script. The numbered steps beside it lead from one version to the next: a file that an earlier version wrote
//! takes those that it lacks. Both ways end with the same tables, indexes and triggers, which a test proves. So a new file
//! never pays for the history of the schema.
//!
//! A file stores in `user_version` how many steps it has; 0 means that it is new and empty. A new file is made in one
//! transaction, and so are all missing steps of an older one. A crash leaves the file as it was, and the next opening does
//! the same again.
//!
//! To change the schema, write the next step, never edit one that has shipped, and change `schema.sql` to match. A step
//! costs the same for any number of rows. `ALTER TABLE … ADD COLUMN` does not, because SQLite reads every row of a STRICT
//! table to check it. So a step adds a column to a large table by changing the schema's text, as `007_real_servers.sql` does.

use rusqlite::{Connection, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use crate::store::StoreError;

/// The whole schema, as of the newest step.
pub(in crate::store) const SCHEMA: &str = include_str!("../../../migrations/schema.sql");

/// Every step of the schema, in order. A step never changes once it has shipped.
pub(in crate::store) const STEPS: &[&str] = &[
    include_str!("../../../migrations/001_first.sql"),
    include_str!("../../../migrations/002_outbox.sql"),
    include_str!("../../../migrations/003_pull.sql"),
    include_str!("../../../migrations/004_files.sql"),
    include_str!("../../../migrations/005_life.sql"),
    include_str!("../../../migrations/006_names.sql"),
    include_str!("../../../migrations/007_real_servers.sql"),
    include_str!("../../../migrations/008_read_positions.sql"),
    include_str!("../../../migrations/009_products.sql"),
    include_str!("../../../migrations/010_anonymous.sql"),
    include_str!("../../../migrations/011_channels.sql"),
    include_str!("../../../migrations/012_lists.sql"),
    include_str!("../../../migrations/013_actions.sql"),
    include_str!("../../../migrations/014_bodies.sql"),
    include_str!("../../../migrations/015_read_marks.sql"),
    include_str!("../../../migrations/016_articles.sql"),
    include_str!("../../../migrations/017_follow_ups.sql"),
    include_str!("../../../migrations/018_small_pictures.sql"),
    include_str!("../../../migrations/019_history_entries.sql"),
    include_str!("../../../migrations/020_search.sql"),
    include_str!("../../../migrations/021_new_documents.sql"),
];

/// The renamed columns of all tables that salvage copies: table, earlier name, present name. Salvage reads a damaged
/// file as it is, without running any later step on it, so it finds the earlier names.
pub(in crate::store) const RENAMED: &[(&str, &str, &str)] = &[
    ("account", "desk", "server"),
    ("account", "scrub", "secure_delete_from"),
    ("account", "rescued", "salvaged"),
    ("account", "rescue_lost", "salvage_lost"),
    ("tickets", "desk_status", "server_status"),
    ("tickets", "thread_of", "thread_as_of"),
    ("tickets", "thread_sure", "thread_settled"),
    ("tickets", "thread_wanted", "thread_requested"),
    ("tickets", "noticed_at", "update_seen_at"),
    ("tickets", "gone_at", "revoked_at"),
    ("outbox", "base", "high_water_mark"),
    ("outbox", "begun", "ever_attempted"),
    ("outbox", "doubts", "ambiguous_attempts"),
    ("outbox", "reads", "empty_reads"),
    ("outbox", "quiet_since", "first_missed_at"),
    ("outbox", "wait_firm", "wait_server_imposed"),
    ("outbox", "reason_words", "server_message"),
];

/// The newest version of the schema: the number of its steps.
pub(in crate::store) fn newest() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// Gives the file the newest schema: makes it in an empty file, or runs the steps that are missing.
pub(in crate::store) fn bring_up_to_date(db: &mut Connection) -> Result<(), StoreError> {
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(SCHEMA)?;
        tx.pragma_update(None, "user_version", newest())?;
        return Ok(tx.commit()?);
    }
    Migrations::new(STEPS.iter().map(|step| M::up(step)).collect()).to_latest(db).map_err(migration_error)
}

fn migration_error(error: rusqlite_migration::Error) -> StoreError {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        _ => StoreError::Sqlite { code: -1 },
    }
}
