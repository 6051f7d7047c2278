//! Schedule: how far the server was read, and what is read next.

pub(super) mod fetch_queue;
pub(super) mod full_reconciliation;
pub(super) mod lists;
pub(super) mod membership;
pub(super) mod pauses;
pub(super) mod request_budget;
pub(super) mod set_up;
pub(super) mod walks;
