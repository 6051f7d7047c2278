//! How often sync asks for what rarely changes, and for what has failed. Pure: what they decide on is remembered by
//! [`Health`](super::Health).

use std::time::Duration;

use crate::model::{Chance, Timestamp};
use crate::outbox::{Wait, pause};

/// How long the server's answer about the user's lists counts. An administrator of the company changes them rarely, and
/// after a refusal they are asked for at once.
const LISTS_AGE: Duration = Duration::from_mins(10);
/// The first pause of extras is as long as the outbox's after this many failures, as it is for threads.
const SKIPPED_STEPS: u32 = 3;

/// Whether a run asks which lists the user has. `reads_them` is whether it reads every list, and `by_user` whether the
/// user has asked for it. `found` is when the server has answered last; `None` if it has not in this process, or has refused
/// something since, which may be because of a role that the user has lost.
pub(super) fn asks_for_lists(reads_them: bool, by_user: bool, found: Option<Timestamp>, now: Timestamp) -> bool {
    let Some(found) = found else { return true };
    reads_them && (by_user || Wait::new(found, LISTS_AGE).left(now).is_none())
}

/// The pause of a ticket's extras after one more failure. `failures` is the number of earlier ones in a row.
pub(super) fn extras_pause(failures: u32, imposed: Option<Duration>, now: Timestamp, chance: Chance) -> Wait {
    pause(failures.saturating_add(SKIPPED_STEPS), imposed, now, chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_772_442_000_000);

    #[test]
    fn lists_are_asked_for_once_and_then_rarely_or_when_the_user_asks() {
        let (lately, long_ago) = (NOW.minus(Duration::from_mins(9)), NOW.minus(Duration::from_mins(10)));
        for (reads_them, by_user, found, asks) in [
            (false, false, None, true),
            (true, false, None, true),
            (true, false, Some(lately), false),
            (true, true, Some(lately), true),
            (true, false, Some(long_ago), true),
            // The screen that is open needs the lists for nothing.
            (false, true, Some(long_ago), false),
            // The clock was set back: how long ago it was, nobody knows.
            (true, false, Some(NOW.plus(Duration::from_hours(1))), true),
        ] {
            assert_eq!(asks_for_lists(reads_them, by_user, found, NOW), asks, "{reads_them} {by_user} {found:?}");
        }
    }

    #[test]
    fn extras_that_fail_wait_longer_each_time_and_as_long_as_the_server_says() {
        let after = |failures, imposed| extras_pause(failures, imposed, NOW, Chance::MOST).length.as_secs();
        assert_eq!([0, 1, 2, 3, 9, u32::MAX].map(|failures| after(failures, None)), [16, 32, 64, 128, 900, 900]);
        assert_eq!(after(0, Some(Duration::from_hours(1))), 3_600 + 900, "and then devices spread out");
        let shortest = extras_pause(0, None, NOW, Chance::NONE);
        assert_eq!((shortest.length.as_secs(), shortest.server_imposed), (8, false), "devices do not return together");
        assert!(extras_pause(0, Some(Duration::from_secs(1)), NOW, Chance::NONE).server_imposed);
    }
}
