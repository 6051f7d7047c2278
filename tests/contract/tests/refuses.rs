//! The contract refuses faulty answers and requests, and accepts good ones.
//!
//! The answers are made from the contract's own `responses` (`samples`), so an answer that is added to the contract is
//! tested without a change here. The requests are written by hand, so a request that is added to the contract needs a
//! test of its own.

#![allow(clippy::unwrap_used, reason = "helpers stop at the first surprise, as tests do")]

mod samples;

use pocketdesk_contract::{Contract, Violation};
use samples::{Case, cases};
use serde_json::{Value, json};

const ME: [(&str, &str); 1] = [("authorization", "Bearer ada-token")];
const JSON: [(&str, &str); 2] = [("Authorization", "Bearer ada-token"), ("Content-Type", "application/json")];
const ANSWERED: [(&str, &str); 1] = [("content-type", "application/json; charset=utf-8")];

fn check_answer(contract: &Contract, case: &Case, body: &Value) -> Result<(), Vec<Violation>> {
    contract.check_answer(&case.method, &case.path, case.status, &ANSWERED, body.to_string().as_bytes())
}

fn check_request(contract: &Contract, method: &str, path: &str, body: &Value) -> Result<(), Vec<Violation>> {
    contract.check_request(method, path, &JSON, Some(body.to_string().as_bytes()))
}

#[test]
fn a_complete_answer_of_every_operation_passes() {
    let contract = Contract::load();
    let cases = cases();
    assert!(cases.len() >= 25, "only {} operations with their kinds of paging", cases.len());
    for case in &cases {
        assert_eq!(check_answer(&contract, case, &case.answer), Ok(()), "{} {}", case.method, case.path);
    }
}

#[test]
fn an_empty_object_is_not_a_valid_answer() {
    let contract = Contract::load();
    for case in cases() {
        assert!(check_answer(&contract, &case, &json!({})).is_err(), "{} {}", case.method, case.path);
    }
}

#[test]
fn every_missing_required_field_is_a_violation() {
    let contract = Contract::load();
    let mut left_out = 0;
    for case in cases() {
        for place in &case.required {
            let mut answer = case.answer.clone();
            samples::remove(&mut answer, place);
            assert!(check_answer(&contract, &case, &answer).is_err(), "{} {} without {place}", case.method, case.path);
            left_out += 1;
        }
    }
    assert!(left_out > 300, "only {left_out} required fields");
}

#[test]
fn every_field_rejects_a_value_of_another_type() {
    let contract = Contract::load();
    for case in cases() {
        for place in &case.required {
            let mut answer = case.answer.clone();
            let Some(value) = answer.pointer_mut(place) else { panic!("{place} is in the sample") };
            *value = if value.is_object() { json!("text") } else { json!({ "unexpected": true }) };
            assert!(
                check_answer(&contract, &case, &answer).is_err(),
                "{} {} with another type at {place}",
                case.method,
                case.path
            );
        }
    }
}

#[test]
fn a_cursor_page_must_say_where_it_continues() {
    let contract = Contract::load();
    let mut answer =
        json!({ "requests": [], "meta": { "has_more": false, "after_cursor": null }, "links": { "next": null } });
    let list = "/api/v2/requests?page%5Bsize%5D=100";
    assert_eq!(contract.check_answer("GET", list, 200, &ANSWERED, answer.to_string().as_bytes()), Ok(()));
    samples::remove(&mut answer, "/meta");
    let found = contract.check_answer("GET", list, 200, &ANSWERED, answer.to_string().as_bytes()).unwrap_err();
    assert!(found[0].to_string().contains("meta"), "{found:?}");
    // For a numbered page, the same answer lacks the count.
    assert!(
        contract.check_answer("GET", "/api/v2/requests?page=1", 200, &ANSWERED, answer.to_string().as_bytes()).is_err()
    );
}

#[test]
fn unknown_fields_and_values_in_answers_are_allowed() {
    let contract = Contract::load();
    for case in cases() {
        let mut answer = case.answer.clone();
        answer["sentiment_forecast"] = json!({ "score": 0.3 });
        if let Some(Value::String(status)) = answer.pointer_mut("/request/status") {
            "under_review".clone_into(status);
        }
        assert_eq!(check_answer(&contract, &case, &answer), Ok(()), "{} {}", case.method, case.path);
    }
}

