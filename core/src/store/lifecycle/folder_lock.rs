//! The folder lock: at most one open store per account, among all processes.
//!
//! Two processes with the same outbox would send everything twice. So a second process, or a second [`Store`] in the
//! same process, is refused with [`StoreError::InUse`] at once. Nothing waits for the lock. The lock is the operating
//! system's lock on the file `lock` beside the database. It ends with the process, however the process ends, so a crash
//! leaves no lock behind.
//!
//! The content of that file tells whether this folder ever had a database of ours. If it had one, a missing or an empty
//! database is damage. The lock file may be lost as well, so whether any other database is ours is seen by the
//! database's own content (`damage.rs`).
//!
//! [`Store`]: crate::store::Store

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::store::StoreError;

/// The name of the lock file in the account's folder.
pub(in crate::store) const NAME: &str = "lock";
/// The content of the lock file once the folder has had a database.
const HAS_DATABASE: &[u8] = b"pocketdesk\n";

/// The lock on a folder. Dropping it unlocks the folder.
pub(in crate::store) struct Lock(File);

impl Lock {
    /// Locks `folder`. Fails with [`StoreError::InUse`] if it is locked already, and with
    /// [`StoreError::InvalidDirectory`] if something that is not a file is in the place of the lock file. Never waits.
    pub(in crate::store) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(NAME);
        // Reading from a pipe or a device might never end.
        if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
            return Err(StoreError::InvalidDirectory);
        }
        loop {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(StoreError::InUse),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
            let lock = Self(file);
            // A sign-out may have removed the file after it was opened here and before it was locked. Then a lock on it
            // protects nothing, and the new file has to be locked.
            if lock.is_at(&path) {
                return Ok(lock);
            }
        }
    }

    /// Whether this folder has ever had a database of ours.
    pub(in crate::store) fn had_database(&self) -> bool {
        let mut content = Vec::new();
        let mut file = &self.0;
        file.seek(SeekFrom::Start(0)).is_ok() && file.read_to_end(&mut content).is_ok() && content == HAS_DATABASE
    }

    /// Writes down, durably, that the folder has a database of ours now.
    pub(in crate::store) fn record_database(&self) -> Result<(), StoreError> {
        if self.had_database() {
            return Ok(());
        }
        let mut file = &self.0;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(HAS_DATABASE)?;
        Ok(self.0.sync_all()?)
    }

    /// Whether the locked file is the one that has this path now.
    #[cfg(unix)]
    fn is_at(&self, path: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;
        let identity = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
        let (here, there) = (self.0.metadata().map(identity), path.metadata().map(identity));
        here.ok().is_some_and(|here| there.is_ok_and(|there| there == here))
    }

    #[cfg(not(unix))]
    fn is_at(&self, path: &Path) -> bool {
        path.exists()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough: a child process that is just being started may hold a copy of the handle.
        if let Err(error) = self.0.unlock() {
            tracing::warn!(kind = ?error.kind(), "the lock was not released");
        }
    }
}
