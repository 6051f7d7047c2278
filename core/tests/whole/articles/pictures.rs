//! Pictures in articles: fetched when an article is opened and never before, kept within the limit of all cached files, and shown
//! without a network afterwards.

use std::fs;

use pocketdesk::model::{ArticleId, BlockKind, FileState, Marker};
use pocketdesk::store::file_of;
use pocketdesk::sync::Scope;
use serde_json::json;

use super::bench::{Bench, FIRST, HOUR, config, open};
use pocketdesk::net::ReqwestHttp;
use std::sync::Arc;

impl Bench {
    /// The requests for pictures since the last call.
    async fn asked_for_pictures(&self) -> Vec<String> {
        let requests = self.requests().await;
        requests.into_iter().filter(|line| line.contains("/article_attachments/")).collect()
    }

    async fn open_article(&self, id: i64) {
        self.client.article_opened(ArticleId(id)).unwrap();
        assert_eq!(self.client.sync(Scope::Due).await.failure, None);
    }

    fn picture(&self, id: i64) -> Option<Vec<u8>> {
        self.client.picture_file(ArticleId(id), 0).unwrap().map(|path| fs::read(path).unwrap())
    }

    /// How many files are cached.
    fn cached(&self) -> usize {
        let cache = file_of(self.folder.path(), "ada").with_file_name("cache");
        fs::read_dir(cache).map(Iterator::count).unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_article_has_the_structure_that_its_author_gave_it() {
    let bench = Bench::start("de").await;
    let article = bench.article(FIRST);
    let blocks = &article.content.blocks;
    let of = |text: &str| blocks.iter().find(|block| block.text() == text).unwrap();
    assert!(of("Schritt für Schritt").spans.iter().all(|span| span.bold), "a heading");
    assert_eq!(of("Öffnen Sie Einstellungen → Shopify.").marker, Some(Marker::Number(1)));
    let pictures: Vec<_> = blocks.iter().filter(|block| block.kind == BlockKind::Picture(0)).collect();
    assert_eq!((pictures.len(), article.pictures.len()), (1, 1));
    assert_eq!(&*article.pictures[0].name, "Die Einstellungen von Shopify");
    assert_eq!(article.pictures[0].bytes, FileState::OnServer);
    // What looks like a quoted mail is none.
    let text = "<p>Antworten:</p><p>Am 5. März schrieb Ada:</p><blockquote>Danke!</blockquote>";
    let added = bench.add(json!({ "texts": { "de": { "title": "Zitate", "body": text } } })).await;
    bench.clock.advance(HOUR);
    bench.sync().await;
    assert_eq!(bench.article(added.0).content.history_from, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_fetched_when_an_article_is_opened_and_shown_without_a_network_afterwards() {
    let mut bench = Bench::start("de").await;
    assert_eq!(bench.asked_for_pictures().await, [""; 0], "500 articles were read, and no picture");
    assert_eq!(bench.picture(FIRST), None);
    let changes = bench.client.subscribe();
    bench.open_article(FIRST).await;
    assert_eq!(
        bench.asked_for_pictures().await,
        [format!("GET /hc/article_attachments/{FIRST}/bildschirm.png")],
        "only that of the article that was opened"
    );
    assert!(changes.next().await.articles, "the screen is told");
    assert_eq!(bench.article(FIRST).pictures[0].bytes, FileState::OnDevice);
    let shown = bench.picture(FIRST).unwrap();
    assert!(shown.starts_with(b"\x89PNG"));
    bench.open_article(FIRST).await;
    assert_eq!(bench.asked_for_pictures().await, [""; 0], "it is here");

    bench.reopen("de", false);
    bench.client.set_online(false).unwrap();
    assert_eq!((bench.picture(FIRST), bench.article(FIRST).pictures[0].bytes), (Some(shown), FileState::OnDevice));
    // Asked for without a network, it comes with the network.
    bench.client.article_opened(ArticleId(FIRST + 1)).unwrap();
    assert_eq!(bench.article(FIRST + 1).pictures[0].bytes, FileState::Requested);
    bench.reopen("de", true);
    assert_eq!(bench.client.sync(Scope::Due).await.failure, None);
    assert_eq!(bench.article(FIRST + 1).pictures[0].bytes, FileState::OnDevice);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_stay_within_the_limit_of_all_cached_files() {
    let mut bench = Bench::start("de").await;
    bench.open_article(FIRST).await;
    let length = bench.picture(FIRST).unwrap().len();
    bench.client.close();
    let mut small = config(bench.folder.path(), &bench.sandbox.base_url, "de");
    let mut product: serde_json::Value = serde_json::from_str(small.product.as_deref().unwrap()).unwrap();
    product["sync"]["cache_bytes"] = json!(length * 2);
    small.product = Some(product.to_string());
    bench.client = open(&small, &bench.clock, Arc::new(ReqwestHttp::new().unwrap()));
    bench.open_article(FIRST + 1).await;
    assert_eq!((bench.picture(FIRST).is_some(), bench.picture(FIRST + 1).is_some()), (true, true));
    // Looking at one keeps it; the other one was seen longest ago.
    assert!(bench.picture(FIRST).is_some());
    bench.open_article(FIRST + 2).await;
    let here = [0, 1, 2].map(|at| bench.picture(FIRST + at).is_some());
    assert_eq!((here, bench.cached()), ([true, false, true], 2));
    assert_eq!(bench.article(FIRST + 1).pictures[0].bytes, FileState::OnServer, "and can be fetched again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_goes_with_its_article_and_when_the_company_takes_it_out() {
    let bench = Bench::start("de").await;
    bench.open_article(FIRST).await;
    bench.open_article(FIRST + 1).await;
    assert_eq!(bench.cached(), 2);
    bench.sandbox(pocketdesk::net::Method::Post, "/sandbox/clock", json!({ "advance_seconds": 60 })).await;
    // Another picture stands in its place, and one at a stranger's address is none.
    let text = "<p>Neu</p><img src=\"https://tracker.example.com/hc/article_attachments/1/a.png\" alt=\"Zähler\">\
                <img src=\"/guide-media/01J8Größe\" alt=\"Größe\">";
    let changed = json!({ "texts": { "de": { "title": "Neu", "body": text } } });
    bench.change(ArticleId(FIRST), changed).await;
    bench.clock.advance(HOUR);
    bench.sync().await;
    let pictures = bench.article(FIRST).pictures;
    assert_eq!((pictures.len(), &*pictures[0].name, pictures[0].bytes), (1, "Größe", FileState::OnServer));
    assert_eq!(bench.cached(), 1);
    bench.remove(ArticleId(FIRST + 1)).await;
    bench.clock.advance(HOUR * 24);
    bench.sync().await;
    assert!(bench.client.article(ArticleId(FIRST + 1)).unwrap().is_none());
    assert_eq!((bench.cached(), bench.picture(FIRST + 1)), (0, None));
    // A picture that the server does not have costs that picture, and opening the article again asks for it again.
    bench.requests().await;
    for _ in 0..2 {
        bench.open_article(FIRST).await;
        assert!(matches!(bench.article(FIRST).pictures[0].bytes, FileState::Failed(_)));
    }
    let requests = bench.requests().await;
    assert_eq!(requests.iter().filter(|line| line.contains("/guide-media/")).count(), 2);
    assert!(!requests.iter().any(|line| line.contains("tracker")));
}
