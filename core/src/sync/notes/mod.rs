//! What a run notes for itself.

mod account;
pub(super) mod isolation;
mod suspects;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use self::account::Account;
use self::isolation::Isolation;
use self::suspects::Suspects;
use crate::model::Timestamp;
use crate::outbox::Wait;

pub(super) use self::suspects::Suspect;

/// What a run notes for itself.
#[derive(Default)]
pub struct Notes {
    /// The tickets about which the server says that they are not there for this user.
    pub(super) suspects: Suspects,
    /// What has failed.
    pub(super) isolation: Isolation,
    /// Whether the account works.
    pub(super) account: Account,
    /// When the outbox has something to do next.
    outbox: Mutex<Option<Wait>>,
}

impl Notes {
    /// Notes that the outbox has something to do `left` after `now`; `None` if nothing waits in it.
    pub(super) fn set_outbox_due(&self, now: Timestamp, left: Option<Duration>) {
        *self.outbox.lock().unwrap_or_else(PoisonError::into_inner) = left.map(|left| Wait::new(now, left));
    }

    /// Whether a wait in the outbox is over at `now`.
    pub(super) fn is_outbox_due(&self, now: Timestamp) -> bool {
        let wait = *self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        wait.is_some_and(|wait| wait.left(now).is_none())
    }
}
