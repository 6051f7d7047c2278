//! Salvage: if SQLite can no longer read a file, a new file replaces it. The new file contains the user's own messages,
//! changes and drafts, as far as they can be read.
//!
//! # The story
//!
//! 1. The damaged file is read as it is, row by row and as far as possible. If its header or its schema is damaged, a copy
//!    with a new one is read instead (*desk.mended*; the story is in `mend.rs`).
//! 2. What was read is copied into a new file, *desk.rescuing*: the account, the outbox, messages that the server has
//!    not shown yet, drafts, what drafts became, the rows of attached files, answers about articles that wait, and the
//!    tickets that all of these belong to. The history is not copied, because the server has it. How rows are read and
//!    copied is in `salvage.rs`.
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
//! longer see. So it is removed after the first complete sync, or when the account is opened again or resumed,
//! whichever comes first. There is never more than one.
//!
//! # Signing out
//!
//! A sign-out that keeps unsent messages takes the same steps with a sound file. It copies only the unsent messages,
//! changes, drafts and answers about articles, and does not change them. If the server has a ticket, little more than
//! its number and its subject is copied. The old file is removed at once.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

use rusqlite::Connection;

use super::mend::{MENDED, readable};
use super::salvage::{self, Source};
use crate::store::db::connection::{self, APPLICATION_ID};
use crate::store::db::paths::{FILE, Home};
use crate::store::db::writer_lock::Priority;
use crate::store::{Recovered, Store, StoreError};

const SALVAGING: &str = "desk.rescuing";
const SALVAGED: &str = "desk.rescued";
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
    if folder.join(SALVAGED).is_file() { swap_in(folder) } else { remove(folder, DAMAGED) }
}

/// Whether a file that cannot be opened is a damaged file of ours. A file of somebody else must stay as it is, so the
/// answer must be certain:
///
/// * A file with SQLite's header is ours if it has our `application_id`, or a definition of ours, word for word.
/// * A file with another beginning is ours if it, or the log beside it, has a definition of ours, word for word.
/// * A file that is missing or all zeros contains no data of anybody. The same is true of a file that begins like a
///   database and is shorter than the smallest one.
pub(in crate::store) fn is_ours(folder: &Path) -> Result<bool, StoreError> {
    let mut beginning = Vec::new();
    match File::open(folder.join(FILE)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        file => file?.take(SHORTEST).read_to_end(&mut beginning)?,
    };
    let is_database = beginning.starts_with(MAGIC);
    if is_database && beginning.get(68..72) == Some(&APPLICATION_ID.to_be_bytes()) {
        return Ok(true);
    }
    let start = beginning.len().min(MAGIC.len());
    if (beginning.len() as u64) < SHORTEST && beginning[..start] == MAGIC[..start] {
        return Ok(true);
    }
    let (defined, zeros) = look_for_definitions(&folder.join(FILE))?;
    if defined || zeros {
        return Ok(true);
    }
    let log = folder.join(format!("{FILE}-wal"));
    Ok(!is_database && log.is_file() && look_for_definitions(&log)?.0)
}

/// SQLite's mark at the beginning of every database.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// The size of the smallest database, in bytes.
const SHORTEST: u64 = 512;
/// The beginnings of two definitions, as every version of ours has written them.
pub(in crate::store) const DEFINITIONS: [&str; 2] = [
    "CREATE TABLE account (\n    id              INTEGER PRIMARY KEY CHECK (id = 1),\n    account         TEXT    NOT NULL,",
    "CREATE TABLE submissions (\n    draft           TEXT    PRIMARY KEY,\n    ticket          INTEGER NOT NULL",
];

/// Whether a file has one of our [`DEFINITIONS`], and whether it consists of zeros.
fn look_for_definitions(path: &Path) -> Result<(bool, bool), StoreError> {
    let longest = DEFINITIONS.iter().map(|definition| definition.len()).max().unwrap_or_default();
    let (mut file, mut chunk, mut kept, mut zeros) = (File::open(path)?, vec![0; 64 * 1024], 0, true);
    loop {
        let read = file.read(&mut chunk[kept..])?;
        if read == 0 {
            return Ok((false, zeros));
        }
        let seen = &chunk[..kept + read];
        if DEFINITIONS.iter().any(|part| seen.windows(part.len()).any(|window| window == part.as_bytes())) {
            return Ok((true, false));
        }
        zeros &= seen.iter().all(|byte| *byte == 0);
        // The end of a chunk is searched again with the next, because a match may extend across both.
        let tail = seen.len().min(longest);
        let start = seen.len() - tail;
        chunk.copy_within(start..start + tail, 0);
        kept = tail;
    }
}

/// Fails with [`StoreError::NotADatabase`] if something that is not a file is in the place of the database or of a file
/// that SQLite keeps beside it: a folder, a device, a socket, or a pipe, which nobody may ever write to.
pub(in crate::store) fn check_kinds(folder: &Path) -> Result<(), StoreError> {
    for suffix in SUFFIXES {
        match fs::metadata(folder.join(format!("{FILE}{suffix}"))) {
            Ok(found) if !found.is_file() => return Err(StoreError::NotADatabase),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Replaces the damaged file of `home` by a new one, with everything that can be read of it. No connection to the old
/// file may be open.
pub(in crate::store) fn salvage_damaged(home: &Home) -> Result<(), StoreError> {
    let folder = &home.folder;
    finish_earlier_salvage(folder)?;
    let found = readable(folder)?;
    let lost = found.as_ref().is_none_or(|found| !found.whole);
    let mut source = Source { db: found.map(|found| found.db), lost };
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
    let mut source = Source { db: readable(folder)?.map(|found| found.db), lost: false };
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
