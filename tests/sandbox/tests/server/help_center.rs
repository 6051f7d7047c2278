//! The help centre: 500 articles in three languages, as an end user reads them and votes about them.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::Server;

const FIRST: i64 = 360_003_300_001;
const ADA: &str = "361882440112";

#[tokio::test]
async fn every_language_has_500_articles_and_each_names_its_section_and_category() {
    let server = Server::start().await;
    let locales = server.get("/api/v2/help_center/locales").await.json;
    assert_eq!(locales, json!({ "locales": ["en-us", "de", "es"], "default_locale": "en-us" }));
    for locale in ["en-us", "de", "es"] {
        let (mut ids, mut after) = (std::collections::BTreeSet::new(), String::new());
        loop {
            let path =
                format!("/api/v2/help_center/{locale}/articles?page%5Bsize%5D=100&include=sections,categories{after}");
            let page = server.get(&path).await.json;
            for article in page["articles"].as_array().unwrap() {
                assert!(ids.insert(article["id"].as_i64().unwrap()), "an article comes once");
                assert_eq!(article["locale"], locale);
                for part in ["<ol>", "<table>", "<img", "<a href", "👋"] {
                    assert!(article["body"].as_str().unwrap().contains(part), "{part}");
                }
                let of = |list: &str, id: &Value| {
                    page[list].as_array().unwrap().iter().find(|known| known["id"] == *id).cloned().unwrap()
                };
                let section = of("sections", &article["section_id"]);
                assert!(of("categories", &section["category_id"])["name"].is_string());
            }
            if page["meta"]["has_more"] == false {
                break;
            }
            after = format!("&page%5Bafter%5D={}", page["meta"]["after_cursor"].as_str().unwrap());
        }
        assert_eq!(ids.len(), 500);
    }
}

#[tokio::test]
async fn what_an_author_changes_comes_first_and_what_is_removed_is_gone() {
    let server = Server::start().await;
    let newest = "/api/v2/help_center/de/articles?page=1&per_page=5&sort_by=updated_at&sort_order=desc&include=sections,categories";
    let text = json!({ "de": { "title": "Neu", "body": "<p>Ja</p>" } });
    server.sandbox(Method::POST, &format!("/articles/{}", FIRST + 80), json!({ "texts": text })).await;
    let page = server.get(newest).await.json;
    assert_eq!((&page["articles"][0]["id"], &page["count"]), (&json!(FIRST + 80), &json!(500)));
    server.sandbox(Method::DELETE, &format!("/articles/{}", FIRST + 80), Value::Null).await;
    server.sandbox(Method::POST, &format!("/articles/{FIRST}"), json!({ "drafts": { "de": true } })).await;
    let page = server.get(newest).await.json;
    assert_eq!(page["count"], 498);
    let added = server.sandbox(Method::POST, "/articles", json!({ "section": 3, "texts": text })).await;
    let page = server.get(newest).await.json;
    assert_eq!(page["articles"][0]["id"], added["article"]["id"]);
    let (missing, _) = server.try_sandbox(Method::POST, "/articles/5", json!({})).await;
    assert_eq!(missing, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_user_has_one_vote_for_each_article() {
    let server = Server::start().await;
    let vote = async |article: i64, way: &str| {
        let path = format!("/api/v2/help_center/de/articles/{article}/{way}");
        server.send(Method::POST, &path, &json!({})).await.unwrap()
    };
    for (way, value) in [("up", 1), ("up", 1), ("down", -1)] {
        assert_eq!(vote(FIRST, way).await.json["vote"]["value"], value);
        let there = server.sandbox(Method::GET, &format!("/articles/{FIRST}"), Value::Null).await;
        assert_eq!(there["article"]["votes"], json!({ ADA: value }));
    }
    assert_eq!(vote(5, "up").await.status, StatusCode::NOT_FOUND);
    server.sandbox(Method::POST, "/settings", json!({ "article_votes": false })).await;
    assert_eq!(vote(FIRST, "up").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_administrator_closes_the_help_centre() {
    let server = Server::start().await;
    let list = "/api/v2/help_center/de/articles?page%5Bsize%5D=100&include=sections,categories";
    for (setting, status) in [("forbidden", StatusCode::FORBIDDEN), ("missing", StatusCode::NOT_FOUND)] {
        server.sandbox(Method::POST, "/settings", json!({ "help_center": setting })).await;
        assert_eq!(server.get("/api/v2/help_center/locales").await.status, status);
        assert_eq!(server.get(list).await.status, status);
    }
    server.sandbox(Method::POST, "/settings", json!({ "help_center": "on" })).await;
    assert_eq!(server.get(list).await.status, StatusCode::OK);
    let french = "/api/v2/help_center/fr/articles?page%5Bsize%5D=100&include=sections,categories";
    assert_eq!(server.get(french).await.status, StatusCode::NOT_FOUND);
}
