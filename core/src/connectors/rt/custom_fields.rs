//! The fields that the server offers for a new ticket: the allowed values of issue type and access, and whether there
//! is a field for the client reference.
//!
//! They are read before the first ticket is created, and again if a value is not among them, because somebody may have
//! added it.

use serde::Deserialize;
use serde_json::Value;

use super::calls::{BASE, ask, get};
use super::classify::{Asked, refused};
use super::connection::{AllowedValues, Connection};
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

/// Some versions of the service list names, others list objects with a name.
#[derive(Deserialize)]
#[serde(untagged)]
enum AllowedValue {
    Name(String),
    Described { name: String },
}

impl Connection {
    /// Refuses a new ticket with a value that the server would drop silently.
    pub(super) async fn check_allowed_values(&self, request: &Value) -> Result<(), Failure> {
        let known = self.allowed_values.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if known.is_some_and(|known| self.first_refused(&known, request).is_none()) {
            return Ok(());
        }
        let fresh = self.read_allowed_values().await?;
        let first_refused = self.first_refused(&fresh, request);
        *self.allowed_values.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(fresh);
        first_refused.map_or(Ok(()), |name| Err(refused(&name)))
    }

    /// The first field of the request whose value the server does not offer, with that value. A field without allowed
    /// values takes any text.
    fn first_refused(&self, allowed_values: &AllowedValues, request: &Value) -> Option<String> {
        self.used_fields().find_map(|name| {
            let value = request["CustomFields"][name].as_str()?;
            match allowed_values.get(name) {
                Some(values) if values.is_empty() || values.iter().any(|allowed| allowed == value) => None,
                _ => Some(format!("{name}: {value}")),
            }
        })
    }

    async fn read_allowed_values(&self) -> Result<AllowedValues, Failure> {
        let path = format!("{BASE}/queue/{}", self.settings.queue);
        let queue: Queue = ask(&self.session, &get(&path, &[]), Asked::General).await?;
        let mut allowed_values = AllowedValues::new();
        for field in queue.ticket_custom_fields {
            if !self.used_fields().any(|name| name == field.name) {
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

    /// The names of the fields that a new ticket uses.
    fn used_fields(&self) -> impl Iterator<Item = &str> {
        let fields = &self.settings.fields;
        let access = fields.access.as_ref().map(|access| &access.name);
        [Some(&fields.client_reference), fields.issue_type.as_ref(), access].into_iter().flatten().map(String::as_str)
    }
}
