//! What the user wrote is kept, whatever ticket or comment of the server it could be mistaken for.

mod anonymous;
mod answers;
mod extras;
mod room;

use super::*;
use crate::model::Attachment;
use crate::store::reconcile::read_marks::put_mark;

fn numbered(fixture: &Fixture, number: i64) -> TicketId {
    fixture.store.ticket_by_number(TicketNumber(number)).unwrap().unwrap()
}

#[test]
fn an_older_ticket_of_the_same_text_is_not_taken_for_the_new_one() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let description = fixture.thread(ticket)[0].0;
    let operation = fixture.operation(description).unwrap();
    // Before the first sync the file contains no ticket. The server was asked for its newest number, which is 650.
    assert!(fixture.store.begin_attempt(&operation, b"{}", 650).unwrap());
    fixture.ambiguous(&operation);
    page(&fixture, &[remote(640, 0)]);
    fixture.store.apply_created(&[remote(650, 0)], SEEN).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.number, None, "the ticket is not above the high-water mark");
    fixture.store.apply_created(&[remote(651, 0)], SEEN).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.number, Some(TicketNumber(651)));
    // Once tickets are known, the newest of them is the high-water mark.
    let second = fixture.create(20);
    let operation = fixture.attempt(fixture.thread(second)[0].0);
    fixture.ambiguous(&operation);
    page(&fixture, &[remote(600, 0)]);
    assert_eq!(fixture.store.ticket(second).unwrap().row.number, None);
}

#[test]
fn what_was_written_in_a_ticket_that_turned_out_to_be_ours_stays() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let operation = fixture.attempt(fixture.thread(ticket)[0].0);
    fixture.ambiguous(&operation);
    // The server changed the subject, so the pull cannot recognise the ticket.
    page(&fixture, &[RemoteTicket { subject: "[Extern] Auszahlung".to_owned(), ..remote(700, 0) }]);
    let other = numbered(&fixture, 700);
    assert_ne!(other, ticket);
    fixture.read(other, &[comment(1, ME, "Guten Tag, sie fehlt"), comment(2, AGENT, "Wir prüfen das.")]);
    let reply = fixture.reply(other, 20, "Danke! 🙏");
    let draft = ReplyDraft::plain(DraftId("d".to_owned()), other, "halb getippt");
    fixture.store.save_reply_draft(&draft).unwrap();
    // The next attempt has the same key, and the server answers with the ticket that the first attempt created.
    fixture.store.settle_create(&operation, &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    let texts = |fixture: &Fixture| fixture.thread(ticket).into_iter().map(|message| message.1).collect::<Vec<_>>();
    assert_eq!(texts(&fixture), ["Guten Tag,\nsie fehlt.", "Wir prüfen das.", "Danke! 🙏"]);
    assert_eq!(fixture.operation(reply).map(|operation| operation.ticket), Some(ticket));
    assert_eq!(fixture.store.reply_draft(ticket).unwrap(), Some(ReplyDraft { ticket, ..draft }));
    assert_eq!(fixture.store.ticket(other).err(), Some(StoreError::NoSuchTicket));
    fixture.read(ticket, &[comment(1, ME, "Guten Tag, sie fehlt"), comment(2, AGENT, "Wir prüfen das.")]);
    assert_eq!(texts(&fixture), ["Guten Tag, sie fehlt", "Wir prüfen das.", "Danke! 🙏"]);
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

#[test]
fn files_are_the_same_however_the_server_writes_their_names() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "siehe Anlagen");
    let file = |name: &str| Attachment { name: name.to_owned(), ..Attachment::default() };
    // The file picker gives names with separate accents. The server returns composed ones, in another order.
    let picked = serde_json::to_string(&[file("Beleg Ma\u{308}rz.pdf"), file("Anhang.png")]).unwrap();
    fixture
        .store
        .write(Priority::User, |edit| {
            Ok(edit.tx.execute("UPDATE messages SET attachments = ?1 WHERE id = ?2", (picked, message.0))?)
        })
        .unwrap();
    let operation = fixture.attempt(message);
    fixture.ambiguous(&operation);
    let attachments = vec![file("Anhang.png"), file("Beleg März.pdf")];
    let theirs = RemoteComment { attachments, ..comment(5, ME, "siehe Anlagen") };
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), theirs]);
    assert!(fixture.operation(message).is_none());
    assert_eq!(fixture.thread(ticket).len(), 2);
}

