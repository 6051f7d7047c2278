//! Pages, as agents' editors and mail programs write them: what is kept of a page is a message, and nothing else.
//!
//! What is kept is written as HTML and read by another parser than the one that read the page. It may have no element, attribute
//! or address that a message does not have. Reading it again gives the same message.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use pocketdesk::model::{BlockKind, Body, RemoteComment};

use crate::answers::comment_of;

/// The elements of a message.
const ELEMENTS: [&str; 11] = ["p", "br", "b", "i", "code", "a", "ul", "ol", "li", "blockquote", "pre"];

pub(crate) fn run(data: &[u8]) {
    let page = String::from_utf8_lossy(data);
    let comment = comment_of(&page);
    let kept = body(&comment);
    for block in &kept.blocks {
        assert!(block.quotes <= 8 && block.lists <= 8, "{block:?}");
        if let BlockKind::Picture(index) = block.kind {
            assert!(comment.attachments[index as usize].inline, "a picture is one of the message's attachments");
        }
    }
    for file in &comment.attachments {
        let address = file.address.as_deref().unwrap_or_default();
        assert!(is_of_the_server(address), "nothing is fetched from {address}");
    }
    let written = kept.to_html(|index| comment.attachments[index as usize].address.clone());
    check(&written);
    assert!(comment.structure.as_ref().is_none_or(|structure| structure.fits(&comment.body)));
    assert_eq!(body(&comment_of(&written)).blocks, kept.blocks, "{written}");
}

fn body(comment: &RemoteComment) -> Body {
    Body::of(&comment.body, comment.structure.as_ref())
}

/// Whether an address is on the message's server. The case of a host does not count.
fn is_of_the_server(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    address.starts_with("https://desk.example/") || address.starts_with('/') && !address.starts_with("//")
}

/// Checks every tag of a page.
fn check(page: &str) {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(page));
    let tokenizer = Tokenizer::new(Tags(RefCell::new(Vec::new())), html5ever::tokenizer::TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    for tag in tokenizer.sink.0.into_inner() {
        let name = &*tag.name;
        assert!(ELEMENTS.contains(&name) || name == "img", "{name}");
        for attribute in &tag.attrs {
            let value = &*attribute.value;
            match (name, &*attribute.name.local) {
                ("a", "href") => {
                    let is_safe = ["https://", "mailto:", "tel:"].iter().any(|scheme| value.starts_with(scheme));
                    assert!(is_safe, "{value}");
                }
                ("li", "value") => assert!(value.parse::<u32>().is_ok(), "{value}"),
                ("img", "src") => assert!(is_of_the_server(value), "{value}"),
                (element, other) => panic!("{element} {other}"),
            }
        }
    }
}

struct Tags(RefCell<Vec<Tag>>);

impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.0.borrow_mut().push(tag),
            Token::CommentToken(_) | Token::DoctypeToken(_) => panic!("{token:?}"),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
