//! Uploads: what a user attached arrives on the server complete and once, whatever happens on the way, and is kept until then.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use pocketdesk::Client;
use pocketdesk::blob::FileError;
use pocketdesk::model::{Delivery, FileState, ReasonKind, ReplyDraft};
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse, Method, ReqwestHttp, ResponseSink};
use pocketdesk::store::{AttachError, StoreError};
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use super::{CSV, Files, HUGE, LARGE, hash, picture, with_files};
use crate::bench::{Bench, Device, SignedIn, config};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_files_written_offline_arrive_once_and_whole() {
    let mut files = Files::start().await;
    files.client.set_online(false).unwrap();
    let ticket = files.write_with(&picture(HUGE));
    files.restart();
    files.client.set_online(true).unwrap();
    let shown = &files.messages(ticket)[0];
    assert_eq!(
        shown.attachments.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
        ["Beleg März – צילום.PNG", "Umsätze 合同.csv"]
    );
    assert!(shown.attachments.iter().all(|file| file.bytes == FileState::Waiting));
    assert_eq!((files.kept("outgoing").len(), files.client.state().unwrap().waiting), (2, 1));
    files.settle().await;
    files.both_arrived_with(&picture(HUGE)).await;
    let shown = files.messages(ticket);
    assert_eq!((shown.len(), &shown[0].delivery), (1, &Delivery::Sent));
    assert!(shown[0].attachments.iter().all(|file| file.id.is_some() && file.bytes == FileState::OnServer));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_arrive_once_through_every_fault() {
    let runs = [
        json!({ "cut_before": { "times": 1, "only": "POST /api/v2/uploads" } }),
        json!({ "cut_after": { "times": 2, "only": "POST /api/v2/uploads" } }),
        json!({ "server_error": { "times": 1, "only": "POST /api/v2/uploads" } }),
        json!({ "html": { "times": 1, "only": "POST /api/v2/uploads" } }),
        json!({ "unauthorized": { "times": 1, "only": "POST /api/v2/uploads" } }),
        json!({ "cut_after": { "times": 1, "only": "POST /api/v2/requests" }, "ignore_idempotency": true }),
    ];
    // Each fault has a server of its own, so they can run side by side.
    let runs = runs.into_iter().map(|fault| async move {
        let files = Files::start().await;
        files.fault(fault.clone()).await;
        files.write();
        files.settle().await;
        files.both_arrived().await;
    });
    futures_util::future::join_all(runs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_expired_are_made_again() {
    // The client knows that the tokens have expired, or finds out because the server refuses them.
    for knows in [true, false] {
        let mut files = Files::start().await;
        files.fault(json!({ "cut_before": { "only": "POST /api/v2/requests" } })).await;
        files.write();
        files.client.sync(Scope::Due).await;
        assert_eq!(files.asked("POST /api/v2/uploads").await, 2);
        // The process is killed while its file contains two tokens.
        files.restart();
        files.bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 7_200 })).await;
        if knows {
            assert_eq!(files.client.sync(Scope::Due).await.failure, None, "learns the time of the server");
        }
        files.bench.sandbox(Method::Delete, "/sandbox/faults", Value::Null).await;
        files.settle().await;
        files.both_arrived().await;
        assert_eq!(files.asked("POST /api/v2/uploads").await, 4);
    }
}

/// A network that fails for two requests after the server has refused a write because of its uploads.
struct BreaksAfterRefusal {
    http: ReqwestHttp,
    down_for: AtomicU32,
    refusals: AtomicU32,
}

