use proptest::prelude::*;

use super::convert;
use crate::model::{Block, BlockKind, Body, Marker, Span};

fn body(html: &str) -> (String, Body) {
    let (text, structure) = convert(html, &mut |picture| picture.address.strip_prefix("cid:")?.parse().ok());
    let body = Body::of(&text, structure.as_ref());
    (text, body)
}

/// The message in a notation for tests: a line for each block.
fn outline(html: &str) -> Vec<String> {
    let body = body(html).1;
    let mut lines: Vec<String> = body.blocks.iter().map(block).collect();
    if let Some(from) = body.history_from {
        lines.insert(from as usize, "…".to_owned());
    }
    lines
}

fn block(block: &Block) -> String {
    let marker = match block.marker {
        Some(Marker::Bullet) => "- ".to_owned(),
        Some(Marker::Number(number)) => format!("{number}. "),
        None => String::new(),
    };
    let text = match block.kind {
        BlockKind::Picture(index) => format!("![{index}]"),
        BlockKind::Code => format!("```{}```", block.text()),
        BlockKind::Paragraph => block.spans.iter().map(span).collect(),
    };
    format!("{}{}{marker}{text}", "> ".repeat(block.quotes.into()), "  ".repeat(block.lists.into()))
}

fn span(span: &Span) -> String {
    let mut text = span.text.replace('\n', "⏎");
    for (is, mark) in [(span.code, "`"), (span.italic, "_"), (span.bold, "*")] {
        if is {
            text = format!("{mark}{text}{mark}");
        }
    }
    match &span.link {
        None => text,
        Some(link) => format!("[{text}]({}{})", link.address, if link.differs { " !" } else { "" }),
    }
}

/// Checks pages and what is kept of them.
fn check(cases: &[(&str, &[&str])]) {
    for (html, expected) in cases {
        assert_eq!(outline(html), *expected, "{html}");
    }
}

#[test]
fn a_link_in_an_answer_can_be_opened() {
    check(&[
        (
            "<p>Bitte <a href=\"https://docs.example.com/pixel?a=1&amp;b=2\">hier</a> nachsehen, Grüße 🎉</p>",
            &["Bitte [hier](https://docs.example.com/pixel?a=1&b=2) nachsehen, Grüße 🎉"],
        ),
        ("<a href='mailto:ada@example.com'>Ada</a>", &["[Ada](mailto:ada@example.com)"]),
        ("<a href=tel:+4930123456>anrufen</a>", &["[anrufen](tel:+4930123456)"]),
        // An address in a plain text.
        ("Siehe https://example.com/a_(b).", &["Siehe [https://example.com/a_(b)](https://example.com/a_(b))."]),
        ("an ada@example.com, danke", &["an [ada@example.com](mailto:ada@example.com), danke"]),
        // A button that is a picture.
        (
            "<a href=\"https://example.com/start\"><img src=\"https://cdn.example/b.png\"></a>",
            &["[https://example.com/start](https://example.com/start)"],
        ),
        (
            "<a href=\"https://example.com/\"><img src=x alt=\"Jetzt starten\"></a>",
            &["[Jetzt starten](https://example.com/)"],
        ),
    ]);
}

#[test]
fn only_https_mail_and_telephone_are_links() {
    for address in [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/hosts",
        "vbscript:x",
        "intent://x#Intent;end",
        "ftp://example.com",
        "https:",
        "mailto:",
        "/relative",
        "",
    ] {
        let page = format!("<a href=\"{address}\">Rechnung</a>");
        assert_eq!(outline(&page), ["Rechnung"], "{address}");
    }
    // What cannot be opened can at least be read.
    check(&[
        ("<a href=\"http://alt.example/x\">Handbuch</a> lesen", &["Handbuch (http://alt.example/x) lesen"]),
        ("<a href=\"http://alt.example/\">http://alt.example</a>", &["http://alt.example"]),
    ]);
}

#[test]
fn a_text_that_looks_like_another_address_is_marked() {
    check(&[
        (
            "<a href=\"https://evil.example/\">https://bank.example</a>",
            &["[https://bank.example](https://evil.example/ !)"],
        ),
        (
            "<a href=\"https://evil.example/\">www.bank.example/login</a>",
            &["[www.bank.example/login](https://evil.example/ !)"],
        ),
        ("<a href=\"https://www.bank.example/a\">bank.example</a>", &["[bank.example](https://www.bank.example/a)"]),
        (
            "<a href=\"https://bank.example@evil.example/\">Konto</a>",
            &["[Konto](https://bank.example@evil.example/ !)"],
        ),
        ("<a href=\"https://evil.example/\">ada@bank.example</a>", &["[ada@bank.example](https://evil.example/ !)"]),
        (
            "<a href=\"mailto:eve@evil.example\">ada@bank.example</a>",
            &["[ada@bank.example](mailto:eve@evil.example !)"],
        ),
        ("<a href=\"tel:+49900111\">030 123456</a>", &["[030 123456](tel:+49900111 !)"]),
        ("<a href=\"tel:+4930123456\">030 123456</a>", &["[030 123456](tel:+4930123456)"]),
        // The host is shown as it is, without letters that look like others.
        ("<a href=\"https://bänk.example/\">Bank</a>", &["[Bank](https://xn--bnk-qla.example/)"]),
    ]);
}

