//! Where a store is in its life.

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::folder_lock::Lock;

/// Where a store is in its life, and what waits for a turn of it.
pub(in crate::store) struct Lifecycle {
    pub(super) stage: Mutex<Stage>,
    /// SQLite found the file corrupt, and nobody had the time yet.
    pub(super) corrupt: AtomicBool,
    /// A row did not read as it should. Once in a life that is taken for damage; twice would be our own fault.
    pub(super) suspected: AtomicBool,
    pub(super) renewed: Notify,
}

pub(in crate::store) enum Stage {
    Open(#[expect(dead_code, reason = "held, not looked at")] Lock),
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

    pub(in crate::store) fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
