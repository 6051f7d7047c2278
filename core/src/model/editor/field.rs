//! The field in which the user writes: the text, the selection, and how the next letters will look.

use std::ops::Range;

use super::text::{Edited, FormattedText, ListKind, Look, Looks};

/// The field of a reply. Whatever the user does gives a new one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Editor {
    /// What is written.
    pub text: FormattedText,
    /// What is selected, in bytes; empty for a cursor.
    pub selection: Range<usize>,
    /// The looks of what is typed next, if the user has chosen them at a cursor. `None`: those of what stands before it.
    pub next: Option<Vec<Look>>,
}

impl Editor {
    /// The field with this text. The cursor is at its end.
    #[must_use]
    pub fn of(text: FormattedText) -> Self {
        let end = text.text().len();
        Self { text, selection: end..end, next: None }
    }

    /// The field after the user typed, or moved the cursor: `after` is its whole text then. The text may differ from `after`
    /// where a list begins its next item or ends.
    #[must_use]
    pub fn changed(&self, after: &str, selection: Range<usize>) -> Self {
        if after == self.text.text() {
            let next = self.next.clone().filter(|_| selection == self.selection);
            return Self { text: self.text.clone(), selection, next };
        }
        let Edited { text, selection: cursor } = self.text.typed(after, selection.end, self.next.as_deref());
        let selection = if text.text() == after { selection } else { cursor };
        Self { text, selection, next: None }
    }

    /// What is switched on, for the buttons.
    #[must_use]
    pub fn looks(&self) -> Looks {
        let looks = self.text.looks(self.selection.clone());
        match &self.next {
            Some(next) => Looks { bold: next.contains(&Look::Bold), italic: next.contains(&Look::Italic), ..looks },
            None => looks,
        }
    }

    /// Switches a look on or off: of the selection, or at a cursor of what is typed next.
    #[must_use]
    pub fn toggled(&self, look: Look) -> Self {
        if !self.selection.is_empty() {
            return Self { text: self.text.toggled(self.selection.clone(), look), next: None, ..self.clone() };
        }
        let Looks { bold, italic, .. } = self.looks();
        let next = [(Look::Bold, bold), (Look::Italic, italic)].into_iter();
        let next = next.filter(|(each, is_on)| is_on ^ (*each == look)).map(|(each, _)| each);
        Self { next: Some(next.collect()), ..self.clone() }
    }

    /// Makes the lines of the selection items of a list, or lines again.
    #[must_use]
    pub fn listed(&self, kind: ListKind) -> Self {
        self.text.listed(self.selection.clone(), kind).into()
    }

    /// Makes the selection lead to `address`; `None` if nothing can lead there. At a cursor, the address is written.
    #[must_use]
    pub fn linked(&self, address: &str) -> Option<Self> {
        self.text.linked(self.selection.clone(), address).map(Self::from)
    }

    /// The selection, or at a cursor the link around it, leads nowhere any more.
    #[must_use]
    pub fn unlinked(&self) -> Self {
        Self { text: self.text.unlinked(self.selection.clone()), ..self.clone() }
    }

    /// Puts `other` in place of the selection.
    #[must_use]
    pub fn pasted(&self, other: &FormattedText) -> Self {
        self.text.pasted(self.selection.clone(), other).into()
    }
}

impl From<Edited> for Editor {
    fn from(Edited { text, selection }: Edited) -> Self {
        Self { text, selection, next: None }
    }
}
