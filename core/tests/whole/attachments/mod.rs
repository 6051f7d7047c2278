//! Attachments: what a user attached arrives on the server complete and once, and what the server has can be downloaded,
//! whatever happens on the way.

mod downloads;
mod small_pictures;
mod uploads;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pocketdesk::Client;
use pocketdesk::model::{DraftFile, DraftId, Message, TicketDraft, TicketId};
use pocketdesk::net::Method;
use pocketdesk::store::AttachError;
use pocketdesk::store::file_of;
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use crate::bench::{Bench, config, open};
use crate::driver::Driver;

/// The size of the larger of the two files that most tests send.
const LARGE: usize = 700_000;
/// The size of a file that is larger than any buffer on the way.
const HUGE: usize = 3_000_000;

/// The configuration with a product that offers attachments.
fn with_files(config: pocketdesk::ClientConfig, cache_bytes: u64) -> pocketdesk::ClientConfig {
    let mut product: Value = serde_json::from_str(config.product.as_deref().unwrap()).unwrap();
    let types = ["csv", "txt", "pdf", "png"];
    product["attachments"] =
        json!({ "in": ["create", "reply"], "max_files": 3, "max_bytes": 5_000_000, "types": types });
    product["sync"]["cache_bytes"] = json!(cache_bytes);
    pocketdesk::ClientConfig { product: Some(product.to_string()), ..config }
}

struct Files {
    bench: Bench,
    client: Arc<Client>,
}

impl Files {
    async fn start() -> Self {
        Self::with_cache(100_000_000).await
    }

    async fn with_cache(cache_bytes: u64) -> Self {
        let bench = Bench::start().await;
        bench.client.close();
        let client = open(&with_files(config(bench.folder.path(), &bench.sandbox.base_url), cache_bytes), "ada-token");
        assert_eq!(client.sync(Scope::Everything).await.failure, None);
        Self { bench, client }
    }

    /// The process is killed and starts again.
    fn restart(&mut self) {
        self.client.close();
        let config = with_files(config(self.bench.folder.path(), &self.bench.sandbox.base_url), 100_000_000);
        self.client = open(&config, "ada-token");
    }

    /// The file that the user has picked.
    fn picked(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.bench.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn attach(&self, draft: &DraftId, name: &str, bytes: &[u8]) -> Result<DraftFile, AttachError> {
        let source = self.picked("gewählt", bytes);
        let attached = self.client.attach(draft, &source, name);
        // The original is not needed any more.
        fs::remove_file(source).unwrap();
        attached
    }

    /// The draft of a new ticket, saved.
    fn draft(&self) -> TicketDraft {
        let draft = TicketDraft {
            subject: "Überweisung an Affiliate fehlt – mit Belegen 🧾".to_owned(),
            description: "Siehe Anhänge.".to_owned(),
            ..self.client.ticket_draft().unwrap()
        };
        self.client.save_ticket_draft(&draft).unwrap();
        draft
    }

    /// A new ticket with two files, waiting to be sent.
    fn write(&self) -> TicketId {
        self.write_with(&picture(LARGE))
    }

    fn write_with(&self, picture: &[u8]) -> TicketId {
        let draft = self.draft();
        self.attach(&draft.id, "Beleg März – צילום.PNG", picture).unwrap();
        self.attach(&draft.id, "Umsätze 合同.csv", CSV.as_bytes()).unwrap();
        self.client.submit(&draft).unwrap()
    }

    async fn settle(&self) {
        let driver = Driver::start(&self.client);
        let changes = self.client.subscribe();
        let settled = async {
            while self.client.state().unwrap().waiting > 0 {
                changes.next().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(40), settled).await.unwrap();
        driver.stop().await;
        // The next reads of the thread show what was confirmed.
        for _ in 0..3 {
            assert_eq!(self.client.sync(Scope::Everything).await.failure, None);
        }
    }

    async fn fault(&self, faults: Value) {
        self.bench.fault(faults).await;
    }

    /// Our tickets on the server.
    async fn theirs(&self) -> Vec<Value> {
        let all = self.bench.sandbox(Method::Get, "/sandbox/tickets", Value::Null).await;
        let ours = |ticket: &&Value| ticket["subject"].as_str().unwrap().contains("mit Belegen");
        all["tickets"].as_array().unwrap().iter().filter(ours).cloned().collect()
    }

    /// The number of requests whose `METHOD /path` starts with `what`.
    async fn asked(&self, what: &str) -> usize {
        let log = self.bench.sandbox(Method::Get, "/sandbox/requests", Value::Null).await;
        let is_it = |entry: &&Value| {
            format!("{} {}", entry["method"].as_str().unwrap(), entry["path"].as_str().unwrap()).starts_with(what)
        };
        log["requests"].as_array().unwrap().iter().filter(is_it).count()
    }

    fn messages(&self, ticket: TicketId) -> Vec<Message> {
        self.client.thread(ticket, None, 200).unwrap().messages
    }

    /// The files in one of the folders of the account.
    fn kept(&self, folder: &str) -> Vec<PathBuf> {
        let folder = file_of(self.bench.folder.path(), "ada").parent().unwrap().join(folder);
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    }

    /// Checks that both files are on the server, once and unchanged, and no longer staged on the device.
    async fn both_arrived(&self) {
        self.both_arrived_with(&picture(LARGE)).await;
    }

    async fn both_arrived_with(&self, picture: &[u8]) {
        let tickets = self.theirs().await;
        assert_eq!(tickets.len(), 1);
        let comments = tickets[0]["comments"].as_array().unwrap();
        assert_eq!(comments.len(), 1);
        let files: Vec<(&str, &str, &str)> = comments[0]["attachments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| {
                let text = |name: &str| file[name].as_str().unwrap();
                (text("file_name"), text("content_type"), text("sha256"))
            })
            .collect();
        let (picture, csv) = (hash(picture), hash(CSV.as_bytes()));
        let expected = [("Beleg März – צילום.PNG", "image/png", &*picture), ("Umsätze 合同.csv", "text/csv", &*csv)];
        assert_eq!(files, expected);
        assert!(self.kept("outgoing").is_empty());
    }
}

const CSV: &str = "Datum;Umsatz\n01.03.2026;1.234,56 €\n";

fn picture(length: usize) -> Vec<u8> {
    let noise = (0_u32..).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes());
    b"\x89PNG\r\n\x1a\n".iter().copied().chain(noise).take(length).collect()
}

fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"))
}
