//! Writing: how a write is encoded, how it is sent, and how its result is verified.
//!
//! The service has no idempotency keys, and it answers 201 or 200 even if it did not do what was requested. It silently
//! drops a value that a field does not offer, and a field that the user may not set. It accepts a reply to a closed
//! ticket. It refuses a change with a 200 and a sentence. So every write is checked before it is sent, or its result is
//! read back, or both:
//!
//! * **A new ticket** names its requestor; otherwise not even its creator could see it. It is sent in three steps:
//!   1. The connector refuses it here if the server would drop a part of it: if the issue type or the access is not
//!      among the values that the server offers, if a CC address has letters that the service drops, or if the server
//!      has no field for the client reference. A ticket that was created without its values would stay without them,
//!      and a ticket without its reference could not be found again.
//!   2. The server is searched for the reference. If a ticket has it, that ticket is the result of an earlier attempt,
//!      and is the answer.
//!   3. Otherwise the ticket is created and read back. The field for the reference takes no value twice. So if the new
//!      ticket comes back without its reference, an earlier attempt was applied late, and its ticket has the reference.
//!      That other ticket is then the answer. In all other cases the answer is the new ticket as the server shows it.
//!      If the server dropped a value in spite of the checks, the value is missing in the answer and on the screen.
//! * **A reply** is sent after its ticket was read. The service accepts replies to closed tickets, so the connector has
//!   to refuse them. (The reply cannot be bound to the state that was read, because for replies the service treats
//!   every `If-Match` as failed.)
//! * **Solving** is bound to the state that was read (`If-Match`), so that the user first sees a reply that came
//!   meanwhile. The ticket is read back.
//! * **CC addresses** are written to a field from which the server's own rules make CCs. They count as added once they
//!   are CCs.
//!
//! A write that was applied and cannot be read back is ambiguous. The outbox then looks for it: for a new ticket by its
//! reference, for a reply in its thread.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::calls::{BASE, ask, document, failure, get};
use super::connection::Connection;
use super::files::{FileHead, form};
use super::read::TicketState;
use super::settings::Settings;
use super::{map, wire};
use crate::connectors::refusal::{Asked, file_refused};
use crate::connectors::text::html_of;
use crate::model::{
    Failure, PersonId, Reached, Reason, ReasonKind, RemoteTicket, ServerStatus, TicketNumber, Trouble, UploadFile,
    Write,
};
use crate::net::answer::for_the_user;
use crate::net::session::Call;
use crate::net::{Body, HttpResponse, Method};

/// How often a change is tried while other changes of its ticket come first (412).
const MAX_CONFLICTS: u32 = 3;

/// A write, as it is encoded in bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum EncodedWrite {
    Create {
        request: Value,
        files: Vec<FileHead>,
    },
    Reply {
        request: Value,
        files: Vec<FileHead>,
    },
    AddCc {
        request: Value,
    },
    Solve {
        request: Value,
    },
    /// A write that this server does not offer.
    Unsupported,
}

