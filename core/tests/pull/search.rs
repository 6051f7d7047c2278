//! The server's own search, for what is not on this device yet (`docs/product.md`, W5).

use std::time::Duration;

use pocketdesk::client::HistoryRequest;
use pocketdesk::model::{ServerSearch, TicketId, TicketNumber};
use pocketdesk::net::{Body, Method};
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use crate::driver::Driver;
use crate::support::{Bench, answer};
use crate::{HOUR, is_cursor_page};

/// A product whose history can be searched, and which reads threads only when they are opened.
fn searchable() -> Value {
    json!({
        "history": { "search": true },
        "sync": { "page_size": 20, "threads": { "active_days": 0, "open": false, "unread": false } }
    })
}

/// A ticket of this user on the server that this device does not have, and a text in the middle of its thread.
async fn missing(bench: &Bench) -> (TicketNumber, String) {
    let known: Vec<_> = bench.rows().into_iter().filter_map(|row| row.number).collect();
    let all = bench.ask_sandbox(Method::Get, "/sandbox/tickets", Value::Null).await;
    let words = |ticket: &Value| {
        let comments = ticket["comments"].as_array()?;
        let said = comments.iter().find(|comment| comment["body"].as_str().is_some_and(|body| body.len() > 40))?;
        let words = said["body"].as_str()?.split(|char: char| !char.is_alphanumeric()).filter(|word| word.len() > 4);
        Some(words.take(4).collect::<Vec<_>>().join(" "))
    };
    let own = |ticket: &Value| ticket["requester"]["email"].as_str().is_some_and(|email| email.starts_with("ada."));
    let ticket = all["tickets"].as_array().unwrap().iter().find(|ticket| {
        let number = TicketNumber(ticket["id"].as_i64().unwrap());
        own(ticket) && !known.contains(&number) && words(ticket).is_some()
    });
    let ticket = ticket.unwrap();
    (TicketNumber(ticket["id"].as_i64().unwrap()), words(ticket).unwrap())
}

