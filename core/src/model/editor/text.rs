//! A text with its formats.

use std::ops::Range;

use crate::model::body::{Format, FormatRange, Structure, safe_link};

/// More ranges than these are dropped.
const MAX_RANGES: usize = 1_000;

/// A text and its formats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormattedText {
    pub(super) text: String,
    /// Disjoint, in order, not empty, and on boundaries of characters.
    pub(super) formats: Vec<FormatRange>,
}

/// A text after an edit, and what is selected in it then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The text.
    pub text: FormattedText,
    /// The selection in bytes; empty for a cursor.
    pub selection: Range<usize>,
}

/// What is switched on for a selection, for the buttons of an editor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looks {
    /// Whether all of it is bold, or what is typed at the cursor will be.
    pub bold: bool,
    /// Whether all of it is italic, or what is typed at the cursor will be.
    pub italic: bool,
    /// The address that all of it leads to.
    pub link: Option<String>,
    /// The list that all of its lines are items of.
    pub list: Option<ListKind>,
}

/// A list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// With bullets.
    Bullets,
    /// With numbers.
    Numbers,
}

/// What can be switched on and off for a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
}

impl FormattedText {
    /// A text with these ranges. Those that are not in the text are cut to it; where they overlap, the later one counts.
    #[must_use]
    pub fn new(text: impl Into<String>, formats: &[FormatRange]) -> Self {
        let mut made = Self { text: text.into(), formats: Vec::new() };
        for range in formats.iter().take(MAX_RANGES) {
            let link = range.link.as_deref().and_then(safe_link);
            let format = Format { bold: range.bold, italic: range.italic, code: false, link };
            let place = made.inside(range.from..range.to);
            match made.formats.last() {
                Some(last) if last.to > place.start => made.change(place, |old| *old = format.clone()),
                // Ranges in their order, as core made them, cost no more than their number.
                _ => made.push(place, format),
            }
        }
        made
    }

    /// The text of a message with its structure, to be written on.
    #[must_use]
    pub fn of_message(text: &str, structure: Option<&Structure>) -> Self {
        Self::new(text, &structure.map(Structure::formats).unwrap_or_default())
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The ranges, disjoint and in order.
    #[must_use]
    pub fn formats(&self) -> &[FormatRange] {
        &self.formats
    }

    /// The text with `other` below it, after a blank line. Blank texts are left out.
    #[must_use]
    pub fn followed_by(&self, other: &Self) -> Self {
        let (above, below) = (self.trimmed(), other.trimmed());
        if above.text.is_empty() || below.text.is_empty() {
            return if above.text.is_empty() { below } else { above };
        }
        let start = above.text.len() + 2;
        let text = format!("{}\n\n{}", above.text, below.text);
        let moved = below.formats.into_iter();
        let moved = moved.map(|range| FormatRange { from: range.from + start, to: range.to + start, ..range });
        Self { text, formats: above.formats.into_iter().chain(moved).collect() }
    }

    /// The text without white space around it.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let ended = self.spliced(self.text.trim_end().len()..self.text.len(), "");
        ended.spliced(0..start.min(ended.text.len()), "")
    }

    /// The text with `inserted` in place of a range. A range that the place is inside of takes it in; one that only touches it
    /// does not.
    pub(super) fn spliced(&self, range: Range<usize>, inserted: &str) -> Self {
        let range = self.inside(range);
        let mut text = String::with_capacity(self.text.len() + inserted.len());
        text.extend([&self.text[..range.start], inserted, &self.text[range.end..]]);
        let end = range.start + inserted.len();
        let moved = |place: usize| place - range.end + end;
        let mut made = Self { text, formats: Vec::with_capacity(self.formats.len()) };
        for format in &self.formats {
            let from = match format.from {
                from if from >= range.end => moved(from),
                from if from < range.start => from,
                // The beginning is replaced, and what is left of it stands behind.
                _ => end,
            };
            let to = match format.to {
                to if to <= range.start => to,
                to if to >= range.end => moved(to),
                _ => range.start,
            };
            made.push(from..to.max(from), format.format());
        }
        made
    }

    /// The format of the character before a place.
    pub(super) fn format_before(&self, place: usize) -> Format {
        let range = self.formats.iter().find(|range| range.from < place && place <= range.to);
        range.map(FormatRange::format).unwrap_or_default()
    }

    /// A selection that is in the text, on boundaries of characters.
    pub(super) fn inside(&self, range: Range<usize>) -> Range<usize> {
        let from = self.text.floor_char_boundary(range.start.min(range.end));
        let to = self.text.floor_char_boundary(range.end.max(range.start));
        from..to
    }

    /// The pieces of a range that look the same, in order, without gaps.
    pub(super) fn pieces(&self, range: Range<usize>) -> Vec<(Range<usize>, Format)> {
        let (mut pieces, mut at) = (Vec::new(), range.start);
        for format in self.formats.iter().filter(|format| format.to > range.start && format.from < range.end) {
            let (from, to) = (format.from.max(range.start), format.to.min(range.end));
            if at < from {
                pieces.push((at..from, Format::default()));
            }
            pieces.push((from..to, format.format()));
            at = to;
        }
        if at < range.end {
            pieces.push((at..range.end, Format::default()));
        }
        pieces
    }

    /// Changes the format of a range.
    pub(super) fn change(&mut self, range: Range<usize>, change: impl Fn(&mut Format)) {
        let range = self.inside(range);
        if range.is_empty() {
            return;
        }
        let before = self.pieces(0..range.start);
        let mut changed = self.pieces(range.clone());
        for (_, format) in &mut changed {
            change(format);
        }
        let after = self.pieces(range.end..self.text.len());
        self.formats.clear();
        for (range, format) in before.into_iter().chain(changed).chain(after) {
            self.push(range, format);
        }
    }

    /// Adds a piece behind all others.
    fn push(&mut self, range: Range<usize>, format: Format) {
        let is_plain = !format.bold && !format.italic && format.link.is_none();
        if range.is_empty() || is_plain {
            return;
        }
        match self.formats.last_mut() {
            Some(last) if last.to == range.start && last.format() == format => last.to = range.end,
            _ => {
                let Format { bold, italic, link, .. } = format;
                self.formats.push(FormatRange { from: range.start, to: range.end, bold, italic, link });
            }
        }
    }
}

impl From<String> for FormattedText {
    fn from(text: String) -> Self {
        Self { text, formats: Vec::new() }
    }
}

impl From<&str> for FormattedText {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}
