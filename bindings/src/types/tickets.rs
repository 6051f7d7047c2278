//! Tickets as a screen shows them: a ticket, its thread, its files, and the delivery state of each message.

use super::{MessageBody, TicketRow};

/// A ticket without its messages.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Ticket {
    /// The ticket's row in the history.
    pub row: TicketRow,
    /// The id of its issue type (`IssueType.id`); none if the product does not know it.
    pub issue_type: Option<String>,
    /// Whether all users of the account may see the ticket; none if the server does not say.
    pub access: Option<bool>,
    /// Who gets copies: the addresses that this device knows of, then the names of people who were added elsewhere. The
    /// server may have more.
    pub cc: Vec<String>,
    /// The name of the person who created the ticket; none if not known.
    pub created_by: Option<String>,
    /// Whether this user created it.
    pub created_by_me: bool,
    /// Whether the ticket takes a reply.
    pub can_reply: bool,
    /// Whether a reply would reopen it.
    pub reopens: bool,
    /// Whether this user is offered to mark it as solved: the product offers it, this user created the ticket, the server
    /// does not say otherwise, and it is not solved or being solved already.
    pub can_solve: bool,
    /// False until the whole thread was read from the server once.
    pub thread_complete: bool,
    /// The delivery state of the ticket's creation; `Sent` for a ticket that came from the server.
    pub delivery: Delivery,
    /// The changes that the server has not confirmed, oldest first.
    pub changes: Vec<PendingChange>,
    /// Set if the thread could not be refreshed. Then the messages that are shown may be old. `retry_thread` lets sync
    /// read the thread at once.
    #[uniffi(default = None)]
    pub refresh_problem: Option<RefreshProblem>,
    /// How many comments of the thread could not be read and are not shown.
    #[uniffi(default = 0)]
    pub left_out: u32,
    /// The key of whose turn it is; none if that is unknown, or out of date because something of the user's own waits.
    #[uniffi(default = None)]
    pub turn_key: Option<String>,
    /// The key of what stands in place of the number; none if the ticket has a number.
    #[uniffi(default = None)]
    pub unsent_title_key: Option<String>,
    /// Of a ticket without an account: the address to which the answer is mailed. Nothing of such a ticket can be read, so its
    /// status says nothing; show `anonymous.sent` with `{email}` instead once it is sent. None for every other ticket.
    #[uniffi(default = None)]
    pub answers_go_to: Option<String>,
    /// Whether `remove_ticket` is allowed now: it was sent without an account.
    #[uniffi(default = false)]
    pub can_remove: bool,
    /// The closed ticket that it follows; none if it follows none. Show `ticket.follows` with `{number}`.
    #[uniffi(default = None)]
    pub follows: Option<FollowedTicket>,
}

/// The closed ticket that a ticket follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct FollowedTicket {
    /// Its number.
    pub number: u64,
    /// The local id with which its thread is opened; none if this user does not see it, or does not see it yet.
    pub ticket: Option<i64>,
}

/// The server could not give a ticket's thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct RefreshProblem {
    /// When sync reads the thread again by itself, in milliseconds since 1970 by the device's clock. The time may be in
    /// the past.
    pub next_attempt: i64,
}

/// A change of a ticket that is not a message and that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PendingChange {
    /// The id for `retry_change` and `discard_change`.
    pub id: i64,
    /// The kind of change.
    pub kind: ChangeKind,
    /// For `AddCc`, the addresses to add; otherwise empty.
    pub addresses: Vec<String>,
    /// Its delivery state.
    pub delivery: Delivery,
    /// Whether `retry_change` is allowed now.
    pub can_retry: bool,
    /// Whether `discard_change` is allowed now.
    pub can_discard: bool,
    /// The key of what it does. The text of `AddCc` has the placeholder `addresses`.
    #[uniffi(default = "")]
    pub label_key: String,
    /// The key of its delivery state; none if it was sent.
    #[uniffi(default = None)]
    pub delivery_key: Option<String>,
    /// The key of why it needs the user; none if it does not.
    #[uniffi(default = None)]
    pub reason_key: Option<String>,
    /// The key of the name of the button that calls `retry_change`; none if that is not allowed now.
    #[uniffi(default = None)]
    pub retry_key: Option<String>,
    /// The key of the question before `discard_change`; none if that is not allowed now.
    #[uniffi(default = None)]
    pub discard_question_key: Option<String>,
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ChangeKind {
    /// Adds CC addresses, to which the server sends mail about the ticket.
    AddCc,
    /// Marks the ticket as solved.
    Solve,
    /// Says how the help desk did.
    Feedback,
    /// Turns something on or off for this user.
    Toggle,
}

