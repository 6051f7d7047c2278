//! Articles: to their end although the service names none, with the text that an author gave them, and none for whom the
//! service shows none.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use super::*;
use crate::model::{ArticleId, ArticlePage, HelpCenterState, RemoteArticle, SectionId, Unreadable};

const ARTICLES: &str = "GET /REST/2.0/articles";

/// The custom fields of the class of all articles here: id, name and type, in the company's order.
const FIELDS: [(i64, &str, &str); 5] = [
    (17, "Kurzfassung", "Freeform"),
    (22, "Inhalt", "HTML"),
    (20, "Text", "Text"),
    (19, "Notiz", "Wikitext"),
    (23, "Bild", "Image"),
];

/// An article as the service lists it, with the values of some fields. The order of its fields says nothing.
fn article(id: i64, name: &str, values: &[(i64, &[&str])]) -> Value {
    let value = |id: i64| values.iter().find(|(known, _)| *known == id).map_or(&[][..], |(_, values)| *values);
    let mut custom: Vec<Value> = FIELDS
        .iter()
        .map(|(id, name, kind)| {
            json!({ "id": id.to_string(), "type": "customfield", "name": name, "Type": kind, "values": value(*id) })
        })
        .collect();
    custom.reverse();
    let links: Vec<Value> = FIELDS
        .iter()
        .map(|(id, name, _)| json!({ "ref": "customfield", "id": id.to_string(), "name": name }))
        .collect();
    json!({
        "id": id.to_string(), "type": "article", "Name": name, "Summary": "Kurz gesagt", "SortOrder": "3", "Disabled": "0",
        "Class": { "id": "4", "type": "class", "Name": "Auszahlungen & Steuern", "SortOrder": "2", "Disabled": "0" },
        "Created": "2026-11-24T19:39:20Z", "LastUpdated": "2026-11-24T19:39:36Z",
        "CustomFields": custom, "_hyperlinks": links
    })
}

async fn page(rt: &Rt, cursor: Option<&str>) -> Result<Option<ArticlePage>, Failure> {
    undated(rt.article_page("und", cursor, 100).await)
}

/// What becomes of one row.
async fn read(row: Value) -> RemoteArticle {
    let (rt, script) = signed_in().await;
    script.then(ARTICLES, rows(&[row]));
    page(&rt, None).await.unwrap().unwrap().articles.remove(0)
}