/// Encodes `write`: the request without its requestor, who is the signed-in user, and the descriptions of the files
/// without their contents.
pub(super) fn encode(write: &Write, settings: &Settings) -> EncodedWrite {
    let fields = &settings.fields;
    match write {
        Write::Create {
            subject,
            description,
            issue_type,
            cc,
            access,
            reference,
            uploads,
            follows: _,
            requester: None,
        } => {
            let access =
                fields.access.as_ref().map(|field| (&field.name, if *access { &field.shared } else { &field.private }));
            let custom: serde_json::Map<String, Value> = [
                // A form without issue types sends none.
                fields.issue_type.as_ref().filter(|_| !issue_type.is_empty()).map(|name| (name, issue_type)),
                access,
                Some((&fields.client_reference, reference)),
            ]
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
            let mut request = json!({
                "Queue": settings.queue, "Subject": subject, "Content": description, "ContentType": "text/plain",
                "CustomFields": custom,
            });
            if !cc.is_empty() {
                request["Cc"] = json!(mailable(cc));
            }
            EncodedWrite::Create { request, files: file_heads(uploads) }
        }
        Write::Reply { solves: true, .. } if settings.solved().is_none() => EncodedWrite::Unsupported,
        Write::Reply { body, structure, uploads, solves } => {
            // The service takes this text for an empty one.
            let body = if body == "0" { "0\n" } else { body };
            let mut request = match html_of(body, structure.as_ref()) {
                Some(html) => json!({ "Content": html, "ContentType": "text/html" }),
                None => json!({ "Content": body, "ContentType": "text/plain" }),
            };
            if let Some(name) = settings.solved().filter(|_| *solves) {
                request["Status"] = json!(name);
            }
            EncodedWrite::Reply { request, files: file_heads(uploads) }
        }
        Write::AddCc { addresses } => match &fields.add_cc {
            Some(name) => EncodedWrite::AddCc { request: json!({ "CustomFields": { name: mailable(addresses) } }) },
            None => EncodedWrite::Unsupported,
        },
        Write::Solve => match settings.solved() {
            Some(name) => EncodedWrite::Solve { request: json!({ "Status": name }) },
            None => EncodedWrite::Unsupported,
        },
        // Nobody can write here without signing in, and the service has no place of its own for the others.
        Write::Create { requester: Some(_), .. } | Write::MarkRead { .. } | Write::Feedback(_) | Write::Toggle(_) => {
            EncodedWrite::Unsupported
        }
    }
}

/// Addresses as the service accepts them: an international domain is in its ASCII form (RFC 5891). An address with
/// letters other than ASCII before the `@` has no such form.
fn mailable(addresses: &[String]) -> Vec<String> {
    let ascii = |address: &String| {
        let (local, domain) = address.rsplit_once('@')?;
        Some(format!("{local}@{}", url::Host::parse(domain).ok()?))
    };
    addresses.iter().map(|address| ascii(address).unwrap_or_else(|| address.clone())).collect()
}

/// Refuses, before anything is changed, addresses that the service would drop silently.
fn all_mailable<'a>(mut addresses: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    match addresses.find(|address| !address.is_ascii()) {
        Some(dropped) => Err(refused(&format!("Cc: {dropped}"))),
        None => Ok(()),
    }
}

/// The descriptions of files, which [`upload`](crate::connectors::Remote::upload) returned as tokens. A token that it
/// did not return is left out, and [`Connection::send`] then refuses the wrong number of files.
fn file_heads(uploads: &[String]) -> Vec<FileHead> {
    uploads.iter().filter_map(|token| serde_json::from_str(token).ok()).collect()
}

impl Connection {
    pub(super) async fn create(
        &self,
        mut request: Value,
        file_heads: &[FileHead],
        files: &[UploadFile],
        key: Uuid,
    ) -> Result<RemoteTicket, Failure> {
        let me = self.me()?;
        all_mailable(request["Cc"].as_array().into_iter().flatten().filter_map(Value::as_str))?;
        self.check_allowed_values(&request).await.map_err(not_applied)?;
        let reference = request["CustomFields"][&self.settings.fields.client_reference].as_str().map(str::to_owned);
        let reference = reference.unwrap_or_default();
        if let Some(earlier) = self.by_reference(&reference).await.map_err(not_applied)? {
            return Ok(earlier);
        }
        request["Requestor"] = json!(me.0.to_string());
        let path = format!("{BASE}/ticket");
        let answer = self.send(Method::Post, &path, &request, (file_heads, files), key, None).await?;
        if let Some(failure) = failure_with(&answer, Asked::Create, files) {
            return Err(failure);
        }
        let created = document(&answer)?;
        let number = wire::row_id(created.root()).ok_or_else(Failure::misbehaves)?;
        let made = self.by_number(TicketNumber(number)).await.map_err(ambiguous)?;
        if made.client_reference.as_ref() == Some(&reference) {
            return Ok(made);
        }
        let first = self.by_reference(&reference).await.map_err(ambiguous)?;
        Ok(first.unwrap_or(made))
    }

