//! The outbox: how something a user wrote reaches the desk exactly once, and in order.
//!
//! # The story
//!
//! A write is one row here and one row among the messages, made in the transaction that consumed the draft. The row
//! waits its turn, is sent, and leaves when its message was seen at the desk:
//!
//! ```text
//!            ┌──────────── not applied, try later ◄──────────┐
//!            ▼                                               │
//!  queued ─► sending ─► sent ─► (row gone: seen in the thread)
//!    ▲         │  └───────────► needs the user ── retry ──► queued
//!    │         ▼ unclear
//!    │      checking ─► (row gone: it is there)
//!    │         │  └───► may have been sent ── the user says: again ──► queued
//!    └─────────┘ twice not there, the last time long after the attempt
//! ```
//!
//! * **queued** → **sending** is written down before the request leaves: the exact body, the idempotency key, and the
//!   *base*, the newest comment known. Every later attempt repeats body and key unchanged.
//! * **sending** → **sent**: the desk said yes. A reply's row stays until the thread shows its comment, because the
//!   answer does not name it, but it holds up nobody; a ticket's row leaves at once, because the answer has its number.
//! * **sending** → **waiting**: certainly not applied (no connection, 429, 409). A wait is a start and a length, and over
//!   when now is before the start or behind the end, so that a clock that jumps cannot hold it for ever. A *firm* wait is
//!   the desk's own wish; the others end when the network returns.
//! * **sending** → **checking**: the connection broke, or the answer made no sense. The desk may have it. The thread (or
//!   the list of own tickets) is read by id, and what is there is matched by the store's one matching step. "Not there"
//!   is believed only after two reads, the last at least stale + late after the attempt ended: a read may be that stale,
//!   and a request may be applied that late. Then the row is queued again. A write that ended unclear three times is left
//!   to the user: **may have been sent**.
//! * **sending** → **needs the user**: refused, not allowed, closed, no longer visible. Nothing was applied. Signed out
//!   and somebody else concern the account, not one write: the row goes back to queued and the run ends.
//!
//! A ticket's rows go strictly in order, tickets independently: a row that waits or needs the user holds up its own ticket
//! only. A reply to a ticket without a number is behind that ticket's creation, and so waits for it.
//!
//! # What a crash leaves behind
//!
//! Before the commit of the write: the draft, whole. In *queued*, *waiting*, *checking*: the row, which goes on. In
//! *sending*: nobody knows whether the request left, so the next run begins with checking. Between *sent* and seen: the
//! next read of the thread finds the comment.
//!
//! # What remains possible
//!
//! If the same user writes the same text in the same ticket on two devices while one of them is checking, the one comment
//! that is there may be taken for the other's. Then one text stands there instead of two equal ones; none is doubled.
//!
//! All decisions are the pure functions [`next`], [`after_attempt`] and [`after_check`]; [`sync`](crate::sync) carries
//! them out, the store writes them down.

mod decide;
#[cfg(test)]
mod tests;

use std::time::Duration;

use uuid::Uuid;

pub use self::decide::{Next, Step, Verdict, after_attempt, after_check, backoff, next};
use crate::environment::{Timestamp, millis};
use crate::model::{MessageId, OperationId, Reason, ReasonKind, TicketId, TicketNumber};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Ascending in the order of writing.
    pub id: OperationId,
    /// Whose order it keeps.
    pub ticket: TicketId,
    /// The ticket's number, once the desk has given one.
    pub number: Option<TicketNumber>,
    /// The message that travels.
    pub message: MessageId,
    /// What it does.
    pub kind: Kind,
    /// The idempotency key, the same for every attempt.
    pub key: Uuid,
    /// Where it stands.
    pub state: State,
    /// Attempts since the last success of anything: the exponent of the back-off.
    pub attempts: u32,
    /// Attempts that ended unclear.
    pub doubts: u32,
    /// How often it was looked for in vain since the last attempt.
    pub reads: u32,
    /// When the last unclear attempt ended, by the device's clock.
    pub ended_at: Option<Timestamp>,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Creates its ticket.
    Create,
    /// Adds a comment to its ticket.
    Reply,
}

/// Where an operation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Waiting to be sent.
    Queued,
    /// The request may be on its way.
    Sending,
    /// The desk said yes; its comment is looked for when the wait is over.
    Sent(Wait),
    /// Certainly not applied; to be tried again.
    Waiting(Wait),
    /// Unclear; to be looked for when the wait is over.
    Checking(Wait),
    /// Not applied, and cannot go on without the user.
    NeedsUser(Reason),
    /// Unclear for good.
    MayHaveBeenSent,
}

/// A wait, as a start and a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// When it began, by the device's clock.
    pub start: Timestamp,
    /// How long it lasts.
    pub length: Duration,
    /// The desk asked for it.
    pub firm: bool,
}

impl Wait {
    /// What is left at `now`; `None` when it is over. A clock that was set back ends it.
    #[must_use]
    pub fn left(&self, now: Timestamp) -> Option<Duration> {
        let gone = now.0.checked_sub(self.start.0).filter(|gone| *gone >= 0)?;
        let left = millis(self.length) - gone;
        u64::try_from(left).ok().filter(|left| *left > 0).map(Duration::from_millis)
    }
}

impl State {
    /// Whether the user may ask for another attempt: nothing of it is at the desk, and another answer is possible; or the
    /// user decides what cannot be known.
    #[must_use]
    pub fn can_retry(&self) -> bool {
        match self {
            Self::NeedsUser(reason) => {
                !matches!(reason.kind, ReasonKind::TicketClosed | ReasonKind::NoLongerVisible | ReasonKind::Unsupported)
            }
            Self::MayHaveBeenSent => true,
            _ => false,
        }
    }

    /// Whether it may be taken back: nothing of it is on its way.
    #[must_use]
    pub fn can_discard(&self) -> bool {
        matches!(self, Self::Queued | Self::Waiting(_) | Self::NeedsUser(_) | Self::MayHaveBeenSent)
    }
}
