//! Downloads: files come to the device complete, and leave it when the cache is full or the server takes them away.

use std::fs;

use pocketdesk::model::{DownloadProblem, FileState};
use pocketdesk::net::Method;
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use super::{Files, HUGE, LARGE, hash, picture};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_download_follows_the_redirect_without_the_bearer_and_goes_on_where_it_was_cut() {
    let files = Files::start().await;
    let ticket = files.write_with(&picture(HUGE));
    files.settle().await;
    let message = files.messages(ticket)[0].id;
    // The target of the redirect refuses requests with a token.
    files.fault(json!({ "cut_body": { "bytes": 2_000_000, "times": 1, "only": "GET /files" } })).await;
    assert_eq!(files.client.download(message, 0).unwrap(), FileState::Requested);
    assert_eq!(files.client.download(message, 0).unwrap(), FileState::Requested, "a second request changes nothing");
    assert_eq!(files.client.attachment_file(message, 0).unwrap(), None);
    let report = files.client.sync(Scope::Due).await;
    assert!(
        report.failure.is_none() && report.next.is_some(),
        "a cut download is no problem of the account: {report:?}"
    );
    files.bench.sandbox(Method::Delete, "/sandbox/requests", Value::Null).await;
    assert_eq!(files.client.sync(Scope::Due).await.failure, None);
    let path = files.client.attachment_file(message, 0).unwrap().unwrap();
    assert_eq!(hash(&fs::read(path).unwrap()), hash(&picture(HUGE)));
    assert_eq!(files.messages(ticket)[0].attachments[0].bytes, FileState::OnDevice);
    let log = files.bench.sandbox(Method::Get, "/sandbox/requests", Value::Null).await;
    let sent = |entry: &Value| entry["response_bytes"].as_u64().unwrap();
    let rest = log["requests"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["path"].as_str().unwrap().starts_with("/files"))
        .map(sent);
    assert!(rest.is_some_and(|rest| rest > 0 && rest < HUGE as u64 / 2 + 100_000), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cache_keeps_what_was_opened_last() {
    let files = Files::with_cache(LARGE as u64 + 10).await;
    let ticket = files.write();
    files.settle().await;
    let message = files.messages(ticket)[0].id;
    for index in [0, 1] {
        files.client.download(message, index).unwrap();
        assert_eq!(files.client.sync(Scope::Due).await.failure, None);
        assert!(files.client.attachment_file(message, index).unwrap().is_some());
    }
    assert_eq!(files.client.attachment_file(message, 0).unwrap(), None, "removed to make room");
    assert_eq!(files.kept("cache").len(), 1);
    let small = Files::with_cache(1_000).await;
    let ticket = small.write();
    small.settle().await;
    let message = small.messages(ticket)[0].id;
    // How long the file is, only its own answer says.
    assert_eq!(small.client.download(message, 0).unwrap(), FileState::Requested);
    assert_eq!(small.client.sync(Scope::Due).await.failure, None);
    assert_eq!(small.messages(ticket)[0].attachments[0].bytes, FileState::Failed(DownloadProblem::TooLarge));
    assert!(small.kept("cache").is_empty());
    assert!(small.client.download(message, 1).is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_goes_with_what_the_server_takes_away() {
    let files = Files::start().await;
    let ticket = files.write();
    files.settle().await;
    let message = files.messages(ticket)[0].id;
    let number = files.client.ticket(ticket).unwrap().row.number.unwrap();
    let fetch = async || {
        files.client.download(message, 1).unwrap();
        files.client.sync(Scope::Due).await;
        assert_eq!(files.kept("cache").len(), 1);
    };
    fetch().await;
    let comment = files.theirs().await[0]["comments"][0]["id"].clone();
    // The server's times have whole seconds.
    files.bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
    let redact = format!("/sandbox/tickets/{number}/redact_comment");
    files.bench.sandbox(Method::Post, &redact, json!({ "comment": comment })).await;
    files.client.thread_opened(ticket).unwrap();
    assert_eq!(files.client.sync(Scope::Everything).await.failure, None);
    assert_eq!(files.messages(ticket)[0].attachments[1].name, "redacted.txt");
    assert!(files.kept("cache").is_empty(), "redacted");
    fetch().await;
    let revoke = format!("/sandbox/tickets/{number}/revoke");
    files.bench.sandbox(Method::Post, &revoke, json!({ "user": "ada" })).await;
    files.client.sync(Scope::Everything).await;
    assert!(!files.client.ticket(ticket).unwrap().row.visible);
    assert!(files.kept("cache").is_empty(), "no longer visible");
}
