//! A client of the hub for Ada, and the sandbox that it talks to.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{TicketId, TicketNumber, TicketRow, Timestamp, millis};
use pocketdesk::net::{Body, Http, HttpRequest, Method, ReqwestHttp, TokenFailure, Tokens};
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

pub const ADMINISTRATOR: &str = "support_admin";
pub const REGULATED: &str = "regulated";
const NORDLICHT: i64 = 360_004_512_301;

/// A device whose clock is the machine's, shifted by as much as the test wants.
#[derive(Default)]
pub struct Device(AtomicI64);

impl Device {
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::Relaxed);
    }
}

#[async_trait]
impl Environment for Device {
    fn now(&self) -> Timestamp {
        let machine = millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap());
        Timestamp(machine + self.0.load(Ordering::Relaxed))
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

struct Ada;

#[async_trait]
impl Tokens for Ada {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("ada-token".to_owned())
    }
}

pub struct Bench {
    pub folder: TempDir,
    pub sandbox: Running,
    pub client: Arc<Client>,
    pub device: Arc<Device>,
    /// The newest ticket that the server had from the start.
    seeded: TicketNumber,
}

impl Bench {
    /// Ada may not view the tickets of her colleagues. Nothing is synced yet.
    pub async fn start() -> Self {
        let sandbox = Sandbox::start(Options { tickets: 1, ..Options::default() }).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let product = json!({ "schema": 1, "id": "tested", "version": 1, "extends": "hub@1",
                              "sync": { "stale_read_seconds": 0, "late_apply_seconds": 0 } });
        let config = ClientConfig {
            product: Some(product.to_string()),
            send_delay: Duration::ZERO,
            ..ClientConfig::new(folder.path(), "ada", &sandbox.base_url)
        };
        let http = Arc::new(ReqwestHttp::new().unwrap());
        let device = Arc::<Device>::default();
        let client = Client::open(&config, http, Arc::new(Ada), Arc::<Device>::clone(&device)).unwrap();
        let mut bench = Self { folder, sandbox, client: Arc::new(client), device, seeded: TicketNumber(0) };
        bench.post("/sandbox/settings", json!({ "copied_users_see": true })).await;
        bench.seeded = bench.create("ben-token", "Das letzte vom Anfang", false).await;
        bench
    }

    /// What the app says about Ada.
    pub fn claim(&self, claims: &[&str]) {
        self.client.set_claims(claims.iter().map(|claim| (*claim).to_owned()).collect::<BTreeSet<_>>());
    }

    /// How far the company lets Ada see the tickets of her colleagues: `own`, `view` or `comment`.
    pub async fn share(&self, tickets: &str) {
        self.post("/sandbox/users/ada/sharing", json!({ "tickets": tickets })).await;
    }

    /// A ticket that this user creates, with Ada in copy if `copied`.
    pub async fn create(&self, token: &str, subject: &str, copied: bool) -> TicketNumber {
        let mut request = json!({ "subject": subject, "comment": { "body": format!("{subject}: Guten Tag 👋") } });
        if copied {
            request["collaborators"] = json!(["ada.lindqvist@nordlicht-reisen.example"]);
        }
        let answer = self.ask(Some(token), Method::Post, "/api/v2/requests", json!({ "request": request })).await;
        TicketNumber(answer["request"]["id"].as_i64().unwrap())
    }

    pub async fn act(&self, number: TicketNumber, what: &str, body: Value) -> Value {
        self.post(&format!("/sandbox/tickets/{number}/{what}"), body).await
    }

    /// Every comment that the server has of a ticket.
    pub async fn comments(&self, number: TicketNumber) -> Vec<String> {
        let shown = self.ask(None, Method::Get, &format!("/sandbox/tickets/{number}"), Value::Null).await;
        let comments = shown["ticket"]["comments"].as_array().unwrap();
        comments.iter().map(|comment| comment["body"].as_str().unwrap().to_owned()).collect()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.ask(None, Method::Post, path, body).await
    }

    pub async fn ask(&self, token: Option<&str>, method: Method, path: &str, body: Value) -> Value {
        let url = Url::parse(&self.sandbox.base_url).unwrap().join(path).unwrap();
        let headers = token.map(|token| ("authorization", format!("Bearer {token}"))).into_iter().collect();
        let body = if body.is_null() { Body::Empty } else { Body::Json(body.to_string().into_bytes()) };
        let answer = ReqwestHttp::new().unwrap().send(HttpRequest { method, url, headers, body }).await.unwrap();
        assert!(answer.status < 300, "{path} {}", answer.status);
        serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
    }

    /// Waits until the server's clock has moved on, syncs, and expects no failure.
    pub async fn sync(&self) {
        self.post("/sandbox/clock", json!({ "advance_seconds": 10 })).await;
        assert_eq!(self.client.sync(Scope::Everything).await.failure, None);
    }

    /// What the server was asked for, as `METHOD /path`.
    pub async fn asked(&self) -> Vec<String> {
        let log = self.ask(None, Method::Get, "/sandbox/requests", Value::Null).await;
        let entries = log["requests"].as_array().unwrap().iter();
        entries
            .map(|entry| format!("{} {}", entry["method"].as_str().unwrap(), entry["path"].as_str().unwrap()))
            .collect()
    }

    /// The rows of a scope that were created in the test.
    pub fn rows(&self, scope: &str) -> Vec<TicketRow> {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = self.client.history_in(Some(scope), after.as_deref(), 50).unwrap();
            assert_eq!(page.scope.as_deref(), Some(scope));
            rows.extend(page.tickets);
            after = page.next;
            if after.is_none() {
                assert_eq!(rows.len() as u64, page.total);
                rows.retain(|row| row.number.is_none_or(|number| number > self.seeded));
                return rows;
            }
        }
    }

    /// The numbers of a scope, in ascending order.
    pub fn numbers(&self, scope: &str) -> Vec<TicketNumber> {
        let mut numbers: Vec<_> = self.rows(scope).into_iter().filter_map(|row| row.number).collect();
        numbers.sort();
        numbers
    }

    pub fn id(&self, number: TicketNumber) -> TicketId {
        let rows = ["mine", "organisation"]
            .into_iter()
            .flat_map(|scope| self.client.history_in(Some(scope), None, 200).unwrap().tickets);
        rows.into_iter().find(|row| row.number == Some(number)).unwrap().id
    }

    /// The files whose bytes contain `marker`.
    pub fn files_with(&self, marker: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if std::fs::read(&path).unwrap().windows(marker.len()).any(|window| window == marker.as_bytes())
                {
                    found.push(path);
                }
            }
        }
        found
    }
}

/// Ada's organization.
pub fn organization_path() -> String {
    format!("/api/v2/organizations/{NORDLICHT}/requests")
}
