//! Searching (`docs/product.md`, W5, W9, S6). What is on this device is searched without a network; only
//! [`search_server`](Client::search_server) asks the server.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use super::Client;
use super::history::HistoryRequest;
use crate::model::{ArticleHit, MessageHit, SearchPage, ServerSearch, TicketId, TicketRow};
use crate::store::StoreError;
use crate::sync::{Scope, ServerQuestion};

/// How long a user waits for the server's own search.
const SERVER_SEARCH_TIMEOUT: Duration = Duration::from_secs(20);

impl Client {
    /// The tickets in which everything that a user has typed was found: up to `limit` (1 to 200) after the cursor
    /// `after`, or from the top. They are tickets that the history shows for `among`, whose order does not matter. Ask
    /// again when the history has changed.
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

    /// Asks the server's own search, once, for what a user has typed, and stores the tickets that it finds. Waits for the network, at most
    /// 20 s; then, and whenever the server cannot be asked now, the result is [`ServerSearch::NotAnswered`]. Somebody has to
    /// [drive](Self::drive) the client meanwhile. Dropping the future asks for nothing.
    ///
    /// Only a product whose history can be searched, on a server with a search of its own, asks
    /// ([`HistoryOptions::server_search`](crate::product::HistoryOptions::server_search)).
    pub async fn search_server(&self, text: &str) -> ServerSearch {
        let is_possible = {
            let scheduler = self.scheduler();
            scheduler.online && !scheduler.closed && scheduler.pause_left(self.environment.now()).is_none()
        };
        if !is_possible || !self.history_options().server_search {
            return ServerSearch::NotAnswered;
        }
        let (question, answer) = ServerQuestion::new(text.to_owned());
        self.questions().push(question);
        self.ask(Scope::Due);
        let answered = async {
            tokio::select! {
                biased;
                found = answer => found.unwrap_or(ServerSearch::NotAnswered),
                () = self.environment.sleep(SERVER_SEARCH_TIMEOUT) => ServerSearch::NotAnswered,
            }
        };
        // Nobody answers once the client is closed or suspended.
        self.unless_halted(answered).await.unwrap_or(ServerSearch::NotAnswered)
    }

    /// Of `tickets`, which [`search_server`](Self::search_server) has found, those that the history shows for `among`
    /// and that [`search`](Self::search) does not find for `text`, in the order of `tickets`. Ask again when the
    /// history has changed.
    pub fn found_elsewhere(
        &self,
        among: &HistoryRequest,
        text: &str,
        tickets: &[TicketId],
    ) -> Result<Vec<TicketRow>, StoreError> {
        self.store.found_elsewhere(&self.query(self.view_of(among.scope.as_deref()), among), text, tickets)
    }

    pub(super) fn questions(&self) -> MutexGuard<'_, Vec<ServerQuestion>> {
        self.questions.lock().unwrap_or_else(PoisonError::into_inner)
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
