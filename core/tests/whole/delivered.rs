//! A definition that the company delivers: fetched without a token, refused as a whole if it is bad, in use from the next
//! opening on.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::client::{DeliveredDefinition, Refusal};
use pocketdesk::environment::Environment;
use pocketdesk::model::Timestamp;
use pocketdesk::net::{Method, ReqwestHttp};
use pocketdesk::{Client, ClientConfig};
use serde_json::{Value, json};

use crate::bench::{Bench, Device, SignedIn, config};

/// A device whose clock is some hours ahead, so that the address is due again.
struct Ahead(u64);

#[async_trait]
impl Environment for Ahead {
    fn now(&self) -> Timestamp {
        Device.now().plus(Duration::from_hours(self.0))
    }

    async fn sleep(&self, length: Duration) {
        Device.sleep(length).await;
    }

    fn random(&self) -> [u8; 16] {
        Device.random()
    }
}

/// An app whose company delivers a definition.
struct App {
    bench: Bench,
    config: ClientConfig,
    hours: u64,
}

impl App {
    async fn start() -> Self {
        let bench = Bench::start().await;
        bench.client.close();
        let url = format!("{}/hosted/support.json", bench.sandbox.base_url);
        let config = config(bench.folder.path(), &bench.sandbox.base_url);
        Self { bench, config: ClientConfig { definition_url: Some(url), ..config }, hours: 0 }
    }

    async fn serve(&self, document: Value) {
        self.bench.sandbox(Method::Put, "/sandbox/hosted/support.json", document).await;
    }

    async fn visits(&self) -> Vec<Value> {
        let visits = self.bench.sandbox(Method::Get, "/sandbox/hosted/support.json", Value::Null).await;
        visits["requests"].as_array().unwrap().clone()
    }

    /// The next day the app is opened. Returns what was in use then, and what became of the address.
    async fn next_day(&mut self) -> (Arc<Client>, DeliveredDefinition) {
        self.hours += 24;
        let http = Arc::new(ReqwestHttp::new().unwrap());
        let tokens = Arc::new(SignedIn("ada-token"));
        let client = Client::open(&self.config, http, tokens, Arc::new(Ahead(self.hours))).unwrap();
        let client = Arc::new(client);
        let (before, asked) = (client.delivered_definition().unwrap(), self.visits().await.len());
        let driver = tokio::spawn({
            let client = Arc::clone(&client);
            async move { client.drive().await }
        });
        let changes = client.subscribe();
        let answered = async {
            while client.delivered_definition().unwrap() == before || self.visits().await.len() == asked {
                changes.next().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(50), answered).await.unwrap();
        let after = client.delivered_definition().unwrap();
        client.close();
        driver.await.unwrap();
        (client, after)
    }
}

fn text(definition: &Value) -> Value {
    json!({ "text": definition.to_string() })
}

fn words(version: u32, title: &str) -> Value {
    json!({
        "schema": 1, "id": "tested", "version": version,
        "strings": { "en": { "history.title": title }, "de": { "history.title": title }, "es": { "history.title": title } }
    })
}

fn title(client: &Client) -> String {
    client.strings("de").text("history.title", &[])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivered_definition_is_used_from_the_next_opening_on_and_asked_for_without_a_token() {
    let mut app = App::start().await;
    app.serve(text(&words(2, "Ihre Anfragen 🧳"))).await;
    let (client, found) = app.next_day().await;
    assert_ne!(title(&client), "Ihre Anfragen 🧳", "nothing changes under an open screen");
    assert_eq!((found.version, found.next_version, found.refused), (None, Some(2), None));

    let (client, found) = app.next_day().await;
    assert_eq!(title(&client), "Ihre Anfragen 🧳");
    assert_eq!((found.version, found.next_version, found.refused), (Some(2), None, None));
    app.serve(text(&words(3, "Anfragen"))).await;
    app.next_day().await;
    assert_eq!(title(&app.next_day().await.0), "Anfragen");

    let visits = app.visits().await;
    assert!(visits.iter().all(|visit| visit["authorized"] == json!(false)), "{visits:?}");
    let statuses: Vec<_> = visits.iter().map(|visit| visit["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 304, 200, 304]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_definition_is_refused_with_its_reason_and_the_last_good_one_stays() {
    let mut app = App::start().await;
    app.serve(text(&words(5, "Ihre Anfragen"))).await;
    app.next_day().await;
    let with = |key: &str, value: Value| {
        let mut definition = words(6, "Falsch");
        definition[key] = value;
        text(&definition)
    };
    let bad = [
        (json!({ "text": "{ \"schema\": 1, \"id\": \"tested\"," }), "invalid"),
        (with("statuses", json!([{ "id": "open", "kind": "half_open" }])), "invalid"),
        (with("connectors", json!({ "zendesk": { "issue_type_field": 4711 } })), "invalid"),
        (with("entries", json!([{ "id": "email", "to": "mailto:phishing@elsewhere.example" }])), "invalid"),
        (with("entries", json!([{ "id": "help_centre", "to": "javascript:alert(1)" }])), "invalid"),
        (with("id", json!("another")), "other_product"),
        (text(&words(4, "Alt")), "older"),
        (json!({ "text": "{}", "repeat_to": 300_000 }), "no_text"),
        (json!({ "base64": "//79" }), "no_text"),
        (json!({ "location": "/hosted/elsewhere.json" }), "status"),
        (json!({ "status": 503, "text": "<html>" }), "status"),
    ];
    for (document, reason) in bad {
        app.serve(document.clone()).await;
        let (client, found) = app.next_day().await;
        assert_eq!((title(&client).as_str(), found.version), ("Ihre Anfragen", Some(5)), "{document}");
        let refused = serde_json::to_value(found.refused.unwrap()).unwrap();
        assert_eq!(refused["kind"], json!(reason), "{document} {refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_app_does_not_use_an_older_delivered_definition() {
    let mut app = App::start().await;
    app.serve(text(&words(2, "Ihre Anfragen"))).await;
    app.next_day().await;
    let mut own: Value = serde_json::from_str(app.config.product.as_deref().unwrap()).unwrap();
    own["version"] = json!(3);
    app.config.product = Some(own.to_string());
    let http = Arc::new(ReqwestHttp::new().unwrap());
    let client = Client::open(&app.config, http, Arc::new(SignedIn("ada-token")), Arc::new(Device)).unwrap();
    assert_ne!(title(&client), "Ihre Anfragen");
    let found = client.delivered_definition().unwrap();
    assert_eq!((found.version, found.refused), (None, Some(Refusal::Older { offered: 2, known: 3 })));
}
