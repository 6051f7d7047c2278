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
    /// The id of the issue type that a new form starts with; empty if the user has to choose one.
    pub preselected_issue_type: String,
    /// Every status that a user can see, in the order of a ticket's life.
    pub statuses: Vec<StatusInfo>,
    /// The fields of the form of a new ticket, in the order in which they are shown.
    pub form: Vec<FormField>,
    /// The key of what a form says while no address is sent (`DraftNote.AddressesKeptAside`); none if the form has no
    /// condition for addresses.
    #[uniffi(default = None)]
    pub cc_kept_aside_key: Option<String>,
    /// The key of what the form says before files are chosen; none if the product has no words of its own for that.
    #[uniffi(default = None)]
    pub attachments_hint_key: Option<String>,
    /// The limits for attached files; none if files cannot be attached.
    pub attachments: Option<AttachmentLimits>,
    /// Whether replies take files. Whether the form of a new ticket does is said by `form`.
    pub files_in_replies: bool,
    /// Whether users can add CC addresses to a ticket that was sent (`add_cc`).
    pub add_cc: bool,
    /// Whether users can mark their own tickets as solved (`solve`).
    pub solve: bool,
    /// Whether tickets are sent without an account (`ClientConfig.anonymous`). Then `form` begins with name and address.
    #[uniffi(default = false)]
    pub anonymous: bool,
}

/// A field of the form of a new ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum FormField {
    /// The name of whoever writes without an account.
    Name,
    /// The address to which the answer is mailed.
    Email,
    /// The subject.
    Subject,
    /// The issue type.
    IssueType,
    /// The CC addresses.
    Cc,
    /// The description.
    Description,
    /// The toggle that makes the ticket accessible to all users of the account.
    Access,
    /// The files.
    Attachments,
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
    /// Feedback can be given about tickets that are solved or closed, at least about some.
    #[uniffi(default = false)]
    pub feedback: bool,
    /// Some of the product's toggles have a place on the server.
    #[uniffi(default = false)]
    pub toggles: bool,
    /// CC addresses can be added to a ticket that was sent.
    pub add_cc: bool,
    /// Users can mark their own tickets as solved.
    pub solve: bool,
    /// A new ticket can be linked to the closed ticket that it follows.
    pub follow_up: bool,
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
    /// The server has a search of its own; see `Client.search_server`.
    #[uniffi(default = false)]
    pub search: bool,
    /// A ticket can be sent without an account. What becomes of it can never be read.
    #[uniffi(default = false)]
    pub anonymous: bool,
    /// The server has lists with the tickets of others, which a user may be allowed to see.
    #[uniffi(default = false)]
    pub organization_view: bool,
    /// The server has a help centre, at least for some users. Whether this user has one: `HelpCenter.state`.
    #[uniffi(default = false)]
    pub articles: bool,
    /// The server takes answers to whether an article was helpful.
    #[uniffi(default = false)]
    pub article_votes: bool,
}

/// What became of the definition that the company delivers (`ClientConfig.definition_url`).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DeliveredDefinition {
    /// The version that is in use; none while the app's own definition is used alone.
    pub version: Option<u32>,
    /// The version that was fetched and takes effect when a client is opened the next time; none if there is none.
    pub next_version: Option<u32>,
    /// When the address was last asked successfully, in milliseconds since 1970 by the device's clock; none if never.
    pub checked_at: Option<i64>,
    /// Why the last text was not taken or not fetched, in English, for the developer; none if nothing was wrong. For a
    /// wrong definition, it names line, column and place.
    pub refused: Option<String>,
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

/// How a photo that is too large, or of a type that is not allowed, can be attached as a smaller JPG.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SmallerPhoto {
    /// The name under which to attach the JPG.
    pub name: String,
    /// The most bytes that the JPG can have.
    pub max_bytes: u64,
    /// What to try, in order, until the JPG has at most `max_bytes`.
    pub attempts: Vec<PhotoAttempt>,
}

/// One attempt to make a JPG that is small enough. The JPG must carry none of the photo's metadata, so that it does not
/// tell where it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct PhotoAttempt {
    /// The longest edge in pixels. A picture that is smaller keeps its size.
    pub longest_edge: u32,
    /// The quality of the JPG, from 1 to 100.
    pub quality: u8,
}

/// One of the product's kinds of problem, which the user chooses in the form of a new ticket.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IssueType {
    /// The value of `TicketDraft.issue_type` and `Ticket.issue_type`.
    pub id: String,
    /// The key of its name.
    pub label_key: String,
    /// The key of its one-line explanation; none if it has no explanation.
    pub explanation_key: Option<String>,
}

/// A status of the product with the keys of its texts.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StatusInfo {
    /// The id.
    pub id: String,
    /// Its fixed meaning.
    pub kind: StatusKind,
    /// The key of its name.
    pub label_key: String,
    /// The key of its explanation; none if it has no explanation.
    pub explanation_key: Option<String>,
    /// Whose turn it is in this status.
    pub turn: Turn,
}

/// A ticket's status, as the product shows it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TicketStatus {
    /// The id of the product's status; none if the product does not know the server's status. Replies are allowed then; the
    /// server decides.
    pub id: Option<String>,
    /// Its fixed meaning. A screen decides by it, not by the id.
    pub kind: StatusKind,
    /// Whose turn it is.
    pub turn: Turn,
    /// What the help desk calls the status, if the product has no words for it. It is shown in place of the strings of
    /// `id`.
    #[uniffi(default = None)]
    pub label: Option<String>,
    /// The key of its name; none if `label` is shown.
    #[uniffi(default = None)]
    pub name_key: Option<String>,
}

/// The fixed meaning of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum StatusKind {
    /// It waits for the support team's answer.
    Open,
    /// The support team works on it.
    Working,
    /// The support team needs the user's reply to continue.
    AwaitingUser,
    /// Solved.
    Solved,
    /// Closed for good.
    Closed,
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
    /// The id.
    pub id: String,
    /// The key of its name.
    pub label_key: String,
    /// The key of what is said beside it; none if nothing.
    pub note_key: Option<String>,
    /// Where it leads.
    pub target: EntryTarget,
}

/// Where an entry of the Help & Support screen leads.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum EntryTarget {
    /// The ticket history, from which a new ticket can be created.
    History,
    /// The form of a new ticket.
    Create {
        /// The key of the text with which its description begins (`prefilled`); none for an empty one.
        prefill_key: Option<String>,
    },
    /// The help articles.
    Articles,
    /// A ticket without an account.
    Anonymous,
    /// A call back into the host app.
    Host {
        /// The name that the definition gives the call.
        name: String,
    },
    /// A link: https, mailto or tel. The screen puts its language in the place of `{locale}`.
    Link {
        /// The address.
        url: String,
    },
}

/// The colours of every status and of a problem, on a light or a dark screen. The texts say the same without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Tones {
    /// Of a status of the kind `Open`.
    pub open: Tone,
    /// Of a status of the kind `Working`.
    pub working: Tone,
    /// Of a status of the kind `AwaitingUser`.
    pub awaiting_user: Tone,
    /// Of a status of the kind `Solved`.
    pub solved: Tone,
    /// Of a status of the kind `Closed`.
    pub closed: Tone,
    /// Of a text about a problem. Its contrast is as high on a white or a black screen.
    pub problem: Tone,
}

/// A text on its background. Their contrast is at least 4.5 : 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Tone {
    /// The background, as 0xRRGGBB in sRGB.
    pub background: u32,
    /// The text, as 0xRRGGBB in sRGB.
    pub text: u32,
}
