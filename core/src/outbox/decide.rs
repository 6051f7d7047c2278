//! The outbox's decisions, as pure functions over rows and outcomes.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{ClockReading, Kind, Operation, State, Wait};
use crate::bugs::{self, Bug};
use crate::model::{Failure, OperationId, Reached, Reason, ReasonKind, Timestamp, millis};
use crate::product::Consistency;

/// Unclear attempts after which the next one waits, although it is certain that none of them arrived.
const MAX_AMBIGUOUS: u32 = 3;
/// A server that refuses the uploads of a write as often as this means the write.
const MAX_RENEWALS: u32 = 3;
/// Readings that do not show a confirmed message before it counts as hidden.
const HIDDEN_READS: u32 = 3;
/// The first pause before another attempt; it doubles from there.
const BACKOFF_FIRST: Duration = Duration::from_secs(2);
/// The longest pause that we choose ourselves.
const BACKOFF_LONGEST: Duration = Duration::from_mins(15);
/// Pauses between looking for a write that should be there if it arrived. The last look waits for stale + late instead.
const CHECK_PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(6)];

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
    /// The new state. `applied` is false when nothing of this attempt can be at the server.
    Becomes {
        /// Where the row stands now.
        state: State,
        /// Whether the attempt may have left something at the server.
        applied: bool,
        /// When it was first looked for in vain, by the server's clock.
        first_missed_at: Option<Timestamp>,
    },
    /// Nothing was applied, because the server does not know the uploads that the write names: they are made again, and the
    /// write is one that was never attempted.
    UploadAgain {
        /// Where the row stands now.
        state: State,
    },
    /// The server said yes, and shows it no more.
    Hidden,
    /// The row is not worth keeping: the server does not want it, and nobody wrote it.
    Dropped,
    /// Nothing about this row: the account's problem ends the run, and the row waits as it was before the attempt.
    AccountProblem(Failure),
}

