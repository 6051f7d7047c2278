//! The values of a ticket's fields, with their types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{PersonId, Timestamp};

/// The value of a field of the product (`docs/product-definition.md`). The store keeps it as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum FieldValue {
    /// A text, not empty.
    Text(String),
    /// A number in decimal digits, as the server wrote it.
    Number(String),
    /// Yes or no.
    Bool(bool),
    /// A moment.
    Instant(Timestamp),
    /// A day without a time, as `2026-03-05`.
    Day(String),
    /// One of a few values: the definition's id of it, or the server's own word for one that the definition does not know.
    Enum(String),
    /// A link, https only.
    Https(String),
    /// A person, by the server's id.
    Person(PersonId),
    /// A link with its title.
    Link {
        /// What is shown; `None` if there is only the address.
        title: Option<String>,
        /// The address, https only.
        url: String,
    },
    /// Several values.
    List(Vec<FieldValue>),
    /// For some values of an enumeration, a value each.
    Map(BTreeMap<String, FieldValue>),
}

/// The channel through which a ticket came, in the server's word: a text. It stands beside the product's own fields, whose
/// ids never look like this.
pub const VIA: &str = "@via";
/// The agent to whom a ticket is assigned: a person.
pub const ASSIGNEE: &str = "@assignee";

/// The value of a field as a server has it, before its type is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawValue {
    /// A text, a date, or the name of an option. Never empty.
    Text(String),
    /// A number, as it is written.
    Number(String),
    /// Yes or no.
    Flag(bool),
    /// Several values. Never empty.
    List(Vec<String>),
}
