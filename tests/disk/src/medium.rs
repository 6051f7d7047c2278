//! The content of a disk: the current bytes and names, and how to go back to what was synced.
//!
//! The files themselves play the page cache. This module keeps, for each of them, every change since its last sync with
//! what is needed to undo it, and for each folder the names that were created and deleted. A power cut undoes all of
//! that, and then redoes the part that happened to reach the disk.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::{fs, mem};

use crate::Keep;
use crate::chance::Chance;

/// The unit that a disk writes completely or not at all, in bytes.
const SECTOR: usize = 512;

/// A change of a file's bytes, with what was there before.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub kind: ChangeKind,
    /// The bytes that it overwrote or cut off.
    pub before: Vec<u8>,
    /// The file's length before.
    pub size: usize,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum ChangeKind {
    Write { offset: usize, length: usize },
    Truncate { to: usize },
}

/// A name that was created or deleted since its folder was last synced.
#[derive(Debug)]
enum Entry {
    Created(PathBuf),
    /// With the whole file, because its name may be there again after a cut.
    Deleted(PathBuf, Vec<u8>, Vec<Change>),
}

impl Entry {
    fn path(&self) -> &Path {
        match self {
            Self::Created(path) | Self::Deleted(path, ..) => path,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Medium {
    unsynced: BTreeMap<PathBuf, Vec<Change>>,
    entries: Vec<Entry>,
}

impl Medium {
    pub(crate) fn changed(&mut self, path: &Path, change: Change) {
        match self.unsynced.get_mut(path) {
            Some(changes) => changes.push(change),
            None => drop(self.unsynced.insert(path.to_owned(), vec![change])),
        }
    }

    pub(crate) fn created(&mut self, path: &Path) {
        // A former file of this name was moved away by other code, and does not concern this crate any more.
        self.unsynced.remove(path);
        self.entries.push(Entry::Created(path.to_owned()));
    }

    pub(crate) fn deleted(&mut self, path: &Path, bytes: Vec<u8>) {
        let changes = self.unsynced.remove(path).unwrap_or_default();
        self.entries.push(Entry::Deleted(path.to_owned(), bytes, changes));
    }

    /// The file's bytes are durable, and so is its name: the sync of a new file includes its name on every file system
    /// that phones use. Other names in its folder are durable only if the folder was synced, too.
    pub(crate) fn synced(&mut self, path: &Path, folder_too: bool) {
        if let Some(changes) = self.unsynced.get_mut(path) {
            changes.clear();
        }
        self.entries.retain(|entry| entry.path() != path && !(folder_too && entry.path().parent() == path.parent()));
    }

    pub(crate) fn folder_synced(&mut self, folder: Option<&Path>) {
        self.entries.retain(|entry| entry.path().parent() != folder);
    }

    /// Turns the files into what a disk has after the power cut. What is left is durable.
    pub(crate) fn apply_cut(&mut self, keep: Keep) -> io::Result<()> {
        let mut chance = match keep {
            // The changes are still in the page cache, and still not synced.
            Keep::All => return Ok(()),
            Keep::Synced => None,
            Keep::Torn(seed) => Some(Chance::new(seed)),
        };
        let mut unsynced = mem::take(&mut self.unsynced);
        let mut entries = mem::take(&mut self.entries);
        // File systems journal names, so the latest are lost first.
        let kept = chance.as_mut().map_or(0, |chance| chance.below(entries.len() + 1));
        for entry in entries.drain(kept..).rev() {
            match entry {
                Entry::Created(path) => {
                    unsynced.remove(&path);
                    unless_missing(fs::remove_file(&path))?;
                }
                Entry::Deleted(path, bytes, changes) => {
                    unless_missing(fs::write(&path, bytes))?;
                    unsynced.insert(path, changes);
                }
            }
        }
        for (path, changes) in unsynced {
            // Skips files without changes. A file that other code removed stays removed.
            if changes.is_empty() || !path.exists() {
                continue;
            }
            fs::write(&path, survivor(fs::read(&path)?, &changes, chance.as_mut()))?;
        }
        Ok(())
    }
}

fn unless_missing(outcome: io::Result<()>) -> io::Result<()> {
    outcome.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// Returns what is left of `image` after its unsynced `changes` were lost, except for those that `chance` keeps.
fn survivor(mut image: Vec<u8>, changes: &[Change], chance: Option<&mut Chance>) -> Vec<u8> {
    // Undo all changes, remembering what each write had written.
    let mut written: Vec<Vec<u8>> = Vec::with_capacity(changes.len());
    for change in changes.iter().rev() {
        let offset = match change.kind {
            ChangeKind::Write { offset, length } => {
                let end = (offset + length).min(image.len());
                written.push(image.get(offset..end).unwrap_or_default().to_vec());
                offset
            }
            ChangeKind::Truncate { to } => {
                written.push(Vec::new());
                to
            }
        };
        image.resize(change.size, 0);
        put(&mut image, offset, &change.before);
    }
    let Some(chance) = chance else { return image };
    // Redo a part. How much survives differs from cut to cut, including nothing and everything.
    let odds = [0, 10, 50, 90, 100][chance.below(5)];
    for (change, bytes) in changes.iter().zip(written.into_iter().rev()) {
        match change.kind {
            ChangeKind::Truncate { to } => {
                if chance.percent(odds) {
                    image.truncate(to);
                }
            }
            ChangeKind::Write { offset, .. } if chance.percent(odds) => put(&mut image, offset, &bytes),
            ChangeKind::Write { offset, .. } if chance.percent(odds) => {
                let mut at = 0;
                while at < bytes.len() {
                    let end = bytes.len().min(at + SECTOR - (offset + at) % SECTOR);
                    if chance.percent(50) {
                        put(&mut image, offset + at, &bytes[at..end]);
                    }
                    at = end;
                }
            }
            ChangeKind::Write { .. } => {}
        }
    }
    image
}

/// Writes into `image`. A hole before `offset` reads as zeros.
fn put(image: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    let end = offset + bytes.len();
    if image.len() < end {
        image.resize(end, 0);
    }
    image[offset..end].copy_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Applies a change and returns its record.
    fn apply(image: &mut Vec<u8>, kind: ChangeKind, bytes: &[u8]) -> Change {
        let size = image.len();
        let before = match kind {
            ChangeKind::Write { offset, length } => {
                let before = image.get(offset..(offset + length).min(size)).unwrap_or_default().to_vec();
                put(image, offset, bytes);
                before
            }
            ChangeKind::Truncate { to } => image.split_off(to),
        };
        Change { kind, before, size }
    }

    fn session() -> (Vec<u8>, Vec<u8>, Vec<Change>) {
        let synced: Vec<u8> = (0..3_000_u32).map(|i| (i % 251) as u8).collect();
        let mut image = synced.clone();
        let write = |offset, length| ChangeKind::Write { offset, length };
        let changes = vec![
            apply(&mut image, write(100, 1_000), &[1; 1_000]),
            apply(&mut image, write(2_900, 1_500), &[2; 1_500]),
            apply(&mut image, ChangeKind::Truncate { to: 700 }, &[]),
            apply(&mut image, write(5_000, 10), &[3; 10]),
            apply(&mut image, write(0, 5_010), &[4; 5_010]),
        ];
        (synced, image, changes)
    }

    #[test]
    fn what_was_not_synced_is_lost_to_the_byte() {
        let (synced, image, changes) = session();
        assert_eq!(survivor(image, &changes, None), synced);
    }

    #[test]
    fn a_seed_decides_what_survives_and_seeds_differ() {
        let (synced, image, changes) = session();
        let torn = |seed| survivor(image.clone(), &changes, Some(&mut Chance::new(seed)));
        let outcomes: Vec<_> = (0..100).map(torn).collect();
        assert_eq!(outcomes, (0..100).map(torn).collect::<Vec<_>>());
        assert!(outcomes.contains(&synced) && outcomes.contains(&image));
        assert!(outcomes.iter().any(|outcome| *outcome != synced && *outcome != image));
    }
}
