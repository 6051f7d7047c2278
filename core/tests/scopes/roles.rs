//! Who may what with a ticket (`docs/product.md`, S20).

use std::time::Duration;

use pocketdesk::client::ReplyError;
use pocketdesk::model::{Delivery, ReasonKind, ReplyDraft, TicketId};
use pocketdesk::net::Method;
use pocketdesk::product::ReplyPlace;
use serde_json::json;

use crate::driver::Driver;
use crate::support::{ADMINISTRATOR, Bench};

struct Seen {
    can_reply: bool,
    note: Option<String>,
    actions: Vec<String>,
}

fn seen(bench: &Bench, ticket: TicketId) -> Seen {
    let details = bench.client.details(ticket, "de").unwrap();
    let can_reply = bench.client.ticket(ticket).unwrap().can_reply;
    assert_eq!(details.reply_place == ReplyPlace::Notice, !can_reply);
    let actions = details.actions.into_iter().map(|action| action.id).collect();
    Seen { can_reply, note: details.reply_note, actions }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn owners_and_administrators_reply_and_further_users_see_why_they_cannot() {
    let bench = Bench::start().await;
    let mine = bench.create("ada-token", "Meine Rechnung", false).await;
    let added = bench.create("ben-token", "Größere Buchung", true).await;
    let of_ben = bench.create("ben-token", "Zoll für Paket Ü-17", false).await;
    bench.share("comment").await;
    bench.claim(&[ADMINISTRATOR]);
    bench.sync().await;
    let [mine, added, of_ben] = [mine, added, of_ben].map(|number| bench.id(number));
    let closes = |seen: &Seen| seen.actions.iter().any(|action| action == "close" || action == "ask_to_close");

    let own = seen(&bench, mine);
    assert!(own.can_reply && own.note.is_none() && closes(&own), "{:?}", own.actions);
    let others = seen(&bench, of_ben);
    assert!(others.can_reply && !closes(&others), "only who created it closes it: {:?}", others.actions);
    // The strongest role counts: a further user of a ticket sees it, even as an administrator.
    let linked = seen(&bench, added);
    assert!(!linked.can_reply && !closes(&linked));
    let reason = bench.client.strings("de").text("blocked.other", &[]);
    assert_eq!(linked.note, Some(reason.clone()));

    // What was typed is kept, whoever asks.
    let draft = ReplyDraft { body: "Das gilt auch für mich.".to_owned(), ..bench.client.reply_draft(added).unwrap() };
    assert_eq!(bench.client.reply(&draft).err(), Some(ReplyError::NotOffered));
    assert_eq!(bench.client.reply_draft(added).unwrap().body, "Das gilt auch für mich.");

    bench.claim(&[]);
    let others = seen(&bench, of_ben);
    assert!(!others.can_reply);
    assert_eq!(others.note, Some(reason));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_waited_while_the_role_was_lost_says_why_and_is_kept() {
    let bench = Bench::start().await;
    let of_ben = bench.create("ben-token", "Zoll für Paket Ü-17", false).await;
    bench.share("comment").await;
    bench.claim(&[ADMINISTRATOR]);
    bench.sync().await;
    let ticket = bench.id(of_ben);
    bench.client.set_online(false).unwrap();
    let draft = ReplyDraft { body: "Ich übernehme.".to_owned(), ..bench.client.reply_draft(ticket).unwrap() };
    bench.client.reply(&draft).unwrap();
    // From now on she may only look.
    bench.share("view").await;
    bench.client.set_online(true).unwrap();
    bench.sync().await;
    let message = bench.client.thread(ticket, None, 10).unwrap().messages.pop().unwrap();
    let Delivery::NeedsUser(reason) = &message.delivery else { panic!("{:?}", message.delivery) };
    assert_eq!((reason.kind, message.body.as_str()), (ReasonKind::NotAllowed, "Ich übernehme."));
    assert!(message.can_discard && bench.client.ticket(ticket).unwrap().row.visible);
    assert_eq!(bench.comments(of_ben).await.len(), 1);
}

/// Makes a run that reads every list without the user's asking for it: as of a push message about a ticket that nobody knows.
/// Returns what it asked for.
async fn idle_run(bench: &Bench) -> Vec<String> {
    let before = bench.asked().await.len();
    let driver = Driver::start(&bench.client);
    bench.client.on_push(1).unwrap();
    let mut asked: Vec<String> = Vec::new();
    let read = async {
        // The list that every run reads last.
        while !asked.iter().any(|asked| asked.ends_with("/requests/ccd")) || bench.client.state().unwrap().syncing {
            tokio::time::sleep(Duration::from_millis(5)).await;
            asked = bench.asked().await.split_off(before);
        }
    };
    tokio::time::timeout(Duration::from_secs(20), read).await.unwrap();
    driver.stop().await;
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_tickets_one_may_see_is_asked_every_ten_minutes_and_after_a_refusal() {
    let bench = Bench::start().await;
    let mine = bench.create("ada-token", "Meine Rechnung", false).await;
    bench.share("comment").await;
    bench.claim(&[ADMINISTRATOR]);
    bench.sync().await;
    let memberships =
        |asked: &[String]| asked.iter().filter(|asked| asked.contains("/organization_memberships")).count();
    for _ in 0..3 {
        let asked = idle_run(&bench).await;
        // Three lists.
        assert_eq!((asked.len(), memberships(&asked)), (3, 0), "{asked:?}");
    }
    bench.device.advance(Duration::from_mins(11));
    assert_eq!(memberships(&idle_run(&bench).await), 1);
    assert_eq!(memberships(&idle_run(&bench).await), 0);

    // What is refused may be refused because of a role that was lost, so the run asks.
    let ticket = bench.id(mine);
    bench.client.thread_opened(ticket).unwrap();
    bench.sync().await;
    bench.client.thread_closed(ticket);
    bench.client.set_toggle(ticket, "proxy_login", true).unwrap();
    bench.ask(None, Method::Post, "/sandbox/settings", json!({ "proxy_login": false })).await;
    assert_eq!(memberships(&idle_run(&bench).await), 1);
    let change = bench.client.ticket(ticket).unwrap().changes.remove(0);
    assert!(matches!(change.delivery, Delivery::NeedsUser(reason) if reason.kind == ReasonKind::NotAllowed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn actions_that_waited_while_a_role_was_lost_say_why_and_are_kept() {
    let bench = Bench::start().await;
    let added = bench.create("ben-token", "Größere Buchung", true).await;
    bench.sync().await;
    let ticket = bench.id(added);
    bench.client.thread_opened(ticket).unwrap();
    bench.sync().await;
    bench.client.set_online(false).unwrap();
    for on in [true, false, true] {
        bench.client.set_toggle(ticket, "proxy_login", on).unwrap();
    }
    // From now on she is no further user of the ticket.
    bench.act(added, "revoke", json!({ "user": "ada" })).await;
    bench.client.set_online(true).unwrap();
    bench.sync().await;
    bench.sync().await;
    let head = bench.client.ticket(ticket).unwrap();
    let [change] = head.changes.as_slice() else { panic!("{:?}", head.changes) };
    assert!(matches!(change.delivery, Delivery::NeedsUser(_)), "{change:?}");
    assert!(change.can_discard && head.row.needs_user, "{head:?}");
    bench.client.discard_change(change.id).unwrap();
    assert_eq!(bench.client.state().unwrap().waiting, 0);
}
