//! What this process holds of files below a folder: open files and POSIX locks, as the kernel reports them.
//!
//! A phone kills an app that is suspended while it holds a file lock, so tests check here that none is left. Linux
//! only; elsewhere the functions return [`std::io::ErrorKind::Unsupported`].

use std::io;
use std::path::{Path, PathBuf};

/// A lock that this process holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// The file's current path.
    pub path: PathBuf,
    /// Whether it excludes readers, too.
    pub exclusive: bool,
}

/// The files below `folder` that this process has open, one entry per descriptor. A file that was deleted while open
/// counts, under its old name followed by " (deleted)".
pub fn open_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    linux::open_files(&folder.canonicalize()?)
}

/// The POSIX locks that this process holds on files below `folder`.
pub fn held(folder: &Path) -> io::Result<Vec<Lock>> {
    linux::held(&folder.canonicalize()?)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;

    use super::{Lock, Path, PathBuf, io};

    pub(super) fn open_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut open: Vec<PathBuf> = descriptors(folder)?.into_iter().map(|(_, path)| path).collect();
        open.sort();
        Ok(open)
    }

    /// A descriptor's line reads `lock: 1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF`. The kernel's list of all
    /// locks would do as well, but it skips some while other threads and processes take and release theirs.
    pub(super) fn held(folder: &Path) -> io::Result<Vec<Lock>> {
        let mut held = Vec::new();
        for (descriptor, path) in descriptors(folder)? {
            let info = match fs::read_to_string(Path::new("/proc/self/fdinfo").join(descriptor)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                info => info?,
            };
            for line in info.lines() {
                let fields: Vec<&str> = line.split_whitespace().collect();
                if let ["lock:", _, "POSIX", _, kind, ..] = fields[..] {
                    held.push(Lock { path: path.clone(), exclusive: kind == "WRITE" });
                }
            }
        }
        Ok(held)
    }

    /// The descriptors that this process has open below `folder`.
    fn descriptors(folder: &Path) -> io::Result<Vec<(std::ffi::OsString, PathBuf)>> {
        let mut open = Vec::new();
        for entry in fs::read_dir("/proc/self/fd")? {
            let entry = entry?;
            // The descriptor for this very folder is closed by now, and other threads close theirs.
            let Ok(path) = fs::read_link(entry.path()) else { continue };
            if path.starts_with(folder) {
                open.push((entry.file_name(), path));
            }
        }
        Ok(open)
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
