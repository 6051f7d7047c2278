//! The first new message of a thread, and how many there are.

use super::*;
use crate::model::UnreadMessages;

impl Fixture {
    /// A ticket of the first sync with these comments, of which the last is an answer. It waits for the user or not.
    fn synced(&self, status: ServerStatus, comments: &[RemoteComment]) -> TicketId {
        let list = TicketList("own".to_owned());
        let ticket = RemoteTicket { status, ..remote(500, 10) };
        let step = PageStep::Backfill(None);
        self.store.apply_page(&PulledPage { list: &list, tickets: &[ticket], step, seen: SEEN }).unwrap();
        let ticket = self.store.ticket_by_number(TicketNumber(500)).unwrap().unwrap();
        self.read(ticket, comments);
        ticket
    }

    /// The ticket has changed, and its thread is read again. `open`: it is on screen.
    fn changed(&self, ticket: TicketId, minutes: i64, comments: &[RemoteComment], open: bool) {
        let seen = Observation { open_thread: open.then_some(ticket), ..SEEN };
        self.store.apply_ticket(&remote(500, minutes), seen).unwrap();
        let of = self.store.thread_due(ticket).unwrap().unwrap().of;
        let people = [RemotePerson { id: AGENT, name: "Marta Feld".to_owned(), agent: true, photo: None }];
        self.store.apply_thread(&ReadThread { ticket, of, comments, people: &people, seen }).unwrap();
    }

    /// The text of the first new message, and how many there are. `from`: the thread is on screen.
    fn unread(&self, ticket: TicketId, from: Option<ReadPosition>) -> Option<(String, u32)> {
        let page = self.store.thread_read_from(ticket, None, 200, from).unwrap();
        let UnreadMessages { first, count } = page.unread?;
        let first = page.messages.into_iter().find(|message| message.id == first).unwrap();
        Some((first.body, count))
    }

    /// Opens the thread, and returns up to where it was read before.
    fn open(&self, ticket: TicketId) -> ReadPosition {
        let from = self.store.read_position(ticket).unwrap();
        self.store.mark_thread_opened(ticket).unwrap();
        from
    }
}

fn minutes(id: i64, author: PersonId, body: &str, minutes: i64) -> RemoteComment {
    RemoteComment { created_at: Timestamp(NOW.0 + minutes * 60_000), ..comment(id, author, body) }
}

fn new(text: &str, count: u32) -> (String, u32) {
    (text.to_owned(), count)
}

/// The server's times have seconds, and its clock may be set back.
#[test]
fn where_a_comment_was_read_the_order_of_comments_says_what_is_new_and_not_their_times() {
    let fixture = fixture();
    let ticket = fixture.known();
    let mut thread = vec![comment(1, ME, "Guten Tag")];
    fixture.open(ticket);
    fixture.changed(ticket, 20, &thread, true);
    // Not later than the moment in which this device first saw the ticket.
    thread.push(minutes(2, AGENT, "Die Buchung ist da. 🧾", -600));
    fixture.changed(ticket, 21, &thread, false);
    let from = fixture.open(ticket);
    assert_eq!(fixture.unread(ticket, Some(from)), Some(new("Die Buchung ist da. 🧾", 1)));
}

#[test]
fn what_was_new_stays_new_until_the_thread_is_closed() {
    let fixture = fixture();
    let ticket = fixture.known();
    let mut thread = vec![comment(1, ME, "Guten Tag")];
    assert_eq!(fixture.unread(ticket, None), None);
    fixture.open(ticket);

    thread.extend([minutes(2, AGENT, "Erste Antwort 🙏", 20), minutes(3, AGENT, "Zweite Antwort", 21)]);
    fixture.changed(ticket, 21, &thread, false);
    assert_eq!(fixture.unread(ticket, None), Some(new("Erste Antwort 🙏", 2)), "before it is opened");
    let from = fixture.open(ticket);
    assert_eq!(fixture.unread(ticket, Some(from)), Some(new("Erste Antwort 🙏", 2)), "while it is open");

    // The user writes, and another answer arrives: the first one stays the same.
    fixture.reply(ticket, 20, "Danke!");
    thread.push(minutes(4, AGENT, "Dritte Antwort", 30));
    fixture.changed(ticket, 30, &thread, true);
    assert_eq!(fixture.unread(ticket, Some(from)), Some(new("Erste Antwort 🙏", 3)));
    // The agent hides the first one.
    thread.remove(1);
    fixture.changed(ticket, 31, &thread, true);
    assert_eq!(fixture.unread(ticket, Some(from)), Some(new("Zweite Antwort", 2)));

    // It was closed and is opened again, also after a kill.
    assert_eq!(fixture.unread(ticket, None), None);
    let fixture = fixture.killed();
    let from = fixture.open(ticket);
    assert_eq!(fixture.unread(ticket, Some(from)), None);
    thread.push(minutes(5, AGENT, "Vierte Antwort", 40));
    fixture.changed(ticket, 40, &thread, true);
    assert_eq!(
        fixture.unread(ticket, Some(from)),
        Some(new("Vierte Antwort", 1)),
        "it arrives while the thread is open"
    );
}

