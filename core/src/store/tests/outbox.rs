//! What the user wrote survives every mistake that can be made about whose it is at the desk.

use super::*;

fn page(fixture: &Fixture, tickets: &[RemoteTicket]) {
    let list = TicketList("own".to_owned());
    fixture.store.apply_page(&PulledPage { list: &list, tickets, step: WalkStep::Delta, seen: SEEN }).unwrap();
}

fn numbered(fixture: &Fixture, number: i64) -> TicketId {
    fixture.store.ticket_by_number(TicketNumber(number)).unwrap().unwrap()
}

#[test]
fn an_older_ticket_of_the_same_text_is_not_taken_for_the_new_one() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let description = fixture.thread(ticket)[0].0;
    let operation = fixture.operation(description).unwrap();
    // Before the first sync the file knows no ticket, but the desk was asked for the newest.
    assert!(fixture.store.begin_attempt(&operation, b"{}", 650).unwrap());
    fixture.unclear(&operation);
    page(&fixture, &[remote(640, 0)]);
    fixture.store.apply_created(&[remote(650, 0)], SEEN).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.number, None, "it was there before");
    fixture.store.apply_created(&[remote(651, 0)], SEEN).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.number, Some(TicketNumber(651)));
    // Once tickets are known, the newest of them counts.
    let second = fixture.create(20);
    let operation = fixture.attempt(fixture.thread(second)[0].0);
    fixture.unclear(&operation);
    page(&fixture, &[remote(600, 0)]);
    assert_eq!(fixture.store.ticket(second).unwrap().row.number, None);
}

#[test]
fn a_copy_does_not_take_an_old_comment_of_an_unread_thread_for_what_waits() {
    let fixture = fixture();
    page(&fixture, &[remote(500, 10)]);
    let ticket = numbered(&fixture, 500);
    let message = fixture.reply(ticket, 20, "Gibt es etwas Neues?");
    fixture.store.bind_installation("old phone", NOW).unwrap();
    fixture.store.bind_installation("new phone", NOW).unwrap();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "Gibt es etwas Neues?")]);
    let state = fixture.operation(message).map(|operation| operation.state);
    assert!(matches!(state, Some(State::NeedsUser(reason)) if reason.kind == ReasonKind::Restored));
}
