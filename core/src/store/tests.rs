//! What a user relies on: the file is theirs, one message is one row, and what the desk says finds it.

mod damage;
mod files;
mod life;
mod migrations;
mod outbox;
mod pull;
mod threads;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::environment::Timestamp;
use crate::model::{
    ChangeKind, CommentId, Delivery, DeskStatus, DraftId, MessageId, PersonId, ReasonKind, ReplyDraft, Status,
    TicketDraft, TicketNumber,
};
use crate::outbox::{Kind, Moment, Operation, State, Wait};
use crate::profile::AcceptedTicket;
use crate::remote::{RemoteComment, RemotePerson, RemoteThread, RemoteTicket, TicketList, Write};

const ME: PersonId = PersonId(9_001);
const AGENT: PersonId = PersonId(77);
const NOW: Timestamp = Timestamp(1_772_442_000_000);
const SEEN: Seen = Seen { by: ME, at: NOW, desk: None, watched: None };

struct Fixture {
    folder: TempDir,
    store: Store,
    hold: Duration,
}

fn open_in(folder: &Path, account: &str, desk: &str) -> Result<Store, StoreError> {
    let profile = Arc::new(Profile::built_in().unwrap());
    Store::open(folder, account, desk, None, profile, Arc::default())
}

fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path(), "ada", "https://desk.example/").unwrap();
    store.bind("https://desk.example/", ME, Some("ada@reisen.example")).unwrap();
    Fixture { folder, store, hold: Duration::ZERO }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

impl Fixture {
    fn create(&self, draft: u128) -> TicketId {
        let accepted = AcceptedTicket {
            subject: "Auszahlung für März fehlt 🧾".to_owned(),
            issue_type: "payments_finance".to_owned(),
            cc: vec!["bücher@reisen.example".to_owned()],
            description: "Guten Tag,\nsie fehlt.".to_owned(),
            access: true,
        };
        let draft_id = DraftId(id(draft).to_string());
        let new = NewTicket {
            draft: &draft_id,
            accepted: &accepted,
            reference: id(draft + 1),
            key: id(draft + 2),
            hold: Duration::ZERO,
            now: NOW,
        };
        self.store.submit(&new).unwrap()
    }

    fn reply(&self, ticket: TicketId, draft: u128, body: &str) -> MessageId {
        let draft = DraftId(id(draft).to_string());
        match self
            .store
            .reply(&NewReply { draft: &draft, ticket, body, key: id(1), hold: self.hold, now: NOW })
            .unwrap()
        {
            ReplyOutcome::Written(message) => message,
            refused => panic!("{refused:?}"),
        }
    }

    /// A ticket that the desk knows, with its description read.
    fn known(&self) -> TicketId {
        let list = TicketList("own".to_owned());
        let page = PulledPage { list: &list, tickets: &[remote(500, 10)], step: WalkStep::Delta, seen: SEEN };
        self.store.apply_page(&page).unwrap();
        let ticket = self.store.ticket_by_number(TicketNumber(500)).unwrap().unwrap();
        self.read(ticket, &[comment(1, ME, "Guten Tag")]);
        ticket
    }

    fn read(&self, ticket: TicketId, comments: &[RemoteComment]) {
        let people = vec![
            RemotePerson { id: ME, name: "Ada Lindqvist".to_owned(), agent: false },
            RemotePerson { id: AGENT, name: "Marta Feld".to_owned(), agent: true },
        ];
        let thread = RemoteThread { comments: comments.to_vec(), people };
        let of = self.store.thread_of(ticket).unwrap().unwrap().of;
        self.store.apply_thread(&ReadThread { ticket, of, thread: &thread, seen: SEEN }).unwrap();
    }

    fn attempt(&self, message: MessageId) -> Operation {
        let operation = self.operation(message).unwrap();
        assert!(self.store.begin_attempt(&operation, b"{}", 0).unwrap());
        operation
    }

    fn unclear(&self, operation: &Operation) {
        let state = State::Checking(Wait { start: NOW, length: Duration::ZERO, firm: false });
        let change = Transition { state, applied: true, doubt: true, read: false, quiet_since: None, now: NOW };
        self.store.transition(operation, &change).unwrap();
    }

