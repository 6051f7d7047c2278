//! The history: every ticket visible to this user, unsent ones on top, then newest activity first (H2).
//!
//! A page continues behind the last row's place in the index, so a page costs the same at the top and at the end of
//! 100,000 tickets, and rows that move meanwhile are neither skipped nor doubled within a page.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::cached::Cached;
use super::rows::{cursor, place, status_of};
use super::{MAX_PAGE, Store, StoreError};
use crate::environment::Timestamp;
use crate::model::{Delivery, MessageId, Ticket, TicketId, TicketNumber, TicketRow};
use crate::profile::Profile;

const COLUMNS: &str =
    "t.id, t.number, t.subject, t.desk_status, t.user_spoke_last, t.created_at, t.last_activity, t.unread,
    t.has_attachments, t.visible, t.unsent,
    (SELECT count(*) FROM outbox o WHERE o.ticket = t.id AND o.state <> 'sent' AND o.kind NOT IN ('upload', 'mark_read')),
    EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.state IN ('needs_user', 'may_have_been_sent'))";

/// Some rows of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryPage {
    /// In the history's order.
    pub tickets: Vec<TicketRow>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
    /// How many tickets there are in all.
    pub total: u64,
}

/// Numbers for the banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Messages that were not sent yet, of all tickets.
    pub waiting: u32,
    /// Tickets in the file.
    pub tickets: u64,
    /// When the desk was last read to the end, by the device's clock.
    pub last_sync_at: Option<Timestamp>,
    /// Whether every list was walked once.
    pub first_sync_done: bool,
    /// How far the first sync is; `None` once it is done, and before it began.
    pub first_sync: Option<Progress>,
    /// Tickets whose thread is in the file, as of some moment: what a search can find by its texts.
    pub known_threads: u64,
    /// The last sweep missed so much of the history that it was not believed.
    pub history_missing: bool,
}

/// How far the first sync is, in rows of the desk's lists. The lists overlap, so these are no numbers of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows read.
    pub read: u64,
    /// Of so many; `None` while the desk has not said so of every list.
    pub of: Option<u64>,
}

impl Store {
    /// Up to `limit` (1 to [`MAX_PAGE`]) rows behind `after`. A cursor that was never handed out is
    /// [`StoreError::NotFound`].
    pub fn history(&self, after: Option<&str>, limit: u32) -> Result<HistoryPage, StoreError> {
        let limit = limit.clamp(1, MAX_PAGE);
        let [unsent, activity, number] = after.map_or(Ok([i64::MAX; 3]), place)?;
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM tickets t
                 WHERE (t.unsent, t.last_activity, t.sort_number) < (?1, ?2, ?3)
                 ORDER BY t.unsent DESC, t.last_activity DESC, t.sort_number DESC LIMIT ?4"
            );
            let mut statement = db.prepare_cached(&sql)?;
            let mut rows = statement.query(params![unsent, activity, number, limit])?;
            let (mut tickets, mut last) = (Vec::new(), None);
            while let Some(row) = rows.next()? {
                let ticket = ticket_row(row, &self.profile)?;
                let number = ticket.number.map_or(0, |number| number.0);
                last = Some([row.get(10)?, ticket.last_activity_at.0, number]);
                tickets.push(ticket);
            }
            let total: i64 = db.prepare_cached("SELECT count(*) FROM tickets")?.query_row([], |row| row.get(0))?;
            let next = last.filter(|_| tickets.len() == limit as usize).map(cursor);
            Ok(HistoryPage { tickets, next, total: u64::try_from(total).unwrap_or_default() })
        })
    }

    /// One ticket's head.
    pub fn ticket(&self, ticket: TicketId) -> Result<Ticket, StoreError> {
        self.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM tickets t WHERE t.id = ?1");
            let row = db.prepare_cached(&sql)?.query_row([ticket.0], |row| Ok(ticket_row(row, &self.profile)))??;
            head(db, row, &self.profile)
        })
    }

    /// The local id of the ticket with that number.
    pub fn ticket_by_number(&self, number: TicketNumber) -> Result<Option<TicketId>, StoreError> {
        self.read(|db| {
            let id = db.query_row_cached("SELECT id FROM tickets WHERE number = ?1", [number.0], |row| {
                row.get(0).map(TicketId)
            });
            Ok(id.optional()?)
        })
    }

    /// Numbers for the banner.
    pub fn overview(&self) -> Result<Overview, StoreError> {
        self.read(|db| {
            let sql = "SELECT (SELECT count(*) FROM outbox WHERE state <> 'sent' AND kind NOT IN ('upload', 'mark_read')), (SELECT count(*) FROM tickets), last_sync_at,
                              (SELECT count(*) FROM tickets WHERE NOT thread_sure AND thread_of IS NULL), history_missing
                       FROM account JOIN sweep";
            let count = |row: &Row<'_>, column| Ok::<_, rusqlite::Error>(u64::try_from(row.get::<_, i64>(column)?).unwrap_or_default());
            let overview = |row: &Row<'_>| {
                let last_sync_at: Option<i64> = row.get(2)?;
                Ok(Overview {
                    waiting: row.get(0)?,
                    tickets: count(row, 1)?,
                    last_sync_at: last_sync_at.map(Timestamp),
                    first_sync_done: last_sync_at.is_some(),
                    first_sync: None,
                    known_threads: count(row, 1)?.saturating_sub(count(row, 3)?),
                    history_missing: row.get(4)?,
                })
            };
            let overview = db.prepare_cached(sql)?.query_row([], overview)?;
            let first_sync = if overview.first_sync_done { None } else { progress(db)? };
            Ok(Overview { first_sync, ..overview })
        })
    }
}

