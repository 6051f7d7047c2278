//! What this user may no longer see is gone: from the tables in the transaction that learns of it, from the log right
//! after, and from the corners of the file before the run ends.
//!
//! Deleting is not enough, for two reasons. `secure_delete` overwrites what leaves the tables, but the write-ahead log still
//! holds the pages as they were: a truncating checkpoint empties it. And when SQLite splits or joins pages of a table, it
//! moves rows of neighbours, and leaves copies of them in the unused middle of the old page, which `secure_delete` never
//! sees: so the unused middle of every page is overwritten, through `sqlite_dbpage`, some pages a transaction.
//!
//! Whatever takes a text of the desk's away (a ticket that vanished, a comment that was redacted or hidden, a subject that
//! was changed) leaves a mark in its own transaction, by triggers, so that nobody can forget it. The mark
//! (`account.scrub`) is the page from which on the file is still to be looked at; it stands until all were, and a checkpoint
//! after that has emptied the log. A kill in between leaves it where it is, and the next run goes on there.
//!
//! A ticket that vanished keeps its number, its place in the history, and what this user wrote and did not send: messages
//! with their outbox rows, and the draft of a reply. A draft holds only what the user typed; nothing here ever copies the
//! desk's words into one.
//!
//! An answer that is older than the desk's "not there" may still show the ticket: a list that another part of the desk
//! gives, for as long as readings may be stale. So a ticket that vanished is shown again only by an answer that is certainly
//! younger. What an answer before that shows brings the next sweep forward, in case it was right.

use std::ops::Range;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::cached::Cached;
use super::{Edit, Seen, Store, StoreError, Writer};
use crate::environment::{Timestamp, millis};
use crate::model::TicketId;
use crate::outbox::{Moment, Wait};

/// How many pages one transaction looks at.
const PAGES: u32 = 200;
/// Readers look for milliseconds. A checkpoint that would have to wait longer comes with the next run.
const LONGEST_SCRUB: Duration = Duration::from_millis(200);

