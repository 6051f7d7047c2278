//! Rows as servers really send them: what is odd costs itself alone.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{NOW, comment, mapping, read, ticket};
use crate::connectors::json::{Document, Row, Rows};
use crate::model::{LARGEST_BODY, LONGEST_NAME, PersonId, RemoteTicket, ServerStatus, TicketNumber, Timestamp};

const WRITTEN: Timestamp = Timestamp(1_772_529_300_000);

fn good(id: i64) -> Value {
    json!({ "id": id, "subject": "Rückerstattung 🙏", "description": "…", "status": "open", "requester_id": 17,
            "created_at": "2026-03-03T09:15:00Z", "updated_at": "2026-03-03T09:15:00Z", "custom_fields": [],
            "can_be_solved_by_me": false, "collaborator_ids": [], "email_cc_ids": [], "via": { "channel": "api" },
            "followup_source_id": 4 })
}

fn note(id: i64) -> Value {
    json!({ "id": id, "author_id": 17, "plain_body": "Danke", "body": "Danke", "html_body": "Danke", "public": true,
            "created_at": "2026-03-03T09:15:00Z", "attachments": [] })
}

fn with(mut row: Value, field: &str, value: Value) -> Value {
    row[field] = value;
    row
}

/// Every kind of value that a field should not have.
fn odd_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("?"),
        json!([]),
        json!([1]),
        json!({}),
    ]
}

#[test]
fn every_field_of_a_ticket_but_its_id_may_be_odd_or_missing() {
    let row = good(5);
    for name in row.as_object().unwrap().keys().filter(|name| *name != "id") {
        for value in odd_values() {
            let odd = with(row.clone(), name, value);
            assert_eq!(read(ticket(&odd)).number, TicketNumber(5), "{odd}");
        }
        let mut without = row.clone();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(read(ticket(&without)).number, TicketNumber(5), "without {name}");
    }
    assert_eq!(read(ticket(&json!({ "id": "5" }))).number, TicketNumber(5));
    for id in [json!(null), json!("x"), json!(0), json!(-5), json!(5.5), json!([5]), json!({ "id": 5 }), json!(true)] {
        assert!(matches!(ticket(&with(row.clone(), "id", id.clone())), Row::Unreadable(None)), "{id}");
    }
    for row in [json!(null), json!(5), json!("5"), json!([]), json!({})] {
        assert!(matches!(ticket(&row), Row::Unreadable(None)), "{row}");
    }
}

#[test]
fn an_odd_value_of_a_ticket_is_read_as_far_as_it_makes_sense() {
    type Shown = fn(&RemoteTicket) -> String;
    let rows: [(&str, Value, Shown, &str); 14] = [
        ("subject", json!(2026), |ticket| ticket.subject.clone(), "2026"),
        ("subject", json!(false), |ticket| ticket.subject.clone(), "false"),
        ("subject", json!(["a"]), |ticket| ticket.subject.clone(), ""),
        ("subject", json!(null), |ticket| ticket.subject.clone(), ""),
        ("status", json!("escalated"), |ticket| format!("{:?}", ticket.status), "Unknown"),
        ("status", json!(3), |ticket| format!("{:?}", ticket.status), "Unknown"),
        ("requester_id", json!(null), |ticket| format!("{:?}", ticket.requester), "None"),
        ("requester_id", json!("17"), |ticket| format!("{:?}", ticket.requester), "Some(PersonId(17))"),
        ("can_be_solved_by_me", json!("yes"), |ticket| format!("{:?}", ticket.can_solve), "None"),
        ("collaborator_ids", json!({ "a": 1 }), |ticket| format!("{:?}", ticket.cc), "[]"),
        ("custom_fields", json!({ "360001": "x" }), |ticket| format!("{:?}", ticket.issue_type), "None"),
        (
            "custom_fields",
            json!([7, null, { "id": "360001", "value": "x" }]),
            |ticket| format!("{:?}", ticket.issue_type),
            "Some(\"x\")",
        ),
        ("custom_fields", json!([{ "id": 360_001, "value": 7 }]), |ticket| format!("{:?}", ticket.issue_type), "None"),
        ("custom_fields", json!([{ "id": 360_002, "value": "yes" }]), |ticket| format!("{:?}", ticket.access), "None"),
    ];
    for (field, value, shown, expected) in rows {
        assert_eq!(shown(&read(ticket(&with(good(5), field, value.clone())))), expected, "{field}: {value}");
    }
    for (status, can_solve) in [("open", Some(false)), ("solved", None), ("closed", None)] {
        assert_eq!(read(ticket(&with(good(5), "status", json!(status)))).can_solve, can_solve, "{status}");
    }
    let mut plain = good(5);
    plain["status"] = json!(null);
    assert_eq!(read(ticket(&plain)).status, ServerStatus::Unknown);
}

