//! The connector against the service's answers as a real server gave them. Whole stories run against a real server elsewhere;
//! here are the answers that it gives rarely.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PROFILE, Rt};
use crate::environment::{Environment, Timestamp};
use crate::model::{CommentId, Delivery, DeskStatus, PersonId, Reason, ReasonKind, TicketDraft, TicketNumber};
use crate::profile::Profile;
use crate::remote::{
    Body, Connector, DownloadFailure, Failure, Http, HttpFailure, HttpRequest, HttpResponse, Reached, Remote,
    RemoteTicket, Target, TicketList, TokenFailure, Tokens, Trouble, Write,
};
use crate::sync::Scope;
use crate::{Desk, DeskConfig};

/// Answers in their order, and what was asked for them.
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

/// Alice in the middle of a run.
async fn signed_in() -> (Rt, Arc<Script>) {
    let script = Arc::new(Script::default());
    let (rt, answers) = (rt(&script, "1-27-01b9a66f"), [("GET /REST/2.0/user/27", ok(alice()))]);
    script.answers.lock().unwrap().extend(answers);
    assert_eq!(rt.begin(None).await.unwrap().id, PersonId(27));
    script.asked.lock().unwrap().clear();
    (rt, script)
}

fn rt(script: &Arc<Script>, token: &'static str) -> Rt {
    let profile = Profile::from_json(PROFILE).unwrap();
    Rt::new("https://rt.example".parse().unwrap(), script.clone(), Arc::new(App(token)), &profile).unwrap()
}

impl Script {
    fn then(&self, line: &'static str, answer: HttpResponse) -> &Self {
        self.answers.lock().unwrap().push_back((line, answer));
        self
    }

    /// Everything was asked.
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

/// Part of a collection without totals.
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
    }
}

fn reply(body: &str) -> Write {
    Write::Reply { body: body.into(), uploads: Vec::new() }
}

async fn deliver(rt: &Rt, target: Target, write: &Write) -> Result<RemoteTicket, Failure> {
    rt.deliver(target, &rt.encode(write), &[], Uuid::from_u128(7)).await
}

const FIRST: Target = Target::Ticket(TicketNumber(1));

/// What is asked before the first ticket is created.
fn offers(script: &Script) -> &Script {
    let fields = json!([{ "id": "2", "name": "Issue Type" }, { "id": "3", "name": "Account Access" },
                        { "id": "6", "name": "Escalation Level" }, { "id": "8", "name": "Client Reference" }]);
    script
        .then("GET /REST/2.0/queue/Support", ok(json!({ "id": 3, "Name": "Support", "TicketCustomFields": fields })))
        .then("GET /REST/2.0/customfield/2", ok(json!({ "Type": "Select", "Values": ["Technical Setup", "Content"] })))
        .then("GET /REST/2.0/customfield/3", ok(json!({ "Type": "Select", "Values": ["Yes", "No"] })))
        .then("GET /REST/2.0/customfield/8", ok(json!({ "Type": "Freeform", "MaxValues": "1" })))
}

fn refused(words: &str) -> Failure {
    Failure::NeedsUser(Reason { kind: ReasonKind::Refused, words: Some(words.to_owned()) })
}

fn maybe(failure: &Failure) -> bool {
    matches!(failure, Failure::TryAgain { reached: Reached::Maybe, .. })
}

