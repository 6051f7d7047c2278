//! The whole core against a real server over real HTTP.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod attachments;
mod bench;
mod client;
mod life;
mod outbox;