#[test]
fn a_ticket_with_odd_times_has_usable_ones() {
    for (created, updated, expected) in [
        ("0000-01-01T00:00:00Z", "2026-03-03T09:15:00Z", (WRITTEN, WRITTEN)),
        ("2026-03-03T09:15:00Z", "10000-01-01T00:00:00Z", (WRITTEN, WRITTEN)),
        ("2026-03-03T09:15:00Z", "9999-12-31T23:59:59Z", (WRITTEN, NOW)),
        ("2026-03-03T09:15:00Z", "1970-01-01T00:00:00Z", (WRITTEN, WRITTEN)),
        ("gestern", "", (NOW, NOW)),
        ("9999-12-31T23:59:59Z", "gestern", (NOW, NOW)),
    ] {
        let row = with(with(good(5), "created_at", json!(created)), "updated_at", json!(updated));
        let ticket = read(ticket(&row));
        assert_eq!((ticket.created_at, ticket.updated_at), expected, "{created} {updated}");
    }
}

#[test]
fn every_field_of_a_comment_but_its_id_may_be_odd_or_missing() {
    let row = note(9);
    for name in row.as_object().unwrap().keys().filter(|name| !matches!(name.as_str(), "id" | "public")) {
        for value in odd_values() {
            let odd = with(row.clone(), name, value);
            assert_eq!(read(comment(&odd)).id.0, 9, "{odd}");
        }
        let mut without = row.clone();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(read(comment(&without)).id.0, 9, "without {name}");
    }
    for (author, expected) in [(json!(null), None), (json!("17"), Some(PersonId(17))), (json!({}), None)] {
        assert_eq!(read(comment(&with(note(9), "author_id", author))).author, expected);
    }
    assert_eq!(read(comment(&with(note(9), "created_at", json!("9999-12-31T00:00:00Z")))).created_at, NOW);
    assert_eq!(read(comment(&with(note(9), "created_at", json!(null)))).created_at, NOW);
    for size in [json!(-1), json!(null), json!(1.5), json!("7"), json!("viel"), json!([]), json!(u64::MAX)] {
        let file = json!([{ "id": 1, "file_name": "Beleg.pdf", "size": size }, null, 7, {}]);
        let files = read(comment(&with(note(9), "attachments", file))).attachments;
        assert_eq!((files.len(), files[0].name.as_str()), (2, "Beleg.pdf"), "{size}");
    }
    // Nothing of it can be shown.
    let unreadable = with(with(with(note(9), "plain_body", json!({})), "body", json!([1])), "html_body", json!(null));
    assert!(matches!(comment(&unreadable), Row::Unreadable(Some(9))));
    assert!(matches!(comment(&with(note(9), "id", json!("neun"))), Row::Unreadable(None)));
}

#[test]
fn what_a_server_names_is_one_harmless_line() {
    let named = with(good(5), "subject", json!("Rechnung\r\nBcc: x@y.example\u{7} \u{202e}fdp.exe"));
    assert_eq!(read(ticket(&named)).subject, "Rechnung Bcc: x@y.example fdp.exe");
    for (sent, kept) in [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Benutzer\\Ada\\Bild \u{202e}gpj.exe", "Bild gpj.exe"),
        ("a\u{0}b\n.pdf", "ab.pdf"),
        ("Beleg „März“ 写真.pdf", "Beleg „März“ 写真.pdf"),
    ] {
        let files = json!([{ "id": 1, "file_name": sent }, { "id": 2, "file_name": "ä".repeat(5_000) }]);
        let files = read(comment(&with(note(9), "attachments", files))).attachments;
        assert_eq!(files[0].name, kept, "{sent:?}");
        assert!(files[1].name.len() <= LONGEST_NAME && !files[1].name.is_empty());
    }
}

