//! Lists, tickets, threads and files.

use super::*;

#[tokio::test]
async fn a_list_is_read_in_every_shape() {
    let (rt, script) = signed_in().await;
    let visible = TicketList("visible".into());
    let mut bare = row(2, "stalled", &[], &[]);
    bare["CustomFields"] = json!("");
    bare["Subject"] = json!(null);
    script.then("GET /REST/2.0/tickets", list(&[row(1, "awaiting your reply", &["r-1"], &["Content"]), bare]));
    let page = undated(rt.sorted_page(&visible, 1, 10).await).unwrap();
    let [known, bare] = &*page.tickets else { panic!("two") };
    assert_eq!(
        (known.number, known.requester, known.status),
        (TicketNumber(1), Some(PersonId(27)), ServerStatus::Pending)
    );
    assert_eq!((known.access, known.issue_type.as_deref()), (Some(true), Some("Content")));
    assert_eq!((known.client_reference.as_deref(), known.updated_at), (Some("r-1"), Timestamp(1_795_549_176_000)));
    assert_eq!((bare.status, bare.access, bare.subject.as_str()), (ServerStatus::Unknown, None, ""));
    assert_eq!((page.count, page.next), (Some(2), None));
    let asked = script.asked();
    assert!(asked[0].url.query().unwrap().ends_with("orderby=LastUpdated&order=DESC&orderby=id&order=DESC"));
    script.then("GET /REST/2.0/tickets", ok(json!({ "items": [], "pages": 0.0, "total": 0, "count": 0 })));
    assert_eq!(undated(rt.sorted_page(&visible, 1, 10).await).unwrap().tickets, []);
    // A page that does not get past its cursor is rejected.
    script.then("GET /REST/2.0/tickets", list(&[row(1, "open", &[], &[])]));
    assert_eq!(undated(rt.list_page(&visible, Some("1")).await), Err(Failure::misbehaves()));
}

#[tokio::test]
async fn a_ticket_is_of_whoever_asked() {
    for (requestors, creator, expected) in
        [(vec![27], 27, 27), (vec![30, 27], 27, 27), (vec![30, 27], 35, 30), (vec![], 35, 35)]
    {
        let (rt, script) = signed_in().await;
        let mut ticket = row(1, "open", &[], &[]);
        ticket["Requestor"] = requestors.iter().map(|id| json!({ "id": id, "type": "user" })).collect();
        ticket["Creator"] = json!({ "id": creator.to_string() });
        script.then("GET /REST/2.0/tickets", list(&[ticket]));
        assert_eq!(
            undated(rt.ticket(TicketNumber(1)).await).unwrap().requester,
            Some(PersonId(expected)),
            "{requestors:?} {creator}"
        );
    }
}

