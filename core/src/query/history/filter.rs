//! By what a view of the history is narrowed.

use std::collections::BTreeSet;

use super::relation::Relations;
use crate::model::{StatusId, Timestamp};

/// A value that no definition has a place for: a status that the product does not know, or a ticket without a type.
pub const NO_VALUE: i64 = 1_000;

/// By what the user narrows the history (`docs/product.md`, W6 to W8). All parts have to hold; an empty one always does. An id that
/// the product does not have is held by no ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Tickets with one of these statuses, or with one of [`marks`](Self::marks).
    pub statuses: BTreeSet<StatusId>,
    /// Tickets with one of these marks, such as *Escalated* (`docs/product.md`, S4), or with one of
    /// [`statuses`](Self::statuses).
    pub marks: BTreeSet<String>,
    /// Who created them.
    pub creator: CreatorFilter,
    /// Only those that are read, or only those that are not; `None` for both.
    pub read: Option<bool>,
    /// Tickets with one of these types.
    pub ticket_types: BTreeSet<String>,
    /// Tickets that were created at this time or later, by the server's clock.
    pub created_from: Option<Timestamp>,
    /// Tickets that were created before this time, by the server's clock.
    pub created_until: Option<Timestamp>,
}

/// Who created the tickets (`docs/product.md`, W7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CreatorFilter {
    /// Every user. Never more than what is visible to this one.
    #[default]
    Anyone,
    /// This user.
    Me,
}

impl HistoryFilter {
    /// Whether it leaves nothing out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A filter in the numbers that the store keeps of every ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFilter {
    /// The places of the statuses among the definition's, ascending.
    pub statuses: Vec<i64>,
    /// The bits of the marks.
    pub marks: i64,
    /// Whether a status or a mark is asked for at all. With neither in the two fields above, no ticket is found.
    pub by_status: bool,
    /// What this user is to the tickets.
    pub relations: Relations,
    /// Only those that are read, or only those that are not.
    pub read: Option<bool>,
    /// The places of the types among the definition's, ascending; `None` for any type.
    pub ticket_types: Option<Vec<i64>>,
    /// The first moment of creation, in ms.
    pub created_from: Option<i64>,
    /// The moment before which they were created, in ms.
    pub created_until: Option<i64>,
}

impl Default for EntryFilter {
    fn default() -> Self {
        Self {
            statuses: Vec::new(),
            marks: 0,
            by_status: false,
            relations: Relations::ALL,
            read: None,
            ticket_types: None,
            created_from: None,
            created_until: None,
        }
    }
}

impl EntryFilter {
    /// Whether the time of creation matters.
    #[must_use]
    pub fn has_days(&self) -> bool {
        self.created_from.is_some() || self.created_until.is_some()
    }

    /// Whether no ticket can be in it: it asks for a value that there is not.
    #[must_use]
    pub fn finds_nothing(&self) -> bool {
        self.relations == Relations::default()
            || self.by_status && self.statuses.is_empty() && self.marks == 0
            || self.ticket_types.as_ref().is_some_and(Vec::is_empty)
    }

    /// Whether a ticket with this status and these marks can be in it.
    #[must_use]
    pub fn has_status(&self, status: i64, marks: i64) -> bool {
        !self.by_status || self.statuses.contains(&status) || self.marks & marks != 0
    }
}
