//! The fleet in virtual time: one queue of events.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use pocketdesk::model::{Chance, Timestamp};
use pocketdesk::product::SyncPolicy;
use pocketdesk::sync::Scope;
use pocketdesk::sync::fleet::Device;
use pocketdesk_push_receiver::rate_limiter::RateLimiter;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::account::Account;
use crate::figures::Figures;
use crate::phone::{Change, Phone, time};

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A phone looks whether a run should begin, if its last wake-up has this number.
    Wake(usize, u32),
    /// The run of a phone ends.
    RunEnds(usize),
    /// An agent answers a ticket, and another one answers later.
    AgentAnswers,
    /// An agent answers the ticket of a phone.
    Answers(usize),
    /// An agent closes the ticket of a phone.
    Closes(usize),
    /// The company's backend sends the push messages that may leave.
    SendsPushes,
    /// A push message reaches a phone.
    Push(usize),
    /// A user writes something, and another one writes later.
    UserWrites,
    /// The user of a phone writes something.
    Writes(usize),
    /// The network of a phone returns.
    Returns(usize),
}

/// What the fleet is like.
#[derive(Debug, Clone, Copy)]
pub struct Fleet {
    /// How many devices.
    pub devices: usize,
    /// One of so many has its thread open.
    pub open_one_in: usize,
    /// Whether push messages reach the devices.
    pub push: bool,
    /// One of so many push messages is lost.
    pub push_lost_one_in: u32,
    /// How many push messages the company's backend sends in a minute at most; 0 for no such bound.
    pub pushes_per_minute: u32,
    /// How many tickets agents answer in an hour.
    pub answers_per_hour: u32,
    /// How many messages users write in an hour.
    pub writes_per_hour: u32,
    /// How many reads in a row have found nothing before it begins.
    pub quiet: u32,
    /// At which rate devices read when it begins (millionths), and how much load they have last heard of (hundredths).
    pub rate: (u32, u32),
    /// Whether the devices begin without a network.
    pub offline: bool,
}

impl Fleet {
    /// The same fleet with so many devices, and as much for each of them.
    #[must_use]
    pub fn of(self, devices: u32) -> Self {
        let before = u64::try_from(self.devices).unwrap_or(u64::MAX).max(1);
        let scaled = |rate: u32| u32::try_from(u64::from(rate) * u64::from(devices) / before).unwrap_or(u32::MAX);
        let (answers_per_hour, writes_per_hour) = (scaled(self.answers_per_hour), scaled(self.writes_per_hour));
        // None is no bound, and stays none.
        let pushes_per_minute = scaled(self.pushes_per_minute).max(self.pushes_per_minute.min(1));
        Self { devices: devices as usize, answers_per_hour, writes_per_hour, pushes_per_minute, ..self }
    }
}

/// A fleet, its account, and what is going to happen.
pub struct World {
    /// The account that all share.
    pub account: Account,
    /// What is measured.
    pub figures: Figures,
    fleet: Fleet,
    phones: Vec<Phone>,
    queue: BinaryHeap<Reverse<(u64, u64, Event)>>,
    /// The phones whose push messages the company's backend has yet to send: with the code that a backend copies.
    unsent_pushes: RateLimiter<usize>,
    sequence: u64,
    chance: StdRng,
    policy: SyncPolicy,
    now: u64,
}

const HOUR: u64 = 3_600_000;

impl World {
    /// A fleet in the middle of its day.
    #[must_use]
    pub fn new(fleet: Fleet, account: Account, policy: SyncPolicy, seed: u64) -> Self {
        let mut chance = StdRng::seed_from_u64(seed);
        let phones = (0..fleet.devices).map(|index| {
            // Everybody was there before the simulation begins, some longer and some shorter.
            let ago = chance.random_range(0..900_000_i64);
            let last = Timestamp(time(0).0 - ago);
            let mut device = Device::new(last, &policy, Chance(chance.random()), fleet.quiet, fleet.rate);
            device.set_push_enabled(fleet.push);
            if fleet.offline {
                device.set_online(false, time(0), &policy, Chance::NONE);
            }
            let mut phone = Phone::new(device);
            phone.open = fleet.open_one_in > 0 && index % fleet.open_one_in == 0;
            phone.device.set_thread_open(phone.open);
            phone
        });
        let phones: Vec<Phone> = phones.collect();
        let mut world = Self {
            account,
            figures: Figures::default(),
            fleet,
            phones,
            queue: BinaryHeap::new(),
            unsent_pushes: RateLimiter::per_minute(fleet.pushes_per_minute),
            sequence: 0,
            chance,
            policy,
            now: 0,
        };
        for phone in 0..fleet.devices {
            world.at(0, Event::Wake(phone, 0));
        }
        if fleet.answers_per_hour > 0 {
            world.at(0, Event::AgentAnswers);
        }
        if fleet.writes_per_hour > 0 {
            world.at(0, Event::UserWrites);
        }
        world
    }

    /// Lets something happen at a time, in milliseconds.
    pub fn at(&mut self, when: u64, event: Event) {
        self.sequence += 1;
        self.queue.push(Reverse((when.max(self.now), self.sequence, event)));
    }

    /// A random time below `end`, in milliseconds.
    pub fn moment(&mut self, end: u64) -> u64 {
        self.chance.random_range(0..end.max(1))
    }

