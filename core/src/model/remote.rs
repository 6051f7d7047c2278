//! The server's data and the writes sent to it, in core's terms. Every connector translates its wire format into these
//! types.

use super::{Attachment, CommentId, PersonId, ServerStatus, TicketNumber, Timestamp};

/// The user to whom a token belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteUser {
    /// The server's id of this user. An account's database is bound to it.
    pub id: PersonId,
    /// The name that the server has.
    pub name: String,
    /// The user's own address, so that it is not also mailed as a CC address (`docs/product.md`, C3).
    pub email: Option<String>,
    /// The organization that the user belongs to.
    pub organization: Option<i64>,
}

/// The name of a list, chosen by the connector. The store keeps it beside the list's watermark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketList(pub String);

/// One page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketPage {
    /// The tickets, in the server's order.
    pub tickets: Vec<RemoteTicket>,
    /// On a page read by cursor: the cursor of the next page. On a sorted page any text means that there is a next
    /// page.
    pub next: Option<String>,
    /// The number of rows on all pages together. Known for sorted pages only, and not on every server.
    pub count: Option<u64>,
}

/// A ticket as the server shows it, in a list or by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteTicket {
    /// The ticket's number.
    pub number: TicketNumber,
    /// The subject, as the server stores it.
    pub subject: String,
    /// The text of the first comment, if the server includes it.
    pub description: Option<String>,
    /// The server's own status.
    pub status: ServerStatus,
    /// When the ticket was created, by the server's clock.
    pub created_at: Timestamp,
    /// When the ticket was last updated, by the server's clock.
    pub updated_at: Timestamp,
    /// The user who created the ticket, or for whom it was created.
    pub requester: PersonId,
    /// The server's value for the issue type.
    pub issue_type: Option<String>,
    /// Whether the ticket is accessible to all users of the account; `None` if the server does not show it.
    pub access: Option<bool>,
    /// The client reference that this or another device gave the ticket at its creation.
    pub client_reference: Option<String>,
    /// The newest comment that any user of the account has read, where the server shares read marks (`docs/product.md`,
    /// W8).
    pub read_through: Option<CommentId>,
}

/// A whole thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteThread {
    /// The public comments, oldest first.
    pub comments: Vec<RemoteComment>,
    /// The authors, as far as the server shows them.
    pub people: Vec<RemotePerson>,
    /// The server's time of the first of the answers that make up the thread. The whole thread is at least as new as
    /// this time, apart from a stale read. `None` if the server does not send its time.
    pub as_of: Option<Timestamp>,
}

/// A public comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteComment {
    /// The server's id, ascending within a ticket.
    pub id: CommentId,
    /// The author.
    pub author: PersonId,
    /// The text, as plain text.
    pub body: String,
    /// When the comment was written, by the server's clock.
    pub created_at: Timestamp,
    /// Its files.
    pub attachments: Vec<Attachment>,
}

/// An author in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotePerson {
    /// The server's id.
    pub id: PersonId,
    /// The name that end users see.
    pub name: String,
    /// Whether this person works for the help desk.
    pub agent: bool,
}

/// A write of the user's, as the connector sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// A new ticket.
    Create {
        /// The subject, trimmed and on one line.
        subject: String,
        /// The description.
        description: String,
        /// The server's value for the issue type.
        issue_type: String,
        /// Addresses that the server sends mail to.
        cc: Vec<String>,
        /// Whether the ticket is accessible to all users of the account.
        access: bool,
        /// The client reference, by which the ticket is recognised after a lost answer. It is sent only if the product
        /// names a field for it.
        reference: String,
        /// The tokens of the uploads, in the order of the files.
        uploads: Vec<String>,
    },
    /// A reply.
    Reply {
        /// The text, as plain text.
        body: String,
        /// The tokens of the uploads, in the order of the files.
        uploads: Vec<String>,
    },
    /// More CC addresses for a ticket.
    AddCc {
        /// Addresses that the server sends mail to from now on.
        addresses: Vec<String>,
    },
    /// The ticket is marked as solved.
    Solve,
    /// The thread was read. The other users of the account see this (`docs/product.md`, W8).
    MarkRead {
        /// The newest comment that was read.
        through: CommentId,
    },
}

/// The object that a write changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A new ticket.
    NewTicket,
    /// An existing ticket.
    Ticket(TicketNumber),
    /// The read mark of an existing ticket.
    ReadMark(TicketNumber),
}

/// How much a connector has requested and received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Requests that were sent, whether or not they were answered.
    pub requests: u64,
    /// Bytes of the answers' bodies.
    pub bytes: u64,
}

impl Traffic {
    /// The traffic since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(earlier.requests),
            bytes: self.bytes.saturating_sub(earlier.bytes),
        }
    }
}
