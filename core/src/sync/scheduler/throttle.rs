//! The throttle: how much slower a device reads because of what the server says of its load. Pure.
//!
//! All devices of a company, and its other integrations, share one rate limit. No device knows the others, but the last
//! answer of each run says how much is used of the running minute. From that, each device infers how much of the limit the
//! whole minute will use, the *load*, and adapts its own rate:
//!
//! * With a load above [`HIGH_LOAD`] hundredths of the limit the rate becomes three quarters of what it was.
//! * After a 429 it is halved, and also if a server cannot be reached whose last load was above [`LITTLE_LOAD`].
//! * Otherwise it grows by [`STEP`], but by no more than an eighth: a million devices that read once a day each must not
//!   all double their rate after one good answer.
//!
//! So a fleet settles near [`HIGH_LOAD`], and leaves the rest of the limit to what users write and to the company's other
//! integrations. The rate stretches the waits of the
//! [`cadence`](super::cadence) and of reading in idle time. It slows nothing that the user wrote or waits for.
//!
//! After an outage, or when a network returns, all devices could ask at the same moment. Therefore reading starts after
//! a random part of the wait that the device would have had anyway. The more load the server had when it was last heard
//! of, the larger that part can be. A server with little load is asked at once. `docs/decisions` says why.

use std::time::Duration;

use crate::bugs::{self, Bug};
use crate::model::{Chance, RateLimit};
use crate::outbox::time_to_serve;

/// The rate of a device that nothing slows, in millionths.
const FULL: u32 = 1_000_000;
/// The lowest rate, in millionths: a wait of 15 min becomes three weeks.
const LEAST: u32 = 500;
/// By how much the rate grows after an answer that shows no high load, in millionths.
const STEP: u32 = 50_000;
/// Up to this load, in hundredths of the limit, everybody may return at once.
const LITTLE_LOAD: u32 = 25;
/// A high load, in hundredths of the limit. Above it reading becomes slower. From it on devices return as rarely as they
/// would have asked anyway.
const HIGH_LOAD: u32 = 60;
/// No longer time is believed to be needed to serve everybody who was refused.
const LONGEST_SPREAD: Duration = Duration::from_mins(80);
/// The least time over which devices spread out after a failure. A device that is refused late in a minute is told to wait
/// for a short time only, which does not show how early in that minute the limit was used up.
const LEAST_SPREAD: Duration = Duration::from_mins(8);
/// The minute that a rate limit is about.
const MINUTE: Duration = Duration::from_mins(1);
/// So early in a minute, what is used of it says nothing about the rest of it.
const TOO_EARLY: Duration = Duration::from_secs(10);

/// What the server has said of its load, and what follows from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Throttle {
    /// The rate, in millionths of that of a device that nothing slows.
    rate: u32,
    /// The load, in hundredths of the limit, when it was last heard of; 0 if it never was.
    load: u32,
    /// How long the server needs to serve everybody who was refused with this device; zero if it was not refused.
    crowd: Duration,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { rate: FULL, load: 0, crowd: Duration::ZERO }
    }
}

impl Throttle {
    /// A throttle of a device that has run for long, for a fleet in the middle of its day.
    #[cfg(feature = "fleet")]
    pub fn at(rate: u32, load: u32) -> Self {
        Self { rate: rate.clamp(LEAST, FULL), load, ..Self::default() }
    }

    /// The server has answered and has said what is left.
    pub fn answered(&mut self, limit: RateLimit) {
        let Some(load) = load(limit) else { return };
        (self.load, self.crowd) = (load, Duration::ZERO);
        if load > HIGH_LOAD {
            self.rate = (self.rate / 4 * 3).max(LEAST);
        } else if !bugs::is_on(Bug::SlowsDownForEver) {
            self.rate = (self.rate + STEP.min(self.rate / 8).max(1)).min(FULL);
        }
    }

