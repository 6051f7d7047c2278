//! A help centre that fails, is closed, or has an article that nobody can read.

use std::time::Duration;

use std::sync::Arc;

use async_trait::async_trait;
use pocketdesk::model::{ArticleId, HelpCenterState};
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse, ReqwestHttp};
use pocketdesk::store::SignOut;
use serde_json::{Value, json};

use super::bench::{Bench, FIRST, HOUR, config, open};
use crate::driver::Driver;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_article_that_cannot_be_read_costs_that_article_and_a_known_one_stays() {
    let bench = Bench::new("de").await;
    bench.change(ArticleId(FIRST), json!({ "broken": true })).await;
    bench.sync().await;
    assert_eq!(bench.client.article(ArticleId(FIRST)).unwrap(), None);
    assert_eq!(bench.all().len(), 499);
    bench.change(ArticleId(FIRST), json!({ "broken": false })).await;
    bench.change(ArticleId(FIRST + 1), json!({ "broken": true })).await;
    bench.clock.advance(HOUR * 24);
    bench.sync().await;
    assert_eq!(bench.all().len(), 500, "what exists is not taken for gone");
    assert_eq!(bench.article(FIRST + 1).row.title, "Wer darf sich bei Shopify anmelden?");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_help_centre_the_tickets_go_on_and_nothing_of_the_articles_is_left() {
    for closed in ["forbidden", "missing"] {
        let bench = Bench::start("de").await;
        bench.client.vote(ArticleId(FIRST), true).unwrap();
        bench.sync().await;
        let tickets = bench.client.history(None, 1).unwrap().total;
        let marker = "Grüße aus Köln";
        assert!(tickets >= 10 && !bench.files_with(marker).is_empty());
        bench.settings(json!({ "help_center": closed })).await;
        bench.clock.advance(HOUR);
        bench.sync().await;
        let help_center = bench.client.help_center().unwrap();
        assert_eq!((help_center.state, help_center.categories.len()), (HelpCenterState::Absent, 0), "{closed}");
        assert_eq!(bench.client.article(ArticleId(FIRST)).unwrap(), None);
        assert!(bench.client.similar("Auszahlung von Klaviyo").unwrap().articles.is_empty());
        assert_eq!(bench.files_with(marker), Vec::<std::path::PathBuf>::new());
        assert_eq!(bench.client.history(None, 1).unwrap().total, tickets);
        assert_eq!(bench.client.state().unwrap().problem, None);
        // It is asked about once a day.
        bench.requests().await;
        bench.clock.advance(HOUR);
        bench.sync().await;
        assert_eq!(bench.asked().await, [""; 0]);
        bench.settings(json!({ "help_center": "on" })).await;
        bench.clock.advance(HOUR * 23);
        bench.sync().await;
        assert_eq!(bench.all().len(), 500);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_help_centre_that_fails_waits_and_costs_the_tickets_nothing() {
    for fault in ["server_error", "html", "offline"] {
        let bench = Bench::new("de").await;
        bench.fault(json!({ fault: { "times": 100, "only": "/api/v2/help_center" } })).await;
        let driver = Driver::start(&bench.client);
        bench.client.set_in_front(true).unwrap();
        let until = async {
            while bench.client.history(None, 1).unwrap().total < 10 || bench.client.state().unwrap().syncing {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), until).await.unwrap();
        // Push messages make runs, and none of them asks again during the pause, which is 8 seconds or more.
        for _ in 0..5 {
            bench.client.on_push(4_711).unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        driver.stop().await;
        let asked = bench.asked().await;
        assert_eq!(asked.len(), 1, "{fault}: {asked:?}");
        assert_eq!(bench.client.state().unwrap().problem, None, "{fault}");
        assert_eq!(bench.client.help_center().unwrap().state, HelpCenterState::Unknown);
        bench.sandbox(pocketdesk::net::Method::Delete, "/sandbox/faults", Value::Null).await;
        bench.sync().await;
        assert_eq!(bench.all().len(), 500, "whoever asks for a sync waits for nothing");
        bench.client.close();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_breaks_in_the_middle_goes_on_where_it_stopped() {
    let bench = Bench::new("de").await;
    // The third page breaks.
    bench.fault(json!({ "server_error": { "times": 1, "only": "GET /api/v2/help_center/locales" } })).await;
    bench.sync().await;
    assert!(bench.all().is_empty());
    bench.sync().await;
    assert_eq!(bench.all().len(), 500);
    bench.requests().await;
    bench.clock.advance(HOUR * 24);
    bench.fault(json!({ "cut_body": { "bytes": 1000, "times": 1, "only": "GET /api/v2/help_center/de" } })).await;
    bench.sync().await;
    bench.sync().await;
    let asked = bench.asked().await;
    let looked_for = asked.iter().filter(|line| line.ends_with("/locales")).count();
    assert_eq!((looked_for, asked.len()), (1, 7), "{asked:?}");
    assert_eq!(bench.all().len(), 500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_leaves_no_article_and_keeping_what_waits_keeps_the_answer() {
    let marker = "Grüße aus Köln";
    let bench = Bench::start("de").await;
    assert!(!bench.files_with(marker).is_empty());
    bench.client.sign_out(SignOut::Discard).unwrap();
    assert_eq!(bench.files_with(marker), Vec::<std::path::PathBuf>::new());

    let mut bench = Bench::start("de").await;
    bench.client.set_online(false).unwrap();
    bench.client.vote(ArticleId(FIRST), true).unwrap();
    assert_eq!(bench.client.unsent().unwrap().messages, 1);
    bench.client.sign_out(SignOut::Keep).unwrap();
    assert_eq!(bench.files_with(marker), Vec::<std::path::PathBuf>::new());
    bench.reopen("de", true);
    assert_eq!(bench.client.help_center().unwrap().state, HelpCenterState::Unknown);
    assert_eq!(bench.client.unsent().unwrap().messages, 1);
    bench.sync().await;
    bench.sync().await;
    assert_eq!(bench.votes(ArticleId(FIRST)).await, json!({ super::bench::ADA: 1 }));
    assert_eq!(bench.article(FIRST).vote.map(|vote| (vote.helpful, vote.waiting)), Some((true, false)));
}

/// A server whose pages of articles never end: each is the first one.
struct Endless(ReqwestHttp);

#[async_trait]
impl Http for Endless {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        if !request.url.path().ends_with("/de/articles") {
            return self.0.send(request).await;
        }
        request.url.set_query(Some("page[size]=100&include=sections,categories"));
        let mut answer = self.0.send(request).await?;
        let mut page: Value = serde_json::from_slice(&answer.body).unwrap();
        page["meta"]["has_more"] = json!(true);
        answer.body = page.to_string().into_bytes();
        Ok(answer)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_lead_in_a_circle_are_given_up_and_what_was_read_stays() {
    let mut bench = Bench::start("de").await;
    bench.clock.advance(HOUR * 24);
    bench.client.close();
    let config = config(bench.folder.path(), &bench.sandbox.base_url, "de");
    bench.client = open(&config, &bench.clock, Arc::new(Endless(ReqwestHttp::new().unwrap())));
    bench.requests().await;
    for _ in 0..4 {
        bench.sync().await;
        let asked = bench.asked().await.len();
        assert!((1..=7).contains(&asked), "{asked}");
    }
    assert_eq!(bench.all().len(), 500, "no complete read has ended");
    assert_eq!(bench.client.state().unwrap().problem, None);
    bench.reopen("de", true);
    bench.sync().await;
    assert_eq!(bench.asked().await.len(), 5);
    assert_eq!(bench.all().len(), 500);
}
