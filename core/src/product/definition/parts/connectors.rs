//! What on a server feeds the parts of a definition, for each kind of server.
//!
//! The names and numbers here are the company's: which custom field holds what, how its statuses are called. How they are
//! read and written is the connector's business.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de};

use crate::model::ServerStatus;

/// The settings of each connector. A definition can have several, and works with the servers for which it has one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Connectors {
    /// For Zendesk.
    pub zendesk: Option<ZendeskSettings>,
    /// For Request Tracker.
    pub request_tracker: Option<RequestTrackerSettings>,
}

/// What on a Zendesk feeds the definition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ZendeskSettings {
    /// The lists that make the history: `own`; `ccd`, the tickets that the user is copied on; `organization`, what the list of
    /// the user's own organization shows; `organizations:view_tickets`, all tickets of the organizations that the user may
    /// view. Without any: `own`, `ccd` and `organization`.
    pub lists: Vec<String>,
    /// What is asked for beside the tickets.
    pub include: Vec<String>,
    /// The ids of the custom statuses that the status rules name, or `labels` if only their labels are used.
    pub custom_statuses: CustomStatuses,
    /// The ids of the custom fields: of the definition's fields, and of `issue_type`, `access` and `client_reference`.
    pub fields: BTreeMap<String, ZendeskField>,
    /// The custom objects that hold what a field cannot.
    pub objects: BTreeMap<String, ZendeskObject>,
    /// Ways of giving feedback, the first that the account has: `survey`, `legacy`, `host`, separated by `|`.
    pub feedback: Option<String>,
    /// Whether the company has set the server up so that it shows a ticket to others exactly if the ticket's access field
    /// says so. Without this the access toggle is not offered: it would promise something that does not happen.
    pub access_enforced: bool,
    /// Whether the company has set up read marks that the users of an account share. Plain Zendesk has none.
    pub shared_read_marks: bool,
    /// Whether the company lets anybody submit requests without signing in, which an administrator turns on. Without this,
    /// no ticket without an account is offered.
    pub anonymous: bool,
}

/// The custom statuses of a Zendesk.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(untagged))]
pub enum CustomStatuses {
    /// By the names of the status rules.
    Ids(BTreeMap<String, i64>),
    /// `labels`: only their labels are shown.
    Labels(String),
}

impl Default for CustomStatuses {
    fn default() -> Self {
        Self::Ids(BTreeMap::new())
    }
}

impl<'de> Deserialize<'de> for CustomStatuses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Forms;
        impl<'de> de::Visitor<'de> for Forms {
            type Value = CustomStatuses;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("`labels`, or ids by name")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<CustomStatuses, E> {
                if text == "labels" {
                    Ok(CustomStatuses::Labels(text.to_owned()))
                } else {
                    Err(E::invalid_value(de::Unexpected::Str(text), &self))
                }
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<CustomStatuses, A::Error> {
                BTreeMap::deserialize(de::value::MapAccessDeserializer::new(map)).map(CustomStatuses::Ids)
            }
        }
        deserializer.deserialize_any(Forms)
    }
}

/// A custom field of a Zendesk: its id, or an object with more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "ZendeskFieldForms"))]
pub struct ZendeskField {
    /// The id.
    pub id: i64,
    /// The definition's values by the server's; a value that is missing here is the same on both sides.
    pub values: BTreeMap<String, String>,
    /// How a text is read: `lines:state=instant` or `lines:link`.
    pub parse: Option<Parser>,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct ZendeskFieldObject {
    id: i64,
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    parse: Option<Parser>,
}

#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum ZendeskFieldForms {
    Id(i64),
    Object(ZendeskFieldObject),
}

impl<'de> Deserialize<'de> for ZendeskField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Forms;
        impl<'de> de::Visitor<'de> for Forms {
            type Value = ZendeskField;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("the id of a custom field, or an object with `id`")
            }

            fn visit_i64<E: de::Error>(self, id: i64) -> Result<ZendeskField, E> {
                Ok(ZendeskField { id, ..ZendeskField::default() })
            }

            fn visit_u64<E: de::Error>(self, id: u64) -> Result<ZendeskField, E> {
                let id = i64::try_from(id).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(id), &self))?;
                self.visit_i64(id)
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<ZendeskField, A::Error> {
                let ZendeskFieldObject { id, values, parse } =
                    ZendeskFieldObject::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(ZendeskField { id, values, parse })
            }
        }
        deserializer.deserialize_any(Forms)
    }
}

