//! The connector for Zendesk against the sandbox over real HTTP. Every request that it sends and every answer that it reads is
//! checked against the contract (`harness::Wire`).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod harness;

mod articles;
mod extras;
mod faults;
mod reading;
mod set_up;
mod token;
mod writing;