    fn operation(&self, message: MessageId) -> Option<Operation> {
        self.store.operations().unwrap().into_iter().find(|operation| operation.message == Some(message))
    }

    fn thread(&self, ticket: TicketId) -> Vec<(MessageId, String, Delivery)> {
        let page = self.store.thread(ticket, None, 200).unwrap();
        page.messages.into_iter().map(|message| (message.id, message.body, message.delivery)).collect()
    }
}

/// A moment at which the desk tells no time.
fn silent(device: Timestamp) -> Moment {
    Moment { device, desk: None }
}

fn remote(number: i64, updated_minutes: i64) -> RemoteTicket {
    RemoteTicket {
        number: TicketNumber(number),
        subject: "Auszahlung für März fehlt 🧾".to_owned(),
        description: Some("Guten Tag,\r\nsie fehlt.\n".to_owned()),
        status: DeskStatus::Open,
        created_at: NOW,
        updated_at: Timestamp(NOW.0 + updated_minutes * 60_000),
        requester: ME,
        issue_type: Some("payments_finance".to_owned()),
        access: Some(true),
        client_reference: None,
        read_through: None,
    }
}

fn comment(id: i64, author: PersonId, body: &str) -> RemoteComment {
    let created_at = Timestamp(NOW.0 + id * 1_000);
    RemoteComment { id: CommentId(id), author, body: body.to_owned(), created_at, attachments: Vec::new() }
}

#[test]
fn a_file_of_somebody_else_is_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_of(folder.path(), "ada");
    fs::create_dir_all(path.parent().unwrap()).unwrap();

    fs::write(&path, b"Liebes Tagebuch, heute war ein langer Tag. ".repeat(100)).unwrap();
    let before = fs::read(&path).unwrap();
    assert_eq!(open_in(folder.path(), "ada", "https://desk.example/").err(), Some(StoreError::NotADatabase));
    assert_eq!(fs::read(&path).unwrap(), before);

    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text TEXT);").unwrap();
    let before = fs::read(&path).unwrap();
    assert_eq!(open_in(folder.path(), "ada", "https://desk.example/").err(), Some(StoreError::NotADatabase));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_of_a_later_version_is_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    drop(open_in(folder.path(), "ada", "https://desk.example/").unwrap());
    let path = file_of(folder.path(), "ada");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&path).unwrap();
    let refused = open_in(folder.path(), "ada", "https://desk.example/").err();
    assert_eq!(
        refused,
        Some(StoreError::NewerSchema { found: 99, known: u32::try_from(super::open::STEPS.len()).unwrap() })
    );
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_is_bound_to_its_account_and_desk() {
    let fixture = fixture();
    assert_eq!(fixture.store.bind("https://desk.example/", PersonId(1), None).err(), Some(StoreError::OtherAccount));
    fixture.store.close();
    let other_desk = open_in(fixture.folder.path(), "ada", "https://other.example/").err();
    assert_eq!(other_desk, Some(StoreError::OtherAccount));
    assert!(
        open_in(fixture.folder.path(), "ben", "https://other.example/").is_ok(),
        "another account has another file"
    );
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    assert_eq!(open_in(&file, "ada", "https://desk.example/").err(), Some(StoreError::InvalidDirectory));
    let profile = Arc::new(Profile::built_in().unwrap());
    let key = StoreKey([7; 32]);
    let opened = Store::open(folder.path(), "ada", "https://desk.example/", Some(&key), profile, Arc::default());
    assert_eq!(opened.err(), Some(StoreError::KeyNotSupported));
}

#[test]
fn a_closed_store_says_so() {
    let fixture = fixture();
    fixture.store.close();
    fixture.store.close();
    assert_eq!(fixture.store.history(None, 10).err(), Some(StoreError::Closed));
    assert_eq!(fixture.store.mark_opened(TicketId(1)).err(), Some(StoreError::Closed));
}

#[test]
fn two_taps_make_one_ticket_and_one_reply() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    assert_eq!(fixture.create(10), ticket);
    let message = fixture.reply(ticket, 20, "Nachtrag");
    assert_eq!(fixture.reply(ticket, 20, "Nachtrag"), message);
    assert_eq!(fixture.thread(ticket).len(), 2);
    assert_eq!(fixture.store.operations().unwrap().len(), 2);
}

