//! A message's text with its structure (`docs/decisions/0078-a-message-has-structure.md`).
//!
//! A message is stored as its plain text, which matching, copying and searching use. Beside it stands its [`Structure`], if the
//! server gave one: which parts of that text are paragraphs, items, quotes, links. A screen shows the [`Body`] that both
//! make together. A text without a structure gets what can be seen in plain text: its addresses, and the quoted mail below it.
//!
//! The blocks are a flat list. A block knows in how many quotes and lists it stands, so a screen needs no recursion, and a
//! server cannot nest it without end.

mod block;
mod history;
mod html;
mod links;
mod plain;
mod structure;

use serde::Serialize;

pub use block::{Block, BlockKind, Link, Marker, Span};
pub use history::is_forward_line;
pub use links::safe_link;
pub use structure::{Format, FormatRange, Standing, Structure, StructureBuilder};

/// A message as a screen shows it, block under block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Body {
    /// The blocks, from top to bottom.
    pub blocks: Vec<Block>,
    /// The index of the block with which the quoted mail history begins: everything from there on is folded until the user
    /// asks for it. `None` if there is no history, or nothing above it.
    pub history_from: Option<u32>,
}

impl Body {
    /// The message with this text and structure. A structure that does not fit the text is ignored.
    #[must_use]
    pub fn of(text: &str, structure: Option<&Structure>) -> Self {
        let (mut blocks, marked) =
            structure.and_then(|structure| structure.blocks(text)).unwrap_or_else(|| (plain::blocks(text), None));
        for block in &mut blocks {
            if block.kind == BlockKind::Paragraph {
                block.spans = links::with_addresses(std::mem::take(&mut block.spans));
            }
        }
        let history_from = marked.or_else(|| history::find(&blocks));
        Self { history_from: history_from.and_then(|at| u32::try_from(at).ok()), blocks }
    }

    /// The message as HTML, in which a connector sends it. `picture` gives the address of an attachment.
    #[must_use]
    pub fn to_html(&self, picture: impl Fn(u32) -> Option<String>) -> String {
        html::write(&self.blocks, picture)
    }
}

#[cfg(test)]
mod tests;
