//! Files: what a user attached is at the desk, whole and once, and what the desk has comes to the device, whatever happened
//! on the way.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::Desk;
use pocketdesk::attachments::AttachError;
use pocketdesk::model::{
    Delivery, DownloadProblem, DraftFile, DraftId, FileState, Message, ReasonKind, ReplyDraft, TicketDraft, TicketId,
};
use pocketdesk::remote::{Http, HttpFailure, HttpRequest, HttpResponse, Intake, Method, ReqwestHttp};
use pocketdesk::store::file_of;
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use crate::bench::{Bench, Device, SignedIn, config, open};

/// The larger of the two files that most tests send.
const LARGE: usize = 700_000;
/// Larger than any buffer on the way.
const HUGE: usize = 3_000_000;

/// A desk that takes files.
fn with_files(config: pocketdesk::DeskConfig, cache_bytes: u64) -> pocketdesk::DeskConfig {
    let mut profile: Value = serde_json::from_str(config.profile.as_deref().unwrap()).unwrap();
    let types = ["csv", "txt", "pdf", "png"];
    profile["attachments"] = json!({ "max_files": 3, "max_bytes": 5_000_000, "types": types });
    profile["cache_bytes"] = json!(cache_bytes);
    pocketdesk::DeskConfig { profile: Some(profile.to_string()), ..config }
}

struct Files {
    bench: Bench,
    desk: Arc<Desk>,
}

impl Files {
    async fn start() -> Self {
        Self::with_cache(100_000_000).await
    }

    async fn with_cache(cache_bytes: u64) -> Self {
        let bench = Bench::start().await;
        bench.desk.close();
        let desk = open(&with_files(config(bench.folder.path(), &bench.sandbox.base_url), cache_bytes), "ada-token");
        assert_eq!(desk.sync(Scope::Everything).await.failure, None);
        Self { bench, desk }
    }

    /// The process is killed, and starts again.
    fn restart(&mut self) {
        self.desk.close();
        let config = with_files(config(self.bench.folder.path(), &self.bench.sandbox.base_url), 100_000_000);
        self.desk = open(&config, "ada-token");
    }