    pub(super) async fn reply(
        &self,
        number: TicketNumber,
        request: &Value,
        file_heads: &[FileHead],
        files: &[UploadFile],
        key: Uuid,
    ) -> Result<RemoteTicket, Failure> {
        let state = self.open_ticket(number).await?;
        if !offers(&state, "correspond", None) {
            return Err(Failure::NotAllowed);
        }
        let path = format!("{BASE}/ticket/{number}/correspond");
        let answer = self.send(Method::Post, &path, request, (file_heads, files), key, None).await?;
        match failure_with(&answer, Asked::Change, files) {
            None => self.by_number(number).await.map_err(ambiguous),
            Some(failure) => Err(failure),
        }
    }

    pub(super) async fn solve(
        &self,
        number: TicketNumber,
        request: &Value,
        key: Uuid,
    ) -> Result<RemoteTicket, Failure> {
        let path = format!("{BASE}/ticket/{number}");
        for _ in 0..MAX_CONFLICTS {
            let state = self.open_ticket(number).await?;
            if self.settings.status(&state.detail.status) == ServerStatus::Solved {
                return self.by_number(number).await.map_err(not_applied);
            }
            let answer = self.send(Method::Put, &path, request, (&[], &[]), key, Some(&state.etag)).await?;
            match failure(&answer, Asked::Change) {
                None => {
                    let now = self.by_number(number).await.map_err(ambiguous)?;
                    return match now.status {
                        ServerStatus::Solved | ServerStatus::Closed => Ok(now),
                        // The page has a link for each change of status that is allowed and that the company has named.
                        _ if offers(&state, "lifecycle", request["Status"].as_str()) => {
                            Err(refused(&sentences(&answer)))
                        }
                        _ => Err(Failure::NotAllowed),
                    };
                }
                Some(_) if answer.status == 412 => {}
                Some(failure) => return Err(failure),
            }
        }
        Err(busy())
    }

    pub(super) async fn add_cc(
        &self,
        number: TicketNumber,
        request: &Value,
        key: Uuid,
    ) -> Result<RemoteTicket, Failure> {
        let requested = || {
            let fields = request["CustomFields"].as_object().into_iter().flat_map(|fields| fields.values());
            fields.filter_map(Value::as_array).flatten().filter_map(Value::as_str)
        };
        all_mailable(requested())?;
        self.open_ticket(number).await?;
        let path = format!("{BASE}/ticket/{number}");
        let answer = self.send(Method::Put, &path, request, (&[], &[]), key, None).await?;
        if let Some(failure) = failure(&answer, Asked::Change) {
            return Err(failure);
        }
        let found = format!("id = {number}");
        let mut query = vec![("query", &*found)];
        query.extend(wire::ticket_fields(self.settings.names));
        let list = format!("{BASE}/tickets");
        let rows = ask(&self.session, &get(&list, &query), Asked::Search).await.map_err(ambiguous)?;
        let rows = document(&rows)?;
        let mut cc = Vec::new();
        let found = wire::items(rows.root(), |row| {
            let [copied] = row.fields(["Cc"]);
            copied.each(|copy| {
                let [address] = copy.fields(["EmailAddress"]);
                cc.extend(address.string().map(|address| address.to_lowercase()));
            });
            map::ticket(row, &self.settings, self.session.time(), &mut Vec::new())
        })?;
        let ticket = found.read.into_iter().find(|ticket| ticket.number == number).ok_or_else(Failure::misbehaves)?;
        if requested().all(|address| cc.contains(&address.to_lowercase())) {
            Ok(ticket)
        } else {
            Err(refused(&sentences(&answer)))
        }
    }

