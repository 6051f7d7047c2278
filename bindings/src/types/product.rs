//! What this server offers, and how its words are found.

/// What this server allows, and the keys of its words.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Grapheme clusters that a subject may have.
    pub subject_limit: u32,
    /// In the order in which they are offered.
    pub issue_types: Vec<IssueType>,
    /// The id of the one that is chosen at first.
    pub preselected_issue_type: String,
    /// Every status that a user can see.
    pub statuses: Vec<StatusInfo>,
    /// The entries of the Help & Support screen.
    pub entries: Vec<Entry>,
    /// Whether the access toggle is offered.
    pub access_toggle: bool,
    /// What files can be attached; none: none.
    pub attachments: Option<AttachmentLimits>,
    /// Whether addresses can be added to a sent ticket.
    pub add_cc: bool,
    /// Whether a user can mark their own ticket as solved.
    pub solve: bool,
}

/// Which service a server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Connector {
    /// Zendesk, or a server that speaks like it.
    Zendesk,
    /// Request Tracker 5.
    RequestTracker,
}

/// What a server can do. What it cannot do, its product does not offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Capabilities {
    /// The same creation twice makes no second ticket, however soon it comes.
    pub idempotent_create: bool,
    /// The server keeps the reference of a new ticket.
    pub client_reference: bool,
    /// A ticket is shown to the users of the account exactly if its access says so.
    pub access: bool,
    /// Addresses can be added to a sent ticket.
    pub add_cc: bool,
    /// Users can mark their own tickets as solved.
    pub solve: bool,
    /// The users of an account share what was read; without it that is known on each device for itself, and a read filter
    /// says so.
    pub shared_read_marks: bool,
    /// Files go in the same request as their message, not before it.
    pub files_with_message: bool,
    /// The largest file that the server takes, in bytes.
    pub largest_file: u64,
    /// A download that was cut off goes on where it was.
    pub resumed_downloads: bool,
}

/// What files can be attached.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AttachmentLimits {
    /// Files of one message.
    pub max_files: u32,
    /// Bytes of one file.
    pub max_bytes: u64,
    /// Their endings, in lower case (`jpg` stands for `jpeg` too), for a picker and for a text.
    pub endings: Vec<String>,
    /// Their media types, in the same order.
    pub content_types: Vec<String>,
}

/// An issue type.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IssueType {
    /// What a draft holds.
    pub id: String,
    /// Key of its name.
    pub label_key: String,
    /// Key of its one-line explanation.
    pub explanation_key: String,
}

/// A status, explained.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatusInfo {
    /// Which.
    pub status: Status,
    /// Key of its name.
    pub label_key: String,
    /// Key of its explanation.
    pub explanation_key: String,
    /// Whose turn it is.
    pub turn: Turn,
}

/// A ticket's status, in the product's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Status {
    /// Waits for the server's answer.
    Open,
    /// The server has reviewed it and works on a solution.
    Pending,
    /// The user's reply is needed to continue.
    AwaitingReply,
    /// Solved; a reply reopens it.
    Solved,
    /// Closed; nothing can be added.
    Closed,
    /// The server uses a status that this version does not know.
    Unknown,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Turn {
    /// The server's.
    HelpDesk,
    /// The user's.
    You,
    /// Nobody's.
    Nobody,
}

/// An entry of the Help & Support screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Entry {
    /// What it leads to.
    pub kind: EntryKind,
    /// Key of its name.
    pub label_key: String,
    /// A web address, or `mailto:` and an address; none for a screen of ours.
    pub target: Option<String>,
    /// The languages in which it is shown; empty: all.
    pub languages: Vec<String>,
}

/// What an entry leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum EntryKind {
    /// The ticket history, and from there a new ticket.
    NewTicket,
    /// The help centre, outside.
    HelpCentre,
    /// Courses, outside.
    Courses,
    /// A mail.
    Email,
}
