//! The history: its columns, order, filters and scopes, and when there is none.

use serde::{Deserialize, Deserializer, de};

use super::strings::StringKey;
use crate::product::condition::{Condition, Conditions};
use crate::query::{HistorySort, SortKey};

/// The history (`docs/product.md`, H2, S1).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct History {
    /// What a row shows, in order.
    pub columns: Vec<Column>,
    /// By what it can be sorted.
    #[serde(default)]
    pub sort: Vec<SortKey>,
    /// How it is sorted at first.
    #[serde(default)]
    pub default_sort: DefaultSort,
    /// By what it can be filtered.
    #[serde(default)]
    pub filters: Vec<FilterKey>,
    /// Whether it can be searched.
    #[serde(default)]
    pub search: bool,
    /// The lists between which the user can switch.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// From which day on tickets are shown (`docs/product.md`, S18).
    #[serde(default)]
    pub since: Option<Since>,
    /// When there is no history (`docs/product.md`, S17).
    #[serde(default)]
    pub unavailable: Option<Unavailable>,
}

/// A column: a name, with `?` behind it if an empty value hides it, or an object with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "ColumnForms"))]
pub struct Column {
    /// A built-in column, or the id of a field. Its string is `column.ID`.
    pub id: String,
    /// Whether an empty value hides it.
    pub hide_empty: bool,
    /// When it is shown.
    pub when: Conditions,
}

/// The columns that every definition has, apart from its own fields.
pub const BUILT_IN_COLUMNS: [&str; 10] = [
    "number",
    "subject",
    "status",
    "created",
    "last_activity",
    "creator",
    "read",
    "ticket_type",
    "issue_type",
    "users",
];

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct ColumnObject {
    id: String,
    #[serde(default)]
    when: Conditions,
}

#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum ColumnForms {
    Name(String),
    Object(ColumnObject),
}

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Forms;
        impl<'de> de::Visitor<'de> for Forms {
            type Value = Column;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a column: its name, or an object with `id` and `when`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Column, E> {
                let (id, hide_empty) = hides_empty(text);
                Ok(Column { id: id.to_owned(), hide_empty, when: Conditions::default() })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Column, A::Error> {
                let object = ColumnObject::deserialize(de::value::MapAccessDeserializer::new(map))?;
                let (id, hide_empty) = hides_empty(&object.id);
                Ok(Column { id: id.to_owned(), hide_empty, when: object.when })
            }
        }
        deserializer.deserialize_any(Forms)
    }
}

/// A name without the `?` behind it, and whether it had one.
pub(super) fn hides_empty(name: &str) -> (&str, bool) {
    name.strip_suffix('?').map_or((name, false), |name| (name, true))
}

/// How the history is sorted at first: a sort key, with `-` before it for descending.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DefaultSort(pub HistorySort);

impl std::str::FromStr for DefaultSort {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let key = SortKey::deserialize(de::value::StrDeserializer::<de::value::Error>::new(name)).map_err(|_| ())?;
        Ok(Self(HistorySort { key, descending }))
    }
}

super::text_form!(
    DefaultSort,
    "a sort key, with `-` before it for descending",
    "^-?(last_activity|created|status|creator|read)$"
);

/// By what the history can be filtered (`docs/product.md`, W6 to W8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FilterKey {
    /// One or several statuses.
    Status,
    /// All users, or me.
    Creator,
    /// Read or unread.
    Read,
    /// One or several types of ticket.
    TicketType,
}

/// A list between which the user can switch (`docs/product.md`, S16). Its string is `scope.ID`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The id.
    pub id: String,
    /// Which tickets are in it.
    pub is: Vec<Condition>,
    /// Who may see it; everybody if it is missing.
    #[serde(default)]
    pub who: Option<super::actions::Who>,
}

/// From which day on tickets are shown, and escalations by their own date.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// The first day of tickets, as `YYYY-MM-DD`.
    pub ticket: Option<Day>,
    /// The first day of escalations.
    #[serde(default)]
    pub escalation: Option<Day>,
    /// The zone in which the days begin.
    pub zone: Zone,
}

/// A day, as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub jiff::civil::Date);

impl std::str::FromStr for Day {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        // The parser takes more than a day, such as a day with a time.
        (text.len() == 10).then(|| text.parse().ok()).flatten().map(Self).ok_or(())
    }
}

super::text_form!(Day, "a day, as `YYYY-MM-DD`", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");

/// The zone in which a day begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Zone {
    /// Coordinated universal time.
    #[serde(rename = "UTC")]
    Utc,
}

/// When there is no history, and what is left then.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Unavailable {
    /// When.
    pub when: Conditions,
    /// What the screen says.
    pub reason: StringKey,
    /// Whether what was cached is removed.
    #[serde(default)]
    pub purge: bool,
    /// Whether a new request stays possible.
    #[serde(default)]
    pub create: bool,
}
