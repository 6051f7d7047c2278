//! Screens are answered from the file whatever the server does, and what a user wrote arrives once and in order.

use std::sync::Arc;

use futures_util::FutureExt;
use pocketdesk::Client;
use pocketdesk::client::{AccountProblem, ReplyError};
use pocketdesk::model::{Delivery, ReasonKind, StatusKind, TicketDraft};
use pocketdesk::net::Method;
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use crate::bench::{Bench, Device, SignedIn, Silence, config, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_ticket_and_two_replies_in_order_through_every_fault() {
    let faults = [
        json!({}),
        json!({ "cut_after": { "times": 1, "only": "POST /api/v2/requests" } }),
        json!({ "cut_after": { "times": 1, "only": "POST /api/v2/requests" }, "ignore_idempotency": true }),
        json!({ "cut_before": { "times": 1, "only": "POST /api/v2/requests" } }),
        json!({ "cut_after": { "times": 2, "only": "PUT /api/v2/requests" } }),
        json!({ "cut_before": { "times": 1, "only": "PUT /api/v2/requests" } }),
        json!({ "late_apply": { "seconds": 1, "times": 1 }, "ignore_idempotency": true }),
        json!({ "stale_reads": { "seconds": 1 }, "cut_after": { "times": 1 }, "ignore_idempotency": true }),
        json!({ "server_error": { "times": 1, "only": "POST /api/v2/requests" } }),
        json!({ "html": { "times": 1, "only": "PUT /api/v2/requests" } }),
        json!({ "too_many_requests": { "retry_after": 1, "times": 1, "only": "PUT /api/v2/requests" } }),
    ];
    // Each fault has a server of its own, so they can run side by side.
    let runs = faults.into_iter().map(|fault| async move {
        let bench = Bench::start().await;
        bench.fault(fault.clone()).await;
        let ticket = bench.create();
        bench.reply(ticket, "ok");
        bench.reply(ticket, "ok");
        bench.settle(ticket).await;
        bench.sandbox(Method::Delete, "/sandbox/faults", Value::Null).await;
        assert_eq!(bench.client.sync(Scope::Everything).await.failure, None, "{fault}");
        let (tickets, comments) = bench.theirs().await;
        assert_eq!(tickets, 1, "{fault}");
        assert_eq!(comments, ["Guten Tag,\n\nseit Montag.", "ok", "ok"], "{fault}");
        let messages = bench.client.thread(ticket, None, 200).unwrap().messages;
        assert_eq!(messages.len(), 3, "{fault}");
        assert!(messages.iter().all(|message| message.delivery == Delivery::Sent), "{fault}");
        assert_eq!(bench.client.history(None, 1).unwrap().total, 41, "{fault}");
    });
    futures_util::future::join_all(runs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_of_the_server_is_unread_until_it_is_opened() {
    let bench = Bench::start().await;
    let ticket = bench.create();
    bench.settle_one().await;
    let number = bench.client.ticket(ticket).unwrap().row.number.unwrap();
    let answer = json!({ "body": "Wir haben die Zahlung angestoßen." });
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), answer).await;
    assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
    let head = bench.client.ticket(ticket).unwrap();
    assert_eq!((head.row.status.kind, head.row.unread), (StatusKind::AwaitingUser, true));
    assert_eq!(bench.client.history(None, 1).unwrap().tickets[0].id, ticket, "newest activity first");
    bench.client.thread_opened(ticket).unwrap();
    assert!(!bench.client.ticket(ticket).unwrap().row.unread);
    // A comment that arrives while the thread is on screen counts as read at once. A later one does not.
    for (on_screen, text) in [(true, "Noch ein Hinweis."), (false, "Und noch einer.")] {
        if !on_screen {
            bench.client.thread_closed(ticket);
        }
        // The server's times have whole seconds, and a second answer in the same second would be found only by a later run.
        bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
        bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), json!({ "body": text })).await;
        assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
        assert_eq!(bench.client.ticket(ticket).unwrap().row.unread, !on_screen);
    }
    bench.client.thread_opened(ticket).unwrap();
    // The user cannot see a private note, so nothing becomes unread, and the order does not change.
    let note = json!({ "body": "Kunde ruft oft an." });
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/note"), note).await;
    let before = bench.client.history(None, 50).unwrap();
    assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
    assert_eq!(bench.client.history(None, 50).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_was_closed_meanwhile_says_so() {
    let bench = Bench::start().await;
    let ticket = bench.create();
    bench.settle_one().await;
    let number = bench.client.ticket(ticket).unwrap().row.number.unwrap();
    bench.reply(ticket, "Noch etwas:");
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/status"), json!({ "status": "closed" })).await;
    bench.client.sync(Scope::Everything).await;
    let message = bench.client.thread(ticket, None, 200).unwrap().messages.pop().unwrap();
    assert!(matches!(&message.delivery, Delivery::NeedsUser(reason) if reason.kind == ReasonKind::TicketClosed));
    assert!(!message.can_retry && message.can_discard);
    assert_eq!(bench.client.discard(message.id).unwrap(), "Noch etwas:");
    let draft = bench.client.reply_draft(ticket).unwrap();
    assert_eq!(draft.body, "Noch etwas:", "the text is kept");
    assert_eq!(bench.client.reply(&draft), Err(ReplyError::TicketClosed));
    assert_eq!(bench.client.reply_draft(ticket).unwrap(), draft, "the text is kept again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_token_sends_and_stores_nothing() {
    let bench = Bench::start().await;
    let ticket = bench.create();
    let before = bench.client.history(None, 200).unwrap();
    bench.client.close();
    let stranger = open(&config(bench.folder.path(), &bench.sandbox.base_url), "zoe-token");
    stranger.sync(Scope::Everything).await;
    assert_eq!(stranger.state().unwrap().problem, Some(AccountProblem::WrongUser));
    assert_eq!(stranger.history(None, 200).unwrap(), before);
    assert_eq!(stranger.thread(ticket, None, 10).unwrap().messages[0].delivery, Delivery::Queued);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_with_an_agents_token_goes_out_once_with_the_right_one() {
    let mut bench = Bench::start().await;
    let before = bench.client.history(None, 200).unwrap();
    bench.client.close();
    let asked = async |bench: &Bench| {
        let log = bench.sandbox(Method::Get, "/sandbox/requests", Value::Null).await;
        let requests = log["requests"].as_array().unwrap().iter();
        requests.map(|request| request["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let known = asked(&bench).await.len();
    bench.client = open(&config(bench.folder.path(), &bench.sandbox.base_url), "agent-token");
    let ticket = bench.create();
    bench.reply(ticket, "Noch etwas: 🧾");
    for _ in 0..2 {
        bench.client.sync(Scope::Everything).await;
        assert_eq!(bench.client.state().unwrap().problem, Some(AccountProblem::AgentToken));
    }
    bench.client.thread_opened(before.tickets[0].id).unwrap();
    bench.client.sync(Scope::Due).await;
    let requests = asked(&bench).await.split_off(known);
    assert!(!requests.is_empty() && requests.iter().all(|path| path == "/api/v2/users/me"), "{requests:?}");
    let messages = bench.client.thread(ticket, None, 10).unwrap().messages;
    assert!(messages.iter().all(|message| message.delivery == Delivery::Queued), "{messages:?}");
    assert_eq!(bench.client.history(None, 200).unwrap().total, before.total + 1, "nothing of the agent's is shown");

    bench.client.close();
    bench.client = open(&config(bench.folder.path(), &bench.sandbox.base_url), "ada-token");
    bench.sent().await;
    assert_eq!(bench.client.state().unwrap().problem, None);
    let (tickets, comments) = bench.theirs().await;
    assert_eq!((tickets, comments.len(), comments[1].as_str()), (1, 2, "Noch etwas: 🧾"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agents_token_at_the_first_contact_belongs_to_nobody() {
    let bench = Bench::start().await;
    let folder = tempfile::tempdir().unwrap();
    let agent = open(&config(folder.path(), &bench.sandbox.base_url), "agent-token");
    agent.sync(Scope::Everything).await;
    assert_eq!(agent.state().unwrap().problem, Some(AccountProblem::AgentToken));
    assert_eq!(agent.history(None, 200).unwrap().total, 0);
    agent.close();
    let ada = open(&config(folder.path(), &bench.sandbox.base_url), "ada-token");
    assert_eq!(ada.sync(Scope::Everything).await.failure, None, "the file is not bound to the agent");
    assert_eq!(ada.history(None, 200).unwrap().total, bench.client.history(None, 200).unwrap().total);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_of_the_server_are_shown_and_change_nothing() {
    let bench = Bench::start().await;
    let before = bench.client.history(None, 200).unwrap();
    for (fault, problem) in [
        (json!({ "offline": true }), Some(AccountProblem::ServerUnreachable)),
        (json!({ "html": true }), Some(AccountProblem::ServerMisbehaves)),
        (json!({ "server_error": true }), Some(AccountProblem::ServerMisbehaves)),
        (json!({ "unauthorized": true }), Some(AccountProblem::SignedOut)),
        (json!({ "too_many_requests": { "retry_after": 1 } }), None),
        (json!({}), None),
    ] {
        bench.sandbox(Method::Delete, "/sandbox/faults", Value::Null).await;
        bench.fault(fault.clone()).await;
        bench.client.sync(Scope::Everything).await;
        assert_eq!(bench.client.state().unwrap().problem, problem, "{fault}");
        assert_eq!(bench.client.history(None, 200).unwrap(), before, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_was_taken_away_is_removed_when_it_is_opened() {
    let bench = Bench::start().await;
    let shown = bench.client.history(None, 200).unwrap();
    let row = shown.tickets.iter().find(|row| row.number.is_some()).unwrap();
    let path = format!("/sandbox/tickets/{}/revoke", row.number.unwrap());
    bench.sandbox(Method::Post, &path, json!({ "user": "ada" })).await;
    bench.client.thread_opened(row.id).unwrap();
    bench.client.sync(Scope::Everything).await;
    let head = bench.client.ticket(row.id).unwrap();
    assert_eq!((head.row.visible, head.row.subject.as_str(), head.can_reply), (false, "", false));
    assert!(bench.client.thread(row.id, None, 200).unwrap().messages.is_empty());
    assert_eq!(bench.client.history(None, 200).unwrap().total, shown.total);
}

#[test]
fn screens_do_not_wait_for_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), "https://desk.example");
    let client = Client::open(&config, Arc::new(Silence), Arc::new(SignedIn("ada-token")), Arc::new(Device)).unwrap();
    let mut running = Box::pin(client.sync(Scope::Everything));
    assert!((&mut running).now_or_never().is_none(), "a sync is running and does not end");
    assert_eq!(client.history(None, 50).unwrap().total, 0);
    let draft = client.ticket_draft().unwrap();
    let draft = TicketDraft { subject: "S".to_owned(), description: "D".to_owned(), ..draft };
    let ticket = client.submit(&draft).unwrap();
    assert_eq!(client.thread(ticket, None, 50).unwrap().messages[0].delivery, Delivery::Queued);
    assert!(client.state().unwrap().syncing);
    drop(running);
    assert!(!client.state().unwrap().syncing);
}
