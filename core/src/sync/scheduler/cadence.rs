//! The cadence: how often the app in front asks for news. Pure.
//!
//! All devices of a company share one rate limit. So a device asks soon after something happened, and then ever more
//! rarely: each read that finds nothing makes the wait before the next one longer by a half. When the user writes, or when
//! something arrives, the wait of the thread is short again. So is the wait of the history, unless push messages come; then
//! only opening the app shortens it. What the server says of its load stretches all of these waits
//! ([`throttle`](super::throttle)).
//!
//! | what is asked for | first | longest |
//! | --- | --- | --- |
//! | the thread on screen | `front_thread` of the policy, 20 s | 5 min |
//! | the history | `front_history` of the policy, 2 min | 15 min |
//! | the thread, while push messages come | 10 min | 30 min |
//! | the history, while push messages come | 10 min | 4 h |
//!
//! There are two reasons why news does not shorten the wait of the history while push messages come. That it arrives
//! shows that they come. And after a change of many tickets at once, the devices must not all begin to ask more often.
//!
//! The history is asked for with one cheap question, [`Scope::Check`], and every [`OTHER_LISTS_EVERY`] times completely.

use std::time::Duration;

use crate::product::SyncPolicy;
use crate::sync::context::Scope;

/// The longest wait before the thread on screen is read again.
const LONGEST_THREAD: Duration = Duration::from_mins(5);
/// The longest wait before the history is asked for again.
const LONGEST_HISTORY: Duration = Duration::from_mins(15);
/// The first wait while push messages come.
const FIRST_WITH_PUSH: Duration = Duration::from_mins(10);
/// The longest wait before the thread on screen is read again, while push messages come.
const LONGEST_THREAD_WITH_PUSH: Duration = Duration::from_mins(30);
/// The longest wait before the history is asked for again, while push messages come.
const LONGEST_HISTORY_WITH_PUSH: Duration = Duration::from_hours(4);
/// Every so many times all lists are read, although the first one has not changed.
const OTHER_LISTS_EVERY: u8 = 6;
/// No wait grows any more after so many reads: half as long again each time makes 3,000 times as long.
const MOST_READS: u8 = 20;

/// How many reads in a row have found nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cadence {
    /// Reads of the thread on screen.
    thread: u8,
    /// Reads of the history.
    history: u8,
    /// How often only the first list was asked for since all lists were read.
    checks: u8,
    /// Whether push messages come.
    pub with_push: bool,
}

impl Cadence {
    /// The user has opened the app.
    pub fn restart(&mut self) {
        (self.thread, self.history) = (0, 0);
    }

    /// Something happened: the user wrote or opened something, something arrived, or a push message names a ticket.
    pub fn happened(&mut self) {
        self.thread = 0;
        if !self.with_push {
            self.history = 0;
        }
    }

    /// A run has ended in which the server answered. `with_thread` is whether the thread on screen was read. `is_news` is
    /// whether anything was found.
    pub fn after_run(&mut self, scope: Scope, with_thread: bool, is_news: bool) {
        let longer = |reads: u8| (reads + 1).min(MOST_READS);
        match scope {
            Scope::Everything => self.checks = 0,
            // A run that finds anything reads the other lists as well.
            Scope::Check if is_news => self.checks = 0,
            Scope::Check => self.checks = self.checks.saturating_add(1),
            Scope::Due => {}
        }
        if is_news {
            self.happened();
            return;
        }
        if scope != Scope::Due {
            self.history = longer(self.history);
        }
        if with_thread {
            self.thread = longer(self.thread);
        }
    }

    /// The wait before the thread on screen is read again.
    pub fn thread(self, policy: &SyncPolicy) -> Duration {
        self.wait(self.thread, policy.front_thread, LONGEST_THREAD, LONGEST_THREAD_WITH_PUSH)
    }

    /// The wait before the history is asked for again.
    pub fn history(self, policy: &SyncPolicy) -> Duration {
        self.wait(self.history, policy.front_history, LONGEST_HISTORY, LONGEST_HISTORY_WITH_PUSH)
    }

    /// How the history is asked for the next time.
    pub fn scope(self) -> Scope {
        if self.checks + 1 >= OTHER_LISTS_EVERY { Scope::Everything } else { Scope::Check }
    }

