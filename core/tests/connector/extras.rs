//! Feedback and toggles, in the shapes that the service documents.

use pocketdesk::connectors::Remote;
use pocketdesk::model::{Failure, Feedback, FeedbackState, ReasonKind, RemoteExtras, TicketNumber, Toggle};
use pocketdesk::model::{WantedExtras, Write, undated};
use pocketdesk::product::{Product, ServerKind};
use pocketdesk_sandbox::users::ADA;
use serde_json::{Value, json};

use crate::harness::{Bench, key};

/// Ada's connector for a support hub, in an account with this system of satisfaction and with proxy login.
async fn hub(satisfaction: &str) -> Bench {
    let product = json!({ "schema": 1, "id": "tested", "version": 1, "extends": "hub@1" }).to_string();
    let bench = Bench::of(Product::from_json(&product, ServerKind::Zendesk).unwrap()).await;
    let field = json!({ "id": 360_002_000_012_i64, "type": "checkbox", "editable": false, "titles": { "en": "Feedback given" } });
    bench.set_up("/sandbox/ticket_fields", field).await;
    bench.set_up("/sandbox/settings", json!({ "satisfaction": satisfaction })).await;
    bench
}

async fn ticket(bench: &Bench, status: &str) -> TicketNumber {
    let is_it = |ticket: &&Value| ticket["requester_id"] == json!(ADA.id) && ticket["status"] == json!(status);
    TicketNumber(bench.tickets_of_the_server().await.iter().find(is_it).unwrap()["id"].as_i64().unwrap())
}

async fn read(bench: &Bench, number: TicketNumber) -> RemoteExtras {
    let ticket = undated(bench.zendesk.ticket(number).await).unwrap();
    undated(bench.zendesk.extras(&ticket, WantedExtras { feedback: true, toggles: true }).await).unwrap()
}

async fn send(bench: &Bench, number: TicketNumber, write: &Write) -> Result<(), Failure> {
    undated(bench.zendesk.deliver_extra(number, &bench.zendesk.encode(write), key(1)).await)
}

/// The bodies that were sent.
fn bodies(bench: &Bench) -> Vec<Value> {
    let exchanges = bench.wire.exchanges();
    exchanges.iter().filter_map(|exchange| serde_json::from_slice(&exchange.body).ok()).collect()
}

#[tokio::test]
async fn a_survey_is_answered_on_its_own_scale_and_once() {
    let bench = hub("surveys").await;
    let number = ticket(&bench, "solved").await;
    assert_eq!(read(&bench, number).await.feedback, Some(FeedbackState::Offered));
    bench.wire.forget();
    let feedback =
        Write::Feedback(Feedback { answers: 2, chosen: 1, text: Some("Schnell & freundlich 🙏".to_owned()) });
    assert_eq!(send(&bench, number, &feedback).await, Ok(()));
    let answers = json!([{ "type": "rating_scale", "question_id": "01JRATING", "rating": 5 },
                         { "type": "open_ended", "question_id": "01JTEXT", "value": "Schnell & freundlich 🙏" }]);
    assert_eq!(bodies(&bench), [json!({ "survey_response": { "locale": "en", "answers": answers } })]);
    assert_eq!(read(&bench, number).await.feedback, Some(FeedbackState::Given));
    let again = send(&bench, number, &feedback).await.unwrap_err();
    assert!(matches!(&again, Failure::NeedsUser(reason) if reason.kind == ReasonKind::Refused), "{again:?}");
}

#[tokio::test]
async fn a_legacy_rating_is_good_or_bad_and_once() {
    for (chosen, score) in [(0, "bad"), (1, "good")] {
        let bench = hub("legacy").await;
        let number = ticket(&bench, "solved").await;
        assert_eq!(read(&bench, number).await.feedback, Some(FeedbackState::Offered));
        bench.wire.forget();
        let feedback = Write::Feedback(Feedback { answers: 2, chosen, text: None });
        assert_eq!(send(&bench, number, &feedback).await, Ok(()));
        assert_eq!(bodies(&bench), [json!({ "satisfaction_rating": { "score": score } })]);
        assert_eq!(read(&bench, number).await.feedback, Some(FeedbackState::Given), "the company's trigger ticked it");
        let again = send(&bench, number, &feedback).await.unwrap_err();
        let Failure::NeedsUser(reason) = again else { panic!("{again:?}") };
        assert_eq!(reason.server_message.as_deref(), Some("Satisfaction rating: was given already"));
    }
}

#[tokio::test]
async fn a_toggle_is_one_record_of_ticket_and_user() {
    let bench = hub("legacy").await;
    let number = ticket(&bench, "open").await;
    let shown = || async { read(&bench, number).await.toggles.get("proxy_login").copied() };
    assert_eq!(shown().await, Some(None), "never set");
    for on in [true, false, true] {
        bench.wire.forget();
        let toggle = Write::Toggle(Toggle { field: "proxy_login".to_owned(), on });
        assert_eq!(send(&bench, number, &toggle).await, Ok(()));
        let external = format!("{number}-{}", ADA.id);
        let fields = json!({ "ticket": number.to_string(), "user": ADA.id.to_string(), "allowed": on });
        let record = json!({ "name": external, "external_id": external, "custom_object_fields": fields });
        assert_eq!(bodies(&bench), [json!({ "custom_object_record": record })]);
        assert_eq!(shown().await, Some(Some(on)));
    }
    bench.set_up("/sandbox/settings", json!({ "proxy_login": false })).await;
    let toggle = Write::Toggle(Toggle { field: "proxy_login".to_owned(), on: false });
    assert_eq!(send(&bench, number, &toggle).await, Err(Failure::NotAllowed));
    assert_eq!(shown().await, None, "it is not offered any more");
    // A field that this product no longer has cannot be written.
    let unknown = Write::Toggle(Toggle { field: "another".to_owned(), on: true });
    assert_eq!(send(&bench, number, &unknown).await, Err(Failure::needs(ReasonKind::Unsupported)));
}

#[tokio::test]
async fn an_answer_that_does_not_show_what_was_written_leaves_the_outcome_open() {
    for satisfaction in ["surveys", "legacy"] {
        let bench = hub(satisfaction).await;
        let (solved, open) = (ticket(&bench, "solved").await, ticket(&bench, "open").await);
        let feedback = Write::Feedback(Feedback { answers: 2, chosen: 1, text: None });
        let toggle = Write::Toggle(Toggle { field: "proxy_login".to_owned(), on: true });
        bench.wire.meddle_json(|exchange, answer| {
            if !exchange.body.is_empty() {
                *answer = json!({ "status": "ok" });
            }
        });
        for (number, write) in [(solved, &feedback), (open, &toggle)] {
            let failure = send(&bench, number, write).await.unwrap_err();
            assert_eq!(failure, Failure::misbehaves(), "a gateway said it, and not the help desk");
        }
    }
}
