//! The outbox, written down transition by transition. How a row reads is in [`operations`](super::operations).

use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::{Connection, params};

use super::cached::Cached;
pub(super) use super::operations::{kind_name, of_message, of_ticket, select, set_state};
use super::rows::status_name;
use super::{Edit, Store, StoreError, Writer};
use crate::environment::Timestamp;
use crate::model::{ChangeKind, CommentId, MessageId, OperationId, PendingChange, TicketId};
use crate::outbox::{Kind, Look, Operation, State, Wait};
use crate::remote::{RemoteTicket, Write, normalise};

/// The newest that the file knows of what is at the desk where a row of the outbox will turn up: of all tickets' numbers
/// for a new ticket, else of its ticket's comments. Both ascend.
const BASE: &str = "CASE kind WHEN 'create' THEN (SELECT ifnull(max(t.number), 0) FROM tickets t)
    ELSE max((SELECT ifnull(max(m.comment), 0) FROM messages m WHERE m.ticket = outbox.ticket),
             (SELECT ifnull(t.known_through, 0) FROM tickets t WHERE t.id = outbox.ticket)) END";

impl Store {
    /// Every row, in the order of writing.
    pub fn operations(&self) -> Result<Vec<Operation>, StoreError> {
        self.read(|db| select(db, "1", []))
    }

    /// What an operation writes, for encoding it, with the bytes of an earlier attempt if there was one. `None` for an
    /// upload, whose bytes are a file.
    pub(crate) fn write_of(&self, operation: &Operation) -> Result<(Option<Write>, Option<Vec<u8>>), StoreError> {
        self.read(|db| {
            let sql = "SELECT o.body, o.addresses, m.body, o.through
                       FROM outbox o LEFT JOIN messages m ON m.id = o.message WHERE o.id = ?1";
            let (body, addresses, text, through): (Option<Vec<u8>>, Option<String>, Option<String>, Option<i64>) =
                db.query_row_cached(sql, [operation.id.0], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?;
            let write = match operation.kind {
                Kind::Upload => None,
                Kind::Reply => {
                    let uploads = uploads_of(db, operation)?;
                    Some(Write::Reply { body: text.ok_or(StoreError::Damaged)?, uploads })
                }
                Kind::AddCc => Some(Write::AddCc { addresses: serde_json::from_str(&addresses.unwrap_or_default())? }),
                Kind::Solve => Some(Write::Solve),
                Kind::Create => Some(create(db, operation, text.ok_or(StoreError::Damaged)?)?),
                Kind::MarkRead => Some(Write::MarkRead { through: CommentId(through.ok_or(StoreError::Damaged)?) }),
            };
            Ok((write, body))
        })
    }

    /// Writes down, durably and before the request leaves, that an attempt begins: its exact bytes, and its base, which is
    /// no less than `newest`. False if the row may not be sent any more as it was read: the user took it back, or changed its
    /// text, a moment ago.
    pub(crate) fn begin_attempt(&self, operation: &Operation, body: &[u8], newest: i64) -> Result<bool, StoreError> {
        self.write(Writer::User, |edit| {
            let sql = format!(
                "UPDATE outbox
                 SET state = 'sending', body = ?2, attempts = attempts + 1, reads = 0, ended_at = NULL,
                     quiet_since = NULL, begun = 1, base = max(?4, ifnull(base, 0), {BASE})
                 WHERE id = ?1 AND key = ?3 AND state IN ('queued', 'waiting', 'held')"
            );
            let begun =
                edit.tx.execute_cached(&sql, params![operation.id.0, body, operation.key.to_string(), newest])? == 1;
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
                           ended_at = CASE WHEN ?2 THEN min(ifnull(ended_at, ?5), ?5) END, quiet_since = ?6
                       WHERE id = ?1";
            edit.tx.execute_cached(
                sql,
                params![
                    operation.id.0,
                    change.applied,
                    change.doubt,
                    change.read,
                    change.now.0,
                    change.quiet_since.map(|since| since.0)
                ],
            )?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// The desk did what a change asked for: its row leaves, and the ticket shows it.
    pub(crate) fn settle_change(
        &self,
        operation: &Operation,
        remote: &RemoteTicket,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            if operation.kind == Kind::AddCc {
                let sql = "UPDATE tickets
                           SET cc = (SELECT json_group_array(address) FROM
                                     (SELECT value AS address FROM json_each(tickets.cc) UNION
                                      SELECT value FROM outbox o, json_each(o.addresses) WHERE o.id = ?2))
                           WHERE id = ?1";
                edit.tx.execute_cached(sql, [operation.ticket.0, operation.id.0])?;
            }
            // What the user's own click changed is no news when a list shows it.
            let sql = "UPDATE tickets
                       SET desk_status = ?2, updated_at = ?3, thread_sure = 0, noticed_at = ?4,
                           thread_of = CASE WHEN thread_of IS NULL THEN NULL ELSE 0 END
                       WHERE id = ?1 AND updated_at <= ?3";
            let status = status_name(remote.status);
            edit.tx.execute_cached(sql, params![operation.ticket.0, status, remote.updated_at.0, now.0])?;
            edit.tx.execute_cached("DELETE FROM outbox WHERE id = ?1", [operation.id.0])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// The desk took a message and shows it no more, as it would any other comment that somebody hid: it goes here, too.
    pub(crate) fn let_go(&self, operation: &Operation) -> Result<(), StoreError> {
        self.write(Writer::Sync, |edit| {
            let sql = "DELETE FROM messages WHERE id = ?1";
            edit.tx.execute_cached(sql, [operation.message.map(|message| message.0)])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// What a list would show of the tickets that wait for their creation.
    pub(crate) fn looks_of_creations(&self) -> Result<BTreeMap<OperationId, Look>, StoreError> {
        self.read(|db| {
            let sql = "SELECT o.id, t.subject, m.body
                       FROM outbox o JOIN tickets t ON t.id = o.ticket JOIN messages m ON m.id = o.message
                       WHERE o.kind = 'create'";
            let mut statement = db.prepare_cached(sql)?;
            let looks = statement.query_map([], |row| {
                let text = |place| row.get::<_, String>(place).map(|text| normalise(&text));
                Ok((OperationId(row.get(0)?), (text(1)?, text(2)?)))
            })?;
            Ok(looks.collect::<Result<_, _>>()?)
        })
    }

    /// Forgets a row that is not worth keeping.
    pub(crate) fn drop_operation(&self, operation: &Operation) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            edit.tx.execute_cached("DELETE FROM outbox WHERE id = ?1", [operation.id.0])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }

    /// At the start of a run nobody is sending: what is left in that state ended, unclear, before this run.
    pub(crate) fn recover_sending(&self, now: Timestamp) -> Result<(), StoreError> {
        let stranded: Vec<_> = self.operations()?.into_iter().filter(|o| o.state == State::Sending).collect();
        for operation in stranded {
            let (state, applied) = if operation.kind.is_repeatable() {
                (State::Queued, false)
            } else {
                (State::Checking(Wait::new(now, Duration::ZERO)), true)
            };
            let change = Transition { state, applied, doubt: applied, read: false, quiet_since: None, now };
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
            touch_all(
                edit,
                "UPDATE outbox SET state = 'queued' WHERE state = 'waiting' AND NOT wait_firm RETURNING ticket",
                [],
            )
        })
    }

    /// The app is no longer in front: whatever could still be undone goes now.
    pub(crate) fn release_held(&self) -> Result<bool, StoreError> {
        if !self.operations()?.iter().any(|operation| matches!(operation.state, State::Held(_))) {
            return Ok(false);
        }
        self.write(Writer::User, |edit| {
            let sql = "UPDATE outbox SET state = 'queued' WHERE state = 'held' RETURNING ticket";
            touch_all(edit, sql, [])?;
            Ok(true)
        })
    }

    /// Queues a message again, where that is safe. [`StoreError::NotFound`] where it is not.
    pub fn retry(&self, message: MessageId, now: Timestamp) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            let rows = select(&edit.tx, "o.message = ?1", [message.0])?;
            let stuck: Vec<_> = rows.iter().filter(|operation| operation.state.can_retry()).collect();
            if stuck.is_empty() {
                return Err(StoreError::NotFound);
            }
            stuck.into_iter().try_for_each(|operation| retry(edit, operation, now))
        })
    }

    /// Queues a change again, where that is safe. [`StoreError::NotFound`] where it is not.
    pub fn retry_change(&self, id: OperationId, now: Timestamp) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            let operation = change(&edit.tx, id)?;
            retry(edit, &operation, now)
        })
    }

