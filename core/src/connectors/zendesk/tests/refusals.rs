//! What this service's own refusals mean.

use crate::connectors::refusal::Asked::{self, Change, Create, Object};
use crate::connectors::zendesk::classify::{about_uploads, failure};
use crate::model::{Failure, Reached, Reason, ReasonKind, Trouble};
use crate::net::HttpResponse;

const NOT_FOUND: &str = r#"{"error":"RecordNotFound","description":"Not found"}"#;
const NO_ENDPOINT: &str = r#"{"error":"InvalidEndpoint","description":"Not found"}"#;
const FORBIDDEN: &str = r#"{"error":{"title":"Forbidden","message":"Not for you."}}"#;
const CONFLICT: &str = r#"{"error":"Conflict","description":"Could not be saved"}"#;
const BAD_CURSOR: &str = r#"{"error":"InvalidValue","description":"page[after] is not valid"}"#;
const KEY_REUSED: &str = r#"{"error":"IdempotentRequestError","description":"The request parameters do not match."}"#;
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
    use Reached::{Maybe, No};
    use Trouble::{Busy, Faulty, Misbehaves};
    let misbehaves = || again(Misbehaves, Maybe);
    let unexplained = || Failure::Unexplained { server_message: None };
    let rows: [(u16, &str, Asked, Failure); 34] = [
        (301, "", Object, misbehaves()),
        (302, PAGE, Change, misbehaves()),
        (307, "", Create, misbehaves()),
        (304, "", Object, misbehaves()),
        // Refusals by the server.
        (403, FORBIDDEN, Object, Failure::NotAllowed),
        (403, FORBIDDEN, Change, Failure::NotAllowed),
        (404, NOT_FOUND, Object, Failure::Gone),
        (404, NOT_FOUND, Change, Failure::Gone),
        (410, NOT_FOUND, Object, Failure::Gone),
        (409, CONFLICT, Change, again(Busy, No)),
        (429, "", Object, again(Busy, No)),
        (422, CLOSED, Change, Failure::needs(ReasonKind::TicketClosed)),
        (422, CLOSED_BASE, Change, Failure::needs(ReasonKind::TicketClosed)),
        (422, INVALID, Create, refused("Betreff: darf nicht leer sein\nCC: ungültig")),
        (422, INVALID, Change, refused("Betreff: darf nicht leer sein\nCC: ungültig")),
        (400, CONFLICT, Create, refused("Could not be saved")),
        (400, BAD_CURSOR, Object, refused("page[after] is not valid")),
        (413, FORBIDDEN, Change, refused("Not for you.")),
        (406, CONFLICT, Change, refused("Could not be saved")),
        (406, CONFLICT, Object, again(Misbehaves, No)),
        // Refusals that tell nothing about the ticket.
        (404, NO_ENDPOINT, Object, again(Misbehaves, No)),
        (404, NO_ENDPOINT, Change, again(Misbehaves, No)),
        (404, NOT_FOUND, Create, again(Misbehaves, No)),
        (400, KEY_REUSED, Create, misbehaves()),
        (409, KEY_REUSED, Create, misbehaves()),
        // Answers that do not come from the server, or that nobody understands.
        (403, PAGE, Change, unexplained()),
        (404, PAGE, Object, misbehaves()),
        (404, "{}", Object, misbehaves()),
        (422, PAGE, Create, unexplained()),
        (407, PAGE, Create, misbehaves()),
        // Internal errors of the server.
        (500, NOT_FOUND, Change, again(Faulty, Maybe)),
        (502, PAGE, Object, again(Faulty, Maybe)),
        (503, "", Create, again(Faulty, Maybe)),
        (599, "", Create, again(Faulty, Maybe)),
    ];
    for (status, body, asked, expected) in rows {
        assert_eq!(failure(&answer(status, body), asked), Some(expected), "{status} {asked:?} {body}");
    }
    for status in [200, 201] {
        assert_eq!(failure(&answer(status, PAGE), Object), None, "{status}: the body is parsed elsewhere");
    }
}

#[test]
fn uploads_that_the_server_no_longer_knows_are_told_from_a_refused_message() {
    let about = |status, body: &str| {
        let answer = answer(status, body);
        about_uploads(&answer, failure(&answer, Change).unwrap())
    };
    for body in [
        r#"{"error":"RecordInvalid","details":{"base":[{"description":"x","error":"InvalidAttachment"}]}}"#,
        r#"{"error":"RecordInvalid","details":{"base":[{"description":"Upload 9f2c ist abgelaufen"}]}}"#,
        r#"{"errors":[{"code":"InvalidUploadToken","title":"Invalid token"}]}"#,
    ] {
        assert!(matches!(about(422, body), Failure::UploadsRefused { .. }), "{body}");
    }
    assert_eq!(about(422, INVALID), refused("Betreff: darf nicht leer sein\nCC: ungültig"));
    assert_eq!(about(403, FORBIDDEN), Failure::NotAllowed);
    assert_eq!(about(413, PAGE), Failure::Unexplained { server_message: None });
}
