//! One bad thread, list or answer costs itself, and nothing else. An account-wide refusal is no statement about a ticket.

use std::time::Duration;

use pocketdesk::client::AccountProblem;
use pocketdesk::model::Delivery;
use pocketdesk::sync::Scope;
use serde_json::json;

use crate::memory::{Desk, Fault, shown};

const HOUR: Duration = Duration::from_hours(1);
const MINUTE: Duration = Duration::from_mins(1);

/// A device that has read everything.
fn synced(tickets: i64) -> Desk {
    let desk = Desk::new(tickets, json!({}));
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    desk.pass(MINUTE);
    desk
}

#[test]
fn a_thread_that_fails_costs_no_other_thread_and_no_list() {
    for failure in [
        || Fault::error(),
        || Fault::Answer(404, "<html>not here</html>".to_owned()),
        || Fault::json(406, &json!({ "error": "NotAcceptable" })),
        || Fault::Answer(200, "{\"comments\":".to_owned()),
        || Fault::Broken,
    ] {
        let desk = synced(8);
        for number in 1..=8 {
            desk.server.answer(number, &format!("Antwort {number} ✅"));
        }
        desk.server.break_with(move |asked| asked.reads("/api/v2/requests/8/comments").then(failure));
        let (bad, good) = (desk.id(8), desk.id(7));
        // Also while it is on screen.
        desk.client.thread_opened(bad).unwrap();
        desk.client.set_in_front(true).unwrap();
        desk.client.sync_now().unwrap();
        desk.pass(MINUTE);
        for number in 1..=7 {
            assert_eq!(desk.texts(number).last().unwrap(), &format!("Antwort {number} ✅"));
        }
        let problem = desk.client.ticket(bad).unwrap().refresh_problem.expect("its screen says so");
        assert!(problem.next_attempt.0 > 0);
        assert_eq!(desk.client.ticket(good).unwrap().refresh_problem, None);
        let state = desk.client.state().unwrap();
        assert_eq!((state.problem, state.online), (None, true));
        assert_eq!(desk.texts(8).len(), 1, "what was known of it stays");
        // A reply elsewhere is sent as always.
        desk.reply(7, "Danke!");
        desk.until(MINUTE, || desk.server.texts(7).contains(&"Danke!".to_owned()));
        // It is asked for more and more seldom.
        desk.client.thread_closed(bad);
        desk.client.set_in_front(false).unwrap();
        desk.pass(HOUR / 4);
        desk.server.take_log();
        desk.pass(HOUR);
        let asked = desk.server.take_log().iter().filter(|(_, asked)| asked.contains("/8/comments")).count();
        assert!((1..=12).contains(&asked), "{asked} times in an hour");
        // The server is well again, and the user asks for this thread.
        desk.server.mend();
        desk.client.retry_thread(bad).unwrap();
        desk.until(MINUTE, || desk.texts(8).len() == 2);
        assert_eq!(desk.client.ticket(bad).unwrap().refresh_problem, None);
    }
}

#[test]
fn a_thread_on_screen_that_fails_for_an_hour_keeps_no_other_from_being_read() {
    let desk = synced(8);
    desk.server.answer(8, "Bitte schicken Sie uns den Beleg.");
    desk.server.break_with(|asked| asked.reads("/api/v2/requests/8/comments").then(Fault::error));
    desk.client.set_in_front(true).unwrap();
    desk.client.thread_opened(desk.id(8)).unwrap();
    desk.pass(HOUR);
    desk.server.answer(3, "Neu: die Zahlung ist unterwegs. 🎉");
    // As rarely as a quiet history is asked for.
    desk.until(HOUR / 3, || desk.texts(3).len() == 2);
}

