//! New tickets, replies and changes.

use super::*;

#[tokio::test]
async fn a_value_that_the_server_would_drop_is_refused_before_anything_is_sent() {
    let (rt, script) = signed_in().await;
    offers(&script);
    assert_eq!(deliver(&rt, Target::NewTicket, &create("Weather")).await, Err(refused("Issue Type: Weather")));
    // The fields are read again, because somebody may have added the value.
    offers(&script);
    assert_eq!(deliver(&rt, Target::NewTicket, &create("Weather")).await, Err(refused("Issue Type: Weather")));
    script.asked();
}

#[tokio::test]
async fn an_earlier_attempt_is_the_answer() {
    let (rt, script) = signed_in().await;
    offers(&script).then("GET /REST/2.0/tickets", list(&[row(1, "open", &["r-1"], &["Content"])]));
    let ticket = deliver(&rt, Target::NewTicket, &create("Content")).await.unwrap();
    assert_eq!(ticket.number, TicketNumber(1));
    assert!(script.asked()[4].url.query().unwrap().contains("CF.%7BClient+Reference%7D+%3D+%27r-1%27"));
}

#[tokio::test]
async fn a_ticket_is_created_for_the_user_and_read_back() {
    let (rt, script) = signed_in().await;
    let created = || answer(201, r#"{"id":"4","type":"ticket","_url":"x"}"#);
    offers(&script)
        .then("GET /REST/2.0/tickets", list(&[]))
        .then("POST /REST/2.0/ticket", created())
        .then("GET /REST/2.0/tickets", list(&[row(4, "open", &["r-1"], &[])]));
    let ticket = deliver(&rt, Target::NewTicket, &create("Content")).await.unwrap();
    assert_eq!((ticket.number, ticket.issue_type), (TicketNumber(4), None), "the ticket as the server shows it");
    let Body::Json(sent) = &script.asked()[5].body else { panic!("a request") };
    assert_eq!(
        serde_json::from_slice::<Value>(sent).unwrap(),
        json!({ "Queue": "Support", "Requestor": "27", "Subject": "Größe 🙂", "Content": "Zeile 1\n\nשלום",
                "ContentType": "text/plain", "Cc": ["erin@external.test"],
                "CustomFields": { "Issue Type": "Content", "Account Access": "Yes", "Client Reference": "r-1" } })
    );
    // An earlier attempt was applied late and has the reference.
    script
        .then("GET /REST/2.0/tickets", list(&[]))
        .then("POST /REST/2.0/ticket", created())
        .then("GET /REST/2.0/tickets", list(&[row(4, "open", &[], &["Content"])]))
        .then("GET /REST/2.0/tickets", list(&[row(3, "open", &["r-1"], &["Content"])]));
    assert_eq!(deliver(&rt, Target::NewTicket, &create("Content")).await.unwrap().number, TicketNumber(3));
    script.asked();
}

#[tokio::test]
async fn a_write_that_cannot_be_read_back_is_ambiguous_and_no_other() {
    let unauthorized = || answer(401, r#"{"message":"Unauthorized"}"#);
    for after in
        [answer(500, ""), list(&[json!({ "id": "?" })]), answer(403, r#"{"message":"Forbidden"}"#), answer(302, "")]
    {
        let (rt, script) = signed_in().await;
        script
            .then("GET /REST/2.0/ticket/1", page("open", &[]))
            .then("POST /REST/2.0/ticket/1/correspond", answer(201, r#"["Correspondence added"]"#))
            .then("GET /REST/2.0/tickets", after);
        assert!(maybe(&deliver(&rt, FIRST, &reply("Danke 🎉")).await.unwrap_err()));
        script.asked();
    }
    // The token was refused after the write, and so was the next one.
    let (rt, script) = signed_in().await;
    script
        .then("GET /REST/2.0/ticket/1", page("open", &[]))
        .then("POST /REST/2.0/ticket/1/correspond", answer(201, r#"["Correspondence added"]"#))
        .then("GET /REST/2.0/tickets", unauthorized())
        .then("GET /REST/2.0/user/27", unauthorized());
    assert!(maybe(&deliver(&rt, FIRST, &reply("Danke 🎉")).await.unwrap_err()));
    // A failure before the write is not ambiguous.
    let (rt, script) = signed_in().await;
    script.then("GET /REST/2.0/ticket/1", answer(500, ""));
    let failure = Failure::TryAgain { trouble: Trouble::Faulty, after: None, reached: Reached::No };
    assert_eq!(deliver(&rt, FIRST, &reply("Danke")).await, Err(failure));
}

#[tokio::test]
async fn the_connector_refuses_what_the_server_would_take() {
    let (rt, script) = signed_in().await;
    for write in [reply("zu spät"), Write::Solve, Write::AddCc { addresses: vec!["a@b.example".into()] }] {
        script.then("GET /REST/2.0/ticket/1", page("closed", &[]));
        assert_eq!(deliver(&rt, FIRST, &write).await, Err(Failure::needs(ReasonKind::TicketClosed)));
    }
    script.then("GET /REST/2.0/ticket/1", ok(json!({ "id": 1, "Status": "open", "_hyperlinks": [] })));
    assert_eq!(deliver(&rt, FIRST, &reply("Darf ich?")).await, Err(Failure::NotAllowed));
    let unsupported = Err(Failure::needs(ReasonKind::Unsupported));
    let mark = Write::MarkRead { through: CommentId(1) };
    assert_eq!(deliver(&rt, Target::ReadMark(TicketNumber(1)), &mark).await, unsupported);
    assert_eq!(undated(rt.deliver(FIRST, b"from another version", &[], Uuid::nil()).await), unsupported);
    script.asked();
}

#[tokio::test]
async fn a_change_counts_when_the_ticket_shows_it() {
    let (rt, script) = signed_in().await;
    let no = || answer(200, r#"["Ticket 1: Permission Denied"]"#);
    let put = "PUT /REST/2.0/ticket/1";
    let before = |script: &Script| {
        script.then("GET /REST/2.0/ticket/1", page("open", &["solved"]));
    };
    before(&script);
    script.then(put, no()).then("GET /REST/2.0/tickets", list(&[row(1, "open", &[], &[])]));
    assert_eq!(deliver(&rt, FIRST, &Write::Solve).await, Err(refused("Ticket 1: Permission Denied")));
    script.then("GET /REST/2.0/ticket/1", page("open", &[]));
    script.then(put, no()).then("GET /REST/2.0/tickets", list(&[row(1, "open", &[], &[])]));
    assert_eq!(deliver(&rt, FIRST, &Write::Solve).await, Err(Failure::NotAllowed));
    script.asked();
    // The ticket changed meanwhile, again and again.
    for _ in 0..3 {
        before(&script);
        script.then(put, answer(412, r#"{"message":"Precondition Failed"}"#));
    }
    let busy = Failure::TryAgain { trouble: Trouble::Busy, after: None, reached: Reached::No };
    assert_eq!(deliver(&rt, FIRST, &Write::Solve).await, Err(busy));
    assert!(script.asked()[1].headers.contains(&("if-match", "\"66\"".to_owned())));
    before(&script);
    script.then(put, no()).then("GET /REST/2.0/tickets", list(&[row(1, "solved", &[], &[])]));
    assert_eq!(deliver(&rt, FIRST, &Write::Solve).await.unwrap().status, ServerStatus::Solved);
    // The address is already a CC in another spelling, or it was dropped.
    for (address, expected) in
        [("erin@External.test", None), ("gina@external.test", Some(refused("Ticket 1: Permission Denied")))]
    {
        before(&script);
        script.then(put, no()).then("GET /REST/2.0/tickets", list(&[row(1, "open", &[], &[])]));
        let outcome = deliver(&rt, FIRST, &Write::AddCc { addresses: vec![address.into()] }).await;
        assert_eq!(outcome.err(), expected, "{address}");
    }
    script.asked();
}

#[tokio::test]
async fn the_same_write_gives_the_same_bytes_before_and_after_a_run() {
    let script = Arc::new(Script::default());
    let (cold, (warm, _)) = (rt(&script, "1-27-01b9a66f"), signed_in().await);
    for write in [create("Content"), reply("Danke! 🎉\n\nAda"), Write::Solve] {
        assert_eq!(cold.encode(&write), warm.encode(&write));
    }
    assert!(String::from_utf8(cold.encode(&reply("0"))).unwrap().contains(r#""Content":"0\n""#));
}

#[tokio::test]
async fn a_file_that_something_in_between_refuses_is_too_large() {
    let file = |rt: &Rt| {
        let head = crate::connectors::rt::FileHead {
            name: "Film.pdf".into(),
            content_type: "application/pdf".into(),
            size: 3,
        };
        let token = serde_json::to_string(&head).unwrap();
        rt.encode(&Write::Reply { body: "Siehe Anhang".into(), structure: None, uploads: vec![token], solves: false })
    };
    let upload = crate::model::UploadFile {
        path: "Film.pdf".into(),
        name: "Film.pdf".into(),
        content_type: "application/pdf".into(),
        size: 3,
        progress: Arc::new(|_| {}),
    };
    let page_413 = "<html><h1>413 Request Entity Too Large</h1><hr>nginx";
    for (status, body, kind, said) in [
        (413, page_413, ReasonKind::AttachmentTooLarge, None),
        (
            413,
            r#"{"message":"Request Entity Too Large"}"#,
            ReasonKind::AttachmentTooLarge,
            Some("Request Entity Too Large"),
        ),
        (415, "", ReasonKind::AttachmentType, None),
    ] {
        let (rt, script) = signed_in().await;
        script.then("GET /REST/2.0/ticket/1", page("open", &[]));
        script.then("POST /REST/2.0/ticket/1/correspond", answer(status, body));
        let outcome = undated(rt.deliver(FIRST, &file(&rt), std::slice::from_ref(&upload), Uuid::from_u128(7)).await);
        let server_message = said.map(str::to_owned);
        assert_eq!(outcome, Err(Failure::NeedsUser(Reason { kind, server_message })), "{status} {body}");
    }
    // Without a file, the text is the cause, or nobody knows.
    for (body, expected) in [
        (r#"{"message":"Request Entity Too Large"}"#, refused("Request Entity Too Large")),
        (page_413, Failure::Unexplained { server_message: None }),
    ] {
        let (rt, script) = signed_in().await;
        script.then("GET /REST/2.0/ticket/1", page("open", &[]));
        script.then("POST /REST/2.0/ticket/1/correspond", answer(413, body));
        assert_eq!(deliver(&rt, FIRST, &reply("sehr lang")).await, Err(expected));
    }
}

#[tokio::test]
async fn a_reference_that_may_exist_makes_no_second_ticket() {
    let (rt, script) = signed_in().await;
    offers(&script).then("GET /REST/2.0/tickets", list(&[json!({ "id": null, "Subject": "Größe 🙂" })]));
    let failure = Failure::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::No };
    assert_eq!(deliver(&rt, Target::NewTicket, &create("Content")).await, Err(failure));
    script.asked();
}

#[tokio::test]
async fn a_search_that_ignores_the_reference_finds_nothing_of_ours() {
    let (rt, script) = signed_in().await;
    offers(&script).then("GET /REST/2.0/tickets", list(&[row(5, "open", &["r-0"], &["Content"])]));
    let failure = Failure::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::No };
    assert_eq!(deliver(&rt, Target::NewTicket, &create("Content")).await, Err(failure));
    script.asked();
}

#[tokio::test]
async fn copies_that_were_added_are_those_of_the_named_ticket() {
    let (rt, script) = signed_in().await;
    let write = Write::AddCc { addresses: vec!["erin@external.test".to_owned()] };
    script
        .then("GET /REST/2.0/ticket/1", page("open", &[]))
        .then("PUT /REST/2.0/ticket/1", ok(json!(["added"])))
        .then("GET /REST/2.0/tickets", list(&[row(2, "open", &[], &[])]));
    assert!(maybe(&deliver(&rt, FIRST, &write).await.unwrap_err()));
    script.asked();
}

#[tokio::test]
async fn a_field_that_is_listed_a_thousand_times_is_read_once() {
    let (rt, script) = signed_in().await;
    let fields = vec![json!({ "id": "2", "name": "Issue Type" }); 1_000];
    script
        .then("GET /REST/2.0/queue/Support", ok(json!({ "id": 3, "TicketCustomFields": fields })))
        .then("GET /REST/2.0/customfield/2", ok(json!({ "Values": ["Other"] })));
    assert!(matches!(deliver(&rt, Target::NewTicket, &create("Content")).await, Err(Failure::NeedsUser(_))));
    script.asked();
}
