//! Threads, whose pages have holes.

use super::*;
use crate::model::{Block, BlockKind, Body as Message, CommentPage, LARGEST_BODY, RemoteComment, Unreadable};

const HISTORY: &str = "GET /REST/2.0/ticket/1/history";
const PARTS: &str = "POST /REST/2.0/attachments";

#[expect(clippy::needless_pass_by_value, reason = "every caller makes one")]
fn event(id: i64, kind: &str, who: Value) -> Value {
    json!({ "id": id.to_string(), "type": "transaction", "Type": kind, "Created": "2026-11-24T19:39:20Z", "Creator": who })
}

fn part(id: i64, message: i64, kind: &str, name: &str, size: u64) -> Value {
    json!({ "id": id.to_string(), "TransactionId": message.to_string(), "ContentType": kind, "Filename": name,
            "ContentLength": size.to_string(), "Headers": "MIME-Version: 1.0\nX-RT-Original-Encoding: utf-8" })
}

fn text(id: i64, content: &str) -> Value {
    json!({ "id": id.to_string(), "Content": content })
}

fn alice_wrote(id: i64) -> Value {
    event(id, "Correspond", author(27, "Alice Archer", "Acme Lettings"))
}

async fn page_of(rt: &Rt, cursor: Option<&str>, rows: u32) -> Result<CommentPage, Failure> {
    undated(rt.comments(TicketNumber(1), cursor, rows).await)
}

fn ids(page: &CommentPage) -> Vec<i64> {
    page.comments.iter().map(|comment| comment.id.0).collect()
}

#[tokio::test]
async fn a_short_thread_is_one_page() {
    let (rt, script) = signed_in().await;
    let mut latin = part(18, 66, "text/plain", "notes.txt", 15);
    latin["Headers"] = json!("Content-Type: text/plain\nX-RT-Original-Encoding: iso-8859-1\n");
    let first = event(57, "Create", author(27, "Alice Archer", "Acme Lettings"));
    let watcher = event(61, "AddWatcher", author(1, "The RT System itself", ""));
    let answered = event(62, "Correspond", author(35, "Sam Agent", "Support"));
    script
        .then("GET /REST/2.0/ticket/1", page("open", &[]))
        .then(HISTORY, rows(&[first, watcher, answered, alice_wrote(66)]))
        .then(
            PARTS,
            rows(&[
                part(1, 57, "text/plain", "", 20),
                part(11, 62, "text/html", "", 75),
                part(16, 66, "multipart/mixed", "", 0),
                part(17, 66, "text/plain", "", 5),
                latin,
                part(19, 66, "image/png", "=?UTF-8?B?YSJiLnR4dA==?=", 300_000),
            ]),
        )
        .then(PARTS, rows(&[text(1, "Zürich\nline"), text(11, "<p>Hallo &amp; <b>ja</b></p>"), text(17, "Danke")]));
    let thread = page_of(&rt, None, 100).await.unwrap();
    let asked = script.asked();
    let Body::Json(requested) = &asked[3].body else { panic!("a search") };
    assert_eq!(
        serde_json::from_slice::<Value>(requested).unwrap(),
        json!([{ "field": "id", "value": 1 }, { "field": "id", "value": 11 }, { "field": "id", "value": 17 }]),
        "the text of a file is not requested"
    );
    let texts: Vec<_> = thread.comments.iter().map(|comment| (comment.id, comment.author, &*comment.body)).collect();
    assert_eq!(
        texts,
        [
            (CommentId(57), Some(PersonId(27)), "Zürich\nline"),
            (CommentId(62), Some(PersonId(35)), "Hallo & ja"),
            (CommentId(66), Some(PersonId(27)), "Danke")
        ]
    );
    let files: Vec<_> =
        thread.comments[2].attachments.iter().map(|file| (&*file.name, file.size, file.address.as_deref())).collect();
    assert_eq!(
        files,
        [
            ("notes.txt", 15, Some("/REST/2.0/attachment/18")),
            ("a\"b.txt", 300_000, Some("/SelfService/Attachment/66/19/file"))
        ]
    );
    let people: Vec<_> = thread.people.iter().map(|person| (&*person.name, person.agent)).collect();
    assert_eq!(people, [("Alice Archer", false), ("Sam Agent", true)]);
    assert_eq!((thread.next, thread.unreadable), (None, Unreadable::default()));
}

