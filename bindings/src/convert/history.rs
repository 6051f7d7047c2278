//! The history: its pages, filters, orders and counts.

use pocketdesk::model::{self, StatusId, Timestamp};
use pocketdesk::query::CreatorFilter;
use pocketdesk::{product, query, store};

use super::{owned, same_variants};
use crate::types::{
    HistoryChoice, HistoryColumn, HistoryCount, HistoryCounts, HistoryFilter, HistoryOptions, HistoryPage, HistoryRows,
    HistoryScope, HistorySort, HistoryWindow, RowColumn, SortChoice, SortKey, TicketRow,
};

same_variants! {
    query::SortKey => SortKey { LastActivity, Created, Status, Creator, Read }
}

impl HistoryPage {
    /// A page of the history of a user who can create tickets, or cannot.
    pub(crate) fn of(page: store::HistoryPage, can_create: bool) -> Self {
        let scope = |id: String| HistoryScope { label_key: format!("scope.{id}"), id };
        Self {
            tickets: page.tickets.into_iter().map(TicketRow::from).collect(),
            columns: page.columns.into_iter().map(HistoryColumn::from).collect(),
            next: page.next,
            total: page.total,
            scope: page.scope,
            scopes: page.scopes.into_iter().map(scope).collect(),
            unavailable_key: page.unavailable,
            can_create,
            read_marks_key: owned(page.read_marks_key),
            previous: page.previous,
            preparing: page.preparing,
            by_day: page.sort == query::HistorySort::default(),
            sort: Some(page.sort.into()),
        }
    }
}

impl HistoryRows {
    /// The rows of a window, for a user who can create tickets, or cannot.
    pub(crate) fn of(rows: store::HistoryRows, can_create: bool) -> Self {
        Self {
            page: HistoryPage::of(rows.page, can_create),
            window: rows.window.into(),
            up: rows.up.map(HistoryWindow::from),
            down: rows.down.map(HistoryWindow::from),
        }
    }
}

impl From<query::HistoryWindow> for HistoryWindow {
    fn from(query::HistoryWindow { at, rows_above, row_count, page_size }: query::HistoryWindow) -> Self {
        Self { at, rows_above, row_count, page_size }
    }
}

impl From<HistoryWindow> for query::HistoryWindow {
    fn from(HistoryWindow { at, rows_above, row_count, page_size }: HistoryWindow) -> Self {
        Self { at, rows_above, row_count, page_size }
    }
}

impl From<model::HistoryColumn> for HistoryColumn {
    fn from(model::HistoryColumn { id, label_key, hide_empty }: model::HistoryColumn) -> Self {
        Self { id, label_key, hide_empty }
    }
}

impl From<model::RowColumn> for RowColumn {
    fn from(model::RowColumn { id, label_key, texts, text_key }: model::RowColumn) -> Self {
        Self { id, label_key, texts, text_key }
    }
}

impl From<HistoryFilter> for query::HistoryFilter {
    fn from(filter: HistoryFilter) -> Self {
        let HistoryFilter { statuses, marks, mine, read, ticket_types, created_from, created_until } = filter;
        Self {
            statuses: statuses.into_iter().map(StatusId).collect(),
            marks: marks.into_iter().collect(),
            creator: if mine { CreatorFilter::Me } else { CreatorFilter::Anyone },
            read,
            ticket_types: ticket_types.into_iter().collect(),
            created_from: created_from.map(Timestamp),
            created_until: created_until.map(Timestamp),
        }
    }
}

impl From<HistorySort> for query::HistorySort {
    fn from(HistorySort { key, descending }: HistorySort) -> Self {
        let key = match key {
            SortKey::LastActivity => query::SortKey::LastActivity,
            SortKey::Created => query::SortKey::Created,
            SortKey::Status => query::SortKey::Status,
            SortKey::Creator => query::SortKey::Creator,
            SortKey::Read => query::SortKey::Read,
        };
        Self { key, descending }
    }
}

impl From<query::HistorySort> for HistorySort {
    fn from(query::HistorySort { key, descending }: query::HistorySort) -> Self {
        Self { key: key.into(), descending }
    }
}

impl From<product::HistoryOptions> for HistoryOptions {
    fn from(options: product::HistoryOptions) -> Self {
        let choices = |kind: &str, ids: Vec<String>| -> Vec<HistoryChoice> {
            ids.into_iter().map(|id| HistoryChoice { label_key: format!("{kind}.{id}"), id }).collect()
        };
        let sort = |key: query::SortKey| SortChoice {
            label_key: key.string_key().to_owned(),
            descending: key.as_chosen().descending,
            key: key.into(),
        };
        Self {
            statuses: choices("status", options.statuses.into_iter().map(|id| id.0).collect()),
            marks: choices("mark", options.marks),
            ticket_types: choices("ticket_type", options.ticket_types),
            by_creator: options.by_creator,
            by_read: options.by_read,
            sorts: options.sorts.into_iter().map(sort).collect(),
            default_sort: options.default_sort.into(),
            search: options.search,
            server_search: options.server_search,
        }
    }
}

impl From<query::HistoryCounts> for HistoryCounts {
    fn from(counts: query::HistoryCounts) -> Self {
        let of = |(id, tickets)| HistoryCount { id, tickets };
        Self {
            total: counts.total,
            statuses: counts.statuses.into_iter().map(|(id, tickets)| of((id.0, tickets))).collect(),
            marks: counts.marks.into_iter().map(of).collect(),
            ticket_types: counts.ticket_types.into_iter().map(of).collect(),
            unread: counts.unread,
            read: counts.read,
            mine: counts.mine,
            anyone: counts.anyone,
        }
    }
}
