//! The database: its path and schema, the connections to it, the writer lock, and the readers.

pub(super) mod columns;
pub(super) mod connection;
pub(super) mod migrations;
pub(super) mod paths;
pub(super) mod pending_deletes;
pub(super) mod readers;
pub(super) mod schema;
pub(super) mod statements;
pub(super) mod store;
pub(super) mod unreadable;
pub(super) mod writer_lock;
