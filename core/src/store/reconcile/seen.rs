//! The circumstances of a read: whom it was made for, and when.

use crate::model::{PersonId, TicketId, Timestamp};

/// Whom something was read for, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// The user whom the file belongs to.
    pub by: PersonId,
    /// The time by the device's clock.
    pub at: Timestamp,
    /// The time by the server's clock; `None` if the server tells no time. It is never later than what was read: a read of
    /// several pages is dated by its first answer.
    pub server: Option<Timestamp>,
    /// The ticket whose thread is on screen, if any. What arrives for it counts as read at once.
    pub open_thread: Option<TicketId>,
}
