//! Salvage: if SQLite can no longer read a file, a new file replaces it. The new file contains the user's own messages,
//! changes and drafts, as far as they can be read.
//!
//! # The story
//!
//! 1. The damaged file is read as it is, row by row and as far as possible. If nothing can be read because its first
//!    bytes are destroyed, a copy with a new file header is tried (*desk.mended*).
//! 2. What was read is copied into a new file, *desk.rescuing*: the account, the outbox, messages that the server has
//!    not shown yet, drafts, what drafts became, and the tickets that all of these belong to. The history is not
//!    copied, because the server has it. How rows are read and copied is in `salvage.rs`.
//! 3. The new file is complete and durable, and is renamed to *desk.rescued*. From here on there is no way back.
//! 4. The damaged file is renamed to *damaged.sqlite3*, together with its log, and the new file takes its name.
//!
//! The file is salvaged when it is opened (`open.rs`) or while it is in use (`renew.rs`). The folder is locked, and no
//! connection to the file is open.
//!
//! # What a crash leaves behind
//!
//! Before 3: the damaged file, and a *desk.rescuing*. The next opening of the account removes the latter and salvages
//! again. After 3: *desk.rescued*, and the next opening of the account continues with 4. So at each moment exactly one
//! file counts.
//!
//! # What can be trusted afterwards
//!
//! The damaged file may have lost its latest changes, without a trace. So the request of any salvaged operation may
//! have been sent. The operation is looked for on the server before it is sent again, and only among comments and
//! tickets that are newer than what the file knew, because an older one may have the same text. A message whose outbox
//! row is lost becomes *may have been sent*, and the user decides. The number of salvaged writes, and whether something
//! could not be read, stay in the file until the user acknowledges them.
//!
//! *damaged.sqlite3* is kept for those who want to find out what happened. It may hold content that the user may no
//! longer see. So it is removed after the first complete sync, or when the account is opened again, whichever comes
//! first. There is never more than one.
//!
//! # Signing out
//!
//! A sign-out that keeps unsent messages takes the same steps with a sound file. It copies only the unsent messages,
//! changes and drafts, and does not change them. Of a ticket that the server knows it copies little more than the
//! number. The old file is removed at once.

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
/// A copy of the damaged file with a new file header.
const MENDED: &str = "desk.mended";
const DAMAGED: &str = "damaged.sqlite3";
/// What is appended to the name of a database: nothing for the file itself, and the endings of the files beside it.
const SUFFIXES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

impl Store {
    /// The result of the last salvage, until the user has acknowledged it; then `None`.
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

    /// Notes that the user has acknowledged the result of a salvage.
    pub fn acknowledge_recovery(&self) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            edit.tx.execute("UPDATE account SET salvaged = NULL, salvage_lost = NULL", [])?;
            edit.changes.status = true;
            Ok(())
        })
    }

    /// Removes the damaged file. Called after a complete sync, when the new file has the whole history again.
    pub fn forget_damaged(&self) -> Result<(), StoreError> {
        remove(&self.home.folder, DAMAGED)
    }
}

/// Finishes a salvage that an earlier process did not finish, or removes the files that an earlier salvage left. Called
/// before the file is opened.
pub(in crate::store) fn finish_earlier_salvage(folder: &Path) -> Result<(), StoreError> {
    remove(folder, SALVAGING)?;
    remove(folder, MENDED)?;
    if folder.join(SALVAGED).exists() { swap_in(folder) } else { remove(folder, DAMAGED) }
}

/// Whether a file that cannot be opened is our own file, damaged, and not somebody else's file in its place. It is ours
/// in three cases: the file or its log contains a part of our schema or our `application_id`, the file is all zeros, or
/// it is shorter than any database.
pub(in crate::store) fn is_ours(folder: &Path) -> Result<bool, StoreError> {
    const SCHEMA: [&[u8]; 2] = [b"CREATE TABLE account", b"CREATE TABLE submissions"];
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
            if marked || SCHEMA.iter().any(|part| seen.windows(part.len()).any(|window| window == *part)) {
                return Ok(true);
            }
            empty &= name != FILE || seen.iter().all(|byte| *byte == 0);
            // The end of a chunk is searched again with the next, because a match may extend across both.
            let tail = seen.len().min(32);
            let start = seen.len() - tail;
            chunk.copy_within(start..start + tail, 0);
            kept = tail;
        }
    }
    Ok(empty)
}

