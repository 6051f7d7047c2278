//! Odd answers: what the user wrote stays, and is neither doubled nor lost, whatever the server makes of it.

use crate::model::{Chance, Failure, Reached, Reason, Trouble};
use crate::outbox::{self, Look};
use crate::store::tests::*;

/// A read at a time when everything is in every answer.
fn read_late(fixture: &Fixture, ticket: TicketId, comments: &[RemoteComment]) -> Vec<outbox::Settlement> {
    let of = fixture.store.thread_due(ticket).unwrap().unwrap().of;
    let seen = Observation { at: NOW.plus(fixture.store.visible_after()), ..SEEN };
    fixture.store.apply_thread(&ReadThread { ticket, of, comments, people: &[], seen }).unwrap()
}

/// Looks for an ambiguous message until nothing is to be found any more.
fn check_to_the_end(fixture: &Fixture, message: MessageId) {
    for hours in 0..2 {
        let at = ClockReading { device: NOW.plus(Duration::from_hours(hours)), server: None };
        let operation = fixture.operation(message).unwrap();
        let unexplained = fixture.store.has_unexplained_comment(&operation).unwrap();
        let check = |operation: &Operation, _: &[Operation]| {
            let consistency = fixture.store.product.consistency;
            outbox::after_check(operation, Look::Missed { unexplained }, at, consistency, Chance::NONE)
        };
        fixture.store.decide(operation.id, check).unwrap();
    }
}

#[test]
fn a_lost_answer_is_found_although_the_server_changed_the_text() {
    let long = "Sehr geehrte Damen und Herren, ".repeat(3_000);
    let cut: String = long.chars().take(64 * 1_024).collect();
    for (ours, theirs) in [
        ("**bitte** lesen:\n* eins\n* zwei", "bitte lesen:\neins\nzwei"),
        ("A < B & C", "A &lt; B &amp; C"),
        ("zu   viele  Leerzeichen", "zu viele Leerzeichen"),
        ("eins\n\n\n\nzwei", "eins\n\nzwei"),
        ("Danke! 🎉", "Danke! "),
        (&*long, &*cut),
        ("vor\0nach", "vornach"),
    ] {
        let fixture = fixture();
        let ticket = fixture.known();
        let message = fixture.reply(ticket, 20, ours);
        let operation = fixture.attempt(message);
        fixture.ambiguous(&operation);
        let settled = fixture.read_and_settle(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, theirs)]);
        let by = Evidence::Comment(CommentId(5));
        assert_eq!(settled, [outbox::Settlement { operation: operation.id, by }], "{theirs:.40}");
        assert!(fixture.operation(message).is_none());
        assert_eq!(fixture.thread(ticket).len(), 2, "one row: {theirs:.40}");
    }
}

#[test]
fn an_answer_by_mail_and_an_attempt_that_never_arrived_are_both_kept() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "Das Geld ist da, danke! 🎉");
    fixture.ambiguous(&fixture.attempt(message));
    let by_mail = [comment(1, ME, "Guten Tag"), comment(5, ME, "Können Sie bitte noch einmal nachsehen?")];
    fixture.read(ticket, &by_mail);
    check_to_the_end(&fixture, message);
    let shown: Vec<_> = fixture.thread(ticket).into_iter().map(|(_, body, delivery)| (body, delivery)).collect();
    assert_eq!(shown[1], ("Können Sie bitte noch einmal nachsehen?".to_owned(), Delivery::Sent));
    assert_eq!(shown[2], ("Das Geld ist da, danke! 🎉".to_owned(), Delivery::MayHaveBeenSent));
    // The user knows what the mail was, and sends the message again.
    fixture.store.retry(message, NOW).unwrap();
    check_to_the_end(&fixture, message);
    assert_eq!(fixture.operation(message).unwrap().state, State::Queued);
    // Somebody writes by mail again: this one was not there when the user decided.
    fixture.ambiguous(&fixture.attempt(message));
    fixture.read(ticket, &[by_mail.as_slice(), &[comment(9, ME, "Noch etwas.")]].concat());
    check_to_the_end(&fixture, message);
    assert_eq!(fixture.operation(message).unwrap().state, State::MayHaveBeenSent);
    // Whatever the user decides, nothing is lost.
    fixture.store.discard(message, &DraftId("spare".to_owned())).unwrap();
    assert_eq!(fixture.store.reply_draft(ticket).unwrap().unwrap().body, "Das Geld ist da, danke! 🎉");
}