    /// Sends a request with its files.
    async fn send(
        &self,
        method: Method,
        path: &str,
        request: &Value,
        (file_heads, files): (&[FileHead], &[UploadFile]),
        key: Uuid,
        etag: Option<&str>,
    ) -> Result<HttpResponse, Failure> {
        if file_heads.len() != files.len() {
            return Err(Failure::needs(ReasonKind::AttachmentMissing));
        }
        let json = request.to_string().into_bytes();
        let body = if file_heads.is_empty() {
            Body::Json(json)
        } else {
            form(json, file_heads, files, &format!("pocketdesk-{key}"))
        };
        let headers = etag.map(|etag| ("if-match", etag.to_owned())).into_iter().collect();
        self.session.send(&Call { method, path, query: &[], headers, body }).await
    }

    /// Reads the state of a ticket, which must not be closed.
    async fn open_ticket(&self, number: TicketNumber) -> Result<TicketState, Failure> {
        let state = self.ticket_state(number).await.map_err(not_applied)?;
        if self.settings.status(&state.detail.status) == ServerStatus::Closed {
            return Err(Failure::needs(ReasonKind::TicketClosed));
        }
        Ok(state)
    }

    /// Finds the first ticket with that client reference. A ticket without it does not count: a server that ignores the
    /// condition finds every ticket.
    async fn by_reference(&self, reference: &str) -> Result<Option<RemoteTicket>, Failure> {
        let query = format!("CF.{{{}}} = '{}'", self.settings.fields.client_reference, quoted(reference));
        let found = self.tickets(&query, &[("id", "ASC")], 1, 1).await?;
        // A row that cannot be read may be the ticket.
        if !found.unreadable.is_empty() {
            return Err(Failure::misbehaves());
        }
        match found.tickets.into_iter().next() {
            Some(ticket) if ticket.client_reference.as_deref() != Some(reference) => Err(Failure::misbehaves()),
            found => Ok(found),
        }
    }

    fn me(&self) -> Result<PersonId, Failure> {
        let me = *self.me.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Nothing is written before a run has named the user.
        me.ok_or(Failure::TryAgain { trouble: Trouble::NoToken, after: None, reached: Reached::No })
    }
}

/// Whether the ticket's page offers this action.
fn offers(state: &TicketState, what: &str, to: Option<&str>) -> bool {
    state.detail.links.iter().any(|link| link.what == what && (to.is_none() || link.to.as_deref() == to))
}

/// The sentences with which the service answers a change, whether or not it was made.
fn sentences(answer: &HttpResponse) -> String {
    let mut sentences = Vec::new();
    if let Ok(document) = document(answer) {
        document.root().each(|sentence| sentences.extend(sentence.string()));
    }
    sentences.join("\n")
}

/// A refusal with the server's message, which is in English or in the server's language.
pub(super) fn refused(server_message: &str) -> Failure {
    Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: for_the_user(server_message) })
}

/// The failure of a write that carried `files`, which may be the cause.
fn failure_with(answer: &HttpResponse, asked: Asked, files: &[UploadFile]) -> Option<Failure> {
    let of_files = if files.is_empty() { None } else { file_refused(answer) };
    of_files.or_else(|| failure(answer, asked))
}

/// Quotes a text for a search.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

fn busy() -> Failure {
    Failure::TryAgain { trouble: Trouble::Busy, after: None, reached: Reached::No }
}

/// Turns a failure before the write was sent into one that says that nothing was applied.
fn not_applied(failure: Failure) -> Failure {
    match failure {
        Failure::TryAgain { trouble, after, .. } => Failure::TryAgain { trouble, after, reached: Reached::No },
        failure => failure,
    }
}

/// Turns a failure after the write was applied into an ambiguous outcome, whatever the failure is.
#[expect(clippy::needless_pass_by_value, reason = "it replaces the failure")]
fn ambiguous(failure: Failure) -> Failure {
    match failure {
        Failure::TryAgain { trouble, after, .. } => Failure::TryAgain { trouble, after, reached: Reached::Maybe },
        _ => Failure::misbehaves(),
    }
}