    /// Takes back a change that is not on its way. [`StoreError::NotFound`] where that is not safe.
    pub fn discard_change(&self, id: OperationId) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            let operation = change(&edit.tx, id)?;
            if !operation.state.can_discard() {
                return Err(StoreError::NotFound);
            }
            edit.tx.execute_cached("DELETE FROM outbox WHERE id = ?1", [id.0])?;
            edit.touch_outbox(operation.ticket);
            Ok(())
        })
    }
}

fn retry(edit: &mut Edit<'_>, operation: &Operation, now: Timestamp) -> Result<(), StoreError> {
    if !operation.state.can_retry() {
        return Err(StoreError::NotFound);
    }
    // What may have been sent is looked for once more: since nobody knew, the ticket may have become visible again.
    let visible =
        edit.tx
            .query_row_cached("SELECT visible FROM tickets WHERE id = ?1", [operation.ticket.0], |row| row.get(0))?;
    let state = match operation.state {
        State::MayHaveBeenSent if visible => State::Checking(Wait::new(now, Duration::ZERO)),
        _ => State::Queued,
    };
    set_state(edit, operation.id, &state)?;
    // The base stays: if an earlier attempt turns up after all, it is still recognised.
    let sql = "UPDATE outbox
               SET attempts = 0, doubts = 0, reads = 0, ended_at = NULL, quiet_since = NULL, restored = 0, renewals = 0
               WHERE id = ?1";
    edit.tx.execute_cached(sql, [operation.id.0])?;
    edit.touch_outbox(operation.ticket);
    Ok(())
}

