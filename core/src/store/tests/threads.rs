//! A thread of thousands of comments is stored in slices: users' writes go in between, a kill between two slices leaves no
//! wrong conclusion, and the next read ends with the same result as an undisturbed one.

use super::*;
use crate::store::reconcile::comments::Slices;
use crate::store::room::decide::{SLICE, SMALL_SLICE};

/// A thread of `length` comments: the description, and comments by agents and by another device of this user.
fn long(length: i64) -> RemoteThread {
    let texts = ["Guten Tag,\nes dauert noch.", "", "شكرا لكم 🙏", "Überweisung erfolgt."];
    let comments = (1..=length).map(|number| {
        let author = if number == 1 || number % 3 == 0 { ME } else { AGENT };
        let text = texts[usize::try_from(number).unwrap() % texts.len()];
        comment(number, author, &if number == 1 { "Guten Tag".to_owned() } else { format!("{number} {text}") })
    });
    let people = [(ME, "Ada Lindqvist", false), (AGENT, "Marta Feld", true)].map(|(id, name, agent)| RemotePerson {
        id,
        name: name.to_owned(),
        agent,
        photo: None,
    });
    RemoteThread { comments: comments.collect(), people: people.into() }
}

/// What is shown of a ticket and its thread, without the ids of rows.
#[derive(Debug, PartialEq)]
struct Shown {
    messages: Vec<(String, bool, Timestamp, Delivery)>,
    unread: bool,
    last_activity: Timestamp,
    due: bool,
    waiting: usize,
}

impl Fixture {
    fn shown(&self, ticket: TicketId) -> Shown {
        let row = self.store.ticket(ticket).unwrap().row;
        let (mut messages, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.thread(ticket, after.as_deref(), MAX_PAGE).unwrap();
            messages.extend(page.messages.into_iter().map(|m| (m.body, m.mine, m.created_at, m.delivery)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Shown {
            messages,
            unread: row.unread,
            last_activity: row.last_activity_at,
            due: !self.store.thread_due(ticket).unwrap().unwrap().known,
            waiting: self.store.operations().unwrap().len(),
        }
    }

    /// The process is killed and starts again.
    pub(super) fn killed(self) -> Self {
        let Self { folder, store, hold } = self;
        drop(store);
        let store = open_in(folder.path(), "ada", "https://desk.example/").unwrap();
        Self { folder, store, hold }
    }

    /// A known ticket with three replies whose outcome is ambiguous, one that the server has confirmed, and one that was never
    /// attempted. The ticket has changed since.
    fn with_replies(&self) -> TicketId {
        let ticket = self.known();
        for (draft, body) in [(20, "ok"), (30, "ok"), (40, "Ist angekommen?")] {
            let operation = self.attempt(self.reply(ticket, draft, body));
            self.ambiguous(&operation);
        }
        let operation = self.attempt(self.reply(ticket, 50, "siehe **hier**"));
        self.store.settle_reply(&operation, &remote(500, 11), NOW).unwrap();
        self.reply(ticket, 60, "noch nicht gesendet");
        self.store.apply_ticket(&remote(500, 20), SEEN).unwrap();
        ticket
    }
}

/// The circumstances of a read that is late enough to be complete.
fn late(fixture: &Fixture) -> Observation {
    Observation { at: NOW.plus(fixture.store.visible_after()), ..SEEN }
}

#[test]
fn a_long_thread_lets_users_write_in_between() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.store.apply_ticket(&remote(500, 20), SEEN).unwrap();
    let thread = long(2_000);
    let of = fixture.store.thread_due(ticket).unwrap().unwrap().of;
    let read = ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen: SEEN };
    let mut slices = Slices::of(&read);
    let (mut steps, mut stored) = (0, 1);
    while !fixture.store.apply_slice(&mut slices).unwrap() {
        steps += 1;
        let now = fixture.shown(ticket).messages.len() - (steps - 1);
        assert!(now - stored <= SMALL_SLICE, "at most one slice");
        stored = now;
        // A reply that is written between two slices is linked to no comment.
        fixture.reply(ticket, 1_000 + steps as u128, "ok");
    }
    assert!(steps >= 2_000 / SMALL_SLICE, "{steps}");
    let shown = fixture.shown(ticket);
    assert_eq!((shown.messages.len(), shown.waiting, shown.due, shown.unread), (2_000 + steps, steps, false, true));
    assert!(shown.messages.iter().skip(2_000).all(|message| message.3 == Delivery::Queued));
}

#[test]
fn thousands_of_hidden_comments_go_by_slices_too() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.read(ticket, &long(1_000).comments);
    let (mut thread, of) = (long(1_000), fixture.store.thread_due(ticket).unwrap().unwrap().of);
    thread.comments.drain(1..999);
    let read = ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen: SEEN };
    let mut slices = Slices::of(&read);
    let mut stored = 1_000;
    while !fixture.store.apply_slice(&mut slices).unwrap() {
        let now = fixture.shown(ticket).messages.len();
        assert!(stored - now <= SLICE && stored >= now);
        stored = now;
    }
    assert_eq!(fixture.shown(ticket).messages.len(), 2);
}

