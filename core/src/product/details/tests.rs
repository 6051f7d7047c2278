//! What detail screens show.

use serde_json::json;

use super::*;
use crate::model::{Progress, StatusId, StatusKind, Turn};
use crate::product::ServerKind;
use crate::product::condition::Can;

/// impact-mobile with two types of tickets, a section with fields, and a timeline.
fn product() -> Product {
    let words = |escalation: &str, account: &str, review: &str, engineering: &str, resolved: &str| {
        json!({
            "ticket_type.chat": "Chat", "ticket_type.call": "Call", "section.escalation": escalation,
            "field.cp": "CP", "field.account": account, "field.progress": "Progress", "field.progress.review": review,
            "field.progress.engineering": engineering, "field.progress.resolved": resolved, "field.kind": "Kind",
            "field.kind.chat": "Chat", "field.kind.call": "Call", "field.links": "Links", "field.due": "Due",
            "field.seen": "Seen", "hint.escalation": "…", "not.guaranteed": "…"
        })
    };
    let definition = json!({
        "schema": 1, "id": "unseen", "version": 1, "extends": "impact-mobile@1",
        "fields": {
            "kind": { "type": "enum", "values": ["chat", "call"] },
            "cp": { "type": "text", "copy": true }, "account": { "type": "text", "secret": true },
            "seen": { "type": "bool" }, "links": { "type": "list<link>" }, "due": { "type": "day" },
            "progress": { "type": "enum", "values": ["review", "engineering", "resolved"] },
            "dates": { "type": "map<enum,instant>" }
        },
        "ticket_types": [
            { "id": "chat", "from": [{ "field": "kind" }], "sections": ["facts", "thread"] },
            { "id": "call", "from": [{ "field": "kind" }], "sections": ["escalation?", "facts", "thread"] }
        ],
        "ticket_type_unknown": { "sections_of": "chat" },
            "sections": {
            "facts": ["number", "status", "kind", "issue_type?", "cc?", "seen", "links?"],
            "escalation": {
                "collapsible": true, "hint": "@hint.escalation", "show": ["cp?", "account?"],
                "timeline": {
                    "state": "progress", "dates": "dates", "action": { "engineering": "follow_up" },
                    "estimate": { "field": "due", "until": "resolved", "note": "@not.guaranteed" }
                }
            }
        },
        "strings": {
            "en": words("Escalation", "Account", "Under review", "Engineering in progress", "Resolved"),
            "de": words("Eskalation", "Konto", "Wird geprüft", "Engineering in Progress", "Behoben"),
            "es": words("Escalación", "Cuenta", "En revisión", "Ingeniería en curso", "Resuelta")
        }
    });
    Product::from_json(&definition.to_string(), ServerKind::Zendesk).unwrap()
}

fn known(values: &[(&str, FieldValue)]) -> DetailFacts {
    let values: BTreeMap<_, _> = values.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    let status =
        TicketStatus { id: Some(StatusId("closed".into())), kind: StatusKind::Closed, turn: Turn::Nobody, label: None };
    let mut known = DetailFacts {
        number: Some("#4711".into()),
        status: Some(status.clone()),
        issue_type: Some("payments_finance".into()),
        values,
        ..DetailFacts::default()
    };
    known.facts = TicketFacts {
        status: Some(status),
        is_mine: true,
        ticket_type: product().ticket_type(&known.values).map(str::to_owned),
        fields: known.as_texts(),
        can: [Can::FollowUp].into(),
        ..TicketFacts::default()
    };
    known
}

fn value(value: &str) -> FieldValue {
    FieldValue::Enum(value.to_owned())
}

fn section<'a>(parts: &'a [DetailPart], id: &str) -> Option<&'a DetailSection> {
    parts.iter().find_map(|part| match part {
        DetailPart::Section(section) if section.id == id => Some(section),
        _ => None,
    })
}

fn shown<'a>(section: &'a DetailSection, wanted: &str) -> Option<(&'a str, Option<&'a ShownValue>)> {
    section.items.iter().find_map(|item| match item {
        DetailItem::Value { id, label, value, .. } if id == wanted => Some((label.as_str(), value.as_ref())),
        _ => None,
    })
}

