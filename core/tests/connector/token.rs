//! Tokens: when the connector asks for one, and what it does if the token is refused or belongs to another user.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use pocketdesk::connectors::Remote;
use pocketdesk::connectors::zendesk::Zendesk;
use pocketdesk::model::{Failure, Reached, Target, TicketList, Trouble};
use pocketdesk::model::{ReasonKind, undated};
use pocketdesk::net::TokenFailure;
use pocketdesk::product::Product;
use pocketdesk_sandbox::users::{ADA, BEN};
use serde_json::json;
use url::Url;

use crate::harness::{Bench, PAGE, again, create, key, person, reply};

const ME: &str = "GET /api/v2/users/me";
const OWN: &str = "GET /api/v2/requests";
const CREATE: &str = "POST /api/v2/requests";

fn own() -> TicketList {
    TicketList("own".to_owned())
}

fn expired(times: u32) -> serde_json::Value {
    json!({ "unauthorized": { "times": times } })
}

#[tokio::test]
async fn a_new_token_is_shown_to_the_server_once() {
    let bench = Bench::start().await;
    assert_eq!(bench.zendesk.begin(None).await.unwrap().id, person(ADA));
    undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap();
    assert_eq!(bench.zendesk.begin(Some(person(ADA))).await.unwrap().id, person(ADA));
    undated(bench.zendesk.sorted_page(&own(), 2, PAGE).await).unwrap();
    assert_eq!(bench.wire.sent(), [ME, OWN, OWN]);
    assert_eq!(bench.app.asked(), [false, false], "each run asks the app, because its user may have changed");
}

#[tokio::test]
async fn an_expired_token_is_replaced_once_and_the_call_made_again() {
    let (bench, _) = Bench::signed_in().await;
    bench.fault(expired(1)).await;
    let body = bench.zendesk.encode(&create("a1"));
    undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(1)).await).unwrap();
    assert_eq!(bench.app.asked(), [true]);
    assert_eq!(bench.wire.sent(), [CREATE, ME, CREATE], "the fresh token is checked before the call is made again");
    let exchanges = bench.wire.exchanges();
    assert_eq!((&exchanges[0].body, &exchanges[0].headers), (&exchanges[2].body, &exchanges[2].headers));
}

#[tokio::test]
async fn a_token_refused_at_the_beginning_is_replaced_once() {
    let bench = Bench::with_tokens([Ok("stale-token"), Ok("ada-token")]).await;
    assert_eq!(bench.zendesk.begin(None).await.unwrap().id, person(ADA));
    assert_eq!(bench.app.asked(), [false, true]);

    let bench = Bench::with_tokens([Ok("stale-token"), Ok("also-stale"), Ok("ada-token")]).await;
    assert_eq!(bench.zendesk.begin(None).await, Err(Failure::needs(ReasonKind::SignedOut)));
    assert_eq!(bench.app.asked(), [false, true]);
    assert_eq!(bench.zendesk.begin(None).await.unwrap().id, person(ADA), "the next run finds the user signed in again");
    assert_eq!(bench.app.asked(), [false, true, true]);
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_as_well_means_signed_out() {
    let (bench, _) = Bench::signed_in().await;
    bench.fault(json!({ "unauthorized": true })).await;
    assert_eq!(undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await), Err(Failure::needs(ReasonKind::SignedOut)));
    assert_eq!(bench.wire.sent(), [OWN, ME]);
    assert_eq!(bench.app.asked(), [true]);
}

#[tokio::test]
async fn one_request_that_is_refused_with_a_working_token_does_not_sign_out() {
    let (bench, me) = Bench::signed_in().await;
    let number = undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap().tickets[0].number;
    bench.wire.forget();
    let path = format!("/api/v2/requests/{number}");
    bench.fault(json!({ "unauthorized": { "only": path.clone() } })).await;
    let body = bench.zendesk.encode(&reply("Danke, das hilft. 🙏"));
    let refused = undated(bench.zendesk.deliver(Target::Ticket(number), &body, &[], key(1)).await);
    assert_eq!(refused, Err(Failure::NotAllowed));
    let put = format!("PUT {path}");
    assert_eq!(bench.wire.sent(), [&*put, ME, &*put, ME], "a fresh token once, which is accepted before and after");
    assert_eq!(bench.app.asked(), [true]);
    // A read that is refused so does not say that its ticket is not there.
    assert_eq!(undated(bench.zendesk.ticket(number).await), Err(again(Trouble::Misbehaves, Reached::No)));
    // A list that is refused so is not allowed.
    bench.fault(json!({ "unauthorized": { "only": OWN } })).await;
    assert_eq!(undated(bench.zendesk.list_page(&own(), None, PAGE).await), Err(Failure::NotAllowed));
    bench.fault(json!({ "unauthorized": null })).await;
    // Everything else goes on with the same token.
    undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap();
    assert_eq!(bench.zendesk.begin(Some(me.id)).await.unwrap().id, me.id);
    assert_eq!(bench.app.asked(), [true, true, true, false]);
}

