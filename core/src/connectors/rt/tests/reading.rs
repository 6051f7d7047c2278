//! The connector reads lists, tickets and files, and an odd row costs only itself.

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
    assert_eq!(undated(rt.list_page(&visible, Some("1"), 10).await), Err(Failure::misbehaves()));
}

#[tokio::test]
async fn an_odd_ticket_costs_itself_alone() {
    let (rt, script) = signed_in().await;
    let visible = TicketList("visible".into());
    let whole = || row(3, "open", &["r-3"], &["Content"]);
    let mut rows = vec![json!(null), json!("x"), json!({ "id": "?" }), json!({ "id": 2 }), whole()];
    for (field, value) in [
        ("Subject", json!(7)),
        ("Status", json!(null)),
        ("Created", json!("0000-00-00")),
        ("LastUpdated", json!(7)),
        ("Requestor", json!("")),
        ("Requestor", json!([{ "id": "alice" }, null])),
        ("Creator", json!(null)),
        ("Cc", json!("")),
        ("Cc", json!([null, { "id": "x" }])),
        ("CustomFields", json!({ "Issue Type": "Content" })),
        ("CustomFields", json!([null, { "name": 7, "values": [] }, { "name": "Issue Type", "values": "x" }])),
    ] {
        let mut odd = whole();
        odd[field] = value;
        rows.push(odd);
    }
    let good = rows.len() - 3;
    script.then("GET /REST/2.0/tickets", list(&rows));
    let page = undated(rt.sorted_page(&visible, 1, 100).await).unwrap();
    assert_eq!((page.tickets.len(), page.unreadable.ids, page.unreadable.unknown), (good, vec![], 3));
    assert_eq!((page.tickets[0].requester, &*page.tickets[0].subject), (None, ""));
    // No page without an id leads any further.
    script.then("GET /REST/2.0/tickets", ok(json!({ "items": [null], "total": 9, "next_page": "x" })));
    assert_eq!(undated(rt.list_page(&visible, Some("1"), 10).await), Err(Failure::misbehaves()));
    // A search that shows an unreadable row does not say that the ticket is not there.
    script.then("GET /REST/2.0/tickets", list(&[json!({ "id": {} })]));
    assert_eq!(undated(rt.ticket(TicketNumber(1)).await), Err(Failure::misbehaves()));
    script.asked();
}

#[tokio::test]
async fn a_copied_person_is_named() {
    let (rt, script) = signed_in().await;
    let mut ticket = row(1, "open", &[], &[]);
    ticket["Cc"] = json!([author(44, "Erin\r\n\u{202e}Vogt", ""), { "id": 45, "Name": "k", "RealName": null, "EmailAddress": "kasse@reisen.example" }]);
    script.then("GET /REST/2.0/tickets", list(&[ticket]));
    let page = undated(rt.list_page(&TicketList("visible".into()), None, 7).await).unwrap();
    assert_eq!(page.tickets[0].cc, [PersonId(44), PersonId(45)]);
    let names: Vec<_> = page.people.iter().map(|person| &*person.name).collect();
    assert_eq!(names, ["Erin Vogt", "kasse@reisen.example"]);
    assert!(script.asked()[0].url.query().unwrap().contains("per_page=7"));
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
    // A row that cannot be read may be the file.
    script.then(file, answer(404, "<!DOCTYPE html>")).then("POST /REST/2.0/attachments", rows(&[json!({ "id": 19 })]));
    script.then(file, answer(404, "<!DOCTYPE html>"));
    let odd = Err(DownloadFailure::Server(Failure::misbehaves()));
    assert_eq!(rt.download("/SelfService/Attachment/66/19/file", 0, &mut Nothing).await, odd);
    // The answer redirects to the login page. The interface is asked with the token, and refuses it.
    let unauthorized = || answer(401, r#"{"message":"Unauthorized"}"#);
    script.then(file, answer(302, "")).then("POST /REST/2.0/attachments", unauthorized());
    script.then("GET /REST/2.0/user/27", unauthorized());
    let signed_out = Err(DownloadFailure::Server(Failure::needs(ReasonKind::SignedOut)));
    assert_eq!(rt.download("/SelfService/Attachment/66/19/file", 0, &mut Nothing).await, signed_out);
    script.asked();
}

#[tokio::test]
async fn the_requestor_and_the_owner_are_named_where_the_product_shows_them() {
    let hub = include_str!("../../../../products/hub.json");
    let owned_by = |id: i64, owner: Value| {
        let mut ticket = row(id, "open", &[], &[]);
        ticket["Requestor"] = json!([author(27, "Alice Archer", "")]);
        ticket["Owner"] = owner;
        ticket
    };
    let mut nobody = author(6, "Nobody in particular", "");
    nobody["Name"] = json!("Nobody");
    let tickets = list(&[
        owned_by(1, author(31, "Marta Feld", "Support")),
        owned_by(2, nobody),
        owned_by(3, json!(null)),
        owned_by(4, json!({ "id": {} })),
    ]);
    let (rt, script) = signed_in_with(hub).await;
    script.then("GET /REST/2.0/tickets", tickets.clone());
    let page = undated(rt.sorted_page(&TicketList("visible".into()), 1, 10).await).unwrap();
    let assignees: Vec<_> = page.tickets.iter().map(RemoteTicket::assignee).collect();
    assert_eq!(assignees, [Some(PersonId(31)), None, None, None]);
    let person = |id| page.people.iter().find(|person| person.id == PersonId(id)).unwrap();
    assert_eq!((person(31).name.as_str(), person(31).agent), ("Marta Feld", true));
    assert_eq!((person(27).name.as_str(), person(27).agent), ("Alice Archer", false));
    let lists = |script: &Script| {
        let asked = script.asked();
        let pairs: Vec<_> = asked[0].url.query_pairs().filter(|(name, _)| name == "fields").collect();
        assert_eq!(pairs.len(), 1, "the service reads the last one only");
        pairs[0].1.split(',').any(|field| field == "Owner")
    };
    assert!(lists(&script));
    // A product that shows nobody asks for nobody.
    let (rt, script) = signed_in().await;
    script.then("GET /REST/2.0/tickets", tickets);
    let page = undated(rt.sorted_page(&TicketList("visible".into()), 1, 10).await).unwrap();
    assert!(page.tickets.iter().all(|ticket| ticket.assignee().is_none()) && !lists(&script));
    assert!(page.people.iter().all(|person| person.id == PersonId(44)), "only the copied one: {:?}", page.people);
}
