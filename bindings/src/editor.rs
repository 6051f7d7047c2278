//! The editor of a reply: what is typed, and what of it is bold, italic, a link or a list. Pure functions of core on plain values,
//! which read no file and may be called on any thread.
//!
//! Places count UTF-16 code units, as `String` in Kotlin and `NSRange` in Swift do.

use std::ops::Range;

use pocketdesk::connectors;
use pocketdesk::model::{self, ListKind, Look};

/// A text that the user is writing. Of a reply's draft it is `body` and `formats`.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FormattedText {
    /// The text. The items of a list are lines that begin with `- ` or `1. `.
    pub text: String,
    /// What of it is bold, italic or a link: disjoint and in order. What is given otherwise is put right.
    #[uniffi(default = [])]
    pub formats: Vec<TextFormat>,
}

/// A part of a text that is bold, italic or a link.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TextFormat {
    /// Its place in the text.
    pub place: TextPlace,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is italic.
    pub italic: bool,
    /// The address that it leads to: https, mailto or tel.
    pub link: Option<String>,
}

/// A part of a text, or a cursor, in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct TextPlace {
    /// The first unit.
    pub from: u32,
    /// The unit after the last. That of a cursor is `from`.
    pub to: u32,
}

/// The field of a reply: its text, the selection, and how the next letters will look. Whatever the user does gives a new one.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Editor {
    /// What is written.
    pub text: FormattedText,
    /// What is selected.
    pub selection: TextPlace,
    /// The looks of what is typed next, if the user has chosen them at a cursor. None: those of what stands before it.
    #[uniffi(default = None)]
    pub next: Option<Vec<TextLook>>,
}

/// What can be switched on and off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum TextLook {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
}

/// A list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum TextList {
    /// With bullets.
    Bullets,
    /// With numbers.
    Numbers,
}

/// What is switched on for a selection, for the editor's buttons.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TextLooks {
    /// Whether all of it is bold, or what is typed at the cursor will be.
    pub bold: bool,
    /// Whether all of it is italic, or what is typed at the cursor will be.
    pub italic: bool,
    /// The address that all of it leads to.
    pub link: Option<String>,
    /// The list that all of its lines are items of.
    pub list: Option<TextList>,
}

#[uniffi::export]
impl Editor {
    /// Returns the field after the user typed, or moved the cursor: `after` is its whole text then. Show the text that is
    /// returned: it differs from `after` where a list begins its next item or ends.
    #[must_use]
    pub fn changed(&self, after: &str, selection: TextPlace) -> Editor {
        self.core().changed(after, bytes(after, selection)).into()
    }

    /// Returns what is switched on, for the buttons.
    #[must_use]
    pub fn looks(&self) -> TextLooks {
        self.core().looks().into()
    }

    /// Switches a look on or off: of the selection, or at a cursor of what is typed next.
    #[must_use]
    pub fn toggled(&self, look: TextLook) -> Editor {
        self.core().toggled(look.into()).into()
    }

    /// Makes the lines of the selection items of a list; if they all are, they are lines again.
    #[must_use]
    pub fn listed(&self, list: TextList) -> Editor {
        self.core().listed(list.into()).into()
    }

    /// Makes the selection lead to `address`; at a cursor, the address is written. None if nothing can lead there: only https,
    /// mailto and tel, and an address without a scheme, which gets one.
    #[must_use]
    pub fn linked(&self, address: &str) -> Option<Editor> {
        self.core().linked(address).map(Editor::from)
    }

    /// The selection, or at a cursor the link around it, leads nowhere any more.
    #[must_use]
    pub fn unlinked(&self) -> Editor {
        self.core().unlinked().into()
    }

    /// Puts an HTML page in place of the selection, as far as a reply can have it: scripts, styles and pictures are left out.
    #[must_use]
    pub fn pasted(&self, page: &str) -> Editor {
        self.core().pasted(&connectors::pasted(page)).into()
    }
}

/// Returns the field with this text. The cursor is at its end.
#[uniffi::export]
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "UniFFI passes arguments by value")]
pub fn editor_of(text: FormattedText) -> Editor {
    model::Editor::of(formatted(&text.text, &text.formats)).into()
}

