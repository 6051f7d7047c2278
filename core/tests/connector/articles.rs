//! The help centre: its language, its articles by page, and votes.

use pocketdesk::connectors::Remote as _;
use pocketdesk::model::{ArticleId, ArticlePage, Failure, Reached, RemoteArticle, Trouble, undated};
use serde_json::{Value, json};

use crate::harness::{Bench, again};

const FIRST: ArticleId = ArticleId(360_003_300_001);

async fn locale(bench: &Bench, wanted: &[&str]) -> Option<String> {
    let wanted: Vec<String> = wanted.iter().map(|locale| (*locale).to_owned()).collect();
    undated(bench.zendesk.help_center(&wanted).await).unwrap()
}

async fn page(bench: &Bench, cursor: Option<&str>) -> Result<Option<ArticlePage>, Failure> {
    undated(bench.zendesk.article_page("de", cursor, 100).await)
}

/// Every article, page by page, and the number of pages.
async fn all(bench: &Bench) -> (Vec<RemoteArticle>, usize) {
    let (mut articles, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = page(bench, cursor.as_deref()).await.unwrap().unwrap();
        // Numbered pages begin again at the first row.
        if page.next.as_deref() == Some("row=0") {
            articles.clear();
        } else {
            articles.extend(page.articles);
        }
        pages += 1;
        cursor = page.next;
        if cursor.is_none() {
            articles.sort_by_key(|article| article.id);
            return (articles, pages);
        }
    }
}

#[tokio::test]
async fn the_language_is_one_that_the_help_centre_has() {
    let (bench, _) = Bench::signed_in().await;
    assert_eq!(locale(&bench, &["de-AT", "en-us"]).await.as_deref(), Some("de"));
    assert_eq!(locale(&bench, &["fr", "*"]).await.as_deref(), Some("en-us"), "its own default");
    bench
        .wire
        .meddle_json(|_, answer| *answer = json!({ "locales": ["../../users", "EN-GB"], "default_locale": null }));
    assert_eq!(locale(&bench, &["de"]).await.as_deref(), Some("en-gb"), "no name of a language leads to another path");
    bench.wire.meddle_json(|_, answer| *answer = json!({ "locales": null }));
    assert_eq!(undated(bench.zendesk.help_center(&[]).await), Err(Failure::misbehaves()));
}

#[tokio::test]
async fn every_article_is_read_with_its_places_by_cursor_and_by_number() {
    let (bench, _) = Bench::signed_in().await;
    let first = page(&bench, None).await.unwrap().unwrap();
    assert_eq!((first.sections.len(), first.categories.len()), (10, 4));
    let (by_cursor, pages) = all(&bench).await;
    assert_eq!((by_cursor.len(), pages), (500, 5));
    let article = &by_cursor[0];
    assert_eq!((article.id, &*article.title), (FIRST, "Erste Schritte mit Shopify"));
    assert_eq!((&*article.locale, &*article.source_locale), ("de", "en-us"));
    assert!(article.body.contains("Grüße aus Köln") && !article.body.contains('<'), "{}", article.body);
    let picture = &article.pictures[0];
    assert_eq!(picture.address.as_deref(), Some(&*format!("/hc/article_attachments/{FIRST}/bildschirm.png")));
    assert!(article.structure.is_some() && picture.id.is_some_and(|id| id < 0));
    bench.wire.without_cursors();
    let (by_number, pages) = all(&bench).await;
    assert_eq!((by_number == by_cursor, pages), (true, 6), "the first page is read twice");
}

#[tokio::test]
async fn the_newest_changes_come_first() {
    let (bench, _) = Bench::signed_in().await;
    let text = json!({ "de": { "title": "Neu: Größe & Maß 📐", "body": "<p>Ja</p>" } });
    bench.set_up(&format!("/sandbox/articles/{FIRST}"), json!({ "texts": text })).await;
    let newest = undated(bench.zendesk.newest_articles("de", 1, 20).await).unwrap().unwrap();
    assert_eq!((newest.articles.len(), newest.articles[0].id), (20, FIRST));
    assert_eq!(newest.articles[0].title, "Neu: Größe & Maß 📐");
    assert!(newest.next.is_some());
    let times: Vec<_> = newest.articles.iter().map(|article| article.updated_at).collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
}

