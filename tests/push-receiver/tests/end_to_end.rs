//! An agent answers at the help desk, and the app has the message: sandbox, receiver and client, over real HTTP.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::future::pending;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use jiff::Timestamp;
use pocketdesk::environment::Environment;
use pocketdesk::model::{TicketId, TicketNumber, millis};
use pocketdesk::net::{Body, Http, HttpRequest, Method, ReqwestHttp, TokenFailure, Tokens};
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use pocketdesk_push_receiver::{Device, KEY, Push, Receiver};
use pocketdesk_sandbox::users::{ADA, BEN, CLARA, NORDLICHT, Person, SONNENHOF, ZOE};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use url::Url;

/// What a test waits for comes within moments; this only ends a test that fails.
const PATIENCE: Duration = Duration::from_secs(30);
const SECRET: &str = "dGhlIHNlY3JldCBvZiBhIHRlc3Q=";

/// A device on which no time ever passes for the client: whatever it would do later, it never does. So it asks the server
/// only when something asks it to.
struct NoTimers;

#[async_trait]
impl Environment for NoTimers {
    fn now(&self) -> pocketdesk::model::Timestamp {
        pocketdesk::model::Timestamp(millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap()))
    }

    async fn sleep(&self, _length: Duration) {
        pending::<()>().await;
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        bytes
    }
}

struct SignedIn;

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("ada-token".to_owned())
    }
}

/// The push service: it knows the running apps by their tokens, and hands each message to its app, as the system does.
#[derive(Clone)]
struct PushService {
    apps: Arc<Mutex<BTreeMap<String, Arc<Client>>>>,
    sent: UnboundedSender<(String, i64)>,
}

#[async_trait]
impl Push for PushService {
    async fn send(&self, device: &str, ticket: i64) {
        self.sent.send((device.to_owned(), ticket)).unwrap();
        // On the way it is text under a key, and the app reads it as any app does.
        let message = BTreeMap::from([(KEY, ticket.to_string())]);
        let number = message.get(pocketdesk::model::PUSH_KEY).and_then(|value| TicketNumber::of_push(value));
        let app = self.apps.lock().unwrap().get(device).cloned();
        if let (Some(app), Some(number)) = (app, number) {
            app.on_push(number.0).unwrap();
        }
    }
}

/// A company: its help desk, its backend and its push service.
struct Company {
    help_desk: Running,
    receiver: Arc<Receiver<PushService>>,
    push: PushService,
    sent: UnboundedReceiver<(String, i64)>,
}

impl Company {
    async fn open(tickets: u32) -> Self {
        let help_desk = Sandbox::start(Options { tickets, ..Options::default() }).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/help-desk", listener.local_addr().unwrap());
        let set_up = ask(&help_desk, Method::Post, "/sandbox/webhook", json!({ "url": url })).await;
        let (receiver, push, sent) = receiver(set_up["webhook"]["signing_secret"].as_str().unwrap(), 60);
        let routes = receiver.routes();
        tokio::spawn(async { axum::serve(listener, routes).await });
        Self { help_desk, receiver, push, sent }
    }

    async fn act(&self, ticket: i64, what: &str, body: Value) {
        ask(&self.help_desk, Method::Post, &format!("/sandbox/tickets/{ticket}/{what}"), body).await;
    }

    /// A new ticket of Ada's.
    async fn ticket(&self) -> i64 {
        let made = json!({ "requester": "ada", "channel": "email", "subject": "Überweisung fehlt",
            "messages": [{ "by": "ada", "body": "Guten Tag, seit Montag. 🧾" }] });
        ask(&self.help_desk, Method::Post, "/sandbox/tickets/make", made).await["ticket"]["id"].as_i64().unwrap()
    }

    async fn next_push(&mut self) -> (String, i64) {
        tokio::time::timeout(PATIENCE, self.sent.recv()).await.unwrap().unwrap()
    }
}

