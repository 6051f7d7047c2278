//! A row of the outbox.

use std::time::Duration;

use uuid::Uuid;

use crate::bugs::{self, Bug};
use crate::model::{MessageId, OperationId, Reason, ReasonKind, TicketId, TicketNumber, Timestamp, millis};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Ascending in the order of writing.
    pub id: OperationId,
    /// Whose order it keeps.
    pub ticket: TicketId,
    /// The ticket's number, once the server has given one.
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
    pub high_water_mark: Option<i64>,
    /// An attempt was made, ever, since this text was written.
    pub ever_attempted: bool,
    /// It came with a copy of the file, and is not sent without the user.
    pub restored: bool,
    /// Attempts since the last success of anything: the exponent of the back-off.
    pub attempts: u32,
    /// How often its uploads were made again because the server did not know them.
    pub renewals: u32,
    /// Attempts that ended unclear.
    pub ambiguous_attempts: u32,
    /// How often it was looked for in vain since the last attempt.
    pub empty_reads: u32,
    /// When the last unclear attempt ended, by the device's clock.
    pub ended_at: Option<Timestamp>,
    /// When it was first looked for in vain after that, by the server's clock.
    pub first_missed_at: Option<Timestamp>,
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
    /// Adds addresses that the server mails.
    AddCc,
    /// Marks its ticket as solved.
    Solve,
    /// Tells the server how far the thread was read, for the other users of the account.
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
    /// The server said yes; its comment is looked for when the wait is over.
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
    /// The server asked for it.
    pub server_imposed: bool,
}

impl Wait {
    /// A wait of our own choice.
    #[must_use]
    pub fn new(start: Timestamp, length: Duration) -> Self {
        Self { start, length, server_imposed: false }
    }

    /// What is left at `now`; `None` when it is over. A clock that was set back ends it.
    #[must_use]
    pub fn left(&self, now: Timestamp) -> Option<Duration> {
        let gone = now.0.checked_sub(self.start.0).filter(|gone| *gone >= 0)?;
        let left = millis(self.length) - gone;
        u64::try_from(left).ok().filter(|left| *left > 0).map(Duration::from_millis)
    }
}

/// A moment on both clocks. Only the server's tells how much time really passed; the device's may jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// The device's clock.
    pub device: Timestamp,
    /// The server's, as of its last answer; `None` if its answers carry no time.
    pub server: Option<Timestamp>,
}

impl State {
    /// Whether the user may ask for another attempt: nothing of it is at the server, and another answer is possible; or the
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

    /// Whether its text may be changed: nothing of it is at the server, nor can be, and another text can help.
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