#[test]
fn a_discarded_ticket_gives_its_whole_text_back() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let typed = ReplyDraft::plain(DraftId("r".to_owned()), ticket, "PS: dringend");
    fixture.store.save_reply_draft(&typed).unwrap();
    let being_typed = TicketDraft {
        id: DraftId("n".to_owned()),
        subject: "Etwas anderes".to_owned(),
        issue_type: "content".to_owned(),
        cc: vec!["kasse@reisen.example".to_owned()],
        cc_entry: "halb ge".to_owned(),
        description: "Noch eine Frage".to_owned(),
        access: true,
        follows: None,
        name: String::new(),
        email: String::new(),
    };
    fixture.store.save_ticket_draft(&being_typed).unwrap();
    fixture.store.discard(fixture.thread(ticket)[0].0, &DraftId("spare".to_owned())).unwrap();
    let kept = fixture.store.ticket_draft().unwrap().unwrap();
    assert_eq!((kept.subject.as_str(), kept.cc_entry.as_str()), ("Etwas anderes", "halb ge"));
    assert_eq!(kept.cc, ["bücher@reisen.example", "kasse@reisen.example"]);
    let expected = "Noch eine Frage\n\nAuszahlung für März fehlt 🧾\n\nGuten Tag,\nsie fehlt.\n\nPS: dringend";
    assert_eq!(kept.description, expected);
    // If nothing else is being typed, the ticket becomes the draft again, unchanged.
    fixture.store.discard_draft(&kept.id).unwrap();
    let ticket = fixture.create(20);
    fixture.store.discard(fixture.thread(ticket)[0].0, &DraftId("spare".to_owned())).unwrap();
    let kept = fixture.store.ticket_draft().unwrap().unwrap();
    let expected = ("Auszahlung für März fehlt 🧾", "Guten Tag,\nsie fehlt.");
    assert_eq!((kept.subject.as_str(), kept.description.as_str()), expected);
}

#[test]
fn a_ticket_is_solved_again_after_the_reply_that_opens_it() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.store.change(ticket, &solve(id(60))).unwrap();
    fixture.store.change(ticket, &add_cc(&["kasse@reisen.example".to_owned()], id(61))).unwrap();
    fixture.store.change(ticket, &solve(id(62))).unwrap();
    fixture.reply(ticket, 20, "Doch noch eine Frage …");
    fixture.store.change(ticket, &solve(id(63))).unwrap();
    fixture.store.change(ticket, &solve(id(64))).unwrap();
    let kinds: Vec<Kind> = fixture.store.operations().unwrap().into_iter().map(|row| row.kind).collect();
    assert_eq!(
        kinds,
        [
            Kind::Change(ChangeKind::Solve),
            Kind::Change(ChangeKind::AddCc),
            Kind::Reply,
            Kind::Change(ChangeKind::Solve)
        ]
    );
}

#[test]
fn a_read_mark_that_moves_on_while_it_is_prepared_is_not_lost() {
    let fixture = fixture();
    let ticket = fixture.known();
    let mark =
        |fixture: &Fixture| fixture.store.operations().unwrap().into_iter().find(|row| row.kind == Kind::MarkRead);
    let share = |fixture: &Fixture| {
        fixture.store.write(Priority::User, |edit| put_mark(edit, ticket)).unwrap();
    };
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Hallo")]);
    share(&fixture);
    let prepared = mark(&fixture).unwrap();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Hallo"), comment(3, AGENT, "Erledigt.")]);
    share(&fixture);
    assert_eq!(fixture.store.begin_attempt(&prepared, b"up to 2", 0), Ok(false));
    let (write, earlier) = fixture.store.write_of(&mark(&fixture).unwrap()).unwrap();
    assert_eq!((write, earlier), (Some(Write::MarkRead { through: CommentId(3) }), None));
}

#[test]
fn a_comment_that_explains_nothing_yet_is_no_later_message() {
    let fixture = fixture();
    let ticket = fixture.known();
    let first = fixture.attempt(fixture.reply(ticket, 20, "Hallo, zusammen"));
    fixture.store.settle_reply(&first, &remote(500, 11), NOW).unwrap();
    // This comment was written on another device.
    let theirs = comment(2, ME, "Danke!");
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), theirs.clone()]);
    assert_eq!(fixture.thread(ticket).len(), 3, "it is shown, and the first reply stands behind it");
    let second = fixture.reply(ticket, 30, "Danke!");
    fixture.attempt(second);
    let ours = [comment(3, ME, "Hallo, zusammen"), comment(4, ME, "Danke!")];
    fixture.read(ticket, &[[comment(1, ME, "Guten Tag"), theirs].as_slice(), &ours].concat());
    let thread = fixture.thread(ticket);
    assert_eq!(thread.len(), 4);
    assert_eq!(thread[3].0, second, "after the reply that was written before it");
}