#[test]
fn a_first_reading_that_was_killed_counts_as_none() {
    let fixture = fixture();
    let list = TicketList("own".to_owned());
    let page = PulledPage { list: &list, tickets: &[remote(500, 10)], step: PageStep::Incremental, seen: SEEN };
    fixture.store.apply_page(&page).unwrap();
    let ticket = fixture.store.ticket_by_number(TicketNumber(500)).unwrap().unwrap();
    let (thread, of) = (long(700), fixture.store.thread_due(ticket).unwrap().unwrap().of);
    let read = ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen: SEEN };
    assert!(!fixture.store.apply_slice(&mut Slices::of(&read)).unwrap());
    let fixture = fixture.killed();
    assert!(!fixture.store.ticket(ticket).unwrap().thread_complete);
    assert!(fixture.store.thread_never_read(ticket).unwrap().is_some(), "nothing is sent before the thread is read");
    fixture.store.apply_thread(&read).unwrap();
    assert!(fixture.store.ticket(ticket).unwrap().thread_complete);
    assert_eq!(fixture.shown(ticket).messages.len(), 700);
}

#[test]
fn a_ticket_that_is_revoked_between_slices_stays_revoked() {
    let fixture = fixture();
    let ticket = fixture.known();
    let (thread, of) = (long(700), fixture.store.thread_due(ticket).unwrap().unwrap().of);
    let read = ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen: SEEN };
    let mut slices = Slices::of(&read);
    assert!(!fixture.store.apply_slice(&mut slices).unwrap());
    fixture.store.revoke(ticket, silent(NOW)).unwrap();
    assert_eq!(fixture.store.apply_slice(&mut slices), Err(StoreError::NoSuchTicket));
    assert!(fixture.thread(ticket).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever slices of whatever reads were stored before kills, the last read has the same result as a single undisturbed
    /// one: every comment once, every message of ours linked to its comment, the same marks. Until then nothing counts as
    /// settled, removed or read.
    #[test]
    fn a_kill_between_slices_loses_and_doubles_nothing(
        length in 2_i64..900,
        places in prop::collection::vec(2_i64..900, 5),
        kills in prop::collection::vec((0_usize..6, 1_usize..900), 0..4),
    ) {
        let mut thread = long(length);
        // Some comments are our replies: one or both of the equal ones, and the confirmed one with a text that the server
        // changed. One is from another device.
        for (place, body) in places.iter().zip(["ok", "ok", "Ist angekommen?", "siehe hier", "anderes Gerät"]) {
            let place = usize::try_from(*place).unwrap();
            if let Some(comment) = thread.comments.get_mut(place) {
                (comment.author, comment.body) = (Some(ME), body.to_owned());
            }
        }
        let undisturbed = fixture();
        let ticket = undisturbed.with_replies();
        let of = undisturbed.store.thread_due(ticket).unwrap().unwrap().of;
        let seen = late(&undisturbed);
        undisturbed.store.apply_thread(&ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen }).unwrap();

        let mut fixture = fixture();
        prop_assert_eq!(fixture.with_replies(), ticket);
        for (slices, cut) in kills {
            // This read may also be stale: some of the newest comments are missing.
            let cut = cut.min(thread.comments.len());
            let part = RemoteThread { comments: thread.comments[..cut].to_vec(), ..thread.clone() };
            let read = ReadThread { ticket, of, comments: &part.comments, people: &part.people, seen: SEEN };
            let (mut slices_of_part, before) = (Slices::of(&read), fixture.shown(ticket));
            for _ in 0..slices {
                if fixture.store.apply_slice(&mut slices_of_part).unwrap() {
                    break;
                }
                let now = fixture.shown(ticket);
                prop_assert_eq!((now.due, now.waiting), (before.due, before.waiting), "nothing is settled before the last slice");
                prop_assert!(now.unread, "the first stored comment already marks the ticket as unread");
                prop_assert!(before.messages.iter().all(|message| now.messages.contains(message)), "nothing is removed");
            }
            fixture = fixture.killed();
        }
        fixture.store.apply_thread(&ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen }).unwrap();
        prop_assert_eq!(fixture.shown(ticket), undisturbed.shown(ticket));
    }
}
