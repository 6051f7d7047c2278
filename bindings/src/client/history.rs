//! The history.
#![expect(clippy::needless_pass_by_value, reason = "UniFFI passes arguments by value")]

use pocketdesk::model::TicketId;

use super::Client;
use crate::errors::ClientError;
use crate::types::HistoryPage;

#[uniffi::export]
impl Client {
    /// Returns one page of the history. `after` is the cursor of the page before (`HistoryPage.next`), none for the
    /// first page. `limit` is the largest number of rows to return; a value outside 1 to 200 counts as the nearest
    /// allowed value. `scope` is the id of one of `HistoryPage.scopes`; none, or one that this user is not offered, for the first.
    /// Throws `InvalidCursor` if `after` is not a cursor of the history.
    #[uniffi::method(default(scope = None))]
    pub fn history(
        &self,
        after: Option<String>,
        limit: u32,
        scope: Option<String>,
    ) -> Result<HistoryPage, ClientError> {
        self.call(|client| {
            let page = client.history_in(scope.as_deref(), after.as_deref(), limit)?;
            Ok(HistoryPage::of(page, client.can_create()))
        })
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
