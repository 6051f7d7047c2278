//! In which order a view of the history is.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// By what the history can be sorted (`docs/product.md`, W5a). Tickets with the same status, creator or read state come
/// newest activity first, in both directions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SortKey {
    /// The newest public comment or change of status.
    #[default]
    LastActivity,
    /// The creation.
    Created,
    /// The status, in the definition's order. Tickets with a mark that takes part in it come before all statuses.
    Status,
    /// The name of the user who created it, without case and accents. A user without a name comes after all names.
    Creator,
    /// Unread first.
    Read,
}

/// How a view of the history is sorted. What was not sent yet, and what waits to be sent in a ticket, is above it in every order
/// (`docs/product.md`, H2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct HistorySort {
    /// By what.
    pub key: SortKey,
    /// Whether the largest comes first: the newest, the last status, the last name, the read ones.
    pub descending: bool,
}

impl SortKey {
    /// How the history is sorted when a user chooses this: the newest first, or the first status, name, or unread ticket. Who
    /// chooses it again wants the opposite.
    #[must_use]
    pub const fn as_chosen(self) -> HistorySort {
        HistorySort { key: self, descending: matches!(self, Self::LastActivity | Self::Created) }
    }
}

impl Default for HistorySort {
    fn default() -> Self {
        Self { key: SortKey::LastActivity, descending: true }
    }
}

/// What a user without a name is sorted by: it comes after every name.
const NO_NAME: &str = "\u{10ffff}";
/// How much of a name is compared, in characters.
const COMPARED: usize = 100;

/// By what a name is sorted: without case, accents and marks.
#[must_use]
pub(crate) fn sort_name(name: &str) -> String {
    let folded: String = name
        .trim()
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .take(COMPARED)
        .collect();
    if folded.is_empty() { NO_NAME.to_owned() } else { folded }
}

#[cfg(test)]
mod tests {
    use super::{SortKey, sort_name};

    #[test]
    fn a_chosen_order_begins_with_what_is_new_or_comes_first() {
        let keys = [SortKey::LastActivity, SortKey::Created, SortKey::Status, SortKey::Creator, SortKey::Read];
        assert_eq!(keys.map(|key| key.as_chosen().descending), [true, true, false, false, false]);
        assert!(keys.iter().all(|key| key.as_chosen().key == *key));
    }

    #[test]
    fn names_are_sorted_without_case_and_accents_and_no_name_comes_last() {
        let mut names = ["", "Özlem", "olaf", "Straßer", "strasser", "Émile", "zoe", "王芳", "  "];
        names.sort_by_key(|name| sort_name(name));
        assert_eq!(names, ["Émile", "olaf", "Özlem", "Straßer", "strasser", "zoe", "王芳", "", "  "]);
    }
}
