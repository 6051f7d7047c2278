//! The structure as it is stored beside the text, and how a converter builds the two together.

use serde::{Deserialize, Serialize};

use super::block::{Block, BlockKind, Link, Marker, Span};
use super::links;

/// A message with more blocks than this goes on in its last one, without a structure of its own.
const MAX_BLOCKS: usize = 1_000;
/// Text after this many spans of a message is plain.
const MAX_SPANS: usize = 4_000;
/// The most quotes and lists that are told apart around a block.
const MAX_DEPTH: u8 = 8;

/// Which parts of a message's text are what. It is stored as JSON with short keys, and holds no text but the addresses of
/// links: places are bytes of the text that stands beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Structure {
    #[serde(rename = "b")]
    blocks: Vec<Place>,
    /// The block with which the quoted mail history begins.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    history: Option<usize>,
}

/// A block: where its text is, and what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    #[serde(rename = "f")]
    from: usize,
    #[serde(rename = "t")]
    to: usize,
    #[serde(rename = "c", default, skip_serializing_if = "is_false")]
    code: bool,
    /// The index of the attachment that is shown here.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    picture: Option<u32>,
    #[serde(rename = "q", default, skip_serializing_if = "is_none")]
    quotes: u8,
    #[serde(rename = "l", default, skip_serializing_if = "is_none")]
    lists: u8,
    /// 0 for a bullet, or the number.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    marker: Option<u32>,
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    spans: Vec<Marked>,
}

/// A run of a block's text that does not look like the text around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Marked {
    #[serde(rename = "f")]
    from: usize,
    #[serde(rename = "t")]
    to: usize,
    /// The sum of [`Format::BOLD`], [`Format::ITALIC`] and [`Format::CODE`].
    #[serde(rename = "x", default, skip_serializing_if = "is_none")]
    looks: u8,
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_none(value: &u8) -> bool {
    *value == 0
}

/// How a run of text looks, and where it leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Format {
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Code.
    pub code: bool,
    /// A link that [`safe_link`](super::safe_link) gave.
    pub link: Option<String>,
}

impl Format {
    const BOLD: u8 = 1;
    const ITALIC: u8 = 2;
    const CODE: u8 = 4;

    fn looks(&self) -> u8 {
        let one = |is: bool, bit: u8| if is { bit } else { 0 };
        one(self.bold, Self::BOLD) + one(self.italic, Self::ITALIC) + one(self.code, Self::CODE)
    }
}

/// A part of a text that is bold, italic or a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatRange {
    /// The first byte.
    pub from: usize,
    /// The byte after the last.
    pub to: usize,
    /// Whether it is bold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bold: bool,
    /// Whether it is italic.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub italic: bool,
    /// The address that it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl FormatRange {
    /// How it looks.
    #[must_use]
    pub fn format(&self) -> Format {
        Format { bold: self.bold, italic: self.italic, code: false, link: self.link.clone() }
    }
}

impl Structure {
    /// The structure that was stored as this JSON; `None` if a later version wrote it in a way that this one does not know.
    #[must_use]
    pub fn of_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Whether this is a structure of that text.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.blocks(text).is_some()
    }

    /// The parts of the text that are bold, italic or a link.
    #[must_use]
    pub fn formats(&self) -> Vec<FormatRange> {
        let marked = self.blocks.iter().flat_map(|place| &place.spans);
        let format = |span: &Marked| FormatRange {
            from: span.from,
            to: span.to,
            bold: span.looks & Format::BOLD != 0,
            italic: span.looks & Format::ITALIC != 0,
            link: span.link.clone(),
        };
        marked.map(format).collect()
    }

    /// The structure of the first `bytes` bytes of its text.
    pub fn cut(&mut self, bytes: usize) {
        self.blocks.retain(|place| place.from < bytes);
        for place in &mut self.blocks {
            place.to = place.to.min(bytes);
            place.spans.retain(|span| span.from < bytes);
            for span in &mut place.spans {
                span.to = span.to.min(bytes);
            }
        }
    }

    /// The blocks of this text, and the one with which the history begins; `None` if this is not the structure of that text.
    pub(super) fn blocks(&self, text: &str) -> Option<(Vec<Block>, Option<usize>)> {
        let mut end = 0;
        let mut blocks = Vec::with_capacity(self.blocks.len());
        for place in &self.blocks {
            let spans = if place.from < end { None } else { place.spans(text) }?;
            end = place.to;
            blocks.push(Block {
                kind: match place.picture {
                    Some(index) => BlockKind::Picture(index),
                    None if place.code => BlockKind::Code,
                    None => BlockKind::Paragraph,
                },
                quotes: place.quotes.min(MAX_DEPTH),
                lists: place.lists.min(MAX_DEPTH),
                marker: place.marker.map(|number| if number == 0 { Marker::Bullet } else { Marker::Number(number) }),
                spans,
            });
        }
        Some((blocks, self.history.filter(|at| *at > 0 && *at < self.blocks.len())))
    }
}

