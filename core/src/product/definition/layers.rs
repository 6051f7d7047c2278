//! The layers of a definition, and how they are merged.

use serde_json::{Map, Value};

use super::place::{self, DefinitionError, Place};

/// The largest text of a layer, in bytes.
pub const LARGEST_TEXT: usize = 256 * 1024;
/// The longest reason of an error, in characters.
const LONGEST_REASON: usize = 300;
/// How many definitions may lie beneath one.
const DEEPEST: usize = 3;

/// The definitions that are part of the library, by name. Others can extend them.
pub const SHIPPED: &[(&str, &str)] = &[
    ("pocketdesk/base@1", include_str!("../../../products/base.json")),
    ("impact-mobile@1", include_str!("../../../products/impact-mobile.json")),
    ("impact-web@1", include_str!("../../../products/impact-web.json")),
    ("hub@1", include_str!("../../../products/hub.json")),
];

/// The layers of a definition, the lowest first.
#[derive(Debug, Clone)]
pub struct Layers<'a>(Vec<Layer<'a>>);

#[derive(Debug, Clone)]
struct Layer<'a> {
    name: String,
    text: &'a str,
    value: Value,
    /// A server has delivered it, so it may not change what decides about trust.
    delivered: bool,
}

impl<'a> Layers<'a> {
    /// The layers of the definition in `text` and everything that it extends: a shipped definition, or one of `library`,
    /// which the host app has handed in beside it.
    pub fn of(text: &'a str, library: &'a [String]) -> Result<Self, DefinitionError> {
        let mut layers = vec![Layer::read("the definition", text, false)?];
        let mut names = Vec::new();
        while let Some(name) = layers.last().and_then(Layer::extends) {
            let top = layers.last().map(|layer| layer.name.clone()).unwrap_or_default();
            let at = Place::default().key("extends");
            let fault = |what: &str| Self(layers.clone()).fault_in(&top, &at, what);
            if names.len() == DEEPEST {
                return Err(fault(&format!("more than {DEEPEST} definitions beneath one")));
            }
            if names.contains(&name) {
                return Err(fault(&format!("a circle: `{name}` extends itself")));
            }
            let shipped = SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
            let own = || library.iter().map(String::as_str).find(|text| name_of(text).as_ref() == Some(&name));
            let Some(text) = shipped.or_else(own) else {
                return Err(fault(&format!("there is no definition `{name}`")));
            };
            let beneath = Layer::read(&name, text, false)?;
            layers.push(beneath);
            names.push(name);
        }
        layers.reverse();
        Ok(Self(layers))
    }

    /// The same layers with one on top that a server has delivered. What it may not change is in [`trust`](super::trust).
    pub fn with_delivered(mut self, text: &'a str) -> Result<Self, DefinitionError> {
        let layer = Layer::read("the delivered definition", text, true)?;
        self.0.push(layer);
        Ok(self)
    }

    /// The layers as one value. `extends` is the one of the top layer, and `x-` keys are left out.
    pub(super) fn merged(&self) -> Value {
        let mut merged = Value::Object(Map::new());
        for layer in &self.0 {
            merge(&mut merged, &layer.value);
        }
        drop_nulls(&mut merged);
        merged
    }

