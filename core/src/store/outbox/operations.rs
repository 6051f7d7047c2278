//! Converting between rows of the outbox and [`Operation`]s.

use std::time::Duration;

use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::model::{ChangeKind, MessageId, OperationId, Reason, ReasonKind, TicketId, TicketNumber, Timestamp, millis};
use crate::outbox::{Kind, Operation, State, Wait};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{note, optional_text};
use crate::store::{RowFault, StoreError};

const COLUMNS: &str = "o.id, o.ticket, t.number, o.message, o.kind, o.key, o.state, o.attempts, o.ambiguous_attempts, o.empty_reads,
                       o.ended_at, o.wait_start, o.wait_length, o.wait_server_imposed, o.reason, o.server_message, o.file, o.ever_attempted,
                       o.restored, o.first_missed_at, o.renewals, o.high_water_mark, o.body IS NOT NULL, o.refusals, o.refusal,
                       o.asked_through, (SELECT f.token_until FROM files f WHERE f.id = o.file),
                       EXISTS (SELECT 1 FROM account a WHERE a.account = '') OR EXISTS (SELECT 1 FROM requesters r WHERE r.ticket = o.ticket),
                       o.action";

/// SQL for the rows of `outbox o` whose only copy may be on this device: what the user wrote and the server has not
/// confirmed, or has confirmed and does not show.
pub(in crate::store) const UNSENT: &str = "o.state <> 'sent' AND o.kind NOT IN ('upload', 'mark_read')";

/// SQL for those of these rows that the server has not confirmed: they wait to be sent, are on their way, or need the
/// user.
pub(in crate::store) const WAITING: &str =
    "o.state NOT IN ('sent', 'not_shown') AND o.kind NOT IN ('upload', 'mark_read')";

/// The operations of one ticket, in order.
pub(in crate::store) fn of_ticket(db: &Connection, ticket: TicketId) -> Result<Vec<Operation>, StoreError> {
    select(db, "o.ticket = ?1", [ticket.0])
}

/// The operation that sends a message itself, not one of its uploads; `None` if it is settled.
pub(in crate::store) fn of_message(db: &Connection, message: MessageId) -> Result<Option<Operation>, StoreError> {
    Ok(select(db, "o.message = ?1 AND o.kind IN ('create', 'reply')", [message.0])?.pop())
}

/// The operations that pass `filter`, in the order in which they were written.
pub(in crate::store) fn select(
    db: &Connection,
    filter: &str,
    args: impl rusqlite::Params,
) -> Result<Vec<Operation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox o JOIN tickets t ON t.id = o.ticket WHERE {filter} ORDER BY o.id");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(args)?;
    let mut operations = Vec::new();
    while let Some(row) = rows.next()? {
        let (operation, readable) = operation(row)?;
        if !readable {
            note(RowFault::Name);
        }
        operations.push(operation);
    }
    Ok(operations)
}

/// The rows whose state, kind or key cannot be read.
pub(in crate::store) fn unreadable(db: &Connection) -> Result<Vec<OperationId>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox o JOIN tickets t ON t.id = o.ticket");
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut unreadable = Vec::new();
    while let Some(row) = rows.next()? {
        if !operation(row).is_ok_and(|(_, readable)| readable) {
            unreadable.push(OperationId(row.get(0)?));
        }
    }
    Ok(unreadable)
}

