//! Tests of the store: the file belongs to one user, a message is one row, and the server's answers find that row.

mod damage;
mod disk;
mod duplicates;
mod files;
mod lifecycle;
mod matching;
mod migrations;
mod outbox;
mod pull;
mod queries;
mod search;
mod statuses;
mod threads;
mod times;
mod writing;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use super::db::connection::APPLICATION_ID;
use super::db::migrations::STEPS;
use super::*;
use crate::model::Timestamp;
use crate::model::{
    ChangeKind, CommentId, Delivery, DraftId, MessageId, PersonId, ReasonKind, ReplyDraft, ServerStatus, TicketDraft,
    TicketId, TicketNumber,
};
use crate::model::{RemoteComment, RemotePerson, RemoteTicket, TicketList, Write};
use crate::outbox::{ClockReading, Evidence, Kind, Operation, Release, Settlement, State, Wait, interrupted};
use crate::product::AcceptedTicket;
use crate::product::Product;

const ME: PersonId = PersonId(9_001);
const AGENT: PersonId = PersonId(77);
const NOW: Timestamp = Timestamp(1_772_442_000_000);
const SEEN: Observation = Observation { by: ME, at: NOW, server: None, open_thread: None };

struct Fixture {
    folder: TempDir,
    store: Store,
    hold: Duration,
}

fn open_in(folder: &Path, account: &str, server: &str) -> Result<Store, StoreError> {
    let product = Arc::new(Product::built_in().unwrap());
    Store::open(folder, account, server, None, product, Arc::default())
}

fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path(), "ada", "https://desk.example/").unwrap();
    store.bind("https://desk.example/", ME, Some("ada@reisen.example")).unwrap();
    Fixture { folder, store, hold: Duration::ZERO }
}

fn solve(key: Uuid) -> NewChange<'static> {
    NewChange { kind: ChangeKind::Solve, action: "solve", addresses: &[], value: None, key }
}

fn add_cc(addresses: &[String], key: Uuid) -> NewChange<'_> {
    NewChange { kind: ChangeKind::AddCc, action: "add_cc", addresses, value: None, key }
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
            follows: None,
            requester: None,
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
            .reply(&NewReply {
                draft: &draft,
                ticket,
                body,
                structure: None,
                action: None,
                key: id(1),
                hold: self.hold,
                now: NOW,
            })
            .unwrap()
        {
            ReplyOutcome::Written(message) => message,
            refused => panic!("{refused:?}"),
        }
    }

    /// A ticket that the server has, and whose thread was read: it contains only the description.
    fn known(&self) -> TicketId {
        let list = TicketList("own".to_owned());
        let page = PulledPage { list: &list, tickets: &[remote(500, 10)], step: PageStep::Incremental, seen: SEEN };
        self.store.apply_page(&page).unwrap();
        let ticket = self.store.ticket_by_number(TicketNumber(500)).unwrap().unwrap();
        self.read(ticket, &[comment(1, ME, "Guten Tag")]);
        ticket
    }

    /// Reads a thread of these comments, by a server that tells no time.
    fn read(&self, ticket: TicketId, comments: &[RemoteComment]) {
        self.read_and_settle(ticket, comments);
    }

    /// The same, with what it settles.
    fn read_and_settle(&self, ticket: TicketId, comments: &[RemoteComment]) -> Vec<Settlement> {
        let people = [
            RemotePerson { id: ME, name: "Ada Lindqvist".to_owned(), agent: false, photo: None },
            RemotePerson { id: AGENT, name: "Marta Feld".to_owned(), agent: true, photo: None },
        ];
        let of = self.store.thread_due(ticket).unwrap().unwrap().of;
        self.store.apply_thread(&ReadThread { ticket, of, comments, people: &people, seen: SEEN }).unwrap()
    }

    /// Puts an operation into `state`, when the server may have it.
    fn put(&self, operation: &Operation, state: State) {
        self.store.decide(operation.id, |operation, _| Operation { state, ..operation.clone() }.into()).unwrap();
    }

    /// Begins an attempt for the operation of `message`.
    fn attempt(&self, message: MessageId) -> Operation {
        let operation = self.operation(message).unwrap();
        assert!(self.store.begin_attempt(&operation, b"{}", 0).unwrap());
        operation
    }

    /// The outcome of the attempt is ambiguous.
    fn ambiguous(&self, operation: &Operation) {
        self.store.decide(operation.id, |operation, _| interrupted(operation, NOW).into()).unwrap();
    }

    fn operation(&self, message: MessageId) -> Option<Operation> {
        self.store.operations().unwrap().into_iter().find(|operation| operation.message == Some(message))
    }

    fn thread(&self, ticket: TicketId) -> Vec<(MessageId, String, Delivery)> {
        let page = self.store.thread(ticket, None, 200).unwrap();
        page.messages.into_iter().map(|message| (message.id, message.body, message.delivery)).collect()
    }
}