/// How a text with several lines is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Parser {
    /// Each line is `state=instant`.
    #[serde(rename = "lines:state=instant")]
    StatesWithInstants,
    /// Each line is a link, with or without a title before it.
    #[serde(rename = "lines:link")]
    Links,
}

/// A custom object that holds a value for each ticket and user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ZendeskObject {
    /// The object's key.
    pub key: String,
    /// Its field with the ticket.
    pub ticket: String,
    /// Its field with the user.
    pub user: String,
    /// Its field with the value.
    pub value: String,
    /// What is used where the object cannot be written.
    #[serde(rename = "or", default)]
    pub otherwise: Option<ObjectFallback>,
}

/// What is used where a custom object cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ObjectFallback {
    /// A call back into the host app.
    Host,
}

/// What on a Request Tracker feeds the definition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestTrackerSettings {
    /// The queue for new tickets.
    pub queue: String,
    /// The organisations, as they are stored with each user, whose members work for the help desk.
    pub staff: Vec<String>,
    /// What each status of the queue's lifecycle stands for.
    pub statuses: BTreeMap<String, ServerStatus>,
    /// The queue's statuses that the status rules name as custom ones, by those names.
    #[serde(default)]
    pub custom_statuses: BTreeMap<String, String>,
    /// The custom fields: of the definition's fields, and of `issue_type`, `access`, `client_reference` and `add_cc`.
    /// `client_reference` is required, because nothing else identifies a ticket whose answer was lost.
    pub fields: BTreeMap<String, RequestTrackerField>,
    /// Where feedback is written.
    #[serde(default)]
    pub feedback: Option<RequestTrackerFeedback>,
    /// The largest file, in bytes. The server itself refuses none; its configuration decides what it stores.
    #[serde(default = "default_largest_file")]
    pub largest_file: u64,
}

/// The largest file that a Request Tracker is taken to store, in bytes.
fn default_largest_file() -> u64 {
    25 * 1024 * 1024
}

/// A custom field of a Request Tracker: its name, or an object with more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "RequestTrackerFieldForms"))]
pub struct RequestTrackerField {
    /// The name.
    pub name: String,
    /// The definition's values by the server's; a value that is missing here is the same on both sides.
    pub values: BTreeMap<String, String>,
    /// The value that means yes.
    pub yes: Option<String>,
    /// The value that means no.
    pub no: Option<String>,
    /// How several users' values stand in one field.
    pub form: Option<FieldForm>,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct RequestTrackerFieldObject {
    name: String,
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    yes: Option<String>,
    #[serde(default)]
    no: Option<String>,
    #[serde(rename = "as", default)]
    form: Option<FieldForm>,
}

#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum RequestTrackerFieldForms {
    Name(String),
    Object(RequestTrackerFieldObject),
}

impl<'de> Deserialize<'de> for RequestTrackerField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Forms;
        impl<'de> de::Visitor<'de> for Forms {
            type Value = RequestTrackerField;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("the name of a custom field, or an object with `name`")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<RequestTrackerField, E> {
                Ok(RequestTrackerField { name: name.to_owned(), ..RequestTrackerField::default() })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<RequestTrackerField, A::Error> {
                let RequestTrackerFieldObject { name, values, yes, no, form } =
                    RequestTrackerFieldObject::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RequestTrackerField { name, values, yes, no, form })
            }
        }
        deserializer.deserialize_any(Forms)
    }
}

/// How several users' values stand in one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldForm {
    /// The field holds the users who say yes.
    SetOfMe,
}

/// Where a Request Tracker takes feedback.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestTrackerFeedback {
    /// The field with the rating.
    pub rating: String,
    /// The ratings, the worst first.
    pub values: Vec<String>,
    /// The field with the text.
    #[serde(default)]
    pub text: Option<String>,
}
