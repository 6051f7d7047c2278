//! The log of API requests, for tests that count requests and bytes. It keeps neither tokens nor bodies.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// The most entries that are kept. The counters continue.
const KEPT: usize = 10_000;

/// One API request.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Milliseconds since 1970.
    pub at: i64,
    /// `GET`, `POST`, ….
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Without the question mark.
    pub query: String,
    /// Whether it came with a token, or with anything in its place.
    pub authorized: bool,
    /// The answer's status; `None` if the connection was dropped instead.
    pub status: Option<u16>,
    /// Bytes of the request's body.
    pub request_bytes: u64,
    /// Bytes of the answer's body.
    pub response_bytes: u64,
}

/// The last requests, and the sums over all requests since the last reset.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Log {
    /// All requests.
    pub count: u64,
    /// Sum over all request bodies.
    pub request_bytes: u64,
    /// Sum over all response bodies.
    pub response_bytes: u64,
    /// How many requests there were by method and path. Ids in paths are replaced by `{id}`.
    pub by_path: BTreeMap<String, u64>,
    /// The last requests, oldest first.
    pub requests: VecDeque<Entry>,
}

impl Log {
    /// How many of the kept requests arrived at or after `moment` (milliseconds since 1970).
    pub fn since(&self, moment: i64) -> usize {
        self.requests.iter().rev().take_while(|entry| entry.at >= moment).count()
    }

    /// Adds one request.
    pub fn add(&mut self, entry: Entry) {
        self.count += 1;
        self.request_bytes += entry.request_bytes;
        self.response_bytes += entry.response_bytes;
        let shape: Vec<&str> = entry.path.split('/').map(|part| if is_id(part) { "{id}" } else { part }).collect();
        *self.by_path.entry(format!("{} {}", entry.method, shape.join("/"))).or_default() += 1;
        if self.requests.len() == KEPT {
            self.requests.pop_front();
        }
        self.requests.push_back(entry);
    }
}

fn is_id(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}