#[async_trait]
impl Http for BreaksAfterRefusal {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let down = |left: u32| left.checked_sub(1);
        if self.down_for.try_update(Ordering::Relaxed, Ordering::Relaxed, down).is_ok() {
            assert_eq!(request.method, Method::Get, "after a refusal the client reads first");
            return Err(HttpFailure::Broken);
        }
        let names_uploads = request.method != Method::Get && request.url.path().contains("/requests");
        let answer = self.http.send(request).await?;
        if names_uploads && answer.status == 422 && self.refusals.fetch_add(1, Ordering::Relaxed) == 0 {
            self.down_for.store(2, Ordering::Relaxed);
        }
        Ok(answer)
    }

    async fn fetch(&self, request: HttpRequest, intake: &mut dyn ResponseSink) -> Result<HttpResponse, HttpFailure> {
        self.http.fetch(request, intake).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_uploads_and_failed_checks_lose_and_double_nothing() {
    let runs = ["POST /api/v2/requests", "PUT /api/v2/requests"].map(|write| async move {
        let is_reply = write.starts_with("PUT");
        let mut files = Files::start().await;
        files.client.close();
        let network = Arc::new(BreaksAfterRefusal {
            http: ReqwestHttp::new().unwrap(),
            down_for: AtomicU32::new(0),
            refusals: AtomicU32::new(0),
        });
        let config = with_files(config(files.bench.folder.path(), &files.bench.sandbox.base_url), 100_000_000);
        let (http, token) = (Arc::clone(&network) as Arc<dyn Http>, Arc::new(SignedIn("ada-token")));
        files.client = Arc::new(Client::open(&config, http, token, Arc::new(Device)).unwrap());
        let ticket = if is_reply {
            let ticket = files.client.submit(&files.draft()).unwrap();
            files.settle().await;
            let draft = ReplyDraft { body: "Hier sind sie:".to_owned(), ..files.client.reply_draft(ticket).unwrap() };
            files.client.save_reply_draft(&draft).unwrap();
            files.attach(&draft.id, "Beleg März – צילום.PNG", &picture(LARGE)).unwrap();
            files.attach(&draft.id, "Umsätze 合同.csv", CSV.as_bytes()).unwrap();
            files.client.reply(&draft).unwrap();
            ticket
        } else {
            files.write()
        };
        // The outcome of the first attempt is ambiguous. Meanwhile the tokens expire.
        files.fault(json!({ "cut_before": { "times": 1, "only": write } })).await;
        files.client.sync(Scope::Due).await;
        assert_eq!(files.asked("POST /api/v2/uploads").await, 2);
        files.bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 7_200 })).await;
        files.settle().await;
        assert_eq!(network.down_for.load(Ordering::Relaxed), 0, "{write}: the reads failed");
        assert!(
            network.refusals.load(Ordering::Relaxed) >= 2,
            "{write}: it was sent again only after a read that succeeded"
        );
        assert_eq!(files.asked("POST /api/v2/uploads").await, 4, "{write}");
        let messages = files.messages(ticket);
        assert!(messages.iter().all(|message| message.delivery == Delivery::Sent));
        if is_reply {
            let theirs = &files.theirs().await[0]["comments"];
            assert_eq!((messages.len(), theirs.as_array().unwrap().len()), (2, 2));
            assert_eq!(theirs[1]["attachments"][0]["sha256"], hash(&picture(LARGE)));
            assert!(files.kept("outgoing").is_empty());
        } else {
            files.both_arrived().await;
        }
    });
    futures_util::future::join_all(runs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_refuses_waits_for_the_user_with_its_reason() {
    for (reason, expected) in [("size", ReasonKind::AttachmentTooLarge), ("type", ReasonKind::AttachmentType)] {
        let files = Files::start().await;
        files.fault(json!({ "upload_refused": { "reason": reason, "times": 1 } })).await;
        let ticket = files.write();
        files.client.sync(Scope::Due).await;
        let message = files.messages(ticket).pop().unwrap();
        assert!(matches!(&message.delivery, Delivery::NeedsUser(reason) if reason.kind == expected), "{message:?}");
        assert!(files.client.ticket(ticket).unwrap().row.needs_user);
        assert!(message.can_retry && message.can_discard);
        assert!(files.theirs().await.is_empty(), "the ticket is not sent without its file");
        files.client.retry(message.id).unwrap();
        files.settle().await;
        files.both_arrived().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_somebody_removed_is_a_reason_and_not_a_lost_message() {
    let files = Files::start().await;
    let ticket = files.write();
    for file in files.kept("outgoing") {
        fs::remove_file(file).unwrap();
    }
    files.client.sync(Scope::Due).await;
    let message = files.messages(ticket).pop().unwrap();
    assert!(
        matches!(&message.delivery, Delivery::NeedsUser(reason) if reason.kind == ReasonKind::AttachmentMissing),
        "{message:?}"
    );
    assert_eq!(files.client.discard(message.id).unwrap(), "Siehe Anhänge.");
    let draft = files.client.ticket_draft().unwrap();
    for file in files.client.draft_files(&draft.id).unwrap() {
        files.client.detach(file.id).unwrap();
    }
    files.client.submit(&draft).unwrap();
    files.settle().await;
    assert_eq!(files.theirs().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_go_back_to_the_draft_with_the_text() {
    let files = Files::start().await;
    files.client.set_online(false).unwrap();
    let ticket = files.write();
    let description = files.messages(ticket)[0].id;
    files.client.discard(description).unwrap();
    let draft = files.client.ticket_draft().unwrap();
    let kept = files.client.draft_files(&draft.id).unwrap();
    assert_eq!(kept.iter().map(|file| file.size).collect::<Vec<_>>(), [LARGE as u64, CSV.len() as u64]);
    files.client.detach(kept[0].id).unwrap();
    assert_eq!(files.kept("outgoing").len(), 1);
    files.client.discard_draft(&draft.id).unwrap();
    assert!(files.kept("outgoing").is_empty(), "the files of a draft are removed with it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_carries_files_too() {
    let files = Files::start().await;
    let ticket = files.write();
    files.settle().await;
    let draft = ReplyDraft { body: "Noch einer:".to_owned(), ..files.client.reply_draft(ticket).unwrap() };
    assert!(
        matches!(files.attach(&draft.id, "a.txt", b"x"), Err(AttachError::Store(_))),
        "the draft must be saved first"
    );
    files.client.save_reply_draft(&draft).unwrap();
    files.attach(&draft.id, "Notiz.txt", "Grüße 👋".as_bytes()).unwrap();
    files.fault(json!({ "cut_after": { "times": 1, "only": "PUT /api/v2/requests" } })).await;
    files.client.reply(&draft).unwrap();
    files.settle().await;
    let messages = files.messages(ticket);
    assert_eq!(messages.len(), 2);
    assert_eq!((messages[1].attachments[0].name.as_str(), &messages[1].delivery), ("Notiz.txt", &Delivery::Sent));
    assert_eq!(files.theirs().await[0]["comments"][1]["attachments"][0]["sha256"], hash("Grüße 👋".as_bytes()));
    assert!(files.kept("outgoing").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_a_draft_can_be_looked_at_until_it_is_detached() {
    let files = Files::start().await;
    let draft = files.draft();
    let file = files.attach(&draft.id, "Beleg März – צילום.PNG", &picture(LARGE)).unwrap();
    let path = files.client.draft_file(file.id).unwrap().unwrap();
    assert_eq!(hash(&fs::read(path).unwrap()), hash(&picture(LARGE)));
    files.client.detach(file.id).unwrap();
    assert!(matches!(files.client.draft_file(file.id), Err(StoreError::NoSuchFile)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_refused_before_it_is_copied() {
    let files = Files::start().await;
    let draft = files.draft();
    for (name, bytes, expected) in [
        ("bild.png", &b"<svg onload=\"alert(1)\"/>"[..], FileError::WrongContent),
        ("bild.svg", b"<svg/>", FileError::WrongType),
        ("leer.txt", b"", FileError::Empty),
        ("gross.png", &picture(5_000_001), FileError::TooLarge { limit: 5_000_000 }),
    ] {
        assert_eq!(files.attach(&draft.id, name, bytes), Err(expected.into()), "{name}");
    }
    for _ in 0..3 {
        files.attach(&draft.id, "a.txt", b"x").unwrap();
    }
    assert_eq!(files.attach(&draft.id, "b.txt", b"x"), Err(FileError::TooMany { limit: 3 }.into()));
    assert_eq!(files.kept("outgoing").len(), 3);
    // The built-in product offers no attachments.
    let plain = Bench::start().await;
    let source = files.picked("c.txt", b"x");
    let draft = plain.client.ticket_draft().unwrap();
    assert_eq!(plain.client.attach(&draft.id, &source, "c.txt"), Err(AttachError::Off));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_kill_left_in_the_folder_goes_at_the_next_opening() {
    let mut files = Files::start().await;
    let draft = files.draft();
    files.attach(&draft.id, "a.txt", b"x").unwrap();
    let folder = files.kept("outgoing")[0].parent().unwrap().to_owned();
    fs::write(folder.join("0123.png"), b"a row was never written").unwrap();
    fs::write(folder.join("4567.png.part"), b"the copy was not finished").unwrap();
    files.restart();
    assert_eq!(files.kept("outgoing").len(), 1);
    assert_eq!(files.client.draft_files(&draft.id).unwrap().len(), 1);
}
