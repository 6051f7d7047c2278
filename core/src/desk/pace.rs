//! When to sync, and what is known about the way to the desk. Nothing of it is worth keeping: it is made anew at every
//! start, and the first thing a start does is to sync.

use std::time::Duration;

use super::AccountProblem;
use crate::environment::Timestamp;
use crate::model::TicketId;
use crate::outbox::{Wait, backoff};
use crate::profile::SyncPolicy;
use crate::remote::Failure;
use crate::store::StoreError;
use crate::sync::{Scope, SyncFailure, SyncReport};

/// Long enough to be as good as "until something happens", short enough to survive a clock that jumps.
const IDLE: Duration = Duration::from_hours(1);

pub(super) struct Pace {
    pub online: bool,
    pub in_front: bool,
    pub closed: bool,
    pub suspended: bool,
    /// The time in the background is nearly over.
    pub no_more_writes: bool,
    pub syncing: bool,
    pub watched: Option<TicketId>,
    pub problem: Option<AccountProblem>,
    /// Runs that ended, for joining.
    pub runs: u64,
    /// What was asked for and not begun.
    asked: Option<Scope>,
    /// Runs that failed in a row.
    failures: u32,
    /// No run before this is over; firm if the desk asked for it.
    pause: Option<Wait>,
    /// What the last run said about the next.
    due: Option<Wait>,
    /// When the last look at the thread, and at everything, began.
    looked: Option<Timestamp>,
    looked_at_all: Option<Timestamp>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            online: true,
            in_front: false,
            closed: false,
            suspended: false,
            no_more_writes: false,
            syncing: false,
            watched: None,
            problem: None,
            runs: 0,
            asked: Some(Scope::Everything),
            failures: 0,
            pause: None,
            due: None,
            looked: None,
            looked_at_all: None,
        }
    }
}

impl Pace {
    /// Asks for a run. Asking for everything is not forgotten for less.
    pub fn ask(&mut self, scope: Scope) {
        if self.asked != Some(Scope::Everything) {
            self.asked = Some(scope);
        }
    }

    /// The user asked for a sync, or the network is back: begin again with short pauses.
    pub fn forgive(&mut self) {
        self.failures = 0;
        self.end_pause();
    }

    /// A pause that the desk did not ask for is over.
    pub fn end_pause(&mut self) {
        self.pause = self.pause.filter(|pause| pause.firm);
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
        let since = |start: Option<Timestamp>, length| start.map(|start| Wait { start, length, firm: false });
        let due = over(self.due);
        let history = over(since(self.looked_at_all, policy.front_history).filter(|_| self.in_front));
        let thread = self.in_front && self.watched.is_some();
        let thread = over(since(self.looked, policy.front_thread).filter(|_| thread));
        let scope = if history {
            Some(Scope::Everything)
        } else if thread || due {
            Some(Scope::Due)
        } else {
            None
        };
        (scope, soonest)
    }

    /// A run begins.
    pub fn begin(&mut self, now: Timestamp, scope: Scope) {
        if scope == Scope::Everything || self.asked == Some(Scope::Due) {
            self.asked = None;
        }
        self.due = None;
        self.syncing = true;
        self.looked = Some(now);
        if scope == Scope::Everything {
            self.looked_at_all = Some(now);
        }
    }

    /// A run ended. True if the desk was out of reach before, and is there again.
    pub fn end(&mut self, runs: u64, report: &SyncReport, now: Timestamp, chance: u8) -> bool {
        self.runs = runs;
        if report.failure == Some(SyncFailure::Store(StoreError::Suspended)) {
            // Nothing went wrong: after resuming it begins anew.
            self.asked = Some(Scope::Everything);
            return false;
        }
        let was_away = self.problem == Some(AccountProblem::DeskUnreachable);
        self.problem = report.failure.as_ref().and_then(AccountProblem::of);
        self.due = report.next.map(|length| Wait { start: now, length, firm: false });
        let Some(failure) = &report.failure else {
            self.failures = 0;
            self.pause = None;
            return was_away;
        };
        let wish = match failure {
            SyncFailure::Desk(Failure::TryAgain { after, .. }) => *after,
            _ => None,
        };
        let length = backoff(self.failures, chance).max(wish.unwrap_or_default());
        self.failures = self.failures.saturating_add(1);
        self.pause = Some(Wait { start: now, length, firm: wish.is_some() });
        // What failed is done again, unless only the user can change it.
        let passes = matches!(failure, SyncFailure::Desk(Failure::TryAgain { .. }));
        if passes {
            self.asked = Some(Scope::Everything);
        }
        false
    }
}
