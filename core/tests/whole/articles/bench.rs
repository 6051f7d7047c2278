//! A client that shows help articles, on a device whose clock a test moves.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{Article, ArticleId, ArticleRow, Timestamp};
use pocketdesk::net::{Http, Method, ReqwestHttp};
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bench::{Device, SignedIn, Silence, send_to};

/// Ada's id on the server.
pub const ADA: &str = "361882440112";
pub const HOUR: Duration = Duration::from_hours(1);
/// The first article of the sandbox's seed.
pub const FIRST: i64 = 360_003_300_001;

/// A device whose clock can be moved forward.
#[derive(Default)]
pub struct Clock(AtomicI64);

impl Clock {
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

#[async_trait]
impl Environment for Clock {
    fn now(&self) -> Timestamp {
        Timestamp(Device.now().0 + self.0.load(Ordering::Relaxed))
    }

    async fn sleep(&self, length: Duration) {
        Device.sleep(length).await;
    }

    fn random(&self) -> [u8; 16] {
        Device.random()
    }
}

pub struct Bench {
    pub folder: TempDir,
    pub sandbox: Running,
    pub clock: Arc<Clock>,
    pub client: Arc<Client>,
    pub language: &'static str,
}

pub fn config(folder: &Path, url: &str, language: &str) -> ClientConfig {
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "hub@1",
        "articles": { "votes": true, "languages": { "de": "de", "*": "en-us" }, "translated": "@article.translated" },
        "entries": [{ "id": "help", "to": "articles", "else": "https://help.example.com/{locale}" }],
        "connectors": { "zendesk": { "fields": { "client_reference": 360_001_000_003_i64 } } },
        "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
    });
    ClientConfig {
        product: Some(product.to_string()),
        language: language.to_owned(),
        ..ClientConfig::new(folder, "ada", url)
    }
}

pub fn open(config: &ClientConfig, clock: &Arc<Clock>, http: Arc<dyn Http>) -> Arc<Client> {
    let environment = Arc::clone(clock) as Arc<dyn Environment>;
    Arc::new(Client::open(config, http, Arc::new(SignedIn("ada-token")), environment).unwrap())
}

impl Bench {
    /// Ada's client in a language, before its first sync.
    pub async fn new(language: &'static str) -> Self {
        let sandbox = Sandbox::start(Options { tickets: 20, ..Options::default() }).await.unwrap();
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(Clock::default()));
        let config = config(folder.path(), &sandbox.base_url, language);
        let client = open(&config, &clock, Arc::new(ReqwestHttp::new().unwrap()));
        Self { folder, sandbox, clock, client, language }
    }

    /// Ada's client in a language, after its first sync.
    pub async fn start(language: &'static str) -> Self {
        let bench = Self::new(language).await;
        bench.sync().await;
        bench
    }

    pub async fn sync(&self) {
        assert_eq!(self.client.sync(Scope::Everything).await.failure, None);
    }

    /// Opens the file again, in a language, as a new process does. Without a network nothing is ever answered.
    pub fn reopen(&mut self, language: &'static str, online: bool) {
        self.client.close();
        let config = config(self.folder.path(), &self.sandbox.base_url, language);
        let http: Arc<dyn Http> = if online { Arc::new(ReqwestHttp::new().unwrap()) } else { Arc::new(Silence) };
        (self.client, self.language) = (open(&config, &self.clock, http), language);
    }

    pub async fn sandbox(&self, method: Method, path: &str, body: Value) -> Value {
        send_to(&self.sandbox.base_url, method, path, body).await
    }

    pub async fn fault(&self, faults: Value) {
        self.sandbox(Method::Post, "/sandbox/faults", faults).await;
    }

    pub async fn settings(&self, settings: Value) {
        self.sandbox(Method::Post, "/sandbox/settings", settings).await;
    }

    /// The requests since the last call, as method and path.
    pub async fn requests(&self) -> Vec<String> {
        let log = self.sandbox(Method::Get, "/sandbox/requests", Value::Null).await;
        self.sandbox(Method::Delete, "/sandbox/requests", Value::Null).await;
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
        let line = |entry: &Value| format!("{} {}", text(entry, "method"), text(entry, "path"));
        log["requests"].as_array().unwrap().iter().map(line).collect()
    }

    /// Those of them for the help centre.
    pub async fn asked(&self) -> Vec<String> {
        let requests = self.requests().await;
        requests.into_iter().filter(|line| line.contains("/help_center/")).collect()
    }

    pub async fn votes(&self, article: ArticleId) -> Value {
        self.sandbox(Method::Get, &format!("/sandbox/articles/{article}"), Value::Null).await["article"]["votes"]
            .clone()
    }

    pub async fn change(&self, article: ArticleId, change: Value) {
        self.sandbox(Method::Post, &format!("/sandbox/articles/{article}"), change).await;
    }

    pub async fn remove(&self, article: ArticleId) {
        self.sandbox(Method::Delete, &format!("/sandbox/articles/{article}"), Value::Null).await;
    }

    /// Adds an article in these languages, and returns its id.
    pub async fn add(&self, article: Value) -> ArticleId {
        let added = self.sandbox(Method::Post, "/sandbox/articles", article).await;
        ArticleId(added["article"]["id"].as_i64().unwrap())
    }

    pub fn article(&self, id: i64) -> Article {
        self.client.article(ArticleId(id)).unwrap().unwrap()
    }

    /// Every article that can be reached by category and section.
    pub fn all(&self) -> Vec<ArticleRow> {
        let help_center = self.client.help_center().unwrap();
        let sections = help_center.categories.iter().flat_map(|category| &category.sections);
        let rows = sections.flat_map(|section| {
            let rows = self.client.articles(section.id).unwrap();
            assert_eq!(rows.len(), section.articles as usize, "{}", section.name);
            rows
        });
        rows.collect()
    }

    /// The files that hold these bytes.
    pub fn files_with(&self, marker: &str) -> Vec<PathBuf> {
        let (mut folders, mut found) = (vec![self.folder.path().to_owned()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if std::fs::read(&path).unwrap().windows(marker.len()).any(|bytes| bytes == marker.as_bytes()) {
                    found.push(path);
                }
            }
        }
        found
    }
}
