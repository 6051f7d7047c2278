//! The words of core's model, as Kotlin and Swift see them. Ids are local and stable for life; times are milliseconds
//! since 1970-01-01T00:00:00Z.

/// What this desk allows, and the keys of its words.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Profile {
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

/// Which service a desk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Connector {
    /// Zendesk, or a desk that speaks like it.
    Zendesk,
    /// Request Tracker 5.
    RequestTracker,
}

/// What a desk can do. What it cannot do, its profile does not offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Capabilities {
    /// The same creation twice makes no second ticket, however soon it comes.
    pub idempotent_create: bool,
    /// The desk keeps the reference of a new ticket.
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
    /// The largest file that the desk takes, in bytes.
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
    /// Waits for the desk's answer.
    Open,
    /// The desk has reviewed it and works on a solution.
    Pending,
    /// The user's reply is needed to continue.
    AwaitingReply,
    /// Solved; a reply reopens it.
    Solved,
    /// Closed; nothing can be added.
    Closed,
    /// The desk uses a status that this version does not know.
    Unknown,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Turn {
    /// The desk's.
    Desk,
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
    /// The desk's number; none until the desk has it.
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
    pub needs_you: bool,
    /// False when the desk no longer shows this ticket to this user.
    pub visible: bool,
}

/// A ticket's head.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Ticket {
    /// What the history shows of it.
    pub row: TicketRow,
    /// The id of its issue type, if it is one that the profile knows.
    pub issue_type: Option<String>,
    /// Accessible to all users of the account; none if the desk does not say.
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

/// A write of this user that is no message, on its way to the desk.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PendingChange {
    /// For `retry_change` and `discard_change`.
    pub id: i64,
    /// What it does.
    pub kind: ChangeKind,
    /// The addresses it adds, if it does.
    pub addresses: Vec<String>,
    /// Where its way to the desk stands.
    pub delivery: Delivery,
    /// Whether `retry_change` is safe now.
    pub can_retry: bool,
    /// Whether `discard_change` is safe now.
    pub can_discard: bool,
}

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ChangeKind {
    /// Adds addresses that the desk mails.
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
    /// Written by an agent of the desk.
    pub from_desk: bool,
    /// Plain text.
    pub body: String,
    /// When it was written.
    pub created_at: i64,
    /// The ticket's description.
    pub description: bool,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// Where its way to the desk stands.
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
    /// As the desk names it.
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
    /// At the desk only.
    AtDesk,
    /// On this device, waiting to be sent with their message.
    Waiting,
    /// On their way to the desk.
    Sending {
        /// So many were sent.
        bytes: u64,
    },
    /// Asked for, and not begun.
    Wanted,
    /// On their way to this device.
    Coming {
        /// So many are here.
        bytes: u64,
    },
    /// At the desk, and on this device as well.
    Here,
    /// Asked for, and not to be had.
    Failed {
        /// Why.
        problem: DownloadProblem,
    },
}

/// Why a file cannot be had from the desk. Words: `download.` and the name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum DownloadProblem {
    /// The desk does not have it, or does not show it to this user.
    Gone,
    /// No space left on the device.
    NoSpace,
    /// It is larger than all copies together may be.
    TooLarge,
    /// The desk answers something else, again and again.
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

/// Where a message's way to the desk stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Delivery {
    /// The desk has it.
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
    NeedsYou {
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
    /// The desk's own words, if it gave any.
    pub words: Option<String>,
}

/// The closed list of reasons. Words: `reason.` and the name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ReasonKind {
    /// The user has to sign in again.
    SignedOut,
    /// The token belongs to somebody else.
    SomebodyElse,
    /// The desk does not allow it.
    NotAllowed,
    /// The ticket was closed meanwhile.
    TicketClosed,
    /// The ticket is no longer visible to this user.
    NoLongerVisible,
    /// The desk refused it, usually in words of its own.
    Refused,
    /// It came with a copy of the file from another device, which may have sent it.
    Restored,
    /// The desk takes no file of this size.
    AttachmentTooLarge,
    /// The desk takes no file of this type.
    AttachmentType,
    /// A file that belongs to it is no longer on this device.
    AttachmentMissing,
    /// This version cannot send it.
    Unsupported,
}

