//! The seed: the tickets of a fresh server, which look like three years of support for an affiliate platform.
//!
//! The texts are stories in `data/stories.json`: a subject and a conversation with gaps such as `{partner}`. A ticket
//! is a story with its gaps filled, shortened or prolonged to a length that fits its status. All random numbers come
//! from one seeded generator in one order, so the same seed gives the same tickets. Only their times, and a month that
//! a text names, depend on the start of the server.
//!
//! `--tickets N` counts the tickets that Ada sees: her own, and those that Ben and Clara made accessible. Besides those
//! there are tickets that she must not see; [`HIDDEN`] is their number.

mod articles;
mod chance;
mod stories;
mod thread;

use std::time::Duration;

use rusqlite::Transaction;

use crate::account::{Account, HelpCenter};
use crate::store::people;
use crate::store::tickets::FIRST_NUMBER;
use crate::store::{Store, account, comments, files, tickets};
use crate::users::{ADA, BEN, CLARA, Person, ZOE};
use crate::{Options, StartError};
use chance::Chance;
use stories::{Stories, Story};
use thread::{Event, Shape};

/// How many tickets exist that Ada does not see, in addition to those that she sees.
pub const HIDDEN: u32 = 36;

const DAY: i64 = 24 * 60 * 60;
/// The age of the oldest ticket, in seconds.
const OLDEST: i64 = 3 * 365 * DAY;
/// The age of the newest ticket, in seconds.
const NEWEST: i64 = 4 * 60;

/// Writes users and tickets into an empty store, in one transaction. `now` is the start, in seconds since 1970.
pub fn write(store: &mut Store, options: &Options, now: i64) -> Result<(), StartError> {
    let stories = Stories::load()?;
    let set_up = Account::first()?;
    let help_center = HelpCenter::first()?;
    let total = options.tickets + HIDDEN;
    store.change(now * 1000, None::<Duration>, |db| {
        account::write(db, &set_up)?;
        people::insert_everybody(db)?;
        self::articles::write(db, &help_center, now)?;
        let mut writer = SeedWriter { db, stories: &stories, chance: Chance::new(options.seed), now, used_once: 0 };
        // Hidden tickets are spread evenly over the years. Numbers grow with time, as on a real server.
        let mut hidden = 0;
        for place in 0..total {
            let due = (u64::from(place) + 1) * u64::from(HIDDEN) / u64::from(total);
            let hide = u64::from(hidden) < due;
            hidden += u32::from(hide);
            writer.ticket(place, total, hide)?;
        }
        Ok::<_, StartError>(())
    })
}

struct SeedWriter<'a> {
    db: &'a Transaction<'a>,
    stories: &'a Stories,
    chance: Chance,
    now: i64,
    /// How many of the stories that appear only once were used.
    used_once: usize,
}

impl<'a> SeedWriter<'a> {
    /// Writes the ticket at position `place` of `total`, where 0 is the oldest.
    fn ticket(&mut self, place: u32, total: u32, hide: bool) -> Result<(), StartError> {
        let age = age(place, total);
        let (requester, access) = self.requester(hide);
        let story = self.story(total - place);
        let shape = Shape::draw(&mut self.chance, story, self.stories, age);
        let created = self.now - age;
        let filling = self.stories.filling(&story.locale, created, &mut self.chance);
        let events = shape.events(&mut self.chance, story, self.stories, created, self.now);
        let updated = self.updated(shape.status, &events, created);
        let ticket = tickets::insert(
            self.db,
            &tickets::NewTicket {
                id: Some(FIRST_NUMBER + i64::from(place)),
                requester: requester.id,
                organization: requester.organization,
                assignee: shape.agent.filter(|_| shape.status != "new"),
                subject: &filling.fill(&story.subject),
                status: shape.status,
                priority: self.chance.one_of(&[
                    None,
                    None,
                    None,
                    Some("normal"),
                    Some("high"),
                    Some("low"),
                    Some("p1_critical"),
                ]),
                kind: self.chance.one_of(&[
                    None,
                    None,
                    Some("question"),
                    Some("incident"),
                    Some("problem"),
                    Some("wish"),
                ]),
                channel: self.chance.one_of(&["web", "web", "email", "api", "mobile_sdk", "any_channel", "sidecar_v2"]),
                issue_type: self.chance.often(24, 25).then_some(story.issue_type.as_str()),
                access,
                client_reference: None,
                followup_of: None,
                created_at: created,
                updated_at: updated,
                salt: 0,
            },
        )?;
        for (place, event) in events.iter().enumerate() {
            let comment = comments::insert(
                self.db,
                comments::NewComment {
                    ticket,
                    author: event.author(requester.id),
                    body: &filling.fill(event.text),
                    html: None,
                    public: !event.is_note(),
                    channel: if event.is_note() { "rule" } else { "web" },
                    at: event.at,
                },
            )?;
            if place == 0 {
                self.attachment(comment, story)?;
            }
        }
        self.ccs(ticket, created)
    }