#[test]
fn on_a_new_device_an_open_question_is_new_and_the_years_before_are_not() {
    let years: Vec<RemoteComment> = vec![
        comment(1, ME, "Guten Tag"),
        comment(2, AGENT, "Bitte um Geduld"),
        comment(3, ME, "Gern"),
        comment(4, AGENT, "Welche Domain?"),
        comment(5, AGENT, "Und seit wann?"),
    ];
    let fixture_of = |status| {
        let fixture = fixture();
        let ticket = fixture.synced(status, &years);
        (fixture.unread(ticket, None), fixture.open(ticket), fixture, ticket)
    };
    let (waits, from, fixture, ticket) = fixture_of(ServerStatus::Pending);
    assert_eq!(waits, Some(new("Welche Domain?", 2)), "it waits for the user");
    assert_eq!(fixture.unread(ticket, Some(from)), waits);
    let (open, from, fixture, ticket) = fixture_of(ServerStatus::Open);
    assert_eq!((open, fixture.unread(ticket, Some(from))), (None, None));
}

#[test]
fn messages_that_are_read_while_their_thread_is_opened_for_the_first_time_are_old() {
    let fixture = fixture();
    let list = TicketList("own".to_owned());
    let step = PageStep::Backfill(None);
    fixture.store.apply_page(&PulledPage { list: &list, tickets: &[remote(500, 10)], step, seen: SEEN }).unwrap();
    let ticket = fixture.store.ticket_by_number(TicketNumber(500)).unwrap().unwrap();
    let from = fixture.open(ticket);
    let thread = [comment(1, ME, "Guten Tag"), minutes(2, AGENT, "Alt", 5), minutes(3, AGENT, "Neu", 60)];
    fixture.changed(ticket, 60, &thread, true);
    assert_eq!(fixture.unread(ticket, Some(from)), Some(new("Neu", 1)), "written after the first sync");
}

#[test]
fn an_answer_that_arrived_just_before_its_thread_was_opened_is_read_while_that_is_on_screen() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.store.mark_thread_opened(ticket).unwrap();
    // The answer of the server knew of no open thread.
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Die Buchung ist da. 🧾")]);
    assert!(fixture.store.ticket(ticket).unwrap().row.unread);
    fixture.store.keep_read(ticket).unwrap();
    assert!(!fixture.store.ticket(ticket).unwrap().row.unread);

    fixture.store.mark_unread(ticket).unwrap();
    fixture.store.keep_read(ticket).unwrap();
    assert!(fixture.store.ticket(ticket).unwrap().row.unread, "the user's own reminder");
    fixture.store.keep_read(TicketId(4_711)).unwrap();
}

#[test]
fn a_colleague_who_has_read_it_makes_it_old_for_everybody() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.open(ticket);
    let thread = [comment(1, ME, "Guten Tag"), minutes(2, AGENT, "Erste Antwort", 20), minutes(3, AGENT, "Zweite", 21)];
    fixture.changed(ticket, 21, &thread, false);
    let read = RemoteTicket { read_through: Some(CommentId(2)), ..remote(500, 22) };
    fixture.store.apply_ticket(&read, SEEN).unwrap();
    assert_eq!(fixture.unread(ticket, None), Some(new("Zweite", 1)));
}

#[test]
fn a_ticket_without_a_thread_has_nothing_new() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let from = fixture.open(ticket);
    assert_eq!(fixture.unread(ticket, Some(from)), None);
    assert_eq!(fixture.store.read_position(TicketId(99)).err(), Some(StoreError::NoSuchTicket));
    assert_eq!(fixture.unread(TicketId(99), None), None);
}
