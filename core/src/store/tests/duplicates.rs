//! Duplicate candidates: which of them a number belongs to, and in which order they are sent.

use super::*;
use crate::model::Chance;
use crate::outbox::{Look, Next, Step};

/// The next step of the outbox, for a server without client references.
fn next(fixture: &Fixture) -> Next {
    let mut operations = fixture.store.operations().unwrap();
    if crate::outbox::may_have_duplicates(&operations) {
        crate::outbox::hold_back_duplicates(&mut operations, &fixture.store.creation_fingerprints().unwrap(), NOW);
    }
    crate::outbox::next(&operations, NOW)
}

#[test]
fn two_equal_tickets_of_which_one_arrived_stay_two() {
    let fixture = fixture();
    let (first, second) = (fixture.create(10), fixture.create(20));
    let description = |ticket| fixture.thread(ticket)[0].0;
    let operations = [first, second].map(|ticket| fixture.attempt(description(ticket)));
    for operation in &operations {
        fixture.ambiguous(operation);
    }
    // Only the second arrived. The server keeps no references, so the first takes its number.
    page(&fixture, &[remote(700, 0)]);
    assert_eq!(fixture.store.ticket(first).unwrap().row.number, Some(TicketNumber(700)));
    // The second is attempted again. The server knows its key and answers with the ticket that it created the first time.
    fixture.store.settle_create(&operations[1], &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    assert_eq!(fixture.store.history(None, 10).unwrap().total, 2);
    let again = fixture.operation(description(second)).unwrap();
    assert_eq!(
        (again.state, again.key, again.ever_attempted, again.high_water_mark),
        (State::Queued, id(901), false, None)
    );
}

#[test]
fn new_tickets_that_look_the_same_are_sent_one_by_one() {
    let fixture = fixture();
    let (first, second) = (fixture.create(10), fixture.create(20));
    let [first, second] = [first, second].map(|ticket| fixture.operation(fixture.thread(ticket)[0].0).unwrap());
    assert_eq!(next(&fixture).step, Some(Step::Send(first.id)));
    assert!(fixture.store.begin_attempt(&first, b"{}", 0).unwrap());
    let later = Wait { start: NOW, length: Duration::from_secs(6), server_imposed: false };
    fixture.put(&first, State::Checking(later));
    // Any ticket with this fingerprint that a list shows now is the first. The second waits.
    assert_eq!(next(&fixture), Next { step: None, wake_in: Some(later.length) });
    // It also waits while only the user can decide about the first.
    fixture.put(&first, State::MayHaveBeenSent);
    assert_eq!(next(&fixture).step, None);
    // The first is certainly not on the server, so the second cannot be taken for it.
    fixture.put(&first, State::Waiting(later));
    assert_eq!(next(&fixture).step, Some(Step::Send(second.id)));
}

#[test]
fn a_new_ticket_waits_until_the_user_says_what_becomes_of_one_that_looks_the_same_and_was_copied() {
    let fixture = fixture();
    let first = fixture.create(10);
    move_to_another_phone(&fixture);
    let second = fixture.create(20);
    let [asked, waiting] = [first, second].map(|ticket| fixture.operation(fixture.thread(ticket)[0].0).unwrap());
    assert_eq!(next(&fixture).step, None, "the first phone may have sent the first ticket");
    fixture.store.discard(asked.message.unwrap(), &DraftId("spare".to_owned())).unwrap();
    assert_eq!(next(&fixture).step, Some(Step::Send(waiting.id)));
}

#[test]
fn the_first_of_two_that_look_the_same_is_the_first_that_was_made() {
    let fixture = fixture();
    let tickets = [fixture.create(10), fixture.create(20)];
    move_to_another_phone(&fixture);
    // Lists show the newest ticket first.
    page(&fixture, &[remote(701, 0), remote(700, 0)]);
    let numbers = tickets.map(|ticket| fixture.store.ticket(ticket).unwrap().row.number);
    assert_eq!(numbers, [Some(TicketNumber(700)), Some(TicketNumber(701))]);
}

/// Gives the ticket's description a file. Lists do not show files.
fn give_a_file(fixture: &Fixture, ticket: TicketId) {
    let file = "UPDATE messages SET attachments = '[{\"name\":\"Beleg.pdf\",\"content_type\":\"\",\"size\":9}]'
                WHERE ticket = ?1";
    fixture.store.write(Priority::User, |edit| Ok(edit.tx.execute(file, [ticket.0])?)).unwrap();
}

/// Opens the account's file as a copy on another device.
fn move_to_another_phone(fixture: &Fixture) {
    fixture.store.bind_installation("Adas Telefon", NOW).unwrap();
    fixture.store.bind_installation("Adas neues Telefon", NOW).unwrap();
}

#[test]
fn nobody_guesses_which_of_two_restored_tickets_had_the_file() {
    for with_file in [false, true] {
        let fixture = fixture();
        let tickets = [fixture.create(10), fixture.create(20)];
        if with_file {
            give_a_file(&fixture, tickets[0]);
        }
        move_to_another_phone(&fixture);
        page(&fixture, &[remote(700, 0)]);
        let number = |ticket| fixture.store.ticket(ticket).unwrap().row.number;
        assert_eq!(number(tickets[0]).is_none(), with_file);
        assert_eq!(number(tickets[1]), None);
        assert_eq!(fixture.store.history(None, 10).unwrap().total, if with_file { 3 } else { 2 });
    }
}

#[test]
fn nobody_guesses_later_either() {
    let fixture = fixture();
    let tickets = [fixture.create(10), fixture.create(20)];
    let description = fixture.thread(tickets[0])[0].0;
    give_a_file(&fixture, tickets[0]);
    fixture.attempt(description);
    move_to_another_phone(&fixture);
    let none_has_a_number = || tickets.iter().all(|ticket| fixture.store.ticket(*ticket).unwrap().row.number.is_none());
    // A ticket that turns up while the first one is checked becomes a ticket of its own.
    fixture.store.apply_created(&[remote(700, 0)], SEEN).unwrap();
    assert!(none_has_a_number());
    assert_eq!(fixture.store.history(None, 10).unwrap().total, 3);
    // So does another one that turns up after the check, when the user has been asked about both. The first phone may have
    // sent it.
    let at = ClockReading { device: NOW, server: Some(NOW.plus(Duration::from_hours(1))) };
    let checked = fixture.operation(description).unwrap();
    let missed = |operation: &Operation, _: &[Operation]| {
        let looked_for = Operation { empty_reads: 1, first_missed_at: Some(NOW), ..operation.clone() };
        let look = Look::Missed { unexplained: false };
        crate::outbox::after_check(&looked_for, look, at, fixture.store.product.consistency, Chance::NONE)
    };
    fixture.store.decide(checked.id, missed).unwrap();
    assert!(matches!(fixture.operation(description).unwrap().state, State::NeedsUser(_)));
    page(&fixture, &[remote(701, 0)]);
    assert!(none_has_a_number());
    assert_eq!(fixture.store.history(None, 10).unwrap().total, 4);
}

#[test]
fn what_was_sent_from_here_comes_before_what_another_device_may_have_sent() {
    let fixture = fixture();
    let copied = fixture.create(10);
    give_a_file(&fixture, copied);
    move_to_another_phone(&fixture);
    fixture.store.retry(fixture.thread(copied)[0].0, NOW).unwrap();
    let sent = fixture.create(20);
    fixture.ambiguous(&fixture.attempt(fixture.thread(sent)[0].0));
    page(&fixture, &[remote(700, 0)]);
    assert_eq!(fixture.store.ticket(sent).unwrap().row.number, Some(TicketNumber(700)));
    assert_eq!(fixture.store.ticket(copied).unwrap().row.number, None);
}
