//! A file that SQLite cannot read any more: what the user wrote is carried over into a new one.
//!
//! # The story
//!
//! 1. The damaged file is read as it is, row by row and as far as it goes. If nothing of it can be read because its first
//!    bytes are gone, a copy with new ones is tried.
//! 2. What was read goes into a fresh file, *desk.rescuing*: the account, whatever is in the outbox, messages without a
//!    place at the server, drafts, what drafts became, and the tickets all of these belong to. The history is not carried
//!    over: the server has it.
//! 3. The fresh file is complete and durable, and takes the name *desk.rescued*. From here on there is no way back.
//! 4. The damaged file is set aside as *damaged.sqlite3*, log and all; the fresh one takes its place.
//!
//! A crash before 3 leaves the damaged file, and a *desk.rescuing* that the next opening removes. A crash after 3 leaves
//! *desk.rescued*, and the next opening goes on with 4. Nothing is in two places at once, or in none.
//!
//! Nobody can say what a damaged file forgot last. So a rescued write counts as one whose request may have left: it is
//! looked for at the server before it is sent again, among what is newer than what the file knew, because an older ticket or
//! comment may have the same text. A message whose outbox row is lost is left to the user. What was
//! rescued, and whether something could not be read, is kept for the user until acknowledged.
//!
//! The file that was set aside may hold what the user may no longer see. It is there for whoever wants to know what
//! happened to it, and goes with the first complete sync, or when the account is opened again, whichever comes first.
//! There is never more than one.
//!
//! Signing out and keeping what waits takes the same road, with a file that is well: only what waits is carried over, as
//! it stands, and of a ticket that the server knows not more than its number.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::salvage::{self, Source};
use crate::store::db::connection::{self, APPLICATION_ID};
use crate::store::db::paths::{FILE, Home};
use crate::store::db::writer_lock::Priority;
use crate::store::{Recovered, Store, StoreError};

const SALVAGING: &str = "desk.rescuing";
const SALVAGED: &str = "desk.rescued";
/// The copy with a new head.
const MENDED: &str = "desk.mended";
const DAMAGED: &str = "damaged.sqlite3";
/// The file itself, and what SQLite keeps beside it.
const PARTS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

impl Store {
    /// Whether the file was made anew and the user has not acknowledged it yet.
    pub fn recovered(&self) -> Result<Option<Recovered>, StoreError> {
        self.read(|db| {
            let sql = "SELECT salvaged, ifnull(salvage_lost, 0) FROM account";
            Ok(db.query_row(sql, [], |row| {
                let salvaged: Option<u32> = row.get(0)?;
                let lost = row.get(1)?;
                Ok(salvaged.map(|salvaged| Recovered { salvaged, lost }))
            })?)
        })
    }

    /// The user knows.
    pub fn acknowledge_recovery(&self) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            edit.tx.execute("UPDATE account SET salvaged = NULL, salvage_lost = NULL", [])?;
            edit.changes.status = true;
            Ok(())
        })
    }

    /// Removes what a rescue set aside: the server was read to its end, and the file has everything again.
    pub fn forget_damaged(&self) -> Result<(), StoreError> {
        remove(&self.home.folder, DAMAGED)
    }
}

/// Finishes, or forgets, what an earlier process left in the folder. Before the file is opened.
pub(in crate::store) fn tidy(folder: &Path) -> Result<(), StoreError> {
    remove(folder, SALVAGING)?;
    remove(folder, MENDED)?;
    if folder.join(SALVAGED).exists() { swap(folder) } else { remove(folder, DAMAGED) }
}

