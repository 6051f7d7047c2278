//! The fields that the server offers for a new ticket: the allowed values of issue type and access, and whether there
//! is a field for the client reference.
//!
//! They are read before the first ticket is created, and again if a value is not among them, because somebody may have
//! added it.

use serde_json::Value;

use super::calls::{BASE, ask, document, get};
use super::connection::{AllowedValues, Connection};
use super::wire;
use super::write::refused;
use crate::connectors::json::Json;
use crate::connectors::refusal::Asked;
use crate::model::Failure;

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
        let answer = ask(&self.session, &get(&path, &[]), Asked::Search).await?;
        let queue = document(&answer)?;
        let [fields] = queue.root().fields(["TicketCustomFields"]);
        if fields.is_missing() {
            return Err(Failure::misbehaves());
        }
        // Each name once, so that a list of any length costs a few requests.
        let mut used: Vec<(Option<i64>, String)> = Vec::new();
        fields.each(|field| {
            let [name] = field.fields(["name"]);
            let name = name.string().filter(|name| self.used_fields().any(|used| used == name));
            if let Some(name) = name {
                used.retain(|(_, known)| *known != name);
                used.push((wire::id(field), name));
            }
        });
        let mut allowed_values = AllowedValues::new();
        for (id, name) in used {
            let id = id.ok_or_else(Failure::misbehaves)?;
            let path = format!("{BASE}/customfield/{id}");
            let answer = ask(&self.session, &get(&path, &[]), Asked::Search).await?;
            let field = document(&answer)?;
            let [list] = field.root().fields(["Values"]);
            // Some versions of the service list names, others list objects with a name.
            let mut values = Vec::new();
            list.each(|value| {
                let [name] = value.fields(["name"]);
                values.extend([value, name].into_iter().find_map(Json::string));
            });
            allowed_values.insert(name, values);
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
