//! Whatever a server does to a text, its author's text is recognised, and another text is not.

use proptest::prelude::*;

use super::*;

fn likeness(ours: &str, theirs: &str) -> Likeness {
    Text::of(ours).likeness(&Text::of(theirs))
}

#[test]
fn what_servers_do_to_a_text_does_not_make_it_another() {
    for (ours, theirs) in [
        // Markdown is rendered.
        ("**Bitte** prüfen:\n* eins\n* _zwei_\n1. drei", "Bitte prüfen:\neins\nzwei\ndrei"),
        ("# Überschrift\n> Zitat\n`code`\n```\nlet x = 1;\n```", "Überschrift\nZitat\ncode\nlet x = 1;"),
        ("siehe [die Rechnung](https://reisen.example/r/4711?a=b)", "siehe die Rechnung"),
        ("- [ ] offen\n- [x] erledigt", "• offen\n• x erledigt"),
        // Entities, once and twice, and tags.
        ("A < B && C > D", "A &lt; B &amp;&amp; C &gt; D"),
        ("A < B & C", "A &amp;lt; B &amp;amp; C"),
        ("Grüße aus Köln, André", "Gr&uuml;&szlig;e aus K&ouml;ln, Andr&eacute;"),
        ("„Ja“ – sagte sie …", "&bdquo;Ja&ldquo; &ndash; sagte sie &hellip;"),
        ("<b>fett</b> und <script>x</script>", "fett und x"),
        ("Zeile eins\nZeile zwei", "Zeile eins<br/>Zeile zwei"),
        // White space.
        ("zu   viele    Leerzeichen\t\there", "zu viele Leerzeichen here"),
        ("eins\n\n\n\nzwei", "eins\n\nzwei"),
        ("eins\r\n  zwei\u{a0}drei", "eins zwei drei"),
        // Characters that a database cannot hold.
        ("Danke! 🎉👩‍👩‍👧‍👦 Bis bald ❤️", "Danke!  Bis bald "),
        ("Danke! 🎉", "Danke! ????"),
        ("Danke! 🎉", "Danke! \u{fffd}"),
        ("Schritt 1️⃣ fertig ™️", "Schritt  fertig "),
        ("vor\0nach", "vornach"),
        ("👍", ""),
        // Invisible characters, Unicode forms, quotation marks.
        ("\u{202e}שלום\u{202c} Ada\u{200b}\u{ad}", "שלום Ada"),
        ("Mu\u{308}nchen, ﬁnden, Ｃａｆé", "München, finden, Café"),
        ("„so“ und ‚so‘ und don’t", "\"so\" und 'so' und don't"),
    ] {
        assert!(likeness(ours, theirs) >= Likeness::Same, "{ours:?} {theirs:?}");
        assert!(likeness(ours, &format!("{theirs}\n")) >= Likeness::Same, "{ours:?} {theirs:?}");
    }
}

#[test]
fn another_text_is_another() {
    for (ours, theirs) in [
        ("ok", "OK"),
        ("ok", "nein"),
        ("👍", "🎉"),
        ("???", "!!!"),
        ("", "Danke"),
        ("Danke", ""),
        ("Danke", "Danke, hat sich erledigt"),
        ("Bitte stornieren", "Bitte nicht stornieren"),
        ("合同已签", "发票未到"),
    ] {
        assert_eq!(likeness(ours, theirs), Likeness::Other, "{ours:?} {theirs:?}");
    }
}

#[test]
fn four_fifths_of_the_words_are_similar() {
    let ours = "eins zwei drei vier fünf sechs sieben acht neun zehn";
    assert_eq!(likeness(ours, "eins zwei drei vier fünf sechs sieben acht NEUN ZEHN"), Likeness::Similar);
    assert_eq!(likeness(ours, "eins zwei drei vier fünf sechs sieben ACHT NEUN ZEHN"), Likeness::Other);
    // A long answer that contains a short one is another text.
    assert_eq!(likeness("eins zwei", "eins zwei drei"), Likeness::Other);
    assert_eq!(likeness("我们的合同已经签好了吗", "我们的合同已经签好了"), Likeness::Similar);
}

