//! Reading the server: what changed is found, what is gone is gone, and nothing is believed that the server did not say.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod lists;
#[cfg(feature = "deliberate-bugs")]
mod mistakes;
mod reconciliations;
mod support;
mod threads;

use std::time::Duration;

use serde_json::{Value, json};

const YEAR: Duration = Duration::from_hours(24 * 365);
const HOUR: Duration = Duration::from_hours(1);

/// Every run full reconciliations, whole.
fn reconciling_every_run() -> Value {
    json!({ "sync": { "sweep_seconds": 0, "sweep_requests": 1000, "page_size": 20 } })
}

fn is_cursor_page(request: &str) -> bool {
    request.contains("page%5Bsize%5D") && !request.contains("/comments")
}
