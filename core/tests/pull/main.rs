//! Reading the server: what changed is found, what was revoked leaves the device, and nothing else does.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../shared/database.rs"]
mod database;
#[path = "../shared/driver.rs"]
mod driver;
mod lists;
#[cfg(feature = "deliberate-bugs")]
mod mistakes;
mod reconciliations;
mod search;
mod support;
mod threads;

use std::time::Duration;

use serde_json::{Value, json};

const YEAR: Duration = Duration::from_hours(24 * 365);
const HOUR: Duration = Duration::from_hours(1);

/// A product in which every run does a complete full reconciliation.
fn reconciling_every_run() -> Value {
    json!({ "sync": { "reconciliation_seconds": 0, "reconciliation_requests": 1000, "page_size": 20 } })
}

/// Whether the request asks for a page of a list by cursor.
fn is_cursor_page(request: &str) -> bool {
    request.contains("page%5Bsize%5D") && !request.contains("/comments")
}
