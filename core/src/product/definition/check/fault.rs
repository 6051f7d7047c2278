//! What a check finds, and the checks that every part needs.

use std::collections::BTreeSet;

use crate::product::condition::is_id;
use crate::product::definition::place::Place;

/// The most statuses, types of tickets and issue types, each.
pub(super) const MOST_KINDS: usize = 64;
/// The most fields, sections, actions and entries, each.
pub(super) const MOST_PARTS: usize = 256;

/// What is wrong, and where in the merged definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::product::definition) struct Fault {
    pub path: Place,
    pub what: String,
}

pub(in crate::product::definition) type Checked = Result<(), Fault>;

pub(super) fn fault<T>(path: Place, what: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { path, what: what.into() })
}

pub(super) fn at(key: &str) -> Place {
    Place::default().key(key)
}

pub(super) fn bounded(path: Place, value: u64, least: u64, most: u64) -> Checked {
    if (least..=most).contains(&value) { Ok(()) } else { fault(path, format!("not {least} to {most}")) }
}

/// Checks the ids of a list: that each is an id, that none repeats, and that there are not too many.
pub(super) fn ids<'a>(key: &str, ids: impl Iterator<Item = &'a str>, most: usize) -> Checked {
    let mut seen = BTreeSet::new();
    for (index, id) in ids.enumerate() {
        let here = at(key).index(index).key("id");
        if index >= most {
            return fault(at(key), format!("more than {most}"));
        }
        if !is_id(id) {
            return fault(here, "not an id: lower-case letters, digits and `_`, a letter first");
        }
        if !seen.insert(id) {
            return fault(here, format!("`{id}` is there already"));
        }
    }
    Ok(())
}

pub(super) fn unique<'a>(path: &Place, words: impl Iterator<Item = &'a str>) -> Checked {
    let mut seen = BTreeSet::new();
    for (index, word) in words.enumerate() {
        if !seen.insert(word) {
            return fault(path.clone().index(index), format!("`{word}` is there already"));
        }
    }
    Ok(())
}
