//! The server's data and the writes sent to it, in core's terms. Every connector translates its wire format into these
//! types.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{
    ASSIGNEE, Attachment, CommentId, Feedback, FieldValue, PersonId, ServerStatus, Structure, TicketNumber, Timestamp,
    Toggle,
};

/// The user to whom a token belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteUser {
    /// The server's id of this user. An account's database is bound to it.
    pub id: PersonId,
    /// The name that the server has.
    pub name: String,
    /// The user's own address. It is dropped from CC addresses, because the user gets mails anyway (`docs/product.md`,
    /// C3).
    pub email: Option<String>,
    /// The organization that the user belongs to.
    pub organization: Option<i64>,
}

/// The name of a list, chosen by the connector. The store keeps it beside the list's watermark. Some names mean the same on
/// every server: `own` are the user's own tickets, `copied` those of which the user is a further user, and
/// `organization:ID` those of an organization.
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
    /// The people whom the tickets name, as far as the server shows their names.
    pub people: Vec<RemotePerson>,
    /// The rows that were left out because they could not be read.
    pub unreadable: Unreadable,
}

/// The rows of an answer that could not be read. The other rows are used. A row that could not be read exists on the
/// server, so it must not be taken for missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unreadable {
    /// The ids of those rows whose id could be read.
    pub ids: Vec<i64>,
    /// How many more rows could not be read, not even their ids.
    pub unknown: u32,
}

impl Unreadable {
    /// Whether every row could be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.unknown == 0
    }

    /// How many rows were left out.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX).saturating_add(self.unknown)
    }

    /// Adds the rows that another answer left out.
    pub fn add(&mut self, other: Self) {
        self.ids.extend(other.ids);
        self.unknown = self.unknown.saturating_add(other.unknown);
    }
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
    /// The server's finer status as it came, by its id or its name; `None` if it has none (`docs/product.md`, W4).
    pub custom_status: Option<String>,
    /// When the ticket was created, by the server's clock.
    pub created_at: Timestamp,
    /// When the ticket was last updated, by the server's clock.
    pub updated_at: Timestamp,
    /// What the server gave as the time of the last update, if that makes no sense and `updated_at` is the time of the
    /// answer instead: a time far ahead of its clock, or 0 for no time at all. Every such answer has another `updated_at`.
    /// So two answers show the same update if they have the same nonsense.
    pub nonsense_time: Option<Timestamp>,
    /// The user who created the ticket, or for whom it was created; `None` if the server names nobody.
    pub requester: Option<PersonId>,
    /// The server's value for the issue type.
    pub issue_type: Option<String>,
    /// Whether the ticket is accessible to all users of the account; `None` if the server does not show it.
    pub access: Option<bool>,
    /// The client reference that this or another device gave the ticket at its creation.
    pub client_reference: Option<String>,
    /// The newest comment that any user of the account has read, where the server shares read marks (`docs/product.md`,
    /// W8).
    pub read_through: Option<CommentId>,
    /// Whether the server lets this user mark the ticket as solved (`docs/product.md`, S15); `None` if it does not say.
    pub can_solve: Option<bool>,
    /// The people who are copied on the ticket, as far as the server names them.
    pub cc: Vec<PersonId>,
    /// The closed ticket that this one follows; `None` for none, and where the server does not say.
    pub follows: Option<TicketNumber>,
    /// The values of the product's own fields, by the definition's ids. A field that is not here has none. Where the product asks
    /// for them, [`VIA`](super::VIA) and [`ASSIGNEE`] are here as well.
    pub fields: BTreeMap<String, FieldValue>,
}

impl RemoteTicket {
    /// The agent to whom it is assigned, where the product asks for that.
    #[must_use]
    pub fn assignee(&self) -> Option<PersonId> {
        match self.fields.get(ASSIGNEE) {
            Some(FieldValue::Person(agent)) => Some(*agent),
            _ => None,
        }
    }
}

