//! The parts of a definition, as their JSON is written. A part knows its own shape; what one part says about another is
//! checked in [`check`](super::check).

pub mod actions;
pub mod connectors;
pub mod details;
pub mod entries;
pub mod fields;
pub mod form;
pub mod history;
pub mod statuses;
pub mod strings;
pub mod sync;

/// Reads a type from a text by its `FromStr`, and gives it a schema. The error names the forms that exist.
macro_rules! text_form {
    ($type:ty, $expected:literal, $pattern:literal) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str($expected)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(|()| E::invalid_value(serde::de::Unexpected::Str(text), &self))
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}
use text_form;
