//! Where in a definition something stands: as a path for people, and as line and column of the layer that said it.
//!
//! A path of the merged definition is looked up in each layer, the last one first. An element of a list is looked up by
//! its `id`, because its position may differ. A value that no layer has (it is missing) is placed at the innermost object
//! around it that a layer has.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// A definition cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
pub struct DefinitionError {
    /// The layer: `the definition`, `the delivered definition`, or the name of a definition beneath.
    pub layer: String,
    /// The line, from 1; 0 if the layer is too large to be read.
    pub line: u32,
    /// The column, from 1, in bytes; 0 with line 0.
    pub column: u32,
    /// The path, such as `statuses[2].kind`. Empty for the whole.
    pub path: String,
    /// What is wrong, for the developer who wrote the definition.
    pub what: String,
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { layer, line, column, path, what } = self;
        write!(formatter, "{layer}, line {line}, column {column}")?;
        if !path.is_empty() {
            write!(formatter, ", {path}")?;
        }
        write!(formatter, ": {what}")
    }
}

/// A place in a definition: the steps from its root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place(pub Vec<Step>);

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into an object, by a key.
    Key(String),
    /// Into a list, by position, and by the element's id if it has one.
    Index(usize, Option<String>),
}

impl Place {
    /// The place of a key in an object.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.0.push(Step::Key(key.to_owned()));
        self
    }

    /// The place of an element in a list.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.0.push(Step::Index(index, None));
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if position == 0 => write!(formatter, "{key}")?,
                Step::Key(key) => write!(formatter, ".{key}")?,
                Step::Index(index, _) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// The place that a path of serde names.
pub(super) fn path_of(path: &serde_path_to_error::Path, merged: &Value) -> Place {
    use serde_path_to_error::Segment;
    let steps = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(Step::Index(*index, None)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    with_ids(&Place(steps.collect()), merged)
}

/// The same place, with the ids of the elements on the way.
pub(super) fn with_ids(place: &Place, merged: &Value) -> Place {
    let mut value = Some(merged);
    let steps = place.0.iter().map(|step| match step {
        Step::Key(key) => {
            value = value.and_then(|value| value.get(key));
            step.clone()
        }
        Step::Index(index, _) => {
            value = value.and_then(|value| value.get(index));
            let id = value.and_then(|value| value.get("id")).and_then(Value::as_str);
            Step::Index(*index, id.map(str::to_owned))
        }
    });
    Place(steps.collect())
}

/// How much of the place a layer's text has, and the byte at which that begins.
pub(super) fn find(text: &str, place: &Place) -> (usize, usize) {
    let mut here = text.trim_start();
    let mut found = 0;
    for step in &place.0 {
        let Some(next) = enter(here, step) else { break };
        here = next;
        found += 1;
    }
    // Every `here` is a part of `text`.
    (found, (here.as_ptr() as usize).saturating_sub(text.as_ptr() as usize))
}

/// The keys of an object, each with its value's text.
#[derive(Deserialize)]
struct Keys<'a>(#[serde(borrow)] HashMap<Cow<'a, str>, &'a RawValue>);

/// The id of an element.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

fn enter<'a>(here: &'a str, step: &Step) -> Option<&'a str> {
    match step {
        Step::Key(key) => {
            let Keys(keys) = serde_json::from_str(here).ok()?;
            keys.get(key.as_str()).map(|value| value.get())
        }
        Step::Index(index, id) => {
            let elements: Vec<&RawValue> = serde_json::from_str(here).ok()?;
            let Some(id) = id else { return elements.get(*index).map(|element| element.get()) };
            let has_id = |element: &&&RawValue| {
                serde_json::from_str::<Named<'_>>(element.get()).is_ok_and(|named| named.id == id.as_str())
            };
            elements.iter().find(has_id).map(|element| element.get())
        }
    }
}

/// The line and the column of a byte, both from 1.
pub(super) fn line_and_column(text: &str, byte: usize) -> (u32, u32) {
    let before = text.get(..byte).unwrap_or(text);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let line = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
    (count(line), count(column))
}
