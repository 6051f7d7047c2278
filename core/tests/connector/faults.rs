//! Faults between the app and its server: which failure the connector reports for each.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use pocketdesk::connectors::Remote;
use pocketdesk::model::{Answered, Failure, Reached, Target, TicketList, TicketNumber, Trouble, UploadFile};
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
    assert_eq!(undated(bench.zendesk.list_page(&own(), None, PAGE).await), Err(misbehaves.clone()));
    assert_eq!(undated(bench.zendesk.ticket(number).await), Err(misbehaves.clone()));
    assert_eq!(undated(bench.zendesk.comments(number, None, PAGE).await), Err(misbehaves.clone()));
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
async fn a_paging_link_to_another_host_is_ignored_and_never_followed() {
    let (bench, me) = Bench::signed_in().await;
    let number = undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap().tickets[0].number;
    let before = bench.zendesk.lists(&me);
    let mut expected = Vec::new();
    for list in &before {
        let by_number = undated(bench.zendesk.sorted_page(list, 1, PAGE).await).unwrap();
        let by_cursor = undated(bench.zendesk.list_page(list, None, PAGE).await).unwrap();
        expected.push((by_number, by_cursor));
    }
    let thread = bench.thread(number).await.unwrap();
    bench.wire.meddle_json(|exchange, answer| {
        let away = |link: &mut Value| {
            let port = exchange.url.port().unwrap_or_default();
            if !link.is_null() {
                *link = json!(format!("http://127.0.0.1.evil.example:{port}/api/v2/requests?page=2"));
            }
        };
        if let Some(links) = answer.get_mut("links") {
            away(&mut links["next"]);
        } else if let Some(link) = answer.get_mut("next_page") {
            away(link);
        }
    });
    for (list, (by_number, by_cursor)) in before.iter().zip(expected) {
        assert_eq!(undated(bench.zendesk.sorted_page(list, 1, PAGE).await), Ok(by_number));
        assert_eq!(undated(bench.zendesk.list_page(list, None, PAGE).await), Ok(by_cursor));
    }
    assert_eq!(bench.thread(number).await, Ok(thread));
    let origin = url::Url::parse(&bench.sandbox.base_url).unwrap().origin();
    assert!(bench.wire.exchanges().iter().all(|exchange| exchange.url.origin() == origin));
}

#[tokio::test]
async fn a_server_without_cursors_is_read_by_number() {
    let (bench, me) = Bench::signed_in().await;
    let number = undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap().tickets[0].number;
    let expected = whole_list(&bench, &own()).await;
    let thread = bench.thread(number).await.unwrap();
    bench.wire.without_cursors();
    let read = whole_list(&bench, &own()).await;
    assert_eq!(read, expected);
    assert_eq!(bench.thread(number).await.unwrap().comments, thread.comments);
    assert!(bench.zendesk.lists(&me).len() > 1);
}

