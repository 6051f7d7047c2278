//! What a user is still typing.

use super::{DraftId, TicketId};

/// A ticket being written. Survives process death at every pause in typing (O5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketDraft {
    /// Stays the same while the draft lives, and makes submitting idempotent.
    pub id: DraftId,
    /// As typed; trimmed, with line breaks as spaces, when it is created.
    pub subject: String,
    /// The product's id of an issue type.
    pub issue_type: String,
    /// Addresses that were added, in order, as typed.
    pub cc: Vec<String>,
    /// An address that is still being typed; counts as the last one when the ticket is created.
    pub cc_entry: String,
    /// As typed.
    pub description: String,
    /// Accessible to all users of the account.
    pub access: bool,
}

/// A reply being written. One at a time for each ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyDraft {
    /// Stays the same while the draft lives, and makes sending idempotent.
    pub id: DraftId,
    /// The ticket it belongs to.
    pub ticket: TicketId,
    /// As typed.
    pub body: String,
}
