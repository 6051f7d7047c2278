//! The outbox's decisions about its steps: which one is next, and what its outcome means. The story is in
//! [`outbox`](super).

use std::collections::BTreeSet;
use std::time::Duration;

use uuid::Uuid;

use super::retry::{Bound, failures_behind, pause};
use super::{Change, ClockReading, Kind, Operation, State, Verdict, Wait, uploads};
use crate::bugs::{self, Bug};
use crate::model::{Failure, OperationId, Reached, Reason, ReasonKind, Timestamp, Trouble, millis};
use crate::product::Consistency;

/// After this many ambiguous attempts the next one waits, although certainly none of them was applied.
const MAX_AMBIGUOUS: u32 = 3;
/// If the read before an attempt fails, the pause is as long as after this many failed attempts.
const UNPREPARED_ATTEMPTS: u32 = 4;
/// The pauses before the second and the third read for the result of an ambiguous attempt. If the server has applied
/// it, these reads usually show that. The next read waits until the ambiguity timeout is over.
const CHECK_PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(6)];

/// The next step of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The step for the oldest operation that can proceed now; `None` if there is none.
    pub step: Option<Step>,
    /// How long until the wait of another operation is over; `None` if no operation waits for a time.
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

/// The next step, given all `operations` in the order in which they were written.
#[must_use]
pub fn next(operations: &[Operation], now: Timestamp) -> Next {
    let mut seen = BTreeSet::new();
    let mut next = Next { step: None, wake_in: None };
    let mut check = None;
    for operation in operations {
        if blocks(operation) && !seen.insert(operation.ticket) {
            // An earlier operation of the same ticket comes first.
            continue;
        }
        // Files are uploaded beside everything else. Nobody can look for a ticket without an account.
        if operation.kind == Kind::Upload || operation.anonymous && !operation.state.is_to_be_sent() {
            continue;
        }
        let (step, wait) = match &operation.state {
            State::Queued => (Step::Send(operation.id), None),
            State::Held(wait) | State::Waiting(wait) => (Step::Send(operation.id), wait.left(now)),
            // Only one run sends at a time, so an attempt that is found in this state has been interrupted.
            State::Sending => (Step::Check(operation.id), None),
            State::Checking(wait) | State::Sent(wait) => (Step::Check(operation.id), wait.left(now)),
            State::NeedsUser(_) | State::MayHaveBeenSent | State::NotShown => continue,
        };
        match wait {
            None if matches!(step, Step::Check(_)) => {
                check.get_or_insert(step);
            }
            None => {
                next.step.get_or_insert(step);
            }
            Some(left) => next.wake_in = Some(next.wake_in.map_or(left, |soonest: Duration| soonest.min(left))),
        }
    }
    // Sending comes before looking for the results of earlier attempts.
    next.step = next.step.or(check);
    next
}

/// The uploads that are due, and how long until the wait of another one is over. A run of transfers makes them beside
/// the other operations. An upload blocks the later operations of its ticket, and waits for the earlier ones.
#[must_use]
pub fn due_uploads(operations: &[Operation], now: Timestamp) -> (Vec<OperationId>, Option<Duration>) {
    let mut seen = BTreeSet::new();
    let (mut due, mut wake_in) = (Vec::new(), None);
    for operation in operations {
        let first = !blocks(operation) || seen.insert(operation.ticket);
        let wait = match &operation.state {
            State::Queued => None,
            State::Held(wait) | State::Waiting(wait) => wait.left(now),
            _ => continue,
        };
        if !first || operation.kind != Kind::Upload {
            continue;
        }
        match wait {
            None => due.push(operation.id),
            Some(left) => wake_in = Some(wake_in.map_or(left, |soonest: Duration| soonest.min(left))),
        }
    }
    (due, wake_in)
}

/// Whether the later operations of the same ticket have to wait for this one. A confirmed operation blocks nothing.
/// A change of the ticket (solving it, more CC addresses) blocks nothing if the user has to decide about it, because no
/// message depends on it.
fn blocks(operation: &Operation) -> bool {
    match operation.kind {
        Kind::MarkRead => false,
        Kind::Upload if bugs::is_on(Bug::UploadDependencyLost) => false,
        Kind::Change(_) if matches!(operation.state, State::NeedsUser(_) | State::MayHaveBeenSent) => false,
        _ => !operation.state.is_confirmed(),
    }
}

