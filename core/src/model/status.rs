//! Statuses: the server's own six, and the product's five that a user sees.

use serde::{Deserialize, Serialize};

/// A ticket's status as the server names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerStatus {
    /// Nobody has looked at it yet.
    New,
    /// An agent works on it.
    Open,
    /// The server waits for the user. (Not what a user reads as "Pending".)
    Pending,
    /// The server waits for somebody else.
    Hold,
    /// The server considers it done.
    Solved,
    /// Done for good: refuses every change.
    Closed,
    /// A value this version does not know.
    #[serde(other)]
    Unknown,
}

/// A ticket's status in the words of the product (T2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for the server's answer.
    Open,
    /// The server has reviewed it and works on a solution.
    Pending,
    /// The user's reply is needed to continue.
    AwaitingReply,
    /// Solved; a reply reopens it.
    Solved,
    /// Closed; nothing can be added.
    Closed,
    /// The server uses a status this version does not know.
    Unknown,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// The server's.
    #[serde(rename = "desk")]
    HelpDesk,
    /// The user's.
    You,
    /// Nobody's.
    Nobody,
}
