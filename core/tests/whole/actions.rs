//! Actions of the product: who is offered them, and what they write, through lost answers.

use std::sync::Arc;
use std::time::Duration;

use pocketdesk::client::{Acted, ChangeError};
use pocketdesk::model::{ChangeKind, DetailPart, FollowedTicket, StatusKind, TicketDraft, TicketId};
use pocketdesk::net::Method;
use pocketdesk::product::definition::parts::entries::Target;
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use serde_json::{Value, json};

use crate::bench::{Bench, config, open};
use crate::driver::Driver;

/// A product whose users say that it works again: one message, which also solves the ticket.
fn works_again(bench: &Bench) -> ClientConfig {
    let config = config(bench.folder.path(), &bench.sandbox.base_url);
    let mut product: Value = serde_json::from_str(config.product.as_deref().unwrap()).unwrap();
    product["actions"] = json!([
        { "id": "works_again", "kind": "solve", "who": "owner", "when": ["status.active", "can.solve"],
          "body": "@works_again.body", "confirm": "@works_again.ask" },
        { "id": "solve", "removed": true },
        { "id": "more_people", "kind": "add_cc", "who": "any", "when": ["status.kind!=closed"] },
        { "id": "ask_again", "kind": "new_request", "who": "any", "when": ["status.kind=closed"], "prefill": "@ask_again.text" }
    ]);
    let words = |action: &str, body: &str, ask: &str, people: &str, again: &str| {
        json!({
            "action.works_again": action, "works_again.body": body, "works_again.ask": ask,
            "action.more_people": people, "action.ask_again": "Noch einmal fragen", "ask_again.text": again
        })
    };
    product["strings"] = json!({
        "en": words("It works again", "It works again, thank you.", "Does everything work?", "Add people", "About #{number}:"),
        "de": words("Es geht wieder", "Es geht wieder, vielen Dank. 🙏", "Funktioniert alles?", "Weitere Personen", "Zu #{number}:"),
        "es": words("Ya funciona", "Ya funciona, gracias.", "¿Funciona todo?", "Más personas", "Sobre #{number}:")
    });
    ClientConfig { product: Some(product.to_string()), ..config }
}

fn offered(client: &Client, ticket: TicketId) -> Vec<String> {
    client.details(ticket, "de").unwrap().actions.into_iter().map(|action| action.label).collect()
}

