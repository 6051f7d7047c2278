//! What the user is typing, and what is wrong with it.

use crate::editor::TextFormat;

/// A new ticket that the user is typing. There is at most one.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TicketDraft {
    /// The draft's id. Pass it back unchanged: submitting the same id twice creates one ticket.
    pub id: String,
    /// The subject as typed. On submission it is trimmed and its line breaks become spaces.
    pub subject: String,
    /// The id of an issue type (`IssueType.id`).
    pub issue_type: String,
    /// The CC addresses that were added, as typed, in order.
    pub cc: Vec<String>,
    /// The CC address that is still being typed. Unless it is blank, it counts as one more address after `cc`.
    pub cc_entry: String,
    /// The description as typed. On submission, blank lines around it are removed.
    pub description: String,
    /// Whether all users of the account may see the ticket.
    pub access: bool,
    /// The number of the closed ticket that this one follows; none for none. It is sent only while the subject or the
    /// description names this number.
    #[uniffi(default = None)]
    pub follows: Option<i64>,
    /// The name of whoever writes without an account, as typed. Counts only if `Product.anonymous` is set.
    #[uniffi(default = "")]
    pub name: String,
    /// The address to which the answer is mailed, as typed. Counts only if `Product.anonymous` is set.
    #[uniffi(default = "")]
    pub email: String,
}

/// The addresses in the text of an address field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SplitAddresses {
    /// The addresses that are complete, in order, without names. They need not be valid.
    pub addresses: Vec<String>,
    /// What is left in the field: an address that is still being typed. Empty if there is none.
    pub rest: String,
}

/// A reply that the user is typing. There is at most one per ticket.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ReplyDraft {
    /// The draft's id. Pass it back unchanged: sending the same id twice makes one message.
    pub id: String,
    /// The ticket's local id.
    pub ticket: i64,
    /// The text as typed. It is trimmed when the reply is sent.
    pub body: String,
    /// What of it is bold, italic or a link.
    #[uniffi(default = [])]
    pub formats: Vec<TextFormat>,
}

/// The result of checking a ticket draft, for the form to show.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DraftCheck {
    /// Every invalid field, in the order of the form.
    pub problems: Vec<FieldProblem>,
    /// What would be dropped on submission. This does not prevent it.
    pub notes: Vec<DraftNote>,
    /// The length of the trimmed subject, in grapheme clusters (what a reader sees as characters).
    pub subject_count: u32,
    /// The longest allowed subject, in grapheme clusters.
    pub subject_limit: u32,
    /// Whether the ticket can be created as it is: there are no problems.
    pub can_create: bool,
    /// What the form says now, problems first, in the order of the form. A problem that the user could not mend yet is left
    /// out: see `FormProgress`.
    #[uniffi(default = [])]
    pub messages: Vec<FieldMessage>,
}

/// How far the user is with a form. It decides which problems the form shows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FormProgress {
    /// The fields that the user has entered and left. A missing value is shown from then on.
    #[uniffi(default = [])]
    pub left: Vec<Field>,
    /// Whether the user is typing: something has changed, and the pause after it is not over. An address that is being typed
    /// is not malformed yet.
    #[uniffi(default = false)]
    pub typing: bool,
    /// Whether the user has tried to create the ticket: then everything is shown.
    #[uniffi(default = false)]
    pub attempted: bool,
}

/// What a form says at one of its fields.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FieldMessage {
    /// The field.
    pub field: Field,
    /// For a CC address, its index in `TicketDraft.cc` (from 0); for `cc_entry`, the length of `cc`. None for other fields, and
    /// for what is about all addresses.
    pub index: Option<u32>,
    /// The key of its text.
    pub key: String,
    /// The value of the text's placeholder `count`; none if it has none.
    #[uniffi(default = None)]
    pub count: Option<u32>,
    /// The value of the text's placeholder `limit`; none if it has none.
    #[uniffi(default = None)]
    pub limit: Option<u32>,
    /// Whether it keeps the ticket from being created.
    #[uniffi(default = true)]
    pub problem: bool,
}

/// An invalid field of a form.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FieldProblem {
    /// The field.
    pub field: Field,
    /// For a CC address, its index in `TicketDraft.cc` (from 0); for `cc_entry`, the length of `cc`. None for other fields.
    pub index: Option<u32>,
    /// What is wrong with it.
    pub problem: Problem,
}

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Field {
    /// The name of whoever writes without an account.
    Name,
    /// The address of whoever writes without an account.
    Email,
    /// The subject of a ticket.
    Subject,
    /// The issue type of a ticket.
    IssueType,
    /// A CC address.
    Cc,
    /// The description of a ticket.
    Description,
    /// The toggle that makes a ticket accessible to all users of the account.
    Access,
    /// The text of a reply.
    Body,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Problem {
    /// It is blank.
    Required,
    /// It is too long.
    TooLong {
        /// Its length, in grapheme clusters.
        count: u32,
        /// The longest allowed length, in grapheme clusters.
        limit: u32,
    },
    /// It is not an e-mail address.
    Malformed,
    /// The product does not have this choice.
    Unknown,
}

/// Something that would be dropped on submission, without preventing it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum DraftNote {
    /// No address is sent as the form stands. They stay in the draft. `Product.cc_kept_aside_key` is the key of its text.
    AddressesKeptAside,
    /// This CC address repeats an earlier one.
    RepeatedAddress {
        /// Its index in `TicketDraft.cc` (from 0); for `cc_entry`, the length of `cc`.
        index: u32,
    },
    /// This CC address is the user's own.
    OwnAddress {
        /// Its index in `TicketDraft.cc` (from 0); for `cc_entry`, the length of `cc`.
        index: u32,
    },
}
