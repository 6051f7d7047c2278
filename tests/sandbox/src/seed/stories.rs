//! The texts of the seed, read from `data/stories.json`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::chance::Chance;
use crate::clock::timestamp;

/// Who writes a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Voice {
    /// The requester.
    User,
    /// An agent, publicly.
    Agent,
    /// An agent, as a private note.
    Note,
}

/// One turn of a conversation, with gaps.
#[derive(Debug, Deserialize)]
pub struct Turn(pub Voice, pub String);

/// A subject and a conversation. The first turn is the user's description.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// `en`, `de`, `es`, `ar` or `he`.
    pub locale: String,
    /// The tag of the issue type.
    pub issue_type: String,
    /// With gaps.
    pub subject: String,
    /// The conversation, in order.
    pub turns: Vec<Turn>,
    /// A file that may be attached to the description.
    #[serde(default)]
    pub file: Option<String>,
    /// Whether it appears only once, among the newest tickets.
    #[serde(default)]
    once: bool,
}

/// All texts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stories {
    #[serde(rename = "stories")]
    repeatable: Vec<Story>,
    #[serde(skip)]
    once: Vec<Story>,
    /// Turns that prolong any conversation, user and agent alternating, by language.
    follow_ups: BTreeMap<String, Vec<Turn>>,
    /// Private notes.
    pub notes: Vec<String>,
    /// The values of each gap, by the gap's name. A name may be followed by a language, as in `month-de`.
    gaps: BTreeMap<String, Vec<String>>,
    /// The possible CC addresses.
    pub addresses: Vec<String>,
}

impl Stories {
    /// Parses the data file, which is compiled in.
    pub fn load() -> Result<Self, serde_json::Error> {
        let mut all: Self = serde_json::from_str(include_str!("../../data/stories.json"))?;
        (all.once, all.repeatable) = std::mem::take(&mut all.repeatable).into_iter().partition(|story| story.once);
        Ok(all)
    }

    /// The stories that appear only once.
    pub fn once(&self) -> &[Story] {
        &self.once
    }

    /// The stories that appear repeatedly, with other values in their gaps.
    pub fn repeatable(&self) -> &[Story] {
        &self.repeatable
    }

    /// The turns that prolong a conversation in this language; empty if there are none.
    pub fn follow_ups(&self, locale: &str) -> &[Turn] {
        self.follow_ups.get(locale).map_or(&[], Vec::as_slice)
    }

    /// Draws one value for every gap, the same throughout a ticket. The month is the one before `created` (seconds
    /// since 1970).
    pub fn filling(&self, locale: &str, created: i64, chance: &mut Chance) -> Filling<'_> {
        let mut values = Vec::with_capacity(self.gaps.len());
        for (name, choices) in &self.gaps {
            let (name, language) = name.split_once('-').unwrap_or((name, locale));
            if language != locale {
                continue;
            }
            let choice = if name == "month" { choices.get(month_before(created)) } else { Some(chance.pick(choices)) };
            values.extend(choice.map(|choice| (format!("{{{name}}}"), choice.as_str())));
        }
        Filling { values, number: 10_000 + chance.below(90_000) }
    }
}

/// The values of the gaps of one ticket.
#[derive(Debug)]
pub struct Filling<'a> {
    values: Vec<(String, &'a str)>,
    number: u32,
}

impl Filling<'_> {
    /// Fills the gaps of `text`.
    pub fn fill(&self, text: &str) -> String {
        let text = text.replace("{number}", &self.number.to_string());
        self.values.iter().fold(text, |text, (gap, value)| text.replace(gap, value))
    }
}

/// The month before `created`, from 0 for January.
fn month_before(created: i64) -> usize {
    let month = timestamp(created).get(5..7).and_then(|month| month.parse::<usize>().ok()).unwrap_or(1);
    (month + 10) % 12
}

/// The content type and bytes of a file that a story names.
pub fn file(name: &str) -> Option<(&'static str, &'static [u8])> {
    match name {
        "report.csv" => Some(("text/csv", include_bytes!("../../data/files/report.csv"))),
        "screenshot.png" => Some(("image/png", include_bytes!("../../data/files/screenshot.png"))),
        "postback.log" => Some(("text/plain", include_bytes!("../../data/files/postback.log"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, ISSUE_TYPE};

    #[test]
    fn every_story_is_complete() {
        let all = Stories::load().unwrap();
        let set_up = Account::first().unwrap();
        let issue_type = set_up.ticket_fields.iter().find(|field| field.id == ISSUE_TYPE).unwrap();
        let filled = |story: &Story, text: &str| all.filling(&story.locale, 0, &mut Chance::new(7)).fill(text);
        for story in all.once().iter().chain(all.repeatable()) {
            let subject = filled(story, &story.subject);
            assert!(issue_type.option(&story.issue_type).is_some(), "{subject}");
            assert!(subject.chars().count() <= 140, "{subject}");
            assert_eq!(story.turns.first().map(|turn| turn.0), Some(Voice::User), "{subject}");
            assert!(story.turns.iter().any(|turn| turn.0 == Voice::Agent), "{subject}");
            assert!(story.file.as_deref().is_none_or(|name| file(name).is_some()), "{subject}");
            for Turn(_, text) in &story.turns {
                assert!(!filled(story, text).contains('{'), "a gap without a value: {text}");
            }
        }
        for language in ["en", "de", "es"] {
            assert!(!all.follow_ups(language).is_empty());
        }
    }
}
