//! Making a schedule from a seed.

use super::{DeviceEvent, Event, Schedule, Survives, UserAction};
use crate::device::TokenFault;
use crate::moods;
use crate::server::{Fault, FaultScope, InjectedFault, Mood, ServerAction, ServerTraits};
use crate::world::Chance;

impl Schedule {
    /// The schedule of `seed`. `stale` and `late` are the product definition's bounds for stale reads and late
    /// applications, in ms. With `mood` the server gets into this mood, and into no other.
    #[must_use]
    pub fn of(seed: u64, stale: i64, late: i64, mood: Option<Mood>) -> Self {
        let mut chance = Chance::new(seed ^ 0x5eed_5eed_5eed_5eed);
        let traits = ServerTraits {
            shuffle: chance.number(),
            organization: chance.one_in(2),
            organization_refused: chance.one_in(6),
            notes_leak: chance.one_in(3),
            rewrites: chance.one_in(3),
            keys: !chance.one_in(3),
            upload_life: 3_600_000,
            tells_expiry: true,
            tells_time: true,
            stale,
            late,
        };
        let year = 365 * 24 * 3_600_000;
        let off_by = if chance.one_in(3) { chance.pick(&[-3 * year, 3 * year, -90_000, 7_200_000]) } else { 0 };
        let (page_size, reference) = (chance.pick(&[2, 3, 100]), chance.one_in(2));
        // Either the built-in policy, or one under which a full reconciliation is often under way and never done in one
        // run.
        let reconciliation =
            if chance.one_in(4) { (chance.pick(&[0, 10, 60]), chance.pick(&[1, 2])) } else { (86_400, 20) };
        let tickets = chance.small(5);
        let theme = Theme::of(&mut chance);
        let length = 6 + chance.below(26);
        let mut events = Vec::new();
        for _ in 0..length {
            theme.add(&mut events, &mut chance);
        }
        let mut schedule = Self {
            seed,
            traits,
            page_size,
            reference,
            reconciliation,
            extras: false,
            marks: false,
            tickets,
            off_by,
            events,
        };
        // A random stream of its own, so that files do not change anything else in the schedule.
        let mut chance = Chance::new(seed ^ 0xf11e_f11e_f11e_f11e);
        if chance.one_in(4) {
            schedule.attach_files(&mut chance);
        }
        let mut chance = Chance::new(seed ^ 0x0e77_0e77_0e77_0e77);
        if chance.one_in(3) {
            schedule.add_extras(&mut chance);
        }
        let mut chance = Chance::new(seed ^ 0x3ead_3ead_3ead_3ead);
        if chance.one_in(4) {
            schedule.add_marks(&mut chance);
        }
        schedule.traits.tells_time = !Chance::new(seed ^ 0xc10c_c10c_c10c_c10c).one_in(16);
        moods::add(&mut schedule, mood);
        schedule
    }

    /// Puts acts that belong together somewhere into the schedule, perhaps with something that happens to the device between.
    pub(super) fn add_acts(&mut self, mut acts: Vec<Event>, chance: &mut Chance) {
        acts.push(pass(chance));
        if chance.one_in(6) {
            acts.insert(acts.len() / 2, Event::Device(device_event(chance)));
        }
        let place = usize::try_from(chance.below(self.events.len() as u64 + 1)).unwrap_or_default();
        self.events.splice(place..place, acts);
    }
}

/// The emphasis of a schedule. It makes rare combinations likely.
#[derive(Debug, Clone, Copy)]
struct Theme {
    faults: u64,
    process: u64,
    acts: u64,
    user: u64,
}

impl Theme {
    fn of(chance: &mut Chance) -> Self {
        chance.pick(&[
            Self { faults: 5, process: 1, acts: 2, user: 6 },
            Self { faults: 2, process: 4, acts: 1, user: 5 },
            Self { faults: 2, process: 1, acts: 6, user: 4 },
            Self { faults: 4, process: 3, acts: 4, user: 6 },
            Self { faults: 0, process: 0, acts: 4, user: 6 },
        ])
    }

