//! A damaged file gives back what the user wrote or reports that something is lost. It never prevents the next write.

mod place;
mod rows;
mod schema;

use std::path::PathBuf;

use super::*;

const SERVER: &str = "https://desk.example/";
const PAGE: usize = 4096;

/// The four texts that the user wrote and that are not on the server.
const UNSENT: [&str; 4] = ["UNGESENDET-1 الرجاء المساعدة", "UNGESENDET-2", "Guten Tag,\nsie fehlt.", "ENTWURF-1 🧾"];

struct Written {
    folder: TempDir,
    known: TicketId,
}

/// A closed file with a history, and with two replies, a ticket and a draft that are unsent.
fn written() -> Written {
    let fixture = fixture();
    let known = fixture.known();
    let list = TicketList("own".to_owned());
    let tickets: Vec<RemoteTicket> = (600..700).map(|number| remote(number, number)).collect();
    let page = PulledPage { list: &list, tickets: &tickets, step: PageStep::Incremental, seen: SEEN };
    fixture.store.apply_page(&page).unwrap();
    let long = "Wir prüfen das noch. ".repeat(60);
    let thread: Vec<RemoteComment> = (2..40).map(|id| comment(id, AGENT, &long)).collect();
    fixture.read(known, &[vec![comment(1, ME, UNSENT[1])], thread].concat());
    fixture.attempt(fixture.reply(known, 20, UNSENT[0]));
    fixture.reply(known, 22, UNSENT[1]);
    fixture.create(30);
    let draft = ReplyDraft::plain(DraftId("d".to_owned()), known, UNSENT[3]);
    fixture.store.save_reply_draft(&draft).unwrap();
    fixture.store.close();
    Written { folder: fixture.folder, known }
}

impl Written {
    fn file(&self) -> PathBuf {
        file_of(self.folder.path(), "ada")
    }

