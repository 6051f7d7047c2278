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
    /// Says how the help desk did (`docs/product.md`, S15).
    Feedback,
    /// Turns something on or off for this ticket and this user (`docs/product.md`, S14).
    Toggle,
}

/// What decides how a change is ordered, repeated and found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeFacts {
    /// Whether it makes a comment, by which it could be found.
    pub makes_comment: bool,
    /// Whether applying it twice is the same as applying it once, so that it is simply sent again after a lost answer.
    pub is_repeatable: bool,
    /// What shows after a lost answer that the server has it; `None` if nothing does.
    pub found_by: Option<FoundBy>,
    /// Whether nothing else of the ticket depends on it, nor it on anything else. Then it neither waits for the ticket's
    /// other operations nor holds them up. Those of one action still go in order.
    pub is_apart: bool,
    /// Whether a later one of the same action makes an earlier one pointless. Then the earlier one is not sent any more.
    pub is_replaced: bool,
}

/// What shows that the server has a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// The status of the ticket: it is solved or closed. Somebody else may have solved it, so finding it proves nothing
    /// about an attempt that may still be applied. It counts only when an attempt can no longer be applied.
    Status,
    /// The ticket has feedback, which is given once.
    Feedback,
    /// The value that it wrote. The server may have had the same value before, so this also counts only when an attempt
    /// can no longer be applied.
    Value,
}

impl ChangeKind {
    /// Whether it writes what the server has for this user beside the ticket, and not the ticket.
    #[must_use]
    pub fn writes_extra(self) -> bool {
        match self {
            Self::AddCc | Self::Solve => false,
            Self::Feedback | Self::Toggle => true,
        }
    }

    /// What the outbox has to know of it.
    #[must_use]
    pub fn facts(self) -> ChangeFacts {
        let facts = ChangeFacts {
            makes_comment: false,
            is_repeatable: false,
            found_by: None,
            is_apart: false,
            is_replaced: false,
        };
        match self {
            // The server adds no address twice.
            Self::AddCc => ChangeFacts { is_repeatable: true, ..facts },
            // A second attempt could solve a ticket that a reply has reopened meanwhile.
            Self::Solve => ChangeFacts { found_by: Some(FoundBy::Status), ..facts },
            // It counts once for each ticket, and some servers take it twice.
            Self::Feedback => ChangeFacts { found_by: Some(FoundBy::Feedback), is_apart: true, ..facts },
            // Writing a value twice is harmless. But an attempt whose answer was lost may be applied late, after a newer value.
            // So the newer one is sent only when the server can no longer apply the older one. It does not wait behind a
            // message: whoever takes back a permission must not wait for an upload.
            Self::Toggle => ChangeFacts { found_by: Some(FoundBy::Value), is_apart: true, is_replaced: true, ..facts },
        }
    }
}
