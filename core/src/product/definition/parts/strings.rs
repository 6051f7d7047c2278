//! Keys of strings, as a definition names them, and the strings of a definition.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// The key of a string. A definition writes it as `@key`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StringKey(pub String);

impl StringKey {
    /// The key in a text that begins with `@`.
    pub(super) fn of(text: &str) -> Option<Self> {
        let key = text.strip_prefix('@')?;
        let sound = !key.is_empty()
            && key.len() <= 128
            && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.'));
        sound.then(|| Self(key.to_owned()))
    }
}

impl<'de> Deserialize<'de> for StringKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = StringKey;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the key of a string, as `@key`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<StringKey, E> {
                StringKey::of(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for StringKey {
    fn schema_name() -> Cow<'static, str> {
        "StringKey".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^@[a-z0-9_.]{1,128}$" })
    }
}

/// The strings of a definition: by language, then by key. A string of the definition replaces the shared one with the
/// same key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DefinitionStrings {
    /// The shared strings beneath, by name.
    pub base: Option<String>,
    /// The language that stands in for every other one.
    pub fallback: Option<String>,
    /// By language tag, then by key.
    pub languages: BTreeMap<String, BTreeMap<String, String>>,
    /// The languages that the definition removes from the shared ones, with null.
    pub removed: Vec<String>,
}

impl<'de> Deserialize<'de> for DefinitionStrings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> de::Visitor<'de> for Map {
            type Value = DefinitionStrings;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("strings by language")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<DefinitionStrings, A::Error> {
                let mut strings = DefinitionStrings::default();
                while let Some(key) = map.next_key::<Cow<'_, str>>()? {
                    match &*key {
                        "base" => strings.base = Some(map.next_value()?),
                        "fallback" => strings.fallback = Some(map.next_value()?),
                        language if is_language(language) => {
                            let language = language.to_owned();
                            match map.next_value()? {
                                Some(texts) => {
                                    strings.languages.insert(language, texts);
                                }
                                None => strings.removed.push(language),
                            }
                        }
                        _ => return Err(de::Error::custom("neither `base`, `fallback` nor a language tag")),
                    }
                }
                Ok(strings)
            }
        }
        deserializer.deserialize_map(Map)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for DefinitionStrings {
    fn schema_name() -> Cow<'static, str> {
        "Strings".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "properties": { "base": { "type": "string" }, "fallback": { "type": "string" } },
            "patternProperties": {
                "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": { "type": ["object", "null"], "additionalProperties": { "type": "string" } }
            },
            "additionalProperties": false
        })
    }
}

/// Whether a text is a language tag (BCP 47): two or three letters, and perhaps more after hyphens.
pub(in crate::product::definition) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.chars().all(|c| c.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()))
}
