//! Leaving: what is still unsent, and an account's folder that is emptied whatever happens meanwhile.
//!
//! # The story
//!
//! Signing out begins with an empty file, *signing-out* or *signing-out-keeping*, made durable in the account's folder.
//! From there on there is no way back: the store is closed, and the folder is emptied. Discarding takes every file; keeping
//! first carries over what waits, by the way of [`salvage_damaged`](crate::store::lifecycle::damage), into a database in which nothing else is. The
//! mark goes last. A process that is killed anywhere in between leaves the mark, and whoever opens any account below the
//! same directory next finishes the work before anything else: every step can be done twice.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

use super::damage::{self, sync_folder};
use super::folder_lock::{self, Lock};
use super::state::Stage;
use crate::blob::OUTGOING;
use crate::store::db::paths::FILE;
use crate::store::{Store, StoreError};

/// What becomes of what is unsent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOut {
    /// Everything of the account goes, what is unsent as well.
    Discard,
    /// Unsent messages and drafts stay in the file, and nothing else; the same account's next sign-in continues them.
    Keep,
}

/// What a sign-out would lose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unsent {
    /// Messages and other changes that the server did not confirm.
    pub messages: u32,
    /// Drafts with a text in them.
    pub drafts: u32,
}

impl SignOut {
    const ALL: [Self; 2] = [Self::Discard, Self::Keep];

    pub(in crate::store) fn mark(self) -> &'static str {
        match self {
            Self::Discard => "signing-out",
            Self::Keep => "signing-out-keeping",
        }
    }
}

impl Store {
    /// What is unsent.
    pub fn unsent(&self) -> Result<Unsent, StoreError> {
        self.read(|db| {
            let sql =
                "SELECT (SELECT count(*) FROM outbox WHERE state <> 'sent' AND kind NOT IN ('upload', 'mark_read')),
                              (SELECT count(*) FROM drafts WHERE trim(subject) <> '' OR trim(body) <> '')";
            Ok(db.query_row(sql, [], |row| Ok(Unsent { messages: row.get(0)?, drafts: row.get(1)? }))?)
        })
    }

    /// Leaves the account. Once this has begun every call answers [`StoreError::Closed`]; that it has begun is durable
    /// before anything goes, and what an error or a kill leaves is done when an account below the same directory is opened
    /// next. An error before that leaves the store open: nothing happened.
    pub fn sign_out(&self, mode: SignOut) -> Result<(), StoreError> {
        let mut stage = self.life.stage();
        match *stage {
            Stage::Open(_) => {}
            Stage::Suspended => return Err(StoreError::Suspended),
            Stage::Closed => return Err(StoreError::Closed),
        }
        let folder = &self.home.folder;
        File::create(folder.join(mode.mark()))?.sync_all()?;
        sync_folder(folder)?;
        self.stop(&StoreError::Closed);
        // The lock is kept until nothing is left to protect.
        let locked = std::mem::replace(&mut *stage, Stage::Closed);
        let done = finish(folder, mode);
        drop(locked);
        done
    }

    /// Whether it was closed, or the account left.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(*self.life.stage(), Stage::Closed)
    }
}

/// Finishes what sign-outs of any account in `accounts` left behind. What cannot be finished now is left to the next time.
pub(in crate::store) fn finish_all(accounts: &Path) {
    let Ok(entries) = fs::read_dir(accounts) else { return };
    for folder in entries.flatten().map(|entry| entry.path()) {
        if is_begun(&folder) {
            let finished = Lock::take(&folder).and_then(|lock| finish_here(&folder, lock));
            if let Err(error) = finished {
                tracing::warn!(%error, "a sign-out could not be finished");
            }
        }
    }
}

/// Whether a sign-out began here and did not end.
pub(in crate::store) fn is_begun(folder: &Path) -> bool {
    SignOut::ALL.iter().any(|mode| folder.join(mode.mark()).exists())
}

/// Finishes what began in `folder`, and unlocks it.
pub(in crate::store) fn finish_here(folder: &Path, lock: Lock) -> Result<(), StoreError> {
    for mode in SignOut::ALL {
        if folder.join(mode.mark()).exists() {
            finish(folder, mode)?;
        }
    }
    drop(lock);
    Ok(())
}

/// Empties `folder`, which is locked and has the mark.
fn finish(folder: &Path, mode: SignOut) -> Result<(), StoreError> {
    if mode == SignOut::Keep {
        damage::keep_unsent(folder)?;
    }
    let stays = |name: &str| match mode {
        // With attachments that are not at the server yet; those that nothing kept names go when the account is opened.
        SignOut::Keep => [FILE, OUTGOING, folder_lock::NAME, mode.mark()].contains(&name),
        SignOut::Discard => [folder_lock::NAME, mode.mark()].contains(&name),
    };
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(stays) {
            continue;
        }
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
    }
    sync_folder(folder)?;
    if mode == SignOut::Discard {
        remove(&folder.join(folder_lock::NAME))?;
    }
    remove(&folder.join(mode.mark()))?;
    sync_folder(folder)?;
    if mode == SignOut::Discard {
        fs::remove_dir(folder)?;
    }
    Ok(())
}

fn remove(file: &Path) -> Result<(), StoreError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
