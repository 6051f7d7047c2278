//! The scheduler: when the next run begins, and how much it reads.
//!
//! [`Client::drive`](crate::Client::drive) begins a run for one of these reasons, unless there is no network, the client
//! is suspended, or a pause is under way:
//!
//! * The client asked for it: the user wrote or opened something, the network returned, a push message arrived.
//! * The wait that the last run reported is over (a wait in the outbox, threads that are left over).
//! * The app is in front, and the history or the open thread was not read for the time of the sync policy.
//!
//! After a run that failed early there is a pause, which doubles with each further failure. The server can ask for a
//! longer one. Then the help desk is *busy*, and the user sees until when. Until then only the user may begin a run, at
//! most once a minute. If a run failed only at a list and did everything else, no such pause follows. The list has a
//! pause of its own, and when it is over, a run reads everything. Nothing here is stored: a new process begins with a
//! new scheduler, which asks for a complete run at once.

use std::collections::BTreeSet;
use std::time::Duration;

use super::context::Scope;
use super::report::{AccountProblem, SyncFailure, SyncReport};
use crate::bugs::{self, Bug};
use crate::model::{Failure, TicketId, Timestamp, Trouble};
use crate::outbox::{ASK_A_BUSY_SERVER, Wait, backoff, concerns_account};
use crate::product::SyncPolicy;
use crate::store::{ReadPosition, StoreError};

/// How long to sleep if nothing is due. Something else usually happens earlier; the limit keeps a clock that jumps from
/// delaying sync for longer than this.
const IDLE: Duration = Duration::from_hours(1);
/// The state of the scheduler. The client changes it under a lock and asks it for the next run.
pub(crate) struct Scheduler {
    /// Whether the platform reports a network.
    pub online: bool,
    /// Whether the app is in front.
    pub in_front: bool,
    /// Whether the client was closed.
    pub closed: bool,
    /// Whether the client is suspended.
    pub suspended: bool,
    /// Whether a background task is about to end, so that no attempt may begin.
    pub no_more_writes: bool,
    /// Whether a run is under way.
    pub syncing: bool,
    /// The thread on screen.
    pub open_thread: Option<TicketId>,
    /// The thread on screen, and up to where it was read when it was opened.
    pub reading: Option<(TicketId, ReadPosition)>,
    /// Tickets of push messages that were not read yet.
    pub pushed_tickets: BTreeSet<TicketId>,
    /// Whether the server has told who the user is, so that files may be transferred.
    pub user_is_known: bool,
    /// Whether an upload has finished since the last run began.
    pub uploaded: bool,
    /// The account's problem, as the last run found it.
    pub problem: Option<AccountProblem>,
    /// The problem of a list that could not be read. It stays until a complete run has read every list or has failed
    /// early.
    list_problem: Option<AccountProblem>,
    /// How many runs have ended. A caller that waits for a run uses it to see whether one ended meanwhile.
    pub runs: u64,
    /// The scope that was asked for and that no run has begun with yet.
    asked: Option<Scope>,
    /// Whether a run was asked for since the running one last looked.
    urgent: bool,
    /// The scope of the run that is under way, or of the last one.
    scope: Scope,
    /// How many runs have failed in a row.
    failures: u32,
    /// The pause after a failed run. No run begins before it is over. It is server-imposed if the server asked for it.
    pause: Option<Wait>,
    /// Whether the last run ended because the server is busy.
    busy: bool,
    /// The wait until the next run, as the last run reported it.
    due: Option<Wait>,
    /// The wait until a list can be read that the last run could not read.
    lists_due: Option<Wait>,
    /// The pause after a failed run of transfers.
    transfer_pause: Option<Wait>,
    /// How many runs of transfers have failed in a row.
    transfer_failures: u32,
    /// When the last run began, by the device's clock.
    last_run: Option<Timestamp>,
    /// When the last run of [`Scope::Everything`] began, by the device's clock.
    last_full_run: Option<Timestamp>,
    /// Varies the times between reads (0–255), so that devices do not all ask at the same moment.
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
            reading: None,
            pushed_tickets: BTreeSet::new(),
            user_is_known: false,
            uploaded: false,
            problem: None,
            list_problem: None,
            runs: 0,
            asked: Some(Scope::Everything),
            urgent: false,
            scope: Scope::Everything,
            failures: 0,
            pause: None,
            busy: false,
            due: None,
            lists_due: None,
            transfer_pause: None,
            transfer_failures: 0,
            last_run: None,
            last_full_run: None,
            jitter: 128,
        }
    }
}

impl Scheduler {
    /// Asks for a run. A request for everything is kept if a smaller one follows.
    pub fn ask(&mut self, scope: Scope) {
        self.urgent = true;
        if self.asked != Some(Scope::Everything) {
            self.asked = Some(scope);
        }
    }

    /// Ends the pause, and lets the next failure begin with a short pause again. Call it when the user asks for a sync,
    /// or when the network returns. A server-imposed pause ends only if no run began in the last minute.
    pub fn reset_backoff(&mut self, now: Timestamp) {
        self.failures = 0;
        let asked_lately = self.last_run.is_some_and(|run| Wait::new(run, ASK_A_BUSY_SERVER).left(now).is_some());
        if asked_lately {
            self.end_pause();
        } else {
            self.pause = None;
        }
        (self.transfer_pause, self.transfer_failures) = (None, 0);
    }

