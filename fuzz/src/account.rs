//! A real account: a history that a server has sent, and texts that the user wrote and that are nowhere else.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use async_trait::async_trait;
use pocketdesk::client::OpenError;
use pocketdesk::model::{ReplyDraft, TicketDraft};
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse};
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::device::{Device, SignedIn, complete};

pub(crate) const ACCOUNT: &str = "zoe";
/// What the user wrote and what is only in this file: two replies, a new ticket, and the drafts of a reply and of a ticket.
pub(crate) const UNSENT: [&str; 5] = [
    "UNGESENDET-1 الرجاء المساعدة",
    "UNGESENDET-2 mit Grüßen 👩‍👩‍👧‍👦",
    "UNGESENDET-3\nGuten Tag,\nsie fehlt.",
    "ENTWURF-1 שלום 🧾",
    "ENTWURF-2 Rückerstattung",
];

/// A folder that is removed at the end, in memory if the machine has such a place.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
    tempfile::Builder::new().prefix("pocketdesk-fuzz-").tempdir_in(place).expect("a folder")
}

/// Opens the account in `folder`.
pub(crate) fn open(folder: &Path) -> Result<Client, OpenError> {
    let types = [
        "csv", "tsv", "txt", "har", "pdf", "doc", "docx", "xls", "xlsx", "jpg", "png", "gif", "webp", "heic", "mp4",
        "mov", "zip",
    ];
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
        "attachments": { "in": ["create", "reply"], "max_files": 5, "max_bytes": 1_000_000, "types": types }
    });
    let config = ClientConfig {
        product: Some(product.to_string()),
        ..ClientConfig::new(folder, ACCOUNT, "https://desk.example")
    };
    Client::open(&config, Arc::new(Server), Arc::new(SignedIn("token")), Arc::new(Device::default()))
}

/// The account's folder, with the files in it, after everything was read and written.
pub(crate) fn written() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = folder();
    let client = open(folder.path()).expect("a new account");
    let report = complete(client.sync(Scope::Everything));
    assert_eq!(report.failure, None);
    let tickets = client.history(None, 50).expect("a history").tickets;
    assert!(tickets.len() >= 40, "{} tickets", tickets.len());
    for number in [7, 8] {
        client.on_push(number).expect("a ticket");
    }
    let id =
        |number: i64| tickets.iter().find(|row| row.number.is_some_and(|known| known.0 == number)).expect("known").id;
    client.thread_opened(id(7)).expect("a thread");
    complete(client.sync(Scope::Everything));
    client.set_online(false).expect("offline");
    for (number, text) in [(7, UNSENT[0]), (8, UNSENT[1])] {
        client
            .reply(&ReplyDraft { body: text.to_owned(), ..client.reply_draft(id(number)).expect("a draft") })
            .expect("a reply");
    }
    let draft = |subject: &str, description: &str| TicketDraft {
        subject: subject.to_owned(),
        description: description.to_owned(),
        ..client.ticket_draft().expect("a draft")
    };
    client.submit(&draft("Neu 🙂", UNSENT[2])).expect("a ticket");
    let reply = ReplyDraft { body: UNSENT[3].to_owned(), ..client.reply_draft(id(7)).expect("a draft") };
    client.save_reply_draft(&reply).expect("saved");
    client.save_ticket_draft(&draft("Entwurf", UNSENT[4])).expect("saved");
    client.close();
    drop(client);
    files_of(folder.path(), folder.path())
}

fn files_of(root: &Path, folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            files.append(&mut files_of(root, &path));
        } else {
            let bytes = fs::read(&path).expect("a file");
            files.push((path.strip_prefix(root).expect("below").to_owned(), bytes));
        }
    }
    files
}

/// A help desk with forty tickets and some long threads.
struct Server;

#[async_trait]
impl Http for Server {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let path = request.url.path().trim_start_matches("/api/v2/").to_owned();
        let parts: Vec<&str> = path.split('/').collect();
        let body = match *parts {
            ["users", "me"] => {
                json!({ "user": { "id": 17, "name": "Zoë Müller", "email": "zoe@reisen.example", "organization_id": 3 } })
            }
            ["requests"] => {
                json!({ "requests": (1..=40).map(ticket).collect::<Vec<_>>(), "users": people(), "count": 40, "next_page": null })
            }
            ["requests", number, "comments"] => {
                let number = number.parse().map_err(|_| HttpFailure::NotSent)?;
                let comments: Vec<Value> =
                    (0..if number < 10 { 30 } else { 2 }).map(|place| comment(number, place)).collect();
                json!({ "comments": comments, "users": people(), "next_page": null })
            }
            ["requests", number] if number != "ccd" => {
                json!({ "request": ticket(number.parse().map_err(|_| HttpFailure::NotSent)?) })
            }
            _ => json!({ "requests": [], "users": [], "count": 0, "next_page": null }),
        };
        let headers = vec![("date".to_owned(), "Thu, 05 Mar 2026 12:00:00 GMT".to_owned())];
        Ok(HttpResponse { status: 200, headers, body: body.to_string().into_bytes() })
    }
}

fn people() -> Value {
    json!([{ "id": 17, "name": "Zoë Müller", "agent": false }, { "id": 4, "name": "Ben Okafor", "agent": true }])
}

fn ticket(number: i64) -> Value {
    json!({
        "id": number, "subject": format!("Rückerstattung {number} 🙏"), "description": "Guten Tag, bitte um Hilfe.",
        "status": "open", "requester_id": 17, "created_at": "2026-02-03T09:15:00Z",
        "updated_at": format!("2026-03-{:02}T09:{:02}:00Z", number % 4 + 1, number % 60), "custom_fields": [],
        "can_be_solved_by_me": true, "collaborator_ids": [4], "email_cc_ids": [],
    })
}

fn comment(number: i64, place: i64) -> Value {
    let text = if place == 0 {
        "Guten Tag, bitte um Hilfe.".to_owned()
    } else {
        format!("Wir prüfen das noch, {place}. ").repeat(20)
    };
    json!({
        "id": number * 1_000 + place + 1, "author_id": if place == 0 { 17 } else { 4 }, "plain_body": text, "body": text,
        "html_body": format!("<p>{text}</p>"), "public": true, "attachments": [],
        "created_at": format!("2026-02-{:02}T10:00:00Z", place % 28 + 1),
    })
}
