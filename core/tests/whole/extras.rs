//! Feedback and the toggle for proxy login, through lost answers, refusals and a server that is late.

use std::time::Duration;

use pocketdesk::client::{Acted, ChangeError};
use pocketdesk::model::{Delivery, ReasonKind, StatusKind, TicketId};
use pocketdesk::net::Method;
use pocketdesk::product::{ActionOffer, OfferKind, ToggleOffer};
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use serde_json::{Value, json};

use crate::bench::{Bench, config, open};
use crate::driver::Driver;

/// Ada's id on the server.
const ADA: &str = "361882440112";

/// The product with tickets of a support hub, on the sandbox's account.
fn hub(bench: &Bench) -> ClientConfig {
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "hub@1",
        "connectors": { "zendesk": { "fields": { "client_reference": 360_001_000_003_i64 } } },
        "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
    });
    ClientConfig { product: Some(product.to_string()), ..config(bench.folder.path(), &bench.sandbox.base_url) }
}

/// Ada's client of that product, in an account with this system of satisfaction.
async fn start(satisfaction: &str) -> Bench {
    let mut bench = Bench::start().await;
    bench.client.close();
    bench.sandbox(Method::Post, "/sandbox/settings", json!({ "satisfaction": satisfaction })).await;
    let field = json!({ "id": 360_002_000_012_i64, "type": "checkbox", "editable": false, "titles": { "en": "Feedback given" } });
    bench.sandbox(Method::Post, "/sandbox/ticket_fields", field).await;
    bench.client = open(&hub(&bench), "ada-token");
    bench
}

/// A ticket of Ada's that an agent has answered, open on screen, and its number.
async fn answered(bench: &Bench) -> (TicketId, i64) {
    let draft = bench.client.ticket_draft().unwrap();
    let draft = pocketdesk::model::TicketDraft {
        subject: "Überweisung an Affiliate fehlt – الرجاء المساعدة 🙏".to_owned(),
        description: "Guten Tag,\n\nseit Montag.\n".to_owned(),
        ..draft
    };
    let ticket = bench.client.submit(&draft).unwrap();
    bench.settle_one().await;
    let number = bench.client.ticket(ticket).unwrap().row.number.unwrap().0;
    let answer = json!({ "body": "Wir prüfen das.", "status": "pending" });
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), answer).await;
    bench.client.thread_opened(ticket).unwrap();
    bench.settle_one().await;
    (ticket, number)
}

async fn solved(bench: &Bench) -> (TicketId, i64) {
    let (ticket, number) = answered(bench).await;
    bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 2 })).await;
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/status"), json!({ "status": "solved" })).await;
    bench.settle_one().await;
    (ticket, number)
}