#[tokio::test]
async fn a_list_is_read_whatever_shape_it_has() {
    let (rt, script) = signed_in().await;
    let visible = TicketList("visible".into());
    let mut bare = row(2, "stalled", &[], &[]);
    bare["CustomFields"] = json!("");
    bare["Subject"] = json!(null);
    script.then("GET /REST/2.0/tickets", list(&[row(1, "awaiting your reply", &["r-1"], &["Content"]), bare]));
    let page = rt.newest(&visible, 1, 10).await.unwrap();
    let [known, bare] = &*page.tickets else { panic!("two") };
    assert_eq!((known.number, known.requester, known.status), (TicketNumber(1), PersonId(27), DeskStatus::Pending));
    assert_eq!((known.access, known.issue_type.as_deref()), (Some(true), Some("Content")));
    assert_eq!((known.client_reference.as_deref(), known.updated_at), (Some("r-1"), Timestamp(1_795_549_176_000)));
    assert_eq!((bare.status, bare.access, bare.subject.as_str()), (DeskStatus::Unknown, None, ""));
    assert_eq!((page.count, page.next), (Some(2), None));
    let asked = script.asked();
    assert!(asked[0].url.query().unwrap().ends_with("orderby=LastUpdated&order=DESC&orderby=id&order=DESC"));
    script.then("GET /REST/2.0/tickets", ok(json!({ "items": [], "pages": 0.0, "total": 0, "count": 0 })));
    assert_eq!(rt.newest(&visible, 1, 10).await.unwrap().tickets, []);
    // A walk that stands still is none.
    script.then("GET /REST/2.0/tickets", list(&[row(1, "open", &[], &[])]));
    assert_eq!(rt.walk(&visible, Some("1")).await, Err(Failure::misbehaves()));
}

#[tokio::test]
async fn a_ticket_is_of_whoever_asked() {
    for (requestors, creator, expected) in
        [(vec![27], 27, 27), (vec![30, 27], 27, 27), (vec![30, 27], 35, 30), (vec![], 35, 35)]
    {
        let (rt, script) = signed_in().await;
        let mut ticket = row(1, "open", &[], &[]);
        ticket["Requestor"] = requestors.iter().map(|id| json!({ "id": id, "type": "user" })).collect();
        ticket["Creator"] = json!({ "id": creator.to_string() });
        script.then("GET /REST/2.0/tickets", list(&[ticket]));
        assert_eq!(rt.ticket(TicketNumber(1)).await.unwrap().requester, PersonId(expected), "{requestors:?} {creator}");
    }
}

