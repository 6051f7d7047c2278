//! The offline-first support desk: history, outbox and sync over one SQLite file.
//!
//! A shell holds one [`Client`]. Its calls answer from the file and never wait for the network; a write returns when it is
//! durable. [`Client::drive`] is the one future that talks to the help desk; whoever owns a runtime polls it.
#![forbid(unsafe_code)]

pub mod blob;
pub mod bugs;
pub mod client;
pub mod connectors;
pub mod environment;
pub mod factory;
pub mod live;
pub mod model;
pub mod net;
pub mod outbox;
pub mod product;
mod query;
pub mod store;
pub mod sync;

pub use client::{Client, ClientConfig};
