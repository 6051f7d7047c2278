//! A server in memory, whose answers a test can replace.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::millis;
use pocketdesk::net::{Body, Http, HttpFailure, HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::clock::{Clock, START};

/// Ada's id.
pub const ADA: i64 = 77;
const AGENT: i64 = 9001;
/// How long the server takes for an answer.
pub const LATENCY: Duration = Duration::from_millis(100);

/// What happens to a request instead of being answered as usual.
pub enum Fault {
    /// This answer, with the server's time.
    Answer(u16, String),
    /// This answer, with one more header.
    With(u16, String, (&'static str, String)),
    /// The usual answer, with more headers.
    Headers(Vec<(&'static str, String)>),
    /// The usual answer takes so much longer.
    Slow(Duration),
    /// The connection breaks.
    Broken,
    /// The answer is larger than any that is taken.
    TooLarge,
}

impl Fault {
    /// An answer with JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Answer(status, body.to_string())
    }

    /// The server forbids it, in its own words.
    pub fn forbidden() -> Self {
        Self::json(
            403,
            &json!({ "error": { "title": "Forbidden", "message": "You do not have access to this page." } }),
        )
    }

    /// An error of the server.
    pub fn error() -> Self {
        Self::Answer(500, "<html><body>Internal Server Error</body></html>".to_owned())
    }
}

type Faults = Box<dyn FnMut(&Asked) -> Option<Fault> + Send>;

/// A request, as a fault sees it.
pub struct Asked {
    pub method: &'static str,
    pub path: String,
    pub query: BTreeMap<String, String>,
    /// How long the test has been running.
    pub at: Duration,
}

impl Asked {
    /// Whether it reads this path, or anything below it.
    pub fn reads(&self, path: &str) -> bool {
        self.method == "GET" && self.path.starts_with(path)
    }
}

/// A ticket on the server.
pub struct ServerTicket {
    pub subject: String,
    pub updated_at: i64,
    pub comments: Vec<ServerComment>,
}

/// A comment on the server.
pub struct ServerComment {
    pub id: i64,
    pub author: i64,
    pub body: String,
    pub at: i64,
    /// The size of its file, if it has one.
    pub file: Option<u64>,
}

/// A help desk with tickets of Ada's.
pub struct Memory {
    clock: Arc<Clock>,
    pub tickets: Mutex<BTreeMap<i64, ServerTicket>>,
    ids: AtomicI64,
    faults: Mutex<Option<Faults>>,
    log: Mutex<Vec<(Duration, String)>>,
}

impl Memory {
    pub(super) fn new(clock: Arc<Clock>, tickets: i64) -> Self {
        let server = Self {
            clock,
            tickets: Mutex::default(),
            ids: AtomicI64::new(1_000),
            faults: Mutex::default(),
            log: Mutex::default(),
        };
        for number in 1..=tickets {
            let at = START - 86_400_000 * 30 + number * 60_000;
            let ticket = ServerTicket {
                subject: format!("Überweisung {number} fehlt – أين المبلغ؟ 🧾"),
                updated_at: at,
                comments: Vec::new(),
            };
            server.tickets.lock().unwrap().insert(number, ticket);
            server.comment_at(number, ADA, "Guten Tag,\n\nseit Montag.", at);
        }
        server
    }

    /// Passes every request from now on to `faults` first.
    pub fn break_with(&self, faults: impl FnMut(&Asked) -> Option<Fault> + Send + 'static) {
        *self.faults.lock().unwrap() = Some(Box::new(faults));
    }

    /// Ends the faults.
    pub fn mend(&self) {
        *self.faults.lock().unwrap() = None;
    }

    /// The moment and `METHOD /path?query` of every request since the last call.
    pub fn take_log(&self) -> Vec<(Duration, String)> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }

    fn comment_at(&self, number: i64, author: i64, body: &str, at: i64) -> i64 {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let mut tickets = self.tickets.lock().unwrap();
        let ticket = tickets.get_mut(&number).unwrap();
        ticket.comments.push(ServerComment { id, author, body: body.to_owned(), at, file: None });
        ticket.updated_at = ticket.updated_at.max(at);
        id
    }

    /// An agent answers now.
    pub fn answer(&self, number: i64, body: &str) {
        self.comment_at(number, AGENT, body, START + millis(self.clock.elapsed()));
    }

    /// Adds a comment with a file of `size` bytes.
    pub fn attach(&self, number: i64, size: u64) {
        self.answer(number, "Anbei die Liste.");
        self.tickets.lock().unwrap().get_mut(&number).unwrap().comments.last_mut().unwrap().file = Some(size);
    }

    /// The texts of a ticket's comments.
    pub fn texts(&self, number: i64) -> Vec<String> {
        self.tickets.lock().unwrap()[&number].comments.iter().map(|comment| comment.body.clone()).collect()
    }

    fn usual(&self, asked: &Asked, body: &Body) -> (u16, Value) {
        let missing = (404, json!({ "error": "RecordNotFound", "description": "Not found" }));
        let parts: Vec<&str> = asked.path.trim_start_matches("/api/v2/").split('/').collect();
        let now = START + millis(asked.at);
        match (asked.method, &*parts) {
            ("GET", ["users", "me"]) => {
                (200, json!({ "user": { "id": ADA, "name": "Ada Lindqvist", "email": "ada@reisen.example" } }))
            }
            ("GET", ["requests", "ccd"]) if asked.query.contains_key("page") => {
                (200, json!({ "requests": [], "next_page": null, "count": 0 }))
            }
            ("GET", ["requests", "ccd"]) => {
                (200, json!({ "requests": [], "meta": { "has_more": false, "after_cursor": null }, "links": {} }))
            }
            ("GET", ["requests"]) => (200, self.list(asked)),
            ("GET", ["requests", number]) => {
                let tickets = self.tickets.lock().unwrap();
                let number = number.parse().unwrap();
                tickets.get(&number).map_or(missing, |ticket| (200, json!({ "request": shown(number, ticket) })))
            }
            ("GET", ["requests", number, "comments"]) => {
                let tickets = self.tickets.lock().unwrap();
                tickets.get(&number.parse().unwrap()).map_or(missing, |ticket| (200, thread(ticket, asked)))
            }
            ("PUT", ["requests", number]) => {
                let Body::Json(body) = body else { return (400, json!({})) };
                let body: Value = serde_json::from_slice(body).unwrap();
                let number = number.parse().unwrap();
                let text = body["request"]["comment"]["body"].as_str().unwrap_or_default();
                self.comment_at(number, ADA, text, now);
                (200, json!({ "request": shown(number, &self.tickets.lock().unwrap()[&number]) }))
            }
            // What was read changes nothing that this server shows.
            ("PUT", ["requests", number, "read_mark"]) => {
                let tickets = self.tickets.lock().unwrap();
                let number = number.parse().unwrap();
                tickets.get(&number).map_or(missing, |ticket| (200, json!({ "request": shown(number, ticket) })))
            }
            ("POST", ["uploads"]) => (201, json!({ "upload": { "token": "t-1", "expires_at": null } })),
            ("GET", ["files", size]) => (200, json!("x".repeat(size.parse::<usize>().unwrap() - 2))),
            _ => missing,
        }
    }

    fn list(&self, asked: &Asked) -> Value {
        let tickets = self.tickets.lock().unwrap();
        let number = |name: &str| asked.query.get(name).and_then(|value| value.parse::<usize>().ok());
        if let (Some(page), Some(rows)) = (number("page"), number("per_page")) {
            let mut sorted: Vec<_> = tickets.iter().collect();
            let by = asked.query.get("sort_by").map(String::as_str);
            sorted.sort_by_key(|(number, ticket)| {
                std::cmp::Reverse((if by == Some("created_at") { 0 } else { ticket.updated_at }, **number))
            });
            let rows: Vec<_> = sorted.iter().skip((page - 1) * rows).take(rows).map(|(n, t)| shown(**n, t)).collect();
            let more = page * rows.len().max(1) < sorted.len() && !rows.is_empty();
            let next = more.then(|| format!("https://desk.example/api/v2/requests?page={}", page + 1));
            return json!({ "requests": rows, "next_page": next, "count": sorted.len() });
        }
        let (after, size) = (number("page[after]").unwrap_or_default(), number("page[size]").unwrap_or(100));
        let rows: Vec<_> =
            tickets.iter().skip(after).take(size).map(|(number, ticket)| shown(*number, ticket)).collect();
        let more = after + rows.len() < tickets.len();
        let cursor = (after + rows.len()).to_string();
        json!({ "requests": rows, "meta": { "has_more": more, "after_cursor": cursor }, "links": {} })
    }
}

/// A ticket as the server shows it.
pub fn shown(number: i64, ticket: &ServerTicket) -> Value {
    json!({
        "id": number, "subject": ticket.subject, "status": "open", "requester_id": ADA,
        "created_at": time(START - 86_400_000 * 40), "updated_at": time(ticket.updated_at), "custom_fields": []
    })
}

/// A page of a ticket's comments, as the server shows it.
pub fn thread(ticket: &ServerTicket, asked: &Asked) -> Value {
    let number = |name: &str| asked.query.get(name).and_then(|value| value.parse::<usize>().ok());
    // By number only if that is asked for.
    let by_number = number("page").zip(number("per_page"));
    let (after, size) = by_number.map_or_else(
        || (number("page[after]").unwrap_or_default(), number("page[size]").unwrap_or(100)),
        |(page, rows)| ((page - 1) * rows, rows),
    );
    let mut comments: Vec<Value> = ticket
        .comments
        .iter()
        .map(|comment| {
            let file = comment.file.map(|size| {
                json!({ "id": comment.id, "file_name": "liste.csv", "content_type": "text/csv", "size": size,
                    "content_url": format!("https://desk.example/api/v2/files/{size}") })
            });
            json!({ "id": comment.id, "author_id": comment.author, "plain_body": comment.body, "body": comment.body,
                "public": true, "created_at": time(comment.at), "attachments": file.into_iter().collect::<Vec<_>>() })
        })
        .collect();
    if asked.query.get("sort").is_some_and(|sort| sort.starts_with('-')) {
        comments.reverse();
    }
    let all = comments.len();
    let page: Vec<Value> = comments.into_iter().skip(after).take(size).collect();
    let (more, cursor) = (after + page.len() < all, (after + page.len()).to_string());
    let users = json!([
        { "id": ADA, "name": "Ada Lindqvist", "agent": false }, { "id": AGENT, "name": "Marta Feld", "agent": true }
    ]);
    if by_number.is_some() {
        let next = more.then_some("https://desk.example/api/v2/next");
        return json!({ "comments": page, "next_page": next, "count": all, "users": users });
    }
    json!({ "comments": page, "meta": { "has_more": more, "after_cursor": cursor }, "links": {}, "users": users })
}

/// A time in the service's format: 2026-03-02T09:00:00Z.
fn time(at: i64) -> String {
    jiff::Timestamp::from_second(at / 1_000).unwrap().to_string()
}

#[async_trait]
impl Http for Memory {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let asked = Asked {
            method: request.method.name(),
            path: request.url.path().to_owned(),
            query: request.url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
            at: self.clock.elapsed(),
        };
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        self.log.lock().unwrap().push((asked.at, format!("{} {}{query}", asked.method, asked.path)));
        let fault = self.faults.lock().unwrap().as_mut().and_then(|fault| fault(&asked));
        self.clock.sleep(LATENCY).await;
        let mut more = Vec::new();
        let (status, body) = match fault {
            Some(Fault::Broken) => return Err(HttpFailure::Broken),
            Some(Fault::TooLarge) => return Err(HttpFailure::TooLarge),
            Some(Fault::Answer(status, body)) => (status, body),
            Some(Fault::With(status, body, with)) => {
                more.push(with);
                (status, body)
            }
            usual => {
                match usual {
                    Some(Fault::Slow(longer)) => self.clock.sleep(longer).await,
                    Some(Fault::Headers(headers)) => more = headers,
                    _ => {}
                }
                let (status, body) = self.usual(&asked, &request.body);
                (status, body.to_string())
            }
        };
        let now = UNIX_EPOCH + Duration::from_millis(START.unsigned_abs()) + self.clock.elapsed();
        let date = ("date".to_owned(), httpdate::fmt_http_date(now));
        let more = more.into_iter().map(|(name, value)| (name.to_owned(), value));
        Ok(HttpResponse { status, headers: [date].into_iter().chain(more).collect(), body: body.into_bytes() })
    }
}
