//! Documents of the company's own, such as a product definition.

use pocketdesk_sandbox::Options;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::Server;

async fn start() -> Server {
    Server::start_with(Options { tickets: 0, ..Options::default() }).await
}

async fn host(server: &Server, name: &str, document: Value) {
    server.sandbox(Method::PUT, &format!("/hosted/{name}"), document).await;
}

async fn visits(server: &Server, name: &str) -> Vec<Value> {
    server.sandbox(Method::GET, &format!("/hosted/{name}"), Value::Null).await["requests"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_document_is_served_as_it_is_and_its_visitors_are_noted() {
    let server = start().await;
    let text = "{ \"id\": \"café-mobile\", \"strings\": { \"ar\": \"مرحبا\" } }";
    host(&server, "café.json", json!({ "text": text })).await;
    let (status, headers, body) = server.plain("/hosted/caf%C3%A9.json", None).await;
    assert_eq!((status, body), (StatusCode::OK, text.as_bytes().to_vec()));
    assert_eq!(headers["content-type"], "application/json");
    assert!(!headers.contains_key("x-rate-limit"), "this is not the service");
    server.plain("/hosted/caf%C3%A9.json", Some("ada-token")).await;
    assert_eq!(server.plain("/hosted/other.json", None).await.0, StatusCode::NOT_FOUND);
    let noted: Vec<_> = visits(&server, "café.json").await.iter().map(|visit| visit["authorized"].clone()).collect();
    assert_eq!(noted, [json!(false), json!(true)], "a token was sent along, and that is seen");
    assert_eq!(visits(&server, "other.json").await[0]["status"], 404, "also where there is nothing");

    server.sandbox(Method::DELETE, "/hosted/café.json", Value::Null).await;
    assert_eq!(server.plain("/hosted/caf%C3%A9.json", None).await.0, StatusCode::NOT_FOUND);
    let (status, _) = server.try_sandbox(Method::DELETE, "/hosted/café.json", Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_unchanged_document_is_answered_with_304() {
    let server = start().await;
    host(&server, "p.json", json!({ "text": "{\"version\":1}" })).await;
    let (_, headers, _) = server.plain("/hosted/p.json", None).await;
    let etag = headers["etag"].to_str().unwrap().to_owned();
    let again = async |tag: &str| {
        let url = format!("{}/hosted/p.json", server.running.base_url);
        let answer = server.http.get(url).header("if-none-match", tag).send().await.unwrap();
        (answer.status(), answer.headers().get("etag").cloned(), answer.bytes().await.unwrap().len())
    };
    let (status, tag, length) = again(&etag).await;
    assert_eq!((status, tag.unwrap().to_str().unwrap(), length), (StatusCode::NOT_MODIFIED, &*etag, 0));
    assert_eq!(again("\"another\"").await.0, StatusCode::OK);
    host(&server, "p.json", json!({ "text": "{\"version\":2}" })).await;
    let (status, tag, length) = again(&etag).await;
    assert_eq!((status, length), (StatusCode::OK, 13), "it has changed");
    assert_ne!(tag.unwrap().to_str().unwrap(), etag);
    host(&server, "p.json", json!({ "text": "{}", "etag": false })).await;
    assert_eq!((again(&etag).await.0, again(&etag).await.1), (StatusCode::OK, None));
    let asked: Vec<Value> =
        visits(&server, "p.json").await.iter().map(|visit| visit["if_none_match"].clone()).collect();
    assert_eq!(asked[..3], [Value::Null, json!(etag), json!("\"another\"")]);
}

#[tokio::test]
async fn a_test_can_serve_anything() {
    let server = start().await;
    host(&server, "page", json!({ "text": "<html>", "content_type": "text/html" })).await;
    assert_eq!(server.plain("/hosted/page", None).await.1["content-type"], "text/html");
    host(&server, "bare", json!({ "base64": "gP8AAQ==", "content_type": null })).await;
    let (_, headers, body) = server.plain("/hosted/bare", None).await;
    assert_eq!((headers.get("content-type"), body), (None, vec![0x80, 0xff, 0, 1]));
    host(&server, "large", json!({ "text": "[0],", "repeat_to": 10_000_000 })).await;
    assert_eq!(server.plain("/hosted/large", None).await.2.len(), 10_000_000);
    host(&server, "moved", json!({ "location": "http://other.example/p.json" })).await;
    let (status, headers, _) = server.plain("/hosted/moved", None).await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (StatusCode::FOUND, "http://other.example/p.json"));
    host(&server, "gone", json!({ "status": 410, "text": "{\"error\":\"Gone\"}" })).await;
    assert_eq!(server.plain("/hosted/gone", None).await.0, StatusCode::GONE);
    for odd in [
        json!({ "base64": "…" }),
        json!({ "status": 7 }),
        json!({ "colour": 1 }),
        json!({ "repeat_to": 1_000_000_000 }),
    ] {
        let (status, _) = server.try_sandbox(Method::PUT, "/hosted/odd", odd.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{odd}");
    }
}

#[tokio::test]
async fn faults_concern_documents_and_a_reset_removes_them() {
    let server = start().await;
    host(&server, "p.json", json!({ "text": "{}" })).await;
    server.faults(json!({ "server_error": { "times": 1, "only": "/hosted/p.json" } })).await;
    assert_eq!(server.get("/api/v2/users/me").await.status, StatusCode::OK);
    assert_eq!(server.plain("/hosted/p.json", None).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(server.plain("/hosted/p.json", None).await.0, StatusCode::OK);
    server.sandbox(Method::POST, "/reset", json!({})).await;
    assert_eq!(server.plain("/hosted/p.json", None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(visits(&server, "p.json").await.len(), 1, "the visits before the reset are forgotten, too");
}
