//! From a server's value of a field to a value of the type that the definition gives it.
//!
//! A server has texts, numbers, flags and lists of texts. The definition says what each means: a day, a link, one of a
//! few values. A value that is not what the definition says costs that value; the ticket is shown without it.

use std::collections::BTreeMap;

use url::Url;

use super::definition::parts::connectors::Parser;
use super::definition::parts::fields::{FieldDefinition, FieldType};
use crate::model::{FieldValue, PersonId, RawValue, Timestamp};

/// The most elements of a list or a map that are read.
const MOST_ELEMENTS: usize = 200;

/// Reads the values of one field from a kind of server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldReader {
    /// The definition's id of the field.
    pub field: String,
    kind: FieldType,
    /// The definition's values by the server's.
    values: BTreeMap<String, String>,
    parser: Option<Parser>,
}

impl FieldReader {
    pub(crate) fn new(
        field: &str,
        definition: &FieldDefinition,
        values: &BTreeMap<String, String>,
        parser: Option<Parser>,
    ) -> Self {
        Self { field: field.to_owned(), kind: definition.kind.clone(), values: values.clone(), parser }
    }

    /// The value; `None` if it is not of the field's type.
    #[must_use]
    pub fn read(&self, raw: &RawValue) -> Option<FieldValue> {
        self.typed(&self.kind, raw)
    }

    fn typed(&self, kind: &FieldType, raw: &RawValue) -> Option<FieldValue> {
        match kind {
            FieldType::Optional(inner) => self.typed(inner, raw),
            FieldType::List(inner) => self.list(inner, raw),
            FieldType::Map(inner) => self.map(inner, raw),
            FieldType::Bool => flag(raw).map(FieldValue::Bool),
            _ => self.single(kind, &one_text(raw)?),
        }
    }

    fn single(&self, kind: &FieldType, text: &str) -> Option<FieldValue> {
        let text = text.trim();
        Some(match kind {
            FieldType::Text => FieldValue::Text(text.to_owned()),
            FieldType::Number => FieldValue::Number(number(text)?.to_owned()),
            FieldType::Instant => FieldValue::Instant(Timestamp::parse(text)?),
            FieldType::Day => FieldValue::Day(day(text)?.to_owned()),
            FieldType::Enum => FieldValue::Enum(self.value(text)),
            FieldType::Https => FieldValue::Https(https(text)?.to_owned()),
            FieldType::Person => FieldValue::Person(PersonId(text.parse().ok()?)),
            FieldType::Link => link(text)?,
            FieldType::Bool | FieldType::List(_) | FieldType::Map(_) | FieldType::Optional(_) => return None,
        })
        .filter(|_| !text.is_empty())
    }

    /// The definition's value for one of the server's. One without a line of its own is the same on both sides.
    fn value(&self, server: &str) -> String {
        self.values.get(server).map_or(server, String::as_str).to_owned()
    }

    /// Of each element that is of the type. `None` if none is.
    fn list(&self, inner: &FieldType, raw: &RawValue) -> Option<FieldValue> {
        let elements: Vec<String> = match (raw, self.parser) {
            (RawValue::List(elements), None) => elements.clone(),
            _ => lines(raw),
        };
        let typed = elements.iter().take(MOST_ELEMENTS).filter_map(|element| self.single(inner, element));
        let list: Vec<_> = typed.collect();
        (!list.is_empty()).then_some(FieldValue::List(list))
    }

    /// Of lines `value=element`. Of several lines with one value the last counts.
    fn map(&self, inner: &FieldType, raw: &RawValue) -> Option<FieldValue> {
        let entry = |line: &String| {
            let (key, element) = line.split_once('=')?;
            Some((self.value(key.trim()), self.single(inner, element)?))
        };
        let map: BTreeMap<_, _> = lines(raw).iter().take(MOST_ELEMENTS).filter_map(entry).collect();
        (!map.is_empty()).then_some(FieldValue::Map(map))
    }
}

/// A value that is one text. Of several it is the first.
fn one_text(raw: &RawValue) -> Option<String> {
    match raw {
        RawValue::Text(text) | RawValue::Number(text) => Some(text.clone()),
        RawValue::List(elements) => elements.first().cloned(),
        RawValue::Flag(_) => None,
    }
}

fn lines(raw: &RawValue) -> Vec<String> {
    let texts = match raw {
        RawValue::Text(text) | RawValue::Number(text) => std::slice::from_ref(text),
        RawValue::List(elements) => elements,
        RawValue::Flag(_) => &[],
    };
    texts.iter().flat_map(|text| text.lines()).map(str::to_owned).collect()
}

fn flag(raw: &RawValue) -> Option<bool> {
    match raw {
        RawValue::Flag(flag) => Some(*flag),
        _ => match one_text(raw)?.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
    }
}

fn number(text: &str) -> Option<&str> {
    text.parse::<f64>().ok().filter(|number| number.is_finite()).map(|_| text)
}

/// The day, also of a text that goes on with a time.
fn day(text: &str) -> Option<&str> {
    let day = text.get(..10)?;
    let ends = text.get(10..)?.chars().next().is_none_or(|next| matches!(next, 'T' | ' '));
    day.parse::<jiff::civil::Date>().ok().filter(|_| ends).map(|_| day)
}

fn https(text: &str) -> Option<&str> {
    let url = Url::parse(text).ok()?;
    let sound = url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none();
    sound.then_some(text)
}

