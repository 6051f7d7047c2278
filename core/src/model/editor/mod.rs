//! A text that the user is writing, with its formats (`docs/product.md`, S11).
//!
//! A draft is its plain text and, beside it, ranges of that text that are bold, italic or a link. A list needs no range: its
//! items are the lines that begin with a mark, as in any plain text (`- `, `1. `), so a server and a screen without formats
//! lose nothing. What the user does is a function here from one [`Editor`] to the next; the kits only show the result. When the
//! reply is written, [`FormattedText::structured`] makes the text and the [`Structure`](super::Structure) of a message from it.
//!
//! Places are bytes of the text. What comes from outside, a row or a kit, may have any places: it is put right by
//! [`FormattedText::new`].

mod field;
mod lists;
mod looks;
mod text;
mod typing;

pub use field::Editor;
pub use text::{Edited, FormattedText, ListKind, Look, Looks};

#[cfg(test)]
mod tests;
