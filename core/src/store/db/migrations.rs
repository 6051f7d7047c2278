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