    /// Ends the pause, unless it is server-imposed.
    pub fn end_pause(&mut self) {
        self.pause = self.pause.filter(|pause| pause.server_imposed);
    }

    /// The account's problem, for the user.
    pub fn problem(&self) -> Option<AccountProblem> {
        self.problem.or(self.list_problem)
    }

    /// When the server is asked again by itself, if it is busy.
    pub fn busy_until(&self) -> Option<Timestamp> {
        self.pause.filter(|_| self.busy).map(|pause| pause.start.plus(pause.length))
    }

    /// How long to wait before files may be transferred; `None` if they may be transferred now.
    pub fn transfers_wait(&self, now: Timestamp) -> Option<Duration> {
        if !self.online || self.suspended || !self.user_is_known {
            return Some(IDLE);
        }
        self.transfer_pause.and_then(|pause| pause.left(now))
    }

    /// A run of transfers has ended. Its failure is a problem of the account or of the store.
    pub fn end_transfers(&mut self, failure: Option<&SyncFailure>, now: Timestamp, chance: u8) {
        let Some(failure) = failure else {
            (self.transfer_pause, self.transfer_failures) = (None, 0);
            return;
        };
        self.transfer_pause = Some(Wait::new(now, backoff(self.transfer_failures, chance)));
        self.transfer_failures = self.transfer_failures.saturating_add(1);
        // The next run of the conversation finds the same problem, or that it is over.
        self.problem = AccountProblem::of(failure).or(self.problem);
    }

    /// How long the pause lasts in which no run may begin; `None` if there is no pause.
    pub fn pause_left(&self, now: Timestamp) -> Option<Duration> {
        self.pause.and_then(|pause| pause.left(now))
    }

    /// The scope of the run that should begin now. If it is `None`, the duration is how long to sleep before asking
    /// again.
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
        let mut is_over = |wait: Option<Wait>| match wait.map(|wait| wait.left(now)) {
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
        let due = is_over(self.due);
        let history = is_over(since(self.last_full_run, policy.front_history).filter(|_| self.in_front));
        let history = is_over(self.lists_due) || history;
        let thread = self.in_front && self.open_thread.is_some();
        let thread = is_over(since(self.last_run, policy.front_thread).filter(|_| thread));
        let scope = if history {
            Some(Scope::Everything)
        } else if thread || due {
            Some(Scope::Due)
        } else {
            None
        };
        (scope, soonest)
    }

    /// Takes the requests for a run that came since the run began or since the last call. Returns true if there was
    /// one; then the run does what is due between two of its own requests. A request for everything also stays, because
    /// it needs a run of its own.
    pub fn take_urgent(&mut self) -> bool {
        let due = self.asked.take_if(|asked| *asked == Scope::Due).is_some();
        let urgent = std::mem::take(&mut self.urgent);
        if bugs::is_on(Bug::RefreshHoldsUpSending) { due } else { due || urgent }
    }

    /// A run begins. `chance` (0–255) varies when the next one follows.
    pub fn begin(&mut self, now: Timestamp, scope: Scope, chance: u8) {
        self.jitter = chance;
        if scope == Scope::Everything || self.asked == Some(Scope::Due) {
            self.asked = None;
        }
        self.due = None;
        (self.urgent, self.uploaded, self.scope) = (false, false, scope);
        self.syncing = true;
        self.last_run = Some(now);
        if scope == Scope::Everything {
            self.last_full_run = Some(now);
            self.lists_due = None;
        }
    }

    /// A run has ended. `runs` is its number. `chance` (0–255) varies the pause after a failure. Returns which earlier
    /// problems are over.
    pub fn end(&mut self, runs: u64, report: &SyncReport, now: Timestamp, chance: u8) -> Recovery {
        self.runs = runs;
        if report.failure == Some(SyncFailure::Store(StoreError::Suspended)) {
            // This is no failure. A complete run follows after resuming.
            self.asked = Some(Scope::Everything);
            return Recovery::default();
        }
        let early = report.failure.as_ref().filter(|_| !report.went_on);
        let was_unreachable = self.problem == Some(AccountProblem::ServerUnreachable);
        let reachable = early.is_none() && report.account_works && was_unreachable;
        let recovery = Recovery { reachable, free: early.is_none() && self.busy };
        // A run without a failure in which the server answered nothing well does not show that its problem is over.
        let shows_nothing = report.failure.is_none() && !report.account_works;
        let remains = self.problem.filter(|problem| shows_nothing && problem.is_of_server());
        self.problem = early.map_or(remains, AccountProblem::of);
        self.busy = matches!(early, Some(SyncFailure::Server(Failure::TryAgain { trouble: Trouble::Busy, .. })));
        self.due = report.next.map(|length| Wait::new(now, length));
        if self.scope == Scope::Everything && early.is_some() {
            self.list_problem = None;
        } else if self.scope == Scope::Everything {
            self.lists_due = report.lists_in.map(|length| Wait::new(now, length));
            match &report.failure {
                Some(failure) => self.list_problem = AccountProblem::of(failure),
                // A list that failed earlier was passed over, because its pause is not over.
                None if report.lists_in.is_some() => {}
                None => self.list_problem = None,
            }
        }
        let Some(failure) = early else {
            self.failures = 0;
            self.pause = None;
            return recovery;
        };
        if matches!(failure, SyncFailure::Server(failure) if concerns_account(failure)) {
            self.user_is_known = false;
        }
        let retry_after = failure.imposed_wait();
        let length = backoff(self.failures, chance).max(retry_after.unwrap_or_default());
        self.failures = self.failures.saturating_add(1);
        self.pause = Some(Wait { start: now, length, server_imposed: retry_after.is_some() });
        // The run is repeated after the pause, unless only the user can remove the cause.
        let may_succeed_later = matches!(failure, SyncFailure::Server(Failure::TryAgain { .. }));
        if may_succeed_later {
            self.asked = Some(Scope::Everything);
        }
        recovery
    }
}

