//! What may stand in the place of the account's file, and whose it is.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use super::*;
use crate::store::db::migrations::SCHEMA;
use crate::store::lifecycle::damage::DEFINITIONS;

#[test]
fn a_cut_file_is_salvaged_although_the_mark_of_the_lock_is_lost() {
    let written = written();
    let sound = fs::read(written.file()).unwrap();
    for mark in ["", "pocket"] {
        for length in [17, 80, 511, PAGE, PAGE + 1, sound.len() / 2, sound.len() - 1] {
            fs::write(written.file(), &sound[..length]).unwrap();
            fs::write(written.beside("lock"), mark).unwrap();
            let store = written.open();
            let found = texts(&store).unwrap();
            let missing = UNSENT.iter().filter(|text| !found.iter().any(|found| found == *text)).count();
            let told = store.recovered().unwrap();
            assert!(missing == 0 || told.is_some_and(|told| told.lost), "{length}: {missing} missing, {told:?}");
            drop(store);
            assert!(texts(&written.open()).is_ok(), "{length}: and at the next opening");
        }
    }
}

/// Files that another program may have put in the place of ours.
fn foreign(folder: &Path) -> Vec<Vec<u8>> {
    let database = |sql: &str| {
        let file = folder.join("foreign");
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        let bytes = fs::read(&file).unwrap();
        fs::remove_file(&file).unwrap();
        bytes
    };
    let accounts = database(
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, account TEXT); INSERT INTO accounts VALUES (1, 'ada')",
    );
    let destroyed = [&[0x5a; 100], &accounts[100..]].concat();
    vec![
        accounts.clone(),
        destroyed,
        accounts[..PAGE + 17].to_vec(),
        database("CREATE TABLE account (id INTEGER PRIMARY KEY); CREATE TABLE submissions (draft TEXT)"),
        database("PRAGMA application_id = 42; CREATE TABLE notes (text TEXT)"),
        "Sehr geehrte Damen und Herren, ".repeat(500).into_bytes(),
        "Einkaufszettel: Äpfel, Brot".into(),
        "CREATE TABLE account (id INTEGER)".repeat(60).into_bytes(),
    ]
}

#[test]
fn a_file_of_another_program_is_left_alone() {
    let written = written();
    for (index, bytes) in foreign(written.folder.path()).into_iter().enumerate() {
        for mark in ["pocketdesk\n", ""] {
            for name in written.names().iter().filter(|name| *name != "lock") {
                fs::remove_file(written.beside(name)).unwrap();
            }
            fs::write(written.file(), &bytes).unwrap();
            fs::write(written.beside("lock"), mark).unwrap();
            for _ in 0..2 {
                let refused = open_in(written.folder.path(), "ada", SERVER).err();
                assert_eq!(refused, Some(StoreError::NotADatabase), "file {index}");
            }
            assert!(fs::read(written.file()).unwrap() == bytes, "file {index}");
            assert_eq!(written.names(), ["desk.sqlite3", "lock"], "file {index}");
        }
    }
}

#[test]
fn every_version_of_ours_has_the_definitions_by_which_its_file_is_known() {
    let stands_in = |script: &str| DEFINITIONS.iter().all(|definition| script.contains(definition));
    assert!(stands_in(SCHEMA) && stands_in(STEPS[0]));
}

/// Puts something that is not a file there.
type Put = fn(&Path);

#[test]
fn what_is_no_file_is_an_error_and_never_a_wait() {
    let kinds: [(&str, Put); 5] = [
        ("a pipe", |path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success())),
        ("a device", |path| symlink("/dev/zero", path).unwrap()),
        ("a folder", |path| fs::create_dir(path).unwrap()),
        ("a socket", |path| drop(UnixListener::bind(path).unwrap())),
        ("a link to itself", |path| symlink(path, path).unwrap()),
    ];
    for name in ["desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm", "desk.sqlite3-journal", "lock"] {
        for (kind, put) in kinds {
            let written = written();
            let _ = fs::remove_file(written.beside(name));
            put(&written.beside(name));
            let (answer, answered) = mpsc::channel();
            let folder = written.folder.path().to_owned();
            thread::spawn(move || answer.send(open_in(&folder, "ada", SERVER).err()));
            let error =
                answered.recv_timeout(Duration::from_mins(1)).unwrap_or_else(|_| panic!("{kind} as {name}: no answer"));
            let expected = if name == "lock" { StoreError::InvalidDirectory } else { StoreError::NotADatabase };
            let looped = kind == "a link to itself" && matches!(error, Some(StoreError::Io { .. }));
            assert!(looped || error == Some(expected), "{kind} as {name}: {error:?}");
            assert!(fs::symlink_metadata(written.beside(name)).is_ok(), "{kind} as {name} is still there");
        }
    }
}
