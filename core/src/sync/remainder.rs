//! What is left of the server's rate limit. Pure.
//!
//! Everything that uses the company's account shares the limit. If less than a fifth of it is left, a run makes only
//! the requests that the user waits for: writes, the thread on screen, the tickets of push messages, and a sync that
//! the user asks for. Everything else waits for the end of the minute, and the lists are read only once every
//! [`LISTS_WAIT_AT_MOST`]; before the end of the first sync, every [`FIRST_LISTS_WAIT_AT_MOST`].

use std::time::Duration;

use crate::model::{RateLimit, Timestamp};
use crate::outbox::Wait;

/// While little is left of the rate limit, the lists are read once in this time.
pub(super) const LISTS_WAIT_AT_MOST: Duration = Duration::from_mins(10);
/// While little is left and the first sync has not ended, the lists are read once in this time.
pub(super) const FIRST_LISTS_WAIT_AT_MOST: Duration = Duration::from_mins(1);
/// Little is left if the remainder is less than the limit divided by this number.
const LITTLE: u32 = 5;

/// What the server has last said of its rate limit, and when the lists were last read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Remainder {
    /// The requests that had been made when the rate limit was last looked at.
    requests: u64,
    /// If little was left of the rate limit at that time: until when the minute lasted.
    little: Option<Wait>,
    /// When the lists were last read.
    polled_at: Option<Timestamp>,
}

impl Remainder {
    /// What the server has said until `now`, after so many requests. Without a new request nothing new is known.
    pub fn heard(&mut self, requests: u64, limit: Option<RateLimit>, now: Timestamp) {
        if requests != self.requests {
            self.requests = requests;
            let little = limit.filter(|limit| limit.remaining.saturating_mul(LITTLE) < limit.limit);
            self.little = little.map(|limit| Wait::new(now, limit.resets_in));
        }
    }

    /// The lists are read now.
    pub fn polls(&mut self, now: Timestamp) {
        self.polled_at = Some(now);
    }

    /// How long everything has to wait that the user does not wait for. `None` if it need not wait: enough is left, the
    /// server did not say how much is left, the lists were never read, or the minute is over and they were not read for as
    /// long as `patience`.
    pub fn wait(self, now: Timestamp, patience: Duration) -> Option<Duration> {
        let little = self.little?;
        let lists = self.polled_at.and_then(|polled| Wait::new(polled, patience).left(now));
        // The first sync begins in any case: there is nothing to look at meanwhile.
        lists.max(little.left(now).filter(|_| self.polled_at.is_some()))
    }
}
