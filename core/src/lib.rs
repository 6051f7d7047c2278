//! An offline-first support desk: history, outbox and sync over one SQLite file.
//!
//! A shell holds one [`Client`] per account. Its calls are answered from the file and never wait for the network; a
//! write is durable when its call returns. Only the future [`Client::drive`], and the single runs [`Client::sync`] and
//! [`Client::sync_until`], exchange data with the help desk. The owner of a runtime polls them.
//! [`Client::search_server`] waits for one of them to ask.
//!
//! `ARCHITECTURE.md` explains the layers, and `docs/glossary.md` the terms. The main story is in [`outbox`].
#![forbid(unsafe_code)]

pub mod blob;
pub mod bugs;
pub mod client;
pub mod connectors;
pub mod delivered;
pub mod environment;
pub mod factory;
pub mod live;
pub mod model;
pub mod net;
pub mod outbox;
pub mod product;
pub mod query;
pub mod store;
pub mod sync;

pub use client::{Client, ClientConfig};