#[test]
fn a_hundred_threads_that_fail_cost_a_few_requests() {
    let desk = synced(100);
    for number in 1..=100 {
        desk.server.answer(number, "Wir melden uns.");
    }
    desk.server.break_with(|asked| asked.path.ends_with("/comments").then(Fault::error));
    desk.server.take_log();
    desk.client.sync_now().unwrap();
    desk.pass(HOUR / 6);
    let asked = desk.server.take_log().iter().filter(|(_, asked)| asked.contains("/comments")).count();
    assert!(asked <= 20, "{asked} requests in ten minutes");
    desk.server.mend();
    desk.client.sync_now().unwrap();
    desk.until(HOUR, || (1..=100).all(|number| desk.texts(number).len() == 2));
}

#[test]
fn a_list_that_fails_costs_itself_and_the_user_is_told() {
    let desk = synced(8);
    desk.server.answer(3, "Neu: die Zahlung ist unterwegs.");
    desk.server.break_with(|asked| asked.reads("/api/v2/requests/ccd").then(Fault::error));
    desk.client.sync_now().unwrap();
    desk.pass(MINUTE);
    assert_eq!(desk.texts(3).len(), 2, "the other list and the threads are read");
    assert_eq!(desk.client.state().unwrap().problem, Some(AccountProblem::ServerMisbehaves));
    desk.server.take_log();
    desk.pass(HOUR);
    let asked = desk.server.take_log().iter().filter(|(_, asked)| asked.contains("/ccd")).count();
    assert!((1..=12).contains(&asked), "{asked} times in an hour");
    desk.server.mend();
    desk.client.sync_now().unwrap();
    desk.pass(MINUTE);
    assert_eq!(desk.client.state().unwrap().problem, None);
}

#[test]
fn a_ticket_that_fails_does_not_end_a_full_reconciliation() {
    let change = json!({ "sync": { "reconciliation_seconds": 0 } });
    let desk = Desk::new(30, change);
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    desk.pass(MINUTE);
    // Two are gone. One of them cannot be asked for.
    desk.server.break_with(|asked| (asked.path == "/api/v2/requests/4").then(Fault::error));
    for number in [4, 20] {
        desk.server.tickets.lock().unwrap().remove(&number);
    }
    desk.clock.run(desk.client.sync(Scope::Everything));
    desk.clock.run(desk.client.sync(Scope::Everything));
    assert!(desk.row(4).visible && !desk.row(20).visible);
    desk.server.mend();
    desk.pass(MINUTE);
    desk.clock.run(desk.client.sync(Scope::Everything));
    assert!(!desk.row(4).visible, "the others did not wait for it, and it was not forgotten");
}

#[test]
fn a_refusal_of_everything_empties_no_ticket() {
    // For how many requests everything is refused: also for so few that the end of it lies between two requests.
    for refused in (1..14).chain([1_000]) {
        let desk = synced(30);
        let before = desk.rows();
        for number in 26..=30 {
            desk.server.answer(number, "Bitte um Rückruf 📞");
        }
        let mut left = refused;
        desk.server.break_with(move |asked| {
            left -= i32::from(left > 0 && asked.path != "/api/v2/users/me");
            (left > 0 && asked.path != "/api/v2/users/me").then(Fault::forbidden)
        });
        for number in [30, 29, 28] {
            desk.client.thread_opened(desk.id(number)).unwrap();
            desk.clock.run(desk.client.sync(Scope::Due));
        }
        desk.client.sync_now().unwrap();
        desk.pass(MINUTE);
        assert!(desk.rows().iter().all(|row| row.visible && !row.subject.is_empty()), "after {refused} refusals");
        if refused == 1_000 {
            assert_eq!(desk.client.state().unwrap().problem, Some(AccountProblem::NotAllowed), "and the user is told");
        }
        desk.server.mend();
        desk.client.sync_now().unwrap();
        desk.until(HOUR, || (26..=30).all(|number| desk.texts(number).len() == 2));
        desk.until(MINUTE, || desk.client.state().unwrap().problem.is_none());
        assert_eq!(desk.rows().len(), before.len());
    }
}

