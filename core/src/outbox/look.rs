//! What it means that a read did or did not show the result of an attempt. The story is in [`outbox`](super).

use std::time::Duration;

use super::decide::{concerns_account, needs, refused_again};
use super::retry::{Bound, pause};
use super::{Change, ClockReading, Evidence, Kind, Operation, Settlement, State, Verdict, Wait};
use crate::bugs::{self, Bug};
use crate::model::{Chance, Failure, ReasonKind, Timestamp, millis};
use crate::product::Consistency;

/// After this many ambiguous attempts the next one waits, although certainly none of them was applied.
const MAX_AMBIGUOUS: u32 = 3;
/// The pauses before the second and the third read for the result of an ambiguous attempt. If the server has applied
/// it, these reads usually show that. The next read waits until the ambiguity timeout is over.
const CHECK_PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(6)];

/// What a read for the result of an attempt gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look<'a> {
    /// It succeeded and did not show the result.
    Missed {
        /// Whether the thread contains a comment of this user that is newer than the high-water mark and was not written
        /// on this device. It may be this message with a text that the server changed beyond recognition.
        unexplained: bool,
    },
    /// It succeeded and showed the value that the operation writes, which may have been there before.
    ShowsValue,
    /// It failed.
    Failed(&'a Failure),
}

/// Decides what it means that a read did or did not show the result of `operation`. `at` is the moment of the read on
/// both clocks. `chance` varies the pause before the next step.
#[must_use]
pub fn after_check(
    operation: &Operation,
    look: Look<'_>,
    at: ClockReading,
    consistency: Consistency,
    chance: Chance,
) -> Verdict {
    let becomes = |state, since| Operation { first_missed_at: since, ..operation.maybe_applied(state, at.device) };
    let since = operation.first_missed_at;
    match look {
        Look::Failed(failure) if concerns_account(failure) => {
            Verdict { changes: Vec::new(), ends_run: Some(failure.clone()) }
        }
        _ if operation.state.is_confirmed() => after_confirmed_check(operation, look, at, consistency, chance).into(),
        // A new ticket is looked for in a list, and a refused list says nothing about one ticket in it.
        Look::Failed(failure)
            if matches!(failure, Failure::TryAgain { .. } | Failure::Unexplained { .. })
                || operation.number.is_none() && failure.is_absent() =>
        {
            becomes(State::Checking(after_failed_read(operation, failure, at.device, chance)), since).into()
        }
        // What the user wrote later must not be sent while this change may still be applied.
        Look::Failed(failure)
            if matches!(operation.kind, Kind::Change(_)) && ambiguity_left(operation, at, consistency).is_some() =>
        {
            becomes(State::Checking(after_failed_read(operation, failure, at.device, chance)), since).into()
        }
        // The ticket can no longer be read, so the outcome will stay unknown.
        Look::Failed(_) => becomes(State::MayHaveBeenSent, since).into(),
        Look::ShowsValue if operation.empty_reads >= 1 && ambiguity_left(operation, at, consistency).is_none() => {
            Change::Settle(Settlement { operation: operation.id, by: Evidence::Status }).into()
        }
        Look::Missed { .. } | Look::ShowsValue => {
            let unexplained = matches!(look, Look::Missed { unexplained: true });
            let missed =
                Operation { empty_reads: operation.empty_reads.saturating_add(1), ..becomes(State::Sending, since) };
            match ambiguity_left(operation, at, consistency) {
                // The ambiguity timeout is over, and an earlier read did not show the result either.
                None if operation.empty_reads >= 1 => not_there(&missed, unexplained, at.device, chance),
                _ if bugs::is_on(Bug::OneEmptyReadBelieved) => not_there(&missed, false, at.device, chance),
                None => {
                    let state = State::Checking(Wait::new(at.device, CHECK_PAUSES[0]));
                    Operation { state, first_missed_at: since.or(at.server), ..missed }
                }
                Some(rest) => {
                    // A repeated attempt is looked for without hurry, because the server is in trouble.
                    let pauses = if operation.ambiguous_attempts > 1 { &[] } else { CHECK_PAUSES.as_slice() };
                    let pause = pauses.get(operation.empty_reads as usize).copied().unwrap_or(rest);
                    // If the server's clock was set back, the time that has passed is unknown, and the timeout begins
                    // again.
                    let since = since.filter(|since| at.server.is_none_or(|now| now >= *since)).or(at.server);
                    let state = State::Checking(Wait::new(at.device, pause.min(rest)));
                    Operation { state, first_missed_at: since, ..missed }
                }
            }
            .into()
        }
    }
}

/// Decides what it means that a read does not show a message which the server has confirmed. The first such reads may
/// be stale, so the next one waits longer. After several of them, the last one late, the server hides the message.
fn after_confirmed_check(
    operation: &Operation,
    look: Look<'_>,
    at: ClockReading,
    consistency: Consistency,
    chance: Chance,
) -> Operation {
    if let Look::Failed(failure) = look {
        let again = State::Sent(after_failed_read(operation, failure, at.device, chance));
        return operation.maybe_applied(again, at.device);
    }
    let over = ambiguity_left(operation, at, consistency).is_none();
    let state = if over && Bound::HiddenReads.is_reached(operation.empty_reads) {
        State::NotShown
    } else {
        State::Sent(pause(operation.empty_reads, None, at.device, chance))
    };
    Operation {
        empty_reads: operation.empty_reads.saturating_add(1),
        first_missed_at: operation.first_missed_at.or(at.server),
        ..operation.maybe_applied(state, at.device)
    }
}

/// The wait after a read that failed. It is about as long as the time since the attempt, so it doubles each time, although
/// failed reads are not counted.
fn after_failed_read(operation: &Operation, failure: &Failure, now: Timestamp, chance: Chance) -> Wait {
    let imposed = if let Failure::TryAgain { after, .. } = failure { *after } else { None };
    let passed = operation.ended_at.map_or(0, |ended| now.0.saturating_sub(ended.0) / 1_000);
    let failures = u64::try_from(passed / 2 + 1).map_or(0, u64::ilog2);
    // The first reads fail together with everything else that a run asks for, so they do not hurry.
    pause(failures + 1, imposed, now, chance)
}

/// Decides about an attempt whose result no read shows, when the ambiguity timeout is over. Usually the server does not
/// have it, and it is sent again. But the user is asked in three cases. The device from which the file was copied may
/// still send a restored operation. The thread may contain a comment that could be this message, or an answer that the
/// same user wrote by mail. And so many attempts may have been refused without a known cause that the bound is reached.
fn not_there(operation: &Operation, unexplained: bool, now: Timestamp, chance: Chance) -> Operation {
    if operation.restored {
        return Operation { first_missed_at: None, ..operation.maybe_applied(needs(ReasonKind::Restored), now) };
    }
    if unexplained && !bugs::is_on(Bug::AnySingleCommentTaken) {
        return Operation { first_missed_at: None, ..operation.maybe_applied(State::MayHaveBeenSent, now) };
    }
    if operation.refusals > 0 {
        return refused_again(operation, now, chance);
    }
    operation.not_applied(if operation.ambiguous_attempts >= MAX_AMBIGUOUS {
        State::Waiting(pause(operation.ambiguous_attempts, None, now, chance))
    } else {
        State::Queued
    })
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
