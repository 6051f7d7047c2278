//! "Was this helpful?": the answer waits for the network, arrives, and the last one stays.

use std::time::Duration;

use pocketdesk::client::ChangeError;
use pocketdesk::model::ArticleId;
use pocketdesk::sync::Scope;
use serde_json::json;

use super::bench::{ADA, Bench, FIRST, HOUR};
use crate::driver::Driver;

const ARTICLE: ArticleId = ArticleId(FIRST);

/// Syncs until nothing waits to be sent.
async fn until_sent(bench: &Bench) {
    let driver = Driver::start(&bench.client);
    let changes = bench.client.subscribe();
    let sent = async {
        while bench.client.state().unwrap().waiting > 0 {
            changes.next().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(50), sent).await.unwrap();
    driver.stop().await;
}

fn answer(bench: &Bench) -> Option<(bool, bool)> {
    bench.article(FIRST).vote.map(|vote| (vote.helpful, vote.waiting))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_without_a_network_survives_the_app_and_only_the_last_one_is_sent() {
    let mut bench = Bench::start("de").await;
    assert!(bench.article(FIRST).asks && answer(&bench).is_none());
    bench.client.set_online(false).unwrap();
    for helpful in [true, false, true, false] {
        bench.client.vote(ARTICLE, helpful).unwrap();
        assert_eq!((answer(&bench), bench.client.state().unwrap().waiting), (Some((helpful, true)), 1));
    }
    bench.requests().await;
    bench.reopen("de", true);
    assert_eq!(answer(&bench), Some((false, true)));
    assert_eq!(bench.client.unsent().unwrap().messages, 1);
    bench.client.set_online(true).unwrap();
    until_sent(&bench).await;
    assert_eq!(answer(&bench), Some((false, false)));
    assert_eq!(bench.votes(ARTICLE).await, json!({ ADA: -1 }));
    let sent: Vec<_> = bench.requests().await.into_iter().filter(|line| line.starts_with("POST")).collect();
    assert_eq!(sent, [format!("POST /api/v2/help_center/de/articles/{FIRST}/down")]);
    // The same answer again is nothing new.
    bench.client.vote(ARTICLE, false).unwrap();
    assert_eq!(bench.client.state().unwrap().waiting, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_a_lost_answer_the_vote_counts_once_and_a_changed_mind_arrives_last() {
    for fault in ["cut_after", "cut_before", "late_apply", "server_error"] {
        let bench = Bench::start("de").await;
        let only = json!("POST /api/v2/help_center");
        let how = match fault {
            "late_apply" => json!({ "seconds": 0.8, "times": 1, "only": only }),
            _ => json!({ "times": 1, "only": only }),
        };
        bench.fault(json!({ fault: how })).await;
        bench.client.vote(ARTICLE, true).unwrap();
        assert_eq!(bench.client.sync(Scope::Due).await.failure, None, "{fault}");
        bench.client.vote(ARTICLE, false).unwrap();
        assert_eq!(answer(&bench), Some((false, true)), "{fault}");
        until_sent(&bench).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(bench.votes(ARTICLE).await, json!({ ADA: -1 }), "{fault}");
        bench.client.vote(ARTICLE, true).unwrap();
        until_sent(&bench).await;
        assert_eq!(bench.votes(ARTICLE).await, json!({ ADA: 1 }), "{fault}");
        bench.client.close();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_server_takes_no_answer_no_article_asks() {
    let bench = Bench::start("de").await;
    bench.settings(json!({ "article_votes": false })).await;
    bench.client.vote(ARTICLE, true).unwrap();
    until_sent(&bench).await;
    let article = bench.article(FIRST);
    assert_eq!((article.asks, article.vote), (false, None));
    assert!(!bench.article(FIRST + 1).asks);
    assert_eq!(bench.client.vote(ARTICLE, true), Err(ChangeError::NotOffered));
    // The company may change its mind.
    bench.settings(json!({ "article_votes": true })).await;
    bench.clock.advance(HOUR * 24);
    bench.sync().await;
    bench.client.vote(ARTICLE, true).unwrap();
    until_sent(&bench).await;
    assert_eq!(bench.votes(ARTICLE).await, json!({ ADA: 1 }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_about_an_article_that_is_gone_is_dropped() {
    let bench = Bench::start("de").await;
    bench.client.set_online(false).unwrap();
    bench.client.vote(ARTICLE, true).unwrap();
    bench.client.vote(ArticleId(FIRST + 1), true).unwrap();
    bench.remove(ARTICLE).await;
    bench.client.set_online(true).unwrap();
    until_sent(&bench).await;
    assert_eq!(answer(&bench), None);
    assert_eq!(bench.votes(ArticleId(FIRST + 1)).await, json!({ ADA: 1 }));
    assert!(bench.article(FIRST + 1).asks, "the server takes answers");
    assert_eq!(bench.client.vote(ArticleId(4_711), true), Err(ChangeError::NotOffered), "there is no such article");
}