/// Returns the operation as it is when an attempt begins. `key` is the idempotency key for which the attempt was
/// prepared. `newest` is the newest comment id (for a creation: ticket number) that is known now. Returns `None` if the
/// user took the operation back or edited it after it was prepared: then it must not be sent.
#[must_use]
pub fn begin(operation: &Operation, key: Uuid, newest: i64) -> Option<Operation> {
    let may_begin = operation.key == key && operation.state.is_to_be_sent();
    may_begin.then(|| Operation {
        state: State::Sending,
        prepared: true,
        ever_attempted: true,
        attempts: operation.attempts.saturating_add(1),
        high_water_mark: Some(newest.max(operation.high_water_mark.unwrap_or_default())),
        empty_reads: 0,
        ended_at: None,
        first_missed_at: None,
        ..operation.clone()
    })
}

/// Decides what a failed attempt means. `operation` is the operation that is being sent, and `all` are the operations
/// of its ticket. `now` is the time by the device's clock. `spare` holds an idempotency key and a client reference that
/// were never used. The message takes them if its files have to be uploaded again. `chance` (0–255) varies the pause
/// before the next attempt.
#[must_use]
pub fn after_attempt(
    operation: &Operation,
    all: &[Operation],
    failure: &Failure,
    now: Timestamp,
    spare: (Uuid, Uuid),
    chance: u8,
) -> Verdict {
    let earlier = operation.attempts.saturating_sub(1);
    match failure {
        Failure::TryAgain { reached, after, .. } if *reached == Reached::No || operation.kind.is_repeatable() => {
            operation.not_applied(State::Waiting(pause(earlier, *after, now, chance))).into()
        }
        Failure::TryAgain { after, .. } => ambiguous(operation, *after, now).into(),
        Failure::Unexplained { server_message } => {
            let refusals = operation.refusals.saturating_add(1);
            let refused = Operation { refusals, refusal: server_message.clone(), ..operation.clone() };
            match operation.kind {
                Kind::MarkRead if Bound::Refusals.is_reached(refusals) => Change::Drop(operation.id).into(),
                kind if kind.is_repeatable() => refused_again(&refused, now, chance).into(),
                _ => ambiguous(&refused, None, now).into(),
            }
        }
        Failure::NeedsUser(_) if concerns_account(failure) => {
            // The server refused the token before it looked at the write, so this attempt counts as not made.
            let unmade = Operation { attempts: earlier, ..operation.not_applied(State::Queued) };
            Verdict { changes: vec![Change::Update(unmade)], ends_run: Some(failure.clone()) }
        }
        _ if operation.kind == Kind::MarkRead => Change::Drop(operation.id).into(),
        Failure::NeedsUser(reason) => operation.not_applied(State::NeedsUser(reason.clone())).into(),
        Failure::NotAllowed => operation.not_applied(needs(ReasonKind::NotAllowed)).into(),
        Failure::Gone => operation.not_applied(needs(ReasonKind::NoLongerVisible)).into(),
        // The server refused the new uploads as well, so the uploads are not the cause.
        Failure::UploadsRefused { server_message } if Bound::Renewals.is_reached(operation.renewals) => {
            operation.not_applied(refused(server_message.clone())).into()
        }
        Failure::UploadsRefused { .. } => uploads::again(operation, all, now, spare, chance).into(),
    }
}

/// Decides what becomes of an operation whose attempt was not made because the read before it failed. The attempt is
/// not counted, so the pause cannot grow with the attempts. Therefore it is long from the start, and grows with the pause
/// before it.
#[must_use]
pub fn postponed(operation: &Operation, failure: &Failure, now: Timestamp, chance: u8) -> Verdict {
    if concerns_account(failure) {
        return Verdict { changes: Vec::new(), ends_run: Some(failure.clone()) };
    }
    if !operation.state.is_to_be_sent() {
        return Verdict::default();
    }
    // Any refusal is about the list or the thread that was read, not about this write.
    let imposed = if let Failure::TryAgain { after, .. } = failure { *after } else { None };
    let before = match &operation.state {
        State::Waiting(wait) if !wait.server_imposed => failures_behind(wait.length),
        _ => 0,
    };
    let failures = operation.attempts.max(before).max(UNPREPARED_ATTEMPTS);
    operation.not_applied(State::Waiting(pause(failures, imposed, now, chance))).into()
}

/// Decides about an attempt whose outcome nobody knows, because of a crash, a kill, or an answer that cannot be read. A
/// repeatable operation is queued again; any other is checked, and asks the user if it is anonymous.
#[must_use]
pub fn interrupted(operation: &Operation, now: Timestamp) -> Operation {
    if operation.kind.is_repeatable() { operation.not_applied(State::Queued) } else { ambiguous(operation, None, now) }
}

