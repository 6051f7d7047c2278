//! One user's connector and its connection to the server.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use pocketdesk::connectors::Remote;
use pocketdesk::model::TicketNumber;
use pocketdesk::model::{
    CommentPage, Failure, FileDelivery, RemoteExtras, RemoteTicket, RemoteUser, Target, TicketList, UploadFile,
    WantedExtras, Write, undated,
};
use pocketdesk::net::{TokenFailure, Tokens};
use uuid::Uuid;

use crate::fixture::PAGE;
use crate::network::Network;
use crate::trouble::{Broken, ensure};

/// The host app's token source: it has a token, and perhaps another one for when the first is refused.
#[derive(Debug)]
pub struct TokenSource {
    token: Mutex<String>,
    fresh: Mutex<Option<Result<String, TokenFailure>>>,
}

impl TokenSource {
    pub fn new(token: String) -> Arc<Self> {
        Arc::new(Self { token: Mutex::new(token), fresh: Mutex::default() })
    }

    /// Sets the answer for when the connector reports that its token was refused.
    pub fn when_refused(&self, answer: Result<String, TokenFailure>) {
        *self.fresh.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }
}

#[async_trait]
impl Tokens for TokenSource {
    async fn token(&self, refused: bool) -> Result<String, TokenFailure> {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        if let (true, Some(answer)) = (refused, &*fresh) {
            *token = answer.clone()?;
        }
        Ok(token.clone())
    }
}

/// The most pages of a list or a thread.
const MAX_PAGES: u32 = 200;

/// A user's connector whose run has begun.
pub struct UserConnector {
    pub remote: Box<dyn Remote>,
    pub me: RemoteUser,
    pub network: Network,
    pub tokens: Arc<TokenSource>,
}

impl UserConnector {
    /// Sends a write without files, under an idempotency key of its own.
    pub async fn deliver(&self, target: Target, write: &Write) -> Result<RemoteTicket, Failure> {
        self.deliver_with(target, write, &[]).await
    }

    /// The same, with the files that its uploads name.
    pub async fn deliver_with(
        &self,
        target: Target,
        write: &Write,
        files: &[UploadFile],
    ) -> Result<RemoteTicket, Failure> {
        let key = key().map_err(|_| Failure::unreachable())?;
        let files = if self.remote.capabilities().files == FileDelivery::WithMessage { files } else { &[] };
        undated(self.remote.deliver(target, &self.remote.encode(write), files, key).await)
    }

    /// Sends feedback or a toggle.
    pub async fn deliver_extra(&self, ticket: TicketNumber, write: &Write) -> Result<(), Failure> {
        let key = key().map_err(|_| Failure::unreachable())?;
        undated(self.remote.deliver_extra(ticket, &self.remote.encode(write), key).await)
    }

    /// Reads a ticket, and what the server has for this user beside it.
    pub async fn extras(&self, ticket: TicketNumber) -> Result<RemoteExtras, Failure> {
        let ticket = undated(self.remote.ticket(ticket).await)?;
        let wanted = WantedExtras { feedback: true, toggles: true };
        undated(self.remote.extras(&ticket, wanted).await)
    }

    /// Creates a ticket.
    pub async fn create(&self, write: &Write) -> Result<RemoteTicket, Failure> {
        self.deliver(Target::NewTicket, write).await
    }

    /// Replies without files.
    pub async fn reply(&self, ticket: TicketNumber, text: &str) -> Result<RemoteTicket, Failure> {
        let write = Write::Reply { body: text.to_owned(), structure: None, uploads: Vec::new(), solves: false };
        self.deliver(Target::Ticket(ticket), &write).await
    }

    /// Reads a list by sorted pages of `rows` rows, to its end.
    pub async fn sorted(&self, list: &TicketList, rows: u32) -> Result<Vec<RemoteTicket>, Broken> {
        let mut tickets = Vec::new();
        for page in 1..=MAX_PAGES {
            let answer = undated(self.remote.sorted_page(list, page, rows).await)?;
            ensure!(answer.tickets.len() <= rows as usize, "a page has more than {rows} rows");
            tickets.extend(answer.tickets);
            if answer.next.is_none() {
                return Ok(tickets);
            }
        }
        Err(Broken::new("sorted pages do not end"))
    }

    /// Reads a list by cursor, to its end.
    pub async fn by_cursor(&self, list: &TicketList) -> Result<Vec<RemoteTicket>, Broken> {
        let (mut tickets, mut cursor) = (Vec::new(), None);
        for _ in 0..MAX_PAGES {
            let page = undated(self.remote.list_page(list, cursor.as_deref(), PAGE).await)?;
            tickets.extend(page.tickets);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(tickets);
            }
        }
        Err(Broken::new("cursor pages do not end"))
    }

    /// The ticket numbers of the whole history. Checks that sorted pages and cursor pages agree.
    pub async fn history(&self) -> Result<BTreeSet<TicketNumber>, Broken> {
        let mut all = BTreeSet::new();
        for list in self.remote.lists(&self.me) {
            let sorted = numbers(&self.sorted(&list, 50).await?);
            let by_cursor = numbers(&self.by_cursor(&list).await?);
            ensure!(sorted == by_cursor, "{list:?} is {sorted:?} by pages and {by_cursor:?} by cursor");
            all.extend(sorted);
        }
        Ok(all)
    }

    /// Checks that the user cannot see the ticket: in no list, by its number, or as a thread.
    pub async fn does_not_see(&self, ticket: TicketNumber) -> Result<(), Broken> {
        ensure!(!self.history().await?.contains(&ticket), "a list shows the ticket");
        let head = undated(self.remote.ticket(ticket).await);
        ensure!(is_invisible(&head), "the ticket can be read by its number: {head:?}");
        let thread = self.thread(ticket).await;
        ensure!(is_invisible(&thread), "its thread can be read: {thread:?}");
        Ok(())
    }

    /// The whole thread of a ticket, oldest first.
    pub async fn thread(&self, ticket: TicketNumber) -> Result<CommentPage, Failure> {
        let (mut thread, mut cursor) = (CommentPage::default(), None);
        loop {
            let page = undated(self.remote.comments(ticket, cursor.as_deref(), PAGE).await)?;
            thread.comments.extend(page.comments);
            thread.people.extend(page.people);
            if page.next.is_none() {
                thread.comments.sort_by_key(|comment| comment.id);
                return Ok(thread);
            }
            cursor = page.next;
        }
    }

    /// The thread's texts, oldest first.
    pub async fn texts(&self, ticket: TicketNumber) -> Result<Vec<String>, Broken> {
        Ok(texts(&self.thread(ticket).await?))
    }
}

pub fn texts(thread: &CommentPage) -> Vec<String> {
    thread.comments.iter().map(|comment| comment.body.clone()).collect()
}

pub fn numbers(tickets: &[RemoteTicket]) -> BTreeSet<TicketNumber> {
    tickets.iter().map(|ticket| ticket.number).collect()
}

/// Whether the answer says that the ticket does not exist for this user.
pub fn is_invisible<T>(answer: &Result<T, Failure>) -> bool {
    matches!(answer, Err(Failure::Gone | Failure::NotAllowed))
}

/// A new idempotency key.
pub fn key() -> Result<Uuid, Broken> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
