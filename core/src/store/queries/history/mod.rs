//! The history: every ticket that is visible to this user, those with something unsent on top, then in the order of the view, at
//! first newest activity first (`docs/product.md`, H2, W5a to W8).
//!
//! # The story
//!
//! The history has three parts, one below the other: tickets that were not sent yet, newest first; tickets with a reply or
//! another change that waits or needs the user, the one written last on top; and all others in the view's order. Each
//! part is a query of its own, because each has an index of its own to follow: the second one follows the outbox, which
//! is small. So a ticket rises when something is written in it, without a change of its row, and is back in its place
//! when that is sent or taken back. A filter holds in every part.
//!
//! The third part follows the indexes of `history_entries` ([`entries`](crate::store::derived::entries)), as the view's plan says
//! ([`query`](crate::query)): its groups come one after the other, and the walks of a group are one query each, whose rows are merged.
//!
//! A page continues after the last row of the page before, or before its first one, by that row's part, its group and its place
//! there. So every page costs the same, even at the end of 100,000 tickets, and within a page no row is skipped or doubled if rows
//! move meanwhile. What a screen holds is a window, which begins at such a place ([`HistoryWindow`](crate::query::HistoryWindow)).
//!
//! While the entries are computed anew, the history without a filter, by activity or by creation, is read from the
//! tickets themselves, so that it is complete.

mod counts;
mod page;
mod rows;
mod sql;
mod view;
mod window;

#[cfg(test)]
pub(in crate::store) use self::page::Parts;
pub use self::page::{HistoryPage, PageFrom};
pub(in crate::store) use self::rows::{select, select_entries, ticket_row};
pub(in crate::store) use self::sql::tests as entry_tests;
pub(in crate::store) use self::view::Entries;
pub use self::view::HistoryQuery;
pub use self::window::HistoryRows;
