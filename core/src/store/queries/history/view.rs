//! What of the history is asked for, and whether the entries that answer it are there.

use rusqlite::Connection;

use super::sql;
use crate::query::{HistoryFilter, HistorySort, HistoryView, SortKey};
use crate::store::StoreError;
use crate::store::db::statements::Cached;

/// Which tickets, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryQuery {
    /// The tickets of a scope.
    pub view: HistoryView,
    /// What is left of them.
    pub filter: HistoryFilter,
    /// The order.
    pub sort: HistorySort,
}

impl HistoryQuery {
    /// The tickets of a view, newest activity first.
    #[must_use]
    pub fn of(view: HistoryView) -> Self {
        Self { view, filter: HistoryFilter::default(), sort: HistorySort::default() }
    }

    /// Whether it can be read without entries: one of the two orders in which a product can show the history at first, without a
    /// filter.
    pub(super) fn is_first_order(&self) -> bool {
        self.filter.is_empty() && matches!(self.sort.key, SortKey::LastActivity | SortKey::Created)
    }
}

/// Whether every ticket has its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Entries {
    /// It has.
    Known,
    /// They are being computed anew.
    Pending,
}

impl Entries {
    pub(in crate::store) fn of(db: &Connection) -> Result<Self, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM rebuilds WHERE what = 'entries')";
        let pending: bool = db.query_row_cached(sql, [], |row| row.get(0))?;
        Ok(if pending { Self::Pending } else { Self::Known })
    }

    /// SQL: from which tables, and under which conditions, the unread tickets `u` of the view are read. It costs as much as
    /// there are unread tickets, and while an older file is being filled in, as much as there are tickets.
    pub(in crate::store) fn unread(self, db: &Connection, view: HistoryView) -> Result<String, StoreError> {
        let pending = "SELECT EXISTS (SELECT 1 FROM rebuilds WHERE what = 'unread')";
        let is_pending: bool = db.query_row_cached(pending, [], |row| row.get(0))?;
        let from = if is_pending { "(SELECT id AS ticket FROM tickets WHERE unread) u" } else { "unread_tickets u" };
        let entries = match self {
            Self::Known => "history_entries",
            Self::Pending => "history_entries_now",
        };
        let shown = sql::numbers(view.relations);
        Ok(format!(
            "FROM {from}
             WHERE (SELECT e.listed = 1 AND e.relation IN ({shown}) FROM {entries} e WHERE e.ticket = u.ticket)"
        ))
    }
}
