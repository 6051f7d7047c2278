//! Sending new tickets and replies.

use pocketdesk::connectors::Remote;
use pocketdesk::model::{Failure, Reached, Target, Trouble, Write, same_text, undated};
use pocketdesk::model::{Reason, ReasonKind, Requester, ServerStatus, TicketNumber};
use pocketdesk_sandbox::users::{ADA, BEN};
use serde_json::{Value, json};

use crate::harness::{Bench, PAGE, again, create, key, reply};

/// A ticket of Ada's with this status of the server.
async fn own_ticket(bench: &Bench, status: &str) -> TicketNumber {
    let is_it = |ticket: &&Value| ticket["requester_id"] == json!(ADA.id) && ticket["status"] == json!(status);
    TicketNumber(bench.tickets_of_the_server().await.iter().find(is_it).unwrap()["id"].as_i64().unwrap())
}

#[tokio::test]
async fn a_new_ticket_arrives_as_it_was_written() {
    let (bench, me) = Bench::signed_in().await;
    let body = bench.zendesk.encode(&create("5f0c9d2e"));
    let ticket = undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(1)).await).unwrap();
    assert_eq!(ticket.status, ServerStatus::New);
    assert_eq!(ticket.requester, Some(me.id));
    assert!(ticket.subject.starts_with("Provision für Buchungen") && ticket.subject.ends_with("🙏"));
    assert_eq!(ticket.issue_type.as_deref(), Some("payments_finance"));
    assert_eq!(ticket.access, Some(true));
    assert_eq!(ticket.client_reference.as_deref(), Some("5f0c9d2e"));
    assert_eq!(bench.wire.exchanges()[0].body, body, "sent as it was encoded");

    let thread = bench.thread(ticket.number).await.unwrap();
    assert_eq!(thread.comments.len(), 1);
    assert!(same_text(&thread.comments[0].body, "Guten Tag,\n\nseit Anfang März …\n\nViele Grüße\nAda"));
    assert_eq!(undated(bench.zendesk.latest_created(1).await).unwrap().tickets[0].number, ticket.number);
}

#[tokio::test]
async fn a_ticket_without_an_account_arrives_without_a_token_and_cannot_be_read() {
    let bench = Bench::start().await;
    let Write::Create { subject, description, issue_type, reference, .. } = create("a9") else { unreachable!() };
    let (name, email) = ("Søren Østergård".to_owned(), "soren@partner.example".to_owned());
    let requester = Some(Requester { name: name.clone(), email: email.clone() });
    let (cc, uploads) = (Vec::new(), Vec::new());
    let body = bench.zendesk.encode(&Write::Create {
        subject,
        description,
        issue_type,
        cc,
        access: false,
        reference,
        uploads,
        follows: None,
        requester,
    });
    let number = undated(bench.zendesk.deliver_anonymously(&body, key(9)).await).unwrap().unwrap();
    let theirs = bench.tickets_of_the_server().await;
    let theirs = theirs.iter().find(|ticket| ticket["id"] == json!(number.0)).unwrap();
    assert_eq!(theirs["requester"], json!({ "name": name, "email": email }));
    assert_eq!(theirs["client_reference"], "a9", "the company can find what arrived twice");
    assert_eq!(bench.app.asked(), [false; 0], "no token was asked for");
    assert!(bench.wire.exchanges()[0].headers.iter().all(|(name, _)| *name != "authorization"));

    bench.set_up("/sandbox/settings", json!({ "anonymous_requests": false })).await;
    let refused = undated(bench.zendesk.deliver_anonymously(&body, key(10)).await);
    assert_eq!(refused, Err(Failure::NotAllowed));
    assert_eq!(bench.app.asked(), [false; 0], "nor after a refusal");
}

#[tokio::test]
async fn the_same_bytes_under_the_same_key_make_one_ticket() {
    let (bench, _) = Bench::signed_in().await;
    let body = bench.zendesk.encode(&create("77aa"));
    assert_eq!(body, bench.zendesk.encode(&create("77aa")), "encoding is pure");
    let first = undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(2)).await).unwrap();
    let second = undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(2)).await).unwrap();
    assert_eq!(first.number, second.number);
    let other = undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(3)).await).unwrap();
    assert_ne!(first.number, other.number);
}

