use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::connectors::pasted;
use crate::model::{Body, FormatRange, same_text};

/// `text` with these words in bold.
fn bold(text: &str, words: &[&str]) -> FormattedText {
    words.iter().fold(text.into(), |made: FormattedText, word| made.toggled(place(text, word), Look::Bold))
}

fn place(text: &str, word: &str) -> Range<usize> {
    let from = text.find(word).unwrap();
    from..from + word.len()
}

/// The text with `*` around what is bold, `_` around what is italic, and addresses behind links.
fn shown(text: &FormattedText) -> String {
    let mut shown = String::new();
    for (range, format) in text.pieces(0..text.text().len()) {
        let part = &text.text()[range];
        let part = if format.bold { format!("*{part}*") } else { part.to_owned() };
        let part = if format.italic { format!("_{part}_") } else { part };
        shown += &format.link.map_or(part.clone(), |link| format!("[{part}]({link})"));
    }
    shown
}

/// The text after the user typed `inserted` at the end of `before`, which stands in the text.
fn typed(text: &FormattedText, before: &str, inserted: &str, look: Option<&[Look]>) -> Edited {
    let at = place(text.text(), before).end;
    let after = format!("{}{inserted}{}", &text.text()[..at], &text.text()[at..]);
    text.typed(&after, at + inserted.len(), look)
}

#[test]
fn what_is_typed_behind_a_bold_word_is_bold_and_what_is_typed_before_it_is_not() {
    let text = bold("Die Zahlung über 12 € fehlt 🧾", &["12 €"]);
    assert_eq!(shown(&typed(&text, "12 €", "uro", None).text), "Die Zahlung über *12 €uro* fehlt 🧾");
    assert_eq!(shown(&typed(&text, "über ", "rund ", None).text), "Die Zahlung über rund *12 €* fehlt 🧾");
    assert_eq!(shown(&typed(&text, "12 €", ", immer", Some(&[])).text), "Die Zahlung über *12 €*, immer fehlt 🧾");
    let italic = typed(&text, "fehlt", " noch", Some(&[Look::Italic])).text;
    assert_eq!(shown(&italic), "Die Zahlung über *12 €* fehlt_ noch_ 🧾");
}

#[test]
fn between_equal_letters_the_cursor_tells_where_something_was_typed() {
    let text = bold("aa", &["a"]);
    assert_eq!(shown(&text), "*a*a");
    assert_eq!(shown(&text.typed("aaa", 1, Some(&[])).text), "a*a*a");
    assert_eq!(shown(&text.typed("aaa", 3, Some(&[])).text), "*a*aa");
    // A text that the system corrects is found without the cursor.
    let text = bold("Ich warte seit Mitwoch auf die Zahlung.", &["Zahlung"]);
    let corrected = text.typed("Ich warte seit Mittwoch auf die Zahlung.", 40, None);
    assert_eq!(shown(&corrected.text), "Ich warte seit Mittwoch auf die *Zahlung*.");
}

#[test]
fn what_replaces_a_selection_looks_like_it_and_a_deleted_range_is_gone() {
    let text = bold("Rechnung 4711 fehlt", &["4711"]);
    assert_eq!(shown(&text.typed("Rechnung 4712 fehlt", 13, None).text), "Rechnung *4712* fehlt");
    assert_eq!(shown(&text.typed("Rechnung  fehlt", 9, None).text), "Rechnung  fehlt");
    assert_eq!(text.typed("", 0, None).text, FormattedText::default());
}

#[test]
fn a_look_is_switched_off_if_the_whole_selection_has_it() {
    let text: FormattedText = "Guten Tag, Ada".into();
    let all = text.toggled(0..14, Look::Bold);
    assert_eq!(shown(&all), "*Guten Tag, Ada*");
    assert_eq!(shown(&all.toggled(0..5, Look::Bold)), "Guten* Tag, Ada*");
    let part = text.toggled(6..9, Look::Italic);
    assert_eq!(shown(&part.toggled(0..9, Look::Italic)), "_Guten Tag_, Ada");
    assert!(all.looks(3..8).bold && all.looks(5..5).bold && !text.looks(3..8).bold);
}

#[test]
fn a_link_leads_to_a_safe_address_or_nowhere() {
    let text: FormattedText = "Siehe Protokoll, bitte".into();
    let linked = text.linked(6..15, "desk.example/a?b=1").unwrap();
    assert_eq!(shown(&linked.text), "Siehe [Protokoll](https://desk.example/a?b=1), bitte");
    assert_eq!(linked.selection, 15..15);
    assert_eq!(text.linked(6..15, "javascript:alert(1)"), None);
    assert_eq!(text.linked(6..15, "  "), None);
    let mail = text.linked(22..22, "ada@b.example").unwrap();
    assert_eq!(shown(&mail.text), "Siehe Protokoll, bitte[ada@b.example](mailto:ada@b.example)");
    // Behind a link, nothing leads anywhere, and inside it does.
    assert_eq!(
        shown(&typed(&linked.text, "Protokoll", "e", None).text),
        "Siehe [Protokoll](https://desk.example/a?b=1)e, bitte"
    );
    assert_eq!(
        shown(&typed(&linked.text, "Proto", "-", None).text),
        "Siehe [Proto-koll](https://desk.example/a?b=1), bitte"
    );
    assert_eq!(linked.text.looks(8..8).link.as_deref(), Some("https://desk.example/a?b=1"));
    assert_eq!(linked.text.unlinked(8..8), text);
}

