//! Each fault does what it promises and nothing else. The tests check what a client finds afterwards.

use std::time::{Duration, Instant};

use pocketdesk_sandbox::Options;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::Server;

/// Repeats `done` until it is true, for at most ten seconds.
async fn eventually(mut done: impl AsyncFnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        if done().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

#[tokio::test]
async fn offline_is_a_connection_without_an_answer() {
    let server = Server::start().await;
    server.faults(json!({ "offline": { "times": 2 } })).await;
    let me = || server.request((Method::GET, "/api/v2/users/me"), "ada-token", &[], None);
    assert!(me().await.is_err());
    assert!(me().await.is_err());
    assert_eq!(me().await.unwrap().status, StatusCode::OK, "the fault must end after two times");
    server.faults(json!({ "offline": { "only": "GET /api/v2/requests" } })).await;
    assert_eq!(me().await.unwrap().status, StatusCode::OK);
    assert!(server.request((Method::GET, "/api/v2/requests/ccd"), "ada-token", &[], None).await.is_err());
    server.sandbox(Method::DELETE, "/faults", Value::Null).await;
    assert_eq!(server.get("/api/v2/requests/ccd").await.status, StatusCode::OK);
    let log = server.sandbox(Method::GET, "/requests", Value::Null).await;
    let unanswered = log["requests"].as_array().unwrap().iter().filter(|request| request["status"].is_null()).count();
    assert_eq!((log["count"].as_i64(), unanswered), (Some(6), 3));
}

#[tokio::test]
async fn a_cut_before_changes_nothing_and_a_cut_after_changes_once() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "Kündigung des Vertrags mit Nørrebro Deals", None).await;
    server.faults(json!({ "cut_before": { "times": 1 } })).await;
    assert!(server.reply(ticket, "verloren").await.is_err());
    assert_eq!(server.thread(ticket).await.len(), 1);
    server.faults(json!({ "cut_after": { "times": 1, "only": "PUT /api/v2/requests" } })).await;
    assert!(server.reply(ticket, "angekommen, aber ohne Antwort").await.is_err());
    assert_eq!(server.thread(ticket).await[1..], ["angekommen, aber ohne Antwort"]);
    assert_eq!(
        server.sandbox(Method::GET, "/faults", Value::Null).await["cut_after"],
        Value::Null,
        "the fault must be used up"
    );

    let create = json!({ "request": { "subject": "Einmal", "comment": { "body": "bitte" } } });
    let post =
        || server.send_as("ada-token", (Method::POST, "/api/v2/requests"), &[("idempotency-key", "k-77")], &create);
    server.faults(json!({ "cut_after": { "times": 1 } })).await;
    assert!(post().await.is_err());
    assert_eq!(post().await.unwrap().headers["x-idempotency-lookup"], "hit");
    assert_eq!(server.sandbox(Method::GET, "/tickets?subject=Einmal", Value::Null).await["count"], 1);
}

#[tokio::test]
async fn error_answers_keep_to_the_contract() {
    let server = Server::start().await;
    server.faults(json!({ "unauthorized": { "times": 1 } })).await;
    assert_eq!(server.get("/api/v2/users/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.get("/api/v2/users/me").await.status, StatusCode::OK);
    server.faults(json!({ "too_many_requests": { "retry_after": 17, "times": 1 } })).await;
    let refused = server.get("/api/v2/requests").await;
    assert_eq!(
        (refused.status, refused.headers["retry-after"].to_str().unwrap()),
        (StatusCode::TOO_MANY_REQUESTS, "17")
    );
    server.faults(json!({ "server_error": { "times": 1 } })).await;
    assert_eq!(server.get("/api/v2/requests").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    server.faults(json!({ "other_user": "ben" })).await;
    assert_eq!(server.get("/api/v2/users/me").await.json["user"]["name"], "Ben Okafor");
}

#[tokio::test]
async fn a_captive_portal_answers_with_its_own_page() {
    let server = Server::start().await;
    server.faults(json!({ "html": true })).await;
    let (status, headers, body) = server.plain("/api/v2/users/me", Some("ada-token")).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "text/html; charset=utf-8"));
    assert!(String::from_utf8(body).unwrap().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn a_late_write_is_applied_later_and_once() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "Spät", None).await;
    server.faults(json!({ "late_apply": { "seconds": 2, "times": 1 } })).await;
    assert!(server.reply(ticket, "kommt noch").await.is_err());
    assert_eq!(server.thread(ticket).await.len(), 1, "not there yet");
    assert!(eventually(async || server.thread(ticket).await.len() == 2).await);
    assert_eq!(server.thread(ticket).await[1], "kommt noch");
}

#[tokio::test]
async fn a_stale_read_does_not_show_recent_changes() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "Stand von vorhin", None).await;
    server.faults(json!({ "stale_reads": { "seconds": 60, "only": "GET /api/v2/requests" } })).await;
    server.reply(ticket, "erst jetzt").await.unwrap();
    let other = server.create("ada-token", "Gerade eben", None).await;
    assert_eq!(server.thread(ticket).await.len(), 1);
    assert_eq!(server.get(&format!("/api/v2/requests/{other}")).await.status, StatusCode::NOT_FOUND);
    // A minute later, the same read sees the reply.
    server.sandbox(Method::POST, "/clock", json!({ "advance_seconds": 61 })).await;
    assert_eq!(server.thread(ticket).await.len(), 2);
    server.reply(ticket, "und noch eins").await.unwrap();
    assert_eq!(server.thread(ticket).await.len(), 2);
    server.sandbox(Method::DELETE, "/faults", Value::Null).await;
    assert_eq!(server.thread(ticket).await.len(), 3);
}

