//! What the app asked for, as the server remembers it.

use std::collections::{BTreeMap, BTreeSet};

use pocketdesk::model::normalise;
use pocketdesk::net::{Body, HttpRequest, Method};
use serde_json::Value;

use super::wire;

/// What the server remembers of the app's requests, for the oracle.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub requests: u64,
    pub writes: u64,
    /// Writes that met a fault, or whose sender went away.
    pub disturbed: u64,
    /// Of each write (place and text): how often its sender could not know what became of it.
    pub doubts: BTreeMap<(Place, String), u32>,
    /// Tickets whose reads or writes were refused.
    pub refusals: BTreeSet<i64>,
    /// A list was asked for in Ada's name: whose the file is was found out before.
    pub greeted: bool,
    /// A list was refused.
    pub lists_refused: bool,
    /// The server refused a write of such a place and text in words of its own.
    pub server_message: BTreeSet<(Place, String)>,
    /// Anything but `users/me` that was asked under somebody else's token.
    pub trespasses: u64,
    /// By installation and client reference, the key and the body that every attempt to create this ticket has to repeat.
    pub attempts: BTreeMap<(u32, String), (Option<String>, Vec<u8>)>,
    /// By installation and text, the keys of its attempts.
    pub sent: BTreeMap<(u32, String), BTreeSet<Option<String>>>,
    /// Attempts that did not.
    pub renamed: u64,
    /// Files that the app sent.
    pub uploads: u64,
    /// Of these, the ones that met a fault, or whose sender went away.
    pub disturbed_uploads: u64,
    /// By installation and text, how often a write was refused for the uploads it named.
    pub uploads_refused: BTreeMap<(u32, String), u64>,
    /// By installation and text, how often an attempt was answered with what an earlier one had made.
    pub repeated: BTreeMap<(u32, String), u64>,
    /// The bytes of uploads that the server refused in words of its own.
    pub unwanted: BTreeSet<Vec<u8>>,
}

/// Where a write goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    New,
    Ticket(i64),
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
    /// A write leaves the app.
    pub(super) fn attempted(&mut self, write: &Write) {
        self.sent.entry((write.installation, write.text())).or_default().insert(write.key.clone());
        if write.place != Place::New {
            return;
        }
        let body: Value = serde_json::from_slice(&write.body).unwrap_or_default();
        let Some(reference) = wire::reference(&body["request"]) else { return };
        let attempt = (write.key.clone(), write.body.clone());
        let first = self.attempts.entry((write.installation, reference)).or_insert_with(|| attempt.clone());
        self.renamed += u64::from(*first != attempt);
    }
}

impl Write {
    pub fn of(request: &HttpRequest, installation: u32) -> Option<Self> {
        let place = match (request.method, wire::path(request).as_slice()) {
            (Method::Post, ["requests"]) => Place::New,
            (Method::Put, ["requests", id]) => Place::Ticket(id.parse().ok()?),
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
        normalise(body["request"]["comment"]["body"].as_str().unwrap_or_default())
    }

    pub fn named(&self) -> (Place, String) {
        (self.place, self.text())
    }
}

/// The first header of that name.
pub(super) fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}