    /// How many devices there are.
    #[must_use]
    pub fn devices(&self) -> usize {
        self.phones.len()
    }

    /// How many devices have something that was not sent.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.phones.iter().filter(|phone| phone.has_unsent()).count()
    }

    /// Nobody writes any more, and everything that was written may arrive until an hour after `end`, in milliseconds.
    pub fn drain(&mut self, end: u64) {
        self.fleet.writes_per_hour = 0;
        self.fleet.answers_per_hour = 0;
        for minute in 1..=60 {
            if self.unsent() == 0 {
                return;
            }
            self.run_until(end + minute * HOUR / 60);
        }
    }

    /// Lets everything happen until `end`, in milliseconds.
    pub fn run_until(&mut self, end: u64) {
        while let Some(Reverse((when, _, event))) = self.queue.peek().copied() {
            if when >= end {
                break;
            }
            self.queue.pop();
            (self.now, self.figures.now) = (when, when);
            self.happen(event);
        }
        self.now = end;
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Wake(index, wake) => {
                if self.phones[index].wake == wake {
                    self.look(index);
                }
            }
            Event::RunEnds(index) => {
                let chance = Chance(self.chance.random());
                let phone = &mut self.phones[index];
                if let Some(ended) = phone.ending.take() {
                    phone.device.end(time(self.now), &self.policy, chance, ended);
                }
                self.look(index);
            }
            Event::AgentAnswers | Event::UserWrites if self.is_over(event) => {}
            Event::AgentAnswers => {
                let index = self.chance.random_range(0..self.phones.len());
                self.happen(Event::Answers(index));
                let next = self.gap(self.fleet.answers_per_hour);
                self.at(self.now + next, Event::AgentAnswers);
            }
            Event::Answers(index) | Event::Closes(index) => {
                let is_answer = matches!(event, Event::Answers(_));
                self.phones[index].changed(Change { at: self.now, is_answer });
                if self.fleet.pushes_per_minute == 0 {
                    self.send_push(index);
                } else {
                    let waited = !self.unsent_pushes.is_empty();
                    self.unsent_pushes.add(index, Duration::from_millis(self.now));
                    self.send_pushes(waited);
                }
            }
            Event::SendsPushes => self.send_pushes(false),
            Event::Push(index) => {
                self.phones[index].device.pushed(time(self.now));
                self.look(index);
            }
            Event::UserWrites => {
                let index = self.chance.random_range(0..self.phones.len());
                self.happen(Event::Writes(index));
                let next = self.gap(self.fleet.writes_per_hour);
                self.at(self.now + next, Event::UserWrites);
            }
            Event::Writes(index) => {
                let number = self.figures.wrote();
                self.phones[index].wrote(number, self.now);
                self.phones[index].device.wrote();
                self.look(index);
            }
            Event::Returns(index) => {
                let chance = Chance(self.chance.random());
                self.phones[index].device.set_online(true, time(self.now), &self.policy, chance);
                self.look(index);
            }
        }
    }

    /// Sends the push messages that may leave. The backend looks again after a second if it does not already.
    fn send_pushes(&mut self, looks_again: bool) {
        while let Some(index) = self.unsent_pushes.next(Duration::from_millis(self.now)) {
            self.send_push(index);
        }
        if !looks_again && !self.unsent_pushes.is_empty() {
            self.at(self.now + 1_000, Event::SendsPushes);
        }
    }

    /// A push message to a phone, which takes some seconds or gets lost.
    fn send_push(&mut self, index: usize) {
        let lost = self.fleet.push_lost_one_in;
        if self.fleet.push && (lost == 0 || self.chance.random_range(0..lost) > 0) {
            let delivery = self.chance.random_range(500..4_000);
            self.at(self.now + delivery, Event::Push(index));
        }
    }

    /// Whether agents, or users, have stopped.
    fn is_over(&self, event: Event) -> bool {
        let per_hour =
            if event == Event::UserWrites { self.fleet.writes_per_hour } else { self.fleet.answers_per_hour };
        per_hour == 0
    }

    /// A random time until the next of so many events in an hour.
    fn gap(&mut self, per_hour: u32) -> u64 {
        self.chance.random_range(0..=2 * HOUR / u64::from(per_hour.max(1)))
    }

    /// Lets a phone begin a run, or sleep until it should look again.
    fn look(&mut self, index: usize) {
        let phone = &mut self.phones[index];
        if phone.ending.is_some() {
            // The end of the run looks again.
            return;
        }
        phone.wake = phone.wake.wrapping_add(1);
        let wake = phone.wake;
        match phone.device.next(time(self.now), &self.policy) {
            (Some(scope), _) => self.begin(index, scope),
            (None, pause) => {
                let pause = u64::try_from(pause.as_millis()).unwrap_or(HOUR);
                self.at(self.now + pause, Event::Wake(index, wake));
            }
        }
    }

    fn begin(&mut self, index: usize, scope: Scope) {
        let (begins, varies) = (Chance(self.chance.random()), Chance(self.chance.random()));
        let phone = &mut self.phones[index];
        phone.device.begin(time(self.now), scope, begins);
        let end = phone.run(self.now, scope, varies, &mut self.account, &mut self.figures);
        self.at(end, Event::RunEnds(index));
    }
}
