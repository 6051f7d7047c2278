//! The texts of the seed, read from `data/stories.json`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::chance::Chance;
use crate::clock::timestamp;

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Voice {
    /// The requester.
    User,
    /// An agent, to the requester.
    Agent,
    /// An agent, to other agents.
    Note,
}

/// One thing said, with gaps.
#[derive(Debug, Deserialize)]
pub struct Turn(pub Voice, pub String);

/// A subject and a conversation that begins with the user's description.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// `en`, `de`, `es`, `ar` or `he`.
    pub locale: String,
    /// The tag of the issue type.
    pub issue_type: String,
    /// With gaps.
    pub subject: String,
    /// What is said, in order.
    pub turns: Vec<Turn>,
    /// A file that may go with the description.
    #[serde(default)]
    pub file: Option<String>,
    /// Told only once, among the newest tickets.
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
    /// Turns that prolong any conversation, user and agent by turns, by language.
    follow_ups: BTreeMap<String, Vec<Turn>>,
    /// What agents tell each other.
    pub notes: Vec<String>,
    /// What fills a gap, by the gap's name; a name may be followed by a language, as in `month-de`.
    gaps: BTreeMap<String, Vec<String>>,
    /// Who may be in CC.
    pub addresses: Vec<String>,
}

impl Stories {
    /// Reads the data file that is compiled in.
    pub fn load() -> Result<Self, serde_json::Error> {
        let mut all: Self = serde_json::from_str(include_str!("../../data/stories.json"))?;
        (all.once, all.repeatable) = std::mem::take(&mut all.repeatable).into_iter().partition(|story| story.once);
        Ok(all)
    }

    /// What is told only once.
    pub fn once(&self) -> &[Story] {
        &self.once
    }

    /// What is told again with other gaps.
    pub fn repeatable(&self) -> &[Story] {
        &self.repeatable
    }

    /// What prolongs a conversation in this language; nothing where there are no such texts.
    pub fn follow_ups(&self, locale: &str) -> &[Turn] {
        self.follow_ups.get(locale).map_or(&[], Vec::as_slice)
    }

    /// One value for every gap, the same throughout a ticket. The month is the one before `created` (seconds since 1970).
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

/// What fills the gaps of one ticket.
#[derive(Debug)]
pub struct Filling<'a> {
    values: Vec<(String, &'a str)>,
    number: u32,
}

impl Filling<'_> {
    /// The text without gaps.
    pub fn fill(&self, text: &str) -> String {
        let text = text.replace("{number}", &self.number.to_string());
        self.values.iter().fold(text, |text, (gap, value)| text.replace(gap, value))
    }
}

/// From 0 for January.
fn month_before(created: i64) -> usize {
    let month = timestamp(created).get(5..7).and_then(|month| month.parse::<usize>().ok()).unwrap_or(1);
    (month + 10) % 12
}

/// A file that a story names: its content type and bytes.
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
    use crate::fields;

    #[test]
    fn every_story_can_be_told() {
        let all = Stories::load().unwrap();
        let filled = |story: &Story, text: &str| all.filling(&story.locale, 0, &mut Chance::new(7)).fill(text);
        for story in all.once().iter().chain(all.repeatable()) {
            let subject = filled(story, &story.subject);
            assert!(fields::is_issue_type(&story.issue_type), "{subject}");
            assert!(subject.chars().count() <= 140, "{subject}");
            assert_eq!(story.turns.first().map(|turn| turn.0), Some(Voice::User), "{subject}");
            assert!(story.turns.iter().any(|turn| turn.0 == Voice::Agent), "{subject}");
            assert!(story.file.as_deref().is_none_or(|name| file(name).is_some()), "{subject}");
            for Turn(_, text) in &story.turns {
                assert!(!filled(story, text).contains('{'), "a gap without a value: {text}");
            }
        }
        for (_, name) in fields::ISSUE_TYPES.iter().zip(["en", "de", "es"].iter().cycle()) {
            assert!(!all.follow_ups(name).is_empty());
        }
    }
}
