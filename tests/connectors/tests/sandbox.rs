//! Runs every case over the Zendesk connector, in every run of the tests.

use std::sync::Arc;

use pocketdesk_connectors::sandbox::Sandboxes;
use pocketdesk_connectors::{CASES, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_zendesk_connector_keeps_every_case() {
    let report = run(Arc::new(Sandboxes), "", |_| {}).await;
    assert!(report.is_green(), "{report}");
}

#[test]
fn no_two_cases_have_one_name() {
    for (place, case) in CASES.iter().enumerate() {
        assert!(!CASES[..place].iter().any(|other| other.name == case.name), "{}", case.name);
    }
}
