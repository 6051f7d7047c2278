//! Tidying and joining the texts that a user typed, without changing their meaning.

use crate::model::TicketDraft;

/// A text with another one below it, as a paragraph of its own. What is above stays as it was typed.
#[must_use]
pub fn followed_by(above: &str, below: &str) -> String {
    match (above.trim().is_empty(), below.trim().is_empty()) {
        (true, _) => below.to_owned(),
        (false, true) => above.to_owned(),
        (false, false) => format!("{above}\n\n{below}"),
    }
}

/// The draft with a text that a form begins with, below what it has. One that has the text already stays as it is.
#[must_use]
pub fn prefilled(draft: TicketDraft, text: &str) -> TicketDraft {
    if draft.description.contains(text) {
        return draft;
    }
    TicketDraft { description: followed_by(&draft.description, text), ..draft }
}

/// Gives `text` one kind of line break, and removes blank lines at its beginning and all white space at its end. The
/// first line keeps its indentation, because it may be code.
pub(super) fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lead = text.len() - text.trim_start().len();
    let first_line = text[..lead].rfind('\n').map_or(0, |line_break| line_break + 1);
    text[first_line..].trim_end().to_owned()
}

/// Whether `text` has nothing that a reader can see.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// Whether a character is invisible: white space, a control character, or one that Unicode calls default-ignorable
/// (joiners, direction marks, fillers, variation selectors, tags). The blank Braille pattern counts too, because it
/// looks like a space.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_blank_lines_around_a_text_are_removed() {
        for (typed, kept) in [
            ("a\r\nb\rc\n\n", "a\nb\nc"),
            ("\n \n  fn main() {}\n\n  // Ende \t\n", "  fn main() {}\n\n  // Ende"),
            ("  👩‍👩‍👧‍👦", "  👩‍👩‍👧‍👦"),
            (" \r\n\t", ""),
        ] {
            assert_eq!(tidy(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn a_text_is_joined_below_what_is_there_and_only_once() {
        assert_eq!(followed_by("Ich wollte noch …", "סוף 🙏"), "Ich wollte noch …\n\nסוף 🙏");
        assert_eq!(followed_by(" \n", "Firma: "), "Firma: ", "nothing is above it");
        assert_eq!(followed_by("Grüße  ", " \n"), "Grüße  ");
        let draft = TicketDraft {
            id: crate::model::DraftId("d".to_owned()),
            subject: String::new(),
            issue_type: String::new(),
            cc: Vec::new(),
            cc_entry: String::new(),
            description: "Seit Montag.".to_owned(),
            access: false,
            follows: None,
            name: String::new(),
            email: String::new(),
        };
        let prepared = prefilled(draft, "Vertragsnummer: ");
        assert_eq!(prepared.description, "Seit Montag.\n\nVertragsnummer: ");
        assert_eq!(prefilled(prepared.clone(), "Vertragsnummer: "), prepared);
    }

    #[test]
    fn what_nobody_can_see_is_blank() {
        for unseen in ["", " \n\t", "\u{200b}\u{200d}\u{feff}", "\u{3164}", "\u{202e}\u{a0}", "\0", "\u{e0020}\u{fe0f}"]
        {
            assert!(is_blank(unseen), "{unseen:?}");
        }
        for seen in [".", "👍", "\u{200f}ש", "合", "\u{ad}x"] {
            assert!(!is_blank(seen), "{seen:?}");
        }
    }
}
