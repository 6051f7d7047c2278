//! A message whose file is gone from the device needs the user, and nothing of it is sent.

use super::*;

/// An environment whose clock stands still.
pub(super) struct StoppedClock;

#[async_trait]
impl Environment for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_795_549_000_000)
    }

    async fn sleep(&self, _length: Duration) {
        std::future::pending::<()>().await;
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        bytes
    }
}

#[tokio::test]
async fn a_file_that_went_from_the_device_stops_its_message_before_anything_is_sent() {
    let files = json!({ "in": ["create", "reply"], "max_files": 5, "max_bytes": 50_000_000, "types": ["txt"] });
    let product =
        json!({ "schema": 1, "id": "files", "version": 1, "extends": "impact-mobile@1", "attachments": files });
    let folder = tempfile::tempdir().unwrap();
    let config = ClientConfig {
        connector: Connector::RequestTracker,
        product: Some(product.to_string()),
        ..ClientConfig::new(folder.path(), "alice", "https://rt.example")
    };
    let script = Arc::new(Script::default());
    let client = Client::open(&config, script.clone(), Arc::new(App("1-27-01b9a66f")), Arc::new(StoppedClock)).unwrap();
    assert_eq!(client.product().attachments.as_ref().unwrap().max_bytes, 26_214_400, "the limit of the server");
    let draft = TicketDraft {
        subject: "Größe 🙂".into(),
        description: "Siehe Anhang".into(),
        ..client.ticket_draft().unwrap()
    };
    client.save_ticket_draft(&draft).unwrap();
    let picked = folder.path().join("picked");
    std::fs::write(&picked, "Größe").unwrap();
    client.attach(&draft.id, &picked, "Größe.txt").unwrap();
    let ticket = client.submit(&draft).unwrap();
    // The upload makes no request, and the server is busy when the message is sent.
    script
        .then("GET /REST/2.0/user/27", ok(alice()))
        .then("GET /REST/2.0/tickets", list(&[]))
        .then("GET /REST/2.0/tickets", list(&[]))
        .then("GET /REST/2.0/queue/Support", answer(503, ""));
    assert_eq!(client.sync(Scope::Everything).await.failure, None);
    let mut folders = vec![folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "txt") || entry.metadata().unwrap().len() == 7 {
                std::fs::remove_file(entry).unwrap();
            }
        }
    }
    script.asked();
    client.sync_now().unwrap();
    assert_eq!(client.sync(Scope::Due).await.failure, None);
    let delivery = client.thread(ticket, None, 1).unwrap().messages.remove(0).delivery;
    let missing = Reason { kind: ReasonKind::AttachmentMissing, server_message: None };
    assert_eq!(delivery, Delivery::NeedsUser(missing));
    assert!(script.asked().is_empty());
}