#[test]
fn what_the_server_really_took_away_leaves_wherever_it_is_noticed() {
    let desk = synced(30);
    for number in [10, 11, 12] {
        desk.server.tickets.lock().unwrap().remove(&number);
    }
    desk.client.thread_opened(desk.id(10)).unwrap();
    desk.until(MINUTE, || !desk.row(10).visible);
    desk.client.on_push(11).unwrap();
    desk.until(MINUTE, || !desk.row(11).visible);
    assert!(desk.row(12).visible, "nobody has asked for it yet {:#?}", desk.server.take_log());
    assert_eq!(desk.client.state().unwrap().problem, None);
}

#[test]
fn a_server_that_refuses_everything_is_asked_more_and_more_seldom() {
    let refusals: [fn() -> Fault; 3] = [
        Fault::forbidden,
        || Fault::json(410, &json!({ "error": "Gone" })),
        || Fault::Answer(403, "<html>".to_owned()),
    ];
    for refusal in refusals {
        let desk = synced(30);
        for number in 21..=30 {
            desk.server.answer(number, "Bitte um Rückruf 📞");
        }
        desk.server.break_with(move |_| Some(refusal()));
        desk.reply(5, "Ist das angekommen?");
        desk.client.sync_now().unwrap();
        desk.server.take_log();
        desk.pass(HOUR);
        let asked = desk.server.take_log().len();
        assert!(asked <= 60, "{asked} requests in an hour");
        desk.server.mend();
        desk.client.sync_now().unwrap();
        desk.until(HOUR, || (21..=30).all(|number| desk.texts(number).len() == 2));
        desk.until(HOUR, || desk.client.state().unwrap().waiting == 0);
        assert_eq!(desk.server.texts(5).iter().filter(|text| text.starts_with("Ist das")).count(), 1);
    }
}

#[test]
fn a_ticket_that_a_list_shows_is_not_removed() {
    let desk = synced(30);
    for number in 26..=30 {
        desk.server.answer(number, "Bitte um Rückruf 📞");
    }
    // Something in between refuses single tickets, for hours.
    desk.server.break_with(|asked| {
        let single = asked.path.starts_with("/api/v2/requests/") && !asked.path.ends_with("/ccd");
        single.then(Fault::forbidden)
    });
    for number in [30, 29, 3] {
        desk.client.thread_opened(desk.id(number)).unwrap();
        desk.client.sync_now().unwrap();
        desk.pass(HOUR);
    }
    assert!(desk.rows().iter().all(|row| row.visible && !row.subject.is_empty()));
    desk.server.mend();
    desk.client.sync_now().unwrap();
    desk.until(HOUR, || (26..=30).all(|number| desk.texts(number).len() == 2));
}

#[test]
fn too_many_revocations_at_once_are_told_and_remove_nothing() {
    let desk = synced(60);
    for number in 1..=60 {
        desk.server.answer(number, "Danke für Ihre Geduld.");
    }
    // The threads are due and cannot be read. Then most tickets are neither in a list nor there by themselves.
    desk.server.break_with(|asked| asked.path.ends_with("/comments").then(Fault::error));
    desk.client.sync_now().unwrap();
    desk.pass(MINUTE);
    desk.server.mend();
    desk.server.tickets.lock().unwrap().retain(|number, _| *number > 40);
    desk.client.sync_now().unwrap();
    desk.pass(MINUTE);
    assert!(desk.rows().iter().all(|row| row.visible));
    assert_eq!(desk.client.state().unwrap().problem, Some(AccountProblem::HistoryMissing));
}

#[test]
fn a_reply_whose_outcome_is_unknown_is_looked_for_without_emptying_its_ticket() {
    let desk = synced(5);
    let mut cut = true;
    desk.server.break_with(move |asked| match (asked.method, &*asked.path) {
        ("PUT", _) if std::mem::take(&mut cut) => Some(Fault::Broken),
        ("GET", path) if path.starts_with("/api/v2/requests/5") => Some(Fault::forbidden()),
        ("GET", "/api/v2/requests") => Some(Fault::forbidden()),
        _ => None,
    });
    desk.reply(5, "Haben Sie das bekommen?");
    desk.pass(MINUTE);
    assert!(desk.row(5).visible);
    desk.server.mend();
    desk.client.sync_now().unwrap();
    desk.until(HOUR, || desk.client.state().unwrap().waiting == 0);
    assert_eq!(desk.server.texts(5).iter().filter(|text| text.starts_with("Haben Sie")).count(), 1);
    let messages = desk.client.thread(desk.id(5), None, 200).unwrap().messages;
    assert!(messages.iter().all(|message| message.delivery == Delivery::Sent));
}