/// Which earlier problems are over when a run has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Recovery {
    /// The server was unreachable before and has answered again.
    pub reachable: bool,
    /// The server was busy before and is no longer.
    pub free: bool,
}

/// `length`, shortened or lengthened by up to a tenth, as `chance` (0–255) decides.
fn jittered(length: Duration, chance: u8) -> Duration {
    length * (230 + u32::from(chance) / 5) / 256
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::Product;

    const START: Timestamp = Timestamp(1_772_442_000_000);
    const WELL: SyncReport =
        SyncReport { failure: None, went_on: false, account_works: true, lists_in: None, next: None };

    fn synced(chance: u8, in_front: bool, open_thread: Option<TicketId>) -> Scheduler {
        let mut scheduler = Scheduler { in_front, open_thread, ..Scheduler::default() };
        scheduler.begin(START, Scope::Everything, chance);
        scheduler.end(1, &WELL, START, chance);
        scheduler
    }

    /// How long until the next run begins, and with what scope.
    fn next(scheduler: &Scheduler) -> (Duration, Option<Scope>) {
        let policy = Product::built_in().unwrap().sync;
        let (none, pause) = scheduler.next(START, &policy);
        assert_eq!(none, None, "a run has just ended");
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
        assert_eq!(pauses.len(), 5, "chance spreads the devices over time");
    }

    #[test]
    fn a_problem_stays_until_the_server_answers_something_well() {
        let (mut scheduler, refused) = (synced(128, true, None), Some(AccountProblem::NotAllowed));
        let refusal = Some(Failure::NotAllowed.into());
        for (failure, account_works, problem) in [(refusal, false, refused), (None, false, refused), (None, true, None)]
        {
            scheduler.end(2, &SyncReport { failure, account_works, ..WELL }, START, 0);
            assert_eq!(scheduler.problem(), problem);
        }
    }

    #[test]
    fn in_the_background_nothing_is_asked_by_itself() {
        assert_eq!(next(&synced(128, false, Some(TicketId(7)))), (IDLE, None));
    }

    #[test]
    fn a_long_run_serves_every_request_and_leaves_what_is_more() {
        let mut scheduler = synced(128, true, None);
        assert!(!scheduler.take_urgent());
        scheduler.ask(Scope::Due);
        assert!(scheduler.take_urgent() && !scheduler.take_urgent());
        scheduler.ask(Scope::Everything);
        scheduler.ask(Scope::Due);
        assert!(scheduler.take_urgent() && !scheduler.take_urgent());
        assert_eq!(scheduler.next(START, &Product::built_in().unwrap().sync).0, Some(Scope::Everything));
    }

    #[test]
    fn a_busy_server_is_asked_when_it_said_and_by_the_user_once_a_minute() {
        let (mut scheduler, day) = (synced(128, true, None), Duration::from_hours(24));
        let busy = Failure::TryAgain { trouble: Trouble::Busy, after: Some(day), reached: crate::model::Reached::No };
        let report = SyncReport { failure: Some(busy.into()), ..WELL };
        let policy = Product::built_in().unwrap().sync;
        scheduler.begin(START, Scope::Everything, 128);
        scheduler.end(2, &report, START, 128);
        assert_eq!(scheduler.busy_until(), Some(START.plus(day)));
        assert_eq!(scheduler.next(START, &policy), (None, day));
        scheduler.reset_backoff(START.plus(Duration::from_secs(59)));
        assert_eq!(scheduler.busy_until(), Some(START.plus(day)), "the user has asked a moment ago");
        scheduler.reset_backoff(START.plus(Duration::from_mins(1)));
        assert_eq!(scheduler.next(START.plus(Duration::from_mins(1)), &policy).0, Some(Scope::Everything));
        scheduler.begin(START.plus(Duration::from_mins(1)), Scope::Everything, 128);
        assert!(scheduler.end(3, &WELL, START.plus(Duration::from_mins(1)), 128).free);
        assert_eq!(scheduler.busy_until(), None);
    }
}
