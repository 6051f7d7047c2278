//! The whole core against the sandbox over real HTTP.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod actions;
mod anonymous;
mod articles;
mod attachments;
mod bench;
mod beside;
mod bodies;
mod bounds;
mod cadence;
mod client;
#[path = "../shared/database.rs"]
mod database;
mod delivered;
#[path = "../shared/driver.rs"]
mod driver;
mod extras;
mod hub;
mod isolation;
mod life;
mod marks;
mod memory;
mod outbox;
