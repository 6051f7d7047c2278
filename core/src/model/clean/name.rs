//! The name of a file, as it is kept, shown and sent.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::direction::changes_direction;

/// The longest name, in bytes of UTF-8, that file systems and servers accept.
pub const LONGEST_NAME: usize = 200;

/// The name for a file whose own name is empty.
const NAMELESS: &str = "file";

/// Makes a safe name from `name`: its last path component, composed (NFC), without control characters, and without
/// marks that change the direction of writing (with them, `exe.gpj` can look like a picture). A name longer than
/// [`LONGEST_NAME`] loses the end of its stem and keeps its ending.
#[must_use]
pub fn clean_name(name: &str) -> String {
    // What is left of a long name may have an ending, of which the whole name had none.
    cleaned_once(&cleaned_once(name))
}

fn cleaned_once(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_kept = |c: &char| !c.is_control() && !changes_direction(*c) && !matches!(c, '\u{2028}' | '\u{2029}');
    let clean: String = last.chars().filter(is_kept).nfc().collect();
    let clean = clean.trim_start().trim_end_matches(is_end);
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if ending.len() < LONGEST_NAME / 2 => (stem.trim_end(), Some(ending)),
        _ => (clean, None),
    };
    let stem = if stem.trim_matches(['.', ' ']).is_empty() { NAMELESS } else { stem };
    let room = LONGEST_NAME - ending.map_or(0, |ending| ending.len() + 1);
    // What was cut may leave such a character at the end.
    let end: fn(char) -> bool = if ending.is_some() { char::is_whitespace } else { is_end };
    let stem = cut(stem, room).trim_end_matches(end);
    ending.map_or_else(|| stem.to_owned(), |ending| format!("{stem}.{ending}"))
}

/// Whether `c` is left out at the end of a name: some file systems do not keep it there.
fn is_end(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

/// Cuts `text` to at most `room` bytes, between grapheme clusters.
fn cut(text: &str, room: usize) -> &str {
    let fitting =
        text.grapheme_indices(true).map(|(start, cluster)| start + cluster.len()).take_while(|end| *end <= room);
    let end = fitting.last().unwrap_or(0);
    if end > 0 || text.len() <= room { &text[..end.min(text.len())] } else { NAMELESS }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_stays_as_people_read_it() {
        for (given, kept) in [
            ("Beleg März 2026.pdf", "Beleg März 2026.pdf"),
            ("Gru\u{308}ße.txt", "Grüße.txt"),
            ("合同 契約.docx", "合同 契約.docx"),
            ("חשבונית מס.pdf", "חשבונית מס.pdf"),
            ("👩‍👩‍👧‍👦.png", "👩‍👩‍👧‍👦.png"),
            ("/storage/emulated/0/DCIM/IMG_1.JPG", "IMG_1.JPG"),
            ("C:\\Benutzer\\Ada\\a.csv", "a.csv"),
            ("../../etc/passwd.txt", "passwd.txt"),
            ("a\0b\r\nc.txt", "abc.txt"),
            ("Rechnung\u{202e}gpj.exe", "Rechnunggpj.exe"),
            ("  Notizen .txt ", "Notizen.txt"),
            (".pdf", "file.pdf"),
            ("..", "file"),
            ("A\u{a0}.", "A"),
            ("", "file"),
            ("\u{202e}\u{7}", "file"),
            ("a\u{2028}b.txt", "ab.txt"),
            ("ohne Endung", "ohne Endung"),
        ] {
            assert_eq!(clean_name(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_whole_characters() {
        let long = format!("{}.jpeg", "👩‍👩‍👧‍👦".repeat(40));
        let kept = clean_name(&long);
        assert!(kept.len() <= LONGEST_NAME && kept.ends_with("👩‍👩‍👧‍👦.jpeg"), "{kept}");
        let longer = format!("{}.pdf", "ü".repeat(5_000));
        assert_eq!(clean_name(&longer), format!("{}.pdf", "ü".repeat((LONGEST_NAME - 4) / 2)));
    }

    proptest! {
        #[test]
        fn a_name_is_safe_bounded_and_stable(name in "\\PC{0,300}|[\\x00-\\xff./\\\\ ]{0,40}|[a-zäß👍\u{202e}\u{301}]{0,260}\\.[a-z]{1,5}") {
            let kept = clean_name(&name);
            prop_assert!(!kept.is_empty() && kept.len() <= LONGEST_NAME, "{kept:?}");
            prop_assert!(!kept.contains(['/', '\\', '\0', '\n', '\u{202e}']), "{kept:?}");
            prop_assert!(kept != "." && kept != "..");
            prop_assert_eq!(clean_name(&kept), kept, "tidying twice changes nothing");
        }
    }
}
