//! Lists and the seed: which user sees which tickets, in which order, and that the generated tickets look like support.

use std::collections::BTreeSet;

use pocketdesk_sandbox::Options;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, Server, ids, path_of};

const ORGANIZATION: &str = "/api/v2/organizations/360004512301/requests";

/// Follows cursor pages to the end and returns all ticket numbers.
async fn all_pages(server: &Server, token: &str, first: &str) -> Vec<i64> {
    let mut all = Vec::new();
    let mut path = first.to_owned();
    loop {
        let page = server.get_as(token, &path).await;
        all.extend(ids(&page));
        if page.json["meta"]["has_more"] == false {
            return all;
        }
        path = path_of(&page.json["links"]["next"]);
    }
}

#[tokio::test]
async fn ada_sees_three_hundred_tickets_and_no_others() {
    let server = Server::start().await;
    let own = all_pages(&server, "ada-token", "/api/v2/requests?page%5Bsize%5D=100").await;
    let account = all_pages(&server, "ada-token", &format!("{ORGANIZATION}?page%5Bsize%5D=100")).await;
    let all: BTreeSet<i64> = own.iter().chain(&account).copied().collect();
    assert_eq!(all.len(), 300);
    assert_eq!(account.len(), 300, "the account's list has her own tickets, each once");
    let everything = server.get_as("agent-token", "/api/v2/requests?per_page=1").await.json["count"].as_i64().unwrap();
    assert_eq!(everything, 336);
    let administrator =
        server.get_as("clara-token", &format!("{ORGANIZATION}?per_page=1")).await.json["count"].as_i64().unwrap();
    assert!((301..336).contains(&administrator), "Clara sees the account, and nothing of Zoë's: {administrator}");
    assert_eq!(server.get_as("zoe-token", ORGANIZATION).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_tickets_and_zero_tickets_gives_none() {
    let options = || Options { tickets: 25, seed: 7, ..Options::default() };
    let (one, two) = (Server::start_with(options()).await, Server::start_with(options()).await);
    let texts = |answer: &Answer| {
        let requests = answer.json["requests"].as_array().unwrap().clone();
        requests
            .into_iter()
            .map(|request| (request["id"].clone(), request["subject"].clone(), request["status"].clone()))
            .collect::<Vec<_>>()
    };
    let path = format!("{ORGANIZATION}?sort_by=id");
    let listed = texts(&one.get(&path).await);
    assert_eq!(listed, texts(&two.get(&path).await));
    assert_eq!(listed.len(), 25);
    let empty = Server::start_with(Options { tickets: 0, ..Options::default() }).await;
    let answer = empty.get(&path).await;
    assert_eq!((ids(&answer).len(), answer.json["count"].as_i64()), (0, Some(0)));
}

#[tokio::test]
async fn the_seed_looks_like_three_years_of_support() {
    let server = Server::start().await;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let all = server.sandbox(Method::GET, "/tickets", Value::Null).await;
    let tickets = all["tickets"].as_array().unwrap();
    for ticket in tickets {
        seen.insert(format!("status {}", ticket["status"]));
        seen.insert(format!("type {}", ticket["issue_type"]));
        let comments = ticket["comments"].as_array().unwrap();
        assert!((1..=12).contains(&comments.len()), "{ticket}");
        assert_eq!(comments[0]["agent"], false, "the description is the requester's");
        let times: Vec<&str> = comments.iter().map(|comment| comment["created_at"].as_str().unwrap()).collect();
        assert!(times.is_sorted() && *times.last().unwrap() <= ticket["updated_at"].as_str().unwrap(), "{ticket}");
        assert!(ticket["subject"].as_str().unwrap().chars().count() <= 140);
        let last_public = comments.iter().rfind(|comment| comment["public"] == true).unwrap();
        match ticket["status"].as_str().unwrap() {
            "new" | "open" => assert_eq!(last_public["agent"], false, "{ticket}"),
            "pending" | "hold" => assert_eq!(last_public["agent"], true, "{ticket}"),
            _ => {}
        }
    }
    assert!(seen.iter().filter(|word| word.starts_with("status")).count() == 6, "{seen:?}");
    assert!(seen.iter().filter(|word| word.starts_with("type")).count() == 8, "seven types and none: {seen:?}");
    let has = |test: &dyn Fn(char) -> bool| {
        tickets.iter().any(|ticket| ticket["subject"].as_str().unwrap().chars().any(test))
    };
    assert!(has(&|letter| ('\u{590}'..'\u{700}').contains(&letter)), "a subject from right to left");
    assert!(has(&|letter| letter > '\u{1F000}'), "a subject with an emoji");
    assert!(tickets.iter().any(|ticket| ticket["subject"].as_str().unwrap().chars().count() > 120), "a long subject");
    let notes = tickets
        .iter()
        .flat_map(|ticket| ticket["comments"].as_array().unwrap())
        .filter(|comment| comment["public"] == false);
    assert!(notes.count() > 20);
    let files = tickets
        .iter()
        .flat_map(|ticket| ticket["comments"].as_array().unwrap())
        .filter(|comment| comment["attachments"] != json!([]));
    assert!(files.count() > 10);
    assert!(tickets.iter().filter(|ticket| ticket["ccs"] != json!([])).count() > 10);
}

#[tokio::test]
async fn cursor_pages_ignore_the_requested_order_and_are_complete() {
    let server = Server::start().await;
    let first = format!("{ORGANIZATION}?page%5Bsize%5D=30&sort_by=updated_at&sort_order=desc");
    let paged = all_pages(&server, "ada-token", &first).await;
    assert_eq!(paged.iter().collect::<BTreeSet<_>>().len(), 300, "every ticket, each once");
    let sorted = server.get(&format!("{ORGANIZATION}?per_page=30&sort_by=updated_at&sort_order=desc")).await;
    assert_ne!(paged[..30], ids(&sorted)[..], "cursor pages must not have the requested order");
    assert_eq!(paged, all_pages(&server, "ada-token", &first).await, "the order must be stable");
    server.faults(json!({ "cursor_shuffle": 5 })).await;
    let other = all_pages(&server, "ada-token", &first).await;
    assert_ne!(paged, other);
    assert_eq!(other.iter().collect::<BTreeSet<_>>(), paged.iter().collect::<BTreeSet<_>>());
}

#[tokio::test]
async fn offset_pages_are_sorted_and_end_after_ten_thousand_rows() {
    let server = Server::start().await;
    let mut path = format!("{ORGANIZATION}?page=1&per_page=100&sort_by=updated_at&sort_order=desc");
    let mut times: Vec<String> = Vec::new();
    loop {
        let page = server.get(&path).await;
        assert_eq!(page.json["count"], 300);
        times.extend(
            page.json["requests"]
                .as_array()
                .unwrap()
                .iter()
                .map(|request| request["updated_at"].as_str().unwrap().to_owned()),
        );
        if page.json["next_page"].is_null() {
            break;
        }
        path = path_of(&page.json["next_page"]);
    }
    assert_eq!(times.len(), 300);
    assert!(times.is_sorted_by(|one, next| one >= next));
    let beyond = server.get("/api/v2/requests?page=101&per_page=100").await;
    assert_eq!(
        (beyond.status, beyond.json["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("InvalidPaginationDepth"))
    );
    assert_eq!(server.get("/api/v2/requests?page%5Bafter%5D=nonsense").await.status, StatusCode::BAD_REQUEST);
}
