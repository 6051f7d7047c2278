//! What is being written, and what is wrong with it.

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
    /// The product does not know it.
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
