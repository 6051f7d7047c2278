//! Matching: what the server shows is linked to the row of what the user wrote, and updates what the file contains.

use super::*;
use crate::model::{ASSIGNEE, FieldValue, Unreadable, VIA};

#[test]
fn a_pull_that_comes_before_the_answer_finds_the_row() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let description = fixture.thread(ticket)[0].0;
    fixture.attempt(description);
    // This server has no client references. Subject and description decide, in spite of other line breaks.
    page(&fixture, &[remote(700, 0)]);
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.number, Some(TicketNumber(700)));
    assert_eq!(fixture.store.history(None, 10).unwrap().total, 1);
    assert!(fixture.operation(description).is_none());
    fixture.read(ticket, &[comment(1, ME, "Guten Tag,\nsie fehlt.")]);
    assert_eq!(fixture.thread(ticket).len(), 1, "description and first comment are one row");
    assert_eq!(fixture.thread(ticket)[0].0, description);
}

#[test]
fn a_ticket_that_was_never_attempted_takes_no_number() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    page(&fixture, &[remote(700, 0)]);
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.number, None);
    assert_eq!(fixture.store.history(None, 10).unwrap().total, 2);
}

#[test]
fn equal_replies_take_one_comment_each() {
    let fixture = fixture();
    let ticket = fixture.known();
    let (first, second) = (fixture.reply(ticket, 20, "ok"), fixture.reply(ticket, 30, "ok"));
    let operation = fixture.attempt(first);
    fixture.ambiguous(&operation);
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "ok")]);
    assert!(fixture.operation(first).is_none(), "the first has arrived");
    assert_eq!(fixture.operation(second).unwrap().state, State::Queued, "the second was never attempted");
    let operation = fixture.attempt(second);
    fixture.ambiguous(&operation);
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "ok")]);
    assert!(fixture.operation(second).is_some(), "that comment belongs to the first");
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "ok"), comment(8, ME, "ok")]);
    assert!(fixture.operation(second).is_none());
    assert_eq!(fixture.thread(ticket).len(), 3);
}

#[test]
fn a_reply_stands_behind_the_one_that_was_sent_before_it() {
    let fixture = fixture();
    let ticket = fixture.known();
    let first = fixture.reply(ticket, 20, "Die Rechnung ist da.");
    fixture.store.settle_reply(&fixture.attempt(first), &remote(500, 11), NOW).unwrap();
    let second = fixture.reply(ticket, 30, "Danke! 🎉");
    fixture.ambiguous(&fixture.attempt(second));
    // An equal comment was written before on another device. Ours did not arrive.
    let mut comments =
        vec![comment(1, ME, "Guten Tag"), comment(5, ME, "Danke! 🎉"), comment(6, ME, "Die Rechnung ist da.")];
    fixture.read(ticket, &comments);
    assert!(fixture.operation(second).is_some(), "not the comment that precedes the first reply's");
    comments.push(comment(7, ME, "Danke! 🎉"));
    fixture.read(ticket, &comments);
    let shown: Vec<_> = fixture.thread(ticket).into_iter().map(|(message, ..)| message).collect();
    assert_eq!((shown.len(), shown[2], shown[3]), (4, first, second));
}

#[test]
fn an_older_comment_with_the_same_text_proves_nothing() {
    let fixture = fixture();
    let ticket = fixture.known();
    let thread = [comment(1, ME, "Guten Tag"), comment(5, ME, "Gibt es etwas Neues?")];
    fixture.read(ticket, &thread);
    let message = fixture.reply(ticket, 20, "Gibt es etwas Neues?");
    let operation = fixture.attempt(message);
    fixture.ambiguous(&operation);
    fixture.read(ticket, &thread);
    assert!(fixture.operation(message).is_some());
}