/// One page of a thread.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ThreadPage {
    /// Messages, oldest first, with unsent ones at the end. The first message of a thread is the ticket's description.
    pub messages: Vec<Message>,
    /// The cursor of the next page, to be passed to `thread`; none at the end.
    pub next: Option<String>,
    /// The messages of the whole thread that are new to this user; none if there are none. Between `thread_opened` and
    /// `thread_closed` these stay the messages that were new when the thread was opened, with those that arrive meanwhile.
    #[uniffi(default = None)]
    pub unread: Option<UnreadMessages>,
}

/// The messages of a thread that are new to this user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct UnreadMessages {
    /// The local id of the first of them, in the order of the thread.
    pub first: i64,
    /// How many there are.
    pub count: u32,
}

/// A message of a thread: the ticket's description or a comment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Message {
    /// The message's local id. It never changes, not even when the message is sent.
    pub id: i64,
    /// The author's name; none if not known.
    pub author: Option<String>,
    /// Whether this user wrote it.
    pub mine: bool,
    /// Whether a support agent wrote it.
    pub from_agent: bool,
    /// The text, as plain text: to copy it, for example.
    pub body: String,
    /// The text as a screen shows it.
    pub content: MessageBody,
    /// Whether the text was cut, because the server's text is too large to keep.
    pub shortened: bool,
    /// When it was written, in milliseconds since 1970 by the server's clock; by the device's until it is sent.
    pub created_at: i64,
    /// Whether it is the ticket's description.
    pub description: bool,
    /// Its files. The index in this list identifies a file to `download` and `attachment_file`.
    pub attachments: Vec<Attachment>,
    /// Its delivery state; `Sent` for every message that came from the server.
    pub delivery: Delivery,
    /// Whether `retry` is allowed now.
    pub can_retry: bool,
    /// Whether `edit_reply` (for a description: `edit_ticket`) is allowed now.
    pub can_edit: bool,
    /// Whether `discard` is allowed now.
    pub can_discard: bool,
    /// Where the author's photo is. Ask for it with `author_photo` when the message is on screen.
    #[uniffi(default = None)]
    pub author_photo: Option<SmallPicture>,
    /// The key of who wrote it, where the product has words for that; none if it is said by `author` or, of a description, by
    /// `Ticket.created_by`.
    #[uniffi(default = None)]
    pub author_key: Option<String>,
    /// The key of its delivery state; none if it was sent.
    #[uniffi(default = None)]
    pub delivery_key: Option<String>,
    /// The key of why it needs the user; none if it does not, or if one of its files says so itself
    /// (`Attachment.refused_key`).
    #[uniffi(default = None)]
    pub reason_key: Option<String>,
    /// The key of the name of the button that calls `retry`; none if that is not allowed now.
    #[uniffi(default = None)]
    pub retry_key: Option<String>,
    /// The key of the question before `discard`; none if that is not allowed now. Undoing what is `Held` asks nothing, and
    /// neither does writing anew what is `NotShown`.
    #[uniffi(default = None)]
    pub discard_question_key: Option<String>,
}

/// A file of a message. Its index in `Message.attachments` identifies it to `download` and `attachment_file`.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Attachment {
    /// The file's name.
    pub name: String,
    /// The file's media type.
    pub content_type: String,
    /// The file's size in bytes.
    pub size: u64,
    /// Where the file's bytes are.
    pub state: FileState,
    /// Why its message needs the user, if this file is the reason: `AttachmentTooLarge`, `AttachmentType` or
    /// `AttachmentMissing`; none otherwise.
    #[uniffi(default = None)]
    pub refused: Option<ReasonKind>,
    /// The key of what is said about `refused`, beside this file; none if it is not the reason.
    #[uniffi(default = None)]
    pub refused_key: Option<String>,
    /// The key of what is said about `state`; none if nothing. The texts of a running transfer have the placeholder `percent`.
    #[uniffi(default = None)]
    pub state_key: Option<String>,
    /// How much of it was transferred, from 0 to 100; none if no transfer is running.
    #[uniffi(default = None)]
    pub percent: Option<u32>,
    /// Whether `download` is offered now.
    #[uniffi(default = false)]
    pub can_download: bool,
    /// Where its small form is; none if it has none. Ask for it with `thumbnail` when the file is on screen.
    #[uniffi(default = None)]
    pub thumbnail: Option<SmallPicture>,
    /// The key of what is said before the file is opened, because of what the server's search for malware found; none if nothing.
    #[uniffi(default = None)]
    pub warning_key: Option<String>,
}

