//! Deliberate bugs in reading the server, each of which must make a check fail.

use pocketdesk::bugs::{self, Bug};
use pocketdesk::model::{StatusKind, TicketNumber};
use pocketdesk::net::{HttpFailure, Method};
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use crate::YEAR;
use crate::support::{Bench, answer};

fn small_pages() -> Value {
    json!({ "sync": { "page_size": 5, "reconciliation_seconds": 0, "reconciliation_requests": 1 } })
}

/// Whether seven tickets that were solved are shown as solved on a device whose clock is a year fast.
async fn finds_changes() -> bool {
    let bench = Bench::start(40, json!({ "sync": { "page_size": 5 } })).await;
    bench.device.advance(YEAR);
    bench.sync().await;
    bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 600 })).await;
    let open = bench
        .rows()
        .into_iter()
        .filter(|row| !matches!(row.status.kind, StatusKind::Closed | StatusKind::Solved))
        .take(7);
    let open: Vec<TicketNumber> = open.filter_map(|row| row.number).collect();
    for number in &open {
        bench.act(*number, "status", json!({ "status": "solved" })).await;
    }
    bench.sync().await;
    let solved =
        |number: &&TicketNumber| bench.client.ticket(bench.id(**number)).unwrap().row.status.kind == StatusKind::Solved;
    open.iter().filter(solved).count() == 7
}

/// Whether a first sync that was killed and continued has every ticket in the end.
async fn finds_everything() -> bool {
    let mut bench = Bench::start(40, json!({ "sync": { "page_size": 5 } })).await;
    let mut cursor_pages = 0;
    bench.wire.break_with(move |request| {
        cursor_pages += u32::from(request.url.query().is_some_and(|query| query.contains("page%5Bsize%5D")));
        (cursor_pages > 2).then_some(Err(HttpFailure::NotSent))
    });
    bench.client.sync(Scope::Everything).await;
    bench.restart();
    bench.wire.mend();
    bench.sync().await;
    bench.rows().len() == 40
}

/// Whether a full reconciliation that has not ended revokes nothing.
async fn waits_for_the_end() -> bool {
    let bench = Bench::synced(40, small_pages()).await;
    bench.sync().await;
    bench.revoked().is_empty()
}

/// Whether a refused list revokes nothing.
async fn believes_no_list() -> bool {
    let bench = Bench::synced(40, json!({})).await;
    bench.wire.break_with(|request| {
        let own = request.url.path() == "/api/v2/requests";
        own.then(|| Ok(answer(403, r#"{"error":{"title":"Forbidden","message":"Not for you."}}"#)))
    });
    bench.client.sync(Scope::Everything).await;
    bench.revoked().is_empty()
}

#[tokio::test]
async fn each_is_found() {
    for bug in [
        Bug::DeviceClockWatermark,
        Bug::WatermarkBeforeBackfillEnded,
        Bug::DeleteAfterPartialReconciliation,
        Bug::ForbiddenListIsRevocation,
    ] {
        for on in [None, Some(bug)] {
            bugs::turn_on(on);
            let right = match bug {
                Bug::DeviceClockWatermark => finds_changes().await,
                Bug::WatermarkBeforeBackfillEnded => finds_everything().await,
                Bug::DeleteAfterPartialReconciliation => waits_for_the_end().await,
                _ => believes_no_list().await,
            };
            assert_eq!(right, on.is_none(), "{bug:?} {on:?}");
        }
    }
}
