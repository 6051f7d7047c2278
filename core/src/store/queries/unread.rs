//! Which messages of a thread are new to this user.
//!
//! # The story
//!
//! `read_positions` tells for each thread the newest comment that was on this device while the thread was last on
//! screen. The messages of others above this position are new. It moves on when the thread is opened or the ticket is
//! marked as read, and with every read of the thread while it is on screen. A read mark that other users share counts
//! as well. The user must still see what was new when the thread was opened. So whoever shows a thread asks for its
//! [`ReadPosition`] before it is marked as opened, keeps that in memory, and queries the thread with it until it is
//! closed. New messages that arrive meanwhile are above the same position.
//!
//! A thread that was never opened or marked as read here has no row. What the server had when this device first saw the
//! ticket counts as read (`read_through`). If the ticket is unread all the same, because it waits for the user's reply,
//! the messages since the user's own last one are new.
//!
//! After a crash the position in memory is lost. The thread is opened again, and what was shown once is no longer new.

use rusqlite::{Connection, OptionalExtension, params};

use crate::model::{MessageId, TicketId, UnreadMessages};
use crate::store::db::statements::Cached;
use crate::store::{OrMissing, Store, StoreError};

/// Up to where a thread was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReadPosition {
    /// The newest comment that was read, by the server's id; 0: none is known.
    through: i64,
    /// If nothing above it is new, the last answer is: the ticket was never opened and waits for the user.
    or_last_answer: bool,
}

impl Store {
    /// Up to where the user has read a thread, if it is not on screen. Fails with [`StoreError::NoSuchTicket`].
    pub(crate) fn read_position(&self, ticket: TicketId) -> Result<ReadPosition, StoreError> {
        self.read(|db| position(db, ticket)?.ok_or(StoreError::NoSuchTicket))
    }
}

fn position(db: &Connection, ticket: TicketId) -> Result<Option<ReadPosition>, StoreError> {
    let sql =
        "SELECT t.unread, p.through IS NULL AND t.shared_through = 0, max(ifnull(p.through, 0), t.shared_through),
                      ifnull((SELECT max(comment) FROM messages WHERE ticket = t.id), 0)
               FROM tickets t LEFT JOIN read_positions p ON p.ticket = t.id WHERE t.id = ?1";
    let position = db.query_row_cached(sql, [ticket.0], |row| {
        let (unread, never_opened): (bool, bool) = (row.get(0)?, row.get(1)?);
        let (read, newest): (i64, i64) = (row.get(2)?, row.get(3)?);
        let through = if unread { read } else { read.max(newest) };
        Ok(ReadPosition { through, or_last_answer: unread && never_opened })
    });
    Ok(position.optional()?)
}

/// The messages above `from`, or above the position of the thread as it is now.
pub(super) fn unread_messages(
    db: &Connection,
    ticket: TicketId,
    from: Option<ReadPosition>,
) -> Result<Option<UnreadMessages>, StoreError> {
    let Some(from) = from.map_or_else(|| position(db, ticket), |from| Ok(Some(from)))? else { return Ok(None) };
    // Where a comment is known to be read, the order of comments decides. The server's times are too coarse for that: an
    // answer may be written in the same second in which this device first saw the ticket.
    let since = if from.through > 0 {
        i64::MIN
    } else {
        let sql = "SELECT read_through FROM tickets WHERE id = ?1";
        db.query_row_cached(sql, [ticket.0], |row| row.get(0)).or_missing(StoreError::NoSuchTicket)?
    };
    let unread = above(db, ticket, from.through, since)?;
    if unread.is_some() || !from.or_last_answer {
        return Ok(unread);
    }
    let sql = "SELECT ifnull(max(comment), 0) FROM messages WHERE ticket = ?1 AND mine";
    let own = db.query_row_cached(sql, [ticket.0], |row| row.get(0))?;
    above(db, ticket, own, i64::MIN)
}

fn above(db: &Connection, ticket: TicketId, through: i64, since: i64) -> Result<Option<UnreadMessages>, StoreError> {
    let above = "FROM messages m WHERE m.ticket = ?1 AND m.comment > ?2 AND NOT m.mine AND m.created_at > ?3";
    let args = params![ticket.0, through, since];
    let count: u32 = db.query_row_cached(&format!("SELECT count(*) {above}"), args, |row| row.get(0))?;
    if count == 0 {
        return Ok(None);
    }
    let sql = format!("SELECT m.id {above} ORDER BY m.created_at, m.sort_comment, m.id LIMIT 1");
    let first = db.query_row_cached(&sql, args, |row| row.get(0).map(MessageId))?;
    Ok(Some(UnreadMessages { first, count }))
}