#[test]
fn a_request_needs_its_token() {
    let contract = Contract::load();
    assert_eq!(contract.check_request("GET", "/api/v2/users/me", &ME, None), Ok(()));
    for headers in [&[][..], &[("authorization", "Basic YWRhOg==")][..], &[("authorization", "Bearer ")][..]] {
        assert!(contract.check_request("GET", "/api/v2/users/me", headers, None).is_err());
    }
}

#[test]
fn only_a_request_with_a_requester_needs_no_token() {
    let contract = Contract::load();
    let check = |headers: &[(&str, &str)], body: &Value| {
        contract.check_request("POST", "/api/v2/requests", headers, Some(body.to_string().as_bytes()))
    };
    let json = [("content-type", "application/json")];
    let mut body = json!({ "request": { "subject": "Kann mich nicht anmelden", "comment": { "body": "Hilfe 🙏" },
        "requester": { "name": "Søren", "email": "soren@partner.example" } } });
    assert_eq!(check(&json, &body), Ok(()));
    assert!(check(&JSON, &body).is_err(), "whoever is signed in is the requester");
    assert!(check(&[("authorization", "Basic YQ=="), json[0]], &body).is_err());
    for (place, odd) in [("name", json!(" ")), ("email", json!("soren")), ("phone", json!("1"))] {
        let mut broken = body.clone();
        broken["request"]["requester"][place] = odd;
        assert!(check(&json, &broken).is_err(), "{broken}");
    }
    body["request"].as_object_mut().unwrap().remove("requester");
    assert!(check(&json, &body).is_err(), "nobody sends it");
    assert_eq!(check(&JSON, &body), Ok(()));
}

