//! Turns an unsuccessful answer into a [`Failure`], by its status and body.
//!
//! An error of the service is a JSON object with `message`, except that its 500s may have no body. Any other body comes
//! from something in between and proves nothing. A write that the service refuses (4xx) was not applied. But an answer
//! with 200 can be a refusal as well, in a translated sentence, so a changed ticket is read again to find out
//! ([`write`](crate::connectors::rt::write)).

use serde_json::Value;

use crate::model::{Failure, Reached, Reason, ReasonKind, Trouble};
use crate::net::HttpResponse;
use crate::net::answer::{for_the_user, retry_after, try_again};

/// The kind of request, because the same status means different things for different requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// A list or a search, or the creation of a ticket.
    General,
    /// One ticket, which is read or changed.
    Ticket,
}

/// The failure that `answer` stands for; `None` if it is a success. 401 is handled by the session.
pub(super) fn failure(answer: &HttpResponse, asked: Asked) -> Option<Failure> {
    let failure = match answer.status {
        200..=299 => return None,
        429 => try_again(Trouble::Busy, retry_after(answer), Reached::No),
        500..=599 => try_again(Trouble::Faulty, retry_after(answer), Reached::Maybe),
        400..=499 => match (message(answer), answer.status, asked) {
            (None, ..) => Failure::misbehaves(),
            // Another write came first.
            (_, 409 | 412, _) => try_again(Trouble::Busy, None, Reached::No),
            (_, 403, _) => Failure::NotAllowed,
            (_, 404 | 410, Asked::Ticket) => Failure::Gone,
            (_, 404..=406 | 410 | 415, _) => try_again(Trouble::Misbehaves, None, Reached::No),
            (Some(server_message), ..) => refused(&server_message),
        },
        _ => Failure::misbehaves(),
    };
    Some(failure)
}

/// A refusal with the server's message, which is in English or in the server's language.
pub(super) fn refused(server_message: &str) -> Failure {
    Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: for_the_user(server_message) })
}

fn message(answer: &HttpResponse) -> Option<String> {
    let error: Value = serde_json::from_slice(&answer.body).ok()?;
    error.get("message")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str, asked: Asked) -> Option<Failure> {
        failure(&HttpResponse { status, headers: Vec::new(), body: body.as_bytes().to_vec() }, asked)
    }

    #[test]
    fn every_answer_has_its_meaning() {
        let again = |trouble, reached| try_again(trouble, None, reached);
        let rows = [
            (403, r#"{"message":"Forbidden"}"#, Asked::Ticket, Failure::NotAllowed),
            (404, r#"{"message":"Not Found"}"#, Asked::Ticket, Failure::Gone),
            (404, r#"{"message":"Not Found"}"#, Asked::General, again(Trouble::Misbehaves, Reached::No)),
            (412, r#"{"message":"Precondition Failed"}"#, Asked::Ticket, again(Trouble::Busy, Reached::No)),
            (415, r#"{"message":"Unsupported"}"#, Asked::Ticket, again(Trouble::Misbehaves, Reached::No)),
            (
                400,
                r#"{"message":"Could not create ticket. Queue not set"}"#,
                Asked::General,
                refused("Could not create ticket. Queue not set"),
            ),
            (500, "", Asked::General, again(Trouble::Faulty, Reached::Maybe)),
            (502, "<html>", Asked::Ticket, again(Trouble::Faulty, Reached::Maybe)),
            // Answers that do not come from the server.
            (302, "", Asked::Ticket, Failure::misbehaves()),
            (403, "<html>Anmelden</html>", Asked::Ticket, Failure::misbehaves()),
            (404, "", Asked::Ticket, Failure::misbehaves()),
            (400, r#"["Permission Denied"]"#, Asked::Ticket, Failure::misbehaves()),
        ];
        for (status, body, asked, expected) in rows {
            assert_eq!(read(status, body, asked), Some(expected), "{status} {body}");
        }
        assert_eq!(read(200, r#"["Ticket 1: Permission Denied"]"#, Asked::Ticket), None, "the ticket decides");
    }
}
