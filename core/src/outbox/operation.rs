//! An operation: one row of the outbox, with its kind and its state.

use std::time::Duration;

use uuid::Uuid;

use crate::bugs::{self, Bug};
use crate::model::{ChangeKind, MessageId, OperationId, Reason, ReasonKind, TicketId, TicketNumber, Timestamp, millis};

/// One row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Ids ascend in the order in which the operations were written.
    pub id: OperationId,
    /// The ticket it belongs to. The operations of one ticket are sent in order.
    pub ticket: TicketId,
    /// The ticket's number, once the server has given one.
    pub number: Option<TicketNumber>,
    /// The message that is sent; for an upload, the message that will name the file. `None` for a change of the ticket.
    pub message: Option<MessageId>,
    /// The file of an upload.
    pub file: Option<i64>,
    /// What it does.
    pub kind: Kind,
    /// The product's id of the action that made it; `None` for what no action made.
    pub action: Option<String>,
    /// Whether it is sent without an account (`docs/product.md`, W11). Then no read can ever show what became of it.
    pub anonymous: bool,
    /// The idempotency key. Every attempt sends the same one; an edit replaces it.
    pub key: Uuid,
    /// The state of the operation.
    pub state: State,
    /// The newest comment id (for a creation: ticket number) that was known when the last attempt began. `None` if the
    /// server certainly has nothing of this operation.
    pub high_water_mark: Option<i64>,
    /// Whether an attempt was made since this text was written.
    pub ever_attempted: bool,
    /// Whether the operation came with a copy of the file. Then it is not sent without the user.
    pub restored: bool,
    /// Whether the exact bytes of an attempt are stored. Every later attempt repeats them.
    pub prepared: bool,
    /// When the token of a finished upload expires, by the server's clock; `None` if the server does not say, or for
    /// anything else.
    pub token_until: Option<Timestamp>,
    /// The newest comment that the thread had when the user decided to send this operation again. It and the older
    /// comments do not count as the result.
    pub asked_through: Option<i64>,
    /// How many attempts were made since the user wrote, edited or retried the operation. The back-off grows with it.
    pub attempts: u32,
    /// How often its files were uploaded again, because their tokens had expired or the server did not know them.
    pub renewals: u32,
    /// How many attempts were refused in a way that does not show who refused them.
    pub refusals: u32,
    /// The server's message in the last of these refusals, if it was plain text.
    pub refusal: Option<String>,
    /// How many attempts ended ambiguously.
    pub ambiguous_attempts: u32,
    /// How many reads since the last attempt did not show the result.
    pub empty_reads: u32,
    /// When the last ambiguous attempt ended, by the device's clock.
    pub ended_at: Option<Timestamp>,
    /// When a read first did not show the result of that attempt, by the server's clock.
    pub first_missed_at: Option<Timestamp>,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Creates its ticket.
    Create,
    /// Adds a comment to its ticket.
    Reply,
    /// Uploads a file, which a later message of the ticket names.
    Upload,
    /// Changes its ticket, and makes no comment.
    Change(ChangeKind),
    /// Stores on the server how far the thread was read, for the other users of the account.
    MarkRead,
}

impl Kind {
    /// Whether applying it twice is the same as applying it once. An ambiguous attempt of such a kind is simply made
    /// again.
    #[must_use]
    pub fn is_repeatable(self) -> bool {
        match self {
            Self::Upload | Self::MarkRead => true,
            Self::Change(ChangeKind::Feedback) if bugs::is_on(Bug::FeedbackSentAgain) => true,
            Self::Change(ChangeKind::Toggle) if bugs::is_on(Bug::OlderValueMayArriveLast) => true,
            Self::Change(change) => change.facts().is_repeatable,
            Self::Create | Self::Reply => false,
        }
    }

    /// Whether a read can show that the server has it: as a ticket, as a comment, or in the way of a change.
    #[must_use]
    pub fn can_be_found(self) -> bool {
        match self {
            Self::Create | Self::Reply => true,
            Self::Change(change) => change.facts().found_by.is_some(),
            Self::Upload | Self::MarkRead => false,
        }
    }

    /// Whether it neither waits for the ticket's other operations nor holds them up.
    #[must_use]
    pub(super) fn is_apart(self) -> bool {
        matches!(self, Self::Change(change) if change.facts().is_apart)
    }

    /// Whether a later one of the same action makes an earlier one pointless.
    #[must_use]
    pub(super) fn is_replaced(self) -> bool {
        matches!(self, Self::Change(change) if change.facts().is_replaced)
    }
}

/// The state of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Can still be undone. It is sent when the wait is over.
    Held(Wait),
    /// Waiting to be sent.
    Queued,
    /// An attempt was written down, and its request may be on its way.
    Sending,
    /// The server has confirmed it. The thread is read for its comment when the wait is over.
    Sent(Wait),
    /// Certainly not applied. It is sent again when the wait is over.
    Waiting(Wait),
    /// The outcome is ambiguous. Sync reads whether the attempt was applied when the wait is over.
    Checking(Wait),
    /// Not applied, and not sent again without the user.
    NeedsUser(Reason),
    /// The outcome is ambiguous, and no read can decide it: the ticket can no longer be read, or it shows a comment of
    /// this user that may or may not be this message.
    MayHaveBeenSent,
    /// The server has confirmed it, but no read shows it. Sync does nothing more about it. If a later read shows it, it
    /// is settled.
    NotShown,
}

