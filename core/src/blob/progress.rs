//! The progress of transfers. It is not stored: an upload that is cut off starts again from its beginning.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A transfer that is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Transfer {
    /// An upload: the id of a row of `files`.
    Up(i64),
    /// A download: the id of a row of `downloads`.
    Down(i64),
}

/// The smallest progress that a screen is told, in bytes. For a larger file it is a fiftieth of its size.
const STEP: u64 = 64 * 1024;

/// The running transfers, with the bytes of each that have been transferred.
#[derive(Debug, Default)]
pub(crate) struct TransferProgress(Mutex<BTreeMap<Transfer, u64>>);

impl TransferProgress {
    /// Records that `bytes` of `size` have been transferred. Returns whether a screen should be told.
    pub fn reached(&self, file: Transfer, bytes: u64, size: u64) -> bool {
        let step = STEP.max(size / 50);
        let mut known = self.lock();
        let before = known.get(&file).copied();
        let is_step = before.is_none_or(|before| bytes < before || bytes - before >= step || bytes >= size);
        if is_step {
            known.insert(file, bytes);
        }
        is_step && before != Some(bytes)
    }

    /// Records that the transfer ended.
    pub fn ended(&self, file: Transfer) {
        self.lock().remove(&file);
    }

    /// How many bytes of the file had been transferred at its last step; `None` if no transfer is running.
    pub fn of(&self, file: Transfer) -> Option<u64> {
        self.lock().get(&file).copied()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Transfer, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_told_of_steps_and_of_the_end() {
        let (progress, file) = (TransferProgress::default(), Transfer::Up(1));
        let size = 10 * STEP;
        let told: Vec<u64> = (0..=100).map(|n| size * n / 100).filter(|n| progress.reached(file, *n, size)).collect();
        assert_eq!(told.len(), 1 + 10, "{told:?}");
        assert_eq!(progress.of(file), Some(size));
        assert!(progress.reached(file, 0, size), "another attempt starts from zero");
        progress.ended(file);
        assert_eq!(progress.of(file), None);
    }
}
