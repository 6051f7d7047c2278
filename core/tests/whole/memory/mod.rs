//! A device and a server in memory, on a clock that jumps to the next timer: what takes hours takes no time, and the same
//! test makes the same requests at the same moments every time.

mod clock;
mod server;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{ReplyDraft, TicketId, TicketNumber, TicketRow};
use pocketdesk::net::{TokenFailure, Tokens};
use pocketdesk::{Client, ClientConfig};
use serde_json::{Value, json};
use tempfile::TempDir;

pub use self::clock::*;
pub use self::server::*;

/// An app that always has a token.
struct Token;

#[async_trait]
impl Tokens for Token {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("ada-token".to_owned())
    }
}

/// A device with its folder, and the server in memory.
pub struct Desk {
    pub folder: TempDir,
    pub clock: Arc<Clock>,
    pub server: Arc<Memory>,
    pub client: Arc<Client>,
    product: String,
}

impl Desk {
    /// With a server that has this many tickets. `change` is merged into the built-in product. Nothing is synced yet.
    pub fn new(tickets: i64, change: Value) -> Self {
        let mut product = json!({
            "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
            "attachments": { "in": ["create", "reply"], "max_files": 3, "max_bytes": 1_000_000, "types": ["csv", "txt"] },
            "sync": { "threads": { "open": true } }
        });
        merge(&mut product, change);
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(Clock::default()));
        let server = Arc::new(Memory::new(Arc::clone(&clock), tickets));
        let product = product.to_string();
        let client = open(&folder, &product, &server, &clock);
        Self { folder, clock, server, client, product }
    }

    /// Ends the process and starts another one.
    pub fn restart(self) -> Self {
        let Self { folder, clock, server, client, product } = self;
        drop(client);
        let client = open(&folder, &product, &server, &clock);
        Self { folder, clock, server, client, product }
    }

    /// Lets the client work by itself while `script` runs.
    pub fn drive<T>(&self, script: impl Future<Output = T>) -> T {
        self.clock.run(async {
            tokio::select! {
                biased;
                () = self.client.drive() => panic!("the client was closed"),
                done = script => done,
            }
        })
    }

    /// Lets the client work by itself for `length`.
    pub fn pass(&self, length: Duration) {
        self.drive(self.clock.sleep(length));
    }

    /// Lets the client work by itself until `done`, at most `limit`. Returns how long that took.
    pub fn until(&self, limit: Duration, done: impl FnMut() -> bool) -> Duration {
        self.drive(self.wait(limit, done))
    }

    /// Waits until `done`, at most `limit`, while something else lets the client work. Returns how long that took.
    pub async fn wait(&self, limit: Duration, mut done: impl FnMut() -> bool) -> Duration {
        let start = self.clock.elapsed();
        loop {
            let waited = self.clock.elapsed().saturating_sub(start);
            if done() {
                return waited;
            }
            assert!(waited < limit, "not within {limit:?}");
            let often = waited < Duration::from_secs(10);
            self.clock.sleep(Duration::from_millis(if often { 10 } else { 1_000 })).await;
        }
    }

    pub fn row(&self, number: i64) -> TicketRow {
        self.rows().into_iter().find(|row| row.number == Some(TicketNumber(number))).unwrap()
    }

    pub fn id(&self, number: i64) -> TicketId {
        self.row(number).id
    }

    pub fn rows(&self) -> Vec<TicketRow> {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = self.client.history(after.as_deref(), 200).unwrap();
            rows.extend(page.tickets);
            after = page.next;
            if after.is_none() {
                return rows;
            }
        }
    }

    pub fn reply(&self, number: i64, body: &str) {
        let draft = self.client.reply_draft(self.id(number)).unwrap();
        self.client.reply(&ReplyDraft { body: body.to_owned(), ..draft }).unwrap();
    }

    /// The texts that the device shows of a thread.
    pub fn texts(&self, number: i64) -> Vec<String> {
        let (mut texts, mut after) = (Vec::new(), None);
        loop {
            let page = self.client.thread(self.id(number), after.as_deref(), 200).unwrap();
            texts.extend(page.messages.into_iter().map(|message| message.body));
            after = page.next;
            if after.is_none() {
                return texts;
            }
        }
    }
}

fn open(folder: &TempDir, product: &str, server: &Arc<Memory>, clock: &Arc<Clock>) -> Arc<Client> {
    let config = ClientConfig {
        product: Some(product.to_owned()),
        ..ClientConfig::new(folder.path(), "ada", "https://desk.example")
    };
    let (http, clock) = (Arc::clone(server), Arc::clone(clock));
    Arc::new(Client::open(&config, http, Arc::new(Token), clock).unwrap())
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
