//! A device and a server for tests of the whole core. The server is the sandbox, and the device talks to it over real
//! HTTP. A test can set the device's clock. The network between them ([`Wire`]) records every request, and a test can
//! make it fail.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use pocketdesk::client::SyncStatus;
use pocketdesk::environment::Environment;
use pocketdesk::model::{TicketId, TicketNumber, TicketRow};
use pocketdesk::model::{Timestamp, millis};
use pocketdesk::net::{Body, Http, HttpFailure, HttpRequest, HttpResponse, Method, ReqwestHttp, TokenFailure, Tokens};
use pocketdesk::sync::{Scope, SyncReport};
use pocketdesk::{Client, ClientConfig};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Mutex as AsyncMutex;
use url::Url;

/// A device whose clock is the machine's, shifted by as much as the test wants.
#[derive(Default)]
pub struct Device {
    off_by_ms: AtomicI64,
}

impl Device {
    pub fn advance(&self, by: Duration) {
        self.off_by_ms.fetch_add(millis(by), Ordering::Relaxed);
    }

    pub fn set_back(&self, by: Duration) {
        self.off_by_ms.fetch_sub(millis(by), Ordering::Relaxed);
    }
}

#[async_trait]
impl Environment for Device {
    fn now(&self) -> Timestamp {
        let machine = millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap());
        Timestamp(machine + self.off_by_ms.load(Ordering::Relaxed))
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
struct SignedIn(&'static str);

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok(self.0.to_owned())
    }
}

/// What happens to a request instead of being sent; `None` if it is sent.
type Fault = Box<dyn FnMut(&HttpRequest) -> Option<Result<HttpResponse, HttpFailure>> + Send>;

/// The network between the device and the server.
pub struct Wire {
    http: ReqwestHttp,
    asked: Mutex<Vec<String>>,
    fault: Mutex<Option<Fault>>,
    /// While it is locked, no request leaves.
    pub hold: AsyncMutex<()>,
}

impl Default for Wire {
    fn default() -> Self {
        Self {
            http: ReqwestHttp::new().unwrap(),
            asked: Mutex::default(),
            fault: Mutex::default(),
            hold: AsyncMutex::default(),
        }
    }
}

impl Wire {
    /// Passes every request from now on to `fault` first.
    pub fn break_with(
        &self,
        fault: impl FnMut(&HttpRequest) -> Option<Result<HttpResponse, HttpFailure>> + Send + 'static,
    ) {
        *self.fault.lock().unwrap() = Some(Box::new(fault));
    }

    /// Ends the fault.
    pub fn mend(&self) {
        *self.fault.lock().unwrap() = None;
    }

    /// `METHOD /path?query` of every request since the last call.
    pub fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

#[async_trait]
impl Http for Wire {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        self.asked.lock().unwrap().push(format!("{} {}{query}", request.method.name(), request.url.path()));
        drop(self.hold.lock().await);
        let broken = self.fault.lock().unwrap().as_mut().and_then(|fault| fault(&request));
        match broken {
            Some(outcome) => outcome,
            None => self.http.send(request).await,
        }
    }
}

