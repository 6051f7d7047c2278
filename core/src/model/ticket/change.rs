//! The kinds of change: writes of a user that are no messages.

use serde::Serialize;

/// The kinds of change. What the outbox has to know of a kind are its [facts](Self::facts), and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Adds CC addresses (`docs/product.md`, W12).
    AddCc,
    /// Marks the ticket as solved (`docs/product.md`, S15).
    Solve,
}

/// What decides how a change is repeated and found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeFacts {
    /// Whether applying it twice is the same as applying it once, so that it is simply sent again after a lost answer.
    pub is_repeatable: bool,
    /// What shows after a lost answer that the server has it; `None` if nothing does.
    pub found_by: Option<FoundBy>,
}

/// What shows that the server has a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// The status of the ticket: it is solved or closed.
    Status,
}

impl ChangeKind {
    /// What the outbox has to know of it.
    #[must_use]
    pub fn facts(self) -> ChangeFacts {
        match self {
            // The server adds no address twice.
            Self::AddCc => ChangeFacts { is_repeatable: true, found_by: None },
            // A second attempt could solve a ticket that a reply has reopened meanwhile.
            Self::Solve => ChangeFacts { is_repeatable: false, found_by: Some(FoundBy::Status) },
        }
    }
}