fn receiver(
    secret: &str,
    messages_per_minute: u32,
) -> (Arc<Receiver<PushService>>, PushService, UnboundedReceiver<(String, i64)>) {
    let (sent, received) = unbounded_channel();
    let push = PushService { apps: Arc::default(), sent };
    (Arc::new(Receiver::new(secret, push.clone(), messages_per_minute)), push, received)
}

fn device(person: &Person) -> Device {
    let token = format!("device-of-{}", person.key);
    Device { token, user: person.id, organization: person.organization, sees_all: person.key == "clara" }
}

async fn ask(help_desk: &Running, method: Method, path: &str, body: Value) -> Value {
    let url = Url::parse(&help_desk.base_url).unwrap().join(path).unwrap();
    let body = if body.is_null() { Body::Empty } else { Body::Json(body.to_string().into_bytes()) };
    let answer =
        ReqwestHttp::new().unwrap().send(HttpRequest { method, url, headers: Vec::new(), body }).await.unwrap();
    assert!(answer.status < 300, "{path} {}", answer.status);
    serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
}

/// Ada's app, which has read everything and is not in front.
async fn app(help_desk: &Running, folder: &Path) -> Arc<Client> {
    let config = ClientConfig::new(folder, "ada", &help_desk.base_url);
    let http = Arc::new(ReqwestHttp::new().unwrap());
    let client = Arc::new(Client::open(&config, http, Arc::new(SignedIn), Arc::new(NoTimers)).unwrap());
    assert_eq!(client.sync(Scope::Everything).await.failure, None);
    let runs = Arc::clone(&client);
    tokio::spawn(async move { runs.drive().await });
    client
}

fn id(client: &Client, number: i64) -> TicketId {
    let rows = client.history(None, 200).unwrap().tickets;
    rows.into_iter().find(|row| row.number == Some(TicketNumber(number))).unwrap().id
}

