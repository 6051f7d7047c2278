//! What the attributes of an element say, as far as it is of interest.

use std::borrow::Cow;

use html5gum::StartTag;

use super::containers::Ends;

/// The value of an attribute.
pub(super) fn value<'a>(tag: &'a StartTag<()>, name: &str) -> Option<Cow<'a, str>> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value))
}

/// Whether the element is not shown.
pub(super) fn is_hidden(tag: &StartTag<()>) -> bool {
    if tag.attributes.contains_key(b"hidden".as_slice()) {
        return true;
    }
    let Some(style) = value(tag, "style") else { return false };
    style.split(';').any(|rule| {
        let (name, value) = rule.split_once(':').unwrap_or_default();
        name.trim().eq_ignore_ascii_case("display") && value.trim().to_ascii_lowercase().starts_with("none")
    })
}

/// Whether a mail program has marked the element as the quoted mail history, and where that ends.
pub(super) fn history(tag: &StartTag<()>) -> Option<Ends> {
    if tag.name.as_slice() == b"blockquote" && value(tag, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite"))
    {
        return Some(Ends::WithElement);
    }
    // Outlook writes the header of the message that it quotes into an element, and what it quotes behind it.
    let id = value(tag, "id").unwrap_or_default();
    if ["divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"].contains(&&*id) {
        return Some(Ends::WithPage);
    }
    let classes = value(tag, "class").unwrap_or_default();
    let is_quote = |class: &str| {
        ["gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "zmail_extra", "protonmail_quote"]
            .contains(&class)
    };
    if classes.split_ascii_whitespace().any(is_quote) {
        return Some(Ends::WithElement);
    }
    classes.split_ascii_whitespace().any(|class| class == "OutlookMessageHeader").then_some(Ends::WithPage)
}
