//! What a user can do with unsent messages and sent tickets: undo, edit, add addresses, mark as solved; and what happens to
//! unsent messages on another phone.

use std::fs;
use std::time::Duration;

use pocketdesk::model::{Delivery, MessageId, ReasonKind, StatusKind, TicketDraft, TicketId};
use pocketdesk::net::Method;
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use serde_json::{Value, json};

use crate::bench::{Bench, config, open};
use crate::driver::Driver;

/// A ticket of Ada's with an answer by an agent, and its number.
async fn answered(bench: &Bench) -> (TicketId, i64) {
    let ticket = bench.create();
    bench.settle_one().await;
    let number = bench.client.ticket(ticket).unwrap().row.number.unwrap().0;
    bench
        .sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), json!({ "body": "Wir prüfen das." }))
        .await;
    bench.settle_one().await;
    (ticket, number)
}

fn last(client: &Client, ticket: TicketId) -> pocketdesk::model::Message {
    client.thread(ticket, None, 200).unwrap().messages.pop().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_undone_never_leaves_and_comes_back_as_the_draft() {
    let bench = Bench::start().await;
    let (ticket, _) = answered(&bench).await;
    bench.client.set_in_front(true).unwrap();
    bench.reply(ticket, "Das war ein Versehen");
    assert_eq!(bench.client.sync(Scope::Due).await.failure, None);
    let message = last(&bench.client, ticket);
    assert!(matches!(message.delivery, Delivery::Held(_)) && message.can_discard && message.can_edit);
    assert_eq!(bench.client.discard(message.id).unwrap(), "Das war ein Versehen");
    assert_eq!(bench.client.reply_draft(ticket).unwrap().body, "Das war ein Versehen");
    bench.reply(ticket, "Das war Absicht");
    // Leaving the app ends the time for undoing at once.
    bench.client.set_in_front(false).unwrap();
    bench.settle_one().await;
    assert_eq!(bench.theirs().await.1, ["Guten Tag,\n\nseit Montag.", "Wir prüfen das.", "Das war Absicht"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_edited_before_it_left_arrives_as_it_was_edited() {
    let bench = Bench::start().await;
    bench.client.set_online(false).unwrap();
    let ticket = bench.create();
    bench.reply(ticket, "eins");
    bench.reply(ticket, "zwei");
    let messages = bench.client.thread(ticket, None, 200).unwrap().messages;
    bench.client.edit_reply(messages[1].id, "eins, berichtigt").unwrap();
    let unsent = bench.client.unsent_ticket(ticket).unwrap();
    assert_eq!((unsent.cc.len(), unsent.issue_type.as_str()), (2, "support_ui_general"));
    let edited = TicketDraft { description: "Seit Dienstag.".to_owned(), cc: Vec::new(), ..unsent };
    bench.client.edit_ticket(ticket, &edited).unwrap();
    bench.client.set_online(true).unwrap();
    bench.settle_one().await;
    assert_eq!(bench.theirs().await, (1, ["Seit Dienstag.", "eins, berichtigt", "zwei"].map(str::to_owned).to_vec()));
    let number = bench.client.ticket(ticket).unwrap().row.number.unwrap();
    let mails = bench.sandbox(Method::Get, &format!("/sandbox/mails?ticket={number}"), Value::Null).await;
    assert_eq!(mails["mails"].as_array().map(Vec::len), Some(0), "{mails}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_addresses_are_mailed_once_and_a_solved_ticket_is_solved_through_every_fault() {
    for fault in [json!({}), json!({ "cut_after": { "times": 2 } }), json!({ "cut_before": { "times": 2 } })] {
        let bench = Bench::start().await;
        let (ticket, number) = answered(&bench).await;
        bench.fault(fault.clone()).await;
        let addresses = ["buchhaltung@reisen.example", "BUCHHALTUNG@reisen.example", "jürgen@reisen.example"];
        bench.client.add_cc(ticket, &addresses.map(str::to_owned)).unwrap();
        bench.reply(ticket, "Danke, jetzt geht es!");
        bench.client.solve(ticket).unwrap();
        assert_eq!(bench.client.ticket(ticket).unwrap().changes.len(), 2);
        let driver = Driver::start(&bench.client);
        let changes = bench.client.subscribe();
        let settled = async {
            while bench.client.state().unwrap().waiting > 0 {
                changes.next().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(50), settled).await.unwrap();
        driver.stop().await;
        let head = bench.client.ticket(ticket).unwrap();
        assert_eq!((head.row.status.kind, head.changes.len()), (StatusKind::Solved, 0), "{fault}");
        assert!(head.cc.contains(&"buchhaltung@reisen.example".to_owned()), "{fault}");
        let mails = bench.sandbox(Method::Get, &format!("/sandbox/mails?ticket={number}"), Value::Null).await;
        let to = |mail: &&Value| mail.to_string().to_lowercase().contains("buchhaltung");
        assert_eq!(mails["mails"].as_array().unwrap().iter().filter(to).count(), 1, "{fault} {mails}");
        assert_eq!(bench.theirs().await.1.last().map(String::as_str), Some("Danke, jetzt geht es!"), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn solving_a_ticket_that_somebody_else_has_solved_is_done() {
    let bench = Bench::start().await;
    let (ticket, number) = answered(&bench).await;
    let solved = json!({ "body": "Ihr Geld ist unterwegs. 🎉", "status": "solved" });
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), solved).await;
    // The user, whose device does not know it yet, presses it, too.
    bench.client.solve(ticket).unwrap();
    bench.settle_one().await;
    let head = bench.client.ticket(ticket).unwrap();
    assert_eq!((head.row.status.kind, head.changes), (StatusKind::Solved, vec![]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_user_of_the_account_has_read_is_read_for_the_others() {
    let bench = Bench::start().await;
    let (ticket, number) = answered(&bench).await;
    let home = tempfile::tempdir().unwrap();
    let ben = open(&config(home.path(), &bench.sandbox.base_url), "ben-token");
    assert_eq!(ben.sync(Scope::Everything).await.failure, None);
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), json!({ "body": "Erledigt." })).await;
    for client in [&bench.client, &ben] {
        assert_eq!(client.sync(Scope::Everything).await.failure, None);
    }
    let row = |client: &Client| {
        client
            .history(None, 200)
            .unwrap()
            .tickets
            .into_iter()
            .find(|row| row.number.map(|n| n.0) == Some(number))
            .unwrap()
    };
    assert!(row(&bench.client).unread && row(&ben).unread);
    // Ada reads the thread while she is offline.
    bench.client.set_online(false).unwrap();
    bench.client.thread_opened(ticket).unwrap();
    bench.client.thread_closed(ticket);
    assert_eq!(
        (row(&bench.client).unread, bench.client.state().unwrap().waiting),
        (false, 0),
        "nothing that the user wrote waits"
    );
    bench.client.set_online(true).unwrap();
    bench.settle_one().await;
    assert_eq!(ben.sync(Scope::Everything).await.failure, None);
    assert!(!row(&ben).unread);
    // A later answer makes the ticket unread again for both users.
    bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 60 })).await;
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), json!({ "body": "Noch etwas." })).await;
    for client in [&bench.client, &ben] {
        assert_eq!(client.sync(Scope::Everything).await.failure, None);
    }
    assert!(row(&bench.client).unread && row(&ben).unread);
}

/// Copies the account's folder as a backup does, while no client has it open.
fn copy_folder(bench: &Bench, to: &std::path::Path) {
    for entry in files_below(bench.folder.path()) {
        let target = to.join(entry.strip_prefix(bench.folder.path()).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&entry, &target).unwrap();
    }
}

/// Every file below `folder`.
fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_on_another_phone_doubles_nothing() {
    let mut bench = Bench::start().await;
    let phone = |folder: &std::path::Path, installation: &str, url: &str| {
        let config = ClientConfig { installation: Some(installation.to_owned()), ..config(folder, url) };
        open(&config, "ada-token")
    };
    let url = bench.sandbox.base_url.clone();
    bench.client.close();
    bench.client = phone(bench.folder.path(), "old phone", &url);
    let (ticket, _) = answered(&bench).await;
    bench.client.set_online(false).unwrap();
    for text in ["wird noch vom alten Telefon gesendet", "bleibt liegen"] {
        bench.reply(ticket, text);
    }
    bench.client.close();
    let other = tempfile::tempdir().unwrap();
    copy_folder(&bench, other.path());
    // After the backup the old phone sends the first reply and discards the second.
    bench.client = phone(bench.folder.path(), "old phone", &url);
    let message = last(&bench.client, ticket);
    bench.client.discard(message.id).unwrap();
    bench.settle_one().await;

    let client = phone(other.path(), "new phone", &url);
    assert_eq!(client.sync(Scope::Everything).await.failure, None);
    let thread = client.thread(ticket, None, 200).unwrap().messages;
    let delivery = |index: usize| thread[index].delivery.clone();
    assert_eq!(thread.len(), 4, "no message is shown twice");
    assert_eq!(delivery(2), Delivery::Sent, "the old phone has sent it");
    assert!(
        matches!(delivery(3), Delivery::NeedsUser(reason) if reason.kind == ReasonKind::Restored),
        "the user decides"
    );
    assert_eq!(bench.theirs().await.1.len(), 3);
    client.retry(MessageId(thread[3].id.0)).unwrap();
    assert_eq!(client.sync(Scope::Due).await.failure, None);
    assert_eq!(bench.theirs().await.1.last().map(String::as_str), Some("bleibt liegen"), "sent by the user's decision");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_into_a_thread_that_was_never_read_is_not_taken_for_what_stands_there() {
    let mut bench = Bench::start().await;
    let (_, number) = answered(&bench).await;
    bench.reply(bench.client.history(None, 1).unwrap().tickets[0].id, "Gibt es etwas Neues?");
    bench.settle_one().await;
    // Another ticket becomes the newest, so this one is not active.
    let other = bench.client.history(None, 200).unwrap().tickets.pop().unwrap().number.unwrap();
    bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 60 })).await;
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{other}/touch"), json!({})).await;
    // A phone that reads threads only when they are opened. The same question is written there again, and its first attempt
    // is cut off.
    let home = tempfile::tempdir().unwrap();
    let mut lazy = config(home.path(), &bench.sandbox.base_url);
    let mut product: Value = serde_json::from_str(&lazy.product.take().unwrap()).unwrap();
    product["sync"]["threads"] =
        json!({ "active_days": 0, "open": false, "unread": false, "requests_per_hour": 0, "bytes_per_hour": 0 });
    bench.client = open(&ClientConfig { product: Some(product.to_string()), ..lazy }, "ada-token");
    assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
    let history = bench.client.history(None, 200).unwrap().tickets;
    let ticket = history.iter().find(|row| row.number.map(|n| n.0) == Some(number)).unwrap().id;
    assert!(!bench.client.ticket(ticket).unwrap().thread_complete);
    bench.fault(json!({ "cut_before": { "times": 1 } })).await;
    bench.reply(ticket, "Gibt es etwas Neues?");
    until_sent(&bench).await;
    let expected = ["Gibt es etwas Neues?"; 2];
    assert_eq!(bench.theirs().await.1[2..], expected);
    let thread = bench.client.thread(ticket, None, 200).unwrap().messages;
    assert_eq!(thread.iter().map(|message| message.body.as_str()).collect::<Vec<_>>()[2..], expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_written_before_the_first_sync_is_not_taken_for_an_older_one() {
    let mut bench = Bench::start().await;
    bench.create();
    bench.settle_one().await;
    // A server without a field for client references, and a phone that was never online.
    let home = tempfile::tempdir().unwrap();
    let mut without = config(home.path(), &bench.sandbox.base_url);
    let mut product: Value = serde_json::from_str(&without.product.take().unwrap()).unwrap();
    product["connectors"]["zendesk"]["fields"]["client_reference"] = Value::Null;
    bench.client = open(&ClientConfig { product: Some(product.to_string()), ..without }, "ada-token");
    let ticket = bench.create();
    bench.fault(json!({ "cut_before": { "times": 1 } })).await;
    until_sent(&bench).await;
    assert_eq!(bench.theirs().await.0, 2);
    let history = bench.client.history(None, 200).unwrap();
    assert_eq!(history.total, 42);
    let newest = history.tickets.iter().filter_map(|row| row.number).max();
    assert_eq!(bench.client.ticket(ticket).unwrap().row.number, newest);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_answer_does_not_show_a_ticket_as_solved_that_the_reply_has_opened() {
    let bench = Bench::start().await;
    let (ticket, number) = answered(&bench).await;
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/status"), json!({ "status": "solved" })).await;
    bench.settle_one().await;
    // The server's times have whole seconds.
    bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 2 })).await;
    bench.fault(json!({ "stale_reads": { "seconds": 1 } })).await;
    bench.reply(ticket, "Doch noch eine Frage …");
    assert_eq!(bench.client.sync(Scope::Due).await.failure, None);
    bench.fault(json!({ "cut_before": { "times": 1 } })).await;
    bench.client.solve(ticket).unwrap();
    until_sent(&bench).await;
    let answer = bench.sandbox(Method::Get, &format!("/sandbox/tickets/{number}"), Value::Null).await;
    assert!(answer.to_string().contains(r#""status":"solved""#), "{answer}");
}

/// Syncs until nothing waits to be sent.
async fn until_sent(bench: &Bench) {
    let driver = Driver::start(&bench.client);
    let changes = bench.client.subscribe();
    let settled = async {
        while bench.client.state().unwrap().waiting > 0 {
            changes.next().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(50), settled).await.unwrap();
    driver.stop().await;
    assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
}