#[test]
fn parameters_are_known_and_well_formed() {
    let contract = Contract::load();
    let check = |path: &str| contract.check_request("GET", path, &ME, None);
    for good in [
        "/api/v2/requests?page%5Bsize%5D=100&page%5Bafter%5D=cGxhY2U6MQ",
        "/api/v2/requests?page=3&per_page=100&sort_by=updated_at&sort_order=desc",
        "/api/v2/requests/120334/comments?since=2026-03-01T09:30:00Z",
        "/api/v2/requests/search?query=Zahlung%20f%C3%BCr%20M%C3%A4rz&status=open,pending",
        "/api/v2/requests/search?query=Zahlung&organization_id=360004512301",
        "/api/v2/requests/search?query=Zahlung&cc_id=true",
        "/api/v2/organizations/360004512301/requests?include=users",
    ] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
    for bad in [
        "/api/v2/requests?pagesize=100",
        "/api/v2/requests?page%5Bsize%5D=101",
        "/api/v2/requests?page%5Bsize%5D=ten",
        "/api/v2/requests?page%5Bsize%5D=10&page=1",
        "/api/v2/requests?sort_by=subject",
        "/api/v2/requests?page=1&page=2",
        "/api/v2/requests/abc",
        "/api/v2/requests/120334/comments?since=yesterday",
        "/api/v2/requests/search",
        "/api/v2/requests/search?query=x&status=escalated",
        "/api/v2/requests/search?query=x&requester=me",
        "/api/v2/requests/search?query=x&cc_id=17",
        "/api/v2/tickets",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
    assert!(contract.check_request("DELETE", "/api/v2/requests/120334", &ME, None).is_err());
}

#[test]
fn bodies_of_requests_have_no_unknown_fields() {
    let contract = Contract::load();
    let create = json!({ "request": {
        "subject": "Auszahlung für Februar fehlt 🙏",
        "comment": { "body": "Guten Tag,\nwo bleibt sie?", "uploads": ["9f2c"] },
        "custom_fields": [{ "id": 360_001_000_001_i64, "value": "payments_finance" }, { "id": 360_001_000_002_i64, "value": true }],
        "collaborators": ["finance@nordlicht-reisen.example", 361_882_440_137_i64, { "name": "Søren", "email": "s@partner.example" }],
        "email_ccs": [{ "user_email": "finance@nordlicht-reisen.example", "action": "put" }, { "user_id": 361_882_440_137_i64 }],
    } });
    let reply = json!({ "request": { "comment": { "body": "תודה רבה" }, "solved": true } });
    assert_eq!(check_request(&contract, "POST", "/api/v2/requests", &create), Ok(()));
    assert_eq!(check_request(&contract, "PUT", "/api/v2/requests/120334", &reply), Ok(()));
    for place in ["", "/request", "/request/comment"] {
        for (method, path, body) in [("POST", "/api/v2/requests", &create), ("PUT", "/api/v2/requests/120334", &reply)]
        {
            let mut body = body.clone();
            body.pointer_mut(place).unwrap()["note_to_self"] = json!(1);
            assert!(
                check_request(&contract, method, path, &body).is_err(),
                "{method} with an unknown field in {place:?}"
            );
        }
    }
    for broken in [
        json!({ "request": { "comment": { "body": "no subject" } } }),
        json!({ "request": { "subject": " \n", "comment": { "body": "blank subject" } } }),
        json!({ "request": { "subject": "blank comment", "comment": { "body": "  " } } }),
        json!({ "request": { "subject": "two bodies", "comment": { "body": "a", "html_body": "<p>a</p>" } } }),
        json!({ "request": { "subject": "s", "comment": { "body": "b" }, "collaborators": ["not an address"] } }),
        json!({ "request": { "subject": "s", "comment": { "body": "b" }, "email_ccs": [{ "action": "put" }] } }),
        json!({ "request": { "subject": "s", "comment": { "body": "b" }, "requester": { "name": "N", "email": "n@x.example" } } }),
    ] {
        assert!(check_request(&contract, "POST", "/api/v2/requests", &broken).is_err(), "{broken}");
    }
    for broken in [
        json!({ "request": {} }),
        json!({ "request": { "solved": false } }),
        json!({ "request": { "additional_collaborators": [] } }),
    ] {
        assert!(check_request(&contract, "PUT", "/api/v2/requests/120334", &broken).is_err(), "{broken}");
    }
    assert!(
        contract.check_request("POST", "/api/v2/requests", &ME, Some(create.to_string().as_bytes())).is_err(),
        "not declared as JSON"
    );
    assert!(
        contract.check_request("GET", "/api/v2/users/me", &ME, Some(b"{}")).is_err(),
        "a body where none is allowed"
    );
}

#[test]
fn feedback_and_toggles_have_one_shape_each() {
    let contract = Contract::load();
    let rated = json!({ "satisfaction_rating": { "score": "good", "comment": "Schnell & freundlich 🙏" } });
    let survey = json!({ "survey_response": { "locale": "en", "answers": [
        { "type": "rating_scale", "question_id": "01JRATING", "rating": 5 },
        { "type": "open_ended", "question_id": "01JTEXT", "value": "Danke – שלום" } ] } });
    let record = json!({ "custom_object_record": { "name": "120334-361882440112", "external_id": "120334-361882440112",
        "custom_object_fields": { "ticket": "120334", "user": "361882440112", "allowed": true } } });
    let records = "/api/v2/custom_objects/proxy_login/records";
    let upsert = format!("{records}?external_id=120334-361882440112");
    let all = [
        ("POST", "/api/v2/tickets/120334/satisfaction_rating", &rated, "/satisfaction_rating"),
        ("POST", "/api/v2/guide/survey_responses/01JSURVEY120334", &survey, "/survey_response"),
        ("PATCH", &upsert, &record, "/custom_object_record"),
    ];
    for (method, path, body, inner) in all {
        assert_eq!(check_request(&contract, method, path, body), Ok(()), "{method} {path}");
        for place in ["", inner] {
            let mut body = body.clone();
            body.pointer_mut(place).unwrap()["note_to_self"] = json!(1);
            assert!(check_request(&contract, method, path, &body).is_err(), "an unknown field in {place:?} of {path}");
        }
        assert!(check_request(&contract, method, path, &json!({})).is_err(), "nothing at {path}");
    }
    for (path, place, odd) in [
        (all[0].1, "/satisfaction_rating/score", json!("very good")),
        (all[1].1, "/survey_response/answers", json!([])),
        (all[1].1, "/survey_response/answers/0/rating", json!(0)),
        (all[1].1, "/survey_response/answers/1/value", json!("")),
    ] {
        let mut body = if path == all[0].1 { rated.clone() } else { survey.clone() };
        *body.pointer_mut(place).unwrap() = odd;
        assert!(check_request(&contract, "POST", path, &body).is_err(), "{body}");
    }
    assert!(check_request(&contract, "PATCH", records, &record).is_err(), "it does not say which record");
    let asked = |path: &str| contract.check_request("GET", path, &ME, None);
    assert_eq!(asked(&format!("{records}?filter%5Bexternal_ids%5D=120334-361882440112")), Ok(()));
    assert_eq!(asked("/api/v2/guide/survey_responses?filter%5Bsubject_zrns%5D=zen:ticket:120334"), Ok(()));
    assert!(asked(records).is_err(), "every user's records");
    assert!(asked("/api/v2/guide/survey_responses").is_err(), "every survey");
    assert!(asked("/api/v2/guide/survey_responses?filter%5Bsubject_zrns%5D=120334").is_err());
}

#[test]
fn errors_have_a_shape_and_a_web_page_is_not_an_answer() {
    let contract = Contract::load();
    let refusal = json!({ "error": "RecordInvalid", "description": "Record validation errors",
        "details": { "status": [{ "description": "Status: closed prevents ticket update" }] } });
    let check = |status, headers: &[(&str, &str)], body: &[u8]| {
        contract.check_answer("PUT", "/api/v2/requests/120334", status, headers, body)
    };
    assert_eq!(check(422, &ANSWERED, refusal.to_string().as_bytes()), Ok(()));
    assert!(check(422, &ANSWERED, b"{}").is_err());
    assert!(check(200, &ANSWERED, refusal.to_string().as_bytes()).is_err());
    assert!(check(302, &ANSWERED, b"").is_err(), "a redirect is not an answer of the API");
    assert!(check(200, &[("content-type", "text/html")], b"<html></html>").is_err());
    assert!(check(429, &ANSWERED, refusal.to_string().as_bytes()).is_err(), "429 must say when to try again");
    assert_eq!(check(429, &[ANSWERED[0], ("Retry-After", "30")], refusal.to_string().as_bytes()), Ok(()));
}

#[test]
fn violations_do_not_repeat_what_was_sent() {
    let contract = Contract::load();
    let secret = "ada.lindqvist@nordlicht-reisen.example";
    let body = json!({ "request": { "subject": 7, "comment": { "body": ["Kennwort 1234"] }, "collaborators": [{ "email": secret }] } });
    let headers = [("authorization", "Token geheim"), ("content-type", "application/json")];
    let found =
        contract.check_request("POST", "/api/v2/requests", &headers, Some(body.to_string().as_bytes())).unwrap_err();
    let text = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(text.contains("/request/subject") && text.contains("header authorization"), "{text}");
    assert!(!text.contains(secret) && !text.contains("geheim") && !text.contains("Kennwort"), "{text}");
}

/// Reads any JSON, and refuses an object with the same name twice.
struct Once;

impl<'de> serde::Deserialize<'de> for Once {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(Self)
    }
}

impl<'de> serde::de::Visitor<'de> for Once {
    type Value = Self;

    fn expecting(&self, text: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        text.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut fields: A) -> Result<Self, A::Error> {
        let mut names = std::collections::BTreeSet::new();
        while let Some((name, Self)) = fields.next_entry::<String, Self>()? {
            if names.contains(&name) {
                return Err(serde::de::Error::custom(format!("{name} stands twice, and only the last one counts")));
            }
            names.insert(name);
        }
        Ok(self)
    }
}

#[test]
fn no_name_stands_twice_in_one_object() {
    let read = |json: &str| serde_json::from_str::<Once>(json).map(|_| ()).map_err(|error| error.to_string());
    assert_eq!(read(include_str!("../zendesk.json")), Ok(()));
    assert!(read(r#"{"a": [{"b": 1, "b": 2}]}"#).is_err());
}