    /// The server has refused a request because too many were made. `after` is the wait that it asked for.
    pub fn refused(&mut self, after: Option<Duration>) {
        self.load = 100;
        self.crowd = after.and_then(time_to_serve).unwrap_or_default().min(LONGEST_SPREAD);
        self.rate = (self.rate / 2).max(LEAST);
    }

    /// The server could not be reached, or could not answer. If it had some load, that may be why.
    pub fn failed(&mut self) {
        if self.load > LITTLE_LOAD {
            self.rate = (self.rate / 2).max(LEAST);
        }
    }

    /// A wait of somebody who only reads.
    pub fn stretched(self, wait: Duration) -> Duration {
        scaled(wait, FULL, self.rate)
    }

    /// A wait of something that nobody waits for. With a high load it varies up to twice its length, because it may end for
    /// many devices at the same moment.
    pub fn spread_out(self, wait: Duration, chance: Chance) -> Duration {
        let wait = self.stretched(wait);
        wait + self.part_for_load(chance.of(wait))
    }

    /// The wait before reading starts when the network has returned. `wait` is how long this device waits between two
    /// reads, and `chance` picks a part of it.
    pub fn after_reconnecting(self, wait: Duration, chance: Chance) -> Duration {
        self.part_for_load(chance.of(self.stretched(wait)))
    }

    /// The wait before a read that failed is made again. With a high load it is at least as long as between two reads
    /// anyway, because what users wrote meanwhile goes first, and long enough to serve everybody who was refused. With a
    /// lower load it is a part of that, and with little load nothing.
    pub fn after_failure(self, wait: Duration, chance: Chance) -> Duration {
        let wait = self.stretched(wait);
        self.part_for_load((wait + chance.of(wait)).max(self.spread(chance)))
    }

    /// A random part of the time in which everybody is served who was refused.
    pub fn spread(self, chance: Chance) -> Duration {
        chance.of(self.crowd.max(LEAST_SPREAD))
    }

    /// Nothing of a wait if the server had little load, all of it if the load was high.
    fn part_for_load(self, wait: Duration) -> Duration {
        if bugs::is_on(Bug::EverybodyReturnsAtOnce) {
            return Duration::ZERO;
        }
        let load = self.load.clamp(LITTLE_LOAD, HIGH_LOAD) - LITTLE_LOAD;
        wait * load / (HIGH_LOAD - LITTLE_LOAD)
    }
}

/// `wait` times `by` / `of`.
fn scaled(wait: Duration, by: u32, of: u32) -> Duration {
    let millis = wait.as_millis() * u128::from(by) / u128::from(of.max(1));
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}

