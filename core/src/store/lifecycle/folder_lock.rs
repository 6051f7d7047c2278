//! One process at a time: the lock on an account's folder.
//!
//! Two processes that both send what one outbox holds would send it twice, so a second one, and a second [`Store`] of the
//! same process, is refused with [`StoreError::InUse`]. The lock is the operating system's own, on a file beside the
//! database: it ends with the process, however that ends, and never stays behind.
//!
//! The file also says whether a database of ours was ever here. What does not read as one in a folder that had one is
//! damage; in any other folder it is somebody else's file, and left untouched.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::store::StoreError;

/// Its name in the account's folder.
pub(in crate::store) const NAME: &str = "lock";
/// What it says once a database was made.
const MADE: &[u8] = b"pocketdesk\n";

/// The lock. Ends when dropped.
pub(in crate::store) struct Lock(File);

impl Lock {
    /// Locks `folder`, or says that somebody else has it.
    pub(in crate::store) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(NAME);
        loop {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(StoreError::InUse),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
            let lock = Self(file);
            // Whoever signed out a moment ago may have removed the file between opening and locking it.
            if lock.is_at(&path) {
                return Ok(lock);
            }
        }
    }

    /// Whether a database of ours was made here.
    pub(in crate::store) fn is_made(&self) -> bool {
        let mut said = Vec::new();
        let mut file = &self.0;
        file.seek(SeekFrom::Start(0)).is_ok() && file.read_to_end(&mut said).is_ok() && said == MADE
    }

    /// Writes down that a database of ours is here now.
    pub(in crate::store) fn set_made(&self) -> Result<(), StoreError> {
        if self.is_made() {
            return Ok(());
        }
        let mut file = &self.0;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(MADE)?;
        Ok(self.0.sync_all()?)
    }

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
        // Said aloud, because a child process that is just being started may hold a copy of the handle.
        if let Err(error) = self.0.unlock() {
            tracing::warn!(kind = ?error.kind(), "the lock was not released");
        }
    }
}
