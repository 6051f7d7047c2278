//! Tickets and messages as a screen reads them.

use std::fmt;

use super::{FileId, MessageId, OperationId, Status, TicketId, TicketNumber, Timestamp};

/// One line of the history (H2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRow {
    /// Local, stable for life.
    pub id: TicketId,
    /// The server's number; `None` until the server has it.
    pub number: Option<TicketNumber>,
    /// Empty when the ticket is no longer visible.
    pub subject: String,
    /// In the product's words.
    pub status: Status,
    /// When it was created, by the server's clock (the device's until it is sent).
    pub created_at: Timestamp,
    /// The newest public comment, or change of status by somebody else. Private notes do not move it.
    pub last_activity_at: Timestamp,
    /// Something new by somebody else since the thread was last opened.
    pub unread: bool,
    /// Some message has a file.
    pub has_attachments: bool,
    /// How many of its messages wait to be sent.
    pub waiting: u32,
    /// Something in it cannot go on without the user.
    pub needs_user: bool,
    /// False when the server no longer shows this ticket to this user.
    pub visible: bool,
}

/// A ticket's head (T1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// What the history shows of it.
    pub row: TicketRow,
    /// The product's id of its issue type, if it is one the product knows.
    pub issue_type: Option<String>,
    /// Accessible to all users of the account; `None` if the server does not say.
    pub access: Option<bool>,
    /// CC addresses as far as this device knows them.
    pub cc: Vec<String>,
    /// The requester's name, if known.
    pub created_by: Option<String>,
    /// Whether this user created it.
    pub created_by_me: bool,
    /// Whether a reply can be written (every status but Closed, T3).
    pub can_reply: bool,
    /// Whether a reply reopens it.
    pub reopens: bool,
    /// False until its whole thread was read once.
    pub thread_complete: bool,
    /// Of the ticket itself: sent, or where its creation stands.
    pub delivery: Delivery,
    /// Changes that wait to be sent, oldest first.
    pub changes: Vec<PendingChange>,
}

/// One message of a thread: the description or a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Local, one row for life.
    pub id: MessageId,
    /// The author's name, if known.
    pub author: Option<String>,
    /// Written by this user.
    pub mine: bool,
    /// Written by an agent of the server.
    pub from_agent: bool,
    /// Plain text.
    pub body: String,
    /// By the server's clock (the device's until it is sent).
    pub created_at: Timestamp,
    /// The ticket's description, which is also its first comment.
    pub description: bool,
    /// Files of this message.
    pub attachments: Vec<Attachment>,
    /// Where its way to the server stands.
    pub delivery: Delivery,
    /// Whether [`Client::retry`](crate::Client::retry) is safe now.
    pub can_retry: bool,
    /// Whether [`Client::edit_reply`](crate::Client::edit_reply) (for a description,
    /// [`Client::edit_ticket`](crate::Client::edit_ticket)) is safe now.
    pub can_edit: bool,
    /// Whether [`Client::discard`](crate::Client::discard) is safe now.
    pub can_discard: bool,
}

/// A write of this user that is no message, on its way to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingChange {
    /// For [`Client::retry_change`](crate::Client::retry_change) and [`Client::discard_change`](crate::Client::discard_change).
    pub id: OperationId,
    /// What it does.
    pub kind: ChangeKind,
    /// The addresses it adds, for [`ChangeKind::AddCc`].
    pub addresses: Vec<String>,
    /// Where its way to the server stands.
    pub delivery: Delivery,
    /// Whether another attempt is safe now.
    pub can_retry: bool,
    /// Whether it can be taken back now.
    pub can_discard: bool,
}

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Adds addresses that the server mails (W12).
    AddCc,
    /// Marks the ticket as solved (S15).
    Solve,
}

/// A file of a message. Its place in [`Message::attachments`] is how [`Client::download`](crate::Client::download) knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attachment {
    /// As the server names it, or as the user does until the server has it.
    pub name: String,
    /// A media type.
    pub content_type: String,
    /// In bytes.
    pub size: u64,
    /// The server's id; `None` until the file was seen in the thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Where the server keeps it; `None` until the file was seen in the thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Where its bytes are, for a screen. No part of the file itself.
    #[serde(skip)]
    pub bytes: FileState,
}

