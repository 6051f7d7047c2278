//! What the help desk tells a company's address, and what it does not.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use pocketdesk_sandbox::Options;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::support::Server;

/// What a test waits for comes within moments; this only ends a test that fails.
const PATIENCE: Duration = Duration::from_secs(30);
const SHARED: i64 = 360_001_000_002;

/// The company's address. It hands every request to the test.
struct Company {
    url: String,
    requests: UnboundedReceiver<(HeaderMap, Bytes)>,
    /// The statuses of the next answers; 204 when there are none.
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Company {
    async fn open() -> Self {
        let (heard, requests) = unbounded_channel();
        let answers = Arc::new(Mutex::new(Vec::<u16>::new()));
        let next = Arc::clone(&answers);
        let hear = move |headers: HeaderMap, body: Bytes| async move {
            heard.send((headers, body)).unwrap();
            let status = next.lock().unwrap().pop().unwrap_or(204);
            axum::http::StatusCode::from_u16(status).unwrap()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/help-desk?from=sandbox", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, Router::new().route("/help-desk", post(hear))).await });
        Self { url, requests, answers }
    }

    async fn next(&mut self) -> (HeaderMap, Value) {
        let (headers, body) = self.request().await;
        (headers, serde_json::from_slice(&body).unwrap())
    }

    async fn request(&mut self) -> (HeaderMap, Bytes) {
        tokio::time::timeout(PATIENCE, self.requests.recv()).await.unwrap().unwrap()
    }
}

async fn start() -> (Server, Company) {
    let server = Server::start_with(Options { tickets: 0, ..Options::default() }).await;
    let company = Company::open().await;
    server.sandbox(Method::POST, "/webhook", json!({ "url": company.url })).await;
    (server, company)
}

async fn act(server: &Server, ticket: i64, what: &str, body: Value) {
    server.sandbox(Method::POST, &format!("/tickets/{ticket}/{what}"), body).await;
}

#[tokio::test]
async fn an_answer_and_a_change_of_status_are_told_and_nothing_else_is() {
    let (server, mut company) = start().await;
    let ticket = server.create("ada-token", "Auszahlung fehlt", Some(false)).await;
    // None of these is told. If one were, it would come first, because events come in their order.
    act(&server, ticket, "note", json!({ "body": "Kunde ruft oft an." })).await;
    act(&server, ticket, "touch", Value::Null).await;
    act(&server, ticket, "status", json!({ "status": "new" })).await;
    act(&server, ticket, "field", json!({ "field": SHARED, "value": true })).await;
    server.reply(ticket, "Noch etwas: 🧾").await.unwrap();
    server.try_sandbox(Method::POST, &format!("/tickets/{ticket}/answer"), json!({ "body": " " })).await;

    act(&server, ticket, "answer", json!({ "body": "Die Auszahlung ist unterwegs." })).await;
    let (headers, told) = company.next().await;
    let expected = json!({ "event": "ticket_changed", "ticket_id": ticket.to_string(), "requester_id": "361882440112",
        "cc_ids": "", "organization_id": "360004512301", "shared": "true" });
    assert_eq!(told, expected);
    assert_eq!(headers["content-type"], "application/json; charset=utf-8");
    assert_eq!(headers["x-zendesk-webhook-signature"].len(), 44, "32 bytes in base64");
    let first: u64 = headers["x-zendesk-webhook-invocation-id"].to_str().unwrap().parse().unwrap();

    act(&server, ticket, "status", json!({ "status": "hold" })).await;
    let (headers, told) = company.next().await;
    assert_eq!(told, expected);
    assert_eq!(headers["x-zendesk-webhook-invocation-id"], (first + 1).to_string(), "one event for each change");
    // The status is seen by users, so a note that changes it is told, too. So is what an agent writes with the API.
    act(&server, ticket, "note", json!({ "body": "Intern", "status": "open" })).await;
    assert_eq!(company.next().await.0["x-zendesk-webhook-invocation-id"], (first + 2).to_string());
    let body = json!({ "request": { "comment": { "body": "Aus der App des Agenten." } } });
    server.send_as("agent-token", (Method::PUT, &format!("/api/v2/requests/{ticket}")), &[], &body).await.unwrap();
    assert_eq!(company.next().await.0["x-zendesk-webhook-invocation-id"], (first + 3).to_string());
    let shown = server.sandbox(Method::GET, "/webhook", Value::Null).await;
    let delivered = shown["invocations"].as_array().unwrap().iter().filter(|event| event["delivered"] == true).count();
    assert!(delivered >= 3, "the last one may not have its answer yet: {shown}");
}

#[tokio::test]
async fn no_word_that_somebody_wrote_leaves() {
    let (server, mut company) = start().await;
    let ticket = server.create("ada-token", "KENNWORT-Betreff", Some(true)).await;
    let more = json!({ "request": { "additional_collaborators": [{ "name": "KENNWORT-Name",
        "email": "kennwort-kopie@nordlicht-reisen.example" }], "comment": { "body": "KENNWORT-Antwort" } } });
    server.send(Method::PUT, &format!("/api/v2/requests/{ticket}"), &more).await.unwrap();
    act(
        &server,
        ticket,
        "answer",
        json!({ "body": "KENNWORT des Agenten", "html": "<p>KENNWORT</p>",
        "files": [{ "name": "kennwort.txt", "content_type": "text/plain", "content": "S0VOTldPUlQ=" }] }),
    )
    .await;
    let (headers, body) = company.request().await;
    let body = String::from_utf8(body.to_vec()).unwrap();
    let all = format!("{headers:?} {body}").to_lowercase();
    for word in ["kennwort", "ada", "lindqvist", "nordlicht", "marta", "agenten"] {
        assert!(!all.contains(word), "{word} in {all}");
    }
    assert!(body.contains(&ticket.to_string()));
}

#[tokio::test]
async fn copied_users_are_named_where_the_account_shows_them_the_ticket() {
    let (server, mut company) = start().await;
    let ticket = server.create("ada-token", "Mit Kopie", None).await;
    let more = json!({ "request": { "additional_collaborators": [{ "email": "zoe.brandt@sonnenhof-versand.example" },
        { "email": "ben.okafor@nordlicht-reisen.example" }] } });
    server.send(Method::PUT, &format!("/api/v2/requests/{ticket}"), &more).await.unwrap();
    act(&server, ticket, "answer", json!({ "body": "Hallo" })).await;
    let (_, told) = company.next().await;
    assert_eq!((&told["cc_ids"], &told["shared"]), (&json!(""), &json!("false")));
    server.sandbox(Method::POST, "/settings", json!({ "copied_users_see": true })).await;
    server.sandbox(Method::POST, "/organizations/360004512301/sharing", json!({ "tickets": "view" })).await;
    act(&server, ticket, "answer", json!({ "body": "Noch einmal" })).await;
    let (_, told) = company.next().await;
    assert_eq!((&told["cc_ids"], &told["shared"]), (&json!("361882440137 361882441003"), &json!("true")));
}

#[tokio::test]
async fn an_event_is_sent_again_a_bounded_number_of_times_and_is_the_same_event() {
    let (server, mut company) = start().await;
    let ticket = server.create("ada-token", "Wird wiederholt", None).await;
    *company.answers.lock().unwrap() = vec![204, 503, 429];
    act(&server, ticket, "answer", json!({ "body": "Eins" })).await;
    let mut sent = Vec::new();
    for _ in 0..3 {
        let (headers, body) = company.request().await;
        sent.push((headers["x-zendesk-webhook-invocation-id"].clone(), body));
    }
    assert!(sent.iter().all(|one| *one == sent[0]), "{sent:?}");

    // Five attempts, then the next event: the server has given the other one up.
    *company.answers.lock().unwrap() = vec![500; 5];
    act(&server, ticket, "answer", json!({ "body": "Zwei" })).await;
    act(&server, ticket, "answer", json!({ "body": "Drei" })).await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(company.request().await.0["x-zendesk-webhook-invocation-id"].to_str().unwrap().to_owned());
    }
    assert!(ids[..5].iter().all(|id| *id == ids[0]) && ids[5] != ids[0], "{ids:?}");

    // An answer that says that the event is wrong is believed.
    *company.answers.lock().unwrap() = vec![401];
    act(&server, ticket, "answer", json!({ "body": "Vier" })).await;
    let refused = company.request().await.0["x-zendesk-webhook-invocation-id"].clone();
    act(&server, ticket, "answer", json!({ "body": "Fünf" })).await;
    assert_ne!(company.request().await.0["x-zendesk-webhook-invocation-id"], refused);
    let shown = server.sandbox(Method::GET, "/webhook", Value::Null).await;
    let attempts: Vec<_> = shown["invocations"].as_array().unwrap().iter().map(|event| &event["attempts"]).collect();
    assert_eq!(attempts[..2], [&json!([429, 503, 204]), &json!([500, 500, 500, 500, 500])], "{shown}");
}

#[tokio::test]
async fn a_company_that_does_not_answer_holds_up_neither_users_nor_the_end() {
    let server = Server::start_with(Options { tickets: 0, ..Options::default() }).await;
    // It accepts connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    server.sandbox(Method::POST, "/webhook", json!({ "url": url })).await;
    let ticket = server.create("ada-token", "Niemand hört zu", None).await;
    act(&server, ticket, "answer", json!({ "body": "Hallo?" })).await;
    let (_held, _) = tokio::time::timeout(PATIENCE, silent.accept()).await.unwrap().unwrap();
    // While that attempt waits, users are served, and agents too.
    assert_eq!(server.reply(ticket, "Ja?").await.unwrap().status, StatusCode::OK);
    act(&server, ticket, "answer", json!({ "body": "Noch einmal" })).await;
    assert_eq!(server.thread(ticket).await.len(), 4);
    let shown = server.sandbox(Method::GET, "/webhook", Value::Null).await;
    assert_eq!(shown["invocations"], json!([]), "the first attempt was still under way");
    let address = server.running.address;
    server.running.stop().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn events_stay_on_this_machine_and_end_with_the_webhook() {
    let (server, mut company) = start().await;
    for elsewhere in [
        "http://192.0.2.7/hook",
        "https://127.0.0.1/hook",
        "http://localhost.example/hook",
        "http://127.0.0.1@192.0.2.7/",
        "ftp://127.0.0.1/",
        "/hook",
        "",
    ] {
        let (status, _) = server.try_sandbox(Method::POST, "/webhook", json!({ "url": elsewhere })).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{elsewhere}");
    }
    let ticket = server.create("ada-token", "Später", None).await;
    let tell = async |server: &Server| act(server, ticket, "answer", json!({ "body": "Hallo" })).await;
    server.sandbox(Method::DELETE, "/webhook", Value::Null).await;
    tell(&server).await;
    // Set up anew, with another secret: what happened in between is not told.
    let again = json!({ "url": company.url });
    let one = server.sandbox(Method::POST, "/webhook", again.clone()).await;
    let two = server.sandbox(Method::POST, "/webhook", again).await;
    assert_ne!(one["webhook"]["signing_secret"], two["webhook"]["signing_secret"]);
    act(&server, ticket, "status", json!({ "status": "solved" })).await;
    let (headers, _) = company.next().await;
    assert_eq!(headers["x-zendesk-webhook-id"].to_str().unwrap(), two["webhook"]["id"]);
    server.sandbox(Method::POST, "/reset", json!({})).await;
    assert_eq!(server.sandbox(Method::GET, "/webhook", Value::Null).await["url"], Value::Null);
}
