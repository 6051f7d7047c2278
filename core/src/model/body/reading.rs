//! Makes the blocks of a message out of its text and its structure.

use super::block::{Block, BlockKind};
use super::structure::Structure;
use super::{links, plain};

/// Returns the blocks, and the index of the block with which the quoted older mail begins. The index is `None` if the
/// structure names no such block, or if nothing stands above it. A structure that does not fit the text is ignored.
pub(super) fn blocks(text: &str, structure: Option<&Structure>) -> (Vec<Block>, Option<usize>) {
    let Some((parts, history)) = structure.and_then(|structure| structure.blocks(text)) else {
        let mut blocks = plain::blocks(text);
        link_addresses(&mut blocks);
        return (blocks, None);
    };
    let (mut blocks, mut from) = (Vec::with_capacity(parts.len()), None);
    for (at, part) in parts.into_iter().enumerate() {
        if history == Some(at) {
            from = Some(blocks.len());
        }
        plain::add(&mut blocks, part);
    }
    link_addresses(&mut blocks);
    let from = from.filter(|at| *at > 0 && *at < blocks.len());
    (blocks, from)
}

/// The blocks of a reply, letter for letter. `None` if this is not the structure of that text.
pub(super) fn blocks_of_reply(text: &str, structure: &Structure) -> Option<Vec<Block>> {
    let (mut blocks, _) = structure.blocks(text)?;
    link_addresses(&mut blocks);
    Some(blocks)
}

fn link_addresses(blocks: &mut [Block]) {
    for block in blocks.iter_mut().filter(|block| block.kind == BlockKind::Paragraph) {
        block.spans = links::with_addresses(std::mem::take(&mut block.spans));
    }
}
