//! Which titles are like a text that the user types.
//!
//! A text and a title are compared by their [tokens](super::text), so "uberweisung" finds "Überweisung". A word is
//! found again if it is the same, or the same but for its end, as in another case or number. The last word may be
//! unfinished, so its beginning is enough. A rare word says more than one that many titles have, in any language, so no
//! list of small words is needed. A word that more than a quarter of the titles have, and more than two, says nothing.
//! One of three letters says nothing by itself, unless nothing longer was typed.

use std::collections::BTreeSet;

use super::text::{TokenKind, is_unspaced, tokens};

/// A shorter word says nothing, unless it is a number or a pair of characters of a script without spaces.
const SHORTEST: usize = 3;
/// A shorter word is not enough by itself, with the same exceptions.
const ENOUGH: usize = 4;
/// A word has at least this many characters in common with one that has another end.
const STEM: usize = 4;
/// How close a word with another end is.
const OTHER_END: f64 = 0.8;
/// How little the length of a title counts: of two that share the same words with the text, the shorter one comes first.
const LENIENT: f64 = 20.0;
/// A word of this many characters says as much as a longer one.
const LONG: usize = 8;
/// A title that is less than the best one by this factor is left out.
const NOISE: f64 = 5.0;
/// The most words of a text or a title that are looked at.
const MOST_WORDS: usize = 40;
/// The longest text that is looked at, in characters.
const LONGEST: usize = 1_000;

/// The titles that are most like `text`, the closest first, at most `most`. Of equally close ones, the earlier one comes first.
#[must_use]
pub(crate) fn closest<T>(text: &str, titles: impl IntoIterator<Item = (T, String)>, most: usize) -> Vec<T> {
    let typed = words(text);
    let Some((last, others)) = typed.split_last() else { return Vec::new() };
    let is_unfinished = text.chars().next_back().is_some_and(char::is_alphanumeric);
    // A word that was typed twice counts once.
    let mut wanted: BTreeSet<&String> = others.iter().collect();
    wanted.remove(last);
    let titles: Vec<(T, Vec<String>)> = titles.into_iter().map(|(id, title)| (id, words(&title))).collect();
    let has_enough = typed.iter().any(|word| is_enough(word));
    let mut scores = vec![0.0_f64; titles.len()];
    let mut enough_in = vec![!has_enough; titles.len()];
    for word in wanted.into_iter().chain([last]) {
        let is_last = std::ptr::eq(word, last) && is_unfinished;
        let closest = |title: &[String]| title.iter().map(|known| closeness(word, known, is_last)).fold(0.0, f64::max);
        let found: Vec<(usize, f64)> =
            titles.iter().map(|(_, title)| closest(title)).enumerate().filter(|(_, close)| *close > 0.0).collect();
        let rare = found.len() <= 2 || found.len() * 4 <= titles.len();
        if !rare || word.chars().count() < SHORTEST && !says_much(word) {
            continue;
        }
        let says = weight(word) * (1.0 + count(titles.len()) / count(found.len())).ln();
        for (index, close) in &found {
            scores[*index] += says * close;
            enough_in[*index] |= is_enough(word);
        }
    }
    let mut ranked: Vec<(f64, usize, T)> = titles
        .into_iter()
        .zip(scores.into_iter().zip(enough_in))
        .enumerate()
        .filter(|(_, (_, (score, is_enough)))| *score > 0.0 && *is_enough)
        .map(|(place, ((id, words), (score, _)))| (score / (LENIENT + count(words.len())), place, id))
        .collect();
    ranked.sort_by(|(a, place_a, _), (b, place_b, _)| b.total_cmp(a).then(place_a.cmp(place_b)));
    // Beside a close title, one that shares a small word with the text only is noise.
    let enough = ranked.first().map_or(0.0, |(best, _, _)| best / NOISE);
    ranked.into_iter().filter(|(score, _, _)| *score >= enough).take(most).map(|(_, _, id)| id).collect()
}

/// The words of a text that say something, each as what the index of searches is asked for: a title that has one of them may be close.
#[must_use]
pub(crate) fn telling_words(text: &str) -> BTreeSet<String> {
    words(text).into_iter().filter(|word| is_enough(word)).map(|word| format!("\"{word}\"")).collect()
}

