//! Small pictures: thumbnails of files and photos of agents come when a screen shows their place, are there without a network,
//! and leave with what they belong to.

use std::fs;

use pocketdesk::model::{FileState, MessageId, SmallPicture};
use pocketdesk::net::Method;
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use super::{Files, hash, picture};

/// The size of the picture that the tests send.
const SMALL: usize = 40_000;

impl Files {
    /// A ticket with a picture and a table, to which an agent has answered.
    async fn answered(&self) -> Answered {
        let ticket = self.write_with(&picture(SMALL));
        self.settle().await;
        let number = self.client.ticket(ticket).unwrap().row.number.unwrap();
        let answer = json!({ "body": "Danke für die Belege, wir prüfen das. 👍" });
        self.bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), answer).await;
        self.client.thread_opened(ticket).unwrap();
        assert_eq!(self.client.sync(Scope::Everything).await.failure, None);
        let messages = self.messages(ticket);
        let (asked, answer) = (messages[0].id, messages.last().unwrap().id);
        self.bench.sandbox(Method::Delete, "/sandbox/requests", Value::Null).await;
        Answered { ticket, number, asked, answer }
    }

    fn small_pictures(&self, thread: &Answered) -> (SmallPicture, SmallPicture) {
        let messages = self.messages(thread.ticket);
        (messages[0].attachments[0].thumbnail_state, messages.last().unwrap().author_photo)
    }

    async fn sync(&self) {
        assert_eq!(self.client.sync(Scope::Due).await.failure, None);
    }
}

struct Answered {
    ticket: pocketdesk::model::TicketId,
    number: pocketdesk::model::TicketNumber,
    asked: MessageId,
    answer: MessageId,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_come_when_they_are_shown_and_are_there_without_a_network() {
    let mut files = Files::start().await;
    let thread = files.answered().await;
    assert_eq!(files.small_pictures(&thread), (SmallPicture::OnServer, SmallPicture::OnServer));
    files.sync().await;
    assert_eq!(files.asked("GET /files").await + files.asked("GET /photos").await, 0, "nobody looked at them");

    assert_eq!(files.client.thumbnail(thread.asked, 0).unwrap(), None);
    assert_eq!(files.client.thumbnail(thread.asked, 1).unwrap(), None, "a table has none");
    assert_eq!(files.client.author_photo(thread.answer).unwrap(), None);
    assert_eq!(files.client.author_photo(thread.asked).unwrap(), None, "users have none");
    files.sync().await;
    assert_eq!((files.asked("GET /files").await, files.asked("GET /photos").await), (1, 1));
    assert_eq!(files.small_pictures(&thread), (SmallPicture::OnDevice, SmallPicture::OnDevice));
    assert_eq!(
        files.messages(thread.ticket)[0].attachments[0].bytes,
        FileState::OnServer,
        "the file itself stays there"
    );

    files.restart();
    files.fault(json!({ "offline": {} })).await;
    let small = files.client.thumbnail(thread.asked, 0).unwrap().unwrap();
    assert_eq!(hash(&fs::read(small).unwrap()), hash(&picture(SMALL)));
    assert!(fs::read(files.client.author_photo(thread.answer).unwrap().unwrap()).unwrap().starts_with(b"\x89PNG"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_shows_one_again_and_again_asks_once() {
    let files = Files::start().await;
    let thread = files.answered().await;
    for _ in 0..20 {
        assert_eq!(files.client.author_photo(thread.answer).unwrap(), None);
    }
    files.sync().await;
    assert_eq!(files.asked("GET /photos").await, 1);

    // One that the server does not have is asked for again when a thread is opened, and not before.
    files.fault(json!({ "html": { "only": "GET /attachments" } })).await;
    for _ in 0..20 {
        assert_eq!(files.client.thumbnail(thread.asked, 0).unwrap(), None);
        files.client.sync(Scope::Everything).await;
    }
    let asked = files.asked("GET /attachments").await;
    assert!((1..=10).contains(&asked), "it is given up: {asked}");
    files.bench.sandbox(Method::Delete, "/sandbox/faults", Value::Null).await;
    assert_eq!(files.client.thumbnail(thread.asked, 0).unwrap(), None);
    files.sync().await;
    assert_eq!(files.asked("GET /attachments").await, asked);
    files.client.thread_opened(thread.ticket).unwrap();
    assert_eq!(files.client.thumbnail(thread.asked, 0).unwrap(), None);
    files.sync().await;
    assert!(files.client.thumbnail(thread.asked, 0).unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_leave_with_what_they_belong_to() {
    let files = Files::start().await;
    let thread = files.answered().await;
    files.client.author_photo(thread.answer).unwrap();
    files.client.thumbnail(thread.asked, 0).unwrap();
    files.sync().await;
    assert_eq!(files.kept("cache").len(), 2);

    let comment = files.theirs().await[0]["comments"][0]["id"].clone();
    files.bench.sandbox(Method::Post, "/sandbox/clock", json!({ "advance_seconds": 5 })).await;
    let redact = format!("/sandbox/tickets/{}/redact_comment", thread.number);
    files.bench.sandbox(Method::Post, &redact, json!({ "comment": comment })).await;
    files.client.thread_opened(thread.ticket).unwrap();
    assert_eq!(files.client.sync(Scope::Everything).await.failure, None);
    assert_eq!(files.kept("cache").len(), 1, "the thumbnail of a redacted file");

    // The history has other tickets with the same agent, so the name stays, and the photo with it.
    let revoke = format!("/sandbox/tickets/{}/revoke", thread.number);
    files.bench.sandbox(Method::Post, &revoke, json!({ "user": "ada" })).await;
    files.client.sync(Scope::Everything).await;
    assert!(!files.client.ticket(thread.ticket).unwrap().row.visible);
    assert_eq!(files.kept("cache").len(), 1, "the photo of an agent whom other tickets show");
}