    fn picked(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.bench.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn attach(&self, draft: &DraftId, name: &str, bytes: &[u8]) -> Result<DraftFile, AttachError> {
        let source = self.picked("gewählt", bytes);
        let attached = self.desk.attach(draft, &source, name);
        // What becomes of the original is of no matter.
        fs::remove_file(source).unwrap();
        attached
    }

    /// A new ticket's draft, kept.
    fn draft(&self) -> TicketDraft {
        let draft = TicketDraft {
            subject: "Überweisung an Affiliate fehlt – mit Belegen 🧾".to_owned(),
            description: "Siehe Anhänge.".to_owned(),
            ..self.desk.ticket_draft().unwrap()
        };
        self.desk.save_ticket_draft(&draft).unwrap();
        draft
    }

    /// A new ticket with two files, waiting to be sent.
    fn write(&self) -> TicketId {
        self.write_with(&picture(LARGE))
    }

    fn write_with(&self, picture: &[u8]) -> TicketId {
        let draft = self.draft();
        self.attach(&draft.id, "Beleg März – צילום.PNG", picture).unwrap();
        self.attach(&draft.id, "Umsätze 合同.csv", CSV.as_bytes()).unwrap();
        self.desk.submit(&draft).unwrap()
    }

    async fn settle(&self) {
        let driver = Arc::clone(&self.desk);
        let driver = tokio::spawn(async move { driver.drive().await });
        let changes = self.desk.subscribe();
        let settled = async {
            while self.desk.state().unwrap().waiting > 0 {
                changes.next().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(40), settled).await.unwrap();
        driver.abort();
        assert!(driver.await.unwrap_err().is_cancelled());
        // What was confirmed is seen in its thread with the next readings.
        for _ in 0..3 {
            assert_eq!(self.desk.sync(Scope::Everything).await.failure, None);
        }
    }

    async fn fault(&self, faults: Value) {
        self.bench.fault(faults).await;
    }

    /// Our tickets as the desk has them.
    async fn theirs(&self) -> Vec<Value> {
        let all = self.bench.sandbox(Method::Get, "/sandbox/tickets", Value::Null).await;
        let ours = |ticket: &&Value| ticket["subject"].as_str().unwrap().contains("mit Belegen");
        all["tickets"].as_array().unwrap().iter().filter(ours).cloned().collect()
    }

    async fn asked(&self, what: &str) -> usize {
        let log = self.bench.sandbox(Method::Get, "/sandbox/requests", Value::Null).await;
        let is_it = |entry: &&Value| {
            format!("{} {}", entry["method"].as_str().unwrap(), entry["path"].as_str().unwrap()).starts_with(what)
        };
        log["requests"].as_array().unwrap().iter().filter(is_it).count()
    }

    fn messages(&self, ticket: TicketId) -> Vec<Message> {
        self.desk.thread(ticket, None, 200).unwrap().messages
    }

    /// The files in one of the account's folders.
    fn kept(&self, folder: &str) -> Vec<PathBuf> {
        let folder = file_of(self.bench.folder.path(), "ada").parent().unwrap().join(folder);
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    }

    /// Both files are at the desk, once, as they were picked, and no longer on their way here.
    async fn both_arrived(&self) {
        self.both_arrived_with(&picture(LARGE)).await;
    }

    async fn both_arrived_with(&self, picture: &[u8]) {
        let tickets = self.theirs().await;
        assert_eq!(tickets.len(), 1);
        let comments = tickets[0]["comments"].as_array().unwrap();
        assert_eq!(comments.len(), 1);
        let files: Vec<(&str, &str, &str)> = comments[0]["attachments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| {
                let text = |name: &str| file[name].as_str().unwrap();
                (text("file_name"), text("content_type"), text("sha256"))
            })
            .collect();
        let (picture, csv) = (hash(picture), hash(CSV.as_bytes()));
        let expected = [("Beleg März – צילום.PNG", "image/png", &*picture), ("Umsätze 合同.csv", "text/csv", &*csv)];
        assert_eq!(files, expected);
        assert!(self.kept("outgoing").is_empty());
    }
}

const CSV: &str = "Datum;Umsatz\n01.03.2026;1.234,56 €\n";

fn picture(length: usize) -> Vec<u8> {
    let noise = (0_u32..).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes());
    b"\x89PNG\r\n\x1a\n".iter().copied().chain(noise).take(length).collect()
}

fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_files_written_offline_arrive_once_and_whole() {
    let mut files = Files::start().await;
    files.desk.set_online(false).unwrap();
    let ticket = files.write_with(&picture(HUGE));
    files.restart();
    files.desk.set_online(true).unwrap();
    let shown = &files.messages(ticket)[0];
    assert_eq!(
        shown.attachments.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
        ["Beleg März – צילום.PNG", "Umsätze 合同.csv"]
    );
    assert!(shown.attachments.iter().all(|file| file.bytes == FileState::Waiting));
    assert_eq!((files.kept("outgoing").len(), files.desk.state().unwrap().waiting), (2, 1));
    files.settle().await;
    files.both_arrived_with(&picture(HUGE)).await;
    let shown = files.messages(ticket);
    assert_eq!((shown.len(), &shown[0].delivery), (1, &Delivery::Sent));
    assert!(shown[0].attachments.iter().all(|file| file.id.is_some() && file.bytes == FileState::AtDesk));
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
    // Each has a desk of its own, so they can go side by side.
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
    // By what the desk said of them; and because the desk refuses them, its clock having said nothing.
    for told in [true, false] {
        let mut files = Files::start().await;
        files.fault(json!({ "cut_before": { "only": "POST /api/v2/requests" } })).await;
        files.write();
        files.desk.sync(Scope::Due).await;
        assert_eq!(files.asked("POST /api/v2/uploads").await, 2);
        // A process that is killed here has two tokens in its file.
        files.restart();
        files.bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 7_200 })).await;
        if told {
            assert_eq!(files.desk.sync(Scope::Due).await.failure, None, "hears what time it is at the desk");
        }
        files.bench.sandbox(Method::Delete, "/sandbox/faults", Value::Null).await;
        files.settle().await;
        files.both_arrived().await;
        assert_eq!(files.asked("POST /api/v2/uploads").await, 4);
    }
}

