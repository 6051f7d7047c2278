//! What screens show. These are queries over the file; nothing here caches. Drafts are also written here.

pub(super) mod drafts;
pub(super) mod fields;
pub(super) mod history;
pub(super) mod overview;
mod people;
pub(super) mod thread;
pub(super) mod ticket;
pub(super) mod unread;