#[tokio::test]
async fn latency_delays_the_answer() {
    let server = Server::start().await;
    server.faults(json!({ "latency_ms": 120 })).await;
    let start = Instant::now();
    server.get("/api/v2/users/me").await;
    assert!(start.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn turning_latency_off_releases_what_it_delays() {
    const FOR_EVER: u64 = 600_000;
    let server = Server::start().await;
    server.faults(json!({ "latency_ms": { "ms": FOR_EVER, "times": 1 } })).await;
    let arrived = async || server.sandbox(Method::GET, "/faults", Value::Null).await["latency_ms"].is_null();
    let release = async {
        assert!(eventually(arrived).await, "the request must have used the fault up");
        server.faults(json!({ "latency_ms": null })).await;
    };
    let (delayed, ()) = tokio::join!(server.get("/api/v2/users/me"), release);
    assert_eq!(delayed.status, StatusCode::OK);
}

#[tokio::test]
async fn a_switch_that_does_not_exist_is_refused() {
    let server = Server::start().await;
    for wrong in [
        json!({ "ofline": true }),
        json!({ "offline": { "time": 1 } }),
        json!({ "offline": 3 }),
        json!({ "stale_reads": true }),
        json!({ "latency_ms": { "ms": "slow" } }),
        json!({ "cut_after": { "only": "api/v2" } }),
    ] {
        assert_eq!(
            server.try_sandbox(Method::POST, "/faults", wrong.clone()).await.0,
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
    assert_eq!(server.get("/api/v2/users/me").await.status, StatusCode::OK, "no fault must be on");
}

#[tokio::test]
async fn the_agent_answers_by_itself_in_the_language_of_the_ticket() {
    let server =
        Server::start_with(Options { tickets: 0, answers: Some(Duration::from_millis(50)), ..Options::default() })
            .await;
    let ticket = server.create("ada-token", "Die Auszahlung ist nicht da", None).await;
    assert!(eventually(async || server.thread(ticket).await.len() == 2).await);
    assert!(server.thread(ticket).await[1].starts_with("Vielen Dank"));
    assert_eq!(server.get(&format!("/api/v2/requests/{ticket}")).await.json["request"]["status"], "pending");
    server.reply(ticket, "Seit gestern, alle Partner").await.unwrap();
    assert!(eventually(async || server.thread(ticket).await.len() == 4).await, "a reply must be answered, too");
}

#[tokio::test]
async fn a_reset_restores_the_seed_and_a_file_keeps_the_data() {
    let file = std::env::temp_dir().join(format!("pocketdesk-sandbox-{}.sqlite", std::process::id()));
    let options = || Options { tickets: 5, data: Some(file.clone()), ..Options::default() };
    let server = Server::start_with(options()).await;
    let ticket = server.create("ada-token", "Bleibt", None).await;
    server.running.stop().await;
    let server = Server::start_with(options()).await;
    assert_eq!(server.thread(ticket).await.len(), 1, "the file must be opened again");
    server.sandbox(Method::POST, "/reset", json!({})).await;
    assert_eq!(server.get(&format!("/api/v2/requests/{ticket}")).await.status, StatusCode::NOT_FOUND);
    server.running.stop().await;
    for end in ["", "-wal", "-shm"] {
        // Not all of the three need to exist.
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
}

#[tokio::test]
async fn the_page_shows_and_does_what_an_agent_needs() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "<script>alert(1)</script> & Müller 🙏", None).await;
    let page = async |path: &str| {
        let (status, _, body) = server.plain(path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        String::from_utf8(body).unwrap()
    };
    let shown = page(&format!("/tickets/{ticket}")).await;
    assert!(shown.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; Müller 🙏") && !shown.contains("<script"));
    assert!(page(&format!("/?q={ticket}")).await.contains(&format!("/tickets/{ticket}")));
    let post = async |path: &str, form: &[(&str, &str)]| {
        let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = server.http.post(format!("{}{path}", server.running.base_url));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&"));
        request.send().await.unwrap().status()
    };
    let path = format!("/tickets/{ticket}");
    let note = [("body", "only+for+us"), ("kind", "note"), ("status", "")];
    assert_eq!(post(&format!("{path}/write"), &note).await, StatusCode::SEE_OTHER);
    let answer = [("body", "Hello+Ada"), ("kind", "public"), ("status", "")];
    assert_eq!(post(&format!("{path}/write"), &answer).await, StatusCode::SEE_OTHER);
    assert_eq!(server.thread(ticket).await[1..], ["Hello Ada"]);
    assert!(page(&path).await.contains("only for us"));
    assert!(page(&path).await.contains("Solution offered (solved)"));
    assert_eq!(post(&format!("{path}/status"), &[("status", "custom:1260800000013")]).await, StatusCode::SEE_OTHER);
    let shown = server.get(&format!("/api/v2/requests/{ticket}")).await.json["request"].clone();
    assert_eq!(
        (shown["status"].as_str(), shown["custom_status_id"].as_i64()),
        (Some("solved"), Some(1_260_800_000_013))
    );
    assert_eq!(post(&format!("{path}/sight"), &[("user", "ada"), ("sight", "revoke")]).await, StatusCode::SEE_OTHER);
    assert_eq!(server.get(&format!("/api/v2/requests/{ticket}")).await.status, StatusCode::NOT_FOUND);
    let switch = [("name", "unauthorized"), ("state", "on"), ("times", "1"), ("only", "")];
    assert_eq!(post("/switches", &switch).await, StatusCode::SEE_OTHER);
    assert!(page("/switches").await.contains("1 on"));
    assert_eq!(server.get("/api/v2/users/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&format!("{path}/status"), &[("status", "closed")]).await, StatusCode::SEE_OTHER);
    assert_eq!(post(&format!("{path}/write"), &answer).await, StatusCode::UNPROCESSABLE_ENTITY);
}
