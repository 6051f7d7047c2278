//! A suspended process holds nothing, a second process is refused, and signing out leaves nothing behind.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;

use pocketdesk_disk::locks::{self, Lock};

use super::*;

const SERVER: &str = "https://desk.example/";

/// The locks and the open files that this process holds in `folder`.
fn held_in(folder: &Path) -> (Vec<Lock>, Vec<PathBuf>) {
    (locks::held(folder).unwrap(), locks::open_files(folder).unwrap())
}

fn folder_of(fixture: &Fixture) -> PathBuf {
    file_of(fixture.folder.path(), "ada").parent().unwrap().to_owned()
}

/// Every byte of the files below `folder`, with their names.
fn bytes_below(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        bytes.extend(path.file_name().unwrap().as_encoded_bytes());
        bytes.extend(if path.is_dir() { bytes_below(&path) } else { fs::read(&path).unwrap() });
    }
    bytes
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
#[cfg(target_os = "linux")]
fn a_suspended_store_holds_no_lock_and_no_open_file() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    fixture.thread(ticket);
    let (locks, files) = held_in(&folder_of(&fixture));
    assert!(!locks.is_empty() && !files.is_empty(), "an open store holds both");
    fixture.store.suspend();
    assert_eq!(held_in(&folder_of(&fixture)), (Vec::new(), Vec::new()));
    fixture.store.suspend();
    assert_eq!(fixture.store.history(None, 10).err(), Some(StoreError::Suspended));
    assert_eq!(fixture.store.mark_thread_opened(ticket).err(), Some(StoreError::Suspended));
    assert_eq!(fixture.store.sign_out(SignOut::Discard).err(), Some(StoreError::Suspended));
    fixture.store.resume().unwrap();
    fixture.store.resume().unwrap();
    assert_eq!(fixture.thread(ticket).len(), 1, "what was written is there");
    fixture.reply(ticket, 20, "Nachtrag");
    fixture.store.suspend();
    fixture.store.close();
    assert_eq!(fixture.store.resume().err(), Some(StoreError::Closed));
    assert_eq!(fixture.store.history(None, 10).err(), Some(StoreError::Closed));
}

#[test]
fn suspending_waits_for_what_is_running_and_turns_away_what_comes() {
    let fixture = fixture();
    let (inside, was_inside) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let store = &fixture.store;
    thread::scope(|scope| {
        let write = scope.spawn(move || {
            store.write(Priority::User, |edit| {
                inside.send(()).unwrap();
                may_go_on.recv().unwrap();
                edit.tx.execute("UPDATE account SET email = 'neu@reisen.example'", [])?;
                Ok(())
            })
        });
        was_inside.recv().unwrap();
        let suspending = scope.spawn(|| store.suspend());
        while store.account().is_ok() {
            thread::yield_now();
        }
        assert_eq!(store.account().err(), Some(StoreError::Suspended), "although a write is still running");
        assert!(!suspending.is_finished());
        go_on.send(()).unwrap();
        assert_eq!(write.join().unwrap(), Ok(()));
    });
    store.resume().unwrap();
    assert_eq!(store.account().unwrap().email.as_deref(), Some("neu@reisen.example"));
}

#[test]
fn an_account_is_open_once() {
    let fixture = fixture();
    let again = || open_in(fixture.folder.path(), "ada", SERVER).map(drop);
    assert_eq!(again(), Err(StoreError::InUse));
    fixture.store.suspend();
    assert_eq!(again(), Ok(()), "a suspended store does not hold the folder");
    let other = open_in(fixture.folder.path(), "ada", SERVER).unwrap();
    assert_eq!(fixture.store.resume(), Err(StoreError::InUse));
    assert_eq!(fixture.store.account().err(), Some(StoreError::Suspended));
    drop(other);
    assert_eq!(fixture.store.resume(), Ok(()));
    fixture.store.close();
    assert_eq!(again(), Ok(()));
}

#[test]
fn resuming_sees_what_another_process_wrote() {
    let fixture = fixture();
    fixture.store.suspend();
    let other = open_in(fixture.folder.path(), "ada", SERVER).unwrap();
    other.bind(SERVER, ME, Some("neu@reisen.example")).unwrap();
    drop(other);
    fixture.store.resume().unwrap();
    assert_eq!(fixture.store.account().unwrap().email.as_deref(), Some("neu@reisen.example"));
}

