//! Which schedules have a [mood](crate::server::Mood), and what happens around it so that it matters.
//!
//! A schedule has each mood of the [mix](MIX) with a small probability, so that most schedules have none and the others
//! usually one. A mood is one event, and some events of the user and of agents follow it. All of them are ordinary
//! events: they are printed, and removed when the schedule is shrunk.

use crate::schedule::{Event, Schedule, UserAction};
use crate::server::{Fault, FaultScope, InjectedFault, Mood, ServerAction};
use crate::world::Chance;

/// The moods that are drawn. The others are played only if they are asked for by name, because core was not shown to hold
/// against them in some hundred schedules.
pub const MIX: &[Mood] = &[
    Mood::MarksGone,
    Mood::Entities,
    Mood::SpacesJoined,
    Mood::BlankLinesJoined,
    Mood::EmojiDropped,
    Mood::TextsCut,
    Mood::NulsDropped,
    Mood::FilesRenamed,
    Mood::RepliesHidden,
    Mood::MailAnswers,
    Mood::AllRefused,
    Mood::WebPages,
    Mood::Firewall,
    Mood::OtherRefusals,
    Mood::FutureDates,
];

/// One schedule in so many has a certain mood.
const ONE_IN: u64 = 40;

/// Adds the moods of a schedule: with `forced`, this one; otherwise those that are drawn.
pub(crate) fn add(schedule: &mut Schedule, forced: Option<Mood>) {
    // A random stream for each mood, so that another mood in the mix does not change the schedule.
    for mood in Mood::ALL {
        let salt = (mood as u64 + 1).wrapping_mul(0x6d6f_6f64_6d6f_6f64);
        let mut chance = Chance::new(schedule.seed ^ salt);
        let drawn = MIX.contains(&mood) && chance.one_in(ONE_IN);
        if forced.map_or(drawn, |forced| forced == mood) {
            plan(schedule, mood, &mut chance);
        }
    }
}

fn plan(schedule: &mut Schedule, mood: Mood, chance: &mut Chance) {
    let variant = chance.small(120);
    let begin = |length| Event::Mood { mood, variant, length };
    match mood {
        _ if mood.changes_texts() => {
            schedule.events.insert(0, begin(0));
            other_texts(schedule, mood, chance);
            disturb_writes(schedule, chance);
        }
        Mood::FilesRenamed => {
            schedule.events.insert(0, begin(0));
            schedule.attach_files(chance);
            disturb_writes(schedule, chance);
        }
        Mood::RepliesHidden => {
            let mut events = vec![begin(0), reply(chance), pass(chance, 20_000)];
            events.extend((0..3).map(|_| pass(chance, 90_000)));
            insert(schedule, events, chance);
        }
        Mood::MailAnswers => {
            let mut events = vec![begin(0)];
            for _ in 0..2 {
                events.extend([reply(chance), pass(chance, 90_000)]);
            }
            insert(schedule, events, chance);
        }
        Mood::AllRefused | Mood::WebPages => {
            schedule.tickets = schedule.tickets.max(3);
            let mut events = vec![pass(chance, 20_000), answer(0), answer(1), answer(2)];
            events.push(begin(chance.pick(&[0, 20_000, 60_000, 300_000])));
            events.extend([Event::User(UserAction::Sync), pass(chance, 8_000)]);
            for _ in 0..3 {
                let ticket = chance.small(4);
                let action = chance.pick(&[UserAction::Open(ticket), UserAction::Push(ticket), UserAction::Sync]);
                events.extend([Event::User(action), pass(chance, 8_000)]);
            }
            events.extend([reply(chance), pass(chance, 60_000)]);
            insert(schedule, events, chance);
        }
        Mood::Firewall | Mood::OtherRefusals => {
            if chance.one_in(4) {
                schedule.attach_files(chance);
            }
            let mut events = vec![begin(chance.pick(&[0, 60_000, 1_800_000])), reply(chance), pass(chance, 8_000)];
            if chance.one_in(2) {
                events.push(Event::User(UserAction::Submit { text: chance.small(3), taps: 1 }));
            }
            events.extend((0..4).map(|_| pass(chance, 300_000)));
            insert(schedule, events, chance);
        }
        Mood::OddRows | Mood::Circles | Mood::ThreadsFail => {
            schedule.tickets = schedule.tickets.max(3 + chance.small(4));
            let length = chance.pick(&[0, 0, 60_000, 600_000]);
            let mut events = vec![begin(length), Event::User(UserAction::Sync), pass(chance, 20_000)];
            events.extend([answer(chance.small(4)), answer(chance.small(4)), Event::Server(ServerAction::Opened)]);
            events.extend([Event::User(UserAction::Sync), pass(chance, 20_000), reply(chance)]);
            if chance.one_in(2) {
                events.push(Event::User(UserAction::Open(chance.small(4))));
            }
            events.push(pass(chance, 60_000));
            if chance.one_in(2) {
                // From the beginning, so that the first sync meets it.
                schedule.events.insert(0, begin(length));
            }
            insert(schedule, events, chance);
        }
        Mood::FutureDates => {
            (schedule.tickets, schedule.page_size) = (schedule.tickets.max(3), chance.pick(&[2, 3]));
            // If the server tells no time and the device's clock is fast, nothing shows that a date lies ahead. Then only
            // a full reconciliation finds what was missed, long after the end of a schedule.
            schedule.traits.tells_time |= schedule.off_by > 0;
            let mut events = vec![begin(chance.pick(&[20_000, 60_000])), Event::User(UserAction::Sync)];
            events.extend([pass(chance, 20_000), Event::User(UserAction::Sync), Event::Pass(75_000)]);
            events.extend([1, 2].map(answer));
            events.extend([Event::Server(ServerAction::Opened); 4]);
            events.extend([Event::User(UserAction::Sync), pass(chance, 20_000)]);
            insert(schedule, events, chance);
        }
        Mood::UploadsExpired => {
            schedule.attach_files(chance);
            schedule.events.insert(0, begin(chance.pick(&[0, 60_000, 1_800_000])));
            let mut events = vec![Event::User(UserAction::Attach { to: Some(0), file: 0 })];
            events.push(Event::User(UserAction::Reply { ticket: 0, text: chance.small(3), taps: 1 }));
            events.extend([pass(chance, 60_000), reply(chance), Event::Pass(300_000)]);
            insert(schedule, events, chance);
        }
        _ => {
            (schedule.tickets, schedule.page_size, schedule.traits.tells_time) = (12, 2, true);
            let wakes = [
                UserAction::Sync,
                UserAction::Sync,
                UserAction::Online(true),
                UserAction::Push(chance.small(5)),
                UserAction::Open(chance.small(5)),
            ];
            let mut events = vec![begin(0), Event::Pass(12_000 + chance.below(20_000))];
            for _ in 0..2 {
                let action = chance.pick(&wakes);
                events.extend([Event::User(action), Event::Pass(1 + chance.below(3_000))]);
                events.push(Event::Prompt { ticket: chance.small(6), text: chance.small(3) });
            }
            schedule.events.splice(0..0, events);
        }
    }
}