/// A wait, stored as a start and a length, so that a jump of the clock cannot prolong it beyond that length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// When it began, by the device's clock.
    pub start: Timestamp,
    /// How long it lasts.
    pub length: Duration,
    /// Whether the server asked for it (`Retry-After`). [`EndWaits`](super::EndWaits) says what ends such a wait before
    /// its time.
    pub server_imposed: bool,
}

impl Wait {
    /// A wait that the server did not ask for.
    #[must_use]
    pub fn new(start: Timestamp, length: Duration) -> Self {
        Self { start, length, server_imposed: false }
    }

    /// What is left at `now`; `None` if the wait is over. A clock that was set back behind the start ends it.
    #[must_use]
    pub fn left(&self, now: Timestamp) -> Option<Duration> {
        let elapsed = now.0.checked_sub(self.start.0).filter(|elapsed| *elapsed >= 0)?;
        let left = millis(self.length) - elapsed;
        u64::try_from(left).ok().filter(|left| *left > 0).map(Duration::from_millis)
    }
}

/// One moment on both clocks. Only the server's clock shows how much time really passed; the device's clock may jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// The device's clock.
    pub device: Timestamp,
    /// The server's clock, as of its last answer; `None` if its answers carry no time.
    pub server: Option<Timestamp>,
}

impl Operation {
    /// Whether a read can show that the server has it.
    #[must_use]
    pub(super) fn can_be_found(&self) -> bool {
        self.kind.can_be_found() && !self.anonymous
    }

    /// The same operation in `state`, when the server certainly has nothing of it.
    #[must_use]
    pub(super) fn not_applied(&self, state: State) -> Self {
        Self { state, high_water_mark: None, ended_at: None, first_missed_at: None, ..self.clone() }
    }

    /// The same operation in `state`, when the server may have it.
    #[must_use]
    pub(super) fn maybe_applied(&self, state: State, now: Timestamp) -> Self {
        let ended_at = Some(self.ended_at.map_or(now, |ended| ended.min(now)));
        Self { state, ended_at, ..self.clone() }
    }

    /// The same operation in `state`, as if nothing of it had ever been attempted: with another idempotency key, so
    /// that no earlier attempt can be confused with a later one. Allowed only if the server certainly has nothing of
    /// it.
    #[must_use]
    pub(super) fn never_attempted(&self, state: State, key: Uuid) -> Self {
        Self { key, prepared: false, ever_attempted: false, empty_reads: 0, ..self.not_applied(state) }
    }

    /// The same operation with every counter at its start, because the user has decided something about it.
    #[must_use]
    pub(super) fn with_counters_reset(&self) -> Self {
        Self {
            attempts: 0,
            ambiguous_attempts: 0,
            empty_reads: 0,
            renewals: 0,
            refusals: 0,
            refusal: None,
            ended_at: None,
            first_missed_at: None,
            ..self.clone()
        }
    }

    /// What goes in order with it: the operations of its ticket, or those of its action where that stands apart.
    pub(super) fn lane(&self) -> (TicketId, Option<&str>) {
        (self.ticket, self.kind.is_apart().then_some(self.action.as_deref().unwrap_or_default()))
    }

    /// Whether it is an upload for the message of `other`.
    pub(super) fn is_upload_for(&self, other: &Self) -> bool {
        self.kind == Kind::Upload && self.message.is_some() && self.message == other.message
    }
}

impl State {
    /// Whether the server has confirmed it.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        matches!(self, Self::Sent(_) | Self::NotShown)
    }

    /// Whether it waits for an attempt.
    #[must_use]
    pub fn is_to_be_sent(&self) -> bool {
        matches!(self, Self::Held(_) | Self::Queued | Self::Waiting(_))
    }

    /// Whether the user may ask for another attempt: nothing was applied and the next answer may differ; or the
    /// operation may have been sent, and the user has to decide.
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

    /// Whether the user may discard it: no request for it is on its way, and no read will decide whether it was
    /// applied.
    #[must_use]
    pub fn can_discard(&self) -> bool {
        self.is_to_be_sent() || matches!(self, Self::NeedsUser(_) | Self::MayHaveBeenSent | Self::NotShown)
    }

    /// Whether its text may be changed: the server has nothing of it and cannot get it, and another text may help.
    #[must_use]
    pub fn can_edit(&self) -> bool {
        match self {
            Self::Held(_) | Self::Queued | Self::Waiting(_) => true,
            Self::NeedsUser(reason) => matches!(reason.kind, ReasonKind::Refused | ReasonKind::NotAllowed),
            Self::Checking(_) => bugs::is_on(Bug::EditWhileAmbiguous),
            Self::Sending | Self::Sent(_) | Self::MayHaveBeenSent | Self::NotShown => false,
        }
    }
}
