//! Reading the desk: what changed is found, what is gone is gone, and nothing is believed that the desk did not say.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use pocketdesk::desk::AccountProblem;
use pocketdesk::model::{Delivery, ReplyDraft, Status, TicketDraft, TicketNumber};
use pocketdesk::remote::{Body, HttpFailure, Method};
use pocketdesk::sync::Scope;
use serde_json::{Value, json};
use support::{Bench, Device, answer, rows};

const YEAR: Duration = Duration::from_hours(24 * 365);
const HOUR: Duration = Duration::from_hours(1);

/// Every run sweeps, whole.
fn sweeping() -> Value {
    json!({ "sync": { "sweep_seconds": 0, "sweep_requests": 1000, "page_size": 20 } })
}

fn is_walk(request: &str) -> bool {
    request.contains("page%5Bsize%5D") && !request.contains("/comments")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unchanged_history_costs_one_small_request_a_list() {
    let bench = Bench::synced(300, json!({})).await;
    // The readings that came too early to be sure are made once more.
    bench.device.advance(HOUR);
    bench.sync().await;
    bench.ask_sandbox(Method::Delete, "/sandbox/requests", Value::Null).await;
    bench.sync().await;
    let log = bench.ask_sandbox(Method::Get, "/sandbox/requests", Value::Null).await;
    let paths: Vec<&str> = log["requests"].as_array().unwrap().iter().map(|r| r["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), 3, "{paths:?}");
    assert_eq!(paths.iter().collect::<BTreeSet<_>>().len(), 3, "each list once: {paths:?}");
    assert!(log["response_bytes"].as_u64().unwrap() < 48_000, "{}", log["response_bytes"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_finds_what_was_taken_away_and_nothing_else() {
    let bench = Bench::synced(80, sweeping()).await;
    let before = bench.rows();
    let taken: Vec<TicketNumber> = [&before[3], &before[70]].map(|row| row.number.unwrap()).into();
    for number in &taken {
        bench.revoke(*number).await;
    }
    bench.sync().await;
    let mut expected = taken.clone();
    expected.sort();
    assert_eq!(bench.vanished(), expected);
    let after = bench.rows();
    assert_eq!(after.len(), before.len(), "the numbers stay");
    assert!(after.iter().filter(|row| row.visible).all(|row| before.contains(row)), "the others are as they were");
    assert_eq!(bench.state().problem, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_believes_only_complete_walks_and_goes_on_after_a_kill() {
    let change = json!({ "sync": { "sweep_seconds": 0, "sweep_requests": 3, "page_size": 10 } });
    let mut bench = Bench::synced(60, change).await;
    let taken = bench.rows()[10].number.unwrap();
    bench.revoke(taken).await;
    let mut runs = 0;
    while bench.vanished().is_empty() {
        runs += 1;
        assert!(runs < 20, "the sweep ends");
        bench.wire.take_asked();
        bench.sync().await;
        let asked = bench.wire.take_asked();
        assert!(asked.iter().filter(|request| is_walk(request)).count() <= 3, "a run keeps to its budget");
        bench.restart();
    }
    assert!(runs >= 3, "{runs} runs of three pages for two lists of sixty");
    assert_eq!(bench.vanished(), [taken]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shorter_list_brings_the_sweep_forward() {
    let bench = Bench::synced(60, json!({})).await;
    let taken = bench.rows()[40].number.unwrap();
    bench.revoke(taken).await;
    bench.sync().await;
    assert!(bench.vanished().is_empty(), "not at any price: a device that asks all the time would sweep all the time");
    bench.device.advance(HOUR);
    bench.sync().await;
    assert_eq!(bench.vanished(), [taken]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_much_missing_at_once_is_told_and_removes_nothing() {
    let bench = Bench::synced(80, sweeping()).await;
    let before = bench.rows();
    let taken: Vec<TicketNumber> = before.iter().take(21).map(|row| row.number.unwrap()).collect();
    for number in &taken {
        bench.revoke(*number).await;
    }
    bench.sync().await;
    assert_eq!(bench.state().problem, Some(AccountProblem::HistoryMissing));
    assert!(bench.rows() == before);
    // Twenty may be missing, however short the history is.
    bench.act(taken[0], "restore", json!({ "user": "ada" })).await;
    bench.sync().await;
    assert_eq!(bench.state().problem, None);
    assert_eq!(bench.vanished().len(), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_about_a_list_or_the_account_removes_nothing() {
    const FORBIDDEN: &str = r#"{"error":{"title":"Forbidden","message":"Not for you."}}"#;
    const NOT_FOUND: &str = r#"{"error":"RecordNotFound","description":"Not found"}"#;
    const EXPIRED: &str = r#"{"error":"invalid_token","description":"The access token is invalid"}"#;
    const PORTAL: &str = "<!DOCTYPE html><title>Anmelden im WLAN „Bahnhof“</title>";
    let cases = [
        (401, EXPIRED, AccountProblem::SignedOut),
        (403, FORBIDDEN, AccountProblem::NotAllowed),
        (404, NOT_FOUND, AccountProblem::NotAllowed),
        (200, PORTAL, AccountProblem::DeskMisbehaves),
        (302, PORTAL, AccountProblem::DeskMisbehaves),
    ];
    let paths =
        ["/api/v2/users/me", "/api/v2/requests", "/api/v2/organizations/360004512301/requests", "/api/v2/requests/ccd"];
    for path in paths {
        let mut bench = Bench::synced(40, sweeping()).await;
        let before = bench.rows();
        // Something is missing, so that whoever believed a refusal would have something to remove.
        bench.revoke(before[5].number.unwrap()).await;
        for (status, body, problem) in cases {
            // From the first request on, or only once a sweep walks the list.
            for query in ["", "page%5Bsize%5D"] {
                if path.ends_with("/me") && !query.is_empty() {
                    continue;
                }
                // A fresh process asks for its user, too.
                bench.restart();
                bench.wire.break_with(move |request| {
                    let meant = request.url.path() == path && request.url.query().unwrap_or_default().contains(query);
                    meant.then(|| Ok(answer(status, body)))
                });
                let report = bench.desk.sync(Scope::Everything).await;
                assert!(report.failure.is_some(), "{path} {query} {status}");
                assert_eq!(bench.state().problem, Some(problem), "{path} {query} {status}");
                assert!(bench.rows() == before, "{path} {query} {status}");
            }
        }
        bench.wire.mend();
        bench.sync().await;
        assert_eq!(bench.vanished(), [before[5].number.unwrap()], "and afterwards everything goes on");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_in_front_of_a_missing_ticket_proves_nothing() {
    let bench = Bench::synced(60, sweeping()).await;
    let before = bench.rows();
    let number = before[5].number.unwrap();
    bench.revoke(number).await;
    let own = format!("/api/v2/requests/{number}");
    for (status, body) in [(200, "<html>"), (403, "<html>"), (404, "<html>"), (404, ""), (503, "")] {
        let own = own.clone();
        bench.wire.break_with(move |request| (request.url.path() == own).then(|| Ok(answer(status, body))));
        bench.desk.sync(Scope::Everything).await;
        assert!(bench.rows() == before, "{status} {body}");
    }
    bench.wire.mend();
    bench.wire.take_asked();
    bench.sync().await;
    assert_eq!(bench.vanished(), [number]);
    let walks = bench.wire.take_asked().iter().filter(|request| is_walk(request)).count();
    assert_eq!(walks, 0, "what was walked is not walked again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_sync_goes_on_where_it_was_killed() {
    let change =
        json!({ "sync": { "page_size": 5 }, "thread_policy": { "active_days": 0, "open": false, "unread": false } });
    let mut bench = Bench::start(60, change).await;
    let (mut kills, mut read, mut walks) = (0, 0, 0);
    loop {
        let left = AtomicU32::new(7);
        bench.wire.break_with(move |_| {
            let over = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err();
            over.then_some(Err(HttpFailure::NotSent))
        });
        let report = bench.desk.sync(Scope::Everything).await;
        walks += bench.wire.take_asked().iter().filter(|request| is_walk(request)).count();
        if report.failure.is_none() {
            break;
        }
        let progress = bench.state().first_sync.unwrap();
        assert!(progress.read >= read && progress.of.is_none_or(|of| progress.read <= of), "{progress:?}");
        (read, kills) = (progress.read, kills + 1);
        assert!(!bench.state().first_sync_done && kills < 30);
        bench.restart();
    }
    assert_eq!(bench.state().first_sync, None);
    assert!(bench.state().first_sync_done && kills > 3);
    assert_eq!(bench.rows().len(), 60);
    let (_folder, whole) = bench.another(&Arc::default());
    assert_eq!(whole.sync(Scope::Everything).await.failure, None);
    let seen = |rows: Vec<pocketdesk::model::TicketRow>| {
        rows.into_iter()
            .map(|row| (row.number, row.subject, row.status, row.unread, row.last_activity_at))
            .collect::<Vec<_>>()
    };
    assert_eq!(seen(bench.rows()), seen(rows(&whole)), "as if nothing had happened");
    let pages = 60_usize.div_ceil(5) * 2 + 1;
    assert!(walks <= pages + kills, "{walks} pages were asked for, {pages} would do without {kills} kills");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_a_long_first_sync() {
    let bench = Bench::start(60, json!({ "sync": { "page_size": 2 } })).await;
    let desk = Arc::clone(&bench.desk);
    let mut pages = 0;
    bench.wire.break_with(move |request| {
        pages += u32::from(request.url.query().is_some_and(|query| query.contains("page%5Bafter%5D")));
        if pages == 5 {
            pages += 1;
            let draft = desk.ticket_draft().unwrap();
            let text =
                TicketDraft { subject: "Zahlung hängt".into(), description: "Seit gestern. 🕰".into(), ..draft };
            desk.submit(&text).unwrap();
            desk.opened(desk.history(None, 10).unwrap().tickets[3].id).unwrap();
        }
        None
    });
    bench.sync().await;
    let asked = bench.wire.take_asked();
    let place = |what: &str| asked.iter().position(|request| request.starts_with(what)).unwrap();
    let last_page = asked.iter().rposition(|request| is_walk(request)).unwrap();
    assert!(place("POST /api/v2/requests") + 10 < last_page, "the ticket was sent in between");
    let comments = asked.iter().position(|request| request.contains("/comments")).unwrap();
    assert!(comments + 10 < last_page, "the opened thread was read in between");
    assert_eq!(bench.state().waiting, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_while_a_list_is_walked_is_found_by_the_next_run() {
    let bench = Bench::start(40, json!({ "sync": { "page_size": 5 } })).await;
    // Once the third page of the walk is asked for, the first ten tickets change: some were walked, some were not.
    let (told, hear) = std::sync::mpsc::channel();
    let mut pages = 0;
    bench.wire.break_with(move |request| {
        pages += u32::from(request.url.query().is_some_and(|query| query.contains("page%5Bsize%5D")));
        if pages == 3 {
            pages += 1;
            told.send(()).unwrap();
            // A walk that stands still here is one that the desk changes under.
            return Some(Err(HttpFailure::NotSent));
        }
        None
    });
    assert!(bench.desk.sync(Scope::Everything).await.failure.is_some());
    hear.recv().unwrap();
    let changed: Vec<TicketNumber> = bench.rows().iter().take(10).map(|row| row.number.unwrap()).collect();
    bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 600 })).await;
    for number in &changed {
        if bench.desk.ticket(bench.id(*number)).unwrap().row.status != Status::Closed {
            bench.act(*number, "status", json!({ "status": "solved" })).await;
        }
    }
    bench.wire.mend();
    bench.sync().await;
    bench.sync().await;
    for number in changed {
        let status = bench.desk.ticket(bench.id(number)).unwrap().row.status;
        assert!(matches!(status, Status::Solved | Status::Closed), "{number} {status:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_is_years_off_shows_the_same_history() {
    let bench = Bench::synced(40, sweeping()).await;
    let (late, early) = (Arc::new(Device::default()), Arc::new(Device::default()));
    late.advance(10 * YEAR);
    early.set_back(10 * YEAR);
    let others = [bench.another(&late), bench.another(&early)];
    let desks = [&bench.desk, &others[0].1, &others[1].1];
    for desk in desks {
        assert_eq!(desk.sync(Scope::Everything).await.failure, None);
    }
    let numbers: Vec<TicketNumber> = bench.rows().iter().filter_map(|row| row.number).collect();
    let open = |number: &&TicketNumber| bench.desk.ticket(bench.id(**number)).unwrap().row.status != Status::Closed;
    let open: Vec<TicketNumber> = numbers.iter().filter(open).copied().collect();
    for (index, number) in open.iter().rev().take(3).enumerate() {
        bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
        let what = if index == 1 { "note" } else { "answer" };
        bench.act(*number, what, json!({ "body": "Wir haben es geprüft – 確認しました。" })).await;
        for desk in desks {
            assert_eq!(desk.sync(Scope::Everything).await.failure, None);
        }
    }
    bench.revoke(numbers[0]).await;
    for (device, desk) in [(&bench.device, &bench.desk), (&late, &others[0].1), (&early, &others[1].1)] {
        for _ in 0..2 {
            device.advance(HOUR);
            assert_eq!(desk.sync(Scope::Everything).await.failure, None);
        }
    }
    let shown = |desk: &pocketdesk::Desk| {
        rows(desk)
            .into_iter()
            .map(|row| (row.number, row.subject, row.status, row.unread, row.last_activity_at, row.visible))
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(desks[1]), shown(desks[0]));
    assert_eq!(shown(desks[2]), shown(desks[0]));
    assert_eq!(bench.vanished(), [numbers[0]]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_syncs_at_once_are_one() {
    let bench = Bench::synced(40, json!({})).await;
    bench.device.advance(HOUR);
    bench.sync().await;
    bench.wire.take_asked();
    let syncs = (0..10).map(|_| bench.desk.sync(Scope::Everything));
    let reports = futures_util::future::join_all(syncs).await;
    assert!(reports.iter().all(|report| report.failure.is_none()));
    assert_eq!(bench.wire.take_asked().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threads_that_nobody_waits_for_keep_to_the_budget() {
    let change =
        json!({ "thread_policy": { "active_days": 0, "open": false, "unread": false, "requests_per_hour": 7 } });
    let bench = Bench::synced(40, change).await;
    // The newest ticket is active, whatever the number of days.
    let wanted = bench.state().known_threads;
    assert!(wanted < 5, "{wanted}");
    bench.sync().await;
    assert_eq!(bench.state().known_threads, wanted, "nobody is in front: there is no idle time");
    bench.desk.set_in_front(true).unwrap();
    for hour in 1..=2 {
        let before = bench.state().known_threads;
        for _ in 0..3 {
            bench.sync().await;
        }
        let read = bench.state().known_threads - before;
        assert!((4..=7).contains(&read), "{read} threads in hour {hour}");
        if hour == 1 {
            bench.device.advance(HOUR);
        }
    }
    // Whoever opens one does not wait for the next hour.
    let closed = bench.rows().pop().unwrap();
    assert!(!bench.desk.ticket(closed.id).unwrap().thread_complete);
    bench.desk.opened(closed.id).unwrap();
    assert_eq!(bench.desk.sync(Scope::Due).await.failure, None);
    assert!(bench.desk.ticket(closed.id).unwrap().thread_complete);
    // A clock that was set back begins a new hour, and does not end all reading.
    bench.device.set_back(YEAR);
    let before = bench.state().known_threads;
    bench.sync().await;
    assert!(bench.state().known_threads > before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_message_has_its_ticket_read_first() {
    let bench = Bench::synced(40, json!({})).await;
    let row = bench.rows().into_iter().find(|row| row.status != Status::Closed).unwrap();
    let number = row.number.unwrap();
    bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 60 })).await;
    bench.act(number, "answer", json!({ "body": "Ihre Auszahlung ist unterwegs." })).await;
    bench.wire.take_asked();
    bench.desk.on_push(number.0).unwrap();
    assert_eq!(bench.desk.sync(Scope::Due).await.failure, None);
    let asked = bench.wire.take_asked();
    assert_eq!(asked[0], format!("GET /api/v2/requests/{number}"));
    assert!(asked[1].starts_with(&format!("GET /api/v2/requests/{number}/comments")), "{asked:?}");
    let thread = bench.desk.thread(row.id, None, 200).unwrap().messages;
    assert_eq!(thread.last().unwrap().body, "Ihre Auszahlung ist unterwegs.");
    assert!(bench.desk.ticket(row.id).unwrap().row.unread);
    // Of a ticket that this device never saw: a look at the lists.
    let body = json!({ "request": { "subject": "Vom Kollegen geteilt", "comment": { "body": "Bitte ansehen" },
        "custom_fields": [{ "id": 360_001_000_002_i64, "value": true }] } });
    let made = bench
        .ask_as(Some("ben-token"), Method::Post, "/api/v2/requests", Body::Json(body.to_string().into_bytes()))
        .await;
    bench.desk.on_push(made["request"]["id"].as_i64().unwrap()).unwrap();
    let changes = bench.desk.subscribe();
    let driver = Arc::clone(&bench.desk);
    let driver = tokio::spawn(async move { driver.drive().await });
    let found = async {
        while bench.rows().iter().all(|row| row.subject != "Vom Kollegen geteilt") {
            changes.next().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), found).await.unwrap();
    driver.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_is_visible_again_is_read_anew() {
    let bench = Bench::synced(40, sweeping()).await;
    let row = bench.rows().into_iter().find(|row| row.status != Status::Closed && !row.unread).unwrap();
    let number = row.number.unwrap();
    let before = bench.desk.thread(row.id, None, 200).unwrap().messages;
    // Written while it was visible, not sent before it was gone.
    let draft = bench.desk.reply_draft(row.id).unwrap();
    bench.desk.set_online(false).unwrap();
    bench.desk.reply(&ReplyDraft { body: "Noch eine Frage dazu".into(), ..draft }).unwrap();
    let draft = bench.desk.reply_draft(row.id).unwrap();
    let typed = ReplyDraft { body: "und halb getippt".into(), ..draft };
    bench.desk.save_reply_draft(&typed).unwrap();
    bench.revoke(number).await;
    bench.sync().await;
    assert_eq!(bench.vanished(), [number]);
    let left = bench.desk.thread(row.id, None, 200).unwrap().messages;
    assert_eq!(left.iter().map(|message| message.body.as_str()).collect::<Vec<_>>(), ["Noch eine Frage dazu"]);
    assert_eq!(bench.desk.reply_draft(row.id).unwrap(), typed);
    bench.act(number, "restore", json!({ "user": "ada" })).await;
    // An answer within the desk's two seconds may be older than the end, and shows nothing.
    let shown = async {
        while !bench.vanished().is_empty() {
            bench.sync().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), shown).await.unwrap();
    let head = bench.desk.ticket(row.id).unwrap();
    assert_eq!(
        (head.row.visible, head.row.subject.as_str(), head.row.status),
        (true, row.subject.as_str(), row.status)
    );
    assert!(!head.row.unread, "that it is back is no news");
    bench.desk.opened(row.id).unwrap();
    bench.desk.set_online(true).unwrap();
    bench.sync().await;
    let after = bench.desk.thread(row.id, None, 200).unwrap().messages;
    let texts: Vec<&str> = before.iter().map(|message| message.body.as_str()).chain(["Noch eine Frage dazu"]).collect();
    assert_eq!(after.iter().map(|message| message.body.as_str()).collect::<Vec<_>>(), texts);
    assert_eq!(after.last().unwrap().delivery, Delivery::Sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_byte_of_it_is_left() {
    const MARKER: &str = "GEHEIM-4711-Ω";
    let bench = Bench::synced(40, sweeping()).await;
    let upload = bench
        .ask_as(
            Some("ben-token"),
            Method::Post,
            "/api/v2/uploads?filename=GEHEIM-4711-%CE%A9.pdf",
            Body::Json(b"%PDF-1.4".to_vec()),
        )
        .await;
    let token = &upload["upload"]["token"];
    let long = format!("{MARKER} {}", "Zeile um Zeile. ".repeat(2_000));
    let body = json!({ "request": { "subject": format!("Vertrag {MARKER}"),
        "comment": { "body": long, "uploads": [token] },
        "custom_fields": [{ "id": 360_001_000_002_i64, "value": true }] } });
    let body = Body::Json(body.to_string().into_bytes());
    let made = bench.ask_as(Some("ben-token"), Method::Post, "/api/v2/requests", body).await;
    let number = TicketNumber(made["request"]["id"].as_i64().unwrap());
    let answered = bench.act(number, "answer", json!({ "body": format!("Ihre Kennung ist {MARKER}.") })).await;
    bench.sync().await;
    let id = bench.id(number);
    bench.desk.opened(id).unwrap();
    bench.sync().await;
    assert!(!bench.files_with(MARKER).is_empty(), "the marker is there to be found");
    let messages = bench.desk.thread(id, None, 200).unwrap().messages;
    assert!(messages[0].attachments[0].name.starts_with(MARKER));

    // One comment after the other is blacked out, files and all, then the subject's ticket goes.
    for comment in answered["ticket"]["comments"].as_array().unwrap() {
        bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
        bench.act(number, "redact_comment", json!({ "comment": comment["id"] })).await;
        bench.sync().await;
    }
    let messages = bench.desk.thread(id, None, 200).unwrap().messages;
    assert!(messages.iter().all(|message| !message.body.contains(MARKER)));
    assert!(messages.iter().all(|message| message.attachments.iter().all(|file| !file.name.contains(MARKER))));
    assert_eq!(bench.desk.ticket(id).unwrap().row.subject, format!("Vertrag {MARKER}"));
    let words = [long.split_at(40).0, "Ihre Kennung ist GEHEIM", "GEHEIM-4711-Ω.pdf"];
    for gone in words {
        assert_eq!(bench.files_with(gone), [] as [std::path::PathBuf; 0], "{gone}");
    }
    bench.desk.left(id);
    bench.revoke(number).await;
    bench.sync().await;
    assert_eq!(bench.vanished(), [number]);
    assert_eq!(bench.files_with(MARKER), [] as [std::path::PathBuf; 0]);
    assert_eq!(bench.files_with("GEHEIM"), [] as [std::path::PathBuf; 0]);
}

/// Whatever happens at the desk, and wherever the device is cut off or killed: in the end it shows what a device shows that
/// reads everything afresh.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_history_ends_as_the_desk_has_it() {
    let runs = (1..=5_u64).map(|seed| async move {
        let mut bench = Bench::start(45, json!({ "sync": { "page_size": 6, "sweep_seconds": 0, "sweep_requests": 4 } })).await;
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
                // A closed ticket refuses most of it, and so be it.
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
                // The way to the desk breaks after some requests.
                9 | 10 => {
                    let mut left = draw(9);
                    bench.wire.break_with(move |_| {
                        let broken = left == 0;
                        left = left.saturating_sub(1);
                        broken.then_some(Err(HttpFailure::NotSent))
                    });
                    bench.desk.sync(Scope::Everything).await;
                    bench.wire.mend();
                }
                _ => {
                    bench.desk.sync(Scope::Everything).await;
                }
            }
        }
        // Long enough for every sweep to come round, and for every reading that was too early to be made again.
        for _ in 0..24 {
            bench.device.advance(HOUR);
            bench.sync().await;
        }
        let (_folder, fresh) = bench.another(&bench.device);
        for _ in 0..2 {
            assert_eq!(fresh.sync(Scope::Everything).await.failure, None);
        }
        let shown = |desk: &pocketdesk::Desk| {
            let mut shown: Vec<_> = rows(desk).into_iter().filter(|row| row.visible).map(|row| (row.number, row.subject, row.status)).collect();
            shown.sort_by_key(|row| row.0);
            shown
        };
        let (ours, theirs) = (shown(&bench.desk), shown(&fresh));
        let differs: Vec<_> = ours.iter().filter(|row| !theirs.contains(row)).chain(theirs.iter().filter(|row| !ours.contains(row))).collect();
        assert!(differs.is_empty(), "seed {seed}: {differs:?}");
        assert_eq!(bench.state().problem, None, "seed {seed}");
    });
    futures_util::future::join_all(runs).await;
}

/// Sorted pages end with an error behind 10,000 rows. A device that missed more than that walks the list again, keeps what it
/// knows to be news apart from what it never saw, and is as far as any other afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_changes_than_sorted_pages_can_show_are_a_walk() {
    let policy = json!({ "active_days": 0, "open": false, "unread": false });
    let mut bench = Bench::synced(10_150, json!({ "thread_policy": policy })).await;
    assert_eq!(bench.rows().len(), 10_150);
    bench.desk.close();
    let file = bench.bytes().into_iter().map(|(path, _)| path).find(|path| path.ends_with("desk.sqlite3")).unwrap();
    let asleep = rusqlite::Connection::open(file).unwrap();
    asleep.execute_batch("UPDATE lists SET watermark = 1; DELETE FROM tickets WHERE number % 50 = 0;").unwrap();
    drop(asleep);
    bench.restart();
    bench.wire.take_asked();
    bench.sync().await;
    let asked = bench.wire.take_asked();
    let of_account = |request: &&String| request.contains("/organizations/");
    assert!(!asked.iter().any(|request| request.contains("page=101")), "nobody asks behind the end");
    assert_eq!(asked.iter().filter(of_account).filter(|request| is_walk(request)).count(), 102);
    assert_eq!(bench.rows().len(), 10_150);
    let of_others = bench.rows().into_iter().filter(|row| row.number.unwrap().0 % 50 == 0 && row.unread).count();
    assert!(of_others > 50, "{of_others} of colleagues' tickets are news");
    bench.wire.take_asked();
    bench.sync().await;
    assert!(bench.wire.take_asked().len() < 10, "and the next run is small again");
}

/// The checks above would see these mistakes: each is made on purpose, and shows.
#[cfg(feature = "deliberate-bugs")]
mod mistakes {
    use pocketdesk::bugs::{self, Bug};

    use super::*;

    fn small_pages() -> Value {
        json!({ "sync": { "page_size": 5, "sweep_seconds": 0, "sweep_requests": 1 } })
    }

    /// Whether twelve tickets that were solved show as such on a device whose clock is ahead.
    async fn finds_changes() -> bool {
        let bench = Bench::start(40, json!({ "sync": { "page_size": 5 } })).await;
        bench.device.advance(YEAR);
        bench.sync().await;
        bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 600 })).await;
        let open =
            bench.rows().into_iter().filter(|row| !matches!(row.status, Status::Closed | Status::Solved)).take(7);
        let open: Vec<TicketNumber> = open.filter_map(|row| row.number).collect();
        for number in &open {
            bench.act(*number, "status", json!({ "status": "solved" })).await;
        }
        bench.sync().await;
        let solved =
            |number: &&TicketNumber| bench.desk.ticket(bench.id(**number)).unwrap().row.status == Status::Solved;
        open.iter().filter(solved).count() == 7
    }

    /// Whether a first sync that was killed ends with every ticket.
    async fn finds_everything() -> bool {
        let mut bench = Bench::start(40, json!({ "sync": { "page_size": 5 } })).await;
        let mut walked = 0;
        bench.wire.break_with(move |request| {
            walked += u32::from(request.url.query().is_some_and(|query| query.contains("page%5Bsize%5D")));
            (walked > 2).then_some(Err(HttpFailure::NotSent))
        });
        bench.desk.sync(Scope::Everything).await;
        bench.restart();
        bench.wire.mend();
        bench.sync().await;
        bench.rows().len() == 40
    }

    /// Whether a sweep that has only begun leaves everything where it is.
    async fn waits_for_the_end() -> bool {
        let bench = Bench::synced(40, small_pages()).await;
        bench.sync().await;
        bench.vanished().is_empty()
    }

    /// Whether a refused list leaves everything where it is.
    async fn believes_no_list() -> bool {
        let bench = Bench::synced(40, json!({})).await;
        bench.wire.break_with(|request| {
            let own = request.url.path() == "/api/v2/requests";
            own.then(|| Ok(answer(403, r#"{"error":{"title":"Forbidden","message":"Not for you."}}"#)))
        });
        bench.desk.sync(Scope::Everything).await;
        bench.vanished().is_empty()
    }

    #[tokio::test]
    async fn each_shows() {
        for bug in [
            Bug::DeviceClockWatermark,
            Bug::WatermarkBeforeWalkEnded,
            Bug::DeleteAfterPartialSweep,
            Bug::ForbiddenListIsRevocation,
        ] {
            for on in [None, Some(bug)] {
                bugs::turn_on(on);
                let right = match bug {
                    Bug::DeviceClockWatermark => finds_changes().await,
                    Bug::WatermarkBeforeWalkEnded => finds_everything().await,
                    Bug::DeleteAfterPartialSweep => waits_for_the_end().await,
                    _ => believes_no_list().await,
                };
                assert_eq!(right, on.is_none(), "{bug:?} {on:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_into_a_thread_that_cannot_be_read_yet() {
    let bench = Bench::synced(40, json!({ "consistency": { "stale_read_seconds": 300 } })).await;
    let shared = json!({ "request": { "subject": "Vom Kollegen geteilt", "comment": { "body": "Bitte ansehen" },
        "custom_fields": [{ "id": 360_001_000_002_i64, "value": true }] } });
    let body = Body::Json(shared.to_string().into_bytes());
    let made = bench.ask_as(Some("ben-token"), Method::Post, "/api/v2/requests", body).await;
    let number = made["request"]["id"].as_i64().unwrap();
    // The list shows it; the part of the desk that is asked for the ticket does not have it yet.
    let path = format!("/api/v2/requests/{number}");
    let not_found = r#"{"error":"RecordNotFound","description":"Not found"}"#;
    bench.wire.break_with(move |request| {
        let meant = request.method.name() == "GET" && request.url.path().starts_with(&path);
        meant.then(|| Ok(answer(404, not_found)))
    });
    bench.sync().await;
    let id = bench.id(TicketNumber(number));
    let draft = bench.desk.reply_draft(id).unwrap();
    bench.desk.reply(&ReplyDraft { body: "Gesehen, danke! 👀".into(), ..draft }).unwrap();
    let sent = || bench.wire.take_asked().iter().filter(|asked| asked.starts_with("PUT")).count();
    sent();
    bench.sync().await;
    assert_eq!(sent(), 0, "nobody knows what is in that thread");
    assert!(bench.desk.ticket(id).unwrap().row.visible, "nor is it gone");
    bench.wire.mend();
    bench.device.advance(HOUR);
    bench.sync().await;
    assert_eq!((sent(), bench.state().waiting), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fell_between_a_fresh_page_and_a_stale_one_is_found_soon() {
    let bench = Bench::synced(300, json!({ "sync": { "page_size": 5 } })).await;
    let mine = |row: &pocketdesk::model::TicketRow| {
        row.status != Status::Closed && row.status != Status::Solved && bench.desk.ticket(row.id).unwrap().created_by_me
    };
    let numbers: Vec<TicketNumber> = bench.rows().iter().filter(|row| mine(row)).filter_map(|row| row.number).collect();
    let (first, second) = (&numbers[..5], &numbers[5..9]);
    let solve = async |numbers: &[TicketNumber]| {
        bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 600 })).await;
        for number in numbers {
            bench.act(*number, "status", json!({ "status": "solved" })).await;
        }
    };
    solve(first).await;
    // The second pages, as a part of the desk that lags will still give them.
    let lists = ["/api/v2/requests", "/api/v2/organizations/360004512301/requests", "/api/v2/requests/ccd"];
    let mut stale = Vec::new();
    for list in lists {
        let path = format!("{list}?page=2&per_page=5&sort_by=updated_at&sort_order=desc");
        stale.push((list, bench.ask_as(Some("ada-token"), Method::Get, &path, Body::Empty).await.to_string()));
    }
    solve(second).await;
    bench.wire.break_with(move |request| {
        let second = request.url.query_pairs().any(|(name, value)| name == "page" && value == "2");
        let (_, page) = stale.iter().find(|(list, _)| second && request.url.path() == *list)?;
        Some(Ok(answer(200, page)))
    });
    let missed = || {
        let status = |number: &&TicketNumber| bench.desk.ticket(bench.id(**number)).unwrap().row.status;
        numbers[..9].iter().filter(|number| status(number) != Status::Solved).count()
    };
    bench.sync().await;
    assert!(missed() > 0, "they are on neither page");
    bench.wire.mend();
    bench.sync().await;
    assert!(missed() > 0, "and behind the watermark");
    bench.device.advance(HOUR);
    for _ in 0..10 {
        // A run of a sweep walks some pages.
        bench.sync().await;
    }
    assert_eq!(missed(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_of_many_pages_is_as_old_as_its_first() {
    let late = json!({ "sync": { "page_size": 3 }, "consistency": { "stale_read_seconds": 300 } });
    let bench = Bench::synced(40, late).await;
    let row = bench.rows().into_iter().find(|row| row.status == Status::Open).unwrap();
    let number = row.number.unwrap();
    bench.desk.opened(row.id).unwrap();
    let answered = bench.act(number, "answer", json!({ "body": "Ihre Kennung ist 4711." })).await;
    let comment = answered["ticket"]["comments"].as_array().unwrap().last().unwrap()["id"].clone();
    for body in ["Guten Tag!", "Noch etwas: 👋", "شكرا", "Erledigt – 完了"] {
        bench.act(number, "answer", json!({ "body": body })).await;
    }
    let shown = || {
        let messages = bench.desk.thread(row.id, None, 200).unwrap().messages;
        messages.iter().any(|message| message.body.contains("4711"))
    };
    bench.sync().await;
    // Every page as a part of the desk that lags will still give it; the last one is an hour in coming.
    let path = format!("/api/v2/requests/{number}/comments");
    let (mut pages, mut next) = (Vec::new(), Some(format!("{path}?page%5Bsize%5D=3")));
    while let Some(page) = next {
        let page = bench.ask_as(Some("ada-token"), Method::Get, &page, Body::Empty).await;
        next = page["links"]["next"].as_str().map(str::to_owned);
        pages.push(answer(200, &page.to_string()));
    }
    let date = httpdate::fmt_http_date(SystemTime::now() + HOUR);
    pages.last_mut().unwrap().headers.push(("date".to_owned(), date));
    assert!(pages.len() > 1);
    bench.act(number, "redact_comment", json!({ "comment": comment })).await;
    let mut pages = pages.into_iter();
    bench.wire.break_with(move |request| if request.url.path() == path { pages.next().map(Ok) } else { None });
    bench.device.advance(HOUR);
    bench.sync().await;
    assert!(shown(), "nobody can know better yet");
    bench.wire.mend();
    bench.device.advance(HOUR);
    bench.sync().await;
    assert!(!shown(), "a reading that began too early was not the last one");
}
