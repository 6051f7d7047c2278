//! The outbox's rows: read whole, and written down transition by transition.

use std::time::Duration;

use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::{Edit, Store, StoreError, Writer};
use crate::environment::{Timestamp, millis};
use crate::model::{MessageId, OperationId, Reason, ReasonKind, TicketId, TicketNumber};
use crate::outbox::{Kind, Operation, State, Wait};
use crate::remote::Write;

const COLUMNS: &str = "o.id, o.ticket, t.number, o.message, o.kind, o.key, o.state, o.attempts, o.doubts, o.reads,
                       o.ended_at, o.wait_start, o.wait_length, o.wait_firm, o.reason, o.reason_words";

impl Store {
    /// Every row, in the order of writing.
    pub fn operations(&self) -> Result<Vec<Operation>, StoreError> {
        self.read(|db| select(db, "1", []))
    }

    /// What an operation writes, for encoding it, with the bytes of an earlier attempt if there was one.
    pub(crate) fn write_of(&self, operation: &Operation) -> Result<(Write, Option<Vec<u8>>), StoreError> {
        self.read(|db| {
            let body: Option<Vec<u8>> =
                db.query_row("SELECT body FROM outbox WHERE id = ?1", [operation.id.0], |row| row.get(0))?;
            let text: String =
                db.query_row("SELECT body FROM messages WHERE id = ?1", [operation.message.0], |row| row.get(0))?;
            if operation.kind == Kind::Reply {
                return Ok((Write::Reply { body: text, uploads: Vec::new() }, body));
            }
            let sql =
                "SELECT subject, issue_type, cc, ifnull(access, 0), ifnull(reference, '') FROM tickets WHERE id = ?1";
            let (subject, issue_type, cc, access, reference): (String, Option<String>, String, bool, String) = db
                .query_row(sql, [operation.ticket.0], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                })?;
            let write = Write::Create {
                subject,
                description: text,
                issue_type: issue_type.unwrap_or_default(),
                cc: serde_json::from_str(&cc)?,
                access,
                reference,
                uploads: Vec::new(),
            };
            Ok((write, body))
        })
    }

    /// Writes down, durably and before the request leaves, that an attempt begins: its exact bytes, and the newest
    /// comment known. False if the row may not be sent any more: the user took it back a moment ago.
    pub(crate) fn begin_attempt(&self, operation: &Operation, body: &[u8]) -> Result<bool, StoreError> {
        self.write(Writer::User, |edit| {
            let sql = "UPDATE outbox
                       SET state = 'sending', body = ?2, attempts = attempts + 1, reads = 0, ended_at = NULL,
                           base = (SELECT ifnull(max(m.comment), 0) FROM messages m WHERE m.ticket = outbox.ticket)
                       WHERE id = ?1 AND state IN ('queued', 'waiting')";
            let begun = edit.tx.execute(sql, params![operation.id.0, body])? == 1;
            if begun {
                edit.touch_outbox(operation.ticket);
            }
            Ok(begun)
        })
    }

    /// Writes down what an outcome means. Does nothing if the row has left meanwhile: its message was seen at the desk.
    pub(crate) fn transition(&self, operation: &Operation, change: &Transition) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            set_state(edit, operation.id, &change.state)?;
            let sql = "UPDATE outbox
                       SET base = CASE WHEN ?2 THEN base END, doubts = doubts + ?3, reads = reads + ?4,
                           ended_at = CASE WHEN ?2 THEN min(ifnull(ended_at, ?5), ?5) END
                       WHERE id = ?1";
            let now = change.now.0;
            edit.tx.execute(sql, params![operation.id.0, change.applied, change.doubt, change.read, now])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// At the start of a run nobody is sending: what is left in that state ended, unclear, before this run.
    pub(crate) fn recover_sending(&self, now: Timestamp) -> Result<(), StoreError> {
        let stranded: Vec<_> = self.operations()?.into_iter().filter(|o| o.state == State::Sending).collect();
        for operation in stranded {
            let wait = Wait { start: now, length: Duration::ZERO, firm: false };
            let change = Transition { state: State::Checking(wait), applied: true, doubt: true, read: false, now };
            self.transition(&operation, &change)?;
        }
        Ok(())
    }

    /// Ends every wait that the desk did not ask for: the network is back, or the user asked.
    pub fn end_waits(&self) -> Result<(), StoreError> {
        if !self.operations()?.iter().any(|o| matches!(o.state, State::Waiting(wait) if !wait.firm)) {
            return Ok(());
        }
        self.write(Writer::Sync, |edit| {
            let sql = "UPDATE outbox SET state = 'queued' WHERE state = 'waiting' AND NOT wait_firm RETURNING ticket";
            let tickets: Vec<i64> = {
                let mut statement = edit.tx.prepare_cached(sql)?;
                statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
            };
            for ticket in tickets {
                edit.touch_outbox(TicketId(ticket));
            }
            Ok(())
        })
    }

    /// Queues a message again, where that is safe. [`StoreError::NotFound`] where it is not.
    pub fn retry(&self, message: MessageId) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            let operation = select(&edit.tx, "o.message = ?1", [message.0])?.pop().ok_or(StoreError::NotFound)?;
            if !operation.state.can_retry() {
                return Err(StoreError::NotFound);
            }
            set_state(edit, operation.id, &State::Queued)?;
            // The base stays: if an earlier attempt turns up after all, it is still recognised.
            let sql = "UPDATE outbox SET attempts = 0, doubts = 0, reads = 0, ended_at = NULL WHERE id = ?1";
            edit.tx.execute(sql, [operation.id.0])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }
}