    /// The requester and the access checkbox. Three in five tickets that Ada sees are her own.
    fn requester(&mut self, hide: bool) -> (Person, Option<bool>) {
        let closed = self.chance.one_of(&[None, None, Some(false)]);
        if hide {
            return (self.chance.one_of(&[BEN, CLARA, ZOE, ZOE]), closed);
        }
        match self.chance.below(20) {
            0..12 => (ADA, if self.chance.often(1, 3) { Some(true) } else { closed }),
            12..17 => (BEN, Some(true)),
            _ => (CLARA, Some(true)),
        }
    }

    /// Chooses a story. Those that appear only once are among the newest tickets, three tickets apart.
    fn story(&mut self, from_newest: u32) -> &'a Story {
        let stories: &'a Stories = self.stories;
        let once = stories.once();
        if from_newest.is_multiple_of(3) && from_newest / 3 <= u32::try_from(once.len()).unwrap_or_default() {
            let story = &once[self.used_once % once.len()];
            self.used_once += 1;
            return story;
        }
        self.chance.pick(stories.repeatable())
    }

    /// The time of the last update. An automation closes what was solved four weeks ago, and others send reminders:
    /// both move `updated_at` without a comment.
    fn updated(&mut self, status: &str, events: &[Event<'_>], created: i64) -> i64 {
        let last = events.last().map_or(created, |event| event.at);
        let after = match status {
            "closed" => 28 * DAY,
            "solved" => i64::from(self.chance.below(3)) * 3600,
            _ if self.chance.often(1, 8) => 2 * DAY,
            _ => 0,
        };
        // If there is no room for it before the start, it happened at some time in between.
        let room = self.now - 60 - last;
        last + if after < room { after } else { room.max(0) * i64::from(self.chance.below(60)) / 100 }
    }

    fn attachment(&mut self, comment: i64, story: &Story) -> Result<(), StartError> {
        let wanted = self.chance.often(2, 5);
        let Some(name) = story.file.as_deref().filter(|_| wanted) else { return Ok(()) };
        let Some((content_type, bytes)) = stories::file(name) else { return Ok(()) };
        let secret = format!("{:016x}{:016x}", self.chance.number(), self.chance.number());
        files::insert(
            self.db,
            files::NewAttachment {
                comment: Some(comment),
                upload: None,
                secret: &secret,
                file_name: name,
                content_type,
                bytes,
            },
        )?;
        Ok(())
    }

    /// Adds CC addresses to one ticket in eight, with the mails that they got when it was created.
    fn ccs(&mut self, ticket: i64, at: i64) -> Result<(), StartError> {
        if !self.chance.often(1, 8) {
            return Ok(());
        }
        for _ in 0..=self.chance.below(3) {
            let address: &String = self.chance.pick(&self.stories.addresses);
            let user = people::by_address_or_new(self.db, address, None)?;
            if people::add_cc(self.db, ticket, user.id)? {
                people::record_mail(self.db, ticket, &user.email, at)?;
            }
        }
        Ok(())
    }
}

/// The age of the ticket at `place`, in seconds. Tickets are dense in the last weeks and sparse three years ago.
fn age(place: u32, total: u32) -> i64 {
    let from_newest = total - 1 - place;
    let share = f64::from(from_newest) / f64::from(total.max(2) - 1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "the seconds of three years fit either way"
    )]
    let curve = (share.powf(2.2) * (OLDEST - NEWEST) as f64) as i64;
    NEWEST + curve + i64::from(from_newest)
}
