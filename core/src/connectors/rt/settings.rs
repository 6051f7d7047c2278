//! How a company has set its Request Tracker up: the part of the product that only this connector reads.
//!
//! The service is a kit: a ticket's issue type is a custom field of whatever name, and its statuses are words that somebody
//! typed. So all of them are named here, once, and a product that names none is refused when the server is opened.

use serde::Deserialize;

use crate::model::ServerStatus;
use crate::product::{Product, ProductError};

/// The part `connector` of a product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Settings {
    /// Where new tickets go.
    pub queue: String,
    pub fields: FieldNames,
    /// What the statuses of the queue's life cycle mean. To solve a ticket is to give it the first that means so.
    pub statuses: Vec<StatusName>,
    /// The organisations (as it stands with each user) whose people work for the server.
    pub staff: Vec<String>,
    /// In bytes. The server refuses none by itself: how it is set up decides what it keeps.
    #[serde(default = "default_largest_file")]
    pub largest_file: u64,
}

/// The queue's custom fields; what need not be named and is not, is not offered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct FieldNames {
    pub issue_type: Option<String>,
    pub access: Option<AccessField>,
    /// A text with unique values, that users may set on creation. Nothing else tells a ticket whose answer was lost from
    /// another one, so it is not left to choice.
    pub client_reference: String,
    /// A text with many values, of which the server makes CC addresses.
    pub add_cc: Option<String>,
}

/// The field that shares a ticket with its account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct AccessField {
    pub name: String,
    /// Its value on a ticket that is shared.
    pub shared: String,
    /// Its value on one that is not.
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

    /// The word for a status, in the model's terms.
    pub(super) fn status(&self, name: &str) -> ServerStatus {
        let known = self.statuses.iter().find(|known| known.name == name);
        known.map_or(ServerStatus::Unknown, |known| known.server)
    }

    /// The word that solves a ticket.
    pub(super) fn solved(&self) -> Option<&str> {
        self.statuses.iter().find(|known| known.server == ServerStatus::Solved).map(|known| &*known.name)
    }
}

/// Not blank, and nothing that a search or a path would read as something else.
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
    fn the_profile_of_this_connector_reads() {
        let settings = Settings::of(&Product::from_json(PRODUCT).unwrap()).unwrap();
        assert_eq!((settings.queue.as_str(), settings.solved()), ("Support", Some("solved")));
        assert_eq!(settings.status("awaiting your reply"), ServerStatus::Pending);
        assert_eq!(settings.status("stalled"), ServerStatus::Unknown);
        assert_eq!(settings.largest_file, 26_214_400);
    }

    #[test]
    fn a_faulty_setting_is_named() {
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