    fn add(&self, events: &mut Vec<Event>, chance: &mut Chance) {
        let drawn = chance.below(self.faults + self.process + self.acts + self.user);
        let event = if drawn < self.faults {
            if chance.one_in(8) {
                let fault = chance.pick(&[TokenFault::SignedOut, TokenFault::Unavailable, TokenFault::WrongUser]);
                Event::Token(fault, 1 + chance.small(3))
            } else {
                Event::Fault(injected_fault(chance))
            }
        } else if drawn < self.faults + self.process {
            Event::Device(device_event(chance))
        } else if drawn < self.faults + self.process + self.acts {
            Event::Server(server_action(chance))
        } else {
            Event::User(user_action(chance))
        };
        events.push(event);
        if !chance.one_in(3) {
            let lengths = [30, 60, 120, 200, 400, 1_000, 3_000, 8_000, 20_000, 60_000, 75_000, 200_000];
            let longest = chance.pick(&lengths);
            events.push(Event::Pass(1 + chance.below(longest)));
        }
    }
}

fn injected_fault(chance: &mut Chance) -> InjectedFault {
    use Fault::{CutAfter, CutBefore, FailingAfter, Late, Stale};
    let fault = if chance.one_in(2) {
        chance.pick(&[CutAfter, Late, Late, CutBefore, Stale, Stale, FailingAfter])
    } else {
        chance.pick(&Fault::ALL)
    };
    let on = match fault {
        Late | CutAfter | CutBefore | FailingAfter => FaultScope::Writes,
        Stale => chance.pick(&[FaultScope::Any, FaultScope::Reads, FaultScope::Lists, FaultScope::Threads]),
        _ => chance.pick(&[
            FaultScope::Any,
            FaultScope::Any,
            FaultScope::Writes,
            FaultScope::Writes,
            FaultScope::Reads,
            FaultScope::Lists,
            FaultScope::Threads,
            FaultScope::Me,
        ]),
    };
    let times = if fault == Stale { 1 + chance.small(12) } else { 1 + chance.small(3) };
    InjectedFault { fault, on, times }
}

/// Time that passes between two acts.
pub(super) fn pass(chance: &mut Chance) -> Event {
    Event::Pass(chance.pick(&[100, 800, 3_000, 12_000, 70_000]))
}

pub(super) fn device_event(chance: &mut Chance) -> DeviceEvent {
    match chance.below(22) {
        10..=15 => {
            let survives = [Survives::All, Survives::Synced, Survives::Torn(chance.small(200))];
            DeviceEvent::Cut(chance.pick(&[0, 1, 2, 3, 4, 6, 9, 14, 25, 60]), chance.pick(&survives))
        }
        16 | 17 => DeviceEvent::Suspend,
        0..=4 => DeviceEvent::Kill(chance.pick(&[1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30])),
        5 => DeviceEvent::Restart,
        6 | 18 | 19 => DeviceEvent::Copy,
        7 | 20 | 21 => DeviceEvent::Move,
        _ => DeviceEvent::Jump(chance.pick(&[-3_652, 3_652, -1, 1, 30])),
    }
}

fn server_action(chance: &mut Chance) -> ServerAction {
    let ticket = chance.small(4);
    match chance.below(16) {
        0..=2 => ServerAction::Answer { ticket, waits: chance.one_in(2) },
        3 => ServerAction::Note(ticket),
        4 => ServerAction::Edit(ticket),
        5 => ServerAction::Redact(ticket),
        6 => ServerAction::Hide(ticket),
        7 => ServerAction::Hold(ticket),
        8 => ServerAction::Solve(ticket),
        9 => ServerAction::Close(ticket),
        10 => ServerAction::Revoke(ticket),
        11 => ServerAction::Restore(ticket),
        12 => ServerAction::Colleague { copied: chance.one_in(2) },
        13 | 14 => ServerAction::Elsewhere { ticket, text: chance.small(3) },
        _ => ServerAction::Opened,
    }
}

fn user_action(chance: &mut Chance) -> UserAction {
    let (ticket, text) = (chance.small(3), chance.small(3));
    let taps = if chance.one_in(4) { 2 } else { 1 };
    match chance.below(31) {
        24..=26 => UserAction::Edit { which: ticket, text },
        27 => UserAction::AddCc(ticket),
        28 => UserAction::Solve(ticket),
        29 => UserAction::Push(ticket),
        30 => UserAction::Background(chance.pick(&[5, 25, 60])),
        0..=3 => UserAction::Submit { text, taps },
        4..=11 => UserAction::Reply { ticket, text, taps },
        12 => UserAction::Draft { ticket, text },
        13 => UserAction::TicketDraft(text),
        14 => UserAction::Retry(text),
        15 => UserAction::Discard(text),
        16 | 17 => UserAction::Open(ticket),
        18 => UserAction::Leave,
        19 => UserAction::Sync,
        20 => UserAction::SyncBeside,
        21 => UserAction::Front(!chance.one_in(3)),
        _ => UserAction::Online(!chance.one_in(3)),
    }
}
