//! Searching what is on this device (`docs/product.md`, W5, W9, S6). Nothing is sent, and nothing waits for the network.

use super::Client;
use super::history::HistoryRequest;
use crate::model::{ArticleHit, MessageHit, SearchPage, TicketId};
use crate::store::StoreError;

impl Client {
    /// The tickets in which everything that a user has typed was found: up to `limit` (1 to 200) after the cursor `after`, or from
    /// the top. They are tickets that the history shows for the same request; its order does not matter. Ask again when the history has
    /// changed.
    ///
    /// Words can stand in any text of a ticket; what stands in quotes stands there word for word. The last word may be unfinished,
    /// so ask while the user types. A number, with or without `#`, finds the ticket that has it before all others.
    pub fn search(
        &self,
        among: &HistoryRequest,
        text: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<SearchPage, StoreError> {
        self.store.search(&self.query(self.view_of(among.scope.as_deref()), among), text, after, limit)
    }

    /// The articles in which everything was found, at most `limit` (1 to 200): first those that have it in their title.
    pub fn search_articles(&self, text: &str, limit: u32) -> Result<Vec<ArticleHit>, StoreError> {
        if self.product.articles { self.store.search_articles(text, limit) } else { Ok(Vec::new()) }
    }

    /// The messages of a thread in which anything of a text was found, in the order of the thread, with their plain texts.
    pub fn find_in_thread(&self, ticket: TicketId, text: &str) -> Result<Vec<MessageHit>, StoreError> {
        self.store.find_in_thread(ticket, text)
    }

    /// How many entries of the index of searches differ from what the rows say; 0 if it is right. For tests and tools: it reads
    /// everything.
    pub fn check_search(&self) -> Result<u64, StoreError> {
        self.store.check_search()
    }
}
