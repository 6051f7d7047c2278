//! Nothing repeats without a pause and a bound, and no time of the server's is believed that its own clock has not
//! reached.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use pocketdesk::client::AccountProblem;
use serde_json::{Value, json};

use crate::memory::{Asked, Desk, Fault, START, shown, thread};

const HOUR: Duration = Duration::from_hours(1);
const MINUTE: Duration = Duration::from_mins(1);

fn number(asked: &crate::memory::Asked, name: &str) -> Option<i64> {
    asked.query.get(name).and_then(|value| value.parse().ok())
}

#[test]
fn cursors_in_a_circle_and_pages_without_end_come_to_an_end() {
    // A place that leads back, a new place for ever with the same rows, and new places without rows.
    for kind in ["circle", "same rows", "no rows"] {
        let desk = Desk::new(40, json!({ "sync": { "page_size": 10 } }));
        let mut pages = 0;
        let rows: Vec<Value> = desk
            .server
            .tickets
            .lock()
            .unwrap()
            .iter()
            .take(10)
            .map(|(number, ticket)| shown(*number, ticket))
            .collect();
        desk.server.break_with(move |asked| {
            if !asked.query.contains_key("page[size]") || asked.path != "/api/v2/requests" {
                return None;
            }
            pages += 1;
            let cursor = if kind == "circle" { (pages % 2).to_string() } else { pages.to_string() };
            let rows = if kind == "no rows" { json!([]) } else { json!(rows) };
            let meta = json!({ "has_more": true, "after_cursor": cursor });
            Some(Fault::json(200, &json!({ "requests": rows, "meta": meta, "links": {} })))
        });
        desk.pass(HOUR);
        let asked = desk.server.take_log().iter().filter(|(_, asked)| asked.contains("page%5Bsize%5D")).count();
        assert!(asked <= 60, "{kind}: {asked} pages in an hour");
        // It is read the other way, and the first sync ends although the server goes on like this.
        assert!(desk.client.state().unwrap().first_sync_done, "{kind}");
        assert_eq!(desk.rows().len(), 40, "{kind}");
        assert_eq!(desk.client.state().unwrap().problem, None, "{kind}");
    }
}

#[test]
fn comments_whose_pages_lead_in_a_circle_are_read_and_a_reply_leaves_once() {
    for kind in ["circle", "same rows"] {
        let desk = Desk::new(3, json!({}));
        desk.server.answer(2, "Guten Tag 🙏");
        let (server, mut pages) = (Arc::clone(&desk.server), 0);
        desk.server.break_with(move |asked| {
            if !asked.reads("/api/v2/requests/2/comments") {
                return None;
            }
            pages += 1;
            let cursor = if kind == "circle" { "again".to_owned() } else { format!("next {pages}") };
            // The server ignores the order that was asked for.
            let first = Asked { query: BTreeMap::new(), path: asked.path.clone(), ..*asked };
            let mut page = thread(&server.tickets.lock().unwrap()[&2], &first);
            page["meta"] = json!({ "has_more": true, "after_cursor": cursor });
            Some(Fault::json(200, &page))
        });
        desk.until(HOUR, || desk.client.state().unwrap().first_sync_done && desk.texts(2).len() == 2);
        assert!(
            desk.client.ticket(desk.id(2)).unwrap().left_out > 0,
            "{kind}: nobody knows what is outside the circle"
        );
        desk.server.take_log();
        desk.reply(2, "Danke! 🎉");
        desk.pass(HOUR);
        assert_eq!(desk.client.state().unwrap().waiting, 0, "{kind}");
        assert_eq!(desk.texts(2).last().unwrap(), "Danke! 🎉", "{kind}");
        assert_eq!(desk.server.texts(2).iter().filter(|text| *text == "Danke! 🎉").count(), 1, "{kind}");
        let asked = desk.server.take_log().iter().filter(|(_, asked)| asked.contains("comments")).count();
        assert!(asked <= 20, "{kind}: {asked} pages of comments in an hour");
    }
}

