//! The outbox: how something a user wrote reaches the desk exactly once, and in order.
//!
//! # The story
//!
//! A write is one row here, made in the transaction that consumed the draft: a new ticket, a reply, the upload of a file,
//! more CC addresses, that the ticket is solved, or how far it was read. It waits its turn, is sent, and leaves when the desk shows it:
//!
//! ```text
//!   held ──┐  ┌───────── not applied, try later (waiting) ◄──┐
//!   (undo) ▼  ▼                                              │
//!        queued ─► sending ─► sent ─► (row gone: seen in the thread)
//!           ▲         │  └──► needs the user ── retry ──► queued
//!           │         ▼ unclear        └────── edit ────► queued, with a new key
//!           │      checking ─► (row gone: it is there)
//!           │         │  └───► may have been sent ── the user says: again ──► queued
//!           └─────────┘ twice not there, the last time long after the attempt
//! ```
//!
//! * **held**: while the app is in front a message can be undone for some seconds. Leaving the app ends that at once.
//! * **queued** → **sending** is written down before the request leaves: the exact body, the idempotency key, and the
//!   *base*, the newest comment known. Every later attempt repeats body and key unchanged. In a thread that was never
//!   read, and for a ticket before the first sync, nothing is known: then the desk is asked first, because what is after
//!   the base and has the same text is taken for this write.
//! * **sending** → **sent**: the desk said yes. A reply's row stays until the thread shows its comment, because the
//!   answer does not name it, but it holds up nobody; a ticket's row leaves at once, because the answer has its number.
//!   A comment that a late reading does not show any more was hidden meanwhile, and its message goes.
//!   An upload's row stays, with its token, until the message that names it is at the desk: a token can expire, and then
//!   the file is uploaded again.
//! * **sending** → **waiting**: certainly not applied (no connection, 429, 409). A wait is a start and a length, and over
//!   when now is before the start or behind the end, so that a clock that jumps cannot hold it for ever. A *firm* wait is
//!   the desk's own wish; the others end when the network returns.
//! * **sending** → **checking**: the connection broke, or the answer made no sense. The desk may have it. The thread (or
//!   the list of own tickets) is read by id, and what is there is matched by the store's one matching step. "Not there"
//!   is believed only after two reads, the last at least stale + late after the first: a read may be that stale, and a
//!   request may be applied that late. That time is taken from the desk's own clock, so that no jump of the device's
//!   clock, and no restart, can shorten it. Then the row is queued again; after several unclear attempts with a pause.
//!   Uploads, CC addresses and read marks skip all this: sending them twice is the same as sending them once.
//! * **checking** → **may have been sent**: the ticket can no longer be looked at. Only the user can decide.
//! * **sending** → **needs the user**: refused, not allowed, closed, no longer visible. Nothing was applied. Signed out
//!   and somebody else concern the account, not one write: the row goes back to queued and the run ends.
//!
//! A ticket's rows go strictly in order, tickets independently: a row that waits or needs the user holds up its own ticket
//! only. Read marks alone stand outside that order: they hold up nobody, and one that the desk refuses is dropped. So a
//! reply waits for its ticket's creation, and a message for its uploads, simply by being written after them. And new
//! tickets that look the same to a desk without references wait for the end of each other's doubts, because one that turns
//! up could be taken for another.
//!
//! An edit is allowed while certainly nothing is at the desk. It gives the row a new text and a new key, which no attempt
//! has used, and an attempt that was prepared for the old text finds another key and does not begin.
//!
//! # What a crash leaves behind
//!
//! Before the commit of the write: the draft, whole. In *held*, *queued*, *waiting*, *checking*: the row, which goes on. In
//! *sending*: nobody knows whether the request left, so the next run begins with checking. Between *sent* and seen: the
//! next read of the thread finds the comment.
//!
//! # A copy of the file
//!
//! A backup that is restored on another device brings rows that the first device may have sent since, or may still send.
//! So the file knows its installation, and under another one nothing is sent by itself: what was ever attempted is looked
//! for, and the user is asked about whatever is not there. What the desk shows later still finds its row, because the first
//! device goes on, too. Only what could be any of several new tickets with other files is none of them, but a row of its
//! own.
//!
//! # What remains possible
//!
//! If the same user writes the same text in the same ticket on two devices, and one of them has not read the other's when
//! its attempt becomes unclear, the one comment that is there may be taken for the other's. Then one text stands there
//! instead of two equal ones; none is doubled. The same is true of two new tickets with the same subject and text, at a desk
//! that keeps no reference, also if the first may have been sent and was taken back; a file of the one that is missing is
//! missing, too. A message that *may have been sent* and is sent again by the user may stand there twice, as the user was
//! told. And a desk that applies a request later than its profile says is late (`consistency`) can make one text two.
//! A wish to solve a ticket that was unclear and is not there is made again, even if an agent opened the ticket since.
//!
//! All decisions are the pure functions [`next`], [`part_twins`], [`after_attempt`] and [`after_check`]; [`sync`](crate::sync) carries
//! them out, the store writes them down.

