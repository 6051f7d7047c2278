//! The scheduler: when the next run begins, and how much it reads.
//!
//! [`Client::drive`](crate::Client::drive) begins a run for one of these reasons, unless there is no network, the client
//! is suspended, or a pause is under way:
//!
//! * The client asked for it: the user wrote or opened something, or a push message arrived.
//! * The wait that the last run reported is over (a wait in the outbox, threads that are left over).
//! * The app is in front, and the history or the open thread was not read for as long as the [`cadence`] says, stretched
//!   by the [`throttle`].
//! * The network has returned. What the user wrote is sent at once, and reading starts after a random wait, which depends
//!   on the load of the server.
//! * A run has failed that nobody waited for. What the user wrote is sent when the pause is over, and reading starts after
//!   such a wait.
//!
//! After a run that failed early there is a pause, which doubles with each further failure. The server can ask for a
//! longer one. Then the help desk is *busy*, and the user sees until when. Until then only a refresh by the user, or a
//! network that returns, begins a run, at most once a minute. If a run failed only at a list and did everything else,
//! no such pause follows. The list has a pause of its own, and when it is over, a run reads everything. Nothing here is
//! stored: a new process begins with a new scheduler, which asks for a complete run at once.

mod cadence;
#[cfg(feature = "fleet")]
pub mod fleet;
mod runs;
#[cfg(test)]
mod tests;
mod throttle;

use std::collections::BTreeSet;
use std::time::Duration;

use self::cadence::Cadence;
use self::throttle::Throttle;
use super::context::Scope;
use super::report::{AccountProblem, SyncFailure};
use crate::bugs::{self, Bug};
use crate::model::{Chance, TicketId, Timestamp};
use crate::outbox::{ASK_A_BUSY_SERVER, Wait, backoff};
use crate::product::SyncPolicy;
use crate::store::ReadPosition;

/// How long to sleep if nothing is due. Something else usually happens earlier; the limit keeps a clock that jumps from
/// delaying sync for longer than this.
const IDLE: Duration = Duration::from_hours(1);

/// How long a background task that begins belongs to a push message.
const LATELY: Duration = Duration::from_mins(1);

/// If the last read of the history is at least this old, every list is read when the user opens the app.
const OLD: Duration = Duration::from_mins(15);

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
    /// Tickets of push messages that the run under way reads. If it fails, the next read of the history reads them.
    reading_pushed: BTreeSet<TicketId>,
    /// When the last push message came; `None` if it was about a ticket that this device does not know, or if none
    /// came.
    pushed_at: Option<Timestamp>,
    /// How often to ask for news.
    cadence: Cadence,
    /// How much slower to read because of the load of the server.
    throttle: Throttle,
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
    /// Whether the user waits for the run that was asked for.
    is_waited_for: bool,
    /// Whether the user waits for the run that is under way, or waited for the last one.
    was_waited_for: bool,
    /// Whether a run was asked for since the running one last looked.
    urgent: bool,
    /// The scope of the run that is under way, or of the last one.
    scope: Scope,
    /// How many runs have failed in a row.
    failures: u32,
    /// The pause after a failed run. No run begins by itself before it is over. It is server-imposed if the server
    /// asked for it.
    pause: Option<Wait>,
    /// Whether the last run ended because the server is busy.
    busy: bool,
    /// The wait until the next run, as the last run reported it.
    due: Option<Wait>,
    /// The wait before the next reading that nobody waits for, as the last run reported it, stretched by the throttle.
    idle: Option<Wait>,
    /// The wait before the history is read again, after the network has returned or a read has failed that nobody
    /// waited for. It replaces the wait of the cadence.
    read_again: Option<Wait>,
    /// The wait until a list can be read that the last run could not read.
    lists_due: Option<Wait>,
    /// The pause after a failed run of transfers.
    transfer_pause: Option<Wait>,
    /// How many runs of transfers have failed in a row.
    transfer_failures: u32,
    /// When the last run began, by the device's clock.
    last_run: Option<Timestamp>,
    /// When the last run began that read the history, completely or with one question, by the device's clock.
    last_history_run: Option<Timestamp>,
    /// Varies the times between reads, so that devices do not all ask at the same moment.
    jitter: Chance,
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
            reading_pushed: BTreeSet::new(),
            pushed_at: None,
            cadence: Cadence::default(),
            throttle: Throttle::default(),
            user_is_known: false,
            uploaded: false,
            problem: None,
            list_problem: None,
            runs: 0,
            asked: Some(Scope::Everything),
            is_waited_for: true,
            was_waited_for: false,
            urgent: false,
            scope: Scope::Everything,
            failures: 0,
            pause: None,
            busy: false,
            due: None,
            idle: None,
            read_again: None,
            lists_due: None,
            transfer_pause: None,
            transfer_failures: 0,
            last_run: None,
            last_history_run: None,
            jitter: Chance::HALF,
        }
    }
}

impl Scheduler {
    /// Asks for a run that the user waits for. A request for everything is kept if a smaller one follows.
    pub fn ask(&mut self, scope: Scope) {
        self.is_waited_for = true;
        self.cadence.happened();
        self.ask_for(scope);
    }

    /// Asks for a run because of a push message about `ticket`, or about a ticket that this device does not know. Nobody
    /// waits for it: if it fails, the next read of the history makes up for it.
    pub fn pushed(&mut self, ticket: Option<TicketId>, now: Timestamp) {
        self.cadence.happened();
        self.pushed_tickets.extend(ticket);
        self.pushed_at = ticket.map(|_| now);
        self.ask_for(if ticket.is_some() { Scope::Due } else { Scope::Everything });
    }

