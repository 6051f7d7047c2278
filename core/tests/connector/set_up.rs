//! What the company has set up: custom statuses and ticket fields.

use pocketdesk::connectors::zendesk::TicketField;
use pocketdesk::model::{Failure, Reached, ServerStatus, Trouble, undated};
use serde_json::json;

use crate::harness::{Bench, again};

const ISSUE_TYPE: i64 = 360_001_000_001;
const MARKETS: i64 = 360_001_000_099;

async fn fields(bench: &Bench, locale: &str) -> Vec<TicketField> {
    let listed = undated(bench.zendesk.ticket_fields(locale).await).unwrap();
    assert!(listed.unreadable.is_empty());
    listed.rows
}

#[tokio::test]
async fn statuses_have_the_words_that_end_users_read() {
    let (bench, _) = Bench::signed_in().await;
    let listed = undated(bench.zendesk.custom_statuses("de").await).unwrap().unwrap();
    assert!(listed.unreadable.is_empty());
    let offered = listed.rows.iter().find(|status| status.id == 1_260_800_000_013).unwrap();
    assert_eq!((offered.category, offered.label.as_deref()), (ServerStatus::Solved, Some("Lösung angeboten")));
    let asks = "Bitte sagen Sie uns, ob das Problem damit gelöst ist.";
    assert_eq!(offered.explanation.as_deref(), Some(asks));
    assert_eq!(listed.rows.iter().filter(|status| status.is_default).count(), 5);
    assert!(listed.rows.iter().any(|status| !status.is_active), "tickets keep inactive ones");
    assert_eq!(bench.wire.sent(), ["GET /api/v2/custom_statuses"]);
}

#[tokio::test]
async fn an_account_without_custom_statuses_is_no_failure_and_a_failure_is_no_such_account() {
    let (bench, _) = Bench::signed_in().await;
    for setting in ["forbidden", "missing"] {
        bench.set_up("/sandbox/settings", json!({ "custom_statuses": setting })).await;
        assert_eq!(undated(bench.zendesk.custom_statuses("en").await), Ok(None), "{setting}");
    }
    bench.set_up("/sandbox/settings", json!({ "custom_statuses": "on" })).await;
    bench.fault(json!({ "server_error": { "times": 1 } })).await;
    let failed = undated(bench.zendesk.custom_statuses("en").await);
    assert_eq!(failed, Err(again(Trouble::Faulty, Reached::Maybe)));
    bench.fault(json!({ "html": { "times": 2 } })).await;
    for _ in 0..2 {
        assert_eq!(undated(bench.zendesk.custom_statuses("en").await), Err(Failure::misbehaves()));
    }
    // A firewall's page says nothing of the account.
    bench.wire.meddle(|_, answer| (answer.status, answer.body) = (403, b"<html>Blocked</html>".to_vec()));
    assert_eq!(undated(bench.zendesk.custom_statuses("en").await), Err(Failure::misbehaves()));
    bench.wire.meddle_json(|_, answer| *answer = json!({ "custom_statuses": null }));
    assert_eq!(undated(bench.zendesk.custom_statuses("en").await), Err(Failure::misbehaves()));
}

#[tokio::test]
async fn fields_have_the_portals_titles_and_rights() {
    let (bench, _) = Bench::signed_in().await;
    let fields = fields(&bench, "es").await;
    let find = |id: i64| fields.iter().find(|field| field.id == id).unwrap();
    let issue_type = find(ISSUE_TYPE);
    assert_eq!((issue_type.kind.as_str(), issue_type.title.as_deref()), ("tagger", Some("Tipo de problema")));
    assert!(issue_type.is_active && issue_type.is_visible && issue_type.is_editable && !issue_type.is_required);
    let values: Vec<&str> = issue_type.options.iter().map(|option| option.value.as_str()).collect();
    assert_eq!(values[..3], ["support_ui_general", "technical_setup", "data_reports"]);
    assert_eq!(issue_type.options[3].name, "Payments & finance", "in the language of the user's own profile");
    assert!(!find(MARKETS).is_editable);
    assert!(find(360_000_900_001).is_required);
    assert!(fields.iter().all(|field| field.is_visible), "the server shows no others");
}

#[tokio::test]
async fn more_fields_than_a_page_holds_are_all_read_also_by_number() {
    let (bench, _) = Bench::signed_in().await;
    for id in 1..=205 {
        let field = json!({ "id": id, "type": "text", "titles": { "en": format!("Feld {id}") } });
        bench.set_up("/sandbox/ticket_fields", field).await;
    }
    let by_cursor = fields(&bench, "en").await;
    assert_eq!(by_cursor.iter().filter(|field| field.id <= 205).count(), 205);
    assert_eq!(bench.wire.sent().len(), 3);
    bench.wire.without_cursors();
    assert_eq!(fields(&bench, "en").await, by_cursor);

    // A server that says nothing of pages gives the whole list.
    bench.wire.meddle_json(|_, answer| *answer = json!({ "ticket_fields": [{ "id": 7, "type": "date" }] }));
    assert_eq!(fields(&bench, "en").await.len(), 1);
    // One that always has a next page is read for a while.
    bench.wire.forget();
    bench.wire.meddle(|_, answer| {
        let page = json!({ "ticket_fields": [{ "id": 7 }], "meta": { "has_more": true, "after_cursor": "again" } });
        (answer.status, answer.body) = (200, page.to_string().into_bytes());
    });
    assert_eq!((fields(&bench, "en").await.len(), bench.wire.sent().len()), (1, 20));
}
