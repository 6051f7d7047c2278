//! What happens in one run, as data: generated from a seed, printed, and cut down when it fails.

use std::fmt;

use crate::device::TokenFault;
use crate::picked::KINDS;
use crate::server::{Act, Fault, Nature, On, Order};
use crate::world::Chance;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Also of the latencies, the ages of stale reads, and the ids.
    pub seed: u64,
    /// What kind of server it is.
    pub nature: Nature,
    /// Rows a page.
    pub page_size: u8,
    /// Whether the product maps a field for the client reference.
    pub reference: bool,
    /// The time between two full reconciliations, in seconds, and how many requests of one a run makes.
    pub sweep: (u32, u8),
    /// Tickets at the beginning.
    pub tickets: u8,
    /// How far the device's clock is from the server's, in ms.
    pub off_by: i64,
    /// What happens, in order.
    pub events: Vec<Event>,
}

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// So many milliseconds pass.
    Pass(u64),
    /// The user does something.
    User(Doing),
    /// Something happens to the process or the device.
    Device(Happening),
    /// The next answers of the token provider go wrong.
    Token(TokenFault, u8),
    /// The next requests go wrong.
    Fault(Order),
    /// Somebody else does something.
    Act(Act),
}

/// What a user does. Of a ticket: the one so many places from the top of the history. Of a text: one of the usual ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Creates a ticket, tapping so often.
    Submit {
        /// Subject and text.
        text: u8,
        /// How often.
        taps: u8,
    },
    /// Replies, tapping so often.
    Reply {
        /// Where.
        ticket: u8,
        /// What.
        text: u8,
        /// How often.
        taps: u8,
    },
    /// Types a reply and stops.
    Draft {
        /// Where.
        ticket: u8,
        /// What.
        text: u8,
    },
    /// Types a ticket and stops.
    TicketDraft(u8),
    /// Attaches one of the usual files.
    Attach {
        /// To the reply that is being written there; to the new ticket, if nowhere.
        to: Option<u8>,
        /// What.
        file: u8,
    },
    /// Takes the last file away again.
    Detach(Option<u8>),
    /// Sends a message again, of those that offer it.
    Retry(u8),
    /// Takes a message back, of those that offer it.
    Discard(u8),
    /// Changes a message that was not sent yet, of those that offer it.
    Edit {
        /// Which.
        which: u8,
        /// To what.
        text: u8,
    },
    /// Has the server mail one more address.
    AddCc(u8),
    /// Says that a ticket is solved.
    Solve(u8),
    /// A push message tells of a ticket.
    Push(u8),
    /// The app works in the background for so many seconds.
    Background(u8),
    /// Opens a thread.
    Open(u8),
    /// Leaves it.
    Leave,
    /// Asks for a sync.
    Sync,
    /// Asks for one beside the one that may be running.
    SyncBeside,
    /// Brings the app to the front, or leaves it.
    Front(bool),
    /// The platform says whether there is a network.
    Online(bool),
}

/// What happens to the process or the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// The process is killed so many polls from now.
    Kill(u8),
    /// It is killed and started again at once.
    Restart,
    /// The folder is copied.
    Copy,
    /// The copy goes on as another installation; this one ends.
    Move,
    /// The process is killed, or the power goes, after so many writes and syncs more.
    Cut(u8, Survives),
    /// The app is suspended until it is next used.
    Suspend,
    /// The clock jumps by so many days at the next wait.
    Jump(i16),
}

/// What a cut leaves of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survives {
    /// All of it: only the process ended.
    All,
    /// Nothing.
    Synced,
    /// Whatever this seed decides.
    Torn(u8),
}

impl Schedule {
    /// The schedule of `seed`. `stale` and `late` are the product's bounds, in ms.
    #[must_use]
    pub fn of(seed: u64, stale: i64, late: i64) -> Self {
        let mut chance = Chance::new(seed ^ 0x5eed_5eed_5eed_5eed);
        let nature = Nature {
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
        // A full reconciliation that is often under way and never done in one run, or the built-in one.
        let sweep = if chance.one_in(4) { (chance.pick(&[0, 10, 60]), chance.pick(&[1, 2])) } else { (86_400, 20) };
        let tickets = chance.small(5);
        let theme = Theme::of(&mut chance);
        let length = 6 + chance.below(26);
        let mut events = Vec::new();
        for _ in 0..length {
            theme.add(&mut events, &mut chance);
        }
        let mut schedule = Self { seed, nature, page_size, reference, sweep, tickets, off_by, events };
        // A stream of its own, so that what has nothing to do with files is the same with them and without.
        let mut chance = Chance::new(seed ^ 0xf11e_f11e_f11e_f11e);
        if chance.one_in(4) {
            schedule.attach_files(&mut chance);
        }
        schedule.nature.tells_time = !Chance::new(seed ^ 0xc10c_c10c_c10c_c10c).one_in(16);
        schedule
    }

    /// Before most messages the user attaches some files, and now and then something happens in between or to the uploads.
    fn attach_files(&mut self, chance: &mut Chance) {
        self.nature.upload_life = chance.pick(&[40_000, 300_000, 3_600_000]);
        self.nature.tells_expiry = !chance.one_in(3);
        let mut events = Vec::new();
        for event in self.events.drain(..) {
            let to = match event {
                Event::User(Doing::Reply { ticket, .. } | Doing::Draft { ticket, .. }) => Some(Some(ticket)),
                Event::User(Doing::Submit { .. } | Doing::TicketDraft(_)) => Some(None),
                _ => None,
            };
            let to = to.filter(|_| !chance.one_in(4));
            for _ in 0..to.map_or(0, |_| 1 + chance.below(3)) {
                let file = chance.small(KINDS);
                events.extend(to.map(|to| Event::User(Doing::Attach { to, file })));
                if chance.one_in(12) {
                    events.extend(to.map(|to| Event::User(Doing::Detach(to))));
                }
                if chance.one_in(8) {
                    events.push(Event::Device(happening(chance)));
                }
            }
            if to.is_some() && chance.one_in(2) {
                let fault = chance.pick(&Fault::ALL);
                events.push(Event::Fault(Order { fault, on: On::Uploads, times: 1 + chance.small(2) }));
            }
            events.push(event);
        }
        self.events = events;
    }
}

/// What a schedule is mostly about, so that rare things meet.
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
                Event::Fault(order(chance))
            }
        } else if drawn < self.faults + self.process {
            Event::Device(happening(chance))
        } else if drawn < self.faults + self.process + self.acts {
            Event::Act(act(chance))
        } else {
            Event::User(doing(chance))
        };
        events.push(event);
        if !chance.one_in(3) {
            let lengths = [30, 60, 120, 200, 400, 1_000, 3_000, 8_000, 20_000, 60_000, 75_000, 200_000];
            let longest = chance.pick(&lengths);
            events.push(Event::Pass(1 + chance.below(longest)));
        }
    }
}