#[test]
fn a_place_that_fails_for_ever_is_left() {
    let desk = Desk::new(60, json!({ "sync": { "page_size": 10 } }));
    desk.server.break_with(|asked| {
        let place = asked.path == "/api/v2/requests" && number(asked, "page[after]") == Some(20);
        place.then(Fault::error)
    });
    desk.pass(MINUTE);
    assert!(desk.rows().len() >= 20);
    assert_eq!(desk.client.state().unwrap().problem, Some(AccountProblem::ServerMisbehaves), "the user is told");
    desk.until(HOUR * 3, || desk.client.state().unwrap().first_sync_done);
    assert_eq!(desk.rows().len(), 60);
    let asked = desk.server.take_log().len();
    assert!(asked < 200, "{asked} requests");
}

#[test]
fn a_page_of_far_too_many_rows_is_taken_in() {
    let desk = Desk::new(5_000, json!({ "sync": { "threads": { "active_days": 0, "open": false, "unread": false } } }));
    let rows: Vec<Value> =
        desk.server.tickets.lock().unwrap().iter().map(|(number, ticket)| shown(*number, ticket)).collect();
    let page =
        json!({ "requests": rows, "meta": { "has_more": false, "after_cursor": null }, "links": {} }).to_string();
    desk.server.break_with(move |asked| {
        let whole = asked.path == "/api/v2/requests" && asked.query.contains_key("page[size]");
        whole.then(|| Fault::Answer(200, page.clone()))
    });
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    assert_eq!(desk.client.history(None, 1).unwrap().total, 5_000);
}

#[test]
fn a_ticket_from_the_year_9999_hides_no_change() {
    let desk = Desk::new(60, json!({}));
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    let set = |number: i64, at: i64| desk.server.tickets.lock().unwrap().get_mut(&number).unwrap().updated_at = at;
    set(1, 253_400_000_000_000);
    desk.client.sync_now().unwrap();
    desk.pass(MINUTE);
    for number in 2..=56 {
        desk.server.answer(number, &format!("Stand {number}"));
    }
    desk.client.sync_now().unwrap();
    desk.pass(MINUTE);
    for number in 2..=56 {
        assert_eq!(desk.texts(number).last().unwrap(), &format!("Stand {number}"));
    }
    // The server is well again, and the ticket is not deaf.
    set(1, START);
    desk.server.answer(1, "Auch hier gibt es Neues");
    desk.client.sync_now().unwrap();
    desk.pass(MINUTE * 3);
    assert_eq!(desk.texts(1).last().unwrap(), "Auch hier gibt es Neues");
}

#[test]
fn two_tickets_that_exchanged_their_contents_are_corrected() {
    let change = json!({ "sync": { "reconciliation_seconds": 0 } });
    let desk = Desk::new(30, change);
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    let subject = |number: i64| desk.row(number).subject;
    let (older, newer) = (subject(3), subject(30));
    // One page gives the older ticket the content of the newer one.
    let wrong = {
        let tickets = desk.server.tickets.lock().unwrap();
        let mut wrong = shown(3, &tickets[&30]);
        wrong["id"] = json!(3);
        json!({ "requests": [wrong], "next_page": null, "count": 30 })
    };
    desk.server.break_with(move |asked| {
        let page = asked.path == "/api/v2/requests" && asked.query.contains_key("per_page");
        page.then(|| Fault::json(200, &wrong))
    });
    desk.client.sync_now().unwrap();
    desk.pass(Duration::from_secs(20));
    desk.server.mend();
    desk.pass(HOUR);
    desk.client.sync_now().unwrap();
    desk.pass(MINUTE * 2);
    assert_eq!((subject(3), subject(30)), (older, newer));
}

