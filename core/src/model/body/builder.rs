//! How a converter builds a text and its structure together.

use super::reading;
use super::structure::{Format, Marked, Place, Standing, Structure};

/// A message with more blocks than this goes on in its last one, without a structure of its own.
const MAX_BLOCKS: usize = 1_000;
/// Text after this many spans of a message is plain.
const MAX_SPANS: usize = 4_000;

/// Builds a text and its structure together. A converter opens blocks, and writes into the one that is open.
#[derive(Debug, Default)]
pub struct StructureBuilder {
    text: String,
    structure: Structure,
    /// Where the text ended before the block that is open; `None` if none is.
    open: Option<usize>,
    spans: usize,
}

impl StructureBuilder {
    /// Whether a block is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// How many blocks there are, with the open one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.structure.blocks.len()
    }

    /// The text of the open block so far.
    #[must_use]
    pub fn open_text(&self) -> &str {
        let last = self.structure.blocks.last().filter(|_| self.open.is_some());
        last.and_then(|place| self.text.get(place.from..)).unwrap_or_default()
    }

    /// Opens a block.
    pub fn open(&mut self, standing: Standing) {
        self.close();
        let before = self.text.len();
        let is_item = standing.marker.is_some() && standing.lists > 0;
        let separator = if before == 0 {
            ""
        } else if is_item && self.structure.blocks.last().is_some_and(|last| last.lists > 0) {
            "\n"
        } else {
            "\n\n"
        };
        self.text.push_str(separator);
        let takes_more = |last: &Place| last.picture.is_none();
        if self.structure.blocks.len() >= MAX_BLOCKS && self.structure.blocks.last().is_some_and(takes_more) {
            // The rest stands in the last block.
            self.open = Some(before);
            return;
        }
        let mut place = Place::at(0, standing);
        if let Some(number) = place.marker {
            let indent = usize::from(place.lists.saturating_sub(1)) * 2;
            let mark = if number == 0 { "-".to_owned() } else { format!("{number}.") };
            self.text.extend([&*" ".repeat(indent), &mark, " "]);
        }
        (place.from, place.to) = (self.text.len(), self.text.len());
        self.structure.blocks.push(place);
        self.open = Some(before);
    }

    /// Adds a picture in a block of its own.
    pub fn picture(&mut self, standing: Standing, attachment: u32) {
        self.close();
        if self.structure.blocks.len() < MAX_BLOCKS {
            let at = self.text.len();
            self.structure.blocks.push(Place { picture: Some(attachment), ..Place::at(at, standing) });
        }
    }

    /// Writes into the open block.
    pub fn write(&mut self, text: &str, format: &Format) {
        let from = self.text.len();
        self.text.push_str(text);
        let to = self.text.len();
        let is_full = self.structure.blocks.len() >= MAX_BLOCKS;
        let Some(last) = self.structure.blocks.last_mut() else { return };
        let looks = format.looks();
        if looks == 0 && format.link.is_none() || from == to || is_full {
            return;
        }
        match last.spans.last_mut() {
            Some(span) if span.to == from && span.looks == looks && span.link == format.link => span.to = to,
            _ if self.spans < MAX_SPANS => {
                self.spans += 1;
                last.spans.push(Marked { from, to, looks, link: format.link.clone() });
            }
            _ => {}
        }
    }

    /// Removes what the open block ends with, from its byte `keep` on.
    pub fn cut(&mut self, keep: usize) {
        let Some(last) = self.structure.blocks.last_mut().filter(|_| self.open.is_some()) else { return };
        let end = last.from + keep;
        self.text.truncate(end);
        while last.spans.pop_if(|span| span.from >= end).is_some() {}
        if let Some(span) = last.spans.last_mut() {
            span.to = span.to.min(end);
        }
    }

    /// Closes the open block, without the white space at its end. A block without a text is removed, and true is
    /// returned.
    pub fn close(&mut self) -> bool {
        let Some(before) = self.open else { return false };
        let kept = self.open_text().trim_end().len();
        self.cut(kept);
        self.open = None;
        let Some(last) = self.structure.blocks.last_mut() else { return false };
        last.to = self.text.len();
        let is_empty = last.from == last.to;
        if is_empty {
            self.structure.blocks.pop();
            self.text.truncate(before);
        }
        is_empty
    }

    /// The quoted mail history begins with the block that has this index; `None` if there is none.
    pub fn set_history(&mut self, at: Option<usize>) {
        self.structure.history = at;
    }

    /// The text of a block that is closed.
    #[must_use]
    pub fn text_of(&self, block: usize) -> &str {
        self.structure.blocks.get(block).and_then(|place| self.text.get(place.from..place.to)).unwrap_or_default()
    }

    /// The text and its structure. `None` for the structure if the text says the same without it.
    #[must_use]
    pub fn finish(mut self) -> (String, Option<Structure>) {
        self.close();
        let (text, structure) = (self.text, self.structure);
        let is_marked = |place: &Place| {
            let stands_apart = place.code || place.picture.is_some() || place.quotes > 0 || place.lists > 0;
            stands_apart || place.spans.iter().any(|span| span.looks != 0)
        };
        // An address is a link in a plain text, too. Whether it is found there depends on the letters beside it.
        let is_structured = structure.history.is_some()
            || structure.blocks.iter().any(is_marked)
            || structure.blocks.iter().any(|place| !place.spans.is_empty())
                && reading::blocks(&text, Some(&structure)) != reading::blocks(&text, None);
        (text, is_structured.then_some(structure))
    }
}
