//! Whether the account works: the server answers this user well, or refuses what it would show to any user who may use
//! the account.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sync::report::SyncFailure;

/// What a run has seen of the account.
#[derive(Default)]
pub(in crate::sync) struct Account(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    /// The server has answered something well.
    works: bool,
    /// The user's own list was refused, and nothing was answered well since.
    refused: Option<SyncFailure>,
}

impl Account {
    /// The server has answered something well.
    pub fn works(&self) {
        *self.lock() = Seen { works: true, refused: None };
    }

    /// The user's own list was refused.
    pub fn refused(&self, failure: SyncFailure) {
        self.lock().refused = Some(failure);
    }

    /// Whether the server has answered anything well.
    pub fn was_seen_to_work(&self) -> bool {
        self.lock().works
    }

    /// Fails with the refusal of the user's own list, if nothing was answered well since. The rest would be refused as well.
    pub fn check(&self) -> Result<(), SyncFailure> {
        self.refusal().map_or(Ok(()), Err)
    }

    /// The refusal of the user's own list, if nothing was answered well since.
    pub fn refusal(&self) -> Option<SyncFailure> {
        self.lock().refused.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
