//! The policy by which anything is repeated: a pause that grows, and an end that the user sees.
//!
//! Whatever sync repeats (an attempt, a read for its result, an upload, a page, a download) follows this policy, so that
//! nothing is repeated at once or for ever. The pause starts at 2 s and doubles up to 15 min; a wait that the server
//! imposes is kept if it is longer. What ends the repetition depends on what failed:
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
use crate::model::Timestamp;

/// The first pause before another attempt; it doubles from there.
const FIRST: Duration = Duration::from_secs(2);
/// The longest pause unless the server asks for a longer one.
const LONGEST: Duration = Duration::from_mins(15);

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

/// The wait after a failure. `failures` is the number of earlier failures. `imposed` is the wait that the server asked
/// for. `chance` (0–255) varies the pause, so that devices which were cut off together do not return together.
#[must_use]
pub fn pause(failures: u32, imposed: Option<Duration>, now: Timestamp, chance: u8) -> Wait {
    let length = backoff(failures, chance).max(imposed.unwrap_or_default());
    Wait { start: now, length, server_imposed: imposed.is_some() }
}

/// The pause after a failure. `failures` is the number of earlier failures. The pause starts at 2 s and doubles up to
/// 15 min. `chance` (0–255) picks a value between half of that and all of it.
#[must_use]
pub fn backoff(failures: u32, chance: u8) -> Duration {
    if bugs::is_on(Bug::RetryWithoutBound) {
        return FIRST / 2;
    }
    let full = FIRST.saturating_mul(1_u32.checked_shl(failures.min(16)).unwrap_or(u32::MAX)).min(LONGEST);
    full / 2 + full / 2 * u32::from(chance) / 255
}

/// How many failures came before the next one, to judge by the pause of the last one. For failures that are not counted.
#[must_use]
pub fn failures_behind(pause: Duration) -> u32 {
    (pause.as_secs() / (FIRST.as_secs() / 2)).checked_ilog2().map_or(0, |failures| failures + 1)
}
