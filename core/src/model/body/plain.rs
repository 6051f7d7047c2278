//! What can be seen in a plain text: its paragraphs, and the lines that a mail program has quoted.

use super::block::{Block, BlockKind, Span};
use super::history::{is_introduction, is_separator};

/// Text after this many blocks stands in the last one.
const MAX_BLOCKS: usize = 1_000;
/// The most quotes that are told apart.
const MAX_QUOTES: u8 = 8;

/// The blocks of a plain text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut found = Paragraphs::default();
    for line in text.lines() {
        let (quotes, line) = quoted(line);
        let is_new = quotes != found.quotes
            // What is below belongs to the history, and what is above does not.
            || quotes == 0 && (is_separator(line.trim()) || is_introduction(line));
        if line.trim().is_empty() {
            found.end();
        } else {
            if is_new {
                found.end();
            }
            found.quotes = quotes;
            found.lines.push(line.trim_end());
        }
    }
    found.end();
    found.blocks
}

#[derive(Default)]
struct Paragraphs<'a> {
    blocks: Vec<Block>,
    quotes: u8,
    lines: Vec<&'a str>,
}

impl Paragraphs<'_> {
    fn end(&mut self) {
        let text = std::mem::take(&mut self.lines).join("\n");
        // Spaces indent a line of a log. Mails begin with others, which mean nothing.
        let text = text.trim_start_matches(|c: char| c.is_whitespace() && !c.is_ascii()).to_owned();
        if text.is_empty() {
            return;
        }
        if self.blocks.len() >= MAX_BLOCKS {
            if let Some(span) = self.blocks.last_mut().and_then(|last| last.spans.last_mut()) {
                span.text.push_str("\n\n");
                span.text.push_str(&text);
            }
            return;
        }
        self.blocks.push(Block {
            kind: BlockKind::Paragraph,
            quotes: self.quotes,
            lists: 0,
            marker: None,
            spans: vec![Span { text, ..Span::default() }],
        });
    }
}

/// In how many quotes a line stands, and the line without its marks. `> 5` is a comparison and no quote.
fn quoted(line: &str) -> (u8, &str) {
    let (mut quotes, mut rest) = (0_u8, line);
    while let Some(inner) = rest.strip_prefix('>') {
        quotes = quotes.saturating_add(1);
        rest = inner.trim_start();
    }
    if quotes == 0 || rest.starts_with(|c: char| c.is_ascii_digit()) {
        return (0, line);
    }
    (quotes.min(MAX_QUOTES), rest)
}
