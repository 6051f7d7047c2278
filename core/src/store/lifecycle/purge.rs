//! Removing the history, because it is not available to this user (`docs/product.md`, S17).
//!
//! # The story
//!
//! A product can say that an account has no history: that of a regulated company, for example. Then the history that
//! came from the server leaves the device: tickets, messages, names, cached files. The help centre stays. What the user
//! wrote and the server does not have yet stays and is sent: new tickets, and replies with the number and the subject
//! of their ticket. When such a thing is sent, it is history, and goes with the next purge.
//!
//! A purge is a loop of steps, each a transaction of a bounded number of tickets. The first one forgets how far the
//! lists were read. So whatever interrupts a purge, a later sync reads everything anew if there is a history again.
//! Otherwise the purge goes on with the next run. At its end the bytes of what was removed are overwritten, as after
//! revoking ([`secure_delete`](crate::store::reconcile::secure_delete)). A purge that finds nothing writes nothing.

use rusqlite::{Connection, params};

use crate::model::TicketId;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::operations::UNSENT;
use crate::store::{Edit, Store, StoreError};

/// How many tickets one step handles of each kind: those that go, and those of which something stays. A ticket may have
/// many messages.
const TICKETS: u32 = 50;

impl Store {
    /// Removes the history that came from the server, and overwrites its bytes.
    pub(crate) fn purge_history(&self) -> Result<(), StoreError> {
        while self.purge_step()? {}
        self.overwrite_removed()
    }

    /// Handles the next tickets. True if there may be more.
    fn purge_step(&self) -> Result<bool, StoreError> {
        let known = "EXISTS (SELECT 1 FROM lists) OR EXISTS (SELECT 1 FROM people) OR (SELECT last_sync_at FROM account) IS NOT NULL";
        let (whole, content, known) = self.read(|db| {
            let known: bool = db.query_row_cached(&format!("SELECT {known}"), [], |row| row.get(0))?;
            Ok((all_of_server(db)?, some_of_server(db)?, known))
        })?;
        if whole.is_empty() && content.is_empty() && !known {
            return Ok(false);
        }
        let unsent = unsent();
        self.write(Priority::Sync, |edit| {
            forget_lists(edit)?;
            for ticket in &whole {
                edit.touch_follow_ups(*ticket)?;
                // Something may have been written since it was found.
                let sql = format!("DELETE FROM tickets WHERE id = ?1 AND NOT {unsent}");
                edit.tx.execute_cached(&sql, [ticket.0])?;
                edit.touch_outbox(*ticket);
            }
            for ticket in &content {
                keep_unsent(edit, *ticket)?;
            }
            edit.tx.execute_cached("DELETE FROM people", [])?;
            edit.tx.execute_cached("UPDATE account SET secure_delete_from = 1", [])?;
            edit.changes.status = true;
            Ok(!whole.is_empty() || !content.is_empty())
        })
    }
}

/// SQL: whether the row of `tickets` has something that the user wrote and the server does not have.
fn unsent() -> String {
    format!(
        "(EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = tickets.id AND {UNSENT})
          OR EXISTS (SELECT 1 FROM drafts d WHERE d.ticket = tickets.id
                     AND (trim(d.body) <> '' OR EXISTS (SELECT 1 FROM files f WHERE f.draft = d.id))))"
    )
}

/// Tickets of which nothing stays.
fn all_of_server(db: &Connection) -> Result<Vec<TicketId>, StoreError> {
    tickets(db, &format!("number IS NOT NULL AND NOT {}", unsent()))
}

/// Tickets of which something stays, that still have something of the server.
fn some_of_server(db: &Connection) -> Result<Vec<TicketId>, StoreError> {
    let content = format!(
        "(cc_people <> '[]' OR follows IS NOT NULL OR EXISTS (SELECT 1 FROM field_values v WHERE v.ticket = tickets.id)
          OR EXISTS (SELECT 1 FROM messages m WHERE m.ticket = tickets.id
                     AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = m.id AND {UNSENT})))"
    );
    tickets(db, &format!("number IS NOT NULL AND {} AND {content}", unsent()))
}

fn tickets(db: &Connection, which: &str) -> Result<Vec<TicketId>, StoreError> {
    let mut statement = db.prepare_cached(&format!("SELECT id FROM tickets WHERE {which} ORDER BY id LIMIT ?1"))?;
    let tickets = statement.query_map([TICKETS], |row| row.get(0).map(TicketId))?;
    Ok(tickets.collect::<Result<_, _>>()?)
}

/// Forgets how far the history was read: if there is one again, everything is read anew.
fn forget_lists(edit: &Edit<'_>) -> Result<(), StoreError> {
    edit.tx.execute_cached("DELETE FROM lists", [])?;
    edit.tx.execute_cached("UPDATE account SET last_sync_at = NULL", [])?;
    let sql = "UPDATE reconciliation SET state = 'idle', since = NULL, early = 0, history_missing = 0";
    edit.tx.execute_cached(sql, [])?;
    Ok(())
}

/// Removes the messages, people and fields of a ticket, and how it was read. Its number, its subject, its status and
/// what the user has not sent stay. Where a reply may land is still known, so that it is recognised.
fn keep_unsent(edit: &mut Edit<'_>, ticket: TicketId) -> Result<(), StoreError> {
    edit.tx.execute_cached(
        "UPDATE tickets
         SET known_through = max(ifnull(known_through, 0), ifnull((SELECT max(comment) FROM messages WHERE ticket = ?1), 0)),
             issue_type = NULL, access = NULL, cc = '[]', cc_people = '[]', unread = 0, has_attachments = 0, left_out = 0, follows = NULL,
             thread_as_of = CASE WHEN thread_as_of IS NULL THEN NULL ELSE 0 END, thread_settled = 0
         WHERE id = ?1",
        [ticket.0],
    )?;
    let sql = format!(
        "DELETE FROM messages
         WHERE ticket = ?1 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = messages.id AND {UNSENT})"
    );
    edit.tx.execute_cached(&sql, [ticket.0])?;
    for table in ["field_values", "list_tickets", "thread_walks", "thread_pauses", "read_positions"] {
        edit.tx.execute_cached(&format!("DELETE FROM {table} WHERE ticket = ?1"), params![ticket.0])?;
    }
    edit.tx.execute_cached("UPDATE outbox SET server_message = NULL, refusal = NULL WHERE ticket = ?1", [ticket.0])?;
    edit.touch_outbox(ticket);
    Ok(())
}
