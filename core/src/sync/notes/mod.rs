//! What a run notes for itself.

mod account;
pub(super) mod isolation;
mod question;
mod suspects;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use self::account::Account;
use self::isolation::Isolation;
use self::suspects::Suspects;
use crate::model::{TicketList, Timestamp};
use crate::outbox::Wait;

pub(crate) use self::question::ServerQuestion;
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
    /// The lists of this user's history, as far as the run knows them.
    lists: Mutex<Vec<TicketList>>,
    /// When the outbox has something to do next.
    outbox: Mutex<Option<Wait>>,
    /// Whether anything was found that this device did not know.
    is_news: AtomicBool,
}

impl Notes {
    /// Notes which lists this user's history has.
    pub(super) fn set_lists(&self, lists: Vec<TicketList>) {
        *self.lists.lock().unwrap_or_else(PoisonError::into_inner) = lists;
    }

    /// The lists of this user's history; empty before the server has told who the user is.
    pub(super) fn lists(&self) -> Vec<TicketList> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that something was found that this device did not know.
    pub(super) fn found_news(&self) {
        self.is_news.store(true, Ordering::Relaxed);
    }

    /// Whether anything was found that this device did not know.
    pub(super) fn is_news(&self) -> bool {
        self.is_news.load(Ordering::Relaxed)
    }

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
