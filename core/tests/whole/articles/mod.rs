//! Help articles: read by category without a network, kept up to date politely, and gone when the company removes them.

mod bench;
mod pictures;
mod trouble;
mod votes;

use pocketdesk::model::{ArticleId, HelpCenterState, TicketDraft};
use pocketdesk::net::Method;
use pocketdesk::product::definition::parts::entries::Target;
use serde_json::{Value, json};

use self::bench::{Bench, FIRST, HOUR};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_sync_reads_500_articles_in_six_requests_after_everything_else() {
    let bench = Bench::new("de").await;
    assert_eq!(bench.client.help_center().unwrap().state, HelpCenterState::Unknown);
    bench.sandbox(Method::Delete, "/sandbox/requests", Value::Null).await;
    let draft = TicketDraft {
        subject: "Überweisung an Affiliate fehlt 🙏".to_owned(),
        description: "Seit Montag.".to_owned(),
        ..bench.client.ticket_draft().unwrap()
    };
    bench.client.submit(&draft).unwrap();
    bench.sync().await;
    let requests = bench.requests().await;
    let is_of_articles = |line: &&String| line.contains("/help_center/");
    let first = requests.iter().position(|line| is_of_articles(&line)).unwrap();
    let asked: Vec<_> = requests[first..].iter().filter(is_of_articles).collect();
    assert_eq!(asked.len(), 6, "{asked:?}");
    assert_eq!(asked[0], "GET /api/v2/help_center/locales");
    assert!(asked[1..].iter().all(|line| *line == "GET /api/v2/help_center/de/articles"));
    let sent = requests.iter().position(|line| line == "POST /api/v2/requests").unwrap();
    let lists = requests.iter().rposition(|line| line.ends_with("/ccd") || line == "GET /api/v2/requests").unwrap();
    let threads = requests.iter().position(|line| line.ends_with("/comments")).unwrap();
    assert!(sent < first && lists < first && threads < first, "{requests:?}");

    let help_center = bench.client.help_center().unwrap();
    assert_eq!((help_center.state, help_center.complete), (HelpCenterState::Here, true));
    let names: Vec<_> = help_center.categories.iter().map(|category| &*category.name).collect();
    assert_eq!(names, ["Konto & Anmeldung", "Auszahlungen & Steuern", "Tracking & Technik", "Partner & Berichte"]);
    let sections: Vec<_> = help_center.categories[1].sections.iter().map(|section| &*section.name).collect();
    assert_eq!(sections, ["Überweisungen", "Rechnungen & Steuern"]);
    assert_eq!(bench.all().len(), 500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn articles_are_readable_without_a_network_after_the_app_was_closed() {
    let mut bench = Bench::start("de").await;
    let there = bench.sandbox(Method::Get, &format!("/sandbox/articles/{FIRST}"), Value::Null).await;
    bench.reopen("de", false);
    bench.client.set_online(false).unwrap();
    assert_eq!(bench.all().len(), 500);
    let article = bench.article(FIRST);
    assert_eq!(article.row.title, "Erste Schritte mit Shopify");
    assert_eq!(there["article"]["texts"]["de"]["title"], "Erste Schritte mit Shopify");
    for part in ["Guten Tag! 👋", "Schritt für Schritt", "1. Öffnen Sie Einstellungen", "Grüße aus Köln"] {
        assert!(article.body.contains(part), "{part}: {}", article.body);
    }
    assert!(!article.body.contains('<') && !article.shortened);
    let updated = there["article"]["updated_at"].as_str().unwrap();
    let shown = i128::from(article.row.updated_at.0) / 1_000;
    let seconds = httpdate_of(updated);
    assert_eq!(shown, seconds, "{updated}");
}

/// The seconds of a time as the service writes it, such as `2026-11-27T05:30:00Z`.
fn httpdate_of(time: &str) -> i128 {
    let part = |range: std::ops::Range<usize>| time[range].parse::<i64>().unwrap();
    let (year, month, day) = (part(0..4), part(5..7), part(8..10));
    // Days since 1970, by counting them from a year that begins in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    i128::from(days * 86_400 + part(11..13) * 3_600 + part(14..16) * 60 + part(17..19))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_not_changed_costs_one_request_an_hour_and_a_complete_read_once_a_day() {
    let bench = Bench::start("de").await;
    bench.requests().await;
    bench.sync().await;
    assert_eq!(bench.asked().await, [""; 0], "it was read a moment ago");
    for _ in 0..3 {
        bench.clock.advance(HOUR);
        bench.sync().await;
        assert_eq!(bench.asked().await, ["GET /api/v2/help_center/de/articles"]);
    }
    bench.clock.advance(HOUR * 21);
    bench.sync().await;
    assert_eq!(bench.asked().await.len(), 6);
    bench.sync().await;
    assert_eq!(bench.asked().await.len(), 0);
    // Whoever asks for a sync has what is new a minute later.
    bench.clock.advance(HOUR / 60);
    bench.client.sync_now().unwrap();
    bench.sync().await;
    assert_eq!(bench.asked().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_company_changes_and_adds_is_there_within_the_hour() {
    let bench = Bench::start("de").await;
    let changes = bench.client.subscribe();
    let text = json!({ "title": "IBAN für Zürich 🏦", "body": "<p>Neu: <b>Zürich</b></p>" });
    bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 60 })).await;
    bench.change(ArticleId(FIRST + 7), json!({ "texts": { "de": text } })).await;
    let both = json!({ "de": text, "en-us": { "title": "IBAN", "body": "<p>New</p>" } });
    let added = bench.add(json!({ "section": 2, "texts": both })).await;
    bench.requests().await;
    bench.clock.advance(HOUR);
    bench.sync().await;
    assert!(bench.asked().await.len() <= 2);
    let article = bench.article(FIRST + 7);
    assert_eq!((&*article.row.title, &*article.body), ("IBAN für Zürich 🏦", "Neu: Zürich"));
    assert_eq!(bench.article(added.0).row.title, "IBAN für Zürich 🏦");
    assert!(changes.next().await.articles, "a screen is told");
    assert_eq!(bench.all().len(), 501);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_article_is_gone_from_every_list_and_from_every_byte() {
    const MARKER: &str = "GEHEIM-4711-Ω";
    let bench = Bench::start("de").await;
    let filler = format!("<p>{MARKER} {}</p>", "Zeile um Zeile. ".repeat(600));
    let mut secret = Vec::new();
    for number in 0..30 {
        let text = json!({ "title": format!("Vertrag {number} {MARKER}"), "body": filler });
        secret.push(bench.add(json!({ "texts": { "de": text } })).await);
    }
    bench.clock.advance(HOUR);
    bench.sync().await;
    assert!(bench.article(secret[0].0).body.contains(MARKER));
    assert!(!bench.files_with(MARKER).is_empty(), "the search finds the marker while it exists");
    bench.client.vote(secret[0], true).unwrap();
    bench.sync().await;
    // One is rewritten, one becomes a draft, and the others are removed.
    bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 60 })).await;
    let harmless = json!({ "title": "Vertrag", "body": "<p>Nichts mehr.</p>" });
    bench.change(secret[1], json!({ "texts": { "de": harmless } })).await;
    bench.change(secret[2], json!({ "drafts": { "de": true } })).await;
    for article in secret.iter().enumerate().filter(|(place, _)| !(1..=2).contains(place)).map(|(_, id)| id) {
        bench.remove(*article).await;
    }
    bench.clock.advance(HOUR);
    bench.sync().await;
    assert!(bench.client.article(secret[0]).unwrap().is_some(), "only a complete read shows that it is gone");
    bench.clock.advance(HOUR * 24);
    bench.sync().await;
    for gone in secret.iter().filter(|id| **id != secret[1]) {
        assert_eq!(bench.client.article(*gone).unwrap(), None);
    }
    assert_eq!(bench.article(secret[1].0).body, "Nichts mehr.");
    assert_eq!(bench.all().len(), 501);
    assert!(bench.client.similar(MARKER).unwrap().articles.is_empty());
    assert_eq!(bench.files_with(MARKER), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_language_is_the_screens_and_else_the_products_and_a_translation_says_so() {
    for (language, locale, title) in [
        ("de-AT", "de", "Erste Schritte mit Shopify"),
        ("es", "es", "Primeros pasos con Shopify"),
        ("en-GB", "en-us", "Getting started with Shopify"),
        ("fr", "en-us", "Getting started with Shopify"),
    ] {
        let bench = Bench::start(language).await;
        let article = bench.article(FIRST);
        assert_eq!((&*article.locale, &*article.row.title), (locale, title), "{language}");
        assert_eq!(article.translated, locale != "en-us");
        let note = article.note_key.map(|key| bench.client.strings("de").text(&key, &[]));
        let original = "Dieser Artikel ist eine Übersetzung. Maßgeblich ist das Original.";
        assert_eq!(note.as_deref(), (locale != "en-us").then_some(original));
        // This one was written in German first.
        assert_eq!(bench.article(FIRST + 9).translated, locale != "de");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_another_language_everything_is_read_anew_and_stays_readable_meanwhile() {
    let mut bench = Bench::start("de").await;
    let only_german =
        json!({ "texts": { "de": { "title": "Nur auf Deutsch", "body": "<p>Ja.</p>" } }, "source_locale": "de" });
    let only_german = bench.add(only_german).await;
    bench.clock.advance(HOUR);
    bench.sync().await;
    bench.reopen("es", true);
    assert_eq!(bench.article(FIRST).locale, "de");
    bench.sync().await;
    assert_eq!(bench.article(FIRST).row.title, "Primeros pasos con Shopify");
    assert!(bench.all().iter().all(|row| bench.article(row.id.0).locale == "es"));
    assert_eq!(bench.client.article(only_german).unwrap(), None);
    let names: Vec<_> = bench.client.help_center().unwrap().categories.into_iter().map(|known| known.name).collect();
    assert!(names.contains(&"Pagos e impuestos".to_owned()), "{names:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_subject_is_typed_similar_articles_and_own_tickets_are_shown_and_nothing_is_sent() {
    let bench = Bench::start("de").await;
    let draft = TicketDraft {
        subject: "Auszahlung von Klaviyo fehlt seit März".to_owned(),
        description: "Guten Tag!".to_owned(),
        ..bench.client.ticket_draft().unwrap()
    };
    let sent = bench.client.submit(&draft).unwrap();
    bench.sync().await;
    bench.client.set_online(false).unwrap();
    bench.requests().await;
    let waiting = bench.client.submit(&TicketDraft {
        subject: "Klaviyo: Auszahlungen verspätet 💶".to_owned(),
        ..TicketDraft { description: "Bitte.".to_owned(), ..bench.client.ticket_draft().unwrap() }
    });
    let waiting = waiting.unwrap();
    let similar = bench.client.similar("Meine auszahlungen von Klaviyo").unwrap();
    assert_eq!(similar.articles[0].title, "Wann wird meine Auszahlung von Klaviyo überwiesen? 💶");
    assert!(similar.articles.len() <= 5 && similar.tickets.len() <= 5);
    let ids: Vec<_> = similar.tickets.iter().map(|row| row.id).collect();
    assert!(ids.contains(&sent) && ids.contains(&waiting), "{ids:?}");
    assert!(bench.client.similar("qqq").unwrap().articles.is_empty());
    assert_eq!(bench.requests().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn articles_are_no_history_and_stay_where_there_is_none() {
    let bench = Bench::start("de").await;
    bench.client.set_claims(["regulated".to_owned()].into());
    bench.sync().await;
    assert_eq!(bench.client.history(None, 10).unwrap().total, 0);
    assert_eq!(bench.all().len(), 500);
    bench.requests().await;
    bench.clock.advance(HOUR);
    bench.sync().await;
    assert_eq!(bench.asked().await.len(), 1, "they are kept up to date");
    assert!(bench.client.similar("Auszahlung von Klaviyo").unwrap().tickets.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_leads_to_the_articles_and_where_there_are_none_to_its_link() {
    let bench = Bench::new("de").await;
    let target =
        || bench.client.entries("de").into_iter().find(|offer| offer.entry.id == "help").unwrap().target.clone();
    assert_eq!(target(), Target::Articles, "the server was not asked yet");
    bench.sync().await;
    assert_eq!(target(), Target::Articles);
    bench.settings(json!({ "help_center": "forbidden" })).await;
    bench.clock.advance(HOUR);
    bench.sync().await;
    assert_eq!(target(), Target::Link("https://help.example.com/{locale}".to_owned()));
}
