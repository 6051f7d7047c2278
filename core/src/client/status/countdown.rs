//! For how long a message can still be undone.

use std::time::Duration;

use crate::client::config::LONGEST_SEND_DELAY;
use crate::model::Timestamp;

/// What is left of the time in which a message can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Countdown {
    /// How many seconds are left, rounded up: 0 only when the time is over.
    pub seconds: u32,
    /// When to ask again, because the number changes; zero when the time is over.
    pub changes_in: Duration,
}

impl Countdown {
    /// What is left at `now` of the time that ends at `until`. It is never longer than the longest delay, even if the device's
    /// clock was set back.
    #[must_use]
    pub fn until(until: Timestamp, now: Timestamp) -> Self {
        let left = u64::try_from(until.0.saturating_sub(now.0)).unwrap_or_default();
        let left = Duration::from_millis(left).min(LONGEST_SEND_DELAY);
        let seconds = u32::try_from(left.as_millis().div_ceil(1_000)).unwrap_or_default();
        // The number is one less when a whole second is reached.
        let changes_in = left.saturating_sub(Duration::from_secs(u64::from(seconds.saturating_sub(1))));
        Self { seconds, changes_in }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_counted_down_to_the_moment_of_sending() {
        let at = |now: i64| {
            let left = Countdown::until(Timestamp(1_790_000_005_000), Timestamp(1_790_000_005_000 - now));
            (left.seconds, left.changes_in.as_millis())
        };
        assert_eq!(at(5_000), (5, 1_000));
        assert_eq!(at(4_001), (5, 1));
        assert_eq!(at(4_000), (4, 1_000));
        assert_eq!(at(1), (1, 1));
        assert_eq!(at(0), (0, 0));
        assert_eq!(at(-70_000), (0, 0), "it is over");
        assert_eq!(at(86_400_000).0, 30, "the clock was set back by a day");
        assert_eq!(Countdown::until(Timestamp(i64::MIN), Timestamp(i64::MAX)).seconds, 0);
    }
}