    fn open(&self) -> Store {
        open_in(self.folder.path(), "ada", SERVER).unwrap()
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.file().with_file_name(name)
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(self.file().parent().unwrap()).unwrap();
        let mut names: Vec<String> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// Every text of the file that a user can see, read in the ways in which screens read it.
fn texts(store: &Store) -> Result<Vec<String>, StoreError> {
    let mut texts = Vec::new();
    let mut after = None;
    loop {
        let page = store.history(after.as_deref(), 50)?;
        for row in &page.tickets {
            texts.extend(store.thread(row.id, None, 200)?.messages.into_iter().map(|message| message.body));
            texts.extend(store.reply_draft(row.id)?.map(|draft| draft.body));
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    store.operations()?;
    store.overview()?;
    Ok(texts)
}

/// The texts, queried until the store answers, as screens do.
fn settled(store: &Store) -> Vec<String> {
    for _ in 0..3 {
        if let Ok(texts) = texts(store) {
            return texts;
        }
    }
    texts(store).unwrap()
}

#[test]
fn a_file_without_its_header_gives_back_everything_that_was_unsent() {
    let written = written();
    let mut bytes = fs::read(written.file()).unwrap();
    bytes[..100].fill(0x5a);
    fs::write(written.file(), &bytes).unwrap();
    let store = written.open();
    assert_eq!(store.recovered().unwrap(), Some(Recovered { salvaged: 4, lost: false }));
    let texts = texts(&store).unwrap();
    for text in UNSENT {
        assert!(texts.iter().any(|found| found == text), "{text}");
    }
    assert_eq!(store.account().unwrap().person, Some(ME));
    assert_eq!(store.overview().unwrap().last_sync_at, None, "the history is read again");
    assert_eq!(store.list_state(&TicketList("own".to_owned())).unwrap(), ListState::default());

    // The last changes may be missing from the file. So nothing is sent before it was looked for on the server.
    store.recover_sending(NOW, false).unwrap();
    let operations = store.operations().unwrap();
    assert_eq!(operations.len(), 3);
    assert!(operations.iter().all(|operation| matches!(operation.state, State::Checking(_))));
    // An older comment of the user with the same text is not taken for the reply that waits.
    let fixture = Fixture { store, folder: written.folder, hold: Duration::ZERO };
    fixture.store.apply_ticket(&remote(500, 10), SEEN).unwrap();
    fixture.read(written.known, &[comment(1, ME, UNSENT[1])]);
    assert_eq!(fixture.store.operations().unwrap().len(), 3);

    fixture.store.acknowledge_recovery().unwrap();
    assert_eq!(fixture.store.recovered().unwrap(), None);
}

#[test]
fn whichever_page_is_hit_nothing_is_lost_in_silence() {
    let written = written();
    let sound = fs::read(written.file()).unwrap();
    assert!(sound.len() / PAGE > 20);
    for page in 0..sound.len() / PAGE {
        let _ = fs::remove_file(written.beside("desk.sqlite3-wal"));
        let mut bytes = sound.clone();
        bytes[page * PAGE..(page + 1) * PAGE].fill(0xa5);
        fs::write(written.file(), &bytes).unwrap();
        let store = match open_in(written.folder.path(), "ada", SERVER) {
            Ok(store) => store,
            Err(error) => panic!("page {page}: {error}"),
        };
        settled(&store);
        // Whatever was hit, the user can write the next ticket, at the second tap at the latest.
        let new = new_ticket(page);
        let ticket = store.submit(&new).or_else(|_| store.submit(&new)).unwrap();
        assert_eq!(store.thread(ticket, None, 10).unwrap().messages.len(), 1);
        let texts = settled(&store);
        let missing = UNSENT.iter().filter(|text| !texts.iter().any(|found| found == *text)).count();
        let told = store.recovered().unwrap();
        assert!(missing == 0 || told.is_some_and(|told| told.lost), "page {page}: {missing} missing, {told:?}");
    }
}

fn new_ticket(number: usize) -> NewTicket<'static> {
    let accepted = AcceptedTicket {
        subject: "Danach".to_owned(),
        issue_type: "content".to_owned(),
        cc: Vec::new(),
        description: "Es geht weiter.".to_owned(),
        access: false,
        follows: None,
        requester: None,
    };
    let draft = Box::leak(Box::new(DraftId(format!("nach-{number}"))));
    let number = number as u128;
    NewTicket {
        draft,
        accepted: Box::leak(Box::new(accepted)),
        reference: id(5_000 + number),
        key: id(9_000 + number),
        hold: Duration::ZERO,
        now: NOW,
    }
}

#[test]
fn a_file_that_was_cut_short_says_what_is_lost() {
    let written = written();
    let sound = fs::read(written.file()).unwrap();
    for length in [0, 1, 99, 511, 512, PAGE, PAGE + 1, sound.len() / 2, sound.len() - 1] {
        fs::write(written.file(), &sound[..length]).unwrap();
        let store = written.open();
        let texts = settled(&store);
        let missing = UNSENT.iter().filter(|text| !texts.iter().any(|found| found == *text)).count();
        let told = store.recovered().unwrap();
        assert!(missing == 0 || told.is_some_and(|told| told.lost), "{length}: {missing} missing, {told:?}");
    }
}

#[test]
fn another_file_in_its_place_is_left_untouched() {
    let written = written();
    let letter = "Sehr geehrte Damen und Herren, ".repeat(500);
    fs::write(written.file(), &letter).unwrap();
    let refused = || open_in(written.folder.path(), "ada", SERVER).err();
    assert_eq!(refused(), Some(StoreError::NotADatabase));
    assert_eq!(fs::read_to_string(written.file()).unwrap(), letter);
    fs::remove_file(written.file()).unwrap();
    Connection::open(written.file()).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    let before = fs::read(written.file()).unwrap();
    assert_eq!(refused(), Some(StoreError::NotADatabase));
    assert_eq!(fs::read(written.file()).unwrap(), before);
}

#[test]
fn damage_in_the_middle_of_life_is_repaired_under_the_screens() {
    let written = written();
    let store = Arc::new(written.open());
    let changes = store.live().subscribe();
    // The table of tickets is destroyed while the store is open and has not read it yet.
    let root: usize = store
        .read(|db| {
            let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'tickets'";
            Ok(db.query_row(sql, [], |row| row.get::<_, i64>(0))?)
        })
        .map(|root| usize::try_from(root).unwrap())
        .unwrap();
    store.suspend();
    let mut bytes = fs::read(written.file()).unwrap();
    bytes[(root - 1) * PAGE..root * PAGE].fill(0xff);
    let _ = fs::remove_file(written.beside("desk.sqlite3-wal"));
    fs::write(written.file(), &bytes).unwrap();
    store.resume().unwrap();
    assert_eq!(store.history(None, 10).err(), Some(StoreError::Corrupt));
    assert!(store.history(None, 10).is_ok());
    assert!(store.recovered().unwrap().is_some_and(|told| told.lost));
    let told = futures_util::FutureExt::now_or_never(changes.next()).unwrap();
    assert!(told.history && told.status && told.outbox);
    assert!(futures_util::FutureExt::now_or_never(store.renewed()).is_some(), "sync starts again");
}

#[test]
fn what_was_set_aside_goes_with_the_first_sync_or_the_next_opening() {
    for synced in [true, false] {
        let written = written();
        let mut bytes = fs::read(written.file()).unwrap();
        bytes[..100].fill(0x5a);
        fs::write(written.file(), &bytes).unwrap();
        let store = written.open();
        assert!(written.names().contains(&"damaged.sqlite3".to_owned()));
        if synced {
            store.forget_damaged().unwrap();
        } else {
            drop(store);
            drop(written.open());
        }
        assert!(!written.names().iter().any(|name| name.starts_with("damaged")), "{:?}", written.names());
    }
}

#[test]
fn a_salvage_that_was_cut_short_is_finished_or_started_again() {
    let written = written();
    let sound = fs::read(written.file()).unwrap();
    // The process was killed before the new file was complete: an incomplete one is left.
    fs::write(written.beside("desk.rescuing"), &sound[..PAGE]).unwrap();
    fs::write(written.beside("desk.mended"), &sound[..PAGE]).unwrap();
    let store = written.open();
    assert_eq!(store.unsent().unwrap(), Unsent { messages: 3, drafts: 1 });
    assert_eq!(written.names(), ["desk.sqlite3", "desk.sqlite3-shm", "desk.sqlite3-wal", "lock"]);
    drop(store);
    // The process was killed after that: the new file replaces the old one, whose log must not be taken for the new one's.
    fs::rename(written.file(), written.beside("desk.rescued")).unwrap();
    fs::write(written.file(), vec![0x77; 3 * PAGE]).unwrap();
    fs::write(written.beside("desk.sqlite3-wal"), vec![0x77; 3 * PAGE]).unwrap();
    let store = written.open();
    assert_eq!(store.unsent().unwrap(), Unsent { messages: 3, drafts: 1 });
    assert_eq!(fs::metadata(written.beside("damaged.sqlite3-wal")).unwrap().len(), 3 * PAGE as u64);
}

/// Closes the file, destroys its header, opens it again and recovers it as the next run of sync does.
fn salvaged(fixture: Fixture) -> Fixture {
    fixture.store.close();
    let path = file_of(fixture.folder.path(), "ada");
    let mut bytes = fs::read(&path).unwrap();
    bytes[..100].fill(0x5a);
    fs::write(&path, &bytes).unwrap();
    let Fixture { folder, store, hold } = fixture;
    drop(store);
    let store = open_in(folder.path(), "ada", SERVER).unwrap();
    assert!(store.recovered().unwrap().is_some());
    store.recover_sending(NOW, false).unwrap();
    Fixture { folder, store, hold }
}

#[test]
fn an_older_ticket_of_the_same_text_is_not_taken_for_a_salvaged_one() {
    let fixture = fixture();
    let own = TicketList("own".to_owned());
    let page = PulledPage { list: &own, tickets: &[remote(640, 0)], step: PageStep::Incremental, seen: SEEN };
    fixture.store.apply_page(&page).unwrap();
    let (ever_attempted, waiting) = (fixture.create(10), fixture.create(20));
    fixture.attempt(fixture.thread(ever_attempted)[0].0);
    // The operation of a third ticket is lost, and only its text is left.
    let lost = fixture.create(30);
    let sql = "DELETE FROM outbox WHERE ticket = ?1";
    fixture.store.write(Priority::User, |edit| Ok(edit.tx.execute(sql, [lost.0])?)).unwrap();
    let fixture = salvaged(fixture);
    fixture.store.apply_created(&[remote(640, 0)], SEEN).unwrap();
    let number = |ticket| fixture.store.ticket(ticket).unwrap().row.number.map(|number| number.0);
    assert_eq!([ever_attempted, waiting, lost].map(number), [None; 3], "the ticket is older than the creation");
    fixture.store.apply_created(&[remote(641, 0), remote(642, 0), remote(643, 0)], SEEN).unwrap();
    let mut found = [ever_attempted, waiting, lost].map(number);
    found.sort_unstable();
    assert_eq!(found, [Some(641), Some(642), Some(643)]);
}

#[test]
fn an_older_comment_is_not_taken_for_what_waits_in_a_thread_that_the_file_never_had() {
    let fixture = fixture();
    let own = TicketList("own".to_owned());
    let page = PulledPage { list: &own, tickets: &[remote(500, 10)], step: PageStep::Incremental, seen: SEEN };
    fixture.store.apply_page(&page).unwrap();
    let ticket = fixture.store.ticket_by_number(TicketNumber(500)).unwrap().unwrap();
    let waiting = fixture.reply(ticket, 20, "ok");
    let lost = fixture.reply(ticket, 22, "ok");
    let sql = "DELETE FROM outbox WHERE message = ?1";
    fixture.store.write(Priority::User, |edit| Ok(edit.tx.execute(sql, [lost.0])?)).unwrap();
    let fixture = salvaged(fixture);
    fixture.store.apply_ticket(&remote(500, 10), SEEN).unwrap();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(5, ME, "ok"), comment(6, ME, "ok")]);
    let state = |message| fixture.operation(message).map(|operation| operation.state);
    assert_eq!(state(waiting), Some(State::Queued), "never attempted, because the thread was never read");
    assert_eq!(state(lost), Some(State::MayHaveBeenSent));
}

#[test]
fn a_creation_whose_row_was_lost_stands_before_its_replies() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let reply = fixture.reply(ticket, 20, "Nachtrag: die Rechnung war vom März.");
    let sql = "DELETE FROM outbox WHERE kind = 'create'";
    fixture.store.write(Priority::User, |edit| Ok(edit.tx.execute(sql, [])?)).unwrap();
    let fixture = salvaged(salvaged(fixture));
    let operations = fixture.store.operations().unwrap();
    assert_eq!(operations.iter().map(|row| row.kind).collect::<Vec<_>>(), [Kind::Create, Kind::Reply]);
    assert_eq!(operations[0].state, State::MayHaveBeenSent);
    assert_eq!(operations[1].message, Some(reply));
    assert_eq!(crate::outbox::next(&operations, NOW).step, None, "the reply waits for the user's decision");
}