/// A title with a link behind it, or a link alone.
fn link(text: &str) -> Option<FieldValue> {
    let (title, url) = match text.rsplit_once(char::is_whitespace) {
        Some((title, url)) => (Some(title.trim()), url),
        None => (None, text),
    };
    let title =
        title.map(|title| title.trim_end_matches([':', '-', '–', '|']).trim_end()).filter(|title| !title.is_empty());
    Some(FieldValue::Link { title: title.map(str::to_owned), url: https(url)?.to_owned() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reader(kind: &str, parser: Option<Parser>) -> FieldReader {
        let definition: FieldDefinition =
            serde_json::from_value(serde_json::json!({ "type": kind, "values": ["review", "resolved"] })).unwrap();
        let values = BTreeMap::from([("cp_under_review".to_owned(), "review".to_owned())]);
        FieldReader::new("progress", &definition, &values, parser)
    }

    fn text(text: &str) -> RawValue {
        RawValue::Text(text.to_owned())
    }

    #[test]
    fn a_value_gets_the_type_that_the_definition_gives_its_field() {
        let read = |kind: &str, raw: RawValue| reader(kind, None).read(&raw);
        let noon = FieldValue::Instant(Timestamp(1_772_712_000_000));
        assert_eq!(read("instant", text("2026-03-05T12:00:00Z")), Some(noon.clone()));
        assert_eq!(read("instant?", text("2026-03-05T13:00:00+01:00")), Some(noon));
        assert_eq!(read("day", text("2026-03-05")), Some(FieldValue::Day("2026-03-05".into())));
        assert_eq!(read("bool?", RawValue::Flag(false)), Some(FieldValue::Bool(false)));
        assert_eq!(read("bool", text("Yes")), Some(FieldValue::Bool(true)));
        assert_eq!(read("number", RawValue::Number("12.50".into())), Some(FieldValue::Number("12.50".into())));
        assert_eq!(read("text", text("CP-1042 – Prüfung 🔎")), Some(FieldValue::Text("CP-1042 – Prüfung 🔎".into())));
        assert_eq!(read("person", text("41")), Some(FieldValue::Person(PersonId(41))));
        assert_eq!(read("enum", text("cp_under_review")), Some(FieldValue::Enum("review".into())));
        assert_eq!(read("enum", text("resolved")), Some(FieldValue::Enum("resolved".into())), "the same on both sides");
        let unknown = Some(FieldValue::Enum("cp_paused".into()));
        assert_eq!(read("enum", RawValue::List(vec!["cp_paused".into()])), unknown, "the server's own word");
        let several = RawValue::List(vec!["cp_under_review".into(), "resolved".into()]);
        let known = ["review", "resolved"].map(|value| FieldValue::Enum(value.into()));
        assert_eq!(read("list<enum>", several), Some(FieldValue::List(known.to_vec())));
    }

    #[test]
    fn lines_are_links_or_the_dates_of_steps() {
        let links =
            text("Anleitung zur Auszahlung: https://help.example/a\n\nhttps://help.example/b\nhttp://help.example/c");
        let link =
            |title: Option<&str>, url: &str| FieldValue::Link { title: title.map(str::to_owned), url: url.to_owned() };
        let expected =
            [link(Some("Anleitung zur Auszahlung"), "https://help.example/a"), link(None, "https://help.example/b")];
        assert_eq!(reader("list<link>", Some(Parser::Links)).read(&links), Some(FieldValue::List(expected.to_vec())));

        let steps = text("cp_under_review=2026-03-05T12:00:00Z\nodd\nresolved=soon\nresolved = 2026-03-06T12:00:00Z");
        let day = 86_400_000;
        let dates = [("review", 1_772_712_000_000), ("resolved", 1_772_712_000_000 + day)];
        let dates = dates.map(|(step, at)| (step.to_owned(), FieldValue::Instant(Timestamp(at))));
        let read = reader("map<enum,instant>", Some(Parser::StatesWithInstants)).read(&steps);
        assert_eq!(read, Some(FieldValue::Map(BTreeMap::from(dates))));
    }

    #[test]
    fn a_value_of_another_type_is_none() {
        for (kind, odd) in [
            ("instant", "tomorrow"),
            ("day", "2026-02-30"),
            ("day", "2026-03-05x"),
            ("number", "many"),
            ("number", "inf"),
            ("bool", "perhaps"),
            ("https", "http://help.example"),
            ("https", "https://ada:secret@help.example/"),
            ("https", "javascript:alert(1)"),
            ("https", "file:///data/data/app/files/desk.sqlite3"),
            ("https", "intent://x#Intent;end"),
            ("https", "zoommtg://zoom.example/join"),
            ("person", "Marta"),
            ("text", "  "),
            ("list<day>", "gestern"),
            ("map<enum,instant>", "review"),
        ] {
            assert_eq!(reader(kind, None).read(&text(odd)), None, "{kind}: {odd}");
        }
    }

    proptest! {
        /// Whatever a server has, it is a value of the type or none.
        #[test]
        fn any_value_has_an_answer(texts in proptest::collection::vec("\\PC{0,30}", 1..4), kind in 0..9_usize, flag: bool) {
            let kinds = ["text", "number", "bool", "instant", "day", "https", "link", "list<link>", "map<enum,instant>"];
            for raw in [text(&texts[0]), RawValue::Flag(flag), RawValue::Number(texts[0].clone()), RawValue::List(texts)] {
                if let Some(value) = reader(kinds[kind], None).read(&raw) {
                    let stored = serde_json::to_string(&value).unwrap();
                    prop_assert_eq!(serde_json::from_str::<FieldValue>(&stored).unwrap(), value);
                }
            }
        }
    }
}
