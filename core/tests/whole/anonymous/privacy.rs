//! What stays on a device that several people use, and what goes.

use pocketdesk::model::Delivery;
use pocketdesk::store::{SignOut, StoreError, Unsent, nobodys_file_of};
use serde_json::json;

use super::{Desk, EMAIL, NAME, SUBJECT, TEXT, draft, has_bytes};

/// Texts of which no byte may be left.
const MARKERS: [&str; 4] = [NAME, EMAIL, SUBJECT, "seit Montag kommt keine Mail"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sent_ticket_that_the_user_removes_leaves_no_byte() {
    let desk = Desk::start().await;
    let ticket = desk.write();
    assert_eq!(desk.client.remove_ticket(ticket), Err(StoreError::NotPossibleNow), "it is the only copy");
    desk.sync().await;
    let folder = desk.folder.path();
    assert!(MARKERS.iter().all(|marker| has_bytes(folder, marker)), "the test looks at the right place");
    desk.client.remove_ticket(ticket).unwrap();
    for marker in MARKERS {
        assert!(!has_bytes(folder, marker), "{marker}");
    }
    assert_eq!(desk.client.ticket(ticket), Err(StoreError::NoSuchTicket));
    assert_eq!(desk.client.history(None, 10).unwrap().total, 0);
    assert_eq!(desk.theirs().await.len(), 1, "the help desk keeps it");
    desk.sync().await;
    assert_eq!(desk.attempts().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_that_is_discarded_leaves_no_byte() {
    let desk = Desk::start().await;
    let mut typed = draft(&desk.client);
    for length in [4, 12, TEXT.len()] {
        typed.description = TEXT.chars().take(length).collect();
        desk.client.save_ticket_draft(&typed).unwrap();
    }
    let folder = desk.folder.path();
    assert!(has_bytes(folder, EMAIL));
    desk.client.discard_draft(&typed.id).unwrap();
    for marker in MARKERS {
        assert!(!has_bytes(folder, marker), "{marker}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_app_can_remove_everything_or_all_but_what_was_not_sent() {
    let mut desk = Desk::start().await;
    desk.write();
    desk.sync().await;
    desk.fault(json!({ "offline": true })).await;
    let waiting =
        desk.client.submit(&super::TicketDraft { subject: "Zweites".to_owned(), ..draft(&desk.client) }).unwrap();
    assert_eq!(desk.client.unsent().unwrap(), Unsent { messages: 1, drafts: 0 });
    desk.client.sign_out(SignOut::Keep).unwrap();
    assert!(!has_bytes(desk.folder.path(), SUBJECT), "what was sent is gone");
    desk.restart();
    desk.fault(json!({})).await;
    desk.sync().await;
    assert_eq!((desk.delivery(waiting), desk.theirs().await.len()), (Delivery::Sent, 2));
    assert_eq!(desk.theirs().await[0]["requester"]["email"], EMAIL, "what waited knows who wrote it");

    desk.client.sign_out(SignOut::Discard).unwrap();
    assert!(!nobodys_file_of(desk.folder.path(), &format!("{}/", desk.sandbox.base_url)).exists());
    for marker in MARKERS {
        assert!(!has_bytes(desk.folder.path(), marker), "{marker}");
    }
}
