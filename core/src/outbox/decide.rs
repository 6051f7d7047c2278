//! The outbox's decisions, as pure functions over operations and outcomes. The story is in [`outbox`](super).

use std::collections::BTreeSet;
use std::time::Duration;

use super::{ClockReading, Kind, Operation, State, Wait};
use crate::bugs::{self, Bug};
use crate::model::{Failure, OperationId, Reached, Reason, ReasonKind, Timestamp, millis};
use crate::product::Consistency;

/// After this many ambiguous attempts the next one waits, although certainly none of them was applied.
const MAX_AMBIGUOUS: u32 = 3;
/// If the server refuses a message's uploads again after this many new uploads, it refuses the message itself.
const MAX_RENEWALS: u32 = 3;
/// A confirmed message counts as hidden when this many earlier reads did not show it, and one more does not.
const HIDDEN_READS: u32 = 3;
/// The first pause before another attempt; it doubles from there.
const BACKOFF_FIRST: Duration = Duration::from_secs(2);
/// The longest pause unless the server asks for a longer one.
const BACKOFF_LONGEST: Duration = Duration::from_mins(15);
/// The pauses before the second and the third read for an ambiguous attempt, which usually show the result if there is
/// one. Later reads wait until the ambiguity timeout is over.
const CHECK_PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(6)];

/// The next step of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The step for the oldest operation that can proceed now; `None` if there is none.
    pub step: Option<Step>,
    /// How long it takes from now until a wait is over and another operation can proceed by itself; `None` if none
    /// waits.
    pub wake_in: Option<Duration>,
}

/// One step for one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Makes an attempt.
    Send(OperationId),
    /// Reads whether an earlier attempt was applied.
    Check(OperationId),
}

/// What an outcome means for its operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The operation changes its state.
    Becomes {
        /// The new state.
        state: State,
        /// False if the server certainly has nothing of this attempt.
        applied: bool,
        /// When a read first did not show the result, by the server's clock.
        first_missed_at: Option<Timestamp>,
    },
    /// The server does not know the uploads that the message names, so nothing was applied. The files are uploaded
    /// again, and the message counts as never attempted.
    UploadAgain {
        /// The new state.
        state: State,
    },
    /// The server has confirmed the message and no longer shows it, so somebody hid it. The message is removed here
    /// too.
    Hidden,
    /// The server refused a read mark. Its row is deleted, because no user wrote it or waits for it.
    Dropped,
    /// The problem concerns the account, not this operation. The run ends. The operation is queued again, or keeps its
    /// state if it was being checked.
    AccountProblem(Failure),
}

