//! The history.
#![expect(clippy::needless_pass_by_value, reason = "UniFFI passes arguments by value")]

use pocketdesk::client::HistoryRequest;
use pocketdesk::model::TicketId;
use pocketdesk::store::PageFrom;

use super::Client;
use crate::errors::ClientError;
use crate::types::{
    HistoryCounts, HistoryFilter, HistoryOptions, HistoryPage, HistoryRows, HistorySort, HistoryWindow,
};

#[uniffi::export]
impl Client {
    /// Returns one page of the history. `after` is the cursor of the page before (`HistoryPage.next`), none for the
    /// first page. `limit` is the largest number of rows to return; a value outside 1 to 200 counts as the nearest
    /// allowed value. `scope` is the id of one of `HistoryPage.scopes`; none, or one that this user is not offered, for the first.
    /// `filter` narrows it and `sort` orders it; none for what `history_options` says. `before` asks for the rows above a cursor
    /// (`HistoryPage.previous`); with it, `after` is not looked at. A cursor belongs to one scope, filter and order.
    /// Throws `InvalidCursor` if a cursor is not one of the history.
    #[uniffi::method(default(scope = None, filter = None, sort = None, before = None))]
    pub fn history(
        &self,
        after: Option<String>,
        limit: u32,
        scope: Option<String>,
        filter: Option<HistoryFilter>,
        sort: Option<HistorySort>,
        before: Option<String>,
    ) -> Result<HistoryPage, ClientError> {
        self.call(|client| {
            let filter = filter.unwrap_or_default().into();
            let request = HistoryRequest { scope, filter, sort: sort.map(Into::into) };
            let from = match (&before, &after) {
                (Some(before), _) => PageFrom::Before(before),
                (None, Some(after)) => PageFrom::After(after),
                (None, None) => PageFrom::Top,
            };
            let page = client.history_page(&request, from, limit)?;
            Ok(HistoryPage::of(page, client.can_create()))
        })
    }

    /// Returns the rows of the history that a screen holds, and the windows beside them. Begin with a new `HistoryWindow`. Ask for
    /// `HistoryRows.up` or `HistoryRows.down` when the user comes near an end, and for `HistoryRows.window` again when `Changes.history`
    /// is set. `scope`, `filter` and `sort` are as in `history`; with others, begin with a new window.
    #[uniffi::method(default(scope = None, filter = None, sort = None))]
    pub fn history_rows(
        &self,
        window: HistoryWindow,
        scope: Option<String>,
        filter: Option<HistoryFilter>,
        sort: Option<HistorySort>,
    ) -> Result<HistoryRows, ClientError> {
        self.call(|client| {
            let filter = filter.unwrap_or_default().into();
            let request = HistoryRequest { scope, filter, sort: sort.map(Into::into) };
            let rows = client.history_rows(&request, &window.into())?;
            Ok(HistoryRows::of(rows, client.can_create()))
        })
    }

    /// Returns the number of tickets in a scope for each value of the filters, as it is shown beside that value. Ask again when
    /// `Changes.history` or `Changes.status` is set.
    #[uniffi::method(default(scope = None, filter = None))]
    pub fn history_counts(
        &self,
        scope: Option<String>,
        filter: Option<HistoryFilter>,
    ) -> Result<HistoryCounts, ClientError> {
        self.call(|client| {
            let filter = filter.unwrap_or_default().into();
            Ok(client.history_counts(&HistoryRequest { scope, filter, sort: None })?.into())
        })
    }

    /// Returns by what the history can be narrowed and sorted. It does not change while the client is open.
    pub fn history_options(&self) -> Result<HistoryOptions, ClientError> {
        self.call(|client| Ok(client.history_options().into()))
    }

    /// Returns how many tickets are unread, for a badge; the text is counted, with the key `history.unread_tickets`. They are those
    /// of the first scope, which is that of the user's own tickets. Ask again when `Changes.status` or `Changes.history` is set.
    pub fn unread_tickets(&self) -> Result<u32, ClientError> {
        self.call(|client| Ok(client.unread_tickets()?))
    }

    /// Marks a ticket as unread, to be reminded of it on this device; durable on return. It stays so until its thread is opened or
    /// it is marked as read. Throws `NoSuchTicket` if there is no such ticket.
    pub fn mark_unread(&self, ticket: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.mark_unread(TicketId(ticket))?))
    }

    /// Marks a ticket as read without opening its thread; durable on return. Throws `NoSuchTicket` if there is no such ticket.
    pub fn mark_read(&self, ticket: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.mark_read(TicketId(ticket))?))
    }

    /// Marks every ticket of a scope as read; durable on return. `scope` is chosen as in `history`.
    #[uniffi::method(default(scope = None))]
    pub fn mark_all_read(&self, scope: Option<String>) -> Result<(), ClientError> {
        self.call(|client| Ok(client.mark_all_read(scope.as_deref())?))
    }
}
