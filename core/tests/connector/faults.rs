//! Faults between the app and its server: which failure the connector reports for each.

use std::time::Duration;

use pocketdesk::connectors::Remote;
use pocketdesk::model::{Failure, Reached, Target, TicketList, Trouble};
use pocketdesk::model::{ReasonKind, undated};
use pocketdesk::net::HttpResponse;
use serde_json::{Value, json};

use crate::harness::{Bench, PAGE, again, create, key};

fn own() -> TicketList {
    TicketList("own".to_owned())
}

async fn deliver(bench: &Bench, reference: &str) -> Result<(), Failure> {
    let body = bench.zendesk.encode(&create(reference));
    undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(1)).await).map(drop)
}

/// The number of tickets with this client reference on the server.
async fn arrived(bench: &Bench, reference: &str) -> usize {
    let tickets = bench.tickets_of_the_server().await;
    tickets.iter().filter(|ticket| ticket["client_reference"] == json!(reference)).count()
}

#[tokio::test]
async fn a_server_that_is_busy_says_how_long() {
    let (bench, _) = Bench::signed_in().await;
    bench.fault(json!({ "too_many_requests": 17 })).await;
    let after = Some(Duration::from_secs(17));
    let busy = Failure::TryAgain { trouble: Trouble::Busy, after, reached: Reached::No };
    assert_eq!(deliver(&bench, "busy").await, Err(busy.clone()));
    assert_eq!(undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await), Err(busy));
    assert_eq!(arrived(&bench, "busy").await, 0);
}

#[tokio::test]
async fn an_error_of_the_servers_own_leaves_open_whether_the_write_was_applied() {
    let (bench, _) = Bench::signed_in().await;
    bench.fault(json!({ "server_error": true })).await;
    assert_eq!(deliver(&bench, "error").await, Err(again(Trouble::Faulty, Reached::Maybe)));
}

#[tokio::test]
async fn a_captive_portal_is_never_data() {
    let (bench, _) = Bench::signed_in().await;
    let number = undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap().tickets[0].number;
    bench.fault(json!({ "html": true })).await;
    let misbehaves = again(Trouble::Misbehaves, Reached::Maybe);
    assert_eq!(undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await), Err(misbehaves.clone()));
    assert_eq!(undated(bench.zendesk.list_page(&own(), None).await), Err(misbehaves.clone()));
    assert_eq!(undated(bench.zendesk.ticket(number).await), Err(misbehaves.clone()));
    assert_eq!(bench.thread(number).await, Err(misbehaves.clone()));
    assert_eq!(deliver(&bench, "portal").await, Err(misbehaves));

    let bench = Bench::start().await;
    bench.fault(json!({ "html": true })).await;
    assert!(matches!(bench.zendesk.begin(None).await, Err(Failure::TryAgain { trouble: Trouble::Misbehaves, .. })));
}

#[tokio::test]
async fn a_portal_that_redirects_is_not_followed() {
    let (bench, _) = Bench::signed_in().await;
    bench.wire.meddle(|_, answer| {
        let location = ("location".to_owned(), "https://portal.example/login".to_owned());
        *answer = HttpResponse { status: 302, headers: vec![location], body: Vec::new() };
    });
    assert_eq!(
        undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await),
        Err(again(Trouble::Misbehaves, Reached::Maybe))
    );
    assert_eq!(bench.wire.exchanges().len(), 1);
}

#[tokio::test]
async fn a_connection_that_breaks_may_have_carried_the_write() {
    let (bench, _) = Bench::signed_in().await;
    let broke = Err(again(Trouble::Unreachable, Reached::Maybe));
    bench.fault(json!({ "cut_before": { "times": 1 } })).await;
    assert_eq!(deliver(&bench, "before").await, broke);
    assert_eq!(arrived(&bench, "before").await, 0);
    bench.fault(json!({ "cut_after": { "times": 1 } })).await;
    assert_eq!(deliver(&bench, "after").await, broke);
    assert_eq!(arrived(&bench, "after").await, 1);
    let latest = undated(bench.zendesk.latest_created(1).await).unwrap();
    assert_eq!(latest.tickets[0].client_reference.as_deref(), Some("after"), "a read finds the ticket");
    assert_eq!(bench.wire.sent().iter().filter(|what| what.starts_with("POST")).count(), 2, "nothing is sent twice");
}

