//! What can be wrong with a draft, and what of it is not sent.

/// The result of validating a ticket draft, for the form that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftCheck {
    /// Every field that is wrong, in the order of the form.
    pub problems: Vec<FieldProblem>,
    /// What will be dropped when the ticket is created.
    pub notes: Vec<DraftNote>,
    /// The number of grapheme clusters in the subject, after trimming.
    pub subject_count: u32,
    /// The largest allowed number of grapheme clusters in the subject.
    pub subject_limit: u32,
}

impl DraftCheck {
    /// Whether the ticket can be created as it is.
    #[must_use]
    pub fn can_create(&self) -> bool {
        self.problems.is_empty()
    }
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldProblem {
    /// The field.
    pub field: Field,
    /// The index of the CC address; `None` for other fields. The address that is being typed comes after all others.
    pub index: Option<u32>,
    /// What is wrong with it.
    pub problem: Problem,
}

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The name of whoever writes without an account (`docs/product.md`, W11).
    Name,
    /// The address of whoever writes without an account (`docs/product.md`, W11).
    Email,
    /// The subject (`docs/product.md`, C1).
    Subject,
    /// The issue type (`docs/product.md`, C2).
    IssueType,
    /// A CC address (`docs/product.md`, C3).
    Cc,
    /// The description (`docs/product.md`, C4).
    Description,
    /// The access toggle (`docs/product.md`, C5).
    Access,
    /// A reply's text (`docs/product.md`, T3).
    Body,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
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
    /// It is not an e-mail address.
    Malformed,
    /// The product does not know or does not offer the value.
    Unknown,
}

/// Something that will not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftNote {
    /// No address is sent as the form stands (`docs/product.md`, W2). They stay in the draft.
    AddressesKeptAside,
    /// The address is the same as an earlier one.
    RepeatedAddress {
        /// The index of the CC address.
        index: u32,
    },
    /// The address is the user's own.
    OwnAddress {
        /// The index of the CC address.
        index: u32,
    },
}
