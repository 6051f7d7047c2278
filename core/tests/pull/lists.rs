//! Reading lists: what changed is found, whatever happens meanwhile, with as few requests as possible.

use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use pocketdesk::model::{StatusKind, TicketDraft, TicketNumber};
use pocketdesk::net::{Body, HttpFailure, Method};
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use crate::support::{Bench, Device, rows};
use crate::{HOUR, YEAR, is_cursor_page, reconciling_every_run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unchanged_history_costs_one_small_request_a_list() {
    let bench = Bench::synced(300, json!({})).await;
    // Threads whose reads were too early to be complete are read once more.
    bench.device.advance(HOUR);
    bench.sync().await;
    bench.ask_sandbox(Method::Delete, "/sandbox/requests", Value::Null).await;
    bench.sync().await;
    let log = bench.ask_sandbox(Method::Get, "/sandbox/requests", Value::Null).await;
    let paths: Vec<&str> = log["requests"].as_array().unwrap().iter().map(|r| r["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), 3, "{paths:?}");
    assert_eq!(paths.iter().collect::<BTreeSet<_>>().len(), 3, "each list once: {paths:?}");
    assert_small(&log);
}

/// Each answer has at most 8 KiB as it travels.
fn assert_small(log: &Value) {
    for request in log["requests"].as_array().unwrap() {
        assert!(request["response_bytes"].as_u64().unwrap() <= 8 * 1024, "{request}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_changes_at_once_are_read_again_only_until_none_can_be_late() {
    let bench =
        Bench::synced(300, json!({ "sync": { "threads": { "active_days": 0, "open": false, "unread": false } } }))
            .await;
    let both_clocks = async |minutes: u64| {
        bench.device.advance(Duration::from_mins(minutes));
        bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": minutes * 60 })).await;
    };
    let asked = async || {
        bench.ask_sandbox(Method::Delete, "/sandbox/requests", Value::Null).await;
        bench.sync().await;
        bench.ask_sandbox(Method::Get, "/sandbox/requests", Value::Null).await
    };
    let is_of_list = |request: &&Value| !request["path"].as_str().unwrap().contains("/comments");
    let count = |log: &Value| log["requests"].as_array().unwrap().iter().filter(is_of_list).count();
    both_clocks(10).await;
    // More than a small page shows, all within the overlap.
    let open = bench.rows().into_iter().filter(|row| !row.status.is("closed"));
    let numbers: Vec<_> = open.filter_map(|row| row.number).take(40).collect();
    for number in &numbers {
        bench.ask_sandbox(Method::Post, &format!("/sandbox/tickets/{number}/touch"), json!({})).await;
    }
    assert!(count(&asked().await) > 3, "everything that changed is read");
    both_clocks(1).await;
    assert!(count(&asked().await) > 3, "an update may still be late");
    both_clocks(10).await;
    assert!(count(&asked().await) > 3, "now it is not, and this read shows that");
    let unchanged = asked().await;
    assert_eq!(count(&unchanged), 3, "{unchanged}");
    assert_small(&unchanged);
    // One more change is found at the same cost, and so are as many as before.
    let becomes = async |number, status: &str| {
        let path = format!("/sandbox/tickets/{number}/status");
        bench.ask_sandbox(Method::Post, &path, json!({ "status": status })).await;
    };
    let are = |status: &str| {
        bench
            .rows()
            .into_iter()
            .filter(|row| numbers.iter().any(|number| row.number == Some(*number)) && row.status.is(status))
            .count()
    };
    becomes(numbers[7], "hold").await;
    becomes(numbers[7], "solved").await;
    let solved = are("solved");
    assert_eq!(count(&asked().await), 3);
    assert_eq!(are("solved"), solved + 1);
    both_clocks(10).await;
    for number in numbers.iter().rev() {
        becomes(*number, "pending").await;
    }
    bench.sync().await;
    assert_eq!(are("awaiting_reply"), 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_sync_goes_on_where_it_was_killed() {
    let change = json!({ "sync": { "page_size": 5, "threads": { "active_days": 0, "open": false, "unread": false } } });
    let mut bench = Bench::start(60, change).await;
    let (mut kills, mut read, mut cursor_pages) = (0, 0, 0);
    loop {
        let left = AtomicU32::new(7);
        bench.wire.break_with(move |_| {
            let over = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err();
            over.then_some(Err(HttpFailure::NotSent))
        });
        let report = bench.client.sync(Scope::Everything).await;
        cursor_pages += bench.wire.take_asked().iter().filter(|request| is_cursor_page(request)).count();
        if report.failure.is_none() {
            break;
        }
        let state = bench.state();
        // The lists may be complete, and what is read after them not.
        assert_eq!(state.first_sync.is_none(), state.first_sync_done);
        if let Some(progress) = state.first_sync {
            assert!(progress.read >= read && progress.of.is_none_or(|of| progress.read <= of), "{progress:?}");
            read = progress.read;
        }
        kills += 1;
        assert!(kills < 30);
        bench.restart();
    }
    assert_eq!(bench.state().first_sync, None);
    assert!(bench.state().first_sync_done && kills > 3);
    assert_eq!(bench.rows().len(), 60);
    let (_folder, whole) = bench.another(&Arc::default());
    assert_eq!(whole.sync(Scope::Everything).await.failure, None);
    let seen = |rows: Vec<pocketdesk::model::TicketRow>| {
        rows.into_iter()
            .map(|row| (row.number, row.subject, row.status.kind, row.unread, row.last_activity_at))
            .collect::<Vec<_>>()
    };
    assert_eq!(seen(bench.rows()), seen(rows(&whole)), "the same as on a device that was not killed");
    let pages = 60_usize.div_ceil(5) * 2 + 1;
    // One broken request may be the fault of its list. Only when that of another list breaks as well, there is no network.
    let wasted = kills * 2;
    assert!(cursor_pages <= pages + wasted, "{cursor_pages} pages were read; {pages} are enough without {kills} kills");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_first_sync_does_what_the_user_asks_in_between() {
    let bench = Bench::start(60, json!({ "sync": { "page_size": 2 } })).await;
    let client = Arc::clone(&bench.client);
    let mut pages = 0;
    bench.wire.break_with(move |request| {
        pages += u32::from(request.url.query().is_some_and(|query| query.contains("page%5Bafter%5D")));
        if pages == 5 {
            pages += 1;
            let draft = client.ticket_draft().unwrap();
            let text =
                TicketDraft { subject: "Zahlung hängt".into(), description: "Seit gestern. 🕰".into(), ..draft };
            client.submit(&text).unwrap();
            client.thread_opened(client.history(None, 10).unwrap().tickets[3].id).unwrap();
        }
        None
    });
    bench.sync().await;
    let asked = bench.wire.take_asked();
    let place = |what: &str| asked.iter().position(|request| request.starts_with(what)).unwrap();
    let last_page = asked.iter().rposition(|request| is_cursor_page(request)).unwrap();
    assert!(place("POST /api/v2/requests") + 10 < last_page, "the ticket was sent in between");
    let comments = asked.iter().position(|request| request.contains("/comments")).unwrap();
    assert!(comments + 10 < last_page, "the opened thread was read in between");
    assert_eq!(bench.state().waiting, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_during_a_backfill_is_found_by_the_next_run() {
    let bench = Bench::start(40, json!({ "sync": { "page_size": 5 } })).await;
    // When the third page of the backfill is requested, the first ten tickets change. Some of them have been read, some not.
    let (reached, is_reached) = std::sync::mpsc::channel();
    let mut pages = 0;
    bench.wire.break_with(move |request| {
        pages += u32::from(request.url.query().is_some_and(|query| query.contains("page%5Bsize%5D")));
        if pages == 3 {
            pages += 1;
            reached.send(()).unwrap();
            // The backfill stops here, and the server changes before it continues.
            return Some(Err(HttpFailure::NotSent));
        }
        None
    });
    assert!(bench.client.sync(Scope::Everything).await.failure.is_some());
    is_reached.recv().unwrap();
    let changed: Vec<TicketNumber> = bench.rows().iter().take(10).map(|row| row.number.unwrap()).collect();
    bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 600 })).await;
    for number in &changed {
        if bench.client.ticket(bench.id(*number)).unwrap().row.status.kind != StatusKind::Closed {
            bench.act(*number, "status", json!({ "status": "solved" })).await;
        }
    }
    bench.wire.mend();
    bench.sync().await;
    bench.sync().await;
    for number in changed {
        let status = bench.client.ticket(bench.id(number)).unwrap().row.status.kind;
        assert!(matches!(status, StatusKind::Solved | StatusKind::Closed), "{number} {status:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_is_years_off_shows_the_same_history() {
    let bench = Bench::synced(40, reconciling_every_run()).await;
    let (late, early) = (Arc::new(Device::default()), Arc::new(Device::default()));
    late.advance(10 * YEAR);
    early.set_back(10 * YEAR);
    let others = [bench.another(&late), bench.another(&early)];
    let clients = [&bench.client, &others[0].1, &others[1].1];
    for client in clients {
        assert_eq!(client.sync(Scope::Everything).await.failure, None);
    }
    let numbers: Vec<TicketNumber> = bench.rows().iter().filter_map(|row| row.number).collect();
    let open =
        |number: &&TicketNumber| bench.client.ticket(bench.id(**number)).unwrap().row.status.kind != StatusKind::Closed;
    let open: Vec<TicketNumber> = numbers.iter().filter(open).copied().collect();
    for (index, number) in open.iter().rev().take(3).enumerate() {
        bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
        let what = if index == 1 { "note" } else { "answer" };
        bench.act(*number, what, json!({ "body": "Wir haben es geprüft – 確認しました。" })).await;
        for client in clients {
            assert_eq!(client.sync(Scope::Everything).await.failure, None);
        }
    }
    bench.revoke(numbers[0]).await;
    for (device, client) in [(&bench.device, &bench.client), (&late, &others[0].1), (&early, &others[1].1)] {
        for _ in 0..2 {
            device.advance(HOUR);
            assert_eq!(client.sync(Scope::Everything).await.failure, None);
        }
    }
    let shown = |client: &pocketdesk::Client| {
        rows(client)
            .into_iter()
            .map(|row| (row.number, row.subject, row.status.kind, row.unread, row.last_activity_at, row.visible))
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(clients[1]), shown(clients[0]));
    assert_eq!(shown(clients[2]), shown(clients[0]));
    assert_eq!(bench.revoked(), [numbers[0]]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_syncs_at_once_are_one() {
    let bench = Bench::synced(40, json!({})).await;
    bench.device.advance(HOUR);
    bench.sync().await;
    bench.wire.take_asked();
    let syncs = (0..10).map(|_| bench.client.sync(Scope::Everything));
    let mut syncs = pin!(futures_util::future::join_all(syncs));
    // Each has begun before the first gets an answer: one that begins after another has ended is a sync of its own.
    let hold = bench.wire.hold.lock().await;
    assert!(poll_fn(|context| Poll::Ready(syncs.as_mut().poll(context).is_pending())).await);
    drop(hold);
    let reports = syncs.await;
    assert!(reports.iter().all(|report| report.failure.is_none()));
    let asked = bench.wire.take_asked();
    assert_eq!(asked.len(), 3, "{asked:?}");
}

/// Whatever happens on the server, and wherever the device is cut off or killed: in the end it shows the same as a new device
/// that reads everything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_history_ends_as_the_server_has_it() {
    let runs = (1..=5_u64).map(|seed| async move {
        let mut bench = Bench::start(45, json!({ "sync": { "page_size": 6, "reconciliation_seconds": 0, "reconciliation_requests": 4 } })).await;
        let mut state = seed;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut numbers: Vec<i64> = (120_001..120_082).collect();
        for step in 0..40 {
            let number = TicketNumber(numbers[usize::try_from(draw(numbers.len() as u64)).unwrap()]);
            let act = async |what: &str, body: Value| {
                let path = format!("/sandbox/tickets/{number}/{what}");
                // A closed ticket refuses most actions, which is fine.
                bench.try_sandbox(&path, body).await;
            };
            bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": draw(400) })).await;
            match draw(12) {
                0 => act("answer", json!({ "body": format!("Antwort {step} – תשובה") })).await,
                1 => act("note", json!({ "body": "nur intern" })).await,
                2 => act("touch", json!({})).await,
                3 => act("status", json!({ "status": (["solved", "pending", "open"][usize::try_from(draw(3)).unwrap()]) })).await,
                4 => act("revoke", json!({ "user": "ada" })).await,
                5 => act("restore", json!({ "user": "ada" })).await,
                6 => {
                    let body = json!({ "request": { "subject": format!("Geteilt {step} 🧾"), "comment": { "body": "Bitte" },
                        "custom_fields": [{ "id": 360_001_000_002_i64, "value": draw(2) == 0 }] } });
                    let body = Body::Json(body.to_string().into_bytes());
                    let made = bench.ask_as(Some("ben-token"), Method::Post, "/api/v2/requests", body).await;
                    numbers.push(made["request"]["id"].as_i64().unwrap());
                }
                7 => {
                    bench.ask_sandbox(Method::Post, "/sandbox/faults", json!({ "cursor_shuffle": draw(9) })).await;
                }
                8 => bench.restart(),
                // The network breaks after some requests.
                9 | 10 => {
                    let mut left = draw(9);
                    bench.wire.break_with(move |_| {
                        let broken = left == 0;
                        left = left.saturating_sub(1);
                        broken.then_some(Err(HttpFailure::NotSent))
                    });
                    bench.client.sync(Scope::Everything).await;
                    bench.wire.mend();
                }
                _ => {
                    bench.client.sync(Scope::Everything).await;
                }
            }
        }
        // Long enough for a full reconciliation to end, and for every thread that was read too early to be read again.
        for _ in 0..24 {
            bench.device.advance(HOUR);
            bench.sync().await;
        }
        let (_folder, fresh) = bench.another(&bench.device);
        for _ in 0..2 {
            assert_eq!(fresh.sync(Scope::Everything).await.failure, None);
        }
        let shown = |client: &pocketdesk::Client| {
            let mut shown: Vec<_> = rows(client).into_iter().filter(|row| row.visible).map(|row| (row.number, row.subject, row.status.kind)).collect();
            shown.sort_by_key(|row| row.0);
            shown
        };
        let (ours, theirs) = (shown(&bench.client), shown(&fresh));
        let differs: Vec<_> = ours.iter().filter(|row| !theirs.contains(row)).chain(theirs.iter().filter(|row| !ours.contains(row))).collect();
        assert!(differs.is_empty(), "seed {seed}: {differs:?}");
        assert_eq!(bench.state().problem, None, "seed {seed}");
    });
    futures_util::future::join_all(runs).await;
}

/// Sorted pages end with an error after 10,000 rows. A device that has missed more than that backfills the list again. New
/// tickets still count as news, and afterwards the device has the complete history.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_changes_than_sorted_pages_can_show_start_a_backfill() {
    let policy = json!({ "active_days": 0, "open": false, "unread": false });
    let mut bench = Bench::synced(10_150, json!({ "sync": { "threads": policy } })).await;
    assert_eq!(bench.rows().len(), 10_150);
    bench.client.close();
    let file = bench.bytes().into_iter().map(|(path, _)| path).find(|path| path.ends_with("desk.sqlite3")).unwrap();
    let db = crate::database::open(file);
    db.execute_batch("UPDATE lists SET watermark = 1; DELETE FROM tickets WHERE number % 50 = 0;").unwrap();
    drop(db);
    bench.restart();
    bench.wire.take_asked();
    bench.sync().await;
    let asked = bench.wire.take_asked();
    let of_account = |request: &&String| request.contains("/organizations/");
    assert!(
        !asked.iter().any(|request| request.contains("page=101")),
        "no page after the last sorted one is requested"
    );
    assert_eq!(asked.iter().filter(of_account).filter(|request| is_cursor_page(request)).count(), 102);
    assert_eq!(bench.rows().len(), 10_150);
    let of_others = bench.rows().into_iter().filter(|row| row.number.unwrap().0 % 50 == 0 && row.unread).count();
    assert!(of_others > 50, "{of_others} tickets of colleagues are news");
    bench.wire.take_asked();
    bench.sync().await;
    assert!(bench.wire.take_asked().len() < 10, "the next run needs few requests again");
}