#[test]
fn a_submitted_draft_does_not_come_back() {
    let fixture = fixture();
    let draft = TicketDraft {
        id: DraftId(id(10).to_string()),
        subject: "S".to_owned(),
        issue_type: "content".to_owned(),
        cc: vec!["a@b.example".to_owned()],
        cc_entry: "halb ge".to_owned(),
        description: "D".to_owned(),
        access: true,
    };
    fixture.store.save_ticket_draft(&draft).unwrap();
    assert_eq!(fixture.store.ticket_draft().unwrap().as_ref(), Some(&draft));
    fixture.create(10);
    assert_eq!(fixture.store.ticket_draft().unwrap(), None);
    // The pause in typing that was under way when the user tapped.
    fixture.store.save_ticket_draft(&draft).unwrap();
    assert_eq!(fixture.store.ticket_draft().unwrap(), None);
}

#[test]
fn unsent_tickets_stand_on_top_until_they_are_sent() {
    let fixture = fixture();
    let known = fixture.known();
    let (first, second) = (fixture.create(10), fixture.create(20));
    let order = |store: &Store| store.history(None, 10).unwrap().tickets.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(order(&fixture.store), [second, first, known]);
    let operation = fixture.attempt(fixture.thread(second)[0].0);
    fixture.store.settle_create(&operation, &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    assert_eq!(order(&fixture.store), [first, known, second], "by the desk's time");
    let row = &fixture.store.history(None, 10).unwrap().tickets[2];
    assert_eq!((row.number, row.waiting, row.status), (Some(TicketNumber(700)), 0, Status::Open));
}

#[test]
fn pages_continue_where_the_last_one_ended() {
    let fixture = fixture();
    let list = TicketList("own".to_owned());
    // Equal times: the number decides.
    let tickets: Vec<RemoteTicket> = (1..=25).map(|number| remote(number, number / 10)).collect();
    fixture
        .store
        .apply_page(&PulledPage { list: &list, tickets: &tickets, step: WalkStep::Delta, seen: SEEN })
        .unwrap();
    let unsent = fixture.create(10);
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = fixture.store.history(after.as_deref(), 4).unwrap();
        assert_eq!(page.total, 26);
        seen.extend(page.tickets.iter().map(|row| (row.id, row.number.map(|number| number.0))));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen[0], (unsent, None));
    assert_eq!(
        seen[1..].iter().filter_map(|(_, number)| *number).collect::<Vec<_>>(),
        (1..=25).rev().collect::<Vec<_>>()
    );
    assert_eq!(fixture.store.history(Some("nonsense"), 4).err(), Some(StoreError::NotFound));
}

#[test]
fn a_pull_that_comes_before_the_answer_finds_the_row() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let description = fixture.thread(ticket)[0].0;
    fixture.attempt(description);
    // No client reference at this desk: subject and description tell, line breaks and all.
    let list = TicketList("own".to_owned());
    let page = PulledPage { list: &list, tickets: &[remote(700, 0)], step: WalkStep::Delta, seen: SEEN };
    fixture.store.apply_page(&page).unwrap();
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
    let list = TicketList("own".to_owned());
    let page = PulledPage { list: &list, tickets: &[remote(700, 0)], step: WalkStep::Delta, seen: SEEN };
    fixture.store.apply_page(&page).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.number, None);
    assert_eq!(fixture.store.history(None, 10).unwrap().total, 2);
}

#[test]
fn equal_replies_take_one_comment_each() {
    let fixture = fixture();
    let ticket = fixture.known();
    let (first, second) = (fixture.reply(ticket, 20, "ok"), fixture.reply(ticket, 30, "ok"));
    let operation = fixture.attempt(first);
    fixture.unclear(&operation);
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "ok")]);
    assert!(fixture.operation(first).is_none(), "the first has arrived");
    assert_eq!(fixture.operation(second).unwrap().state, State::Queued, "the second was not even tried");
    let operation = fixture.attempt(second);
    fixture.unclear(&operation);
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "ok")]);
    assert!(fixture.operation(second).is_some(), "the first one's comment is taken");
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "ok"), comment(8, ME, "ok")]);
    assert!(fixture.operation(second).is_none());
    assert_eq!(fixture.thread(ticket).len(), 3);
}

