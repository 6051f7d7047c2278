//! The cleaning of names and subjects, and the comparison of texts: what a server shows is taken for what this user wrote.

use pocketdesk::model::{LONGEST_NAME, clean_line, clean_name, clean_subject, normalise, same_text};
use pocketdesk::outbox::{Likeness, Text};

/// The most bytes of a line, with its ellipsis.
const LONGEST_LINE: usize = 32_000 + '…'.len_utf8();

pub(crate) fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for line in [clean_line(&text), clean_subject(&text)] {
        assert!(!line.contains(is_harmful), "{line:?}");
        assert_eq!(clean_line(&line), line, "cleaning a line again changes nothing");
    }
    let subject = clean_subject(&text);
    assert!(subject.len() <= LONGEST_LINE);
    assert_eq!(clean_subject(&subject), subject, "cleaning a subject again changes nothing");

    let name = clean_name(&text);
    assert!(!name.is_empty() && name.len() <= LONGEST_NAME && name != "." && name != "..");
    assert!(!name.contains(|c| is_harmful(c) || matches!(c, '/' | '\\')), "{name:?}");
    assert!(!name.ends_with(char::is_whitespace) && !name.starts_with(char::is_whitespace), "{name:?}");
    assert_eq!(clean_name(&name), name, "cleaning a name again changes nothing");

    // The two halves of the input are what this user wrote and what the server shows.
    let normal = normalise(&text);
    assert_eq!(normalise(&normal), normal, "normalising again changes nothing");
    assert!(same_text(&text, &normal));
    let ours = Text::of(&text);
    assert_eq!(ours.likeness(&Text::of(&normal)), Likeness::Equal);
    let (ours, theirs) = text.split_once('\0').unwrap_or((&text, &text));
    let (mine, shown) = (Text::of(ours), Text::of(theirs));
    let likeness = mine.likeness(&shown);
    assert_eq!(likeness == Likeness::Equal, same_text(ours, theirs));
    assert_eq!(likeness, mine.likeness(&shown), "the same texts are always as alike");
    assert_eq!(mine.likeness(&mine), Likeness::Equal);
    if likeness == Likeness::Same && shown.likeness(&mine) == Likeness::Same {
        assert_eq!(mine.clone().key(), shown.clone().key(), "texts that are the same have the same key");
    }
    if mine.is_contained_in(&shown) && shown.is_contained_in(&mine) {
        assert!(likeness >= Likeness::Similar, "texts that contain each other are alike");
    }
}

fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}