/// Lets the client work until nothing waits.
async fn settle(client: &Arc<Client>) {
    let driver = Driver::start(client);
    let changes = client.subscribe();
    let settled = async {
        while client.state().unwrap().waiting > 0 {
            changes.next().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(50), settled).await.unwrap();
    driver.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_with_a_text_writes_one_comment_and_solves_through_every_fault() {
    for fault in [json!({}), json!({ "cut_after": { "times": 2 } }), json!({ "cut_before": { "times": 2 } })] {
        let mut bench = Bench::start().await;
        bench.client.close();
        bench.client = open(&works_again(&bench), "ada-token");
        let ticket = bench.create();
        assert_eq!(offered(&bench.client, ticket), [""; 0], "it is not on the server yet");
        settle(&bench.client).await;
        let number = bench.client.ticket(ticket).unwrap().row.number.unwrap();
        let answer = json!({ "body": "Wir haben den Router neu gestartet.", "status": "pending" });
        bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), answer).await;
        assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
        assert_eq!(offered(&bench.client, ticket), ["Es geht wieder", "Weitere Personen"], "{fault}");

        bench.fault(fault.clone()).await;
        assert_eq!(bench.client.act(ticket, "works_again", &[], "de").unwrap(), Acted::Written);
        // It is no longer offered, and a second tap that comes late writes nothing more.
        assert_eq!(offered(&bench.client, ticket), ["Weitere Personen"]);
        assert_eq!(bench.client.act(ticket, "works_again", &[], "de").unwrap(), Acted::Written);
        settle(&bench.client).await;
        // After a lost answer the comment proves that it arrived; the list then shows the status.
        assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
        let head = bench.client.ticket(ticket).unwrap();
        assert_eq!(head.row.status.kind, StatusKind::Solved, "{fault}");
        let messages = bench.client.thread(ticket, None, 200).unwrap().messages;
        let texts: Vec<_> = messages.iter().filter(|message| message.mine).map(|message| &*message.body).collect();
        assert_eq!(
            texts.iter().filter(|text| **text == "Es geht wieder, vielen Dank. 🙏").count(),
            1,
            "{fault} {texts:?}"
        );
        assert_eq!(bench.theirs().await.1.last().map(String::as_str), Some("Es geht wieder, vielen Dank. 🙏"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_that_is_not_offered_is_refused_and_a_closed_ticket_leads_to_a_new_one() {
    let mut bench = Bench::start().await;
    bench.client.close();
    bench.client = open(&works_again(&bench), "ada-token");
    let rows = bench.client.history(None, 200).unwrap().tickets;
    let closed = rows.iter().find(|row| row.status.kind == StatusKind::Closed).unwrap();
    assert_eq!(offered(&bench.client, closed.id), ["Folgeticket erstellen", "Noch einmal fragen"]);
    for action in ["works_again", "more_people", "unheard_of"] {
        let refused = bench.client.act(closed.id, action, &["ben@reisen.example".to_owned()], "de");
        assert!(matches!(refused, Err(ChangeError::NotOffered)), "{action}: {refused:?}");
    }
    bench.client.add_to_reply(closed.id, "Es ist schon wieder passiert.").unwrap();
    let number = closed.number.unwrap();
    let expected = format!("Zu #{number}:\n\nEs ist schon wieder passiert.");
    for _ in 0..2 {
        let acted = bench.client.act(closed.id, "ask_again", &[], "de").unwrap();
        let Acted::NewTicket { draft } = acted else { panic!("{acted:?}") };
        assert_eq!(draft.description, expected, "a second tap adds nothing");
        assert_eq!(bench.client.ticket_draft().unwrap().description, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_detail_screen_has_the_products_labels_and_the_servers_values() {
    let bench = Bench::start().await;
    let row = bench.client.history(None, 1).unwrap().tickets.remove(0);
    let details = bench.client.details(row.id, "es").unwrap();
    let [DetailPart::Section(facts), DetailPart::Thread] = details.parts.as_slice() else { panic!("{details:?}") };
    let shown = serde_json::to_value(facts).unwrap();
    let labels: Vec<_> =
        shown["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
    assert_eq!(labels[..3], ["Número de ticket", "Creado por", "Creado"]);
    assert_eq!(shown["items"][0]["value"]["value"], json!(format!("#{}", row.number.unwrap())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entitlement_decides_where_an_entry_leads_and_may_end_at_any_time() {
    let bench = Bench::start().await;
    bench.client.close();
    let web = ClientConfig {
        product: Some(r#"{ "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1" }"#.to_owned()),
        ..config(bench.folder.path(), &bench.sandbox.base_url)
    };
    let client = open(&web, "ada-token");
    let target = || {
        let entries = client.entries("de");
        let book = entries.iter().find(|offer| offer.entry.id == "book").unwrap();
        book.target.clone()
    };
    assert!(matches!(target(), Target::Create(Some(_))), "without it, the entry opens a ticket that asks for it");
    let changes = client.subscribe();
    client.set_claims(["enterprise".to_owned()].into());
    assert!(changes.next().await.status);
    assert!(matches!(target(), Target::Link(_)));
    client.set_claims([].into());
    assert!(matches!(target(), Target::Create(Some(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_action_wrote_is_sent_although_a_new_definition_no_longer_has_it() {
    let mut bench = Bench::start().await;
    bench.client.close();
    bench.client = open(&works_again(&bench), "ada-token");
    let ticket = bench.create();
    settle(&bench.client).await;
    let number = bench.client.ticket(ticket).unwrap().row.number.unwrap();
    let answer = json!({ "body": "Wir haben den Router neu gestartet.", "status": "pending" });
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), answer).await;
    assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
    bench.fault(json!({ "offline": true })).await;
    assert_eq!(bench.client.act(ticket, "works_again", &[], "de").unwrap(), Acted::Written);
    let people = ["zoë.brandt@reisen.example".to_owned()];
    assert_eq!(bench.client.act(ticket, "more_people", &people, "de").unwrap(), Acted::Written);
    bench.client.close();

    let without = json!({
        "schema": 1, "id": "tested", "version": 2, "extends": "impact-mobile@1",
        "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
    });
    let without =
        ClientConfig { product: Some(without.to_string()), ..config(bench.folder.path(), &bench.sandbox.base_url) };
    bench.client = open(&without, "ada-token");
    assert_eq!(offered(&bench.client, ticket), [""; 0]);
    let head = bench.client.ticket(ticket).unwrap();
    assert_eq!(head.changes.iter().map(|change| change.kind).collect::<Vec<_>>(), [ChangeKind::AddCc]);
    let messages = bench.client.thread(ticket, None, 200).unwrap().messages;
    assert_eq!(messages.last().unwrap().body, "Es geht wieder, vielen Dank. 🙏");

    bench.fault(json!({ "offline": false })).await;
    settle(&bench.client).await;
    assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
    let head = bench.client.ticket(ticket).unwrap();
    assert_eq!((head.row.status.kind, head.changes.len()), (StatusKind::Solved, 0));
    assert!(head.cc.contains(&people[0]), "{:?}", head.cc);
    assert_eq!(bench.theirs().await.1.last().map(String::as_str), Some("Es geht wieder, vielen Dank. 🙏"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follow_up_is_linked_as_long_as_it_names_the_closed_ticket() {
    let mut bench = Bench::start().await;
    let closed = {
        let rows = bench.client.history(None, 200).unwrap().tickets;
        rows.into_iter().find(|row| row.status.kind == StatusKind::Closed).unwrap()
    };
    bench.client.close();
    let web = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1",
        "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
    });
    let web = ClientConfig { product: Some(web.to_string()), ..config(bench.folder.path(), &bench.sandbox.base_url) };
    bench.client = open(&web, "ada-token");
    let number = closed.number.unwrap();
    for (text, expected) in [(Some("Etwas ganz anderes."), Value::Null), (None, json!(number.0))] {
        let acted = bench.client.act(closed.id, "follow_up", &[], "de").unwrap();
        let Acted::NewTicket { draft } = acted else { panic!("{acted:?}") };
        assert_eq!(draft.follows, Some(number));
        let description = text.map_or_else(|| draft.description.clone(), str::to_owned);
        let draft = TicketDraft { subject: "Es ist wieder passiert".to_owned(), description, ..draft };
        let ticket = bench.client.submit(&draft).unwrap();
        let follows = |ticket: Option<TicketId>| expected.as_i64().map(|_| FollowedTicket { number, ticket });
        assert_eq!(bench.client.ticket(ticket).unwrap().follows, follows(Some(closed.id)), "before it is sent");
        settle(&bench.client).await;
        let sent = bench.client.ticket(ticket).unwrap().row.number.unwrap();
        let theirs = bench.sandbox(Method::Get, &format!("/sandbox/tickets/{sent}"), Value::Null).await;
        assert_eq!(theirs["ticket"]["followup_of"], expected, "{theirs}");

        if expected.is_null() {
            continue;
        }
        // Another device reads it from the server.
        let folder = tempfile::tempdir().unwrap();
        let there = config(folder.path(), &bench.sandbox.base_url);
        let other = open(&ClientConfig { product: web.product.clone(), ..there }, "ada-token");
        assert_eq!(other.sync(Scope::Everything).await.failure, None);
        let rows = other.history(None, 200).unwrap().tickets;
        let there = |number| rows.iter().find(|row| row.number == Some(number)).unwrap().id;
        assert_eq!(other.ticket(there(sent)).unwrap().follows, follows(Some(there(number))));
        // The company takes the first ticket away from its user: the link ends on both.
        let ada = json!({ "user": "ada" });
        bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/revoke"), ada).await;
        for (client, ticket, closed) in [(&bench.client, ticket, closed.id), (&other, there(sent), there(number))] {
            client.thread_opened(closed).unwrap();
            assert_eq!(client.sync(Scope::Everything).await.failure, None);
            assert!(!client.ticket(closed).unwrap().row.visible);
            assert_eq!(client.ticket(ticket).unwrap().follows, follows(None));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_are_added_only_while_the_ticket_is_accessible_to_all_users() {
    let mut bench = Bench::start().await;
    bench.client.close();
    let web = json!({ "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1" });
    let web = ClientConfig { product: Some(web.to_string()), ..config(bench.folder.path(), &bench.sandbox.base_url) };
    bench.client = open(&web, "ada-token");
    let more = ["bücher@reisen.example".to_owned()];
    for access in [true, false] {
        let draft = bench.client.ticket_draft().unwrap();
        let subject = format!("Auszahlung fehlt, für alle: {access}");
        let draft = TicketDraft { subject, description: "Seit Montag.".to_owned(), access, ..draft };
        let ticket = bench.client.submit(&draft).unwrap();
        for is_sent in [false, true] {
            if is_sent {
                settle(&bench.client).await;
            }
            let (by_button, added) =
                (bench.client.act(ticket, "add_cc", &more, "de"), bench.client.add_cc(ticket, &more));
            let refused = |error: &ChangeError| matches!(error, ChangeError::NotOffered);
            assert_eq!(by_button.as_ref().err().is_some_and(refused), !(access && is_sent), "{by_button:?}");
            assert_eq!(added.as_ref().err().is_some_and(refused), !access, "{added:?}");
        }
    }
}