#[test]
fn a_row_that_cannot_be_read_costs_itself_and_is_never_missing() {
    // Every run looks for what disappeared.
    let desk = Desk::new(30, json!({ "sync": { "reconciliation_seconds": 0 } }));
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    let rows = |desk: &Desk, odd: &serde_json::Value| {
        let tickets = desk.server.tickets.lock().unwrap();
        let mut rows: Vec<_> = tickets.iter().rev().map(|(number, ticket)| shown(*number, ticket)).collect();
        for (key, value) in odd.as_object().unwrap() {
            rows[3][key] = value.clone();
        }
        json!(rows)
    };
    for odd in [
        json!({ "requester_id": null, "subject": 4_711, "custom_fields": { "a": [1, null] } }),
        json!({ "updated_at": "0000-01-01T00:00:00Z", "created_at": "10000-01-01T00:00:00Z" }),
        json!({ "id": "27" }),
        json!({ "id": { "value": 27 } }),
        json!({ "id": null, "status": null }),
    ] {
        for number in [26, 28] {
            desk.server.answer(number, &format!("Trotzdem gelesen: {odd}"));
        }
        let rows = rows(&desk, &odd);
        desk.server.break_with(move |asked| {
            let list = asked.path == "/api/v2/requests" && asked.query.get("page").is_none_or(|page| page == "1");
            let page = json!({ "requests": rows, "next_page": null, "count": 30,
                               "meta": { "has_more": false, "after_cursor": null } });
            list.then(|| Fault::json(200, &page))
        });
        desk.client.sync_now().unwrap();
        desk.pass(HOUR);
        assert_eq!(desk.rows().iter().filter(|row| row.visible).count(), 30, "{odd}");
        assert_eq!(desk.client.state().unwrap().problem, None, "{odd}");
        for number in [26, 28] {
            assert_eq!(desk.texts(number).last().unwrap(), &format!("Trotzdem gelesen: {odd}"));
        }
        desk.server.mend();
    }
}

#[test]
fn a_comment_that_is_too_large_costs_itself_alone() {
    // The newest one, one in the middle, the description, and two.
    for too_large in [vec![0], vec![7], vec![12], vec![0, 5]] {
        let desk = synced(4);
        for comment in 1..=12 {
            desk.server.answer(3, &format!("Nachricht {comment} 📎"));
        }
        let huge = too_large.clone();
        desk.server.break_with(move |asked| {
            let number = |name: &str| asked.query.get(name).and_then(|value| value.parse::<usize>().ok());
            let page = match (number("page"), number("per_page")) {
                (Some(page), Some(rows)) => (page - 1) * rows..page * rows,
                _ => number("page[after]").unwrap_or(0)..number("page[after]").unwrap_or(0) + number("page[size]")?,
            };
            let has_huge = asked.path.ends_with("/3/comments") && huge.iter().any(|place| page.contains(place));
            has_huge.then_some(Fault::TooLarge)
        });
        desk.server.take_log();
        desk.client.sync_now().unwrap();
        desk.pass(MINUTE);
        let texts = desk.texts(3);
        for comment in (0..12).filter(|place| !too_large.contains(place)) {
            let text = format!("Nachricht {} 📎", 12 - comment);
            assert!(texts.contains(&text), "{text} of {too_large:?}: {texts:?}");
        }
        let ticket = desk.client.ticket(desk.id(3)).unwrap();
        assert_eq!(ticket.left_out as usize, too_large.len(), "{too_large:?}");
        assert_eq!(ticket.refresh_problem, None);
        let asked = desk.server.take_log().iter().filter(|(_, asked)| asked.contains("/3/comments")).count();
        assert!(asked <= 40, "{asked} requests for {too_large:?}");
    }
}
