//! Messages with their structure.

use pocketdesk::model;

use crate::types::{BlockKind, BodyBlock, ListMarker, MessageBody, TextLink, TextSpan};

impl From<model::Body> for MessageBody {
    fn from(body: model::Body) -> Self {
        Self { blocks: body.blocks.into_iter().map(BodyBlock::from).collect(), history_from: body.history_from }
    }
}

impl From<model::Block> for BodyBlock {
    fn from(block: model::Block) -> Self {
        Self {
            kind: match block.kind {
                model::BlockKind::Paragraph => BlockKind::Paragraph,
                model::BlockKind::Code => BlockKind::Code,
                model::BlockKind::Picture(attachment) => BlockKind::Picture { attachment },
            },
            spans: block.spans.into_iter().map(TextSpan::from).collect(),
            quotes: block.quotes.into(),
            lists: block.lists.into(),
            marker: block.marker.map(|marker| match marker {
                model::Marker::Bullet => ListMarker::Bullet,
                model::Marker::Number(number) => ListMarker::Number { number },
            }),
        }
    }
}

impl From<model::Span> for TextSpan {
    fn from(span: model::Span) -> Self {
        Self {
            text: span.text,
            bold: span.bold,
            italic: span.italic,
            code: span.code,
            link: span.link.map(|link| TextLink { address: link.address, differs: link.differs }),
        }
    }
}
