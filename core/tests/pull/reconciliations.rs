//! Full reconciliation: what was revoked leaves the device, and nothing else does.

use std::time::Duration;

use pocketdesk::client::AccountProblem;
use pocketdesk::model::{Delivery, ReplyDraft, StatusKind, TicketNumber};
use pocketdesk::net::{Body, Method};
use pocketdesk::sync::Scope;
use serde_json::json;

use crate::support::{Bench, answer};
use crate::{HOUR, is_cursor_page, reconciling_every_run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_reconciliation_finds_what_was_taken_away_and_nothing_else() {
    let bench = Bench::synced(80, reconciling_every_run()).await;
    let before = bench.rows();
    let taken: Vec<TicketNumber> = [&before[3], &before[70]].map(|row| row.number.unwrap()).into();
    for number in &taken {
        bench.revoke(*number).await;
    }
    bench.sync().await;
    let mut expected = taken.clone();
    expected.sort();
    assert_eq!(bench.revoked(), expected);
    let after = bench.rows();
    assert_eq!(after.len(), before.len(), "the numbers stay");
    assert!(after.iter().filter(|row| row.visible).all(|row| before.contains(row)), "the others are unchanged");
    assert_eq!(bench.state().problem, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_reconciliation_believes_only_complete_lists_and_continues_after_a_kill() {
    let change = json!({ "sync": { "reconciliation_seconds": 0, "reconciliation_requests": 3, "page_size": 10 } });
    let mut bench = Bench::synced(60, change).await;
    let taken = bench.rows()[10].number.unwrap();
    bench.revoke(taken).await;
    let mut runs = 0;
    while bench.revoked().is_empty() {
        runs += 1;
        assert!(runs < 20, "the full reconciliation ends");
        bench.wire.take_asked();
        bench.sync().await;
        let asked = bench.wire.take_asked();
        assert!(
            asked.iter().filter(|request| is_cursor_page(request)).count() <= 3,
            "a run keeps to its number of requests"
        );
        bench.restart();
    }
    assert!(runs >= 3, "{runs} runs of three pages for two lists of sixty");
    assert_eq!(bench.revoked(), [taken]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shorter_list_brings_the_full_reconciliation_forward() {
    let bench = Bench::synced(60, json!({})).await;
    let taken = bench.rows()[40].number.unwrap();
    bench.revoke(taken).await;
    bench.sync().await;
    assert!(bench.revoked().is_empty(), "a device that syncs all the time must not reconcile all the time");
    bench.device.advance(HOUR);
    bench.sync().await;
    assert_eq!(bench.revoked(), [taken]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_much_missing_at_once_is_told_and_removes_nothing() {
    let bench = Bench::synced(80, reconciling_every_run()).await;
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
    assert_eq!(bench.revoked().len(), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_about_a_list_or_the_account_removes_nothing() {
    const FORBIDDEN: &str = r#"{"error":{"title":"Forbidden","message":"Not for you."}}"#;
    const NOT_FOUND: &str = r#"{"error":"RecordNotFound","description":"Not found"}"#;
    const EXPIRED: &str = r#"{"error":"invalid_token","description":"The access token is invalid"}"#;
    const PORTAL: &str = "<!DOCTYPE html><title>Anmelden im WLAN „Bahnhof“</title>";
    let cases = [
        // The server accepts the token elsewhere, unless it refuses to show the user.
        (401, EXPIRED, AccountProblem::NotAllowed),
        (403, FORBIDDEN, AccountProblem::NotAllowed),
        (404, NOT_FOUND, AccountProblem::NotAllowed),
        (200, PORTAL, AccountProblem::ServerMisbehaves),
        (302, PORTAL, AccountProblem::ServerMisbehaves),
    ];
    let paths =
        ["/api/v2/users/me", "/api/v2/requests", "/api/v2/organizations/360004512301/requests", "/api/v2/requests/ccd"];
    for path in paths {
        let mut bench = Bench::synced(40, reconciling_every_run()).await;
        let before = bench.rows();
        // A ticket is missing, so a client that took the failure for a revocation would revoke something.
        bench.revoke(before[5].number.unwrap()).await;
        for (status, body, problem) in cases {
            // Either every request for this path fails, or only those of the full reconciliation.
            for query in ["", "page%5Bsize%5D"] {
                if path.ends_with("/me") && !query.is_empty() {
                    continue;
                }
                // A new process also asks for its user.
                bench.restart();
                bench.wire.break_with(move |request| {
                    let meant = request.url.path() == path && request.url.query().unwrap_or_default().contains(query);
                    meant.then(|| Ok(answer(status, body)))
                });
                let report = bench.client.sync(Scope::Everything).await;
                assert!(report.failure.is_some(), "{path} {query} {status}");
                let problem = if path.ends_with("/me") && status == 401 { AccountProblem::SignedOut } else { problem };
                assert_eq!(bench.state().problem, Some(problem), "{path} {query} {status}");
                assert!(bench.rows() == before, "{path} {query} {status}");
            }
        }
        bench.wire.mend();
        bench.sync().await;
        assert_eq!(bench.revoked(), [before[5].number.unwrap()], "afterwards the ticket is revoked");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_in_front_of_a_missing_ticket_proves_nothing() {
    let bench = Bench::synced(60, reconciling_every_run()).await;
    let before = bench.rows();
    let number = before[5].number.unwrap();
    bench.revoke(number).await;
    let own = format!("/api/v2/requests/{number}");
    for (status, body) in [(200, "<html>"), (403, "<html>"), (404, "<html>"), (404, ""), (503, "")] {
        let own = own.clone();
        bench.wire.break_with(move |request| (request.url.path() == own).then(|| Ok(answer(status, body))));
        bench.client.sync(Scope::Everything).await;
        assert!(bench.rows() == before, "{status} {body}");
    }
    bench.wire.mend();
    bench.wire.take_asked();
    bench.sync().await;
    assert_eq!(bench.revoked(), [number]);
    let cursor_pages = bench.wire.take_asked().iter().filter(|request| is_cursor_page(request)).count();
    assert_eq!(cursor_pages, 0, "the lists are not read again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_is_visible_again_is_read_anew() {
    let bench = Bench::synced(40, reconciling_every_run()).await;
    let row = bench.rows().into_iter().find(|row| row.status.kind != StatusKind::Closed && !row.unread).unwrap();
    let number = row.number.unwrap();
    let before = bench.client.thread(row.id, None, 200).unwrap().messages;
    // A reply that is written while the ticket is visible, and not sent before it is revoked.
    let draft = bench.client.reply_draft(row.id).unwrap();
    bench.client.set_online(false).unwrap();
    bench.client.reply(&ReplyDraft { body: "Noch eine Frage dazu".into(), ..draft }).unwrap();
    let draft = bench.client.reply_draft(row.id).unwrap();
    let typed = ReplyDraft { body: "und halb getippt".into(), ..draft };
    bench.client.save_reply_draft(&typed).unwrap();
    bench.revoke(number).await;
    bench.sync().await;
    assert_eq!(bench.revoked(), [number]);
    let left = bench.client.thread(row.id, None, 200).unwrap().messages;
    assert_eq!(left.iter().map(|message| message.body.as_str()).collect::<Vec<_>>(), ["Noch eine Frage dazu"]);
    assert_eq!(bench.client.reply_draft(row.id).unwrap(), typed);
    bench.act(number, "restore", json!({ "user": "ada" })).await;
    // An answer within two seconds of the revocation may be older than it, and does not make the ticket visible again.
    let shown = async {
        while !bench.revoked().is_empty() {
            bench.sync().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), shown).await.unwrap();
    let head = bench.client.ticket(row.id).unwrap();
    assert_eq!(
        (head.row.visible, head.row.subject.as_str(), head.row.status.kind),
        (true, row.subject.as_str(), row.status.kind)
    );
    assert!(!head.row.unread, "that it is visible again is no news");
    bench.client.thread_opened(row.id).unwrap();
    bench.client.set_online(true).unwrap();
    bench.sync().await;
    let after = bench.client.thread(row.id, None, 200).unwrap().messages;
    let texts: Vec<&str> = before.iter().map(|message| message.body.as_str()).chain(["Noch eine Frage dazu"]).collect();
    assert_eq!(after.iter().map(|message| message.body.as_str()).collect::<Vec<_>>(), texts);
    assert_eq!(after.last().unwrap().delivery, Delivery::Sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_byte_of_it_is_left() {
    const MARKER: &str = "GEHEIM-4711-Ω";
    let bench = Bench::synced(40, reconciling_every_run()).await;
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
    bench.client.thread_opened(id).unwrap();
    bench.sync().await;
    assert!(!bench.files_with(MARKER).is_empty(), "the search finds the marker while it exists");
    let messages = bench.client.thread(id, None, 200).unwrap().messages;
    assert!(messages[0].attachments[0].name.starts_with(MARKER));

    // One comment after the other is redacted together with its files. Then the ticket, which still has its subject, is
    // revoked.
    for comment in answered["ticket"]["comments"].as_array().unwrap() {
        bench.ask_sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
        bench.act(number, "redact_comment", json!({ "comment": comment["id"] })).await;
        bench.sync().await;
    }
    let messages = bench.client.thread(id, None, 200).unwrap().messages;
    assert!(messages.iter().all(|message| !message.body.contains(MARKER)));
    assert!(messages.iter().all(|message| message.attachments.iter().all(|file| !file.name.contains(MARKER))));
    assert_eq!(bench.client.ticket(id).unwrap().row.subject, format!("Vertrag {MARKER}"));
    let redacted = [long.split_at(40).0, "Ihre Kennung ist GEHEIM", "GEHEIM-4711-Ω.pdf"];
    for text in redacted {
        assert_eq!(bench.files_with(text), [] as [std::path::PathBuf; 0], "{text}");
    }
    bench.client.thread_closed(id);
    bench.revoke(number).await;
    bench.sync().await;
    assert_eq!(bench.revoked(), [number]);
    assert_eq!(bench.files_with(MARKER), [] as [std::path::PathBuf; 0]);
    assert_eq!(bench.files_with("GEHEIM"), [] as [std::path::PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fell_between_a_fresh_page_and_a_stale_one_is_found_soon() {
    let bench = Bench::synced(300, json!({ "sync": { "page_size": 5 } })).await;
    let mine = |row: &pocketdesk::model::TicketRow| {
        row.status.kind != StatusKind::Closed
            && row.status.kind != StatusKind::Solved
            && bench.client.ticket(row.id).unwrap().created_by_me
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
    // The second pages as a replica that lags will still return them.
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
        let status = |number: &&TicketNumber| bench.client.ticket(bench.id(**number)).unwrap().row.status.kind;
        numbers[..9].iter().filter(|number| status(number) != StatusKind::Solved).count()
    };
    bench.sync().await;
    assert!(missed() > 0, "some changed tickets are on neither page");
    bench.wire.mend();
    bench.sync().await;
    assert!(missed() > 0, "they are older than the watermark");
    bench.device.advance(HOUR);
    for _ in 0..10 {
        // Each run reads some pages of the full reconciliation.
        bench.sync().await;
    }
    assert_eq!(missed(), 0);
}
