//! The ticket that another one follows.

use crate::model::{TicketId, TicketNumber};

/// The closed ticket that a ticket follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct FollowedTicket {
    /// Its number.
    pub number: TicketNumber,
    /// The local id with which its thread can be opened; `None` if this user does not see it, or does not see it yet.
    pub ticket: Option<TicketId>,
}
