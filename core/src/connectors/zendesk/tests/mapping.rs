//! The mapping: Zendesk's JSON to tickets, comments and users, and writes to JSON.

use serde_json::{Value, json};
use url::Url;

use super::{FIELDS, comment, read, ticket};
use crate::connectors::json::Document;
use crate::connectors::zendesk::fields::Fields;
use crate::connectors::zendesk::{map, wire};
use crate::model::{
    Attachment, Failure, FormattedText, Look, PersonId, ReasonKind, RemotePerson, RemoteUser, ServerStatus,
    TicketNumber, Timestamp, Write,
};
use crate::net::Origin;

#[test]
fn a_ticket_with_everything() {
    let ticket = read(ticket(&json!({
        "id": 4711, "subject": "Auszahlung für März fehlt – bitte prüfen 🙏", "description": "Guten Tag,\n…",
        "status": "hold", "created_at": "2026-03-03T09:15:00Z", "updated_at": "2026-03-04T10:00:00+02:00",
        "requester_id": 360_000_000_017_i64, "priority": "galactic", "via": { "channel": "carrier_pigeon" },
        "can_be_solved_by_me": true, "collaborator_ids": [5, 6], "email_cc_ids": [6, "7", null],
        "custom_fields": [
            { "id": 1, "value": ["a", "b"] }, { "id": 360_001, "value": "payments_finance" },
            { "id": 360_002, "value": true }, { "id": 360_003, "value": "7d0c…" }, { "id": 2 }
        ]
    })));
    assert_eq!((ticket.number, ticket.requester), (TicketNumber(4711), Some(PersonId(360_000_000_017))));
    assert_eq!(ticket.subject, "Auszahlung für März fehlt – bitte prüfen 🙏");
    assert_eq!(ticket.description.as_deref(), Some("Guten Tag,\n…"));
    assert_eq!(ticket.status, ServerStatus::Hold);
    assert_eq!(ticket.created_at, Timestamp(1_772_529_300_000));
    assert_eq!(ticket.updated_at, Timestamp(1_772_611_200_000));
    assert_eq!(ticket.issue_type.as_deref(), Some("payments_finance"));
    assert_eq!(ticket.access, Some(true));
    assert_eq!(ticket.client_reference.as_deref(), Some("7d0c…"));
    assert_eq!(ticket.can_solve, Some(true));
    assert_eq!(ticket.cc, [PersonId(5), PersonId(6), PersonId(7)]);
}

#[test]
fn people_beside_a_list_have_names() {
    let list = json!([
        { "id": 5, "name": "Jürgen Öhr", "agent": false, "photo": null }, { "id": "6", "name": null, "agent": true },
        { "name": "nobody" }, 7, { "id": 8, "name": 9 }
    ])
    .to_string();
    let people = map::people(Document::of(list.as_bytes()).unwrap().root(), None);
    let person = |id, name: &str, agent| RemotePerson { id: PersonId(id), name: name.to_owned(), agent, photo: None };
    assert_eq!(people, [person(5, "Jürgen Öhr", false), person(6, "", true), person(8, "9", false)]);
}

#[test]
fn an_agent_has_the_photo_that_is_on_the_server_itself_and_nobody_else_has_one() {
    let server = Origin::of(Url::parse("https://help.example.com/").unwrap());
    let here = "https://help.example.com/system/photos/1/marta.png";
    let small = "https://help.example.com/system/photos/1/marta_thumb.png";
    let there = "https://spy.example/marta.png";
    let photos = [
        (json!({ "content_url": here, "thumbnails": [{ "content_url": small }] }), Some(small)),
        (json!({ "content_url": there, "mapped_content_url": here }), Some(here)),
        (
            json!({ "content_url": here, "thumbnails": [{ "content_url": there }, 7, { "content_url": small }] }),
            Some(small),
        ),
        (json!({ "content_url": here, "thumbnails": "x" }), Some(here)),
        (json!({ "content_url": there, "thumbnails": [{ "content_url": there }] }), None),
        (json!({ "content_url": 7 }), None),
        (json!("https://help.example.com/a.png"), None),
        (json!(null), None),
    ];
    for (photo, expected) in photos {
        let list = json!([{ "id": 1, "agent": true, "photo": photo }, { "id": 2, "agent": false, "photo": photo }]);
        let list = list.to_string();
        let people = map::people(Document::of(list.as_bytes()).unwrap().root(), server.as_ref());
        let found: Vec<_> = people.iter().map(|person| person.photo.as_deref()).collect();
        assert_eq!(found, [expected, None], "{photo}");
    }
}