#[tokio::test]
async fn an_odd_value_costs_that_value_and_an_odd_row_that_row() {
    let (bench, _) = Bench::signed_in().await;
    bench.wire.meddle_json(|exchange, answer| {
        if !exchange.what.ends_with("/articles") {
            return;
        }
        let rows = answer["articles"].as_array_mut().unwrap();
        rows.truncate(6);
        rows[0]["section_id"] = Value::Null;
        rows[1]["id"] = json!("x");
        rows[2]["draft"] = json!(true);
        rows[3]["body"] = Value::Null;
        rows[3]["edited_at"] = json!("9999-12-31T23:59:59Z");
        rows[4]["locale"] = json!(17);
        rows[4]["position"] = json!({});
        answer["sections"] = json!([{ "id": null }, { "id": 5, "name": null }]);
        answer["categories"] = json!("none");
    });
    let page = page(&bench, None).await.unwrap().unwrap();
    assert_eq!((page.articles.len(), page.unreadable.ids.len(), page.unreadable.unknown), (3, 1, 1));
    assert_eq!((&*page.articles[0].body, page.articles[0].edited_at), ("", page.articles[0].updated_at));
    assert_eq!((&*page.articles[1].locale, page.articles[1].position), ("de", i64::MAX));
    assert_eq!((page.sections.len(), page.sections[0].category, page.categories.len()), (1, None, 0));
}

#[tokio::test]
async fn a_closed_help_centre_is_told_from_a_failure() {
    let (bench, _) = Bench::signed_in().await;
    for setting in ["forbidden", "missing"] {
        bench.set_up("/sandbox/settings", json!({ "help_center": setting })).await;
        assert_eq!(locale(&bench, &["de"]).await, None, "{setting}");
        assert_eq!(page(&bench, None).await, Ok(None), "{setting}");
        assert_eq!(undated(bench.zendesk.newest_articles("de", 1, 20).await), Ok(None), "{setting}");
    }
    bench.set_up("/sandbox/settings", json!({ "help_center": "on" })).await;
    bench.fault(json!({ "server_error": { "times": 1 } })).await;
    assert_eq!(page(&bench, None).await, Err(again(Trouble::Faulty, Reached::Maybe)));
    // A firewall's page says nothing of the help centre.
    bench.wire.meddle(|_, answer| (answer.status, answer.body) = (403, b"<html>Blocked</html>".to_vec()));
    assert_eq!(page(&bench, None).await, Err(Failure::misbehaves()));
    bench.wire.meddle_json(|_, answer| *answer = json!({ "articles": null }));
    assert_eq!(page(&bench, None).await, Err(Failure::misbehaves()));
}

#[tokio::test]
async fn a_vote_replaces_the_one_before_and_its_refusals_are_told_apart() {
    let (bench, ada) = Bench::signed_in().await;
    let votes = async || bench.votes(FIRST.0).await;
    let vote = async |article, helpful| undated(bench.zendesk.vote("de", article, helpful).await);
    for (helpful, value) in [(true, 1), (true, 1), (false, -1)] {
        assert_eq!(vote(FIRST, helpful).await, Ok(()));
        assert_eq!(votes().await, json!({ ada.id.to_string(): value }));
    }
    assert_eq!(vote(ArticleId(4_711), true).await, Err(Failure::Gone));
    bench.set_up("/sandbox/settings", json!({ "article_votes": false })).await;
    assert_eq!(vote(FIRST, true).await, Err(Failure::NotAllowed));
    bench.wire.meddle_json(|_, answer| *answer = json!({ "welcome": "to the hotel's network" }));
    bench.set_up("/sandbox/settings", json!({ "article_votes": true })).await;
    assert_eq!(vote(FIRST, true).await, Err(Failure::misbehaves()), "a portal's answer is no vote");
}
