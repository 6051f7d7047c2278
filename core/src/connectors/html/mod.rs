//! Converts HTML to a message: its plain text, and the structure of it. A server may store what agents write, and the mails
//! of anybody, as unchecked HTML with scripts and styles.
//!
//! A tokenizer that keeps to the standard reads the HTML (`docs/decisions/0078-a-message-has-structure.md`). No tree is built:
//! [`page`] takes one tag after the other, so any page takes time and memory in proportion to its length. What is kept is made
//! anew from a closed set of kinds. So no element, attribute or address of the page can be kept by mistake.

mod attributes;
mod containers;
mod elements;
mod page;
mod picture;
mod tags;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use page::Page;
pub(crate) use picture::Picture;

use crate::model::Structure;

/// Converts a page. `pictures` gives the index of the attachment that a picture is; `None` for one that is not shown.
pub(crate) fn convert(
    html: &str,
    pictures: &mut dyn FnMut(&Picture<'_>) -> Option<u32>,
) -> (String, Option<Structure>) {
    let page = read(html, Page::new(true), pictures);
    // An element that is not shown was not closed. Rather than losing what follows, the page is read once more with
    // such elements shown.
    let page = if page.hides_the_rest() { read(html, Page::new(false), pictures) } else { page };
    page.finish()
}

fn read(html: &str, mut page: Page, pictures: &mut dyn FnMut(&Picture<'_>) -> Option<u32>) -> Page {
    let mut emitter = DefaultEmitter::default();
    // The contents of scripts and styles are no tags.
    emitter.naively_switch_states(true);
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => page.start(&tag, pictures),
            Token::EndTag(tag) => page.end(&tag.name),
            Token::String(text) => page.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    page
}

#[cfg(test)]
mod tests;
