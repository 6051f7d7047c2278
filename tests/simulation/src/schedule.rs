//! A schedule: what happens in one run, as data. It is generated from a seed, printed, and shrunk if it fails.

use std::fmt;

use crate::device::TokenFault;
use crate::moods;
use crate::picked::KINDS;
use crate::server::{Fault, FaultScope, InjectedFault, Mood, ServerAction, ServerTraits};
use crate::world::Chance;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The seed. It also decides latencies, the ages of stale reads, and ids.
    pub seed: u64,
    /// The traits of the server.
    pub traits: ServerTraits,
    /// Rows per page.
    pub page_size: u8,
    /// Whether the product definition maps a field for the client reference.
    pub reference: bool,
    /// The time from one full reconciliation to the next, in seconds, and how many of its requests one run makes.
    pub reconciliation: (u32, u8),
    /// Whether the product asks for feedback and has a toggle.
    pub extras: bool,
    /// How many tickets exist at the start.
    pub tickets: u8,
    /// How far the device's clock is ahead of the server's, in ms.
    pub off_by: i64,
    /// The events, in order.
    pub events: Vec<Event>,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Time passes, in ms.
    Pass(u64),
    /// The user does something.
    User(UserAction),
    /// Something happens to the process or the device.
    Device(DeviceEvent),
    /// The token provider fails, this many times.
    Token(TokenFault, u8),
    /// The next matching requests fail.
    Fault(InjectedFault),
    /// Somebody else does something on the server.
    Server(ServerAction),
    /// The server's mood changes.
    Mood {
        /// The mood.
        mood: Mood,
        /// Which of its answers the server gives, and which tickets it concerns.
        variant: u8,
        /// How long it lasts, in ms; until the end with 0.
        length: u64,
    },
    /// The user replies while a run is under way. The reply must not wait for what the run reads.
    Prompt {
        /// The ticket.
        ticket: u8,
        /// The index of the text.
        text: u8,
    },
}

/// What a user does. A ticket is given by its position from the top of the history, a text by its index in the fixed
/// texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserAction {
    /// Creates a ticket.
    Submit {
        /// The index of subject and description.
        text: u8,
        /// How often the user taps the button.
        taps: u8,
    },
    /// Sends a reply.
    Reply {
        /// The ticket.
        ticket: u8,
        /// The index of the text or file.
        text: u8,
        /// How often the user taps the button.
        taps: u8,
    },
    /// Types a reply without sending it.
    Draft {
        /// The ticket.
        ticket: u8,
        /// The index of the text or file.
        text: u8,
    },
    /// Types a new ticket without sending it.
    TicketDraft(u8),
    /// Attaches a file.
    Attach {
        /// To the reply in this ticket; to the new ticket if `None`.
        to: Option<u8>,
        /// The index of the text or file.
        file: u8,
    },
    /// Removes the last file.
    Detach(Option<u8>),
    /// Sends a message again, one of those that offer it.
    Retry(u8),
    /// Takes a message back, one of those that offer it.
    Discard(u8),
    /// Edits an unsent message, one of those that offer it.
    Edit {
        /// The message.
        which: u8,
        /// The index of the new text.
        text: u8,
    },
    /// Adds a CC address.
    AddCc(u8),
    /// Marks a ticket as solved.
    Solve(u8),
    /// Says how the help desk did.
    Feedback {
        /// The ticket.
        ticket: u8,
        /// Whether it did well.
        good: bool,
    },
    /// Turns something on or off for a ticket.
    Toggle {
        /// The ticket.
        ticket: u8,
        /// What it becomes.
        on: bool,
    },
    /// A push message arrives for a ticket.
    Push(u8),
    /// The app works in the background for this many seconds.
    Background(u8),
    /// Opens a thread.
    Open(u8),
    /// Leaves the thread.
    Leave,
    /// Requests a sync.
    Sync,
    /// Starts a sync beside the one that may be running.
    SyncBeside,
    /// Brings the app to the front, or leaves it.
    Front(bool),
    /// The platform reports whether there is a network.
    Online(bool),
}

/// What happens to the process or the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceEvent {
    /// The process is killed after this many polls.
    Kill(u8),
    /// The process is killed and started again at once.
    Restart,
    /// The folder is copied.
    Copy,
    /// The copy continues as another installation, and this one ends.
    Move,
    /// The process is killed or the power is cut after this many more writes and syncs.
    Cut(u8, Survives),
    /// The app is suspended until it is next used.
    Suspend,
    /// The clock jumps by this many days at the next wait.
    Jump(i16),
}

