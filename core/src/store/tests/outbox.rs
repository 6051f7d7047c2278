//! What the user wrote survives every mistake that can be made about whose it is at the desk.

use super::*;
use crate::model::Attachment;
use crate::outbox::Step;

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
fn what_was_written_in_a_ticket_that_turned_out_to_be_ours_stays() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let operation = fixture.attempt(fixture.thread(ticket)[0].0);
    fixture.unclear(&operation);
    // The desk gave it another subject, so nobody could tell.
    page(&fixture, &[RemoteTicket { subject: "[Extern] Auszahlung".to_owned(), ..remote(700, 0) }]);
    let other = numbered(&fixture, 700);
    assert_ne!(other, ticket);
    fixture.read(other, &[comment(1, ME, "Guten Tag, sie fehlt"), comment(2, AGENT, "Wir prüfen das.")]);
    let reply = fixture.reply(other, 20, "Danke! 🙏");
    let draft = ReplyDraft { id: DraftId("d".to_owned()), ticket: other, body: "halb getippt".to_owned() };
    fixture.store.save_reply_draft(&draft).unwrap();
    // The next attempt has the same key, and the desk answers with what the first one made.
    fixture.store.settle_create(&operation, &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    let texts = |fixture: &Fixture| fixture.thread(ticket).into_iter().map(|message| message.1).collect::<Vec<_>>();
    assert_eq!(texts(&fixture), ["Guten Tag,\nsie fehlt.", "Wir prüfen das.", "Danke! 🙏"]);
    assert_eq!(fixture.operation(reply).map(|operation| operation.ticket), Some(ticket));
    assert_eq!(fixture.store.reply_draft(ticket).unwrap(), Some(ReplyDraft { ticket, ..draft }));
    assert_eq!(fixture.store.ticket(other).err(), Some(StoreError::NotFound));
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
fn files_are_the_same_however_the_desk_writes_their_names() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "siehe Anlagen");
    let file = |name: &str| Attachment { name: name.to_owned(), ..Attachment::default() };
    // As a file picker gives them, accents apart; and as the desk gives them back, in its own order.
    let picked = serde_json::to_string(&[file("Beleg Ma\u{308}rz.pdf"), file("Anhang.png")]).unwrap();
    fixture
        .store
        .write(Writer::User, |edit| {
            Ok(edit.tx.execute("UPDATE messages SET attachments = ?1 WHERE id = ?2", (picked, message.0))?)
        })
        .unwrap();
    let operation = fixture.attempt(message);
    fixture.unclear(&operation);
    let attachments = vec![file("Anhang.png"), file("Beleg März.pdf")];
    let theirs = RemoteComment { attachments, ..comment(5, ME, "siehe Anlagen") };
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), theirs]);
    assert!(fixture.operation(message).is_none());
    assert_eq!(fixture.thread(ticket).len(), 2);
}

#[test]
fn a_ticket_that_is_taken_back_gives_every_word_back() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let typed = ReplyDraft { id: DraftId("r".to_owned()), ticket, body: "PS: dringend".to_owned() };
    fixture.store.save_reply_draft(&typed).unwrap();
    let begun = TicketDraft {
        id: DraftId("n".to_owned()),
        subject: "Etwas anderes".to_owned(),
        issue_type: "content".to_owned(),
        cc: vec!["kasse@reisen.example".to_owned()],
        cc_entry: "halb ge".to_owned(),
        description: "Noch eine Frage".to_owned(),
        access: true,
    };
    fixture.store.save_ticket_draft(&begun).unwrap();
    fixture.store.discard(fixture.thread(ticket)[0].0, &DraftId("spare".to_owned())).unwrap();
    let kept = fixture.store.ticket_draft().unwrap().unwrap();
    assert_eq!((kept.subject.as_str(), kept.cc_entry.as_str()), ("Etwas anderes", "halb ge"));
    assert_eq!(kept.cc, ["bücher@reisen.example", "kasse@reisen.example"]);
    let expected = "Noch eine Frage\n\nAuszahlung für März fehlt 🧾\n\nGuten Tag,\nsie fehlt.\n\nPS: dringend";
    assert_eq!(kept.description, expected);
    // Nothing was being typed: the ticket is the draft again, as it was.
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
    fixture.store.solve(ticket, id(60)).unwrap();
    fixture.store.add_cc(ticket, &["kasse@reisen.example".to_owned()], id(61)).unwrap();
    fixture.store.solve(ticket, id(62)).unwrap();
    fixture.reply(ticket, 20, "Doch noch eine Frage …");
    fixture.store.solve(ticket, id(63)).unwrap();
    fixture.store.solve(ticket, id(64)).unwrap();
    let kinds: Vec<Kind> = fixture.store.operations().unwrap().into_iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [Kind::Solve, Kind::AddCc, Kind::Reply, Kind::Solve]);
}

