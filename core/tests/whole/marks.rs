//! What makes a ticket unread, what a user marks, and what of it reaches the others (`docs/product.md`, W8).

use std::sync::Arc;
use std::time::Duration;

use pocketdesk::Client;
use pocketdesk::client::ClientConfig;
use pocketdesk::model::{StatusKind, TicketId};
use pocketdesk::net::Method;
use pocketdesk::sync::Scope;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bench::{Bench, config, open};
use crate::memory::{Desk, Fault};

async fn synced(client: &Client) {
    assert_eq!(client.sync(Scope::Everything).await.failure, None);
}

/// Ada's ticket on the server, which she has read.
async fn read_ticket(bench: &Bench) -> (TicketId, i64) {
    let ticket = bench.create();
    bench.settle_one().await;
    let number = bench.client.ticket(ticket).unwrap().row.number.unwrap().0;
    bench.client.thread_opened(ticket).unwrap();
    bench.client.thread_closed(ticket);
    bench.settle_one().await;
    (ticket, number)
}

/// Somebody does something to the ticket, at least a second after whatever was done before.
async fn happens(bench: &Bench, number: i64, what: &str, body: Value) {
    bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/{what}"), body).await;
}

async fn answers(bench: &Bench, number: i64, body: &str) {
    happens(bench, number, "answer", json!({ "body": body })).await;
}

/// One more device of a user of the sandbox.
async fn device(bench: &Bench, token: &'static str) -> (TempDir, Arc<Client>) {
    let home = tempfile::tempdir().unwrap();
    let client = open(&config(home.path(), &bench.sandbox.base_url), token);
    synced(&client).await;
    (home, client)
}

fn by_number(client: &Client, number: i64) -> pocketdesk::model::TicketRow {
    let rows = client.history(None, 200).unwrap().tickets;
    rows.into_iter().find(|row| row.number.map(|n| n.0) == Some(number)).unwrap()
}

