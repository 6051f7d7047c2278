//! Tests of the connector with recorded answers of a real server, for answers that are rare. Whole scenarios run
//! against a real server in `tests/rt`.

mod articles;
mod attachments;
mod reading;
mod refused;
mod threads;
mod writing;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Rt;
use crate::connectors::Remote;
use crate::environment::Environment;
use crate::factory::Connector;
use crate::model::{CommentId, Delivery, PersonId, Reason, ReasonKind, ServerStatus, TicketDraft, TicketNumber};
use crate::model::{DownloadFailure, Failure, Reached, RemoteTicket, Target, TicketList, Trouble, Write};
use crate::model::{Timestamp, undated};
use crate::net::{Body, Http, HttpFailure, HttpRequest, HttpResponse, TokenFailure, Tokens};
use crate::product::{BUILT_IN, Product, ServerKind};
use crate::sync::Scope;
use crate::{Client, ClientConfig};

/// Expected requests with their answers, in order, and the requests that were made.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<(&'static str, HttpResponse)>>,
    asked: Mutex<Vec<HttpRequest>>,
}

#[async_trait]
impl Http for Script {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let line = format!("{} {}", request.method.name(), request.url.path());
        let (expected, answer) =
            self.answers.lock().unwrap().pop_front().unwrap_or_else(|| panic!("unexpected: {line}"));
        assert_eq!(line, expected);
        self.asked.lock().unwrap().push(request);
        Ok(answer)
    }
}

struct App(&'static str);

#[async_trait]
impl Tokens for App {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok(self.0.to_owned())
    }
}

/// A connector in the middle of a run for Alice.
async fn signed_in() -> (Rt, Arc<Script>) {
    signed_in_with(BUILT_IN).await
}

/// The same, with a product.
async fn signed_in_with(definition: &str) -> (Rt, Arc<Script>) {
    let script = Arc::new(Script::default());
    let (rt, answers) = (rt_with(definition, &script, "1-27-01b9a66f"), [("GET /REST/2.0/user/27", ok(alice()))]);
    script.answers.lock().unwrap().extend(answers);
    assert_eq!(rt.begin(None).await.unwrap().id, PersonId(27));
    script.asked.lock().unwrap().clear();
    (rt, script)
}

fn rt(script: &Arc<Script>, token: &'static str) -> Rt {
    rt_with(BUILT_IN, script, token)
}

fn rt_with(definition: &str, script: &Arc<Script>, token: &'static str) -> Rt {
    let product = Product::from_json(definition, ServerKind::RequestTracker).unwrap();
    Rt::new("https://rt.example".parse().unwrap(), script.clone(), Arc::new(App(token)), &product).unwrap()
}

impl Script {
    fn then(&self, line: &'static str, answer: HttpResponse) -> &Self {
        self.answers.lock().unwrap().push_back((line, answer));
        self
    }

    /// Checks that every expected request was made, and returns the requests.
    fn asked(&self) -> Vec<HttpRequest> {
        assert_eq!(self.answers.lock().unwrap().len(), 0);
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> HttpResponse {
    HttpResponse { status, headers: vec![("etag".into(), "\"66\"".into())], body: body.into() }
}

#[expect(clippy::needless_pass_by_value, reason = "every caller makes one")]
fn ok(body: Value) -> HttpResponse {
    answer(200, body.to_string())
}

fn alice() -> Value {
    json!({ "id": 27, "Name": "alice", "RealName": "Alice Archer", "EmailAddress": "alice@example.test", "Privileged": 0 })
}

fn author(id: i64, name: &str, organization: &str) -> Value {
    json!({ "id": id, "type": "user", "_url": "https://rt.example/REST/2.0/user/x", "RealName": name,
            "EmailAddress": format!("{id}@example.test"), "Name": "x", "Organization": organization })
}

/// A ticket in a list.
fn row(id: i64, status: &str, reference: &[&str], issue_type: &[&str]) -> Value {
    json!({ "id": id.to_string(), "type": "ticket", "Subject": "Größe 🙂", "Status": status,
            "Created": "2026-11-24T19:39:20Z", "LastUpdated": "2026-11-24T19:39:36Z",
            "Requestor": [{ "id": 27, "type": "user" }], "Creator": { "id": 27, "type": "user" }, "Cc": [{ "id": 44, "EmailAddress": "Erin@external.test" }],
            "CustomFields": [
                { "id": "3", "type": "customfield", "name": "Account Access", "values": ["Yes"] },
                { "id": "8", "name": "Client Reference", "values": reference },
                { "id": "2", "name": "Issue Type", "values": issue_type },
                { "id": "9", "name": "Add CC", "values": [] }] })
}

fn list(rows: &[Value]) -> HttpResponse {
    ok(json!({ "page": 1, "pages": 1, "count": rows.len(), "total": rows.len(), "per_page": 1, "items": rows }))
}

/// The page of ticket 1.
fn page(status: &str, to: &[&str]) -> HttpResponse {
    let mut links = vec![json!({ "ref": "self", "id": 1 }), json!({ "ref": "correspond", "_url": "x" })];
    links.extend(to.iter().map(|to| json!({ "ref": "lifecycle", "from": status, "to": to, "label": "x" })));
    ok(json!({ "id": 1, "Status": status, "Requestor": [{ "id": "alice" }], "_hyperlinks": links,
               "Resolved": "1970-01-01T00:00:00Z" }))
}

/// A page of a collection without totals.
fn rows(rows: &[Value]) -> HttpResponse {
    ok(json!({ "page": 1, "pages": null, "count": rows.len(), "total": null, "per_page": 100, "items": rows }))
}

fn create(issue_type: &str) -> Write {
    Write::Create {
        subject: "Größe 🙂".into(),
        description: "Zeile 1\n\nשלום".into(),
        issue_type: issue_type.into(),
        cc: vec!["erin@external.test".into()],
        access: true,
        reference: "r-1".into(),
        uploads: Vec::new(),
        follows: None,
        requester: None,
    }
}

fn reply(body: &str) -> Write {
    Write::Reply { body: body.into(), structure: None, uploads: Vec::new(), solves: false }
}

async fn deliver(rt: &Rt, target: Target, write: &Write) -> Result<RemoteTicket, Failure> {
    undated(rt.deliver(target, &rt.encode(write), &[], Uuid::from_u128(7)).await)
}

const FIRST: Target = Target::Ticket(TicketNumber(1));

/// Expects the requests that come before the first ticket is created.
fn offers(script: &Script) -> &Script {
    let fields = json!([{ "id": "2", "name": "Issue Type" }, { "id": "3", "name": "Account Access" },
                        { "id": "6", "name": "Escalation Level" }, { "id": "8", "name": "Client Reference" }]);
    script
        .then("GET /REST/2.0/queue/Support", ok(json!({ "id": 3, "Name": "Support", "TicketCustomFields": fields })))
        .then("GET /REST/2.0/customfield/2", ok(json!({ "Type": "Select", "Values": ["Technical Setup", "Content"] })))
        .then("GET /REST/2.0/customfield/3", ok(json!({ "Type": "Select", "Values": ["Yes", "No"] })))
        .then("GET /REST/2.0/customfield/8", ok(json!({ "Type": "Freeform", "MaxValues": "1" })))
}

fn refused(server_message: &str) -> Failure {
    Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: Some(server_message.to_owned()) })
}

fn maybe(failure: &Failure) -> bool {
    matches!(failure, Failure::TryAgain { reached: Reached::Maybe, .. })
}