/// Where the bytes of an [`Attachment`] are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FileState {
    /// At the server only.
    #[default]
    OnServer,
    /// On this device, waiting to be sent with their message.
    Waiting,
    /// On their way to the server; so many of them were sent.
    Sending(u64),
    /// Asked for, and not begun.
    Requested,
    /// On their way to this device; so many of them are here.
    Downloading(u64),
    /// At the server, and on this device as well.
    OnDevice,
    /// Asked for, and not to be had.
    Failed(DownloadProblem),
}

/// Why a file cannot be had from the server. Asking for it again is another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DownloadProblem {
    /// The server does not have it, or does not show it to this user.
    Gone,
    /// No space left on the device.
    NoSpace,
    /// It is larger than all copies together may be.
    TooLarge,
    /// The server answers something else, again and again.
    Unavailable,
}

impl DownloadProblem {
    /// Every problem, with the name under which it is stored and its words are found.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Gone, "gone"),
        (Self::NoSpace, "no_space"),
        (Self::TooLarge, "too_large"),
        (Self::Unavailable, "unavailable"),
    ];

    /// The name under which it is stored and its words are found.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(problem, _)| *problem == self).map_or("unavailable", |(_, name)| name)
    }

    /// The problem of that name; one that a later version wrote reads as [`Unavailable`](Self::Unavailable).
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.iter().find(|(_, n)| *n == name).map_or(Self::Unavailable, |(problem, _)| *problem)
    }
}

/// A file of a draft, already on this device's disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFile {
    /// Local, stable for life.
    pub id: FileId,
    /// As it will be sent.
    pub name: String,
    /// A media type.
    pub content_type: String,
    /// In bytes.
    pub size: u64,
}

/// Where a message's way to the server stands. See [`outbox`](crate::outbox) for the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The server has it.
    Sent,
    /// Can still be undone; sent at this moment.
    Held(Timestamp),
    /// Waiting to be sent.
    Queued,
    /// Being sent now.
    Sending,
    /// Will be tried again at this moment.
    Waiting(Timestamp),
    /// It may have arrived; that is being found out.
    Checking,
    /// Cannot go on without the user.
    NeedsUser(Reason),
    /// Cannot be found out any more; the user decides.
    MayHaveBeenSent,
}

/// Why something cannot go on without the user. Its `Debug` keeps the server's words to itself: they may quote what the user
/// wrote, and a log is no place for that.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason {
    /// One of a closed list.
    pub kind: ReasonKind,
    /// The server's own words, if it gave any.
    pub server_message: Option<String>,
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reason").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The closed list of reasons (O4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasonKind {
    /// No valid token: the user has to sign in again.
    SignedOut,
    /// The token belongs to somebody else.
    WrongUser,
    /// The server does not allow it.
    NotAllowed,
    /// The ticket was closed meanwhile.
    TicketClosed,
    /// The ticket is no longer visible to this user.
    NoLongerVisible,
    /// The server refused it, usually in words of its own.
    Refused,
    /// The server takes no file of this size.
    AttachmentTooLarge,
    /// The server takes no file of this type.
    AttachmentType,
    /// A file that belongs to it is no longer on this device.
    AttachmentMissing,
    /// It came with a copy of the account's file from another device, which may have sent it.
    Restored,
    /// This version cannot send it.
    Unsupported,
}

impl ReasonKind {
    /// Every reason, with the name under which it is stored and its words are found.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::SignedOut, "signed_out"),
        (Self::WrongUser, "somebody_else"),
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

    /// The name under which it is stored and its words are found.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("refused", |(_, name)| name)
    }

    /// The reason of that name; one that a later version wrote reads as [`Refused`](Self::Refused).
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.iter().find(|(_, n)| *n == name).map_or(Self::Refused, |(kind, _)| *kind)
    }
}
