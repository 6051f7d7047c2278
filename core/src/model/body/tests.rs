use super::*;

fn texts(text: &str) -> Vec<(u8, String)> {
    plain::blocks(text).iter().map(|block| (block.quotes, block.text())).collect()
}

#[test]
fn a_plain_text_has_its_paragraphs_and_the_quotes_of_mails() {
    let text = "Danke!\n  eingerückt\n\nAm 5. März 2026 schrieb Ada <ada@example.com>:\n> Hallo\n>> Wann?\n> 5 Uhr";
    let quoted = [
        (0, "Danke!\n  eingerückt"),
        (0, "Am 5. März 2026 schrieb Ada <ada@example.com>:"),
        (1, "Hallo"),
        (2, "Wann?"),
        (0, "> 5 Uhr"),
    ];
    assert_eq!(texts(text), quoted.map(|(quotes, text)| (quotes, text.to_owned())));
    assert_eq!(texts(" \n\n"), []);
}

#[test]
fn the_history_of_a_plain_mail_is_folded() {
    for (text, from) in [
        ("Danke!\n\nOn 5 Mar 2026, Ada wrote:\n> Hallo\n> Wann?", Some(1)),
        ("Danke!\n\nAm Do., 5. März 2026 um 10:02 Uhr schrieb Ada\n<ada@example.com>:\n\n> Hallo", Some(1)),
        ("Gracias\n\nEl 5 mar 2026, Ada escribió:\n> Hola", Some(1)),
        ("Danke!\n\n-----Ursprüngliche Nachricht-----\nVon: Ada\n\nHallo", Some(1)),
        ("Danke!\n\n> Hallo", Some(1)),
        ("> Wann?\n\nMorgen.", None),
        ("Danke!\n\n> Wann?\n\nMorgen.", None),
        ("> Hallo", None),
        ("Drei Dinge:\n- eins\n- zwei", None),
    ] {
        assert_eq!(Body::of(text, None).history_from, from, "{text}");
    }
}

#[test]
fn a_structure_that_does_not_fit_its_text_is_ignored() {
    let structure = |json| Structure::of_json(json).unwrap();
    let bold = structure(r#"{"b":[{"f":0,"t":6,"s":[{"f":0,"t":6,"x":1}]}]}"#);
    assert!(Body::of("Grüße", Some(&bold)).blocks[0].spans[0].bold == bold.fits("Grüße"));
    for (text, json) in [
        ("Grüße", r#"{"b":[{"f":0,"t":3}]}"#),
        ("Grüße", r#"{"b":[{"f":0,"t":900}]}"#),
        ("Grüße", r#"{"b":[{"f":4,"t":7},{"f":0,"t":2}]}"#),
        ("Grüße", r#"{"b":[{"f":0,"t":2,"s":[{"f":0,"t":5}]}]}"#),
    ] {
        let body = Body::of(text, Some(&structure(json)));
        assert_eq!(body.blocks, plain::blocks(text), "{json}");
    }
    // What a later version writes is not understood, and no damage.
    assert_eq!(Structure::of_json(r#"{"blocks":7}"#), None);
    let evil = structure(r#"{"b":[{"f":0,"t":1,"s":[{"f":0,"t":1,"a":"javascript:x"}]}]}"#);
    assert_eq!(Body::of("x", Some(&evil)).blocks[0].spans[0].link, None);
}
