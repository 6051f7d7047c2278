//! Tests of the outbox's decisions.

mod anonymous;
mod apart;
mod changes;
mod checks;
mod commands;
mod marks;
mod matching;
mod pauses;
mod recognise;
mod steps;

use std::time::Duration;

use uuid::Uuid;

use super::*;
use crate::model::{
    ChangeKind, Failure, MessageId, OperationId, Reason, ReasonKind, TicketId, TicketNumber, Timestamp,
};
use crate::product::Consistency;

const NOW: Timestamp = Timestamp(1_772_442_000_000);
const CONSISTENCY: Consistency =
    Consistency { stale_read: Duration::from_secs(15), late_apply: Duration::from_secs(45) };
/// A key and a client reference that were never used.
const SPARE: (Uuid, Uuid) = (Uuid::from_u128(901), Uuid::from_u128(902));

fn operation(id: i64, ticket: i64, state: State) -> Operation {
    Operation {
        id: OperationId(id),
        ticket: TicketId(ticket),
        number: Some(TicketNumber(ticket)),
        message: Some(MessageId(id)),
        file: None,
        kind: Kind::Reply,
        action: None,
        key: Uuid::from_u128(1),
        state,
        high_water_mark: None,
        ever_attempted: false,
        restored: false,
        prepared: false,
        token_until: None,
        asked_through: None,
        anonymous: false,
        attempts: 0,
        ambiguous_attempts: 0,
        renewals: 0,
        refusals: 0,
        refusal: None,
        empty_reads: 0,
        ended_at: None,
        first_missed_at: None,
    }
}

fn wait(start: i64, seconds: u64) -> Wait {
    Wait { start: Timestamp(NOW.0 + start * 1_000), length: Duration::from_secs(seconds), server_imposed: false }
}

/// A moment at which the server tells no time.
fn without_server_time(now: Timestamp) -> ClockReading {
    ClockReading { device: now, server: None }
}

fn reason() -> State {
    State::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: None })
}

/// The operations that the changes update, in order.
fn updates(changes: Vec<Change>) -> Vec<Operation> {
    let update = |change| if let Change::Update(operation) = change { Some(operation) } else { None };
    changes.into_iter().filter_map(update).collect()
}

/// The one operation that the verdict changes.
fn becomes(verdict: Verdict) -> Operation {
    assert_eq!(verdict.ends_run, None);
    let mut updated = updates(verdict.changes);
    assert_eq!(updated.len(), 1, "{updated:?}");
    updated.remove(0)
}

/// The read succeeded and did not show the result.
const MISSED: Look<'static> = Look::Missed { unexplained: false };
