//! Turns an unsuccessful answer into a [`Failure`], by its status, headers and body. All services share this.
//!
//! Two questions decide. The first is **whether the answer comes from the server**. A refusal of a server is a JSON
//! object with `error`, `errors`, `message` or `description` ([`Refusal`]). Any other body with a 4xx comes from
//! something between this device and the server (a captive portal, a company's proxy, a firewall), or from a server
//! with unknown answers. Such a refusal proves nothing. In particular it does not prove that a ticket does not exist.
//!
//! The second is **whether a write may have been applied**. A write that the server itself refused was not applied. After
//! any other failure it may have been. A 4xx that cannot be understood is [`Failure::Unexplained`]: it may be meant for
//! good, and the outbox tries again only a few times.
//!
//! Some statuses are understood whatever the body is: 429, 413 and 415 to a file, and 401. The session passes a 401 on
//! only if the server accepts the token. Then the server refuses only this one request. A 401 to a request for a ticket
//! does not mean that the ticket is not there.

use super::json::{Document, Json};
use crate::model::{Failure, Reached, Reason, ReasonKind, Trouble};
use crate::net::HttpResponse;
use crate::net::answer::{for_the_user, retry_after, try_again};

/// The kind of request, because the same status means different things for different requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Reads the ticket or the user that the path names. A 404 means that this object does not exist for the user.
    Object,
    /// Reads the list that the path names. A 404 means that this list does not exist for the user.
    List,
    /// Searches, or reads something that does not belong to the user. A 404 says nothing about any object.
    Search,
    /// Creates a ticket.
    Create,
    /// Changes the object that the path names.
    Change,
    /// Uploads a file.
    Upload,
}

impl Asked {
    fn is_read(self) -> bool {
        matches!(self, Self::Object | Self::List | Self::Search)
    }
}

/// The failure that `answer` stands for; `None` if it is a success. `own` interprets refusals that only this service
/// makes.
pub(super) fn failure(
    answer: &HttpResponse,
    asked: Asked,
    own: impl FnOnce(&Refusal) -> Option<Failure>,
) -> Option<Failure> {
    let wait = retry_after(answer);
    let failure = match answer.status {
        200..=299 => return None,
        401 if asked == Asked::Object => try_again(Trouble::Misbehaves, None, Reached::No),
        401 => Failure::NotAllowed,
        429 => try_again(Trouble::Busy, wait, Reached::No),
        503 if wait.is_some() => try_again(Trouble::Busy, wait, Reached::Maybe),
        500..=599 => try_again(Trouble::Faulty, wait, Reached::Maybe),
        // A proxy wants a password, or waited too long.
        407 | 408 => Failure::misbehaves(),
        400..=499 => match Refusal::of(answer) {
            Some(refusal) => own(&refusal).unwrap_or_else(|| refused(answer.status, &refusal, asked)),
            None if asked == Asked::Upload => file_refused(answer).unwrap_or_else(|| unexplained(answer)),
            None if asked.is_read() => Failure::misbehaves(),
            None => unexplained(answer),
        },
        _ => Failure::misbehaves(),
    };
    Some(failure)
}

fn refused(status: u16, refusal: &Refusal, asked: Asked) -> Failure {
    let needs_user = |kind| Failure::NeedsUser(Reason { kind, server_message: refusal.words() });
    match (status, asked) {
        (403, _) => Failure::NotAllowed,
        (404 | 410, Asked::Object | Asked::List | Asked::Change) => Failure::Gone,
        (404 | 410, _) => try_again(Trouble::Misbehaves, None, Reached::No),
        // Another write came first.
        (409 | 412, _) => try_again(Trouble::Busy, None, Reached::No),
        (413, Asked::Upload) => needs_user(ReasonKind::AttachmentTooLarge),
        (415 | 422, Asked::Upload) if refusal.is_about_size() => needs_user(ReasonKind::AttachmentTooLarge),
        (415 | 422, Asked::Upload) => needs_user(ReasonKind::AttachmentType),
        // Only a wrong parameter of a read, for example a cursor, makes the server refuse the read every time. Any
        // other refusal of a read may pass, and is no problem of the account.
        (400 | 422, _) => needs_user(ReasonKind::Refused),
        (_, asked) if asked.is_read() => try_again(Trouble::Misbehaves, None, Reached::No),
        _ => needs_user(ReasonKind::Refused),
    }
}

/// The failure of a request that carried files, if the status says that the files are the cause. It does not matter who
/// answered.
pub(super) fn file_refused(answer: &HttpResponse) -> Option<Failure> {
    let kind = match answer.status {
        413 => ReasonKind::AttachmentTooLarge,
        415 => ReasonKind::AttachmentType,
        _ => return None,
    };
    let server_message = Refusal::of(answer).map_or_else(|| plain_words(answer), |refusal| refusal.words());
    Some(Failure::NeedsUser(Reason { kind, server_message }))
}

fn unexplained(answer: &HttpResponse) -> Failure {
    Failure::Unexplained { server_message: plain_words(answer) }
}

/// The largest body that may be a refusal, in bytes.
const LARGEST_REFUSAL: usize = 64 * 1024;
/// The longest body that counts as a sentence for the user, in bytes.
const LONGEST_SENTENCE: usize = 1_000;

