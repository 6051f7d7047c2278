//! A help desk in memory: enough of the service for one user, with moods that a test sets.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::remote::{Body, Http, HttpFailure, HttpRequest, HttpResponse, Method};
use serde_json::{Value, json};

use crate::World;

/// The user whom every token speaks for.
const ME: i64 = 9_001;
/// The agent who answers.
const AGENT: i64 = 77;
const PAGE: usize = 100;

/// A mood, used up by one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection breaks before the desk sees the request.
    CutBefore,
    /// The connection breaks after the desk has applied the request.
    CutAfter,
}

/// A help desk in memory.
pub struct ModelDesk {
    world: World,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    tickets: Vec<Ticket>,
    last_id: i64,
    faults: VecDeque<Fault>,
    shuffle: u64,
}

#[derive(Clone)]
struct Ticket {
    id: i64,
    subject: String,
    status: &'static str,
    created_at: i64,
    updated_at: i64,
    custom_fields: Value,
    comments: Vec<Comment>,
}

#[derive(Clone)]
struct Comment {
    id: i64,
    author: i64,
    body: String,
    at: i64,
}

impl ModelDesk {
    /// An empty desk. `shuffle` decides the order of cursor pages.
    #[must_use]
    pub fn new(world: World, shuffle: u64) -> Self {
        Self { world, inner: Mutex::new(Inner { last_id: 1_000, shuffle, ..Inner::default() }) }
    }

    /// Adds `count` tickets of different ages, each with an answer of the desk.
    pub fn fill(&self, count: usize) {
        let now = self.world.now().0;
        let mut inner = self.lock();
        for index in 0..count {
            let age = i64::try_from(index).unwrap_or_default() * 7_200_000;
            let subject = format!("Auszahlung fehlt – Vorgang {index} 🧾");
            let mut ticket = inner.ticket(subject, "Wo bleibt sie?".into(), json!([]), now - age - 60_000);
            let id = inner.id();
            ticket.comments.push(Comment { id, author: AGENT, body: "Wir prüfen das.".into(), at: now - age });
            ticket.updated_at = now - age;
            ticket.status = ["open", "pending", "hold", "solved", "closed"][index % 5];
            inner.tickets.push(ticket);
        }
    }

    /// The next writes meet these moods, in order.
    pub fn expect(&self, faults: &[Fault]) {
        self.lock().faults.extend(faults);
    }

    /// Subjects and texts as the desk has them, for a test to compare.
    #[must_use]
    pub fn tickets(&self) -> Vec<(String, Vec<String>)> {
        let texts = |ticket: &Ticket| ticket.comments.iter().map(|comment| comment.body.clone()).collect();
        self.lock().tickets.iter().map(|ticket| (ticket.subject.clone(), texts(ticket))).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Http for ModelDesk {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let latency = 20 + self.world.below(180);
        self.world.sleep(Duration::from_millis(latency / 2)).await;
        let write = request.method != Method::Get;
        let fault = if write { self.lock().faults.pop_front() } else { None };
        let path = request.url.path().to_owned();
        if fault == Some(Fault::CutBefore) {
            self.world.note(&format!("{} {path} cut before", request.method.name()));
            return Err(HttpFailure::Broken);
        }
        let (status, body) = self.lock().answer(&request, self.world.now().0 / 1_000 * 1_000);
        if fault == Some(Fault::CutAfter) {
            self.world.note(&format!("{} {path} cut after", request.method.name()));
            return Err(HttpFailure::Broken);
        }
        self.world.note(&format!("{} {path} {status}", request.method.name()));
        self.world.sleep(Duration::from_millis(latency - latency / 2)).await;
        let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
        Ok(HttpResponse { status, headers, body: body.to_string().into_bytes() })
    }
}

impl Inner {
    fn id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    fn ticket(&mut self, subject: String, body: String, custom_fields: Value, at: i64) -> Ticket {
        let (id, comment) = (self.id(), self.id());
        let comments = vec![Comment { id: comment, author: ME, body, at }];
        Ticket { id, subject, status: "new", created_at: at, updated_at: at, custom_fields, comments }
    }