/// Whether what cannot be opened is our own file, damaged, and not a file that somebody put in its place: it has something
/// of our schema or our mark in it, or nothing at all, or is shorter than any database.
pub(in crate::store) fn is_ours(folder: &Path) -> Result<bool, StoreError> {
    const OURS: [&[u8]; 2] = [b"CREATE TABLE account", b"CREATE TABLE submissions"];
    const SHORTEST: u64 = 512;
    let mut empty = true;
    if fs::metadata(folder.join(FILE)).map_or(0, |file| file.len()) < SHORTEST {
        return Ok(true);
    }
    for name in [FILE.to_owned(), format!("{FILE}-wal")] {
        let mut file = match File::open(folder.join(&name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            file => file?,
        };
        let (mut chunk, mut kept) = (vec![0; 64 * 1024], 0);
        loop {
            let read = file.read(&mut chunk[kept..])?;
            if read == 0 {
                break;
            }
            let seen = &chunk[..kept + read];
            let marked = kept == 0 && seen.get(68..72) == Some(&APPLICATION_ID.to_be_bytes());
            if marked || OURS.iter().any(|ours| seen.windows(ours.len()).any(|window| window == *ours)) {
                return Ok(true);
            }
            empty &= name != FILE || seen.iter().all(|byte| *byte == 0);
            // What is cut in two by the end of a chunk is seen with the next.
            let tail = seen.len().min(32);
            let start = seen.len() - tail;
            chunk.copy_within(start..start + tail, 0);
            kept = tail;
        }
    }
    Ok(empty)
}

/// Makes the file anew with what can be read of it. No connection to it is open.
pub(in crate::store) fn salvage_damaged(home: &Home) -> Result<(), StoreError> {
    let folder = &home.folder;
    tidy(folder)?;
    let mut source = Source { db: readable(folder)?, lost: false };
    source.lost = source.db.is_none();
    let mut target = connection::fresh(&folder.join(SALVAGING))?;
    let salvaged = salvage::over(&mut source, &mut target, Some(home))?;
    tracing::warn!(salvaged = salvaged.salvaged, lost = salvaged.lost, "a damaged file was made anew");
    drop(source);
    close(target)?;
    remove(folder, MENDED)?;
    fs::rename(folder.join(SALVAGING), folder.join(SALVAGED))?;
    sync_folder(folder)?;
    swap(folder)
}

/// Makes the file anew with what waits to be sent and nothing else, and removes the old one.
pub(in crate::store) fn keep_unsent(folder: &Path) -> Result<(), StoreError> {
    tidy(folder)?;
    let mut source = Source { db: readable(folder)?, lost: false };
    let mut target = connection::fresh(&folder.join(SALVAGING))?;
    salvage::over(&mut source, &mut target, None)?;
    drop(source);
    close(target)?;
    fs::rename(folder.join(SALVAGING), folder.join(SALVAGED))?;
    sync_folder(folder)?;
    swap(folder)?;
    tidy(folder)
}

/// Makes names that were given to files in `folder` durable.
pub(in crate::store) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Sets the old file aside and puts the rescued one in its place. While there is a rescued one, the other is the old one.
fn swap(folder: &Path) -> Result<(), StoreError> {
    for part in PARTS {
        match fs::rename(folder.join(format!("{FILE}{part}")), folder.join(format!("{DAMAGED}{part}"))) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    fs::rename(folder.join(SALVAGED), folder.join(FILE))?;
    sync_folder(folder)
}

fn remove(folder: &Path, name: &str) -> Result<(), StoreError> {
    for part in PARTS {
        match fs::remove_file(folder.join(format!("{name}{part}"))) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

fn close(connection: Connection) -> Result<(), StoreError> {
    connection.close().map_err(|(_, error)| error.into())
}

/// The file of `folder`, or a copy with a new head, if its tables can be listed.
fn readable(folder: &Path) -> Result<Option<Connection>, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let tables = |db: &Connection| -> Result<bool, rusqlite::Error> {
        db.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'outbox')", [], |row| row.get(0))
    };
    let look = |name: &str| {
        let db = connection::connect(&folder.join(name), flags).ok()?;
        connection::leave_log(&db).ok()?;
        tables(&db).unwrap_or(false).then_some(db)
    };
    if !folder.join(FILE).exists() {
        return Ok(None);
    }
    if let Some(db) = look(FILE) {
        return Ok(Some(db));
    }
    mend(folder)?;
    Ok(look(MENDED))
}

/// Copies the file and its log, and writes the head anew: it says the same in every file of ours.
fn mend(folder: &Path) -> Result<(), StoreError> {
    const PAGE: u16 = 4096;
    let copy = folder.join(MENDED);
    let length = fs::copy(folder.join(FILE), &copy)?;
    let log = format!("{FILE}-wal");
    if folder.join(&log).exists() {
        fs::copy(folder.join(log), folder.join(format!("{MENDED}-wal")))?;
    }
    let mut head = Vec::with_capacity(100);
    head.extend(b"SQLite format 3\0");
    head.extend(PAGE.to_be_bytes());
    // Written and read as WAL; no reserved bytes; the fractions that the format prescribes.
    head.extend([2, 2, 0, 64, 32, 32]);
    let word = |head: &mut Vec<u8>, value: u32| head.extend(value.to_be_bytes());
    let pages = u32::try_from(length / u64::from(PAGE)).unwrap_or(u32::MAX);
    // Change counter, pages, no free pages (2), schema cookie, format 4, cache, no vacuum, UTF-8.
    for value in [1, pages, 0, 0, 1, 4, 0, 0, 1] {
        word(&mut head, value);
    }
    head.resize(92, 0);
    word(&mut head, 1);
    word(&mut head, 3_045_000);
    let mut file = OpenOptions::new().write(true).open(&copy)?;
    file.write_all(&head)?;
    Ok(())
}
