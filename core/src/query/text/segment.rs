//! Cutting a text into tokens.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::fold::{fold, is_invisible, is_unspaced};

/// A longer word is cut, in documents and in questions alike.
const LONGEST: usize = 64;

/// How a token was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A word between spaces or punctuation marks.
    Word,
    /// Two neighbouring characters of a script without spaces.
    Pair,
    /// The last character of a run of such characters.
    Last,
}

/// A token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is, folded. It is never empty, and has neither spaces nor quotes.
    pub text: String,
    /// Where it stands in the original text, in bytes.
    pub range: Range<usize>,
    /// Where its first character ends, if it is a [`Pair`](TokenKind::Pair). Otherwise where it ends itself.
    pub head: usize,
    /// How it was cut.
    pub kind: TokenKind,
}

/// The tokens of a text, in order. Those of pairs overlap.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut cutter = Cutter { found: Vec::new(), open: Open::Nothing };
    let mut at = 0;
    while let Some(cluster) = next_cluster(text, at).map(without_punctuation) {
        let range = at..at + cluster.len();
        at = range.end;
        match cluster.chars().find(|c| !is_invisible(*c)) {
            None => {}
            Some('+' | '#') if cluster.len() == 1 => at = cutter.suffix(text, range.start),
            Some(c) if !c.is_alphanumeric() => cutter.close(),
            Some(c) if is_unspaced(c) => cutter.character(cluster, range),
            Some(c) => cutter.letter(cluster, range, c.is_alphabetic()),
        }
    }
    cutter.close();
    cutter.found
}

/// The grapheme cluster that begins at a boundary between two.
fn next_cluster(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    match rest.as_bytes() {
        // No mark follows an ASCII character before another one. A line break of two characters divides words all the same.
        [first, second, ..] if first.is_ascii() && second.is_ascii() => rest.get(..1),
        _ => rest.graphemes(true).next(),
    }
}

/// A cluster without what divides words. In some scripts a letter can take a punctuation mark into its cluster.
fn without_punctuation(cluster: &str) -> &str {
    let is_of_a_word = |c: char| c.is_alphanumeric() || is_combining_mark(c) || is_invisible(c);
    if cluster.len() == 1 || !cluster.starts_with(is_of_a_word) {
        return cluster;
    }
    cluster.find(|c| !is_of_a_word(c)).map_or(cluster, |end| &cluster[..end])
}

/// What the next cluster may continue.
enum Open {
    Nothing,
    Word {
        token: Token,
        length: usize,
        ends_in_letter: bool,
    },
    /// The last character of a run, which began a pair.
    Run {
        folded: String,
        range: Range<usize>,
    },
}

struct Cutter {
    found: Vec<Token>,
    open: Open,
}

impl Cutter {
    /// Ends what is open.
    fn close(&mut self) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Word { token, .. } => self.found.push(token),
            Open::Run { folded, range } => {
                self.found.push(Token { text: folded, head: range.end, range, kind: TokenKind::Last });
            }
            Open::Nothing => {}
        }
    }

    /// A character of a script without spaces.
    fn character(&mut self, cluster: &str, range: Range<usize>) {
        let mut folded = String::new();
        fold(cluster, &mut folded);
        cut(&mut folded);
        if folded.is_empty() {
            return;
        }
        if let Open::Run { folded: before, range: first } = &self.open {
            let mut text = format!("{before}{folded}");
            cut(&mut text);
            let (head, range) = (first.end, first.start..range.end);
            self.found.push(Token { text, range, head, kind: TokenKind::Pair });
        } else {
            self.close();
        }
        self.open = Open::Run { folded, range };
    }

    /// A letter or a digit of a word.
    fn letter(&mut self, cluster: &str, range: Range<usize>, is_letter: bool) {
        if !matches!(self.open, Open::Word { .. }) {
            self.close();
            let token = Token { text: String::new(), range: range.start..range.start, head: 0, kind: TokenKind::Word };
            self.open = Open::Word { token, length: 0, ends_in_letter: is_letter };
        }
        let Open::Word { token, length, ends_in_letter } = &mut self.open else { return };
        (token.range.end, token.head) = (range.end, range.end);
        *ends_in_letter = is_letter;
        if *length >= LONGEST {
            return;
        }
        let before = token.text.len();
        fold(cluster, &mut token.text);
        let added = token.text.get(before..).unwrap_or_default().chars().count();
        *length += added;
        if *length > LONGEST {
            cut(&mut token.text);
        }
        if token.text.is_empty() {
            self.open = Open::Nothing;
        }
    }

    /// `+` or `#` at `start`: directly after the last letter of a word it belongs to it, as in C++ and F#. Returns where the text
    /// continues.
    fn suffix(&mut self, text: &str, start: usize) -> usize {
        let is_suffix = |c: char| matches!(c, '+' | '#');
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.find(|c| !is_suffix(c)).unwrap_or(rest.len());
        let (suffix, after) = rest.split_at(end);
        let is_before_letter = after.chars().find(|c| !is_invisible(*c)).is_some_and(char::is_alphabetic);
        if !is_before_letter && let Open::Word { token, length, ends_in_letter: true } = &mut self.open {
            token.text.extend(suffix.chars().take(LONGEST.saturating_sub(*length)));
            token.range.end = start + end;
            token.head = token.range.end;
        }
        self.close();
        start + end
    }
}

/// Cuts a token to its longest length.
fn cut(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
    }
}
