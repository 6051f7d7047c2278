//! What this user may no longer see is gone: from the tables in the transaction that learns of it, and from the log right
//! after.
//!
//! Deleting is not enough. `secure_delete` overwrites what leaves the tables, but the write-ahead log still holds the pages
//! as they were. So whatever takes a text of the desk's away (a ticket that vanished, a comment that was redacted or
//! hidden, a subject that was changed) leaves the mark `account.scrub` in its own transaction, by triggers, so that nobody
//! can forget it; and the mark stands until a checkpoint has emptied the log. A kill in between leaves the mark, and the
//! next run begins with the checkpoint.
//!
//! A ticket that vanished keeps its number, its place in the history, and what this user wrote and did not send: messages
//! with their outbox rows, and the draft of a reply. A draft holds only what the user typed; nothing here ever copies the
//! desk's words into one.

use std::time::Duration;

use super::{Store, StoreError, Writer};
use crate::environment::Timestamp;
use crate::model::TicketId;
use crate::outbox::Wait;

/// Readers look for milliseconds. A checkpoint that would have to wait longer comes with the next run.
const LONGEST_SCRUB: Duration = Duration::from_millis(200);

impl Store {
    /// The desk no longer shows this ticket to this user. Its number stays, and what the user wrote and did not send;
    /// everything else goes now, from the log as well.
    pub fn vanish(&self, ticket: TicketId) -> Result<(), StoreError> {
        self.write(Writer::Sync, |edit| {
            // Who wrote here: their names go unless another ticket shows them.
            let sql = "SELECT author FROM messages WHERE ticket = ?1 AND author IS NOT NULL
                       UNION SELECT requester FROM tickets WHERE id = ?1 AND requester IS NOT NULL";
            let people = edit
                .tx
                .prepare_cached(sql)?
                .query_map([ticket.0], |row| row.get(0))?
                .collect::<Result<Vec<i64>, _>>()?;
            edit.tx.execute(
                "UPDATE tickets
                 SET visible = 0, subject = '', desk_status = 'unknown', user_spoke_last = NULL, issue_type = NULL,
                     access = NULL, cc = '[]', reference = NULL, unread = 0, has_attachments = 0, thread_of = NULL,
                     thread_sure = 1, thread_wanted = 0, requester = 0
                 WHERE id = ?1",
                [ticket.0],
            )?;
            let sql = "DELETE FROM messages WHERE ticket = ?1
                       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = messages.id AND o.state <> 'sent')";
            edit.tx.execute(sql, [ticket.0])?;
            // Why something was not sent stays; the desk's words about it may name what is gone.
            edit.tx.execute("UPDATE outbox SET reason_words = NULL WHERE ticket = ?1", [ticket.0])?;
            let sql = "DELETE FROM people WHERE id = ?1
                       AND NOT EXISTS (SELECT 1 FROM messages WHERE author = ?1)
                       AND NOT EXISTS (SELECT 1 FROM tickets WHERE requester = ?1)";
            for person in people {
                edit.tx.prepare_cached(sql)?.execute([person])?;
            }
            edit.tx.execute("UPDATE account SET scrub = 1", [])?;
            edit.touch_outbox(ticket);
            Ok(())
        })?;
        self.scrub()
    }

    /// Whether the desk's "not there" may be older than the ticket: this device created it a moment ago, and no reading has
    /// shown it yet. Anything else is believed at once.
    pub(crate) fn may_be_too_new(&self, ticket: TicketId, now: Timestamp) -> Result<bool, StoreError> {
        self.read(|db| {
            let sql = "SELECT noticed_at,
                              EXISTS (SELECT 1 FROM messages WHERE ticket = ?1 AND description AND comment IS NULL)
                       FROM tickets WHERE id = ?1";
            let (noticed, unseen): (i64, bool) = db.query_row(sql, [ticket.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let wait = Wait { start: Timestamp(noticed), length: self.quiet(), firm: false };
            Ok(unseen && wait.left(now).is_some())
        })
    }

    /// Empties the log if something that is gone may still stand in it. If a reader is in the way, the mark stays.
    pub(crate) fn scrub(&self) -> Result<(), StoreError> {
        if !self.read(|db| Ok(db.query_row("SELECT scrub FROM account", [], |row| row.get(0))?))? {
            return Ok(());
        }
        let mut writing = self.gate.enter(Writer::Sync)?;
        let connection = writing.connection()?;
        let patience: i64 = connection.pragma_query_value(None, "busy_timeout", |row| row.get(0))?;
        connection.busy_timeout(LONGEST_SCRUB)?;
        let emptied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0));
        connection.busy_timeout(Duration::from_millis(u64::try_from(patience).unwrap_or_default()))?;
        if emptied? {
            connection.execute("UPDATE account SET scrub = 0", [])?;
        }
        Ok(())
    }
}
