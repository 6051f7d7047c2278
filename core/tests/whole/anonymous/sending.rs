//! What happens to a ticket without an account on its way.

use std::time::Duration;

use pocketdesk::client::SubmitError;
use pocketdesk::model::{Delivery, ReasonKind, TicketDraft, TicketId};
use pocketdesk::net::Method;
use pocketdesk::product::{Field, FieldProblem, Problem};
use pocketdesk::store::StoreError;
use serde_json::{Value, json};

use super::{Desk, EMAIL, NAME, SUBJECT, TEXT, draft, open};
use crate::driver::Driver;

fn is_refused(desk: &Desk, ticket: TicketId, kind: ReasonKind) -> bool {
    matches!(desk.delivery(ticket), Delivery::NeedsUser(reason) if reason.kind == kind)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_written_offline_arrives_once_and_is_answered_by_mail() {
    let mut desk = Desk::start().await;
    desk.client.set_online(false).unwrap();
    let ticket = desk.write();
    assert!(desk.client.state().unwrap().first_sync_done, "there is no history that is being loaded");
    desk.sync().await;
    assert_eq!((desk.delivery(ticket), desk.attempts().await), (Delivery::Queued, 0));
    assert_eq!(desk.client.state().unwrap().waiting, 1);
    desk.restart();
    desk.sync().await;

    let theirs = desk.theirs().await;
    assert_eq!(theirs.len(), 1);
    let [sent] = theirs.as_slice() else { panic!("{theirs:?}") };
    assert_eq!(sent["requester"], json!({ "name": NAME, "email": EMAIL }));
    assert_eq!((&sent["subject"], &sent["comments"][0]["body"]), (&json!(SUBJECT), &json!(TEXT)));
    assert_eq!((&sent["issue_type"], &sent["ccs"]), (&json!("technical_setup"), &json!([])));

    let shown = desk.ticket(ticket);
    assert_eq!((shown.delivery, shown.row.number.map(|number| number.0)), (Delivery::Sent, sent["id"].as_i64()));
    assert_eq!((shown.answers_go_to.as_deref(), shown.created_by.as_deref()), (Some(EMAIL), Some(NAME)));
    assert!(!shown.can_reply && !shown.can_solve && shown.can_remove && shown.thread_complete && shown.created_by_me);
    assert!(!shown.row.unsent && !shown.row.unread);
    let message = desk.message(ticket);
    assert_eq!((message.body.as_str(), message.mine, message.delivery), (TEXT, true, Delivery::Sent));
    let details = serde_json::to_value(desk.client.details(ticket, "de").unwrap()).unwrap();
    assert_eq!(details["actions"], json!([]));
    let facts = details["parts"][0]["value"]["items"].as_array().unwrap();
    let facts: Vec<_> = facts.iter().map(|fact| fact["id"].as_str().unwrap()).collect();
    assert_eq!(facts, ["number", "requester", "created", "issue_type"], "nobody knows its status");
    // Nothing of it is ever asked for again.
    desk.client.thread_opened(ticket).unwrap();
    desk.tempt().await;
    assert_eq!((desk.attempts().await, desk.theirs().await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_have_arrived_is_sent_again_by_the_user_only() {
    let only = |fault: &str| json!({ fault: { "times": 1, "only": "POST /api/v2/requests" } });
    for (fault, arrived) in [
        (only("cut_before"), 0),
        (only("cut_after"), 1),
        (only("server_error"), 0),
        (only("html"), 0),
        (json!({ "late_apply": { "seconds": 1, "times": 1 } }), 1),
    ] {
        let mut desk = Desk::start().await;
        desk.fault(fault.clone()).await;
        let ticket = desk.write();
        desk.sync().await;
        assert_eq!(desk.delivery(ticket), Delivery::MayHaveBeenSent, "{fault}");
        desk.tempt().await;
        assert_eq!((desk.delivery(ticket), desk.attempts().await), (Delivery::MayHaveBeenSent, 1), "{fault}");
        let message = desk.message(ticket);
        assert!(message.can_retry && message.can_discard && !message.can_edit, "{fault}");
        assert_eq!(
            desk.client.edit_ticket(ticket, &draft(&desk.client)),
            Err(SubmitError::Store(StoreError::NotPossibleNow))
        );
        tokio::time::timeout(Duration::from_secs(10), async {
            while desk.theirs().await.len() < arrived {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await
        .unwrap();
        desk.client.retry(message.id).unwrap();
        desk.sync().await;
        assert_eq!(desk.delivery(ticket), Delivery::Sent, "{fault}");
        assert_eq!((desk.attempts().await, desk.theirs().await.len()), (2, arrived + 1), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_may_have_arrived_can_be_taken_back_as_the_draft_that_it_was() {
    let desk = Desk::start().await;
    desk.fault(json!({ "cut_after": { "times": 1 } })).await;
    let ticket = desk.write();
    desk.sync().await;
    assert_eq!(desk.client.remove_ticket(ticket), Err(StoreError::NotPossibleNow), "it may be the only copy");
    assert_eq!(desk.client.discard(desk.message(ticket).id).unwrap(), TEXT);
    let kept = desk.client.ticket_draft().unwrap();
    let given_back = [kept.name.as_str(), kept.email.as_str(), kept.subject.as_str(), kept.description.as_str()];
    assert_eq!(given_back, [NAME, EMAIL, SUBJECT, TEXT]);
    assert_eq!(desk.client.history(None, 10).unwrap().total, 0);
    desk.sync().await;
    assert_eq!((desk.attempts().await, desk.theirs().await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_ends_while_it_sends_asks_the_user_afterwards() {
    let mut desk = Desk::start().await;
    desk.fault(json!({ "latency_ms": 3_000 })).await;
    let ticket = desk.write();
    let driver = Driver::start(&desk.client);
    let changes = desk.client.subscribe();
    tokio::time::timeout(Duration::from_secs(20), async {
        while desk.delivery(ticket) != Delivery::Sending {
            changes.next().await;
        }
    })
    .await
    .unwrap();
    driver.stop().await;
    desk.restart();
    desk.sandbox(Method::Delete, "/sandbox/faults", Value::Null).await;
    desk.sync().await;
    assert_eq!(desk.delivery(ticket), Delivery::MayHaveBeenSent);
    desk.tempt().await;
    assert_eq!(desk.delivery(ticket), Delivery::MayHaveBeenSent);
    assert!(desk.attempts().await <= 1 && desk.theirs().await.len() <= 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_company_that_does_not_allow_it_is_believed_and_asked_again_when_the_user_wants() {
    let mut desk = Desk::start().await;
    desk.sandbox(Method::Post, "/sandbox/settings", json!({ "anonymous_requests": false })).await;
    let ticket = desk.write();
    desk.sync().await;
    assert!(is_refused(&desk, ticket, ReasonKind::NotAllowed));
    desk.tempt().await;
    assert_eq!(desk.attempts().await, 1);
    let message = desk.message(ticket);
    assert!(message.can_retry && message.can_edit && message.can_discard);
    desk.sandbox(Method::Post, "/sandbox/settings", json!({ "anonymous_requests": true })).await;
    desk.client.retry(message.id).unwrap();
    desk.sync().await;
    assert_eq!((desk.delivery(ticket), desk.theirs().await.len()), (Delivery::Sent, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_ticket_says_why_and_is_sent_as_it_was_edited() {
    let mut desk = Desk::start().await;
    // The company has renamed an option of its field, and the definition does not know.
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1",
        "connectors": { "zendesk": { "fields": {
            "issue_type": { "id": 360_001_000_001_i64, "values": { "weather": "content" } } } } }
    });
    desk.client.close();
    let config = pocketdesk::ClientConfig {
        product: Some(product.to_string()),
        ..super::config(desk.folder.path(), &desk.sandbox.base_url)
    };
    desk.client = open(&config);
    let ticket = desk.client.submit(&TicketDraft { issue_type: "content".to_owned(), ..draft(&desk.client) }).unwrap();
    desk.sync().await;
    let Delivery::NeedsUser(reason) = desk.delivery(ticket) else { panic!("{:?}", desk.delivery(ticket)) };
    assert!(reason.kind == ReasonKind::Refused && reason.server_message.is_some_and(|words| !words.is_empty()));
    let unsent = desk.client.unsent_ticket(ticket).unwrap();
    assert_eq!((unsent.name.as_str(), unsent.email.as_str()), (NAME, EMAIL));
    let edited = TicketDraft {
        issue_type: "contracts".to_owned(),
        name: "Søren".to_owned(),
        email: "soren@partner.example".to_owned(),
        ..unsent
    };
    desk.client.edit_ticket(ticket, &edited).unwrap();
    desk.sync().await;
    let theirs = desk.theirs().await;
    assert_eq!(theirs[0]["requester"], json!({ "name": "Søren", "email": "soren@partner.example" }));
    assert_eq!((theirs.len(), &theirs[0]["issue_type"]), (1, &json!("contracts")));
    assert_eq!(desk.ticket(ticket).answers_go_to.as_deref(), Some("soren@partner.example"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_taps_and_a_restart_between_them_make_one_ticket() {
    let mut desk = Desk::start().await;
    let draft = draft(&desk.client);
    let first = desk.client.submit(&draft).unwrap();
    assert_eq!(desk.client.submit(&draft).unwrap(), first);
    desk.restart();
    assert_eq!(desk.client.submit(&draft).unwrap(), first);
    desk.sync().await;
    assert_eq!(desk.client.submit(&draft).unwrap(), first, "even after it was sent");
    desk.sync().await;
    assert_eq!((desk.attempts().await, desk.theirs().await.len()), (1, 1));
    // The next one asks for name and address anew.
    let next = desk.client.ticket_draft().unwrap();
    assert_eq!((next.name.as_str(), next.email.as_str()), ("", ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_and_an_address_are_needed_and_nothing_else_is_asked() {
    let desk = Desk::start().await;
    let wrong = |field, problem| FieldProblem { field, index: None, problem };
    let whole = draft(&desk.client);
    let blank = TicketDraft { name: " \u{200b}".to_owned(), email: "\n".to_owned(), ..whole.clone() };
    let expected = vec![wrong(Field::Name, Problem::Required), wrong(Field::Email, Problem::Required)];
    assert_eq!(desk.client.submit(&blank), Err(SubmitError::Invalid(expected)));
    for malformed in ["søren", "søren@", "a@b.example, c@d.example", "søren@127.0.0.1"] {
        let odd = TicketDraft { email: malformed.to_owned(), ..whole.clone() };
        assert_eq!(
            desk.client.check_ticket_draft(&odd).unwrap().problems,
            [wrong(Field::Email, Problem::Malformed)],
            "{malformed}"
        );
    }
    let long = TicketDraft { name: "👩‍👩‍👧‍👦".repeat(101), ..whole.clone() };
    let too_long = wrong(Field::Name, Problem::TooLong { count: 101, limit: 100 });
    assert_eq!(desk.client.check_ticket_draft(&long).unwrap().problems, [too_long]);
    let just = TicketDraft { name: "👩‍👩‍👧‍👦".repeat(100), ..whole.clone() };
    assert!(desk.client.check_ticket_draft(&just).unwrap().can_create());
    // What a form without an account does not have is not sent, and no obstacle.
    let more = TicketDraft { access: true, cc: vec!["kein Mail".to_owned()], cc_entry: "halb".to_owned(), ..whole };
    let check = desk.client.check_ticket_draft(&more).unwrap();
    assert!(check.can_create() && check.notes.is_empty());
    let ticket = desk.client.submit(&more).unwrap();
    desk.sync().await;
    let theirs = desk.theirs().await;
    assert_eq!((&theirs[0]["access"], &theirs[0]["ccs"]), (&Value::Null, &json!([])));
    assert_eq!(desk.delivery(ticket), Delivery::Sent);
}
