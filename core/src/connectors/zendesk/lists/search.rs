//! What the service's own search is asked.
//!
//! Its query has a syntax: `status:open`, `-word`, `wor*`, `"a phrase"`. What a user types is no syntax, so words and phrases are all
//! that is left of it. The service refuses a query of too many words.

use super::List;
use crate::model::{Failure, TicketList};

/// The most words of a query.
const MOST_WORDS: usize = 20;
/// The longest word, in characters. Of a longer one, the beginning is asked for.
const LONGEST_WORD: usize = 60;

/// The parameter that asks for the tickets of a list. Without one, the service searches the user's own tickets. An error for a
/// list that this version does not know.
pub(in crate::connectors::zendesk) fn parameter(list: &TicketList) -> Result<Option<(&'static str, String)>, Failure> {
    Ok(match List::parse(list).ok_or_else(Failure::misbehaves)? {
        List::Own => None,
        List::Copied => Some(("cc_id", "true".to_owned())),
        List::Organization(id) => Some(("organization_id", id.to_string())),
    })
}

/// The query for what a user has typed; `None` if that has no word.
pub(in crate::connectors::zendesk) fn query(text: &str) -> Option<String> {
    let (mut left, mut parts) = (MOST_WORDS, Vec::new());
    for (at, part) in text.split(['"', '“', '”', '„', '«', '»']).enumerate() {
        let words: Vec<String> = words(part).take(left).collect();
        left = left.saturating_sub(words.len());
        // What stands between two quotes is a phrase. The last quote may be missing while it is typed.
        match words.as_slice() {
            [] => {}
            [word] => parts.push(word.clone()),
            several if at % 2 == 1 => parts.push(format!("\"{}\"", several.join(" "))),
            several => parts.push(several.join(" ")),
        }
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The words of a text, without any character that has a meaning in a query.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '+' | '#' | '_' | '@' | '.');
    let of = |word: &str| {
        let start: String = word.chars().take(LONGEST_WORD).collect();
        start.trim_start_matches(['+', '#', '.']).trim_end_matches('.').to_owned()
    };
    text.split(move |char| !is_part(char)).map(of).filter(|word| word.chars().any(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_types_is_no_syntax() {
        for (typed, asked) in [
            ("Überweisung März", "Überweisung März"),
            ("  #123456 ", "123456"),
            ("status:open -billing wor*", "status open billing wor"),
            ("\"payment is missing\" März", "\"payment is missing\" März"),
            ("\"payment is", "\"payment is\""),
            ("„fehlende Zahlung“", "\"fehlende Zahlung\""),
            ("C++ created>2026-01-01", "C++ created 2026 01 01"),
            ("kunde@nordlicht-reisen.example", "kunde@nordlicht reisen.example"),
            ("合同 契約", "合同 契約"),
        ] {
            assert_eq!(query(typed).as_deref(), Some(asked), "{typed}");
        }
    }

    #[test]
    fn a_text_without_a_word_is_not_asked_for() {
        for typed in ["", "   ", "\"\"", "🙏", "--- * :", "+#."] {
            assert_eq!(query(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_long_text_is_asked_for_in_part() {
        let asked = query(&"Zahlung ".repeat(5_000)).unwrap();
        assert_eq!(asked.split(' ').count(), MOST_WORDS);
        let asked = query(&"x".repeat(100_000)).unwrap();
        assert_eq!(asked.len(), LONGEST_WORD);
    }

    #[test]
    fn each_list_is_searched_by_its_parameter() {
        let of = |name: &str| parameter(&TicketList(name.to_owned()));
        assert_eq!(of("own"), Ok(None));
        assert_eq!(of("copied"), Ok(Some(("cc_id", "true".to_owned()))));
        assert_eq!(of("organization:7"), Ok(Some(("organization_id", "7".to_owned()))));
        assert!(of("a list of another version").is_err());
    }
}