#[test]
fn a_long_text_is_recognised_by_its_beginning() {
    let ours = (0..2_000).map(|number| format!("Wort{number}")).collect::<Vec<_>>().join(" ");
    let chars = |count: usize| ours.chars().take(count).collect::<String>();
    assert_eq!(likeness(&ours, &chars(1_000)), Likeness::Similar);
    assert_eq!(likeness(&ours, &(chars(1_500) + "… [gekürzt]")), Likeness::Similar);
    assert_eq!(likeness(&ours, &chars(990)), Likeness::Other);
    assert_eq!(likeness(&ours, &(chars(1_500) + &"ganz anders ".repeat(20))), Likeness::Other);
    let cut: Vec<u8> = "ä".repeat(40_000).into_bytes().into_iter().take(65_535).collect();
    assert_eq!(likeness(&"ä".repeat(40_000), &String::from_utf8_lossy(&cut)), Likeness::Similar);
}

#[test]
fn a_hostile_text_takes_no_longer_than_its_length() {
    for piece in ["](", "<a", "&amp;", "&", "<", "\u{20e3}", "1.\n"] {
        let text = piece.repeat(20_000);
        let start = std::time::Instant::now();
        let _ = likeness(&text, &text[..text.len() / 2]);
        assert!(start.elapsed() < Duration::from_secs(20), "{piece:?}");
    }
}

/// Texts like those that people write: several scripts, marks, code, emoji.
fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Guten",
        "Tag",
        "Größe",
        "naïve",
        "**fett**",
        "_kursiv_",
        "`let x = 5;`",
        "שלום",
        "مرحبا",
        "合同",
        "ひらがな",
        "🎉",
        "👩‍👩‍👧‍👦",
        "❤️",
        "4.711,00 €",
        "a<b",
        "R&D",
        "„Zitat“",
        "don't",
        "https://reisen.example/a?b=c&d=e",
        "—",
        "x²",
    ]);
    let gap = prop::sample::select(vec![" ", "  ", "\n", "\n\n", "\n* ", ", "]);
    prop::collection::vec((word, gap), 1..25)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
}

/// What one server does to a text.
fn changed(text: &str, change: usize) -> String {
    match change {
        0 => text.replace(['*', '_', '`'], ""),
        1 => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        2 => text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
        3 => text.split('\n').filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n"),
        4 => text.chars().filter(|c| u32::from(*c) < 0x1_0000).collect(),
        5 => text.replace(['„', '“'], "\"").replace('\'', "’"),
        6 => unicode_normalization::UnicodeNormalization::nfd(text).collect(),
        7 => unicode_normalization::UnicodeNormalization::nfkc(text).collect(),
        8 => text.replace('\n', "\r\n"),
        9 => text.replace(['\u{200d}', '\u{fe0f}'], ""),
        10 => format!("\u{feff}{}\n ", text.replace(' ', "\u{a0}")),
        _ => text.replace('\n', " "),
    }
}

proptest! {
    #[test]
    fn any_combination_of_changes_leaves_it_recognised(
        ours in text(),
        changes in prop::collection::vec(0_usize..12, 0..5),
    ) {
        let theirs = changes.iter().fold(ours.clone(), |text, change| changed(&text, *change));
        let likeness = likeness(&ours, &theirs);
        let nothing_left = Text::of(&ours).key() == crate::model::normalise(&ours) && theirs != ours;
        prop_assert!(likeness >= Likeness::Same || nothing_left, "{ours:?} {theirs:?}");
    }

    #[test]
    fn any_text_is_the_same_as_itself_and_nothing_panics(ours in "\\PC{0,40}|[<>&;#\\[\\]()*_.0-9a-z \n]{0,60}", theirs in "\\PC{0,40}") {
        prop_assert_eq!(likeness(&ours, &ours), Likeness::Equal);
        let _ = likeness(&ours, &theirs);
    }
}
