//! What a developer who writes a definition relies on: the shipped ones can be read, a wrong one is refused with its place,
//! and layers merge as documented.

use serde_json::{Value, json};

use super::{Definition, DefinitionError, Layers, SHIPPED};
use crate::product::{Product, ServerKind};

const MOBILE: &str = include_str!("../../../products/impact-mobile.json");
const WEB: &str = include_str!("../../../products/impact-web.json");

fn load(text: &str) -> Result<Definition, DefinitionError> {
    Definition::load(&Layers::of(text, &[])?)
}

/// The definition for each kind of server that it has settings for.
fn load_for_its_servers(text: &str) -> Result<Definition, DefinitionError> {
    let definition = load(text)?;
    let kinds = [
        (ServerKind::Zendesk, definition.connectors.zendesk.is_some()),
        (ServerKind::RequestTracker, definition.connectors.request_tracker.is_some()),
    ];
    for (server, _) in kinds.into_iter().filter(|(_, has_settings)| *has_settings) {
        Product::from_json(text, server)?;
    }
    Ok(definition)
}

/// The definition with another value at the pointer; a value that is not there yet is added.
fn with(text: &str, pointer: &str, value: Value) -> String {
    let mut json: Value = serde_json::from_str(text).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match json.pointer_mut(parent).unwrap() {
        Value::Object(object) => {
            object.insert(name.to_owned(), value);
        }
        Value::Array(list) => match name.parse::<usize>() {
            Ok(index) => list[index] = value,
            Err(_) => list.push(value),
        },
        other => panic!("{pointer} is in {other}"),
    }
    serde_json::to_string_pretty(&json).unwrap()
}