#[test]
fn what_was_written_on_this_device_is_never_unexplained() {
    let fixture = fixture();
    let ticket = fixture.known();
    let first = fixture.reply(ticket, 20, "eins");
    fixture.store.settle_reply(&fixture.attempt(first), &remote(500, 11), NOW).unwrap();
    let second = fixture.reply(ticket, 30, "zwei");
    fixture.ambiguous(&fixture.attempt(second));
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "eins")]);
    check_to_the_end(&fixture, second);
    assert_eq!(fixture.operation(second).unwrap().state, State::Queued, "comment 5 is the first reply");
}

#[test]
fn a_confirmed_reply_that_no_reading_shows_stays_until_it_turns_up_or_the_user_removes_it() {
    for turns_up in [true, false] {
        let fixture = fixture();
        let ticket = fixture.known();
        let message = fixture.reply(ticket, 20, "Mein Passwort ist …");
        let operation = fixture.attempt(message);
        fixture.store.settle_reply(&operation, &remote(500, 11), NOW).unwrap();
        fixture.put(&fixture.operation(message).unwrap(), State::NotShown);
        let later = fixture.reply(ticket, 30, "Und noch etwas.");
        let next = outbox::next(&fixture.store.operations().unwrap(), NOW);
        assert_eq!(next.step, Some(outbox::Step::Send(fixture.operation(later).unwrap().id)), "it blocks nothing");
        let shown = fixture.store.thread(ticket, None, 10).unwrap().messages.remove(1);
        assert_eq!((shown.body.as_str(), &shown.delivery), ("Mein Passwort ist …", &Delivery::NotShown));
        assert!(shown.can_discard && !shown.can_retry && !shown.can_edit);
        let row = fixture.store.ticket(ticket).unwrap().row;
        assert_eq!((row.waiting, row.needs_user), (1, false), "only the later one waits");
        assert_eq!(fixture.store.unsent().unwrap().messages, 2, "its only copy is here");
        if turns_up {
            read_late(&fixture, ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "Mein Passwort ist …")]);
            assert_eq!(fixture.thread(ticket)[1].2, Delivery::Sent);
            assert!(fixture.operation(message).is_none());
        } else {
            fixture.store.discard(message, &DraftId("spare".to_owned())).unwrap();
            assert_eq!(fixture.store.reply_draft(ticket).unwrap().unwrap().body, "Mein Passwort ist …");
            assert_eq!(fixture.reply(ticket, 20, "Mein Passwort ist …"), message, "its draft was sent once");
        }
    }
}

#[test]
fn a_message_that_the_help_desk_does_not_show_can_be_removed_for_good() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "Meine Kontonummer ist …");
    assert_eq!(fixture.store.remove(message), Err(StoreError::NotPossibleNow), "it can still be sent");
    let operation = fixture.attempt(message);
    fixture.store.settle_reply(&operation, &remote(500, 11), NOW).unwrap();
    fixture.put(&fixture.operation(message).unwrap(), State::NotShown);
    fixture.store.remove(message).unwrap();
    assert_eq!(fixture.thread(ticket).len(), 1, "only the description is left");
    assert_eq!(fixture.store.reply_draft(ticket).unwrap(), None);
    assert_eq!(fixture.store.unsent().unwrap().messages, 0);
    assert_eq!(fixture.store.remove(message), Err(StoreError::NotPossibleNow), "it is gone");
}

#[test]
fn solving_is_offered_only_where_the_server_allows_it_and_a_refused_one_holds_up_nothing() {
    let fixture = fixture();
    let ticket = fixture.known();
    let can_solve = || fixture.store.ticket(ticket).unwrap().can_solve;
    let offered = fixture.store.product.solve;
    assert_eq!(can_solve(), offered, "the server does not say");
    for (says, minutes) in [(Some(false), 11), (Some(true), 12), (Some(false), 12), (None, 13)] {
        fixture.store.apply_ticket(&RemoteTicket { can_solve: says, ..remote(500, minutes) }, SEEN).unwrap();
        assert_eq!(can_solve(), offered && says != Some(false), "{says:?}");
    }
    fixture.store.change(ticket, &solve(id(60))).unwrap();
    assert!(!can_solve(), "it is being solved");
    let reply = fixture.reply(ticket, 20, "Trotzdem danke!");
    let solve = fixture.store.operations().unwrap().remove(0);
    let refused = Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: Some("Nein".to_owned()) });
    assert!(fixture.store.begin_attempt(&solve, b"{}", 0).unwrap());
    let spare = (id(901), id(902));
    let refuse =
        |row: &Operation, all: &[Operation]| outbox::after_attempt(row, all, &refused, NOW, spare, Chance::NONE);
    fixture.store.decide(solve.id, refuse).unwrap();
    let next = outbox::next(&fixture.store.operations().unwrap(), NOW);
    assert_eq!(next.step, Some(outbox::Step::Send(fixture.operation(reply).unwrap().id)));
}