/// An answer that a fault returns.
pub fn answer(status: u16, body: &str) -> HttpResponse {
    HttpResponse { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
}

/// A device with its folder, and the server that it talks to.
pub struct Bench {
    pub folder: TempDir,
    pub sandbox: Running,
    pub device: Arc<Device>,
    pub wire: Arc<Wire>,
    pub client: Arc<Client>,
    product: String,
}

impl Bench {
    /// With a server that has this many tickets. `change` is merged into the built-in product. Nothing is synced yet.
    pub async fn start(tickets: u32, change: Value) -> Self {
        let sandbox = Sandbox::start(Options { tickets, ..Options::default() }).await.unwrap();
        let mut product = json!({ "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1" });
        // Answers lag by at most a second, so that an ambiguous outcome does not take a minute to resolve.
        merge(&mut product, json!({ "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 } }));
        merge(&mut product, change);
        let (folder, device, wire) = (tempfile::tempdir().unwrap(), Arc::default(), Arc::default());
        let product = product.to_string();
        let client = open(folder.path(), &sandbox.base_url, &product, &wire, &device);
        Self { folder, sandbox, device, wire, client, product }
    }

    /// The same, synced.
    pub async fn synced(tickets: u32, change: Value) -> Self {
        let bench = Self::start(tickets, change).await;
        bench.sync().await;
        bench
    }

    /// The process is killed and starts again.
    pub fn restart(&mut self) {
        self.client.close();
        self.client = open(self.folder.path(), &self.sandbox.base_url, &self.product, &self.wire, &self.device);
    }

    /// Another device of the same user.
    pub fn another(&self, device: &Arc<Device>) -> (TempDir, Arc<Client>) {
        let folder = tempfile::tempdir().unwrap();
        let client = open(folder.path(), &self.sandbox.base_url, &self.product, &Arc::default(), device);
        (folder, client)
    }

    /// A run of sync that must succeed.
    pub async fn sync(&self) -> SyncReport {
        let report = self.client.sync(Scope::Everything).await;
        assert_eq!(report.failure, None);
        report
    }

    pub async fn ask_sandbox(&self, method: Method, path: &str, body: Value) -> Value {
        let body = if body.is_null() { Body::Empty } else { Body::Json(body.to_string().into_bytes()) };
        self.ask_as(None, method, path, body).await
    }

    /// Posts something that the server may refuse.
    pub async fn try_sandbox(&self, path: &str, body: Value) {
        let url = Url::parse(&self.sandbox.base_url).unwrap().join(path).unwrap();
        let body = Body::Json(body.to_string().into_bytes());
        let request = HttpRequest { method: Method::Post, url, headers: Vec::new(), body };
        ReqwestHttp::new().unwrap().send(request).await.unwrap();
    }

    /// A request by another device, or by the test itself if there is no token. It must succeed.
    pub async fn ask_as(&self, token: Option<&str>, method: Method, path: &str, body: Body) -> Value {
        let url = Url::parse(&self.sandbox.base_url).unwrap().join(path).unwrap();
        let headers = token.map(|token| ("authorization", format!("Bearer {token}"))).into_iter().collect();
        let answer = ReqwestHttp::new().unwrap().send(HttpRequest { method, url, headers, body }).await.unwrap();
        assert!(answer.status < 300, "{path} {}", answer.status);
        serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
    }

    /// An action of an agent, or of the server itself, on a ticket.
    pub async fn act(&self, number: TicketNumber, what: &str, body: Value) -> Value {
        self.ask_sandbox(Method::Post, &format!("/sandbox/tickets/{number}/{what}"), body).await
    }

    pub async fn revoke(&self, number: TicketNumber) {
        self.act(number, "revoke", json!({ "user": "ada" })).await;
    }

    pub fn rows(&self) -> Vec<TicketRow> {
        rows(&self.client)
    }

    pub fn state(&self) -> SyncStatus {
        self.client.state().unwrap()
    }

    /// The local id of a ticket.
    pub fn id(&self, number: TicketNumber) -> TicketId {
        self.rows().into_iter().find(|row| row.number == Some(number)).unwrap().id
    }

    /// The numbers of the tickets that were revoked on this device.
    pub fn revoked(&self) -> Vec<TicketNumber> {
        let mut revoked: Vec<_> =
            self.rows().into_iter().filter(|row| !row.visible).filter_map(|row| row.number).collect();
        revoked.sort();
        revoked
    }

    /// The path and the bytes of every file of the account.
    pub fn bytes(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push((path.clone(), std::fs::read(path).unwrap()));
                }
            }
        }
        files
    }

    /// The files whose bytes contain `marker`.
    pub fn files_with(&self, marker: &str) -> Vec<PathBuf> {
        let has = |bytes: &[u8]| bytes.windows(marker.len()).any(|window| window == marker.as_bytes());
        self.bytes().into_iter().filter(|(_, bytes)| has(bytes)).map(|(path, _)| path).collect()
    }
}

/// The whole history.
pub fn rows(client: &Client) -> Vec<TicketRow> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = client.history(after.as_deref(), 200).unwrap();
        rows.extend(page.tickets);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

fn open(folder: &Path, url: &str, product: &str, wire: &Arc<Wire>, device: &Arc<Device>) -> Arc<Client> {
    let config = ClientConfig { product: Some(product.to_owned()), ..ClientConfig::new(folder, "ada", url) };
    let (wire, device) = (Arc::clone(wire), Arc::clone(device));
    Arc::new(Client::open(&config, wire, Arc::new(SignedIn("ada-token")), device).unwrap())
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}
