//! Folding: what means the same to a reader is written the same.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// Appends the folded form of a grapheme cluster. It consists of letters, digits and marks; of anything else nothing is left.
pub(super) fn fold(cluster: &str, folded: &mut String) {
    if let [byte] = cluster.as_bytes() {
        if byte.is_ascii_alphanumeric() {
            folded.push(byte.to_ascii_lowercase().into());
        }
        return;
    }
    let mut kept = String::with_capacity(cluster.len());
    let mut loses_marks = false;
    for c in cluster.nfkd().filter(|c| !is_invisible(*c)) {
        if is_combining_mark(c) {
            if !loses_marks {
                kept.push(c);
            }
            continue;
        }
        loses_marks = c.is_ascii() || matches!(c.script(), LATIN | GREEK | CYRILLIC | HEBREW | ARABIC);
        if c.is_alphanumeric() {
            // By way of the capital letter ß becomes ss, and ς becomes σ; ẞ is a capital letter of its own.
            kept.extend(c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
        }
    }
    folded.extend(kept.nfc());
}

const LATIN: Script = Script::Latin;
const GREEK: Script = Script::Greek;
const CYRILLIC: Script = Script::Cyrillic;
const HEBREW: Script = Script::Hebrew;
const ARABIC: Script = Script::Arabic;

/// Whether nobody sees this character, and it divides no words: soft hyphens, joiners, marks of direction, and the line that
/// lengthens an Arabic word.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{180b}'..='\u{180f}' | '\u{200c}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether no spaces divide the words of the script of this character, or endings are glued to its words.
pub(in crate::query) fn is_unspaced(c: char) -> bool {
    // Most letters of most texts; looking up the script takes longer than anything else of cutting.
    !c.is_ascii() && is_of_unspaced(c)
}

fn is_of_unspaced(c: char) -> bool {
    let is_of = |script| {
        use Script::{Bopomofo, Han, Hangul, Hiragana, Katakana, Khmer, Lao, Myanmar, Thai};
        matches!(script, Han | Hiragana | Katakana | Bopomofo | Hangul | Thai | Lao | Khmer | Myanmar)
    };
    match c.script() {
        // Such as ー, which both kinds of kana have. What every script has counts as a word of its own.
        Script::Common | Script::Inherited => {
            let scripts = c.script_extension();
            !scripts.is_common() && !scripts.is_inherited() && scripts.iter().any(is_of)
        }
        script => is_of(script),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_of_ascii_is_of_a_script_without_spaces() {
        assert!((0..=127_u8).map(char::from).all(|c| !is_of_unspaced(c)));
        assert!(is_unspaced('合') && is_unspaced('ー') && !is_unspaced('ü'));
    }
}