fn elsewhere(bench: &Bench, text: &str, tickets: &[TicketId]) -> Vec<Option<TicketNumber>> {
    let found = bench.client.found_elsewhere(&HistoryRequest::default(), text, tickets).unwrap();
    found.into_iter().map(|row| row.number).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_servers_search_finds_what_is_not_on_this_device_yet() {
    let bench = Bench::start(120, searchable()).await;
    // The newest tickets arrive, and the rest of the history does not.
    bench.wire.break_with(|request| {
        let url = request.url.as_str();
        is_cursor_page(url).then(|| Ok(answer(500, "{}")))
    });
    bench.client.sync(Scope::Everything).await;
    let unread = bench.client.unread_tickets().unwrap();
    let (number, text) = missing(&bench).await;
    let driver = Driver::start(&bench.client);
    let ServerSearch::Found(found) = bench.client.search_server(&text).await else { panic!("it is answered") };
    let ticket = bench.id(number);
    assert!(found.contains(&ticket), "{found:?} without {ticket}");
    assert_eq!(bench.client.unread_tickets().unwrap(), unread, "what is old is no news");
    let among = HistoryRequest::default();
    let here = bench.client.search(&among, &text, None, 50).unwrap();
    assert!(here.hits.iter().all(|hit| hit.row.id != ticket), "its thread is not here");
    assert!(elsewhere(&bench, &text, &found).contains(&Some(number)));
    // Once its thread was read, it is found here, and no longer elsewhere.
    bench.client.thread_opened(ticket).unwrap();
    let changes = bench.client.subscribe();
    let read = async {
        while bench.client.search(&among, &text, None, 50).unwrap().hits.iter().all(|hit| hit.row.id != ticket) {
            changes.next().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), read).await.unwrap();
    assert!(!elsewhere(&bench, &text, &found).contains(&Some(number)));
    driver.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_does_not_wait_for_the_end_of_a_long_sync() {
    let bench = Bench::start(200, searchable()).await;
    let (report, found) =
        tokio::join!(bench.client.sync(Scope::Everything), bench.client.search_server("Rechnung Überweisung März"));
    assert_eq!(report.failure, None);
    assert!(matches!(found, ServerSearch::Found(_)));
    let asked = bench.wire.take_asked();
    let search = asked.iter().position(|request| request.contains("/requests/search")).unwrap();
    let last = asked.iter().rposition(|request| is_cursor_page(request)).unwrap();
    assert!(search < last, "it was asked between two pages: {asked:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_finds_only_what_the_history_would_show() {
    let bench = Bench::synced(20, searchable()).await;
    let create = async |token: &str, shared: bool| {
        let request = json!({ "request": { "subject": "Wortmarke Küstenblog", "comment": { "body": "Bitte prüfen" },
            "custom_fields": [{ "id": 360_001_000_002_i64, "value": shared }] } });
        let body = Body::Json(request.to_string().into_bytes());
        let made = bench.ask_as(Some(token), Method::Post, "/api/v2/requests", body).await;
        TicketNumber(made["request"]["id"].as_i64().unwrap())
    };
    let own = create("ada-token", false).await;
    let shared = create("ben-token", true).await;
    create("ben-token", false).await;
    create("zoe-token", true).await;
    let driver = Driver::start(&bench.client);
    let ServerSearch::Found(found) = bench.client.search_server("küstenblog WORTMARKE").await else { panic!() };
    driver.stop().await;
    let mut numbers: Vec<_> =
        found.iter().map(|ticket| bench.client.ticket(*ticket).unwrap().row.number.unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [own, shared]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_network_nothing_is_asked() {
    let bench = Bench::synced(20, searchable()).await;
    let driver = Driver::start(&bench.client);
    bench.client.set_online(false).unwrap();
    bench.wire.take_asked();
    assert_eq!(bench.client.search_server("Rechnung").await, ServerSearch::NotAnswered);
    assert_eq!(bench.wire.take_asked(), [""; 0]);
    bench.client.set_online(true).unwrap();
    bench
        .wire
        .break_with(|request| request.url.path().contains("search").then(|| Ok(answer(422, r#"{"error":"invalid"}"#))));
    assert_eq!(bench.client.search_server("Rechnung").await, ServerSearch::NotAnswered);
    bench.wire.mend();
    assert!(matches!(bench.client.search_server("Rechnung").await, ServerSearch::Found(_)));
    driver.stop().await;
    let plain = Bench::synced(20, json!({})).await;
    assert!(!plain.client.history_options().server_search, "this product has no search");
    assert_eq!(plain.client.search_server("Rechnung").await, ServerSearch::NotAnswered);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_the_client_ends_the_wait_for_an_answer() {
    let bench = Bench::synced(20, searchable()).await;
    // Nothing drives the client, so nobody asks.
    let closed = async {
        let (found, ()) = tokio::join!(bench.client.search_server("Rechnung"), async { bench.client.close() });
        assert_eq!(found, ServerSearch::NotAnswered);
        assert_eq!(bench.client.search_server("Rechnung").await, ServerSearch::NotAnswered);
    };
    // A user would wait for twice as long.
    tokio::time::timeout(Duration::from_secs(10), closed).await.unwrap();
    assert!(bench.wire.take_asked().iter().all(|asked| !asked.contains("/requests/search")));
}

/// Access that was taken away while this device had no network.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_away_meanwhile_is_neither_found_nor_counted() {
    let mut change = searchable();
    change["sync"] = json!({ "reconciliation_seconds": 0, "reconciliation_requests": 1000, "page_size": 20 });
    change["history"]["filters"] = json!(["status", "read"]);
    let bench = Bench::start(20, change).await;
    let body = json!({ "request": { "subject": "Vertraulich: Zwiebelfischmarker",
        "comment": { "body": "Nur für die Buchhaltung, Zwiebelfischtext." } } });
    let body = Body::Json(body.to_string().into_bytes());
    let made = bench.ask_as(Some("ada-token"), Method::Post, "/api/v2/requests", body).await;
    let number = TicketNumber(made["request"]["id"].as_i64().unwrap());
    bench.sync().await;
    bench.client.thread_opened(bench.id(number)).unwrap();
    bench.sync().await;
    bench.client.thread_closed(bench.id(number));
    let among = HistoryRequest::default();
    let find = |text: &str| bench.client.search(&among, text, None, 50).unwrap().count;
    let counted = || {
        let counts = bench.client.history_counts(&among).unwrap();
        counts.statuses.iter().map(|counted| counted.1).sum::<u64>()
    };
    let before = counted();
    assert_eq!((find("zwiebelfischmarker"), find("zwiebelfischtext"), find(&format!("#{number}"))), (1, 1, 1));
    bench.client.set_online(false).unwrap();
    bench.revoke(number).await;
    assert_eq!(find("zwiebelfischtext"), 1, "nobody has told this device");
    bench.client.set_online(true).unwrap();
    // The ticket is old enough by now that no server could have it still to come.
    bench.device.advance(HOUR);
    bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 3600 })).await;
    bench.sync().await;
    assert_eq!((find("zwiebelfischmarker"), find("zwiebelfischtext")), (0, 0));
    assert_eq!(counted(), before - 1);
    // The history says that there was a ticket, and so does a search for its number.
    let left = bench.client.search(&among, &format!("#{number}"), None, 50).unwrap();
    assert_eq!(left.hits.len(), 1);
    let row = &left.hits[0].row;
    assert_eq!((row.visible, row.subject.as_str(), &row.snippet), (false, "", &None));
    assert_eq!(bench.client.check_search().unwrap(), 0);
    for marker in ["wiebelfischtext", "wiebelfischmarker"] {
        assert!(bench.files_with(marker).is_empty(), "{marker} is in {:?}", bench.files_with(marker));
    }
}
