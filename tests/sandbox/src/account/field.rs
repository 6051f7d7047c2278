//! Ticket fields, with what end users may do with them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::texts::Texts;

/// The issue type, a drop-down. Its value is a tag.
pub const ISSUE_TYPE: i64 = 360_001_000_001;
/// "Accessible to all users of the account", a checkbox.
pub const ACCESS: i64 = 360_001_000_002;
/// The client reference of a new ticket, a line of text.
pub const CLIENT_REFERENCE: i64 = 360_001_000_003;
/// "Feedback was given", a checkbox that a trigger ticks. Not every account has it.
pub const FEEDBACK_GIVEN: i64 = 360_002_000_012;
/// The id of the only ticket form.
pub const FORM: i64 = 360_000_700_001;

/// A ticket field.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The service's id.
    pub id: i64,
    /// `subject`, `description`, `text`, `textarea`, `checkbox`, `tagger`, `multiselect`, `integer`, `decimal`, `date`,
    /// `regexp`, or anything: the service may answer undocumented types.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name of the field.
    pub titles: Texts,
    /// The hint below the field; empty if the company wrote none.
    #[serde(default)]
    pub hints: Texts,
    /// The options of a `tagger` or `multiselect`.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// Whether the field is in use.
    #[serde(default = "yes")]
    pub active: bool,
    /// Whether end users see it.
    #[serde(default = "yes")]
    pub visible: bool,
    /// Whether end users fill it in when they create a request.
    #[serde(default = "yes")]
    pub editable: bool,
    /// Whether end users must fill it in.
    #[serde(default)]
    pub required: bool,
    /// The value of a ticket for which nobody set one.
    #[serde(default)]
    pub initial: Value,
}

/// An option of a field.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The tag, which is what a ticket stores.
    pub value: String,
    /// What people read.
    pub names: Texts,
}

fn yes() -> bool {
    true
}

impl Field {
    /// Whether the service itself has this field, so that it is no custom field.
    pub fn is_system(&self) -> bool {
        matches!(self.kind.as_str(), "subject" | "description")
    }

    /// Whether end users fill in this custom field when they create a request.
    pub fn is_for_end_users(&self) -> bool {
        self.active && self.visible && self.editable && !self.is_system()
    }

    /// Whether the field can hold a value. Null empties it.
    pub fn can_hold(&self, value: &Value) -> bool {
        match (self.kind.as_str(), value) {
            (_, Value::Null) | ("checkbox", Value::Bool(_)) | ("decimal", Value::Number(_)) => true,
            ("tagger", Value::String(tag)) => self.option(tag).is_some(),
            ("multiselect", Value::Array(tags)) => {
                tags.iter().all(|tag| tag.as_str().is_some_and(|tag| self.option(tag).is_some()))
            }
            ("integer", Value::Number(number)) => number.is_i64(),
            ("integer", Value::String(text)) => text.parse::<i64>().is_ok(),
            ("decimal", Value::String(text)) => text.parse::<f64>().is_ok_and(f64::is_finite),
            ("date", Value::String(text)) => text.parse::<jiff::civil::Date>().is_ok(),
            ("checkbox" | "multiselect", _) => false,
            (_, Value::String(_)) => true,
            _ => false,
        }
    }

    /// Whether a value counts as filled in. A required checkbox has to be ticked.
    pub fn is_filled(value: &Value) -> bool {
        match value {
            Value::Null | Value::Bool(false) => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(all) => !all.is_empty(),
            _ => true,
        }
    }

    /// The option with this tag.
    pub fn option(&self, tag: &str) -> Option<&Choice> {
        self.options.iter().find(|option| option.value == tag)
    }
}
