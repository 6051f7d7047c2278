//! Excerpts: what a screen shows of a text in which something was found.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::question::{Hit, Question};
use super::segment::tokens;
use crate::model::Segment;

/// How many characters an excerpt has, as people count them.
const LENGTH: usize = 160;
/// How many of them stand before what was found.
const BEFORE: usize = 40;
/// Within how many characters of its ends an excerpt is cut between words rather than in one.
const WORD: usize = 20;

impl Question {
    /// A whole text, with what was found.
    #[must_use]
    pub fn marked(&self, text: &str) -> Vec<Segment> {
        let mut excerpt = Excerpt::default();
        for (part, hit) in pieces(text, 0..text.len(), &merged(&self.hits(&tokens(text)))) {
            excerpt.push(part, hit);
        }
        excerpt.0
    }

    /// About 160 characters of a text on one line, around the first of the places where most of the terms are. If none was found,
    /// the beginning. An ellipsis stands where the text goes on.
    #[must_use]
    pub fn excerpt(&self, text: &str) -> Vec<Segment> {
        let hits = self.hits(&tokens(text));
        let window = window(text, best(text, &hits, self.terms.len()));
        let mut excerpt = Excerpt::default();
        for (part, hit) in pieces(text, window.clone(), &merged(&hits)) {
            for c in part.chars() {
                if c.is_whitespace() {
                    excerpt.space(hit);
                } else if !c.is_control() && !changes_direction(c) {
                    excerpt.push(c.encode_utf8(&mut [0; 4]), hit);
                }
            }
        }
        excerpt.trim_end();
        if !text[..window.start].trim().is_empty() {
            excerpt.begin("…");
        }
        if !text[window.end..].trim().is_empty() {
            excerpt.push("…", false);
        }
        excerpt.0
    }
}

/// Whether `c` changes the direction of what follows, maybe of what does not belong to the excerpt.
fn changes_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The place around which most is found: most of the terms, and then most often. The first one, if there are several.
fn best(text: &str, hits: &[Hit], terms: usize) -> Option<Range<usize>> {
    // The numbers of the characters at which the hits begin and end; code points, because this need not be exact.
    let mut numbers = Vec::with_capacity(hits.len());
    let (mut at, mut number) = (0, 0);
    for hit in hits {
        number += text[at..hit.range.start].chars().count();
        at = hit.range.start;
        numbers.push(number..number + text[hit.range.clone()].chars().count());
    }
    let mut best: Option<((usize, usize), Range<usize>)> = None;
    let (mut counts, mut different, mut end) = (vec![0_usize; terms], 0, 0);
    for (first, hit) in hits.iter().enumerate() {
        while end < hits.len() && (end <= first || numbers[end].end <= numbers[first].start + LENGTH - BEFORE) {
            different += usize::from(counts[hits[end].term] == 0);
            counts[hits[end].term] += 1;
            end += 1;
        }
        let score = (different, end - first);
        if best.as_ref().is_none_or(|(highest, _)| score > *highest) {
            let last = hits[first..end].iter().map(|hit| hit.range.end).max().unwrap_or(hit.range.end);
            best = Some((score, hit.range.start..last));
        }
        counts[hit.term] -= 1;
        different -= usize::from(counts[hit.term] == 0);
    }
    best.map(|(_, range)| range)
}

/// What is shown of a text, around `focus`.
fn window(text: &str, focus: Option<Range<usize>>) -> Range<usize> {
    let focus = focus.unwrap_or(0..0);
    let mut start = back(text, focus.start, BEFORE);
    let end = forward(text, start, LENGTH);
    if end == text.len() {
        start = back(text, end, LENGTH).min(start);
    }
    let mut window = start..end;
    if start > 0 {
        let latest = forward(text, start, WORD).min(focus.start);
        let word = text[start..latest].find(char::is_whitespace).map(|at| start + at);
        window.start = word.unwrap_or(start);
    }
    if end < text.len() {
        let earliest = back(text, end, WORD).max(focus.end.min(end)).max(window.start);
        window.end = text[earliest..end].rfind(char::is_whitespace).map_or(end, |at| earliest + at);
    }
    window
}

/// The boundary `characters` before the boundary `at`.
fn back(text: &str, at: usize, characters: usize) -> usize {
    text[..at].grapheme_indices(true).rev().take(characters).last().map_or(at, |(start, _)| start)
}

/// The boundary `characters` after the boundary `at`.
fn forward(text: &str, at: usize, characters: usize) -> usize {
    text[at..].grapheme_indices(true).nth(characters).map_or(text.len(), |(start, _)| at + start)
}

/// The places where something was found, in order and without overlaps.
fn merged(hits: &[Hit]) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for hit in hits {
        match merged.last_mut().filter(|last| hit.range.start <= last.end) {
            Some(last) => last.end = last.end.max(hit.range.end),
            None => merged.push(hit.range.clone()),
        }
    }
    merged
}

/// The parts of a stretch of a text, and whether each was found.
fn pieces<'t>(text: &'t str, stretch: Range<usize>, found: &[Range<usize>]) -> Vec<(&'t str, bool)> {
    let mut pieces = Vec::new();
    let mut at = stretch.start;
    for range in found {
        let (start, end) = (range.start.clamp(at, stretch.end), range.end.clamp(at, stretch.end));
        if start < end {
            pieces.push((&text[at..start], false));
            pieces.push((&text[start..end], true));
            at = end;
        }
    }
    pieces.push((&text[at..stretch.end], false));
    pieces
}

/// An excerpt in the making: no part is empty, and no two that follow each other are of the same kind.
#[derive(Default)]
struct Excerpt(Vec<Segment>);

impl Excerpt {
    fn push(&mut self, text: &str, hit: bool) {
        match self.0.last_mut().filter(|last| last.hit == hit) {
            Some(last) => last.text.push_str(text),
            None if text.is_empty() => {}
            None => self.0.push(Segment { text: text.to_owned(), hit }),
        }
    }

    /// A space, unless one is there or nothing is.
    fn space(&mut self, hit: bool) {
        if self.0.last().is_some_and(|last| !last.text.ends_with(' ')) {
            self.push(" ", hit);
        }
    }

    fn trim_end(&mut self) {
        while let Some(last) = self.0.last_mut() {
            let end = last.text.trim_end().len();
            last.text.truncate(end);
            if !last.text.is_empty() {
                break;
            }
            self.0.pop();
        }
    }

    fn begin(&mut self, text: &str) {
        match self.0.first_mut().filter(|first| !first.hit) {
            Some(first) => first.text.insert_str(0, text),
            None => self.0.insert(0, Segment { text: text.to_owned(), hit: false }),
        }
    }
}