/// A fresh token is accepted, and has expired when the request goes out again.
#[tokio::test]
async fn a_token_that_expires_after_its_check_is_no_refusal_of_the_request() {
    let (bench, _) = Bench::signed_in().await;
    let (rounds, expired) = (AtomicUsize::new(0), AtomicBool::new(false));
    bench.wire.meddle(move |exchange, answer| match exchange.what.as_str() {
        // The first fresh token has expired when it is checked again, every later one stays valid.
        ME if expired.swap(false, Ordering::Relaxed) => answer.status = 401,
        ME => {}
        _ if rounds.fetch_add(1, Ordering::Relaxed) < 2 => {
            expired.store(rounds.load(Ordering::Relaxed) == 2, Ordering::Relaxed);
            answer.status = 401;
        }
        _ => {}
    });
    undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap();
    assert_eq!(bench.app.asked(), [true, true]);
    let sent = bench.wire.sent();
    assert_eq!(sent.iter().filter(|what| *what == ME).count(), 3, "{sent:?}");
}

#[tokio::test]
async fn an_anonymous_user_is_a_refused_token() {
    let bench = Bench::start().await;
    bench.wire.meddle_json(|_, answer| answer["user"]["id"] = json!(null));
    assert_eq!(bench.zendesk.begin(None).await, Err(Failure::needs(ReasonKind::SignedOut)));
    assert_eq!(bench.app.asked(), [false, true]);
}

#[tokio::test]
async fn calls_that_meet_an_expired_token_together_share_one_fresh_token() {
    let (bench, _) = Bench::signed_in().await;
    let renewed = AtomicBool::new(false);
    bench.wire.meddle(move |exchange, answer| {
        if exchange.what == ME {
            renewed.store(true, Ordering::Relaxed);
        } else if !renewed.load(Ordering::Relaxed) {
            answer.status = 401;
        }
    });
    let (zendesk, list) = (&bench.zendesk, own());
    let (a, b, c) = tokio::join!(
        zendesk.sorted_page(&list, 1, PAGE),
        zendesk.sorted_page(&list, 2, PAGE),
        zendesk.sorted_page(&list, 3, PAGE)
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
    assert_eq!(bench.app.asked(), [true]);
    assert_eq!(bench.wire.sent().iter().filter(|what| *what == ME).count(), 1);
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    for (failure, expected) in [
        (TokenFailure::SignedOut, Failure::needs(ReasonKind::SignedOut)),
        (TokenFailure::Unavailable, again(Trouble::NoToken, Reached::No)),
    ] {
        let bench = Bench::with_tokens([Err(failure)]).await;
        assert_eq!(bench.zendesk.begin(Some(person(ADA))).await, Err(expected.clone()));
        let body = bench.zendesk.encode(&create("b2"));
        assert_eq!(undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(2)).await), Err(expected));
        assert_eq!(bench.wire.sent(), Vec::<String>::new());
    }
    for unusable in ["", "ada token", "ada-token\r\nx-admin: 1", "töken"] {
        let bench = Bench::with_tokens([Ok(unusable)]).await;
        assert_eq!(bench.zendesk.begin(None).await, Err(again(Trouble::NoToken, Reached::No)));
        assert_eq!(bench.wire.sent(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn before_a_run_has_named_its_user_nothing_is_sent() {
    let bench = Bench::start().await;
    let body = bench.zendesk.encode(&create("c3"));
    let outcome = undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(3)).await);
    assert_eq!(outcome, Err(again(Trouble::NoToken, Reached::No)));
    assert_eq!(bench.wire.sent(), Vec::<String>::new());
}

#[tokio::test]
async fn somebody_elses_token_ends_the_run_before_it_began() {
    let bench = Bench::with_tokens([Ok("ben-token")]).await;
    for _ in 0..2 {
        assert_eq!(bench.zendesk.begin(Some(person(ADA))).await, Err(Failure::needs(ReasonKind::WrongUser)));
    }
    assert_eq!(undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await), Err(Failure::needs(ReasonKind::WrongUser)));
    assert!(bench.wire.sent().iter().all(|what| what == ME), "{:?}", bench.wire.sent());
}

