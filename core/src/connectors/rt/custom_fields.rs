//! What a new ticket's fields can hold, as the server says: the values of its issue type and of its access, and that it has a
//! field for the reference.
//!
//! Read when the first ticket is created, and again when a value is not among what was read: somebody may have added it.

use serde::Deserialize;
use serde_json::Value;

use super::calls::{BASE, ask, get};
use super::classify::{Asked, refused};
use super::connection::{AllowedValues, Rt};
use super::wire::{Id, null_as_default};
use crate::model::Failure;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Queue {
    #[serde(default, deserialize_with = "null_as_default")]
    ticket_custom_fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    id: Id,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FieldPage {
    #[serde(default, deserialize_with = "null_as_default")]
    values: Vec<AllowedValue>,
}

/// Some versions name the value, others describe it.
#[derive(Deserialize)]
#[serde(untagged)]
enum AllowedValue {
    Name(String),
    Described { name: String },
}

impl Rt {
    /// Refuses a new ticket with a value that the server would drop without a word.
    pub(super) async fn check_allowed_values(&self, request: &Value) -> Result<(), Failure> {
        let known = self.allowed_values.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if known.is_some_and(|known| self.missing(&known, request).is_none()) {
            return Ok(());
        }
        let fresh = self.read_allowed_values().await?;
        let missing = self.missing(&fresh, request);
        *self.allowed_values.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(fresh);
        missing.map_or(Ok(()), |name| Err(refused(&name)))
    }

    /// The first field of the request whose value is not offered, with that value. A field without values takes any text.
    fn missing(&self, allowed_values: &AllowedValues, request: &Value) -> Option<String> {
        self.needed().find_map(|name| {
            let value = request["CustomFields"][name].as_str()?;
            match allowed_values.get(name) {
                Some(values) if values.is_empty() || values.iter().any(|allowed_values| allowed_values == value) => {
                    None
                }
                _ => Some(format!("{name}: {value}")),
            }
        })
    }

    async fn read_allowed_values(&self) -> Result<AllowedValues, Failure> {
        let path = format!("{BASE}/queue/{}", self.settings.queue);
        let queue: Queue = ask(&self.session, &get(&path, &[]), Asked::General).await?;
        let mut allowed_values = AllowedValues::new();
        for field in queue.ticket_custom_fields {
            if !self.needed().any(|name| name == field.name) {
                continue;
            }
            let path = format!("{BASE}/customfield/{}", field.id.0);
            let page: FieldPage = ask(&self.session, &get(&path, &[]), Asked::General).await?;
            let name = |value| match value {
                AllowedValue::Name(name) | AllowedValue::Described { name } => name,
            };
            allowed_values.insert(field.name, page.values.into_iter().map(name).collect());
        }
        Ok(allowed_values)
    }

    /// The fields that a new ticket needs.
    fn needed(&self) -> impl Iterator<Item = &str> {
        let fields = &self.settings.fields;
        let access = fields.access.as_ref().map(|access| &access.name);
        [Some(&fields.client_reference), fields.issue_type.as_ref(), access].into_iter().flatten().map(String::as_str)
    }
}
