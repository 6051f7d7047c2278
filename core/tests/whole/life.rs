//! The life of a client on a phone: a few seconds in the background, suspension during a run, signing out, and a damaged
//! file.

use std::fs;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::Client;
use pocketdesk::client::{AccountProblem, SyncOutcome};
use pocketdesk::model::{Delivery, ReasonKind};
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse, Method};
use pocketdesk::store::{Recovered, SignOut, StoreError, file_of};
use pocketdesk::sync::{Scope, SyncFailure};
use serde_json::{Value, json};

use crate::bench::{Bench, Device, SignedIn, config, open};
use crate::driver::Driver;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_freshly_opened_client_sends_in_the_background_and_has_nothing_left() {
    let bench = Bench::start().await;
    let ticket = bench.create();
    bench.reply(ticket, "Nachtrag");
    bench.client.close();
    let client = open(&config(bench.folder.path(), &bench.sandbox.base_url), "ada-token");
    let outcome = client.sync_until(Duration::from_secs(20)).await;
    assert_eq!((outcome.waiting, outcome.problem), (0, None));
    let (tickets, comments) = bench.theirs().await;
    assert_eq!((tickets, comments.last().map(String::as_str)), (1, Some("Nachtrag")));
    let again = client.sync_until(Duration::from_secs(20)).await;
    assert_eq!(again, SyncOutcome { more: false, retry_in: None, waiting: 0, problem: None });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn background_work_waits_for_an_ambiguous_outcome_and_joins_a_running_sync() {
    let bench = Bench::start().await;
    bench.fault(json!({ "cut_after": { "times": 1, "only": "POST /api/v2/requests" } })).await;
    bench.create();
    let driver = Driver::start(&bench.client);
    let outcome = bench.client.sync_until(Duration::from_secs(30)).await;
    driver.stop().await;
    assert_eq!(outcome.waiting, 0);
    assert_eq!(bench.theirs().await.0, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn background_work_ends_before_its_time_and_says_when_to_come_back() {
    let bench = Bench::start().await;
    bench.create();
    bench.fault(json!({ "too_many_requests": { "retry_after": 120 } })).await;
    let outcome = bench.client.sync_until(Duration::from_secs(10)).await;
    assert_eq!((outcome.more, outcome.waiting), (true, 1));
    assert!(outcome.retry_in.is_some_and(|wait| wait > Duration::from_secs(100)), "{outcome:?}");

    bench.sandbox(Method::Delete, "/sandbox/faults", Value::Null).await;
    bench.fault(json!({ "latency_ms": 30_000 })).await;
    let client = open(&config(&bench.folder.path().join("other"), &bench.sandbox.base_url), "ada-token");
    let background = client.sync_until(Duration::from_secs(2));
    let outcome = tokio::time::timeout(Duration::from_secs(20), background).await.unwrap();
    assert!(outcome.more, "the answer takes longer than the time that was given");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_sign_in_helps_who_is_signed_out() {
    let bench = Bench::start().await;
    bench.create();
    bench.fault(json!({ "unauthorized": true })).await;
    let outcome = bench.client.sync_until(Duration::from_secs(10)).await;
    let problem = Some(AccountProblem::SignedOut);
    assert_eq!(outcome, SyncOutcome { more: false, retry_in: None, waiting: 1, problem });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_suspended_ends_and_nothing_is_sent_twice() {
    let bench = Bench::start().await;
    bench.fault(json!({ "latency_ms": 1_500 })).await;
    let ticket = bench.create();
    let running = Arc::clone(&bench.client);
    let running = tokio::spawn(async move { running.sync(Scope::Due).await });
    let changes = bench.client.subscribe();
    let sending = async {
        while bench.client.ticket(ticket).unwrap().delivery != Delivery::Sending {
            changes.next().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), sending).await.unwrap();
    bench.client.suspend();
    assert_eq!(running.await.unwrap().failure, Some(SyncFailure::Store(StoreError::Suspended)));
    assert_eq!(bench.client.sync(Scope::Due).await.failure, Some(SyncFailure::Store(StoreError::Suspended)));
    bench.sandbox(Method::Delete, "/sandbox/faults", Value::Null).await;
    bench.client.resume().unwrap();
    let outcome = bench.client.sync_until(Duration::from_secs(30)).await;
    assert_eq!((outcome.waiting, outcome.problem), (0, None));
    assert_eq!(bench.theirs().await.0, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_out_ends_the_run_that_is_under_way() {
    let bench = Bench::start().await;
    let driver = Arc::clone(&bench.client);
    let driver = tokio::spawn(async move { driver.drive().await });
    bench.client.sign_out(SignOut::Discard).unwrap();
    tokio::time::timeout(Duration::from_secs(5), driver).await.unwrap().unwrap();
    assert_eq!(bench.client.history(None, 1).err(), Some(StoreError::Closed));
    assert_eq!(fs::read_dir(bench.folder.path().join("accounts")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_file_is_read_again_and_what_waited_is_sent_once() {
    let bench = Bench::start().await;
    let ticket = bench.create();
    bench.settle_one().await;
    bench.reply(ticket, "Noch etwas");
    let whole = bench.client.history(None, 1).unwrap().total;
    bench.client.close();
    let file = file_of(bench.folder.path(), "ada");
    let mut bytes = fs::read(&file).unwrap();
    bytes[..100].fill(0x5a);
    fs::write(&file, &bytes).unwrap();

    let client = open(&config(bench.folder.path(), &bench.sandbox.base_url), "ada-token");
    assert_eq!(client.state().unwrap().recovered, Some(Recovered { salvaged: 1, lost: false }));
    let outcome = client.sync_until(Duration::from_secs(40)).await;
    assert_eq!((outcome.waiting, outcome.problem), (0, None));
    assert_eq!(bench.theirs().await, (1, vec!["Guten Tag,\n\nseit Montag.".to_owned(), "Noch etwas".to_owned()]));
    assert_eq!(client.history(None, 1).unwrap().total, whole);
    assert!(!file.with_file_name("damaged.sqlite3").exists(), "the server was read to its end");
    client.acknowledge_recovery().unwrap();
    assert_eq!(client.state().unwrap().recovered, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_whose_ticket_was_never_created_holds_up_nothing_else() {
    let bench = Bench::start().await;
    let ticket = bench.create();
    bench.reply(ticket, "Nachtrag 📎");
    bench.client.close();
    // This is what salvage leaves if it cannot read the part of the file with the creation.
    let lost = "DELETE FROM messages WHERE id = (SELECT message FROM outbox WHERE kind = 'create')";
    let db = crate::database::open(file_of(bench.folder.path(), "ada"));
    db.execute_batch(&format!("PRAGMA foreign_keys = ON; {lost};")).unwrap();
    drop(db);
    let bench = Bench { client: open(&config(bench.folder.path(), &bench.sandbox.base_url), "ada-token"), ..bench };
    bench.create();
    assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
    assert_eq!(bench.theirs().await.0, 1, "the other ticket was sent");
    let reply = bench.client.thread(ticket, None, 10).unwrap().messages.pop().unwrap();
    assert!(matches!(reply.delivery, Delivery::NeedsUser(reason) if reason.kind == ReasonKind::Unsupported));
    assert!(reply.can_discard && !reply.can_retry);
    assert_eq!(bench.client.discard(reply.id).unwrap(), "Nachtrag 📎");
}

/// A network that counts the requests and answers none.
#[derive(Default)]
struct Asked(AtomicUsize);

#[async_trait]
impl Http for Asked {
    async fn send(&self, _request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        self.0.fetch_add(1, Ordering::Relaxed);
        std::future::pending().await
    }
}

fn poll(future: Pin<&mut impl Future<Output = ()>>) {
    assert_eq!(future.poll(&mut Context::from_waker(Waker::noop())), Poll::Pending);
}

#[tokio::test]
async fn what_a_dropped_driver_had_begun_is_done_by_the_one_that_was_started_before_it_was_gone() {
    let (folder, network) = (tempfile::tempdir().unwrap(), Arc::new(Asked::default()));
    let config = config(folder.path(), "https://desk.example");
    let tokens = Arc::new(SignedIn("ada-token"));
    let client = Client::open(&config, Arc::clone(&network) as Arc<dyn Http>, tokens, Arc::new(Device)).unwrap();
    let asked = || network.0.load(Ordering::Relaxed);
    let mut first = Box::pin(client.drive());
    let mut second = pin!(client.drive());
    poll(first.as_mut());
    assert_eq!(asked(), 1, "the first one has taken the request for a run");
    poll(second.as_mut());
    assert_eq!(asked(), 1, "one run at a time");
    drop(first);
    poll(second.as_mut());
    assert_eq!(asked(), 2, "the second one makes the run that the first one did not end");
}
