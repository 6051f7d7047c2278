//! Limits how many push messages leave in a minute.
//!
//! Each message makes its device ask the help desk, two or three times. One update that changes thousands of tickets would
//! so use up the help desk's rate limit within a minute, and keep users' own messages waiting. So only some messages a
//! minute are sent:
//!
//! 1. As many as in a minute leave at once. On an ordinary day nothing waits.
//! 2. Then the newest leaves first. After a mass update, an agent's answer does not wait behind thousands of closed tickets.
//! 3. What has waited for [`LONGEST_WAIT`] is dropped. Its device finds the change by asking.
//!
//! This is a token bucket that holds a minute's messages. Whoever calls says what time it is, so the simulation of a fleet runs
//! this code in virtual time.

use std::collections::VecDeque;
use std::time::Duration;

/// How long a message may wait.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
const MINUTE: Duration = Duration::from_mins(1);

/// The messages that wait, and when the next one may leave.
pub struct RateLimiter<T> {
    /// How many may wait.
    most: usize,
    /// How much of the time each message uses up.
    interval: Duration,
    /// Up to when the messages that have left use up the time. It may be a minute ahead.
    used_until: Duration,
    /// Oldest first, with the time at which they came.
    waiting: VecDeque<(Duration, T)>,
}

impl<T: PartialEq> RateLimiter<T> {
    /// So many messages a minute, and at least one.
    #[must_use]
    pub fn per_minute(messages: u32) -> Self {
        let messages = messages.max(1);
        // More could not leave before they are dropped.
        let most = u64::from(messages) * LONGEST_WAIT.as_secs() / MINUTE.as_secs();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Self { most, interval: MINUTE / messages, used_until: Duration::ZERO, waiting: VecDeque::new() }
    }

    /// A message comes at `now`, the time since any moment that stays the same. If the same message waits already, it
    /// waits once, as the newer one.
    pub fn add(&mut self, message: T, now: Duration) {
        self.waiting.retain(|(_, known)| *known != message);
        self.waiting.push_back((now, message));
        if self.waiting.len() > self.most {
            self.waiting.pop_front();
        }
    }

    /// The message that leaves at `now`, if one may. Call it until it returns `None`.
    pub fn next(&mut self, now: Duration) -> Option<T> {
        while self.waiting.front().is_some_and(|(came, _)| now.saturating_sub(*came) > LONGEST_WAIT) {
            self.waiting.pop_front();
        }
        if self.used_until + self.interval > now + MINUTE {
            // It is more than a minute ahead only if the clock was set back.
            self.used_until = self.used_until.min(now + MINUTE);
            return None;
        }
        let (_, message) = self.waiting.pop_back()?;
        self.used_until = self.used_until.max(now) + self.interval;
        Some(message)
    }

    /// Whether messages wait.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::iter;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// What leaves at `now`.
    fn leaving(limiter: &mut RateLimiter<u32>, now: Duration) -> Vec<u32> {
        iter::from_fn(|| limiter.next(now)).collect()
    }

    #[test]
    fn on_an_ordinary_day_nothing_waits() {
        let mut limiter = RateLimiter::per_minute(30);
        for minute in 1..600 {
            let now = MINUTE * minute;
            (0..30).for_each(|ticket| limiter.add(ticket, now));
            assert_eq!(leaving(&mut limiter, now).len(), 30);
            assert!(limiter.is_empty());
        }
    }

    #[test]
    fn an_answer_goes_before_the_tickets_that_one_update_has_closed() {
        let mut limiter = RateLimiter::per_minute(30);
        let start = MINUTE * 5;
        (0..10_000).for_each(|ticket| limiter.add(ticket, start));
        assert_eq!(leaving(&mut limiter, start).len(), 30);
        for second in 1..=600 {
            let now = start + SECOND * second;
            limiter.add(20_000 + second, now);
            // An answer each second is twice the limiter. The newest leaves.
            assert!(leaving(&mut limiter, now).iter().all(|ticket| *ticket == 20_000 + second));
        }
        let later: Vec<u32> = (601..=900).flat_map(|second| leaving(&mut limiter, start + SECOND * second)).collect();
        assert_eq!(later.len(), 150);
        let late = (901..3_600).flat_map(|second| leaving(&mut limiter, start + SECOND * second));
        assert!(
            late.into_iter().all(|ticket| ticket > 20_000),
            "a closed ticket that has waited for 15 min is dropped"
        );
        assert!(limiter.is_empty());
    }

    #[test]
    fn a_ticket_that_changes_again_while_it_waits_is_one_message() {
        let mut limiter = RateLimiter::per_minute(1);
        for ticket in [1, 2, 3, 2] {
            limiter.add(ticket, SECOND);
        }
        let left: Vec<u32> = (0..5).flat_map(|minute| leaving(&mut limiter, SECOND + MINUTE * minute)).collect();
        assert_eq!(left, [2, 3, 1]);
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nothing_for_long() {
        let mut limiter = RateLimiter::per_minute(30);
        limiter.add(1, MINUTE * 60);
        assert_eq!(leaving(&mut limiter, MINUTE * 60), [1]);
        limiter.add(2, MINUTE);
        assert!(leaving(&mut limiter, MINUTE).is_empty());
        assert_eq!(leaving(&mut limiter, MINUTE + SECOND * 2), [2]);
    }

    proptest::proptest! {
        #[test]
        fn no_minute_has_more_than_twice_the_limit(
            per_minute in 0_u32..100,
            comes in proptest::collection::vec((0_u64..5_000, 0_u32..500), 0..600),
        ) {
            let (mut limiter, mut now, mut left) = (RateLimiter::per_minute(per_minute), Duration::ZERO, Vec::new());
            for (later, ticket) in comes {
                now += Duration::from_millis(later);
                limiter.add(ticket, now);
                left.extend(leaving(&mut limiter, now).into_iter().map(|_| now));
            }
            let most = 2 * usize::try_from(per_minute.max(1)).unwrap_or(usize::MAX);
            for (index, start) in left.iter().enumerate() {
                let in_a_minute = left[index..].iter().take_while(|at| **at < *start + MINUTE).count();
                proptest::prop_assert!(in_a_minute <= most);
            }
        }
    }
}