#[test]
fn a_thread_that_was_due_before_a_message_was_sent_does_not_explain_it() {
    let fixture = fixture();
    let ticket = fixture.known();
    let due = fixture.store.thread_due(ticket).unwrap().unwrap();
    let message = fixture.reply(ticket, 20, "Hallo, zusammen");
    let operation = fixture.attempt(message);
    fixture.store.settle_reply(&operation, &remote(500, 11), NOW).unwrap();
    // The comment was written on another device. The read is complete for the earlier update, but does not show the
    // message.
    let comments = vec![comment(1, ME, "Guten Tag"), comment(2, ME, "Danke!")];
    let thread = RemoteThread { comments, ..RemoteThread::default() };
    let seen = Observation { server: Some(due.of.plus(Duration::from_hours(1))), ..SEEN };
    fixture
        .store
        .apply_thread(&ReadThread { ticket, of: due.of, comments: &thread.comments, people: &thread.people, seen })
        .unwrap();
    let shown = fixture.thread(ticket).into_iter().find(|(id, ..)| *id == message).unwrap();
    assert_eq!(shown.1, "Hallo, zusammen");
}

#[test]
fn what_may_have_been_sent_is_checked_before_it_is_sent_again() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "Danke!");
    let operation = fixture.attempt(message);
    fixture.put(&operation, State::MayHaveBeenSent);
    fixture.store.retry(message, NOW).unwrap();
    assert!(matches!(fixture.operation(message).unwrap().state, State::Checking(_)));
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "Danke!")]);
    assert!(fixture.operation(message).is_none(), "the first attempt had arrived");
}

#[test]
fn a_second_tap_sends_nothing_after_the_server_took_the_first_message_away() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "Ist das Geld schon da? 💶");
    fixture.attempt(message);
    let theirs = comment(2, ME, "Ist das Geld schon da? 💶");
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), theirs]);
    assert!(fixture.operation(message).is_none(), "it was sent");
    // An agent hides the comment, and later the ticket is revoked. The message goes, but the record that it was sent stays.
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(3, AGENT, "Ja.")]);
    assert!(!fixture.thread(ticket).iter().any(|shown| shown.0 == message));
    assert_eq!(fixture.reply(ticket, 20, "Ist das Geld schon da? 💶"), message);
    fixture.store.revoke(ticket, silent(NOW)).unwrap();
    assert_eq!(fixture.reply(ticket, 20, "Ist das Geld schon da? 💶"), message);
    assert!(fixture.store.operations().unwrap().is_empty());
    // A reply that the user discards was not sent, so its draft id can be used again.
    let other = fixture.create(30);
    let taken_back = fixture.reply(other, 40, "Nachtrag");
    fixture.store.discard(taken_back, &DraftId("spare".to_owned())).unwrap();
    assert_ne!(fixture.reply(other, 40, "Nachtrag"), taken_back);
}

#[test]
fn a_reminder_of_a_ticket_that_turns_out_to_be_ones_own_stays() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let operation = fixture.attempt(fixture.thread(ticket)[0].0);
    fixture.ambiguous(&operation);
    page(&fixture, &[RemoteTicket { subject: "[Extern] Auszahlung".to_owned(), ..remote(700, 0) }]);
    fixture.store.mark_unread(numbered(&fixture, 700)).unwrap();
    fixture.store.settle_create(&operation, &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    let row = fixture.store.ticket(ticket).unwrap().row;
    assert_eq!((row.number, row.unread, row.reminder), (Some(TicketNumber(700)), true, true));
}

#[test]
fn files_of_two_drafts_that_become_one_stay() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let operation = fixture.attempt(fixture.thread(ticket)[0].0);
    fixture.ambiguous(&operation);
    page(&fixture, &[RemoteTicket { subject: "[Extern] Auszahlung".to_owned(), ..remote(700, 0) }]);
    let other = numbered(&fixture, 700);
    for (ticket, id) in [(ticket, "ours"), (other, "theirs")] {
        let draft = ReplyDraft::plain(DraftId(id.to_owned()), ticket, "halb getippt");
        fixture.store.save_reply_draft(&draft).unwrap();
        let sql = "INSERT INTO files (draft, stored_as, name, content_type, size, sha256)
                   VALUES (?1, ?1, 'Beleg März.pdf', 'application/pdf', 9, x'00')";
        fixture.store.write(Priority::User, |edit| Ok(edit.tx.execute(sql, [id])?)).unwrap();
    }
    fixture.store.settle_create(&operation, &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    let kept = fixture.store.reply_draft(ticket).unwrap().unwrap();
    assert_eq!(kept.body, "halb getippt\n\nhalb getippt");
    assert_eq!(fixture.store.draft_files(&kept.id).unwrap().len(), 2);
}
