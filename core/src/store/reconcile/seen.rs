//! For whom an answer was read, and when.

use crate::model::{PersonId, TicketId, Timestamp};

/// For whom something was read, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// Whom the file belongs to.
    pub by: PersonId,
    /// By the device's clock.
    pub at: Timestamp,
    /// By the server's clock, if it tells the time: no later than what was read, so of many pages before the first.
    pub server: Option<Timestamp>,
    /// The thread on screen, if any: what comes for it is read at once.
    pub open_thread: Option<TicketId>,
}
