//! One phone of the fleet: its scheduler, its ticket, and the requests that a run makes.

use std::collections::VecDeque;
use std::time::Duration;

use pocketdesk::model::{Chance, Timestamp};
use pocketdesk::product::SyncPolicy;
use pocketdesk::sync::Scope;
use pocketdesk::sync::fleet::{Device, Ended, Refusal, write_wait};

use crate::account::Account;
use crate::figures::Figures;

/// How long a request takes.
const REQUEST: u64 = 200;
/// How many lists a history has.
const LISTS: u32 = 3;
/// How often a run that reads every list asks which lists there are.
const LISTS_AGE: u64 = 600_000;
/// A thread that has changed is read again after this time, because the answer may have come from a replica that lags.
const AGAIN: u64 = 20_000;
/// After this time a message that could not be sent counts as lost.
const DAY: u64 = 86_400_000;

/// Something that an agent did to the ticket.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// When, in milliseconds.
    pub at: u64,
    /// Whether it is an answer. Otherwise the ticket was closed.
    pub is_answer: bool,
}

/// Something that the user wrote.
#[derive(Debug, Clone, Copy)]
struct Write {
    /// Its place among all that were written in the fleet.
    number: u32,
    written_at: u64,
    due_at: u64,
    failures: u32,
}

/// A phone, and what the server has for it.
pub struct Phone {
    /// The scheduler that ships.
    pub device: Device,
    /// Which wake-up counts. Earlier ones are dropped.
    pub wake: u32,
    /// Until when a run is under way.
    pub busy_until: u64,
    /// Whether the thread is on screen.
    pub open: bool,
    /// Whether the history was read since the beginning.
    has_read: bool,
    /// The changes that the phone has not read.
    unread: Vec<Change>,
    /// Whether a change is known whose thread was not read yet.
    thread_due: bool,
    /// When the thread is read once more, because the first read may have come too early.
    again_at: Option<u64>,
    writes: VecDeque<Write>,
    lists_found: u64,
    /// How the run under way will end.
    pub ending: Option<Ended>,
}

impl Phone {
    /// A phone with an idle scheduler.
    #[must_use]
    pub fn new(device: Device) -> Self {
        Self {
            device,
            wake: 0,
            busy_until: 0,
            open: false,
            has_read: false,
            unread: Vec::new(),
            thread_due: false,
            again_at: None,
            writes: VecDeque::new(),
            lists_found: 0,
            ending: None,
        }
    }

    /// An agent changes the ticket.
    pub fn changed(&mut self, change: Change) {
        self.unread.push(change);
    }

    /// The user writes something.
    pub fn wrote(&mut self, number: u32, now: u64) {
        self.writes.push_back(Write { number, written_at: now, due_at: now, failures: 0 });
    }

    /// Whether anything was written that has not arrived.
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        !self.writes.is_empty()
    }

    /// Makes the requests of a run that begins at `now`. Returns when it ends; how it ends is in `ending`.
    pub fn run(&mut self, now: u64, scope: Scope, chance: Chance, account: &mut Account, figures: &mut Figures) -> u64 {
        let mut run = Run { phone: self, at: now, account, figures, ended: Ended::default() };
        let failure = run.everything(scope, chance).err();
        let (at, mut ended) = (run.at, Ended { failure, ..run.ended });
        let left = |due: u64| Duration::from_millis(due.saturating_sub(at));
        ended.next = self.writes.front().map(|write| left(write.due_at));
        ended.idle_in = ended.idle_in.or(self.again_at.map(left)).filter(|_| failure.is_none());
        self.busy_until = at;
        self.ending = Some(ended);
        at
    }
}

/// A run under way.
struct Run<'a> {
    phone: &'a mut Phone,
    at: u64,
    account: &'a mut Account,
    figures: &'a mut Figures,
    ended: Ended,
}

