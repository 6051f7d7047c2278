//! Files on the server. Each is kept under a token, for a limited time, until one comment takes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use pocketdesk::model::normalise;
use pocketdesk::net::HttpRequest;
use serde_json::{Value, json};

use super::{Mood, State, wire};

/// A file as it was received.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct File {
    /// The name under which it arrived.
    pub name: String,
    /// The name under which it is answered.
    pub shown_name: String,
    pub content_type: String,
    pub bytes: Arc<[u8]>,
}

/// A text and its files, in order. The server has it once for each time it was written.
pub(crate) type Content = (String, Vec<File>);

impl File {
    /// The file under its normalised name, because servers may compose accents differently.
    pub fn read(&self) -> Self {
        let name = normalise(&self.name);
        Self { shown_name: name.clone(), name, ..self.clone() }
    }
}

/// All uploads, used or not.
#[derive(Debug, Default)]
pub(super) struct Uploads(BTreeMap<String, Upload>);

#[derive(Debug)]
struct Upload {
    file: File,
    until: i64,
    used: bool,
}

impl Uploads {
    /// Takes the files that `tokens` name, in their order. The tokens are used up then. If one is unknown, expired or
    /// used, returns `None` and uses up none.
    pub fn take(&mut self, tokens: &[String], now: i64) -> Option<Vec<File>> {
        let usable = |token| self.0.get(token).filter(|upload: &&Upload| !upload.used && now < upload.until);
        let files: Option<Vec<File>> =
            tokens.iter().map(|token| usable(token).map(|upload| upload.file.clone())).collect();
        if files.is_some() {
            for token in tokens {
                self.0.entry(token.clone()).and_modify(|upload| upload.used = true);
            }
        }
        files
    }

    /// How many uploads expired without being used.
    pub fn expired(&self, now: i64) -> u64 {
        self.0.values().filter(|upload| !upload.used && upload.until <= now).count() as u64
    }
}

impl State {
    /// Stores a file and answers its token.
    pub(super) fn upload(&mut self, request: &HttpRequest, bytes: Vec<u8>, now: i64) -> (u16, Value) {
        let named = request.url.query_pairs().find(|(key, _)| key == "filename").map(|(_, name)| name.into_owned());
        let Some(name) = named.filter(|name| !name.is_empty()) else {
            return (400, json!({ "error": "InvalidValue", "description": "filename is required" }));
        };
        let content_type = request.body.content_type().unwrap_or_default().to_owned();
        // Some file systems decompose accents.
        let name = if self.traits.rewrites { name.replace('ä', "a\u{308}").replace('ü', "u\u{308}") } else { name };
        let shown_name = if self.moods.is_on(Mood::FilesRenamed) { renamed(&name) } else { name.clone() };
        let until = now + self.traits.upload_life;
        let id = self.id();
        let token = format!("t{id}x{}", self.traits.shuffle % 997);
        let attachment =
            json!({ "id": id, "file_name": shown_name, "content_type": content_type, "size": bytes.len() });
        let expiry = if self.traits.tells_expiry { json!(wire::time(until)) } else { Value::Null };
        let file = File { name, shown_name, content_type, bytes: bytes.into() };
        self.uploads.0.insert(token.clone(), Upload { file, until, used: false });
        let (token, expiry) = match self.moods.variant(Mood::UploadsExpired).map(|variant| variant % 4) {
            None => (json!(token), expiry),
            Some(0) => (json!(token), json!(wire::time(now - 60_000))),
            Some(1) => (json!(token), json!("1970-01-01T00:00:00Z")),
            Some(2) => (json!(""), expiry),
            Some(_) => (Value::Null, expiry),
        };
        (201, json!({ "upload": { "token": token, "expires_at": expiry, "attachment": attachment } }))
    }
}

/// The name that a server gives a file if it keeps only letters that it knows.
fn renamed(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' }).collect()
}

/// The JSON of a comment's files.
pub(super) fn attachments(comment: i64, files: &[File]) -> Vec<Value> {
    let row = |(place, file): (usize, &File)| {
        let id = comment * 10 + i64::try_from(place).unwrap_or_default();
        json!({ "id": id, "file_name": file.shown_name, "content_type": file.content_type, "size": file.bytes.len(),
                "content_url": format!("https://desk.example/attachments/token/{id}/?name=x"), "inline": false })
    };
    files.iter().enumerate().map(row).collect()
}