#[test]
fn what_is_shipped_can_be_read() {
    for (name, text) in SHIPPED.iter().filter(|(name, _)| !name.starts_with("pocketdesk/")) {
        let definition = load(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(format!("{}@{}", definition.id, definition.version), **name);
    }
}

#[test]
fn settings_for_a_server_that_is_not_used_need_not_be_complete() {
    // The custom status has a place on the one server. What impact-mobile says of the other one knows nothing of it.
    let own = json!({
        "schema": 1, "id": "own", "version": 1, "extends": "impact-mobile@1",
        "status_from": [
            { "custom": ["technician"], "to": "pending" }, { "system": ["new", "open", "hold"], "to": "open" },
            { "system": ["pending"], "to": "awaiting_reply" }, { "system": ["solved"], "to": "solved" },
            { "system": ["closed"], "to": "closed" }
        ],
        "connectors": { "zendesk": { "custom_statuses": { "technician": 9001 } } }
    });
    Product::from_json(&own.to_string(), ServerKind::Zendesk).unwrap();
    let error = Product::from_json(&own.to_string(), ServerKind::RequestTracker).unwrap_err();
    assert_eq!(error.path, "connectors.request_tracker.custom_statuses", "{error}");
}

#[test]
fn an_error_names_the_line_the_path_and_the_reason() {
    let odd = "{ \"schema\": 1, \"id\": \"odd\", \"version\": 1, \"extends\": \"impact-mobile@1\",\n  \"statuses\": [\n    { \"id\": \"closed\",\n      \"kind\": \"shut\" } ] }";
    let error = load(odd).unwrap_err();
    assert_eq!((error.line, error.path.as_str()), (4, "statuses[4].kind"), "{error}");
    assert!(error.what.contains("shut") && error.what.contains("awaiting_user"), "{error}");
    assert!(error.to_string().starts_with("the definition, line 4, column"), "{error}");
    let error = load("{ \"schema\": 1,\n  \"id\": ").unwrap_err();
    assert_eq!((error.line, error.what.as_str()), (2, "no JSON"));
}

/// A change of a definition, and the path that the error has to name.
type Case = (&'static str, &'static str, Value, &'static str);

fn refused(cases: impl IntoIterator<Item = Case>) {
    let mut wrong = Vec::new();
    for (text, pointer, value, path) in cases {
        match load_for_its_servers(&with(text, pointer, value)) {
            Err(error) if error.path == path && error.line > 0 => {}
            other => wrong.push(format!("{pointer}, expected at {path}: {:?}", other.map(|read| read.id))),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn wrong_statuses_and_forms_are_refused_at_their_place() {
    let many: Vec<Value> =
        (0..1_000).map(|n| json!({ "id": format!("s{n}"), "kind": "open", "turn": "you", "reply": "yes" })).collect();
    refused([
        (MOBILE, "/schema", json!(2), "schema"),
        (MOBILE, "/id", json!("Impact Mobile"), "id"),
        (MOBILE, "/holograms", json!(true), "holograms"),
        (MOBILE, "/statuses/0/colour", json!("red"), "statuses[0].colour"),
        (MOBILE, "/statuses", json!([]), "statuses"),
        (MOBILE, "/statuses", Value::Array(many), "statuses"),
        (MOBILE, "/statuses/1/id", json!("open"), "statuses[1].id"),
        (MOBILE, "/statuses/1/id", json!("Open"), "statuses[1].id"),
        (MOBILE, "/statuses/1/turn", json!("desk"), "statuses[1].turn"),
        (MOBILE, "/status_from/0/to", json!("unheard_of"), "status_from[0].to"),
        (MOBILE, "/status_from/5", json!({ "system": ["solved"], "to": "solved" }), "status_from"),
        (MOBILE, "/status_from/0", json!({ "to": "open" }), "status_from[0]"),
        (MOBILE, "/status_from/0/custom", json!(["vip"]), "connectors.zendesk.custom_statuses"),
        (MOBILE, "/issue_types/1/fallback", json!(true), "issue_types[1].fallback"),
        (
            MOBILE,
            "/issue_types/1/id",
            json!("weather"),
            "connectors.request_tracker.fields.issue_type.values.Technical Setup",
        ),
        (MOBILE, "/create/order", json!(["issue_type", "description"]), "create.order"),
        (MOBILE, "/create/order/-", json!("visit_at"), "create.order[5]"),
        (MOBILE, "/create/order/-", json!("subject"), "create.order[5]"),
        (MOBILE, "/create/order/-", json!("attachments"), "create.order[5]"),
        (MOBILE, "/create/cc", json!(null), "create.order[2]"),
        (MOBILE, "/create/subject/max", json!(0), "create.subject.max"),
        (MOBILE, "/create/subject/max", json!(-1), "create.subject.max"),
        (MOBILE, "/create/access/needs", json!("can.fly"), "create.access.needs"),
        (MOBILE, "/create/access/needs", json!("status=open"), "create.access.needs"),
        (WEB, "/create/cc/when", json!(["draft.weather"]), "create.cc.when[0]"),
        (WEB, "/create/cc/else", json!("drop"), "create.cc.else"),
        (WEB, "/create/cc/else", json!("keep_aside:@unheard.of"), "create.cc.else"),
        (WEB, "/attachments/in", json!([]), "attachments.in"),
        (WEB, "/attachments/max_files", json!(0), "attachments.max_files"),
        (WEB, "/attachments/max_bytes", json!(50_000_001), "attachments.max_bytes"),
        (WEB, "/attachments/types", json!([]), "attachments.types"),
        (WEB, "/attachments/types", json!(["png", "svg"]), "attachments.types[1]"),
        (WEB, "/attachments/types", json!(["jpg", "JPEG"]), "attachments.types[1]"),
        (WEB, "/history/columns/-", json!("weather"), "history.columns[5]"),
        (WEB, "/history/sort", json!(["created"]), "history.default_sort"),
        (WEB, "/history/filters/-", json!("colour"), "history.filters[3]"),
        (WEB, "/history/since", json!({ "ticket": "2019-02-30", "zone": "UTC" }), "history.since.ticket"),
    ]);
}

#[test]
fn wrong_entries_actions_and_connectors_are_refused_at_their_place() {
    refused([
        (WEB, "/entries/0/to", json!("javascript:alert(1)"), "entries[0].to"),
        (WEB, "/entries/0/to", json!("http://help.example.com/"), "entries[0].to"),
        (WEB, "/entries/0/to", json!("intent://x#Intent;end"), "entries[0].to"),
        (WEB, "/entries/0/id", json!("unnamed"), "entries[0]"),
        (WEB, "/entries/0/when", json!(["status=open"]), "entries[0].when[0]"),
        (WEB, "/entries/0/languages", json!(["Deutsch"]), "entries[0].languages[0]"),
        (WEB, "/articles", json!(null), "entries[1].to"),
        (WEB, "/actions/0/who", json!("everybody"), "actions[0].who"),
        (WEB, "/actions/0/when", json!(["status=unheard_of"]), "actions[0].when[0]"),
        (WEB, "/actions/0/when", json!(["role=king"]), "actions[0].when[0]"),
        (WEB, "/actions/0/instead_of", json!("add_cc"), "actions[0].instead_of"),
        (WEB, "/actions/-", json!({ "id": "x", "kind": "dance", "who": "any" }), "actions[2].kind"),
        (WEB, "/actions/-", json!({ "id": "x", "kind": "reply", "who": "any" }), "actions[2]"),
        (WEB, "/actions/-", json!({ "id": "x", "kind": "toggle", "who": "any", "field": "x" }), "actions[2].field"),
        (
            WEB,
            "/actions/-",
            json!({ "id": "x", "kind": "feedback", "who": "owner", "rating": ["bad", "good"] }),
            "actions[2]",
        ),
        (WEB, "/roles", json!({ "owner": ["role=owner"] }), "roles.owner[0]"),
        (WEB, "/fields", json!({ "Visit": { "type": "instant" } }), "fields.Visit"),
        (WEB, "/fields", json!({ "visit": { "type": "moment" } }), "fields.visit.type"),
        (WEB, "/fields", json!({ "visit": { "type": "enum" } }), "fields.visit.values"),
        (WEB, "/fields", json!({ "visit": { "type": "enum", "values": ["a", "a"] } }), "fields.visit.values[1]"),
        (WEB, "/sections", json!({ "facts": ["weather"] }), "sections.facts.show[0]"),
        (WEB, "/sections", json!({ "facts": ["action:dance"] }), "sections.facts.show[0]"),
        (WEB, "/ticket_types", json!([{ "id": "mail", "sections": ["thread"] }]), "ticket_type_unknown"),
        (WEB, "/strings/de/status.open", json!(null), "strings.de.status.open"),
        (WEB, "/strings/de/extra", json!("Nur hier"), "strings.en"),
        (WEB, "/strings/de/follow_up.prefill", json!("Zu Ticket:"), "strings.en.follow_up.prefill"),
        (WEB, "/strings/de/status.open", json!(" "), "strings.de.status.open"),
        (WEB, "/strings/Klingon", json!({}), "strings"),
        (WEB, "/strings/base", json!("acme/strings@1"), "strings.base"),
        (WEB, "/connectors/zendesk/fields/weather", json!(7), "connectors.zendesk.fields.weather"),
        (WEB, "/connectors/zendesk/fields/access", json!(-1), "connectors.zendesk.fields.access"),
        (
            WEB,
            "/connectors/zendesk/custom_statuses",
            json!({ "in_progress": 4711 }),
            "connectors.zendesk.custom_statuses",
        ),
        (WEB, "/connectors/request_tracker/queue", json!("Type'} OR id > 0"), "connectors.request_tracker.queue"),
        (WEB, "/connectors/request_tracker/staff", json!([]), "connectors.request_tracker.staff"),
        (WEB, "/connectors/request_tracker/statuses", json!({}), "connectors.request_tracker.statuses"),
        (WEB, "/connectors/request_tracker/statuses/new", json!("fresh"), "connectors.request_tracker.statuses.new"),
        (WEB, "/connectors/fax", json!({}), "connectors.fax"),
        (WEB, "/sync", json!({ "page_size": 101 }), "sync.page_size"),
        (WEB, "/sync", json!({ "threads": { "requests_per_hour": 10_001 } }), "sync.threads.requests_per_hour"),
    ]);
}

#[test]
fn layers_merge_by_key_and_by_id_and_null_removes() {
    let mine = json!({
        "schema": 1, "id": "acme", "version": 4, "extends": "impact-mobile@1",
        "create": { "subject": { "max": 80 }, "order": ["subject", "description"], "cc": null, "access": null },
        "entries": [
            { "id": "email", "to": "mailto:hilfe@acme.example" },
            { "id": "courses", "removed": true },
            { "id": "phone", "to": "tel:+49221100" }
        ],
        "strings": {
            "en": { "entry.phone": "Call us" }, "de": { "entry.phone": "Rufen Sie uns an", "status.pending": "In Arbeit" },
            "es": { "entry.phone": "Llámanos" }
        },
        "x-note": "a comment of ours"
    });
    let acme = load(&mine.to_string()).unwrap();
    assert_eq!((acme.id.as_str(), acme.version, acme.create.subject.max), ("acme", 4, Some(80)));
    assert!(acme.create.cc.is_none() && acme.statuses.len() == 5 && acme.create.subject.required);
    let entries: Vec<_> = acme.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(entries, ["new_ticket", "help_centre", "email", "phone"]);
    let german = &acme.texts()["de"];
    assert_eq!((german["status.pending"], german["status.open"]), ("In Arbeit", "Offen"));
    assert_eq!(german["reply.send"], "Senden");
}

#[test]
fn a_language_can_be_added_and_removed() {
    let only_german = json!({
        "schema": 1, "id": "acme", "version": 1, "extends": "impact-mobile@1",
        "strings": { "fallback": "de", "en": null, "es": null }
    });
    let acme = load(&only_german.to_string()).unwrap();
    assert_eq!(acme.texts().keys().copied().collect::<Vec<_>>(), ["de"]);
    let french = json!({
        "schema": 1, "id": "acme", "version": 1, "extends": "impact-mobile@1", "strings": { "fr": { "status.open": "Ouvert" } }
    });
    let error = load(&french.to_string()).unwrap_err();
    assert_eq!(error.path, "strings.fr", "{error}");
}

#[test]
fn definitions_that_extend_each_other_in_a_circle_are_refused() {
    let named =
        |id: &str, extends: &str| json!({ "schema": 1, "id": id, "version": 1, "extends": extends }).to_string();
    let library = [named("b", "c@1"), named("c", "b@1")];
    let error = Layers::of(&named("a", "b@1"), &library).unwrap_err();
    assert_eq!(error.path, "extends");
    assert!(error.what.contains("circle"), "{error}");
    let error = load(&named("a", "unheard/of@1")).unwrap_err();
    assert_eq!((error.path.as_str(), error.line), ("extends", 1));
    let deep = [named("b", "c@1"), named("c", "d@1"), named("d", "e@1"), named("e", "pocketdesk/base@1")];
    assert!(Layers::of(&named("a", "b@1"), &deep).unwrap_err().what.contains("more than 3"));
    assert!(load(&" ".repeat(300_000)).unwrap_err().what.contains("larger"));
    assert!(load(&"[".repeat(200_000)).is_err());
}

#[test]
fn a_delivered_definition_may_change_what_is_shown_and_nothing_that_decides_about_trust() {
    let deliver = |layer: Value| -> Result<Definition, DefinitionError> {
        let text = layer.to_string();
        Definition::load(&Layers::of(WEB, &[])?.with_delivered(&text)?)
    };
    let with = |key: &str, value: Value| {
        let mut layer = json!({ "schema": 1, "id": "impact-web", "version": 2 });
        layer[key] = value;
        layer
    };
    let renamed = deliver(with("strings", json!({ "de": { "status.open": "Neu" } }))).unwrap();
    assert_eq!((renamed.version, renamed.texts()["de"]["status.open"]), (2, "Neu"));
    let fewer = deliver(with("entries", json!([{ "id": "book", "removed": true }]))).unwrap();
    assert!(fewer.entries.iter().all(|entry| entry.id != "book"));
    let moved = json!([{ "id": "pxa", "to": "https://academy.example.com/new?lang={locale}" }]);
    assert!(deliver(with("entries", moved)).is_ok());
    for (key, value, path) in [
        ("connectors", json!({ "zendesk": { "fields": { "access": 7 } } }), "connectors"),
        ("roles", json!({ "admin": ["claim.support_admin"] }), "roles"),
        ("entries", json!([{ "id": "pxa", "to": "https://evil.example/" }]), "entries[3].to"),
        ("entries", json!([{ "id": "pxa", "to": "mailto:support@evil.example" }]), "entries[3].to"),
        ("entries", json!([{ "id": "book", "when": ["any"] }]), "entries[5]"),
        ("entries", json!([{ "id": "book", "when": null }]), "entries[5]"),
        ("entries", json!([{ "id": "chat", "when": ["claim.vip"] }]), "entries[4]"),
        (
            "history",
            json!({ "unavailable": { "when": ["claim.regulated"], "reason": "@status.open" } }),
            "history.unavailable",
        ),
    ] {
        let error = deliver(with(key, value)).unwrap_err();
        assert_eq!(error.path, path, "{error}");
    }
}
