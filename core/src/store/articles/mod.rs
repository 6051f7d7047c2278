//! The help centre: its articles, how far they were read, and the user's answers about them (`docs/product.md`, W9).

pub(super) mod queries;
pub(super) mod reading;
pub(super) mod votes;