#[test]
fn a_read_mark_that_moves_on_while_it_is_prepared_is_not_lost() {
    let fixture = fixture();
    let ticket = fixture.known();
    let mark =
        |fixture: &Fixture| fixture.store.operations().unwrap().into_iter().find(|row| row.kind == Kind::MarkRead);
    let share = |fixture: &Fixture| fixture.store.write(Writer::User, |edit| read_marks::share(edit, ticket)).unwrap();
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
fn two_equal_tickets_of_which_one_arrived_stay_two() {
    let fixture = fixture();
    let (first, second) = (fixture.create(10), fixture.create(20));
    let description = |ticket| fixture.thread(ticket)[0].0;
    let operations = [first, second].map(|ticket| fixture.attempt(description(ticket)));
    for operation in &operations {
        fixture.unclear(operation);
    }
    // Only the second arrived, at a desk that keeps no reference: the first takes its number.
    page(&fixture, &[remote(700, 0)]);
    assert_eq!(fixture.store.ticket(first).unwrap().row.number, Some(TicketNumber(700)));
    // The second is made again, and the desk, which knows its key, answers with what it made then.
    fixture.store.settle_create(&operations[1], &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    assert_eq!(fixture.store.history(None, 10).unwrap().total, 2);
    let again = fixture.operation(description(second)).unwrap();
    assert_eq!((again.state, again.key, again.begun, again.base), (State::Queued, id(901), false, None));
}

#[test]
fn new_tickets_that_look_the_same_are_sent_one_by_one() {
    let fixture = fixture();
    let (first, second) = (fixture.create(10), fixture.create(20));
    let [first, second] = [first, second].map(|ticket| fixture.operation(fixture.thread(ticket)[0].0).unwrap());
    let step = || {
        let mut operations = fixture.store.operations().unwrap();
        if crate::outbox::may_have_twins(&operations) {
            crate::outbox::part_twins(&mut operations, &fixture.store.looks_of_creations().unwrap(), NOW);
        }
        crate::outbox::next(&operations, NOW)
    };
    assert_eq!(step().step, Some(Step::Send(first.id)));
    assert!(fixture.store.begin_attempt(&first, b"{}", 0).unwrap());
    let later = Wait { start: NOW, length: Duration::from_secs(6), firm: false };
    let change =
        |state, applied| Transition { state, applied, doubt: applied, read: false, quiet_since: None, now: NOW };
    fixture.store.transition(&first, &change(State::Checking(later), true)).unwrap();
    // Whatever of this look turns up in a list now is the first.
    let next = step();
    assert_eq!((next.step, next.wake_in), (None, Some(later.length)));
    // Nor if only the user can say what became of it.
    fixture.store.transition(&first, &change(State::MayHaveBeenSent, true)).unwrap();
    assert_eq!(step().step, None);
    // Certainly not there: now the second cannot be taken for it.
    fixture.store.transition(&first, &change(State::Waiting(later), false)).unwrap();
    assert_eq!(step().step, Some(Step::Send(second.id)));
}

#[test]
fn a_new_ticket_waits_until_the_user_says_what_becomes_of_one_that_looks_the_same_and_was_copied() {
    let fixture = fixture();
    let first = fixture.create(10);
    move_to_another_phone(&fixture);
    let second = fixture.create(20);
    let [asked, waiting] = [first, second].map(|ticket| fixture.operation(fixture.thread(ticket)[0].0).unwrap());
    let step = || {
        let mut operations = fixture.store.operations().unwrap();
        assert!(crate::outbox::may_have_twins(&operations));
        crate::outbox::part_twins(&mut operations, &fixture.store.looks_of_creations().unwrap(), NOW);
        crate::outbox::next(&operations, NOW).step
    };
    assert_eq!(step(), None, "the first phone may have sent it");
    fixture.store.discard(asked.message.unwrap(), &DraftId("spare".to_owned())).unwrap();
    let operations = fixture.store.operations().unwrap();
    assert_eq!(crate::outbox::next(&operations, NOW).step, Some(Step::Send(waiting.id)));
}

#[test]
fn the_first_of_two_that_look_the_same_is_the_first_that_was_made() {
    let fixture = fixture();
    let tickets = [fixture.create(10), fixture.create(20)];
    move_to_another_phone(&fixture);
    // The newest comes first in a list.
    page(&fixture, &[remote(701, 0), remote(700, 0)]);
    let numbers = tickets.map(|ticket| fixture.store.ticket(ticket).unwrap().row.number);
    assert_eq!(numbers, [Some(TicketNumber(700)), Some(TicketNumber(701))]);
}

/// Says that the ticket's description has a file, which no list shows.
fn give_a_file(fixture: &Fixture, ticket: TicketId) {
    let file = "UPDATE messages SET attachments = '[{\"name\":\"Beleg.pdf\",\"content_type\":\"\",\"size\":9}]'
                WHERE ticket = ?1";
    fixture.store.write(Writer::User, |edit| Ok(edit.tx.execute(file, [ticket.0])?)).unwrap();
}

/// The file is a copy, on another device.
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
    let nobody = || tickets.iter().all(|ticket| fixture.store.ticket(*ticket).unwrap().row.number.is_none());
    // What turned up while the first was looked for is a ticket of its own,
    fixture.store.apply_created(&[remote(700, 0)], SEEN).unwrap();
    assert!(nobody());
    assert_eq!(fixture.store.history(None, 10).unwrap().total, 3);
    // and so is another one after the look, when the user was asked about both: the first phone goes on, too.
    let at = Moment { device: NOW, desk: Some(NOW.plus(Duration::from_hours(1))) };
    let asked = Operation { reads: 1, quiet_since: Some(NOW), ..fixture.operation(description).unwrap() };
    let verdict = crate::outbox::after_check(&asked, None, at, fixture.store.profile.consistency, 0);
    let crate::outbox::Verdict::Becomes { state, applied, quiet_since } = verdict else { panic!("{verdict:?}") };
    fixture
        .store
        .transition(&asked, &Transition { state, applied, doubt: false, read: true, quiet_since, now: NOW })
        .unwrap();
    assert!(matches!(fixture.operation(description).unwrap().state, State::NeedsUser(_)));
    page(&fixture, &[remote(701, 0)]);
    assert!(nobody());
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
    fixture.unclear(&fixture.attempt(fixture.thread(sent)[0].0));
    page(&fixture, &[remote(700, 0)]);
    assert_eq!(fixture.store.ticket(sent).unwrap().row.number, Some(TicketNumber(700)));
    assert_eq!(fixture.store.ticket(copied).unwrap().row.number, None);
}

#[test]
fn a_comment_that_explains_nothing_yet_is_no_later_message() {
    let fixture = fixture();
    let ticket = fixture.known();
    let first = fixture.attempt(fixture.reply(ticket, 20, "Hallo, zusammen"));
    fixture.store.settle_reply(&first, &remote(500, 11), NOW).unwrap();
    // Too soon for the first: written on another device, or the first as this desk stores it?
    let theirs = comment(2, ME, "Danke!");
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), theirs.clone()]);
    assert_eq!(fixture.thread(ticket).len(), 2, "left for later");
    let second = fixture.reply(ticket, 30, "Danke!");
    fixture.attempt(second);
    let ours = [comment(3, ME, "Hallo, zusammen"), comment(4, ME, "Danke!")];
    fixture.read(ticket, &[[comment(1, ME, "Guten Tag"), theirs].as_slice(), &ours].concat());
    let thread = fixture.thread(ticket);
    assert_eq!(thread.len(), 4);
    assert_eq!(thread[3].0, second, "behind what was written before it");
}

