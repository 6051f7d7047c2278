//! Every answer that a connector reads, as bytes. The connector is the real one; only its network is made of the input.
//!
//! The first byte of the input chooses the call, and the rest is the answers to the call's requests, each ended by the byte
//! 0x1e. When they are used up, the last one is given again: a connector must not go on for ever because a server does. The
//! first byte of an answer chooses the status, and the second a header, whose value is the first line of what follows. All
//! bytes count from `a`, so that an input can be read: `eaa{"comments":[]}` reads a thread whose only page is 200 and empty.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pocketdesk::connectors::Remote;
use pocketdesk::connectors::rt::Rt;
use pocketdesk::connectors::zendesk::Zendesk;
use pocketdesk::model::{
    CommentId, DownloadFailure, DownloadStart, Failure, PersonId, Reached, ReasonKind, RemoteComment, RemoteTicket,
    Sink, SinkError, Target, TicketNumber, UploadFile, Write, undated,
};
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse, Method};
use pocketdesk::product::{BUILT_IN, Product, ServerKind};
use url::Url;
use uuid::Uuid;

use crate::device::{SignedIn, complete};
use crate::laws;

const SERVER: &str = "https://desk.example";
/// The user, and the ticket that is asked for.
const ME: PersonId = PersonId(17);
const NUMBER: TicketNumber = TicketNumber(7);
const REFERENCE: &str = "c0ffee00-0000-4000-8000-000000000001";

/// What ends an answer.
const END: u8 = 0x1e;
/// The most requests that one call may make when every answer is the same.
const MAX_REQUESTS: usize = 64;
/// The most pages that are read of one list.
const MAX_PAGES: usize = 6;

const STATUSES: [u16; 26] = [
    200, 201, 204, 206, 301, 302, 308, 400, 401, 403, 404, 407, 408, 409, 410, 412, 413, 415, 416, 422, 429, 451, 500,
    502, 503, 599,
];
const HEADERS: [&str; 12] = [
    "",
    "content-type",
    "retry-after",
    "date",
    "etag",
    "location",
    "content-range",
    "content-length",
    "content-encoding",
    "x-rate-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
];

/// The answers of Zendesk.
pub(crate) fn run_zendesk(data: &[u8]) {
    let product = Product::built_in().expect("the built-in product");
    let me = r#"{"user":{"id":17,"name":"Zoë Müller","email":"zoe@reisen.example","organization_id":3}}"#;
    run(data, me, |wire| {
        let server = SERVER.parse().expect("an address");
        Box::new(Zendesk::new(server, wire, Arc::new(SignedIn("token")), &product))
    });
}

/// The answers of Request Tracker.
pub(crate) fn run_rt(data: &[u8]) {
    let product = Product::from_json(BUILT_IN, ServerKind::RequestTracker).expect("the built-in product");
    let me = r#"{"id":17,"Name":"zoe","RealName":"Zoë Müller","EmailAddress":"zoe@reisen.example"}"#;
    run(data, me, |wire| {
        let server = SERVER.parse().expect("an address");
        Box::new(Rt::new(server, wire, Arc::new(SignedIn("1-17-c0ffee")), &product).expect("settings"))
    });
}

