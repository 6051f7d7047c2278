//! What a user wrote leaves after the one request that is under way, whatever else is going on.

use std::time::Duration;

use pocketdesk::environment::Environment;
use pocketdesk::model::{Delivery, DraftId, FileState, ReplyDraft};
use serde_json::json;

use crate::memory::{Desk, Fault, LATENCY};

const HOUR: Duration = Duration::from_hours(1);

/// How long it may take until a reply has left: the request under way, the requests that the reply itself needs before
/// (its thread), and its own.
const ONE_REQUEST: Duration = Duration::from_millis(100 * 5);

/// A device whose backfill takes many minutes.
fn in_a_long_backfill() -> Desk {
    let change = json!({ "sync": { "page_size": 1,
                         "threads": { "active_days": 0, "open": false, "unread": false } } });
    let desk = Desk::new(3_000, change);
    desk.until(HOUR, || desk.rows().len() > 50);
    // Nothing has to be read before the reply.
    let newest = desk.id(3_000);
    desk.client.thread_opened(newest).unwrap();
    desk.until(HOUR, || desk.client.ticket(newest).unwrap().thread_complete);
    assert!(!desk.client.state().unwrap().first_sync_done);
    desk
}

/// How long it takes until a reply has left that is written right after `ask`, in the middle of one long run.
fn leaves_after(desk: &Desk, ask: &dyn Fn(), text: &str) -> Duration {
    desk.drive(async {
        // The run has begun, and reads pages.
        desk.clock.sleep(Duration::from_secs(5)).await;
        desk.server.take_log();
        ask();
        desk.reply(3_000, text);
        desk.wait(HOUR, || desk.server.texts(3_000).iter().any(|sent| sent == text)).await
    })
}

fn reply_leaves_at_once(desk: &Desk, ask: &dyn Fn(), text: &str) {
    let took = leaves_after(desk, ask, text);
    assert!(took <= ONE_REQUEST, "{text} after {took:?}: {:#?}", desk.server.take_log());
    assert!(!desk.client.state().unwrap().first_sync_done, "the backfill is still under way");
}

#[test]
fn a_reply_leaves_after_the_one_request_under_way_during_a_backfill() {
    reply_leaves_at_once(&in_a_long_backfill(), &|| {}, "Danke – schon erledigt 🙏");
}

#[test]
fn whatever_asks_for_everything_holds_up_no_reply() {
    let desk = in_a_long_backfill();
    let asks: [(&str, &dyn Fn()); 4] = [
        ("a refresh", &|| desk.client.sync_now().unwrap()),
        ("the network returns", &|| {
            desk.client.set_online(false).unwrap();
            desk.client.set_online(true).unwrap();
        }),
        ("a push message about an unknown ticket", &|| desk.client.on_push(999_999).unwrap()),
        ("a thread is opened", &|| desk.client.thread_opened(desk.id(20)).unwrap()),
    ];
    for (what, ask) in asks {
        reply_leaves_at_once(&desk, ask, &format!("Erste Antwort: {what}"));
        reply_leaves_at_once(&desk, ask, &format!("Zweite Antwort: {what}"));
    }
}

/// The tests above would notice it.
#[cfg(feature = "deliberate-bugs")]
#[test]
fn a_refresh_that_holds_up_sending_is_found() {
    use pocketdesk::bugs::{Bug, turn_on};
    for on in [None, Some(Bug::RefreshHoldsUpSending)] {
        let desk = in_a_long_backfill();
        turn_on(on);
        let took = leaves_after(&desk, &|| desk.client.sync_now().unwrap(), "Danke – schon erledigt 🙏");
        turn_on(None);
        assert_eq!(took > ONE_REQUEST, on.is_some(), "{took:?}");
    }
}

#[test]
fn a_message_that_can_no_longer_be_undone_leaves_during_a_backfill() {
    let desk = in_a_long_backfill();
    desk.client.set_in_front(true).unwrap();
    desk.pass(Duration::from_secs(1));
    desk.reply(3_000, "Bitte nicht mehr anrufen");
    let took = desk.until(HOUR, || desk.server.texts(3_000).iter().any(|sent| sent.starts_with("Bitte nicht")));
    assert!(took >= Duration::from_secs(5) && took <= Duration::from_secs(5) + ONE_REQUEST, "{took:?}");
}