/// What the company has set up on the server, in the words that end users read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetUp {
    /// The custom statuses; `None` if the server has none, or shows none to this user.
    pub custom_statuses: Option<Vec<CustomStatus>>,
    /// The options of fields with a fixed choice; `None` if the server does not show them.
    pub options: Option<Vec<OptionLabel>>,
}

/// An option of a field with a fixed choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionLabel {
    /// The product's id of the field.
    pub field: String,
    /// The server's value.
    pub value: String,
    /// What end users read.
    pub label: String,
}

/// A custom status that the company has set up on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomStatus {
    /// The value of [`RemoteTicket::custom_status`].
    pub id: String,
    /// What end users read; `None` if the company wrote nothing.
    pub label: Option<String>,
    /// Whether tickets have it unless an agent chooses another. Then the product's own words say the same.
    pub is_default: bool,
}

/// One page of a thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommentPage {
    /// The public comments, in any order.
    pub comments: Vec<RemoteComment>,
    /// The authors, as far as the server shows them.
    pub people: Vec<RemotePerson>,
    /// The cursor of the next page; `None` on the last page.
    pub next: Option<String>,
    /// The comments that were left out because they could not be read.
    pub unreadable: Unreadable,
}

/// The largest text of a comment that is kept, in bytes. A longer one is cut.
pub const LARGEST_BODY: usize = 256 * 1024;

/// A public comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteComment {
    /// The server's id, ascending within a ticket.
    pub id: CommentId,
    /// The author; `None` if the server names nobody.
    pub author: Option<PersonId>,
    /// The text, as plain text.
    pub body: String,
    /// The format of the text: paragraphs, lists, links, pictures; `None` if the server gives plain text only, or its HTML says no more than that.
    pub structure: Option<Structure>,
    /// Every other form of the text that the server gives, as plain text. A server changes some of its forms more than
    /// others, so all of them are used to recognise what this user wrote. They are not stored.
    pub forms: Vec<String>,
    /// When the comment was written, by the server's clock.
    pub created_at: Timestamp,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// Whether the text was cut because it is too large to keep: it has more than [`LARGEST_BODY`] bytes.
    pub shortened: bool,
    /// The channel through which it came, in the server's word; `None` if the server does not say, or the product does not ask.
    pub channel: Option<String>,
}

/// A person whom a ticket or a thread names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotePerson {
    /// The server's id.
    pub id: PersonId,
    /// The name that end users see.
    pub name: String,
    /// Whether this person works for the help desk.
    pub agent: bool,
    /// The address of an agent's photo on the server, in a small form if there is one; `None` if it shows none.
    pub photo: Option<String>,
}

/// Whoever writes a ticket without an account, and gets the answer by mail (`docs/product.md`, W11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requester {
    /// The name, on one line.
    pub name: String,
    /// The address.
    pub email: String,
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
        /// The closed ticket that it follows; `None` for none, and for a server that links no tickets.
        follows: Option<TicketNumber>,
        /// The tokens of the uploads, in the order of the files.
        uploads: Vec<String>,
        /// Who writes it, if without an account. Such a ticket has neither CC addresses nor files.
        requester: Option<Requester>,
    },
    /// A reply.
    Reply {
        /// The text, as plain text.
        body: String,
        /// The structure of the text, if it has formats or lists.
        structure: Option<Structure>,
        /// The tokens of the uploads, in the order of the files.
        uploads: Vec<String>,
        /// Whether it also marks the ticket as solved.
        solves: bool,
    },
    /// More CC addresses for a ticket.
    AddCc {
        /// Addresses that the server sends mail to from now on.
        addresses: Vec<String>,
    },
    /// The ticket is marked as solved.
    Solve,
    /// How the help desk did (`docs/product.md`, S15).
    Feedback(Feedback),
    /// Something is turned on or off for this user (`docs/product.md`, S14).
    Toggle(Toggle),
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

/// How many requests the server still accepts from the company's account, which all devices and the company's other
/// integrations share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests per minute.
    pub limit: u32,
    /// Requests that are left in the running minute.
    pub remaining: u32,
    /// How long the running minute still lasts; a whole minute if the server does not say.
    pub resets_in: Duration,
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