    /// An error at a place of the merged definition, told in the words of the last layer that has the most of it.
    pub(in crate::product) fn fault(&self, place: &Place, what: &str) -> DefinitionError {
        let mut best: Option<(usize, &Layer<'_>, usize)> = None;
        for layer in self.0.iter().rev() {
            let (found, byte) = place::find(layer.text, place);
            if best.is_none_or(|(most, ..)| found > most) {
                best = Some((found, layer, byte));
            }
        }
        let (layer, line, column) = best.map_or((String::new(), 0, 0), |(_, layer, byte)| {
            let (line, column) = place::line_and_column(layer.text, byte);
            (layer.name.clone(), line, column)
        });
        DefinitionError { layer, line, column, path: place.to_string(), what: shortened(what) }
    }

    /// The same for a place whose steps into lists do not name the elements' ids yet.
    pub(in crate::product) fn fault_at(&self, place: &Place, what: &str) -> DefinitionError {
        self.fault(&place::with_ids(place, &self.merged()), what)
    }

    fn fault_in(&self, name: &str, place: &Place, what: &str) -> DefinitionError {
        let only = self.0.iter().filter(|layer| layer.name == name).cloned().collect();
        Self(only).fault(place, what)
    }

    /// The layers that no server has delivered, if there is one that a server has.
    pub(super) fn trusted(&self) -> Option<Self> {
        let (delivered, trusted): (Vec<_>, Vec<_>) = self.0.iter().cloned().partition(|layer| layer.delivered);
        (!delivered.is_empty()).then_some(Self(trusted))
    }
}

impl<'a> Layer<'a> {
    fn read(name: &str, text: &'a str, delivered: bool) -> Result<Self, DefinitionError> {
        let error = |line: usize, column: usize, what: String| DefinitionError {
            layer: name.to_owned(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            path: String::new(),
            what,
        };
        if text.len() > LARGEST_TEXT {
            return Err(error(0, 0, format!("larger than {LARGEST_TEXT} bytes")));
        }
        // The parser itself bounds how deep values are nested.
        let mut value: Value =
            serde_json::from_str(text).map_err(|fault| error(fault.line(), fault.column(), "no JSON".to_owned()))?;
        if !value.is_object() {
            return Err(error(1, 1, "no object".to_owned()));
        }
        drop_comments(&mut value);
        Ok(Self { name: name.to_owned(), text, value, delivered })
    }

    fn extends(&self) -> Option<String> {
        self.value.get("extends").and_then(Value::as_str).map(str::to_owned)
    }
}

/// A reason, cut: it may quote a value of the definition, which may be of any length.
fn shortened(what: &str) -> String {
    what.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_REASON).collect()
}

/// The name under which a definition is extended: `ID@VERSION`.
fn name_of(text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    Some(format!("{}@{}", value.get("id")?.as_str()?, value.get("version")?.as_u64()?))
}

/// Merges `later` into `merged`: objects key by key, lists of objects by `id`, and everything else is replaced. A null
/// stays until the end, so that it removes what an earlier layer said.
fn merge(merged: &mut Value, later: &Value) {
    match (merged, later) {
        (Value::Object(merged), Value::Object(later)) => {
            for (key, value) in later {
                match merged.get_mut(key) {
                    Some(earlier) => merge(earlier, value),
                    None => {
                        merged.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(merged), Value::Array(later)) if have_ids(merged) && have_ids(later) => {
            for value in later {
                let id = value.get("id");
                match merged.iter_mut().find(|earlier| earlier.get("id") == id) {
                    Some(earlier) => merge(earlier, value),
                    None => merged.push(value.clone()),
                }
            }
            // `{ "id": "x", "removed": true }` removes an element, as null removes a key.
            merged.retain(|element| element.get("removed") != Some(&Value::Bool(true)));
        }
        (merged, later) => *merged = later.clone(),
    }
}

fn have_ids(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|element| element.get("id").is_some_and(Value::is_string))
}

/// Removes every key whose value is null. In the strings a null stays: it removes a language of the shared strings, which
/// are no layer.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|key, value| key == "strings" || !value.is_null());
            object.iter_mut().filter(|(key, _)| *key != "strings").for_each(|(_, value)| drop_nulls(value));
        }
        Value::Array(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Removes every key that begins with `x-`: a comment, or something of another program.
fn drop_comments(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|key, _| !key.starts_with("x-"));
            object.values_mut().for_each(drop_comments);
        }
        Value::Array(list) => list.iter_mut().for_each(drop_comments),
        _ => {}
    }
}
