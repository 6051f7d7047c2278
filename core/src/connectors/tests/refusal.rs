//! What an unsuccessful answer means, for any service.

use proptest::prelude::*;

use crate::connectors::refusal::{Asked, Refusal, failure, file_refused};
use crate::model::{Failure, Reached, Reason, ReasonKind, Trouble};
use crate::net::HttpResponse;
use crate::net::answer::try_again;

const PAGE: &str = "<!DOCTYPE html><title>Request blocked</title><p>Attack ID 20000051";

fn answer(status: u16, kind: &str, body: &str) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), kind.to_owned())];
    HttpResponse { status, headers, body: body.as_bytes().to_vec() }
}

fn read(status: u16, body: &str, asked: Asked) -> Failure {
    let kind = if body.starts_with('<') { "text/html" } else { "application/json" };
    failure(&answer(status, kind, body), asked, |_| None).unwrap()
}

fn needs(kind: ReasonKind, server_message: &str) -> Failure {
    let server_message = Some(server_message.to_owned()).filter(|words| !words.is_empty());
    Failure::NeedsUser(Reason { kind, server_message })
}

/// `Failure` without the words, which its `Debug` and equality include.
fn words(failure: &Failure) -> Option<&str> {
    match failure {
        Failure::NeedsUser(reason) => reason.server_message.as_deref(),
        Failure::Unexplained { server_message } => server_message.as_deref(),
        _ => None,
    }
}

