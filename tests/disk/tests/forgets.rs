//! What a program can rely on in a power cut and what not, shown with SQLite alone.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;
use std::thread;

use pocketdesk_disk::{Cut, Disk, Fault, Keep, locks};
use rusqlite::{Connection, ErrorCode};
use tempfile::TempDir;

const KEEPS: [Keep; 6] =
    [Keep::All, Keep::Synced, Keep::Torn(1), Keep::Torn(2), Keep::Torn(3), Keep::Torn(0xdead_beef)];

fn disk() -> (TempDir, Disk) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::watch(folder.path());
    (folder, disk)
}

fn open(folder: &Path, journal: &str, synchronous: &str) -> rusqlite::Result<Connection> {
    let db = Connection::open(folder.join("file.sqlite3"))?;
    db.pragma_update(None, "journal_mode", journal)?;
    db.pragma_update(None, "synchronous", synchronous)?;
    db.execute_batch("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")?;
    Ok(db)
}

fn note(db: &Connection, id: i64) -> rusqlite::Result<()> {
    db.execute("INSERT INTO notes VALUES (?1, ?2)", (id, "Überweisung fehlt 🙏 ".repeat(400))).map(drop)
}

/// The notes in the file, after asking SQLite whether the file is sound.
fn notes(folder: &Path) -> Vec<i64> {
    read_notes(folder).unwrap()
}

fn read_notes(folder: &Path) -> rusqlite::Result<Vec<i64>> {
    let db = Connection::open(folder.join("file.sqlite3"))?;
    let whole: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if whole != "ok" {
        return Err(rusqlite::Error::InvalidQuery);
    }
    if !db.table_exists(None, "notes")? {
        return Ok(Vec::new());
    }
    let mut statement = db.prepare("SELECT id FROM notes ORDER BY id")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

#[test]
fn only_what_was_synced_survives() {
    for (synchronous, survives) in [("FULL", true), ("NORMAL", false), ("OFF", false)] {
        for keep in [Keep::All, Keep::Synced] {
            let (folder, disk) = disk();
            let db = open(folder.path(), "WAL", "FULL").unwrap();
            note(&db, 1).unwrap();
            db.pragma_update(None, "synchronous", synchronous).unwrap();
            note(&db, 2).unwrap();
            disk.cut(keep);
            assert!(note(&db, 3).is_err());
            drop(db);
            disk.restore();
            let expected: &[i64] = if survives || keep == Keep::All { &[1, 2] } else { &[1] };
            assert_eq!(notes(folder.path()), expected, "{synchronous} {keep:?}");
        }
    }
}

#[test]
fn killing_the_process_and_then_the_machine_loses_what_was_never_synced() {
    let (folder, disk) = disk();
    let db = open(folder.path(), "WAL", "FULL").unwrap();
    db.pragma_update(None, "synchronous", "NORMAL").unwrap();
    note(&db, 1).unwrap();
    disk.cut(Keep::All);
    drop(db);
    disk.restore();
    disk.cut(Keep::Synced);
    disk.restore();
    assert_eq!(notes(folder.path()), []);
}

/// Writes notes until the power is cut. Returns how many were accepted, and whether there was a cut.
fn session(folder: &Path, journal: &str, synchronous: &str, disk: &Disk) -> (i64, bool) {
    let mut accepted = 0;
    let mut run = || -> rusqlite::Result<()> {
        for _ in 0..2 {
            let db = open(folder, journal, synchronous)?;
            for _ in 0..3 {
                note(&db, accepted + 1)?;
                accepted += 1;
            }
            if journal == "WAL" {
                db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
                note(&db, accepted + 1)?;
                accepted += 1;
            }
        }
        Ok(())
    };
    let outcome = run();
    // The opposite is possible: closing the file also writes, and reports no error.
    assert!(outcome.is_ok() || disk.is_cut(), "{outcome:?}");
    (accepted, disk.is_cut())
}

/// With a power cut at each write and sync in turn, everything accepted is there, and at most one note more.
fn survives_every_cut(journal: &str, synchronous: &str) {
    for keep in KEEPS {
        for after in 0.. {
            let (folder, disk) = disk();
            disk.cut_at(Cut { after, keep });
            let (accepted, was_cut) = session(folder.path(), journal, synchronous, &disk);
            disk.restore();
            let there = notes(folder.path());
            let last = i64::try_from(there.len()).unwrap();
            assert!(there.iter().copied().eq(1..=last), "{keep:?} after {after}: {there:?}");
            assert!((accepted..=accepted + 1).contains(&last), "{keep:?} after {after}: {accepted}, {there:?}");
            // The file can still be used.
            let db = open(folder.path(), journal, synchronous).unwrap();
            note(&db, last + 1).unwrap();
            if !was_cut {
                break;
            }
        }
    }
}

#[test]
fn a_log_with_full_syncs_survives_every_cut() {
    survives_every_cut("WAL", "FULL");
}

#[test]
fn a_journal_survives_every_cut_if_its_folder_is_synced() {
    survives_every_cut("DELETE", "EXTRA");
}

#[test]
fn a_journal_without_syncs_of_its_folder_loses_an_accepted_write() {
    let (folder, disk) = disk();
    let db = open(folder.path(), "DELETE", "EXTRA").unwrap();
    db.pragma_update(None, "synchronous", "FULL").unwrap();
    note(&db, 1).unwrap();
    disk.cut(Keep::Synced);
    drop(db);
    disk.restore();
    // The journal's name is there again, so the journal undoes the write.
    assert_eq!(notes(folder.path()), []);
}

#[test]
fn without_syncs_some_cut_loses_what_was_accepted_or_the_file() {
    let lost = (0..200).any(|seed| {
        let (folder, disk) = disk();
        disk.cut_at(Cut { after: 30, keep: Keep::Torn(seed) });
        let (accepted, was_cut) = session(folder.path(), "WAL", "OFF", &disk);
        assert!(was_cut);
        disk.restore();
        read_notes(folder.path()).map_or(true, |there| i64::try_from(there.len()).unwrap() < accepted)
    });
    assert!(lost);
}

#[test]
fn watched_folders_are_independent() {
    thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || {
                for round in 0..20 {
                    let (folder, disk) = disk();
                    let cut = number % 2 == 0;
                    if cut {
                        disk.cut_at(Cut { after: 10 + round, keep: Keep::Torn(round) });
                    }
                    let (accepted, was_cut) = session(folder.path(), "WAL", "FULL", &disk);
                    assert_eq!(was_cut, cut);
                    disk.restore();
                    let there = i64::try_from(notes(folder.path()).len()).unwrap();
                    assert!((accepted..=accepted + 1).contains(&there));
                }
            });
        }
    });
}

