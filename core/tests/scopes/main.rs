//! Which tickets of the hub a user is shown, and what a user may do with them: scopes, roles, and an account without a history.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../shared/driver.rs"]
mod driver;
mod roles;
mod search;
mod support;
mod unavailable;
mod views;
