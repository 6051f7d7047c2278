//! Statuses, what they mean, and where they come from.

use serde::Deserialize;

use super::strings::StringKey;
use crate::model::{ReplyRule, ServerStatus, StatusId, StatusKind, Turn};
use crate::product::condition::Conditions;

/// A status that users see (`docs/product.md`, T2). Its strings are `status.ID` and, optionally, `status.ID.explanation`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StatusDefinition {
    /// The id.
    pub id: StatusId,
    /// The fixed meaning, by which everything but the label is decided.
    pub kind: StatusKind,
    /// Whose turn it is.
    pub turn: Turn,
    /// Whether a reply can be written in it.
    pub reply: ReplyRule,
    /// What the screen says on a ticket in this status, at the place of the reply bar.
    #[serde(default)]
    pub banner: Option<StringKey>,
}

/// A rule that turns the server's status into one of the product. The first rule that fits decides.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StatusRule {
    /// Names of the server's custom statuses; the connector's part maps them to the server's ids.
    #[serde(default)]
    pub custom: Vec<String>,
    /// The server's own statuses.
    #[serde(default)]
    pub system: Vec<ServerStatus>,
    /// Who must have written the newest public comment. A thread that was never read counts as the user's.
    #[serde(default)]
    pub last_public: Option<Speaker>,
    /// The status of the product.
    pub to: StatusId,
}

/// Who wrote a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// A user.
    User,
    /// An agent of the help desk.
    Support,
}

/// What is shown for a status that no rule knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// The server's own label.
    #[default]
    ServerLabel,
}

/// A mark over a ticket's status, such as *Escalated* (`docs/product.md`, S4). Its string is `mark.ID`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The id.
    pub id: String,
    /// When a ticket has it.
    pub when: Conditions,
    /// Where it counts.
    #[serde(rename = "in")]
    pub places: Vec<MarkPlace>,
}

/// Where a mark counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MarkPlace {
    /// It is shown in the history.
    List,
    /// It is shown on the ticket.
    Detail,
    /// It is a value of the status filter.
    StatusFilter,
    /// It takes part in sorting by status.
    StatusSort,
}
