//! The steps of the schema.

use rusqlite_migration::{M, Migrations};

use crate::store::StoreError;

/// Every step of the schema, in order. A step never changes once it has shipped.
pub(in crate::store) const STEPS: &[&str] = &[
    include_str!("../../../migrations/001_first.sql"),
    include_str!("../../../migrations/002_outbox.sql"),
    include_str!("../../../migrations/003_pull.sql"),
    include_str!("../../../migrations/004_files.sql"),
    include_str!("../../../migrations/005_life.sql"),
    include_str!("../../../migrations/006_names.sql"),
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

pub(in crate::store) fn migrations() -> Migrations<'static> {
    Migrations::new(STEPS.iter().map(|step| M::up(step)).collect())
}

pub(in crate::store) fn migration_error(error: rusqlite_migration::Error) -> StoreError {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        _ => StoreError::Damaged,
    }
}
