//! The outbox's decisions about its steps: which one is next, and what its outcome means. The story is in
//! [`outbox`](super).

use std::collections::BTreeSet;
use std::time::Duration;

use uuid::Uuid;

use super::retry::{Bound, failures_behind, pause};
use super::{Change, Kind, Operation, State, Verdict, Wait, uploads};
use crate::bugs::{self, Bug};
use crate::model::{Chance, ChangeKind, Failure, OperationId, Reached, Reason, ReasonKind, Timestamp, Trouble};

/// If the read before an attempt fails, the pause is as long as after this many failed attempts.
const UNPREPARED_ATTEMPTS: u32 = 4;

/// The next step of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The next step; `None` if no operation can proceed now. A step that sends comes before one that checks, and read marks come
    /// last. Among equals the oldest operation comes first. Uploads have steps of their own ([`due_uploads`]).
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
    let (mut check, mut marks) = (None, ReadMarks::default());
    for operation in operations {
        if blocks(operation) && !seen.insert(operation.lane()) {
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
            None if operation.kind == Kind::MarkRead && !bugs::is_on(Bug::MarksBeforeMessages) => marks.add(operation),
            None if matches!(step, Step::Check(_)) => {
                check.get_or_insert(step);
            }
            None => {
                next.step.get_or_insert(step);
            }
            Some(left) => {
                marks.has_failed |= operation.kind == Kind::MarkRead;
                next.wake_in = Some(next.wake_in.map_or(left, |soonest: Duration| soonest.min(left)));
            }
        }
    }
    // Sending comes before looking for the results of earlier attempts.
    next.step = next.step.or(check).or(marks.next());
    next
}

/// The read marks of an outbox. No user waits for one, and there may be many. So they go after everything else, and while one
/// waits after a failure, the others wait with it: the server may be busy. One that has failed goes after those that were
/// never tried, so it does not keep them from being sent for longer than its pause.
#[derive(Default)]
struct ReadMarks {
    untried: Option<OperationId>,
    tried: Option<OperationId>,
    has_failed: bool,
}

impl ReadMarks {
    fn add(&mut self, due: &Operation) {
        let first = if due.ever_attempted { &mut self.tried } else { &mut self.untried };
        first.get_or_insert(due.id);
    }

    fn next(self) -> Option<Step> {
        self.untried.or(self.tried).filter(|_| !self.has_failed).map(Step::Send)
    }
}

/// The uploads that are due, and how long until the wait of another one is over. A run of transfers makes them beside
/// the other operations. An upload blocks the later operations of its ticket, and waits for the earlier ones.
#[must_use]
pub fn due_uploads(operations: &[Operation], now: Timestamp) -> (Vec<OperationId>, Option<Duration>) {
    let mut seen = BTreeSet::new();
    let (mut due, mut wake_in) = (Vec::new(), None);
    for operation in operations {
        let first = !blocks(operation) || seen.insert(operation.lane());
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

/// Whether the later operations of the same ticket have to wait for this one. A confirmed operation and a read mark
/// block nothing. A change of the ticket (solving it, more CC addresses) blocks nothing if the user has to decide about
/// it, because no message depends on it.
fn blocks(operation: &Operation) -> bool {
    match operation.kind {
        Kind::MarkRead => false,
        Kind::Upload if bugs::is_on(Bug::UploadDependencyLost) => false,
        Kind::Change(ChangeKind::Solve) if bugs::is_on(Bug::CloseOvertaken) => false,
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
/// were never used. The message takes them if its files have to be uploaded again. `chance` varies the pause
/// before the next attempt.
#[must_use]
pub fn after_attempt(
    operation: &Operation,
    all: &[Operation],
    failure: &Failure,
    now: Timestamp,
    spare: (Uuid, Uuid),
    chance: Chance,
) -> Verdict {
    let earlier = operation.attempts.saturating_sub(1);
    match failure {
        Failure::TryAgain { .. }
            if operation.kind == Kind::MarkRead && bugs::is_on(Bug::ReadMarkDroppedAfterFailure) =>
        {
            Change::Drop(operation.id).into()
        }
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
pub fn postponed(operation: &Operation, failure: &Failure, now: Timestamp, chance: Chance) -> Verdict {
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
/// repeatable operation is queued again, and any other is checked. A ticket without an account cannot be checked, so
/// the user is asked.
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
pub(super) fn refused_again(operation: &Operation, now: Timestamp, chance: Chance) -> Operation {
    operation.not_applied(if Bound::Refusals.is_reached(operation.refusals) {
        refused(operation.refusal.clone())
    } else {
        State::Waiting(pause(operation.refusals.saturating_sub(1), None, now, chance))
    })
}

/// Whether `failure` concerns the whole account (signed out, somebody else signed in, or an agent's token) and not one
/// operation.
pub(crate) fn concerns_account(failure: &Failure) -> bool {
    matches!(failure, Failure::NeedsUser(reason) if reason.kind.concerns_account())
}

/// The failure that stands for "not allowed" or "not there" when the account was not proven to work. Such a refusal
/// says nothing about the ticket, so the write is tried again.
#[must_use]
pub fn unproven() -> Failure {
    Failure::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::No }
}

pub(super) fn needs(kind: ReasonKind) -> State {
    State::NeedsUser(Reason { kind, server_message: None })
}

pub(super) fn refused(server_message: Option<String>) -> State {
    State::NeedsUser(Reason { kind: ReasonKind::Refused, server_message })
}
