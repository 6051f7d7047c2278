//! What the company has set up, as recorded answers show it, and as no answer should.

use serde_json::{Value, json};

use crate::connectors::json::{Document, Row, Rows};
use crate::connectors::zendesk::set_up::{CustomStatus, FieldOption, TicketField, custom_status, ticket_field};
use crate::connectors::zendesk::values::{Values, custom_fields, values};
use crate::model::{RawValue, ServerStatus, Unreadable};

/// An answer of the service, shortened.
const STATUSES: &str = r#"{ "custom_statuses": [
    { "url": "https://help.example.com/api/v2/custom_statuses/35436.json", "id": 35436, "status_category": "open",
      "agent_label": "Responded quickly", "raw_agent_label": "Responded quickly", "end_user_label": "In Bearbeitung",
      "raw_end_user_label": "{{dc.in_progress}}", "description": "Customer was responded to quickly",
      "end_user_description": "Wir haben Ihre Anfrage geprüft und arbeiten daran.", "active": true, "default": false,
      "created_at": "2021-07-20T22:55:29Z", "updated_at": "2021-07-20T22:55:29Z" },
    { "id": 35437, "status_category": "solved", "agent_label": "Solved", "end_user_label": "تم الحل ✅",
      "end_user_description": "", "active": false, "default": true },
    { "id": 35438, "status_category": "triage", "agent_label": "?", "end_user_label": null, "end_user_description": null,
      "active": null, "default": null, "form_ids": [1] } ] }"#;

const FIELDS: &str = r#"{ "ticket_fields": [
    { "url": "https://help.example.com/api/v2/ticket_fields/34.json", "id": 34, "type": "subject", "title": "Subject",
      "raw_title": "Subject", "title_in_portal": "Betreff", "active": true, "required_in_portal": true,
      "visible_in_portal": true, "editable_in_portal": true, "removable": false, "regexp_for_validation": null },
    { "id": 89, "type": "tagger", "title": "Issue type", "title_in_portal": "Art des Problems", "active": true,
      "required_in_portal": false, "visible_in_portal": true, "editable_in_portal": true, "custom_field_options": [
        { "id": 21938362, "name": "Zahlungen & Finanzen", "raw_name": "{{dc.payments}}", "value": "payments_finance", "default": true },
        { "id": 21938372, "name": "", "value": "contracts", "position": 1 },
        { "id": 21938382, "name": "Ohne Kennung", "value": null }, "odd" ] },
    { "id": 90, "type": "holographic_signature", "title": "Unterschrift", "title_in_portal": "", "visible_in_portal": true } ],
  "next_page": null, "previous_page": null, "count": 3 }"#;

