//! A request without signing in: its body, and what its answers mean.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::FIELDS;
use crate::connectors::Remote;
use crate::connectors::zendesk::{Zendesk, wire};
use crate::model::{Failure, Reached, ReasonKind, Requester, TicketNumber, Trouble, Write, undated};
use crate::net::{Http, HttpFailure, HttpRequest, HttpResponse, TokenFailure, Tokens};
use crate::product::Product;

fn write() -> Write {
    Write::Create {
        subject: "Ich kann mich nicht anmelden 🔑".to_owned(),
        description: "Guten Tag,\nes kommt keine Mail.".to_owned(),
        issue_type: "technical_setup".to_owned(),
        cc: Vec::new(),
        access: false,
        reference: "f3a1".to_owned(),
        follows: None,
        uploads: Vec::new(),
        requester: Some(Requester { name: "Søren".to_owned(), email: "søren@bücher.example".to_owned() }),
    }
}

#[test]
fn the_body_says_who_writes_and_nothing_that_needs_an_account() {
    let expected = json!({ "request": {
        "subject": "Ich kann mich nicht anmelden 🔑", "comment": { "body": "Guten Tag,\nes kommt keine Mail." },
        "custom_fields": [{ "id": 360_001, "value": "technical_setup" }, { "id": 360_003, "value": "f3a1" }],
        "requester": { "name": "Søren", "email": "søren@bücher.example" }
    } });
    assert_eq!(wire::body(&write(), &FIELDS), expected);
}

/// Gives one answer, and keeps the request.
struct Once(u16, String, Mutex<Vec<HttpRequest>>);

#[async_trait]
impl Http for Once {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        self.2.lock().unwrap().push(request);
        Ok(HttpResponse { status: self.0, headers: Vec::new(), body: self.1.clone().into_bytes() })
    }
}

struct Nobody;

#[async_trait]
impl Tokens for Nobody {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        unreachable!("nobody is signed in")
    }
}

/// What the answer means. The request is checked.
async fn outcome(status: u16, body: &str) -> Result<Option<TicketNumber>, Failure> {
    let http = Arc::new(Once(status, body.to_owned(), Mutex::default()));
    let address = "https://desk.example".parse().unwrap();
    let zendesk =
        Zendesk::new(address, Arc::clone(&http) as Arc<dyn Http>, Arc::new(Nobody), &Product::built_in().unwrap());
    let body = zendesk.encode(&write());
    let outcome = undated(zendesk.deliver_anonymously(&body, Uuid::from_u128(7)).await);
    let requests = http.2.lock().unwrap();
    let [request] = requests.as_slice() else { panic!("{} requests", requests.len()) };
    assert_eq!((request.method.name(), request.url.as_str()), ("POST", "https://desk.example/api/v2/requests"));
    assert!(request.headers.iter().all(|(name, _)| *name != "authorization"), "no token is sent");
    assert!(request.headers.iter().any(|(name, value)| *name == "idempotency-key" && value.ends_with('7')));
    assert_eq!(request.body.read().unwrap(), body);
    outcome
}

#[tokio::test]
async fn an_answer_tells_the_number_or_only_that_it_arrived_or_nothing() {
    let misbehaves = || Err(Failure::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::Maybe });
    let text = |body: Value| body.to_string();
    for (status, body, expected) in [
        (201, text(json!({ "request": { "id": 4711, "status": "new" } })), Ok(Some(TicketNumber(4711)))),
        (200, text(json!({ "request": { "id": 4711 } })), Ok(Some(TicketNumber(4711)))),
        // It waits until the requester has answered a mail.
        (201, text(json!({ "suspended_ticket": { "id": 9 } })), Ok(None)),
        (202, text(json!({})), Ok(None)),
        (201, text(json!({ "request": { "id": "?" } })), Ok(None)),
        (200, text(json!({ "error": "RecordInvalid" })), misbehaves()),
        (200, text(json!([])), misbehaves()),
        (200, "<html><title>Anmelden im WLAN</title></html>".to_owned(), misbehaves()),
        (201, String::new(), misbehaves()),
        (401, text(json!({ "error": "Couldn't authenticate you" })), Err(Failure::NotAllowed)),
        (401, String::new(), Err(Failure::NotAllowed)),
        (403, text(json!({ "error": { "title": "Forbidden", "message": "No." } })), Err(Failure::NotAllowed)),
        (403, "<html>Blocked</html>".to_owned(), Err(Failure::Unexplained { server_message: None })),
    ] {
        assert_eq!(outcome(status, &body).await, expected, "{status} {body}");
    }
    let refused = outcome(422, r#"{"error":"RecordInvalid","description":"Requester: Email: is suspended"}"#).await;
    assert!(matches!(refused, Err(Failure::NeedsUser(reason)) if reason.kind == ReasonKind::Refused));
    let busy = outcome(429, "").await;
    assert!(matches!(busy, Err(Failure::TryAgain { trouble: Trouble::Busy, reached: Reached::No, .. })));
}
