//! What happens to operations apart from their steps: the user's commands, a start of the app, and a file that is a copy.

use std::time::Duration;

use uuid::Uuid;

use super::decide::interrupted;
use super::retry::ASK_A_BUSY_SERVER;
use super::{Change, Kind, Operation, State, Wait};
use crate::model::{Reason, ReasonKind, Timestamp};

/// What the file knows of a ticket, for deciding where the result of an attempt can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether the server still shows the ticket.
    pub visible: bool,
    /// Whether its thread was read to the end at least once.
    pub thread_read: bool,
    /// The newest comment id that is known of it, 0 if there is none.
    pub newest_comment: i64,
    /// The highest ticket number that is known of any ticket, 0 if there is none.
    pub newest_ticket: i64,
}

impl Known {
    /// The high-water mark for an attempt of `kind` that begins now.
    #[must_use]
    pub fn high_water_mark(&self, kind: Kind) -> i64 {
        if kind == Kind::Create { self.newest_ticket } else { self.newest_comment }
    }
}

/// Ends the attempts that an earlier run has left behind. Call it at the start of a run, when nothing is being sent.
/// With `uploads` it ends those of uploads, which a run of transfers does; without, all others.
#[must_use]
pub fn recover(operations: &[Operation], uploads: bool, now: Timestamp) -> Vec<Change> {
    let is_meant = |kind: Kind| (kind == Kind::Upload) == uploads;
    // A check of a ticket without an account would never end.
    let is_stranded = |operation: &&Operation| match operation.state {
        State::Sending => is_meant(operation.kind),
        State::Checking(_) => operation.anonymous,
        _ => false,
    };
    let stranded = operations.iter().filter(is_stranded);
    stranded.map(|operation| Change::Update(interrupted(operation, now))).collect()
}

/// Which held operations are released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// All of them: the app is no longer in front, or there is no network and nothing can be sent.
    All,
    /// Those whose time for undo is over at this time, by the device's clock.
    Over(Timestamp),
}

/// Queues held operations. They can still be edited and taken back until an attempt begins.
#[must_use]
pub fn release(operations: &[Operation], which: Release) -> Vec<Change> {
    queued(operations, |state| match (state, which) {
        (State::Held(_), Release::All) => true,
        (State::Held(wait), Release::Over(now)) => wait.left(now).is_none(),
        _ => false,
    })
}

/// Which waits end early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndWaits {
    /// The user asks for a sync, or the network is back, at this time by the device's clock. The waits that are not
    /// server-imposed end, and those that the server imposed a minute ago or earlier
    /// ([`ASK_A_BUSY_SERVER`]).
    Asked(Timestamp),
    /// The server works again. All waits end.
    ServerWorks,
}

impl EndWaits {
    /// Whether a wait that the server imposed ends.
    #[must_use]
    pub fn ends_imposed(self, wait: Wait) -> bool {
        match self {
            Self::Asked(now) => Wait::new(wait.start, ASK_A_BUSY_SERVER).left(now).is_none(),
            Self::ServerWorks => true,
        }
    }
}

/// Ends waits for another attempt, and waits for a look whether an attempt was applied. A look that comes earlier proves
/// nothing earlier: the ambiguity timeout goes on.
#[must_use]
pub fn end_waits(operations: &[Operation], which: EndWaits) -> Vec<Change> {
    let ends = |wait: &Wait| !wait.server_imposed || which.ends_imposed(*wait);
    let mut changes = queued(operations, |state| matches!(state, State::Waiting(wait) if ends(wait)));
    for operation in operations {
        if let State::Checking(wait) = &operation.state
            && ends(wait)
        {
            let state = State::Checking(Wait::new(wait.start, Duration::ZERO));
            changes.push(Change::Update(Operation { state, ..operation.clone() }));
        }
    }
    changes
}

fn queued(operations: &[Operation], which: impl Fn(&State) -> bool) -> Vec<Change> {
    let chosen = operations.iter().filter(|operation| which(&operation.state));
    chosen.map(|operation| Change::Update(Operation { state: State::Queued, ..operation.clone() })).collect()
}

/// The user wants an operation to be sent again. If the operation may have been sent and its ticket is visible, sync
/// looks for it once more first, unless it is sent without an account. The comments that are known by now do not count
/// as its result, because the user has seen them and decided. `None` if another attempt is not safe.
#[must_use]
pub fn retry(operation: &Operation, known: Known, now: Timestamp) -> Option<Operation> {
    if !operation.state.can_retry() {
        return None;
    }
    let state = match operation.state {
        State::MayHaveBeenSent if known.visible && !operation.anonymous => {
            State::Checking(Wait::new(now, Duration::ZERO))
        }
        _ => State::Queued,
    };
    // The high-water mark stays, so that the result of an earlier attempt is still recognised if it turns up after all.
    let asked_through = Some(known.newest_comment.max(operation.asked_through.unwrap_or_default()));
    Some(Operation { state, restored: false, asked_through, ..operation.with_counters_reset() })
}

