//! What a search finds, as screens show it.

use super::{ArticleRow, MessageId, TicketId, TicketRow};

/// A part of a text. The parts put together are the text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Segment {
    /// The part.
    pub text: String,
    /// Whether this is what was searched for.
    pub hit: bool,
}

/// In which text of a ticket most was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum FoundIn {
    /// The ticket has the number that was typed.
    Number,
    /// The subject.
    #[default]
    Subject,
    /// The value of a field, by the product's id: the id of an escalation.
    Field(String),
    /// The description, which is a message of the thread.
    Description(MessageId),
    /// A comment.
    Comment(MessageId),
}

/// A ticket that was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TicketHit {
    /// What the history shows of it.
    #[serde(flatten)]
    pub row: TicketRow,
    /// In which of its texts most was found.
    pub found_in: FoundIn,
    /// The subject.
    pub title: Vec<Segment>,
    /// An excerpt of the text in which most was found. Empty if that is the number or the subject, which a row shows anyway.
    pub excerpt: Vec<Segment>,
}

/// How much of the history a search covers while its index is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct SearchCoverage {
    /// How many tickets are covered.
    pub tickets: u64,
    /// How many there are.
    pub of: u64,
}

/// Some of the tickets that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct SearchPage {
    /// The ticket with the number that was typed, then those that have everything in their subject, then the others; among these
    /// newest activity first.
    pub hits: Vec<TicketHit>,
    /// How many tickets were found, at most 1,000.
    pub count: u32,
    /// Whether there are more than that.
    pub count_is_capped: bool,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<String>,
    /// How much is covered; `None` if everything on this device is.
    pub coverage: Option<SearchCoverage>,
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ArticleHit {
    /// What a list shows of it.
    #[serde(flatten)]
    pub row: ArticleRow,
    /// The title.
    pub marked_title: Vec<Segment>,
    /// An excerpt of the text: around what was found, or its beginning.
    pub excerpt: Vec<Segment>,
}

/// A message of a thread in which something was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MessageHit {
    /// The message.
    pub message: MessageId,
    /// Its whole plain text.
    pub text: Vec<Segment>,
}

/// What the server's own search has found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", content = "tickets", rename_all = "snake_case")]
pub enum ServerSearch {
    /// These tickets, in the server's order. They are on this device now.
    Found(Vec<TicketId>),
    /// The server was not asked, or did not answer in time: there is no network, it is busy, or the account has a problem.
    NotAnswered,
}
