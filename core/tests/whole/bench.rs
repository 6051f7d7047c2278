//! A client of the core, and the sandbox that it talks to.

use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{TicketDraft, TicketId};
use pocketdesk::model::{Timestamp, millis};
use pocketdesk::net::{Body, Http, HttpFailure, HttpRequest, HttpResponse, Method, ReqwestHttp, TokenFailure, Tokens};
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use crate::driver::Driver;

/// A device with the machine's clock and real random bytes.
pub struct Device;

#[async_trait]
impl Environment for Device {
    fn now(&self) -> Timestamp {
        Timestamp(millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap()))
    }

    async fn sleep(&self, length: Duration) {
        tokio::time::sleep(length).await;
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        bytes
    }
}

/// An app that provides this token.
pub struct SignedIn(pub &'static str);

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok(self.0.to_owned())
    }
}

/// A server that never answers.
pub struct Silence;

#[async_trait]
impl Http for Silence {
    async fn send(&self, _request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        pending().await
    }
}

/// The configuration of Ada's client. Answers lag by at most a second, so that an ambiguous outcome does not take a minute to
/// resolve. The product offers every change that a user can make.
pub fn config(folder: &Path, url: &str) -> ClientConfig {
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
        "actions": [
            { "id": "add_cc", "kind": "add_cc", "who": "any", "when": ["status.kind!=closed"] },
            { "id": "solve", "kind": "solve", "who": "owner", "when": ["status.active"] }
        ],
        "read_marks": "shared|device",
        "connectors": { "zendesk": { "shared_read_marks": true } },
        "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
    });
    ClientConfig { product: Some(product.to_string()), ..ClientConfig::new(folder, "ada", url) }
}

/// Ada's client with its folder, and the sandbox that it talks to.
pub struct Bench {
    pub folder: TempDir,
    pub sandbox: Running,
    pub client: Arc<Client>,
}

impl Bench {
    pub async fn start() -> Self {
        let sandbox = Sandbox::start(Options { tickets: 40, ..Options::default() }).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let client = open(&config(folder.path(), &sandbox.base_url), "ada-token");
        let bench = Self { folder, sandbox, client };
        assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
        bench
    }

    pub async fn sandbox(&self, method: Method, path: &str, body: Value) -> Value {
        send_to(&self.sandbox.base_url, method, path, body).await
    }

    pub async fn fault(&self, faults: Value) {
        self.sandbox(Method::Post, "/sandbox/faults", faults).await;
    }

    pub fn create(&self) -> TicketId {
        let draft = self.client.ticket_draft().unwrap();
        self.client
            .submit(&TicketDraft {
                subject: "Überweisung an Affiliate fehlt – الرجاء المساعدة 🙏".to_owned(),
                cc: vec!["jürgen@reisen.example".to_owned()],
                cc_entry: "kasse@reisen.example".to_owned(),
                description: "Guten Tag,\n\nseit Montag.\n".to_owned(),
                access: true,
                ..draft
            })
            .unwrap()
    }

    pub fn reply(&self, ticket: TicketId, body: &str) {
        let draft = self.client.reply_draft(ticket).unwrap();
        self.client.reply(&pocketdesk::model::ReplyDraft { body: body.to_owned(), ..draft }).unwrap();
    }

    /// Syncs until nothing waits to be sent, and checks the thread after every change.
    pub async fn settle(&self, ticket: TicketId) {
        let changes = self.client.subscribe();
        let driver = Driver::start(&self.client);
        let settled = async {
            while self.client.state().unwrap().waiting > 0 {
                changes.next().await;
                let messages = self.client.thread(ticket, None, 200).unwrap().messages;
                assert_eq!(messages.len(), 3, "no message is shown twice at any moment");
            }
        };
        tokio::time::timeout(Duration::from_secs(50), settled).await.unwrap();
        driver.stop().await;
    }

    /// Lets the client work until nothing waits, and reads everything once more.
    pub async fn sent(&self) {
        let changes = self.client.subscribe();
        let driver = Driver::start(&self.client);
        let settled = async {
            while self.client.state().unwrap().waiting > 0 {
                changes.next().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(50), settled).await.unwrap();
        driver.stop().await;
        self.settle_one().await;
    }

    /// One run of sync, after which nothing waits to be sent.
    pub async fn settle_one(&self) {
        let report = self.client.sync(Scope::Everything).await;
        assert_eq!((report.failure, self.client.state().unwrap().waiting), (None, 0));
    }

    /// Our ticket on the server: how many copies there are, and the texts of the first one's comments.
    pub async fn theirs(&self) -> (usize, Vec<String>) {
        let all = self.sandbox(Method::Get, "/sandbox/tickets", Value::Null).await;
        let ours = |ticket: &&Value| ticket["subject"].as_str().unwrap().starts_with("Überweisung an Affiliate fehlt");
        let tickets: Vec<&Value> = all["tickets"].as_array().unwrap().iter().filter(ours).collect();
        let comments = tickets[0]["comments"].as_array().unwrap();
        (tickets.len(), comments.iter().map(|comment| comment["body"].as_str().unwrap().to_owned()).collect())
    }
}

/// Asks a helper of the sandbox at `url`.
pub async fn send_to(url: &str, method: Method, path: &str, body: Value) -> Value {
    let url = Url::parse(url).unwrap().join(path).unwrap();
    let body = if body.is_null() { Body::Empty } else { Body::Json(body.to_string().into_bytes()) };
    let request = HttpRequest { method, url, headers: Vec::new(), body };
    let answer = ReqwestHttp::new().unwrap().send(request).await.unwrap();
    assert!(answer.status < 300, "{path} {}", answer.status);
    serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
}

/// Opens the client of the user to whom `token` belongs.
pub fn open(config: &ClientConfig, token: &'static str) -> Arc<Client> {
    let http = Arc::new(ReqwestHttp::new().unwrap());
    Arc::new(Client::open(config, http, Arc::new(SignedIn(token)), Arc::new(Device)).unwrap())
}