fn is_unread(client: &Client, ticket: TicketId) -> bool {
    client.ticket(ticket).unwrap().row.unread
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_somebody_else_says_or_decides_makes_a_ticket_unread() {
    let bench = Bench::start().await;
    let (ticket, number) = read_ticket(&bench).await;
    let (_home, tablet) = device(&bench, "ada-token").await;
    let there = by_number(&tablet, number).id;

    happens(&bench, number, "touch", json!({})).await;
    synced(&bench.client).await;
    assert!(!is_unread(&bench.client, ticket), "only the time of its update has changed");
    happens(&bench, number, "note", json!({ "body": "Kundin ruft oft an. 📞" })).await;
    synced(&bench.client).await;
    assert!(!is_unread(&bench.client, ticket), "a private note");
    tablet.add_cc(there, &["zoe@reisen.example".to_owned()]).unwrap();
    synced(&tablet).await;
    synced(&bench.client).await;
    assert!(!is_unread(&bench.client, ticket), "somebody in copy");

    // A reply on another device, also one that reopens the ticket.
    for answered in [false, true] {
        if answered {
            answers(&bench, number, "Bitte schicken Sie uns die Rechnungsnummer.").await;
            synced(&bench.client).await;
            assert!(is_unread(&bench.client, ticket), "an answer");
            bench.client.thread_opened(ticket).unwrap();
            bench.client.thread_closed(ticket);
            synced(&tablet).await;
        }
        bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
        let draft = tablet.reply_draft(there).unwrap();
        tablet.reply(&pocketdesk::model::ReplyDraft { body: format!("Nachtrag, {answered}"), ..draft }).unwrap();
        synced(&tablet).await;
        synced(&bench.client).await;
        let messages = bench.client.thread(ticket, None, 200).unwrap().messages;
        assert_eq!(messages.last().unwrap().body, format!("Nachtrag, {answered}"));
        assert!(!is_unread(&bench.client, ticket), "the user's own reply on another device");
    }

    // Somebody else puts it on hold. Then the user solves it here.
    happens(&bench, number, "status", json!({ "status": "hold" })).await;
    synced(&bench.client).await;
    assert!(is_unread(&bench.client, ticket), "a change of status");
    bench.client.thread_opened(ticket).unwrap();
    bench.client.thread_closed(ticket);
    bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
    bench.client.solve(ticket).unwrap();
    bench.settle_one().await;
    synced(&bench.client).await;
    let row = bench.client.ticket(ticket).unwrap().row;
    assert_eq!((row.status.kind, row.unread), (StatusKind::Solved, false), "the user's own change of status");

    // It is opened again, and the user solves it on the other device. The phone hears of both only afterwards.
    bench.reply(ticket, "Leider doch noch nicht. 😕");
    bench.settle_one().await;
    bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
    synced(&tablet).await;
    tablet.solve(there).unwrap();
    synced(&tablet).await;
    synced(&bench.client).await;
    let row = bench.client.ticket(ticket).unwrap().row;
    assert_eq!((row.status.kind, row.unread), (StatusKind::Solved, false), "solved on the user's other device");
    let (_home, ben) = device(&bench, "ben-token").await;
    assert_eq!(by_number(&ben, number).status.kind, StatusKind::Solved);

    // An agent solves another ticket, with an answer.
    let (ticket, number) = read_ticket(&bench).await;
    happens(&bench, number, "answer", json!({ "body": "Das Geld ist da.", "status": "solved" })).await;
    synced(&bench.client).await;
    let row = bench.client.ticket(ticket).unwrap().row;
    assert_eq!((row.status.kind, row.unread), (StatusKind::Solved, true), "solved by somebody else, who says so");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_outlasts_syncs_and_the_process_and_ends_when_the_thread_is_opened() {
    let bench = Bench::start().await;
    let (ticket, number) = read_ticket(&bench).await;
    let before = bench.client.unread_tickets().unwrap();
    bench.client.set_online(false).unwrap();
    bench.client.mark_unread(ticket).unwrap();
    assert_eq!((is_unread(&bench.client, ticket), bench.client.unread_tickets().unwrap()), (true, before + 1));
    assert_eq!(bench.client.state().unwrap().waiting, 0, "nothing is sent");

    // Ben reads everything of it, and his mark reaches Ada's devices.
    answers(&bench, number, "Die Überweisung ist unterwegs.").await;
    let (_home, ben) = device(&bench, "ben-token").await;
    let there = by_number(&ben, number).id;
    ben.thread_opened(there).unwrap();
    synced(&ben).await;
    ben.thread_opened(there).unwrap();
    synced(&ben).await;
    bench.client.set_online(true).unwrap();
    for _ in 0..2 {
        synced(&bench.client).await;
        assert!(is_unread(&bench.client, ticket));
    }

    let Bench { folder, sandbox, client } = bench;
    drop(client);
    let client = open(&config(folder.path(), &sandbox.base_url), "ada-token");
    assert!(is_unread(&client, ticket));
    client.thread_opened(ticket).unwrap();
    assert_eq!((is_unread(&client, ticket), client.unread_tickets().unwrap()), (false, before));
    synced(&client).await;
    assert!(!is_unread(&client, ticket));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marking_all_as_read_offline_tells_the_others_and_delays_no_message() {
    let bench = Bench::start().await;
    let (first, number) = read_ticket(&bench).await;
    let (second, other) = read_ticket(&bench).await;
    let (_home, ben) = device(&bench, "ben-token").await;
    for number in [number, other] {
        answers(&bench, number, "Erledigt.").await;
    }
    synced(&bench.client).await;
    synced(&ben).await;
    assert!(bench.client.unread_tickets().unwrap() >= 2);
    assert!(by_number(&ben, number).unread && by_number(&ben, other).unread);
    bench.client.set_online(false).unwrap();
    bench.client.mark_all_read(None).unwrap();
    assert_eq!(bench.client.unread_tickets().unwrap(), 0);
    bench.reply(second, "Danke! 🙏");
    bench.client.set_online(true).unwrap();
    bench.sandbox(Method::Delete, "/sandbox/requests", Value::Null).await;
    bench.settle_one().await;
    let log = bench.sandbox(Method::Get, "/sandbox/requests", Value::Null).await["requests"].to_string();
    let (reply, mark) = (log.find(&format!("/api/v2/requests/{other}\"")), log.find("read_mark"));
    assert!(reply.is_some() && mark.is_some() && reply < mark, "the message goes first: {log}");
    synced(&bench.client).await;
    assert!(!is_unread(&bench.client, first) && !is_unread(&bench.client, second));
    synced(&ben).await;
    assert!(!by_number(&ben, number).unread, "Ada has read it");
    assert!(by_number(&ben, other).unread, "what she wrote there since is new to him");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_arrives_while_its_thread_is_on_screen_is_read_for_the_others_too() {
    let bench = Bench::start().await;
    let (ticket, number) = read_ticket(&bench).await;
    let (_home, ben) = device(&bench, "ben-token").await;
    bench.client.thread_opened(ticket).unwrap();
    answers(&bench, number, "Ihr Geld ist unterwegs. 💶").await;
    synced(&bench.client).await;
    let shown = bench.client.thread(ticket, None, 200).unwrap().messages;
    assert_eq!(shown.last().unwrap().body, "Ihr Geld ist unterwegs. 💶");
    assert!(!is_unread(&bench.client, ticket));
    synced(&ben).await;
    synced(&ben).await;
    assert!(!by_number(&ben, number).unread, "Ada has seen it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_marks_are_not_shared_the_page_says_so_and_nothing_is_sent() {
    let bench = Bench::start().await;
    assert_eq!(bench.client.history(None, 1).unwrap().read_marks_key, None);
    let (_, number) = read_ticket(&bench).await;
    let home = tempfile::tempdir().unwrap();
    let plain = ClientConfig { product: None, ..config(home.path(), &bench.sandbox.base_url) };
    let client = open(&plain, "ada-token");
    synced(&client).await;
    assert_eq!(client.history(None, 1).unwrap().read_marks_key, Some("history.read_marks.local"));
    let ticket = by_number(&client, number).id;
    client.thread_opened(ticket).unwrap();
    client.thread_closed(ticket);
    answers(&bench, number, "Erledigt.").await;
    synced(&client).await;
    assert!(is_unread(&client, ticket));
    bench.sandbox(Method::Delete, "/sandbox/requests", Value::Null).await;
    client.mark_all_read(None).unwrap();
    synced(&client).await;
    assert_eq!((is_unread(&client, ticket), client.unread_tickets().unwrap()), (false, 0));
    client.mark_unread(ticket).unwrap();
    client.mark_read(ticket).unwrap();
    synced(&client).await;
    assert!(!is_unread(&client, ticket));
    let log = bench.sandbox(Method::Get, "/sandbox/requests", Value::Null).await.to_string();
    assert!(!log.contains("read_mark") && log.contains("/api/v2/requests"), "{log}");
}

/// The desk of a user with `count` tickets, all of them unread and on this device with their answers.
fn unread_desk(count: i64) -> Desk {
    let desk = Desk::new(
        count,
        json!({ "read_marks": "shared|device", "connectors": { "zendesk": { "shared_read_marks": true } } }),
    );
    desk.client.set_in_front(true).unwrap();
    desk.until(Duration::from_hours(1), || desk.client.state().unwrap().first_sync_done);
    for number in 1..=count {
        desk.server.answer(number, &format!("Stand {number} 📨"));
    }
    desk.client.sync_now().unwrap();
    let last = |number| desk.texts(number).last().cloned();
    desk.until(Duration::from_hours(12), || (1..=count).all(|n| last(n) == Some(format!("Stand {n} 📨"))));
    assert_eq!(i64::from(desk.client.unread_tickets().unwrap()), count);
    desk.server.take_log();
    desk
}

/// The moment and ticket of every read mark that the server received since the last call.
fn marks(desk: &Desk) -> Vec<(Duration, i64)> {
    let of = |path: &str| path.strip_prefix("PUT /api/v2/requests/")?.strip_suffix("/read_mark")?.parse().ok();
    desk.server.take_log().into_iter().filter_map(|(at, asked)| Some((at, of(&asked)?))).collect()
}

#[test]
fn marking_all_as_read_tells_of_the_newest_hundred_twenty_a_minute() {
    let desk = unread_desk(130);
    desk.client.mark_all_read(None).unwrap();
    assert_eq!(desk.client.unread_tickets().unwrap(), 0, "on this device they are all read");
    let start = desk.clock.elapsed();
    desk.pass(Duration::from_secs(30));
    let first = marks(&desk);
    assert_eq!(first.len(), 20, "{first:?}");
    desk.reply(7, "Danke! 🙏");
    desk.until(Duration::from_secs(20), || desk.server.texts(7).last().unwrap() == "Danke! 🙏");
    desk.pass(Duration::from_mins(15));
    let sent: Vec<_> = first.into_iter().chain(marks(&desk)).collect();
    let mut tickets: Vec<_> = sent.iter().map(|(_, number)| *number).collect();
    tickets.sort_unstable();
    assert_eq!(tickets, (31..=130).collect::<Vec<_>>(), "those with the newest activity");
    let in_minute = |minute: u64| {
        let (from, to) = (start + Duration::from_mins(minute), start + Duration::from_mins(minute + 1));
        sent.iter().filter(|(at, _)| (from..to).contains(at)).count()
    };
    assert!((0..15).all(|minute| in_minute(minute) <= 20), "{sent:?}");
    let took = sent.last().unwrap().0.abs_diff(start);
    assert!((Duration::from_mins(3)..Duration::from_mins(8)).contains(&took), "{took:?} without another request");
}

#[test]
fn a_busy_server_is_asked_for_one_read_mark_and_not_for_all() {
    let desk = unread_desk(15);
    let mut left = 5;
    desk.server.break_with(move |asked| {
        let is_mark = asked.path.ends_with("/read_mark");
        left -= i32::from(is_mark);
        (is_mark && left < 0).then(|| Fault::With(429, "{}".to_owned(), ("retry-after", "120".to_owned())))
    });
    desk.client.mark_all_read(None).unwrap();
    desk.pass(Duration::from_secs(100));
    let first = marks(&desk);
    assert_eq!(first.len(), 6, "five that were taken and one that was not: {first:?}");
    // Messages go all the same.
    desk.reply(3, "Eilt bitte!");
    desk.until(Duration::from_secs(10), || desk.server.texts(3).last().unwrap() == "Eilt bitte!");
    assert_eq!(marks(&desk), []);
    desk.server.mend();
    desk.pass(Duration::from_mins(3));
    let rest = marks(&desk);
    assert!(rest[0].0 >= first[5].0 + Duration::from_mins(2), "{rest:?}");
    let mut tickets: Vec<_> = first[..5].iter().chain(&rest).map(|(_, number)| *number).collect();
    tickets.sort_unstable();
    assert_eq!(tickets, (1..=15).collect::<Vec<_>>(), "each ticket's mark has arrived once");
}

#[test]
fn marks_that_were_made_offline_survive_the_process() {
    let desk = unread_desk(3);
    desk.client.set_online(false).unwrap();
    desk.client.mark_all_read(None).unwrap();
    desk.client.mark_unread(desk.id(2)).unwrap();
    desk.pass(Duration::from_mins(5));
    assert_eq!(marks(&desk), []);
    let desk = desk.restart();
    assert_eq!(desk.client.unread_tickets().unwrap(), 1);
    desk.pass(Duration::from_mins(1));
    let mut tickets: Vec<_> = marks(&desk).into_iter().map(|(_, number)| number).collect();
    tickets.sort_unstable();
    assert_eq!(tickets, [1, 2, 3]);
    assert!(desk.row(2).unread && !desk.row(1).unread);
}
