//! The connector against a real server over real HTTP. Every request it makes and every answer it reads is held against the
//! contract on its way (`harness::Wire`).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod harness;

mod faults;
mod reading;
mod token;
mod writing;
