//! Threads: complete, in order, in every script.

use std::collections::BTreeMap;

use pocketdesk::model::{same_text, undated};

use crate::fixture::{Fixture, PAGE};
use crate::harness::{Answer, Who};
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::texts;

pub async fn whole(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Langer Verlauf", "0: Anfang")?).await?.number;
    let mut expected = vec!["0: Anfang".to_owned()];
    for index in 1..=9 {
        let text = format!("{index}: {}", if index % 2 == 0 { "von Ada" } else { "vom Support" });
        if index % 2 == 0 {
            ada.reply(ticket, &text).await?;
        } else {
            fixture.server.answer(ticket, &Answer { text: &text, ..Answer::default() }).await?;
        }
        expected.push(text);
        // More than a page of comments that a user does not see.
        if index == 5 {
            for note in 0..=2 * PAGE {
                fixture.server.note(ticket, &format!("intern {note}")).await?;
            }
        }
    }
    let thread = ada.thread(ticket).await?;
    let read = texts(&thread);
    same!(read.len(), expected.len(), "comments in {read:?}");
    for (index, (read, written)) in read.iter().zip(&expected).enumerate() {
        ensure!(same_text(read, written), "comment {index} is {read:?} instead of {written:?}");
    }
    ensure!(thread.comments.is_sorted_by(|a, b| a.id < b.id), "ids do not ascend");
    ensure!(thread.comments.is_sorted_by(|a, b| a.created_at <= b.created_at), "times do not ascend");
    for (index, comment) in thread.comments.iter().enumerate() {
        let author = thread.people.iter().find(|person| Some(person.id) == comment.author);
        let author = author.ok_or_else(|| Broken::new(format!("comment {index} has no known author")))?;
        ensure!(!author.name.trim().is_empty(), "the author of comment {index} has no name");
        same!(author.agent, index % 2 == 1, "whether an agent wrote comment {index}");
        same!(comment.author == Some(ada.me.id), index % 2 == 0, "whether Ada wrote comment {index}");
    }
    Ok(())
}

pub async fn any_size(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("In Stücken", "0")?).await?.number;
    for index in 1..=5 {
        ada.reply(ticket, &index.to_string()).await?;
        fixture.server.note(ticket, "intern").await?;
    }
    let expected: Vec<String> = (0..=5).map(|index| index.to_string()).collect();
    same!(ada.texts(ticket).await?, expected, "the thread");
    for sizes in [&[100][..], &[1], &[3, 1], &[4, 2, 1, 100]] {
        let (mut comments, mut cursor) = (BTreeMap::new(), None);
        for rows in sizes.iter().chain(std::iter::repeat(&sizes[sizes.len() - 1])).take(50) {
            let page = undated(ada.remote.comments(ticket, cursor.as_deref(), *rows).await)?;
            comments.extend(page.comments.into_iter().map(|comment| (comment.id, comment.body)));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        same!(cursor, None, "where pages of {sizes:?} rows continue");
        same!(comments.into_values().collect::<Vec<_>>(), expected, "pages of {sizes:?} rows");
    }
    Ok(())
}

pub async fn notes(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    let ticket = ada.create(&fixture.write_shared("Mit Notizen", "Sichtbar.")?).await?.number;
    let before = ada.thread(ticket).await?;
    fixture.server.note(ticket, "Kunde wirkt ungeduldig – bitte vorsichtig antworten.").await?;
    for client in [&ada, &ben] {
        same!(client.thread(ticket).await?.comments, before.comments, "the thread");
    }
    let head = undated(ada.remote.ticket(ticket).await)?;
    ensure!(!format!("{head:?}").contains("ungeduldig"), "the ticket shows the note");
    Ok(())
}

/// Texts that transports, stores or readers have been known to change.
const TEXTS: [&str; 9] = [
    "Grüße aus Köln: „Überweisung“ – 1 234,50 €\u{a0}netto…",
    "שלום עולם, מה שלומך? (שורה אחת)\nمرحبا بالعالم — أين الفاتورة؟",
    "👩🏽‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 e\u{301} ﬁ ａｂｃ",
    "日本語の文章です。改行も\n\nあります。한국어도",
    "<b>nicht fett</b> & \"Anführung\" &amp; <script>alert(1)</script> %41 \\n {{token}}",
    "Zeile 1\n\n\n\tEingerückt mit Tab\n    und mit Leerzeichen\n> kein Zitat\nFrom niemandem",
    "-- \nkeine Signatur, sondern Text",
    "Ein\u{200d}Wort\u{ad}mit\u{2028}Unsichtbarem",
    "Donau\u{ad}dampf\u{ad}schiff",
];

pub async fn unicode(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let subject = "Überweisung fehlt – אין תשלום 🙏 \"quoted\" & <b>";
    let long = format!("{}\n{}", "Sehr langer Absatz mit Umlauten: äöüß ".repeat(400), "x".repeat(3_000));
    let made = ada.create(&fixture.write(subject, TEXTS[0])?).await?;
    same!(made.subject, subject, "the subject");
    for text in TEXTS[1..].iter().copied().chain([&*long]) {
        ada.reply(made.number, text).await?;
        fixture.server.answer(made.number, &Answer { text, ..Answer::default() }).await?;
    }
    let mut expected = vec![TEXTS[0]];
    expected.extend(TEXTS[1..].iter().copied().chain([&*long]).flat_map(|text| [text, text]));
    let read = ada.texts(made.number).await?;
    same!(read.len(), expected.len(), "comments");
    for (read, written) in read.iter().zip(expected) {
        ensure!(same_text(read, written), "{read:?} was written as {written:?}");
    }
    same!(undated(ada.remote.ticket(made.number).await)?.subject, subject, "the subject, read again");
    Ok(())
}

pub async fn edited(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Mit Kontonummer", "Meine IBAN ist DE02 1203 0000 0000 2020 51.")?).await?;
    let thread = ada.thread(ticket.number).await?;
    let comment = thread.comments.first().ok_or_else(|| Broken::new("the thread is empty"))?;
    fixture.server.edit(ticket.number, comment.id, "Meine IBAN ist ▇▇▇▇.").await?;
    let after = ada.thread(ticket.number).await?;
    same!(texts(&after), vec!["Meine IBAN ist ▇▇▇▇.".to_owned()], "the thread");
    same!(after.comments[0].id, comment.id, "the comment's id");
    Ok(())
}

pub async fn formatted(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Bitte mit Link", "…")?).await?.number;
    let html = "<p>Grüße &amp; <b>Dank</b>:</p><ul><li>eins</li><li>zwei</li></ul>\
                <script>alert('x')</script><p>שלום&nbsp;👋<br>Ende</p>";
    fixture.server.answer(ticket, &Answer { text: html, html: true, ..Answer::default() }).await?;
    let read = ada.texts(ticket).await?;
    let text = read.get(1).ok_or_else(|| Broken::new("the answer is not there"))?;
    for part in ["Grüße & Dank", "eins", "zwei", "שלום", "👋", "Ende"] {
        ensure!(text.contains(part), "{part:?} is not in {text:?}");
    }
    for part in ["<", "&amp;", "alert"] {
        ensure!(!text.contains(part), "{part:?} is in {text:?}");
    }
    Ok(())
}