#[test]
fn a_thread_that_was_due_before_a_message_was_sent_does_not_explain_it() {
    let fixture = fixture();
    let ticket = fixture.known();
    let due = fixture.store.thread_of(ticket).unwrap().unwrap();
    let message = fixture.reply(ticket, 20, "Hallo, zusammen");
    let operation = fixture.attempt(message);
    fixture.store.settle_reply(&operation, &remote(500, 11), NOW).unwrap();
    // Written on another device, and read so late that everything up to the earlier update is there; not the message.
    let comments = vec![comment(1, ME, "Guten Tag"), comment(2, ME, "Danke!")];
    let thread = RemoteThread { comments, ..RemoteThread::default() };
    let seen = Seen { desk: Some(due.of.plus(Duration::from_hours(1))), ..SEEN };
    fixture.store.apply_thread(&ReadThread { ticket, of: due.of, thread: &thread, seen }).unwrap();
    let shown = fixture.thread(ticket).into_iter().find(|(id, ..)| *id == message).unwrap();
    assert_eq!(shown.1, "Hallo, zusammen");
}

#[test]
fn what_may_have_been_sent_is_looked_for_before_it_is_sent_again() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "Danke!");
    let operation = fixture.attempt(message);
    let unknown = Transition {
        state: State::MayHaveBeenSent,
        applied: true,
        doubt: true,
        read: false,
        quiet_since: None,
        now: NOW,
    };
    fixture.store.transition(&operation, &unknown).unwrap();
    fixture.store.retry(message, NOW).unwrap();
    assert!(matches!(fixture.operation(message).unwrap().state, State::Checking(_)));
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "Danke!")]);
    assert!(fixture.operation(message).is_none(), "it was there all the time");
}

