//! A schedule: what happens in one run, as data. It is generated from a seed, printed, and shrunk if it fails.

mod extras;
mod files;
mod generated;
mod marks;

use std::fmt;

use crate::device::TokenFault;
use crate::server::{InjectedFault, Mood, ServerAction, ServerTraits};

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
    /// Whether the server shares read marks, and the user marks tickets as read and unread.
    pub marks: bool,
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
    /// Marks a ticket as unread.
    MarkUnread(u8),
    /// Marks a ticket as read.
    MarkRead(u8),
    /// Marks all tickets as read.
    MarkAllRead,
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