mod decide;
#[cfg(test)]
mod tests;
mod twins;

use std::time::Duration;

use uuid::Uuid;

pub(crate) use self::decide::concerns_account;
pub use self::decide::{Next, Step, Verdict, after_attempt, after_check, backoff, next};
pub use self::twins::{Look, may_have_twins, part_twins};
use crate::bugs::{self, Bug};
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
    /// The message that travels; for an upload, the message that will name it.
    pub message: Option<MessageId>,
    /// An upload's file.
    pub file: Option<i64>,
    /// What it does.
    pub kind: Kind,
    /// The idempotency key, the same for every attempt.
    pub key: Uuid,
    /// Where it stands.
    pub state: State,
    /// The newest comment (for a creation: ticket) known when the last attempt began; `None`: nothing can have arrived.
    pub base: Option<i64>,
    /// An attempt was made, ever, since this text was written.
    pub begun: bool,
    /// It came with a copy of the file, and is not sent without the user.
    pub restored: bool,
    /// Attempts since the last success of anything: the exponent of the back-off.
    pub attempts: u32,
    /// How often its uploads were made again because the desk did not know them.
    pub renewals: u32,
    /// Attempts that ended unclear.
    pub doubts: u32,
    /// How often it was looked for in vain since the last attempt.
    pub reads: u32,
    /// When the last unclear attempt ended, by the device's clock.
    pub ended_at: Option<Timestamp>,
    /// When it was first looked for in vain after that, by the desk's clock.
    pub quiet_since: Option<Timestamp>,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Creates its ticket.
    Create,
    /// Adds a comment to its ticket.
    Reply,
    /// Uploads a file that a later message of the ticket names.
    Upload,
    /// Adds addresses that the desk mails.
    AddCc,
    /// Marks its ticket as solved.
    Solve,
    /// Tells the desk how far the thread was read, for the other users of the account.
    MarkRead,
}

impl Kind {
    /// Whether applying it twice is the same as applying it once, so that an unclear attempt is simply made again. Solving
    /// is not: a late second one would solve a ticket that a reply has reopened meanwhile.
    #[must_use]
    pub fn is_repeatable(self) -> bool {
        matches!(self, Self::Upload | Self::AddCc | Self::MarkRead)
    }
}

/// Where an operation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Can still be undone; queued when the wait is over.
    Held(Wait),
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
    /// A wait of our own choice.
    #[must_use]
    pub fn new(start: Timestamp, length: Duration) -> Self {
        Self { start, length, firm: false }
    }

    /// What is left at `now`; `None` when it is over. A clock that was set back ends it.
    #[must_use]
    pub fn left(&self, now: Timestamp) -> Option<Duration> {
        let gone = now.0.checked_sub(self.start.0).filter(|gone| *gone >= 0)?;
        let left = millis(self.length) - gone;
        u64::try_from(left).ok().filter(|left| *left > 0).map(Duration::from_millis)
    }
}

/// A moment on both clocks. Only the desk's tells how much time really passed; the device's may jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The device's clock.
    pub device: Timestamp,
    /// The desk's, as of its last answer; `None` if its answers carry no time.
    pub desk: Option<Timestamp>,
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
        matches!(self, Self::Held(_) | Self::Queued | Self::Waiting(_) | Self::NeedsUser(_) | Self::MayHaveBeenSent)
    }

    /// Whether its text may be changed: nothing of it is at the desk, nor can be, and another text can help.
    #[must_use]
    pub fn can_edit(&self) -> bool {
        match self {
            Self::Held(_) | Self::Queued | Self::Waiting(_) => true,
            Self::NeedsUser(reason) => matches!(reason.kind, ReasonKind::Refused | ReasonKind::NotAllowed),
            Self::Checking(_) => bugs::is_on(Bug::EditWhileAmbiguous),
            Self::Sending | Self::Sent(_) | Self::MayHaveBeenSent => false,
        }
    }
}
