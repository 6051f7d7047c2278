//! The parts of a message.

use serde::Serialize;

/// A part of a message that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// In how many quotes it stands.
    pub quotes: u8,
    /// In how many lists it stands.
    pub lists: u8,
    /// The mark before it, if it is the first block of a list's item. A later block of the item has none.
    pub marker: Option<Marker>,
    /// Its text. Lines are separated by `\n`. Empty for a picture.
    pub spans: Vec<Span>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A paragraph. A heading is a paragraph in bold.
    Paragraph,
    /// Lines whose spaces count: code, or a log.
    Code,
    /// One of the message's attachments, a picture that stands here in the text. The value is its index.
    Picture(u32),
}

/// The mark of a list's item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Marker {
    /// A bullet.
    Bullet,
    /// A number.
    Number(u32),
}

/// A run of text that looks the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is italic.
    pub italic: bool,
    /// Whether it is code.
    pub code: bool,
    /// Where it leads.
    pub link: Option<Link>,
}

/// Where a text leads: https, mailto or tel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The address.
    pub address: String,
    /// Whether the text looks like another address. Then the screen shows the true one before it opens it.
    pub differs: bool,
}

impl Block {
    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

impl Span {
    /// The address that it leads to.
    pub(super) fn address(&self) -> Option<&str> {
        self.link.as_ref().map(|link| link.address.as_str())
    }

    /// Another text that looks the same and leads to the same place. The text of this one, which may be long, is not copied.
    pub(super) fn with_text(&self, text: &str) -> Self {
        Self { text: text.to_owned(), bold: self.bold, italic: self.italic, code: self.code, link: self.link.clone() }
    }

    /// Whether another text looks the same and leads to the same place.
    pub(super) fn looks_like(&self, other: &Self) -> bool {
        (self.bold, self.italic, self.code) == (other.bold, other.italic, other.code)
            && self.address() == other.address()
    }
}