fn asked(request: &HttpRequest, name: &str) -> String {
    request.url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[tokio::test]
async fn articles_are_read_to_their_end_although_pages_have_holes_and_no_total() {
    let (rt, script) = signed_in().await;
    script.then(ARTICLES, rows(&[article(3, "Drei", &[]), article(9, "Neun", &[])]));
    let first = page(&rt, None).await.unwrap().unwrap();
    assert_eq!((first.articles.len(), first.next.as_deref()), (2, Some("9")));
    // A hundred rows that this user may not see, then one more article.
    let hidden = rows(&[]);
    script.then(ARTICLES, hidden.clone()).then(ARTICLES, rows(&[json!({ "id": "140" })]));
    let empty = page(&rt, Some("9")).await.unwrap().unwrap();
    assert_eq!((empty.articles.len(), empty.next.as_deref()), (0, Some("9+1")));
    script.then(ARTICLES, rows(&[article(140, "Später", &[])]));
    let late = page(&rt, Some("9+1")).await.unwrap().unwrap();
    assert_eq!((&*late.articles[0].title, late.next.as_deref()), ("Später", Some("140")));
    let mut cursor = late.next;
    let mut requests = 0;
    while let Some(place) = cursor {
        script.then(ARTICLES, hidden.clone());
        requests += 1;
        cursor = page(&rt, Some(&place)).await.unwrap().unwrap().next;
    }
    assert_eq!(requests, 4, "the end is looked for in a few more pages");
    let asked_for: Vec<_> =
        script.asked().iter().map(|request| (asked(request, "query"), asked(request, "page"))).collect();
    let after = |id: i64| format!(r#"[{{"field":"id","operator":">","value":{id}}}]"#);
    let expected = [(0, ""), (9, ""), (9, "2"), (139, ""), (140, ""), (140, "2"), (140, "3"), (140, "4")]
        .map(|(id, page)| (after(id), page.to_owned()));
    assert_eq!(asked_for, expected);
}

#[tokio::test]
async fn a_list_that_leads_back_is_no_list() {
    let (rt, script) = signed_in().await;
    script.then(ARTICLES, rows(&[article(3, "Drei", &[])]));
    assert_eq!(page(&rt, Some("9")).await, Err(Failure::misbehaves()));
    script.then(ARTICLES, rows(&[json!({ "Name": "Ohne Nummer" })]));
    assert_eq!(page(&rt, None).await, Err(Failure::misbehaves()));
    assert_eq!(page(&rt, Some("row=0")).await, Err(Failure::misbehaves()), "a place of another version");
}

#[tokio::test]
async fn the_text_is_the_first_field_for_texts_that_has_one() {
    let html = "<p>Grüße 👋, siehe <a href=\"https://desk.example/faq\">die Fragen</a>.</p>";
    let both =
        read(article(1, "Größe & Maß 📐", &[(17, &["kurz"]), (20, &["Zeile 1\nZeile <2>"]), (22, &[html])])).await;
    assert_eq!((&*both.title, &*both.body), ("Größe & Maß 📐", "Grüße 👋, siehe die Fragen."));
    let linked = format!("{:?}", both.structure.unwrap());
    assert!(linked.contains("https://desk.example/faq"), "{linked}");
    let plain = read(article(1, "Nur Text", &[(20, &["Zeile 1\nZeile <2>"]), (22, &["<p> </p>"])])).await;
    assert_eq!((&*plain.body, plain.structure), ("Zeile 1\nZeile <2>", None));
    // The service's ready-made field is of this kind, and its own pages show the value as HTML.
    let written = read(article(1, "HTML im Textfeld", &[(20, &["Zuerst <B>hier</b>,\ndann dort"])])).await;
    assert_eq!((&*written.body, written.structure.is_some()), ("Zuerst hier,\ndann dort", true));
    let listed = read(article(1, "Liste", &[(20, &["<ul>\n<li>Eins</li>\n<li>Zwei</li>\n</ul>"])])).await;
    assert!(listed.structure.is_some() && !listed.body.contains("\n\n"), "{}", listed.body);
    let wiki = read(article(1, "Wiki", &[(19, &["'''Fett'''", "", "und mehr"])])).await;
    assert_eq!(wiki.body, "'''Fett'''\n\nund mehr", "as it was written");
    let several = read(article(1, "Mehrere", &[(22, &["<p>Eins</p>", "<p>Zwei</p>"])])).await;
    assert!(several.body.starts_with("Eins\n") && several.body.ends_with("Zwei"), "{}", several.body);
    let none = read(article(1, "Leer", &[(17, &["kurz"]), (23, &["bild.png"])])).await;
    assert_eq!(none.body, "Kurz gesagt", "the summary stands in for a text");
    let mut unordered = article(1, "Ohne Reihenfolge", &[(20, &["Text"]), (22, &[html])]);
    unordered["_hyperlinks"] = json!("none");
    assert_eq!(read(unordered).await.body, "Text", "by their ids");
}

#[tokio::test]
async fn an_article_stands_in_its_class_and_has_no_language_and_no_votes() {
    let (rt, script) = signed_in().await;
    let mut nameless = article(2, "Ohne Klasse", &[]);
    nameless["Class"] = json!({ "id": "2", "type": "class", "Name": "", "SortOrder": "", "Disabled": "" });
    script.then(ARTICLES, rows(&[article(1, "Eins", &[]), nameless, article(3, "Drei", &[])]));
    let page = page(&rt, None).await.unwrap().unwrap();
    let sections: Vec<_> =
        page.sections.iter().map(|section| (section.id.0, &*section.name, section.position)).collect();
    assert_eq!(sections, [(4, "Auszahlungen & Steuern", 2)], "each class once");
    let places: Vec<_> = page.articles.iter().map(|article| article.section).collect();
    assert_eq!(places, [SectionId(4), SectionId(0), SectionId(4)], "a class that is not shown costs its name");
    let one = &page.articles[0];
    assert_eq!((one.position, one.promoted, one.outdated, one.updated_at == one.edited_at), (3, false, false, true));
    assert_eq!(one.locale, one.source_locale, "nothing is a translation");
    assert!(page.categories.is_empty() && !rt.capabilities().article_votes);
    let vote = undated(rt.vote("und", ArticleId(1), true).await);
    assert_eq!(vote, Err(Failure::needs(ReasonKind::Unsupported)));
}

#[tokio::test]
async fn an_odd_value_costs_that_value_and_an_odd_row_that_row() {
    let (rt, script) = signed_in().await;
    let mut odd: Vec<Value> = (1..=9).map(|id| article(id, "Gut", &[(20, &["Text"])])).collect();
    odd[0]["id"] = json!({});
    odd[1]["Name"] = Value::Null;
    odd[2]["Disabled"] = json!("1");
    odd[3]["Class"]["Disabled"] = json!(1);
    odd[4]["Class"] = json!([17]);
    odd[4]["LastUpdated"] = json!("9999-12-31T23:59:59Z");
    odd[5]["CustomFields"] = json!({ "id": "20" });
    odd[5]["Summary"] = json!(17);
    odd[6]["CustomFields"] =
        json!([null, 5, { "Type": "Text" }, { "Type": "HTML", "values": [null, 4, { "_url": "x" }] }]);
    odd[7] = json!({ "id": 8, "Name": "Bloß ein Name" });
    odd[8]["SortOrder"] = json!("oben");
    odd.push(Value::Null);
    script.then(ARTICLES, rows(&odd));
    let page = page(&rt, None).await.unwrap().unwrap();
    let read: Vec<_> = page.articles.iter().map(|article| (article.id.0, &*article.body)).collect();
    assert_eq!(read, [(5, "Text"), (6, ""), (7, "Kurz gesagt"), (8, ""), (9, "Text")]);
    assert_eq!(page.unreadable, Unreadable { ids: vec![2], unknown: 2 });
    assert_eq!((page.articles[0].section, page.articles[4].position), (SectionId(0), i64::MAX));
    assert!(page.articles[0].updated_at < Timestamp(4_200_000_000_000), "no time is later than the server's clock");
    assert_eq!(page.next.as_deref(), Some("9"));
    for body in [json!({ "items": null }), json!([]), json!({})] {
        script.then(ARTICLES, ok(body));
        assert_eq!(undated(rt.article_page("und", None, 100).await), Err(Failure::misbehaves()));
    }
}

#[tokio::test]
async fn a_huge_text_is_shown_cut_and_says_so() {
    let huge = "Ä".repeat(400_000);
    for field in [20, 22] {
        let article = read(article(1, "Lang", &[(field, &[&huge])])).await;
        assert!(article.shortened && article.body.len() <= crate::model::LARGEST_BODY, "{field}");
        assert!(article.body.starts_with("ÄÄÄ"));
    }
    let many = vec!["Zeile"; 5_000];
    assert!(read(article(1, "Viele", &[(20, &many)])).await.body.len() < 5_000);
}

#[tokio::test]
async fn only_pictures_that_the_service_itself_keeps_are_shown() {
    let html = "<p>Bild: <img src=\"/Download/CustomFieldValue/7/bild.png\" alt=\"So geht es\">
                <img src=\"https://rt.example/REST/2.0/download/cf/7\"><img src=\"https://rt.example/REST/2.0/download/cf/8\">
                <img src=\"https://tracker.example/download/cf/9\"><img src=\"//tracker.example/REST/2.0/download/cf/9\">
                <img src=\"/NoAuth/images/logo.png\"><img src=\"data:image/png;base64,AAAA\">
                <img src=\"/REST/2.0/download/cf/../../user/27\"><img src=\"/REST/2.0/download/cf/0\"></p>";
    let article = read(article(1, "Mit Bild", &[(22, &[html])])).await;
    let pictures: Vec<_> =
        article.pictures.iter().map(|file| (&*file.name, file.address.as_deref().unwrap())).collect();
    assert_eq!(pictures[0], ("bild.png", "/REST/2.0/download/cf/7"));
    assert_eq!((pictures.len(), pictures[1].1), (2, "/REST/2.0/download/cf/8"));
    assert_eq!(article.pictures[0].content_type, "image/png");
}

#[tokio::test]
async fn whoever_is_shown_no_article_has_no_help_centre() {
    let (rt, script) = signed_in().await;
    script.then(ARTICLES, rows(&[json!({ "id": "5" })]));
    assert_eq!(undated(rt.help_center(&["de".to_owned()]).await), Ok(Some("und".to_owned())));
    for _ in 0..4 {
        script.then(ARTICLES, rows(&[]));
    }
    assert_eq!(undated(rt.help_center(&[]).await), Ok(None), "without the right every page is empty");
    for status in [403, 404, 410] {
        let refusal = || answer(status, r#"{"message":"Forbidden"}"#);
        script.then(ARTICLES, refusal()).then(ARTICLES, refusal()).then(ARTICLES, refusal()).then(ARTICLES, refusal());
        assert_eq!(undated(rt.help_center(&[]).await), Ok(None), "{status}");
        assert_eq!(page(&rt, None).await, Ok(None), "{status}");
        assert_eq!(page(&rt, Some("9+1")).await, Ok(None), "{status}");
        assert_eq!(undated(rt.newest_articles("und", 1, 20).await), Ok(None), "{status}");
    }
    // The token is refused here alone.
    script
        .then(ARTICLES, answer(401, r#"{"message":"Unauthorized"}"#))
        .then("GET /REST/2.0/user/27", ok(alice()))
        .then(ARTICLES, answer(401, r#"{"message":"Unauthorized"}"#))
        .then("GET /REST/2.0/user/27", ok(alice()));
    assert_eq!(undated(rt.help_center(&[]).await), Ok(None));
    // Something in between, and a failure, prove nothing.
    for (status, body) in [(404, "<html>Not Found</html>"), (403, ""), (500, ""), (200, "<html>")] {
        script.then(ARTICLES, answer(status, body));
        assert!(matches!(page(&rt, None).await, Err(Failure::TryAgain { .. })), "{status} {body}");
    }
    script.asked();
}

#[tokio::test]
async fn the_newest_changes_come_first() {
    let (rt, script) = signed_in().await;
    script.then(ARTICLES, rows(&[article(9, "Neun", &[]), article(3, "Drei", &[])])).then(ARTICLES, rows(&[]));
    let newest = undated(rt.newest_articles("und", 1, 20).await).unwrap().unwrap();
    assert_eq!((newest.articles.len(), newest.next.is_some()), (2, true));
    assert_eq!(undated(rt.newest_articles("und", 2, 20).await).unwrap().unwrap().next, None);
    let requests = script.asked();
    let query = requests[0].url.query().unwrap();
    assert!(query.contains("orderby=LastUpdated&order=DESC&orderby=id&order=DESC&page=1&per_page=20"), "{query}");
}

/// A server with the articles 1 and 2, which counts requests for articles.
#[derive(Default)]
struct Server {
    /// Whether this user has lost the right to see them.
    closed: std::sync::atomic::AtomicBool,
    requests: AtomicUsize,
}

#[async_trait]
impl Http for Server {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        Ok(match request.url.path().strip_prefix("/REST/2.0/").unwrap_or_default() {
            "user/27" => ok(alice()),
            "articles" => {
                self.requests.fetch_add(1, Ordering::Relaxed);
                let is_first = asked(&request, "query").contains(r#""value":0}"#);
                let all = [article(1, "Erste Schritte", &[(20, &["Öffnen Sie …"])]), article(2, "Überweisung", &[])];
                rows(if is_first && !self.closed.load(Ordering::Relaxed) { &all } else { &[] })
            }
            _ => list(&[]),
        })
    }
}

/// An environment whose clock is moved by hand.
struct MovedClock(AtomicI64);

#[async_trait]
impl Environment for MovedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    async fn sleep(&self, _length: Duration) {
        std::future::pending::<()>().await;
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        bytes
    }
}

#[tokio::test]
async fn articles_are_kept_on_the_device_until_the_right_to_see_them_is_taken() {
    let product =
        json!({ "schema": 1, "id": "help", "version": 1, "extends": "impact-mobile@1", "articles": { "votes": true } });
    let folder = tempfile::tempdir().unwrap();
    let config = ClientConfig {
        connector: Connector::RequestTracker,
        product: Some(product.to_string()),
        ..ClientConfig::new(folder.path(), "alice", "https://rt.example")
    };
    let (server, clock) = (Arc::new(Server::default()), Arc::new(MovedClock(AtomicI64::new(1_795_549_000_000))));
    let client = Client::open(&config, server.clone(), Arc::new(App("1-27-01b9a66f")), clock.clone()).unwrap();
    let sync = async |hours: i64| {
        clock.0.fetch_add(hours * 3_600_000, Ordering::Relaxed);
        server.requests.store(0, Ordering::Relaxed);
        assert_eq!(client.sync(Scope::Everything).await.failure, None);
        server.requests.load(Ordering::Relaxed)
    };
    // Whether there are any, the articles, and four pages behind them.
    assert_eq!(sync(0).await, 6);
    let help = client.help_center().unwrap();
    assert_eq!((help.state, help.complete, help.categories.len()), (HelpCenterState::Here, true, 1));
    let section = &help.categories[0].sections[0];
    assert_eq!((&*section.name, section.articles), ("Auszahlungen & Steuern", 2));
    let shown = client.article(ArticleId(1)).unwrap().unwrap();
    assert_eq!((&*shown.body, shown.asks, shown.translated), ("Öffnen Sie …", false, false));
    assert_eq!((sync(1).await, sync(1).await), (1, 1), "what has not changed costs one request an hour");
    server.closed.store(true, Ordering::Relaxed);
    sync(24).await;
    let help = client.help_center().unwrap();
    assert_eq!((help.state, help.categories.len()), (HelpCenterState::Absent, 0));
    assert_eq!(client.article(ArticleId(1)).unwrap(), None);
}
