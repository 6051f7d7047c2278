//! The policy by which anything is repeated: a pause that grows, and an end that the user sees.
//!
//! Whatever sync repeats (an attempt, a read for its result, an upload, a page, a download) follows this policy, so that
//! nothing is repeated at once or for ever. The pause starts at 2 s and doubles up to 15 min; a wait that the server
//! imposes is kept if it is longer, and after it the devices spread out. What ends the repetition depends on what failed:
//!
//! | what failed | bound | what the user sees at the end |
//! | --- | --- | --- |
//! | no connection, a server error | none | when the next attempt is made; the message can be edited and taken back |
//! | an attempt, with a refusal that does not show who refused | [`Bound::Refusals`] | *needs the user*: refused, with the server's message if it is text |
//! | uploads that expire, or that the server does not know | [`Bound::Renewals`] | the message is sent with the tokens that it has; if that is refused, *needs the user* |
//! | a read for a confirmed comment | [`Bound::HiddenReads`] | *not shown*: the server has it and does not show it |
//! | a download | [`Bound::Downloads`] | the file is *unavailable*, and can be requested again |

use std::time::Duration;

use super::Wait;
use crate::bugs::{self, Bug};
use crate::model::{Chance, Timestamp};

/// The first pause before another attempt; it doubles from there.
const FIRST: Duration = Duration::from_secs(2);
/// The longest pause unless the server asks for a longer one.
const LONGEST: Duration = Duration::from_mins(15);

/// The longest time over which devices spread out that a busy server has refused together.
const LONGEST_RETURN: Duration = Duration::from_mins(15);

/// How often the user may have a busy server asked before the wait is over that it asked for.
pub const ASK_A_BUSY_SERVER: Duration = Duration::from_mins(1);

/// How often something may fail. After that it is not repeated, and the user sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Attempts that were refused in a way that does not show who refused them. Each of them was proven not to have
    /// arrived.
    Refusals,
    /// New uploads of a message's files.
    Renewals,
    /// Reads that do not show a message which the server has confirmed.
    HiddenReads,
    /// Attempts at a download.
    Downloads,
}

impl Bound {
    /// Whether `failures` has reached the bound.
    #[must_use]
    pub fn is_reached(self, failures: u32) -> bool {
        let most = match self {
            Self::Refusals | Self::Renewals | Self::HiddenReads => 3,
            Self::Downloads => 4,
        };
        failures >= most && !bugs::is_on(Bug::RetryWithoutBound)
    }
}

/// Half of the longest time over which devices spread out for a crowd at the second refusal, the first that counts. It
/// doubles with each further one, up to [`LONGEST_CROWD`].
const CROWD: Duration = Duration::from_mins(10);
/// See [`CROWD`].
const LONGEST_CROWD: Duration = Duration::from_hours(1);

/// The minute that rate limits are about.
const MINUTE: Duration = Duration::from_mins(1);

/// About how many requests each device makes that was refused.
const REQUESTS: u32 = 4;

/// How long a server needs to serve everybody whom it has refused together, after the wait `imposed` that it asked for. A
/// limit that is used up early in its minute is asked for many times what it allows: if 55 s of the minute are left, for
/// twelve times as much. What each device asks for after that takes four times as long. `None` if the wait is not the rest
/// of a minute.
#[must_use]
pub fn time_to_serve(imposed: Duration) -> Option<Duration> {
    let elapsed = MINUTE.checked_sub(imposed).filter(|elapsed| !elapsed.is_zero())?;
    let seconds = imposed.as_secs_f64() * MINUTE.as_secs_f64() / elapsed.as_secs_f64();
    Some(Duration::try_from_secs_f64(seconds * f64::from(REQUESTS)).unwrap_or(LONGEST_CROWD))
}

/// The wait after a failure. `failures` is the number of earlier failures. `imposed` is the wait that the server asked
/// for. `chance` varies the pause, so that devices which were cut off together do not return together. A server
/// that is busy asks all of them for a wait until the same moment. So they return within a quarter of the wait
/// after it; this quarter doubles with each failure, up to 15 min. From the second refusal on they spread out over the time
/// that the server needs to serve them ([`time_to_serve`]), if that is longer.
#[must_use]
pub fn pause(failures: u32, imposed: Option<Duration>, now: Timestamp, chance: Chance) -> Wait {
    let chance = if bugs::is_on(Bug::NoJitter) { Chance::HALF } else { chance };
    let doubled = |wait: Duration, most: Duration| wait.saturating_mul(1 << failures.min(16)).min(most);
    let spread = |wait: Duration| {
        // One refusal may be the work of a single program. Only the second one shows that there are many.
        let crowd = time_to_serve(wait).filter(|_| failures > 0).unwrap_or_default();
        doubled(wait / 4, LONGEST_RETURN).max(crowd.min(doubled(CROWD, LONGEST_CROWD)))
    };
    let varied = |wait: Duration| wait.saturating_add(chance.of(spread(wait)));
    let length = backoff(failures, chance).max(imposed.map(varied).unwrap_or_default());
    Wait { start: now, length, server_imposed: imposed.is_some() }
}

/// The pause after a failure. `failures` is the number of earlier failures. The pause starts at 2 s and doubles up to
/// 15 min. `chance` picks a value between half of that and all of it.
#[must_use]
pub fn backoff(failures: u32, chance: Chance) -> Duration {
    if bugs::is_on(Bug::RetryWithoutBound) {
        return FIRST / 2;
    }
    let full = FIRST.saturating_mul(1_u32.checked_shl(failures.min(16)).unwrap_or(u32::MAX)).min(LONGEST);
    full / 2 + chance.of(full / 2)
}

/// How many failures came before the next one, to judge by the pause of the last one. For failures that are not counted.
#[must_use]
pub fn failures_behind(pause: Duration) -> u32 {
    (pause.as_secs() / (FIRST.as_secs() / 2)).checked_ilog2().map_or(0, |failures| failures + 1)
}
