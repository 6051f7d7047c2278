//! Lists: lines that begin with a mark.

use std::ops::Range;

use super::text::{Edited, FormattedText, ListKind};
use crate::model::body::{Format, Marker, Standing, Structure, StructureBuilder};

/// Two spaces before a mark are one list deeper.
const INDENT: usize = 2;
/// A longer number is a year, or a case's, and none of a list.
const MAX_DIGITS: usize = 3;

/// The mark with which a line begins.
pub(super) struct Item {
    /// How many bytes the mark takes, with the spaces around it.
    pub len: usize,
    indent: usize,
    marker: Marker,
}

impl Item {
    fn kind(&self) -> ListKind {
        match self.marker {
            Marker::Bullet => ListKind::Bullets,
            Marker::Number(_) => ListKind::Numbers,
        }
    }

    /// The mark of the item below it.
    pub(super) fn next(&self) -> String {
        let indent = " ".repeat(self.indent);
        match self.marker {
            Marker::Bullet => format!("{indent}- "),
            Marker::Number(number) => format!("{indent}{}. ", number.saturating_add(1)),
        }
    }
}

/// The mark of a line; `None` if it is no item.
pub(super) fn item(line: &str) -> Option<Item> {
    let rest = line.trim_start_matches(' ');
    let indent = line.len() - rest.len();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (marker, mark) = if digits == 0 {
        let mark = rest.chars().next().filter(|c| matches!(c, '-' | '*' | '•'))?;
        (Marker::Bullet, mark.len_utf8())
    } else {
        rest[digits..].starts_with(['.', ')']).then_some(())?;
        let number = rest.get(..digits).filter(|_| digits <= MAX_DIGITS)?;
        (Marker::Number(number.parse().ok().filter(|number| *number > 0)?), digits + 1)
    };
    rest[mark..].starts_with(' ').then_some(Item { len: indent + mark + 1, indent, marker })
}

/// The line that a place stands in, without its line break.
pub(super) fn line_at(text: &str, place: usize) -> Range<usize> {
    let start = text[..place].rfind('\n').map_or(0, |at| at + 1);
    let end = text[place..].find('\n').map_or(text.len(), |at| place + at);
    start..end
}

/// A part of a line with one space in place of several, as a page shows them. `after_space`: whether it stands behind one.
fn as_a_page_shows(part: &str, after_space: &mut bool) -> String {
    let shown = part.chars().filter_map(|c| {
        let is_space = matches!(c, ' ' | '\t' | '\r');
        let is_shown = !(is_space && *after_space);
        *after_space = is_space;
        is_shown.then_some(if is_space { ' ' } else { c })
    });
    shown.collect()
}

impl FormattedText {
    /// Makes the lines of the selection items of a list. If they all are, they are lines again.
    #[must_use]
    pub fn listed(&self, selection: Range<usize>, kind: ListKind) -> Edited {
        let mut selection = self.inside(selection);
        let is_list = self.list_of(selection.clone()) == Some(kind);
        let (mut text, mut number) = (self.clone(), 0);
        let mut line = line_at(&text.text, selection.start);
        loop {
            let content = &text.text[line.clone()];
            let is_only = line.start <= selection.start && line.end >= selection.end;
            if !content.trim().is_empty() || is_only {
                let old = item(content).map_or(0, |item| item.len);
                number += 1;
                let mark = match kind {
                    _ if is_list => String::new(),
                    ListKind::Bullets => "- ".to_owned(),
                    ListKind::Numbers => format!("{number}. "),
                };
                text = text.spliced(line.start..line.start + old, &mark);
                let moved = |place: usize| {
                    if place < line.start { place } else { (place + mark.len()).saturating_sub(old).max(line.start) }
                };
                selection = moved(selection.start)..moved(selection.end);
                line.end = line.end + mark.len() - old;
            }
            if line.end >= selection.end {
                return Edited { text, selection };
            }
            line = line_at(&text.text, line.end + 1);
        }
    }

    /// The list that all lines of a selection are items of.
    pub(super) fn list_of(&self, selection: Range<usize>) -> Option<ListKind> {
        let lines = line_at(&self.text, selection.start).start..line_at(&self.text, selection.end).end;
        let mut kinds = self.text[lines]
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| item(line).map(|item| item.kind()));
        let first = kinds.next()??;
        kinds.all(|kind| kind == Some(first)).then_some(first)
    }

    /// The text and the structure of the message that it becomes. Without a format and a list there is no structure, and the
    /// text stays as it was typed.
    #[must_use]
    pub fn structured(&self) -> (String, Option<Structure>) {
        let written = self.trimmed();
        let mut builder = StructureBuilder::default();
        written.build(&mut builder);
        match builder.finish() {
            (text, Some(structure)) => (text, Some(structure)),
            (_, None) => (written.text, None),
        }
    }

    /// Writes the message that the text becomes.
    fn build(&self, builder: &mut StructureBuilder) {
        let (mut at, mut is_paragraph) = (0, false);
        for line in self.text.split('\n') {
            let start = at;
            at += line.len() + 1;
            let found = item(line);
            let is_item = found.is_some();
            let content = start + found.as_ref().map_or(0, |item| item.len)..start + line.trim_end().len();
            if line.trim().is_empty() || content.start >= content.end {
                builder.close();
                is_paragraph = false;
                continue;
            }
            match found {
                Some(item) => {
                    let lists = item.indent / INDENT + 1;
                    builder.open(Standing { lists, marker: Some(item.marker), ..Standing::default() });
                }
                None if is_paragraph => builder.write("\n", &Format::default()),
                None => builder.open(Standing::default()),
            }
            is_paragraph = !is_item;
            let mut after_space = true;
            for (piece, format) in self.pieces(content) {
                let part = as_a_page_shows(&self.text[piece], &mut after_space);
                // A link without a text would be shown as its address.
                let link = format.link.filter(|_| !part.trim().is_empty());
                builder.write(&part, &Format { link, ..format });
            }
        }
        builder.close();
    }
}
