//! What the screens show: queries, and nothing that caches.

pub(super) mod drafts;
pub(super) mod history;
pub(super) mod overview;
pub(super) mod thread;
pub(super) mod ticket;