#[test]
fn a_confirmed_reply_whose_text_the_server_changed_is_still_one_row() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "siehe **hier**");
    let operation = fixture.attempt(message);
    fixture.store.settle_reply(&operation, &remote(500, 11), NOW).unwrap();
    let comments = vec![comment(1, ME, "Guten Tag"), comment(5, ME, "siehe hier")];
    fixture.read(ticket, &comments);
    assert_eq!(fixture.thread(ticket).len(), 2, "the read is not sure, so the comment may be another one");
    let of = fixture.store.thread_due(ticket).unwrap().unwrap().of;
    let seen = Observation { at: NOW.plus(fixture.store.visible_after()), ..SEEN };
    let thread = RemoteThread { comments, ..RemoteThread::default() };
    fixture
        .store
        .apply_thread(&ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen })
        .unwrap();
    let thread = fixture.thread(ticket);
    assert_eq!(thread.len(), 2);
    assert_eq!((thread[1].0, thread[1].2.clone()), (message, Delivery::Sent));
    assert!(fixture.operation(message).is_none());
}

#[test]
fn the_newest_comment_is_hidden_too_once_a_reading_is_late_enough() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Nur für intern!")]);
    fixture.read(ticket, &[comment(1, ME, "Guten Tag")]);
    assert_eq!(fixture.thread(ticket).len(), 2, "the read may be stale");
    let of = fixture.store.thread_due(ticket).unwrap().unwrap().of;
    let seen = Observation { at: NOW.plus(fixture.store.visible_after()), ..SEEN };
    let thread = RemoteThread { comments: vec![comment(1, ME, "Guten Tag")], ..RemoteThread::default() };
    fixture
        .store
        .apply_thread(&ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen })
        .unwrap();
    assert_eq!(fixture.thread(ticket).len(), 1);
}

#[test]
fn a_later_update_anywhere_shows_how_late_a_reading_is_where_the_server_tells_no_time() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Nur für intern!")]);
    // The other ticket was updated half a minute later, by a clock that is a little ahead of the device's.
    let minute = NOW.plus(Duration::from_mins(11));
    let seen = Observation { at: minute.plus(Duration::from_secs(10)), ..SEEN };
    let later = RemoteTicket { updated_at: minute.plus(Duration::from_secs(30)), ..remote(501, 11) };
    for update in [RemoteTicket { subject: "Auszahlung fehlt noch".to_owned(), ..remote(500, 11) }, later] {
        fixture.store.apply_ticket(&update, seen).unwrap();
    }
    let of = fixture.store.thread_due(ticket).unwrap().unwrap().of;
    let thread = RemoteThread { comments: vec![comment(1, ME, "Guten Tag")], ..RemoteThread::default() };
    fixture
        .store
        .apply_thread(&ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen })
        .unwrap();
    assert_eq!(fixture.thread(ticket).len(), 1, "the read is sure, so the comment was hidden");
    let due = fixture.store.threads_due(fixture.store.product.thread_policy, seen.at, 10).unwrap();
    assert!(due.iter().all(|due| due.ticket != ticket));
}

#[test]
fn a_reading_right_after_a_change_is_too_early_however_old_the_ticket_is() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.store.change(ticket, &solve(id(61))).unwrap();
    let operation = fixture.store.operations().unwrap().remove(0);
    let later = NOW.plus(Duration::from_hours(1));
    fixture.store.settle_change(&operation, &remote(500, 12), Evidence::Answer, later).unwrap();
    let of = fixture.store.thread_due(ticket).unwrap().unwrap().of;
    let thread = RemoteThread { comments: vec![comment(1, ME, "Guten Tag")], ..RemoteThread::default() };
    fixture
        .store
        .apply_thread(&ReadThread {
            ticket,
            of,
            comments: &thread.comments,
            people: &thread.people,
            seen: Observation { at: later, ..SEEN },
        })
        .unwrap();
    let due_in = fixture.store.threads_due_in(fixture.store.product.thread_policy, later).unwrap();
    assert_eq!(due_in, Some(fixture.store.visible_after()), "the read may have been stale");
}

#[test]
fn a_stale_read_takes_nothing_away() {
    let fixture = fixture();
    let ticket = fixture.known();
    let all = [comment(1, ME, "Guten Tag"), comment(2, AGENT, "Wir prüfen das."), comment(3, AGENT, "Erledigt.")];
    fixture.read(ticket, &all);
    fixture.read(ticket, &all[..2]);
    assert_eq!(fixture.thread(ticket).len(), 3);
    // A read that is certainly newer does not contain the second comment: it was hidden.
    fixture.read(ticket, &[all[0].clone(), all[2].clone()]);
    assert_eq!(fixture.thread(ticket).len(), 2);
    // An older answer about the ticket changes nothing either.
    fixture.store.apply_ticket(&RemoteTicket { status: ServerStatus::Solved, ..remote(500, 9) }, SEEN).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.status.id.unwrap().0, "pending");
}