#[test]
fn paragraphs_lists_quotes_and_code_keep_their_structure() {
    check(&[
        (
            "<p>Guten Tag,</p>\n<p>es ist <b>fast</b> <i>fertig</i>.<br>Gr&uuml;&szlig;e</p>",
            &["Guten Tag,", "es ist *fast* _fertig_.⏎Grüße"],
        ),
        (
            "<h2>Schritte</h2><ol><li>Öffnen</li><li>Warten<ul><li>kurz</li></ul></li><li><p>Fertig</p></li></ol>Danke",
            &["*Schritte*", "  1. Öffnen", "  2. Warten", "    - kurz", "  3. Fertig", "Danke"],
        ),
        ("<ol start=7><li>sieben<li value=9>neun</ol>", &["  7. sieben", "  9. neun"]),
        ("<pre>\n  a\n    b &lt; c\n</pre><code>x = 1</code>", &["```  a\n    b < c```", "`x = 1`"]),
        ("<blockquote>Frage?</blockquote><p>Antwort.</p>", &["> Frage?", "Antwort."]),
        ("<b>a <i>b</b> c</i> d", &["*a **_b_*_ c_ d"]),
        ("<table><tr><th>Monat<th>Klicks<tr><td>März<td>100</table>", &["Monat | Klicks⏎März | 100"]),
        ("<div>eine</div><div>zwei</div><div><br></div><div>drei</div>", &["eine⏎zwei", "drei"]),
        ("eins<br><br>zwei<div>&nbsp;</div>drei", &["eins", "zwei", "drei"]),
        ("שלום<br/>רב", &["שלום⏎רב"]),
    ]);
}

#[test]
fn entities_are_the_characters_that_they_stand_for() {
    for (html, text) in [
        ("&nbsp;Fish &amp; Chips &rsquo;&ntilde;&#146;", "Fish & Chips ’ñ’"),
        ("Fish &amp Chips", "Fish & Chips"),
        ("&#128578; &#x1F642; &unbekannt; R&D", "🙂 🙂 &unbekannt; R&D"),
        ("I <3 it, and 5 > 4", "I <3 it, and 5 > 4"),
        ("a < b und c &lt; d", "a < b und c < d"),
        ("<p title=\"a > b\">Text</p>", "Text"),
    ] {
        assert_eq!(body(html).0, text, "{html}");
    }
}

#[test]
fn a_picture_stands_where_the_page_has_it() {
    check(&[
        ("<p>Vorher<img src=\"cid:1\">nachher</p>", &["Vorher", "![1]", "nachher"]),
        ("<img src=\"cid:0\">", &["![0]"]),
        // One that is no attachment is not fetched. Its description is read instead.
        ("<img src=\"https://spy.example/p.gif\" width=1> Hallo", &["Hallo"]),
        ("Gut <img src=\"https://cdn.example/e.png\" alt=\"👍\"> so", &["Gut 👍 so"]),
    ]);
}

#[test]
fn what_is_for_programs_or_hidden_is_not_shown() {
    check(&[
        ("<script>alert('<b>x</b>')</script>Hallo<style>p{}</style><!-- nein --><title>T</title>", &["Hallo"]),
        ("<div style=\"display: none\">Vorschau<div>text</div></div>Hallo", &["Hallo"]),
        ("<svg><title>Logo</title><text>x</text></svg>Hallo", &["Hallo"]),
        ("<p onclick=\"steal()\" style=\"background:url(https://spy.example)\">Hallo</p>", &["Hallo"]),
        // An element that is never closed hides nothing of what follows.
        ("Hallo <span style=\"display:none\">und <b>weiter</b>", &["Hallo und *weiter*"]),
        ("Hallo <svg>und weiter", &["Hallo und weiter"]),
    ]);
}

