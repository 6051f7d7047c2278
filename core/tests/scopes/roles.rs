//! Who may what with a ticket (`docs/product.md`, S20).

use pocketdesk::client::ReplyError;
use pocketdesk::model::{Delivery, ReasonKind, ReplyDraft, TicketId};
use pocketdesk::product::ReplyPlace;

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