#[test]
fn a_ticket_without_a_type_shows_its_facts_and_its_thread() {
    let product = Product::built_in().unwrap();
    let known = DetailFacts { access: Some(true), requester: Some("Ada Lindqvist".into()), ..known(&[]) };
    let parts = product.details(&known, &product.strings("de"));
    assert_eq!(parts[1..], [DetailPart::Thread]);
    let facts = section(&parts, "facts").unwrap();
    let text = |text: &str| ShownValue::Text(text.to_owned());
    assert_eq!(shown(facts, "number"), Some(("Ticketnummer", Some(&text("#4711")))));
    assert_eq!(shown(facts, "issue_type"), Some(("Art des Problems", Some(&text("Zahlungen & Finanzen")))));
    assert_eq!(shown(facts, "access").unwrap().1, Some(&text("Alle Benutzer des Kontos")));
    assert_eq!(shown(facts, "requester").unwrap().1, Some(&text("Sie")), "the user's own ticket");
    assert_eq!(shown(facts, "cc"), None, "nobody is copied on it");
    assert_eq!(shown(facts, "created"), Some(("Erstellt", None)), "not known, and not hidden");
}

#[test]
fn each_type_shows_its_own_sections_with_typed_values() {
    let product = product();
    let links = FieldValue::List(vec![
        FieldValue::Link { title: Some("Anleitung 📘".into()), url: "https://help.example/a".into() },
        FieldValue::Link { title: None, url: "https://help.example/b".into() },
    ]);
    let chat = known(&[("kind", value("chat")), ("seen", FieldValue::Bool(false)), ("links", links)]);
    let parts = product.details(&chat, &product.strings("es"));
    assert!(section(&parts, "escalation").is_none());
    let facts = section(&parts, "facts").unwrap();
    assert_eq!(shown(facts, "seen").unwrap().1, Some(&ShownValue::Text("No".into())));
    let link = |title: &str, url: &str| ShownLink { title: title.to_owned(), url: url.to_owned() };
    let expected =
        [link("Anleitung 📘", "https://help.example/a"), link("https://help.example/b", "https://help.example/b")];
    assert_eq!(shown(facts, "links").unwrap().1, Some(&ShownValue::Links(expected.to_vec())));
    // A value that the definition does not know is shown as the server calls it.
    let mut odd = known(&[("kind", value("fax"))]);
    let label = |known: &DetailFacts| {
        let parts = product.details(known, &product.strings("en"));
        shown(section(&parts, "facts").unwrap(), "kind").unwrap().1.cloned()
    };
    assert_eq!(label(&odd), Some(ShownValue::Text("fax".into())));
    odd.option_labels.insert(("kind".into(), "fax".into()), "By fax".into());
    assert_eq!(label(&odd), Some(ShownValue::Text("By fax".into())));
}

#[test]
fn a_timeline_has_every_step_with_its_date_and_what_it_asks_for() {
    let product = product();
    let at = Timestamp(1_772_712_000_000);
    let dates = FieldValue::Map([("review".to_owned(), FieldValue::Instant(at))].into());
    let mut call = known(&[
        ("kind", value("call")),
        ("progress", value("engineering")),
        ("dates", dates),
        ("due", FieldValue::Day("2026-04-01".into())),
    ]);
    let parts = product.details(&call, &product.strings("en"));
    let escalation = section(&parts, "escalation").unwrap();
    assert_eq!((escalation.title.as_deref(), escalation.collapsible), (Some("Escalation"), true));
    let timeline = escalation.timeline.as_ref().unwrap();
    let steps: Vec<_> =
        timeline.steps.iter().map(|step| (&*step.label, step.progress, step.at, step.action.as_deref())).collect();
    assert_eq!(
        steps,
        [
            ("Under review", Progress::Done, Some(at), None),
            ("Engineering in progress", Progress::Current, None, Some("follow_up")),
            ("Resolved", Progress::NotReached, None, None),
        ]
    );
    assert_eq!(timeline.estimate.as_ref().unwrap().at, ShownValue::Day("2026-04-01".into()));
    // At its end nothing is estimated any more. Without a step there is no timeline, and the section is hidden.
    call.values.insert("progress".into(), value("resolved"));
    let parts = product.details(&call, &product.strings("en"));
    assert_eq!(section(&parts, "escalation").unwrap().timeline.as_ref().unwrap().estimate, None);
    call.values.remove("progress");
    assert!(section(&product.details(&call, &product.strings("en")), "escalation").is_none());
}
