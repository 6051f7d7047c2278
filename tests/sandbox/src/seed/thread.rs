//! The course of one ticket: its status, its agent, and the comments with their times.

use super::DAY;
use super::chance::Chance;
use super::stories::{Stories, Story, Turn, Voice};
use crate::users::{PEOPLE, Role};

/// The most comments of a seeded ticket.
const LONGEST: usize = 12;

/// The outline of a ticket.
#[derive(Debug)]
pub struct Shape {
    /// One of the service's six statuses.
    pub status: &'static str,
    /// The agent to whom it is assigned.
    pub agent: Option<i64>,
    age: i64,
    length: usize,
}

/// One comment to be written.
#[derive(Debug)]
pub struct Event<'a> {
    voice: Voice,
    agent: i64,
    /// With gaps.
    pub text: &'a str,
    /// Seconds since 1970.
    pub at: i64,
}

impl Event<'_> {
    /// The author's id.
    pub fn author(&self, requester: i64) -> i64 {
        if self.voice == Voice::User { requester } else { self.agent }
    }

    /// Whether it is a private note.
    pub fn is_note(&self) -> bool {
        self.voice == Voice::Note
    }
}

impl Shape {
    /// Draws a status that fits the age, and a length that fits the status.
    pub fn draw(chance: &mut Chance, story: &Story, stories: &Stories, age: i64) -> Self {
        let status = match age / DAY {
            0 => chance.one_of(&["new", "new", "new", "open", "open", "open", "pending", "pending", "solved"]),
            1..14 => {
                chance.one_of(&["open", "open", "open", "pending", "pending", "pending", "hold", "solved", "solved"])
            }
            14..45 => chance.one_of(&["open", "pending", "pending", "hold", "solved", "solved", "solved", "closed"]),
            _ => chance.one_of(&[
                "closed", "closed", "closed", "closed", "closed", "closed", "closed", "closed", "closed", "solved",
            ]),
        };
        let agents: Vec<i64> =
            PEOPLE.iter().filter(|person| person.role == Role::Agent).map(|person| person.id).collect();
        // The smaller of two draws: most threads are short, some are long.
        let longest = u32::try_from(LONGEST).unwrap_or(u32::MAX);
        let length = 1 + usize::try_from(chance.below(longest).min(chance.below(longest))).unwrap_or_default();
        let available = story.turns.len() + stories.follow_ups(&story.locale).len();
        Self {
            status,
            agent: Some(*chance.pick(&agents)),
            age,
            length: if status == "new" { 1 } else { length.min(available) },
        }
    }

    /// The comments with their times, oldest first; the first is the description.
    pub fn events<'a>(
        &self,
        chance: &mut Chance,
        story: &'a Story,
        stories: &'a Stories,
        created: i64,
        now: i64,
    ) -> Vec<Event<'a>> {
        let mut turns: Vec<(Voice, &str)> = story
            .turns
            .iter()
            .chain(stories.follow_ups(&story.locale))
            .map(|Turn(voice, text)| (*voice, text.as_str()))
            .collect();
        turns.truncate(self.last_turn(&turns));
        if turns.len() > 1 && turns.len() < LONGEST && chance.often(1, 4) {
            let places = u32::try_from(turns.len()).unwrap_or(1);
            let place = usize::try_from(1 + chance.below(places)).unwrap_or(1);
            turns.insert(place, (Voice::Note, chance.pick(stories.notes.as_slice()).as_str()));
        }
        let times = self.times(chance, turns.len(), created, now);
        let agent = self.agent.unwrap_or_default();
        turns.into_iter().zip(times).map(|((voice, text), at)| Event { voice, agent, text, at }).collect()
    }

    /// How many turns are used, so that the last one fits the status: the side whose turn it is did not write last.
    fn last_turn(&self, turns: &[(Voice, &str)]) -> usize {
        let fits = |voice: Voice| match self.status {
            "new" | "open" => voice == Voice::User,
            "pending" | "hold" => voice == Voice::Agent,
            _ => voice != Voice::Note,
        };
        let answered = if matches!(self.status, "new" | "open") { 1 } else { 2 };
        let wanted = self.length.max(answered);
        let fitting = |length: &usize| turns.get(length - 1).is_some_and(|(voice, _)| fits(*voice));
        (answered..=wanted).rev().find(fitting).unwrap_or(answered)
    }

    /// Ascending times, beginning with the creation. The gaps of minutes to days are compressed into the available
    /// time.
    fn times(&self, chance: &mut Chance, count: usize, created: i64, now: i64) -> Vec<i64> {
        let gaps: Vec<i64> =
            (1..count).map(|_| 600 + i64::from(chance.below(60)) * i64::from(chance.below(60)) * 60).collect();
        let needed: i64 = gaps.iter().sum();
        let closing = if self.status == "closed" { 28 * DAY } else { 0 };
        // The thread takes between half and nearly all of the available time.
        let room = (now - created).min(self.age) - closing;
        let room = (room * i64::from(50 + chance.below(45)) / 100).max(i64::try_from(count).unwrap_or_default());
        let mut passed = 0;
        let mut times = vec![created];
        for gap in gaps {
            passed += gap;
            times.push(created + if needed > room { passed * room / needed } else { passed });
        }
        times
    }
}