#[test]
fn the_quoted_mail_history_is_folded() {
    check(&[
        (
            "<div>Danke!</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">Am 5. März schrieb Ada:<br></div>\
          <blockquote class=\"gmail_quote\"><div>Hallo</div></blockquote></div>",
            &["Danke!", "…", "Am 5. März schrieb Ada:", "> Hallo"],
        ),
        (
            "<div>Danke!</div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>Von:</b> Ada</div><div>Hallo</div>",
            &["Danke!", "…", "*Von:* Ada⏎Hallo"],
        ),
        (
            "Danke!<div class=\"moz-cite-prefix\">Am 5. März schrieb Ada:</div><blockquote type=\"cite\">Hallo</blockquote>",
            &["Danke!", "…", "Am 5. März schrieb Ada:", "> Hallo"],
        ),
        (
            "<p>Danke!</p><p>On 5 Mar 2026, at 10:02, Ada &lt;ada@example.com&gt; wrote:</p><blockquote>Hallo</blockquote>",
            &[
                "Danke!",
                "…",
                "On 5 Mar 2026, at 10:02, Ada <[ada@example.com](mailto:ada@example.com)> wrote:",
                "> Hallo",
            ],
        ),
        // An answer between the lines is read with them.
        ("<blockquote type=\"cite\">Wann?</blockquote><p>Morgen.</p>", &["> Wann?", "Morgen."]),
        ("Hallo<blockquote type=\"cite\">Wann?</blockquote>Morgen.", &["Hallo", "> Wann?", "Morgen."]),
        // Nothing stands above it, or somebody passed it on.
        ("<blockquote type=\"cite\">Hallo</blockquote>", &["> Hallo"]),
        (
            "Siehe unten.<div class=\"gmail_quote\">---------- Forwarded message ---------<br>Von: Ada</div>",
            &["Siehe unten.", "---------- Forwarded message ---------⏎Von: Ada"],
        ),
        // A plain text that a server has put into a page.
        (
            "Danke!<br><br>Am 5. März schrieb Ada:<br>&gt; Hallo<br>&gt; und bis bald",
            &["Danke!", "…", "Am 5. März schrieb Ada:", "> Hallo⏎und bis bald"],
        ),
        // One word in bold does not change what the other lines are.
        (
            "<b>Danke!</b> Bis<br>&gt; <i>Hallo</i><br>&gt; und<br>&gt; 5 Uhr<br>&gt;&gt; Wann?<br>Morgen",
            &["*Danke!* Bis", "> _Hallo_⏎und", "> 5 Uhr", "> > Wann?", "Morgen"],
        ),
        (
            "<p>Danke!</p><div id=\"appendonsend\"></div><hr><p>Von: Ada</p><p>&gt; Hallo</p>",
            &["Danke!", "…", "Von: Ada", "> Hallo"],
        ),
    ]);
}

#[test]
fn a_page_with_plain_text_has_no_structure() {
    for html in
        ["<p>Hallo</p><p>Ada</p>", "eins<br>zwei", "<a href=\"https://example.com/x\">https://example.com/x</a>", ""]
    {
        assert_eq!(convert(html, &mut |_| None).1, None, "{html}");
    }
}

#[test]
fn a_page_that_never_ends_its_elements_is_kept_within_bounds() {
    let deep = "<ul><li><blockquote>".repeat(20_000) + "Hallo" + &"</blockquote></li></ul>".repeat(20_000) + "Ende";
    let blocks = body(&deep).1.blocks;
    assert_eq!((blocks[0].quotes, blocks[0].lists, blocks[0].text().as_str()), (8, 8, "Hallo"));
    assert_eq!((blocks[1].quotes, blocks[1].lists, blocks[1].text().as_str()), (0, 0, "Ende"));
    let (text, many) = body(&"<p>ab <b>c</b></p>".repeat(20_000));
    assert_eq!(many.blocks.len(), 1_000);
    assert_eq!(text.matches("ab c").count(), 20_000);
}

fn pages() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[a-zß🙂 \u{a0}&;<>\n\u{5d0}]{0,8}",
        6 => prop::sample::select(vec![
            "<p>", "</p>", "<br>", "<div>", "</div>", "<b>", "</b>", "<i>", "</i>", "<ul>", "</ul>", "<ol start=3>", "</ol>",
            "<li>", "</li>", "<li value=4>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<code>", "</code>", "<h1>", "</h1>",
            "<a href=\"https://example.com/x\">", "<a href='http://alt.example'>", "</a>", "<img src=cid:2>", "<img alt=bild>",
            "<td>", "<tr>", "<table>", "</table>", "https://a.example/b?c=d", "&nbsp;", "&lt;script&gt;", "<!-- x -->", "> ",
            "<style>p{}</style>", "<span hidden>", "</span>", "<svg>", "</svg>", "ada@example.com", "<hr>", "1. ", "- ",
            "<div id=appendonsend></div>", "&gt; ", "<br>&gt;&gt; ", "On 5 Mar 2026, Ada wrote:",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn what_is_kept_is_read_as_the_same_message_again(html in pages()) {
        let (text, structure) = convert(&html, &mut |picture| picture.address.strip_prefix("cid:")?.parse().ok());
        let kept = Body::of(&text, structure.as_ref());
        let again = body(&kept.to_html(|index| Some(format!("cid:{index}")))).1;
        prop_assert_eq!(kept.blocks, again.blocks);
    }

    #[test]
    fn any_page_is_converted_and_its_structure_fits_its_text(html in pages()) {
        let (text, structure) = convert(&html, &mut |_| None);
        if let Some(structure) = structure {
            prop_assert!(structure.fits(&text), "{:?}", structure);
        }
    }
}
