//! What a server shows, and what is written to it, in the words of core. Every connector translates its wire format into these.

use super::{Attachment, CommentId, PersonId, ServerStatus, TicketNumber, Timestamp};

/// Whom the token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteUser {
    /// The server's id of this user; the file is bound to it.
    pub id: PersonId,
    /// As the server knows it.
    pub name: String,
    /// The user's own address, so that it is not mailed twice (C3).
    pub email: Option<String>,
    /// The account the user belongs to.
    pub organization: Option<i64>,
}

/// Which list, as this connector names it; kept in the store beside the list's watermark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketList(pub String);

/// One page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketPage {
    /// In the order in which they came.
    pub tickets: Vec<RemoteTicket>,
    /// The cursor of the next page when walked; for sorted pages any text means that there is one.
    pub next: Option<String>,
    /// How many rows all pages have; known of sorted pages only, and not of every server.
    pub count: Option<u64>,
}

/// A ticket as a list or a show answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteTicket {
    /// The server's number.
    pub number: TicketNumber,
    /// As it stands at the server.
    pub subject: String,
    /// The text of the first comment, if the server sends it along.
    pub description: Option<String>,
    /// The server's own word.
    pub status: ServerStatus,
    /// By the server's clock.
    pub created_at: Timestamp,
    /// By the server's clock. Private notes and automations move it, too.
    pub updated_at: Timestamp,
    /// Who asked.
    pub requester: PersonId,
    /// The wire value of the issue type.
    pub issue_type: Option<String>,
    /// Accessible to all users of the account; `None` if the server does not say.
    pub access: Option<bool>,
    /// The reference this or another device gave it at creation.
    pub client_reference: Option<String>,
    /// The newest comment that some user of the account has read, where the server shares that (W8).
    pub read_through: Option<CommentId>,
}

/// A whole thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteThread {
    /// Public comments, oldest first.
    pub comments: Vec<RemoteComment>,
    /// Who wrote them, as far as the server says.
    pub people: Vec<RemotePerson>,
    /// The server's clock when the first part of it came: all of it is at least this new, less what a reading may be stale.
    /// `None` if the server tells no time.
    pub as_of: Option<Timestamp>,
}

/// A public comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteComment {
    /// Ascending within a ticket.
    pub id: CommentId,
    /// Who wrote it.
    pub author: PersonId,
    /// Plain text.
    pub body: String,
    /// By the server's clock.
    pub created_at: Timestamp,
    /// Its files.
    pub attachments: Vec<Attachment>,
}

/// Somebody who wrote in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotePerson {
    /// The server's id.
    pub id: PersonId,
    /// As the server shows it to end users.
    pub name: String,
    /// Works for the server.
    pub agent: bool,
}

/// Something the user wrote, on its way to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// A new ticket.
    Create {
        /// Trimmed, one line.
        subject: String,
        /// The description.
        description: String,
        /// The wire value of the issue type.
        issue_type: String,
        /// Addresses that the server mails.
        cc: Vec<String>,
        /// Accessible to all users of the account.
        access: bool,
        /// Where the product maps a field for it: how this ticket is recognised after a lost answer.
        reference: String,
        /// What the server gave for the files that were sent before, in their order.
        uploads: Vec<String>,
    },
    /// A reply.
    Reply {
        /// Plain text.
        body: String,
        /// What the server gave for the files that were sent before, in their order.
        uploads: Vec<String>,
    },
    /// More addresses for a ticket.
    AddCc {
        /// Addresses that the server mails from now on.
        addresses: Vec<String>,
    },
    /// The ticket is solved.
    Solve,
    /// The thread was read, for the other users of the account to know (W8).
    MarkRead {
        /// The newest comment that was read.
        through: CommentId,
    },
}

/// Where a write goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A new ticket.
    NewTicket,
    /// An existing one.
    Ticket(TicketNumber),
    /// How far an existing one was read.
    ReadMark(TicketNumber),
}

/// What the server was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Requests that were sent, answered or not.
    pub requests: u64,
    /// Bytes of the answers' bodies.
    pub bytes: u64,
}

impl Traffic {
    /// What came since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(earlier.requests),
            bytes: self.bytes.saturating_sub(earlier.bytes),
        }
    }
}
