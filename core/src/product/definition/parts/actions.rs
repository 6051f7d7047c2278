//! Actions: what a user can do with a ticket, beside reading it and replying.

use serde::Deserialize;

use super::strings::StringKey;
use crate::product::condition::Conditions;

/// An action (`docs/product.md`, W12, S13 to S15). Its string is `action.ID`.
///
/// A definition decides who is offered an action, when and where; the kind decides what it does, and the connector how
/// that is written to the server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ActionDefinition {
    /// The id. An action that waits to be sent keeps it.
    pub id: String,
    /// What it does.
    pub kind: ActionKind,
    /// Who may.
    pub who: Who,
    /// In which states.
    #[serde(default)]
    pub when: Conditions,
    /// Where the screen offers it.
    #[serde(default)]
    pub place: ActionPlace,
    /// The question before it.
    #[serde(default)]
    pub confirm: Option<StringKey>,
    /// The comment that it writes. With `edit` it is only proposed.
    #[serde(default)]
    pub body: Option<StringKey>,
    /// Whether the user can change the comment first.
    #[serde(default)]
    pub edit: bool,
    /// The field that it writes.
    #[serde(default)]
    pub field: Option<String>,
    /// What a field that was never set is said to be.
    #[serde(default)]
    pub default: Option<StringKey>,
    /// What is said beside it.
    #[serde(default)]
    pub warn: Option<StringKey>,
    /// What is said until the server has confirmed it.
    #[serde(default)]
    pub unsent: Option<StringKey>,
    /// The action in whose place it stands.
    #[serde(default)]
    pub instead_of: Option<String>,
    /// It is offered once only: until this field is set (`field.ID`).
    #[serde(default)]
    pub once: Option<String>,
    /// What stands in its place afterwards.
    #[serde(default)]
    pub after: Option<StringKey>,
    /// The answers of a rating, the worst first.
    #[serde(default)]
    pub rating: Vec<String>,
    /// Whether a rating takes a text.
    #[serde(default)]
    pub text: Option<RatingText>,
    /// The text with which it opens the form of a new ticket.
    #[serde(default)]
    pub prefill: Option<StringKey>,
    /// How the new ticket is linked to this one.
    #[serde(default)]
    pub link: Option<TicketLink>,
}

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// It marks the ticket as solved.
    Solve,
    /// It writes a comment.
    Reply,
    /// It adds CC addresses.
    AddCc,
    /// It opens the form of a new ticket.
    NewRequest,
    /// It asks how the help desk did.
    Feedback,
    /// It turns a field on or off.
    Toggle,
}

/// Who may do something: `any` for whoever sees the ticket, or one or several roles, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Whoever sees the ticket.
    Any,
    /// A user with one of these roles.
    Roles(Vec<Role>),
}

/// What a user is to a ticket (`docs/product.md`, S20). The definition says when each holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The user who created it.
    Owner,
    /// A further user of it.
    Linked,
    /// An administrator of the owner's organisation.
    Admin,
}

impl Role {
    /// Every role, with its name.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Owner, "owner"), (Self::Linked, "linked"), (Self::Admin, "admin")];

    /// The role with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(role, _)| *role)
    }
}

impl std::str::FromStr for Who {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "any" {
            return Ok(Self::Any);
        }
        text.split(',').map(|name| Role::named(name.trim()).ok_or(())).collect::<Result<_, _>>().map(Self::Roles)
    }
}

super::text_form!(
    Who,
    "`any`, or `owner`, `linked` or `admin`, or several of these separated by commas",
    "^(any|(owner|linked|admin)(, ?(owner|linked|admin))*)$"
);

/// When a user has each role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Roles {
    /// The user who created the ticket.
    pub owner: Conditions,
    /// A further user of the ticket.
    pub linked: Option<Conditions>,
    /// An administrator.
    pub admin: Option<Conditions>,
}

/// Where a screen offers an action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActionPlace {
    /// Below the details.
    #[default]
    Menu,
    /// At the ticket's head.
    Head,
}

/// Whether a rating takes a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RatingText {
    /// It may have one.
    Optional,
    /// It must have one.
    Required,
}

/// How a new ticket is linked to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TicketLink {
    /// It follows up on a closed ticket.
    Followup,
}