/// Doubts what `edit`'s file says about its rows, because the file is a copy or was rescued: what was ever attempted is
/// looked for. With `ask`, nothing is sent without the user, because whoever made the copy may have sent it: what is not
/// found, and what was never attempted, waits for an answer. Whatever the desk shows meanwhile still finds its row.
pub(super) fn doubt(edit: &mut Edit<'_>, now: Timestamp, ask: bool) -> Result<(), StoreError> {
    let checking = format!(
        "UPDATE outbox
         SET state = 'checking', wait_start = ?1, wait_length = 0, wait_firm = 0, reads = 0, ended_at = ?1,
             quiet_since = NULL, restored = ?2, base = ifnull(base, {BASE})
         WHERE kind IN ('create', 'reply', 'solve') AND state IN ('queued', 'waiting', 'sending', 'checking')
           AND begun RETURNING ticket"
    );
    touch_all(edit, &checking, params![now.0, ask])?;
    // A token may have been used by the other copy, or for another attempt; not by a message that the desk took.
    touch_all(
        edit,
        "UPDATE outbox SET state = 'queued'
         WHERE kind = 'upload' AND state IN ('sending', 'sent')
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = outbox.message AND o.kind = 'reply'
                                                            AND o.state = 'sent')
         RETURNING ticket",
        [],
    )?;
    if ask {
        // In a thread that was never read nobody can tell an older comment of the same text from this one.
        let asking = format!(
            "UPDATE outbox
             SET state = 'needs_user', reason = 'restored', reason_words = NULL, restored = 1,
                 base = CASE WHEN base IS NULL AND (SELECT thread_of FROM tickets t WHERE t.id = outbox.ticket) IS NOT NULL
                             THEN {BASE} ELSE base END
             WHERE state IN ('held', 'queued', 'waiting', 'sending') RETURNING ticket"
        );
        touch_all(edit, &asking, [])?;
    }
    Ok(())
}

/// Runs an `UPDATE … RETURNING ticket`, and says which tickets it changed.
fn touch_all(edit: &mut Edit<'_>, sql: &str, args: impl rusqlite::Params) -> Result<(), StoreError> {
    let tickets: Vec<i64> = {
        let mut statement = edit.tx.prepare_cached(sql)?;
        statement.query_map(args, |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    for ticket in tickets {
        edit.touch_outbox(TicketId(ticket));
    }
    Ok(())
}

/// What the desk gave for the files that a message names.
fn uploads_of(db: &Connection, operation: &Operation) -> Result<Vec<String>, StoreError> {
    operation.message.map_or(Ok(Vec::new()), |message| super::files::tokens_of(db, message))
}

/// A ticket's fields, for its creation.
fn create(db: &Connection, operation: &Operation, description: String) -> Result<Write, StoreError> {
    let sql = "SELECT subject, issue_type, cc, ifnull(access, 0), ifnull(reference, '') FROM tickets WHERE id = ?1";
    let (subject, issue_type, cc, access, reference): (String, Option<String>, String, bool, String) = db
        .query_row_cached(sql, [operation.ticket.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?;
    Ok(Write::Create {
        subject,
        description,
        issue_type: issue_type.unwrap_or_default(),
        cc: serde_json::from_str(&cc)?,
        access,
        reference,
        uploads: uploads_of(db, operation)?,
    })
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
    /// When that was the first time, by the desk's clock.
    pub quiet_since: Option<Timestamp>,
    pub now: Timestamp,
}

/// The row of a message's that is to be seen: the first that is not done. A message waits for its uploads.
pub(super) fn foremost(operations: &[Operation], message: MessageId) -> Option<&Operation> {
    let mut own = operations.iter().filter(|operation| operation.message == Some(message));
    own.find(|operation| operation.kind != Kind::Upload || !matches!(operation.state, State::Sent(_)))
}

/// The row of one change, which is no message.
fn change(db: &Connection, id: OperationId) -> Result<Operation, StoreError> {
    select(db, "o.id = ?1 AND o.kind IN ('add_cc', 'solve')", [id.0])?.pop().ok_or(StoreError::NotFound)
}

/// The changes of one ticket, as a screen shows them.
pub(super) fn changes_of(db: &Connection, ticket: TicketId) -> Result<Vec<PendingChange>, StoreError> {
    let mut changes = Vec::new();
    for operation in of_ticket(db, ticket)? {
        let kind = match operation.kind {
            Kind::AddCc => ChangeKind::AddCc,
            Kind::Solve => ChangeKind::Solve,
            Kind::Create | Kind::Reply | Kind::Upload | Kind::MarkRead => continue,
        };
        let addresses: Option<String> =
            db.query_row_cached("SELECT addresses FROM outbox WHERE id = ?1", [operation.id.0], |row| row.get(0))?;
        changes.push(PendingChange {
            id: operation.id,
            kind,
            addresses: addresses.map_or(Ok(Vec::new()), |json| serde_json::from_str(&json))?,
            delivery: super::thread::delivery(Some(&operation)),
            can_retry: operation.state.can_retry(),
            can_discard: operation.state.can_discard(),
        });
    }
    Ok(changes)
}
