//! Extras: what the server has for this user beside a ticket itself (`docs/product.md`, S14, S15), and the operations that
//! write them.
//!
//! Sync asks for the extras of a ticket that is open on screen or that a push message names, if they were never read, if the
//! ticket was updated since, or after [`AGE`]. Feedback is asked about only when the ticket is over, so it is asked about then
//! even if the time of the update is still the same: some servers tell it in whole seconds. An operation that the server
//! confirms changes them at once, so a screen does not wait for the next read.

use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;

use crate::model::{
    ChangeKind, Extras, FeedbackState, OperationId, RemoteExtras, TicketId, Timestamp, Toggle, WantedExtras, millis,
};
use crate::outbox::{Change, Evidence, Kind, Operation, Settlement};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{optional_text, text};
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::apply::apply;
use crate::store::{RowFault, Store, StoreError};

/// After this long by the device's clock they are read again while the ticket is on screen: another device of this user may
/// have changed them, which does not show in the ticket.
const AGE: Duration = Duration::from_mins(10);

/// What feedback or a toggle writes.
pub(super) fn value<T: DeserializeOwned>(stored: Option<&str>) -> Result<T, StoreError> {
    let unreadable = StoreError::Unreadable(RowFault::Missing);
    stored.and_then(|stored| serde_json::from_str(stored).ok()).ok_or(unreadable)
}

