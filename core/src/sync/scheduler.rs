//! When to sync, and what is known about the way to the server. Nothing of it is worth keeping: it is made anew at every
//! start, and the first thing a start does is to sync.

use std::collections::BTreeSet;
use std::time::Duration;

use super::context::Scope;
use super::report::{AccountProblem, SyncFailure, SyncReport};
use crate::model::{Failure, TicketId, Timestamp};
use crate::outbox::{Wait, backoff};
use crate::product::SyncPolicy;
use crate::store::StoreError;

/// Long enough to be as good as "until something happens", short enough to survive a clock that jumps.
const IDLE: Duration = Duration::from_hours(1);

pub(crate) struct Scheduler {
    pub online: bool,
    pub in_front: bool,
    pub closed: bool,
    pub suspended: bool,
    /// The time in the background is nearly over.
    pub no_more_writes: bool,
    pub syncing: bool,
    pub open_thread: Option<TicketId>,
    /// What push messages were about, not looked at yet.
    pub pushed_tickets: BTreeSet<TicketId>,
    pub problem: Option<AccountProblem>,
    /// Runs that ended, for joining.
    pub runs: u64,
    /// What was asked for and not begun.
    asked: Option<Scope>,
    /// Runs that failed in a row.
    failures: u32,
    /// No run before this is over; firm if the server asked for it.
    pause: Option<Wait>,
    /// What the last run said about the next.
    due: Option<Wait>,
    /// When the last look at the thread, and at everything, began.
    last_run: Option<Timestamp>,
    last_full_run: Option<Timestamp>,
    /// How far the next looks are off their time, so that devices do not ask in step.
    jitter: u8,
}

impl Default for Scheduler {
    fn default() -> Self {
        Self {
            online: true,
            in_front: false,
            closed: false,
            suspended: false,
            no_more_writes: false,
            syncing: false,
            open_thread: None,
            pushed_tickets: BTreeSet::new(),
            problem: None,
            runs: 0,
            asked: Some(Scope::Everything),
            failures: 0,
            pause: None,
            due: None,
            last_run: None,
            last_full_run: None,
            jitter: 128,
        }
    }
}

impl Scheduler {
    /// Asks for a run. Asking for everything is not forgotten for less.
    pub fn ask(&mut self, scope: Scope) {
        if self.asked != Some(Scope::Everything) {
            self.asked = Some(scope);
        }
    }

    /// The user asked for a sync, or the network is back: begin again with short pauses.
    pub fn reset_backoff(&mut self) {
        self.failures = 0;
        self.end_pause();
    }

    /// A pause that the server did not ask for is over.
    pub fn end_pause(&mut self) {
        self.pause = self.pause.filter(|pause| pause.server_imposed);
    }

    /// How long no run may begin.
    pub fn pause_left(&self, now: Timestamp) -> Option<Duration> {
        self.pause.and_then(|pause| pause.left(now))
    }

    /// What to do now, or how long there is nothing to do.
    pub fn next(&self, now: Timestamp, policy: &SyncPolicy) -> (Option<Scope>, Duration) {
        if !self.online || self.suspended {
            return (None, IDLE);
        }
        if let Some(left) = self.pause_left(now) {
            return (None, left);
        }
        if let Some(asked) = self.asked {
            return (Some(asked), IDLE);
        }
        let mut soonest = IDLE;
        let mut over = |wait: Option<Wait>| match wait.map(|wait| wait.left(now)) {
            Some(None) => true,
            Some(Some(left)) => {
                soonest = soonest.min(left);
                false
            }
            None => false,
        };
        let since = |start: Option<Timestamp>, length: Duration| {
            start.map(|start| Wait { start, length: jittered(length, self.jitter), server_imposed: false })
        };
        let due = over(self.due);
        let history = over(since(self.last_full_run, policy.front_history).filter(|_| self.in_front));
        let thread = self.in_front && self.open_thread.is_some();
        let thread = over(since(self.last_run, policy.front_thread).filter(|_| thread));
        let scope = if history {
            Some(Scope::Everything)
        } else if thread || due {
            Some(Scope::Due)
        } else {
            None
        };
        (scope, soonest)
    }

    /// Takes what was asked for since the run began, if that is no more than what is due: a long run does it in between.
    pub fn take_due(&mut self) -> bool {
        self.asked.take_if(|asked| *asked == Scope::Due).is_some()
    }