/// The next thing to do, `operations` being all rows in the order of writing.
#[must_use]
pub fn next(operations: &[Operation], now: Timestamp) -> Next {
    let mut seen = BTreeSet::new();
    let mut next = Next { step: None, wake_in: None };
    for operation in operations {
        if blocks(operation) && !seen.insert(operation.ticket) {
            // Behind another one of its ticket.
            continue;
        }
        let (step, wait) = match &operation.state {
            State::Queued => (Step::Send(operation.id), None),
            State::Held(wait) | State::Waiting(wait) => (Step::Send(operation.id), wait.left(now)),
            // Found in this state at the start of a run, nobody is sending it any more.
            State::Sending => (Step::Check(operation.id), None),
            // Done; its token waits for the message that names it.
            State::Sent(_) if operation.kind == Kind::Upload => continue,
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

/// Whether the later rows of its ticket wait for this one. What the server has confirmed holds up nobody.
fn blocks(operation: &Operation) -> bool {
    match operation.kind {
        Kind::MarkRead => false,
        Kind::Upload if bugs::is_on(Bug::UploadDependencyLost) => false,
        _ => !matches!(operation.state, State::Sent(_)),
    }
}

/// What a failed attempt means. `chance` (0–255) spreads the devices that were cut off together.
#[must_use]
pub fn after_attempt(operation: &Operation, failure: &Failure, now: Timestamp, chance: u8) -> Verdict {
    let becomes = |state, applied| Verdict::Becomes { state, applied, first_missed_at: None };
    match failure {
        Failure::TryAgain { reached, after, .. } if *reached == Reached::No || operation.kind.is_repeatable() => {
            let length = backoff(operation.attempts, chance).max(after.unwrap_or_default());
            becomes(State::Waiting(Wait { start: now, length, server_imposed: after.is_some() }), false)
        }
        Failure::TryAgain { after, .. } => {
            let length = after.unwrap_or_default();
            becomes(State::Checking(Wait { start: now, length, server_imposed: after.is_some() }), true)
        }
        Failure::NeedsUser(_) if concerns_account(failure) => Verdict::AccountProblem(failure.clone()),
        _ if operation.kind == Kind::MarkRead => Verdict::Dropped,
        Failure::NeedsUser(reason) => becomes(State::NeedsUser(reason.clone()), false),
        Failure::NotAllowed => becomes(needs(ReasonKind::NotAllowed), false),
        Failure::Gone => becomes(needs(ReasonKind::NoLongerVisible), false),
        // A server that refuses new ones, too, means something else.
        Failure::UploadsRefused { server_message } if operation.renewals >= MAX_RENEWALS => becomes(
            State::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: server_message.clone() }),
            false,
        ),
        Failure::UploadsRefused { .. } => Verdict::UploadAgain {
            state: match operation.renewals {
                0 => State::Queued,
                renewals => State::Waiting(Wait::new(now, backoff(renewals, chance))),
            },
        },
    }
}

/// What it means that a read did not show the write, or did not succeed (`failure`).
#[must_use]
pub fn after_check(
    operation: &Operation,
    failure: Option<&Failure>,
    at: ClockReading,
    consistency: Consistency,
    chance: u8,
) -> Verdict {
    let since = operation.first_missed_at;
    let becomes = |state, first_missed_at| Verdict::Becomes { state, applied: true, first_missed_at };
    if matches!(operation.state, State::Sent(_)) && !failure.is_some_and(concerns_account) {
        // It is there, whatever a stale read says; only the pauses grow. What several readings do not show, the last one
        // late by the server's own clock, was hidden by somebody.
        if failure.is_none() && at.server.is_some() {
            if ambiguity_left(operation, at, consistency).is_none() && operation.empty_reads >= HIDDEN_READS {
                return Verdict::Hidden;
            }
            let since = since.or(at.server);
            return becomes(State::Sent(Wait::new(at.device, backoff(operation.empty_reads, chance))), since);
        }
        return becomes(State::Sent(Wait::new(at.device, backoff(operation.empty_reads, chance))), since);
    }
    match failure {
        Some(Failure::TryAgain { after, .. }) => {
            let length = backoff(operation.attempts, chance).max(after.unwrap_or_default());
            becomes(State::Checking(Wait { start: at.device, length, server_imposed: after.is_some() }), since)
        }
        Some(failure) if concerns_account(failure) => Verdict::AccountProblem(failure.clone()),
        // The ticket cannot be looked at any more, so this will never be known.
        Some(Failure::NeedsUser(_) | Failure::NotAllowed | Failure::Gone | Failure::UploadsRefused { .. }) => {
            becomes(State::MayHaveBeenSent, since)
        }
        None => match ambiguity_left(operation, at, consistency) {
            // Long enough ago, and not for the first time.
            None if operation.empty_reads >= 1 => not_there(operation, at.device, chance),
            _ if bugs::is_on(Bug::OneEmptyReadBelieved) => not_there(operation, at.device, chance),
            None => becomes(State::Checking(Wait::new(at.device, CHECK_PAUSES[0])), since.or(at.server)),
            Some(rest) => {
                let look = CHECK_PAUSES.get(operation.empty_reads as usize).copied().unwrap_or(rest);
                // The server's clock went back: what passed until now is unknown, so all of it is still to come.
                let since = since.filter(|since| at.server.is_none_or(|now| now >= *since)).or(at.server);
                becomes(State::Checking(Wait::new(at.device, look.min(rest))), since)
            }
        },
    }
}

/// Nothing of it is at the server, nor will be: unless another device has it, too, and may send it yet.
fn not_there(operation: &Operation, now: Timestamp, chance: u8) -> Verdict {
    let state = if operation.restored {
        needs(ReasonKind::Restored)
    } else if operation.ambiguous_attempts >= MAX_AMBIGUOUS {
        State::Waiting(Wait::new(now, backoff(operation.ambiguous_attempts, chance)))
    } else {
        State::Queued
    };
    Verdict::Becomes { state, applied: operation.restored, first_missed_at: None }
}

/// How long an unclear write may still turn up in a read; `None` when no longer. By the server's clock, from the first look
/// in vain, or, if the server tells no time, by the device's, from the end of the attempt.
fn ambiguity_left(operation: &Operation, at: ClockReading, consistency: Consistency) -> Option<Duration> {
    if let Some(now) = at.server {
        return rest(operation.first_missed_at, now, consistency.ambiguity_timeout());
    }
    let quiet = consistency.stale_read + consistency.late_apply;
    operation.ended_at.and_then(|ended| rest(Some(ended), at.device, quiet))
}

/// What is left of `length` since `start`. All of it if nobody knows when that was, or if the clock was set back.
fn rest(start: Option<Timestamp>, now: Timestamp, length: Duration) -> Option<Duration> {
    let gone = start.and_then(|start| now.0.checked_sub(start.0)).filter(|gone| *gone >= 0).unwrap_or_default();
    u64::try_from(millis(length) - gone).ok().filter(|left| *left > 0).map(Duration::from_millis)
}

/// The pause before attempt number `attempts` + 1: doubling, bounded, and between half and all of it by `chance`.
#[must_use]
pub fn backoff(attempts: u32, chance: u8) -> Duration {
    let full =
        BACKOFF_FIRST.saturating_mul(1_u32.checked_shl(attempts.min(16)).unwrap_or(u32::MAX)).min(BACKOFF_LONGEST);
    full / 2 + full / 2 * u32::from(chance) / 255
}

/// Whether the token was refused, and not this one write.
pub(crate) fn concerns_account(failure: &Failure) -> bool {
    matches!(failure, Failure::NeedsUser(reason)
        if matches!(reason.kind, ReasonKind::SignedOut | ReasonKind::WrongUser))
}

fn needs(kind: ReasonKind) -> State {
    State::NeedsUser(Reason { kind, server_message: None })
}