/// A change of a row's state, as it is written down.
pub(crate) struct Transition {
    pub state: State,
    /// Whether the last attempt may have left something at the desk.
    pub applied: bool,
    /// An attempt ended unclear.
    pub doubt: bool,
    /// It was looked for in vain.
    pub read: bool,
    pub now: Timestamp,
}

/// The rows of one ticket, in order.
pub(super) fn of_ticket(db: &Connection, ticket: TicketId) -> Result<Vec<Operation>, StoreError> {
    select(db, "o.ticket = ?1", [ticket.0])
}

/// The row of one message.
pub(super) fn of_message(db: &Connection, message: MessageId) -> Result<Option<Operation>, StoreError> {
    Ok(select(db, "o.message = ?1", [message.0])?.pop())
}

fn select(db: &Connection, filter: &str, args: impl rusqlite::Params) -> Result<Vec<Operation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox o JOIN tickets t ON t.id = o.ticket WHERE {filter} ORDER BY o.id");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(args)?;
    let mut operations = Vec::new();
    while let Some(row) = rows.next()? {
        operations.push(operation(row)?);
    }
    Ok(operations)
}

fn operation(row: &Row<'_>) -> Result<Operation, StoreError> {
    let wait = || -> Result<Wait, StoreError> {
        let start = Timestamp(row.get::<_, Option<i64>>(11)?.unwrap_or_default());
        let length = u64::try_from(row.get::<_, Option<i64>>(12)?.unwrap_or_default()).unwrap_or_default();
        Ok(Wait { start, length: Duration::from_millis(length), firm: row.get(13)? })
    };
    let state = match row.get_ref(6)?.as_str().unwrap_or_default() {
        "queued" => State::Queued,
        "sending" => State::Sending,
        "sent" => State::Sent(wait()?),
        "waiting" => State::Waiting(wait()?),
        "checking" => State::Checking(wait()?),
        "may_have_been_sent" => State::MayHaveBeenSent,
        "needs_user" => {
            let kind = ReasonKind::from_name(&row.get::<_, Option<String>>(14)?.unwrap_or_default());
            State::NeedsUser(Reason { kind, words: row.get(15)? })
        }
        _ => return Err(StoreError::Damaged),
    };
    let kind = match row.get_ref(4)?.as_str().unwrap_or_default() {
        "create" => Kind::Create,
        "reply" => Kind::Reply,
        _ => return Err(StoreError::Damaged),
    };
    Ok(Operation {
        id: OperationId(row.get(0)?),
        ticket: TicketId(row.get(1)?),
        number: row.get::<_, Option<i64>>(2)?.map(TicketNumber),
        message: MessageId(row.get(3)?),
        kind,
        key: Uuid::parse_str(&row.get::<_, String>(5)?).map_err(|_| StoreError::Damaged)?,
        state,
        attempts: row.get(7)?,
        doubts: row.get(8)?,
        reads: row.get(9)?,
        ended_at: row.get::<_, Option<i64>>(10)?.map(Timestamp),
    })
}

pub(super) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Create => "create",
        Kind::Reply => "reply",
    }
}

pub(super) fn set_state(edit: &Edit<'_>, operation: OperationId, state: &State) -> Result<(), StoreError> {
    let (name, wait, reason) = match state {
        State::Queued => ("queued", None, None),
        State::Sending => ("sending", None, None),
        State::Sent(wait) => ("sent", Some(wait), None),
        State::Waiting(wait) => ("waiting", Some(wait), None),
        State::Checking(wait) => ("checking", Some(wait), None),
        State::NeedsUser(reason) => ("needs_user", None, Some(reason)),
        State::MayHaveBeenSent => ("may_have_been_sent", None, None),
    };
    let sql = "UPDATE outbox
               SET state = ?2, wait_start = ?3, wait_length = ?4, wait_firm = ?5, reason = ?6, reason_words = ?7
               WHERE id = ?1";
    edit.tx.execute(
        sql,
        params![
            operation.0,
            name,
            wait.map(|wait| wait.start.0),
            wait.map(|wait| millis(wait.length)),
            wait.is_some_and(|wait| wait.firm),
            reason.map(|reason| reason.kind.name()),
            reason.and_then(|reason| reason.words.as_deref())
        ],
    )?;
    Ok(())
}
