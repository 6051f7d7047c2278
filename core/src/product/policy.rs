//! How far the server's answers may lag, and how many requests the client may make.

use std::time::Duration;

/// How far the server's answers may lag behind what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consistency {
    /// The longest time after a write was applied for which a read may miss it.
    pub stale_read: Duration,
    /// The longest time between the moment at which a request is cut off and the moment at which the server applies it
    /// all the same.
    pub late_apply: Duration,
}

/// How wrong the comparison of two times of the server can be. The times have whole seconds, and an answer carries the
/// time when it left, a moment after its content was read.
const CLOCK_ERROR: Duration = Duration::from_secs(2);

impl Consistency {
    /// How long after an update, by the server's clock, every answer includes the update and everything before it.
    #[must_use]
    pub fn visible_after(self) -> Duration {
        self.stale_read + CLOCK_ERROR
    }

    /// How long the result of a request that was cut off may still turn up. The time counts by the server's clock, from
    /// the first read that did not show the result. A read after this time shows the result, or the request will never
    /// be applied.
    #[must_use]
    pub fn ambiguity_timeout(self) -> Duration {
        self.late_apply + self.visible_after()
    }
}

/// Which threads are read as soon as they have changed. The others are read when they are opened, or in idle time
/// within the request budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub struct ThreadPolicy {
    /// Threads with an update in this many days.
    pub active_days: u32,
    /// Threads whose ticket is neither solved nor closed.
    pub open: bool,
    /// Threads with something unread.
    pub unread: bool,
    /// The request budget: how many requests reading threads may cost in an hour, by the device's clock, before idle
    /// reading stops until the next hour. Reading the threads that this policy selects, long threads and the help
    /// centre is charged as well, but never waits. The thread on screen, the tickets of push messages and the reads
    /// after an ambiguous outcome are not charged. With 0 no thread is read in idle time.
    #[serde(default = "default_requests_per_hour")]
    pub requests_per_hour: u32,
    /// The same budget in bytes of the server's answers.
    #[serde(default = "default_bytes_per_hour")]
    pub bytes_per_hour: u64,
}

fn default_requests_per_hour() -> u32 {
    240
}

fn default_bytes_per_hour() -> u64 {
    8_000_000
}

/// The limits on requests when lists and threads are synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncPolicy {
    /// How far behind the watermark an incremental sync reads again.
    pub overlap: Duration,
    /// Rows on a page, 1 to 100.
    pub page_size: u32,
    /// The time from the end of a full reconciliation, which reads every list completely to find tickets that have
    /// disappeared, to the beginning of the next one. With zero every run that reads the lists begins one, unless one
    /// is under way.
    pub reconcile_every: Duration,
    /// How many requests of a full reconciliation one run makes before it leaves the rest to the next run. At least 1.
    pub reconciliation_requests: u32,
    /// The first wait before the thread on screen is read again, while the app is in front. Each read that finds
    /// nothing makes it longer.
    pub front_thread: Duration,
    /// The first wait before the history is asked for again, while the app is in front. Each read that finds nothing
    /// makes it longer.
    pub front_history: Duration,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// An answer may lack an update because it was read before the update or from a replica that lags. The time of
        /// such an answer is never so late that the update would count as visible everywhere.
        #[test]
        fn an_answer_that_lacks_an_update_is_never_late_enough_to_count(
            update in 0_u64..10_000, lag in 0_u64..=15_000, before in 1_u64..10_000, leaving in 0_u64..=1_000,
        ) {
            let consistency = Consistency { stale_read: Duration::from_secs(15), late_apply: Duration::ZERO };
            let answer_time = (update + lag).saturating_sub(before) + leaving;
            let whole = |millis: u64| Duration::from_secs(millis / 1_000);
            prop_assert!(whole(answer_time) < whole(update) + consistency.visible_after());
        }
    }
}
