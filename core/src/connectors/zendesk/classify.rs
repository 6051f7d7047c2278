//! Turns an unsuccessful answer into a [`Failure`], by its status, headers and body.
//!
//! Two questions decide. The first is whether the answer comes from the server. An error of the server is a JSON object
//! with `error`. Any other body comes from something in between (a captive portal, a company's proxy, a firewall) and
//! proves nothing, least of all that a ticket does not exist. The second is whether a write may have been applied. A
//! write that the server itself refused (4xx) was not applied; after any other failure it may have been.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::model::{Failure, Reached, Reason, ReasonKind, Trouble};
use crate::net::HttpResponse;
use crate::net::answer::{for_the_user, retry_after, try_again};

/// The kind of request, because the same status means different things for different requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Reads data.
    Read,
    /// Creates a ticket.
    Create,
    /// Changes a ticket.
    Change,
    /// Uploads a file.
    Upload,
}

/// The failure that `answer` stands for; `None` if it is a success. 401 is handled by the session, not here.
pub(super) fn failure(answer: &HttpResponse, asked: Asked) -> Option<Failure> {
    let busy = || try_again(Trouble::Busy, retry_after(answer), Reached::No);
    let failure = match answer.status {
        200..=299 => return None,
        429 => busy(),
        500..=599 => try_again(Trouble::Faulty, retry_after(answer), Reached::Maybe),
        400..=499 => match Refusal::of(answer) {
            None => Failure::misbehaves(),
            // The server knows this key with another body, so an earlier attempt reached it.
            Some(refusal) if refusal.is_about_the_key() => Failure::misbehaves(),
            Some(_) if answer.status == 409 => busy(),
            Some(refusal) => refused(answer.status, &refusal, asked),
        },
        _ => Failure::misbehaves(),
    };
    Some(failure)
}

fn refused(status: u16, refusal: &Refusal, asked: Asked) -> Failure {
    match (status, asked) {
        (403, _) => Failure::NotAllowed,
        (413, Asked::Upload) => too_large(refusal),
        (415 | 422, Asked::Upload) if refusal.is_about_size() => too_large(refusal),
        (415 | 422, Asked::Upload) => {
            Failure::NeedsUser(Reason { kind: ReasonKind::AttachmentType, server_message: refusal.server_message() })
        }
        (404 | 410, Asked::Read | Asked::Change) if !refusal.is_about_the_path() => Failure::Gone,
        (404 | 410, _) => try_again(Trouble::Misbehaves, None, Reached::No),
        (422, Asked::Change) if refusal.says_closed() => Failure::needs(ReasonKind::TicketClosed),
        _ => Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: refusal.server_message() }),
    }
}

fn too_large(refusal: &Refusal) -> Failure {
    Failure::NeedsUser(Reason { kind: ReasonKind::AttachmentTooLarge, server_message: refusal.server_message() })
}

/// The failure of a write that named uploads. It is [`Failure::UploadsRefused`] if the server refused the uploads and
/// not the write.
pub(super) fn about_uploads(answer: &HttpResponse, failure: Failure) -> Failure {
    match (failure, Refusal::of(answer)) {
        (Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message }), Some(refusal))
            if answer.status == 422 && refusal.is_about_uploads() =>
        {
            Failure::UploadsRefused { server_message }
        }
        (failure, _) => failure,
    }
}

/// The server's error body: `{"error", "description", "details"?}`. `error` is a name, or an object with a title and a
/// message.
#[derive(Deserialize)]
struct Refusal {
    error: Value,
    #[serde(default)]
    description: Value,
    #[serde(default)]
    details: Value,
}

impl Refusal {
    fn of(answer: &HttpResponse) -> Option<Self> {
        serde_json::from_slice(&answer.body).ok().filter(|refusal: &Self| !refusal.error.is_null())
    }

    /// Whether the path is unknown, which tells nothing about the ticket in it.
    fn is_about_the_path(&self) -> bool {
        self.error.as_str() == Some("InvalidEndpoint")
    }

    fn is_about_the_key(&self) -> bool {
        self.error.as_str().is_some_and(|name| name.to_ascii_lowercase().contains("idempoten"))
    }

    /// Whether the error says that a file is too large. The names of the service's errors are not translated.
    fn is_about_size(&self) -> bool {
        self.names().iter().any(|name| name.contains("large") || name.contains("size"))
    }

    /// Whether the error says that uploads are not known, or no longer known. It is recognised by the error's name, or
    /// by a term in the message that is the same in every language.
    fn is_about_uploads(&self) -> bool {
        let named = |text: &str| ["upload", "attachment", "token"].iter().any(|term| text.contains(term));
        self.names().iter().any(|name| named(name))
            || self.complaints().iter().any(|server_message| named(&server_message.to_lowercase()))
    }

    /// The names of the errors, in lower case.
    fn names(&self) -> Vec<String> {
        let fields = self.details.as_object().into_iter().flat_map(Map::values);
        let details = fields.filter_map(Value::as_array).flatten().filter_map(|detail| detail.get("error")?.as_str());
        self.error.as_str().into_iter().chain(details).map(str::to_lowercase).collect()
    }

    /// Whether the ticket is closed. No change that the connector sends touches the status, so a complaint about the
    /// status means this, in whatever language it is written. Some versions put the complaint under `base`, in English.
    fn says_closed(&self) -> bool {
        let about_status =
            self.details.get("status").and_then(Value::as_array).is_some_and(|complaints| !complaints.is_empty());
        about_status
            || self.complaints().iter().any(|server_message| server_message.contains("closed prevents ticket update"))
    }

