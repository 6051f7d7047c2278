//! Writing: what a write is in bytes, how it is sent, and how it is known that it was done.
//!
//! The service knows no idempotency key, and says "done" (201, 200) to much that it does not do: a value that a field does not
//! have is dropped, a field that a user may not set as well, a reply to a closed ticket is taken, and a change that is
//! refused is a 200 with a sentence. So every write is asked for first, or read back, or both:
//!
//! * **A new ticket** names its requestor, or not even its creator could see it. The values of its issue type and access are
//!   compared with what the server offers before anything is sent, because a ticket without them would stay so, and one without
//!   a reference could not be found again: what is not offered is refused here, and so is a CC address with letters that the
//!   service drops. Then its reference is searched: a ticket that has it is an earlier attempt, and the answer. Only then
//!   it is created, and read back. One without its reference has lost against an earlier attempt that came late (the field
//!   takes no value twice): the ticket is the one that has it. Otherwise it is as the server has it, whatever was asked for: a
//!   value that was dropped all the same is missing in the answer, and on the screen.
//! * **A reply** is sent after a look at its ticket: the service takes replies to closed ones, so that they are refused is this
//!   connector's work. (It could not be bound to what was seen: for a reply the service takes any `If-Match` as unmet.)
//! * **Solving** goes against the ticket as it was just seen (`If-Match`), so that a reply which came meanwhile is seen first;
//!   and it is read back.
//! * **More addresses** go into a field of which the server's own rules make CCs, and count when they are CCs.
//!
//! What was done and cannot be read back is left in doubt, which the outbox settles by looking: a new ticket by its reference,
//! a reply in its thread.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::calls::{BASE, ask, get};
use super::classify::{self, Asked, refused};
use super::connection::Rt;
use super::files::{FileHead, form};
use super::read::Known;
use super::settings::Settings;
use super::wire::{self, Created, Page};
use crate::model::{
    Failure, PersonId, Reached, ReasonKind, RemoteTicket, ServerStatus, TicketNumber, Trouble, UploadFile, Write,
};
use crate::net::session::Call;
use crate::net::{Body, HttpResponse, Method};

/// A change that meets another of its ticket as often as this waits for a quieter moment.
const MOST_MEETINGS: u32 = 3;

/// What a write is in bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bytes {
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
    /// Something that this server does not offer.
    Unsupported,
}

/// What `write` is in bytes: the request but for its requestor, who is the user, and the files but for their contents.
pub(super) fn bytes(write: &Write, settings: &Settings) -> Bytes {
    let fields = &settings.fields;
    match write {
        Write::Create { subject, description, issue_type, cc, access, reference, uploads } => {
            let access =
                fields.access.as_ref().map(|field| (&field.name, if *access { &field.shared } else { &field.private }));
            let custom: serde_json::Map<String, Value> = [
                fields.issue_type.as_ref().map(|name| (name, issue_type)),
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
            Bytes::Create { request, files: heads(uploads) }
        }
        Write::Reply { body, uploads } => {
            // The one text that the service takes for none.
            let body = if body == "0" { "0\n" } else { body };
            Bytes::Reply { request: json!({ "Content": body, "ContentType": "text/plain" }), files: heads(uploads) }
        }
        Write::AddCc { addresses } => match &fields.add_cc {
            Some(name) => Bytes::AddCc { request: json!({ "CustomFields": { name: mailable(addresses) } }) },
            None => Bytes::Unsupported,
        },
        Write::Solve => match settings.solved() {
            Some(name) => Bytes::Solve { request: json!({ "Status": name }) },
            None => Bytes::Unsupported,
        },
        Write::MarkRead { .. } => Bytes::Unsupported,
    }
}

/// Addresses as the service takes them: an international domain in its ASCII form (RFC 5891). An address that has other
/// letters before the `@` has no such form.
fn mailable(addresses: &[String]) -> Vec<String> {
    let ascii = |address: &String| {
        let (local, domain) = address.rsplit_once('@')?;
        Some(format!("{local}@{}", url::Host::parse(domain).ok()?))
    };
    addresses.iter().map(|address| ascii(address).unwrap_or_else(|| address.clone())).collect()
}

/// Refuses, before anything is changed, what the service would drop without a word.
fn all_mailable<'a>(mut addresses: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    match addresses.find(|address| !address.is_ascii()) {
        Some(dropped) => Err(refused(&format!("Cc: {dropped}"))),
        None => Ok(()),
    }
}

/// What [`upload`](crate::connectors::Remote::upload) gave for the files. One that it did not give is no file, and the count no
/// longer right, which [`Rt::send`] sees.
fn heads(uploads: &[String]) -> Vec<FileHead> {
    uploads.iter().filter_map(|token| serde_json::from_str(token).ok()).collect()
}

impl Rt {
    pub(super) async fn create(
        &self,
        mut request: Value,
        heads: &[FileHead],
        files: &[UploadFile],
        key: Uuid,
    ) -> Result<RemoteTicket, Failure> {
        let me = self.me()?;
        all_mailable(request["Cc"].as_array().into_iter().flatten().filter_map(Value::as_str))?;
        self.check_allowed_values(&request).await.map_err(before)?;
        let reference = request["CustomFields"][&self.settings.fields.client_reference].as_str().map(str::to_owned);
        let reference = reference.unwrap_or_default();
        if let Some(earlier) = self.by_reference(&reference).await.map_err(before)? {
            return Ok(earlier);
        }
        request["Requestor"] = json!(me.0.to_string());
        let path = format!("{BASE}/ticket");
        let answer = self.send(Method::Post, &path, &request, (heads, files), key, None).await?;
        if let Some(failure) = classify::failure(&answer, Asked::General) {
            return Err(failure);
        }
        let created: Created = crate::connectors::rt::calls::read(&answer)?;
        let made = self.one(TicketNumber(created.id.0)).await.map_err(doubtful)?;
        if made.client_reference.as_ref() == Some(&reference) {
            return Ok(made);
        }
        let first = self.by_reference(&reference).await.map_err(doubtful)?;
        Ok(first.unwrap_or(made))
    }

