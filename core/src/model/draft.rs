//! Drafts: tickets and replies that a user has not submitted yet.

use super::{DraftId, FormatRange, FormattedText, TicketId, TicketNumber};

/// A ticket that is being written. It is saved at every pause in typing, so that it survives the end of the process
/// (`docs/product.md`, O5).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TicketDraft {
    /// Stays the same as long as the draft exists, and makes submitting idempotent.
    pub id: DraftId,
    /// The subject, as typed. It is trimmed, and its line breaks become spaces, only when the ticket is created.
    pub subject: String,
    /// The id of an issue type of the product.
    pub issue_type: String,
    /// The CC addresses that were added, in order, as typed.
    pub cc: Vec<String>,
    /// A CC address that is still being typed. Unless it is blank, it counts as the last one when the ticket is
    /// created.
    pub cc_entry: String,
    /// The description, as typed.
    pub description: String,
    /// Whether the ticket is accessible to all users of the account.
    pub access: bool,
    /// The number of the closed ticket that this one follows; `None` for none. It is sent only while the subject or the
    /// description names this number, so that a user who writes about something else sends no link.
    pub follows: Option<TicketNumber>,
    /// The name of whoever writes without an account, as typed (`docs/product.md`, W11). With an account it is blank, and
    /// never sent.
    pub name: String,
    /// The address to which the answer is to be sent, as typed. It stands beside `name`.
    pub email: String,
}

/// A reply that is being written. Each ticket has at most one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyDraft {
    /// Stays the same as long as the draft exists, and makes sending idempotent.
    pub id: DraftId,
    /// The ticket that the reply answers.
    pub ticket: TicketId,
    /// The text, as typed.
    pub body: String,
    /// What of it is bold, italic or a link.
    pub formats: Vec<FormatRange>,
}

impl ReplyDraft {
    /// A draft of plain text.
    #[must_use]
    pub fn plain(id: DraftId, ticket: TicketId, body: impl Into<String>) -> Self {
        Self { id, ticket, body: body.into(), formats: Vec::new() }
    }

    /// The text with its formats.
    #[must_use]
    pub fn written(&self) -> FormattedText {
        FormattedText::new(self.body.clone(), &self.formats)
    }

    /// The same draft with another text.
    #[must_use]
    pub fn with(self, text: &FormattedText) -> Self {
        Self { body: text.text().to_owned(), formats: text.formats().to_vec(), ..self }
    }
}