fn newest_message(client: &Client, ticket: TicketId) -> String {
    client.thread(ticket, None, 200).unwrap().messages.pop().unwrap().body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agents_answer_is_on_the_device_through_the_push_alone() {
    let mut company = Company::open(12).await;
    let ticket = company.ticket().await;
    let (folder, without): (TempDir, TempDir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let client = app(&company.help_desk, folder.path()).await;
    let not_registered = app(&company.help_desk, without.path()).await;
    company.push.apps.lock().unwrap().insert("device-of-ada".to_owned(), Arc::clone(&client));
    company.receiver.register(device(&ADA));
    let changes = client.subscribe();
    // The server's times have whole seconds; the answer is later than what the app has read.
    ask(&company.help_desk, Method::Post, "/sandbox/clock", json!({ "advance_seconds": 60 })).await;
    let text = "Ihre Auszahlung ist unterwegs. الدفعة في الطريق 🚚";
    company.act(ticket, "answer", json!({ "body": text })).await;
    assert_eq!(company.next_push().await, ("device-of-ada".to_owned(), ticket));
    let local = id(&client, ticket);
    let arrived = async {
        while newest_message(&client, local) != text {
            changes.next().await;
        }
    };
    tokio::time::timeout(PATIENCE, arrived).await.unwrap();
    assert!(client.ticket(local).unwrap().row.unread);
    // The same app without the push message still shows what it has read at first.
    let local = id(&not_registered, ticket);
    assert_eq!(newest_message(&not_registered, local), "Guten Tag, seit Montag. 🧾");
}

#[tokio::test]
async fn a_private_note_is_no_push_message_and_a_change_of_status_is_one() {
    let mut company = Company::open(0).await;
    company.receiver.register(device(&ADA));
    let (first, second) = (company.ticket().await, company.ticket().await);
    // Events come in their order: if the note were one, its message would come first.
    company.act(first, "note", json!({ "body": "Kunde ruft oft an." })).await;
    company.act(second, "status", json!({ "status": "pending" })).await;
    assert_eq!(company.next_push().await.1, second);
    company.act(first, "answer", json!({ "body": "Hallo Ada" })).await;
    assert_eq!(company.next_push().await.1, first);
    assert!(company.sent.try_recv().is_err(), "one message for each change");
}

#[tokio::test]
async fn whoever_does_not_see_the_ticket_gets_no_message() {
    let mut company = Company::open(0).await;
    // Zoë belongs to another organization. Clara is the administrator of Ada's.
    for person in [&ZOE, &BEN, &CLARA, &ADA] {
        company.receiver.register(device(person));
    }
    assert_ne!(NORDLICHT.id, SONNENHOF.id);
    let ticket = company.ticket().await;
    company.act(ticket, "answer", json!({ "body": "Nur für Ada und die Verwaltung" })).await;
    let told = [company.next_push().await.0, company.next_push().await.0];
    assert_eq!(told, ["device-of-ada", "device-of-clara"]);
    // Now Ben may see it, too.
    company.act(ticket, "field", json!({ "field": 360_001_000_002_i64, "value": true })).await;
    company.act(ticket, "answer", json!({ "body": "Nun für alle im Konto" })).await;
    let told = [company.next_push().await.0, company.next_push().await.0, company.next_push().await.0];
    assert_eq!(told, ["device-of-ada", "device-of-clara", "device-of-ben"]);
    // Somebody else signs in on Ada's device.
    company.receiver.register(Device { token: "device-of-ada".to_owned(), ..device(&ZOE) });
    company.act(ticket, "answer", json!({ "body": "Und noch einmal" })).await;
    let told = [company.next_push().await.0, company.next_push().await.0];
    assert_eq!(told, ["device-of-clara", "device-of-ben"]);
    assert!(company.sent.try_recv().is_err());
}

/// A genuine request of the help desk, and a receiver that knows its secret and Ada's device.
async fn recorded(
    messages_per_minute: u32,
) -> (HeaderMap, Bytes, Arc<Receiver<PushService>>, UnboundedReceiver<(String, i64)>) {
    let help_desk = Sandbox::start(Options { tickets: 0, ..Options::default() }).await.unwrap();
    let (heard, mut requests) = unbounded_channel();
    let hear = move |headers: HeaderMap, body: Bytes| async move {
        heard.send((headers, body)).unwrap();
        StatusCode::NO_CONTENT
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, Router::new().route("/", post(hear))).await });
    let set_up = ask(&help_desk, Method::Post, "/sandbox/webhook", json!({ "url": url })).await;
    let made = json!({ "requester": "ada", "channel": "email", "messages": [{ "by": "ada", "body": "Hallo" }] });
    let made = ask(&help_desk, Method::Post, "/sandbox/tickets/make", made).await;
    let answer = format!("/sandbox/tickets/{}/answer", made["ticket"]["id"]);
    ask(&help_desk, Method::Post, &answer, json!({ "body": "Hallo Ada" })).await;
    let (headers, body) = tokio::time::timeout(PATIENCE, requests.recv()).await.unwrap().unwrap();
    let (receiver, _, sent) = receiver(set_up["webhook"]["signing_secret"].as_str().unwrap(), messages_per_minute);
    receiver.register(device(&ADA));
    (headers, body, receiver, sent)
}

fn with(headers: &HeaderMap, name: &'static str, value: &str) -> HeaderMap {
    let mut changed = headers.clone();
    changed.insert(name, value.parse().unwrap());
    changed
}

