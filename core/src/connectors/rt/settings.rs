//! The settings of this connector: the part of the product that describes how a company has set up its Request Tracker.
//!
//! Every company sets up the service in its own way: an issue type is a custom field with any name, and a status is any
//! text. The settings give all of these names. A product without them is refused when the client is opened.

use serde::Deserialize;

use crate::model::ServerStatus;
use crate::product::{Product, ProductError};

/// The part `connector` of a product definition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Settings {
    /// The queue for new tickets.
    pub queue: String,
    pub fields: FieldNames,
    /// The meanings of the queue's statuses. A ticket is solved by giving it the first status that means solved.
    pub statuses: Vec<StatusName>,
    /// The organisations, as they are stored with each user, whose members work for the help desk.
    pub staff: Vec<String>,
    /// The largest file, in bytes. The server itself refuses none; its configuration decides what it stores.
    #[serde(default = "default_largest_file")]
    pub largest_file: u64,
}

/// The names of the queue's custom fields. If an optional field has no name here, its feature is not offered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct FieldNames {
    pub issue_type: Option<String>,
    pub access: Option<AccessField>,
    /// A text field with unique values that users may set on creation. It is required, because nothing else identifies
    /// a ticket whose answer was lost.
    pub client_reference: String,
    /// A text field with many values, which the server turns into CC addresses.
    pub add_cc: Option<String>,
}

/// The field that shares a ticket with its account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct AccessField {
    pub name: String,
    /// The value on a shared ticket.
    pub shared: String,
    /// The value on a ticket that is not shared.
    pub private: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct StatusName {
    pub name: String,
    #[serde(rename = "desk")]
    pub server: ServerStatus,
}

fn default_largest_file() -> u64 {
    25 * 1024 * 1024
}

impl Settings {
    pub(super) fn of(product: &Product) -> Result<Self, ProductError> {
        let settings: Self = serde_json::from_value(product.connector.clone()).map_err(|_| fault("connector"))?;
        let fields = &settings.fields;
        let access = fields.access.as_ref();
        for (what, name) in [
            ("queue", Some(&settings.queue)),
            ("fields.issue_type", fields.issue_type.as_ref()),
            ("fields.access.name", access.map(|access| &access.name)),
            ("fields.access.shared", access.map(|access| &access.shared)),
            ("fields.access.private", access.map(|access| &access.private)),
            ("fields.client_reference", Some(&fields.client_reference)),
            ("fields.add_cc", fields.add_cc.as_ref()),
        ] {
            if name.is_some_and(|name| !is_name(name)) {
                return Err(fault(&format!("connector.{what}")));
            }
        }
        if settings.statuses.is_empty() {
            return Err(fault("connector.statuses"));
        }
        if settings.staff.is_empty() || settings.staff.iter().any(|name| !is_name(name)) {
            return Err(fault("connector.staff"));
        }
        Ok(settings)
    }

    /// The server status that a status of the queue stands for.
    pub(super) fn status(&self, name: &str) -> ServerStatus {
        let known = self.statuses.iter().find(|known| known.name == name);
        known.map_or(ServerStatus::Unknown, |known| known.server)
    }

    /// The queue's status for a solved ticket, if one is named.
    pub(super) fn solved(&self) -> Option<&str> {
        self.statuses.iter().find(|known| known.server == ServerStatus::Solved).map(|known| &*known.name)
    }
}

/// Whether a name is not blank and has no character that would change the meaning of a search or a path.
fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && !name.chars().any(|c| c.is_control() || matches!(c, '{' | '}' | '\'' | '"' | '\\' | '/'))
}

fn fault(what: &str) -> ProductError {
    ProductError { what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::connectors::rt::PRODUCT;

    #[test]
    fn the_product_of_this_connector_can_be_read() {
        let settings = Settings::of(&Product::from_json(PRODUCT).unwrap()).unwrap();
        assert_eq!((settings.queue.as_str(), settings.solved()), ("Support", Some("solved")));
        assert_eq!(settings.status("awaiting your reply"), ServerStatus::Pending);
        assert_eq!(settings.status("stalled"), ServerStatus::Unknown);
        assert_eq!(settings.largest_file, 26_214_400);
    }

    #[test]
    fn an_error_in_the_settings_names_the_setting() {
        for (place, value, what) in [
            ("", json!(null), "connector"),
            ("/queue", json!(""), "connector.queue"),
            ("/fields/issue_type", json!("Type'} OR id > 0"), "connector.fields.issue_type"),
            ("/fields/access/shared", json!(" "), "connector.fields.access.shared"),
            ("/statuses", json!([]), "connector.statuses"),
            ("/staff", json!([]), "connector.staff"),
        ] {
            let mut faulty: Value = serde_json::from_str(PRODUCT).unwrap();
            faulty["access_toggle"] = json!(false);
            *faulty["connector"].pointer_mut(place).unwrap() = value;
            let product = Product::from_json(&faulty.to_string()).unwrap();
            assert_eq!(Settings::of(&product).unwrap_err().what, what, "{place}");
        }
    }
}