/// The body, if it is a short plain text.
fn plain_words(answer: &HttpResponse) -> Option<String> {
    let kind = answer.header("content-type").unwrap_or("text/plain");
    let text = std::str::from_utf8(&answer.body).ok().filter(|text| text.len() <= LONGEST_SENTENCE)?;
    let is_plain = kind.trim_start().to_ascii_lowercase().starts_with("text/plain")
        && !text.contains('<')
        && !text.trim_start().starts_with(['{', '[', '"']);
    if is_plain { for_the_user(text) } else { None }
}

/// What a server says about its refusal. Known shapes are `{"error": NAME, "description", "details"}`, `{"error":
/// {"title", "message"}}`, `{"errors": [{"title", "detail"}]}` and `{"message"}`, with texts, objects or lists of them.
pub(super) struct Refusal {
    /// The names of the errors, in lower case. They are not translated.
    names: Vec<String>,
    /// The fields of the write that are complained about, in lower case.
    fields: Vec<String>,
    /// The complaints about single fields, without repetitions.
    complaints: Vec<String>,
    /// What is said of the whole, the most specific first.
    summary: Vec<String>,
}

impl Refusal {
    /// Reads a refusal; `None` if the body is none.
    pub(super) fn of(answer: &HttpResponse) -> Option<Self> {
        if answer.body.len() > LARGEST_REFUSAL {
            return None;
        }
        let document = Document::of(&answer.body)?;
        let [error, errors, message, description, details] =
            document.root().fields(["error", "errors", "message", "description", "details"]);
        let mut said = Self { names: Vec::new(), fields: Vec::new(), complaints: Vec::new(), summary: Vec::new() };
        for list in [details, errors] {
            list.each_field(|field, complaints| said.note_field(field, complaints));
            list.each(|complaint| {
                said.note_names(complaint);
                collect(complaint, &mut said.complaints, 0);
            });
        }
        said.names.extend(error.words().map(|name| name.to_lowercase()));
        said.note_names(error);
        for whole in [description, message] {
            collect(whole, &mut said.summary, 0);
        }
        if error.is_object() {
            collect(error, &mut said.summary, 0);
        }
        // A sentence in the place of a name or of a list.
        said.summary.extend([error, errors].into_iter().filter_map(Json::words).filter(|text| text.contains(' ')));
        let is_named = !error.is_null() && error.boolean() != Some(false);
        let is_refusal = is_named || !said.complaints.is_empty() || !said.summary.is_empty() || !said.names.is_empty();
        is_refusal.then_some(said)
    }

    /// Notes complaints about one field: a text, an object, or a list of them.
    fn note_field(&mut self, field: &[u8], complaints: Json<'_>) {
        let before = self.complaints.len();
        complaints.each(|complaint| self.note_names(complaint));
        collect(complaints, &mut self.complaints, 0);
        if self.complaints.len() > before || complaints.is_object() || is_filled(complaints) {
            self.fields.push(String::from_utf8_lossy(field).to_lowercase());
        }
    }

    fn note_names(&mut self, error: Json<'_>) {
        let names = error.fields(["error", "code", "title"]);
        self.names.extend(names.into_iter().filter_map(Json::words).map(|name| name.to_lowercase()));
    }

    /// Whether one of the errors has a name that contains one of `terms`.
    pub(super) fn is_named(&self, terms: &[&str]) -> bool {
        self.names.iter().any(|name| terms.iter().any(|term| name.contains(term)))
    }

    /// Whether the refusal complains about this field of the write.
    pub(super) fn is_about_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field == name)
    }

    /// Whether a complaint contains one of `terms`, which are in lower case.
    pub(super) fn says(&self, terms: &[&str]) -> bool {
        let all = self.complaints.iter().chain(&self.summary);
        all.map(|text| text.to_lowercase()).any(|text| terms.iter().any(|term| text.contains(term)))
    }

    /// Whether the error says that a file is too large. The names of errors are not translated.
    fn is_about_size(&self) -> bool {
        self.is_named(&["large", "size"])
    }

    /// The server's message for the user: each complaint on its own line, or what is said of the whole if there are no
    /// complaints.
    pub(super) fn words(&self) -> Option<String> {
        let lines = if self.complaints.is_empty() { self.summary.get(..1) } else { Some(&*self.complaints) };
        for_the_user(&lines?.join("\n"))
    }
}

fn is_filled(list: Json<'_>) -> bool {
    let mut filled = false;
    list.each(|_| filled = true);
    filled
}

/// How deep texts are looked for in a refusal.
const MAX_DEPTH: u32 = 4;
/// The most texts that are kept of a refusal.
const MAX_TEXTS: usize = 20;

/// Adds the texts of a complaint that are written for people. A text is added itself. From a list, the texts of its
/// elements are added. From an object, the first text under a usual name is added, or else the texts of its lists and
/// objects.
fn collect(said: Json<'_>, texts: &mut Vec<String>, depth: u32) {
    if depth > MAX_DEPTH || texts.len() >= MAX_TEXTS {
        return;
    }
    if let Some(text) = said.words() {
        if !texts.contains(&text) {
            texts.push(text);
        }
    } else if said.is_object() {
        let usual = said.fields(["description", "detail", "message", "title"]);
        match usual.into_iter().find(|text| text.words().is_some()) {
            Some(text) => collect(text, texts, depth + 1),
            None => said.each_field(|_, inner| {
                if inner.words().is_none() {
                    collect(inner, texts, depth + 1);
                }
            }),
        }
    } else {
        said.each(|inner| collect(inner, texts, depth + 1));
    }
}
