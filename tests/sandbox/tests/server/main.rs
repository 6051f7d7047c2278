//! The server over HTTP. Every request and every answer is held against the contract on the way.
#![allow(clippy::unwrap_used, reason = "the helpers of these tests stop at the first surprise, as the tests do")]

mod api;
mod faults;
mod lists;
mod support;
