//! What the user types.

use std::ops::Range;

use super::lists;
use super::text::{Edited, FormattedText, Look};

/// What changed between two texts: `removed` of the first became `inserted` of the second.
struct Difference {
    removed: Range<usize>,
    inserted: Range<usize>,
}

impl FormattedText {
    /// The text after the user typed. `after` is the whole text of the field then, and `cursor` the place of the cursor in it.
    /// What is not touched keeps its format. What was typed has the looks `look`; with `None`, those of what stands before it
    /// or of what it replaces. Behind a link, nothing leads anywhere.
    ///
    /// A line break at the end of an item begins the next one, and in an item without a text ends the list.
    #[must_use]
    pub fn typed(&self, after: &str, cursor: usize, look: Option<&[Look]>) -> Edited {
        let cursor = after.floor_char_boundary(cursor);
        let Difference { removed, inserted } = difference(&self.text, after, cursor);
        let before = match self.pieces(removed.clone()).first() {
            Some((_, format)) => format.clone(),
            None => self.format_before(removed.start),
        };
        let mut text = self.spliced(removed, &after[inserted.clone()]);
        let (bold, italic) = match look {
            Some(looks) => (looks.contains(&Look::Bold), looks.contains(&Look::Italic)),
            None => (before.bold, before.italic),
        };
        text.change(inserted.clone(), |format| {
            format.bold = bold;
            format.italic = italic;
        });
        if &after[inserted.clone()] == "\n" && inserted.end == cursor {
            return text.line_broken(inserted);
        }
        Edited { text, selection: cursor..cursor }
    }

    /// A line break was typed at `place`.
    fn line_broken(&self, place: Range<usize>) -> Edited {
        let line = lists::line_at(&self.text, place.start);
        let cursor = place.end..place.end;
        match lists::item(&self.text[line.clone()]) {
            None => Edited { text: self.clone(), selection: cursor },
            Some(item) if line.start + item.len >= place.start => {
                let text = self.spliced(line.start..place.end, "");
                Edited { text, selection: line.start..line.start }
            }
            Some(item) => {
                let mark = item.next();
                let end = place.end + mark.len();
                let text = self.spliced(cursor, &mark);
                Edited { text, selection: end..end }
            }
        }
    }
}

/// The smallest difference between two texts. Between equal characters, it ends at the cursor.
fn difference(before: &str, after: &str, cursor: usize) -> Difference {
    let made = |prefix: usize, suffix: usize| Difference {
        removed: prefix..before.len() - suffix,
        inserted: prefix..after.len() - suffix,
    };
    let suffix = common_suffix(before, &after[cursor..]);
    let at_cursor = made(common_prefix(&before[..before.len() - suffix], &after[..after.len() - suffix]), suffix);
    let prefix = common_prefix(before, after);
    let first = made(prefix, common_suffix(&before[prefix..], &after[prefix..]));
    let size = |difference: &Difference| difference.removed.len() + difference.inserted.len();
    if size(&first) < size(&at_cursor) { first } else { at_cursor }
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}