    /// The server's message for the user: each complaint on its own line, or the description if there are none.
    fn server_message(&self) -> Option<String> {
        let mut lines = self.complaints();
        if lines.is_empty() {
            lines.extend(self.description.as_str());
            lines.extend(self.error.get("message").and_then(Value::as_str));
        }
        for_the_user(&lines.join("\n"))
    }

    fn complaints(&self) -> Vec<&str> {
        let fields = self.details.as_object().into_iter().flat_map(Map::values);
        let complaints = fields.filter_map(Value::as_array).flatten();
        let mut server_message = Vec::new();
        for text in complaints.filter_map(|complaint| complaint.get("description")?.as_str()) {
            if !server_message.contains(&text) {
                server_message.push(text);
            }
        }
        server_message
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, failure};
    use crate::model::{Failure, Reached, Trouble};
    use crate::model::{Reason, ReasonKind};
    use crate::net::HttpResponse;

    const NOT_FOUND: &str = r#"{"error":"RecordNotFound","description":"Not found"}"#;
    const NO_ENDPOINT: &str = r#"{"error":"InvalidEndpoint","description":"Not found"}"#;
    const FORBIDDEN: &str = r#"{"error":{"title":"Forbidden","message":"Not for you."}}"#;
    const CONFLICT: &str = r#"{"error":"Conflict","description":"Could not be saved"}"#;
    const BAD_CURSOR: &str = r#"{"error":"InvalidValue","description":"page[after] is not valid"}"#;
    const KEY_REUSED: &str =
        r#"{"error":"IdempotentRequestError","description":"The request parameters do not match."}"#;
    const CLOSED: &str = r#"{"error":"RecordInvalid","description":"Record validation errors",
        "details":{"status":[{"description":"Status: geschlossen lässt keine Änderung zu"}]}}"#;
    const CLOSED_BASE: &str = r#"{"error":"RecordInvalid","description":"Record validation errors",
        "details":{"base":[{"description":"Status: closed prevents ticket update"}]}}"#;
    const INVALID: &str = r#"{"error":"RecordInvalid","description":"Record validation errors",
        "details":{"base":[{"description":"Betreff: darf nicht leer sein"},{"description":null},7],
        "cc":[{"description":"Betreff: darf nicht leer sein"},{"description":"CC: \u0007ungültig"}],"odd":null}}"#;
    const PAGE: &str = "<!DOCTYPE html><title>Anmelden im WLAN „Bahnhof“</title>";

    fn answer(status: u16, body: &str) -> HttpResponse {
        HttpResponse { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    fn again(trouble: Trouble, reached: Reached) -> Failure {
        Failure::TryAgain { trouble, after: None, reached }
    }

    fn refused(server_message: &str) -> Failure {
        Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: Some(server_message.to_owned()) })
    }

    #[test]
    fn every_answer_has_its_meaning() {
        use Asked::{Change, Create, Read};
        use Reached::{Maybe, No};
        use Trouble::{Busy, Faulty, Misbehaves};
        let misbehaves = || again(Misbehaves, Maybe);
        let rows = [
            (301, "", Read, misbehaves()),
            (302, PAGE, Change, misbehaves()),
            (307, "", Create, misbehaves()),
            (304, "", Read, misbehaves()),
            // Refusals by the server.
            (403, FORBIDDEN, Read, Failure::NotAllowed),
            (403, FORBIDDEN, Change, Failure::NotAllowed),
            (404, NOT_FOUND, Read, Failure::Gone),
            (404, NOT_FOUND, Change, Failure::Gone),
            (410, NOT_FOUND, Read, Failure::Gone),
            (409, CONFLICT, Change, again(Busy, No)),
            (429, "", Read, again(Busy, No)),
            (422, CLOSED, Change, Failure::needs(ReasonKind::TicketClosed)),
            (422, CLOSED_BASE, Change, Failure::needs(ReasonKind::TicketClosed)),
            (422, INVALID, Create, refused("Betreff: darf nicht leer sein\nCC: ungültig")),
            (422, INVALID, Change, refused("Betreff: darf nicht leer sein\nCC: ungültig")),
            (400, CONFLICT, Create, refused("Could not be saved")),
            (400, BAD_CURSOR, Read, refused("page[after] is not valid")),
            (413, FORBIDDEN, Change, refused("Not for you.")),
            // Refusals that tell nothing about the ticket.
            (404, NO_ENDPOINT, Read, again(Misbehaves, No)),
            (404, NOT_FOUND, Create, again(Misbehaves, No)),
            (400, KEY_REUSED, Create, misbehaves()),
            (409, KEY_REUSED, Create, misbehaves()),
            // Answers that do not come from the server.
            (403, PAGE, Change, misbehaves()),
            (404, PAGE, Read, misbehaves()),
            (404, "", Read, misbehaves()),
            (404, "{}", Read, misbehaves()),
            (404, r#"{"error":null}"#, Read, misbehaves()),
            (422, PAGE, Create, misbehaves()),
            (407, PAGE, Create, misbehaves()),
            // Internal errors of the server.
            (500, NOT_FOUND, Change, again(Faulty, Maybe)),
            (502, PAGE, Read, again(Faulty, Maybe)),
            (503, "", Create, again(Faulty, Maybe)),
            (599, "", Create, again(Faulty, Maybe)),
        ];
        for (status, body, asked, expected) in rows {
            assert_eq!(failure(&answer(status, body), asked), Some(expected), "{status} {asked:?} {body}");
        }
        for status in [200, 201] {
            assert_eq!(failure(&answer(status, PAGE), Read), None, "{status}: the body is parsed elsewhere");
        }
    }
}