/// How much of the limit the running minute will use at this rate, in hundredths. `None` if it is too early to say. A
/// server that does not say when the minute ends is taken at its word: what is used counts.
fn load(limit: RateLimit) -> Option<u32> {
    let used = limit.limit.saturating_sub(limit.remaining);
    let percent = |used: u64| u32::try_from(used * 100 / u64::from(limit.limit.max(1))).unwrap_or(u32::MAX);
    let elapsed = MINUTE.saturating_sub(limit.resets_in);
    let used_now = percent(used.into());
    if elapsed.is_zero() || used_now > HIGH_LOAD {
        return Some(used_now);
    }
    if elapsed < TOO_EARLY {
        return None;
    }
    let in_a_minute = u128::from(used) * MINUTE.as_millis() / elapsed.as_millis().max(1);
    Some(percent(u64::try_from(in_a_minute).unwrap_or(u64::MAX / 100)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn used(used: u32, second: u64) -> RateLimit {
        RateLimit { limit: 700, remaining: 700 - used, resets_in: Duration::from_secs(60 - second) }
    }

    const WAIT: Duration = Duration::from_mins(15);

    #[test]
    fn the_load_is_what_the_whole_minute_will_use() {
        assert_eq!(load(used(350, 30)), Some(100));
        assert_eq!(load(used(70, 30)), Some(20));
        assert_eq!(load(used(600, 59)), Some(85), "enough is used to be sure");
        assert_eq!(load(used(60, 5)), None, "five seconds say nothing");
        assert_eq!(load(used(650, 5)), Some(92), "except that most of the limit is gone");
        let unsaid = RateLimit { limit: 700, remaining: 100, resets_in: MINUTE };
        assert_eq!(load(unsaid), Some(85));
        assert_eq!(load(RateLimit { limit: 0, remaining: 0, resets_in: MINUTE }), Some(0));
    }

    #[test]
    fn reading_slows_by_parts_and_recovers_by_steps() {
        let mut throttle = Throttle::default();
        throttle.answered(used(600, 30));
        assert_eq!(throttle.stretched(WAIT), WAIT * 1_000 / 750);
        throttle.refused(None);
        assert_eq!(throttle.stretched(WAIT), WAIT * 1_000 / 375);
        for _ in 0..13 {
            throttle.answered(used(100, 30));
        }
        assert_eq!(throttle.stretched(WAIT), WAIT, "and never becomes faster than full");
        (0..99).for_each(|_| throttle.refused(None));
        assert_eq!(throttle.stretched(WAIT), WAIT * 2_000);
        throttle.answered(used(100, 30));
        assert!(throttle.stretched(WAIT) < WAIT * 2_000, "the lowest rate grows, too");
    }

    #[test]
    fn a_server_with_little_load_is_asked_at_once_after_an_outage() {
        let mut throttle = Throttle::default();
        assert_eq!(throttle.after_reconnecting(WAIT, Chance::MOST), Duration::ZERO, "nothing is known of its load");
        throttle.answered(used(80, 30));
        assert_eq!(throttle.after_failure(WAIT, Chance::MOST), Duration::ZERO);
        // Half of the way from a load of 25 to one of 60.
        throttle.answered(used(298, 60));
        let half = throttle.after_reconnecting(WAIT, Chance::HALF).as_secs_f64() / WAIT.as_secs_f64();
        assert!((0.23..0.26).contains(&half), "the more load, the later: {half}");
        throttle.answered(used(420, 60));
        assert_eq!(throttle.after_reconnecting(WAIT, Chance::HALF), WAIT / 2);
        assert_eq!(throttle.after_failure(WAIT, Chance::HALF), WAIT * 3 / 2);
        throttle.failed();
        assert_eq!(throttle.stretched(WAIT), WAIT * 2, "it may have failed because of its load");
    }

    #[test]
    fn the_earlier_a_minute_is_used_up_the_longer_those_spread_who_were_refused() {
        let longest = |retry_after: u64| {
            let mut throttle = Throttle::default();
            throttle.refused(Some(Duration::from_secs(retry_after)));
            throttle.after_failure(Duration::from_mins(2), Chance::MOST).as_secs().div_ceil(60)
        };
        // A full minute was enough; half of one; a twelfth; nothing of it.
        assert_eq!([0, 30, 55, 60].map(longest), [8, 8, 44, 8]);
        assert_eq!(longest(59), 80, "no longer time is believed");
        assert_eq!(longest(86_400), 8, "a wait of a day says nothing of the minute");
    }

    proptest! {
        /// Whatever a server says, a wait is never shorter than it was, and never longer than 2,000 times.
        #[test]
        fn no_answer_breaks_the_throttle(
            answers in proptest::collection::vec((any::<u32>(), any::<u32>(), any::<u32>(), any::<bool>()), 0..60),
            chance in any::<u32>().prop_map(Chance),
        ) {
            let mut throttle = Throttle::default();
            for (limit, remaining, seconds, refused) in answers {
                throttle.answered(RateLimit { limit, remaining, resets_in: Duration::from_secs(seconds.into()) });
                if refused {
                    throttle.refused(Some(Duration::from_secs(seconds.into())));
                }
            }
            let stretched = throttle.stretched(WAIT);
            prop_assert!(stretched >= WAIT && stretched <= WAIT * 2_000);
            prop_assert!(throttle.after_reconnecting(WAIT, chance) <= stretched);
            prop_assert!(throttle.after_failure(WAIT, chance) <= (stretched * 2).max(Duration::from_mins(80)));
        }
    }
}