#[tokio::test]
async fn what_the_help_desk_has_not_signed_is_refused_and_sends_nothing() {
    let (headers, body, receiver, mut sent) = recorded(60).await;
    let now = Timestamp::now();
    let (signature, time) = ("x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp");
    let other_ticket = String::from_utf8(body.to_vec()).unwrap().replace("\"ticket_id\":\"", "\"ticket_id\":\"9");
    let later = (now + Duration::from_secs(1)).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut without = headers.clone();
    without.remove("x-zendesk-webhook-invocation-id");
    let forged = [
        ("another body", headers.clone(), other_ticket.as_bytes()),
        ("no body", headers.clone(), b"".as_slice()),
        ("another time", with(&headers, time, &later), &body),
        ("no time", with(&headers, time, "soon"), &body),
        ("another signature", with(&headers, signature, "EiqWE3SXTPQpPulBV6OSuuGziIishZNc1VwNZYqZrHU="), &body),
        ("a short signature", with(&headers, signature, "EiqW"), &body),
        ("no base64", with(&headers, signature, "…"), &body),
        ("no id", without, &body),
        ("no headers", HeaderMap::new(), &body),
    ];
    for (what, headers, body) in forged {
        assert_eq!(receiver.receive(&headers, body, now).await, StatusCode::UNAUTHORIZED, "{what}");
    }
    let (stranger, _, mut strangers) = crate::receiver(SECRET, 60);
    stranger.register(device(&ADA));
    assert_eq!(stranger.receive(&headers, &body, now).await, StatusCode::UNAUTHORIZED, "another secret");
    assert!(sent.try_recv().is_err() && strangers.try_recv().is_err());
    assert_eq!(receiver.receive(&headers, &body, now).await, StatusCode::NO_CONTENT, "the genuine one");
    assert_eq!(sent.try_recv().unwrap().0, "device-of-ada");
}

#[tokio::test]
async fn an_old_request_is_refused_and_clocks_may_differ() {
    let (headers, body, receiver, mut sent) = recorded(60).await;
    let now = Timestamp::now();
    let (hour, six, four) = (Duration::from_hours(1), Duration::from_mins(6), Duration::from_mins(4));
    for (arrives, accepted) in [(now - hour, false), (now + six, false), (now + four, true)] {
        let expected = if accepted { StatusCode::NO_CONTENT } else { StatusCode::UNAUTHORIZED };
        assert_eq!(receiver.receive(&headers, &body, arrives).await, expected, "{arrives}");
        assert_eq!(sent.try_recv().is_ok(), accepted, "{arrives}");
    }
}

#[tokio::test]
async fn a_repeated_event_is_one_push_message_and_two_in_one_second_are_two() {
    let (headers, body, receiver, mut sent) = recorded(60).await;
    let now = Timestamp::now();
    for _ in 0..3 {
        assert_eq!(receiver.receive(&headers, &body, now).await, StatusCode::NO_CONTENT);
    }
    assert!(sent.try_recv().is_ok());
    assert!(sent.try_recv().is_err(), "a repetition is answered like the first, and sends nothing");
    // Two answers in one second differ in nothing but the event's id.
    let next = with(&headers, "x-zendesk-webhook-invocation-id", "4711");
    assert_eq!(receiver.receive(&next, &body, now).await, StatusCode::NO_CONTENT);
    assert!(sent.try_recv().is_ok());
}

#[tokio::test]
async fn what_comes_faster_than_the_limit_is_sent_a_little_later() {
    let (headers, body, receiver, mut sent) = recorded(2).await;
    let now = Timestamp::now();
    for event in ["4711", "4712", "4713", "4714"] {
        let answer = with(&headers, "x-zendesk-webhook-invocation-id", event);
        assert_eq!(receiver.receive(&answer, &body, now).await, StatusCode::NO_CONTENT, "the help desk does not wait");
    }
    assert!(sent.try_recv().is_ok() && sent.try_recv().is_ok());
    assert!(sent.try_recv().is_err(), "two a minute");
    receiver.send_due(now + Duration::from_secs(29)).await;
    assert!(sent.try_recv().is_err());
    receiver.send_due(now + Duration::from_secs(31)).await;
    assert_eq!(sent.try_recv().unwrap().0, "device-of-ada");
    receiver.send_due(now + Duration::from_mins(10)).await;
    assert!(sent.try_recv().is_err(), "two changes of a ticket that wait are one message");
}