#[tokio::test]
async fn what_no_search_shows_is_gone_only_by_its_own_word() {
    for (answered, expected) in [
        (answer(404, r#"{"message":"Not Found"}"#), Failure::Gone),
        (answer(403, r#"{"message":"Forbidden"}"#), Failure::NotAllowed),
        (page("deleted", &[]), Failure::Gone),
        // Merged into another one.
        (ok(json!({ "id": 5, "Status": "open" })), Failure::Gone),
        (page("open", &[]), Failure::misbehaves()),
        (answer(404, "<html>"), Failure::misbehaves()),
    ] {
        let (rt, script) = signed_in().await;
        script.then("GET /REST/2.0/tickets", list(&[])).then("GET /REST/2.0/ticket/1", answered);
        assert_eq!(rt.ticket(TicketNumber(1)).await, Err(expected));
    }
}

#[tokio::test]
async fn a_thread_is_put_together_across_holes() {
    let event = |id: i64, kind: &str, who: Value| json!({ "id": id.to_string(), "type": "transaction", "Type": kind, "Created": "2026-11-24T19:39:20Z", "Creator": who });
    let part = |id: i64, message: i64, kind: &str, name: &str, size: u64| {
        json!({ "id": id.to_string(), "TransactionId": message.to_string(), "ContentType": kind, "Filename": name,
                "ContentLength": size.to_string(), "Headers": "MIME-Version: 1.0\nX-RT-Original-Encoding: utf-8" })
    };
    let (rt, script) = signed_in().await;
    let history = "GET /REST/2.0/ticket/1/history";
    let alice = || author(27, "Alice Archer", "Acme Lettings");
    let mut latin = part(18, 66, "text/plain", "notes.txt", 15);
    latin["Headers"] = json!("Content-Type: text/plain\nX-RT-Original-Encoding: iso-8859-1\n");
    script
        .then("GET /REST/2.0/ticket/1", page("open", &[]))
        .then(
            history,
            rows(&[event(57, "Create", alice()), event(61, "AddWatcher", author(1, "The RT System itself", ""))]),
        )
        .then(history, rows(&[]))
        .then(
            history,
            rows(&[event(62, "Correspond", author(35, "Sam Agent", "Support")), event(66, "Correspond", alice())]),
        )
        .then(
            "POST /REST/2.0/attachments",
            rows(&[
                part(1, 57, "text/plain", "", 20),
                part(11, 62, "text/html", "", 75),
                part(16, 66, "multipart/mixed", "", 0),
                part(17, 66, "text/plain", "", 5),
                latin,
                part(19, 66, "image/png", "=?UTF-8?B?YSJiLnR4dA==?=", 300_000),
            ]),
        )
        .then(
            "POST /REST/2.0/attachments",
            rows(&[
                json!({ "id": "1", "Content": "Zürich\nline" }),
                json!({ "id": "11", "Content": "<p>Hallo &amp; <b>ja</b></p>" }),
                json!({ "id": "17", "Content": "Danke" }),
            ]),
        );
    let thread = rt.thread(TicketNumber(1)).await.unwrap();
    let asked = script.asked();
    let Body::Json(wanted) = &asked[5].body else { panic!("a search") };
    assert_eq!(
        serde_json::from_slice::<Value>(wanted).unwrap(),
        json!([{ "field": "id", "value": 1 }, { "field": "id", "value": 11 }, { "field": "id", "value": 17 }]),
        "no text of a file"
    );
    let texts: Vec<_> = thread.comments.iter().map(|comment| (comment.id, comment.author, &*comment.body)).collect();
    assert_eq!(
        texts,
        [
            (CommentId(57), PersonId(27), "Zürich\nline"),
            (CommentId(62), PersonId(35), "Hallo & ja"),
            (CommentId(66), PersonId(27), "Danke")
        ]
    );
    let files: Vec<_> =
        thread.comments[2].attachments.iter().map(|file| (&*file.name, file.size, file.address.as_deref())).collect();
    assert_eq!(
        files,
        [
            ("notes.txt", 15, Some("/REST/2.0/attachment/18")),
            ("a\"b.txt", 300_000, Some("/SelfService/Attachment/66/19/file"))
        ]
    );
    let people: Vec<_> = thread.people.iter().map(|person| (&*person.name, person.agent)).collect();
    assert_eq!(people, [("Alice Archer", false), ("Sam Agent", true)]);
}

#[tokio::test]
async fn a_history_that_never_reaches_its_newest_row_is_none() {
    let (rt, script) = signed_in().await;
    script.then("GET /REST/2.0/ticket/1", page("open", &[]));
    for _ in 0..10 {
        script.then("GET /REST/2.0/ticket/1/history", rows(&[]));
    }
    assert_eq!(rt.thread(TicketNumber(1)).await, Err(Failure::misbehaves()));
    script.asked();
}

#[tokio::test]
async fn a_value_that_the_desk_would_drop_is_refused_before_anything_is_sent() {
    let (rt, script) = signed_in().await;
    offers(&script);
    assert_eq!(deliver(&rt, Target::NewTicket, &create("Weather")).await, Err(refused("Issue Type: Weather")));
    // Somebody may add it later.
    offers(&script);
    assert_eq!(deliver(&rt, Target::NewTicket, &create("Weather")).await, Err(refused("Issue Type: Weather")));
    script.asked();
}

#[tokio::test]
async fn an_earlier_attempt_is_the_answer() {
    let (rt, script) = signed_in().await;
    offers(&script).then("GET /REST/2.0/tickets", list(&[row(1, "open", &["r-1"], &["Content"])]));
    let ticket = deliver(&rt, Target::NewTicket, &create("Content")).await.unwrap();
    assert_eq!(ticket.number, TicketNumber(1));
    assert!(script.asked()[4].url.query().unwrap().contains("CF.%7BClient+Reference%7D+%3D+%27r-1%27"));
}

#[tokio::test]
async fn a_ticket_is_created_for_the_user_and_read_back() {
    let (rt, script) = signed_in().await;
    let created = || answer(201, r#"{"id":"4","type":"ticket","_url":"x"}"#);
    offers(&script)
        .then("GET /REST/2.0/tickets", list(&[]))
        .then("POST /REST/2.0/ticket", created())
        .then("GET /REST/2.0/tickets", list(&[row(4, "open", &["r-1"], &[])]));
    let ticket = deliver(&rt, Target::NewTicket, &create("Content")).await.unwrap();
    assert_eq!((ticket.number, ticket.issue_type), (TicketNumber(4), None), "as the desk has it");
    let Body::Json(sent) = &script.asked()[5].body else { panic!("a request") };
    assert_eq!(
        serde_json::from_slice::<Value>(sent).unwrap(),
        json!({ "Queue": "Support", "Requestor": "27", "Subject": "Größe 🙂", "Content": "Zeile 1\n\nשלום",
                "ContentType": "text/plain", "Cc": ["erin@external.test"],
                "CustomFields": { "Issue Type": "Content", "Account Access": "Yes", "Client Reference": "r-1" } })
    );
    // An earlier attempt came late, and has the reference.
    script
        .then("GET /REST/2.0/tickets", list(&[]))
        .then("POST /REST/2.0/ticket", created())
        .then("GET /REST/2.0/tickets", list(&[row(4, "open", &[], &["Content"])]))
        .then("GET /REST/2.0/tickets", list(&[row(3, "open", &["r-1"], &["Content"])]));
    assert_eq!(deliver(&rt, Target::NewTicket, &create("Content")).await.unwrap().number, TicketNumber(3));
    script.asked();
}

#[tokio::test]
async fn what_was_done_and_cannot_be_read_back_is_in_doubt_and_nothing_else() {
    let unauthorized = || answer(401, r#"{"message":"Unauthorized"}"#);
    for after in [answer(500, ""), answer(403, r#"{"message":"Forbidden"}"#), answer(302, "")] {
        let (rt, script) = signed_in().await;
        script
            .then("GET /REST/2.0/ticket/1", page("open", &[]))
            .then("POST /REST/2.0/ticket/1/correspond", answer(201, r#"["Correspondence added"]"#))
            .then("GET /REST/2.0/tickets", after);
        assert!(maybe(&deliver(&rt, FIRST, &reply("Danke 🎉")).await.unwrap_err()));
        script.asked();
    }
    // The token was refused in between, and so was the next.
    let (rt, script) = signed_in().await;
    script
        .then("GET /REST/2.0/ticket/1", page("open", &[]))
        .then("POST /REST/2.0/ticket/1/correspond", answer(201, r#"["Correspondence added"]"#))
        .then("GET /REST/2.0/tickets", unauthorized())
        .then("GET /REST/2.0/user/27", unauthorized());
    assert!(maybe(&deliver(&rt, FIRST, &reply("Danke 🎉")).await.unwrap_err()));
    // What comes before the write leaves no doubt.
    let (rt, script) = signed_in().await;
    script.then("GET /REST/2.0/ticket/1", answer(500, ""));
    let failure = Failure::TryAgain { trouble: Trouble::Faulty, after: None, reached: Reached::No };
    assert_eq!(deliver(&rt, FIRST, &reply("Danke")).await, Err(failure));
}

#[tokio::test]
async fn the_connector_refuses_what_the_desk_would_take() {
    let (rt, script) = signed_in().await;
    for write in [reply("zu spät"), Write::Solve, Write::AddCc { addresses: vec!["a@b.example".into()] }] {
        script.then("GET /REST/2.0/ticket/1", page("closed", &[]));
        assert_eq!(deliver(&rt, FIRST, &write).await, Err(Failure::needs(ReasonKind::TicketClosed)));
    }
    script.then("GET /REST/2.0/ticket/1", ok(json!({ "id": 1, "Status": "open", "_hyperlinks": [] })));
    assert_eq!(deliver(&rt, FIRST, &reply("Darf ich?")).await, Err(Failure::NotAllowed));
    let unsupported = Err(Failure::needs(ReasonKind::Unsupported));
    let mark = Write::MarkRead { through: CommentId(1) };
    assert_eq!(deliver(&rt, Target::ReadMark(TicketNumber(1)), &mark).await, unsupported);
    assert_eq!(rt.deliver(FIRST, b"from another version", &[], Uuid::nil()).await, unsupported);
    script.asked();
}

#[tokio::test]
async fn a_change_counts_when_the_ticket_shows_it() {
    let (rt, script) = signed_in().await;
    let no = || answer(200, r#"["Ticket 1: Permission Denied"]"#);
    let put = "PUT /REST/2.0/ticket/1";
    let before = |script: &Script| {
        script.then("GET /REST/2.0/ticket/1", page("open", &["solved"]));
    };
    before(&script);
    script.then(put, no()).then("GET /REST/2.0/tickets", list(&[row(1, "open", &[], &[])]));
    assert_eq!(deliver(&rt, FIRST, &Write::Solve).await, Err(refused("Ticket 1: Permission Denied")));
    script.then("GET /REST/2.0/ticket/1", page("open", &[]));
    script.then(put, no()).then("GET /REST/2.0/tickets", list(&[row(1, "open", &[], &[])]));
    assert_eq!(deliver(&rt, FIRST, &Write::Solve).await, Err(Failure::NotAllowed));
    script.asked();
    // It changed meanwhile, again and again.
    for _ in 0..3 {
        before(&script);
        script.then(put, answer(412, r#"{"message":"Precondition Failed"}"#));
    }
    let busy = Failure::TryAgain { trouble: Trouble::Busy, after: None, reached: Reached::No };
    assert_eq!(deliver(&rt, FIRST, &Write::Solve).await, Err(busy));
    assert!(script.asked()[1].headers.contains(&("if-match", "\"66\"".to_owned())));
    before(&script);
    script.then(put, no()).then("GET /REST/2.0/tickets", list(&[row(1, "solved", &[], &[])]));
    assert_eq!(deliver(&rt, FIRST, &Write::Solve).await.unwrap().status, DeskStatus::Solved);
    // Copied already under another spelling, or dropped.
    for (address, expected) in
        [("erin@External.test", None), ("gina@external.test", Some(refused("Ticket 1: Permission Denied")))]
    {
        before(&script);
        script.then(put, no()).then("GET /REST/2.0/tickets", list(&[row(1, "open", &[], &[])]));
        let outcome = deliver(&rt, FIRST, &Write::AddCc { addresses: vec![address.into()] }).await;
        assert_eq!(outcome.err(), expected, "{address}");
    }
    script.asked();
}

#[tokio::test]
async fn the_same_write_gives_the_same_bytes_before_and_after_a_run() {
    let script = Arc::new(Script::default());
    let (cold, (warm, _)) = (rt(&script, "1-27-01b9a66f"), signed_in().await);
    for write in [create("Content"), reply("Danke! 🎉\n\nAda"), Write::Solve] {
        assert_eq!(cold.encode(&write), warm.encode(&write));
    }
    assert!(String::from_utf8(cold.encode(&reply("0"))).unwrap().contains(r#""Content":"0\n""#));
}

#[tokio::test]
async fn a_token_of_another_kind_goes_nowhere() {
    let script = Arc::new(Script::default());
    let failure = rt(&script, "eyJhbGciOi.J9").begin(None).await.unwrap_err();
    assert_eq!(failure, Failure::TryAgain { trouble: Trouble::NoToken, after: None, reached: Reached::No });
    assert!(script.asked().is_empty());
}

#[tokio::test]
async fn a_download_is_gone_only_by_the_interfaces_own_word() {
    struct Nothing;
    impl crate::remote::Sink for Nothing {
        fn begin(&mut self, _: crate::remote::Landing) -> Result<(), crate::remote::SinkError> {
            Ok(())
        }
        fn write(&mut self, _: &[u8]) -> Result<(), crate::remote::SinkError> {
            Ok(())
        }
    }
    let file = "GET /SelfService/Attachment/66/19/file";
    let (rt, script) = signed_in().await;
    script.then(file, answer(404, "<!DOCTYPE html>")).then("POST /REST/2.0/attachments", rows(&[]));
    let gone = Err(DownloadFailure::Desk(Failure::Gone));
    assert_eq!(rt.download("/SelfService/Attachment/66/19/file", 0, &mut Nothing).await, gone);
    // A way to the login page: the token is shown to the interface, which refuses it.
    let unauthorized = || answer(401, r#"{"message":"Unauthorized"}"#);
    script.then(file, answer(302, "")).then("POST /REST/2.0/attachments", unauthorized());
    script.then("GET /REST/2.0/user/27", unauthorized());
    let signed_out = Err(DownloadFailure::Desk(Failure::needs(ReasonKind::SignedOut)));
    assert_eq!(rt.download("/SelfService/Attachment/66/19/file", 0, &mut Nothing).await, signed_out);
    script.asked();
}

/// A device whose clock stands still.
struct Device;

#[async_trait]
impl Environment for Device {
    fn now(&self) -> Timestamp {
        Timestamp(1_795_549_000_000)
    }

    async fn sleep(&self, _length: Duration) {
        std::future::pending::<()>().await;
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        bytes
    }
}

#[tokio::test]
async fn a_file_that_went_from_the_device_stops_its_message_before_anything_is_sent() {
    let mut profile: Value = serde_json::from_str(PROFILE).unwrap();
    profile["attachments"] = json!({ "max_files": 5, "max_bytes": 50_000_000, "types": ["txt"] });
    let folder = tempfile::tempdir().unwrap();
    let config = DeskConfig {
        connector: Connector::RequestTracker,
        profile: Some(profile.to_string()),
        ..DeskConfig::new(folder.path(), "alice", "https://rt.example")
    };
    let script = Arc::new(Script::default());
    let desk = Desk::open(&config, script.clone(), Arc::new(App("1-27-01b9a66f")), Arc::new(Device)).unwrap();
    assert_eq!(desk.profile().attachments.as_ref().unwrap().max_bytes, 26_214_400, "what the desk takes");
    let draft =
        TicketDraft {
            subject: "Größe 🙂".into(), description: "Siehe Anhang".into(), ..desk.ticket_draft().unwrap()
        };
    desk.save_ticket_draft(&draft).unwrap();
    let picked = folder.path().join("picked");
    std::fs::write(&picked, "Größe").unwrap();
    desk.attach(&draft.id, &picked, "Größe.txt").unwrap();
    let ticket = desk.submit(&draft).unwrap();
    // The file's own step asks nobody, and the desk is busy when the message comes.
    script
        .then("GET /REST/2.0/user/27", ok(alice()))
        .then("GET /REST/2.0/tickets", list(&[]))
        .then("GET /REST/2.0/queue/Support", answer(503, ""));
    script.then("GET /REST/2.0/tickets", list(&[])).then("GET /REST/2.0/tickets", list(&[]));
    assert_eq!(desk.sync(Scope::Everything).await.failure, None);
    let mut folders = vec![folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "txt") || entry.metadata().unwrap().len() == 7 {
                std::fs::remove_file(entry).unwrap();
            }
        }
    }
    script.asked();
    desk.sync_now().unwrap();
    assert_eq!(desk.sync(Scope::Due).await.failure, None);
    let delivery = desk.thread(ticket, None, 1).unwrap().messages.remove(0).delivery;
    let missing = Reason { kind: ReasonKind::AttachmentMissing, words: None };
    assert_eq!(delivery, Delivery::NeedsYou(missing));
    assert!(script.asked().is_empty());
}
