//! The log of the app's requests.

use std::collections::{BTreeMap, BTreeSet};

use pocketdesk::model::normalise;
use pocketdesk::net::{Body, HttpRequest, Method};
use serde_json::Value;

use super::wire;

/// The log of the app's requests, for the oracle.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub requests: u64,
    pub writes: u64,
    /// Writes that had a fault, or whose sender dropped them.
    pub disturbed: u64,
    /// Reads of the newest own tickets that had a fault. Such a read proves that the account works before a refusal is
    /// believed. Without the proof the write is sent again.
    pub disturbed_proofs: u64,
    /// How often the outcome of a write was ambiguous, by place and text.
    pub ambiguous: BTreeMap<(Place, String), u32>,
    /// Tickets of which a read or a write was refused.
    pub refusals: BTreeSet<i64>,
    /// How many writes were refused because their ticket is not there. A stale read may show it all the same, and the
    /// write is sent again.
    pub absent_writes: u64,
    /// Tickets that could not be solved because they were solved or closed already, and were not read since.
    pub solved_before: BTreeSet<i64>,
    /// How many reads after such a refusal showed the ticket as open, because they were stale or because somebody had
    /// reopened it. Then the write is sent again.
    pub open_after_refusal: u64,
    /// Whether a list was read in Ada's name. The client has found out before to whom the file belongs.
    pub account_known: bool,
    /// Whether a list was refused.
    pub lists_refused: bool,
    /// The installation of the app that connected last.
    pub present: u32,
    /// Places and texts of the writes that the server refused with a message.
    pub server_message: BTreeSet<(Place, String)>,
    /// The texts of writes that were refused at least once without the [words](super::WORDS) of a mood. Several messages may
    /// have one text.
    pub refused_otherwise: BTreeSet<String>,
    /// Requests under another user's token, except `users/me`.
    pub wrong_user_requests: u64,
    /// By installation and client reference, the key and the body of the first attempt to create the ticket. Every
    /// other attempt has to repeat them.
    pub attempts: BTreeMap<(u32, String), (Option<String>, Vec<u8>)>,
    /// By installation and text, the idempotency keys of the attempts.
    pub sent: BTreeMap<(u32, String), BTreeSet<Option<String>>>,
    /// Attempts with another key or body than the first.
    pub changed_attempts: u64,
    /// How many files the app uploaded.
    pub uploads: u64,
    /// How many of these uploads had a fault, or were dropped by their sender.
    pub disturbed_uploads: u64,
    /// By installation and text, how often a write was refused because of its uploads.
    pub uploads_refused: BTreeMap<(u32, String), u64>,
    /// By installation and text, how often an attempt was answered with the ticket of an earlier attempt.
    pub repeated: BTreeMap<(u32, String), u64>,
    /// By installation and text, how often a write was answered with something that no client understands. It was not
    /// applied.
    pub not_understood: BTreeMap<(u32, String), u64>,
    /// Of these, how often the server refused the write while it answered other requests.
    pub refused_alone: BTreeMap<(u32, String), u64>,
    /// By installation and text, how often a write was refused with the server's [words](super::WORDS).
    pub refused_with_words: BTreeMap<(u32, String), u64>,
    /// By its bytes, how often a file was refused in a mood.
    pub files_refused: BTreeMap<Vec<u8>, u64>,
    /// By its bytes, how often a file's upload was answered with something that no client understands.
    pub files_not_understood: BTreeMap<Vec<u8>, u64>,
    /// By installation and text, how many attempts left the app.
    pub attempts_of: BTreeMap<(u32, String), u64>,
    /// How many read marks left the app.
    pub read_marks: u64,
    /// The tickets of read marks that were refused, or answered with something that no client understands. The app may drop
    /// them.
    pub unwanted_read_marks: BTreeSet<i64>,
    /// The bytes of the files that the server refused with a message.
    pub refused_files: BTreeSet<Vec<u8>>,
}

/// The target of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    New,
    Ticket(i64),
    /// The survey about a ticket.
    Survey(i64),
    /// The toggle of a ticket.
    Toggle(i64),
    /// How far a ticket's thread was read.
    ReadMark(i64),
}

/// A request that changes what users see.
#[derive(Debug, Clone)]
pub(super) struct Write {
    pub place: Place,
    pub body: Vec<u8>,
    pub key: Option<String>,
    pub installation: u32,
}

impl Log {
    /// Records an attempt when it leaves the app.
    pub(super) fn attempted(&mut self, write: &Write) {
        *self.attempts_of.entry((write.installation, write.text())).or_default() += 1;
        self.read_marks += u64::from(matches!(write.place, Place::ReadMark(_)));
        self.sent.entry((write.installation, write.text())).or_default().insert(write.key.clone());
        if write.place != Place::New {
            return;
        }
        let body: Value = serde_json::from_slice(&write.body).unwrap_or_default();
        let Some(reference) = wire::reference(&body["request"]) else { return };
        let attempt = (write.key.clone(), write.body.clone());
        let first = self.attempts.entry((write.installation, reference)).or_insert_with(|| attempt.clone());
        self.changed_attempts += u64::from(*first != attempt);
    }
}

impl Write {
    pub fn of(request: &HttpRequest, installation: u32) -> Option<Self> {
        let place = match (request.method, wire::path(request).as_slice()) {
            (Method::Post, ["requests"]) => Place::New,
            (Method::Put, ["requests", id]) => Place::Ticket(id.parse().ok()?),
            (Method::Put, ["requests", id, "read_mark"]) => Place::ReadMark(id.parse().ok()?),
            (Method::Post, ["guide", "survey_responses", id]) => Place::Survey(id.parse().ok()?),
            (Method::Patch, ["custom_objects", _, "records"]) => {
                let external = request.url.query_pairs().find(|(name, _)| name == "external_id")?.1;
                Place::Toggle(external.split('-').next()?.parse().ok()?)
            }
            _ => return None,
        };
        let body = match &request.body {
            Body::Json(bytes) => bytes.clone(),
            _ => Vec::new(),
        };
        let key = header(request, "idempotency-key").map(str::to_owned);
        Some(Self { place, body, key, installation })
    }

    pub fn text(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        normalise(&wire::written(&body["request"]["comment"]).unwrap_or_default())
    }

    pub fn named(&self) -> (Place, String) {
        (self.place, self.text())
    }

    /// Whether it does nothing but solve its ticket.
    pub fn only_solves(&self) -> bool {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body["request"]["solved"] == true && body["request"]["comment"].is_null()
    }
}

/// The first header with this name.
pub(super) fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}
