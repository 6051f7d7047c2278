//! The rows of files. The files themselves, and the story of an attachment, are in [`blob`](crate::blob).

pub(super) mod attach_error;
pub(super) mod downloads;
pub(super) mod queue;
pub(super) mod small_pictures;
pub(super) mod staged;
