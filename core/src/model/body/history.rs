//! Finds where the quoted mail history begins. Mail programs put the message that is answered below the answer. The thread has
//! that message already, so it is folded.
//!
//! Nothing is folded that has an answer below it: whoever answers between the lines wants both to be read.

use super::block::Block;

/// The longest line that introduces a quote, in bytes: a date, a name and an address.
const LONGEST_INTRODUCTION: usize = 400;

/// What mail programs write above the header of the message that is answered, between dashes and in small letters.
const SEPARATORS: [&str; 5] = [
    "original message",
    "original appointment",
    "ursprüngliche nachricht",
    "mensaje original",
    "ursprünglicher termin",
];

/// What a mail program writes before a quote: "On 5 March, Ada Lovelace wrote:".
const INTRODUCTIONS: [&str; 6] = ["wrote:", "schrieb", "escribió:", "escribio:", "writes:", "geschrieben:"];

/// The index of the block with which the history begins; `None` if there is none, or nothing above it.
pub(super) fn find(blocks: &[Block]) -> Option<usize> {
    let separator = blocks.iter().position(|block| is_separator(first_line(block)));
    let quote = blocks.iter().rposition(|block| block.quotes == 0).map(|last| {
        // The quote at the end, with the line that introduces it.
        if is_introduction(&blocks[last].text()) { last } else { last + 1 }
    });
    [separator, quote].into_iter().flatten().filter(|at| *at > 0 && *at < blocks.len()).min()
}

fn first_line(block: &Block) -> &str {
    block.spans.first().and_then(|span| span.text.lines().next()).unwrap_or_default().trim()
}

/// Whether a line stands above the header of the message that is answered.
pub(super) fn is_separator(line: &str) -> bool {
    let inner = line.trim_matches(|c: char| c == '-' || c == '_' || c.is_whitespace());
    if inner.is_empty() {
        // Outlook draws a line.
        return line.len() >= 20 && line.bytes().all(|byte| byte == b'_');
    }
    line.starts_with("--") && inner.len() < 60 && SEPARATORS.contains(&inner.to_lowercase().as_str())
}

/// Whether a text introduces a quote. A name and an address may have broken it into several lines.
pub(super) fn is_introduction(text: &str) -> bool {
    let text = text.trim();
    text.len() <= LONGEST_INTRODUCTION
        && text.ends_with(':')
        && text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@')
        && INTRODUCTIONS.iter().any(|word| text.contains(word))
}

/// Whether a text begins a message that was passed on.
#[must_use]
pub fn is_forward_line(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default().trim().to_lowercase();
    line.starts_with("---") && ["forward", "weitergeleitet", "reenviado"].iter().any(|word| line.contains(word))
}