impl Store {
    /// What is known of a ticket's extras. Until the server was asked about this ticket, it has every toggle that any
    /// ticket has, without a value.
    pub(crate) fn extras(&self, ticket: TicketId) -> Result<Extras, StoreError> {
        self.read(|db| {
            let mut toggles = BTreeMap::new();
            let mut statement = db.prepare_cached("SELECT DISTINCT field FROM toggles")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                toggles.insert(text(row, 0)?, None);
            }
            let state = "SELECT feedback FROM extras WHERE ticket = ?1";
            let state = db.query_row_cached(state, [ticket.0], |row| Ok(optional_text(row, 0))).optional()?;
            if state.is_some() {
                // The server was asked about this ticket. What it did not name then is not offered.
                let mut own = BTreeMap::new();
                let mut statement = db.prepare_cached("SELECT field, value FROM toggles WHERE ticket = ?1")?;
                let mut rows = statement.query([ticket.0])?;
                while let Some(row) = rows.next()? {
                    own.insert(text(row, 0)?, row.get(1)?);
                }
                toggles = own;
            }
            let feedback = state.transpose()?.flatten();
            Ok(Extras { feedback: feedback.as_deref().map(FeedbackState::from_name), toggles })
        })
    }

    /// Whether the extras of a ticket have to be read. `now` is by the device's clock.
    pub(crate) fn extras_are_due(
        &self,
        ticket: TicketId,
        wanted: WantedExtras,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.read(|db| {
            let sql = "SELECT NOT EXISTS (SELECT 1 FROM extras e WHERE e.ticket = t.id AND e.as_of = t.updated_at
                                          AND (e.feedback IS NOT NULL OR NOT ?4) AND e.read_at <= ?2 AND e.read_at + ?3 > ?2)
                       FROM tickets t WHERE t.id = ?1";
            let due = db.query_row_cached(sql, params![ticket.0, now.0, millis(AGE), wanted.feedback], |row| row.get(0));
            Ok(due.optional()?.unwrap_or_default())
        })
    }

    /// Stores the extras of a ticket. `now` is by the device's clock. Feedback is given for good. A toggle that was
    /// written a moment ago is not changed by an answer that may be stale; then the extras are read again soon.
    pub(crate) fn apply_extras(
        &self,
        ticket: TicketId,
        remote: &RemoteExtras,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            let before = known(&edit.tx, ticket)?;
            let recent = now.0.saturating_sub(millis(edit.visible_after));
            let sql = "DELETE FROM toggles WHERE ticket = ?1 AND NOT settled_at BETWEEN ?2 AND ?3";
            edit.tx.execute_cached(sql, [ticket.0, recent, now.0])?;
            let sql = "SELECT EXISTS (SELECT 1 FROM toggles WHERE ticket = ?1)";
            let may_be_stale: bool = edit.tx.query_row_cached(sql, [ticket.0], |row| row.get(0))?;
            for (field, value) in &remote.toggles {
                let sql = "INSERT INTO toggles (ticket, field, value) VALUES (?1, ?2, ?3) ON CONFLICT (ticket, field) DO NOTHING";
                edit.tx.execute_cached(sql, params![ticket.0, field, value])?;
            }
            let sql = "INSERT INTO extras (ticket, feedback, as_of, read_at)
                       SELECT id, ?2, CASE WHEN ?4 THEN -1 ELSE updated_at END, ?3 FROM tickets WHERE id = ?1
                       ON CONFLICT (ticket) DO UPDATE
                       SET feedback = CASE WHEN feedback = 'given' THEN feedback ELSE ifnull(excluded.feedback, feedback) END,
                           as_of = excluded.as_of, read_at = excluded.read_at";
            let feedback = remote.feedback.map(FeedbackState::name);
            edit.tx.execute_cached(sql, params![ticket.0, feedback, now.0, may_be_stale])?;
            if known(&edit.tx, ticket)? != before {
                edit.touch(ticket);
            }
            Ok(())
        })
    }

    /// What an operation writes, if it is a toggle.
    pub(crate) fn toggle_of(&self, operation: OperationId) -> Result<Option<Toggle>, StoreError> {
        self.read(|db| {
            let sql = "SELECT content FROM outbox WHERE id = ?1 AND kind = 'toggle'";
            let stored = db.query_row_cached(sql, [operation.0], |row| Ok(optional_text(row, 0))).optional()?;
            Ok(stored.transpose()?.flatten().and_then(|stored| value(Some(&stored)).ok()))
        })
    }

    /// Settles an operation that writes extras, and stores what it wrote. `now` is by the device's clock.
    pub(crate) fn settle_extra(
        &self,
        operation: &Operation,
        by: Evidence,
        now: Timestamp,
    ) -> Result<Vec<Settlement>, StoreError> {
        self.write(Priority::User, |edit| {
            let stored = "SELECT content FROM outbox WHERE id = ?1";
            let stored = edit.tx.query_row_cached(stored, [operation.id.0], |row| Ok(optional_text(row, 0)));
            let stored = stored.optional()?.transpose()?.flatten();
            match operation.kind {
                Kind::Change(ChangeKind::Feedback) => {
                    let sql = "INSERT INTO extras (ticket, feedback, as_of, read_at) VALUES (?1, ?2, 0, 0)
                               ON CONFLICT (ticket) DO UPDATE SET feedback = excluded.feedback";
                    edit.tx.execute_cached(sql, params![operation.ticket.0, FeedbackState::Given.name()])?;
                }
                Kind::Change(ChangeKind::Toggle) => {
                    if let Ok(Toggle { field, on }) = value::<Toggle>(stored.as_deref()) {
                        let sql = "INSERT INTO toggles (ticket, field, value, settled_at) VALUES (?1, ?2, ?3, ?4)
                                   ON CONFLICT (ticket, field) DO UPDATE SET value = excluded.value, settled_at = excluded.settled_at";
                        edit.tx.execute_cached(sql, params![operation.ticket.0, field, on, now.0])?;
                        let sql = "UPDATE extras SET as_of = -1 WHERE ticket = ?1";
                        edit.tx.execute_cached(sql, [operation.ticket.0])?;
                    }
                }
                _ => {}
            }
            edit.touch(operation.ticket);
            apply(edit, &[Change::Settle(Settlement { operation: operation.id, by })])
        })
    }

    /// The toggles of a ticket that are not settled, in the order in which they were written, with their operations.
    pub(crate) fn pending_toggles(&self, ticket: TicketId) -> Result<Vec<(OperationId, Toggle)>, StoreError> {
        self.read(|db| {
            let sql = "SELECT id, content FROM outbox WHERE ticket = ?1 AND kind = 'toggle' ORDER BY id";
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query([ticket.0])?;
            let mut pending = Vec::new();
            while let Some(row) = rows.next()? {
                // One that cannot be read is told among the changes, and writes nothing.
                let stored = optional_text(row, 1)?;
                pending.extend(value(stored.as_deref()).ok().map(|toggle| (row.get(0).map(OperationId), toggle)));
            }
            pending.into_iter().map(|(id, toggle)| Ok((id?, toggle))).collect()
        })
    }
}

/// What is stored of a ticket's extras, to compare.
fn known(db: &Connection, ticket: TicketId) -> Result<(Option<String>, Option<String>), StoreError> {
    let sql = "SELECT (SELECT feedback FROM extras WHERE ticket = ?1),
                      (SELECT json_group_object(field, value) FROM (SELECT field, value FROM toggles WHERE ticket = ?1 ORDER BY field))";
    Ok(db.query_row_cached(sql, [ticket.0], |row| Ok((row.get(0)?, row.get(1)?)))?)
}
