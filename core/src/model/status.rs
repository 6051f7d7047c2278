//! Statuses: the server's own, and the ids and fixed meanings of those that a user sees.

use serde::{Deserialize, Serialize};

/// A ticket's status on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// Whose turn it is to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// The help desk's turn.
    #[serde(rename = "support")]
    HelpDesk,
    /// The user's turn.
    You,
    /// Nobody's turn.
    Nobody,
}

impl ServerStatus {
    /// Every status that a server is known to have, with its name.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::New, "new"),
        (Self::Open, "open"),
        (Self::Pending, "pending"),
        (Self::Hold, "hold"),
        (Self::Solved, "solved"),
        (Self::Closed, "closed"),
    ];
}

/// The id of a status that users see. The product definition says which exist and what they mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct StatusId(pub String);

/// The fixed meaning of a status, by which everything but its label is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StatusKind {
    /// It waits for the help desk's first answer.
    Open,
    /// The help desk works on it.
    Working,
    /// The user's reply is needed.
    AwaitingUser,
    /// It is solved, and a reply may reopen it.
    Solved,
    /// It is closed for good.
    Closed,
}

impl StatusKind {
    /// Every kind, with the name under which definitions have it.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Open, "open"),
        (Self::Working, "working"),
        (Self::AwaitingUser, "awaiting_user"),
        (Self::Solved, "solved"),
        (Self::Closed, "closed"),
    ];

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("open", |(_, name)| name)
    }

    /// Whether a ticket in this status is still worked on: it is neither solved nor closed.
    #[must_use]
    pub fn is_active(self) -> bool {
        !matches!(self, Self::Solved | Self::Closed)
    }
}

/// Whether a reply can be written in a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReplyRule {
    /// It can.
    Yes,
    /// It can, and it reopens the ticket.
    Reopens,
    /// It cannot.
    No,
}

/// A ticket's status as a screen shows it. Its texts have the keys `status.ID` and `status.ID.explanation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketStatus {
    /// The definition's id; `None` for a status of the server that no rule of the definition knows.
    #[serde(rename = "status", serialize_with = "id_or_unknown")]
    pub id: Option<StatusId>,
    /// Its fixed meaning. An unknown status counts as open, so that the server decides what can be done.
    #[serde(rename = "status_kind")]
    pub kind: StatusKind,
    /// Whose turn it is.
    pub turn: Turn,
    /// What the server calls it, if no rule of the definition knows the server's status. It is shown in place of the
    /// product's own words.
    #[serde(rename = "status_label")]
    pub label: Option<String>,
}

/// Programs that read a client's answers as JSON get one text.
#[expect(clippy::ref_option, reason = "serde passes the field by reference")]
fn id_or_unknown<S: serde::Serializer>(id: &Option<StatusId>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(id.as_ref().map_or("unknown", |id| &id.0))
}

impl TicketStatus {
    /// What stands for a status that no rule knows.
    #[must_use]
    pub fn unknown() -> Self {
        Self { id: None, kind: StatusKind::Open, turn: Turn::HelpDesk, label: None }
    }

    /// Whether the status has this id.
    #[must_use]
    pub fn is(&self, id: &str) -> bool {
        self.id.as_ref().is_some_and(|own| own.0 == id)
    }
}
