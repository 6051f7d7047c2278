//! One device of a fleet: the scheduler that ships, without a file and without a network.
//!
//! A simulation of many devices (`make fleet`) cannot open a file for each. So it makes the requests of a run itself, and
//! tells the scheduler how the run has ended. When a run begins, how long a write waits after a refusal, and what is not
//! read because little is left of the rate limit are decided by the same code as in an app.

use std::time::Duration;

use super::Scheduler;
use super::throttle::Throttle;
use crate::model::{Chance, Failure, RateLimit, Reached, TicketId, Timestamp, Trouble};
use crate::outbox::pause;
use crate::product::SyncPolicy;
use crate::sync::context::Scope;
use crate::sync::remainder::{LISTS_WAIT_AT_MOST, Remainder};
use crate::sync::report::SyncReport;

/// The ticket that a device of the fleet has.
const TICKET: TicketId = TicketId(1);

/// A device of a fleet.
pub struct Device {
    scheduler: Scheduler,
    remainder: Remainder,
    runs: u64,
}

/// How a run has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ended {
    /// Why the run ended early; `None` if it did not.
    pub failure: Option<Refusal>,
    /// Whether it found anything that the device did not know.
    pub is_news: bool,
    /// How long until there is more to send.
    pub next: Option<Duration>,
    /// How long until there is more to read that nobody waits for.
    pub idle_in: Option<Duration>,
    /// What the last answer has said of the rate limit.
    pub rate_limit: Option<RateLimit>,
}

/// Why a request was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Too many requests were made. The server asks for this wait.
    Busy(Duration),
    /// The server cannot be reached.
    Unreachable,
}

impl Device {
    /// A device that has run for long, in the middle of its day. Its last read of the history began at `last`. The last
    /// `unchanged` reads, at least one, found nothing. It reads at `rate` millionths of the usual rate, and has last
    /// heard of `load` hundredths of the rate limit in use.
    #[must_use]
    pub fn new(last: Timestamp, policy: &SyncPolicy, chance: Chance, unchanged: u32, (rate, load): (u32, u32)) -> Self {
        let mut device = Self { scheduler: Scheduler::default(), remainder: Remainder::default(), runs: 0 };
        for _ in 0..unchanged.max(1) {
            device.begin(last, Scope::Everything, chance);
            device.end(last, policy, chance, Ended::default());
        }
        device.remainder.polls(last);
        device.scheduler.in_front = true;
        device.scheduler.throttle = Throttle::at(rate, load);
        device
    }

    /// Whether push messages reach the device.
    pub fn set_push_enabled(&mut self, enabled: bool) {
        self.scheduler.set_push_enabled(enabled);
    }

    /// The user opens the thread of the device's ticket, or closes it.
    pub fn set_thread_open(&mut self, open: bool) {
        self.scheduler.open_thread = open.then_some(TICKET);
    }

    /// The scope of the run that should begin now, or how long to sleep before asking again.
    #[must_use]
    pub fn next(&self, now: Timestamp, policy: &SyncPolicy) -> (Option<Scope>, Duration) {
        self.scheduler.next(now, policy)
    }

    /// A run begins.
    pub fn begin(&mut self, now: Timestamp, scope: Scope, chance: Chance) {
        self.scheduler.begin(now, scope, chance);
    }

    /// How many tickets of push messages the run under way has to read. They count as taken.
    pub fn take_pushed(&mut self) -> usize {
        self.scheduler.take_pushed().len()
    }

    /// How long the device reads nothing that the user does not wait for, because little is left of the rate limit.
    #[must_use]
    pub fn little_left(&self, now: Timestamp) -> Option<Duration> {
        self.remainder.wait(now, LISTS_WAIT_AT_MOST)
    }

    /// The run under way reads the lists.
    pub fn polls(&mut self, now: Timestamp) {
        self.remainder.polls(now);
    }

    /// The server has answered the request with this number, and has said how much is left.
    pub fn heard(&mut self, requests: u64, limit: RateLimit, now: Timestamp) {
        self.remainder.heard(requests, Some(limit), now);
    }

    /// The run has ended.
    pub fn end(&mut self, now: Timestamp, policy: &SyncPolicy, chance: Chance, ended: Ended) {
        self.runs += 1;
        let failure = ended.failure.map(|refusal| {
            let (trouble, after) = match refusal {
                Refusal::Busy(after) => (Trouble::Busy, Some(after)),
                Refusal::Unreachable => (Trouble::Unreachable, None),
            };
            Failure::TryAgain { trouble, after, reached: Reached::No }.into()
        });
        let report = SyncReport {
            account_works: failure.is_none(),
            failure,
            is_news: ended.is_news,
            next: ended.next,
            idle_in: ended.idle_in,
            rate_limit: ended.rate_limit,
            ..SyncReport::default()
        };
        self.scheduler.syncing = false;
        self.scheduler.end(self.runs, &report, now, policy, chance);
    }

    /// The user has written something.
    pub fn wrote(&mut self) {
        self.scheduler.ask(Scope::Due);
        self.scheduler.end_pause();
    }

    /// A push message about the device's ticket has arrived.
    pub fn pushed(&mut self, now: Timestamp) {
        self.scheduler.pushed(Some(TICKET), now);
        self.scheduler.end_pause();
    }

    /// The network has gone, or has returned.
    pub fn set_online(&mut self, online: bool, now: Timestamp, policy: &SyncPolicy, chance: Chance) {
        self.scheduler.online = online;
        if online {
            self.scheduler.reset_backoff(now);
            self.scheduler.network_returned(now, policy, chance);
        }
    }
}

/// How long a write waits that was not accepted. `failures` is how often that had happened to it before.
#[must_use]
pub fn write_wait(refusal: Refusal, failures: u32, now: Timestamp, chance: Chance) -> Duration {
    let imposed = if let Refusal::Busy(after) = refusal { Some(after) } else { None };
    pause(failures, imposed, now, chance).length
}
