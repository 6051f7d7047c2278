//! An account without a history (`docs/product.md`, S17).

use std::path::PathBuf;

use pocketdesk::model::{ReplyDraft, TicketDraft};
use pocketdesk::net::Method;
use serde_json::{Value, json};

use crate::support::{Bench, REGULATED};

const MARKER: &str = "GEHEIM-4711-Ω";

fn nothing() -> [PathBuf; 0] {
    []
}

async fn filled() -> Bench {
    let bench = Bench::start().await;
    let token = bench.ask(Some("ada-token"), Method::Post, "/api/v2/uploads?filename=Beleg.txt", json!("Beleg")).await;
    let token = &token["upload"]["token"];
    let long = format!("{MARKER} {}", "Zeile um Zeile. ".repeat(2_000));
    for number in 0..60 {
        let uploads = if number == 0 { json!([token]) } else { json!([]) };
        let request = json!({ "request": { "subject": format!("Vertrag {number} {MARKER}"),
                                           "comment": { "body": long, "uploads": uploads } } });
        bench.ask(Some("ada-token"), Method::Post, "/api/v2/requests", request).await;
    }
    bench.sync().await;
    bench
}

fn request(bench: &Bench, subject: &str) -> TicketDraft {
    let draft = bench.client.ticket_draft().unwrap();
    TicketDraft { subject: subject.to_owned(), description: "Wie lautet der Kurs?".to_owned(), ..draft }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_regulated_account_says_why_and_no_byte_of_its_history_is_left() {
    let bench = filled().await;
    let ticket = bench.client.history(None, 1).unwrap().tickets[0].id;
    bench.client.thread_opened(ticket).unwrap();
    bench.sync().await;
    assert!(!bench.files_with(MARKER).is_empty(), "the search finds the marker while it exists");
    let before = bench.client.history(None, 10).unwrap().total;
    assert!(before > 60);

    bench.claim(&[REGULATED]);
    let page = bench.client.history(None, 10).unwrap();
    assert_eq!((page.tickets.len(), page.total, page.scope), (0, 0, None), "nothing is shown from this moment on");
    let reason = page.unavailable.unwrap();
    assert!(!bench.client.strings("de").text(&reason, &[]).is_empty());
    bench.client.thread_closed(ticket);
    bench.sync().await;
    assert_eq!(bench.files_with(MARKER), nothing());
    assert!(bench.client.ticket(ticket).is_err());
    // Nothing is read again.
    bench.ask(None, Method::Delete, "/sandbox/requests", Value::Null).await;
    bench.sync().await;
    let log = bench.ask(None, Method::Get, "/sandbox/requests", Value::Null).await.to_string();
    assert!(!log.contains("/api/v2/requests"), "{log}");

    // When the app takes it back, everything is there again.
    bench.claim(&[]);
    bench.sync().await;
    let page = bench.client.history(None, 10).unwrap();
    assert_eq!((page.total, page.unavailable, page.scope.as_deref()), (before, None, Some("mine")));
    assert!(bench.client.state().unwrap().first_sync_done);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_regulated_user_wrote_is_kept_is_sent_and_then_goes_as_well() {
    let bench = filled().await;
    let row = bench.client.history(None, 1).unwrap().tickets.remove(0);
    let (ticket, number) = (row.id, row.number.unwrap());
    bench.client.thread_opened(ticket).unwrap();
    bench.sync().await;
    bench.client.thread_closed(ticket);
    bench.client.set_online(false).unwrap();
    let draft = ReplyDraft { body: "Bitte prüfen Sie das.".to_owned(), ..bench.client.reply_draft(ticket).unwrap() };
    bench.client.reply(&draft).unwrap();
    bench.claim(&[REGULATED]);
    // The purge needs no network: it is made where the app runs.
    let client = std::sync::Arc::clone(&bench.client);
    let drive = tokio::spawn(async move { client.drive().await });
    for _ in 0..200 {
        if bench.client.state().unwrap().known_tickets == 1 && bench.files_with("Zeile um Zeile").is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let page = bench.client.history(None, 10).unwrap();
    assert_eq!(page.tickets.iter().map(|row| (row.number, row.waiting)).collect::<Vec<_>>(), [(Some(number), 1)]);
    let messages = bench.client.thread(ticket, None, 10).unwrap().messages;
    assert_eq!(messages.iter().map(|message| message.body.as_str()).collect::<Vec<_>>(), ["Bitte prüfen Sie das."]);
    assert_eq!(bench.files_with("Zeile um Zeile"), nothing());

    // A new request stays possible.
    assert!(bench.client.can_create());
    bench.client.submit(&request(&bench, "Währung für Zürich 💱")).unwrap();
    assert_eq!(bench.client.history(None, 10).unwrap().total, 2);
    bench.client.close();
    drive.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_regulated_user_sends_and_no_copy_stays() {
    let bench = filled().await;
    let row = bench.client.history(None, 1).unwrap().tickets.remove(0);
    let (ticket, number) = (row.id, row.number.unwrap());
    bench.client.thread_opened(ticket).unwrap();
    bench.sync().await;
    bench.client.thread_closed(ticket);
    bench.claim(&[REGULATED]);
    let draft = ReplyDraft { body: "Bitte prüfen Sie das.".to_owned(), ..bench.client.reply_draft(ticket).unwrap() };
    bench.client.reply(&draft).unwrap();
    bench.client.submit(&request(&bench, "Währung für Zürich 💱")).unwrap();
    bench.sync().await;
    bench.sync().await;
    assert_eq!(bench.comments(number).await.last().map(String::as_str), Some("Bitte prüfen Sie das."));
    let made = bench.ask(Some("ada-token"), Method::Get, "/api/v2/requests?page%5Bsize%5D=100", Value::Null).await;
    let subjects = made["requests"].as_array().unwrap().iter().filter(|row| row["subject"] == "Währung für Zürich 💱");
    assert_eq!(subjects.count(), 1);
    let page = bench.client.history(None, 10).unwrap();
    assert_eq!((page.total, bench.client.state().unwrap().waiting), (0, 0));
    for text in [MARKER, "Bitte prüfen Sie das.", "Währung für Zürich"] {
        assert_eq!(bench.files_with(text), nothing(), "{text}");
    }
}
