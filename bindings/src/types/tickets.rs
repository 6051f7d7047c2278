//! The history, a ticket, its thread, and where each message stands.

use super::Status;

/// Some rows of the history.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryPage {
    /// Unsent ones on top, then newest activity first.
    pub tickets: Vec<TicketRow>,
    /// Hand it back for the next page; none at the end.
    pub next: Option<String>,
    /// How many tickets there are in all.
    pub total: u64,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TicketRow {
    /// Local, stable for life.
    pub id: i64,
    /// The server's number; none until the server has it.
    pub number: Option<u64>,
    /// Empty when the ticket is no longer visible.
    pub subject: String,
    /// In the product's words.
    pub status: Status,
    /// When it was created.
    pub created_at: i64,
    /// The newest public comment, or change of status by somebody else.
    pub last_activity_at: i64,
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

/// A ticket's head.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Ticket {
    /// What the history shows of it.
    pub row: TicketRow,
    /// The id of its issue type, if it is one that the product knows.
    pub issue_type: Option<String>,
    /// Accessible to all users of the account; none if the server does not say.
    pub access: Option<bool>,
    /// CC addresses as far as this device knows them.
    pub cc: Vec<String>,
    /// The name of whoever created it, if known.
    pub created_by: Option<String>,
    /// Whether this user created it.
    pub created_by_me: bool,
    /// Whether a reply can be written.
    pub can_reply: bool,
    /// Whether a reply reopens it.
    pub reopens: bool,
    /// False until its whole thread was read once.
    pub thread_complete: bool,
    /// Of the ticket itself.
    pub delivery: Delivery,
    /// Changes that wait to be sent, oldest first.
    pub changes: Vec<PendingChange>,
}

/// A write of this user that is no message, on its way to the server.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PendingChange {
    /// For `retry_change` and `discard_change`.
    pub id: i64,
    /// What it does.
    pub kind: ChangeKind,
    /// The addresses it adds, if it does.
    pub addresses: Vec<String>,
    /// Where its way to the server stands.
    pub delivery: Delivery,
    /// Whether `retry_change` is safe now.
    pub can_retry: bool,
    /// Whether `discard_change` is safe now.
    pub can_discard: bool,
}

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ChangeKind {
    /// Adds addresses that the server mails.
    AddCc,
    /// Marks the ticket as solved.
    Solve,
}

/// Some messages of a thread.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ThreadPage {
    /// Oldest first; the description is the first of all.
    pub messages: Vec<Message>,
    /// Hand it back for the next page; none at the end.
    pub next: Option<String>,
}

/// A message: the description or a comment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Message {
    /// Local, stable for life.
    pub id: i64,
    /// The author's name, if known.
    pub author: Option<String>,
    /// Written by this user.
    pub mine: bool,
    /// Written by an agent of the server.
    pub from_agent: bool,
    /// Plain text.
    pub body: String,
    /// When it was written.
    pub created_at: i64,
    /// The ticket's description.
    pub description: bool,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// Where its way to the server stands.
    pub delivery: Delivery,
    /// Whether `retry` is safe now.
    pub can_retry: bool,
    /// Whether `edit_reply` (for a description, `edit_ticket`) is safe now.
    pub can_edit: bool,
    /// Whether `discard` is safe now.
    pub can_discard: bool,
}

/// A file of a message. Its place in `Message.attachments` is how `download` and `attachment_file` know it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Attachment {
    /// As the server names it.
    pub name: String,
    /// A media type.
    pub content_type: String,
    /// In bytes.
    pub size: u64,
    /// Where its bytes are.
    pub state: FileState,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum FileState {
    /// At the server only.
    OnServer,
    /// On this device, waiting to be sent with their message.
    Waiting,
    /// On their way to the server.
    Sending {
        /// So many were sent.
        bytes: u64,
    },
    /// Asked for, and not begun.
    Requested,
    /// On their way to this device.
    Downloading {
        /// So many are here.
        bytes: u64,
    },
    /// At the server, and on this device as well.
    OnDevice,
    /// Asked for, and not to be had.
    Failed {
        /// Why.
        problem: DownloadProblem,
    },
}

/// Why a file cannot be had from the server. Words: `download.` and the name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
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

/// A file of a draft, already on this device's disk.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DraftFile {
    /// Local, stable for life.
    pub id: i64,
    /// As it will be sent.
    pub name: String,
    /// A media type.
    pub content_type: String,
    /// In bytes.
    pub size: u64,
}

/// Where a message's way to the server stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Delivery {
    /// The server has it.
    Sent,
    /// Can still be undone with `discard`; sent at this moment.
    Held {
        /// When.
        until: i64,
    },
    /// Waiting to be sent.
    Queued,
    /// Being sent now.
    Sending,
    /// Will be tried again.
    Waiting {
        /// When.
        until: i64,
    },
    /// It may have arrived; that is being found out.
    Checking,
    /// Cannot go on without the user.
    NeedsUser {
        /// Why.
        reason: Reason,
    },
    /// Cannot be found out any more; the user decides.
    MayHaveBeenSent,
}

/// Why something cannot go on without the user.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reason {
    /// One of a closed list.
    pub kind: ReasonKind,
    /// The server's own words, if it gave any.
    pub server_message: Option<String>,
}

/// The closed list of reasons. Words: `reason.` and the name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ReasonKind {
    /// The user has to sign in again.
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
    /// It came with a copy of the file from another device, which may have sent it.
    Restored,
    /// The server takes no file of this size.
    AttachmentTooLarge,
    /// The server takes no file of this type.
    AttachmentType,
    /// A file that belongs to it is no longer on this device.
    AttachmentMissing,
    /// This version cannot send it.
    Unsupported,
}
