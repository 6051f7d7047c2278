//! What a ticket says of itself in the company's own terms: its custom status, and the values of its custom fields.

use crate::connectors::json::Json;
use crate::model::RawValue;

/// The largest text of a field that is read, in bytes. The service allows 65,536 characters.
const LARGEST_TEXT: usize = 256 * 1024;
/// The most fields that are read of a ticket. The service allows 400.
const MAX_FIELDS: usize = 1_000;
/// The most tags that are read of one field.
const MAX_TAGS: usize = 2_000;

/// The part of a ticket that only the company's set-up explains.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Values {
    /// The custom status; `None` in an account without them.
    pub custom_status: Option<i64>,
    /// The fields that have a value, each once, in the server's order.
    pub fields: Vec<(i64, RawValue)>,
}

/// The custom fields of a ticket, each once, in the server's order. One without the id of its field is left out. If a field
/// occurs twice, the last one counts.
pub(super) fn custom_fields(list: Json<'_>) -> Vec<(i64, Json<'_>)> {
    let mut fields: Vec<(i64, Json<'_>)> = Vec::new();
    list.each(|field| {
        let [id, value] = field.fields(["id", "value"]);
        let Some(id) = id.id() else { return };
        fields.retain(|(known, _)| *known != id);
        if fields.len() < MAX_FIELDS {
            fields.push((id, value));
        }
    });
    fields
}

/// Reads the values of a ticket. A value of another type costs that value.
pub(super) fn values(custom_status: Json<'_>, fields: &[(i64, Json<'_>)]) -> Values {
    let value = |(id, value): &(i64, Json<'_>)| Some((*id, field_value(*value)?));
    Values { custom_status: custom_status.id(), fields: fields.iter().filter_map(value).collect() }
}

fn field_value(value: Json<'_>) -> Option<RawValue> {
    if let Some(flag) = value.boolean() {
        return Some(RawValue::Flag(flag));
    }
    if let Some((text, _)) = value.string_within(LARGEST_TEXT) {
        return Some(RawValue::Text(text)).filter(is_filled);
    }
    let mut tags = Vec::new();
    if value.each(|tag| tags.extend(tag.short().filter(|_| tags.len() < MAX_TAGS))) {
        return Some(RawValue::List(tags)).filter(is_filled);
    }
    value.text().map(RawValue::Number)
}

fn is_filled(value: &RawValue) -> bool {
    match value {
        RawValue::Text(text) => !text.trim().is_empty(),
        RawValue::List(tags) => !tags.is_empty(),
        RawValue::Number(_) | RawValue::Flag(_) => true,
    }
}