    fn answer(&mut self, request: &HttpRequest, now: i64) -> (u16, Value) {
        let path: Vec<&str> = request.url.path().split('/').skip(3).collect();
        let query =
            |name: &str| request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let body: Value = match &request.body {
            Body::Json(bytes) => serde_json::from_slice(bytes).unwrap_or(Value::Null),
            Body::Empty | Body::File(_) => Value::Null,
        };
        match (request.method, path.as_slice()) {
            (Method::Get, ["users", "me" | "me.json"]) => (200, me()),
            (Method::Get, ["requests"]) => (200, self.page(&query)),
            (Method::Get, ["requests", "ccd"] | ["organizations", _, "requests"]) => {
                (200, Inner::default().page(&query))
            }
            (Method::Post, ["requests"]) => {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let new = &body["request"];
                let ticket = self.ticket(
                    text(&new["subject"]),
                    text(&new["comment"]["body"]),
                    new["custom_fields"].clone(),
                    now,
                );
                let answer = json!({ "request": wire(&ticket) });
                self.tickets.push(ticket);
                (201, answer)
            }
            (method, ["requests", id, rest @ ..]) => {
                let Some(index) = self.tickets.iter().position(|ticket| ticket.id.to_string() == *id) else {
                    return (404, json!({ "error": "RecordNotFound", "description": "Not found" }));
                };
                match (method, rest) {
                    (Method::Get, ["comments"]) => (200, comments(&self.tickets[index])),
                    (Method::Put, []) => {
                        let id = self.id();
                        let text = body["request"]["comment"]["body"].as_str().unwrap_or_default().to_owned();
                        let ticket = &mut self.tickets[index];
                        ticket.comments.push(Comment { id, author: ME, body: text, at: now });
                        (ticket.updated_at, ticket.status) = (now, "open");
                        (200, json!({ "request": wire(ticket) }))
                    }
                    _ => (200, json!({ "request": wire(&self.tickets[index]) })),
                }
            }
            _ => (404, json!({ "error": "InvalidEndpoint", "description": "Not found" })),
        }
    }

    fn page(&self, query: &impl Fn(&str) -> Option<String>) -> Value {
        let mut tickets: Vec<&Ticket> = self.tickets.iter().collect();
        if query("page[size]").is_some() {
            // The order of cursor pages is not to be trusted.
            tickets.sort_by_key(|ticket| {
                (ticket.id.unsigned_abs().wrapping_mul(self.shuffle | 1).rotate_left(29), ticket.id)
            });
            let start = query("page[after]").and_then(|after| after.parse().ok()).unwrap_or(0_usize);
            let page: Vec<Value> = tickets.iter().skip(start).take(PAGE).map(|ticket| wire(ticket)).collect();
            let more = start + page.len() < tickets.len();
            let after = more.then(|| (start + page.len()).to_string());
            return json!({ "requests": page, "meta": { "has_more": more, "after_cursor": after, "before_cursor": null },
                           "links": { "next": null, "prev": null } });
        }
        let by_creation = query("sort_by").as_deref() == Some("created_at");
        let key = |ticket: &Ticket| if by_creation { ticket.created_at } else { ticket.updated_at };
        tickets.sort_by_key(|ticket| std::cmp::Reverse((key(ticket), ticket.id)));
        let number = query("page").and_then(|page| page.parse().ok()).unwrap_or(1_usize);
        let start = (number - 1) * PAGE;
        let page: Vec<Value> = tickets.iter().skip(start).take(PAGE).map(|ticket| wire(ticket)).collect();
        let next = (start + page.len() < tickets.len())
            .then(|| format!("https://desk.example/api/v2/requests?page={}&per_page={PAGE}", number + 1));
        json!({ "requests": page, "next_page": next, "previous_page": null, "count": tickets.len() })
    }
}

fn me() -> Value {
    json!({ "user": { "id": ME, "name": "Ada Lindqvist", "email": "ada@reisen.example", "role": "end-user",
                      "organization_id": null, "locale": "de", "verified": true } })
}

fn time(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn wire(ticket: &Ticket) -> Value {
    json!({ "id": ticket.id, "url": "https://desk.example/api/v2/requests/1.json", "subject": ticket.subject,
            "description": ticket.comments[0].body, "status": ticket.status, "created_at": time(ticket.created_at),
            "updated_at": time(ticket.updated_at), "requester_id": ME, "organization_id": null, "collaborator_ids": [],
            "email_cc_ids": [], "custom_fields": ticket.custom_fields, "can_be_solved_by_me": true, "is_public": true })
}

fn comments(ticket: &Ticket) -> Value {
    let comment = |comment: &Comment| {
        json!({ "id": comment.id, "type": "Comment", "author_id": comment.author, "body": comment.body,
                "html_body": comment.body, "plain_body": comment.body, "public": true, "attachments": [],
                "created_at": time(comment.at) })
    };
    let comments: Vec<Value> = ticket.comments.iter().map(comment).collect();
    json!({ "comments": comments, "count": comments.len(), "next_page": null, "previous_page": null,
            "meta": { "has_more": false, "after_cursor": null, "before_cursor": null }, "links": { "next": null, "prev": null },
            "users": [ { "id": ME, "name": "Ada Lindqvist", "agent": false, "photo": null },
                       { "id": AGENT, "name": "Marta Feld", "agent": true, "photo": null } ] })
}