    pub(super) async fn reply(
        &self,
        number: TicketNumber,
        request: &Value,
        heads: &[FileHead],
        files: &[UploadFile],
        key: Uuid,
    ) -> Result<RemoteTicket, Failure> {
        let known = self.open(number).await?;
        if !may(&known, "correspond", None) {
            return Err(Failure::NotAllowed);
        }
        let path = format!("{BASE}/ticket/{number}/correspond");
        let answer = self.send(Method::Post, &path, request, (heads, files), key, None).await?;
        match classify::failure(&answer, Asked::Ticket) {
            None => self.one(number).await.map_err(doubtful),
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
        for _ in 0..MOST_MEETINGS {
            let known = self.open(number).await?;
            if self.settings.status(&known.detail.status) == ServerStatus::Solved {
                return self.one(number).await.map_err(before);
            }
            let answer = self.send(Method::Put, &path, request, (&[], &[]), key, Some(&known.etag)).await?;
            match classify::failure(&answer, Asked::Ticket) {
                None => {
                    let now = self.one(number).await.map_err(doubtful)?;
                    return match now.status {
                        ServerStatus::Solved | ServerStatus::Closed => Ok(now),
                        // The page shows as links what somebody named, of what is allowed.
                        _ if may(&known, "lifecycle", request["Status"].as_str()) => Err(refused(&sentences(&answer))),
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
        self.open(number).await?;
        let path = format!("{BASE}/ticket/{number}");
        let answer = self.send(Method::Put, &path, request, (&[], &[]), key, None).await?;
        if let Some(failure) = classify::failure(&answer, Asked::Ticket) {
            return Err(failure);
        }
        let found = format!("id = {number}");
        let [(name, fields), people @ ..] = wire::TICKET_FIELDS;
        let fields = format!("{fields},Cc");
        let mut query = vec![("query", &*found), (name, &*fields), ("fields[Cc]", "id,EmailAddress")];
        query.extend(people);
        let list = format!("{BASE}/tickets");
        let rows: Page<wire::Ticket> =
            ask(&self.session, &get(&list, &query), Asked::General).await.map_err(doubtful)?;
        let ticket = rows.items.into_iter().next().ok_or_else(Failure::misbehaves)?;
        let copied: Vec<String> = ticket.cc.iter().map(|person| person.email_address.to_lowercase()).collect();
        if requested().all(|address| copied.contains(&address.to_lowercase())) {
            self.mapped(ticket)
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
        (heads, files): (&[FileHead], &[UploadFile]),
        key: Uuid,
        etag: Option<&str>,
    ) -> Result<HttpResponse, Failure> {
        if heads.len() != files.len() {
            return Err(Failure::needs(ReasonKind::AttachmentMissing));
        }
        let json = request.to_string().into_bytes();
        let body =
            if heads.is_empty() { Body::Json(json) } else { form(json, heads, files, &format!("pocketdesk-{key}")) };
        let headers = etag.map(|etag| ("if-match", etag.to_owned())).into_iter().collect();
        self.session.send(&Call { method, path, query: &[], headers, body }).await
    }

    /// The ticket, unless it is closed.
    async fn open(&self, number: TicketNumber) -> Result<Known, Failure> {
        let known = self.known(number).await.map_err(before)?;
        if self.settings.status(&known.detail.status) == ServerStatus::Closed {
            return Err(Failure::needs(ReasonKind::TicketClosed));
        }
        Ok(known)
    }

    /// The first ticket with that reference.
    async fn by_reference(&self, reference: &str) -> Result<Option<RemoteTicket>, Failure> {
        let query = format!("CF.{{{}}} = '{}'", self.settings.fields.client_reference, quoted(reference));
        let found = self.tickets(&query, &[("id", "ASC")], 1, 1).await?;
        Ok(found.tickets.into_iter().next())
    }

    fn me(&self) -> Result<PersonId, Failure> {
        let me = *self.me.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Nothing is written before a run has said for whom.
        me.ok_or(Failure::TryAgain { trouble: Trouble::NoToken, after: None, reached: Reached::No })
    }
}

/// Whether the ticket's page offers it.
fn may(known: &Known, what: &str, to: Option<&str>) -> bool {
    known.detail.hyperlinks.iter().any(|link| link.what == what && (to.is_none() || link.to.as_deref() == to))
}

/// What the service says about a change, whether it made it or not.
fn sentences(answer: &HttpResponse) -> String {
    serde_json::from_slice::<Vec<String>>(&answer.body).unwrap_or_default().join("\n")
}

/// In a search.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

fn busy() -> Failure {
    Failure::TryAgain { trouble: Trouble::Busy, after: None, reached: Reached::No }
}

/// A failure of what comes before a write: nothing was applied yet.
fn before(failure: Failure) -> Failure {
    match failure {
        Failure::TryAgain { trouble, after, .. } => Failure::TryAgain { trouble, after, reached: Reached::No },
        failure => failure,
    }
}

/// A failure of what comes after a write that was done: whatever it is, it does not undo that.
#[expect(clippy::needless_pass_by_value, reason = "it stands in for the failure")]
fn doubtful(failure: Failure) -> Failure {
    match failure {
        Failure::TryAgain { trouble, after, .. } => Failure::TryAgain { trouble, after, reached: Reached::Maybe },
        _ => Failure::misbehaves(),
    }
}