/// The next step, given all `operations` in the order in which they were written.
#[must_use]
pub fn next(operations: &[Operation], now: Timestamp) -> Next {
    let mut seen = BTreeSet::new();
    let mut next = Next { step: None, wake_in: None };
    for operation in operations {
        if blocks(operation) && !seen.insert(operation.ticket) {
            // An earlier operation of the same ticket comes first.
            continue;
        }
        let (step, wait) = match &operation.state {
            State::Queued => (Step::Send(operation.id), None),
            State::Held(wait) | State::Waiting(wait) => (Step::Send(operation.id), wait.left(now)),
            // Only one run sends at a time, so an attempt that is found in this state has been interrupted.
            State::Sending => (Step::Check(operation.id), None),
            // A finished upload keeps its row, with the token, until its message is on the server.
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

/// Whether the later operations of its ticket have to wait for this one. A confirmed operation blocks nothing.
fn blocks(operation: &Operation) -> bool {
    match operation.kind {
        Kind::MarkRead => false,
        Kind::Upload if bugs::is_on(Bug::UploadDependencyLost) => false,
        _ => !matches!(operation.state, State::Sent(_)),
    }
}

/// Decides what happens to `operation` after a failed attempt. `now` is the device's clock. `chance` (0–255) varies the
/// pause, so that devices which were cut off together do not return together.
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
        // The server refused the new uploads as well, so the uploads are not the cause.
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

/// Decides what happens to `operation` after a read for its result. Either the read succeeded and did not show the
/// result (`failure` is `None`), or the read failed. `at` is the moment of the read on both clocks. `chance` (0–255)
/// varies the pause.
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
        // The server has confirmed it, so a read that does not show it is stale, and only the pauses grow. If several
        // reads do not show it, the last one late by the server's clock, somebody hid it.
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
        // The ticket can no longer be read, so the outcome will stay unknown.
        Some(Failure::NeedsUser(_) | Failure::NotAllowed | Failure::Gone | Failure::UploadsRefused { .. }) => {
            becomes(State::MayHaveBeenSent, since)
        }
        None => match ambiguity_left(operation, at, consistency) {
            // The ambiguity timeout is over, and an earlier read did not show the result either.
            None if operation.empty_reads >= 1 => not_there(operation, at.device, chance),
            _ if bugs::is_on(Bug::OneEmptyReadBelieved) => not_there(operation, at.device, chance),
            None => becomes(State::Checking(Wait::new(at.device, CHECK_PAUSES[0])), since.or(at.server)),
            Some(rest) => {
                let pause = CHECK_PAUSES.get(operation.empty_reads as usize).copied().unwrap_or(rest);
                // If the server's clock was set back, the time that has passed is unknown, and the timeout begins
                // again.
                let since = since.filter(|since| at.server.is_none_or(|now| now >= *since)).or(at.server);
                becomes(State::Checking(Wait::new(at.device, pause.min(rest))), since)
            }
        },
    }
}

/// The server does not have the result and will not get it from this device. A restored operation may still be sent by
/// the device that the file was copied from, so the user is asked.
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

/// How long the result of an ambiguous attempt may still turn up; `None` if the ambiguity timeout is over. It is
/// measured by the server's clock from the first read that did not show the result. If the server tells no time, it is
/// measured by the device's clock from the end of the attempt.
fn ambiguity_left(operation: &Operation, at: ClockReading, consistency: Consistency) -> Option<Duration> {
    if let Some(now) = at.server {
        return rest(operation.first_missed_at, now, consistency.ambiguity_timeout());
    }
    let timeout = consistency.stale_read + consistency.late_apply;
    operation.ended_at.and_then(|ended| rest(Some(ended), at.device, timeout))
}

/// What is left at `now` of a wait of `length` from `start`; `None` if it is over. All of it is left if `start` is
/// unknown, or if the clock was set back behind it.
fn rest(start: Option<Timestamp>, now: Timestamp, length: Duration) -> Option<Duration> {
    let elapsed =
        start.and_then(|start| now.0.checked_sub(start.0)).filter(|elapsed| *elapsed >= 0).unwrap_or_default();
    u64::try_from(millis(length) - elapsed).ok().filter(|left| *left > 0).map(Duration::from_millis)
}

/// The pause after a failure that `attempts` earlier ones came before. It starts at 2 s and doubles up to 15 min. `chance`
/// (0–255) picks a value between half of that and all of it.
#[must_use]
pub fn backoff(attempts: u32, chance: u8) -> Duration {
    let full =
        BACKOFF_FIRST.saturating_mul(1_u32.checked_shl(attempts.min(16)).unwrap_or(u32::MAX)).min(BACKOFF_LONGEST);
    full / 2 + full / 2 * u32::from(chance) / 255
}

/// Whether `failure` concerns the whole account (signed out, or somebody else signed in) and not one operation.
pub(crate) fn concerns_account(failure: &Failure) -> bool {
    matches!(failure, Failure::NeedsUser(reason)
        if matches!(reason.kind, ReasonKind::SignedOut | ReasonKind::WrongUser))
}

fn needs(kind: ReasonKind) -> State {
    State::NeedsUser(Reason { kind, server_message: None })
}
