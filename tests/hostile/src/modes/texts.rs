//! Kind 5: a lost answer is found although the server changed the text.
//!
//! The server stores the reply, and the connection breaks before its answer. The thread then shows the text changed.

use serde_json::{Value, json};

use crate::exchange::{Asked, Reply};
use crate::fault::{Cast, Effect, Part, changes_of, comments_of, edits_comments, exchanged, loses_the_answer, on};
use crate::mode::{Mode, TEXT};
use crate::right::{arrived, news_arrive, no_problem, right};

pub(super) fn modes() -> Vec<Mode> {
    vec![
        // The body keeps the marks; the other forms have lost them.
        lost(
            "5.1-markdown",
            "Markdown marks are gone from the plain text.",
            // With these marks the lines are no list for the app, which sends them as they were typed.
            "**Bitte** prüfen:\n\n+ eins\n+ zwei\n\n`4711` _dringend_",
            |comment, text| {
                comment["plain_body"] = json!("Bitte prüfen:\n\neins\nzwei\n\n4711 dringend");
                comment["html_body"] = json!(
                    "<p><strong>Bitte</strong> prüfen:</p><ul><li>eins</li><li>zwei</li></ul><p><code>4711</code> <em>dringend</em></p>"
                );
                comment["body"] = json!(text);
            },
        ),
        changed("5.2-entities", "< and & are entities.", "Müller & Söhne: Betrag < 100 € und > 50 €", |text| {
            text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
        }),
        changed("5.3-spaces", "Runs of spaces are joined.", "Konto:   4711    Betrag:  12,50 €", |text| {
            joined(text, ' ')
        }),
        changed("5.4-blank-lines", "Blank lines are joined.", "Guten Tag,\n\n\n\nbitte prüfen.\n\n\nAda", |text| {
            joined(text, '\n')
        }),
        changed("5.5-emoji", "An emoji is dropped.", "Danke für die schnelle Hilfe 🙏🏽 an alle", |text| {
            text.chars().filter(|c| (*c as u32) < 0x1_0000).collect()
        }),
        changed(
            "5.6-cut-at-64-kb",
            "The text is cut at 64 KB.",
            "Protokoll: Überweisung nicht gefunden. ".repeat(1_800),
            |text| text.char_indices().take_while(|(at, c)| at + c.len_utf8() <= 65_535).map(|(_, c)| c).collect(),
        ),
        changed("5.7-nul", "A NUL is dropped.", "Zeile eins\u{0}Zeile zwei", |text| text.replace('\u{0}', "")),
        lost("5.8-file-name", "The name of the attached file is changed.", TEXT, |comment, _| {
            for file in comment["attachments"].as_array_mut().into_iter().flatten() {
                file["file_name"] = json!("Auszug_Marz.txt");
            }
        })
        .file(20_000),
        Mode::new("5.9-mail-meanwhile", "The attempt never arrives, and the same user answers by mail meanwhile.")
            .fault(on(changes_of(Part::Waiting)).times(1).does(a_mail_instead()))
            .right(news_arrive())
            .right(no_problem())
            .right(right("the mail is shown, too", |seen| {
                seen.messages(seen.cast.waiting).iter().any(|message| message["body"] == MAIL)
            })),
        // Cases that we have added to the known ones.
        changed(
            "5.a-quotes",
            "Quotes and dashes become typographic.",
            "Er schrieb \"sofort\" - das war am 3. März...",
            |text| text.replacen('"', "„", 1).replacen('"', "“", 1).replace(" - ", " – ").replace("...", "…"),
        ),
        changed("5.b-line-ends", "Every line gets a space and a carriage return.", TEXT, |text| {
            text.replace('\n', " \r\n")
        }),
        changed("5.c-no-break-spaces", "Spaces become no-break spaces.", "Betrag: 12,50 € am 3. März", |text| {
            text.replace(' ', "\u{a0}")
        }),
        // Of a short text a footer is more than a fifth, and the user would be asked.
        changed(
            "5.d-footer",
            "A footer is added.",
            format!(
                "{TEXT}\n\nPS: Die Rechnung 2026-03 ging am Montag noch einmal an Sie, bei der Bank ist nichts angekommen."
            ),
            |text| format!("{text}\n\nGesendet von meinem Mobilgerät"),
        ),
        changed("5.e-decomposed", "Umlauts are taken apart.", "Übergröße für Jürgen", |text| {
            text.replace('Ü', "U\u{308}").replace('ö', "o\u{308}").replace('ü', "u\u{308}")
        }),
        changed(
            "5.f-links",
            "A link becomes Markdown.",
            "Siehe https://shop.example/konto?id=4711&tab=2 bitte",
            |text| {
                text.replace(
                    "https://shop.example/konto?id=4711&tab=2",
                    "[https://shop.example/konto?id=4711&tab=2](https://shop.example/konto?id=4711&tab=2)",
                )
            },
        ),
    ]
}

/// All forms of the text show `change` of it.
fn changed(
    name: &'static str,
    story: &'static str,
    text: impl Into<String>,
    change: impl Fn(&str) -> String + Send + Sync + 'static,
) -> Mode {
    lost(name, story, text, move |comment, text| {
        let text = change(text);
        comment["html_body"] = json!(format!("<div><p>{}</p></div>", text.replace('\n', "<br>")));
        comment["plain_body"] = json!(text);
        comment["body"] = json!(text);
    })
}

/// The reply is stored, its answer is lost, and `change` is applied to its comment.
fn lost(
    name: &'static str,
    story: &'static str,
    text: impl Into<String>,
    change: impl Fn(&mut Value, &str) + Send + Sync + 'static,
) -> Mode {
    let text = text.into();
    let sent = text.trim().to_owned();
    Mode::new(name, story)
        .text(text)
        .fault(on(changes_of(Part::Waiting)).times(1).does(loses_the_answer()))
        .fault(on(comments_of(Part::Waiting)).does(edits_comments(move |comment| {
            let same =
                comment["body"].as_str().is_some_and(|body| body.replace('\u{0}', "") == sent.replace('\u{0}', ""));
            if same {
                change(comment, &sent);
            }
        })))
        .right(arrived())
        .right(news_arrive())
        .right(no_problem())
}

const MAIL: &str = "Hat sich erledigt, die Zahlung ist heute gekommen. Danke!";

/// The server stores a mail of the user in place of the reply, and the connection breaks.
fn a_mail_instead() -> Effect {
    let mail = |asked: &mut Asked, _: &Cast| {
        asked.body = json!({ "request": { "comment": { "body": MAIL } } }).to_string().into_bytes().into();
    };
    exchanged(mail, |_, _, _, _| Reply::Cut)
}

/// `text` with every run of the character `what` joined to a single one.
fn joined(text: &str, what: char) -> String {
    let mut before = None;
    text.chars().filter(|c| before.replace(*c) != Some(what) || *c != what).collect()
}
