//! The server over HTTP. Every request and every answer is checked against the contract.
#![allow(clippy::unwrap_used, reason = "helpers stop at the first surprise, as tests do")]

mod account;
mod anonymous;
mod api;
mod faults;
mod help_center;
mod hosted;
mod lists;
mod organizations;
mod support;
mod webhooks;