#[test]
fn a_line_break_begins_the_next_item_and_in_an_empty_one_ends_the_list() {
    let one: FormattedText = "1. Rechnung".into();
    let two = typed(&one, "Rechnung", "\n", None);
    assert_eq!((two.text.text(), two.selection.clone()), ("1. Rechnung\n2. ", 15..15));
    let ended = typed(&two.text, "2. ", "\n", None);
    assert_eq!((ended.text.text(), ended.selection), ("1. Rechnung\n", 12..12));
    let bullets = typed(&"  - Größe".into(), "Größe", "\n", None);
    assert_eq!(bullets.text.text(), "  - Größe\n  - ");
    assert_eq!(typed(&"Kein - Punkt".into(), "Punkt", "\n", None).text.text(), "Kein - Punkt\n");
}

#[test]
fn lines_become_items_and_lines_again() {
    let text = bold("Es fehlen:\nMärz\n\nApril", &["März"]);
    let lines = place(text.text(), "März").start..text.text().len();
    let listed = text.listed(lines, ListKind::Bullets);
    assert_eq!(shown(&listed.text), "Es fehlen:\n- *März*\n\n- April");
    assert_eq!(listed.text.looks(listed.selection.clone()).list, Some(ListKind::Bullets));
    let numbered = listed.text.listed(listed.selection, ListKind::Numbers);
    assert_eq!(shown(&numbered.text), "Es fehlen:\n1. *März*\n\n2. April");
    let plain = numbered.text.listed(numbered.selection, ListKind::Numbers);
    assert_eq!(shown(&plain.text), shown(&text));
    // In an empty field, the first item begins.
    let first = FormattedText::default().listed(0..0, ListKind::Bullets);
    assert_eq!((first.text.text(), first.selection), ("- ", 2..2));
}

