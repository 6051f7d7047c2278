//! What the API says about the account and its users, beside tickets.

pub mod fields;
pub mod memberships;
pub mod statuses;
pub mod users;
