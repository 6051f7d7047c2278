//! The history of a product: which tickets it has for this user, and what their rows show.

mod columns;
pub(super) mod entries;
pub(super) mod scopes;
