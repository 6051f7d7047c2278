//! Tickets without an account: written while nobody is signed in, sent at most once for each time the user sends them, and
//! gone from the device when they should be.

mod memory;
mod privacy;
mod sending;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use async_trait::async_trait;
use pocketdesk::factory::Connector;
use pocketdesk::model::{Delivery, Message, Ticket, TicketDraft, TicketId};
use pocketdesk::net::{Method, ReqwestHttp, TokenFailure, Tokens};
use pocketdesk::product::definition::parts::entries::Target;
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bench::{Device, send_to};

pub const NAME: &str = "Søren Müller-Østergård 🦊";
pub const EMAIL: &str = "søren@bücher.example";
pub const SUBJECT: &str = "Ich kann mich nicht anmelden – الرجاء المساعدة 🔑";
pub const TEXT: &str = "Guten Tag,\n\nseit Montag kommt keine Mail zum Zurücksetzen.";

/// An app in which nobody is signed in. Asking it for a token is a mistake.
pub struct SignedOut;

#[async_trait]
impl Tokens for SignedOut {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        unreachable!("a token was asked for although nobody is signed in")
    }
}

/// The web product, with answers that lag by at most a second.
pub fn product() -> String {
    json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1",
        "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
    })
    .to_string()
}

pub fn config(folder: &Path, url: &str) -> ClientConfig {
    ClientConfig { product: Some(product()), ..ClientConfig::anonymous(folder, url) }
}

pub fn open(config: &ClientConfig) -> Arc<Client> {
    let http = Arc::new(ReqwestHttp::new().unwrap());
    Arc::new(Client::open(config, http, Arc::new(SignedOut), Arc::new(Device)).unwrap())
}

pub fn draft(client: &Client) -> TicketDraft {
    TicketDraft {
        name: format!(" {NAME}\n"),
        email: format!("Søren <{EMAIL}>"),
        subject: SUBJECT.to_owned(),
        description: format!("{TEXT}\n\n"),
        issue_type: "technical_setup".to_owned(),
        ..client.ticket_draft().unwrap()
    }
}

/// A device on which nobody is signed in, and the sandbox.
pub struct Desk {
    pub folder: TempDir,
    pub sandbox: Running,
    pub client: Arc<Client>,
    /// How many tickets of others the help desk has.
    before: usize,
}

impl Desk {
    pub async fn start() -> Self {
        let sandbox = Sandbox::start(Options { tickets: 0, ..Options::default() }).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let client = open(&config(folder.path(), &sandbox.base_url));
        let mut desk = Self { folder, sandbox, client, before: 0 };
        desk.before = desk.theirs().await.len();
        desk
    }

    pub async fn sandbox(&self, method: Method, path: &str, body: Value) -> Value {
        send_to(&self.sandbox.base_url, method, path, body).await
    }

    pub async fn fault(&self, faults: Value) {
        self.sandbox(Method::Delete, "/sandbox/faults", Value::Null).await;
        self.sandbox(Method::Post, "/sandbox/faults", faults).await;
    }

    pub fn write(&self) -> TicketId {
        self.client.submit(&draft(&self.client)).unwrap()
    }

    /// One run, which never fails as a whole: each ticket says itself what it waits for.
    pub async fn sync(&self) {
        assert_eq!(self.client.sync(Scope::Everything).await.failure, None);
        assert_eq!(self.client.state().unwrap().problem, None);
    }

    pub fn ticket(&self, ticket: TicketId) -> Ticket {
        self.client.ticket(ticket).unwrap()
    }

    pub fn delivery(&self, ticket: TicketId) -> Delivery {
        self.ticket(ticket).delivery
    }

    pub fn message(&self, ticket: TicketId) -> Message {
        self.client.thread(ticket, None, 10).unwrap().messages.remove(0)
    }

    /// The tickets that the help desk got since the start, newest first.
    pub async fn theirs(&self) -> Vec<Value> {
        let all = self.sandbox(Method::Get, "/sandbox/tickets", Value::Null).await;
        let mut tickets = all["tickets"].as_array().unwrap().clone();
        tickets.truncate(tickets.len() - self.before);
        tickets
    }

    /// How many requests were made since the start. Each of them must be the creation of a ticket, and none may have
    /// carried a token.
    pub async fn attempts(&self) -> usize {
        let log = self.sandbox(Method::Get, "/sandbox/requests", Value::Null).await;
        let requests = log["requests"].as_array().unwrap();
        for request in requests {
            let made = (request["method"].as_str(), request["path"].as_str(), request["authorized"].as_bool());
            assert_eq!(made, (Some("POST"), Some("/api/v2/requests"), Some(false)));
        }
        requests.len()
    }

    /// Closes the client as the end of the process does, and opens another one.
    pub fn restart(&mut self) {
        self.client.close();
        self.client = open(&config(self.folder.path(), &self.sandbox.base_url));
    }