impl Store {
    /// The desk no longer shows this ticket to this user. Its number stays, and what the user wrote and did not send;
    /// everything else goes now, from the log as well. `at`: when the desk said so.
    pub fn vanish(&self, ticket: TicketId, at: Moment) -> Result<(), StoreError> {
        // Outside the transaction, because it may look at every message; nothing but sync, which is here, adds names.
        let nameless = self.read(|db| shown_only_in(db, ticket))?;
        self.write(Writer::Sync, |edit| {
            edit.tx.execute_cached(
                "UPDATE tickets
                 SET visible = 0, subject = '', desk_status = 'unknown', user_spoke_last = NULL, issue_type = NULL,
                     access = NULL, cc = '[]', reference = NULL, unread = 0, has_attachments = 0, thread_of = NULL,
                     thread_sure = 1, thread_wanted = 0, requester = 0, noticed_at = ?2, gone_at = ?3
                 WHERE id = ?1",
                params![ticket.0, at.device.0, at.desk.map(|at| at.0)],
            )?;
            let sql = "DELETE FROM messages WHERE ticket = ?1
                       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = messages.id AND o.state <> 'sent')";
            edit.tx.execute_cached(sql, [ticket.0])?;
            // Why something was not sent stays; the desk's words about it may name what is gone.
            edit.tx.execute_cached("UPDATE outbox SET reason_words = NULL WHERE ticket = ?1", [ticket.0])?;
            for person in nameless {
                edit.tx.prepare_cached("DELETE FROM people WHERE id = ?1")?.execute([person])?;
            }
            edit.tx.execute_cached("UPDATE account SET scrub = 1", [])?;
            edit.touch_outbox(ticket);
            Ok(())
        })?;
        self.empty_log()
    }

    /// Whether the desk's "not there" may be older than the ticket: this device created it a moment ago, and readings may
    /// be that stale, each on its own, so that it proves nothing that another one has shown it. Anything else is believed
    /// at once.
    pub(crate) fn may_be_too_new(&self, ticket: TicketId, at: Moment) -> Result<bool, StoreError> {
        self.read(|db| {
            // What was updated later than that was there in every reading by then.
            let sql = "SELECT noticed_at, created_at, updated_at <= created_at + ?2 FROM tickets WHERE id = ?1";
            let (noticed, created, new): (i64, i64, bool) =
                db.query_row_cached(sql, params![ticket.0, millis(self.quiet())], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            // The desk's clock does not jump.
            let wait = match at.desk {
                Some(now) => Wait::new(Timestamp(created), self.quiet()).left(now),
                None => Wait::new(Timestamp(noticed), self.quiet()).left(at.device),
            };
            Ok(new && wait.is_some())
        })
    }

    /// Empties the log if something that is gone may still stand in it. If a reader is in the way, that comes later: the
    /// mark stands all the same.
    pub(super) fn empty_log(&self) -> Result<(), StoreError> {
        if self.scrub_from()? > 0 {
            self.checkpoint()?;
        }
        Ok(())
    }

    /// Looks at the next pages of a file from which something went. True if there is more to do.
    pub(crate) fn scrub_step(&self) -> Result<bool, StoreError> {
        let from = self.scrub_from()?;
        if from == 0 {
            return Ok(false);
        }
        let more = self.write(Writer::Sync, |edit| {
            let last: u32 = edit.tx.pragma_query_value(None, "page_count", |row| row.get(0))?;
            let next = from.saturating_add(PAGES);
            for number in from..next.min(last.saturating_add(1)) {
                wipe(&edit.tx, number)?;
            }
            edit.tx.execute_cached("UPDATE account SET scrub = ?1", [next])?;
            Ok(next <= last)
        })?;
        if more || !self.checkpoint()? {
            return Ok(more);
        }
        self.write(Writer::Sync, |edit| {
            // Only what was looked at: something else may have gone meanwhile.
            let sql = "UPDATE account SET scrub = 0 WHERE scrub = ?1";
            edit.tx.execute_cached(sql, [from.saturating_add(PAGES)])?;
            Ok(false)
        })
    }

    fn scrub_from(&self) -> Result<u32, StoreError> {
        self.read(|db| Ok(db.prepare_cached("SELECT scrub FROM account")?.query_row([], |row| row.get(0))?))
    }

    /// True if the log is empty now.
    fn checkpoint(&self) -> Result<bool, StoreError> {
        let mut writing = self.gate.enter(Writer::Sync)?;
        let connection = writing.connection()?;
        let patience: u32 = connection.pragma_query_value(None, "busy_timeout", |row| row.get(0))?;
        connection.busy_timeout(LONGEST_SCRUB)?;
        let emptied =
            connection.query_row_cached("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0));
        connection.busy_timeout(Duration::from_millis(patience.into()))?;
        Ok(emptied?)
    }
}

/// Whether an answer that shows `ticket` may be older than the desk's word that it is gone. If so, a sweep looks soon.
pub(super) fn is_older_than_its_end(edit: &Edit<'_>, ticket: TicketId, seen: Seen) -> Result<bool, StoreError> {
    let sql = "SELECT noticed_at, gone_at FROM tickets WHERE id = ?1 AND NOT visible";
    let times: Option<(i64, Option<i64>)> =
        edit.tx.prepare_cached(sql)?.query_row([ticket.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((noticed, gone)) = times else { return Ok(false) };
    let older = match (gone, seen.desk) {
        // The desk's clock does not jump; but its parts may differ by a little.
        (Some(gone), Some(now)) => now.0.abs_diff(gone) < edit.quiet.as_millis().try_into().unwrap_or(u64::MAX),
        _ => Wait::new(Timestamp(noticed), edit.quiet).left(seen.at).is_some(),
    };
    if older {
        edit.tx.execute_cached("UPDATE sweep SET early = 1", [])?;
    }
    Ok(older)
}

/// Everybody whose name this ticket shows and no other does. The user's own name stays.
fn shown_only_in(db: &Connection, ticket: TicketId) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT person FROM (SELECT author AS person FROM messages WHERE ticket = ?1 AND author IS NOT NULL
                                   UNION SELECT requester FROM tickets WHERE id = ?1 AND requester IS NOT NULL)
               WHERE person IS NOT (SELECT person FROM account)
                 AND NOT EXISTS (SELECT 1 FROM messages WHERE author = person AND ticket <> ?1)
                 AND NOT EXISTS (SELECT 1 FROM tickets WHERE requester = person AND id <> ?1)";
    let mut statement = db.prepare_cached(sql)?;
    let people = statement.query_map([ticket.0], |row| row.get(0))?;
    Ok(people.collect::<Result<_, _>>()?)
}

/// Overwrites what no row of this page uses.
fn wipe(db: &Connection, number: u32) -> Result<(), StoreError> {
    let sql = "SELECT data FROM sqlite_dbpage WHERE pgno = ?1";
    let page =
        db.prepare_cached(sql)?.query_row([number], |row| row.get::<_, Option<Vec<u8>>>(0)).optional()?.flatten();
    let Some(mut page) = page else { return Ok(()) };
    let header = if number == 1 { 100 } else { 0 };
    let Some(unused) = unused(&page, header).and_then(|range| page.get_mut(range)) else { return Ok(()) };
    if unused.iter().all(|byte| *byte == 0) {
        return Ok(());
    }
    unused.fill(0);
    let sql = "UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1";
    db.prepare_cached(sql)?.execute(params![number, page])?;
    Ok(())
}

/// The bytes between the last pointer to a row and the first row, if this is a page of a table or an index. Its header
/// says where they are (SQLite's file format, 1.6). A page of another kind begins with the number of its successor, whose
/// first byte is none of the four kinds in any file below 128 GB.
fn unused(page: &[u8], header: usize) -> Option<Range<usize>> {
    let pointers = match page.get(header)? {
        2 | 5 => header + 12,
        10 | 13 => header + 8,
        _ => return None,
    };
    let number = |at: usize| Some(usize::from(u16::from_be_bytes([*page.get(at)?, *page.get(at + 1)?])));
    let begin = pointers + 2 * number(header + 3)?;
    // Zero stands for 65,536, which two bytes cannot say.
    let end = match number(header + 5)? {
        0 => page.len(),
        end => end,
    };
    (begin <= end && end <= page.len()).then_some(begin..end)
}