/// Replaces the damaged file of `home` by a new one, with everything that can be read of it. No connection to the old
/// file may be open.
pub(in crate::store) fn salvage_damaged(home: &Home) -> Result<(), StoreError> {
    let folder = &home.folder;
    finish_earlier_salvage(folder)?;
    let mut source = Source { db: readable(folder)?, lost: false };
    source.lost = source.db.is_none();
    let mut target = connection::fresh(&folder.join(SALVAGING))?;
    let salvaged = salvage::copy_unsent(&mut source, &mut target, Some(home))?;
    tracing::warn!(salvaged = salvaged.salvaged, lost = salvaged.lost, "a damaged file was replaced");
    drop(source);
    close(target)?;
    remove(folder, MENDED)?;
    fs::rename(folder.join(SALVAGING), folder.join(SALVAGED))?;
    sync_folder(folder)?;
    swap_in(folder)
}

/// Replaces the sound file in `folder` by a new one that contains only the unsent messages, changes and drafts. Removes
/// the old file.
pub(in crate::store) fn keep_unsent(folder: &Path) -> Result<(), StoreError> {
    finish_earlier_salvage(folder)?;
    let mut source = Source { db: readable(folder)?, lost: false };
    let mut target = connection::fresh(&folder.join(SALVAGING))?;
    salvage::copy_unsent(&mut source, &mut target, None)?;
    drop(source);
    close(target)?;
    fs::rename(folder.join(SALVAGING), folder.join(SALVAGED))?;
    sync_folder(folder)?;
    swap_in(folder)?;
    finish_earlier_salvage(folder)
}

/// Makes the names of files in `folder` durable, after files were created, renamed or removed.
pub(in crate::store) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Renames the old file to *damaged.sqlite3*, and the salvaged one to the name of the database. It can be repeated: as
/// long as *desk.rescued* exists, a file with the name of the database is the old one.
fn swap_in(folder: &Path) -> Result<(), StoreError> {
    for suffix in SUFFIXES {
        match fs::rename(folder.join(format!("{FILE}{suffix}")), folder.join(format!("{DAMAGED}{suffix}"))) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    fs::rename(folder.join(SALVAGED), folder.join(FILE))?;
    sync_folder(folder)
}

/// Removes the database `name` with the files beside it.
fn remove(folder: &Path, name: &str) -> Result<(), StoreError> {
    for suffix in SUFFIXES {
        match fs::remove_file(folder.join(format!("{name}{suffix}"))) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

fn close(connection: Connection) -> Result<(), StoreError> {
    connection.close().map_err(|(_, error)| error.into())
}

/// Opens the file of `folder`, or a copy of it with a new header, if its list of tables can be read and has the outbox.
fn readable(folder: &Path) -> Result<Option<Connection>, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let has_outbox = |db: &Connection| -> Result<bool, rusqlite::Error> {
        db.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'outbox')", [], |row| row.get(0))
    };
    let open = |name: &str| {
        let db = connection::connect(&folder.join(name), flags).ok()?;
        connection::leave_log(&db).ok()?;
        has_outbox(&db).unwrap_or(false).then_some(db)
    };
    if !folder.join(FILE).exists() {
        return Ok(None);
    }
    if let Some(db) = open(FILE) {
        return Ok(Some(db));
    }
    copy_with_new_header(folder)?;
    Ok(open(MENDED))
}

/// Copies the file and its log, and replaces the file header of the copy. It can be written without the old one,
/// because its settings are the same in every file of ours.
fn copy_with_new_header(folder: &Path) -> Result<(), StoreError> {
    const PAGE: u16 = 4096;
    let copy = folder.join(MENDED);
    let length = fs::copy(folder.join(FILE), &copy)?;
    let log = format!("{FILE}-wal");
    if folder.join(&log).exists() {
        fs::copy(folder.join(log), folder.join(format!("{MENDED}-wal")))?;
    }
    let mut header = Vec::with_capacity(100);
    header.extend(b"SQLite format 3\0");
    header.extend(PAGE.to_be_bytes());
    // Written and read in WAL mode; no reserved bytes; the three payload fractions that the format prescribes.
    header.extend([2, 2, 0, 64, 32, 32]);
    let push = |header: &mut Vec<u8>, value: u32| header.extend(value.to_be_bytes());
    let pages = u32::try_from(length / u64::from(PAGE)).unwrap_or(u32::MAX);
    // Change counter, pages, first free page and number of free pages (none), schema cookie, schema format 4, default
    // cache size, no auto-vacuum, UTF-8.
    for value in [1, pages, 0, 0, 1, 4, 0, 0, 1] {
        push(&mut header, value);
    }
    header.resize(92, 0);
    push(&mut header, 1);
    push(&mut header, 3_045_000);
    let mut file = OpenOptions::new().write(true).open(&copy)?;
    file.write_all(&header)?;
    Ok(())
}
