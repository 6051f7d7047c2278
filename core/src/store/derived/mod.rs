//! What is computed from the rows and kept beside them, so that SQL can filter, count and sort by it.
//!
//! Derived data follows its rows: by triggers where SQL can compute it, and for [`entries`], which depend on the product
//! definition, before each commit. When the way in which it is computed changes, all of it is computed anew in the background
//! ([`rebuild`]).
//!
//! Screens never wait for a rebuild. Meanwhile they read from the rows themselves, or show what is computed so far and
//! say so ([`queries`](super::queries)).

pub(super) mod entries;
pub(super) mod field_sources;
pub(super) mod last_message;
pub(super) mod rebuild;
