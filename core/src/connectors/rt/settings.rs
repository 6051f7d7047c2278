//! The settings of this connector: the part of the definition that describes how a company has set up its Request Tracker.
//!
//! Every company sets up the service in its own way: an issue type is a custom field with any name, and a status is any
//! text. The settings give all of these names. A definition without them is refused when the client is opened.

use std::collections::BTreeMap;

use crate::model::{FieldValue, RawValue, ServerStatus};
use crate::product::definition::parts::connectors::RequestTrackerSettings;
use crate::product::{FieldReader, Product};

/// The settings in the form in which this connector uses them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// The queue for new tickets.
    pub queue: String,
    pub fields: FieldNames,
    /// The organisations, as they are stored with each user, whose members work for the help desk.
    pub staff: Vec<String>,
    /// The largest file, in bytes. The server itself refuses none; its configuration decides what it stores.
    pub largest_file: u64,
    /// Whether the product names who created a ticket and who works on it before its thread was read.
    pub names: bool,
    /// Whether the product shows help articles.
    pub articles: bool,
    statuses: Vec<(String, ServerStatus)>,
    /// How the fields of the definition are read, by the names of the queue's custom fields.
    readers: Vec<(String, FieldReader)>,
}

/// The names of the queue's custom fields. If an optional field has no name here, its feature is not offered.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AccessField {
    pub name: String,
    /// The value on a shared ticket.
    pub shared: String,
    /// The value on a ticket that is not shared.
    pub private: String,
}

impl Settings {
    /// The settings of a definition; `None` if it has none for this kind of server.
    pub(super) fn of(product: &Product) -> Option<Self> {
        let RequestTrackerSettings { queue, staff, statuses, fields, largest_file, .. } =
            product.definition.request_tracker()?;
        let name = |id: &str| fields.get(id).map(|field| field.name.clone());
        let access = fields.get("access").map(|field| AccessField {
            name: field.name.clone(),
            shared: field.yes.clone().unwrap_or_else(|| "Yes".to_owned()),
            private: field.no.clone().unwrap_or_else(|| "No".to_owned()),
        });
        Some(Self {
            queue: queue.clone(),
            fields: FieldNames {
                issue_type: name("issue_type"),
                access,
                client_reference: name("client_reference")?,
                add_cc: name("add_cc"),
            },
            staff: staff.clone(),
            largest_file: *largest_file,
            names: product.definition.asks_for_assignee(),
            articles: product.definition.articles.is_some(),
            readers: fields
                .iter()
                .filter_map(|(id, source)| {
                    let definition = product.definition.fields.get(id)?;
                    Some((source.name.clone(), FieldReader::new(id, definition, &source.values, None)))
                })
                .collect(),
            statuses: statuses.iter().map(|(name, status)| (name.clone(), *status)).collect(),
        })
    }

    /// Reads the definition's fields. `values`: the values of the queue's custom field with this name. A value that is not
    /// of its field's type is left out.
    pub(super) fn read(&self, values: impl Fn(&str) -> Vec<String>) -> BTreeMap<String, FieldValue> {
        let read = |(name, reader): &(String, FieldReader)| {
            let values = values(name);
            let raw = if values.len() == 1 { RawValue::Text(values.concat()) } else { RawValue::List(values) };
            Some((reader.field.clone(), reader.read(&raw)?))
        };
        self.readers.iter().filter_map(read).collect()
    }

    /// The server status that a status of the queue stands for.
    pub(super) fn status(&self, name: &str) -> ServerStatus {
        let known = self.statuses.iter().find(|(known, _)| known == name);
        known.map_or(ServerStatus::Unknown, |(_, status)| *status)
    }

    /// The queue's status for a solved ticket, if one is named. Of several it is the one called `solved` or `resolved`,
    /// else the first by name.
    pub(super) fn solved(&self) -> Option<&str> {
        let mut meant =
            self.statuses.iter().filter(|(_, status)| *status == ServerStatus::Solved).map(|(name, _)| &**name);
        let first = meant.clone().next();
        meant.find(|name| matches!(*name, "solved" | "resolved")).or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::{BUILT_IN, ServerKind};

    #[test]
    fn the_built_in_definition_has_settings_for_this_connector() {
        let product = Product::from_json(BUILT_IN, ServerKind::RequestTracker).unwrap();
        let settings = Settings::of(&product).unwrap();
        assert_eq!((settings.queue.as_str(), settings.solved()), ("Support", Some("solved")));
        assert_eq!(settings.status("awaiting your reply"), ServerStatus::Pending);
        assert_eq!(settings.status("stalled"), ServerStatus::Unknown);
        assert_eq!(settings.largest_file, 26_214_400);
    }
}