#[test]
fn people_who_were_put_in_copy_elsewhere_are_shown_and_leave_with_their_ticket() {
    let fixture = fixture();
    let ticket = fixture.known();
    let jo = PersonId(88);
    let name = "INSERT INTO people (id, name, agent) VALUES (88, 'Jörg Müller 🧾', 0)";
    fixture.store.write(Priority::Sync, |edit| Ok(edit.tx.execute(name, [])?)).unwrap();
    let cc = vec![jo, ME, PersonId(99)];
    fixture.store.apply_ticket(&RemoteTicket { cc, ..remote(500, 11) }, SEEN).unwrap();
    assert_eq!(
        fixture.store.ticket(ticket).unwrap().cc,
        ["Jörg Müller 🧾"],
        "not this user, and nobody without a name"
    );
    fixture.store.revoke(ticket, silent(NOW)).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().cc, Vec::<String>::new());
    let names = "SELECT count(*) FROM people WHERE id = 88";
    let left: i64 = fixture.store.read(|db| Ok(db.query_row(names, [], |row| row.get(0))?)).unwrap();
    assert_eq!(left, 0, "the name is shown nowhere else");
}

#[test]
fn who_was_put_in_copy_here_is_shown_once_by_address() {
    let fixture = fixture();
    let ticket = fixture.known();
    let people = "INSERT INTO people (id, name, agent) VALUES (89, 'Bücher', 0), (88, 'Clara Soto', 0)";
    let copied = "UPDATE tickets SET cc = '[\"bücher@reisen.example\"]'";
    fixture
        .store
        .write(Priority::Sync, |edit| Ok(edit.tx.execute(people, [])? + edit.tx.execute(copied, [])?))
        .unwrap();
    let cc = vec![PersonId(88), PersonId(89)];
    fixture.store.apply_ticket(&RemoteTicket { cc, ..remote(500, 11) }, SEEN).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().cc, ["bücher@reisen.example", "Clara Soto"]);
}

#[test]
fn a_comment_that_was_too_large_to_keep_says_so() {
    let fixture = fixture();
    let ticket = fixture.known();
    let long = RemoteComment { shortened: true, ..comment(2, AGENT, "Anfang …") };
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), long]);
    let shortened =
        || fixture.store.thread(ticket, None, 10).unwrap().messages.iter().map(|m| m.shortened).collect::<Vec<_>>();
    assert_eq!(shortened(), [false, true]);
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Anfang …")]);
    assert_eq!(shortened(), [false, false], "the server has cut it itself since");
}

#[test]
fn a_refusal_and_its_words_survive_a_restart() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "DROP TABLE tickets; --");
    let operation = fixture.attempt(message);
    let refused = Failure::Unexplained { server_message: Some("Request blocked".to_owned()) };
    let spare = (id(901), id(902));
    let refuse =
        |row: &Operation, all: &[Operation]| outbox::after_attempt(row, all, &refused, NOW, spare, Chance::NONE);
    fixture.store.decide(operation.id, refuse).unwrap();
    fixture.store.close();
    let store = open_in(fixture.folder.path(), "ada", "https://desk.example/").unwrap();
    let row = store.operations().unwrap().remove(0);
    assert_eq!((row.refusals, row.refusal.as_deref()), (1, Some("Request blocked")));
    assert!(matches!(row.state, State::Checking(_)));
}

#[test]
fn a_busy_server_is_told_to_the_user_who_may_ask_it_once_a_minute() {
    let day = Duration::from_hours(24);
    for reached in [Reached::No, Reached::Maybe] {
        let fixture = fixture();
        let ticket = fixture.known();
        let message = fixture.reply(ticket, 20, "Wann kommt die Gutschrift?");
        assert_eq!(fixture.store.overview().unwrap().imposed_until, None);
        let operation = fixture.attempt(message);
        let failure = Failure::TryAgain { trouble: Trouble::Busy, after: Some(day), reached };
        let after = |operation: &Operation, all: &[Operation]| {
            outbox::after_attempt(operation, all, &failure, NOW, (Uuid::from_u128(1), Uuid::from_u128(2)), Chance::NONE)
        };
        fixture.store.decide(operation.id, after).unwrap();
        assert_eq!(fixture.store.overview().unwrap().imposed_until, Some(NOW.plus(day)), "{reached:?}");
        let step = |now| outbox::next(&fixture.store.operations().unwrap(), now).step;
        for (seconds, due) in [(59, false), (60, true)] {
            let now = NOW.plus(Duration::from_secs(seconds));
            fixture.store.end_waits(outbox::EndWaits::Asked(now)).unwrap();
            assert_eq!(step(now).is_some(), due, "{reached:?} after {seconds} s");
        }
        assert_eq!(fixture.store.overview().unwrap().imposed_until, None);
    }
}
