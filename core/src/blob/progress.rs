//! How far files have travelled. Nothing of it is worth keeping: an upload that is cut begins anew.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A file that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Transfer {
    /// To the server: a row of `files`.
    Up(i64),
    /// From the server: a row of `downloads`.
    Down(i64),
}

/// A step that is worth drawing: this many bytes, or two in a hundred of a larger file.
const STEP: u64 = 64 * 1024;

/// What is under way, and how many bytes of it went through.
#[derive(Debug, Default)]
pub(crate) struct TransferProgress(Mutex<BTreeMap<Transfer, u64>>);

impl TransferProgress {
    /// `bytes` of `size` went through. True if a screen should be told.
    pub fn reached(&self, file: Transfer, bytes: u64, size: u64) -> bool {
        let step = STEP.max(size / 50);
        let mut known = self.lock();
        let before = known.get(&file).copied();
        let worth_telling = before.is_none_or(|before| bytes < before || bytes - before >= step || bytes >= size);
        if worth_telling {
            known.insert(file, bytes);
        }
        worth_telling && before != Some(bytes)
    }

    /// It is no longer under way.
    pub fn ended(&self, file: Transfer) {
        self.lock().remove(&file);
    }

    /// How many bytes of it went through; `None` if it is not under way.
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
        assert!(progress.reached(file, 0, size), "another attempt begins anew");
        progress.ended(file);
        assert_eq!(progress.of(file), None);
    }
}
