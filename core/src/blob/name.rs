//! The name of a file, as it is kept, shown and sent.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// The longest name, in bytes of UTF-8, that file systems and servers accept.
pub const LONGEST_NAME: usize = 200;

/// The name for a file whose own name is empty.
const NAMELESS: &str = "file";

/// Makes a safe name from `name`: its last path component, composed (NFC), without control characters, and without
/// marks that change the direction of writing (with them, `exe.gpj` can look like a picture). A name longer than
/// [`LONGEST_NAME`] loses the end of its stem and keeps its ending.
pub(super) fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control() && !changes_direction(*c)).nfc().collect();
    let clean = clean.trim_matches(|c: char| c.is_whitespace()).trim_end_matches(['.', ' ']);
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if ending.len() < LONGEST_NAME / 2 => (stem.trim_end(), Some(ending)),
        _ => (clean, None),
    };
    let stem = if stem.trim_matches(['.', ' ']).is_empty() { NAMELESS } else { stem };
    let room = LONGEST_NAME - ending.map_or(0, |ending| ending.len() + 1);
    let stem = cut(stem, room);
    ending.map_or_else(|| stem.to_owned(), |ending| format!("{stem}.{ending}"))
}

/// Cuts `text` to at most `room` bytes, between grapheme clusters.
fn cut(text: &str, room: usize) -> &str {
    let fitting =
        text.grapheme_indices(true).map(|(start, cluster)| start + cluster.len()).take_while(|end| *end <= room);
    let end = fitting.last().unwrap_or(0);
    if end > 0 || text.len() <= room { &text[..end.min(text.len())] } else { NAMELESS }
}

/// Whether `c` is an embedding, override or isolate. Names in right-to-left scripts do not need these. The plain
/// direction marks are kept.
fn changes_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
            ("", "file"),
            ("ohne Endung", "ohne Endung"),
        ] {
            assert_eq!(tidy(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_whole_characters() {
        let long = format!("{}.jpeg", "👩‍👩‍👧‍👦".repeat(40));
        let kept = tidy(&long);
        assert!(kept.len() <= LONGEST_NAME && kept.ends_with("👩‍👩‍👧‍👦.jpeg"), "{kept}");
    }

    proptest! {
        #[test]
        fn a_name_is_safe_bounded_and_stable(name in "\\PC{0,300}|[\\x00-\\xff./\\\\ ]{0,40}|[a-zäß👍\u{202e}\u{301}]{0,260}\\.[a-z]{1,5}") {
            let kept = tidy(&name);
            prop_assert!(!kept.is_empty() && kept.len() <= LONGEST_NAME, "{kept:?}");
            prop_assert!(!kept.contains(['/', '\\', '\0', '\n', '\u{202e}']), "{kept:?}");
            prop_assert!(kept != "." && kept != "..");
            prop_assert_eq!(tidy(&kept), kept, "tidying twice changes nothing");
        }
    }
}
