//! What the company has set up: custom statuses and ticket fields, as end users see them.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Server, path_of};

/// "In progress", "Waiting for a partner", "Solution offered".
const IN_PROGRESS: i64 = 1_260_800_000_011;
const WITH_PARTNER: i64 = 1_260_800_000_012;
const OFFERED: i64 = 1_260_800_000_013;
/// Nobody can choose this one any more.
const INACTIVE: i64 = 1_260_800_000_014;

const ISSUE_TYPE: i64 = 360_001_000_001;
const MARKETS: i64 = 360_001_000_099;
/// A field of agents alone.
const RISK: i64 = 360_001_000_097;
/// A field that is no longer in use.
const PLATFORM: i64 = 360_001_000_096;

/// Adds the fields of a company: a required number, and a date.
async fn with_company_fields(server: &Server) {
    for field in [
        json!({ "id": 9001, "type": "integer", "required": true, "titles": { "en": "Contract number", "de": "Vertragsnummer" } }),
        json!({ "id": 9002, "type": "date", "titles": { "en": "Visit", "de": "Termin" } }),
    ] {
        server.sandbox(Method::POST, "/ticket_fields", field).await;
    }
}

/// Sends a creation with these custom fields as Zoë, who reads German.
async fn create(server: &Server, fields: Value) -> (u16, Value) {
    let body = json!({ "request": { "subject": "Außentermin", "comment": { "body": "Bitte einen Termin. 🙏" }, "custom_fields": fields } });
    let answer = server.send_as("zoe-token", (Method::POST, "/api/v2/requests"), &[], &body).await.unwrap();
    (answer.status.as_u16(), answer.json)
}

/// The values of a request, by the field's id.
fn value(answer: &Value, field: i64) -> Option<Value> {
    let fields = answer["request"]["custom_fields"].as_array().unwrap();
    fields.iter().find(|value| value["id"] == field).map(|value| value["value"].clone())
}

#[tokio::test]
async fn a_ticket_has_the_custom_status_that_an_agent_chose_or_the_default_one() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "Auszahlung fehlt", None).await;
    let shown = async || {
        let request = server.get(&format!("/api/v2/requests/{ticket}")).await.json["request"].clone();
        (request["status"].as_str().unwrap().to_owned(), request["custom_status_id"].as_i64().unwrap())
    };
    let set = async |body: Value| server.sandbox(Method::POST, &format!("/tickets/{ticket}/status"), body).await;
    assert_eq!(shown().await, ("new".to_owned(), 1_260_800_000_000));
    for (custom, status) in [(IN_PROGRESS, "open"), (WITH_PARTNER, "hold"), (INACTIVE, "open"), (OFFERED, "solved")] {
        set(json!({ "custom_status": custom })).await;
        assert_eq!(shown().await, (status.to_owned(), custom));
    }
    let listed = server.get("/api/v2/requests?sort_by=updated_at&per_page=1").await.json;
    assert_eq!(listed["requests"][0]["custom_status_id"], OFFERED);
    server.reply(ticket, "Leider nicht").await.unwrap();
    assert_eq!(shown().await, ("open".to_owned(), 1_260_800_000_001), "a reply opens it with the default status");
    set(json!({ "custom_status": OFFERED })).await;
    set(json!({ "status": "closed" })).await;
    assert_eq!(shown().await, ("closed".to_owned(), OFFERED), "closed belongs to the category of solved");

    for (body, status) in [
        (json!({}), 400),
        (json!({ "status": "open", "custom_status": IN_PROGRESS }), 400),
        (json!({ "custom_status": 5 }), 404),
    ] {
        let open = server.create("ada-token", "Noch eins", None).await;
        let (refused, _) = server.try_sandbox(Method::POST, &format!("/tickets/{open}/status"), body).await;
        assert_eq!(refused.as_u16(), status);
    }
}

