//! A damaged file gives back what the user wrote, or says that something is lost; it never stands in the way.

use std::path::PathBuf;

use super::*;

const SERVER: &str = "https://desk.example/";
const PAGE: usize = 4096;

/// What the user wrote and nobody has: four texts.
const UNSENT: [&str; 4] = ["UNGESENDET-1 الرجاء المساعدة", "UNGESENDET-2", "Guten Tag,\nsie fehlt.", "ENTWURF-1 🧾"];

struct Written {
    folder: TempDir,
    known: TicketId,
}

/// A closed file with a history, two replies, a ticket and a draft that are unsent.
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
    let draft = ReplyDraft { id: DraftId("d".to_owned()), ticket: known, body: UNSENT[3].to_owned() };
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

/// Every text of the user's that is in the file, by whatever way a user can see it.
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

/// Looks until the store answers, as screens do.
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

    // Nobody knows what the file forgot last: nothing is sent before it was looked for.
    store.recover_sending(NOW).unwrap();
    let operations = store.operations().unwrap();
    assert_eq!(operations.len(), 3);
    assert!(operations.iter().all(|operation| matches!(operation.state, State::Checking(_))));
    // An own comment of before, with the same text, is not taken for the reply that waits.
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
        // Whatever was hit, the next thing can be written: at once, or at the second tap.
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
    // The table of tickets is gone from under a store that has not read it yet.
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
    assert!(futures_util::FutureExt::now_or_never(store.renewed()).is_some(), "sync begins anew");
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
    // Before the fresh file was complete: a half one lies about.
    fs::write(written.beside("desk.rescuing"), &sound[..PAGE]).unwrap();
    fs::write(written.beside("desk.mended"), &sound[..PAGE]).unwrap();
    let store = written.open();
    assert_eq!(store.unsent().unwrap(), Unsent { messages: 3, drafts: 1 });
    assert_eq!(written.names(), ["desk.sqlite3", "desk.sqlite3-shm", "desk.sqlite3-wal", "lock"]);
    drop(store);
    // After it was: it takes the place of the old one, whose log must not be taken for its own.
    fs::rename(written.file(), written.beside("desk.rescued")).unwrap();
    fs::write(written.file(), vec![0x77; 3 * PAGE]).unwrap();
    fs::write(written.beside("desk.sqlite3-wal"), vec![0x77; 3 * PAGE]).unwrap();
    let store = written.open();
    assert_eq!(store.unsent().unwrap(), Unsent { messages: 3, drafts: 1 });
    assert_eq!(fs::metadata(written.beside("damaged.sqlite3-wal")).unwrap().len(), 3 * PAGE as u64);
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_written() {
    let fixture = fixture();
    let ticket = fixture.known();
    let limit = |pages: i64| {
        fixture.store.write(Priority::User, |edit| Ok(edit.tx.pragma_update(None, "max_page_count", pages)?)).unwrap();
    };
    limit(1); // As many as there are.
    let draft = DraftId(id(20).to_string());
    let body = "Lange Antwort. ".repeat(20_000);
    let new = NewReply { draft: &draft, ticket, body: &body, key: id(1), hold: Duration::ZERO, now: NOW };
    assert!(matches!(fixture.store.reply(&new), Err(StoreError::NoSpace)));
    assert_eq!((fixture.thread(ticket).len(), fixture.store.operations().unwrap().len()), (1, 0));
    limit(1_000_000);
    assert!(fixture.store.reply(&new).is_ok(), "the same call works when there is space again");
}

/// A small disk, if this machine lets us have one.
#[cfg(target_os = "linux")]
struct SmallDisk(TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn mount(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let disk = Self(folder);
        disk.run("mount", &["-t", "tmpfs", "-o", options, "tmpfs"]).then_some(disk)
    }

    fn run(&self, command: &str, args: &[&str]) -> bool {
        let mut command = std::process::Command::new(command);
        let done = command.args(args).arg(self.0.path()).stderr(std::process::Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        self.run("umount", &["--lazy"]);
    }
}

/// What stops SQLite from making its log, or the index of it, is said as it is, and is no damage.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_without_room_for_the_log_is_full_and_one_that_allows_no_writing_says_so() {
    let open = |disk: &SmallDisk| open_in(disk.0.path(), "ada", "https://desk.example/");
    let Some(disk) = SmallDisk::mount("size=2m,nr_inodes=64") else {
        eprintln!("not tried: this needs the right to mount a file system");
        return;
    };
    let store = open(&disk).unwrap();
    store.bind("https://desk.example/", ME, None).unwrap();
    store.close();
    // No file can be made any more.
    let filler = |number: usize| disk.0.path().join(format!("Foto {number}.heic"));
    let files = (0..64).take_while(|number| fs::write(filler(*number), "").is_ok()).count();
    assert_eq!(open(&disk).err(), Some(StoreError::NoSpace));
    for number in 0..files {
        fs::remove_file(filler(number)).unwrap();
    }
    // No byte can be written any more.
    let mut film = fs::File::create(disk.0.path().join("Film.mov")).unwrap();
    while std::io::Write::write(&mut film, &[7; 4096]).is_ok_and(|written| written > 0) {}
    drop(film);
    assert_eq!(open(&disk).err(), Some(StoreError::NoSpace));
    fs::remove_file(disk.0.path().join("Film.mov")).unwrap();
    assert!(disk.run("mount", &["-o", "remount,ro"]));
    assert_eq!(open(&disk).err(), Some(StoreError::ReadOnly));
    assert!(disk.run("mount", &["-o", "remount,rw"]));
    assert_eq!(open(&disk).unwrap().account().unwrap().person, Some(ME), "nothing was taken for damaged");
    let names = file_of(disk.0.path(), "ada").parent().unwrap().read_dir().unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|name| !name.contains("damaged") && !name.contains("trial")), "{names:?}");
}

/// Closes the file, takes its head away and opens it again, as the next run of sync does.
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
    store.recover_sending(NOW).unwrap();
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
    // The row of a third is lost, and only its text is left.
    let lost = fixture.create(30);
    let sql = "DELETE FROM outbox WHERE ticket = ?1";
    fixture.store.write(Priority::User, |edit| Ok(edit.tx.execute(sql, [lost.0])?)).unwrap();
    let fixture = salvaged(fixture);
    fixture.store.apply_created(&[remote(640, 0)], SEEN).unwrap();
    let number = |ticket| fixture.store.ticket(ticket).unwrap().row.number.map(|number| number.0);
    assert_eq!([ever_attempted, waiting, lost].map(number), [None; 3], "it was there before");
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
    assert_eq!(state(waiting), Some(State::Queued), "nothing was sent before the thread was read");
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
    assert_eq!(crate::outbox::next(&operations, NOW).step, None, "the reply waits for what the user says");
}
