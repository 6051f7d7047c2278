//! What the beginning and the end of a run change in the scheduler.

use std::time::Duration;

use super::Scheduler;
use crate::bugs::{self, Bug};
use crate::model::{Chance, Failure, Timestamp, Trouble};
use crate::outbox::{Wait, backoff, concerns_account};
use crate::product::SyncPolicy;
use crate::store::StoreError;
use crate::sync::context::Scope;
use crate::sync::report::{AccountProblem, SyncFailure, SyncReport};

impl Scheduler {
    /// A run begins. `chance` varies when the next one follows.
    pub fn begin(&mut self, now: Timestamp, scope: Scope, chance: Chance) {
        self.jitter = if bugs::is_on(Bug::NoJitter) { Chance::HALF } else { chance };
        self.was_waited_for = std::mem::take(&mut self.is_waited_for);
        self.asked = self.asked.filter(|asked| *asked > scope);
        (self.due, self.idle) = (None, None);
        (self.urgent, self.uploaded, self.scope) = (false, false, scope);
        self.syncing = true;
        self.last_run = Some(now);
        if scope != Scope::Due {
            self.last_history_run = Some(now);
            self.read_again = None;
            self.pushed_tickets.append(&mut self.reading_pushed);
        }
        if scope == Scope::Everything {
            self.lists_due = None;
        }
    }

    /// A run was dropped before its end. Another one does its work.
    pub fn dropped(&mut self, scope: Scope) {
        self.ask_for(scope);
        self.is_waited_for |= self.was_waited_for;
    }

    /// A run has ended. `runs` is its number. `chance` varies the pause after a failure. Returns which earlier problems
    /// are over.
    pub fn end(
        &mut self,
        runs: u64,
        report: &SyncReport,
        now: Timestamp,
        policy: &SyncPolicy,
        chance: Chance,
    ) -> Recovery {
        self.runs = runs;
        let chance = if bugs::is_on(Bug::NoJitter) { Chance::HALF } else { chance };
        if report.failure == Some(SyncFailure::Store(StoreError::Suspended)) {
            // This is no failure. The run is repeated after resuming.
            self.dropped(self.scope);
            return Recovery::default();
        }
        let early = report.failure.as_ref().filter(|_| !report.went_on);
        let recovery = self.note_server(report, early);
        self.note_load(report, early);
        self.due = report.next.filter(|_| early.is_none()).map(|length| Wait::new(now, length));
        self.idle = report.idle_in.map(|length| Wait::new(now, self.throttle.spread_out(length, chance)));
        self.note_lists(report, early.is_some(), now);
        match early {
            Some(failure) => self.pause_after(failure, report.next, now, policy, chance),
            None => self.go_on(report),
        }
        recovery
    }

    /// What a run has found out about the server: whether it can be reached, and whether it is busy. Returns which problems
    /// are over.
    fn note_server(&mut self, report: &SyncReport, early: Option<&SyncFailure>) -> Recovery {
        let was_unreachable = self.problem == Some(AccountProblem::ServerUnreachable);
        let works = early.is_none() && report.account_works;
        let recovery = Recovery { reachable: works && was_unreachable, free: works && self.busy };
        // A run without a failure in which the server answered nothing well does not show that its problem is over.
        let shows_nothing = report.failure.is_none() && !report.account_works;
        let remains = self.problem.filter(|problem| shows_nothing && problem.is_of_server());
        self.problem = early.map_or(remains, AccountProblem::of);
        self.busy = is_busy(early) || self.busy && shows_nothing;
        recovery
    }

    /// What a run has found out about the load of the server.
    fn note_load(&mut self, report: &SyncReport, early: Option<&SyncFailure>) {
        if is_busy(early) {
            self.throttle.refused(early.and_then(SyncFailure::imposed_wait));
        } else if early.is_some_and(SyncFailure::may_be_load) {
            self.throttle.failed();
        } else if let Some(limit) = report.rate_limit {
            self.throttle.answered(limit);
        }
    }

