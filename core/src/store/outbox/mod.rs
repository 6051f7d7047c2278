//! The rows of the outbox: written for the user, read as operations, changed by transitions.
//!
//! Which transition follows from an outcome is decided in [`outbox`](crate::outbox). Its header tells the story of an
//! operation; the files here load rows and write transitions down.

pub(super) mod anonymous;
pub(super) mod apply;
pub(super) mod attempts;
pub(super) mod edit;
pub(super) mod enqueue;
pub(super) mod extras;
pub(super) mod operations;
pub(super) mod restored;
pub(super) mod transitions;
pub(super) mod uploads;