#[test]
fn a_reply_becomes_a_message_with_its_structure() {
    let text = bold("Guten Tag,\nes fehlen:\n- März\n  - Teil 1\n- April\n\nDanke!", &["März", "Danke!"]);
    let (body, structure) = text.structured();
    assert_eq!(body, "Guten Tag,\nes fehlen:\n\n- März\n  - Teil 1\n- April\n\nDanke!");
    let page = Body::of(&body, structure.as_ref()).to_html(|_| None);
    assert_eq!(
        page,
        "<p>Guten Tag,<br>es fehlen:</p><ul><li><p><b>März</b></p><ul><li><p>Teil 1</p></li></ul></li><li><p>April</p></li></ul><p><b>Danke!</b></p>"
    );
    assert_eq!(shown(&FormattedText::of_message(&body, structure.as_ref())).matches('*').count(), 4);
    // What has no format is sent as it was typed.
    for plain in
        ["Guten Tag,\n\n\n   eingerückt", "5 - 3 = 2\n-- \nAda", "2026. Ein Jahr", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"]
    {
        assert_eq!(FormattedText::from(plain).structured(), (plain.to_owned(), None), "{plain}");
    }
}

#[test]
fn a_look_that_is_chosen_at_the_cursor_is_that_of_the_next_letters() {
    let field = Editor::of("Bitte ".into()).toggled(Look::Bold);
    assert!(field.looks().bold && !field.looks().italic);
    // A cursor that stays where it is changes nothing; one that moves forgets it.
    assert_eq!(field.changed("Bitte ", 6..6), field);
    assert!(!field.changed("Bitte ", 2..2).looks().bold);
    let typed = field.changed("Bitte h", 7..7).changed("Bitte he", 8..8);
    assert_eq!(shown(&typed.text), "Bitte *he*");
    let off = typed.toggled(Look::Bold).changed("Bitte he ", 9..9);
    assert_eq!((shown(&off.text).as_str(), off.looks().bold), ("Bitte *he* ", false));
    let both = off.toggled(Look::Bold).toggled(Look::Italic).changed("Bitte he x", 10..10);
    assert_eq!(shown(&both.text), "Bitte *he* _*x*_");
    // A selection is changed at once.
    let selected = both.changed("Bitte he x", 0..5).toggled(Look::Italic);
    assert_eq!((shown(&selected.text).as_str(), selected.next.clone()), ("_Bitte_ *he* _*x*_", None));
}

#[test]
fn what_is_pasted_keeps_what_a_reply_can_have() {
    let page = "<meta charset='utf-8'><h2 style='color:red'>Schritte</h2><ol><li>Öffnen<li><b>Nicht</b> <a href='http://a.example'>hier</a>\
                </ol><script>alert(1)</script><img src='https://a.example/p.png'>";
    let pasted = pasted(page);
    assert_eq!(shown(&pasted), "*Schritte*\n\n1. Öffnen\n2. *Nicht* hier (http://a.example)");
    let into = bold("vor nach", &["vor nach"]).pasted(4..4, &pasted);
    assert_eq!(
        shown(&into.text),
        "*vor **Schritte*\n\n1. Öffnen\n2. *Nicht* hier (http://a.example)*nach*".replace("**", "")
    );
    assert_eq!(into.selection.end, 4 + pasted.text().len());
}

#[test]
fn a_text_below_another_keeps_its_formats() {
    let below = bold("  Danke, Größe  ", &["Größe"]);
    assert_eq!(shown(&bold("Hallo ", &["Hallo"]).followed_by(&below)), "*Hallo*\n\nDanke, *Größe*");
    assert_eq!(shown(&FormattedText::default().followed_by(&below)), "Danke, *Größe*");
}

/// What a user does in the field.
#[derive(Debug, Clone)]
enum Step {
    Type(usize, usize, String, Option<bool>),
    Toggle(usize, usize, bool),
    Link(usize, usize),
    Unlink(usize),
    List(usize, usize, bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let text = prop::sample::select(vec!["", "a", "ä", "🧾", "\n", "\n\n", "- ", "1. ", "fett ", "שלום ", "&<b>"]);
    let place = 0_usize..60;
    prop::collection::vec(
        prop_oneof![
            4 => (place.clone(), 0_usize..4, text, any::<Option<bool>>()).prop_map(|(at, cut, text, bold)| Step::Type(at, cut, text.to_owned(), bold)),
            2 => (place.clone(), place.clone(), any::<bool>()).prop_map(|(from, to, bold)| Step::Toggle(from, to, bold)),
            1 => (place.clone(), place.clone()).prop_map(|(from, to)| Step::Link(from, to)),
            1 => place.clone().prop_map(Step::Unlink),
            1 => (place.clone(), place, any::<bool>()).prop_map(|(from, to, numbers)| Step::List(from, to, numbers)),
        ],
        0..30,
    )
}

fn done(text: &FormattedText, step: &Step) -> Edited {
    let plain = |text: FormattedText| Edited { text, selection: 0..0 };
    match step {
        Step::Type(at, cut, inserted, bold) => {
            let from = text.text().floor_char_boundary(*at);
            let to = text.text().floor_char_boundary(from + cut).max(from);
            let after = format!("{}{inserted}{}", &text.text()[..from], &text.text()[to..]);
            let look = bold.map(|bold| if bold { &[Look::Bold][..] } else { &[] });
            let edited = text.typed(&after, from + inserted.len(), look);
            if inserted != "\n" {
                assert_eq!(edited.text.text(), after);
            }
            edited
        }
        Step::Toggle(from, to, bold) => plain(text.toggled(*from..*to, if *bold { Look::Bold } else { Look::Italic })),
        Step::Link(from, to) => text.linked(*from..*to, "https://desk.example/hilfe").unwrap(),
        Step::Unlink(at) => plain(text.unlinked(*at..*at)),
        Step::List(from, to, numbers) => {
            text.listed(*from..*to, if *numbers { ListKind::Numbers } else { ListKind::Bullets })
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_the_ranges_fit_and_the_server_reads_the_same_message(steps in steps()) {
        let mut text = FormattedText::default();
        for step in &steps {
            let edited = done(&text, step);
            text = edited.text;
            prop_assert!(text.text().is_char_boundary(edited.selection.start));
            prop_assert!(text.text().is_char_boundary(edited.selection.end));
            let mut end = 0;
            for range in text.formats() {
                prop_assert!(end <= range.from && range.from < range.to, "{:?}", text);
                prop_assert!(text.text().get(range.from..range.to).is_some(), "{:?}", text);
                end = range.to;
            }
        }
        let (body, structure) = text.structured();
        prop_assert!(structure.as_ref().is_none_or(|structure| structure.fits(&body)));
        if let Some(structure) = structure {
            let written = Body::of(&body, Some(&structure));
            let read = pasted(&written.to_html(|_| None));
            prop_assert!(same_text(read.text(), &body), "{:?} became {:?}", body, read);
        }
    }

    /// A row or a kit may name any places.
    #[test]
    fn ranges_of_others_are_put_right(text in "[aä🧾\n]{0,12}", places in prop::collection::vec((0_usize..20, 0_usize..20), 0..6)) {
        let ranges: Vec<_> = places.iter().map(|(from, to)| FormatRange { from: *from, to: *to, bold: true, italic: false, link: None }).collect();
        let made = FormattedText::new(text.clone(), &ranges);
        prop_assert_eq!(made.text(), text.as_str());
        prop_assert!(made.formats().iter().all(|range| text.get(range.from..range.to).is_some_and(|part| !part.is_empty())));
    }
}