/// A network that breaks down for two requests as soon as the desk has refused a write for its uploads.
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
            assert_eq!(request.method, Method::Get, "whoever was refused looks first");
            return Err(HttpFailure::Broken);
        }
        let names_uploads = request.method != Method::Get && request.url.path().contains("/requests");
        let answer = self.http.send(request).await?;
        if names_uploads && answer.status == 422 && self.refusals.fetch_add(1, Ordering::Relaxed) == 0 {
            self.down_for.store(2, Ordering::Relaxed);
        }
        Ok(answer)
    }

    async fn fetch(&self, request: HttpRequest, intake: &mut dyn Intake) -> Result<HttpResponse, HttpFailure> {
        self.http.fetch(request, intake).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_uploads_and_no_look_at_what_is_there_lose_and_double_nothing() {
    let runs = ["POST /api/v2/requests", "PUT /api/v2/requests"].map(|write| async move {
        let is_reply = write.starts_with("PUT");
        let mut files = Files::start().await;
        files.desk.close();
        let network = Arc::new(BreaksAfterRefusal {
            http: ReqwestHttp::new().unwrap(),
            down_for: AtomicU32::new(0),
            refusals: AtomicU32::new(0),
        });
        let config = with_files(config(files.bench.folder.path(), &files.bench.sandbox.base_url), 100_000_000);
        let (http, token) = (Arc::clone(&network) as Arc<dyn Http>, Arc::new(SignedIn("ada-token")));
        files.desk = Arc::new(Desk::open(&config, http, token, Arc::new(Device)).unwrap());
        let ticket = if is_reply {
            let ticket = files.desk.submit(&files.draft()).unwrap();
            files.settle().await;
            let draft = ReplyDraft { body: "Hier sind sie:".to_owned(), ..files.desk.reply_draft(ticket).unwrap() };
            files.desk.save_reply_draft(&draft).unwrap();
            files.attach(&draft.id, "Beleg März – צילום.PNG", &picture(LARGE)).unwrap();
            files.attach(&draft.id, "Umsätze 合同.csv", CSV.as_bytes()).unwrap();
            files.desk.reply(&draft).unwrap();
            ticket
        } else {
            files.write()
        };
        // The first attempt may have arrived, for all that this device knows; meanwhile the tokens' time is over.
        files.fault(json!({ "cut_before": { "times": 1, "only": write } })).await;
        files.desk.sync(Scope::Due).await;
        assert_eq!(files.asked("POST /api/v2/uploads").await, 2);
        files.bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 7_200 })).await;
        files.settle().await;
        assert_eq!(network.down_for.load(Ordering::Relaxed), 0, "{write}: the looks failed");
        assert!(
            network.refusals.load(Ordering::Relaxed) >= 2,
            "{write}: it was sent again only when something was known"
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
async fn what_the_desk_refuses_waits_for_the_user_with_its_reason() {
    for (reason, expected) in [("size", ReasonKind::AttachmentTooLarge), ("type", ReasonKind::AttachmentType)] {
        let files = Files::start().await;
        files.fault(json!({ "upload_refused": { "reason": reason, "times": 1 } })).await;
        let ticket = files.write();
        files.desk.sync(Scope::Due).await;
        let message = files.messages(ticket).pop().unwrap();
        assert!(matches!(&message.delivery, Delivery::NeedsYou(reason) if reason.kind == expected), "{message:?}");
        assert!(files.desk.ticket(ticket).unwrap().row.needs_you);
        assert!(message.can_retry && message.can_discard);
        assert!(files.theirs().await.is_empty(), "the ticket does not go without its file");
        files.desk.retry(message.id).unwrap();
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
    files.desk.sync(Scope::Due).await;
    let message = files.messages(ticket).pop().unwrap();
    assert!(
        matches!(&message.delivery, Delivery::NeedsYou(reason) if reason.kind == ReasonKind::AttachmentMissing),
        "{message:?}"
    );
    assert_eq!(files.desk.discard(message.id).unwrap(), "Siehe Anhänge.");
    let draft = files.desk.ticket_draft().unwrap();
    for file in files.desk.draft_files(&draft.id).unwrap() {
        files.desk.detach(file.id).unwrap();
    }
    files.desk.submit(&draft).unwrap();
    files.settle().await;
    assert_eq!(files.theirs().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_go_back_to_the_draft_with_the_text() {
    let files = Files::start().await;
    files.desk.set_online(false).unwrap();
    let ticket = files.write();
    let description = files.messages(ticket)[0].id;
    files.desk.discard(description).unwrap();
    let draft = files.desk.ticket_draft().unwrap();
    let kept = files.desk.draft_files(&draft.id).unwrap();
    assert_eq!(kept.iter().map(|file| file.size).collect::<Vec<_>>(), [LARGE as u64, CSV.len() as u64]);
    files.desk.detach(kept[0].id).unwrap();
    assert_eq!(files.kept("outgoing").len(), 1);
    files.desk.discard_draft(&draft.id).unwrap();
    assert!(files.kept("outgoing").is_empty(), "a draft's files go with it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_carries_files_too() {
    let files = Files::start().await;
    let ticket = files.write();
    files.settle().await;
    let draft = ReplyDraft { body: "Noch einer:".to_owned(), ..files.desk.reply_draft(ticket).unwrap() };
    assert!(matches!(files.attach(&draft.id, "a.txt", b"x"), Err(AttachError::Store(_))), "a draft is kept first");
    files.desk.save_reply_draft(&draft).unwrap();
    files.attach(&draft.id, "Notiz.txt", "Grüße 👋".as_bytes()).unwrap();
    files.fault(json!({ "cut_after": { "times": 1, "only": "PUT /api/v2/requests" } })).await;
    files.desk.reply(&draft).unwrap();
    files.settle().await;
    let messages = files.messages(ticket);
    assert_eq!(messages.len(), 2);
    assert_eq!((messages[1].attachments[0].name.as_str(), &messages[1].delivery), ("Notiz.txt", &Delivery::Sent));
    assert_eq!(files.theirs().await[0]["comments"][1]["attachments"][0]["sha256"], hash("Grüße 👋".as_bytes()));
    assert!(files.kept("outgoing").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_refused_before_it_is_copied() {
    let files = Files::start().await;
    let draft = files.draft();
    for (name, bytes, expected) in [
        ("bild.png", &b"<svg onload=\"alert(1)\"/>"[..], AttachError::WrongType),
        ("bild.svg", b"<svg/>", AttachError::WrongType),
        ("leer.txt", b"", AttachError::Empty),
        ("gross.png", &picture(5_000_001), AttachError::TooLarge { limit: 5_000_000 }),
    ] {
        assert_eq!(files.attach(&draft.id, name, bytes), Err(expected), "{name}");
    }
    for _ in 0..3 {
        files.attach(&draft.id, "a.txt", b"x").unwrap();
    }
    assert_eq!(files.attach(&draft.id, "b.txt", b"x"), Err(AttachError::TooMany { limit: 3 }));
    assert_eq!(files.kept("outgoing").len(), 3);
    // The built-in profile takes none.
    let plain = Bench::start().await;
    let source = files.picked("c.txt", b"x");
    let draft = plain.desk.ticket_draft().unwrap();
    assert_eq!(plain.desk.attach(&draft.id, &source, "c.txt"), Err(AttachError::Off));
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
    assert_eq!(files.desk.draft_files(&draft.id).unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_download_follows_the_redirect_without_the_bearer_and_goes_on_where_it_was_cut() {
    let files = Files::start().await;
    let ticket = files.write_with(&picture(HUGE));
    files.settle().await;
    let message = files.messages(ticket)[0].id;
    // The place that the redirect leads to refuses whoever signs in.
    files.fault(json!({ "cut_body": { "bytes": 2_000_000, "times": 1, "only": "GET /files" } })).await;
    assert_eq!(files.desk.download(message, 0).unwrap(), FileState::Wanted);
    assert_eq!(files.desk.download(message, 0).unwrap(), FileState::Wanted, "asking twice is asking once");
    assert_eq!(files.desk.attachment_file(message, 0).unwrap(), None);
    let report = files.desk.sync(Scope::Due).await;
    assert!(
        report.failure.is_none() && report.next.is_some(),
        "a cut download is no problem of the account: {report:?}"
    );
    files.bench.sandbox(Method::Delete, "/sandbox/requests", Value::Null).await;
    assert_eq!(files.desk.sync(Scope::Due).await.failure, None);
    let path = files.desk.attachment_file(message, 0).unwrap().unwrap();
    assert_eq!(hash(&fs::read(path).unwrap()), hash(&picture(HUGE)));
    assert_eq!(files.messages(ticket)[0].attachments[0].bytes, FileState::Here);
    let log = files.bench.sandbox(Method::Get, "/sandbox/requests", Value::Null).await;
    let sent = |entry: &Value| entry["response_bytes"].as_u64().unwrap();
    let rest = log["requests"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["path"].as_str().unwrap().starts_with("/files"))
        .map(sent);
    assert!(rest.is_some_and(|rest| rest > 0 && rest < HUGE as u64 / 2 + 100_000), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cache_keeps_what_was_opened_last() {
    let files = Files::with_cache(LARGE as u64 + 10).await;
    let ticket = files.write();
    files.settle().await;
    let message = files.messages(ticket)[0].id;
    for place in [0, 1] {
        files.desk.download(message, place).unwrap();
        assert_eq!(files.desk.sync(Scope::Due).await.failure, None);
        assert!(files.desk.attachment_file(message, place).unwrap().is_some());
    }
    assert_eq!(files.desk.attachment_file(message, 0).unwrap(), None, "pushed out");
    assert_eq!(files.kept("cache").len(), 1);
    let small = Files::with_cache(1_000).await;
    let ticket = small.write();
    small.settle().await;
    let message = small.messages(ticket)[0].id;
    assert_eq!(small.desk.download(message, 0).unwrap(), FileState::Failed(DownloadProblem::TooLarge));
    assert!(small.desk.download(message, 1).is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_goes_with_what_the_desk_takes_away() {
    let files = Files::start().await;
    let ticket = files.write();
    files.settle().await;
    let message = files.messages(ticket)[0].id;
    let number = files.desk.ticket(ticket).unwrap().row.number.unwrap();
    let fetch = async || {
        files.desk.download(message, 1).unwrap();
        files.desk.sync(Scope::Due).await;
        assert_eq!(files.kept("cache").len(), 1);
    };
    fetch().await;
    let comment = files.theirs().await[0]["comments"][0]["id"].clone();
    // The desk's times have whole seconds.
    files.bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
    let redact = format!("/sandbox/tickets/{number}/redact_comment");
    files.bench.sandbox(Method::Post, &redact, json!({ "comment": comment })).await;
    files.desk.opened(ticket).unwrap();
    assert_eq!(files.desk.sync(Scope::Everything).await.failure, None);
    assert_eq!(files.messages(ticket)[0].attachments[1].name, "redacted.txt");
    assert!(files.kept("cache").is_empty(), "redacted");
    fetch().await;
    let revoke = format!("/sandbox/tickets/{number}/revoke");
    files.bench.sandbox(Method::Post, &revoke, json!({ "user": "ada" })).await;
    files.desk.sync(Scope::Everything).await;
    assert!(!files.desk.ticket(ticket).unwrap().row.visible);
    assert!(files.kept("cache").is_empty(), "no longer visible");
}
