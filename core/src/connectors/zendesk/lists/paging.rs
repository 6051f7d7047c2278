//! Paging by cursor, also through a server that does not know cursors.
//!
//! The address of the next page is always built here. Links in an answer are not followed, because they may name
//! another host: a company's own domain may be mapped to the server's.
//!
//! A server that does not know cursors ignores `page[size]` and answers with a numbered page. Rows may move between
//! numbered pages, unless their order is fixed. So the list is read once more from its beginning, by number and in a
//! fixed order. The cursor of such a list is the number of rows before the page ([`Place::Row`]), so that a page may
//! have another size than the one before.

use crate::connectors::json::Json;
use crate::model::Failure;

/// Before the number in a cursor that stands for a row. The service's own cursors are base64.
const ROW: &str = "row=";

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connectors::zendesk) enum Place<'a> {
    /// At the beginning of the list.
    First,
    /// After this cursor of the service.
    After(&'a str),
    /// After this many rows.
    Row(u64),
}

/// The order of numbered pages.
#[derive(Debug, Clone, Copy)]
pub(in crate::connectors::zendesk) enum Order {
    /// Oldest first. What is created meanwhile comes last, so no row moves to a page that was read.
    OldestFirst,
    /// Newest first.
    NewestFirst,
}

impl<'a> Place<'a> {
    pub(in crate::connectors::zendesk) fn of(cursor: Option<&'a str>) -> Self {
        match cursor {
            None => Self::First,
            Some(cursor) => {
                let row = cursor.strip_prefix(ROW).and_then(|row| row.parse().ok());
                row.map_or(Self::After(cursor), Self::Row)
            }
        }
    }

    /// The cursor of this place.
    pub(in crate::connectors::zendesk) fn cursor(self) -> String {
        match self {
            Self::First => String::new(),
            Self::After(cursor) => cursor.to_owned(),
            Self::Row(before) => format!("{ROW}{before}"),
        }
    }

    /// How many rows to ask for, at most `rows`, so that a numbered page begins exactly here: what is before this place may
    /// be too large to be read.
    pub(in crate::connectors::zendesk) fn rows(self, rows: u32) -> u32 {
        match self {
            Self::Row(before) if before > 0 => {
                (1..=rows).rev().find(|rows| before.is_multiple_of((*rows).into())).unwrap_or(rows)
            }
            _ => rows,
        }
    }

    /// The part of the query that asks for `rows` rows from here.
    pub(in crate::connectors::zendesk) fn query(self, rows: u32, order: Order) -> Vec<(&'static str, String)> {
        match self {
            Self::First => vec![("page[size]", rows.to_string())],
            Self::After(cursor) => vec![("page[size]", rows.to_string()), ("page[after]", cursor.to_owned())],
            Self::Row(before) => {
                let direction = if matches!(order, Order::NewestFirst) { "desc" } else { "asc" };
                vec![
                    ("page", page_of(before, rows).to_string()),
                    ("per_page", rows.to_string()),
                    ("sort_by", "created_at".to_owned()),
                    ("sort_order", direction.to_owned()),
                ]
            }
        }
    }

    /// The cursor of the page after the one that begins here; `None` if that was the last one. `rows` were asked for,
    /// and `is_empty` says whether the page had none. Fails if the answer does not say whether it is the last page, or
    /// where the next one is. The cursor may lead to the same page again: sync notices circles of any length. `paging` are
    /// the answer's `meta` and `next_page`.
    pub(in crate::connectors::zendesk) fn next(
        self,
        paging: [Json<'_>; 2],
        rows: u32,
        is_empty: bool,
    ) -> Result<Option<String>, Failure> {
        let [meta, next_page] = paging;
        if !meta.is_object() {
            return match (self, has_link(next_page)?) {
                (_, false) => Ok(None),
                // A page without rows is the last one, whatever the server says.
                (Self::Row(_), true) if is_empty => Ok(None),
                (Self::Row(before), true) => {
                    // A number that cannot grow any more leads to the same page again.
                    let next = page_of(before, rows).checked_mul(u64::from(rows)).filter(|next| *next > before);
                    next.map(|next| Some(Self::Row(next).cursor())).ok_or_else(Failure::misbehaves)
                }
                (Self::First | Self::After(_), true) => Ok(Some(Self::Row(0).cursor())),
            };
        }
        let [has_more, after] = meta.fields(["has_more", "after_cursor"]);
        if !has_more.boolean().ok_or_else(Failure::misbehaves)? {
            return Ok(None);
        }
        let after = after.text().filter(|after| !after.is_empty());
        after.map(Some).ok_or_else(Failure::misbehaves)
    }
}

/// The page, from 1, that contains the row after the first `before` ones. It may begin with rows that were read already.
fn page_of(before: u64, rows: u32) -> u64 {
    (before / u64::from(rows.max(1))).saturating_add(1)
}

/// Whether a numbered page says that there is a next one. The target of the link does not matter. Fails if the page
/// does not say whether there is a next one.
pub(in crate::connectors::zendesk) fn has_link(next_page: Json<'_>) -> Result<bool, Failure> {
    if next_page.is_missing() {
        return Err(Failure::misbehaves());
    }
    Ok(next_page.words().is_some())
}