#[test]
fn a_private_note_is_never_shown() {
    for private in [json!(false), json!("false"), json!(0)] {
        assert!(matches!(comment(&with(note(9), "public", private)), Row::Hidden));
    }
    for public in [json!(true), json!(null), json!("?")] {
        assert_eq!(read(comment(&with(note(9), "public", public))).body, "Danke");
    }
}

#[test]
fn a_comment_that_is_too_large_to_keep_is_cut_and_says_so() {
    let whole = read(comment(&with(note(9), "plain_body", json!("ä".repeat(LARGEST_BODY / 2)))));
    assert_eq!((whole.body.len(), whole.shortened), (LARGEST_BODY, false));
    let cut = read(comment(&with(note(9), "plain_body", json!("x".to_owned() + &"ä".repeat(LARGEST_BODY)))));
    assert_eq!((cut.body.len(), cut.shortened), (LARGEST_BODY - 1, true));
    let huge = read(comment(&with(note(9), "plain_body", json!("\u{1}🙂".repeat(2_000_000)))));
    assert!(huge.shortened && huge.body.len() <= LARGEST_BODY);
    assert!(
        read(ticket(&with(good(5), "description", json!("ä".repeat(LARGEST_BODY))))).description.unwrap().len()
            <= LARGEST_BODY
    );
}

/// A row that has no usable id.
fn odd_row() -> impl Strategy<Value = Value> {
    let id =
        prop_oneof![Just(json!(null)), Just(json!("?")), Just(json!(-3)), Just(json!({ "id": 4 })), Just(json!(4.5))];
    prop_oneof![
        Just(json!(null)),
        any::<i64>().prop_map(|row| json!(row)),
        "\\PC{0,10}".prop_map(|row| json!(row)),
        id.prop_map(|id| with(good(1), "id", id)),
    ]
}

proptest! {
    #[test]
    fn odd_rows_among_good_ones_are_counted_and_cost_nothing_else(
        rows in prop::collection::vec(prop_oneof![odd_row().prop_map(|row| (row, false)), (1..1_000_i64).prop_map(|id| (good(id), true))], 0..20),
    ) {
        let expected: Vec<i64> = rows.iter().filter(|(_, good)| *good).map(|(row, _)| row["id"].as_i64().unwrap()).collect();
        let odd = rows.len() - expected.len();
        let body = json!(rows.into_iter().map(|(row, _)| row).collect::<Vec<_>>()).to_string();
        let document = Document::of(body.as_bytes()).unwrap();
        let Rows { read, unreadable } = document.root().rows(|row| mapping().ticket(row)).unwrap();
        prop_assert_eq!(read.iter().map(|ticket| ticket.number.0).collect::<Vec<_>>(), expected);
        prop_assert_eq!(unreadable.ids.len() + unreadable.unknown as usize, odd);
    }

    #[test]
    fn no_row_makes_the_mapping_panic(row in "[{}\\[\\]\":,a-z0-9\\\\ud8\u{202e}-]{0,80}", id in any::<i64>()) {
        for text in [row.clone(), format!("{{\"id\":{id},\"subject\":{row}}}"), format!("{{\"id\":{id},\"body\":\"{row}\"}}")] {
            if let Some(document) = Document::of(text.as_bytes()) {
                mapping().ticket(document.root());
                mapping().comment(document.root());
            }
        }
    }
}

#[test]
fn a_type_an_address_and_a_value_are_bounded_lines() {
    let long = "ä".repeat(200_000);
    let files = json!([
        { "id": 1, "content_type": "image/png\r\nX: \u{7}y", "content_url": "https://desk.example/a\u{0}b" },
        { "id": 2, "content_type": long, "content_url": long },
        { "id": 3, "content_type": "image/png", "content_url": "https://desk.example/a?name=B%C3%A4r.png" },
    ]);
    let files = read(comment(&with(note(9), "attachments", files))).attachments;
    assert_eq!((&*files[0].content_type, &files[0].address), ("image/png X: y", &None));
    assert!(files[1].content_type.len() < 40_000 && files[1].address.is_none());
    assert_eq!(files[2].address.as_deref(), Some("https://desk.example/a?name=B%C3%A4r.png"));
    let custom = json!([{ "id": 360_001, "value": long }, { "id": 360_003, "value": "r-1\n\u{202e}" }]);
    let ticket = read(ticket(&with(good(5), "custom_fields", custom)));
    assert!(ticket.issue_type.unwrap().len() < 40_000);
    assert_eq!(ticket.client_reference.as_deref(), Some("r-1"));
}