/// How much a word says by its length. A number says as much as a long word.
fn weight(word: &str) -> f64 {
    if word.chars().all(char::is_numeric) { 1.0 } else { count(word.chars().count().min(LONG)) / count(LONG) }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// How close a word of a title is to the one that was typed, from 0 to 1.
fn closeness(typed: &str, known: &str, is_unfinished: bool) -> f64 {
    if typed == known {
        return 1.0;
    }
    let common = typed.chars().zip(known.chars()).take_while(|(a, b)| a == b).count();
    let (typed, known) = (typed.chars().count(), known.chars().count());
    let begins = is_unfinished && common == typed && typed >= SHORTEST;
    let is_stem = common >= STEM && common * 10 >= typed.max(known) * 7;
    if begins || is_stem { OTHER_END } else { 0.0 }
}

/// Whether a word is enough by itself.
fn is_enough(word: &str) -> bool {
    word.chars().count() >= ENOUGH || says_much(word)
}

/// Whether a word says something however short it is.
fn says_much(word: &str) -> bool {
    word.chars().all(char::is_numeric) || word.chars().next().is_some_and(is_unspaced)
}

/// The words of a text, folded.
fn words(text: &str) -> Vec<String> {
    let start = text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end]);
    let found = tokens(start).into_iter().filter(|token| token.kind != TokenKind::Last);
    found.map(|token| token.text).take(MOST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TITLES: [&str; 10] = [
        "Wann kommt meine Überweisung an? 💶",
        "Überweisungen ins Ausland: Gebühren und Dauer",
        "IBAN und BIC ändern",
        "Zwei-Faktor-Anmeldung einrichten",
        "Passwort vergessen – was nun?",
        "Rechnungen als PDF herunterladen",
        "Größe und Format von Werbemitteln",
        "Wie lange dauert die Prüfung meiner Anzeige?",
        "API 2.0: Schlüssel erneuern",
        "كيف أغير كلمة المرور؟",
    ];

    fn found(text: &str) -> Vec<usize> {
        closest(text, TITLES.iter().enumerate().map(|(index, title)| (index, (*title).to_owned())), 5)
    }

    #[test]
    fn a_title_is_found_by_its_words_whatever_their_case_accents_and_ends() {
        assert_eq!(found("uberweisung fehlt"), [0, 1]);
        assert_eq!(found("ÜBERWEISUNGEN INS AUSLAND"), [1, 0]);
        assert_eq!(found("Ich habe mein Passwort vergessen"), [4]);
        assert_eq!(found("grosse der Werbemittel"), [6]);
        assert_eq!(found("كلمة المرور"), [9]);
        assert_eq!(found("Rechnung"), [5]);
    }

    #[test]
    fn a_title_without_spaces_is_found_by_any_two_of_its_characters() {
        let titles = ["如何签订合同", "如何申请退款", "付款方式"].map(str::to_owned);
        let titles = || titles.clone().into_iter().enumerate();
        assert_eq!(closest("我的合同在哪里", titles(), 5), [0]);
        assert_eq!(closest("退款", titles(), 5), [1]);
        assert!(closest("密码", titles(), 5).is_empty());
    }

    #[test]
    fn the_last_word_may_be_unfinished_and_no_other() {
        assert_eq!(found("zwei-fak"), [3]);
        assert_eq!(found("Pas"), [4]);
        assert!(found("Pas ").is_empty());
        assert!(found("Pa").is_empty());
    }

    #[test]
    fn small_words_find_nothing_and_numbers_do() {
        assert!(found("an").is_empty() && found("").is_empty() && found("💶 ?!").is_empty());
        assert_eq!(found("2.0"), [8]);
        let many: Vec<_> =
            (0..20).map(|number| (number, format!("Wie ändere ich Einstellung Nummer {number}?"))).collect();
        assert!(closest("wie ändere ich", many.clone(), 5).is_empty(), "every title has these words");
        assert_eq!(closest("wie ändere ich nummer 17", many, 5), [17]);
        let few = [(1, "Werbemittel mit Umlauten".to_owned()), (2, "API erneuern".to_owned())];
        assert!(closest("erste schritte mit shopify", few.clone(), 5).is_empty(), "one small word is not enough");
        assert_eq!(closest("werbung mit umlaut", few.clone(), 5), [1]);
        assert_eq!(closest("API", few, 5), [2], "unless nothing else was typed");
    }

    #[test]
    fn there_are_never_more_than_asked_for_and_the_newest_come_first() {
        let same = (0..6).map(|number| (number, "Auszahlung verspätet".to_owned())).chain([(6, "Anderes".to_owned())]);
        let more = (7..40).map(|number| (number, format!("Thema {number}")));
        assert_eq!(closest("auszahlung", same.chain(more), 5), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn the_index_is_asked_for_the_words_that_say_something() {
        let asked = |text: &str| telling_words(text).into_iter().collect::<Vec<_>>();
        assert_eq!(
            asked("Die Überweisung an 4711 fehlt, die ÜBERWEISUNG!"),
            ["\"4711\"", "\"fehlt\"", "\"uberweisung\""]
        );
        assert_eq!(asked("合同 👋"), ["\"合同\""]);
        assert!(asked("an in die \" * ^").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_gives_an_answer(text in ".{0,80}", titles in proptest::collection::vec(".{0,40}", 0..6)) {
            let found = closest(&text, titles.into_iter().enumerate(), 3);
            prop_assert!(found.len() <= 3);
        }
    }
}
