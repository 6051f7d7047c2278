//! The merged whole of a definition.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::parts::actions::{ActionDefinition, Roles};
use super::parts::connectors::Connectors;
use super::parts::details::{Section, TicketType, UnknownType};
use super::parts::entries::{Articles, EntryDefinition, ReadMarks};
use super::parts::fields::FieldDefinition;
use super::parts::form::{Attachments, CreateForm, IssueTypeDefinition, Reply};
use super::parts::history::History;
use super::parts::statuses::{Mark, StatusDefinition, StatusRule, Unknown};
use super::parts::strings::DefinitionStrings;
use super::parts::sync::Sync;

/// The version of the format that this library reads.
pub const SCHEMA: u32 = 1;

/// A product definition, merged and checked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The version of the format: 1.
    pub schema: u32,
    /// The product's id.
    pub id: String,
    /// The definition's own version. A delivered definition is taken only if its version is not lower than the last one's.
    pub version: u32,
    /// The definition beneath this one, as `ID@VERSION`.
    #[serde(default)]
    pub extends: Option<String>,
    /// How a user's role for a ticket is found.
    #[serde(default)]
    pub roles: Roles,
    /// The statuses that users see, in the order of a ticket's life.
    pub statuses: Vec<StatusDefinition>,
    /// How the server's statuses become those of the product.
    pub status_from: Vec<StatusRule>,
    /// What is shown for a status that no rule knows.
    #[serde(default)]
    pub status_unknown: Unknown,
    /// Marks over the status.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// The fields of tickets.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldDefinition>,
    /// The issue types, in the order in which they are offered. Empty if tickets have none.
    #[serde(default)]
    pub issue_types: Vec<IssueTypeDefinition>,
    /// The form of a new ticket.
    pub create: CreateForm,
    /// The reply.
    #[serde(default)]
    pub reply: Reply,
    /// Which files can be attached; null for none.
    #[serde(default)]
    pub attachments: Option<Attachments>,
    /// The history.
    pub history: History,
    /// The types of tickets. Without any, a ticket shows its facts and its thread.
    #[serde(default)]
    pub ticket_types: Vec<TicketType>,
    /// What a ticket of an unknown type shows.
    #[serde(default)]
    pub ticket_type_unknown: Option<UnknownType>,
    /// The sections of detail screens, by id.
    #[serde(default)]
    pub sections: BTreeMap<String, Section>,
    /// What a user can do with a ticket.
    #[serde(default)]
    pub actions: Vec<ActionDefinition>,
    /// The entries of the Help & Support screen.
    #[serde(default)]
    pub entries: Vec<EntryDefinition>,
    /// The help articles; null for none.
    #[serde(default)]
    pub articles: Option<Articles>,
    /// Whose a read mark is.
    #[serde(default)]
    pub read_marks: ReadMarks,
    /// The strings of this product, over the shared ones.
    #[serde(default)]
    pub strings: DefinitionStrings,
    /// What on the server feeds the parts of this definition.
    #[serde(default)]
    pub connectors: Connectors,
    /// How often and how much the client asks.
    pub sync: Sync,
}
