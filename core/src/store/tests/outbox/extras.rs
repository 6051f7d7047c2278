//! When the extras of a ticket are read.

use super::*;
use crate::model::{FeedbackState, RemoteExtras, ServerStatus, WantedExtras};

#[test]
fn a_ticket_that_is_closed_in_the_second_of_its_last_read_is_asked_about_feedback() {
    let fixture = fixture();
    let open = RemoteTicket { status: ServerStatus::Open, ..remote(600, 0) };
    page(&fixture, std::slice::from_ref(&open));
    let ticket = numbered(&fixture, 600);
    let (only_toggles, with_feedback) =
        (WantedExtras { feedback: false, toggles: true }, WantedExtras { feedback: true, toggles: true });
    let due = |wanted, at| fixture.store.extras_are_due(ticket, wanted, Timestamp(at)).unwrap();
    assert!(due(only_toggles, 1_000), "never read");
    fixture.store.apply_extras(ticket, &RemoteExtras::default(), Timestamp(1_000)).unwrap();
    assert!(!due(only_toggles, 1_001));
    // The server tells the same second.
    fixture.store.apply_ticket(&RemoteTicket { status: ServerStatus::Solved, ..open }, SEEN).unwrap();
    assert!(due(with_feedback, 1_002));
    let offered = RemoteExtras { feedback: Some(FeedbackState::Offered), ..RemoteExtras::default() };
    fixture.store.apply_extras(ticket, &offered, Timestamp(1_002)).unwrap();
    assert!(!due(with_feedback, 1_003), "once");
}
