//! A mode: one way to misbehave, and what is right.

use std::time::Duration;

use serde_json::{Value, json};

use crate::fault::{Part, Rule};
use crate::right::Right;

/// What the user does in addition to what happens in every run.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Pulls to refresh.
    Refresh,
    /// Opens a thread, which stays on screen.
    Open(Part),
    /// Asks for the file of a ticket's newest answer.
    Download(Part),
    /// Marks a ticket as solved.
    Solve(Part),
    /// Replies to this ticket, too.
    ReplyTo(Part),
}

/// One way to misbehave.
pub struct Mode {
    /// The number of the case and a word, such as `1.1-comments-500`. In place of the second number, a letter marks a
    /// case that we have added to the known ones.
    pub name: &'static str,
    /// The case in a sentence.
    pub story: &'static str,
    pub(crate) rules: Vec<Rule>,
    pub(crate) right: Vec<Right>,
    pub(crate) acts: Vec<(Duration, Act)>,
    pub(crate) fault: Duration,
    pub(crate) tickets: u32,
    pub(crate) text: String,
    pub(crate) file: Option<usize>,
    pub(crate) product: Value,
    pub(crate) taps: bool,
}

impl Mode {
    /// A mode without a fault yet. The fault that is added lasts ten minutes. Ada has 30 old tickets, besides those
    /// that have a part in the run.
    pub(crate) fn new(name: &'static str, story: &'static str) -> Self {
        Self {
            name,
            story,
            rules: Vec::new(),
            right: Vec::new(),
            acts: Vec::new(),
            fault: Duration::from_mins(10),
            tickets: 30,
            text: TEXT.to_owned(),
            file: None,
            product: json!({}),
            taps: false,
        }
    }

    /// Adds a fault. If several concern a request, they apply in this order.
    pub(crate) fn fault(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Adds what must hold when the fault has lasted its time.
    pub(crate) fn right(mut self, right: Right) -> Self {
        self.right.push(right);
        self
    }

    /// Adds something that the user does so many seconds after the fault began.
    pub(crate) fn act(mut self, second: u64, act: Act) -> Self {
        self.acts.push((Duration::from_secs(second), act));
        self
    }

    /// How long the fault lasts.
    pub(crate) fn minutes(mut self, minutes: u64) -> Self {
        self.fault = Duration::from_mins(minutes);
        self
    }

    /// How many old tickets Ada has.
    pub(crate) fn tickets(mut self, tickets: u32) -> Self {
        self.tickets = tickets;
        self
    }

    /// The text of the reply.
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// The reply has a file of so many bytes.
    pub(crate) fn file(mut self, bytes: usize) -> Self {
        self.file = Some(bytes);
        self
    }

    /// Changes the product definition.
    pub(crate) fn product(mut self, change: Value) -> Self {
        self.product = change;
        self
    }

    /// Measures how long a tap waits while the fault is on.
    pub(crate) fn taps(mut self) -> Self {
        self.taps = true;
        self
    }
}

/// The reply unless a mode has another one.
pub(crate) const TEXT: &str =
    "Guten Tag,\n\ndie Zahlung für März fehlt noch immer – bitte prüfen 🙏\n\nViele Grüße\nAda Lindqvist";
/// The subject of the new ticket.
pub(crate) const SUBJECT: &str = "Überweisung für Müller & Söhne fehlt – الرجاء المساعدة 🙏";
/// The description of the new ticket.
pub(crate) const DESCRIPTION: &str = "Guten Tag,\n\nseit Montag fehlt die Überweisung für Februar.\n\nAda";
/// What agents answer.
pub(crate) const ANSWER: &str = "Wir haben die Zahlung geprüft und melden uns morgen.";

/// An account before a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// It was synced before, and a reply waits to be sent.
    Synced,
    /// It was never synced, and a new ticket waits to be sent.
    Fresh,
}

impl Account {
    /// Both, in the order of the table.
    pub const ALL: [Self; 2] = [Self::Synced, Self::Fresh];

    /// The name in the table and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Synced => "synced",
            Self::Fresh => "fresh",
        }
    }

    /// The account with that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.name() == name)
    }
}
