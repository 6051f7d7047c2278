//! The rows beside the files in [`blob`](crate::blob).

pub(super) mod attach_error;
pub(super) mod downloads;
pub(super) mod staged;