#[test]
fn an_edited_comment_takes_its_new_text() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Ihr Passwort ist 1234")]);
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Ihr Passwort ist ▇▇▇▇")]);
    assert_eq!(fixture.thread(ticket)[1].1, "Ihr Passwort ist ▇▇▇▇");
}

#[test]
fn unread_and_last_activity_come_from_what_a_user_can_see() {
    let fixture = fixture();
    let ticket = fixture.known();
    let row = |store: &Store| store.ticket(ticket).unwrap().row;
    fixture.store.mark_thread_opened(ticket).unwrap();
    let before = row(&fixture.store);
    // A private note changes the ticket's own time, and nothing else.
    fixture.store.apply_ticket(&remote(500, 20), SEEN).unwrap();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag")]);
    assert_eq!(row(&fixture.store), before);
    // The user's own comment from another device is no news.
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, ME, "Nachtrag")]);
    assert!(!row(&fixture.store).unread);
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, ME, "Nachtrag"), comment(9, AGENT, "Danke")]);
    assert!(row(&fixture.store).unread);
    assert_eq!(row(&fixture.store).last_activity_at, Timestamp(NOW.0 + 9_000));
    fixture.store.mark_thread_opened(ticket).unwrap();
    assert!(!row(&fixture.store).unread);
    // The server waits for the user: that is news even without a comment.
    fixture.store.apply_ticket(&RemoteTicket { status: ServerStatus::Pending, ..remote(500, 30) }, SEEN).unwrap();
    assert_eq!(
        (row(&fixture.store).unread, row(&fixture.store).status.id.unwrap().0),
        (true, "awaiting_reply".to_owned())
    );
}

#[test]
fn a_thread_that_was_read_too_early_is_read_once_more() {
    let fixture = fixture();
    let ticket = fixture.known();
    let policy = Product::built_in().unwrap().thread_policy;
    let late = NOW.plus(fixture.store.visible_after());
    let due = |now| fixture.store.threads_due(policy, now, 10).unwrap().len();
    assert_eq!((due(NOW), due(late)), (0, 1), "the first read may have been stale");
    assert_eq!(fixture.store.threads_due_in(policy, NOW).unwrap(), Some(fixture.store.visible_after()));
    let thread = RemoteThread { comments: vec![comment(1, ME, "Guten Tag")], ..RemoteThread::default() };
    let of = fixture.store.thread_due(ticket).unwrap().unwrap().of;
    let seen = Observation { by: ME, at: late, server: None, open_thread: None };
    fixture
        .store
        .apply_thread(&ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen })
        .unwrap();
    assert_eq!((due(late), fixture.store.threads_due_in(policy, late).unwrap()), (0, None));
    // The ticket changes again within the same second of the server's clock.
    fixture.store.apply_ticket(&RemoteTicket { status: ServerStatus::Solved, ..remote(500, 10) }, seen).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.status.id.unwrap().0, "solved");
    assert_eq!(due(late), 1);
}

#[test]
fn an_update_in_the_future_tells_nothing_about_the_clock_of_a_server_without_time() {
    let fixture = fixture();
    let list = TicketList("own".to_owned());
    let odd = RemoteTicket { updated_at: Timestamp(4_102_444_800_000), ..remote(501, 10) };
    let page = PulledPage { list: &list, tickets: &[odd], step: PageStep::Incremental, seen: SEEN };
    fixture.store.apply_page(&page).unwrap();
    let ticket = fixture.known();
    let policy = Product::built_in().unwrap().thread_policy;
    let late = NOW.plus(fixture.store.visible_after());
    let due = fixture.store.threads_due(policy, late, 10).unwrap();
    assert!(due.iter().any(|thread| thread.ticket == ticket), "the first read may have been stale");
}

