//! A view of the history: which tickets it has, in which order, and how they are counted.
//!
//! # The story
//!
//! A user narrows the history by filters and chooses an order. The product turns the ids of the filter into the numbers
//! that the store keeps of every ticket ([`EntryFilter`]). [`plan`](mod@plan) then decides along which of the store's
//! indexes the rows are read ([`Plan`]): most indexes begin with the value of one filter and go on in the order of the
//! history. So with one filter, a page of fifty rows reads fifty entries, however many tickets there are. What an index
//! does not begin with is tested on each entry on the way, and those that do not pass are read on top. Counts come from
//! a small table with one row for each combination of values ([`HistoryCounts`]).
//!
//! Nothing here knows SQL, and nothing here depends on a row of the file. The store says both.

mod counts;
mod filter;
mod plan;
mod relation;
mod sort;
mod window;

pub use self::counts::HistoryCounts;
pub(crate) use self::counts::{Bucket, EntryCounts, counted};
pub use self::filter::{CreatorFilter, HistoryFilter};
pub(crate) use self::filter::{EntryFilter, NO_VALUE};
pub(crate) use self::plan::{Group, Plan, Walk, WalkStart, plan};
pub use self::relation::{HistoryView, Relation, Relations};
pub(crate) use self::sort::sort_name;
pub use self::sort::{HistorySort, SortKey};
pub use self::window::{HistoryWindow, MOST_ROWS_HELD};