/// Reads a row. False if its state, kind or key is not one of this version's.
///
/// Such an operation stays in the list, because later operations of its ticket must not overtake it. It is never sent.
/// If an attempt was ever made, it counts as *may have been sent*; otherwise it needs the user.
fn operation(row: &Row<'_>) -> Result<(Operation, bool), StoreError> {
    let wait = || -> Result<Wait, StoreError> {
        let start = Timestamp(row.get::<_, Option<i64>>(11)?.unwrap_or_default());
        let length = u64::try_from(row.get::<_, Option<i64>>(12)?.unwrap_or_default()).unwrap_or_default();
        Ok(Wait { start, length: Duration::from_millis(length), server_imposed: row.get(13)? })
    };
    let state = match row.get_ref(6)?.as_str().unwrap_or_default() {
        "held" => Some(State::Held(wait()?)),
        "queued" => Some(State::Queued),
        "sending" => Some(State::Sending),
        "sent" => Some(State::Sent(wait()?)),
        "waiting" => Some(State::Waiting(wait()?)),
        "checking" => Some(State::Checking(wait()?)),
        "may_have_been_sent" => Some(State::MayHaveBeenSent),
        "not_shown" => Some(State::NotShown),
        "needs_user" => {
            let kind = ReasonKind::from_name(&optional_text(row, 14)?.unwrap_or_default());
            Some(State::NeedsUser(Reason { kind, server_message: optional_text(row, 15)? }))
        }
        _ => None,
    };
    let message = row.get::<_, Option<i64>>(3)?.map(MessageId);
    let kind = match row.get_ref(4)?.as_str().unwrap_or_default() {
        "create" => Some(Kind::Create),
        "reply" => Some(Kind::Reply),
        "upload" => Some(Kind::Upload),
        "add_cc" => Some(Kind::Change(ChangeKind::AddCc)),
        "solve" => Some(Kind::Change(ChangeKind::Solve)),
        "feedback" => Some(Kind::Change(ChangeKind::Feedback)),
        "toggle" => Some(Kind::Change(ChangeKind::Toggle)),
        "mark_read" => Some(Kind::MarkRead),
        _ => None,
    };
    let key = Uuid::parse_str(row.get_ref(5)?.as_str().unwrap_or_default()).ok();
    let readable = state.is_some() && kind.is_some() && key.is_some();
    let ever_attempted = row.get(17)?;
    let state = match state {
        Some(state) if readable => state,
        _ if ever_attempted => State::MayHaveBeenSent,
        _ => State::NeedsUser(Reason { kind: ReasonKind::Unsupported, server_message: None }),
    };
    let operation = Operation {
        id: OperationId(row.get(0)?),
        ticket: TicketId(row.get(1)?),
        number: row.get::<_, Option<i64>>(2)?.map(TicketNumber),
        message,
        file: row.get(16)?,
        kind: kind.unwrap_or(if message.is_some() { Kind::Reply } else { Kind::Change(ChangeKind::Solve) }),
        key: key.unwrap_or_default(),
        state,
        ever_attempted,
        restored: row.get(18)?,
        attempts: count(row, 7)?,
        ambiguous_attempts: count(row, 8)?,
        empty_reads: count(row, 9)?,
        ended_at: row.get::<_, Option<i64>>(10)?.map(Timestamp),
        first_missed_at: row.get::<_, Option<i64>>(19)?.map(Timestamp),
        high_water_mark: row.get(21)?,
        renewals: count(row, 20)?,
        prepared: row.get(22)?,
        refusals: count(row, 23)?,
        refusal: optional_text(row, 24)?,
        asked_through: row.get(25)?,
        token_until: row.get::<_, Option<i64>>(26)?.map(Timestamp),
        anonymous: row.get(27)?,
        action: optional_text(row, 28)?,
    };
    Ok((operation, readable))
}

/// A number that is never negative.
fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u32> {
    Ok(u32::try_from(row.get::<_, i64>(column)?).unwrap_or_default())
}

/// A kind as its column stores it.
pub(in crate::store) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Create => "create",
        Kind::Reply => "reply",
        Kind::Upload => "upload",
        Kind::Change(ChangeKind::AddCc) => "add_cc",
        Kind::Change(ChangeKind::Solve) => "solve",
        Kind::Change(ChangeKind::Feedback) => "feedback",
        Kind::Change(ChangeKind::Toggle) => "toggle",
        Kind::MarkRead => "mark_read",
    }
}

/// Writes everything of an operation that a decision can change. If no attempt of it is prepared any more, its bytes
/// are deleted. If it is an upload that is not *sent*, the token of its file is deleted.
pub(in crate::store) fn put(db: &Connection, operation: &Operation) -> Result<(), StoreError> {
    let (name, wait, reason) = match &operation.state {
        State::Held(wait) => ("held", Some(wait), None),
        State::Queued => ("queued", None, None),
        State::Sending => ("sending", None, None),
        State::Sent(wait) => ("sent", Some(wait), None),
        State::Waiting(wait) => ("waiting", Some(wait), None),
        State::Checking(wait) => ("checking", Some(wait), None),
        State::NeedsUser(reason) => ("needs_user", None, Some(reason)),
        State::MayHaveBeenSent => ("may_have_been_sent", None, None),
        State::NotShown => ("not_shown", None, None),
    };
    db.execute_cached(
        "UPDATE outbox
         SET state = ?2, wait_start = ?3, wait_length = ?4, wait_server_imposed = ?5, reason = ?6, server_message = ?7,
             key = ?8, body = CASE WHEN ?9 THEN body END, high_water_mark = ?10, ever_attempted = ?11, restored = ?12,
             attempts = ?13, ambiguous_attempts = ?14, empty_reads = ?15, renewals = ?16, ended_at = ?17,
             first_missed_at = ?18, refusals = ?19, refusal = ?20, asked_through = ?21
         WHERE id = ?1",
        params![
            operation.id.0,
            name,
            wait.map(|wait| wait.start.0),
            wait.map(|wait| millis(wait.length)),
            wait.is_some_and(|wait| wait.server_imposed),
            reason.map(|reason| reason.kind.name()),
            reason.and_then(|reason| reason.server_message.as_deref()),
            operation.key.to_string(),
            operation.prepared,
            operation.high_water_mark,
            operation.ever_attempted,
            operation.restored,
            operation.attempts,
            operation.ambiguous_attempts,
            operation.empty_reads,
            operation.renewals,
            operation.ended_at.map(|at| at.0),
            operation.first_missed_at.map(|at| at.0),
            operation.refusals,
            operation.refusal,
            operation.asked_through
        ],
    )?;
    if operation.kind == Kind::Upload && !matches!(operation.state, State::Sent(_)) {
        db.execute_cached("UPDATE files SET token = NULL, token_until = NULL WHERE id = ?1", [operation.file])?;
    }
    Ok(())
}