#[tokio::test]
async fn a_long_thread_comes_newest_first_after_its_first_page() {
    let (rt, script) = signed_in().await;
    let texts = |script: &Script, ids: &[i64]| {
        script.then(PARTS, rows(&ids.iter().map(|id| part(id * 10, *id, "text/plain", "", 3)).collect::<Vec<_>>()));
        script.then(PARTS, rows(&ids.iter().map(|id| text(id * 10, "…")).collect::<Vec<_>>()));
    };
    script.then("GET /REST/2.0/ticket/1", page("open", &[])).then(HISTORY, rows(&[]));
    script.then(HISTORY, rows(&[alice_wrote(57), event(58, "Status", json!(null))]));
    texts(&script, &[57]);
    let first = page_of(&rt, None, 2).await.unwrap();
    assert_eq!(ids(&first), [57]);
    // The newest page has rows that this user may not see, and so has the next one.
    script.then(HISTORY, rows(&[])).then(HISTORY, rows(&[alice_wrote(66)]));
    texts(&script, &[66]);
    let second = page_of(&rt, first.next.as_deref(), 2).await.unwrap();
    assert_eq!(ids(&second), [66]);
    // Pages may change their size. Rows that were read already come again.
    script.then(HISTORY, rows(&[alice_wrote(66), alice_wrote(62), alice_wrote(60)]));
    texts(&script, &[62, 60]);
    let third = page_of(&rt, second.next.as_deref(), 3).await.unwrap();
    assert_eq!(ids(&third), [62, 60]);
    script.then(HISTORY, rows(&[alice_wrote(59), event(58, "Status", json!(null)), alice_wrote(57)]));
    texts(&script, &[59]);
    let last = page_of(&rt, third.next.as_deref(), 3).await.unwrap();
    assert_eq!((ids(&last), last.next), (vec![59], None));
    let asked = script.asked();
    let pages: Vec<_> = asked.iter().filter(|request| request.url.path().ends_with("history")).collect();
    let query = |request: &&HttpRequest| request.url.query().unwrap().split("&fields").next().unwrap().to_owned();
    assert_eq!(
        pages.iter().map(query).collect::<Vec<_>>(),
        [
            "page=1&per_page=2&orderby=id&order=ASC",
            "page=2&per_page=2&orderby=id&order=ASC",
            "page=1&per_page=2&orderby=id&order=DESC",
            "page=2&per_page=2&orderby=id&order=DESC",
            "page=2&per_page=3&orderby=id&order=DESC",
            "page=3&per_page=3&orderby=id&order=DESC",
        ]
    );
}

#[tokio::test]
async fn every_form_of_an_own_text_is_read() {
    let (rt, script) = signed_in().await;
    let theirs = event(58, "Correspond", author(35, "Sam Agent", "Support"));
    let forms = |message: i64| {
        let (plain, html) = (message * 10, message * 10 + 1);
        [part(html, message, "text/html", "", 9), part(plain, message, "text/plain", "", 9)]
    };
    script
        .then("GET /REST/2.0/ticket/1", page("open", &[]))
        .then(HISTORY, rows(&[alice_wrote(57), theirs, alice_wrote(66)]))
        .then(PARTS, rows(&[forms(57), forms(58)].concat()))
        .then(PARTS, rows(&[text(570, "bitte"), text(571, "<b>bitte</b> 🙏"), text(581, "gern")]));
    let thread = page_of(&rt, None, 100).await.unwrap();
    let forms: Vec<_> = thread.comments.iter().map(|comment| (&*comment.body, comment.forms.clone())).collect();
    assert_eq!(forms, [("bitte 🙏", vec!["bitte".to_owned()]), ("gern", vec![]), ("", vec![])]);
    let asked = script.asked();
    let Body::Json(requested) = &asked.last().unwrap().body else { panic!("a search") };
    let requested = serde_json::from_slice::<Value>(requested).unwrap();
    let requested: Vec<_> = requested.as_array().unwrap().iter().map(|one| one["value"].as_i64().unwrap()).collect();
    assert_eq!(requested, [570, 571, 581], "of somebody else's message only what is shown");
}

#[tokio::test]
async fn a_mail_is_whole_with_the_pictures_between_its_texts() {
    let (rt, script) = signed_in().await;
    let with = |mut part: Value, headers: &str| {
        part["Headers"] = json!(headers);
        part
    };
    let picture = "Content-Type: image/png\nContent-Disposition: inline; filename=\"a.png\"\n";
    // Apple Mail: a plain text that a picture interrupts.
    let mail = [
        part(570, 57, "multipart/mixed", "", 0),
        with(part(571, 57, "text/plain", "", 9), ""),
        with(part(572, 57, "image/png", "a.png", 9), picture),
        with(part(573, 57, "text/plain", "", 9), ""),
        with(part(574, 57, "image/png", "b.png", 9), picture),
    ];
    // Outlook: alternatives, and the HTML with the picture that it shows.
    let outlook = [
        part(580, 58, "multipart/alternative", "", 0),
        with(part(581, 58, "text/plain", "", 9), ""),
        with(part(582, 58, "multipart/related", "", 0), ""),
        with(part(583, 58, "text/html", "", 9), ""),
        with(part(584, 58, "image/png", "c.png", 9), "Content-ID: <c@mail>\n"),
    ];
    script
        .then("GET /REST/2.0/ticket/1", page("open", &[]))
        .then(HISTORY, rows(&[alice_wrote(57), event(58, "Correspond", author(35, "Sam Agent", "")), alice_wrote(66)]))
        .then(PARTS, rows(&[mail.to_vec(), outlook.to_vec()].concat()))
        .then(
            PARTS,
            rows(&[
                text(571, "Siehe  Bild:\n> 5 Klicks"),
                text(573, "Und <hier>: nichts.\n"),
                text(583, "<p>Bitte <b>so</b></p><img src=\"cid:c@mail\"><img src=\"https://spy.example/x.gif\">"),
            ]),
        );
    let thread = page_of(&rt, None, 100).await.unwrap();
    let shown: Vec<Vec<String>> = thread.comments.iter().map(shown).collect();
    assert_eq!(
        shown,
        [vec!["Siehe\u{a0} Bild:\n> 5 Klicks", "[0]", "Und <hier>: nichts."], vec!["Bitte so", "[0]"], vec![]]
    );
    let inline: Vec<Vec<(&str, bool)>> = thread
        .comments
        .iter()
        .map(|comment| comment.attachments.iter().map(|file| (&*file.name, file.inline)).collect())
        .collect();
    assert_eq!(inline, [vec![("a.png", true), ("b.png", false)], vec![("c.png", true)], vec![]]);
    script.asked();
}

