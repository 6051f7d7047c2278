//! What the product offers, what its server can do, and the keys of their texts.

/// What the product offers, already reduced to what its server can do. It does not change while the client is open.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Product {
    /// The product's name, for logs; not for users.
    pub name: String,
    /// The longest allowed subject, in grapheme clusters (what a reader sees as characters), after trimming.
    pub subject_limit: u32,
    /// The issue types, in the order in which a form offers them.
    pub issue_types: Vec<IssueType>,
    /// The id of the issue type that a new form starts with.
    pub preselected_issue_type: String,
    /// Every status that a user can see, in the order of a ticket's life.
    pub statuses: Vec<StatusInfo>,
    /// The entries of the Help & Support screen, in order.
    pub entries: Vec<Entry>,
    /// Whether a form offers to make a ticket accessible to all users of the account.
    pub access_toggle: bool,
    /// The limits for attached files; none if files cannot be attached.
    pub attachments: Option<AttachmentLimits>,
    /// Whether users can add CC addresses to a ticket that was sent (`add_cc`).
    pub add_cc: bool,
    /// Whether users can mark their own tickets as solved (`solve`).
    pub solve: bool,
}

/// The kind of server, and with it the connector to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Connector {
    /// Zendesk, or a server with the same interface.
    Zendesk,
    /// Request Tracker 5.
    RequestTracker,
}

/// What a server can do. A product never offers more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Capabilities {
    /// If a ticket is created again under the same idempotency key, the server never makes a second ticket. On a server
    /// without this capability, Pocketdesk looks for the ticket before it sends it again.
    pub idempotent_create: bool,
    /// The server stores the client reference of a new ticket. If the answer to the creation is lost, the reference
    /// identifies the ticket.
    pub client_reference: bool,
    /// The server shows a ticket to the other users of the account exactly if its access says so.
    pub access: bool,
    /// CC addresses can be added to a ticket that was sent.
    pub add_cc: bool,
    /// Users can mark their own tickets as solved.
    pub solve: bool,
    /// The server shares read marks between the users of an account. Without this capability each device knows only
    /// what was read on that device, and a filter for unread tickets should say so.
    pub shared_read_marks: bool,
    /// Files are sent in the same request as their message, not in requests of their own before it.
    pub files_with_message: bool,
    /// The largest file that the server accepts, in bytes.
    pub largest_file: u64,
    /// A download that was cut off continues where it stopped. Without this capability it starts again from the first
    /// byte.
    pub resumed_downloads: bool,
}

/// The limits for attached files.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AttachmentLimits {
    /// The most files that one message can have.
    pub max_files: u32,
    /// The largest allowed file, in bytes.
    pub max_bytes: u64,
    /// The allowed file name endings, in lower case and without the dot, for a file picker and for an explanation. `jpg`
    /// includes `jpeg`.
    pub endings: Vec<String>,
    /// The media types of `endings`, in the same order.
    pub content_types: Vec<String>,
}

/// One of the product's kinds of problem, which the user chooses in the form of a new ticket.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IssueType {
    /// The value of `TicketDraft.issue_type` and `Ticket.issue_type`.
    pub id: String,
    /// The key of its name.
    pub label_key: String,
    /// The key of its one-line explanation.
    pub explanation_key: String,
}

/// A status with the keys of its texts.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatusInfo {
    /// The status.
    pub status: Status,
    /// The key of its name.
    pub label_key: String,
    /// The key of its explanation.
    pub explanation_key: String,
    /// Whose turn it is in this status.
    pub turn: Turn,
}

/// A ticket's status as the product defines it. A server's own status is mapped to one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Status {
    /// The ticket waits for the support team's first answer, or for its answer to the user's latest message.
    Open,
    /// The support team has reviewed the ticket and works on it.
    Pending,
    /// The support team needs the user's reply to continue.
    AwaitingReply,
    /// Solved. A reply reopens the ticket.
    Solved,
    /// Closed. The ticket takes no more replies.
    Closed,
    /// The server uses a status that this version does not know. Replies are allowed; the server decides.
    Unknown,
}

/// Whose turn it is to act on a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Turn {
    /// It is the help desk's turn.
    HelpDesk,
    /// It is the user's turn.
    You,
    /// It is nobody's turn: the ticket is solved or closed.
    Nobody,
}

/// An entry of the Help & Support screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Entry {
    /// What it opens.
    pub kind: EntryKind,
    /// The key of its name.
    pub label_key: String,
    /// A web address, or `mailto:` followed by an address; none if it opens a screen of the app.
    pub target: Option<String>,
    /// The languages in which the entry is shown, as BCP 47 tags; empty means all.
    pub languages: Vec<String>,
}

/// What an entry of the Help & Support screen opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum EntryKind {
    /// The ticket history, from which a new ticket can be created.
    NewTicket,
    /// The help centre, in a browser.
    HelpCentre,
    /// Courses, in a browser.
    Courses,
    /// A new e-mail, in the mail app.
    Email,
}
