//! What the company has set up: the labels of its custom statuses, and of the options of its fields.

use pocketdesk::connectors::Remote as _;
use pocketdesk::model::{Failure, Reached, SetUp, Trouble, undated};
use serde_json::json;

use crate::harness::{Bench, again};

const ISSUE_TYPE: i64 = 360_001_000_001;

async fn set_up(bench: &Bench, language: &str) -> SetUp {
    undated(bench.zendesk.set_up(language).await).unwrap()
}

/// The labels of the options of the issue type.
fn issue_types(set_up: &SetUp) -> Vec<(&str, &str)> {
    let options = set_up.options.iter().flatten().filter(|option| option.field == "issue_type");
    options.map(|option| (option.value.as_str(), option.label.as_str())).collect()
}

#[tokio::test]
async fn statuses_have_the_words_that_end_users_read() {
    let (bench, _) = Bench::signed_in().await;
    let statuses = set_up(&bench, "de").await.custom_statuses.unwrap();
    let offered = statuses.iter().find(|status| status.id == "1260800000013").unwrap();
    assert_eq!((offered.label.as_deref(), offered.is_default), (Some("Lösung angeboten"), false));
    assert_eq!(statuses.iter().filter(|status| status.is_default).count(), 5);
    assert_eq!(bench.wire.sent(), ["GET /api/v2/custom_statuses", "GET /api/v2/ticket_fields"]);
}

#[tokio::test]
async fn options_have_the_labels_of_the_fields_that_the_product_uses() {
    let (bench, _) = Bench::signed_in().await;
    let all = set_up(&bench, "es").await;
    let known = issue_types(&all);
    assert_eq!(known[3], ("payments_finance", "Payments & finance"), "in the language of the user's own profile");
    assert!(all.options.iter().flatten().all(|option| option.field == "issue_type"), "the product uses no others");
}

#[tokio::test]
async fn an_account_without_custom_statuses_is_no_failure_and_a_failure_is_no_such_account() {
    let (bench, _) = Bench::signed_in().await;
    for setting in ["forbidden", "missing"] {
        bench.set_up("/sandbox/settings", json!({ "custom_statuses": setting })).await;
        assert_eq!(set_up(&bench, "en").await.custom_statuses, None, "{setting}");
    }
    bench.set_up("/sandbox/settings", json!({ "custom_statuses": "on" })).await;
    bench.fault(json!({ "server_error": { "times": 1 } })).await;
    let failed = undated(bench.zendesk.set_up("en").await);
    assert_eq!(failed, Err(again(Trouble::Faulty, Reached::Maybe)));
    bench.fault(json!({ "html": { "times": 2 } })).await;
    for _ in 0..2 {
        assert_eq!(undated(bench.zendesk.set_up("en").await), Err(Failure::misbehaves()));
    }
    // A firewall's page says nothing of the account.
    bench.wire.meddle(|_, answer| (answer.status, answer.body) = (403, b"<html>Blocked</html>".to_vec()));
    assert_eq!(undated(bench.zendesk.set_up("en").await), Err(Failure::misbehaves()));
    bench.wire.meddle_json(|_, answer| *answer = json!({ "custom_statuses": null }));
    assert_eq!(undated(bench.zendesk.set_up("en").await), Err(Failure::misbehaves()));
}

#[tokio::test]
async fn more_fields_than_a_page_holds_are_all_read_also_by_number() {
    let (bench, _) = Bench::signed_in().await;
    for id in 1..=205 {
        let field = json!({ "id": id, "type": "text", "titles": { "en": format!("Feld {id}") } });
        bench.set_up("/sandbox/ticket_fields", field).await;
    }
    // The field of the issue types is behind all others.
    let by_cursor = set_up(&bench, "en").await;
    assert_eq!(issue_types(&by_cursor).len(), 7);
    assert_eq!(bench.wire.sent().len(), 1 + 3);
    bench.wire.without_cursors();
    assert_eq!(set_up(&bench, "en").await, by_cursor);

    let statuses = by_cursor.custom_statuses.clone().unwrap().len();
    // A server that says nothing of pages gives the whole list.
    let option = json!({ "id": ISSUE_TYPE, "type": "tagger", "custom_field_options": [{ "value": "a", "name": "A" }] });
    let only = option.clone();
    bench.wire.meddle_json(move |exchange, answer| {
        if exchange.what.contains("ticket_fields") {
            *answer = json!({ "ticket_fields": [only] });
        }
    });
    assert_eq!(issue_types(&set_up(&bench, "en").await), [("a", "A")]);
    // One that always has a next page is read for a while.
    bench.wire.forget();
    bench.wire.meddle_json(move |exchange, answer| {
        if exchange.what.contains("ticket_fields") {
            *answer = json!({ "ticket_fields": [option], "meta": { "has_more": true, "after_cursor": "again" } });
        }
    });
    let endless = set_up(&bench, "en").await;
    assert_eq!((issue_types(&endless), bench.wire.sent().len()), (vec![("a", "A")], 1 + 20));
    assert_eq!(endless.custom_statuses.unwrap().len(), statuses);
}
