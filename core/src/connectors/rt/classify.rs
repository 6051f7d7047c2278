//! What an answer that is not "done" means: status and body → [`Failure`].
//!
//! The service's own error is a JSON object with `message`; its 500s may have no body at all. Anything else comes from
//! something on the way, and proves nothing. What it refuses (4xx) was not applied. But a 200 may be a refusal as well, in a
//! sentence that is translated: whoever changes a ticket reads it again to know ([`write`](crate::connectors::rt::write)).

use serde_json::Value;

use crate::model::{Failure, Reached, Reason, ReasonKind, Trouble};
use crate::net::HttpResponse;
use crate::net::answer::{for_the_user, retry_after, try_again};

/// What was asked, because the same refusal means different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// For a list or a search, or to create a ticket.
    General,
    /// For one ticket, or to change it.
    Ticket,
}

/// The failure that `answer` is, or nothing if it is a success. 401 is the session's.
pub(super) fn failure(answer: &HttpResponse, asked: Asked) -> Option<Failure> {
    let failure = match answer.status {
        200..=299 => return None,
        429 => try_again(Trouble::Busy, retry_after(answer), Reached::No),
        500..=599 => try_again(Trouble::Faulty, retry_after(answer), Reached::Maybe),
        400..=499 => match (message(answer), answer.status, asked) {
            (None, ..) => Failure::misbehaves(),
            // Of two writes the other was first.
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

/// Refused in the server's own words, which are English or whatever the server speaks.
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
            // What the server did not say.
            (302, "", Asked::Ticket, Failure::misbehaves()),
            (403, "<html>Anmelden</html>", Asked::Ticket, Failure::misbehaves()),
            (404, "", Asked::Ticket, Failure::misbehaves()),
            (400, r#"["Permission Denied"]"#, Asked::Ticket, Failure::misbehaves()),
        ];
        for (status, body, asked, expected) in rows {
            assert_eq!(read(status, body, asked), Some(expected), "{status} {body}");
        }
        assert_eq!(read(200, r#"["Ticket 1: Permission Denied"]"#, Asked::Ticket), None, "only the ticket tells");
    }
}