#[tokio::test]
async fn another_user_between_two_runs_is_noticed_though_the_first_is_still_known() {
    let bench = Bench::with_tokens([Ok("ada-token"), Ok("ben-token"), Ok("ada-token")]).await;
    bench.zendesk.begin(None).await.unwrap();
    assert_eq!(bench.zendesk.begin(Some(person(ADA))).await, Err(Failure::needs(ReasonKind::WrongUser)));
    assert_eq!(bench.zendesk.begin(Some(person(ADA))).await.unwrap().id, person(ADA));
    assert_eq!(bench.zendesk.begin(Some(person(BEN))).await, Err(Failure::needs(ReasonKind::WrongUser)));
}

#[tokio::test]
async fn somebody_elses_token_in_the_middle_of_a_run_sends_nothing_more() {
    let (bench, _) = Bench::signed_in_with([Ok("ada-token"), Ok("ben-token")]).await;
    bench.fault(expired(1)).await;
    let body = bench.zendesk.encode(&create("d4"));
    let outcome = undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(4)).await);
    assert_eq!(outcome, Err(Failure::needs(ReasonKind::WrongUser)));
    assert_eq!(bench.wire.sent(), [CREATE, ME]);
    let made = |ticket: &serde_json::Value| ticket["client_reference"] == json!("d4");
    assert!(!bench.tickets_of_the_server().await.iter().any(made));
}

#[tokio::test]
async fn an_agents_token_ends_the_run_before_it_began() {
    let refused = || Failure::needs(ReasonKind::AgentToken);
    let bench = Bench::with_tokens([Ok("agent-token"), Ok("agent-token"), Ok("agent-token"), Ok("ada-token")]).await;
    assert_eq!(bench.zendesk.begin(None).await, Err(refused()), "also before it is known whose tickets these are");
    assert_eq!(bench.zendesk.begin(Some(person(ADA))).await, Err(refused()));
    assert_eq!(undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await), Err(refused()));
    assert_eq!(bench.wire.sent(), [ME, ME, ME]);
    assert_eq!(bench.zendesk.begin(Some(person(ADA))).await.unwrap().id, person(ADA), "the right token ends it");
}

#[tokio::test]
async fn an_agents_token_in_the_middle_of_a_run_sends_nothing_more() {
    let (bench, _) = Bench::signed_in_with([Ok("ada-token"), Ok("agent-token")]).await;
    bench.fault(expired(1)).await;
    let body = bench.zendesk.encode(&create("e5"));
    let outcome = undated(bench.zendesk.deliver(Target::NewTicket, &body, &[], key(5)).await);
    assert_eq!(outcome, Err(Failure::needs(ReasonKind::AgentToken)));
    assert_eq!(bench.wire.sent(), [CREATE, ME]);
    let made = |ticket: &serde_json::Value| ticket["client_reference"] == json!("e5");
    assert!(!bench.tickets_of_the_server().await.iter().any(made));
}

#[tokio::test]
async fn an_answer_about_the_user_is_not_taken_for_one_about_the_ticket() {
    for (status, body) in [
        (404, r#"{"error":"RecordNotFound","description":"Not found"}"#),
        (403, r#"{"error":"Forbidden","description":"You do not have access to this page."}"#),
        (422, r#"{"error":"RecordInvalid","description":"Record validation errors"}"#),
        (200, "<!DOCTYPE html>"),
    ] {
        let (bench, _) = Bench::signed_in().await;
        let number = undated(bench.zendesk.sorted_page(&own(), 1, PAGE).await).unwrap().tickets[0].number;
        bench.wire.meddle(move |exchange, answer| {
            if exchange.what == ME {
                answer.status = status;
                answer.body = body.into();
            }
        });
        bench.fault(expired(1)).await;
        assert_eq!(
            undated(bench.zendesk.ticket(number).await),
            Err(again(Trouble::Misbehaves, Reached::No)),
            "{status}"
        );
    }
}

#[tokio::test]
async fn an_account_that_the_server_shuts_out_is_told_at_the_beginning() {
    let bench = Bench::start().await;
    bench.wire.meddle(|_, answer| {
        answer.status = 403;
        answer.body = br#"{"error":"Forbidden","description":"Suspended"}"#.into();
    });
    assert_eq!(bench.zendesk.begin(Some(person(ADA))).await, Err(Failure::NotAllowed));
}

#[tokio::test]
async fn a_token_never_goes_to_an_address_that_others_can_read() {
    let bench = Bench::start().await;
    for address in ["http://192.0.2.1", "http://desk.example", "https://ada:secret@desk.example"] {
        let address = Url::parse(address).unwrap();
        let product = Product::built_in().unwrap();
        let zendesk = Zendesk::new(address, bench.wire.clone(), bench.app.clone(), &product);
        assert_eq!(zendesk.begin(None).await, Err(again(Trouble::Misbehaves, Reached::No)));
    }
    assert_eq!(bench.wire.sent(), Vec::<String>::new());
}