#[tokio::test]
async fn a_server_that_is_not_there_has_received_nothing() {
    let (bench, _) = Bench::signed_in().await;
    bench.fault(json!({ "offline": true })).await;
    assert_eq!(
        undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await),
        Err(again(Trouble::Unreachable, Reached::Maybe))
    );
    let Bench { sandbox, zendesk, .. } = bench;
    sandbox.stop().await;
    let body = zendesk.encode(&create("nowhere"));
    assert_eq!(undated(zendesk.deliver(Target::NewTicket, &body, &[], key(2)).await), Err(Failure::unreachable()));
    assert_eq!(undated(zendesk.sorted_page(&own(), 1, PAGE).await), Err(Failure::unreachable()));
}

#[tokio::test]
async fn a_paging_link_that_leads_away_makes_the_answer_worthless() {
    let (bench, me) = Bench::signed_in().await;
    let number = undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap().tickets[0].number;
    bench.wire.meddle_json(|exchange, answer| {
        let away = |link: &mut Value| {
            let port = exchange.url.port().unwrap_or_default();
            *link = json!(format!("http://127.0.0.1.evil.example:{port}/api/v2/requests?page=2"));
        };
        match answer.get_mut("links") {
            Some(links) => away(&mut links["next"]),
            None => away(&mut answer["next_page"]),
        }
    });
    let worthless = again(Trouble::Misbehaves, Reached::Maybe);
    for list in bench.zendesk.lists(&me) {
        assert_eq!(undated(bench.zendesk.sorted_page(&list, 1, PAGE).await), Err(worthless.clone()));
        assert_eq!(undated(bench.zendesk.list_page(&list, None).await), Err(worthless.clone()));
    }
    assert_eq!(undated(bench.zendesk.latest_created(1).await), Err(worthless.clone()));
    assert_eq!(bench.thread(number).await, Err(worthless));
    let origin = url::Url::parse(&bench.sandbox.base_url).unwrap().origin();
    assert!(bench.wire.exchanges().iter().all(|exchange| exchange.url.origin() == origin));
}

#[tokio::test]
async fn a_cursor_that_leads_to_itself_is_refused() {
    let (bench, _) = Bench::signed_in().await;
    let page = undated(bench.zendesk.list_page(&own(), None).await).unwrap();
    let cursor = page.next.unwrap();
    let same = cursor.clone();
    bench.wire.meddle_json(move |_, answer| answer["meta"] = json!({ "has_more": true, "after_cursor": same }));
    let misbehaves = again(Trouble::Misbehaves, Reached::Maybe);
    assert_eq!(undated(bench.zendesk.list_page(&own(), Some(&cursor)).await), Err(misbehaves.clone()));
    bench.wire.meddle_json(|_, answer| answer["meta"] = json!({ "has_more": true, "after_cursor": null }));
    assert_eq!(undated(bench.zendesk.list_page(&own(), None).await), Err(misbehaves));
}

#[tokio::test]
async fn a_cursor_that_the_server_no_longer_knows_is_refused() {
    let (bench, _) = Bench::signed_in().await;
    let Err(Failure::NeedsUser(reason)) = undated(bench.zendesk.list_page(&own(), Some("b3V0IG9mIGRhdGU")).await)
    else {
        panic!("an unknown cursor is refused")
    };
    assert_eq!(reason.kind, ReasonKind::Refused);
}

#[tokio::test]
async fn an_answer_about_another_ticket_is_none() {
    let (bench, _) = Bench::signed_in().await;
    let number = undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap().tickets[0].number;
    bench.wire.meddle_json(|_, answer| answer["request"]["id"] = json!(7));
    assert_eq!(undated(bench.zendesk.ticket(number).await), Err(again(Trouble::Misbehaves, Reached::Maybe)));
}

#[tokio::test]
async fn an_answer_without_what_carries_meaning_is_none() {
    let (bench, _) = Bench::signed_in().await;
    for lost in ["meta", "requests"] {
        bench.wire.meddle_json(move |_, answer| {
            answer.as_object_mut().unwrap().remove(lost).unwrap();
        });
        assert_eq!(
            undated(bench.zendesk.list_page(&own(), None).await),
            Err(again(Trouble::Misbehaves, Reached::Maybe)),
            "{lost}"
        );
    }
    bench.wire.meddle_json(|_, answer| *answer = json!({}));
    assert_eq!(
        undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await),
        Err(again(Trouble::Misbehaves, Reached::Maybe))
    );
}
