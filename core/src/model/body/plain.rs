//! Finds the blocks of a text that has no structure: its paragraphs, and the lines that a mail program has quoted (`>`).
//!
//! A paragraph of an HTML message is read by the same rules if it stands in no quote and no list. Many servers wrap a plain
//! mail in HTML and keep its `>`. One bold word in such a mail does not change what the other lines are.

use std::ops::Range;

use super::block::{Block, BlockKind, Span};
use super::history::{is_introduction, is_separator};
use super::links;

/// Text after this many blocks stands in the last one.
const MAX_BLOCKS: usize = 1_000;
/// The most quotes that are told apart.
const MAX_QUOTES: u8 = 8;

/// The blocks of a plain text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    add(&mut blocks, paragraph(vec![Span { text: text.to_owned(), ..Span::default() }]));
    blocks
}

fn paragraph(spans: Vec<Span>) -> Block {
    Block { kind: BlockKind::Paragraph, quotes: 0, lists: 0, marker: None, spans }
}

/// Adds a block. A paragraph becomes several, if it has empty lines, or lines with the marks of quotes.
pub(super) fn add(blocks: &mut Vec<Block>, block: Block) {
    if block.kind != BlockKind::Paragraph || block.quotes > 0 || block.lists > 0 {
        push(blocks, block);
        return;
    }
    let text = block.text();
    let mut cutter = Cutter { spans: &block.spans, start: 0 };
    let (mut quotes, mut lines, mut at) = (0, Vec::new(), 0);
    for line in text.split('\n') {
        let (in_quotes, content) = quoted(line);
        let from = at + line.len() - content.len();
        let is_new = in_quotes != quotes
            // What is below belongs to the history, and what is above does not.
            || in_quotes == 0 && (is_separator(content.trim()) || is_introduction(content));
        let is_empty = content.trim().is_empty();
        if is_new || is_empty {
            push(blocks, Block { quotes, ..paragraph(cutter.cut(&text, &std::mem::take(&mut lines))) });
        }
        if !is_empty {
            quotes = in_quotes;
            lines.push(Line { start: at, content: from..from + content.trim_end().len() });
        }
        at += line.len() + 1;
    }
    push(blocks, Block { quotes, ..paragraph(cutter.cut(&text, &lines)) });
}

/// Adds a block as it is, or its text to the last one.
fn push(blocks: &mut Vec<Block>, block: Block) {
    if block.kind == BlockKind::Paragraph && block.spans.is_empty() {
        return;
    }
    if blocks.len() < MAX_BLOCKS {
        blocks.push(block);
    } else if let Some(span) = blocks.last_mut().and_then(|last| last.spans.last_mut()) {
        span.text.push_str("\n\n");
        span.text.push_str(&block.text());
    }
}

/// A line of a paragraph: where it begins, and what it says without the marks of a quote.
struct Line {
    start: usize,
    content: Range<usize>,
}

/// Cuts lines out of spans, from the first line to the last, so that every span is looked at once.
struct Cutter<'a> {
    /// The spans that are not cut yet.
    spans: &'a [Span],
    /// Where the first of them stands in the text.
    start: usize,
}

impl Cutter<'_> {
    /// These lines, with the breaks between them.
    fn cut(&mut self, text: &str, lines: &[Line]) -> Vec<Span> {
        let mut cut = Vec::new();
        for (at, Line { start, content }) in lines.iter().enumerate() {
            if at > 0 {
                self.take(start.saturating_sub(1)..*start, &mut cut);
                self.take(content.clone(), &mut cut);
            } else {
                let line = text.get(content.clone()).unwrap_or_default();
                self.take(content.end - without_indent(line).len()..content.end, &mut cut);
            }
        }
        for span in &mut cut {
            if let Some(link) = &mut span.link {
                link.differs = links::differs(&span.text, &link.address);
            }
        }
        cut
    }

    fn take(&mut self, range: Range<usize>, cut: &mut Vec<Span>) {
        while let Some((span, rest)) = self.spans.split_first() {
            let end = self.start + span.text.len();
            let (from, to) = (range.start.max(self.start), range.end.min(end));
            let text = span.text.get(from.saturating_sub(self.start)..to.saturating_sub(self.start));
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                match cut.last_mut() {
                    Some(last) if last.looks_like(span) => last.text.push_str(text),
                    _ => cut.push(span.with_text(text)),
                }
            }
            if end > range.end {
                return;
            }
            (self.spans, self.start) = (rest, end);
        }
    }
}

/// In how many quotes a line stands, and the line without its marks. `> 5` is a comparison and no quote.
fn quoted(line: &str) -> (u8, &str) {
    let (mut quotes, mut rest) = (0_u8, without_indent(line));
    while let Some(inner) = rest.strip_prefix('>') {
        quotes = quotes.saturating_add(1);
        rest = inner.trim_start();
    }
    if quotes == 0 || rest.starts_with(|c: char| c.is_ascii_digit()) {
        return (0, line);
    }
    (quotes.min(MAX_QUOTES), rest)
}

/// A line without the space before it, if that means nothing. Spaces indent a line of a log; mails begin with other ones.
fn without_indent(line: &str) -> &str {
    let shown = line.trim_start();
    let is_indented = line.get(..line.len() - shown.len()).is_some_and(str::is_ascii);
    if is_indented { line } else { shown }
}