impl Run<'_> {
    /// A request. The time of the run goes on, also if it is refused.
    fn ask(&mut self) -> Result<(), Refusal> {
        let answer = self.account.ask(self.at);
        self.at += REQUEST;
        let limit = answer?;
        self.phone.device.heard(self.account.requests(), limit, time(self.at));
        self.ended.rate_limit = Some(limit);
        Ok(())
    }

    fn now(&self) -> Timestamp {
        time(self.at)
    }

    /// The order of a run in the core: what the user wrote, what the user looks at, the tickets of push messages, the
    /// lists, and the threads that have changed.
    fn everything(&mut self, scope: Scope, chance: Chance) -> Result<(), Refusal> {
        self.send(chance)?;
        let pushed = self.phone.device.take_pushed() > 0;
        if self.phone.open || pushed {
            self.refresh()?;
        }
        if let Some(left) = self.phone.device.little_left(self.now()) {
            self.ended.idle_in = Some(left);
            return Ok(());
        }
        match scope {
            Scope::Due => {}
            Scope::Check => self.check()?,
            Scope::Everything => self.read_everything()?,
        }
        self.read_thread()
    }

    /// Sends what is due, in the order of writing.
    fn send(&mut self, chance: Chance) -> Result<(), Refusal> {
        while let Some(write) = self.phone.writes.front().copied() {
            if write.due_at > self.at {
                break;
            }
            if let Err(refusal) = self.ask() {
                let wait = write_wait(refusal, write.failures, self.now(), chance);
                let millis = u64::try_from(wait.as_millis()).unwrap_or(DAY);
                if let Some(write) = self.phone.writes.front_mut() {
                    (write.due_at, write.failures) = (self.at + millis, write.failures + 1);
                }
                return Err(refusal);
            }
            self.phone.writes.pop_front();
            self.figures.arrived(write.number, self.at - write.written_at);
            self.phone.thread_due = true;
        }
        Ok(())
    }

    /// Reads the ticket, and its thread if it has changed.
    fn refresh(&mut self) -> Result<(), Refusal> {
        self.ask()?;
        self.phone.thread_due |= self.has_changed();
        self.read_thread()
    }

    /// Asks for one row of the list that matters most.
    fn check(&mut self) -> Result<(), Refusal> {
        self.phone.device.polls(self.now());
        self.ask()?;
        self.has_read();
        if self.has_changed() {
            // A whole page of this list, and the other lists.
            self.read_lists(LISTS)?;
        }
        Ok(())
    }

    fn read_everything(&mut self) -> Result<(), Refusal> {
        if self.at.saturating_sub(self.phone.lists_found) >= LISTS_AGE {
            self.ask()?;
            self.phone.lists_found = self.at;
        }
        self.phone.device.polls(self.now());
        self.read_lists(LISTS)
    }

    fn read_lists(&mut self, lists: u32) -> Result<(), Refusal> {
        for _ in 0..lists {
            self.ask()?;
        }
        self.has_read();
        self.phone.thread_due |= self.has_changed();
        Ok(())
    }

    fn read_thread(&mut self) -> Result<(), Refusal> {
        if self.phone.again_at.is_some_and(|again| again <= self.at) {
            self.ask()?;
            self.phone.again_at = None;
        }
        if !self.phone.thread_due {
            return Ok(());
        }
        self.ask()?;
        self.phone.thread_due = false;
        let at = self.at;
        let (seen, unread) = self.phone.unread.drain(..).partition(|change| change.at <= at);
        self.phone.unread = unread;
        let seen: Vec<Change> = seen;
        self.ended.is_news = !seen.is_empty();
        for change in seen {
            self.figures.shown(change, at);
        }
        self.phone.again_at = Some(self.at + AGAIN);
        Ok(())
    }

    /// The history was read.
    fn has_read(&mut self) {
        if !std::mem::replace(&mut self.phone.has_read, true) {
            self.figures.readers += 1;
        }
    }

    /// Whether the server has something new at this moment.
    fn has_changed(&self) -> bool {
        self.phone.unread.iter().any(|change| change.at < self.at)
    }
}

/// A moment of the simulation as the core knows it.
#[must_use]
pub fn time(millis: u64) -> Timestamp {
    /// 2026-03-02, in milliseconds.
    const START: i64 = 1_772_442_000_000;
    Timestamp(START + i64::try_from(millis).unwrap_or_default())
}

/// The sync policy of the built-in product.
#[must_use]
pub fn policy() -> Option<SyncPolicy> {
    pocketdesk::product::Product::built_in().ok().map(|product| product.sync)
}
