//! Searching what is on this device, and asking the help desk to search.
#![expect(clippy::needless_pass_by_value, reason = "UniFFI passes arguments by value")]

use pocketdesk::client::HistoryRequest;
use pocketdesk::model::TicketId;

use super::Client;
use crate::errors::ClientError;
use crate::runtime;
use crate::types::{ArticleHit, HistoryFilter, MessageHit, SearchPage, ServerSearch, TicketRow};

#[uniffi::export]
impl Client {
    /// Returns the tickets in which everything that a user has typed was found. Nothing is sent: ask while the user
    /// types. `after` is the cursor of the page before (`SearchPage.next`), none for the first page; `limit`, `scope`
    /// and `filter` are as in `history`. What stands in quotes is found word for word, and the last word may be
    /// unfinished. Ask again when `Changes.history` is set. Throws `InvalidCursor` if `after` is not a cursor of a
    /// search.
    #[uniffi::method(default(scope = None, filter = None))]
    pub fn search(
        &self,
        text: &str,
        after: Option<String>,
        limit: u32,
        scope: Option<String>,
        filter: Option<HistoryFilter>,
    ) -> Result<SearchPage, ClientError> {
        let among = HistoryRequest { scope, filter: filter.unwrap_or_default().into(), sort: None };
        self.call(|client| Ok(client.search(&among, text, after.as_deref(), limit)?.into()))
    }

    /// Asks the help desk's own search, once, for what a user has typed, and stores the tickets that it finds. Offer it
    /// where `HistoryOptions.server_search` is set, while there is a network. Waits for the network, at most 20 s: call
    /// it on a thread that may block. Returns `NotAnswered` rather than throw if the client is closed or suspended.
    /// Show `found_elsewhere` of the result below what `search` finds.
    pub fn search_server(&self, text: &str) -> Result<ServerSearch, ClientError> {
        self.call(|client| {
            let handle = runtime::handle().ok_or(ClientError::InternalFault)?;
            Ok(handle.block_on(client.search_server(text)).into())
        })
    }

    /// Of `tickets`, which `search_server` has found, returns those that the history shows in the same scope with the same filter and
    /// that `search` does not find, in their order. Ask again when `Changes.history` is set.
    #[uniffi::method(default(scope = None, filter = None))]
    pub fn found_elsewhere(
        &self,
        text: &str,
        tickets: Vec<i64>,
        scope: Option<String>,
        filter: Option<HistoryFilter>,
    ) -> Result<Vec<TicketRow>, ClientError> {
        let among = HistoryRequest { scope, filter: filter.unwrap_or_default().into(), sort: None };
        let tickets: Vec<TicketId> = tickets.into_iter().map(TicketId).collect();
        self.call(|client| {
            Ok(client.found_elsewhere(&among, text, &tickets)?.into_iter().map(TicketRow::from).collect())
        })
    }

    /// Returns the articles in which everything that a user has typed was found, those that have it in their title first; at most
    /// `limit` (1 to 200). Ask again when `Changes.articles` is set.
    pub fn search_articles(&self, text: &str, limit: u32) -> Result<Vec<ArticleHit>, ClientError> {
        self.call(|client| Ok(client.search_articles(text, limit)?.into_iter().map(ArticleHit::from).collect()))
    }

    /// Returns the messages of a thread in which anything of a text was found, in the order of the thread. Ask again when the
    /// thread has changed.
    pub fn find_in_thread(&self, ticket: i64, text: &str) -> Result<Vec<MessageHit>, ClientError> {
        self.call(|client| {
            let hits = client.find_in_thread(TicketId(ticket), text)?;
            Ok(hits.into_iter().map(MessageHit::from).collect())
        })
    }
}