fn progress(db: &Connection) -> Result<Option<Progress>, StoreError> {
    let sql = "SELECT count(*), ifnull(sum(walked), 0), sum(max(expected, walked)), count(expected) FROM lists";
    Ok(db.prepare_cached(sql)?.query_row([], |row| {
        let number = |value: i64| u64::try_from(value).unwrap_or_default();
        let (lists, counted): (i64, i64) = (row.get(0)?, row.get(3)?);
        let of = row.get::<_, Option<i64>>(2)?.filter(|_| lists == counted);
        Ok((lists > 0).then_some(Progress { read: number(row.get(1)?), of: of.map(number) }))
    })?)
}

fn ticket_row(row: &Row<'_>, profile: &Profile) -> Result<TicketRow, StoreError> {
    let status = status_of(&row.get::<_, String>(3)?);
    Ok(TicketRow {
        id: TicketId(row.get(0)?),
        number: row.get::<_, Option<i64>>(1)?.map(TicketNumber),
        subject: row.get(2)?,
        status: profile.product_status(status, row.get(4)?),
        created_at: Timestamp(row.get(5)?),
        last_activity_at: Timestamp(row.get(6)?),
        unread: row.get(7)?,
        has_attachments: row.get(8)?,
        visible: row.get(9)?,
        waiting: row.get(11)?,
        needs_you: row.get(12)?,
    })
}

fn head(db: &Connection, row: TicketRow, profile: &Profile) -> Result<Ticket, StoreError> {
    let sql = "SELECT t.issue_type, t.access, t.cc, p.name, ifnull(t.requester = a.person, 1) OR t.unsent > 0,
                      t.thread_of IS NOT NULL,
                      (SELECT o.message FROM outbox o WHERE o.ticket = t.id AND o.kind = 'create')
               FROM tickets t JOIN account a LEFT JOIN people p ON p.id = t.requester WHERE t.id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([row.id.0])?;
    let found = rows.next()?.ok_or(StoreError::NotFound)?;
    let cc: Vec<String> = serde_json::from_str(&found.get::<_, String>(2)?)?;
    let issue_type: Option<String> = found.get(0)?;
    let creation: Option<i64> = found.get(6)?;
    let delivery = match creation {
        Some(message) => {
            let operations = super::outbox::of_ticket(db, row.id)?;
            super::thread::delivery(super::outbox::foremost(&operations, MessageId(message)))
        }
        None => Delivery::Sent,
    };
    Ok(Ticket {
        issue_type: issue_type.and_then(|value| profile.issue_type_by_value(&value).map(|known| known.id.clone())),
        access: found.get(1)?,
        cc,
        created_by: found.get(3)?,
        created_by_me: found.get(4)?,
        can_reply: row.visible && profile.reply_allowed(row.status),
        changes: super::outbox::changes_of(db, row.id)?,
        reopens: profile.reopens(row.status),
        thread_complete: found.get(5)?,
        delivery,
        row,
    })
}
