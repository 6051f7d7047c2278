//! How often the server is asked, and how many requests that takes. The simulation of a fleet (`tests/fleet`) counts on these
//! numbers.

use std::time::Duration;

use serde_json::json;

use crate::memory::{Desk, Fault};

const HOUR: Duration = Duration::from_hours(1);
const MINUTE: Duration = Duration::from_mins(1);

/// A device whose history is read, and was read once more since nothing older can appear in it.
fn settled() -> Desk {
    let desk = Desk::new(30, json!({}));
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    desk.client.set_in_front(true).unwrap();
    desk.pass(HOUR * 3);
    desk.server.take_log();
    desk
}

/// What is asked for from now on, until `done`.
fn asked_until(desk: &Desk, done: impl FnMut() -> bool) -> Vec<String> {
    desk.server.take_log();
    desk.until(HOUR, done);
    desk.pass(Duration::from_secs(5));
    desk.server.take_log().into_iter().map(|(_, asked)| asked).collect()
}

fn is_check(asked: &str) -> bool {
    asked.starts_with("GET /api/v2/requests?") && asked.contains("per_page=1&")
}

#[test]
fn an_unchanged_history_costs_one_question_with_one_row() {
    let desk = settled();
    desk.pass(HOUR * 4);
    let log = desk.server.take_log();
    let (checks, others): (Vec<_>, Vec<_>) = log.iter().partition(|(_, asked)| is_check(asked));
    // Once in 15 minutes, and every fourth time all lists.
    assert!((11..=14).contains(&checks.len()), "{log:#?}");
    assert!(others.len() <= 4 * 4, "{log:#?}");
}

#[test]
fn what_has_changed_is_found_with_one_question_and_read_with_four_more_requests() {
    let desk = settled();
    desk.server.answer(7, "Wir haben die Provision nachgetragen. 🎉");
    let asked = asked_until(&desk, || desk.texts(7).len() == 2);
    assert!(asked.len() <= 5, "{asked:#?}");
}

#[test]
fn the_thread_on_screen_costs_a_request_and_another_one_if_it_has_changed() {
    let desk = settled();
    desk.client.thread_opened(desk.id(7)).unwrap();
    desk.pass(MINUTE);
    desk.server.take_log();
    desk.client.on_push(7).unwrap();
    desk.pass(Duration::from_secs(5));
    assert_eq!(desk.server.take_log().len(), 1, "nothing has changed");
    desk.server.answer(7, "Ist das jetzt gelöst?");
    desk.client.on_push(7).unwrap();
    let asked = asked_until(&desk, || desk.texts(7).len() == 2);
    assert_eq!(asked.len(), 2, "{asked:#?}");
}

#[test]
fn a_reply_costs_three_requests() {
    let desk = settled();
    desk.client.thread_opened(desk.id(7)).unwrap();
    desk.pass(MINUTE);
    desk.client.thread_closed(desk.id(7));
    desk.reply(7, "Ja, vielen Dank!");
    let asked = asked_until(&desk, || desk.client.state().unwrap().waiting == 0);
    assert!(asked.len() <= 3, "it is sent, and its thread is read twice: {asked:#?}");
}

#[test]
fn a_quiet_thread_on_screen_is_asked_for_ever_more_rarely_until_the_user_writes() {
    let desk = settled();
    desk.client.thread_opened(desk.id(7)).unwrap();
    let in_ten_minutes = || {
        desk.server.take_log();
        desk.pass(MINUTE * 10);
        desk.server.take_log().iter().filter(|(_, asked)| asked.contains("/requests/7")).count()
    };
    let at_first = in_ten_minutes();
    desk.pass(MINUTE * 20);
    let later = in_ten_minutes();
    assert!((5..=9).contains(&at_first) && (1..=3).contains(&later), "{at_first} and {later} requests");
    desk.reply(7, "Noch eine Frage: gilt das auch für März?");
    assert!(in_ten_minutes() >= at_first, "an answer may come soon");
}

#[test]
fn while_push_messages_come_the_server_is_hardly_asked_and_what_got_lost_is_found() {
    let desk = settled();
    desk.client.set_push_enabled(true);
    desk.pass(HOUR * 4);
    desk.server.take_log();
    desk.pass(HOUR * 8);
    let asked = desk.server.take_log().len();
    assert!((2..=8).contains(&asked), "{asked} requests in eight hours");
    desk.server.answer(3, "Diese Nachricht geht verloren.");
    desk.until(HOUR * 5, || desk.texts(3).len() == 2);
}

#[test]
fn after_an_outage_a_server_with_much_load_is_read_late_and_what_the_user_wrote_leaves_at_once() {
    let desk = settled();
    let loaded = || vec![("x-rate-limit", "700".to_owned()), ("x-rate-limit-remaining", "150".to_owned())];
    desk.server.break_with(move |_| Some(Fault::Headers(loaded())));
    desk.client.sync_now().unwrap();
    desk.pass(MINUTE);
    desk.client.set_online(false).unwrap();
    desk.reply(7, "Ohne Netz geschrieben: bitte zurückrufen 📞");
    desk.pass(HOUR);
    desk.server.take_log();
    desk.client.set_online(true).unwrap();
    desk.until(Duration::from_secs(5), || desk.client.state().unwrap().waiting == 0);
    let at_once = desk.server.take_log();
    assert!(at_once.iter().all(|(_, asked)| asked.contains("/requests/7")), "{at_once:#?}");
    desk.until(HOUR * 2, || desk.server.take_log().iter().any(|(_, asked)| !asked.contains("/requests/7")));
}

#[test]
fn a_push_message_in_the_background_reads_its_ticket_and_no_list() {
    let desk = settled();
    desk.client.set_in_front(false).unwrap();
    desk.server.answer(7, "Die Erstattung ist unterwegs. 📨");
    desk.server.answer(8, "Und hier auch.");
    desk.server.take_log();
    desk.client.on_push(7).unwrap();
    let outcome = desk.drive(desk.client.sync_until(Duration::from_secs(25)));
    assert_eq!((outcome.problem, desk.texts(7).len()), (None, 2));
    let asked: Vec<_> = desk.server.take_log().into_iter().map(|(_, asked)| asked).collect();
    assert!(asked.iter().all(|asked| asked.contains("/requests/7")), "{asked:#?}");
    // Without a push message, the background finds what is new.
    desk.pass(MINUTE * 2);
    desk.drive(desk.client.sync_until(Duration::from_secs(25)));
    assert_eq!(desk.texts(8).len(), 2);
}
