//! The history: every ticket that is visible to this user, unsent ones on top, then newest activity first
//! (`docs/product.md`, H2).
//!
//! A page continues after the last row of the page before, by that row's place in the index. So every page costs the
//! same, even at the end of 100,000 tickets, and within a page no row is skipped or doubled if rows move meanwhile.

use rusqlite::{Row, params};

use crate::model::{TicketId, TicketNumber, TicketRow, Timestamp};
use crate::product::Product;
use crate::query::{cursor, place};
use crate::store::db::columns::status_of;
use crate::store::db::unreadable::{or_left_out, text};
use crate::store::outbox::operations::WAITING;
use crate::store::{MAX_PAGE, Store, StoreError};

/// The columns of `tickets t` that a row of the history shows.
pub(super) fn columns() -> String {
    format!(
        "t.id, t.number, t.subject, t.server_status, t.user_spoke_last, t.created_at, t.last_activity, t.unread,
         t.has_attachments, t.visible, t.unsent, (SELECT count(*) FROM outbox o WHERE o.ticket = t.id AND {WAITING}),
         EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.state IN ('needs_user', 'may_have_been_sent'))"
    )
}

/// Some rows of the history.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HistoryPage {
    /// In the order of the history.
    pub tickets: Vec<TicketRow>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<String>,
    /// How many tickets the file has.
    pub total: u64,
}

impl Store {
    /// Up to `limit` (1 to [`MAX_PAGE`]) rows after the cursor `after`, or from the top. An invalid cursor fails with
    /// [`StoreError::InvalidCursor`].
    pub fn history(&self, after: Option<&str>, limit: u32) -> Result<HistoryPage, StoreError> {
        let limit = limit.clamp(1, MAX_PAGE);
        let [unsent, activity, number] =
            after.map_or(Ok([i64::MAX; 3]), |after| place(after).ok_or(StoreError::InvalidCursor))?;
        self.read(|db| {
            let sql = format!(
                "SELECT {} FROM tickets t
                 WHERE (t.unsent, t.last_activity, t.sort_number) < (?1, ?2, ?3)
                 ORDER BY t.unsent DESC, t.last_activity DESC, t.sort_number DESC LIMIT ?4",
                columns()
            );
            let mut statement = db.prepare_cached(&sql)?;
            let mut rows = statement.query(params![unsent, activity, number, limit])?;
            let (mut tickets, mut last, mut read) = (Vec::new(), None, 0);
            while let Some(row) = rows.next()? {
                last = Some([row.get(10)?, row.get(6)?, row.get::<_, Option<i64>>(1)?.unwrap_or_default()]);
                read += 1;
                tickets.extend(or_left_out(ticket_row(row, &self.product))?);
            }
            let total: i64 = db.prepare_cached("SELECT count(*) FROM tickets")?.query_row([], |row| row.get(0))?;
            let next = last.filter(|_| read == limit).map(cursor);
            Ok(HistoryPage { tickets, next, total: u64::try_from(total).unwrap_or_default() })
        })
    }
}

/// Reads a row of [`columns`].
pub(super) fn ticket_row(row: &Row<'_>, product: &Product) -> Result<TicketRow, StoreError> {
    let status = status_of(&text(row, 3)?);
    Ok(TicketRow {
        id: TicketId(row.get(0)?),
        number: row.get::<_, Option<i64>>(1)?.map(TicketNumber),
        subject: text(row, 2)?,
        status: product.status(status, None, row.get(4)?),
        created_at: Timestamp(row.get(5)?),
        last_activity_at: Timestamp(row.get(6)?),
        unread: row.get(7)?,
        has_attachments: row.get(8)?,
        visible: row.get(9)?,
        waiting: row.get(11)?,
        needs_user: row.get(12)?,
    })
}