#[test]
fn an_older_comment_with_the_same_text_proves_nothing() {
    let fixture = fixture();
    let ticket = fixture.known();
    let thread = [comment(1, ME, "Guten Tag"), comment(5, ME, "Gibt es etwas Neues?")];
    fixture.read(ticket, &thread);
    let message = fixture.reply(ticket, 20, "Gibt es etwas Neues?");
    let operation = fixture.attempt(message);
    fixture.unclear(&operation);
    fixture.read(ticket, &thread);
    assert!(fixture.operation(message).is_some());
}

#[test]
fn a_confirmed_reply_whose_text_the_desk_changed_is_still_one_row() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "siehe **hier**");
    let operation = fixture.attempt(message);
    fixture.store.settle_reply(&operation, &remote(500, 11), NOW).unwrap();
    let comments = vec![comment(1, ME, "Guten Tag"), comment(5, ME, "siehe hier")];
    fixture.read(ticket, &comments);
    assert_eq!(fixture.thread(ticket).len(), 2, "it may be of another device, in a reading too old for ours");
    let of = fixture.store.thread_of(ticket).unwrap().unwrap().of;
    let seen = Seen { at: NOW.plus(fixture.store.quiet()), ..SEEN };
    let thread = RemoteThread { comments, people: Vec::new() };
    fixture.store.apply_thread(&ReadThread { ticket, of, thread: &thread, seen }).unwrap();
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
    assert_eq!(fixture.thread(ticket).len(), 2, "a reading may be stale");
    let of = fixture.store.thread_of(ticket).unwrap().unwrap().of;
    let seen = Seen { at: NOW.plus(fixture.store.quiet()), ..SEEN };
    let thread = RemoteThread { comments: vec![comment(1, ME, "Guten Tag")], people: Vec::new() };
    fixture.store.apply_thread(&ReadThread { ticket, of, thread: &thread, seen }).unwrap();
    assert_eq!(fixture.thread(ticket).len(), 1);
}

#[test]
fn a_stale_read_takes_nothing_away() {
    let fixture = fixture();
    let ticket = fixture.known();
    let all = [comment(1, ME, "Guten Tag"), comment(2, AGENT, "Wir prüfen das."), comment(3, AGENT, "Erledigt.")];
    fixture.read(ticket, &all);
    fixture.read(ticket, &all[..2]);
    assert_eq!(fixture.thread(ticket).len(), 3);
    // A reading that is certainly newer, without the second: it was hidden.
    fixture.read(ticket, &[all[0].clone(), all[2].clone()]);
    assert_eq!(fixture.thread(ticket).len(), 2);
    // An older answer about the ticket changes nothing either.
    fixture.store.apply_ticket(&RemoteTicket { status: DeskStatus::Solved, ..remote(500, 9) }, SEEN).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.status, Status::Pending);
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
    fixture.store.mark_opened(ticket).unwrap();
    let before = row(&fixture.store);
    // A private note moves the ticket's own time, and nothing else.
    fixture.store.apply_ticket(&remote(500, 20), SEEN).unwrap();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag")]);
    assert_eq!(row(&fixture.store), before);
    // My own comment from another device is no news.
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, ME, "Nachtrag")]);
    assert!(!row(&fixture.store).unread);
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, ME, "Nachtrag"), comment(9, AGENT, "Danke")]);
    assert!(row(&fixture.store).unread);
    assert_eq!(row(&fixture.store).last_activity_at, Timestamp(NOW.0 + 9_000));
    fixture.store.mark_opened(ticket).unwrap();
    assert!(!row(&fixture.store).unread);
    // The desk waits for the user: that is news without a comment, too.
    fixture.store.apply_ticket(&RemoteTicket { status: DeskStatus::Pending, ..remote(500, 30) }, SEEN).unwrap();
    assert_eq!((row(&fixture.store).unread, row(&fixture.store).status), (true, Status::AwaitingReply));
}