/// Numbers and problems for a banner.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DeskStatus {
    /// As far as known.
    pub online: bool,
    /// A sync is under way.
    pub syncing: bool,
    /// When the desk was last read to the end.
    pub last_sync_at: Option<i64>,
    /// Messages that were not sent yet.
    pub waiting: u32,
    /// What stands in the way of the whole account.
    pub problem: Option<AccountProblem>,
    /// Whether the whole history was read once.
    pub first_sync_done: bool,
    /// How far the first sync is; none once it is done, and before it began.
    #[uniffi(default = None)]
    pub first_sync: Option<SyncProgress>,
    /// Tickets in the file.
    pub known_tickets: u64,
    /// Tickets whose thread is in the file, as of some moment.
    #[uniffi(default = 0)]
    pub known_threads: u64,
    /// The file was damaged and was made anew; told until `acknowledge_recovery`.
    #[uniffi(default = None)]
    pub recovered: Option<Recovered>,
}

/// That the file was made anew from a damaged one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Recovered {
    /// Unsent messages and drafts that were rescued.
    pub rescued: u32,
    /// Something that the user wrote may be lost.
    pub lost: bool,
}

/// How work in the background ended.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncOutcome {
    /// Something is left that another call can do without the user.
    pub more: bool,
    /// Milliseconds after which another call makes sense at the earliest; none if nothing is left, or only time will tell.
    pub retry_in: Option<u64>,
    /// Messages that were not sent yet; those that need the user are among them.
    pub waiting: u32,
    /// What stands in the way of the whole account.
    pub problem: Option<AccountProblem>,
}

/// What a sign-out would lose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Unsent {
    /// Messages and other changes that the desk did not confirm.
    pub messages: u32,
    /// Drafts with a text in them.
    pub drafts: u32,
}

/// What becomes of what is unsent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum SignOut {
    /// Everything of the account goes, what is unsent as well.
    Discard,
    /// Unsent messages and drafts stay in the file, and nothing else.
    Keep,
}

/// How far the first sync is, in rows of the desk's lists. The lists overlap, so these are no numbers of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct SyncProgress {
    /// Rows read.
    pub read: u64,
    /// Of so many, if the desk says.
    pub of: Option<u64>,
}

/// What stands in the way of the whole account. Words: `problem.` and the name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum AccountProblem {
    /// The user has to sign in again.
    SignedOut,
    /// The token belongs to somebody else. Nothing was sent or stored.
    SomebodyElse,
    /// The desk does not let this user read the tickets.
    NotAllowed,
    /// Much of the history is missing at once. Nothing was removed.
    HistoryMissing,
    /// The desk cannot be reached.
    DeskUnreachable,
    /// The desk answers, but not as a desk.
    DeskMisbehaves,
    /// No space left on the device.
    StorageFull,
    /// Something that should not happen.
    InternalFault,
}

/// A ticket being written.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TicketDraft {
    /// Hand it back unchanged: it makes creating idempotent.
    pub id: String,
    /// As typed.
    pub subject: String,
    /// The id of an issue type.
    pub issue_type: String,
    /// Addresses that were added.
    pub cc: Vec<String>,
    /// An address that is still being typed; counts as the last one.
    pub cc_entry: String,
    /// As typed.
    pub description: String,
    /// Accessible to all users of the account.
    pub access: bool,
}

/// A reply being written.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ReplyDraft {
    /// Hand it back unchanged: it makes sending idempotent.
    pub id: String,
    /// The ticket's local id.
    pub ticket: i64,
    /// As typed.
    pub body: String,
}

/// What a form shows while a ticket is being written.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DraftCheck {
    /// Every field that is wrong, in the order of the form.
    pub problems: Vec<FieldProblem>,
    /// What will be dropped when it is created.
    pub notes: Vec<DraftNote>,
    /// Grapheme clusters of the subject, after trimming.
    pub subject_count: u32,
    /// How many it may have.
    pub subject_limit: u32,
    /// Whether it can be created as it is.
    pub can_create: bool,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FieldProblem {
    /// Which field.
    pub field: Field,
    /// Which of the CC addresses; their number for the one being typed.
    pub index: Option<u32>,
    /// What is wrong.
    pub problem: Problem,
}

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Field {
    /// The subject.
    Subject,
    /// The issue type.
    IssueType,
    /// A CC address.
    Cc,
    /// The description.
    Description,
    /// The access toggle.
    Access,
    /// A reply's text.
    Body,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Problem {
    /// It is blank.
    Required,
    /// It is too long.
    TooLong {
        /// How long it is.
        count: u32,
        /// How long it may be.
        limit: u32,
    },
    /// It is no e-mail address.
    Malformed,
    /// The profile does not know it.
    Unknown,
}

/// Something that will be dropped.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum DraftNote {
    /// This address is there already.
    RepeatedAddress {
        /// Which.
        index: u32,
    },
    /// This address is the user's own.
    OwnAddress {
        /// Which.
        index: u32,
    },
}