#[test]
fn a_refusal_is_understood_in_every_shape() {
    for (body, said) in [
        (r#"{"errors":[{"title":"x"}]}"#, "x"),
        (r#"{"errors":[{"title":"Invalid","detail":"Der Text ist zu lang."}]}"#, "Der Text ist zu lang."),
        (r#"{"errors":["Betreff fehlt","CC ist ungültig"]}"#, "Betreff fehlt\nCC ist ungültig"),
        (
            r#"{"errors":{"subject":["darf nicht leer sein"],"cc":"ist ungültig"}}"#,
            "darf nicht leer sein\nist ungültig",
        ),
        (r#"{"errors":"Der Text wurde abgelehnt"}"#, "Der Text wurde abgelehnt"),
        (r#"{"message":"Payload too large"}"#, "Payload too large"),
        (r#"{"message":{"text":["zu viel"]}}"#, "zu viel"),
        (r#"{"description":"Nur das"}"#, "Nur das"),
        (r#"{"error":"Das geht hier nicht"}"#, "Das geht hier nicht"),
        (r#"{"error":"RecordInvalid"}"#, ""),
        (r#"{"error":{"title":"Forbidden","message":"Not for you."}}"#, "Not for you."),
        (
            r#"{"error":"RecordInvalid","description":"Record validation errors","details":{"base":[{"description":"Kein Text"}]}}"#,
            "Kein Text",
        ),
        (r#"{"error":"RecordInvalid","details":["eins",{"message":"zwei"},{"description":null},7]}"#, "eins\nzwei"),
        ("\u{feff}{\"error\":\"x\",\"description\":\"halb \\ud83d\"}", "halb \u{fffd}"),
        (r#"{"message":"\u202eetuoR\u0007 <b>"}"#, "etuoR <b>"),
    ] {
        for asked in [Asked::Create, Asked::Change] {
            assert_eq!(read(422, body, asked), needs(ReasonKind::Refused, said), "{body}");
        }
    }
}

#[test]
fn a_write_that_is_refused_in_unknown_words_may_have_been_applied() {
    for (kind, body, said) in [
        ("text/html", PAGE, None),
        ("text/html; charset=utf-8", "zu lang", None),
        ("text/plain", PAGE, None),
        ("text/plain; charset=utf-8", "Request body too large.\n", Some("Request body too large.")),
        ("text/plain", "", None),
        ("application/json", "{}", None),
        ("application/json", r#"{"error":null,"errors":[],"message":"","description":{}}"#, None),
        ("application/json", r#"["Permission Denied"]"#, None),
        ("application/json", "\"nein\"", None),
        ("application/json", "{\"error\":\"abgeschn", None),
        ("", "blocked by policy", None),
    ] {
        for status in [400, 403, 404, 405, 410, 413, 422, 451, 499] {
            for asked in [Asked::Create, Asked::Change] {
                let failed = failure(&answer(status, kind, body), asked, |_| None).unwrap();
                assert!(matches!(failed, Failure::Unexplained { .. }), "{status} {body}: {failed:?}");
                assert_eq!(words(&failed), said, "{status} {body}");
            }
            for asked in [Asked::Object, Asked::List, Asked::Search] {
                let failed = failure(&answer(status, kind, body), asked, |_| None).unwrap();
                assert_eq!(failed, Failure::misbehaves(), "{status} {body}");
            }
        }
    }
    assert_eq!(words(&failure(&answer(413, "text/plain", &"a".repeat(2_000)), Asked::Change, |_| None).unwrap()), None);
    let huge = format!(r#"{{"error":"x","description":"{}"}}"#, "a".repeat(100_000));
    assert!(
        matches!(read(422, &huge, Asked::Change), Failure::Unexplained { .. }),
        "no server complains at such length"
    );
}

#[test]
fn a_file_is_refused_by_the_status_alone() {
    for (status, kind) in [(413, ReasonKind::AttachmentTooLarge), (415, ReasonKind::AttachmentType)] {
        for (body, said) in
            [(PAGE, ""), ("", ""), ("{}", ""), (r#"{"message":"zu groß"}"#, "zu groß"), (r#"{"error":"x y"}"#, "x y")]
        {
            assert_eq!(read(status, body, Asked::Upload), needs(kind, said), "{status} {body}");
            assert_eq!(file_refused(&answer(status, "text/html", body)), Some(needs(kind, said)), "{status} {body}");
        }
    }
    assert_eq!(file_refused(&answer(422, "text/html", PAGE)), None);
    assert!(matches!(read(403, PAGE, Asked::Upload), Failure::Unexplained { .. }));
    let too_large = r#"{"errors":[{"code":"AttachmentTooLarge","title":"Attachment too large"}]}"#;
    assert_eq!(read(422, too_large, Asked::Upload), needs(ReasonKind::AttachmentTooLarge, "Attachment too large"));
    assert_eq!(read(422, r#"{"error":"x"}"#, Asked::Upload), needs(ReasonKind::AttachmentType, ""));
}

#[test]
fn a_refused_read_concerns_its_object_and_never_the_account() {
    let refusal = r#"{"error":"NotAcceptable","description":"Not acceptable"}"#;
    for status in [402, 405, 406, 411, 413, 415, 418, 423, 451] {
        for asked in [Asked::Object, Asked::List, Asked::Search] {
            let expected = try_again(Trouble::Misbehaves, None, Reached::No);
            assert_eq!(read(status, refusal, asked), expected, "{status}");
        }
        assert_eq!(read(status, refusal, Asked::Change), needs(ReasonKind::Refused, "Not acceptable"), "{status}");
    }
    for status in [404, 410] {
        assert_eq!(read(status, refusal, Asked::Object), Failure::Gone);
        assert_eq!(read(status, refusal, Asked::Change), Failure::Gone);
        let nothing = try_again(Trouble::Misbehaves, None, Reached::No);
        assert_eq!(read(status, refusal, Asked::Search), nothing);
        assert_eq!(read(status, refusal, Asked::Create), nothing);
        assert_eq!(read(status, PAGE, Asked::Object), Failure::misbehaves());
    }
    assert_eq!(read(404, refusal, Asked::List), Failure::Gone);
    assert_eq!(read(403, refusal, Asked::Object), Failure::NotAllowed);
    // The server accepts the token and refuses this request.
    assert_eq!(read(401, refusal, Asked::Object), try_again(Trouble::Misbehaves, None, Reached::No));
    for asked in [Asked::List, Asked::Search, Asked::Create, Asked::Change, Asked::Upload] {
        assert_eq!(read(401, PAGE, asked), Failure::NotAllowed);
    }
    assert_eq!(read(403, PAGE, Asked::Object), Failure::misbehaves());
}

#[test]
fn a_server_that_names_a_time_is_busy() {
    use std::time::Duration;
    let with_wait = |status| {
        let mut busy = answer(status, "text/html", PAGE);
        busy.headers.push(("retry-after".to_owned(), "86400".to_owned()));
        failure(&busy, Asked::Change, |_| None).unwrap()
    };
    let day = Some(Duration::from_hours(24));
    assert_eq!(with_wait(429), try_again(Trouble::Busy, day, Reached::No));
    assert_eq!(with_wait(503), try_again(Trouble::Busy, day, Reached::Maybe));
    assert_eq!(with_wait(500), try_again(Trouble::Faulty, day, Reached::Maybe));
    assert_eq!(read(429, PAGE, Asked::Change), try_again(Trouble::Busy, None, Reached::No));
    assert_eq!(read(503, PAGE, Asked::Change), try_again(Trouble::Faulty, None, Reached::Maybe));
}

proptest! {
    #[test]
    fn no_body_makes_it_panic_or_revokes_without_the_servers_words(
        status in 400_u16..500,
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..100),
            r#"\{"(error|errors|message|details)":[\[\]{}":,a-z0-9]{0,30}\}?"#.prop_map(String::into_bytes),
        ],
    ) {
        let answer = HttpResponse { status, headers: Vec::new(), body };
        for asked in [Asked::Object, Asked::List, Asked::Search, Asked::Create, Asked::Change, Asked::Upload] {
            let failed = failure(&answer, asked, |_| None);
            prop_assert!(failed.is_some());
            let is_refusal = Refusal::of(&answer).is_some();
            prop_assert!(status == 401 || is_refusal || !failed.is_some_and(|failed| failed.is_absent()));
        }
    }
}
