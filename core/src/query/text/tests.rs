//! Tests of the words of a text, of questions and of excerpts.

use proptest::prelude::*;

use super::*;
use crate::model::Segment;

fn folded(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.text).collect()
}

fn finds(question: &str, text: &str) -> bool {
    let (question, tokens) = (Question::of(question), tokens(text));
    !question.is_empty() && question.terms.iter().all(|term| term.is_in(&tokens))
}

/// A text with brackets around what was found.
fn shown(segments: &[Segment]) -> String {
    segments.iter().map(|part| if part.hit { format!("[{}]", part.text) } else { part.text.clone() }).collect()
}

fn marked(question: &str, text: &str) -> String {
    shown(&Question::of(question).marked(text))
}

fn excerpt(question: &str, text: &str) -> String {
    shown(&Question::of(question).excerpt(text))
}

fn expressions(question: &str) -> Vec<String> {
    Question::of(question).terms.iter().map(Term::expression).collect()
}

#[test]
fn what_means_the_same_is_found_however_it_is_written() {
    for (question, text) in [
        ("strasse", "Lindenstr. heißt jetzt Straße des Friedens"),
        ("STRASSE", "straße"),
        ("STRAẞE", "Strasse"),
        ("Straße", "STRASSE"),
        ("uberweisung", "Die Überweisung fehlt"),
        ("u\u{308}berweisung", "ÜBERWEISUNG"),
        ("ΕΛΛΗΝΙΚΟΣ", "ένας ελληνικός λογαριασμός"),
        ("Ελληνικός", "ΕΛΛΗΝΙΚΟΣ"),
        ("istanbul", "Rechnung für İstanbul 🧾"),
        ("İSTANBUL", "ıstanbul"),
        ("IRMAK", "ırmak"),
        ("كتاب", "هذا كِتَابٌ قديم"),
        ("كـتـاب", "كتاب"),
        ("احمد", "السيد أحمد"),
        ("שלום", "שָׁלוֹם לכולם"),
        ("カタカナ", "半角のｶﾀｶﾅです"),
        ("ｶﾞｲﾄﾞ", "新しいガイド"),
        ("ＡＢＣ１２", "abc12"),
        ("ﬁnanzamt", "Finanzamt"),
        ("Rechnungs\u{ad}nummer", "Rechnungsnummer"),
        ("елка", "Ёлка"),
        ("한국", "대한민국과 한국어"),
        ("แปล", "บริการแปลภาษา"),
    ] {
        assert!(finds(question, text), "{question} in {text}: {:?} {:?}", expressions(question), folded(text));
    }
}

#[test]
fn what_means_something_else_is_not_found() {
    for (question, text) in [
        ("か ", "が"),
        ("が", "か"),
        ("がぎ", "かき"),
        ("ना ", "नि "),
        ("Rück ", "Rückerstattung"),
        ("C++", "Ein Programm in C und in C#"),
        ("C# ", "C++ und C"),
        ("C ", "C++ und C#"),
        ("契約", "契 約"),
        ("\"Konto gesperrt\"", "gesperrt ist das Konto"),
    ] {
        assert!(!finds(question, text), "{question} in {text}");
    }
}

#[test]
fn scripts_without_spaces_are_found_by_any_of_their_characters() {
    let text = "我想签合同，但是契約書はまだ届いていません。";
    for question in ["合同", "契約", "契約書", "我想签合同", "同", "我", "ん", "签合同 届いて", "\"合同，但是\""]
    {
        assert!(finds(question, text), "{question}");
    }
    assert!(!finds("同合", text) && !finds("合但", text));
    assert_eq!(folded("签合同 AB"), ["签合", "合同", "同", "ab"]);
    assert_eq!(folded("合同AB。"), ["合同", "同", "ab"]);
    assert_eq!(folded("サーバー"), ["サー", "ーバ", "バー", "ー"]);
    assert!(finds("サーバー", "新しいサーバーの件") && finds("ーバ", "サーバー"));
    assert!(finds("合同AB", "签合同AB型") && finds("\"合同 AB\"", "合同AB"));
}

#[test]
fn a_language_of_programmers_is_a_word() {
    assert_eq!(
        folded("C++, C#, F#-Kurs, C++11 und A+B, #12, c+++"),
        ["c++", "c#", "f#", "kurs", "c++", "11", "und", "a", "b", "12", "c+++"]
    );
    assert!(finds("c++", "Fehler in C++") && finds("C", "Fehler in C++") && finds("c\u{308}+ ", "\u{107}+"));
    // A letter of Malayalam that takes the next character into its cluster.
    assert_eq!(folded("\u{d4e}»#"), ["\u{d4e}"]);
}

