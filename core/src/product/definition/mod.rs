//! Product definitions: how a product's JSON becomes a checked [`Definition`].
//!
//! A definition is made of layers. The text that the host app hands in names what it extends, that may extend something
//! itself, and a definition delivered by a server lies on top. The layers are merged as JSON ([`layers`]): a later layer
//! wins, objects key by key, lists of objects by their `id`, and null removes. The result is read into the types of
//! [`parts`], where every key must be known and every word must be one of those that exist, and then checked as a whole
//! ([`check`]): every id that is named must exist, every number must be within its bounds, and every string must stand in
//! every language.
//!
//! What is wrong is told with its place: the file, the line and column in the layer that said it, and the path
//! ([`place`]). A definition that is wrong in one place is refused as a whole; nobody would know what half of it means.
//!
//! `docs/product-definition.md` explains the format, and `docs/product-definition.schema.json` is its schema, made from
//! the types of [`parts`].

mod check;
mod layers;
pub mod parts;
mod place;
#[cfg(test)]
mod tests;
mod trust;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

pub use self::layers::{Layers, SHIPPED};
use self::parts::actions::{ActionDefinition, Roles};
use self::parts::connectors::Connectors;
use self::parts::details::{Section, TicketType, UnknownType};
use self::parts::entries::{Articles, EntryDefinition, ReadMarks};
use self::parts::fields::FieldDefinition;
use self::parts::form::{Attachments, CreateForm, IssueTypeDefinition, Reply};
use self::parts::history::History;
use self::parts::statuses::{Mark, StatusDefinition, StatusRule, Unknown};
use self::parts::strings::DefinitionStrings;
use self::parts::sync::Sync;
pub use self::place::{DefinitionError, Place};

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
    /// Who is what to a ticket.
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
    /// The sections of detail screens.
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

impl Definition {
    /// Reads the merged layers, and checks the whole.
    pub fn load(layers: &Layers<'_>) -> Result<Self, DefinitionError> {
        let merged = layers.merged();
        let definition = Self::read(layers, &merged)?;
        let Some(trusted) = layers.trusted() else { return Ok(definition) };
        let before = trusted.merged();
        let known = Self::read(&trusted, &before)?;
        match trust::violation(&known, &definition, [&before, &merged]) {
            Some((place, what)) => Err(layers.fault(&place::with_ids(&place, &merged), &what)),
            None => Ok(definition),
        }
    }

    fn read(layers: &Layers<'_>, merged: &Value) -> Result<Self, DefinitionError> {
        let definition: Self = serde_path_to_error::deserialize(merged)
            .map_err(|error| layers.fault(&place::path_of(error.path(), merged), &error.inner().to_string()))?;
        definition.check().map_err(|fault| layers.fault(&place::with_ids(&fault.path, merged), &fault.what))?;
        Ok(definition)
    }
}

/// The JSON schema of a definition's text, made from the types of [`parts`]. A text is a layer: it may leave out whatever a
/// layer beneath has, remove it with null, and remove an element of a list with `"removed": true`. What only holds for the
/// whole, such as that every id exists, is not in the schema.
#[cfg(feature = "schema")]
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(Definition).to_value();
    relax(&mut schema);
    schema["required"] = serde_json::json!(["schema", "id", "version"]);
    schema
}

/// Lets every object of a schema be a part of one.
#[cfg(feature = "schema")]
fn relax(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            let has_id = object.get("properties").is_some_and(|known| known.get("id").is_some());
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                for value in properties.values_mut() {
                    relax(value);
                    *value = serde_json::json!({ "anyOf": [value.take(), { "type": "null" }] });
                }
                if has_id {
                    properties.insert("removed".to_owned(), serde_json::json!({ "const": true }));
                }
                let required = if has_id { vec!["id"] } else { Vec::new() };
                object.insert("required".to_owned(), serde_json::json!(required));
                let patterns = object.entry("patternProperties").or_insert_with(|| serde_json::json!({}));
                patterns["^x-"] = Value::Bool(true);
            }
            for (key, value) in object.iter_mut() {
                if key != "properties" {
                    relax(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(relax),
        _ => {}
    }
}