fn order(chance: &mut Chance) -> Order {
    use Fault::{CutAfter, CutBefore, FailingAfter, Late, Stale};
    let fault = if chance.one_in(2) {
        chance.pick(&[CutAfter, Late, Late, CutBefore, Stale, Stale, FailingAfter])
    } else {
        chance.pick(&Fault::ALL)
    };
    let on = match fault {
        Late | CutAfter | CutBefore | FailingAfter => On::Writes,
        Stale => chance.pick(&[On::Any, On::Reads, On::Lists, On::Threads]),
        _ => chance.pick(&[On::Any, On::Any, On::Writes, On::Writes, On::Reads, On::Lists, On::Threads, On::Me]),
    };
    let times = if fault == Stale { 1 + chance.small(12) } else { 1 + chance.small(3) };
    Order { fault, on, times }
}

fn happening(chance: &mut Chance) -> Happening {
    match chance.below(22) {
        10..=15 => {
            let survives = [Survives::All, Survives::Synced, Survives::Torn(chance.small(200))];
            Happening::Cut(chance.pick(&[0, 1, 2, 3, 4, 6, 9, 14, 25, 60]), chance.pick(&survives))
        }
        16 | 17 => Happening::Suspend,
        0..=4 => Happening::Kill(chance.pick(&[1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30])),
        5 => Happening::Restart,
        6 | 18 | 19 => Happening::Copy,
        7 | 20 | 21 => Happening::Move,
        _ => Happening::Jump(chance.pick(&[-3_652, 3_652, -1, 1, 30])),
    }
}

fn act(chance: &mut Chance) -> Act {
    let ticket = chance.small(4);
    match chance.below(16) {
        0..=2 => Act::Answer { ticket, waits: chance.one_in(2) },
        3 => Act::Note(ticket),
        4 => Act::Edit(ticket),
        5 => Act::Redact(ticket),
        6 => Act::Hide(ticket),
        7 => Act::Hold(ticket),
        8 => Act::Solve(ticket),
        9 => Act::Close(ticket),
        10 => Act::Revoke(ticket),
        11 => Act::Restore(ticket),
        12 => Act::Colleague { copied: chance.one_in(2) },
        13 | 14 => Act::Elsewhere { ticket, text: chance.small(3) },
        _ => Act::Opened,
    }
}

fn doing(chance: &mut Chance) -> Doing {
    let (ticket, text) = (chance.small(3), chance.small(3));
    let taps = if chance.one_in(4) { 2 } else { 1 };
    match chance.below(31) {
        24..=26 => Doing::Edit { which: ticket, text },
        27 => Doing::AddCc(ticket),
        28 => Doing::Solve(ticket),
        29 => Doing::Push(ticket),
        30 => Doing::Background(chance.pick(&[5, 25, 60])),
        0..=3 => Doing::Submit { text, taps },
        4..=11 => Doing::Reply { ticket, text, taps },
        12 => Doing::Draft { ticket, text },
        13 => Doing::TicketDraft(text),
        14 => Doing::Retry(text),
        15 => Doing::Discard(text),
        16 | 17 => Doing::Open(ticket),
        18 => Doing::Leave,
        19 => Doing::Sync,
        20 => Doing::SyncBeside,
        21 => Doing::Front(!chance.one_in(3)),
        _ => Doing::Online(!chance.one_in(3)),
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass(length) => write!(f, "{length} ms pass"),
            Self::User(doing) => write!(f, "user: {doing:?}"),
            Self::Device(happening) => write!(f, "device: {happening:?}"),
            Self::Token(fault, times) => write!(f, "tokens: {fault:?} ×{times}"),
            Self::Fault(order) => write!(f, "server: {order}"),
            Self::Act(act) => write!(f, "people: {act:?}"),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}, {} tickets, {} rows a page, client reference {}, full reconciliations {:?}",
            self.seed, self.tickets, self.page_size, self.reference, self.sweep
        )?;
        writeln!(f, "device's clock off by {} ms; {:?}", self.off_by, self.nature)?;
        self.events.iter().enumerate().try_for_each(|(index, event)| writeln!(f, "{index:>4}  {event}"))
    }
}
