//! Revoking: the server no longer shows a ticket to this user, so its content leaves the device.
//!
//! A ticket is revoked only if the server answers a request for this ticket with "not there" or "not allowed". Its
//! absence from a list is not enough. The transaction that revokes the ticket leaves a *tombstone*: the ticket's
//! number, its place in the history, and what this user wrote and did not send (messages with their operations, and the
//! draft of a reply). Everything else is deleted: the comments, the subject, the server's messages about what was not
//! sent, and the names of people that no other ticket shows. A draft contains only what the user typed; nothing ever
//! copies a text of the server into one.
//!
//! Deleting rows does not overwrite every byte on the disk. The same transaction therefore marks the file for secure delete,
//! and the log is emptied right after the commit. The rest of that story is at the top of
//! [`secure_delete`](crate::store::reconcile::secure_delete). A crash before the commit leaves the ticket as it was, and the
//! server is asked again; a crash after it leaves the mark, and the next run continues.
//!
//! For as long as reads may be stale, another answer may still show the ticket, for example a list from another part of
//! the server. Such an answer may be older than "not there". So a revoked ticket becomes visible again only through an
//! answer that is certainly newer. An answer that may be older is ignored. But it may be right, so it brings the next
//! full reconciliation forward.
//!
//! In the other direction, "not there" may be older than a ticket that this device has just created: see
//! [`Store::may_be_too_new`].

use rusqlite::{Connection, OptionalExtension, params};

use crate::model::{TicketId, Timestamp, millis};
use crate::outbox::{ClockReading, Wait};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::operations::UNSENT;
use crate::store::{Edit, Observation, Store, StoreError};

impl Store {
    /// Revokes a ticket: deletes everything but its tombstone, and empties the log. `at`: when the server answered that the
    /// ticket is not there.
    pub fn revoke(&self, ticket: TicketId, at: ClockReading) -> Result<(), StoreError> {
        // This is done before the transaction, because it may read every message. No name can be added meanwhile,
        // because only sync adds names.
        let unshared = self.read(|db| people_shown_only_in(db, ticket))?;
        self.write(Priority::Sync, |edit| {
            edit.tx.execute_cached(
                "UPDATE tickets
                 SET visible = 0, subject = '', server_status = 'unknown', custom_status = NULL, user_spoke_last = NULL, issue_type = NULL,
                     access = NULL, cc = '[]', reference = NULL, unread = 0, has_attachments = 0, thread_as_of = NULL,
                     thread_settled = 1, thread_requested = 0, requester = 0, update_seen_at = ?2, revoked_at = ?3,
                     can_solve = NULL, cc_people = '[]', left_out = 0, follows = NULL
                 WHERE id = ?1",
                params![ticket.0, at.device.0, at.server.map(|at| at.0)],
            )?;
            let sql = format!(
                "DELETE FROM messages
                 WHERE ticket = ?1 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = messages.id AND {UNSENT})"
            );
            edit.tx.execute_cached(&sql, [ticket.0])?;
            // The reason why something was not sent stays. The server's message about it goes, because it may quote the ticket.
            edit.tx.execute_cached(
                "UPDATE outbox SET server_message = NULL, refusal = NULL WHERE ticket = ?1",
                [ticket.0],
            )?;
            edit.tx.execute_cached("DELETE FROM field_values WHERE ticket = ?1", [ticket.0])?;
            edit.tx.execute_cached("DELETE FROM list_tickets WHERE ticket = ?1", [ticket.0])?;
            // What the user has not sent in it is found among the user's own tickets, whichever list showed it.
            let sql = format!(
                "UPDATE history_entries SET relation = 2, listed = 1
                 WHERE ticket = ?1 AND (EXISTS (SELECT 1 FROM drafts d WHERE d.ticket = ?1 AND d.body <> '')
                                        OR EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = ?1 AND {UNSENT}))"
            );
            edit.tx.execute_cached(&sql, [ticket.0])?;
            edit.tx.execute_cached("DELETE FROM extras WHERE ticket = ?1", [ticket.0])?;
            edit.tx.execute_cached("DELETE FROM toggles WHERE ticket = ?1", [ticket.0])?;
            edit.tx.execute_cached("DELETE FROM thread_walks WHERE ticket = ?1", [ticket.0])?;
            edit.tx.execute_cached("DELETE FROM thread_pauses WHERE ticket = ?1", [ticket.0])?;
            edit.tx.execute_cached("DELETE FROM read_positions WHERE ticket = ?1", [ticket.0])?;
            for person in unshared {
                edit.tx.prepare_cached("DELETE FROM people WHERE id = ?1")?.execute([person])?;
            }
            edit.tx.execute_cached("UPDATE account SET secure_delete_from = 1", [])?;
            edit.touch_outbox(ticket);
            edit.touch_follow_ups(ticket)
        })?;
        self.empty_log()
    }

    /// Whether the server's "not there" may be older than the ticket itself: this device created the ticket a shorter
    /// time ago than the longest stale read. This holds even if another read has shown the ticket since, because each
    /// read may be stale on its own. In every other case "not there" is newer than the ticket.
    pub(crate) fn may_be_too_new(&self, ticket: TicketId, at: ClockReading) -> Result<bool, StoreError> {
        self.read(|db| {
            // A later update shows that the ticket has existed long enough to be in every read. So "not there" is
            // newer.
            let sql = "SELECT update_seen_at, created_at, updated_at <= created_at + ?2 FROM tickets WHERE id = ?1";
            let (noticed, created, new): (i64, i64, bool) =
                db.query_row_cached(sql, params![ticket.0, millis(self.visible_after())], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            // The server's clock does not jump, so it decides if it is known.
            let wait = match at.server {
                Some(now) => Wait::new(Timestamp(created), self.visible_after()).left(now),
                None => Wait::new(Timestamp(noticed), self.visible_after()).left(at.device),
            };
            Ok(new && wait.is_some())
        })
    }
}

