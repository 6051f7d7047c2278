//! What this user may no longer see is gone: from the tables in the transaction that learns of it, from the log right
//! after, and from the corners of the file before the run ends.
//!
//! Deleting is not enough, for two reasons. `secure_delete` overwrites what leaves the tables, but the write-ahead log still
//! holds the pages as they were: a truncating checkpoint empties it. And when SQLite splits or joins pages of a table, it
//! moves rows of neighbours, and leaves copies of them in the unused middle of the old page, which `secure_delete` never
//! sees: so the unused middle of every page is overwritten, through `sqlite_dbpage`, some pages a transaction.
//!
//! Whatever takes a text of the server's away (a ticket that vanished, a comment that was redacted or hidden, a subject that
//! was changed) leaves a mark in its own transaction, by triggers, so that nobody can forget it. The mark
//! (`account.secure_delete`) is the page from which on the file is still to be looked at; it stands until all were, and a checkpoint
//! after that has emptied the log. A kill in between leaves it where it is, and the next run goes on there.
//!
//! A ticket that vanished keeps its number, its place in the history, and what this user wrote and did not send: messages
//! with their outbox rows, and the draft of a reply. A draft holds only what the user typed; nothing here ever copies the
//! server's words into one.
//!
//! An answer that is older than the server's "not there" may still show the ticket: a list that another part of the server
//! gives, for as long as readings may be stale. So a ticket that vanished is shown again only by an answer that is certainly
//! younger. What an answer before that shows brings the next full reconciliation forward, in case it was right.

use rusqlite::{Connection, OptionalExtension, params};

use crate::model::{TicketId, Timestamp, millis};
use crate::outbox::{ClockReading, Wait};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Observation, Store, StoreError};

impl Store {
    /// The server no longer shows this ticket to this user. Its number stays, and what the user wrote and did not send;
    /// everything else goes now, from the log as well. `at`: when the server said so.
    pub fn revoke(&self, ticket: TicketId, at: ClockReading) -> Result<(), StoreError> {
        // Outside the transaction, because it may look at every message; nothing but sync, which is here, adds names.
        let nameless = self.read(|db| people_shown_only_in(db, ticket))?;
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached(
                "UPDATE tickets
                 SET visible = 0, subject = '', server_status = 'unknown', user_spoke_last = NULL, issue_type = NULL,
                     access = NULL, cc = '[]', reference = NULL, unread = 0, has_attachments = 0, thread_as_of = NULL,
                     thread_settled = 1, thread_requested = 0, requester = 0, update_seen_at = ?2, revoked_at = ?3
                 WHERE id = ?1",
                params![ticket.0, at.device.0, at.server.map(|at| at.0)],
            )?;
            let sql = "DELETE FROM messages WHERE ticket = ?1
                       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = messages.id AND o.state <> 'sent')";
            edit.tx.execute_cached(sql, [ticket.0])?;
            // Why something was not sent stays; the server's words about it may name what is gone.
            edit.tx.execute_cached("UPDATE outbox SET server_message = NULL WHERE ticket = ?1", [ticket.0])?;
            for person in nameless {
                edit.tx.prepare_cached("DELETE FROM people WHERE id = ?1")?.execute([person])?;
            }
            edit.tx.execute_cached("UPDATE account SET secure_delete_from = 1", [])?;
            edit.touch_outbox(ticket);
            Ok(())
        })?;
        self.empty_log()
    }

    /// Whether the server's "not there" may be older than the ticket: this device created it a moment ago, and readings may
    /// be that stale, each on its own, so that it proves nothing that another one has shown it. Anything else is believed
    /// at once.
    pub(crate) fn may_be_too_new(&self, ticket: TicketId, at: ClockReading) -> Result<bool, StoreError> {
        self.read(|db| {
            // What was updated later than that was there in every reading by then.
            let sql = "SELECT update_seen_at, created_at, updated_at <= created_at + ?2 FROM tickets WHERE id = ?1";
            let (noticed, created, new): (i64, i64, bool) =
                db.query_row_cached(sql, params![ticket.0, millis(self.visible_after())], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            // The server's clock does not jump.
            let wait = match at.server {
                Some(now) => Wait::new(Timestamp(created), self.visible_after()).left(now),
                None => Wait::new(Timestamp(noticed), self.visible_after()).left(at.device),
            };
            Ok(new && wait.is_some())
        })
    }
}

/// Whether an answer that shows `ticket` may be older than the server's word that it is gone. If so, a full reconciliation looks soon.
pub(in crate::store) fn predates_revocation(
    edit: &Edit<'_>,
    ticket: TicketId,
    seen: Observation,
) -> Result<bool, StoreError> {
    let sql = "SELECT update_seen_at, revoked_at FROM tickets WHERE id = ?1 AND NOT visible";
    let times: Option<(i64, Option<i64>)> =
        edit.tx.prepare_cached(sql)?.query_row([ticket.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((noticed, gone)) = times else { return Ok(false) };
    let older = match (gone, seen.server) {
        // The server's clock does not jump; but its parts may differ by a little.
        (Some(gone), Some(now)) => now.0.abs_diff(gone) < edit.visible_after.as_millis().try_into().unwrap_or(u64::MAX),
        _ => Wait::new(Timestamp(noticed), edit.visible_after).left(seen.at).is_some(),
    };
    if older {
        edit.tx.execute_cached("UPDATE reconciliation SET early = 1", [])?;
    }
    Ok(older)
}

/// Everybody whose name this ticket shows and no other does. The user's own name stays.
fn people_shown_only_in(db: &Connection, ticket: TicketId) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT person FROM (SELECT author AS person FROM messages WHERE ticket = ?1 AND author IS NOT NULL
                                   UNION SELECT requester FROM tickets WHERE id = ?1 AND requester IS NOT NULL)
               WHERE person IS NOT (SELECT person FROM account)
                 AND NOT EXISTS (SELECT 1 FROM messages WHERE author = person AND ticket <> ?1)
                 AND NOT EXISTS (SELECT 1 FROM tickets WHERE requester = person AND id <> ?1)";
    let mut statement = db.prepare_cached(sql)?;
    let people = statement.query_map([ticket.0], |row| row.get(0))?;
    Ok(people.collect::<Result<_, _>>()?)
}