    /// Everything by which a client might be tempted to send something again.
    pub async fn tempt(&mut self) {
        for round in 0..2 {
            self.sync().await;
            self.client.sync_now().unwrap();
            self.client.set_online(false).unwrap();
            self.client.set_online(true).unwrap();
            self.client.suspend();
            self.client.resume().unwrap();
            self.sync().await;
            let client = Arc::clone(&self.client);
            let _ = tokio::time::timeout(Duration::from_millis(300), client.drive()).await;
            let outcome = self.client.sync_until(Duration::from_secs(5)).await;
            assert_eq!((outcome.more, outcome.problem), (false, None), "round {round}");
            self.restart();
        }
    }
}

/// Whether any file below `folder` has these bytes.
pub fn has_bytes(folder: &Path, text: &str) -> bool {
    fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { files.extend(files_below(&path)?) } else { files.push(path) }
        }
        Ok(files)
    }
    let files = files_below(folder).unwrap();
    files.iter().any(|file| fs::read(file).unwrap().windows(text.len()).any(|part| part == text.as_bytes()))
}

/// Where the entries of Help & Support lead.
fn entries(client: &Client) -> Vec<(String, Target)> {
    client.entries("de").into_iter().map(|offer| (offer.entry.id.clone(), offer.target.clone())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_is_signed_out_is_led_only_where_no_account_is_needed() {
    let desk = Desk::start().await;
    let ids = |client: &Client| entries(client).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(ids(&desk.client), ["articles", "pxa", "chat", "no_account", "cannot_sign_in"]);
    assert!(entries(&desk.client).iter().filter(|(_, target)| *target == Target::Anonymous).count() == 2);
    // Articles are read with the user's token. Without one, the help centre on the web is offered.
    assert!(matches!(&entries(&desk.client)[0].1, Target::Link(_)), "{:?}", entries(&desk.client));
    desk.client.set_online(false).unwrap();
    let changes = desk.client.subscribe();
    desk.write();
    assert!(changes.next().await.history, "the screen asks for its entries again");
    assert_eq!(ids(&desk.client), ["tickets", "articles", "pxa", "chat", "no_account", "cannot_sign_in"]);
    let strings = desk.client.strings("de");
    assert_eq!(
        strings.text("anonymous.sent", &[("email", EMAIL)]),
        format!("Gesendet. Unsere Antwort kommt per E-Mail an {EMAIL}.")
    );

    // Whoever is signed in needs none of this.
    let ada =
        ClientConfig { anonymous: false, account: "ada".to_owned(), ..config(desk.folder.path(), "https://a.example") };
    let ada = open(&ada);
    assert_eq!(ids(&ada), ["tickets", "articles", "walkthroughs", "pxa", "chat", "book"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_takes_no_tickets_without_an_account_gets_none_and_the_entries_lead_to_a_mail() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = ClientConfig { connector: Connector::RequestTracker, ..config(folder.path(), "http://127.0.0.1:9") };
    let client = open(&tracker);
    assert!(!client.capabilities().anonymous);
    let mail = Target::Link("mailto:support@example.com".to_owned());
    let leads = |id: &str| entries(&client).into_iter().find(|(entry, _)| entry == id).map(|(_, target)| target);
    assert_eq!((leads("no_account"), leads("cannot_sign_in")), (Some(mail.clone()), Some(mail)));
    // Whoever sends one all the same is told at once, and nothing leaves.
    let ticket = client.submit(&draft(&client)).unwrap();
    assert_eq!(client.sync(Scope::Everything).await.failure, None);
    assert!(matches!(client.ticket(ticket).unwrap().delivery, Delivery::NeedsUser(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_of_nobody_and_those_of_accounts_know_nothing_of_each_other() {
    let desk = Desk::start().await;
    let ada = |folder: &Path| {
        let config = crate::bench::config(folder, &desk.sandbox.base_url);
        crate::bench::open(&config, "ada-token")
    };
    let signed_in = ada(desk.folder.path());
    let written = desk.write();
    desk.sync().await;
    assert_eq!(desk.theirs().await.len(), 1);
    assert_eq!(signed_in.sync(Scope::Everything).await.failure, None);
    let hers = signed_in.history(None, 200).unwrap().tickets;
    assert!(hers.iter().all(|row| row.subject != SUBJECT), "it is another user's");
    let draft = signed_in.ticket_draft().unwrap();
    let own = signed_in
        .submit(&TicketDraft { subject: "Mit Konto".to_owned(), description: "Von Ada.".to_owned(), ..draft })
        .unwrap();
    assert_eq!(signed_in.sync(Scope::Everything).await.failure, None);
    assert_eq!(signed_in.ticket(own).unwrap().answers_go_to, None);
    desk.sync().await;
    let rows = desk.client.history(None, 10).unwrap().tickets;
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [written]);
    // Each of them can be closed and signed out of without the other.
    signed_in.sign_out(pocketdesk::store::SignOut::Discard).unwrap();
    assert_eq!(desk.client.history(None, 10).unwrap().total, 1);
}
