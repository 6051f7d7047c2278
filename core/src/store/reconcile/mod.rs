//! Reconciling: matches the tickets and comments that the server shows with the rows that the user wrote.

mod candidates;
pub(super) mod comments;
mod fields;
mod news;
pub(super) mod parts;
pub(super) mod read_marks;
pub(super) mod revoke;
mod rows;
pub(super) mod secure_delete;
pub(super) mod seen;
pub(super) mod tickets;
