//! The rows of the outbox: written, read, moved on. What moves them is decided in [`outbox`](crate::outbox).

pub(super) mod attempts;
pub(super) mod edit;
pub(super) mod enqueue;
pub(super) mod operations;
pub(super) mod restored;
pub(super) mod transitions;
pub(super) mod uploads;
