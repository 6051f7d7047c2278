//! What the server shows meets what the user wrote.

pub(super) mod comments;
pub(super) mod read_marks;
pub(super) mod revoke;
pub(super) mod secure_delete;
pub(super) mod seen;
pub(super) mod tickets;