#[test]
fn a_question_is_what_a_user_means() {
    for (typed, meant) in [
        ("Rechnung März", vec![r#""rechnung""#, r#""marz" *"#]),
        ("Rechnung März ", vec![r#""rechnung""#, r#""marz""#]),
        ("\"Konto gesperrt\" seit", vec![r#""konto gesperrt""#, r#""seit" *"#]),
        ("„Konto gesperrt“", vec![r#""konto gesperrt""#]),
        ("«compte bloqué» hier ", vec![r#""compte bloque""#, r#""hier""#]),
        ("\"Konto gesp", vec![r#""konto gesp" *"#]),
        ("foo-bar 1.2.3 ada@desk.example!", vec![r#""foo bar""#, r#""1 2 3""#, r#""ada desk example""#]),
        ("签合同", vec![r#""签合 合同""#]),
        ("签合同AB", vec![r#""签合 合同 同 ab" *"#]),
        ("同 x", vec![r#""同" *"#, r#""x" *"#]),
        ("退款，合同", vec![r#""退款""#, r#""合同""#]),
        ("doppelt Doppelt ", vec![r#""doppelt""#]),
        ("OR NOT * ^ ( NEAR ", vec![r#""or""#, r#""not""#, r#""near""#]),
        ("👩‍👩‍👧 ?! ", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(expressions(typed), meant, "{typed}");
    }
}

#[test]
fn a_number_is_a_ticket_or_a_word() {
    for (typed, number) in [
        ("123456", Some(123_456)),
        (" #123456 ", Some(123_456)),
        ("＃１２３", Some(123)),
        ("99999999999999999999", None),
        ("1.5", None),
        ("12 34", None),
        ("CP-17", None),
        ("#12a", None),
    ] {
        assert_eq!(Question::of(typed).number, number, "{typed}");
    }
    assert_eq!(expressions("#123456"), [r#""123456" *"#]);
}

#[test]
fn what_was_found_is_marked_in_the_text_as_it_was_written() {
    assert_eq!(marked("strasse 12", "👩‍👩‍👧 Straße 12b"), "👩‍👩‍👧 [Straße] [12b]");
    assert_eq!(marked("合同", "👩‍👩‍👧 签合同了"), "👩‍👩‍👧 签[合同]了");
    assert_eq!(marked("签合同", "我签合同"), "我[签合同]");
    assert_eq!(marked("合", "签合同"), "签[合]同");
    assert_eq!(marked("\"u\u{308}ber mich\"", "Alles über mich."), "Alles [über mich].");
    assert_eq!(marked("Ｋonto", "Konto\u{ad}nummer"), "[Konto\u{ad}nummer]");
    assert_eq!(marked("nichts ", "Etwas"), "Etwas");
    assert_eq!(marked("x", ""), "");
}

#[test]
fn an_excerpt_shows_where_most_was_found() {
    let filler = "Guten Tag, wir melden uns wegen der letzten Abrechnung.  \r\n".repeat(6);
    let text = format!("Auszahlung? {filler}Die Auszahlung für März 🧾 fehlt seit Dienstag.\n\n{filler}");
    let found = excerpt("auszahlung märz fehlt", &text);
    assert!(found.contains("Die [Auszahlung] für [März] 🧾 [fehlt] seit Dienstag. Guten Tag"), "{found}");
    assert!(
        found.starts_with('…') && found.ends_with('…') && !found.contains('\n') && !found.contains("  "),
        "{found}"
    );
    assert_eq!(excerpt("tag", "  Guten\n\nTag  "), "Guten [Tag]");
    let beginning = excerpt("nirgends", &text);
    assert!(beginning.starts_with("Auszahlung? Guten Tag") && beginning.ends_with('…'), "{beginning}");
    let families = "👨‍👩‍👧‍👦".repeat(300);
    let cut = excerpt("ziel", &format!("{families} Ziel {families}"));
    let family = "👨‍👩‍👧‍👦";
    assert!(cut.replace(family, "").replace(['…', ' '], "") == "[Ziel]", "no family is parted: {cut}");
    assert_eq!(excerpt("gpj", "Bild \u{202e}gpj.exe\u{202c}\u{7}"), "Bild [gpj].exe");
}

#[test]
fn a_question_and_a_word_have_bounds() {
    let long = "a".repeat(500);
    assert_eq!(folded(&long), ["a".repeat(64)]);
    assert!(finds(&long, &long));
    let many: Vec<String> = (0..200).map(|number| format!("w{number}")).collect();
    assert_eq!(Question::of(&many.join(" ")).terms.len(), 32);
    let phrase = format!("\"{}\"", "合".repeat(5_000));
    assert_eq!(expressions(&phrase)[0].chars().count(), 64 * 3 - 1 + 2);
    assert!(finds(&phrase, &"合".repeat(5_000)));
}

/// Texts of every kind: words, runs without spaces, marks, quotes, what is invisible.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-zA-ZäÖßİıς0-9]{1,8}",
        "[合同契約かがガｶﾞー한국แปลกำ]{1,6}",
        "[ .,;+#\"„“«»\n-]{1,3}",
        "[\u{301}\u{308}\u{ad}\u{200d}\u{640}كتاب\u{651}\u{64e}]{1,4}",
        "\\PC{1,4}",
        Just("👩‍👩‍👧".to_owned()),
    ];
    proptest::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

fn joined(segments: &[Segment]) -> String {
    segments.iter().map(|part| part.text.as_str()).collect()
}

proptest! {
    #[test]
    fn every_token_stands_where_it_says(text in text()) {
        let found = tokens(&text);
        for token in &found {
            prop_assert!(!token.text.is_empty() && token.text.chars().count() <= 64);
            prop_assert!(!token.text.contains(|c: char| c.is_whitespace() || c == '"' || c.is_control()));
            prop_assert!(text.get(token.range.clone()).is_some_and(|part| !part.is_empty()));
            prop_assert!(text.is_char_boundary(token.head) && token.range.start < token.head && token.head <= token.range.end);
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].range.start < pair[1].range.start));
        prop_assert!(found.windows(2).all(|pair| pair[0].head <= pair[1].range.start));
    }

    #[test]
    fn a_document_is_found_by_each_of_its_words_and_phrases(text in text(), from in 0_usize..60, length in 1_usize..6) {
        let found = tokens(&text);
        for token in &found {
            let word = &text[token.range.clone()];
            prop_assert!(finds(word, &text), "{word:?} {:?}", expressions(word));
        }
        if let Some(first) = found.get(from) {
            let last = &found[(from + length).min(found.len()) - 1];
            let phrase = text[first.range.start..last.range.end.max(first.range.end)].replace(['"', '„', '“', '«', '»'], ".");
            prop_assert!(finds(&format!("\"{phrase}\""), &text), "{phrase:?} {:?}", expressions(&phrase));
        }
    }

    #[test]
    fn any_text_is_a_question_and_its_parts_are_the_text(question in text(), text in text()) {
        let question = Question::of(&question);
        for term in &question.terms {
            prop_assert_eq!(term.expression().matches('"').count(), 2);
        }
        let marked = question.marked(&text);
        prop_assert_eq!(joined(&marked), text.clone());
        prop_assert!(marked.windows(2).all(|pair| pair[0].hit != pair[1].hit) && marked.iter().all(|part| !part.text.is_empty()));
        let all = question.terms.iter().any(|term| term.is_in(&tokens(&text)));
        prop_assert_eq!(marked.iter().any(|part| part.hit), all);

        let excerpt = question.excerpt(&text);
        let one_line = |text: &str| -> String {
            text.chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '…')).filter(|c| c.is_whitespace() || !c.is_control()).collect::<String>()
                .split_whitespace().collect::<Vec<_>>().join(" ")
        };
        prop_assert!(one_line(&text).contains(&one_line(&joined(&excerpt))));
    }

    #[test]
    fn composed_and_decomposed_texts_have_the_same_tokens(text in text()) {
        use unicode_normalization::UnicodeNormalization;
        let texts = |text: &str| folded(text);
        prop_assert_eq!(texts(&text.nfc().collect::<String>()), texts(&text.nfd().collect::<String>()));
    }

    #[test]
    fn nothing_panics(question in any::<String>(), text in any::<String>()) {
        let question = Question::of(&question);
        let _ = (question.marked(&text), question.excerpt(&text), tokens(&text));
    }
}
