//! Signing out: an account's folder is emptied, whatever happens meanwhile.
//!
//! # The story
//!
//! The user chooses what happens to unsent messages and drafts: they are discarded with everything else, or they are
//! kept for the next sign-in of the same account.
//!
//! 1. An empty marker file, *signing-out* or *signing-out-keeping*, is made durable in the account's folder. From here
//!    on there is no way back.
//! 2. The store is closed: running calls end first, later calls fail with [`StoreError::Closed`]. The folder stays
//!    locked.
//! 3. Keeping: the unsent messages, changes, drafts and answers about articles are copied into a new database, which
//!    replaces the old one (`damage.rs`).
//! 4. All other files in the folder are removed. Keeping leaves the database, the lock file, and the files that wait to
//!    be uploaded; discarding leaves only the lock file.
//! 5. Keeping removes the marker. Discarding removes the lock file, then the marker, then the folder.
//!
//! # What a crash leaves behind
//!
//! Before 1 nothing has happened. After 1 the marker is there, and the next opening of any account below the same
//! directory finishes the work before it does anything else. Every step can be repeated. After the marker is removed,
//! discarding can leave an empty folder and nothing else.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

use super::damage::{self, sync_folder};
use super::folder_lock::{self, Lock};
use super::state::Stage;
use crate::blob::OUTGOING;
use crate::store::articles::votes::WAITING;
use crate::store::db::paths::FILE;
use crate::store::outbox::operations::UNSENT;
use crate::store::{Store, StoreError};

/// What happens to unsent messages and drafts when signing out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOut {
    /// They are removed, like everything else of the account.
    Discard,
    /// They stay in the file with the subjects of their tickets, and nothing else does. The next sign-in of the same account continues with them.
    Keep,
}

/// How much a sign-out would lose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unsent {
    /// Messages, other changes and answers about articles that the server has not confirmed, and messages that it has
    /// confirmed and does not show.
    pub messages: u32,
    /// Drafts that have a subject or a text.
    pub drafts: u32,
}

impl SignOut {
    const ALL: [Self; 2] = [Self::Discard, Self::Keep];

    /// The name of the marker file.
    pub(in crate::store) fn marker(self) -> &'static str {
        match self {
            Self::Discard => "signing-out",
            Self::Keep => "signing-out-keeping",
        }
    }
}

impl Store {
    /// Counts what signing out would lose.
    pub fn unsent(&self) -> Result<Unsent, StoreError> {
        self.read(|db| {
            let sql = &format!(
                "SELECT (SELECT count(*) FROM outbox o WHERE {UNSENT}) + (SELECT count(*) FROM article_votes WHERE {WAITING}),
                              (SELECT count(*) FROM drafts WHERE trim(subject) <> '' OR trim(body) <> '')"
            );
            Ok(db.query_row(sql, [], |row| Ok(Unsent { messages: row.get(0)?, drafts: row.get(1)? }))?)
        })
    }

    /// Signs out. Once the marker file is durable the store is closed for good, and all later calls fail with
    /// [`StoreError::Closed`]. If an error or a kill then interrupts the work, the next opening of an account below the
    /// same directory finishes it. An error before that leaves the store open. Fails with [`StoreError::Suspended`] or
    /// [`StoreError::Closed`] if the store is not open.
    pub fn sign_out(&self, mode: SignOut) -> Result<(), StoreError> {
        let mut stage = self.life.stage();
        match *stage {
            Stage::Open(_) => {}
            Stage::Suspended => return Err(StoreError::Suspended),
            Stage::Closed => return Err(StoreError::Closed),
        }
        let folder = &self.home.folder;
        let marker = folder.join(mode.marker());
        let written = File::create(&marker).and_then(|file| file.sync_all()).map_err(StoreError::from);
        if let Err(error) = written.and_then(|()| sync_folder(folder)) {
            // With the marker in place the next opening would sign out, although this call has failed.
            if remove(&marker).is_ok() {
                return Err(error);
            }
            tracing::warn!(%error, "the marker of a sign-out stays, and so the sign-out goes on");
        }
        self.stop(&StoreError::Closed);
        // The folder stays locked until there is nothing left to protect.
        let locked = std::mem::replace(&mut *stage, Stage::Closed);
        let done = finish(folder, mode);
        drop(locked);
        done
    }

    /// Whether the store was closed or signed out of.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(*self.life.stage(), Stage::Closed)
    }
}

/// Finishes the interrupted sign-outs of all accounts in the folder `accounts`. If one of them cannot be finished now,
/// the error is logged, and the next opening of any of these accounts tries again.
pub(in crate::store) fn finish_all(accounts: &Path) {
    let Ok(entries) = fs::read_dir(accounts) else { return };
    for folder in entries.flatten().map(|entry| entry.path()) {
        if is_unfinished(&folder) {
            let finished = Lock::take(&folder).and_then(|lock| finish_and_unlock(&folder, lock));
            if let Err(error) = finished {
                tracing::warn!(%error, "a sign-out could not be finished");
            }
        }
    }
}

/// Whether a sign-out of this folder was interrupted.
pub(in crate::store) fn is_unfinished(folder: &Path) -> bool {
    SignOut::ALL.iter().any(|mode| folder.join(mode.marker()).exists())
}

/// Finishes the interrupted sign-out of `folder`, and unlocks it.
pub(in crate::store) fn finish_and_unlock(folder: &Path, lock: Lock) -> Result<(), StoreError> {
    for mode in SignOut::ALL {
        if folder.join(mode.marker()).exists() {
            finish(folder, mode)?;
        }
    }
    drop(lock);
    Ok(())
}

/// Empties `folder`, which is locked and has the marker file.
fn finish(folder: &Path, mode: SignOut) -> Result<(), StoreError> {
    if mode == SignOut::Keep {
        damage::keep_unsent(folder)?;
    }
    let stays = |name: &str| match mode {
        // The folder of staged files is kept whole. The next opening of this account removes the files that no kept
        // message or draft names.
        SignOut::Keep => [FILE, OUTGOING, folder_lock::NAME, mode.marker()].contains(&name),
        SignOut::Discard => [folder_lock::NAME, mode.marker()].contains(&name),
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
    remove(&folder.join(mode.marker()))?;
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
