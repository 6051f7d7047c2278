//! The offline-first support desk: history, outbox and sync over one SQLite file.