#[test]
fn a_reply_waits_for_no_file() {
    let desk = Desk::new(12, json!({}));
    desk.server.attach(5, 9_000);
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    desk.pass(HOUR);
    // One byte in a second.
    desk.server.break_with(|asked| {
        let slow = asked.path.contains("/files/") || asked.path.ends_with("/uploads");
        slow.then_some(Fault::Slow(Duration::from_mins(150)))
    });
    let file = desk.client.thread(desk.id(5), None, 200).unwrap().messages.last().unwrap().id;
    assert_eq!(desk.client.download(file, 0).unwrap(), FileState::Requested);
    let draft = desk.client.reply_draft(desk.id(6)).unwrap();
    let draft = ReplyDraft { body: "Mit Anhang".to_owned(), ..draft };
    desk.client.save_reply_draft(&draft).unwrap();
    attach(&desk, &draft.id);
    desk.client.reply(&draft).unwrap();
    desk.drive(async {
        desk.clock.sleep(Duration::from_secs(10)).await;
        desk.reply(7, "Ohne Anhang");
        let took = desk.wait(HOUR, || desk.server.texts(7).iter().any(|text| text == "Ohne Anhang")).await;
        assert!(took <= ONE_REQUEST, "{took:?}");
        // A second message with a file does not wait for the first one's either.
        desk.server.mend();
        let second = desk.client.reply_draft(desk.id(8)).unwrap();
        let second = ReplyDraft { body: "Auch mit Anhang".to_owned(), ..second };
        desk.client.save_reply_draft(&second).unwrap();
        attach(&desk, &second.id);
        desk.client.reply(&second).unwrap();
        let took = desk.wait(HOUR, || desk.server.texts(8).iter().any(|text| text == "Auch mit Anhang")).await;
        assert!(took <= ONE_REQUEST + LATENCY * 2, "{took:?}");
        assert!(!desk.server.texts(6).iter().any(|text| text == "Mit Anhang"), "its file is still on the way");
    });
    // In the end everything arrives, once.
    desk.until(HOUR * 6, || desk.client.state().unwrap().waiting == 0);
    desk.until(HOUR * 6, || {
        let messages = desk.client.thread(desk.id(5), None, 200).unwrap().messages;
        messages.last().unwrap().attachments[0].bytes == FileState::OnDevice
    });
    assert_eq!(desk.server.texts(6).iter().filter(|text| *text == "Mit Anhang").count(), 1);
    let sent = desk.client.thread(desk.id(6), None, 200).unwrap().messages;
    assert!(sent.iter().all(|message| message.delivery == Delivery::Sent));
}

fn attach(desk: &Desk, draft: &DraftId) {
    let path = desk.folder.path().join("liste.csv");
    std::fs::write(&path, "Datum;Betrag\n1.3.;12,50\n").unwrap();
    desk.client.attach(draft, &path, "Liste – März.csv").unwrap();
}

#[test]
fn without_a_network_a_message_waits_and_can_be_edited() {
    let desk = Desk::new(3, json!({}));
    desk.until(HOUR, || desk.client.state().unwrap().first_sync_done);
    desk.client.set_in_front(true).unwrap();
    let delivery = |text: &str| {
        let messages = desk.client.thread(desk.id(2), None, 200).unwrap().messages;
        let message = messages.into_iter().find(|message| message.body == text).unwrap();
        (message.delivery, message.can_edit, message.can_discard)
    };
    // Written with a network, which is lost while the message can still be undone.
    desk.reply(2, "Kurz vor dem Tunnel");
    assert!(matches!(delivery("Kurz vor dem Tunnel").0, Delivery::Held(_)));
    desk.client.set_online(false).unwrap();
    assert_eq!(delivery("Kurz vor dem Tunnel"), (Delivery::Queued, true, true));
    // Written without one.
    desk.reply(2, "Im Tunnel 🚇");
    assert_eq!(delivery("Im Tunnel 🚇"), (Delivery::Queued, true, true));
    // The platform reports a network, but the server cannot be reached.
    desk.client.set_online(true).unwrap();
    desk.server.break_with(|_| Some(Fault::Broken));
    desk.pass(Duration::from_secs(90));
    assert!(!desk.client.state().unwrap().online && desk.client.state().unwrap().network);
    desk.reply(2, "Hotel-WLAN");
    desk.pass(Duration::from_secs(6));
    let (shown, can_edit, can_discard) = delivery("Hotel-WLAN");
    assert!(!matches!(shown, Delivery::Held(_)) && can_edit && can_discard, "{shown:?}");
    desk.server.mend();
    desk.client.sync_now().unwrap();
    desk.until(HOUR, || desk.client.state().unwrap().waiting == 0);
    let texts = desk.server.texts(2);
    assert_eq!(&texts[1..], ["Kurz vor dem Tunnel", "Im Tunnel 🚇", "Hotel-WLAN"]);
}
