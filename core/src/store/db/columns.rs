//! How values of the model are written in columns.

use std::collections::BTreeMap;

use crate::model::{FieldValue, ServerStatus};

/// A server status as its column stores it.
pub(in crate::store) fn status_name(status: ServerStatus) -> &'static str {
    match status {
        ServerStatus::New => "new",
        ServerStatus::Open => "open",
        ServerStatus::Pending => "pending",
        ServerStatus::Hold => "hold",
        ServerStatus::Solved => "solved",
        ServerStatus::Closed => "closed",
        ServerStatus::Unknown => "unknown",
    }
}

/// The server status that `name` stores. A name that only a later version knows is read as unknown.
pub(in crate::store) fn status_of(name: &str) -> ServerStatus {
    match name {
        "new" => ServerStatus::New,
        "open" => ServerStatus::Open,
        "pending" => ServerStatus::Pending,
        "hold" => ServerStatus::Hold,
        "solved" => ServerStatus::Solved,
        "closed" => ServerStatus::Closed,
        _ => ServerStatus::Unknown,
    }
}

/// The values of a ticket's fields, from a JSON object with each value as JSON text. One that this version cannot read is left out.
pub(in crate::store) fn field_values(json: &str) -> BTreeMap<String, FieldValue> {
    let texts: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
    texts.into_iter().filter_map(|(field, value)| Some((field, serde_json::from_str(&value).ok()?))).collect()
}