/// The comment whose `html_body` is this page, as the connector of Zendesk reads it.
pub(crate) fn comment_of(page: &str) -> RemoteComment {
    let product = Product::built_in().expect("the built-in product");
    let wire = Arc::new(Wire::default());
    let server = SERVER.parse().expect("an address");
    let remote = Zendesk::new(server, Arc::clone(&wire) as Arc<dyn Http>, Arc::new(SignedIn("token")), &product);
    wire.give(vec![answer_of(200, br#"{"user":{"id":17,"name":"Zo\u00eb"}}"#)]);
    complete(remote.begin(None)).expect("a user");
    let comments = serde_json::json!({ "next_page": null, "comments": [{
        "id": 9, "author_id": 5, "html_body": page, "public": true, "created_at": "2026-03-03T09:15:00Z",
        "attachments": [{ "id": 1, "file_name": "bild.png", "content_url": format!("{SERVER}/attachments/token/a/") }]
    }] });
    wire.give(vec![answer_of(200, comments.to_string().as_bytes())]);
    let mut thread = undated(complete(remote.comments(NUMBER, None, 100))).expect("a thread");
    thread.comments.remove(0)
}

fn run(data: &[u8], me: &str, connect: impl Fn(Arc<Wire>) -> Box<dyn Remote>) {
    let Some((call, rest)) = data.split_first() else { return };
    let answers: Vec<HttpResponse> = rest.split(|byte| *byte == END).map(answer).collect();
    let outcome = || {
        let wire = Arc::new(Wire::default());
        let remote = connect(Arc::clone(&wire));
        // Only the call that begins a run finds the input in the place of the user's page.
        let begins = call.wrapping_sub(b'a') % CALLS == 0;
        if !begins {
            wire.give(vec![answer_of(200, me.as_bytes())]);
            complete(remote.begin(None)).expect("a user");
        }
        wire.give(answers.clone());
        let outcome = make(call.wrapping_sub(b'a') % CALLS, &*remote, &wire);
        laws::rate_limit(remote.rate_limit());
        (outcome, wire.asked())
    };
    let first = outcome();
    assert_eq!(first, outcome(), "the same answers mean the same");
}

const CALLS: u8 = 14;

/// Makes a call, checks its outcome, and describes it.
fn make(call: u8, remote: &dyn Remote, wire: &Wire) -> String {
    let list = remote.lists(&laws::user(ME)).remove(0);
    match call {
        0 => {
            let user = complete(remote.begin(Some(ME)));
            if let Ok(user) = &user {
                assert_eq!(user.id, ME, "nothing is done for another user");
                laws::one_line(&user.name);
                user.email.iter().for_each(|email| laws::short(email));
            }
            format!("{:?}", checked(user, wire))
        }
        1 => {
            let page = checked(undated(complete(remote.sorted_page(&list, 2, 10))), wire);
            page.iter().for_each(laws::ticket_page);
            format!("{page:?}")
        }
        2 => {
            let (mut cursor, mut told) = (None, Vec::new());
            for rows in [100, 50, 1, 1, 100, 7].into_iter().take(MAX_PAGES) {
                let page = checked(undated(complete(remote.list_page(&list, cursor.as_deref(), rows))), wire);
                page.iter().for_each(laws::ticket_page);
                told.push(format!("{page:?}"));
                cursor = page.ok().and_then(|page| page.next);
                if cursor.is_none() {
                    break;
                }
            }
            told.join("\n")
        }
        3 => {
            let page = checked(undated(complete(remote.latest_created(1))), wire);
            page.iter().for_each(laws::ticket_page);
            format!("{page:?}")
        }
        4 => {
            let ticket = checked(undated(complete(remote.ticket(NUMBER))), wire);
            if let Ok(ticket) = &ticket {
                laws::ticket(ticket);
                assert_eq!(ticket.number, NUMBER);
            }
            format!("{ticket:?}")
        }
        5 => {
            let (mut cursor, mut told) = (None, Vec::new());
            for rows in [100, 1, 50, 1, 100, 7].into_iter().take(MAX_PAGES) {
                let page = checked(undated(complete(remote.comments(NUMBER, cursor.as_deref(), rows))), wire);
                page.iter().for_each(laws::comment_page);
                told.push(format!("{page:?}"));
                cursor = page.ok().and_then(|page| page.next);
                if cursor.is_none() {
                    break;
                }
            }
            told.join("\n")
        }
        6 => deliver(remote, wire, Target::NewTicket, &create()),
        7 => deliver(remote, wire, Target::Ticket(NUMBER), &reply(Vec::new())),
        8 => deliver(remote, wire, Target::Ticket(NUMBER), &reply(vec!["t0k3n".to_owned()])),
        9 => deliver(
            remote,
            wire,
            Target::Ticket(NUMBER),
            &Write::AddCc { addresses: vec!["erin@external.example".to_owned()] },
        ),
        10 => deliver(remote, wire, Target::Ticket(NUMBER), &Write::Solve),
        11 => deliver(remote, wire, Target::ReadMark(NUMBER), &Write::MarkRead { through: CommentId(9) }),
        12 => {
            let uploaded = checked(undated(complete(remote.upload(&file()))), wire);
            uploaded.map_or_else(
                |failure| format!("{failure:?}"),
                |uploaded| {
                    assert!(!uploaded.token.trim().is_empty(), "a message has to name it");
                    format!("{} {:?}", uploaded.token, uploaded.expires_at)
                },
            )
        }
        _ => {
            let mut kept = Kept::default();
            let address = "/attachments/token/x/?name=Beleg.pdf";
            let done = complete(remote.download(address, 4, &mut kept));
            match &done {
                Ok(()) => assert!(kept.begun, "a file has a beginning"),
                Err(DownloadFailure::Server(failure)) => laws::failure(failure),
                Err(DownloadFailure::Sink(_)) => {}
            }
            format!("{done:?} {:?}", kept.bytes)
        }
    }
}

/// Delivers a write, and checks that what is said of it is true of what was sent.
fn deliver(remote: &dyn Remote, wire: &Wire, target: Target, write: &Write) -> String {
    let body = remote.encode(write);
    assert_eq!(body, remote.encode(write), "every attempt sends the same bytes");
    let delivered = undated(complete(remote.deliver(target, &body, &[], Uuid::from_u128(7))));
    let delivered = checked(delivered, wire);
    let may_be_applied = |failure: &Failure| {
        matches!(failure, Failure::TryAgain { reached: Reached::Maybe, .. } | Failure::Unexplained { .. })
    };
    // A server may refuse a change with a 200, and a sentence.
    let is_change = !matches!(write, Write::Create { .. } | Write::Reply { .. });
    match (wire.written(), &delivered) {
        (None, Err(failure)) => assert!(!may_be_applied(failure), "nothing was sent: {failure:?}"),
        (Some(200..=299), Err(failure)) => assert!(is_change || may_be_applied(failure), "applied: {failure:?}"),
        (Some(300..=399 | 500..=599), Err(failure)) => assert!(may_be_applied(failure), "ambiguous: {failure:?}"),
        _ => {}
    }
    if let Ok(ticket) = &delivered {
        laws::ticket(ticket);
        check_target(target, ticket, wire);
    }
    format!("{delivered:?}")
}

/// What was written is in the ticket that is returned: the one that was named, or the one that was made.
fn check_target(target: Target, ticket: &RemoteTicket, wire: &Wire) {
    match target {
        Target::Ticket(number) | Target::ReadMark(number) => assert_eq!(ticket.number, number),
        Target::NewTicket => {
            let is_ours = ticket.client_reference.as_deref() == Some(REFERENCE);
            assert!(is_ours || wire.written().is_some(), "a ticket of somebody else is not the new one: {ticket:?}");
        }
    }
}

/// Checks what holds for every outcome, and returns it.
fn checked<T>(outcome: Result<T, Failure>, wire: &Wire) -> Result<T, Failure> {
    if let Err(failure) = &outcome {
        laws::failure(failure);
        if *failure == Failure::Gone {
            assert!(wire.has_objects(), "without a word of the server, nothing is gone");
        }
        if let Failure::NeedsUser(reason) = failure {
            assert!(
                reason.kind.concerns_account()
                    || !wire.asked().is_empty()
                    || reason.kind == ReasonKind::Unsupported
                    || reason.kind == ReasonKind::AttachmentMissing,
                "nobody refused: {reason:?}"
            );
        }
    }
    outcome
}

fn create() -> Write {
    Write::Create {
        subject: "Rückerstattung 🙏".to_owned(),
        description: "Guten Tag,\nsie fehlt. שלום".to_owned(),
        issue_type: "Content".to_owned(),
        cc: vec!["erin@external.example".to_owned()],
        access: true,
        reference: REFERENCE.to_owned(),
        uploads: Vec::new(),
        follows: None,
        requester: None,
    }
}

fn reply(uploads: Vec<String>) -> Write {
    Write::Reply { body: "Danke!\n\n> „Grüße“ 👋".to_owned(), structure: None, uploads, solves: false }
}

fn file() -> UploadFile {
    UploadFile {
        path: "/nonexistent".into(),
        name: "Beleg „März“.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        size: 7,
        progress: Arc::new(|_| {}),
    }
}

/// The file that is downloaded.
#[derive(Default)]
struct Kept {
    begun: bool,
    bytes: Vec<u8>,
}

impl Sink for Kept {
    fn begin(&mut self, start: DownloadStart) -> Result<(), SinkError> {
        if matches!(start, DownloadStart::From(offset) if offset != 4) {
            return Err(SinkError::Unexpected);
        }
        self.begun = true;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        assert!(self.begun, "the beginning comes first");
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

/// The network: the answers that are left, and the requests that were made.
#[derive(Default)]
struct Wire {
    answers: Mutex<Vec<HttpResponse>>,
    asked: Mutex<Vec<String>>,
    /// The status of the last answer to a write.
    written: Mutex<Option<u16>>,
    has_objects: Mutex<bool>,
}

impl Wire {
    fn give(&self, mut answers: Vec<HttpResponse>) {
        answers.reverse();
        *self.has_objects.lock().unwrap() = answers.iter().any(|answer| answer.body.contains(&b'{'));
        *self.answers.lock().unwrap() = answers;
        self.asked.lock().unwrap().clear();
        *self.written.lock().unwrap() = None;
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn written(&self) -> Option<u16> {
        *self.written.lock().unwrap()
    }

    fn has_objects(&self) -> bool {
        *self.has_objects.lock().unwrap()
    }
}

#[async_trait]
impl Http for Wire {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let home: Url = SERVER.parse().expect("an address");
        let is_signed = request.headers.iter().any(|(name, _)| *name == "authorization");
        assert!(!is_signed || request.url.origin() == home.origin(), "the token stays with its server");
        let is_safe = request.url.scheme() == "https" || request.url.host_str().is_some_and(is_this_device);
        assert!(is_safe, "nothing is sent in the clear");
        for (_, value) in &request.headers {
            assert!(!value.contains(['\r', '\n', '\0']), "a header is one line");
        }
        let mut asked = self.asked.lock().unwrap();
        asked.push(format!("{} {}", request.method.name(), request.url));
        assert!(asked.len() <= MAX_REQUESTS * MAX_PAGES, "it asks for ever");
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.pop() } else { answers.first().cloned() };
        let answer = answer.ok_or(HttpFailure::NotSent)?;
        let path = request.url.path();
        // Request Tracker searches with a POST.
        if request.method != Method::Get && !path.ends_with("/attachments") && !path.ends_with("/uploads") {
            *self.written.lock().unwrap() = Some(answer.status);
        }
        Ok(answer)
    }
}

fn is_this_device(host: &str) -> bool {
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

fn answer(bytes: &[u8]) -> HttpResponse {
    let place =
        |index: usize, length: usize| usize::from(bytes.get(index).map_or(0, |byte| byte.wrapping_sub(b'a'))) % length;
    let status = STATUSES[place(0, STATUSES.len())];
    let header = HEADERS[place(1, HEADERS.len())];
    let mut body = bytes.get(2..).unwrap_or_default();
    let mut answer = answer_of(status, &[]);
    if !header.is_empty() {
        let end = body.iter().position(|byte| *byte == b'\n').unwrap_or(body.len());
        // A network passes on the values that are text.
        let value = String::from_utf8_lossy(&body[..end]).replace(|c: char| c.is_control(), " ");
        body = body.get(end + 1..).unwrap_or_default();
        answer.headers.retain(|(name, _)| name != header);
        answer.headers.push((header.to_owned(), value));
    }
    answer.body = body.to_vec();
    answer
}

fn answer_of(status: u16, body: &[u8]) -> HttpResponse {
    let headers = [("date", "Thu, 05 Mar 2026 12:00:00 GMT"), ("etag", "\"66\"")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    HttpResponse { status, headers, body: body.to_vec() }
}