/// Syncs until nothing waits to be sent, or until it needs the user.
async fn until_settled(bench: &Bench, ticket: TicketId) {
    let driver = Driver::start(&bench.client);
    let changes = bench.client.subscribe();
    let needs_user = || bench.client.ticket(ticket).unwrap().row.needs_user;
    let settled = async {
        while bench.client.state().unwrap().waiting > 0 && !needs_user() {
            changes.next().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(50), settled).await.unwrap();
    driver.stop().await;
}

async fn theirs(bench: &Bench, number: i64) -> Value {
    bench.sandbox(Method::Get, &format!("/sandbox/tickets/{number}"), Value::Null).await["ticket"].clone()
}

/// How often the app asked for this.
async fn asked(bench: &Bench, method: &str, path: &str) -> usize {
    let log = bench.sandbox(Method::Get, "/sandbox/requests", Value::Null).await;
    let entries = log["requests"].as_array().unwrap();
    let is_meant =
        |entry: &&Value| entry["method"] == method && entry["path"].as_str().is_some_and(|asked| asked.contains(path));
    entries.iter().filter(is_meant).count()
}

fn offered(client: &Client, ticket: TicketId) -> Vec<String> {
    client.details(ticket, "de").unwrap().places.head.into_iter().map(|action| action.id).collect()
}

fn toggle(client: &Client, ticket: TicketId) -> ToggleOffer {
    let actions = client.details(ticket, "en").unwrap().actions;
    let is_toggle = |offer: &ActionOffer| offer.kind == OfferKind::Toggle;
    actions.into_iter().find(is_toggle).and_then(|offer| offer.toggle).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feedback_is_offered_in_the_place_of_closing_and_given_once_through_every_fault() {
    for (system, score) in [("legacy", "good"), ("surveys", "5")] {
        for fault in [json!({}), json!({ "cut_after": { "times": 1 } }), json!({ "cut_before": { "times": 1 } })] {
            let bench = start(system).await;
            let (ticket, number) = answered(&bench).await;
            assert_eq!(offered(&bench.client, ticket), ["close"], "{system}");
            let refused = bench.client.give_feedback(ticket, "feedback", "good", "");
            assert!(matches!(refused, Err(ChangeError::NotOffered)), "{refused:?}");

            bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 2 })).await;
            let closed = json!({ "status": "solved" });
            bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/status"), closed).await;
            bench.settle_one().await;
            assert_eq!(offered(&bench.client, ticket), ["feedback"], "{system}");
            let details = bench.client.details(ticket, "de").unwrap();
            let form = details.places.head[0].feedback.clone().unwrap();
            let labels: Vec<_> = form.answers.iter().map(|answer| &*answer.label).collect();
            assert_eq!((labels, form.is_text_required), (vec!["Schlecht", "Gut"], false));
            assert_eq!(details.thanks, None);

            bench.fault(fault.clone()).await;
            for _ in 0..2 {
                bench.client.give_feedback(ticket, "feedback", "good", " Schnell & freundlich 🙏 ").unwrap();
            }
            assert_eq!(bench.client.ticket(ticket).unwrap().changes.len(), 1, "a second tap means the same");
            assert!(bench.client.details(ticket, "de").unwrap().thanks.is_some(), "thanks do not wait for the network");
            until_settled(&bench, ticket).await;

            let head = bench.client.ticket(ticket).unwrap();
            assert_eq!(head.changes, [], "{system} {fault}");
            let rating = json!({ "score": score, "comment": "Schnell & freundlich 🙏" });
            assert_eq!(theirs(&bench, number).await["rating"], rating, "{system} {fault}");
            assert_eq!(offered(&bench.client, ticket), [""; 0]);
            bench.settle_one().await;
            let details = bench.client.details(ticket, "de").unwrap();
            assert!(details.thanks.is_some() && details.reply_note.is_some(), "{details:?}");
            assert_eq!(offered(&bench.client, ticket), [""; 0], "{system} {fault}");
            bench.client.close();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_devices_that_give_feedback_at_once_one_is_told_that_it_was_given() {
    for system in ["legacy", "surveys"] {
        let bench = start(system).await;
        let (ticket, number) = solved(&bench).await;
        let folder = tempfile::tempdir().unwrap();
        let config = ClientConfig { directory: folder.path().to_owned(), ..hub(&bench) };
        let other = open(&config, "ada-token");
        assert_eq!(other.sync(Scope::Everything).await.failure, None);
        let rows = other.history(None, 200).unwrap().tickets;
        let there = rows.iter().find(|row| row.number.is_some_and(|known| known.0 == number)).unwrap().id;
        other.thread_opened(there).unwrap();
        assert_eq!(other.sync(Scope::Due).await.failure, None);
        for (client, ticket, answer) in [(&bench.client, ticket, "good"), (&other, there, "bad")] {
            client.set_online(false).unwrap();
            client.give_feedback(ticket, "feedback", answer, "").unwrap();
            assert!(client.details(ticket, "de").unwrap().thanks.is_some());
            client.set_online(true).unwrap();
        }
        tokio::join!(bench.client.sync(Scope::Everything), other.sync(Scope::Everything));
        let refused = |client: &Client, ticket| {
            let reasons = client.ticket(ticket).unwrap().changes.into_iter().map(|change| match change.delivery {
                Delivery::NeedsUser(reason) => (reason.kind, reason.server_message.is_some()),
                delivery => panic!("{delivery:?}"),
            });
            reasons.collect::<Vec<_>>()
        };
        let (mine, theirs_too) = (refused(&bench.client, ticket), refused(&other, there));
        let (won, told) = if mine.is_empty() { ("good", theirs_too) } else { ("bad", mine) };
        assert_eq!(told, [(ReasonKind::Refused, true)], "{system}");
        let score = theirs(&bench, number).await["rating"]["score"].clone();
        let scores = if system == "legacy" { ["good", "bad"] } else { ["5", "1"] };
        assert_eq!(score, if won == "good" { scores[0] } else { scores[1] }, "{system}");
        other.close();
        bench.client.close();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feedback_that_the_server_no_longer_takes_is_shown_with_its_reason() {
    let bench = start("legacy").await;
    let (ticket, number) = solved(&bench).await;
    bench.client.set_online(false).unwrap();
    bench.client.give_feedback(ticket, "feedback", "bad", "").unwrap();
    // Meanwhile the user has given it by mail.
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/rating"), json!({ "score": "good" })).await;
    bench.client.set_online(true).unwrap();
    until_settled(&bench, ticket).await;
    let head = bench.client.ticket(ticket).unwrap();
    let [change] = head.changes.as_slice() else { panic!("{:?}", head.changes) };
    let Delivery::NeedsUser(reason) = &change.delivery else { panic!("{change:?}") };
    assert_eq!(reason.kind, ReasonKind::Refused);
    assert_eq!(reason.server_message.as_deref(), Some("Satisfaction rating: was given already"));
    assert_eq!(theirs(&bench, number).await["rating"]["score"], "good");
    bench.client.discard_change(change.id).unwrap();
    assert_eq!(offered(&bench.client, ticket), [""; 0], "it was given");
    assert!(bench.client.details(ticket, "de").unwrap().thanks.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_account_takes_no_feedback_none_is_offered() {
    let bench = start("off").await;
    let (ticket, number) = solved(&bench).await;
    // Without surveys there may be ratings, and only the attempt tells.
    assert_eq!(offered(&bench.client, ticket), ["feedback"]);
    bench.client.give_feedback(ticket, "feedback", "good", "").unwrap();
    until_settled(&bench, ticket).await;
    let [change] = &bench.client.ticket(ticket).unwrap().changes[..] else { panic!() };
    assert!(
        matches!(&change.delivery, Delivery::NeedsUser(reason) if reason.kind == ReasonKind::NotAllowed),
        "{change:?}"
    );
    assert_eq!(theirs(&bench, number).await["rating"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_five_presses_without_a_network_only_the_last_value_is_sent() {
    let bench = start("legacy").await;
    let (ticket, number) = answered(&bench).await;
    let shown = toggle(&bench.client, ticket);
    assert_eq!((shown.on, shown.is_waiting, shown.note.as_deref()), (None, false, Some("As set for your account")));
    bench.client.set_online(false).unwrap();
    for on in [true, false, true, false, true] {
        bench.client.set_toggle(ticket, "proxy_login", on).unwrap();
        let shown = toggle(&bench.client, ticket);
        assert_eq!((shown.on, shown.note.as_deref()), (Some(on), Some("Not in force yet")));
        assert_eq!(bench.client.ticket(ticket).unwrap().changes.len(), 1, "an older value is replaced");
    }
    bench.client.set_online(true).unwrap();
    until_settled(&bench, ticket).await;
    assert_eq!(theirs(&bench, number).await["proxy_logins"], json!({ ADA: true }));
    assert_eq!(asked(&bench, "PATCH", "/custom_objects/proxy_login/records").await, 1);
    let shown = toggle(&bench.client, ticket);
    assert_eq!((shown.on, shown.is_waiting, shown.note), (Some(true), false, None));
    // Another device of Ada's has the value from the server.
    let folder = tempfile::tempdir().unwrap();
    let other = ClientConfig { ..hub(&bench) };
    let other = open(&ClientConfig { directory: folder.path().to_owned(), ..other }, "ada-token");
    assert_eq!(other.sync(Scope::Everything).await.failure, None);
    let rows = other.history(None, 200).unwrap().tickets;
    let there = rows.iter().find(|row| row.number.is_some_and(|known| known.0 == number)).unwrap().id;
    other.thread_opened(there).unwrap();
    assert_eq!(other.sync(Scope::Due).await.failure, None);
    assert_eq!(toggle(&other, there).on, Some(true));
    other.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_value_of_a_toggle_never_arrives_last() {
    for fault in ["late", "cut_after", "cut_before"] {
        let bench = start("legacy").await;
        let (ticket, number) = answered(&bench).await;
        let only = json!("PATCH /api/v2/custom_objects");
        let fault = match fault {
            "late" => json!({ "late_apply": { "seconds": 0.8, "times": 1, "only": only } }),
            other => json!({ other: { "times": 1, "only": only } }),
        };
        bench.fault(fault.clone()).await;
        bench.client.set_toggle(ticket, "proxy_login", true).unwrap();
        assert_eq!(bench.client.sync(Scope::Due).await.failure, None);
        bench.client.set_toggle(ticket, "proxy_login", false).unwrap();
        assert_eq!(toggle(&bench.client, ticket).on, Some(false));
        until_settled(&bench, ticket).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(theirs(&bench, number).await["proxy_logins"], json!({ ADA: false }), "{fault}");
        assert_eq!(toggle(&bench.client, ticket).on, Some(false));
        bench.client.close();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_toggle_that_the_server_refuses_is_shown_with_its_reason_and_the_servers_value() {
    let bench = start("legacy").await;
    let (ticket, number) = answered(&bench).await;
    bench.client.set_toggle(ticket, "proxy_login", true).unwrap();
    until_settled(&bench, ticket).await;
    bench.sandbox(Method::Post, "/sandbox/settings", json!({ "proxy_login": false })).await;
    bench.client.set_toggle(ticket, "proxy_login", false).unwrap();
    until_settled(&bench, ticket).await;
    let head = bench.client.ticket(ticket).unwrap();
    let [change] = head.changes.as_slice() else { panic!("{:?}", head.changes) };
    assert!(matches!(&change.delivery, Delivery::NeedsUser(reason) if reason.kind == ReasonKind::NotAllowed));
    assert_eq!(theirs(&bench, number).await["proxy_logins"], json!({ ADA: true }));
    bench.client.discard_change(change.id).unwrap();
    // The company takes it away: then nothing is promised any more.
    let offers = bench.client.details(ticket, "de").unwrap().actions;
    let toggles = offers.iter().filter(|offer| offer.kind == OfferKind::Toggle);
    assert!(toggles.clone().all(|offer| offer.toggle.as_ref().unwrap().on == Some(true)), "{offers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_user_writes_after_closing_stays_behind_it_through_every_fault() {
    for fault in [json!({}), json!({ "cut_after": { "times": 1 } }), json!({ "cut_before": { "times": 1 } })] {
        let bench = start("legacy").await;
        let (ticket, number) = answered(&bench).await;
        bench.fault(fault.clone()).await;
        assert!(bench.client.act(ticket, "close", &[], "de").is_ok());
        assert_eq!(offered(&bench.client, ticket), [""; 0], "being closed, it is neither closed again nor asked for");
        bench.reply(ticket, "Halt, doch noch eine Frage …");
        until_settled(&bench, ticket).await;
        bench.settle_one().await;
        assert_eq!(theirs(&bench, number).await["status"], "open", "{fault}");
        assert_eq!(bench.client.ticket(ticket).unwrap().row.status.kind, StatusKind::Open, "{fault}");
        bench.client.close();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_server_lets_nobody_close_the_user_asks_for_it_in_a_comment() {
    let bench = start("legacy").await;
    let draft = bench.client.ticket_draft().unwrap();
    let draft = pocketdesk::model::TicketDraft {
        subject: "Rückfrage".to_owned(),
        description: "Seit Montag fehlt etwas.".to_owned(),
        ..draft
    };
    let ticket = bench.client.submit(&draft).unwrap();
    bench.settle_one().await;
    bench.client.thread_opened(ticket).unwrap();
    bench.settle_one().await;
    // Nobody works on it yet.
    assert_eq!(offered(&bench.client, ticket), ["ask_to_close"]);
    assert!(bench.client.act(ticket, "ask_to_close", &[], "de").is_ok());
    assert!(!bench.client.reply_draft(ticket).unwrap().body.is_empty(), "it can be changed before it is sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_that_is_not_offered_yet_is_refused_at_once_and_a_second_tap_is_not() {
    let bench = start("legacy").await;
    let draft = pocketdesk::model::TicketDraft {
        subject: "Rückfrage zur Überweisung 🧾".to_owned(),
        description: "Seit Montag fehlt etwas.".to_owned(),
        ..bench.client.ticket_draft().unwrap()
    };
    let ticket = bench.client.submit(&draft).unwrap();
    let close = || bench.client.act(ticket, "close", &[], "de");
    assert_eq!(close(), Err(ChangeError::NotOffered), "the ticket is not sent yet");
    bench.settle_one().await;
    assert_eq!(close(), Err(ChangeError::NotOffered), "nobody works on it yet");
    assert_eq!(bench.client.ticket(ticket).unwrap().changes, []);

    let number = bench.client.ticket(ticket).unwrap().row.number.unwrap();
    let answer = json!({ "body": "Wir prüfen das.", "status": "pending" });
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), answer).await;
    bench.settle_one().await;
    assert_eq!((close(), close()), (Ok(Acted::Written), Ok(Acted::Written)));
    until_settled(&bench, ticket).await;
    assert_eq!(theirs(&bench, number.0).await["status"], "solved");
    assert_eq!(close(), Err(ChangeError::NotOffered), "it is closed");
    assert_eq!(bench.client.ticket(ticket).unwrap().changes, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn extras_that_fail_are_not_asked_for_with_every_run() {
    let bench = start("legacy").await;
    let records = "/custom_objects/proxy_login/records";
    bench.fault(json!({ "server_error": { "times": 100, "only": "GET /api/v2/custom_objects" } })).await;
    let (ticket, number) = answered(&bench).await;
    let failed = asked(&bench, "GET", records).await;
    assert!(failed > 0, "they were asked for");
    let driver = Driver::start(&bench.client);
    let head = format!("/api/v2/requests/{number}");
    // The ticket is on screen, and each push message makes a run that reads it.
    for _ in 0..5 {
        let before = asked(&bench, "GET", &head).await;
        bench.client.on_push(number).unwrap();
        let read = async {
            while asked(&bench, "GET", &head).await == before {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), read).await.unwrap();
    }
    driver.stop().await;
    // The pause began when they were first asked for, and is 8 seconds or more.
    assert_eq!(asked(&bench, "GET", records).await, failed);
    let is_offered = || bench.client.details(ticket, "de").unwrap().actions.iter().any(|offer| offer.toggle.is_some());
    assert!(!is_offered());
    bench.sandbox(Method::Delete, "/sandbox/faults", Value::Null).await;
    // Whoever asks for a sync waits for nothing.
    bench.settle_one().await;
    assert!(is_offered());
}
