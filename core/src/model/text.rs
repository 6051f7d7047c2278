//! Decides whether two texts are the same message.
//!
//! A server may change a comment slightly when it stores it: it uses other line breaks, cuts spaces at line ends, or
//! inserts no-break spaces. Two texts are the same message if they are equal once these differences are removed.

use unicode_normalization::UnicodeNormalization;

/// Removes from `text` the differences that a server may introduce. The result is in NFC, has one kind of line break,
/// plain spaces instead of no-break spaces and tabs, no white space at line ends or around the whole text, and no
/// zero-width characters at its edges.
#[must_use]
pub fn normalise(text: &str) -> String {
    // Composed first, because some characters become others by it, such as the semicolon of an entity.
    let text: String = text.nfc().collect();
    // Some servers write a no-break space as an HTML entity, even in plain text.
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace("&nbsp;", " ");
    let unified: String = text.chars().map(plain_space).collect();
    let lines: Vec<&str> = unified.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}').to_owned()
}

/// Whether the two texts are the same message.
#[must_use]
pub fn same_text(a: &str, b: &str) -> bool {
    normalise(a) == normalise(b)
}

fn plain_space(c: char) -> char {
    if matches!(c, '\u{a0}' | '\u{202f}' | '\t') { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::{normalise, same_text};

    #[test]
    fn line_breaks_and_spaces_do_not_make_another_message() {
        assert!(same_text("Hallo,\r\nmit Grüßen  \r\n", "Hallo,\nmit Gru\u{308}ßen"));
        assert!(same_text("a\u{a0}b", "a b"));
        assert!(same_text("a\u{a0}b", "a&nbsp;b"));
        assert!(!same_text("ok", "OK"));
        assert!(!same_text("a b", "ab"));
    }

    #[test]
    fn normalising_twice_changes_nothing() {
        for text in ["", "\u{feff} שלום \r\r", "👩‍👩‍👧‍👦\n\n", "  \u{200b}x", "&nbsp\u{37e}x"] {
            assert_eq!(normalise(&normalise(text)), normalise(text));
        }
    }
}