impl Editor {
    fn core(&self) -> model::Editor {
        let next = self.next.as_ref().map(|looks| looks.iter().map(|look| Look::from(*look)).collect());
        let text = formatted(&self.text.text, &self.text.formats);
        model::Editor { selection: bytes(text.text(), self.selection), text, next }
    }
}

fn bytes(text: &str, place: TextPlace) -> Range<usize> {
    let (from, to) = (byte(text, place.from), byte(text, place.to));
    from.min(to)..to.max(from)
}

/// Core's text for this one.
pub(crate) fn formatted(text: &str, formats: &[TextFormat]) -> model::FormattedText {
    let range = |format: &TextFormat| model::FormatRange {
        from: byte(text, format.place.from),
        to: byte(text, format.place.to),
        bold: format.bold,
        italic: format.italic,
        link: format.link.clone(),
    };
    model::FormattedText::new(text, &formats.iter().map(range).collect::<Vec<_>>())
}

/// The formats of a text of core's.
pub(crate) fn formats(text: &model::FormattedText) -> Vec<TextFormat> {
    let format = |range: &model::FormatRange| TextFormat {
        place: place(text.text(), range.from..range.to),
        bold: range.bold,
        italic: range.italic,
        link: range.link.clone(),
    };
    text.formats().iter().map(format).collect()
}

/// The byte of a UTF-16 code unit. A place behind the text is its end, and one inside a character its beginning.
fn byte(text: &str, unit: u32) -> usize {
    let mut left = unit as usize;
    for (at, c) in text.char_indices() {
        if left < c.len_utf16() {
            return at;
        }
        left -= c.len_utf16();
    }
    text.len()
}

fn place(text: &str, bytes: Range<usize>) -> TextPlace {
    let unit = |byte: usize| {
        let before = text.get(..byte).unwrap_or(text);
        u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
    };
    TextPlace { from: unit(bytes.start), to: unit(bytes.end) }
}

impl From<model::FormattedText> for FormattedText {
    fn from(text: model::FormattedText) -> Self {
        Self { text: text.text().to_owned(), formats: formats(&text) }
    }
}

impl From<model::Editor> for Editor {
    fn from(field: model::Editor) -> Self {
        let next = field.next.map(|looks| looks.into_iter().map(TextLook::from).collect());
        Self { selection: place(field.text.text(), field.selection), text: field.text.into(), next }
    }
}

impl From<Look> for TextLook {
    fn from(look: Look) -> Self {
        match look {
            Look::Bold => Self::Bold,
            Look::Italic => Self::Italic,
        }
    }
}

impl From<model::Looks> for TextLooks {
    fn from(looks: model::Looks) -> Self {
        let list = looks.list.map(|list| match list {
            ListKind::Bullets => TextList::Bullets,
            ListKind::Numbers => TextList::Numbers,
        });
        Self { bold: looks.bold, italic: looks.italic, link: looks.link, list }
    }
}

impl From<TextLook> for Look {
    fn from(look: TextLook) -> Self {
        match look {
            TextLook::Bold => Self::Bold,
            TextLook::Italic => Self::Italic,
        }
    }
}

impl From<TextList> for ListKind {
    fn from(list: TextList) -> Self {
        match list {
            TextList::Bullets => Self::Bullets,
            TextList::Numbers => Self::Numbers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_utf_16_code_units_and_a_wrong_one_is_put_right() {
        let text = "Grüße 🧾 Ada";
        assert_eq!((byte(text, 6), byte(text, 7), byte(text, 8), byte(text, 99)), (8, 8, 12, text.len()));
        assert_eq!(place(text, 8..12), TextPlace { from: 6, to: 8 });
        let at = |from, to| TextPlace { from, to };
        let field = editor_of(FormattedText { text: text.to_owned(), formats: Vec::new() });
        let bold = field.changed(text, at(8, 6)).toggled(TextLook::Bold);
        assert_eq!(bold.text.formats[0].place, at(6, 8));
        let typed = bold.changed("Grüße 🧾🎉 Ada", at(10, 10));
        assert_eq!((typed.text.formats[0].place, typed.selection), (at(6, 10), at(10, 10)));
    }
}