#[tokio::test]
async fn a_ticket_that_no_search_finds_is_gone_only_by_its_own_answer() {
    for (answered, expected) in [
        (answer(404, r#"{"message":"Not Found"}"#), Failure::Gone),
        (answer(403, r#"{"message":"Forbidden"}"#), Failure::NotAllowed),
        (page("deleted", &[]), Failure::Gone),
        // The ticket was merged into another one.
        (ok(json!({ "id": 5, "Status": "open" })), Failure::Gone),
        (page("open", &[]), Failure::misbehaves()),
        (answer(404, "<html>"), Failure::misbehaves()),
    ] {
        let (rt, script) = signed_in().await;
        script.then("GET /REST/2.0/tickets", list(&[])).then("GET /REST/2.0/ticket/1", answered);
        assert_eq!(undated(rt.ticket(TicketNumber(1)).await), Err(expected));
    }
}

#[tokio::test]
async fn a_thread_is_put_together_across_holes() {
    let event = |id: i64, kind: &str, who: Value| json!({ "id": id.to_string(), "type": "transaction", "Type": kind, "Created": "2026-11-24T19:39:20Z", "Creator": who });
    let part = |id: i64, message: i64, kind: &str, name: &str, size: u64| {
        json!({ "id": id.to_string(), "TransactionId": message.to_string(), "ContentType": kind, "Filename": name,
                "ContentLength": size.to_string(), "Headers": "MIME-Version: 1.0\nX-RT-Original-Encoding: utf-8" })
    };
    let (rt, script) = signed_in().await;
    let history = "GET /REST/2.0/ticket/1/history";
    let alice = || author(27, "Alice Archer", "Acme Lettings");
    let mut latin = part(18, 66, "text/plain", "notes.txt", 15);
    latin["Headers"] = json!("Content-Type: text/plain\nX-RT-Original-Encoding: iso-8859-1\n");
    script
        .then("GET /REST/2.0/ticket/1", page("open", &[]))
        .then(
            history,
            rows(&[event(57, "Create", alice()), event(61, "AddWatcher", author(1, "The RT System itself", ""))]),
        )
        .then(history, rows(&[]))
        .then(
            history,
            rows(&[event(62, "Correspond", author(35, "Sam Agent", "Support")), event(66, "Correspond", alice())]),
        )
        .then(
            "POST /REST/2.0/attachments",
            rows(&[
                part(1, 57, "text/plain", "", 20),
                part(11, 62, "text/html", "", 75),
                part(16, 66, "multipart/mixed", "", 0),
                part(17, 66, "text/plain", "", 5),
                latin,
                part(19, 66, "image/png", "=?UTF-8?B?YSJiLnR4dA==?=", 300_000),
            ]),
        )
        .then(
            "POST /REST/2.0/attachments",
            rows(&[
                json!({ "id": "1", "Content": "Zürich\nline" }),
                json!({ "id": "11", "Content": "<p>Hallo &amp; <b>ja</b></p>" }),
                json!({ "id": "17", "Content": "Danke" }),
            ]),
        );
    let thread = undated(rt.comments(TicketNumber(1), None).await).unwrap();
    let asked = script.asked();
    let Body::Json(requested) = &asked[5].body else { panic!("a search") };
    assert_eq!(
        serde_json::from_slice::<Value>(requested).unwrap(),
        json!([{ "field": "id", "value": 1 }, { "field": "id", "value": 11 }, { "field": "id", "value": 17 }]),
        "the text of a file is not requested"
    );
    let texts: Vec<_> = thread.comments.iter().map(|comment| (comment.id, comment.author, &*comment.body)).collect();
    assert_eq!(
        texts,
        [
            (CommentId(57), Some(PersonId(27)), "Zürich\nline"),
            (CommentId(62), Some(PersonId(35)), "Hallo & ja"),
            (CommentId(66), Some(PersonId(27)), "Danke")
        ]
    );
    let files: Vec<_> =
        thread.comments[2].attachments.iter().map(|file| (&*file.name, file.size, file.address.as_deref())).collect();
    assert_eq!(
        files,
        [
            ("notes.txt", 15, Some("/REST/2.0/attachment/18")),
            ("a\"b.txt", 300_000, Some("/SelfService/Attachment/66/19/file"))
        ]
    );
    let people: Vec<_> = thread.people.iter().map(|person| (&*person.name, person.agent)).collect();
    assert_eq!(people, [("Alice Archer", false), ("Sam Agent", true)]);
}

#[tokio::test]
async fn a_history_that_never_reaches_its_newest_row_is_none() {
    let (rt, script) = signed_in().await;
    script.then("GET /REST/2.0/ticket/1", page("open", &[]));
    for _ in 0..10 {
        script.then("GET /REST/2.0/ticket/1/history", rows(&[]));
    }
    assert_eq!(undated(rt.comments(TicketNumber(1), None).await), Err(Failure::misbehaves()));
    script.asked();
}

#[tokio::test]
async fn a_token_of_another_kind_goes_nowhere() {
    let script = Arc::new(Script::default());
    let failure = rt(&script, "eyJhbGciOi.J9").begin(None).await.unwrap_err();
    assert_eq!(failure, Failure::TryAgain { trouble: Trouble::NoToken, after: None, reached: Reached::No });
    assert!(script.asked().is_empty());
}

#[tokio::test]
async fn a_download_is_gone_only_by_the_interfaces_answer() {
    struct Nothing;
    impl crate::model::Sink for Nothing {
        fn begin(&mut self, _: crate::model::DownloadStart) -> Result<(), crate::model::SinkError> {
            Ok(())
        }
        fn write(&mut self, _: &[u8]) -> Result<(), crate::model::SinkError> {
            Ok(())
        }
    }
    let file = "GET /SelfService/Attachment/66/19/file";
    let (rt, script) = signed_in().await;
    script.then(file, answer(404, "<!DOCTYPE html>")).then("POST /REST/2.0/attachments", rows(&[]));
    let gone = Err(DownloadFailure::Server(Failure::Gone));
    assert_eq!(rt.download("/SelfService/Attachment/66/19/file", 0, &mut Nothing).await, gone);
    // The answer redirects to the login page. The interface is asked with the token, and refuses it.
    let unauthorized = || answer(401, r#"{"message":"Unauthorized"}"#);
    script.then(file, answer(302, "")).then("POST /REST/2.0/attachments", unauthorized());
    script.then("GET /REST/2.0/user/27", unauthorized());
    let signed_out = Err(DownloadFailure::Server(Failure::needs(ReasonKind::SignedOut)));
    assert_eq!(rt.download("/SelfService/Attachment/66/19/file", 0, &mut Nothing).await, signed_out);
    script.asked();
}
