//! The service's JSON, as far as the connector reads it.
//!
//! An id can be a number, a text, or an object that holds it. A user's "id" is the login name unless the number is
//! requested. An empty list of custom fields is an empty text. Essential fields must exist all the same; all others may
//! be null or missing.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An id, in any of the service's notations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(pub i64);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Number(i64),
            Text(String),
            Object { id: Box<Raw> },
        }
        fn number(raw: Raw) -> Option<i64> {
            match raw {
                Raw::Number(number) => Some(number),
                Raw::Text(text) => text.parse().ok(),
                Raw::Object { id } => number(*id),
            }
        }
        let number = number(Raw::deserialize(deserializer)?);
        number.map(Self).ok_or_else(|| serde::de::Error::custom("not a number"))
    }
}

/// A page of tickets, transactions or attachments.
#[derive(Deserialize)]
pub(super) struct Page<T> {
    pub items: Vec<T>,
    /// The total. Sent for tickets only, and not by every version.
    pub total: Option<u64>,
    #[serde(rename = "next_page")]
    pub next: Option<String>,
}

/// A ticket in a list.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Ticket {
    #[serde(rename = "id")]
    pub id: Id,
    #[serde(default, deserialize_with = "null_as_default")]
    pub subject: String,
    pub status: String,
    pub created: String,
    pub last_updated: String,
    pub requestor: Vec<Person>,
    pub creator: Person,
    #[serde(default, deserialize_with = "empty_text_as_none")]
    pub custom_fields: Vec<CustomField>,
    /// Requested only after addresses were added.
    #[serde(default)]
    pub cc: Vec<Person>,
}

/// The fields to request for [`Ticket`], and for the people in it.
pub(super) const TICKET_FIELDS: [(&str, &str); 3] = [
    ("fields", "Subject,Status,Created,LastUpdated,Requestor,Creator,CustomFields"),
    ("fields[Requestor]", "id"),
    ("fields[Creator]", "id"),
];

/// The page of one ticket.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Detail {
    #[serde(rename = "id")]
    pub id: Id,
    pub status: String,
    #[serde(rename = "_hyperlinks", default)]
    pub hyperlinks: Vec<Link>,
}

/// An action that the user may take on a ticket.
#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(rename = "ref", default)]
    pub what: String,
    /// The new status, if the action is a change of status.
    pub to: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CustomField {
    pub name: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub values: Vec<Value>,
}

/// A user, with the id as a number, which must be requested.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Person {
    #[serde(rename = "id")]
    pub id: Id,
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub real_name: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub email_address: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub organization: String,
}

/// The fields to request for an author.
pub(super) const PERSON_FIELDS: &str = "id,Name,RealName,EmailAddress,Organization";

/// A row of a ticket's history.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Transaction {
    #[serde(rename = "id")]
    pub id: Id,
    #[serde(rename = "Type")]
    pub kind: String,
    pub created: String,
    pub creator: Person,
}

impl Transaction {
    /// Whether this is a message that everybody who sees the ticket can see.
    pub(super) fn is_message(&self) -> bool {
        matches!(&*self.kind, "Create" | "Correspond")
    }
}

/// A part of a message: its text, a file, or a container of other parts.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Part {
    #[serde(rename = "id")]
    pub id: Id,
    pub transaction_id: Id,
    #[serde(default, deserialize_with = "null_as_default")]
    pub content_type: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub filename: String,
    /// A number, as text.
    #[serde(default)]
    pub content_length: Value,
    #[serde(default, deserialize_with = "null_as_default")]
    pub headers: String,
}

/// The fields to request for [`Part`].
pub(super) const PART_FIELDS: &str = "TransactionId,ContentType,Filename,ContentLength,Headers";

/// The text of a part.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Text {
    #[serde(rename = "id")]
    pub id: Id,
    #[serde(default, deserialize_with = "null_as_default")]
    pub content: String,
}

/// The answer to the creation of a ticket.
#[derive(Deserialize)]
pub(super) struct Created {
    pub id: Id,
}

/// Parses null as the default value.
pub(super) fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn empty_text_as_none<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Raw<T> {
        Many(Vec<T>),
        None(Option<String>),
    }
    match Raw::deserialize(deserializer)? {
        Raw::Many(many) => Ok(many),
        Raw::None(text) if text.as_deref().unwrap_or_default().is_empty() => Ok(Vec::new()),
        Raw::None(_) => Err(serde::de::Error::custom("not a list")),
    }
}
