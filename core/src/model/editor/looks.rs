//! Bold, italic and links.

use std::ops::Range;

use super::text::{Edited, FormattedText, Look, Looks};
use crate::model::body::{Format, safe_link};

impl FormattedText {
    /// What is switched on for a selection. At a cursor, that is the format of the character before it.
    #[must_use]
    pub fn looks(&self, selection: Range<usize>) -> Looks {
        let selection = self.inside(selection);
        let list = self.list_of(selection.clone());
        let formats = if selection.is_empty() {
            vec![self.format_before(selection.start)]
        } else {
            self.pieces(selection).into_iter().map(|(_, format)| format).collect()
        };
        let all = |is: fn(&Format) -> bool| formats.iter().all(is);
        let link = formats.first().and_then(|format| format.link.clone());
        let link = link.filter(|link| formats.iter().all(|format| format.link.as_ref() == Some(link)));
        Looks { bold: all(|format| format.bold), italic: all(|format| format.italic), link, list }
    }

    /// Switches a look of the selection off, if all of it has it, and else on.
    #[must_use]
    pub fn toggled(&self, selection: Range<usize>, look: Look) -> Self {
        let looks = self.looks(selection.clone());
        let mut text = self.clone();
        text.change(selection, |format| match look {
            Look::Bold => format.bold = !looks.bold,
            Look::Italic => format.italic = !looks.italic,
        });
        text
    }

    /// Makes the selection lead to `address`; `None` if nothing can lead there. At a cursor, the address is written. An
    /// address without `https:` or `mailto:` gets it.
    #[must_use]
    pub fn linked(&self, selection: Range<usize>, address: &str) -> Option<Edited> {
        let typed = address.trim();
        let scheme = if typed.contains('@') && !typed.contains('/') { "mailto:" } else { "https://" };
        let address = safe_link(typed).or_else(|| safe_link(&format!("{scheme}{typed}")))?;
        let selection = self.inside(selection);
        let (mut text, selection) = if selection.is_empty() {
            let end = selection.start + typed.len();
            (self.spliced(selection.clone(), typed), selection.start..end)
        } else {
            (self.clone(), selection)
        };
        text.change(selection.clone(), |format| format.link = Some(address.clone()));
        Some(Edited { text, selection: selection.end..selection.end })
    }

    /// The selection leads nowhere any more. At a cursor, that is the whole link around it.
    #[must_use]
    pub fn unlinked(&self, selection: Range<usize>) -> Self {
        let selection = self.inside(selection);
        let around = self.formats.iter().find(|range| range.from < selection.start && selection.start <= range.to);
        let selection = match around {
            Some(range) if selection.is_empty() => range.from..range.to,
            _ => selection,
        };
        let mut text = self.clone();
        text.change(selection, |format| format.link = None);
        text
    }

    /// The text with `other` in place of the selection, as when the user pastes it.
    #[must_use]
    pub fn pasted(&self, selection: Range<usize>, other: &Self) -> Edited {
        let selection = self.inside(selection);
        let mut text = self.spliced(selection.clone(), &other.text);
        let start = selection.start;
        for (range, format) in other.pieces(0..other.text.len()) {
            text.change(range.start + start..range.end + start, |old| *old = format.clone());
        }
        let end = start + other.text.len();
        Edited { text, selection: end..end }
    }
}