/// What survives a cut of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survives {
    /// All of it, because only the process ended.
    All,
    /// Nothing.
    Synced,
    /// A part of it, chosen by this seed.
    Torn(u8),
}

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
        let mut schedule =
            Self { seed, traits, page_size, reference, reconciliation, extras: false, tickets, off_by, events };
        // A random stream of its own, so that files do not change anything else in the schedule.
        let mut chance = Chance::new(seed ^ 0xf11e_f11e_f11e_f11e);
        if chance.one_in(4) {
            schedule.attach_files(&mut chance);
        }
        let mut chance = Chance::new(seed ^ 0x0e77_0e77_0e77_0e77);
        if chance.one_in(3) {
            schedule.add_extras(&mut chance);
        }
        schedule.traits.tells_time = !Chance::new(seed ^ 0xc10c_c10c_c10c_c10c).one_in(16);
        moods::add(&mut schedule, mood);
        schedule
    }

    /// Lets the user give feedback, turn a toggle on and off, and write after closing, with faults in between.
    fn add_extras(&mut self, chance: &mut Chance) {
        self.extras = true;
        for _ in 0..=chance.below(4) {
            let ticket = chance.small(3);
            let user = Event::User;
            let faults = [Fault::Late, Fault::Late, Fault::CutAfter, Fault::CutBefore, Fault::FailingAfter];
            let fault = |chance: &mut Chance| {
                Event::Fault(InjectedFault { fault: chance.pick(&faults), on: FaultScope::Writes, times: 1 })
            };
            let pass = |chance: &mut Chance| Event::Pass(chance.pick(&[100, 800, 3_000, 12_000, 70_000]));
            let mut acts = vec![user(UserAction::Open(ticket)), user(UserAction::Sync), Event::Pass(2_000)];
            match chance.below(3) {
                0 => {
                    for _ in 0..2 + chance.below(4) {
                        if chance.one_in(2) {
                            acts.push(fault(chance));
                        }
                        acts.push(user(UserAction::Toggle { ticket, on: chance.one_in(2) }));
                        acts.push(pass(chance));
                    }
                }
                1 => {
                    acts.push(Event::Server(ServerAction::Solve(ticket)));
                    acts.extend([user(UserAction::Open(ticket)), user(UserAction::Sync), Event::Pass(4_000)]);
                    acts.push(fault(chance));
                    acts.push(user(UserAction::Feedback { ticket, good: chance.one_in(2) }));
                    acts.push(pass(chance));
                    acts.push(user(UserAction::Feedback { ticket, good: chance.one_in(2) }));
                }
                _ => {
                    acts.push(Event::Server(ServerAction::Answer { ticket, waits: true }));
                    acts.extend([user(UserAction::Sync), Event::Pass(2_000), fault(chance)]);
                    acts.push(user(UserAction::Solve(ticket)));
                    acts.push(pass(chance));
                    acts.push(user(UserAction::Reply { ticket, text: 3 + chance.small(3), taps: 1 }));
                }
            }
            acts.push(pass(chance));
            if chance.one_in(6) {
                acts.insert(acts.len() / 2, Event::Device(device_event(chance)));
            }
            let place = usize::try_from(chance.below(self.events.len() as u64 + 1)).unwrap_or_default();
            self.events.splice(place..place, acts);
        }
    }

    /// Attaches files before most messages. Sometimes something happens in between or to the uploads.
    pub(crate) fn attach_files(&mut self, chance: &mut Chance) {
        self.traits.upload_life = chance.pick(&[40_000, 300_000, 3_600_000]);
        self.traits.tells_expiry = !chance.one_in(3);
        let mut events = Vec::new();
        for event in self.events.drain(..) {
            let to = match event {
                Event::User(UserAction::Reply { ticket, .. } | UserAction::Draft { ticket, .. }) => Some(Some(ticket)),
                Event::User(UserAction::Submit { .. } | UserAction::TicketDraft(_)) => Some(None),
                _ => None,
            };
            let to = to.filter(|_| !chance.one_in(4));
            for _ in 0..to.map_or(0, |_| 1 + chance.below(3)) {
                let file = chance.small(KINDS);
                events.extend(to.map(|to| Event::User(UserAction::Attach { to, file })));
                if chance.one_in(12) {
                    events.extend(to.map(|to| Event::User(UserAction::Detach(to))));
                }
                if chance.one_in(8) {
                    events.push(Event::Device(device_event(chance)));
                }
            }
            if to.is_some() && chance.one_in(2) {
                let fault = chance.pick(&Fault::ALL);
                events.push(Event::Fault(InjectedFault { fault, on: FaultScope::Uploads, times: 1 + chance.small(2) }));
            }
            events.push(event);
        }
        self.events = events;
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

fn device_event(chance: &mut Chance) -> DeviceEvent {
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

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass(length) => write!(f, "{length} ms pass"),
            Self::User(user_action) => write!(f, "user: {user_action:?}"),
            Self::Device(device_event) => write!(f, "device: {device_event:?}"),
            Self::Token(fault, times) => write!(f, "tokens: {fault:?} ×{times}"),
            Self::Fault(fault) => write!(f, "server: {fault}"),
            Self::Server(action) => write!(f, "people: {action:?}"),
            Self::Mood { mood, variant, length: 0 } => write!(f, "mood: {mood:?}, variant {variant}, until the end"),
            Self::Mood { mood, variant, length } => write!(f, "mood: {mood:?}, variant {variant}, for {length} ms"),
            Self::Prompt { ticket, text } => write!(f, "user: Prompt {{ ticket: {ticket}, text: {text} }}"),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}, {} tickets, {} rows a page, client reference {}, full reconciliation {:?}",
            self.seed, self.tickets, self.page_size, self.reference, self.reconciliation
        )?;
        writeln!(f, "device's clock off by {} ms; {:?}", self.off_by, self.traits)?;
        self.events.iter().enumerate().try_for_each(|(index, event)| writeln!(f, "{index:>4}  {event}"))
    }
}