/// Stores a page of the list of the user's own tickets.
fn page(fixture: &Fixture, tickets: &[RemoteTicket]) {
    let list = TicketList("own".to_owned());
    fixture.store.apply_page(&PulledPage { list: &list, tickets, step: PageStep::Incremental, seen: SEEN }).unwrap();
}

/// A time by the device's clock only: the server tells none.
fn silent(device: Timestamp) -> ClockReading {
    ClockReading { device, server: None }
}

/// A whole thread, as sync collects it from its pages.
#[derive(Clone, Default)]
struct RemoteThread {
    comments: Vec<RemoteComment>,
    people: Vec<RemotePerson>,
}

/// An open ticket of the user, updated so many minutes after its creation.
fn remote(number: i64, updated_minutes: i64) -> RemoteTicket {
    RemoteTicket {
        number: TicketNumber(number),
        subject: "Auszahlung für März fehlt 🧾".to_owned(),
        description: Some("Guten Tag,\r\nsie fehlt.\n".to_owned()),
        status: ServerStatus::Open,
        created_at: NOW,
        updated_at: Timestamp(NOW.0 + updated_minutes * 60_000),
        nonsense_time: None,
        follows: None,
        custom_status: None,
        requester: Some(ME),
        issue_type: Some("payments_finance".to_owned()),
        access: Some(true),
        client_reference: None,
        read_through: None,
        can_solve: None,
        cc: Vec::new(),
        fields: BTreeMap::default(),
    }
}

fn comment(id: i64, author: PersonId, body: &str) -> RemoteComment {
    let created_at = Timestamp(NOW.0 + id * 1_000);
    let (author, body) = (Some(author), body.to_owned());
    RemoteComment {
        id: CommentId(id),
        author,
        body,
        structure: None,
        forms: Vec::new(),
        created_at,
        attachments: Vec::new(),
        shortened: false,
        channel: None,
    }
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
    assert_eq!(refused, Some(StoreError::NewerSchema { found: 99, known: u32::try_from(STEPS.len()).unwrap() }));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_is_bound_to_its_account_and_server() {
    let fixture = fixture();
    assert_eq!(fixture.store.bind("https://desk.example/", PersonId(1), None).err(), Some(StoreError::OtherAccount));
    fixture.store.close();
    let other_server = open_in(fixture.folder.path(), "ada", "https://other.example/").err();
    assert_eq!(other_server, Some(StoreError::OtherAccount));
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
    let product = Arc::new(Product::built_in().unwrap());
    let key = StoreKey([7; 32]);
    let opened = Store::open(folder.path(), "ada", "https://desk.example/", Some(&key), product, Arc::default());
    assert_eq!(opened.err(), Some(StoreError::KeyNotSupported));
}

#[test]
fn a_closed_store_says_so() {
    let fixture = fixture();
    fixture.store.close();
    fixture.store.close();
    assert_eq!(fixture.store.history(None, 10).err(), Some(StoreError::Closed));
    assert_eq!(fixture.store.mark_thread_opened(TicketId(1)).err(), Some(StoreError::Closed));
}

#[test]
fn pages_continue_where_the_last_one_ended() {
    let fixture = fixture();
    let list = TicketList("own".to_owned());
    // Some tickets have equal times. Then the number decides their order.
    let tickets: Vec<RemoteTicket> = (1..=25).map(|number| remote(number, number / 10)).collect();
    fixture
        .store
        .apply_page(&PulledPage { list: &list, tickets: &tickets, step: PageStep::Incremental, seen: SEEN })
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
    assert_eq!(fixture.store.history(Some("nonsense"), 4).err(), Some(StoreError::InvalidCursor));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// However often a thread is read, and however incompletely, no message is shown twice, and the last complete read decides.
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
            if index % 2 == 0 { fixture.ambiguous(&operation) } else { fixture.store.settle_reply(&operation, &remote(500, 11), NOW).unwrap() }
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