/// The blocks of a comment as a screen shows them.
fn shown(comment: &RemoteComment) -> Vec<String> {
    let body = Message::of(&comment.body, comment.structure.as_ref());
    let text = |block: &Block| match block.kind {
        BlockKind::Picture(index) => format!("[{index}]"),
        _ => block.text(),
    };
    body.blocks.iter().map(text).collect()
}

#[tokio::test]
async fn a_history_that_gets_no_further_is_none() {
    let (rt, script) = signed_in().await;
    script.then("GET /REST/2.0/ticket/1", page("open", &[]));
    for _ in 0..10 {
        script.then(HISTORY, rows(&[]));
    }
    assert_eq!(page_of(&rt, None, 100).await, Err(Failure::misbehaves()));
    for _ in 0..10 {
        script.then(HISTORY, rows(&[]));
    }
    assert_eq!(page_of(&rt, Some("58:60:100"), 100).await, Err(Failure::misbehaves()));
    // The same page again, whatever was asked for.
    for _ in 0..10 {
        script.then(HISTORY, rows(&[alice_wrote(66), alice_wrote(60)]));
    }
    assert_eq!(page_of(&rt, Some("58:60:100"), 100).await, Err(Failure::misbehaves()));
    // The oldest rows, although the newest were asked for.
    script.then(HISTORY, rows(&[alice_wrote(57), alice_wrote(58)]));
    assert_eq!(page_of(&rt, Some("58:67:0"), 100).await, Err(Failure::misbehaves()));
    for cursor in ["", "58", "58:60", "58:60:100:7", "58:60:x", "b3V0"] {
        assert_eq!(page_of(&rt, Some(cursor), 100).await, Err(Failure::misbehaves()), "{cursor}");
    }
    script.asked();
}

#[tokio::test]
async fn an_odd_row_of_a_thread_costs_itself_alone() {
    let (rt, script) = signed_in().await;
    let mut nobody = alice_wrote(60);
    nobody["Creator"] = json!(null);
    nobody["Created"] = json!("10000-01-01T00:00:00Z");
    script
        .then("GET /REST/2.0/ticket/1", page("open", &[]))
        .then(
            HISTORY,
            rows(&[alice_wrote(57), json!(null), json!({ "id": 58 }), json!({ "id": {} }), nobody, alice_wrote(61), alice_wrote(66)]),
        )
        .then(
            PARTS,
            rows(&[
                part(570, 57, "text/plain", "", 3),
                json!({ "id": 571, "TransactionId": null }),
                json!({ "id": 600, "TransactionId": 60, "ContentType": null, "ContentLength": -1, "Headers": 7 }),
                json!({ "id": 601, "TransactionId": { "id": "60" }, "ContentType": 7, "Filename": 7, "ContentLength": "viel" }),
                part(610, 61, "text/plain", "", 3),
                part(660, 66, "text/plain", "", 3),
            ]),
        )
        .then(PARTS, rows(&[text(570, &"ü".repeat(LARGEST_BODY)), json!({ "id": 600, "Content": null }), text(660, "Danke")]));
    let thread = page_of(&rt, None, 100).await.unwrap();
    assert_eq!(ids(&thread), [57, 60, 66]);
    assert_eq!((thread.comments[1].author, &*thread.comments[1].body), (None, ""));
    assert_eq!((&*thread.comments[1].attachments[0].name, thread.comments[1].attachments[0].size), ("7", 0));
    assert!(thread.comments[0].shortened && thread.comments[0].body.len() <= LARGEST_BODY);
    // Row 58 has no type, and the text of 61 is missing. Two rows and a part have no id that can be used.
    assert_eq!(thread.unreadable, Unreadable { ids: vec![58, 61], unknown: 3 });
    script.asked();
}