#[test]
fn a_comment_is_its_plain_text_with_the_names_of_its_files() {
    let full = read(comment(&json!({
        "id": 9, "author_id": -1, "plain_body": "שלום\u{a0}רב", "body": "שלום רב", "html_body": "<p>שלום&nbsp;רב</p>",
        "public": true, "created_at": "2026-03-03T09:15:00Z", "type": "Comment",
        "attachments": [{ "id": 1, "file_name": "Beleg März.pdf", "content_type": "application/pdf", "size": 48_211,
                          "content_url": "https://help.example.com/attachments/token/x/?name=Beleg" },
                        { "id": 2, "file_name": null, "content_type": null, "size": null }]
    })));
    assert_eq!((full.author, full.body.as_str()), (Some(PersonId(-1)), "שלום\u{a0}רב"));
    let address = "https://help.example.com/attachments/token/x/?name=Beleg".to_owned();
    let receipt = Attachment {
        name: "Beleg März.pdf".into(),
        content_type: "application/pdf".into(),
        size: 48_211,
        id: Some(1),
        address: Some(address),
        ..Attachment::default()
    };
    assert_eq!(full.attachments[0], receipt);
    assert_eq!((full.attachments[1].id, full.attachments[1].size), (Some(2), 0));

    for (plain, body, expected) in
        [(json!(null), json!("Hello"), "Hello"), (json!(""), json!("Hello"), "Hello"), (json!(null), json!(null), "")]
    {
        let text = comment(&json!({ "id": 9, "author_id": 1, "plain_body": plain, "body": body, "attachments": null,
                                    "created_at": "2026-03-03T09:15:00Z" }));
        assert_eq!(read(text).body, expected);
    }
}

#[test]
fn the_anonymous_user_is_nobody() {
    let user = |answer: Value| {
        let answer = answer.to_string();
        map::user(Document::of(answer.as_bytes()).unwrap().root())
    };
    let anonymous = json!({ "user": { "id": null, "name": "Anonymous user", "email": "invalid@example.com" } });
    assert_eq!(user(anonymous), Ok(None));
    let ada =
        json!({ "user": { "id": 17, "name": "Ada Lindqvist", "email": null, "organization_id": 3, "role": "?" } });
    let expected = RemoteUser { id: PersonId(17), name: "Ada Lindqvist".into(), email: None, organization: Some(3) };
    assert_eq!(user(ada), Ok(Some(expected)));
    for odd in [json!({ "user": {} }), json!({}), json!({ "user": { "id": "x" } }), json!([]), json!({ "user": 17 })] {
        assert_eq!(user(odd.clone()), Err(Failure::misbehaves()), "{odd}");
    }
}

#[test]
fn a_token_of_staff_is_refused_and_every_other_role_is_that_of_an_end_user() {
    let user = |role: Option<Value>| {
        let mut answer = json!({ "user": { "id": 17, "name": "Ada Lindqvist", "organization_id": 3 } });
        if let Some(role) = role {
            answer["user"]["role"] = role;
        }
        map::user(Document::of(answer.to_string().as_bytes()).unwrap().root())
    };
    for staff in ["agent", "admin"] {
        assert_eq!(user(Some(json!(staff))), Err(Failure::needs(ReasonKind::AgentToken)), "{staff}");
    }
    let others = [
        json!("end-user"),
        json!(null),
        json!("Agent für alles"),
        json!(""),
        json!(7),
        json!(true),
        json!(["agent"]),
        json!({ "name": "admin" }),
    ];
    for role in others.into_iter().map(Some).chain([None]) {
        let found = user(role.clone()).map(|user| user.map(|user| user.id));
        assert_eq!(found, Ok(Some(PersonId(17))), "{role:?}");
    }
    let anonymous = json!({ "user": { "id": null, "role": "agent" } }).to_string();
    assert_eq!(map::user(Document::of(anonymous.as_bytes()).unwrap().root()), Ok(None), "no id: it is nobody");
}