#[test]
fn what_was_taken_back_a_moment_ago_is_not_sent() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "doch nicht");
    let read_before = fixture.operation(message).unwrap();
    fixture.store.discard(message, &DraftId("spare".to_owned())).unwrap();
    assert_eq!(fixture.store.write_of(&read_before).err(), Some(StoreError::NotFound));
    assert_eq!(fixture.store.begin_attempt(&read_before, b"{}", 0), Ok(false));
}

#[test]
fn a_thread_that_was_read_too_early_is_read_once_more() {
    let fixture = fixture();
    let ticket = fixture.known();
    let policy = Profile::built_in().unwrap().thread_policy;
    let late = NOW.plus(fixture.store.quiet());
    let due = |now| fixture.store.threads_due(policy, now, 10).unwrap().len();
    assert_eq!((due(NOW), due(late)), (0, 1), "the reading may have been stale");
    assert_eq!(fixture.store.threads_due_in(policy, NOW).unwrap(), Some(fixture.store.quiet()));
    let thread = RemoteThread { comments: vec![comment(1, ME, "Guten Tag")], people: Vec::new() };
    let of = fixture.store.thread_of(ticket).unwrap().unwrap().of;
    let seen = Seen { by: ME, at: late, desk: None, watched: None };
    fixture.store.apply_thread(&ReadThread { ticket, of, thread: &thread, seen }).unwrap();
    assert_eq!((due(late), fixture.store.threads_due_in(policy, late).unwrap()), (0, None));
    // Changed again within the same second of the desk's clock.
    fixture.store.apply_ticket(&RemoteTicket { status: DeskStatus::Solved, ..remote(500, 10) }, seen).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().row.status, Status::Solved);
    assert_eq!(due(late), 1);
}

#[test]
fn no_jump_of_the_devices_clock_makes_an_early_reading_sure() {
    let fixture = fixture();
    let ticket = fixture.known();
    let policy = Profile::built_in().unwrap().thread_policy;
    let update = remote(500, 10).updated_at;
    let read = |device: Timestamp, desk: Timestamp| {
        let thread = RemoteThread { comments: vec![comment(1, ME, "Guten Tag")], people: Vec::new() };
        let seen = Seen { by: ME, at: device, desk: Some(desk), watched: None };
        fixture.store.apply_thread(&ReadThread { ticket, of: update, thread: &thread, seen }).unwrap();
        // Whenever that may be by the device's clock.
        fixture.store.threads_due(policy, device.plus(Duration::from_hours(1)), 10).unwrap().len()
    };
    let ten_years = Duration::from_hours(24 * 3_650);
    assert_eq!(read(NOW.plus(ten_years), update), 1, "the device jumped ahead, the desk did not");
    assert_eq!(read(NOW.minus(ten_years), update.plus(Duration::from_secs(1))), 1, "the device jumped back");
    assert_eq!(read(NOW, update.plus(fixture.store.quiet())), 0, "late enough by the desk's own clock");
}

#[test]
fn what_is_no_longer_visible_is_gone_from_the_file() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "GEHEIMNIS-4711 für Sie")]);
    let unsent = fixture.reply(ticket, 20, "noch nicht gesendet");
    let draft = ReplyDraft { id: DraftId("d".to_owned()), ticket, body: "halb getippt".to_owned() };
    fixture.store.save_reply_draft(&draft).unwrap();
    fixture.store.vanish(ticket, silent(NOW)).unwrap();
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
fn a_discarded_message_is_kept_as_a_draft() {
    let fixture = fixture();
    let ticket = fixture.known();
    let (first, second) = (fixture.reply(ticket, 20, "eins"), fixture.reply(ticket, 30, "zwei"));
    let spare = DraftId("spare".to_owned());
    assert_eq!(fixture.store.discard(first, &spare).unwrap(), "eins");
    assert_eq!(fixture.store.discard(second, &spare).unwrap(), "zwei");
    assert_eq!(fixture.store.reply_draft(ticket).unwrap().unwrap().body, "eins\n\nzwei");
    assert_eq!(fixture.thread(ticket).len(), 1);
    let third = fixture.reply(ticket, 40, "drei");
    fixture.attempt(third);
    assert_eq!(fixture.store.discard(third, &spare).err(), Some(StoreError::NotFound), "it may be on its way");
}

