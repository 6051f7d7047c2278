//! Statuses: the server's six, and the five of the product that a user sees.

use serde::{Deserialize, Serialize};

/// A ticket's status on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerStatus {
    /// No agent has opened it yet.
    New,
    /// An agent works on it.
    Open,
    /// The help desk waits for the user. (This is not the status that a user sees as "Pending".)
    Pending,
    /// The help desk waits for a third party.
    Hold,
    /// The help desk considers it solved.
    Solved,
    /// Closed for good: it refuses every change.
    Closed,
    /// A value that this version does not know.
    #[serde(other)]
    Unknown,
}

/// A ticket's status as the product shows it (`docs/product.md`, T2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It waits for the help desk's first answer.
    Open,
    /// The help desk has reviewed it and works on a solution.
    Pending,
    /// The user's reply is needed.
    AwaitingReply,
    /// It is solved, and a reply reopens it.
    Solved,
    /// It is closed, and nothing can be added.
    Closed,
    /// The server's status is one that this version does not know.
    Unknown,
}

/// Whose turn it is to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// The help desk's turn.
    #[serde(rename = "desk")]
    HelpDesk,
    /// The user's turn.
    You,
    /// Nobody's turn.
    Nobody,
}