/// Whether an answer that shows `ticket` may be older than the answer for which it was revoked. If so, the next full
/// reconciliation is brought forward. False if the ticket is not revoked.
pub(in crate::store) fn predates_revocation(
    edit: &Edit<'_>,
    ticket: TicketId,
    seen: Observation,
) -> Result<bool, StoreError> {
    let sql = "SELECT update_seen_at, revoked_at FROM tickets WHERE id = ?1 AND NOT visible";
    let times: Option<(i64, Option<i64>)> =
        edit.tx.prepare_cached(sql)?.query_row([ticket.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((noticed, revoked_at)) = times else { return Ok(false) };
    let older = match (revoked_at, seen.server) {
        // The server's clock does not jump, but its parts may differ by a little.
        (Some(revoked_at), Some(now)) => {
            now.0.abs_diff(revoked_at) < edit.visible_after.as_millis().try_into().unwrap_or(u64::MAX)
        }
        _ => Wait::new(Timestamp(noticed), edit.visible_after).left(seen.at).is_some(),
    };
    if older {
        edit.tx.execute_cached("UPDATE reconciliation SET early = 1", [])?;
    }
    Ok(older)
}

/// The people whose names are shown in this ticket and in no other. The user's own name is never among them.
fn people_shown_only_in(db: &Connection, ticket: TicketId) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT person FROM (SELECT author AS person FROM messages WHERE ticket = ?1 AND author IS NOT NULL
                                   UNION SELECT requester FROM tickets WHERE id = ?1 AND requester IS NOT NULL
                                   UNION SELECT c.value FROM tickets t, json_each(CASE WHEN json_valid(t.cc_people) THEN t.cc_people ELSE '[]' END) c WHERE t.id = ?1
                                   UNION SELECT value ->> '$.value' FROM field_values WHERE ticket = ?1 AND field = '@assignee')
               WHERE person IS NOT (SELECT person FROM account)
                 AND NOT EXISTS (SELECT 1 FROM messages WHERE author = person AND ticket <> ?1)
                 AND NOT EXISTS (SELECT 1 FROM tickets WHERE requester = person AND id <> ?1)
                 AND NOT EXISTS (SELECT 1 FROM field_values WHERE field = '@assignee' AND ticket <> ?1 AND value ->> '$.value' = person)
                 AND NOT EXISTS (SELECT 1 FROM tickets t, json_each(CASE WHEN json_valid(t.cc_people) THEN t.cc_people ELSE '[]' END) c
                                 WHERE t.cc_people <> '[]' AND t.id <> ?1 AND c.value = person)";
    let mut statement = db.prepare_cached(sql)?;
    let people = statement.query_map([ticket.0], |row| row.get(0))?;
    Ok(people.collect::<Result<_, _>>()?)
}