#[test]
fn a_second_tap_sends_nothing_after_the_desk_took_the_first_message_away() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "Ist das Geld schon da? 💶");
    fixture.attempt(message);
    let theirs = comment(2, ME, "Ist das Geld schon da? 💶");
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), theirs]);
    assert!(fixture.operation(message).is_none(), "it was sent");
    // Hidden by an agent, or the whole ticket: the message goes, that it was sent stays known.
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(3, AGENT, "Ja.")]);
    assert!(!fixture.thread(ticket).iter().any(|shown| shown.0 == message));
    assert_eq!(fixture.reply(ticket, 20, "Ist das Geld schon da? 💶"), message);
    fixture.store.vanish(ticket, silent(NOW)).unwrap();
    assert_eq!(fixture.reply(ticket, 20, "Ist das Geld schon da? 💶"), message);
    assert!(fixture.store.operations().unwrap().is_empty());
    // Taken back by the user, it was not sent.
    let other = fixture.create(30);
    let taken_back = fixture.reply(other, 40, "Nachtrag");
    fixture.store.discard(taken_back, &DraftId("spare".to_owned())).unwrap();
    assert_ne!(fixture.reply(other, 40, "Nachtrag"), taken_back);
}

#[test]
fn files_of_two_drafts_that_become_one_stay() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let operation = fixture.attempt(fixture.thread(ticket)[0].0);
    fixture.unclear(&operation);
    page(&fixture, &[RemoteTicket { subject: "[Extern] Auszahlung".to_owned(), ..remote(700, 0) }]);
    let other = numbered(&fixture, 700);
    for (ticket, id) in [(ticket, "ours"), (other, "theirs")] {
        let draft = ReplyDraft { id: DraftId(id.to_owned()), ticket, body: "halb getippt".to_owned() };
        fixture.store.save_reply_draft(&draft).unwrap();
        let sql = "INSERT INTO files (draft, stored_as, name, content_type, size, sha256)
                   VALUES (?1, ?1, 'Beleg März.pdf', 'application/pdf', 9, x'00')";
        fixture.store.write(Writer::User, |edit| Ok(edit.tx.execute(sql, [id])?)).unwrap();
    }
    fixture.store.settle_create(&operation, &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    let kept = fixture.store.reply_draft(ticket).unwrap().unwrap();
    assert_eq!(kept.body, "halb getippt\n\nhalb getippt");
    assert_eq!(fixture.store.draft_files(&kept.id).unwrap().len(), 2);
}
