//! What a decision asks the store to write down.
//!
//! Every decision of this module is a list of [`Change`]s. In one transaction the store loads the rows, asks for the
//! decision, and writes the list. So the rows cannot change between the decision and the write, and a crash leaves all
//! of the changes or none.

use uuid::Uuid;

use super::Operation;
use crate::model::{CommentId, Failure, OperationId, TicketId, TicketNumber};

/// One change of the outbox.
#[expect(clippy::large_enum_variant, reason = "a list of changes is short and lives for one transaction")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The operation's row takes these values.
    Update(Operation),
    /// The operation is done. Its row is deleted, and so are the uploads of its message, because their tokens are used
    /// up.
    Settle(Settlement),
    /// The row is deleted without a result: the user took it back, a later value replaces it, or it is a read mark,
    /// which no user waits for.
    Drop(OperationId),
    /// A ticket that was not created gets another client reference, so that it cannot be taken for an earlier one.
    NewReference {
        /// The ticket.
        ticket: TicketId,
        /// Its new client reference.
        reference: Uuid,
    },
}

/// An operation that is done, and what shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// The operation.
    pub operation: OperationId,
    /// What shows that it is done.
    pub by: Evidence,
}

/// What shows that an operation is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The thread contains it as this comment.
    Comment(CommentId),
    /// It is the ticket with this number.
    Ticket(TicketNumber),
    /// The answer to the attempt confirmed it.
    Answer,
    /// A read shows what it asked for: the status of the ticket, that feedback was given, or the value of a toggle.
    Status,
}

/// A decision about the outcome of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What is written down.
    pub changes: Vec<Change>,
    /// A problem of the whole account, which ends the run: this user is signed out, somebody else is signed in, or the
    /// token is an agent's.
    pub ends_run: Option<Failure>,
}

impl From<Operation> for Verdict {
    fn from(operation: Operation) -> Self {
        Change::Update(operation).into()
    }
}

impl From<Change> for Verdict {
    fn from(change: Change) -> Self {
        Self { changes: vec![change], ends_run: None }
    }
}

impl From<Vec<Change>> for Verdict {
    fn from(changes: Vec<Change>) -> Self {
        Self { changes, ends_run: None }
    }
}
