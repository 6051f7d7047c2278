//! Requests without signing in.

use pocketdesk_sandbox::Options;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Server, ids};

const PATH: &str = "/api/v2/requests";
const SUBJECT: &str = "Ich kann mich nicht anmelden 🔑";

fn request(name: &str, email: &str) -> Value {
    json!({ "request": { "subject": SUBJECT, "comment": { "body": "Guten Tag,\nbitte um Hilfe." },
        "requester": { "name": name, "email": email }, "custom_fields": [{ "id": 360_001_000_001_i64, "value": "technical_setup" }] } })
}

/// How many tickets there are with the subject of [`request`].
async fn stored(server: &Server) -> Value {
    server.sandbox(Method::GET, &format!("/tickets?subject={SUBJECT}"), Value::Null).await["count"].clone()
}

/// Sends what the contract does not allow: another client might.
async fn send(server: &Server, token: Option<&str>, body: &Value) -> (u16, Value) {
    let post = server.http.post(format!("{}{PATH}", server.running.base_url)).json(body);
    let post = if let Some(token) = token { post.bearer_auth(token) } else { post };
    let answer = post.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn anybody_can_send_a_request_and_nobody_can_read_it_without_a_token() {
    let server = Server::start_with(Options { tickets: 0, ..Options::default() }).await;
    let answer = server.without_token((Method::POST, PATH), &request("Søren Østergård", "soren@partner.example")).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let ticket = answer.json["request"]["id"].as_i64().unwrap();
    let known = server.sandbox(Method::GET, &format!("/tickets/{ticket}"), Value::Null).await["ticket"].clone();
    assert_eq!((&known["issue_type"], &known["organization_id"]), (&json!("technical_setup"), &Value::Null));
    assert_eq!(known["comments"][0]["body"], "Guten Tag,\nbitte um Hilfe.");
    assert_eq!(known["comments"][0]["author_id"], answer.json["request"]["requester_id"]);
    for path in
        [PATH.to_owned(), format!("{PATH}/{ticket}"), format!("{PATH}/{ticket}/comments"), "/api/v2/users/me".into()]
    {
        assert_eq!(server.plain(&path, None).await.0, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(server.get(&format!("{PATH}/{ticket}")).await.status, StatusCode::NOT_FOUND, "nor does another user");

    // A known address is that user's; a repetition is another request, with the same key, too.
    let key = [("idempotency-key", "5f0c-1")];
    let of_ada = request("", "Ada.Lindqvist@nordlicht-reisen.example");
    let mut created = Vec::new();
    for _ in 0..2 {
        let url = format!("{}{PATH}", server.running.base_url);
        let post = server.http.post(url).header(key[0].0, key[0].1).json(&of_ada);
        let answer: Value = post.send().await.unwrap().json().await.unwrap();
        created.push(answer["request"]["id"].as_i64().unwrap());
    }
    assert_ne!(created[0], created[1]);
    let own = ids(&server.get(PATH).await);
    assert!(created.iter().all(|ticket| own.contains(ticket)), "{own:?}");
}

#[tokio::test]
async fn an_account_can_demand_a_token() {
    let server = Server::start_with(Options { tickets: 0, ..Options::default() }).await;
    server.sandbox(Method::POST, "/settings", json!({ "anonymous_requests": false })).await;
    let answer = server.without_token((Method::POST, PATH), &request("Nadia", "nadia@partner.example")).await;
    assert_eq!(
        (answer.status, answer.json),
        (StatusCode::UNAUTHORIZED, json!({ "error": "Couldn't authenticate you" }))
    );
    // A token that is not valid is no request without a token.
    server.sandbox(Method::POST, "/settings", json!({ "anonymous_requests": true })).await;
    let (status, answer) = send(&server, Some("nobody-token"), &request("Nadia", "nadia@partner.example")).await;
    assert_eq!((status, &answer["error"]), (401, &json!("invalid_token")));
    assert_eq!(stored(&server).await, 0, "nothing was stored");
}

#[tokio::test]
async fn requests_without_a_token_are_limited_by_the_hour() {
    let server = Server::start_with(Options { tickets: 0, ..Options::default() }).await;
    server.sandbox(Method::POST, "/settings", json!({ "anonymous_per_hour": 2 })).await;
    let one = async || server.without_token((Method::POST, PATH), &request("Nadia", "nadia@partner.example")).await;
    assert_eq!(one().await.status, StatusCode::CREATED);
    server.sandbox(Method::POST, "/clock", json!({ "advance_seconds": 600 })).await;
    assert_eq!(one().await.status, StatusCode::CREATED);
    let refused = one().await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u32 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((2_900..=3_000).contains(&wait), "{wait}");
    assert_eq!(stored(&server).await, 2);
    server.create("ada-token", "Mit Token zählt nicht", None).await;
    server.sandbox(Method::POST, "/clock", json!({ "advance_seconds": wait })).await;
    assert_eq!(one().await.status, StatusCode::CREATED);
    assert_eq!(one().await.status, StatusCode::TOO_MANY_REQUESTS, "the second one is not yet an hour old");
}

#[tokio::test]
async fn a_requester_who_is_missing_or_odd_is_refused() {
    let server = Server::start_with(Options { tickets: 0, ..Options::default() }).await;
    let without = {
        let mut body = request("", "");
        body["request"].as_object_mut().unwrap().remove("requester");
        body
    };
    for (body, expected) in [
        (without, "Requester: Email: cannot be blank"),
        (request("Nadia", " "), "Requester: Email: cannot be blank"),
        (request("Nadia", "nadia at partner"), "Requester: Email: is not properly formatted"),
        (request(" ", "nadia@partner.example"), "Requester: Name:  is too short (minimum is 1 character)"),
    ] {
        let (status, answer) = send(&server, None, &body).await;
        assert_eq!((status, &answer["error"]), (422, &json!("RecordInvalid")));
        assert_eq!(answer["details"]["requester"][0]["description"], expected);
    }
    let mut blank = request("Nadia", "nadia@partner.example");
    blank["request"]["subject"] = json!(" ");
    let (status, answer) = send(&server, None, &blank).await;
    assert_eq!((status, &answer["details"]["base"][0]["description"]), (422, &json!("Subject: cannot be blank")));
    let mut odd = request("Nadia", "nadia@partner.example");
    odd["request"]["custom_fields"][0]["value"] = json!("weather");
    assert_eq!(send(&server, None, &odd).await.0, 422);
    assert_eq!(stored(&server).await, 0, "nothing was stored");

    // Whoever is signed in cannot be somebody else.
    let (status, answer) = send(&server, Some("ada-token"), &request("Nadia", "nadia@partner.example")).await;
    assert_eq!((status, &answer["request"]["requester_id"]), (201, &json!(361_882_440_112_i64)));
}