#[test]
fn an_edited_reply_keeps_its_place_and_takes_a_new_key() {
    let fixture = fixture();
    let ticket = fixture.known();
    let (first, second) = (fixture.reply(ticket, 20, "eins"), fixture.reply(ticket, 30, "zwei"));
    let prepared = fixture.operation(first).unwrap();
    fixture.store.edit_reply(first, "eins, berichtigt 🖊️", id(99)).unwrap();
    let thread: Vec<String> = fixture.thread(ticket).into_iter().map(|message| message.1).collect();
    assert_eq!(thread, ["Guten Tag", "eins, berichtigt 🖊️", "zwei"]);
    assert_eq!(fixture.operation(first).unwrap().key, id(99));
    assert_eq!(
        fixture.store.begin_attempt(&prepared, b"the old text", 0),
        Ok(false),
        "it was prepared for the old text"
    );
    let operation = fixture.attempt(first);
    assert_eq!(fixture.store.edit_reply(first, "zu spät", id(98)).err(), Some(StoreError::NotFound), "on its way");
    fixture.unclear(&operation);
    assert_eq!(fixture.store.edit_reply(first, "zu spät", id(98)).err(), Some(StoreError::NotFound), "nobody knows");
    assert!(fixture.store.edit_reply(second, "zwei, berichtigt", id(97)).is_ok(), "the other one did not move");
}

#[test]
fn an_edited_ticket_is_sent_as_it_was_edited_with_another_reference() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let message = fixture.thread(ticket)[0].0;
    let unsent = fixture.store.unsent_ticket(ticket).unwrap();
    assert_eq!((unsent.subject.as_str(), unsent.access), ("Auszahlung für März fehlt 🧾", true));
    let edited = AcceptedTicket {
        subject: "Auszahlung für April fehlt".to_owned(),
        issue_type: "content".to_owned(),
        cc: Vec::new(),
        description: "Es geht um April.".to_owned(),
        access: false,
    };
    fixture.store.edit_ticket(ticket, &edited, id(50), id(51)).unwrap();
    let operation = fixture.operation(message).unwrap();
    let (write, earlier) = fixture.store.write_of(&operation).unwrap();
    assert_eq!(earlier, None);
    let expected = Write::Create {
        subject: edited.subject,
        description: edited.description,
        issue_type: edited.issue_type,
        cc: Vec::new(),
        access: false,
        reference: id(50).to_string(),
        uploads: Vec::new(),
    };
    assert_eq!((write, operation.key), (Some(expected), id(51)));
    fixture.attempt(message);
    assert_eq!(fixture.store.unsent_ticket(ticket).unwrap().subject, "Auszahlung für April fehlt");
    fixture.store.settle_create(&operation, &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    assert_eq!(fixture.store.unsent_ticket(ticket).err(), Some(StoreError::NotFound), "it is at the desk");
}

#[test]
fn what_can_be_undone_comes_back_as_a_draft_and_leaving_the_app_sends_it() {
    let mut fixture = fixture();
    fixture.hold = Duration::from_secs(5);
    let ticket = fixture.known();
    let (first, second) = (fixture.reply(ticket, 20, "vertippt"), fixture.reply(ticket, 30, "bleibt"));
    assert_eq!(fixture.thread(ticket)[1].2, Delivery::Held(NOW.plus(fixture.hold)));
    fixture.store.discard(first, &DraftId("spare".to_owned())).unwrap();
    assert_eq!(fixture.store.reply_draft(ticket).unwrap().unwrap().body, "vertippt");
    assert_eq!(fixture.store.release_held(), Ok(true));
    assert_eq!(fixture.operation(second).unwrap().state, State::Queued);
    assert_eq!(fixture.store.release_held(), Ok(false));
}

