//! Messages with their structure.

/// A message as a screen shows it, block under block.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MessageBody {
    /// The blocks, from top to bottom.
    pub blocks: Vec<BodyBlock>,
    /// The index of the block with which the quoted mail history begins. Everything from there on is folded until the user asks for it.
    /// None if there is no history, or nothing above it.
    #[uniffi(default = None)]
    pub history_from: Option<u32>,
}

/// A part of a message that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct BodyBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Its text; empty for a picture. Lines are separated by line breaks.
    pub spans: Vec<TextSpan>,
    /// In how many quotes it stands, at most 8.
    #[uniffi(default = 0)]
    pub quotes: u32,
    /// In how many lists it stands, at most 8.
    #[uniffi(default = 0)]
    pub lists: u32,
    /// The mark before it, if it is the first block of a list's item. None for a later block of the item, and outside of lists.
    #[uniffi(default = None)]
    pub marker: Option<ListMarker>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum BlockKind {
    /// A paragraph. A heading is a paragraph in bold.
    Paragraph,
    /// Lines whose spaces count: code, or a log.
    Code,
    /// A picture that stands here in the text.
    Picture {
        /// The index in `Message.attachments`.
        attachment: u32,
    },
}

/// The mark of a list's item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ListMarker {
    /// A bullet.
    Bullet,
    /// A number.
    Number {
        /// The number.
        number: u32,
    },
}

/// A run of text that looks the same.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TextSpan {
    /// The text.
    pub text: String,
    /// Whether it is bold.
    #[uniffi(default = false)]
    pub bold: bool,
    /// Whether it is italic.
    #[uniffi(default = false)]
    pub italic: bool,
    /// Whether it is code.
    #[uniffi(default = false)]
    pub code: bool,
    /// Where it leads; none if nowhere.
    #[uniffi(default = None)]
    pub link: Option<TextLink>,
}

/// Where a text leads.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TextLink {
    /// The address: https, mailto or tel.
    pub address: String,
    /// Whether the text looks like another address. Then a screen shows the true one before it opens it.
    pub differs: bool,
}
