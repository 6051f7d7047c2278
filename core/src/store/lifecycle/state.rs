//! Which stage of its life a store is in.

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::folder_lock::Lock;

/// The stage of a store, and what is known about damage to its file. The stages are described in `suspend.rs`, damage
/// in `renew.rs`.
pub(in crate::store) struct Lifecycle {
    /// Locked for the whole of every change of stage, and while a damaged file is replaced.
    pub(super) stage: Mutex<Stage>,
    /// SQLite found the file corrupt, and it was not replaced yet.
    pub(in crate::store) corrupt: AtomicBool,
    /// The file was checked because of an unreadable row. This happens at most once until the store is resumed: another
    /// unreadable row would point to a mistake in this code.
    pub(super) suspected: AtomicBool,
    /// Signalled when the file was replaced, or could not be.
    pub(super) renewed: Notify,
}

/// The stages of a store.
pub(in crate::store) enum Stage {
    /// The folder is locked.
    Open(#[expect(dead_code, reason = "held, never read")] Lock),
    Suspended,
    Closed,
}

impl Lifecycle {
    pub(in crate::store) fn new(lock: Lock) -> Self {
        Self {
            stage: Mutex::new(Stage::Open(lock)),
            corrupt: AtomicBool::default(),
            suspected: AtomicBool::default(),
            renewed: Notify::new(),
        }
    }

    /// Locks the stage.
    pub(in crate::store) fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
