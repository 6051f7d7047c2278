//! The whole core against a real desk over real HTTP.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod attachments;
mod bench;
mod desk;
mod life;
mod outbox;
