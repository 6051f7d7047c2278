//! Reading threads: which ones are read, and when they count as known.

use std::time::{Duration, SystemTime};

use pocketdesk::model::{ReplyDraft, StatusKind, TicketNumber};
use pocketdesk::net::{Body, Method};
use pocketdesk::sync::Scope;
use serde_json::json;

use crate::driver::Driver;
use crate::support::{Bench, answer};
use crate::{HOUR, YEAR};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threads_that_nobody_waits_for_keep_to_the_budget() {
    let change =
        json!({ "sync": { "threads": { "active_days": 0, "open": false, "unread": false, "requests_per_hour": 7 } } });
    let bench = Bench::synced(40, change).await;
    // The newest ticket is active, whatever the number of days.
    let due = bench.state().known_threads;
    assert!(due < 5, "{due}");
    bench.sync().await;
    assert_eq!(bench.state().known_threads, due, "the app is not in front, so there is no idle time");
    bench.client.set_in_front(true).unwrap();
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
    // A thread that is opened does not wait for the next hour.
    let closed = bench.rows().pop().unwrap();
    assert!(!bench.client.ticket(closed.id).unwrap().thread_complete);
    bench.client.thread_opened(closed.id).unwrap();
    assert_eq!(bench.client.sync(Scope::Due).await.failure, None);
    assert!(bench.client.ticket(closed.id).unwrap().thread_complete);
    // A clock that was set back begins a new hour, and does not end all reading.
    bench.device.set_back(YEAR);
    let before = bench.state().known_threads;
    bench.sync().await;
    assert!(bench.state().known_threads > before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_message_has_its_ticket_read_first() {
    let bench = Bench::synced(40, json!({})).await;
    let row = bench.rows().into_iter().find(|row| row.status.kind != StatusKind::Closed).unwrap();
    let number = row.number.unwrap();
    bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 60 })).await;
    bench.act(number, "answer", json!({ "body": "Ihre Auszahlung ist unterwegs." })).await;
    bench.wire.take_asked();
    bench.client.on_push(number.0).unwrap();
    assert_eq!(bench.client.sync(Scope::Due).await.failure, None);
    let asked = bench.wire.take_asked();
    assert_eq!(asked[0], format!("GET /api/v2/requests/{number}"));
    assert!(asked[1].starts_with(&format!("GET /api/v2/requests/{number}/comments")), "{asked:?}");
    let thread = bench.client.thread(row.id, None, 200).unwrap().messages;
    assert_eq!(thread.last().unwrap().body, "Ihre Auszahlung ist unterwegs.");
    assert!(bench.client.ticket(row.id).unwrap().row.unread);
    // A push message about a ticket that this device has never seen makes it read the lists.
    let body = json!({ "request": { "subject": "Vom Kollegen geteilt", "comment": { "body": "Bitte ansehen" },
        "custom_fields": [{ "id": 360_001_000_002_i64, "value": true }] } });
    let made = bench
        .ask_as(Some("ben-token"), Method::Post, "/api/v2/requests", Body::Json(body.to_string().into_bytes()))
        .await;
    bench.client.on_push(made["request"]["id"].as_i64().unwrap()).unwrap();
    let changes = bench.client.subscribe();
    let driver = Driver::start(&bench.client);
    let found = async {
        while bench.rows().iter().all(|row| row.subject != "Vom Kollegen geteilt") {
            changes.next().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), found).await.unwrap();
    driver.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_into_a_thread_that_cannot_be_read_yet() {
    let bench = Bench::synced(40, json!({ "sync": { "stale_read_seconds": 300 } })).await;
    let shared = json!({ "request": { "subject": "Vom Kollegen geteilt", "comment": { "body": "Bitte ansehen" },
        "custom_fields": [{ "id": 360_001_000_002_i64, "value": true }] } });
    let body = Body::Json(shared.to_string().into_bytes());
    let made = bench.ask_as(Some("ben-token"), Method::Post, "/api/v2/requests", body).await;
    let number = made["request"]["id"].as_i64().unwrap();
    // The list shows the ticket, but the replica that is asked for it does not have it yet.
    let path = format!("/api/v2/requests/{number}");
    let not_found = r#"{"error":"RecordNotFound","description":"Not found"}"#;
    bench.wire.break_with(move |request| {
        let meant = request.method.name() == "GET" && request.url.path().starts_with(&path);
        meant.then(|| Ok(answer(404, not_found)))
    });
    bench.sync().await;
    let id = bench.id(TicketNumber(number));
    let draft = bench.client.reply_draft(id).unwrap();
    bench.client.reply(&ReplyDraft { body: "Gesehen, danke! 👀".into(), ..draft }).unwrap();
    let take_sent = || bench.wire.take_asked().iter().filter(|asked| asked.starts_with("PUT")).count();
    take_sent();
    bench.sync().await;
    assert_eq!(take_sent(), 0, "the content of the thread is not known");
    assert!(bench.client.ticket(id).unwrap().row.visible, "the ticket is not revoked either");
    bench.wire.mend();
    bench.device.advance(HOUR);
    bench.sync().await;
    assert_eq!((take_sent(), bench.state().waiting), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_of_many_pages_is_as_old_as_its_first() {
    let late = json!({ "sync": { "page_size": 3, "stale_read_seconds": 300 } });
    let bench = Bench::synced(40, late).await;
    let row = bench.rows().into_iter().find(|row| row.status.kind == StatusKind::Open).unwrap();
    let number = row.number.unwrap();
    bench.client.thread_opened(row.id).unwrap();
    let answered = bench.act(number, "answer", json!({ "body": "Ihre Kennung ist 4711." })).await;
    let comment = answered["ticket"]["comments"].as_array().unwrap().last().unwrap()["id"].clone();
    for body in ["Guten Tag!", "Noch etwas: 👋", "شكرا", "Erledigt – 完了"] {
        bench.act(number, "answer", json!({ "body": body })).await;
    }
    let shown = || {
        let messages = bench.client.thread(row.id, None, 200).unwrap().messages;
        messages.iter().any(|message| message.body.contains("4711"))
    };
    bench.sync().await;
    // Every page as a replica that lags will still return it. The last one arrives an hour later.
    let path = format!("/api/v2/requests/{number}/comments");
    let (mut pages, mut next) = (Vec::new(), Some(format!("{path}?page%5Bsize%5D=3")));
    while let Some(page) = next {
        let page = bench.ask_as(Some("ada-token"), Method::Get, &page, Body::Empty).await;
        next = page["links"]["next"].as_str().map(str::to_owned);
        pages.push(answer(200, &page.to_string()));
    }
    assert!(pages.len() > 1);
    let last = pages.len() - 1;
    for (index, page) in pages.iter_mut().enumerate() {
        let at = SystemTime::now() + if index == last { HOUR } else { Duration::ZERO };
        page.headers.push(("date".to_owned(), httpdate::fmt_http_date(at)));
    }
    bench.act(number, "redact_comment", json!({ "comment": comment })).await;
    let mut pages = pages.into_iter();
    bench.wire.break_with(move |request| if request.url.path() == path { pages.next().map(Ok) } else { None });
    bench.device.advance(HOUR);
    bench.sync().await;
    assert!(shown(), "no sure read has been made yet");
    bench.wire.mend();
    bench.device.advance(HOUR);
    bench.sync().await;
    assert!(!shown(), "the thread was read again, because that read began too early");
}