#[tokio::test]
async fn end_users_list_the_statuses_in_their_language() {
    let server = Server::start().await;
    let list = async |query: &str| {
        let answer = server.get(&format!("/api/v2/custom_statuses{query}")).await.json;
        answer["custom_statuses"].as_array().unwrap().clone()
    };
    let all = list("").await;
    assert_eq!(all.iter().filter(|status| status["default"] == true).count(), 5, "one for each category");
    let active = list("?active=true").await;
    assert_eq!(all.len() - active.len(), 1);
    assert!(active.iter().all(|status| status["id"] != INACTIVE));
    let offered = |list: &[Value]| list.iter().find(|status| status["id"] == OFFERED).unwrap().clone();
    assert_eq!(offered(&active)["status_category"], "solved");
    assert_eq!(offered(&active)["end_user_label"], "Solution offered");
    let german = offered(&list("?active=true&locale=de").await);
    assert_eq!(german["end_user_label"], "Lösung angeboten");
    assert_eq!(german["end_user_description"], "Bitte sagen Sie uns, ob das Problem damit gelöst ist.");
    let as_zoe = server.get_as("zoe-token", "/api/v2/custom_statuses").await.json;
    assert_eq!(offered(as_zoe["custom_statuses"].as_array().unwrap())["end_user_label"], "Lösung angeboten");

    let own = json!({ "id": 9001, "category": "hold", "agent_label": "Field", "labels": { "en": "Technician on the way", "ar": "الفني في الطريق" } });
    server.sandbox(Method::POST, "/custom_statuses", own.clone()).await;
    let added = list("?locale=ar").await.into_iter().find(|status| status["id"] == 9001).unwrap();
    assert_eq!((&added["end_user_label"], &added["end_user_description"]), (&json!("الفني في الطريق"), &json!("")));
    server.sandbox(Method::DELETE, "/custom_statuses/9001", Value::Null).await;
    assert!(list("").await.iter().all(|status| status["id"] != 9001));
    let mut odd = own;
    odd["category"] = json!("closed");
    assert_eq!(server.try_sandbox(Method::POST, "/custom_statuses", odd).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_account_without_custom_statuses_refuses_the_call_and_shows_none() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "Vertrag", None).await;
    for (setting, status) in [("forbidden", StatusCode::FORBIDDEN), ("missing", StatusCode::NOT_FOUND)] {
        server.sandbox(Method::POST, "/settings", json!({ "custom_statuses": setting })).await;
        assert_eq!(server.get("/api/v2/custom_statuses?active=true").await.status, status);
        let request = server.get(&format!("/api/v2/requests/{ticket}")).await.json["request"].clone();
        assert_eq!(request.get("custom_status_id"), None);
    }
    server.sandbox(Method::POST, "/settings", json!({ "custom_statuses": "on" })).await;
    assert_eq!(server.get("/api/v2/custom_statuses").await.status, StatusCode::OK);
    for odd in [json!({ "custom_statuses": "perhaps" }), json!({ "colour": "green" })] {
        assert_eq!(server.try_sandbox(Method::POST, "/settings", odd).await.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn end_users_see_only_the_fields_of_the_portal() {
    let server = Server::start().await;
    let fields = async |token: &str, query: &str| {
        let answer = server.get_as(token, &format!("/api/v2/ticket_fields{query}")).await.json;
        answer["ticket_fields"].as_array().unwrap().clone()
    };
    let find = |list: &[Value], id: i64| list.iter().find(|field| field["id"] == id).cloned();
    let seen = fields("ada-token", "").await;
    assert_eq!(find(&seen, RISK), None, "a field of agents");
    assert_eq!(find(&seen, PLATFORM).unwrap()["active"], false);
    let markets = find(&seen, MARKETS).unwrap();
    assert_eq!((&markets["visible_in_portal"], &markets["editable_in_portal"]), (&json!(true), &json!(false)));
    assert_eq!(find(&seen, 360_000_900_001).unwrap()["required_in_portal"], true);
    assert_eq!(server.get(&format!("/api/v2/ticket_fields/{RISK}")).await.status, StatusCode::NOT_FOUND);
    assert!(find(&fields("agent-token", "").await, RISK).is_some());

    // The parameter chooses the language of one text; the user's own language is that of the others.
    let texts = |field: &Value| {
        let option = &field["custom_field_options"][3];
        [&field["title_in_portal"], &field["title"], &option["name"]].map(|text| text.as_str().unwrap().to_owned())
    };
    let issue_type = |list: &[Value]| texts(&find(list, ISSUE_TYPE).unwrap());
    assert_eq!(
        issue_type(&fields("ada-token", "?locale=de").await),
        ["Problemtyp", "Issue type", "Payments & finance"]
    );
    assert_eq!(issue_type(&fields("zoe-token", "").await), ["Problemtyp", "Problemtyp", "Zahlungen & Finanzen"]);
    assert_eq!(issue_type(&fields("ada-token", "?locale=fr-CA").await)[0], "Issue type");

    let mut ids = Vec::new();
    let mut path = "/api/v2/ticket_fields?page%5Bsize%5D=3".to_owned();
    loop {
        let page = server.get(&path).await.json;
        ids.extend(page["ticket_fields"].as_array().unwrap().iter().map(|field| field["id"].clone()));
        if page["meta"]["has_more"] == false {
            break;
        }
        path = path_of(&page["links"]["next"]);
    }
    assert_eq!(ids, seen.iter().map(|field| field["id"].clone()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_request_has_the_values_of_the_fields_that_its_user_sees() {
    let server = Server::start().await;
    with_company_fields(&server).await;
    let (status, answer) = create(
        &server,
        json!([{ "id": 9001, "value": "00417" }, { "id": 9002, "value": "2026-03-31" }, { "id": ISSUE_TYPE, "value": "contracts" },
               { "id": MARKETS, "value": ["latam"] }, { "id": RISK, "value": "high" }, { "id": PLATFORM, "value": "classic" },
               { "id": 77, "value": "there is no such field" }]),
    )
    .await;
    assert_eq!(status, 201);
    assert_eq!(value(&answer, 9001), Some(json!("00417")));
    assert_eq!(value(&answer, 9002), Some(json!("2026-03-31")));
    assert_eq!(value(&answer, ISSUE_TYPE), Some(json!("contracts")));
    assert_eq!(value(&answer, MARKETS), Some(json!(["emea", "dach"])), "users see it and cannot set it");
    for hidden in [RISK, PLATFORM, 77, 360_000_900_001] {
        assert_eq!(value(&answer, hidden), None, "{hidden}");
    }

    let number = answer["request"]["id"].as_i64().unwrap();
    let set = async |field: i64, value: Value| {
        let body = json!({ "field": field, "value": value });
        server.try_sandbox(Method::POST, &format!("/tickets/{number}/field"), body).await.0
    };
    assert_eq!(set(MARKETS, json!(["latam", "dach"])).await, StatusCode::OK);
    assert_eq!(set(RISK, json!("hoch")).await, StatusCode::OK);
    assert_eq!(set(ISSUE_TYPE, json!("content")).await, StatusCode::OK);
    assert_eq!(set(MARKETS, json!(["moon"])).await, StatusCode::BAD_REQUEST);
    assert_eq!(set(5, json!("x")).await, StatusCode::NOT_FOUND);
    let shown = server.get_as("zoe-token", &format!("/api/v2/requests/{number}")).await.json;
    assert_eq!(value(&shown, MARKETS), Some(json!(["latam", "dach"])));
    assert_eq!((value(&shown, ISSUE_TYPE), value(&shown, RISK)), (Some(json!("content")), None));
}

#[tokio::test]
async fn a_required_field_and_a_wrong_value_are_refused_by_name() {
    let server = Server::start().await;
    with_company_fields(&server).await;
    let cases = [
        (json!([]), "Vertragsnummer: cannot be blank", "BlankValue", 9001, "FieldInteger"),
        (json!([{ "id": 9001, "value": null }]), "Vertragsnummer: cannot be blank", "BlankValue", 9001, "FieldInteger"),
        (
            json!([{ "id": 9001, "value": "vier" }]),
            "Vertragsnummer: is not valid",
            "InvalidValue",
            9001,
            "FieldInteger",
        ),
        (
            json!([{ "id": 9001, "value": 4 }, { "id": 9002, "value": "31.03.2026" }]),
            "Termin: is not valid",
            "InvalidValue",
            9002,
            "FieldDate",
        ),
        (
            json!([{ "id": 9001, "value": 4 }, { "id": ISSUE_TYPE, "value": "weather" }]),
            "Problemtyp: is not a valid option",
            "InvalidValue",
            ISSUE_TYPE,
            "FieldTagger",
        ),
    ];
    for (fields, description, error, field, kind) in cases {
        let (status, answer) = create(&server, fields).await;
        let detail =
            json!({ "description": description, "error": error, "ticket_field_id": field, "ticket_field_type": kind });
        assert_eq!((status, &answer["details"]["base"][0]), (422, &detail));
    }
    assert_eq!(create(&server, json!([{ "id": 9001, "value": 4 }])).await.0, 201);
    server.sandbox(Method::DELETE, "/ticket_fields/9001", Value::Null).await;
    assert_eq!(create(&server, json!([])).await.0, 201, "the field does not exist any more");
}

#[tokio::test]
async fn a_reset_brings_back_the_first_set_up() {
    let server = Server::start().await;
    let first = server.sandbox(Method::GET, "/account", Value::Null).await;
    with_company_fields(&server).await;
    server.sandbox(Method::POST, "/settings", json!({ "custom_statuses": "missing" })).await;
    let (_, answer) = create(&server, json!([{ "id": 9001, "value": 12 }])).await;
    let ticket = answer["request"]["id"].as_i64().unwrap();
    let mark = json!({ "read_mark": { "comment_id": 1 } });
    server
        .send_as("zoe-token", (Method::PUT, &format!("/api/v2/requests/{ticket}/read_mark")), &[], &mark)
        .await
        .unwrap();
    assert_ne!(server.sandbox(Method::GET, "/account", Value::Null).await, first);
    server.sandbox(Method::POST, "/reset", json!({})).await;
    assert_eq!(server.sandbox(Method::GET, "/account", Value::Null).await, first);
}