/// Where the thumbnail of a file or the photo of an author is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum SmallPicture {
    /// On the server. It may be on its way.
    OnServer,
    /// On this device.
    OnDevice,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum FileState {
    /// On the server only. `download` requests it.
    OnServer,
    /// On this device, waiting to be sent with its message.
    Waiting,
    /// Being sent to the server.
    Sending {
        /// How many bytes have been sent so far.
        bytes: u64,
    },
    /// Requested with `download`; the transfer has not started.
    Requested,
    /// Being downloaded.
    Downloading {
        /// How many bytes have arrived so far.
        bytes: u64,
    },
    /// On the server, with a copy on this device. `attachment_file` returns its path.
    OnDevice,
    /// The download failed. `download` tries again.
    Failed {
        /// Why it failed.
        problem: DownloadProblem,
    },
}

/// Why a download failed. `Attachment.state_key` says it to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum DownloadProblem {
    /// The server no longer has the file, or does not show it to this user.
    Gone,
    /// There is no space left on the device.
    NoSpace,
    /// The file is larger than the space that the product allows for all downloaded copies together.
    TooLarge,
    /// The server's answers were repeatedly not the requested file.
    Unavailable,
}

/// A file of a draft. Its copy is already on this device's disk.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DraftFile {
    /// The file's local id, for `detach`. It never changes.
    pub id: i64,
    /// The name under which it will be sent.
    pub name: String,
    /// The file's media type.
    pub content_type: String,
    /// The file's size in bytes.
    pub size: u64,
}

/// The delivery state of something that the user wrote. Points in time are milliseconds since 1970 by the device's clock.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Delivery {
    /// The server has confirmed it.
    Sent,
    /// It can still be undone with `discard`.
    Held {
        /// Until when it can be undone; it is sent after that. Leaving the app ends this time earlier.
        until: i64,
    },
    /// It waits to be sent: it waits for the network, or for an earlier write in the same ticket.
    Queued,
    /// It is being sent now.
    Sending,
    /// It was not applied by the server and will be tried again.
    Waiting {
        /// When it will be tried again. The network's return and a requested sync end the wait earlier, unless the
        /// server asked for the wait.
        until: i64,
    },
    /// The outcome of the last attempt is ambiguous: it may have arrived. Sync is finding out.
    Checking,
    /// It was not applied and cannot continue without the user.
    NeedsUser {
        /// Why.
        reason: Reason,
    },
    /// The outcome is ambiguous and cannot be found out any more. The user decides: `retry` may send it twice.
    MayHaveBeenSent,
    /// The server has confirmed it and does not show it. The text stays on this device. `discard` makes its text a draft
    /// again, `remove` removes it here for good. If the server shows it later, it is sent.
    NotShown,
}

/// What is left of the time in which a message can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Countdown {
    /// How many seconds are left, rounded up; at most 30, the longest delay. 0 when the time is over.
    pub seconds: u32,
    /// In how many milliseconds this number changes; 0 when the time is over.
    pub changes_in: u32,
}

/// Why something cannot continue without the user.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reason {
    /// The kind of reason.
    pub kind: ReasonKind,
    /// The server's own message, if there is one. It may quote the user's text: do not log it.
    pub server_message: Option<String>,
}

/// The kinds of reasons. `reason_key` of a message or a change says it to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ReasonKind {
    /// There is no valid token: the user has to sign in again.
    SignedOut,
    /// The token belongs to another user.
    WrongUser,
    /// The token belongs to an agent or an administrator of the help desk.
    AgentToken,
    /// The server does not allow it.
    NotAllowed,
    /// The ticket was closed in the meantime.
    TicketClosed,
    /// The ticket is no longer visible to this user.
    NoLongerVisible,
    /// The server refused it, usually with a message (`Reason.server_message`).
    Refused,
    /// The account's file is a copy from another device, which may have sent this.
    Restored,
    /// The server does not accept a file of this size.
    AttachmentTooLarge,
    /// The server does not accept a file of this type.
    AttachmentType,
    /// A file that belongs to it is no longer on this device.
    AttachmentMissing,
    /// This version cannot send it.
    Unsupported,
}
