//! Identifiers. The local ones are row ids and stay the same for the life of a row; the remote ones are the server's.

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
    /// A ticket in this file. Local; exists before the server has given a number.
    TicketId,
    /// A message in this file: the description or a comment. Local; one row for life.
    MessageId,
    /// A row of the outbox. Local; ascending in the order in which the user wrote.
    OperationId,
    /// A file on its way to the server. Local.
    FileId,
    /// A ticket's number at the server, shown as `#123456`.
    TicketNumber,
    /// A comment's id at the server, ascending within a ticket.
    CommentId,
    /// A person's id at the server.
    PersonId,
}

/// A draft's identifier, a UUID. It outlives the draft: submitting the same id twice gives the same ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DraftId(pub String);