/// The user changes the text or the fields of an operation that the server does not have. The operation gets the new
/// `key`, which no attempt has used, and keeps its place in the order. `None` if the operation is not of `kind`, or if
/// an edit is not safe.
#[must_use]
pub fn edited(operation: &Operation, kind: Kind, key: Uuid) -> Option<Operation> {
    if operation.kind != kind || !operation.state.can_edit() {
        return None;
    }
    let state = if let State::Held(wait) = operation.state { State::Held(wait) } else { State::Queued };
    Some(operation.with_counters_reset().never_attempted(state, key))
}

/// Whether the user may take back the message of `operation`. A new ticket can be taken back only while no other
/// operation waits for its creation. `all` are the operations of its ticket.
#[must_use]
pub fn can_discard(operation: &Operation, all: &[Operation]) -> bool {
    let is_alone = || all.iter().all(|other| other.message == operation.message);
    operation.state.can_discard() && (operation.kind != Kind::Create || is_alone())
}

/// The file turned out to be a copy. The device that it was copied from may have sent an operation since, or may still
/// send it. So sync looks on the server for every operation that was ever attempted and can be found there, and sends
/// nothing without the user. The user is asked about each one that is not found, and at once about every other one that
/// waits to be sent. `all` are all operations of the file; `known` tells what the file knows of an operation's ticket.
#[must_use]
pub fn copied(all: &[Operation], known: impl Fn(&Operation) -> Known, now: Timestamp) -> Vec<Change> {
    let mut changes = Vec::new();
    for operation in all {
        let waits = operation.state.is_to_be_sent() || operation.state == State::Sending;
        let is_looked_for = operation.can_be_found()
            && matches!(operation.state, State::Queued | State::Waiting(_) | State::Sending | State::Checking(_));
        let known = known(operation);
        let mark = |operation: &Operation| {
            Some(operation.high_water_mark.unwrap_or_else(|| known.high_water_mark(operation.kind)))
        };
        if operation.kind == Kind::Upload && uploads_again(operation, all) {
            // The token may have been used, so the upload is made again once the user decides.
            let upload = Operation { token_until: None, ..operation.clone() };
            changes.push(Change::Update(ask(&upload)));
        } else if operation.ever_attempted && is_looked_for {
            changes.push(Change::Update(Operation {
                state: State::Checking(Wait::new(now, Duration::ZERO)),
                empty_reads: 0,
                ended_at: Some(now),
                first_missed_at: None,
                restored: true,
                high_water_mark: mark(operation),
                ..operation.clone()
            }));
        } else if waits {
            // A thread that was never read gives no high-water mark: an older comment with the same text could be taken
            // for this operation.
            let high_water_mark = if known.thread_read { mark(operation) } else { operation.high_water_mark };
            changes.push(Change::Update(Operation { high_water_mark, ..ask(operation) }));
        }
    }
    changes
}

fn ask(operation: &Operation) -> Operation {
    let reason = Reason { kind: ReasonKind::Restored, server_message: None };
    Operation { state: State::NeedsUser(reason), restored: true, ..operation.clone() }
}

/// The file was made anew from a damaged one, in which any attempt may be missing. So an upload that was begun is
/// queued again, and every other operation that waits to be sent and may have been attempted becomes *sending*, which
/// the next run treats as an ambiguous attempt. It is looked for above a high-water mark: the newest comment that the
/// file knew of its ticket or, for a new ticket, the highest ticket number.
///
/// A reply in a thread that was never read has no high-water mark, and an older comment with the same text could be
/// taken for it. But nothing is sent in a thread before it is read. So a reply there that was never attempted certainly
/// was not sent, and stays as it is. A ticket without an account cannot be looked for, so the user decides about it.
#[must_use]
pub fn salvaged(all: &[Operation], known: impl Fn(&Operation) -> Known) -> Vec<Change> {
    let mut changes = Vec::new();
    for operation in all {
        let known = known(operation);
        if operation.kind == Kind::Upload {
            if matches!(operation.state, State::Sending | State::Sent(_)) {
                let upload = Operation { token_until: None, state: State::Queued, ..operation.clone() };
                changes.push(Change::Update(upload));
            }
        } else if operation.state.is_to_be_sent()
            && (operation.ever_attempted || operation.kind != Kind::Reply || known.thread_read)
        {
            let mark = operation.high_water_mark.unwrap_or_else(|| known.high_water_mark(operation.kind));
            let state = if operation.anonymous { State::MayHaveBeenSent } else { State::Sending };
            changes.push(Change::Update(Operation {
                state,
                ever_attempted: true,
                empty_reads: 0,
                high_water_mark: Some(mark),
                ..operation.clone()
            }));
        }
    }
    changes
}

/// Whether an upload has to be made again in a copy of the file: its token may have been used by another attempt, unless
/// the server has confirmed the message that names it.
fn uploads_again(upload: &Operation, all: &[Operation]) -> bool {
    let confirmed =
        |other: &Operation| other.kind == Kind::Reply && other.message == upload.message && other.state.is_confirmed();
    matches!(upload.state, State::Sending | State::Sent(_)) && !all.iter().any(confirmed)
}
