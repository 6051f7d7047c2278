//! The schema, step by step.

use rusqlite_migration::{M, Migrations};

use crate::store::StoreError;

/// Every schema step, in order. A step never changes once it has shipped.
pub(in crate::store) const STEPS: &[&str] = &[
    include_str!("../../../migrations/001_first.sql"),
    include_str!("../../../migrations/002_outbox.sql"),
    include_str!("../../../migrations/003_pull.sql"),
    include_str!("../../../migrations/004_files.sql"),
    include_str!("../../../migrations/005_life.sql"),
    include_str!("../../../migrations/006_names.sql"),
];

/// Columns of tables that are salvaged, by the names that earlier steps gave them: table, earlier name, present name. A damaged
/// file is read as it is, before any step could be run on it.
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

pub(in crate::store) fn migrations() -> Migrations<'static> {
    Migrations::new(STEPS.iter().map(|step| M::up(step)).collect())
}

pub(in crate::store) fn migration_error(error: rusqlite_migration::Error) -> StoreError {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        _ => StoreError::Damaged,
    }
}