fn rows<T>(answer: &str, name: &str, read: impl FnMut(crate::connectors::json::Json<'_>) -> Row<T>) -> Rows<T> {
    let document = Document::of(answer.as_bytes()).unwrap();
    let [list] = document.root().fields([name]);
    list.rows(read).unwrap()
}

fn statuses(answer: &str) -> Rows<CustomStatus> {
    rows(answer, "custom_statuses", custom_status)
}

fn fields(answer: &str) -> Rows<TicketField> {
    rows(answer, "ticket_fields", ticket_field)
}

fn values_of(ticket: &Value) -> Values {
    let ticket = ticket.to_string();
    let document = Document::of(ticket.as_bytes()).unwrap();
    let [custom_status, custom] = document.root().fields(["custom_status_id", "custom_fields"]);
    values(custom_status, &custom_fields(custom))
}

#[test]
fn a_custom_status_is_what_end_users_read() {
    let Rows { read, unreadable } = statuses(STATUSES);
    assert!(unreadable.is_empty());
    let open = CustomStatus {
        id: 35436,
        category: ServerStatus::Open,
        label: Some("In Bearbeitung".into()),
        explanation: Some("Wir haben Ihre Anfrage geprüft und arbeiten daran.".into()),
        is_active: true,
        is_default: false,
    };
    let solved = CustomStatus {
        id: 35437,
        category: ServerStatus::Solved,
        label: Some("تم الحل ✅".into()),
        explanation: None,
        is_active: false,
        is_default: true,
    };
    let odd = CustomStatus {
        id: 35438,
        category: ServerStatus::Unknown,
        label: None,
        explanation: None,
        is_active: true,
        is_default: false,
    };
    assert_eq!(read, [open, solved, odd]);
}

#[test]
fn a_ticket_field_has_the_portals_title_its_rights_and_its_options() {
    let Rows { read, unreadable } = fields(FIELDS);
    assert!(unreadable.is_empty());
    let titles: Vec<_> = read.iter().map(|field| (field.id, &*field.kind, field.title.as_deref())).collect();
    assert_eq!(
        titles,
        [
            (34, "subject", Some("Betreff")),
            (89, "tagger", Some("Art des Problems")),
            (90, "holographic_signature", Some("Unterschrift")),
        ]
    );
    let rights: Vec<_> = read.iter().map(|field| (field.is_visible, field.is_editable, field.is_required)).collect();
    assert_eq!(rights, [(true, true, true), (true, true, false), (true, false, false)]);
    let option = |value: &str, name: &str| FieldOption { value: value.into(), name: name.into() };
    assert_eq!(read[1].options, [option("payments_finance", "Zahlungen & Finanzen"), option("contracts", "contracts")]);
    assert!(read[0].options.is_empty() && read[2].options.is_empty());
}

#[test]
fn an_odd_value_costs_itself_and_a_row_without_an_id_costs_that_row() {
    let odd =
        [json!(null), json!(true), json!(7), json!(-1.5), json!(""), json!("?"), json!([]), json!([1]), json!({})];
    for (list, answer, id) in [("custom_statuses", STATUSES, 35436), ("ticket_fields", FIELDS, 89)] {
        let answer: Value = serde_json::from_str(answer).unwrap();
        let row = answer[list].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap();
        for name in row.as_object().unwrap().keys().filter(|name| *name != "id") {
            for value in &odd {
                let mut changed = row.clone();
                changed[name] = value.clone();
                let answer = json!({ list: [changed] }).to_string();
                let ids: Vec<i64> = match list {
                    "ticket_fields" => fields(&answer).read.iter().map(|field| field.id).collect(),
                    _ => statuses(&answer).read.iter().map(|status| status.id).collect(),
                };
                assert_eq!(ids, [id], "{answer}");
            }
        }
        let mut rows = vec![row.clone()];
        rows.extend([json!(null), json!(5), json!([]), json!({ "id": "x" }), json!({ "id": -3 })]);
        let answer = json!({ list: rows }).to_string();
        let (read, unreadable) = match list {
            "ticket_fields" => (fields(&answer).read.len(), fields(&answer).unreadable),
            _ => (statuses(&answer).read.len(), statuses(&answer).unreadable),
        };
        assert_eq!((read, unreadable), (1, Unreadable { ids: Vec::new(), unknown: 5 }));
    }
}

#[test]
fn a_ticket_names_its_custom_status_and_the_values_that_it_has() {
    let text = |text: &str| RawValue::Text(text.to_owned());
    let ticket = json!({ "id": 4711, "custom_status_id": 35436, "custom_fields": [
        { "id": 1, "value": "esc_eng" }, { "id": 2, "value": true }, { "id": 3, "value": null }, { "id": 4, "value": "" },
        { "id": 5, "value": ["emea", "dach"] }, { "id": 6, "value": 12.50 }, { "id": "7", "value": "Zeile 1\nשורה 2 🙏" },
        { "id": 8, "value": [] }, { "id": 9, "value": { "unknown": 1 } }, { "value": "no id" }, 7, null,
        { "id": 10, "value": [{ "odd": 1 }, null, "one"] }, { "id": 1, "value": "esc_done" }
    ] });
    let expected = Values {
        custom_status: Some(35436),
        fields: vec![
            (2, RawValue::Flag(true)),
            (5, RawValue::List(vec!["emea".into(), "dach".into()])),
            (6, RawValue::Number("12.5".into())),
            (7, text("Zeile 1\nשורה 2 🙏")),
            (10, RawValue::List(vec!["one".into()])),
            (1, text("esc_done")),
        ],
    };
    assert_eq!(values_of(&ticket), expected);
    for odd in [
        json!({}),
        json!(null),
        json!([]),
        json!({ "custom_status_id": null, "custom_fields": null }),
        json!({ "custom_status_id": "in progress", "custom_fields": { "1": "x" } }),
        json!({ "custom_status_id": 0 }),
    ] {
        assert_eq!(values_of(&odd), Values::default(), "{odd}");
    }
}
