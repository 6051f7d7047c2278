//! The two folders for files beside the account's database.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The ending of an unfinished file.
const PART: &str = "part";

/// The name of the folder for files to upload.
pub(crate) const OUTGOING: &str = "outgoing";

/// The two folders. The names in them are generated, never chosen by a user.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    account: PathBuf,
}

impl Folder {
    /// The folders of the account whose own folder is `account`.
    pub fn of(account: &Path) -> Self {
        Self { account: account.to_owned() }
    }

    /// The folder for files to upload.
    pub fn outgoing(&self) -> PathBuf {
        self.account.join(OUTGOING)
    }

    /// The folder for copies of the server's files.
    pub fn cache(&self) -> PathBuf {
        self.account.join("cache")
    }

    /// Every path that a file of that name can have, finished or not.
    fn places(&self, stored_as: &str) -> [PathBuf; 4] {
        let [outgoing, cache] = [self.outgoing().join(stored_as), self.cache().join(stored_as)];
        [part_of(&outgoing), outgoing, part_of(&cache), cache]
    }

    /// Removes a file, finished or not. A missing file is not an error.
    pub fn remove(&self, stored_as: &str) -> io::Result<()> {
        for path in self.places(stored_as) {
            remove_if_there(&path)?;
        }
        Ok(())
    }

    /// Removes every file that no row mentions, and every unfinished file of an upload. `outgoing` has the names in the
    /// table `files`, `cached` those in `downloads`. Unfinished downloads that have a row stay. Call it only while the store
    /// is opened, because it would remove a file that is being copied. It stops at the first error.
    pub fn remove_without_row(&self, outgoing: &BTreeSet<String>, cached: &BTreeSet<String>) -> io::Result<()> {
        for (folder, named, keeps_parts) in [(self.outgoing(), outgoing, false), (self.cache(), cached, true)] {
            let entries = match fs::read_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let path = entry?.path();
                let is_part = path.extension().is_some_and(|ending| ending == PART);
                let whole = if is_part { path.with_extension("") } else { path.clone() };
                let known = whole.file_name().and_then(|name| name.to_str()).is_some_and(|name| named.contains(name));
                if !known || (is_part && !keeps_parts) {
                    remove_if_there(&path)?;
                }
            }
        }
        Ok(())
    }
}

/// The path of the unfinished file that will become `path`.
pub(super) fn part_of(path: &Path) -> PathBuf {
    let mut part = path.as_os_str().to_owned();
    part.push(".");
    part.push(PART);
    PathBuf::from(part)
}

/// Renames the finished `part` to `path`, durably.
pub(super) fn finish(part: &Path, path: &Path) -> io::Result<()> {
    fs::rename(part, path)?;
    sync_folder(path)
}

/// Syncs the folder of `path`, which makes a new name in it durable. Windows offers no handle for that and does not
/// need it.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

pub(super) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
