//! Identifiers. A local id is the id of a database row and stays the same as long as the row exists. A remote id comes
//! from the server.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A ticket in this database. Local, and known before the server has given the ticket a number.
    TicketId,
    /// A message in this database: a description or a comment. Local, and the same from the moment of writing on.
    MessageId,
    /// A row of the outbox. Local, and ascending in the order in which the user wrote.
    OperationId,
    /// A file that is to be uploaded. Local.
    FileId,
    /// A ticket's number on the server, shown as `#123456`.
    TicketNumber,
    /// A comment's id on the server. Ids ascend within a ticket.
    CommentId,
    /// A person's id on the server.
    PersonId,
    /// A help article's id on the server, the same in every language.
    ArticleId,
    /// The id of a section of help articles on the server.
    SectionId,
    /// The id of a category of help articles on the server.
    CategoryId,
}

/// A draft's identifier, a UUID. It stays valid after the draft is gone: submitting the same id twice gives the same
/// ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DraftId(pub String);