#[tokio::test]
async fn a_key_that_the_server_knows_with_another_body_may_have_arrived() {
    let (bench, _) = Bench::signed_in().await;
    let body = bench.zendesk.encode(&create("one"));
    undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(4)).await).unwrap();
    let body = bench.zendesk.encode(&create("two"));
    let outcome = undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(4)).await);
    assert_eq!(outcome, Err(again(Trouble::Misbehaves, Reached::Maybe)));
}

#[tokio::test]
async fn a_reply_stands_last_in_the_thread_and_reopens() {
    let (bench, me) = Bench::signed_in().await;
    for status in ["pending", "solved"] {
        let number = own_ticket(&bench, status).await;
        let before = bench.thread(number).await.unwrap().comments.len();
        let text = "Ja, das Problem besteht weiter 😕\n\n\tvon rechts nach links: שלום עולם";
        bench.wire.forget();
        let body = bench.zendesk.encode(&reply(text));
        let ticket = undated(bench.zendesk.deliver(Target::Ticket(number), &body, &[], key(5)).await).unwrap();
        assert_eq!((ticket.number, ticket.status), (number, ServerStatus::Open));
        let headers = &bench.wire.exchanges()[0].headers;
        assert!(!headers.iter().any(|(name, _)| *name == "idempotency-key"), "only a creation sends its key");

        let thread = bench.thread(number).await.unwrap();
        assert_eq!(thread.comments.len(), before + 1);
        let last = thread.comments.last().unwrap();
        assert_eq!(last.author, Some(me.id));
        assert!(same_text(&last.body, text), "{:?}", last.body);
    }
}

#[tokio::test]
async fn a_reply_to_somebody_elses_shared_ticket_is_a_reply_like_any_other() {
    let (bench, me) = Bench::signed_in().await;
    let list = bench.zendesk.lists(&me)[1].clone();
    let (mut page, mut shared) = (1, None);
    while shared.is_none() {
        let tickets = undated(bench.zendesk.sorted_page(&list, page, PAGE).await).unwrap().tickets;
        assert!(!tickets.is_empty(), "{} shares a ticket that is not closed", BEN.name);
        shared = tickets.into_iter().find(|t| t.requester != Some(me.id) && t.status != ServerStatus::Closed);
        page += 1;
    }
    let number = shared.unwrap().number;
    let body = bench.zendesk.encode(&reply("I see the same since this morning."));
    undated(bench.zendesk.deliver(Target::Ticket(number), &body, &[], key(6)).await).unwrap();
    assert_eq!(bench.thread(number).await.unwrap().comments.last().unwrap().author, Some(me.id));
}

#[tokio::test]
async fn a_closed_ticket_refuses_with_the_reason() {
    let (bench, _) = Bench::signed_in().await;
    let number = own_ticket(&bench, "closed").await;
    let body = bench.zendesk.encode(&reply("Leider ist der Fehler zurück."));
    let outcome = undated(bench.zendesk.deliver(Target::Ticket(number), &body, &[], key(7)).await);
    assert_eq!(outcome, Err(Failure::needs(ReasonKind::TicketClosed)));
}

#[tokio::test]
async fn a_refusal_comes_with_the_servers_message() {
    let (bench, _) = Bench::signed_in().await;
    let Write::Create { subject, description, cc, access, reference, .. } = create("e5") else { unreachable!() };
    let issue_type = "discontinued".to_owned();
    let uploads = Vec::new();
    let body = bench.zendesk.encode(&Write::Create {
        subject,
        description,
        issue_type,
        cc,
        access,
        reference,
        uploads,
        follows: None,
        requester: None,
    });
    let Err(Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: Some(server_message) })) =
        undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(8)).await)
    else {
        panic!("an issue type that the server does not have is refused")
    };
    assert!(server_message.contains("Issue type"), "{server_message}");
}

#[tokio::test]
async fn a_reply_to_a_ticket_that_is_not_visible_is_gone() {
    let (bench, _) = Bench::signed_in().await;
    let body = bench.zendesk.encode(&reply("Hallo?"));
    assert_eq!(
        undated(bench.zendesk.deliver(Target::Ticket(TicketNumber(4)), &body, &[], key(9)).await),
        Err(Failure::Gone)
    );
}
