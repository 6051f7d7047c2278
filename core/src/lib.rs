//! The offline-first support desk: history, outbox and sync over one SQLite file.
//!
//! A shell holds one [`Desk`]. Its calls answer from the file and never wait for the network; a write returns when it is
//! durable. [`Desk::drive`] is the one future that talks to the help desk; whoever owns a runtime polls it.
//!
//! The layers, from a shell's point of view: [`desk`] → [`profile`] (what this desk allows: data), [`store`] (SQLite: the
//! one truth), [`live`] (what changed); and [`sync`] → [`outbox`] (pure decisions), [`remote`] (one service's words).
#![forbid(unsafe_code)]

pub mod attachments;
pub mod bugs;
pub mod desk;
pub mod environment;
pub mod live;
pub mod model;
pub mod outbox;
pub mod profile;
pub mod remote;
pub mod store;
pub mod sync;

pub use desk::{Desk, DeskConfig};
