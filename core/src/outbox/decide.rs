//! The outbox's decisions, as pure functions over rows and outcomes.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Operation, State, Wait};
use crate::environment::Timestamp;
use crate::model::{OperationId, Reason, ReasonKind};
use crate::profile::Consistency;
use crate::remote::{Failure, Reached};

/// Unclear outcomes after which the user is asked.
const MAX_DOUBTS: u32 = 3;
/// The first pause before another attempt; it doubles from there.
const BACKOFF_FIRST: Duration = Duration::from_secs(2);
/// The longest pause that we choose ourselves.
const BACKOFF_LONGEST: Duration = Duration::from_mins(15);
/// Pauses between looking for a write that should be there if it arrived. The last look waits for stale + late instead.
const LOOKS: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(6)];

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The oldest thing that can be done.
    pub step: Option<Step>,
    /// When there will be something to do without anybody's help, from now.
    pub wake_in: Option<Duration>,
}

/// A thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Make an attempt.
    Send(OperationId),
    /// Look whether it arrived.
    Check(OperationId),
}

/// What an outcome means for the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The new state. `applied` is false when nothing of this attempt can be at the desk.
    Becomes {
        /// Where the row stands now.
        state: State,
        /// Whether the attempt may have left something at the desk.
        applied: bool,
    },
    /// Nothing about this row: the account's problem ends the run, and the row waits as it was before the attempt.
    AccountProblem(Failure),
}

/// The next thing to do, `operations` being all rows in the order of writing.
#[must_use]
pub fn next(operations: &[Operation], now: Timestamp) -> Next {
    let mut seen = BTreeSet::new();
    let mut next = Next { step: None, wake_in: None };
    for operation in operations {
        let taken = matches!(operation.state, State::Sent(_));
        if !taken && !seen.insert(operation.ticket) {
            // Behind another one of its ticket.
            continue;
        }
        let (step, wait) = match &operation.state {
            State::Queued => (Step::Send(operation.id), None),
            State::Waiting(wait) => (Step::Send(operation.id), wait.left(now)),
            // Found in this state at the start of a run, nobody is sending it any more.
            State::Sending => (Step::Check(operation.id), None),
            State::Checking(wait) | State::Sent(wait) => (Step::Check(operation.id), wait.left(now)),
            State::NeedsUser(_) | State::MayHaveBeenSent => continue,
        };
        match wait {
            None => {
                next.step.get_or_insert(step);
            }
            Some(left) => next.wake_in = Some(next.wake_in.map_or(left, |soonest: Duration| soonest.min(left))),
        }
    }
    next
}

/// What a failed attempt means. `chance` (0–255) spreads the devices that were cut off together.
#[must_use]
pub fn after_attempt(operation: &Operation, failure: &Failure, now: Timestamp, chance: u8) -> Verdict {
    let becomes = |state, applied| Verdict::Becomes { state, applied };
    match failure {
        Failure::TryAgain { reached: Reached::No, after, .. } => {
            let length = backoff(operation.attempts, chance).max(after.unwrap_or_default());
            becomes(State::Waiting(Wait { start: now, length, firm: after.is_some() }), false)
        }
        Failure::TryAgain { reached: Reached::Maybe, .. } if operation.doubts + 1 >= MAX_DOUBTS => {
            becomes(State::MayHaveBeenSent, true)
        }
        Failure::TryAgain { reached: Reached::Maybe, after, .. } => {
            let length = after.unwrap_or_default();
            becomes(State::Checking(Wait { start: now, length, firm: after.is_some() }), true)
        }
        Failure::NeedsUser(_) if concerns_account(failure) => Verdict::AccountProblem(failure.clone()),
        Failure::NeedsUser(reason) => becomes(State::NeedsUser(reason.clone()), false),
        Failure::NotAllowed => becomes(needs(ReasonKind::NotAllowed), false),
        Failure::Gone => becomes(needs(ReasonKind::NoLongerVisible), false),
        Failure::UploadsRefused { words } => {
            becomes(State::NeedsUser(Reason { kind: ReasonKind::Refused, words: words.clone() }), false)
        }
    }
}

/// What it means that a read did not show the write, or did not succeed (`failure`).
#[must_use]
pub fn after_check(
    operation: &Operation,
    failure: Option<&Failure>,
    now: Timestamp,
    consistency: Consistency,
    chance: u8,
) -> Verdict {
    let becomes = |state| Verdict::Becomes { state, applied: true };
    if matches!(operation.state, State::Sent(_)) && !failure.is_some_and(concerns_account) {
        // It is there, whatever a stale read says; only the pauses grow.
        return becomes(State::Sent(Wait { start: now, length: backoff(operation.reads, chance), firm: false }));
    }
    match failure {
        Some(Failure::TryAgain { after, .. }) => {
            let length = backoff(operation.attempts, chance).max(after.unwrap_or_default());
            becomes(State::Checking(Wait { start: now, length, firm: after.is_some() }))
        }
        Some(failure) if concerns_account(failure) => Verdict::AccountProblem(failure.clone()),
        // The ticket cannot be looked at any more, so this will never be known.
        Some(Failure::NeedsUser(_) | Failure::NotAllowed | Failure::Gone | Failure::UploadsRefused { .. }) => {
            becomes(State::MayHaveBeenSent)
        }
        None => {
            let quiet = consistency.stale_read + consistency.late_apply;
            let rest = match operation.ended_at {
                // The clock was set back: what has passed since is unknown, so all of it is still to come.
                Some(ended) if now < ended => Some(quiet),
                Some(start) => Wait { start, length: quiet, firm: false }.left(now),
                None => None,
            };
            match rest {
                // Long enough ago, and not for the first time.
                None if operation.reads >= 1 => Verdict::Becomes { state: State::Queued, applied: false },
                None => becomes(State::Checking(Wait { start: now, length: LOOKS[0], firm: false })),
                Some(rest) => {
                    let look = LOOKS.get(operation.reads as usize).copied().unwrap_or(rest);
                    becomes(State::Checking(Wait { start: now, length: look.min(rest), firm: false }))
                }
            }
        }
    }
}

/// The pause before attempt number `attempts` + 1: doubling, bounded, and between half and all of it by `chance`.
#[must_use]
pub fn backoff(attempts: u32, chance: u8) -> Duration {
    let full =
        BACKOFF_FIRST.saturating_mul(1_u32.checked_shl(attempts.min(16)).unwrap_or(u32::MAX)).min(BACKOFF_LONGEST);
    full / 2 + full / 2 * u32::from(chance) / 255
}

/// Whether the token was refused, and not this one write.
fn concerns_account(failure: &Failure) -> bool {
    matches!(failure, Failure::NeedsUser(reason)
        if matches!(reason.kind, ReasonKind::SignedOut | ReasonKind::SomebodyElse))
}

fn needs(kind: ReasonKind) -> State {
    State::NeedsUser(Reason { kind, words: None })
}
