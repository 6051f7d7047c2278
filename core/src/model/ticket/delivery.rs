//! The delivery of what the user wrote, and why it may need the user.

use std::fmt;

use crate::model::Timestamp;

/// The delivery of a message, as the user sees it. Its times are by the device's clock. See [`outbox`](crate::outbox)
/// for the whole story.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", content = "detail", rename_all = "snake_case")]
pub enum Delivery {
    /// The server has it.
    Sent,
    /// It can still be undone until this time, and is queued then. Leaving the app queues it earlier.
    Held(Timestamp),
    /// It waits to be sent.
    Queued,
    /// It is being sent now.
    Sending,
    /// It was not applied and will be tried again at this time. The network's return and a requested sync end the wait
    /// earlier, unless the server imposed it.
    Waiting(Timestamp),
    /// The outcome is ambiguous and is being checked.
    Checking,
    /// It cannot be sent without the user.
    NeedsUser(Reason),
    /// The outcome is ambiguous, and no read can decide it. The user decides.
    MayHaveBeenSent,
    /// The server confirmed it and does not show it. The text stays on this device. `Client::discard` makes it a draft again,
    /// and `Client::remove` deletes it. If the server shows it later, it counts as sent.
    NotShown,
}

/// Why an operation needs the user. Its `Debug` output leaves out the server's message, which may quote what the user
/// wrote and must not reach a log. Its JSON has the message.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
pub struct Reason {
    /// The kind of reason.
    pub kind: ReasonKind,
    /// The server's own message, if it sent one.
    pub server_message: Option<String>,
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reason").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The kinds of reason, a closed list (`docs/product.md`, O4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// There is no valid token. The user has to sign in again.
    SignedOut,
    /// The token belongs to another user.
    WrongUser,
    /// The token belongs to an agent or an administrator of the help desk, to whom the server answers other things than to an
    /// end user.
    AgentToken,
    /// The server does not allow it.
    NotAllowed,
    /// The ticket was closed meanwhile.
    TicketClosed,
    /// The ticket is no longer visible to this user.
    NoLongerVisible,
    /// The server refused it, usually with a message.
    Refused,
    /// The server does not accept files of this size.
    AttachmentTooLarge,
    /// The server does not accept files of this type.
    AttachmentType,
    /// One of its files is no longer on this device.
    AttachmentMissing,
    /// It came with a copy of the account's database from another device, which may have sent it.
    Restored,
    /// This version cannot send it.
    Unsupported,
}

impl ReasonKind {
    /// Every reason, with the name under which it is stored and its strings are found.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::SignedOut, "signed_out"),
        (Self::WrongUser, "somebody_else"),
        (Self::AgentToken, "agent_token"),
        (Self::NotAllowed, "not_allowed"),
        (Self::TicketClosed, "ticket_closed"),
        (Self::NoLongerVisible, "no_longer_visible"),
        (Self::Refused, "refused"),
        (Self::AttachmentTooLarge, "attachment_too_large"),
        (Self::AttachmentType, "attachment_type"),
        (Self::AttachmentMissing, "attachment_missing"),
        (Self::Restored, "restored"),
        (Self::Unsupported, "unsupported"),
    ];

    /// The name under which it is stored and its strings are found.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("refused", |(_, name)| name)
    }

    /// The reason with that name. A name stored by a later version is read as [`Refused`](Self::Refused).
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.iter().find(|(_, n)| *n == name).map_or(Self::Refused, |(kind, _)| *kind)
    }

    /// Whether it concerns the token of the whole account, and not one operation: another token helps.
    #[must_use]
    pub fn concerns_account(self) -> bool {
        matches!(self, Self::SignedOut | Self::WrongUser | Self::AgentToken)
    }
}