/// The numbers of a whole list, read by cursor.
async fn whole_list(bench: &Bench, list: &TicketList) -> BTreeSet<TicketNumber> {
    let (mut numbers, mut cursor) = (BTreeSet::new(), None);
    for _ in 0..100 {
        let page = undated(bench.zendesk.list_page(list, cursor.as_deref(), PAGE).await).unwrap();
        numbers.extend(page.tickets.iter().map(|ticket| ticket.number));
        cursor = page.next;
        if cursor.is_none() {
            return numbers;
        }
    }
    panic!("the list does not end")
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_read_and_one_that_leads_nowhere_is_not() {
    let (bench, _) = Bench::signed_in().await;
    let page = undated(bench.zendesk.list_page(&own(), None, PAGE).await).unwrap();
    let cursor = page.next.unwrap();
    let same = cursor.clone();
    bench.wire.meddle_json(move |_, answer| answer["meta"] = json!({ "has_more": true, "after_cursor": same }));
    let circle = undated(bench.zendesk.list_page(&own(), Some(&cursor), PAGE).await).unwrap();
    assert_eq!(circle.next, Some(cursor));
    let misbehaves = again(Trouble::Misbehaves, Reached::Maybe);
    bench.wire.meddle_json(|_, answer| answer["meta"] = json!({ "has_more": true, "after_cursor": null }));
    assert_eq!(undated(bench.zendesk.list_page(&own(), None, PAGE).await), Err(misbehaves.clone()));
}

#[tokio::test]
async fn a_cursor_that_the_server_no_longer_knows_is_refused() {
    let (bench, _) = Bench::signed_in().await;
    let Err(Failure::NeedsUser(reason)) = undated(bench.zendesk.list_page(&own(), Some("b3V0IG9mIGRhdGU"), PAGE).await)
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
async fn what_is_odd_in_an_answer_costs_itself_alone() {
    let (bench, _) = Bench::signed_in().await;
    let whole = undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap();
    let number = whole.tickets[0].number;
    let comments = undated(bench.zendesk.comments(number, None, PAGE).await).unwrap().comments.len();
    bench.wire.meddle(|_, answer| {
        let mut json: Value = serde_json::from_slice(&answer.body).unwrap();
        for list in ["requests", "comments"] {
            let Some(rows) = json.get_mut(list).and_then(Value::as_array_mut) else { continue };
            rows[0]["requester_id"] = json!(null);
            rows[0]["author_id"] = json!(null);
            rows[0]["subject"] = json!(7);
            rows[0]["created_at"] = json!("10000-01-01T00:00:00Z");
            rows[0]["attachments"] = json!([{ "id": 1, "size": -1 }]);
            rows[0]["plain_body"] = json!("LONE");
            rows.push(json!({ "id": null }));
            rows.push(json!("?"));
        }
        let text = json.to_string().replace("LONE", "halb \\ud83d");
        answer.body = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    });
    let page = undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap();
    assert_eq!((page.tickets.len(), page.unreadable.unknown), (whole.tickets.len(), 2));
    assert_eq!((page.tickets[0].requester, &*page.tickets[0].subject), (None, "7"));
    assert_eq!(page.tickets[0].created_at, whole.tickets[0].updated_at, "the row's other time");
    let Answered { value: page, server } = bench.zendesk.comments(number, None, PAGE).await.unwrap();
    assert_eq!((page.comments.len(), page.unreadable.unknown), (comments, 2));
    let odd = &page.comments[0];
    assert_eq!((odd.author, &*odd.body, Some(odd.created_at)), (None, "halb \u{fffd}", server));
}

#[tokio::test]
async fn an_upload_without_a_token_is_not_tried_for_ever() {
    let (bench, _) = Bench::signed_in().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "Grüße").unwrap();
    let upload = UploadFile {
        path: file.path().to_owned(),
        name: "Notiz.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        size: 7,
        progress: Arc::new(|_| {}),
    };
    for token in [json!(null), json!(""), json!(" "), json!(7), json!({})] {
        let given = token.clone();
        bench.wire.meddle_json(move |_, answer| answer["upload"]["token"] = given.clone());
        let outcome = undated(bench.zendesk.upload(&upload).await).err();
        assert_eq!(outcome, Some(Failure::Unexplained { server_message: None }), "{token}");
    }
    for (status, kind) in [(413, ReasonKind::AttachmentTooLarge), (415, ReasonKind::AttachmentType)] {
        bench.wire.meddle(move |_, answer| {
            answer.status = status;
            answer.body = b"<html>".to_vec();
        });
        assert_eq!(undated(bench.zendesk.upload(&upload).await).err(), Some(Failure::needs(kind)));
    }
}

#[tokio::test]
async fn an_answer_without_what_carries_meaning_is_none() {
    let (bench, _) = Bench::signed_in().await;
    for lost in ["meta", "requests"] {
        bench.wire.meddle_json(move |_, answer| {
            answer.as_object_mut().unwrap().remove(lost).unwrap();
        });
        assert_eq!(
            undated(bench.zendesk.list_page(&own(), None, PAGE).await),
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
