//! What this process holds of files below a folder: open files and POSIX locks, as the kernel tells them.
//!
//! A phone kills an app that is suspended while it holds a lock on a file; so a test asks here that none is left. Linux
//! only: elsewhere the answer is [`std::io::ErrorKind::Unsupported`].

use std::io;
use std::path::{Path, PathBuf};

/// A lock that this process holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// The file, as it is called now.
    pub path: PathBuf,
    /// Whether it keeps readers out, too.
    pub exclusive: bool,
}

/// The files below `folder` that this process has open, one entry a descriptor. A file that was deleted while it was open
/// counts, and has its old name with " (deleted)" behind it.
pub fn open_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    linux::open_files(&folder.canonicalize()?)
}

/// The POSIX locks that this process holds on files below `folder`.
pub fn held(folder: &Path) -> io::Result<Vec<Lock>> {
    linux::held(&folder.canonicalize()?)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::fs;
    use std::os::unix::fs::MetadataExt;

    use super::{Lock, Path, PathBuf, io};

    pub(super) fn open_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut open = Vec::new();
        for entry in fs::read_dir("/proc/self/fd")? {
            // The descriptor that reads this very folder is gone by now, and other threads close theirs.
            let Ok(path) = fs::read_link(entry?.path()) else { continue };
            if path.starts_with(folder) {
                open.push(path);
            }
        }
        open.sort();
        Ok(open)
    }

    /// A line is: `1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF` (process, then device and inode).
    pub(super) fn held(folder: &Path) -> io::Result<Vec<Lock>> {
        let mut inodes = BTreeMap::new();
        below(folder, &mut inodes)?;
        let me = std::process::id().to_string();
        let mut held = Vec::new();
        for line in fs::read_to_string("/proc/locks")?.lines() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, "POSIX", _, kind, process, file, ..] = fields[..] else { continue };
            let inode = file.rsplit(':').next().and_then(|inode| inode.parse::<u64>().ok());
            if process == me
                && let Some(path) = inode.and_then(|inode| inodes.get(&inode))
            {
                held.push(Lock { path: path.clone(), exclusive: kind == "WRITE" });
            }
        }
        Ok(held)
    }

    fn below(folder: &Path, inodes: &mut BTreeMap<u64, PathBuf>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let meta = entry.metadata()?;
            if meta.is_dir() {
                below(&entry.path(), inodes)?;
            } else {
                inodes.insert(meta.ino(), entry.path());
            }
        }
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
mod linux {
    use super::{Lock, Path, PathBuf, io};

    pub(super) fn open_files(_: &Path) -> io::Result<Vec<PathBuf>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn held(_: &Path) -> io::Result<Vec<Lock>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
