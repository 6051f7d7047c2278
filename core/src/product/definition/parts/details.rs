//! The detail screen: types of tickets, and the sections that each shows.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de};

use super::history::hides_empty;
use super::statuses::Unknown;
use super::strings::StringKey;
use crate::product::condition::Conditions;

/// A type of ticket (`docs/product.md`, S3). Its string is `ticket_type.ID`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TicketType {
    /// The id.
    pub id: String,
    /// What makes a ticket one of this type: the first source that fits.
    #[serde(default)]
    pub from: Vec<TypeSource>,
    /// The subject that the screen makes (`docs/product.md`, S2).
    #[serde(default)]
    pub subject: Option<MadeSubject>,
    /// What the detail screen shows, in order.
    pub sections: Vec<SectionPlace>,
}

/// What makes a ticket one of a type: a field whose value is the type's id, or the channel through which it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TypeSource {
    /// The field.
    pub field: Option<String>,
    /// The channels, in the server's words.
    pub via: Vec<String>,
}

/// The subject that the screen makes for a type of ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MadeSubject {
    /// Instead of every subject.
    pub always: Option<StringKey>,
    /// Instead of an empty one.
    pub if_empty: Option<StringKey>,
}

/// What a ticket of an unknown type shows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UnknownType {
    /// The sections of this type.
    pub sections_of: String,
    /// What stands for its name.
    #[serde(default)]
    pub label: Unknown,
}

/// A place of the detail screen: `thread`, `transcript`, `note:@key`, or the id of a section; `?` behind it hides it
/// while it is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionPlace {
    /// What stands there.
    pub part: DetailPart,
    /// Whether it is hidden while it is empty.
    pub hide_empty: bool,
}

/// A part of the detail screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DetailPart {
    /// The messages.
    Thread,
    /// The transcript of a chat.
    Transcript,
    /// A text.
    Note(StringKey),
    /// A section of the definition.
    Section(String),
}

impl std::str::FromStr for SectionPlace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, hide_empty) = hides_empty(text);
        let part = match name {
            "thread" => DetailPart::Thread,
            "transcript" => DetailPart::Transcript,
            _ => match name.strip_prefix("note:") {
                Some(key) => DetailPart::Note(StringKey::of(key).ok_or(())?),
                None => DetailPart::Section(name.to_owned()),
            },
        };
        Ok(Self { part, hide_empty })
    }
}

super::text_form!(SectionPlace, "`thread`, `transcript`, `note:@key` or the id of a section", "^.{1,140}$");

/// A section: a list of items, or an object with conditions and a timeline. Its string is `section.ID`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "SectionForms"))]
pub struct Section {
    /// When it is shown.
    pub when: Conditions,
    /// Whether it can be folded.
    pub collapsible: bool,
    /// What it says above its items.
    pub hint: Option<StringKey>,
    /// Its items, in order.
    pub show: Vec<Item>,
    /// Its timeline.
    pub timeline: Option<Timeline>,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
struct SectionObject {
    when: Conditions,
    collapsible: bool,
    hint: Option<StringKey>,
    show: Vec<Item>,
    timeline: Option<Timeline>,
}

#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum SectionForms {
    Items(Vec<Item>),
    Object(SectionObject),
}

impl<'de> Deserialize<'de> for Section {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Forms;
        impl<'de> de::Visitor<'de> for Forms {
            type Value = Section;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a section: a list of items, or an object with `show`")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, list: A) -> Result<Section, A::Error> {
                let show = Vec::deserialize(de::value::SeqAccessDeserializer::new(list))?;
                Ok(Section { show, ..Section::default() })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Section, A::Error> {
                let SectionObject { when, collapsible, hint, show, timeline } =
                    SectionObject::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Section { when, collapsible, hint, show, timeline })
            }
        }
        deserializer.deserialize_any(Forms)
    }
}

/// An item of a section: a built-in fact, the id of a field, `action:ID` or `note:@key`; `?` behind it hides it while it is
/// empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it shows.
    pub content: ItemContent,
    /// Whether an empty value hides it.
    pub hide_empty: bool,
}

/// What an item of a section shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemContent {
    /// A fact that every ticket has.
    Fact(Fact),
    /// A field of the definition.
    Field(String),
    /// An action.
    Action(String),
    /// A text.
    Note(StringKey),
}

/// A fact that every ticket has. Its string is `fact.NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fact {
    /// The number.
    Number,
    /// The subject, as the screen shows it.
    Subject,
    /// The status.
    Status,
    /// When it was created.
    Created,
    /// When the server last changed it.
    Updated,
    /// The newest public comment or change of status.
    LastActivity,
    /// The agent it is assigned to.
    Assignee,
    /// Who created it.
    Requester,
    /// Its further users.
    Linked,
    /// The issue type.
    IssueType,
    /// Whether all users of the account can see it.
    Access,
    /// Who is copied on it.
    Cc,
    /// Its type.
    TicketType,
}

impl Fact {
    /// Every fact, with its name.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::Number, "number"),
        (Self::Subject, "subject"),
        (Self::Status, "status"),
        (Self::Created, "created"),
        (Self::Updated, "updated"),
        (Self::LastActivity, "last_activity"),
        (Self::Assignee, "assignee"),
        (Self::Requester, "requester"),
        (Self::Linked, "linked"),
        (Self::IssueType, "issue_type"),
        (Self::Access, "access"),
        (Self::Cc, "cc"),
        (Self::TicketType, "ticket_type"),
    ];

    /// The fact with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(fact, _)| *fact)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(fact, _)| *fact == self).map_or("", |(_, name)| name)
    }
}

impl std::str::FromStr for Item {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, hide_empty) = hides_empty(text);
        let content = if let Some(action) = name.strip_prefix("action:") {
            ItemContent::Action(action.to_owned())
        } else if let Some(key) = name.strip_prefix("note:") {
            ItemContent::Note(StringKey::of(key).ok_or(())?)
        } else if let Some(fact) = Fact::named(name) {
            ItemContent::Fact(fact)
        } else {
            ItemContent::Field(name.to_owned())
        };
        Ok(Self { content, hide_empty })
    }
}

super::text_form!(Item, "a fact, the id of a field, `action:ID` or `note:@key`", "^.{1,140}$");

/// A timeline: the steps of a field with values, with their dates (`docs/product.md`, S10).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// The field whose values are the steps.
    pub state: String,
    /// The field with their dates.
    #[serde(default)]
    pub dates: Option<String>,
    /// The action that a step asks the user for.
    #[serde(default)]
    pub action: BTreeMap<String, String>,
    /// The estimated date of the end.
    #[serde(default)]
    pub estimate: Option<Estimate>,
}

/// An estimated date, which is shown until a step is reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// The field with the date.
    pub field: String,
    /// The step from which on it is not shown.
    #[serde(default)]
    pub until: Option<String>,
    /// What is said beside it.
    #[serde(default)]
    pub note: Option<StringKey>,
}
