//! Fields of tickets: what a company's help desk knows about a ticket beyond what every help desk knows.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// A field of a ticket. Its string is `field.ID`, or just `ID`; the values of an enumeration are `field.ID.VALUE` or
/// `ID.VALUE`. Where the value is read on the server stands in the connector's part.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldDefinition {
    /// The type of its values.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// The values of an enumeration. A value that is none of them is shown as the server labels it.
    #[serde(default)]
    pub values: Vec<String>,
    /// Whether it is hidden until the user asks for it.
    #[serde(default)]
    pub secret: bool,
    /// Whether the screen offers to copy it.
    #[serde(default)]
    pub copy: bool,
    /// Whose value it is, if not the ticket's alone.
    #[serde(default)]
    pub per: Option<Per>,
    /// Who may change it on a ticket that exists.
    #[serde(default)]
    pub writable: Option<Writer>,
    /// When it is written, if not by an action.
    #[serde(default)]
    pub write: Option<WriteTime>,
    /// Whether the form requires it.
    #[serde(default)]
    pub required: bool,
    /// How many grapheme clusters a text may have in the form, after trimming.
    #[serde(default)]
    pub max: Option<u32>,
}

/// The types of values. `?` behind a type says that "not set" is a value of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// A text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
    /// A moment, shown in the device's zone.
    Instant,
    /// A day without a time.
    Day,
    /// One of a few values.
    Enum,
    /// A link, https only.
    Https,
    /// A person.
    Person,
    /// A link with a title: an element of `list<link>`.
    Link,
    /// Several values.
    List(Box<FieldType>),
    /// For some values of an enumeration, a value each.
    Map(Box<FieldType>),
    /// A value or nothing.
    Optional(Box<FieldType>),
}

impl FieldType {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(inner) = text.strip_suffix('?') {
            return Self::single(inner).map(|inner| Self::Optional(Box::new(inner)));
        }
        if let Some(inner) = text.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
            return Self::single(inner).map(|inner| Self::List(Box::new(inner)));
        }
        if let Some(inner) = text.strip_prefix("map<enum,").and_then(|rest| rest.strip_suffix('>')) {
            return Self::single(inner.trim()).map(|inner| Self::Map(Box::new(inner)));
        }
        Self::single(text)
    }

    fn single(text: &str) -> Option<Self> {
        Some(match text {
            "text" => Self::Text,
            "number" => Self::Number,
            "bool" => Self::Bool,
            "instant" => Self::Instant,
            "day" => Self::Day,
            "enum" => Self::Enum,
            "https" => Self::Https,
            "person" => Self::Person,
            "link" => Self::Link,
            _ => return None,
        })
    }

    /// Whether values of an enumeration occur in it.
    #[must_use]
    pub fn has_values(&self) -> bool {
        match self {
            Self::Enum | Self::Map(_) => true,
            Self::List(inner) | Self::Optional(inner) => inner.has_values(),
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for FieldType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = FieldType;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(
                    "a field type: text, number, bool, instant, day, enum, https, person, link, TYPE?, list<TYPE> or map<enum,TYPE>",
                )
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<FieldType, E> {
                FieldType::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for FieldType {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FieldType".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^(T\\??|list<T>|map<enum, ?T>)$".replace('T', "(text|number|bool|instant|day|enum|https|person|link)")
        })
    }
}

/// Whose value a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Per {
    /// Each user has a value of their own on each ticket.
    #[serde(rename = "ticket+me")]
    TicketAndMe,
}

/// Who may change a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Writer {
    /// Each user their own value.
    Me,
}

/// When a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WriteTime {
    /// When the ticket is created.
    Create,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_type_is_one_word_or_built_of_one() {
        assert_eq!(FieldType::parse("bool?"), Some(FieldType::Optional(Box::new(FieldType::Bool))));
        assert_eq!(FieldType::parse("list<link>"), Some(FieldType::List(Box::new(FieldType::Link))));
        assert_eq!(FieldType::parse("map<enum, instant>"), Some(FieldType::Map(Box::new(FieldType::Instant))));
        for odd in ["", "string", "list<list<text>>", "map<text,text>", "list<text", "?", "text??"] {
            assert_eq!(FieldType::parse(odd), None, "{odd}");
        }
    }
}
