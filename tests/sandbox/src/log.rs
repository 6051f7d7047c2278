//! What was asked of the server, for tests that count requests and bytes. Tokens and bodies are not kept.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// The most entries kept; the counters go on.
const KEPT: usize = 10_000;

/// One request that reached the server.
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
    /// `None` where the connection was dropped instead.
    pub status: Option<u16>,
    /// Of the body that was received.
    pub request_bytes: u64,
    /// Of the body that was sent.
    pub response_bytes: u64,
}

/// The last requests and the sums over all since the last reset.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Log {
    /// All requests.
    pub count: u64,
    /// Sum over all request bodies.
    pub request_bytes: u64,
    /// Sum over all response bodies.
    pub response_bytes: u64,
    /// How often each method and path was asked; ids in paths read `{id}`.
    pub by_path: BTreeMap<String, u64>,
    /// The last ones, oldest first.
    pub requests: VecDeque<Entry>,
}

impl Log {
    /// How many of the kept requests came at or after a moment (milliseconds since 1970).
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