    /// Whether the last push message came in the last minute and named a ticket of this device.
    pub fn was_pushed_lately(&self, now: Timestamp) -> bool {
        self.pushed_at.is_some_and(|pushed| Wait::new(pushed, LATELY).left(now).is_some())
    }

    /// Asks for a run that nobody waits for.
    pub fn ask_for(&mut self, scope: Scope) {
        self.urgent = true;
        self.asked = self.asked.max(Some(scope));
    }

    /// Whether push messages about tickets reach this device. Then asking is only the fallback.
    pub fn set_push_enabled(&mut self, enabled: bool) {
        self.cadence.with_push = enabled;
    }

    /// The app has come to the front, or has left it.
    pub fn set_in_front(&mut self, in_front: bool, now: Timestamp, policy: &SyncPolicy) {
        let was_in_front = std::mem::replace(&mut self.in_front, in_front);
        if in_front && !was_in_front {
            self.opened(now, policy);
        }
    }

    /// The user has opened the app, and waits to see what is new. How old the last read of the history is decides: a read
    /// of a moment ago is enough, one question shows whether a recent one still is, and after [`OLD`] every list is read.
    fn opened(&mut self, now: Timestamp, policy: &SyncPolicy) {
        self.cadence.restart();
        let is_older = |age| self.last_history_run.is_some_and(|run| Wait::new(run, age).left(now).is_none());
        if is_older(OLD) {
            self.ask(Scope::Everything);
        } else if is_older(policy.front_history) {
            self.ask(Scope::Check);
        }
    }

    /// The network has returned. What is due is sent at once. The history is read after a random wait, or at once if
    /// the server had little load.
    pub fn network_returned(&mut self, now: Timestamp, policy: &SyncPolicy, chance: Chance) {
        let chance = if bugs::is_on(Bug::NoJitter) { Chance::HALF } else { chance };
        let wait = self.throttle.after_reconnecting(self.cadence.history(policy), chance);
        if wait.is_zero() {
            self.ask_for(Scope::Everything);
            return;
        }
        self.read_again = Some(Wait::new(now, wait));
        self.ask_for(Scope::Due);
    }

    /// Takes the tickets of push messages, for the run that is under way.
    pub fn take_pushed(&mut self) -> Vec<TicketId> {
        let taken = std::mem::take(&mut self.pushed_tickets);
        self.reading_pushed.extend(&taken);
        taken.into_iter().collect()
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

    /// When the server is asked again by itself, if it is busy. A time that is over says nothing.
    pub fn busy_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.pause.filter(|pause| self.busy && pause.left(now).is_some()).map(|pause| pause.start.plus(pause.length))
    }

    /// How long to wait before files may be transferred; `None` if they may be transferred now.
    pub fn transfers_wait(&self, now: Timestamp) -> Option<Duration> {
        if !self.online || self.suspended || !self.user_is_known {
            return Some(IDLE);
        }
        self.transfer_pause.and_then(|pause| pause.left(now))
    }

    /// A run of transfers has ended. Its failure is a problem of the account or of the store.
    pub fn end_transfers(&mut self, failure: Option<&SyncFailure>, now: Timestamp, chance: Chance) {
        let Some(failure) = failure else {
            (self.transfer_pause, self.transfer_failures) = (None, 0);
            return;
        };
        self.transfer_pause = Some(Wait::new(now, backoff(self.transfer_failures, chance)));
        self.transfer_failures = self.transfer_failures.saturating_add(1);
        // The next run of the conversation finds the same problem, or that it is over.
        self.problem = AccountProblem::of(failure).or(self.problem);
    }

    /// How long the pause lasts in which no run begins by itself; `None` if there is no pause.
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
        let asked = self.asked.filter(|_| !self.slows_writes(now, policy));
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
        // Each wait is looked at, because each may be the soonest.
        let due = is_over(self.due) | is_over(self.idle);
        let (every, thread_every) = (self.cadence.history(policy), self.cadence.thread(policy));
        let every = self.read_again.or_else(|| since(self.last_history_run, self.throttle.stretched(every)));
        let history = is_over(every.filter(|_| self.in_front));
        let lists = is_over(self.lists_due);
        let thread = self.in_front && self.open_thread.is_some();
        let thread = is_over(since(self.last_run, self.throttle.stretched(thread_every)).filter(|_| thread));
        let scope = if lists {
            Some(Scope::Everything)
        } else if history {
            Some(self.cadence.scope())
        } else if thread || due {
            Some(Scope::Due)
        } else {
            None
        };
        // One run does both what was asked for and what is due by itself.
        (asked.max(scope), soonest)
    }

    /// Always false, except with a deliberate bug: whether what the user wrote waits like a read.
    fn slows_writes(&self, now: Timestamp, policy: &SyncPolicy) -> bool {
        let every = self.throttle.stretched(self.cadence.thread(policy));
        bugs::is_on(Bug::WritesWaitLikeReads)
            && self.last_run.is_some_and(|run| Wait::new(run, every).left(now).is_some())
    }

    /// Takes the requests for a run that came since the run began or since the last call. Returns true if there was
    /// one; then the run does what is due between two of its own requests. A request for everything also stays, because
    /// it needs a run of its own.
    pub fn take_urgent(&mut self) -> bool {
        let due = self.asked.take_if(|asked| *asked == Scope::Due).is_some();
        let urgent = std::mem::take(&mut self.urgent);
        if bugs::is_on(Bug::RefreshHoldsUpSending) { due } else { due || urgent }
    }
}

/// `length`, shortened or lengthened by up to a tenth, as `chance` decides.
fn jittered(length: Duration, chance: Chance) -> Duration {
    length * 9 / 10 + chance.of(length / 5)
}
