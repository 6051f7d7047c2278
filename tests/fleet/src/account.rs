//! The account at the help desk: one rate limit for all devices.

use std::ops::Range;
use std::time::Duration;

use pocketdesk::model::RateLimit;
use pocketdesk::sync::fleet::Refusal;

const MINUTE: u64 = 60_000;

/// What one minute has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Minute {
    /// Requests that were answered.
    pub answered: u32,
    /// Requests that were refused because the limit was used up.
    pub refused: u32,
    /// Requests that could not be answered because of an outage.
    pub lost: u32,
}

impl Minute {
    /// Every request that was made.
    #[must_use]
    pub fn asked(self) -> u32 {
        self.answered + self.refused + self.lost
    }
}

/// An account with a limit of requests in each minute of the clock. What is asked beyond it is refused with the seconds
/// until the next minute, as real services do.
#[derive(Debug)]
pub struct Account {
    limit: u32,
    /// When the service cannot be reached, in milliseconds.
    outage: Range<u64>,
    /// When another program uses the account, in milliseconds, and how many requests it makes in a minute.
    others: (Range<u64>, u32),
    minutes: Vec<Minute>,
    requests: u64,
}

impl Account {
    /// An account with `limit` requests a minute, which cannot be reached during `outage` (milliseconds).
    #[must_use]
    pub fn new(limit: u32, outage: Range<u64>) -> Self {
        Self { limit, outage, others: (0..0, 0), minutes: Vec::new(), requests: 0 }
    }

    /// The same account while another program makes so many requests a minute during `when` (milliseconds).
    #[must_use]
    pub fn shared(self, when: Range<u64>, requests: u32) -> Self {
        Self { others: (when, requests), ..self }
    }

    /// A request at `now`, in milliseconds.
    pub fn ask(&mut self, now: u64) -> Result<RateLimit, Refusal> {
        self.requests += 1;
        let index = usize::try_from(now / MINUTE).unwrap_or(usize::MAX);
        if self.minutes.len() <= index {
            self.minutes.resize(index + 1, Minute::default());
        }
        let minute = &mut self.minutes[index];
        let left = MINUTE - now % MINUTE;
        if self.outage.contains(&now) {
            minute.lost += 1;
            return Err(Refusal::Unreachable);
        }
        let others = if self.others.0.contains(&now) { u64::from(self.others.1) * (now % MINUTE) / MINUTE } else { 0 };
        let limit = self.limit.saturating_sub(u32::try_from(others).unwrap_or(u32::MAX));
        if minute.answered >= limit {
            minute.refused += 1;
            return Err(Refusal::Busy(Duration::from_secs(left.div_ceil(1_000))));
        }
        minute.answered += 1;
        let remaining = limit - minute.answered;
        Ok(RateLimit { limit: self.limit, remaining, resets_in: Duration::from_millis(left) })
    }

    /// How many requests were made.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// The minutes from the first one on.
    #[must_use]
    pub fn minutes(&self) -> &[Minute] {
        &self.minutes
    }
}
