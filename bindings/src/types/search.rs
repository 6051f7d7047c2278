//! What a search finds.

use super::{ArticleRow, TicketRow};

/// A part of a text. The parts put together are the text.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Segment {
    /// The part.
    pub text: String,
    /// Whether this is what was searched for.
    pub hit: bool,
}

/// In which text of a ticket most was found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum FoundIn {
    /// The ticket has the number that was typed.
    Number,
    /// The subject.
    Subject,
    /// The value of a field: the id of an escalation.
    Field {
        /// The product's id of the field.
        field: String,
    },
    /// The description, which is a message of the thread.
    Description {
        /// The message.
        message: i64,
    },
    /// A comment.
    Comment {
        /// The message.
        message: i64,
    },
}

/// A ticket that was found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TicketHit {
    /// What the history shows of it.
    pub row: TicketRow,
    /// In which of its texts most was found.
    pub found_in: FoundIn,
    /// The subject.
    pub title: Vec<Segment>,
    /// An excerpt of the text in which most was found, on one line. Empty if that is the number or the subject, which a row shows
    /// anyway.
    pub excerpt: Vec<Segment>,
}

/// How much of the history a search covers while its index is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct SearchCoverage {
    /// How many tickets are covered.
    pub tickets: u64,
    /// How many there are.
    pub of: u64,
}

/// Some of the tickets that were found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SearchPage {
    /// The ticket with the number that was typed, then those that have everything in their subject, then the others. In
    /// each of these groups the newest activity comes first.
    pub hits: Vec<TicketHit>,
    /// How many tickets were found, at most 1,000.
    pub count: u32,
    /// Whether there are more than that.
    pub count_is_capped: bool,
    /// The cursor of the next page, to be passed to `search`; none at the end.
    pub next: Option<String>,
    /// How much is covered; none if everything on this device is.
    pub coverage: Option<SearchCoverage>,
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ArticleHit {
    /// What a list shows of it.
    pub row: ArticleRow,
    /// The title.
    pub title: Vec<Segment>,
    /// An excerpt of the text on one line: around what was found, or its beginning.
    pub excerpt: Vec<Segment>,
}

/// A message of a thread in which something was found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MessageHit {
    /// The message.
    pub message: i64,
    /// Its whole plain text.
    pub text: Vec<Segment>,
}

/// What the help desk's own search has found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum ServerSearch {
    /// These tickets, by their local ids, in the help desk's order. They are on this device now.
    Found {
        /// The tickets.
        tickets: Vec<i64>,
    },
    /// The help desk was not asked, or did not answer in time: there is no network, it is busy, or the account has a problem.
    NotAnswered,
}