/// Inserts events, in order, with an event of the schedule between some of them.
fn insert(schedule: &mut Schedule, events: Vec<Event>, chance: &mut Chance) {
    let length = schedule.events.len() as u64;
    let mut place = usize::try_from(chance.below(length / 2 + 1)).unwrap_or_default();
    for event in events {
        place = place.min(schedule.events.len());
        schedule.events.insert(place, event);
        place += 1 + usize::from(chance.one_in(6));
    }
}

/// Lets the user write texts that the mood changes.
fn other_texts(schedule: &mut Schedule, mood: Mood, chance: &mut Chance) {
    let theirs = match mood {
        Mood::TextsCut => 4,
        Mood::NulsDropped => 5,
        _ => 3,
    };
    for event in &mut schedule.events {
        if let Event::User(
            UserAction::Reply { text, .. }
            | UserAction::Submit { text, .. }
            | UserAction::Draft { text, .. }
            | UserAction::TicketDraft(text)
            | UserAction::Edit { text, .. },
        ) = event
            && !chance.one_in(3)
        {
            *text = theirs;
        }
    }
}

/// Makes the outcome of about half of the messages ambiguous.
fn disturb_writes(schedule: &mut Schedule, chance: &mut Chance) {
    use Fault::{CutAfter, CutBefore, FailingAfter, HtmlAfter, Late};
    let mut events = Vec::new();
    for event in schedule.events.drain(..) {
        let writes = matches!(event, Event::User(UserAction::Reply { .. } | UserAction::Submit { .. }));
        if writes && chance.one_in(2) {
            let fault = chance.pick(&[CutAfter, CutAfter, FailingAfter, HtmlAfter, Late, CutBefore]);
            events.push(Event::Fault(InjectedFault { fault, on: FaultScope::Writes, times: 1 }));
        }
        events.push(event);
        if writes {
            events.push(Event::Pass(1 + chance.below(75_000)));
        }
    }
    schedule.events = events;
}

fn reply(chance: &mut Chance) -> Event {
    Event::User(UserAction::Reply { ticket: chance.small(3), text: chance.small(3), taps: 1 })
}

fn answer(ticket: u8) -> Event {
    Event::Server(ServerAction::Answer { ticket, waits: false })
}

fn pass(chance: &mut Chance, longest: u64) -> Event {
    Event::Pass(1 + chance.below(longest))
}
