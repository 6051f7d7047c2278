//! Where the files lie: two folders beside the account's database.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The ending of a file that is not finished.
const PART: &str = "part";

/// The folder of files on their way to the server.
pub(crate) const OUTGOING: &str = "outgoing";

/// The two folders. Names in them are made here and never a user's.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    account: PathBuf,
}

impl Folder {
    /// In the account's folder.
    pub fn of(account: &Path) -> Self {
        Self { account: account.to_owned() }
    }

    /// Files on their way to the server.
    pub fn outgoing(&self) -> PathBuf {
        self.account.join(OUTGOING)
    }

    /// Copies of the server's files.
    pub fn cache(&self) -> PathBuf {
        self.account.join("cache")
    }

    /// A finished file of that name, wherever it lies.
    fn places(&self, stored_as: &str) -> [PathBuf; 4] {
        let [outgoing, cache] = [self.outgoing().join(stored_as), self.cache().join(stored_as)];
        [part_of(&outgoing), outgoing, part_of(&cache), cache]
    }

    /// Removes a file, finished or not. One that is not there is no error.
    pub fn remove(&self, stored_as: &str) -> io::Result<()> {
        for path in self.places(stored_as) {
            remove_if_there(&path)?;
        }
        Ok(())
    }

    /// Removes whatever no row names, and parts of files on their way to the server.
    pub fn sweep(&self, outgoing: &BTreeSet<String>, cached: &BTreeSet<String>) -> io::Result<()> {
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

/// Where `path` grows until it is finished.
pub(super) fn part_of(path: &Path) -> PathBuf {
    let mut part = path.as_os_str().to_owned();
    part.push(".");
    part.push(PART);
    PathBuf::from(part)
}

/// Gives the finished `part` its name, durably.
pub(super) fn finish(part: &Path, path: &Path) -> io::Result<()> {
    fs::rename(part, path)?;
    sync_folder(path)
}

/// A new name in a folder is durable when the folder is. Windows has no handle for that, and no need.
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