    /// A run has done everything, except what a list refused.
    fn go_on(&mut self, report: &SyncReport) {
        self.pause = None;
        if report.account_works {
            self.failures = 0;
            self.reading_pushed.clear();
            self.cadence.after_run(self.scope, self.in_front && self.open_thread.is_some(), report.is_news);
        }
    }

    /// A run has failed early. A pause follows. If the cause may pass by itself, [`repeat_after`](Self::repeat_after)
    /// decides what follows the pause; otherwise the next run begins when something asks for one or is due. `outbox` is
    /// how long until the next write is due.
    fn pause_after(
        &mut self,
        failure: &SyncFailure,
        outbox: Option<Duration>,
        now: Timestamp,
        policy: &SyncPolicy,
        chance: Chance,
    ) {
        if matches!(failure, SyncFailure::Server(failure) if concerns_account(failure)) {
            self.user_is_known = false;
        }
        let imposed = failure.imposed_wait();
        let length = backoff(self.failures, chance).max(imposed.unwrap_or_default());
        self.failures = self.failures.saturating_add(1);
        self.pause = Some(Wait { start: now, length, server_imposed: imposed.is_some() });
        if matches!(failure, SyncFailure::Server(Failure::TryAgain { .. })) {
            self.repeat_after(length, outbox, now, policy, chance);
        }
    }

    /// What a run has found out about the lists. A check that has read only the first list says nothing of the others.
    fn note_lists(&mut self, report: &SyncReport, ended_early: bool, now: Timestamp) {
        let lists_due = report.lists_in.map(|length| Wait::new(now, length));
        match (self.scope, &report.failure) {
            (Scope::Due, _) => {}
            (Scope::Check, _) if ended_early => {}
            (Scope::Everything, _) if ended_early => self.list_problem = None,
            (_, Some(failure)) => {
                self.lists_due = lists_due;
                self.list_problem = AccountProblem::of(failure);
            }
            // A list that failed earlier was passed over, because its pause is not over.
            (_, None) if lists_due.is_some() => self.lists_due = lists_due,
            (Scope::Check, None) => {}
            (Scope::Everything, None) => self.list_problem = None,
        }
    }

    /// Decides what follows a run that failed, after its `pause`. A run for the lists that the user waited for is repeated,
    /// and so is any run that would not have to wait for longer than the pause. Otherwise the history waits for as long as
    /// the load of the server asks. `outbox` is how long until the next write is due.
    fn repeat_after(
        &mut self,
        pause: Duration,
        outbox: Option<Duration>,
        now: Timestamp,
        policy: &SyncPolicy,
        chance: Chance,
    ) {
        let wait = self.throttle.after_failure(self.cadence.history(policy), chance);
        let is_waited_for = self.was_waited_for || self.is_waited_for;
        if wait <= pause || is_waited_for && self.scope != Scope::Due {
            self.ask_for(self.scope.max(Scope::Check));
            self.is_waited_for = is_waited_for;
            return;
        }
        self.read_again = Some(Wait::new(now, wait));
        // Only those return before that who have something to send, or a thread on screen.
        let thread = match (self.in_front && self.open_thread.is_some(), is_waited_for) {
            (false, _) => None,
            (true, true) => Some(pause),
            // A busy server has refused others as well.
            (true, false) if self.busy => Some(pause + self.throttle.spread(chance)),
            (true, false) => Some(pause.max(self.throttle.stretched(self.cadence.thread(policy)))),
        };
        let outbox = outbox.map(|length| length.max(pause));
        self.due = thread.into_iter().chain(outbox).min().map(|length| Wait::new(now, length));
    }
}

fn is_busy(early: Option<&SyncFailure>) -> bool {
    matches!(early, Some(SyncFailure::Server(Failure::TryAgain { trouble: Trouble::Busy, .. })))
}

/// Which earlier problems are over when a run has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Recovery {
    /// The server was unreachable before and has answered again.
    pub reachable: bool,
    /// The server was busy before and is no longer.
    pub free: bool,
}
