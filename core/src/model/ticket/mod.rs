//! Tickets and messages as a screen shows them.
//!
//! They can be serialised, for tools and tests. The JSON keys are the names of the fields, and the names of variants are in
//! snake case (`docs/probe.md`).

pub(super) mod attachment;
pub(super) mod change;
pub(super) mod delivery;
pub(super) mod detail;
pub(super) mod extras;
pub(super) mod field;
pub(super) mod followed;
pub(super) mod row;

use crate::model::{
    Attachment, Body, ChangeKind, Delivery, FollowedTicket, MessageId, OperationId, SmallPicture, TicketRow, Timestamp,
};

/// The messages of a thread that are new to this user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct UnreadMessages {
    /// The first of them, in the order of the thread.
    pub first: MessageId,
    /// How many there are.
    pub count: u32,
}

/// A ticket without its messages (`docs/product.md`, T1).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Ticket {
    /// The ticket's row in the history.
    pub row: TicketRow,
    /// The product's id of the issue type, if the product knows that type.
    pub issue_type: Option<String>,
    /// Whether the ticket is accessible to all users of the account; `None` if the server does not show it.
    pub access: Option<bool>,
    /// Who is copied on it: the addresses that this device knows, and the names of people who were added elsewhere, as
    /// far as the server shows them.
    pub cc: Vec<String>,
    /// The requester's name, if known.
    pub created_by: Option<String>,
    /// Whether this user created it.
    pub created_by_me: bool,
    /// Whether a reply can be written: the ticket is visible, and its status takes replies (`docs/product.md`, T3).
    pub can_reply: bool,
    /// Whether a reply reopens the ticket.
    pub reopens: bool,
    /// Whether this user is offered to mark it as solved (`docs/product.md`, S15): the product offers it, this user created
    /// the ticket, the server does not say otherwise, and it is not solved or being solved already.
    pub can_solve: bool,
    /// Whether the outbox has an operation that marks the ticket as solved, in any state: it may wait, be under way, or need the
    /// user.
    pub solve_pending: bool,
    /// Whether the whole thread was read at least once.
    pub thread_complete: bool,
    /// The delivery of the ticket itself: sent, or the state of its creation.
    pub delivery: Delivery,
    /// The changes that the server has not confirmed, oldest first.
    pub changes: Vec<PendingChange>,
    /// Set if the thread could not be refreshed. Then the messages that are shown may be old. [`Client::retry_thread`]
    /// lets sync read the thread at once.
    ///
    /// [`Client::retry_thread`]: crate::Client::retry_thread
    pub refresh_problem: Option<RefreshProblem>,
    /// How many comments of the thread could not be read and are not shown.
    pub left_out: u32,
    /// Of a ticket without an account (`docs/product.md`, W11): the address to which the answer is mailed. Nothing of
    /// such a ticket can be read, so its status says nothing, and it takes no reply. `None` for every other ticket.
    pub answers_go_to: Option<String>,
    /// Whether [`Client::remove_ticket`](crate::Client::remove_ticket) is allowed now: it was sent without an account.
    pub can_remove: bool,
    /// The closed ticket that it follows; `None` for none.
    pub follows: Option<FollowedTicket>,
}

/// The server could not give a ticket's thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct RefreshProblem {
    /// When sync reads the thread again by itself, by the device's clock. The time may be in the past.
    pub next_attempt: Timestamp,
}

/// One message of a thread: the description or a comment.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Message {
    /// The local id, which stays the same from the moment of writing on.
    pub id: MessageId,
    /// The author's name, if known.
    pub author: Option<String>,
    /// Whether this user wrote it.
    pub mine: bool,
    /// Whether an agent of the help desk wrote it.
    pub from_agent: bool,
    /// Where the author's photo is, if the server shows one to end users.
    pub author_photo: SmallPicture,
    /// The text, as plain text.
    pub body: String,
    /// The text as a screen shows it: with its paragraphs, lists, links and pictures.
    pub content: Body,
    /// Whether the text was cut, because the server's text is too large to keep.
    pub shortened: bool,
    /// When it was written, by the server's clock (by the device's clock until it is sent).
    pub created_at: Timestamp,
    /// Whether this is the ticket's description, which is also its first comment.
    pub description: bool,
    /// The files of this message.
    pub attachments: Vec<Attachment>,
    /// The state of its delivery.
    pub delivery: Delivery,
    /// Whether [`Client::retry`](crate::Client::retry) is allowed now.
    pub can_retry: bool,
    /// Whether editing is allowed now: of a reply with [`Client::edit_reply`](crate::Client::edit_reply), of a
    /// description with [`Client::edit_ticket`](crate::Client::edit_ticket).
    pub can_edit: bool,
    /// Whether [`Client::discard`](crate::Client::discard) is allowed now.
    pub can_discard: bool,
}

/// A write of this user that is not a message and has not been confirmed by the server.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PendingChange {
    /// The id for [`Client::retry_change`](crate::Client::retry_change) and
    /// [`Client::discard_change`](crate::Client::discard_change).
    pub id: OperationId,
    /// The kind of change.
    pub kind: ChangeKind,
    /// The product's id of the action that made it, by which it is called on screen; `None` if it was written before
    /// actions had ids.
    pub action: Option<String>,
    /// The addresses that it adds, if it is a [`ChangeKind::AddCc`].
    pub addresses: Vec<String>,
    /// The state of its delivery.
    pub delivery: Delivery,
    /// Whether [`Client::retry_change`](crate::Client::retry_change) is allowed now.
    pub can_retry: bool,
    /// Whether [`Client::discard_change`](crate::Client::discard_change) is allowed now.
    pub can_discard: bool,
}