#[test]
fn no_jump_of_the_devices_clock_makes_an_early_reading_sure() {
    let fixture = fixture();
    let ticket = fixture.known();
    let policy = Product::built_in().unwrap().thread_policy;
    let update = remote(500, 10).updated_at;
    let read = |device: Timestamp, server: Timestamp| {
        let thread = RemoteThread { comments: vec![comment(1, ME, "Guten Tag")], ..RemoteThread::default() };
        let seen = Observation { by: ME, at: device, server: Some(server), open_thread: None };
        fixture
            .store
            .apply_thread(&ReadThread { ticket, of: update, comments: &thread.comments, people: &thread.people, seen })
            .unwrap();
        // The threads that are due an hour later by the device's clock.
        fixture.store.threads_due(policy, device.plus(Duration::from_hours(1)), 10).unwrap().len()
    };
    let ten_years = Duration::from_hours(24 * 3_650);
    assert_eq!(read(NOW.plus(ten_years), update), 1, "the device's clock jumped forward, the server's did not");
    assert_eq!(read(NOW.minus(ten_years), update.plus(Duration::from_secs(1))), 1, "the device's clock jumped back");
    assert_eq!(read(NOW, update.plus(fixture.store.visible_after())), 0, "late enough by the server's clock");
}

#[test]
fn a_revoked_ticket_leaves_the_file() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "GEHEIMNIS-4711 für Sie")]);
    let unsent = fixture.reply(ticket, 20, "noch nicht gesendet");
    let draft = ReplyDraft::plain(DraftId("d".to_owned()), ticket, "halb getippt");
    fixture.store.save_reply_draft(&draft).unwrap();
    fixture.store.revoke(ticket, silent(NOW)).unwrap();
    let head = fixture.store.ticket(ticket).unwrap();
    assert_eq!((head.row.visible, head.row.subject.as_str(), head.can_reply), (false, "", false));
    assert_eq!(head.row.number, Some(TicketNumber(500)));
    assert_eq!(fixture.thread(ticket).iter().map(|message| message.0).collect::<Vec<_>>(), [unsent]);
    assert_eq!(fixture.store.reply_draft(ticket).unwrap(), Some(draft));
    for entry in fs::read_dir(file_of(fixture.folder.path(), "ada").parent().unwrap()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(14).any(|window| window == b"GEHEIMNIS-4711"));
        assert!(!bytes.windows(9).any(|window| window == b"Marta Fel"));
    }
}

#[test]
fn the_name_of_the_agent_to_whom_a_revoked_ticket_was_assigned_leaves_the_file_with_its_last_ticket() {
    let fixture = fixture();
    let agent = PersonId(4_711);
    let assigned = |number| RemoteTicket {
        fields: [
            (ASSIGNEE.to_owned(), FieldValue::Person(agent)),
            (VIA.to_owned(), FieldValue::Text("kanal_nordlicht".to_owned())),
        ]
        .into(),
        ..remote(number, 1)
    };
    let (list, tickets) = (TicketList("own".to_owned()), [assigned(500), assigned(501)]);
    let named = RemotePerson { id: agent, name: "Jörg Größenwahn".to_owned(), agent: true, photo: None };
    let pulled = PulledPage { list: &list, tickets: &tickets, step: PageStep::Incremental, seen: SEEN };
    fixture.store.apply_page_with(&pulled, &Unreadable::default(), &[named]).unwrap();
    let id = |number| fixture.store.ticket_by_number(TicketNumber(number)).unwrap().unwrap();
    fixture.store.revoke(id(500), silent(NOW)).unwrap();
    assert_eq!(fixture.store.name_of(agent).unwrap().as_deref(), Some("Jörg Größenwahn"), "another ticket shows it");
    fixture.store.revoke(id(501), silent(NOW)).unwrap();
    assert_eq!(fixture.store.name_of(agent).unwrap(), None);
    for entry in fs::read_dir(file_of(fixture.folder.path(), "ada").parent().unwrap()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for gone in ["Größenwahn", "kanal_nordlicht"] {
            assert!(!bytes.windows(gone.len()).any(|window| window == gone.as_bytes()), "{gone}");
        }
    }
}
