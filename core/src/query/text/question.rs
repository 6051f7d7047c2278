//! What a user types into a search, and where it stands in a text.

use std::ops::Range;

use super::fold::is_invisible;
use super::segment::{Token, TokenKind, tokens};

/// The most characters of a question that are looked at.
const LONGEST: usize = 1_000;
/// The most terms that are looked for. Nobody types more, and each costs a lookup.
const MOST_TERMS: usize = 32;
/// The most tokens of a term.
const MOST_TOKENS: usize = 64;

/// What is searched for: every term has to be found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// The terms, in the order in which they were typed, each once.
    pub terms: Vec<Term>,
    /// The number of a ticket, if nothing else was typed.
    pub number: Option<i64>,
}

/// Tokens that have to be found one directly after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The tokens, folded.
    tokens: Vec<String>,
    /// The beginning of the last token is enough.
    is_prefix: bool,
}

/// A place in a text where a term was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    /// In bytes.
    pub range: Range<usize>,
    /// Which term.
    pub term: usize,
}

impl Question {
    /// What a user means who has typed `text`: words that all have to be found, and in quotes of any language an exact sequence of
    /// words. A quote that was not closed goes to the end. What is written without a space between it (`foo-bar`, `1.2.3`) is a
    /// sequence as well. The last word may be unfinished. Any text is a question; one without a letter or digit looks for nothing.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end]);
        let mut terms: Vec<Term> = Vec::new();
        let parts = parts(text);
        for (index, part) in parts.iter().enumerate() {
            let found = tokens(part);
            let is_at_end = |last: &Token| part[last.range.end..].chars().all(is_invisible);
            let is_open = index + 1 == parts.len() && found.last().is_some_and(is_at_end);
            if let Some(term) = Term::of(found, is_open)
                && !terms.contains(&term)
                && terms.len() < MOST_TERMS
            {
                terms.push(term);
            }
        }
        let number = number(text, &terms);
        Self { terms, number }
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// An expression of FTS5 that finds where all terms stand in the same document.
    #[must_use]
    pub fn all(&self) -> String {
        self.joined(" AND ")
    }

    /// An expression of FTS5 that finds where any of the terms stands.
    #[must_use]
    pub fn any(&self) -> String {
        self.joined(" OR ")
    }

    fn joined(&self, between: &str) -> String {
        self.terms.iter().map(Term::expression).collect::<Vec<_>>().join(between)
    }

    /// How many of the terms stand in a text.
    #[must_use]
    pub fn terms_in(&self, text: &str) -> usize {
        let found = tokens(text);
        self.terms.iter().filter(|term| term.is_in(&found)).count()
    }

    /// Where each term stands in a text with these tokens, in the order of the text.
    pub(super) fn hits(&self, tokens: &[Token]) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for at in 0..tokens.len() {
            for (term, looked_for) in self.terms.iter().enumerate() {
                hits.extend(looked_for.range_at(tokens, at).map(|range| Hit { range, term }));
            }
        }
        hits
    }
}

impl Term {
    /// `is_open`: nothing follows, so the last word may be unfinished.
    fn of(mut found: Vec<Token>, is_open: bool) -> Option<Self> {
        found.truncate(MOST_TOKENS);
        // In a text, other characters may follow the last one. One character alone is the beginning of a pair, or the last one.
        if let [.., before, last] = found.as_slice()
            && before.kind == TokenKind::Pair
            && last.kind == TokenKind::Last
        {
            found.pop();
        }
        let last = found.last()?;
        let is_prefix = match last.kind {
            TokenKind::Word => is_open,
            TokenKind::Pair => false,
            TokenKind::Last => true,
        };
        Some(Self { tokens: found.into_iter().map(|token| token.text).collect(), is_prefix })
    }

    /// An expression of FTS5 that finds this term. Every token stands in quotes, and no token has a quote, so nothing that a user
    /// types is syntax.
    #[must_use]
    pub fn expression(&self) -> String {
        format!("\"{}\"{}", self.tokens.join(" "), if self.is_prefix { " *" } else { "" })
    }

    /// Whether a text with these tokens has this term.
    #[must_use]
    pub fn is_in(&self, tokens: &[Token]) -> bool {
        (0..tokens.len()).any(|at| self.range_at(tokens, at).is_some())
    }

    /// The place of this term, if it begins with the token at `at`.
    fn range_at(&self, tokens: &[Token], at: usize) -> Option<Range<usize>> {
        let (last, before) = self.tokens.split_last()?;
        let found = tokens.get(at..at.checked_add(self.tokens.len())?)?;
        let (found_last, found_before) = found.split_last()?;
        if !before.iter().zip(found_before).all(|(looked_for, token)| *looked_for == token.text) {
            return None;
        }
        let start = found.first()?.range.start;
        if *last == found_last.text {
            return Some(start..found_last.range.end);
        }
        (self.is_prefix && found_last.text.starts_with(last.as_str())).then_some(start..found_last.head)
    }
}

/// The parts of a text that are looked for: what stands in quotes, and what stands between spaces. The marks that end a sentence
/// or a part of it divide where no spaces are written.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for (index, part) in text.split(is_quote).enumerate() {
        if index % 2 == 1 {
            parts.push(part);
        } else {
            parts.extend(
                part.split(|c: char| c.is_whitespace() || matches!(c, '、' | '。' | '，' | '；' | '！' | '？')),
            );
        }
    }
    parts
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '„' | '“' | '”' | '‟' | '«' | '»' | '＂')
}

/// The number that a text consists of, with or without a number sign.
fn number(text: &str, terms: &[Term]) -> Option<i64> {
    let [Term { tokens, .. }] = terms else { return None };
    let [digits] = tokens.as_slice() else { return None };
    let trimmed = text.trim().trim_start_matches(['#', '＃']);
    let is_number = trimmed.chars().all(char::is_numeric) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}