#[test]
fn a_copy_on_another_device_sends_nothing_by_itself() {
    let fixture = fixture();
    let ticket = fixture.known();
    let (begun, fresh) = (fixture.reply(ticket, 20, "begonnen"), fixture.reply(ticket, 30, "noch nicht begonnen"));
    let never = fixture.create(40);
    let creation = fixture.thread(never)[0].0;
    fixture.attempt(begun);
    assert_eq!(fixture.store.bind_installation("old phone", NOW), Ok(false), "the first to name itself");
    assert_eq!(fixture.store.bind_installation("old phone", NOW), Ok(false));
    assert_eq!(fixture.operation(begun).unwrap().state, State::Sending);
    assert_eq!(fixture.store.bind_installation("new phone", NOW), Ok(true));
    let state = |message| fixture.operation(message).unwrap().state;
    assert!(matches!(state(begun), State::Checking(_)), "it is looked for");
    for asked in [fresh, creation] {
        assert!(
            matches!(state(asked), State::NeedsUser(reason) if reason.kind == ReasonKind::Restored),
            "the user is asked"
        );
    }
    // The old phone sent both replies: the desk shows them, and nobody needs to be asked.
    fixture.read(
        ticket,
        &[comment(1, ME, "Guten Tag"), comment(5, ME, "begonnen"), comment(6, ME, "noch nicht begonnen")],
    );
    assert!(fixture.operation(begun).is_none() && fixture.operation(fresh).is_none());
    assert_eq!(fixture.thread(ticket).len(), 3);
    // The ticket is not there, and the user says: send it.
    fixture.store.retry(creation, NOW).unwrap();
    assert_eq!((state(creation), fixture.operation(creation).unwrap().restored), (State::Queued, false));
}

#[test]
fn changes_of_a_ticket_wait_their_turn_and_are_seen_until_they_are_done() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.store.add_cc(ticket, &["bücher@reisen.example".to_owned()], id(60)).unwrap();
    fixture.store.solve(ticket, id(61)).unwrap();
    fixture.store.solve(ticket, id(62)).unwrap();
    let changes = fixture.store.ticket(ticket).unwrap().changes;
    let kinds: Vec<_> = changes.iter().map(|change| (change.kind, change.can_discard)).collect();
    assert_eq!(kinds, [(ChangeKind::AddCc, true), (ChangeKind::Solve, true)], "solved once");
    let operations = fixture.store.operations().unwrap();
    assert!(fixture.store.begin_attempt(&operations[0], b"{}", 0).unwrap());
    assert_eq!(fixture.store.discard_change(operations[0].id).err(), Some(StoreError::NotFound), "on its way");
    fixture.store.settle_change(&operations[0], &remote(500, 11)).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().cc, ["bücher@reisen.example"]);
    assert!(fixture.store.begin_attempt(&operations[1], b"{}", 0).unwrap());
    fixture
        .store
        .settle_change(&operations[1], &RemoteTicket { status: DeskStatus::Solved, ..remote(500, 12) })
        .unwrap();
    let head = fixture.store.ticket(ticket).unwrap();
    assert_eq!((head.row.status, head.row.unread, head.changes.len()), (Status::Solved, false, 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// However often and how incompletely a thread is read, no message stands there twice and the last whole reading wins.
    #[test]
    fn readings_in_any_number_end_the_same(
        replies in prop::collection::vec("[ab]{1,2}", 0..4),
        cuts in prop::collection::vec(0_usize..8, 0..6),
    ) {
        let fixture = fixture();
        let ticket = fixture.known();
        let mut thread = vec![comment(1, ME, "Guten Tag")];
        for (index, body) in replies.iter().enumerate() {
            let message = fixture.reply(ticket, 100 + index as u128, body);
            let operation = fixture.attempt(message);
            thread.push(comment(10 + i64::try_from(index).unwrap(), ME, body));
            if index % 2 == 0 { fixture.unclear(&operation) } else { fixture.store.settle_reply(&operation, &remote(500, 11), NOW).unwrap() }
        }
        for cut in cuts {
            fixture.read(ticket, &thread[..thread.len().min(cut + 1)]);
        }
        fixture.read(ticket, &thread);
        let bodies: Vec<String> = fixture.thread(ticket).into_iter().map(|message| message.1).collect();
        let expected: Vec<String> = thread.into_iter().map(|comment| comment.body).collect();
        prop_assert_eq!(bodies, expected);
        prop_assert!(fixture.store.operations().unwrap().is_empty());
    }
}