    /// A run begins. `chance` decides when the next look follows.
    pub fn begin(&mut self, now: Timestamp, scope: Scope, chance: u8) {
        self.jitter = chance;
        if scope == Scope::Everything || self.asked == Some(Scope::Due) {
            self.asked = None;
        }
        self.due = None;
        self.syncing = true;
        self.last_run = Some(now);
        if scope == Scope::Everything {
            self.last_full_run = Some(now);
        }
    }

    /// A run ended. True if the server was out of reach before, and is there again.
    pub fn end(&mut self, runs: u64, report: &SyncReport, now: Timestamp, chance: u8) -> bool {
        self.runs = runs;
        if report.failure == Some(SyncFailure::Store(StoreError::Suspended)) {
            // Nothing went wrong: after resuming it begins anew.
            self.asked = Some(Scope::Everything);
            return false;
        }
        let was_away = self.problem == Some(AccountProblem::ServerUnreachable);
        self.problem = report.failure.as_ref().and_then(AccountProblem::of);
        self.due = report.next.map(|length| Wait { start: now, length, server_imposed: false });
        let Some(failure) = &report.failure else {
            self.failures = 0;
            self.pause = None;
            return was_away;
        };
        let wish = match failure {
            SyncFailure::Server(Failure::TryAgain { after, .. }) => *after,
            _ => None,
        };
        let length = backoff(self.failures, chance).max(wish.unwrap_or_default());
        self.failures = self.failures.saturating_add(1);
        self.pause = Some(Wait { start: now, length, server_imposed: wish.is_some() });
        // What failed is done again, unless only the user can change it.
        let passes = matches!(failure, SyncFailure::Server(Failure::TryAgain { .. }));
        if passes {
            self.asked = Some(Scope::Everything);
        }
        false
    }
}

/// `length`, a tenth more or less.
fn jittered(length: Duration, chance: u8) -> Duration {
    length * (230 + u32::from(chance) / 5) / 256
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::Product;

    const START: Timestamp = Timestamp(1_772_442_000_000);

    fn synced(chance: u8, in_front: bool, open_thread: Option<TicketId>) -> Scheduler {
        let mut scheduler = Scheduler { in_front, open_thread, ..Scheduler::default() };
        scheduler.begin(START, Scope::Everything, chance);
        scheduler.end(1, &SyncReport { failure: None, next: None }, START, chance);
        scheduler
    }

    /// When the next look is, and at what.
    fn next(scheduler: &Scheduler) -> (Duration, Option<Scope>) {
        let policy = Product::built_in().unwrap().sync;
        let (none, pause) = scheduler.next(START, &policy);
        assert_eq!(none, None, "just looked");
        (pause, scheduler.next(START.plus(pause), &policy).0)
    }

    #[test]
    fn in_front_the_server_is_asked_every_now_and_then_and_never_in_step() {
        let around = |pause: Duration, seconds: u64| {
            pause.abs_diff(Duration::from_secs(seconds)) <= Duration::from_secs(seconds) / 9
        };
        let mut pauses = BTreeSet::new();
        for chance in [0, 60, 128, 200, 255] {
            let (pause, scope) = next(&synced(chance, true, None));
            assert!(around(pause, 120) && scope == Some(Scope::Everything), "{pause:?}");
            pauses.insert(pause);
            let (pause, scope) = next(&synced(chance, true, Some(TicketId(7))));
            assert!(around(pause, 20) && scope == Some(Scope::Due), "{pause:?}");
        }
        assert_eq!(pauses.len(), 5, "chance spreads the devices");
    }

    #[test]
    fn in_the_background_nothing_is_asked_by_itself() {
        let (pause, scope) = next(&synced(128, false, Some(TicketId(7))));
        assert_eq!((pause, scope), (IDLE, None));
    }

    #[test]
    fn a_long_run_takes_what_is_due_and_leaves_what_is_more() {
        let mut scheduler = synced(128, true, None);
        assert!(!scheduler.take_due());
        scheduler.ask(Scope::Due);
        assert!(scheduler.take_due() && !scheduler.take_due());
        scheduler.ask(Scope::Everything);
        assert!(!scheduler.take_due());
        assert_eq!(scheduler.next(START, &Product::built_in().unwrap().sync).0, Some(Scope::Everything));
    }
}