#[test]
fn a_panic_in_a_write_rolls_back_and_leaves_a_fresh_connection() {
    let fixture = fixture();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        fixture.store.write(Priority::User, |edit| -> Result<(), StoreError> {
            edit.tx.execute("UPDATE account SET email = 'halb'", [])?;
            edit.tx.execute("CREATE TEMP TABLE trace (x)", [])?;
            panic!("in the middle")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(fixture.store.account().unwrap().email.as_deref(), Some("ada@reisen.example"));
    let traces = fixture.store.write(Priority::User, |edit| {
        Ok(edit.tx.query_row("SELECT count(*) FROM temp.sqlite_schema", [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(traces, Ok(0));
}

/// An account with a history, two unsent messages, a draft, a cached file and a staged file.
fn full() -> (Fixture, TicketId) {
    let fixture = fixture();
    let known = fixture.known();
    let subject = "Rechnung BETREFF-1 🧾".to_owned();
    fixture.store.apply_ticket(&RemoteTicket { subject, ..remote(500, 11) }, SEEN).unwrap();
    fixture.read(known, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "GEHEIMNIS-4711 für Sie")]);
    fixture.reply(known, 20, "UNGESENDET-1 الرجاء المساعدة");
    fixture.create(30);
    let draft = ReplyDraft::plain(DraftId("d".to_owned()), known, "ENTWURF-1 🧾");
    fixture.store.save_reply_draft(&draft).unwrap();
    let cache = folder_of(&fixture).join("files");
    fs::create_dir(&cache).unwrap();
    fs::write(cache.join("rechnung.pdf"), "GEHEIMNIS-4711").unwrap();
    let outgoing = folder_of(&fixture).join("outgoing");
    fs::create_dir(&outgoing).unwrap();
    fs::write(outgoing.join("1"), "ANHANG-1").unwrap();
    (fixture, known)
}

#[test]
fn what_a_sign_out_would_lose_is_said_before() {
    let (fixture, _) = full();
    assert_eq!(fixture.store.unsent().unwrap(), Unsent { messages: 2, drafts: 1 });
}

#[test]
fn signing_out_leaves_nothing() {
    let (fixture, _) = full();
    fixture.store.sign_out(SignOut::Discard).unwrap();
    assert_eq!(fixture.store.history(None, 10).err(), Some(StoreError::Closed));
    assert_eq!(fixture.store.resume().err(), Some(StoreError::Closed));
    assert!(!folder_of(&fixture).exists());
    let again = open_in(fixture.folder.path(), "ada", SERVER).unwrap();
    assert_eq!((again.history(None, 10).unwrap().total, again.unsent().unwrap()), (0, Unsent::default()));
}

#[test]
fn signing_out_and_keeping_leaves_what_is_unsent_and_nothing_else() {
    let (fixture, known) = full();
    let before = fixture.store.operations().unwrap();
    fixture.store.sign_out(SignOut::Keep).unwrap();
    let left = bytes_below(fixture.folder.path());
    for removed in ["GEHEIMNIS-4711", "Marta Feld", "Ada Lindqvist", "ada@reisen.example"] {
        assert!(!contains(&left, removed), "{removed}");
    }
    for kept in ["UNGESENDET-1", "ENTWURF-1", "ANHANG-1", "BETREFF-1"] {
        assert!(contains(&left, kept), "{kept}");
    }

    let again = open_in(fixture.folder.path(), "ada", SERVER).unwrap();
    assert_eq!(again.account().unwrap(), Account { person: Some(ME), email: None });
    assert_eq!(again.unsent().unwrap(), Unsent { messages: 2, drafts: 1 });
    assert_eq!(again.operations().unwrap(), before, "in the same order and unchanged");
    assert_eq!(again.reply_draft(known).unwrap().unwrap().body, "ENTWURF-1 🧾");
    assert_eq!(again.recovered().unwrap(), None, "nothing was damaged");
    assert_eq!(again.ticket(known).unwrap().row.subject, "Rechnung BETREFF-1 🧾", "the user recognises what waits");
    // The rest is read from the server again, although its times are not newer.
    again.bind(SERVER, ME, None).unwrap();
    again.apply_ticket(&remote(500, 10), SEEN).unwrap();
    assert_eq!(again.ticket(known).unwrap().row.subject, "Auszahlung für März fehlt 🧾");
    // A comment of this user from before the sign-out is not taken for the reply that waits.
    let fixture = Fixture { store: again, folder: fixture.folder, hold: Duration::ZERO };
    let message = fixture.store.operations().unwrap()[0].message.unwrap();
    let operation = fixture.attempt(message);
    fixture.ambiguous(&operation);
    fixture.read(known, &[comment(1, ME, "Guten Tag"), comment(2, ME, "UNGESENDET-1 الرجاء المساعدة")]);
    assert!(fixture.operation(message).is_some());
}

#[test]
fn a_sign_out_that_was_cut_short_is_finished_at_the_next_start() {
    for mode in [SignOut::Discard, SignOut::Keep] {
        let (fixture, _) = full();
        let folder = folder_of(&fixture);
        fixture.store.close();
        // The process was killed right after signing out began, or with half of the files removed. Then another account is
        // opened.
        fs::write(folder.join(mode.marker()), "").unwrap();
        if mode == SignOut::Discard {
            fs::remove_file(file_of(fixture.folder.path(), "ada")).unwrap();
        }
        open_in(fixture.folder.path(), "ben", SERVER).unwrap();
        assert!(!contains(&bytes_below(&folder), "GEHEIMNIS-4711"));
        assert_eq!(folder.exists(), mode == SignOut::Keep);
        let again = open_in(fixture.folder.path(), "ada", SERVER).unwrap();
        let kept = if mode == SignOut::Keep { Unsent { messages: 2, drafts: 1 } } else { Unsent::default() };
        assert_eq!(again.unsent().unwrap(), kept);
    }
}

#[test]
fn what_a_killed_process_left_in_its_log_is_safe_once_the_file_is_open_again() {
    let fixture = fixture();
    fixture.create(10);
    let (from, copy) = (folder_of(&fixture), tempfile::tempdir().unwrap());
    let file = file_of(copy.path(), "ada");
    let folder = file.parent().unwrap();
    fs::create_dir_all(folder).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    let opened = open_in(copy.path(), "ada", SERVER).unwrap();
    // A copy without the log, as if the power had failed before the log was synced.
    let alone = copy.path().join("alone.sqlite3");
    fs::copy(&file, &alone).unwrap();
    let tickets =
        |db: Connection| db.query_row("SELECT count(*) FROM tickets", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(tickets(Connection::open(alone).unwrap()), 1);
    drop(opened);
}

/// The store has found its file corrupt.
fn found_corrupt(store: &Store) {
    store.life.corrupt.store(true, Ordering::Release);
}

#[test]
fn a_corrupt_file_is_replaced_when_the_running_write_ends_and_not_before() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let changes = fixture.store.live().subscribe();
    let store = &fixture.store;
    let written = store.write(Priority::User, |_| {
        found_corrupt(store);
        // A write is running, so a read only answers. Nothing is announced, or every screen would query again and again.
        thread::scope(|scope| {
            let read = scope.spawn(|| store.history(None, 10).unwrap().total);
            assert_eq!(read.join().unwrap(), 1);
        });
        assert!(futures_util::FutureExt::now_or_never(store.renewed()).is_none());
        assert!(futures_util::FutureExt::now_or_never(changes.next()).is_none());
        Ok(())
    });
    written.unwrap();
    assert!(store.recovered().unwrap().is_some(), "the write has ended");
    assert_eq!(fixture.thread(ticket).len(), 1);
    assert!(futures_util::FutureExt::now_or_never(store.renewed()).is_some());
}

#[test]
fn what_was_known_of_a_file_ends_with_its_suspension() {
    let fixture = fixture();
    fixture.create(10);
    found_corrupt(&fixture.store);
    fixture.store.suspend();
    fixture.store.resume().unwrap();
    assert_eq!(fixture.store.history(None, 10).unwrap().total, 1);
    assert_eq!(fixture.store.recovered().unwrap(), None, "the file that was opened is sound");
}

#[test]
fn a_sign_out_that_fails_leaves_no_marker_behind() {
    for mode in [SignOut::Discard, SignOut::Keep] {
        let fixture = fixture();
        let ticket = fixture.create(10);
        let (folder, aside) = (folder_of(&fixture), fixture.folder.path().join("aside"));
        fs::rename(&folder, &aside).unwrap();
        assert!(fixture.store.sign_out(mode).is_err(), "the marker cannot be made");
        fs::rename(&aside, &folder).unwrap();
        assert_eq!(fixture.thread(ticket).len(), 1, "the store is still open");
        let Fixture { folder, store, .. } = fixture;
        drop(store);
        let store = open_in(folder.path(), "ada", SERVER).unwrap();
        assert_eq!(store.unsent().unwrap().messages, 1, "and the next opening does not sign out");
    }
}
