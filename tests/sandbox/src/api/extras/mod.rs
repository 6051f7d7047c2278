//! What a user has beside a request: satisfaction, and records of a custom object.

pub mod records;
pub mod satisfaction;