/// Something that the operation needs is missing on this device. Nothing was sent, and it needs the user.
#[must_use]
pub fn cannot_send(operation: &Operation, why: ReasonKind) -> Verdict {
    if !operation.state.is_to_be_sent() {
        return Verdict::default();
    }
    operation.not_applied(needs(why)).into()
}

/// The server has confirmed a reply. Its thread is read for the comment at once.
#[must_use]
pub fn confirmed(operation: &Operation, now: Timestamp) -> Operation {
    Operation { state: State::Sent(Wait::new(now, Duration::ZERO)), ..operation.clone() }
}

fn ambiguous(operation: &Operation, imposed: Option<Duration>, now: Timestamp) -> Operation {
    let wait = Wait { start: now, length: imposed.unwrap_or_default(), server_imposed: imposed.is_some() };
    let ambiguous_attempts = operation.ambiguous_attempts.saturating_add(1);
    let state = if operation.anonymous { State::MayHaveBeenSent } else { State::Checking(wait) };
    Operation { ambiguous_attempts, first_missed_at: None, ..operation.maybe_applied(state, now) }
}

/// Decides what becomes of an operation after a refusal that does not show who refused, when the server certainly
/// applied nothing. The attempt is made again after a pause, until the bound is reached.
fn refused_again(operation: &Operation, now: Timestamp, chance: u8) -> Operation {
    operation.not_applied(if Bound::Refusals.is_reached(operation.refusals) {
        refused(operation.refusal.clone())
    } else {
        State::Waiting(pause(operation.refusals.saturating_sub(1), None, now, chance))
    })
}

/// What a read for the result of an attempt gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look<'a> {
    /// It succeeded and did not show the result.
    Missed {
        /// Whether the thread contains a comment of this user that is newer than the high-water mark and was not written
        /// on this device. It may be this message with a text that the server changed beyond recognition.
        unexplained: bool,
    },
    /// It failed.
    Failed(&'a Failure),
}

/// Decides what it means that a read did or did not show the result of `operation`. `at` is the moment of the read on
/// both clocks. `chance` (0–255) varies the pause before the next step.
#[must_use]
pub fn after_check(
    operation: &Operation,
    look: Look<'_>,
    at: ClockReading,
    consistency: Consistency,
    chance: u8,
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
        // The ticket can no longer be read, so the outcome will stay unknown.
        Look::Failed(_) => becomes(State::MayHaveBeenSent, since).into(),
        Look::Missed { unexplained } => {
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
    chance: u8,
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
fn after_failed_read(operation: &Operation, failure: &Failure, now: Timestamp, chance: u8) -> Wait {
    let imposed = if let Failure::TryAgain { after, .. } = failure { *after } else { None };
    let passed = operation.ended_at.map_or(0, |ended| now.0.saturating_sub(ended.0) / 1_000);
    let failures = u64::try_from(passed / 2 + 1).map_or(0, u64::ilog2);
    // The first reads fail together with everything else that a run asks for, so they do not hurry.
    pause(failures + 1, imposed, now, chance)
}

/// Decides about an attempt whose result no read shows, when the ambiguity timeout is over. Usually the server does not
/// have it, and it is sent again. But the user is asked in two cases. The thread may contain a comment that could be
/// this message or an answer that the same user wrote by mail. And the device from which the file was copied may still
/// send a restored operation.
fn not_there(operation: &Operation, unexplained: bool, now: Timestamp, chance: u8) -> Operation {
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

/// Whether `failure` concerns the whole account (signed out, or somebody else signed in) and not one operation.
pub(crate) fn concerns_account(failure: &Failure) -> bool {
    matches!(failure, Failure::NeedsUser(reason)
        if matches!(reason.kind, ReasonKind::SignedOut | ReasonKind::WrongUser))
}

/// The failure that stands for "not allowed" or "not there" when the account was not proven to work. Such a refusal
/// says nothing about the ticket, so the write is tried again.
#[must_use]
pub fn unproven() -> Failure {
    Failure::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::No }
}

fn needs(kind: ReasonKind) -> State {
    State::NeedsUser(Reason { kind, server_message: None })
}

pub(super) fn refused(server_message: Option<String>) -> State {
    State::NeedsUser(Reason { kind: ReasonKind::Refused, server_message })
}