#[test]
fn a_busy_help_desk_is_shown_and_asked_again_by_the_user_once_a_minute() {
    let desk = Desk::new(10, json!({}));
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    for status in [429, 503] {
        let day = || ("retry-after", (24 * 3_600).to_string());
        desk.server.break_with(move |_| Some(Fault::With(status, "{}".to_owned(), day())));
        desk.reply(4, &format!("Antwort trotz {status}"));
        desk.pass(MINUTE);
        let busy = desk.client.state().unwrap().busy_until.expect("the user sees when the next attempt is made");
        assert!(busy.0 >= START + 24 * 3_600_000, "{busy:?}");
        desk.server.take_log();
        for _ in 0..120 {
            desk.client.sync_now().unwrap();
            desk.pass(Duration::from_secs(5));
        }
        let asked = desk.server.take_log().len();
        assert!((9..=22).contains(&asked), "{asked} requests in ten minutes of asking");
        desk.server.mend();
        desk.pass(MINUTE);
        desk.client.sync_now().unwrap();
        // After a 503 it is not known at once whether the reply has arrived.
        desk.until(MINUTE * 5, || desk.client.state().unwrap().waiting == 0);
        assert_eq!(desk.client.state().unwrap().busy_until, None);
    }
}

#[test]
fn polling_slows_when_little_is_left_of_the_rate_limit() {
    let desk = Desk::new(10, json!({}));
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    desk.client.set_in_front(true).unwrap();
    let asked_in = |desk: &Desk| {
        desk.server.take_log();
        desk.pass(HOUR * 10);
        desk.server.take_log().len()
    };
    let usual = asked_in(&desk);
    // Every answer says that 100 of 700 requests are left.
    desk.server.break_with(|_| {
        Some(Fault::Headers(vec![("x-rate-limit", "700".to_owned()), ("x-rate-limit-remaining", "100".to_owned())]))
    });
    let slow = asked_in(&desk);
    assert!(slow > 0 && slow * 4 < usual, "{slow} requests instead of {usual}");
    // What the user waits for is read all the same: the thread on screen, and what a refresh shows.
    desk.server.answer(5, "Sehen Sie das? 👀");
    desk.client.thread_opened(desk.id(5)).unwrap();
    desk.until(MINUTE, || desk.texts(5).len() == 2);
    desk.client.thread_closed(desk.id(5));
    desk.server.answer(6, "Und das?");
    desk.client.sync_now().unwrap();
    desk.until(MINUTE, || desk.texts(6).len() == 2);
    desk.reply(6, "Ja!");
    desk.until(MINUTE, || desk.server.texts(6).last().unwrap() == "Ja!");
}

#[test]
fn a_long_thread_shows_its_newest_comments_first_and_is_read_on() {
    let desk = Desk::new(3, json!({ "sync": { "page_size": 10 } }));
    for comment in 1..=400 {
        desk.server.answer(2, &format!("Nachricht {comment} – 你好"));
    }
    desk.client.set_in_front(true).unwrap();
    desk.until(HOUR * 3, || desk.client.state().unwrap().first_sync_done && desk.texts(2).len() >= 80);
    desk.until(HOUR * 3, || desk.texts(2).len() == 401 && desk.client.ticket(desk.id(2)).unwrap().thread_complete);
    let texts = desk.texts(2);
    assert_eq!((&*texts[1], &*texts[400]), ("Nachricht 1 – 你好", "Nachricht 400 – 你好"));
    // Nothing is read again by itself, and a new comment costs a page.
    desk.pass(HOUR);
    desk.server.answer(2, "Noch eine 🎉");
    desk.server.take_log();
    desk.client.sync_now().unwrap();
    desk.until(HOUR, || desk.texts(2).len() == 402);
    desk.reply(2, "Danke");
    desk.until(HOUR, || desk.client.state().unwrap().waiting == 0);
    assert_eq!(desk.server.texts(2).iter().filter(|text| *text == "Danke").count(), 1);
}