#[test]
fn the_same_session_makes_the_same_writes_and_syncs() {
    let counts = || {
        let (folder, disk) = disk();
        session(folder.path(), "WAL", "FULL", &disk);
        (disk.counts().writes, disk.counts().syncs)
    };
    let first = counts();
    assert!(first.0 > 30 && first.1 > 8, "{first:?}");
    assert_eq!(counts(), first);
}

#[test]
fn a_fault_leaves_nothing_half_written() {
    for (fault, code) in [
        (Fault::Full, ErrorCode::DiskFull),
        (Fault::Io, ErrorCode::SystemIoFailure),
        (Fault::Unreadable, ErrorCode::SystemIoFailure),
    ] {
        let mut failures = 0;
        for after in 0..60 {
            let (folder, disk) = disk();
            let db = open(folder.path(), "WAL", "FULL").unwrap();
            note(&db, 1).unwrap();
            // There are few reads while the cache is warm.
            db.execute_batch("PRAGMA shrink_memory").unwrap();
            disk.fail(fault, after, None);
            let outcome = note(&db, 2);
            if let Err(error) = &outcome {
                assert_eq!(error.sqlite_error_code(), Some(code));
                failures += 1;
            }
            disk.heal();
            let next = if outcome.is_ok() { 3 } else { 2 };
            note(&db, next).unwrap();
            drop(db);
            assert_eq!(notes(folder.path()), (1..=next).collect::<Vec<_>>(), "{fault:?} after {after}");
        }
        assert!(failures > 0, "{fault:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn locks_and_open_files_are_listed_until_released() {
    let (folder, _disk) = disk();
    let db = open(folder.path(), "WAL", "FULL").unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    let names: Vec<_> = locks::held(folder.path()).unwrap().into_iter().map(|lock| lock.path).collect();
    assert!(names.iter().any(|name| name.ends_with("file.sqlite3")), "{names:?}");
    assert!(names.iter().any(|name| name.ends_with("file.sqlite3-shm")), "{names:?}");
    assert_eq!(locks::open_files(folder.path()).unwrap().len(), 3);
    drop(db);
    assert_eq!(locks::held(folder.path()).unwrap(), []);
    assert!(locks::open_files(folder.path()).unwrap().is_empty());
}
