//! Which of the texts that a server gives for one message is kept, and with which structure.

use crate::connectors::html::{self, Picture};
use crate::model::{Body, FormattedText, LARGEST_BODY, Structure};

/// The largest text in HTML that is read of a comment or an article, in bytes.
pub(crate) const LARGEST_HTML: usize = 2 * LARGEST_BODY;

/// A text that a server gives, and whether its end is missing.
pub(crate) type Given = (String, bool);

/// The text of a message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct MessageText {
    pub body: String,
    pub structure: Option<Structure>,
    /// The other forms of the text.
    pub forms: Vec<String>,
    pub shortened: bool,
}

impl MessageText {
    /// Chooses among the plain texts, the best first, and the HTML. The HTML is kept if it says more than the others:
    /// with lists, links or pictures. It is also kept if there is no plain text, and in place of one with entities,
    /// which some servers write into it.
    pub(crate) fn of(
        plain: impl IntoIterator<Item = Given>,
        page: Option<Given>,
        pictures: &mut dyn FnMut(&Picture<'_>) -> Option<u32>,
    ) -> Self {
        let mut plain: Vec<Given> = plain.into_iter().filter(|(text, _)| !text.is_empty()).collect();
        let Some((page, is_cut)) = page else { return Self::plain(plain) };
        let (text, structure) = html::convert(&page, pictures);
        let says_more = structure.is_some()
            || plain.first().is_none_or(|(first, _)| first.contains('&') && !same_letters(first, &text));
        if text.is_empty() && structure.is_none() {
            return Self::plain(plain);
        }
        if !says_more {
            plain.push((text, is_cut));
            return Self::plain(plain);
        }
        Self::kept((text, is_cut), structure, plain)
    }

    fn plain(mut texts: Vec<Given>) -> Self {
        if texts.is_empty() {
            return Self::default();
        }
        let kept = texts.remove(0);
        Self::kept(kept, None, texts)
    }

    fn kept((mut body, mut shortened): Given, mut structure: Option<Structure>, others: Vec<Given>) -> Self {
        if body.len() > LARGEST_BODY {
            body.truncate(body.floor_char_boundary(LARGEST_BODY));
            if let Some(structure) = &mut structure {
                structure.cut(body.len());
            }
            shortened = true;
        }
        let mut forms: Vec<String> = Vec::new();
        for (text, _) in others {
            if text != body && !forms.contains(&text) {
                forms.push(text);
            }
        }
        Self { body, structure, forms, shortened }
    }
}

/// HTML that the user pastes, as far as a reply can have it. Pictures are left out.
#[must_use]
pub fn pasted(page: &str) -> FormattedText {
    let (text, structure) = html::convert(page, &mut |_| None);
    FormattedText::of_message(&text, structure.as_ref())
}

/// The HTML in which a text with this structure is sent; `None` for plain text, and for a structure of another text.
pub(crate) fn html_of(text: &str, structure: Option<&Structure>) -> Option<String> {
    Some(Body::of_reply(text, structure?)?.to_html(|_| None))
}

/// Whether two texts differ in white space only, which a page does not keep.
fn same_letters(a: &str, b: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    letters(a) == letters(b)
}