    fn wait(self, reads: u8, first: Duration, longest: Duration, longest_with_push: Duration) -> Duration {
        let (first, longest) =
            if self.with_push { (first.max(FIRST_WITH_PUSH), longest_with_push) } else { (first, longest) };
        // A policy may ask more rarely than this table.
        let longest = longest.max(first);
        (0..reads).fold(first, |wait, _| (wait + wait / 2).min(longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::Product;

    fn waits(with_push: bool, scope: Scope, with_thread: bool) -> Vec<u64> {
        let policy = Product::built_in().unwrap().sync;
        let mut cadence = Cadence { with_push, ..Cadence::default() };
        let mut waits = Vec::new();
        for _ in 0..8 {
            let wait = if with_thread { cadence.thread(&policy) } else { cadence.history(&policy) };
            waits.push(wait.as_secs());
            cadence.after_run(scope, with_thread, false);
        }
        waits
    }

    #[test]
    fn what_does_not_change_is_asked_for_ever_more_rarely() {
        assert_eq!(waits(false, Scope::Due, true), [20, 30, 45, 67, 101, 151, 227, 300]);
        assert_eq!(waits(false, Scope::Check, false), [120, 180, 270, 405, 607, 900, 900, 900]);
        assert_eq!(waits(false, Scope::Due, false), [120; 8], "a read of the thread says nothing about the history");
    }

    #[test]
    fn while_push_messages_come_asking_is_the_fallback() {
        assert_eq!(waits(true, Scope::Due, true), [600, 900, 1_350, 1_800, 1_800, 1_800, 1_800, 1_800]);
        assert_eq!(waits(true, Scope::Check, false), [600, 900, 1_350, 2_025, 3_037, 4_556, 6_834, 10_251]);
    }

    #[test]
    fn what_arrives_and_what_the_user_does_makes_the_waits_short_again() {
        let policy = Product::built_in().unwrap().sync;
        let ways: [fn(&mut Cadence); 3] =
            [Cadence::restart, Cadence::happened, |cadence| cadence.after_run(Scope::Due, true, true)];
        for restarts in ways {
            let mut cadence = Cadence::default();
            for _ in 0..300 {
                cadence.after_run(Scope::Check, true, false);
            }
            assert_eq!((cadence.thread(&policy).as_secs(), cadence.history(&policy).as_secs()), (300, 900));
            restarts(&mut cadence);
            assert_eq!((cadence.thread(&policy).as_secs(), cadence.history(&policy).as_secs()), (20, 120));
        }
    }

    #[test]
    fn while_push_messages_come_only_opening_the_app_asks_for_the_history_sooner() {
        let policy = Product::built_in().unwrap().sync;
        let mut cadence = Cadence { with_push: true, ..Cadence::default() };
        for _ in 0..9 {
            cadence.after_run(Scope::Check, true, false);
        }
        cadence.happened();
        cadence.after_run(Scope::Check, false, true);
        assert_eq!((cadence.thread(&policy).as_secs(), cadence.history(&policy).as_secs()), (600, 14_400));
        cadence.restart();
        assert_eq!(cadence.history(&policy).as_secs(), 600);
    }

    #[test]
    fn every_sixth_time_all_lists_are_read() {
        let mut cadence = Cadence::default();
        let mut everything = Vec::new();
        for read in 1..=12 {
            let scope = cadence.scope();
            cadence.after_run(scope, false, false);
            if scope == Scope::Everything {
                everything.push(read);
            }
        }
        assert_eq!(everything, [6, 12]);
        cadence.after_run(Scope::Check, false, true);
        assert_eq!(cadence.scope(), Scope::Check, "what was found has made the run read the others");
    }

    #[test]
    fn a_policy_may_ask_more_rarely() {
        let built_in = Product::built_in().unwrap().sync;
        let policy = SyncPolicy { front_history: Duration::from_hours(5), ..built_in };
        let mut cadence = Cadence::default();
        assert_eq!(cadence.history(&policy), Duration::from_hours(5));
        cadence.after_run(Scope::Check, false, false);
        cadence.with_push = true;
        assert_eq!(cadence.history(&policy), Duration::from_hours(5));
    }
}