#[test]
fn a_follow_up_names_the_ticket_that_it_follows() {
    let via = |rel: Value, from: Value| json!({ "channel": "web", "source": { "from": from, "to": {}, "rel": rel } });
    let followed = via(json!("follow_up"), json!({ "ticket_id": 4711, "subject": "Auszahlung fehlt" }));
    for (source, via, expected) in [
        (json!(4711), json!({ "channel": "api" }), Some(4711)),
        (json!("4711"), json!(null), Some(4711)),
        (json!(4711), via(json!("follow_up"), json!({ "ticket_id": 12 })), Some(4711)),
        (json!(null), followed.clone(), Some(4711)),
        (json!([4711]), followed, Some(4711)),
        (json!(null), via(json!("problem"), json!({ "ticket_id": 4711 })), None),
        (json!(null), via(json!(null), json!({ "ticket_id": 4711 })), None),
        (json!(null), via(json!("follow_up"), json!({ "ticket_id": "?" })), None),
        (json!(null), via(json!("follow_up"), json!([4711])), None),
        (json!(null), json!({ "source": "follow_up" }), None),
        (json!(-4), json!("follow_up"), None),
        (json!(9), json!(null), None),
    ] {
        let row = json!({ "id": 9, "subject": "Es ist wieder passiert", "followup_source_id": source, "via": via });
        assert_eq!(read(ticket(&row)).follows.map(|number| number.0), expected, "{row}");
    }
    assert_eq!(read(ticket(&json!({ "id": 9 }))).follows, None);
}

#[test]
fn a_new_ticket_sends_only_values_for_which_the_server_has_fields() {
    let create = |cc: &[&str]| Write::Create {
        subject: "Tracking pixel fires twice".into(),
        description: "Since Monday …".into(),
        issue_type: "technical_setup".into(),
        cc: cc.iter().map(|&address| address.to_owned()).collect(),
        access: false,
        reference: "f3a1".into(),
        uploads: Vec::new(),
        follows: None,
        requester: None,
    };
    assert_eq!(
        wire::body(&create(&["jürgen@example.de"]), &FIELDS),
        json!({ "request": {
            "subject": "Tracking pixel fires twice", "comment": { "body": "Since Monday …" },
            "custom_fields": [{ "id": 360_001, "value": "technical_setup" }, { "id": 360_002, "value": false },
                              { "id": 360_003, "value": "f3a1" }],
            "collaborators": ["jürgen@example.de"]
        } })
    );
    let none = Fields::default();
    assert_eq!(
        wire::body(&create(&[]), &none),
        json!({ "request": { "subject": "Tracking pixel fires twice", "comment": { "body": "Since Monday …" } } })
    );
    assert_eq!(
        wire::body(
            &Write::Reply { body: "Danke! 🎉\n\nAda".into(), structure: None, uploads: Vec::new(), solves: false },
            &FIELDS
        ),
        json!({ "request": { "comment": { "body": "Danke! 🎉\n\nAda" } } })
    );
    let structure = FormattedText::from("Siehe Bild").toggled(0..5, Look::Bold).structured().1;
    assert_eq!(
        wire::body(
            &Write::Reply { body: "Siehe Bild".into(), structure, uploads: vec!["x1".into()], solves: true },
            &FIELDS
        ),
        json!({ "request": { "comment": { "html_body": "<p><b>Siehe</b> Bild</p>", "uploads": ["x1"] }, "solved": true } })
    );
    let with_file = wire::body(
        &Write::Reply { body: "Siehe Bild".into(), structure: None, uploads: vec!["x1".into()], solves: false },
        &FIELDS,
    );
    assert_eq!(with_file, json!({ "request": { "comment": { "body": "Siehe Bild", "uploads": ["x1"] } } }));
}
