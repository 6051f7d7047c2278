//! The forms: a new ticket, a reply, and the files of both.

use serde::Deserialize;

use super::strings::StringKey;
use crate::product::condition::{Condition, Conditions};

/// The form of a new ticket (`docs/product.md`, C0 to C6).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateForm {
    /// Whether tickets can be created.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The label of the entry that opens it.
    #[serde(default)]
    pub entry: Option<StringKey>,
    /// The fields, in order: `subject`, `issue_type`, `cc`, `description`, `access`, `attachments`, and the ids of the
    /// definition's own fields that are written at creation.
    pub order: Vec<String>,
    /// The subject's rules.
    pub subject: TextRules,
    /// The description's rules.
    #[serde(default)]
    pub description: TextRules,
    /// The access toggle; null for none.
    #[serde(default)]
    pub access: Option<AccessRules>,
    /// The CC addresses; null for none.
    #[serde(default)]
    pub cc: Option<CcRules>,
    /// What the description's editor offers.
    #[serde(default)]
    pub format: Vec<Format>,
}

/// The rules of a text in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TextRules {
    /// Whether it may not be blank.
    pub required: bool,
    /// How long it may be after trimming.
    pub max: Option<u32>,
    /// What is counted.
    pub unit: Unit,
}

impl Default for TextRules {
    fn default() -> Self {
        Self { required: true, max: None, unit: Unit::Grapheme }
    }
}

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Characters as people count them.
    Grapheme,
}

/// The rules of the access toggle (`docs/product.md`, C5).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccessRules {
    /// What must hold for the toggle to be shown.
    pub needs: Condition,
}

/// The rules of CC addresses (`docs/product.md`, C3, W2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CcRules {
    /// When addresses can be given.
    #[serde(default)]
    pub when: Conditions,
    /// What happens with typed addresses while they cannot.
    #[serde(rename = "else", default)]
    pub otherwise: Option<KeepAside>,
}

/// Typed addresses are kept aside, none is sent, and a note says so: `keep_aside:@note`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepAside {
    /// The note.
    pub note: StringKey,
}

impl std::str::FromStr for KeepAside {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let note = text.strip_prefix("keep_aside:").and_then(StringKey::of).ok_or(())?;
        Ok(Self { note })
    }
}

super::text_form!(KeepAside, "`keep_aside:@note`", "^keep_aside:@[a-z0-9_.]{1,128}$");

/// What an editor offers beyond plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Links.
    Link,
    /// Lists.
    List,
}

/// The reply (`docs/product.md`, T3, S11, S13).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Reply {
    /// When a reply can be written, beyond what the ticket's status says.
    pub when: Conditions,
    /// What the editor offers.
    pub format: Vec<Format>,
    /// Whether the recipients are shown.
    pub recipients: Option<Recipients>,
    /// Why none can be written: the first that holds is the reason.
    pub blocked: Vec<Blocked>,
    /// What is offered then.
    #[serde(rename = "ways_on")]
    pub alternatives: Vec<ReplyAlternative>,
}

/// Whether the recipients of a reply are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Recipients {
    /// They are shown and cannot be edited.
    Show,
}

/// A reason why no reply can be written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Blocked {
    /// When it holds.
    pub when: Conditions,
    /// What the screen says.
    pub reason: StringKey,
}

/// What is offered where no reply can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyAlternative {
    /// `copy:ticket.number`: copies the ticket's number.
    CopyNumber,
    /// `copy:field.ID`: copies a field.
    CopyField(String),
    /// `answer_mail`: explains how to answer the mail.
    AnswerMail,
    /// `new_request:prefill=@key`: opens the form of a new ticket with a text in it.
    NewRequest(StringKey),
}

impl std::str::FromStr for ReplyAlternative {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "copy:ticket.number" {
            return Ok(Self::CopyNumber);
        }
        if text == "answer_mail" {
            return Ok(Self::AnswerMail);
        }
        if let Some(field) = text.strip_prefix("copy:field.") {
            return Ok(Self::CopyField(field.to_owned()));
        }
        text.strip_prefix("new_request:prefill=").and_then(StringKey::of).map(Self::NewRequest).ok_or(())
    }
}

super::text_form!(
    ReplyAlternative,
    "`copy:ticket.number`, `copy:field.ID`, `answer_mail` or `new_request:prefill=@key`",
    "^(copy:ticket\\.number|copy:field\\.[a-z][a-z0-9_]*|answer_mail|new_request:prefill=@[a-z0-9_.]+)$"
);

/// Which files can be attached (`docs/product.md`, W3, S12). The server's limits hold as well.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Attachments {
    /// The forms that take files.
    #[serde(rename = "in")]
    pub places: Vec<AttachmentPlace>,
    /// How many files one message may have.
    #[serde(default)]
    pub max_files: Option<u32>,
    /// How large a file may be, in bytes.
    #[serde(default)]
    pub max_bytes: Option<u64>,
    /// The types of files, by their ending; all that Pocketdesk knows if it is missing.
    #[serde(default)]
    pub types: Option<Vec<String>>,
    /// What the form says before files are chosen.
    #[serde(default)]
    pub hint: Option<StringKey>,
    /// Whether a photo that is too large, or of a type that is not allowed, is offered as a smaller JPG.
    #[serde(default)]
    pub shrink_photos: bool,
}

/// A form that takes files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttachmentPlace {
    /// A new ticket.
    Create,
    /// A reply.
    Reply,
}

/// A kind of problem that a ticket can be about (`docs/product.md`, C2, W1). Its strings are `issue_type.ID` and,
/// optionally, `issue_type.ID.explanation`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IssueTypeDefinition {
    /// The id.
    pub id: String,
    /// Whether it is preselected, as the one to choose if no other fits.
    #[serde(default)]
    pub fallback: bool,
}

fn yes() -> bool {
    true
}
