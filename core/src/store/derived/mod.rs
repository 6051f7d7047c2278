//! What is computed from the rows and kept beside them, so that SQL can filter, count and sort by it.
//!
//! Derived data follows its rows by triggers. When the way in which it is computed changes, all of it is computed anew, in
//! the background: in steps of a bounded number of rows, each a transaction of its own, between which users' writes go
//! first. The table `rebuilds` has a row for what is being computed, with the place where it continues. A step moves this
//! place in its own transaction, so after a crash the next run continues there.
//!
//! Screens never wait for a rebuild. What a row shows is computed from the row itself ([`queries`](super::queries)).

pub(super) mod field_sources;
pub(super) mod places;
pub(super) mod status_map;
pub(super) mod statuses;
