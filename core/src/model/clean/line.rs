//! One line: a subject, a person's name, or the beginning of a message.

use unicode_segmentation::UnicodeSegmentation;

use super::direction::changes_direction;

/// The most grapheme clusters of a subject that is kept: far more than anybody writes.
const MOST_CLUSTERS: usize = 1_000;
/// The most bytes of a subject, because one cluster can have any number of them.
const MOST_BYTES: usize = 32_000;
/// The most grapheme clusters of a message in a list: two lines on a wide phone.
const SNIPPET_CLUSTERS: usize = 120;

/// Makes `text` one line: trimmed, with every line break and the white space around it replaced by one space
/// (`docs/product.md`, C1), without other control characters and without marks that change the direction of writing.
#[must_use]
pub fn clean_line(text: &str) -> String {
    let lines = text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']);
    let cleaned = lines.map(|line| {
        let spaced = line.chars().map(|c| if c == '\t' { ' ' } else { c });
        spaced.filter(|c| is_kept(*c)).collect::<String>().trim().to_owned()
    });
    let filled: Vec<String> = cleaned.filter(|line| !line.is_empty()).collect();
    filled.join(" ")
}

/// A subject or a person's name that a server sends: [one line](clean_line), and if it is longer than 1,000 characters as
/// people count them, cut between two of them, with an ellipsis.
#[must_use]
pub fn clean_subject(text: &str) -> String {
    cut(clean_line(text), MOST_CLUSTERS)
}

/// The beginning of a message for a list: [one line](clean_line) with single spaces, and if it is longer than 120
/// characters as people count them, cut between two of them, with an ellipsis.
#[must_use]
pub fn clean_snippet(text: &str) -> String {
    // A long text is read only until there are more clusters than are kept.
    let mut line = String::new();
    let mut words = text.split_whitespace().map(|word| word.chars().filter(|c| is_kept(*c)).collect::<String>());
    let mut enough = SNIPPET_CLUSTERS;
    while let Some(word) = words.find(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
        if line.len() > enough {
            if line.graphemes(true).nth(SNIPPET_CLUSTERS).is_some() {
                break;
            }
            enough = line.len() + SNIPPET_CLUSTERS;
        }
    }
    cut(line, SNIPPET_CLUSTERS)
}

/// Whether a character stays in a line: it is no control character, and does not change the direction of writing.
fn is_kept(c: char) -> bool {
    !c.is_control() && !changes_direction(c)
}

/// The first `clusters` grapheme clusters of a line, with an ellipsis if there are more.
fn cut(line: String, clusters: usize) -> String {
    // No cluster is shorter than a byte, so most lines need not be searched.
    if line.len() <= clusters {
        return line;
    }
    let ends = line.grapheme_indices(true).map(|(start, cluster)| start + cluster.len());
    let kept = ends.take(clusters).take_while(|end| *end <= MOST_BYTES).last().unwrap_or_default();
    if kept == line.len() { line } else { format!("{}…", line[..kept].trim_end()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_break_becomes_a_space() {
        for (typed, line) in [
            ("  Erste \r\n\n zweite\u{2028}dritte  ", "Erste zweite dritte"),
            ("שלום\rעולם", "שלום עולם"),
            ("zwei  Leerzeichen", "zwei  Leerzeichen"),
            ("a\tb", "a b"),
            ("\n\r\n", ""),
        ] {
            assert_eq!(clean_line(typed), line, "{typed:?}");
        }
    }

    #[test]
    fn a_subject_shows_what_it_is() {
        for (sent, shown) in [
            ("Rechnung\r\nBcc: x@y.example", "Rechnung Bcc: x@y.example"),
            ("Alarm\u{7}\u{1b}[31m", "Alarm[31m"),
            ("Bild \u{202e}gpj.exe\u{202c}", "Bild gpj.exe"),
            ("\u{2066}Grüße\u{2069} 👩‍👩‍👧‍👦", "Grüße 👩‍👩‍👧‍👦"),
            ("a\0b", "ab"),
            ("\u{202e}\u{7}", ""),
            ("\u{200f}שלום", "\u{200f}שלום"),
        ] {
            assert_eq!(clean_subject(sent), shown, "{sent:?}");
        }
    }

    #[test]
    fn a_very_long_subject_is_cut_between_characters() {
        let family = "👩‍👩‍👧‍👦";
        assert_eq!(clean_subject(&family.repeat(5_000)), format!("{}…", family.repeat(1_000)));
        assert_eq!(clean_subject(&family.repeat(1_000)), family.repeat(1_000));
        assert_eq!(clean_subject(&format!("e{}", "\u{301}".repeat(50_000))), "…");
    }

    #[test]
    fn a_snippet_is_one_short_line() {
        for (written, shown) in [
            ("Guten Tag,\n\n  seit Dienstag\tfehlt alles.\n", "Guten Tag, seit Dienstag fehlt alles."),
            ("\u{202e}שלום\u{202c}\u{7}\u{85}עולם", "שלום עולם"),
            ("\n \u{a0}\r\n", ""),
        ] {
            assert_eq!(clean_snippet(written), shown, "{written:?}");
        }
        let family = "👩‍👩‍👧‍👦";
        assert_eq!(clean_snippet(&family.repeat(121)), format!("{}…", family.repeat(120)));
        assert_eq!(clean_snippet(&"ä ".repeat(120)), format!("{}…", "ä ".repeat(60).trim_end()));
    }

    proptest! {
        #[test]
        fn a_subject_is_one_bounded_and_stable_line(text in "\\PC{0,300}|[\\x00-\\xff\u{202e}\u{2028} ]{0,80}|[a-zäß👍\u{301}]{0,2500}") {
            let cleaned = clean_subject(&text);
            prop_assert!(cleaned.graphemes(true).count() <= MOST_CLUSTERS + 1);
            prop_assert!(!cleaned.contains(|c: char| c.is_control() || changes_direction(c) || c == '\u{2028}'), "{cleaned:?}");
            prop_assert_eq!(clean_line(&cleaned), cleaned);
        }
    }
}
