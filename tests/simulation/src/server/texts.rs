//! Texts as the server stores them, which is not always as they were written.
//!
//! A comment has three forms in an answer: `body`, `plain_body` and `html_body`. A server in one of the [text moods]
//! changes one or more of them. The oracle counts by the text that arrived, and compares what a screen shows by its
//! [key], because no such change touches the letters and digits at the beginning of a text.
//!
//! [text moods]: super::Mood::changes_texts

use pocketdesk::model::normalise;

use super::{Mood, Moods, State};

/// A server that cuts texts keeps this many characters.
const CUT_AT: usize = 1_200;
/// So many letters and digits of a text make up its key. Half of the text that is left after a cut has more.
const KEY_LENGTH: usize = 600;

/// A text on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// The text as it arrived.
    pub written: String,
    /// The answer's `body`.
    pub body: String,
    /// The answer's `plain_body`.
    pub plain: String,
    /// The HTML as it arrived, if the text came with formats.
    pub page: Option<String>,
}

/// What a server makes of a text.
type Change = fn(&str) -> String;

impl Text {
    /// A text that is stored as it was written.
    pub fn of(text: impl Into<String>) -> Self {
        let written = text.into();
        Self { body: written.clone(), plain: written.clone(), written, page: None }
    }

    /// A text as a server in these moods stores it. With `rewrites` it has other line breaks and spaces.
    pub fn stored(text: &str, rewrites: bool, moods: &Moods) -> Self {
        let mut body = text.to_owned();
        let changes: [(Mood, Change); 6] = [
            (Mood::NulsDropped, |text| text.replace('\0', "")),
            (Mood::EmojiDropped, |text| text.chars().filter(|c| u32::from(*c) < 0x1_0000).collect()),
            (Mood::SpacesJoined, |text| joined(text, ' ')),
            (Mood::BlankLinesJoined, |text| joined(text, '\n')),
            (Mood::TextsCut, |text| text.chars().take(CUT_AT).collect()),
            (Mood::Entities, escaped),
        ];
        for (mood, change) in changes {
            if moods.variant(mood).is_some() {
                body = change(&body);
            }
        }
        if rewrites {
            body = body.replace('\n', " \r\n").replace(", ", ",\u{a0}") + " ";
        }
        let plain = if moods.variant(Mood::MarksGone).is_some() { without_marks(&body) } else { body.clone() };
        Self { written: text.to_owned(), body, plain, page: None }
    }

    /// A page that is stored, in a server that changes texts as its plain text.
    pub fn page(page: &str, rewrites: bool, moods: &Moods) -> Self {
        let written = text_of(page);
        let text = Self::stored(&written, rewrites, moods);
        let is_kept = text.plain == text.written;
        Self { page: is_kept.then(|| page.to_owned()), ..text }
    }

    /// The answer's `html_body`.
    pub fn html(&self) -> String {
        if let Some(page) = &self.page {
            return format!("<div class=\"comment\" dir=\"auto\">{page}</div>");
        }
        format!("<div class=\"comment\" dir=\"auto\">{}</div>", escaped(&self.plain).replace('\n', "<br>"))
    }
}

impl State {
    /// Whether a screen that shows `shown` shows the normalised text `written`, perhaps as this server has changed it.
    pub fn is_text(&self, shown: &str, written: &str) -> bool {
        normalise(shown) == written || self.moods.changed_texts() && key(shown) == key(written)
    }
}

/// What every stored form of a text has in common: its first letters and digits.
pub(crate) fn key(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&amp;", "&")];
    let plain = entities.iter().fold(normalise(text), |text, (entity, sign)| text.replace(entity, sign));
    plain.chars().filter(|c| c.is_alphanumeric()).take(KEY_LENGTH).collect()
}

/// The plain text of a page that an app sends: paragraphs, flat lists and runs of text.
pub(crate) fn text_of(page: &str) -> String {
    let (mut text, mut rest, mut number) = (String::new(), page, None);
    while let Some((before, (tag, after))) =
        rest.split_once('<').and_then(|(before, tag)| Some((before, tag.split_once('>')?)))
    {
        text += before;
        let (name, value) = tag.split_once(' ').unwrap_or((tag, ""));
        match name {
            "br" => text.push('\n'),
            "ul" | "ol" => {
                text += if text.is_empty() { "" } else { "\n" };
                number = (name == "ol").then_some(0);
            }
            "li" => {
                text += if text.is_empty() { "" } else { "\n" };
                let value: Option<u32> = value.split('"').nth(1).and_then(|value| value.parse().ok());
                number = value.or(number.map(|number| number + 1));
                text += &number.map_or("- ".to_owned(), |number| format!("{number}. "));
            }
            "p" if !text.is_empty() && !text.ends_with([' ']) => text += "\n\n",
            _ => {}
        }
        rest = after;
    }
    text += rest;
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (entity, sign)| text.replace(entity, sign))
}

/// `text` with each run of `sign` made one.
fn joined(text: &str, sign: char) -> String {
    let mut last = None;
    text.chars().filter(|c| last.replace(*c) != Some(sign) || *c != sign).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `text` without the marks of Markdown.
fn without_marks(text: &str) -> String {
    let line = |line: &str| line.strip_prefix("* ").unwrap_or(line).replace("**", "").replace('`', "");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::text;

    #[test]
    fn no_change_touches_the_key_and_no_two_texts_have_the_same() {
        for which in 0..crate::user::TEXTS {
            let written = text(which);
            assert_eq!((0..crate::user::TEXTS).filter(|other| key(text(*other)) == key(written)).count(), 1);
            for mood in Mood::ALL.into_iter().filter(|mood| mood.changes_texts()) {
                let stored = Text::stored(written, true, &Moods::only(mood));
                let forms = [&stored.body, &stored.plain];
                assert!(forms.iter().all(|form| key(form) == key(written)), "{mood:?} {written:?}");
            }
        }
    }

    #[test]
    fn every_text_mood_changes_some_text() {
        for mood in Mood::ALL.into_iter().filter(|mood| mood.changes_texts()) {
            let changes = |which| Text::stored(text(which), false, &Moods::only(mood)).plain != text(which);
            assert!((0..crate::user::TEXTS).any(changes), "{mood:?}");
        }
    }
}