impl Place {
    /// A block without a text, at this place.
    fn at(at: usize, standing: Standing) -> Self {
        let depth = |depth: usize| u8::try_from(depth).unwrap_or(u8::MAX).min(MAX_DEPTH);
        let marker = standing.marker.filter(|_| standing.lists > 0).map(|marker| match marker {
            Marker::Bullet => 0,
            Marker::Number(number) => number,
        });
        let (quotes, lists) = (depth(standing.quotes), depth(standing.lists));
        Self { from: at, to: at, code: standing.code, quotes, lists, marker, ..Self::default() }
    }

    fn spans(&self, text: &str) -> Option<Vec<Span>> {
        let mut spans = Vec::with_capacity(self.spans.len() * 2 + 1);
        let mut at = self.from;
        let plain =
            |from: usize, to: usize| text.get(from..to).map(|text| Span { text: text.to_owned(), ..Span::default() });
        for marked in &self.spans {
            if marked.from > at {
                spans.push(plain(at, marked.from)?);
            }
            let link = marked.link.as_deref().and_then(links::safe_link);
            let span = plain(marked.from.max(at), marked.to)?;
            let is = |bit: u8| marked.looks & bit != 0;
            let link = link.map(|address| Link { differs: links::differs(&span.text, &address), address });
            spans.push(Span {
                bold: is(Format::BOLD),
                italic: is(Format::ITALIC),
                code: is(Format::CODE),
                link,
                ..span
            });
            at = marked.to;
        }
        if at > self.to {
            return None;
        }
        if at < self.to {
            spans.push(plain(at, self.to)?);
        }
        Some(spans)
    }
}

/// Where a block stands, and what it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether its spaces count.
    pub code: bool,
    /// In how many quotes it stands.
    pub quotes: usize,
    /// In how many lists it stands.
    pub lists: usize,
    /// The mark before it.
    pub marker: Option<Marker>,
}

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

    /// Closes the open block. White space at its end is removed; a block without a text is, too, and true is the answer.
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

    /// The quoted mail history begins with the next block; with `None`, there is none.
    pub fn set_history(&mut self, at: Option<usize>) {
        self.structure.history = at;
    }

    /// The text of a block that is closed.
    #[must_use]
    pub fn text_of(&self, block: usize) -> &str {
        self.structure.blocks.get(block).and_then(|place| self.text.get(place.from..place.to)).unwrap_or_default()
    }

    /// The text and its structure. `None` for the structure if a plain text says the same.
    #[must_use]
    pub fn finish(mut self) -> (String, Option<Structure>) {
        self.close();
        let text = self.text;
        let says_more = |place: &Place| {
            let is_address =
                |span: &Marked| span.looks == 0 && links::is_found(text.get(span.from..span.to), span.link.as_deref());
            place.code
                || place.picture.is_some()
                || place.quotes > 0
                || place.lists > 0
                || !place.spans.iter().all(is_address)
        };
        let is_structured = self.structure.history.is_some() || self.structure.blocks.iter().any(says_more);
        (text, is_structured.then_some(self.structure))
    }
}
