//! Tests of the scheduler.

use super::runs::Recovery;
use super::*;
use crate::model::{Failure, RateLimit, Reached, Trouble};
use crate::product::Product;
use crate::sync::report::SyncReport;

const START: Timestamp = Timestamp(1_772_442_000_000);
/// A run that has found nothing new.
fn well() -> SyncReport {
    SyncReport { account_works: true, ..SyncReport::default() }
}

/// A chance of so many 256ths.
fn part(of_256: u32) -> Chance {
    Chance(of_256 << 24)
}

fn policy() -> SyncPolicy {
    Product::built_in().unwrap().sync
}

fn synced(chance: Chance, in_front: bool, open_thread: Option<TicketId>) -> Scheduler {
    let mut scheduler = Scheduler { in_front, open_thread, ..Scheduler::default() };
    run(&mut scheduler, START, Scope::Everything, chance, &well());
    scheduler
}

fn run(scheduler: &mut Scheduler, now: Timestamp, scope: Scope, chance: Chance, report: &SyncReport) -> Recovery {
    scheduler.begin(now, scope, chance);
    scheduler.end(1, report, now, &policy(), chance)
}

fn busy(after: Duration) -> SyncReport {
    let busy = Failure::TryAgain { trouble: Trouble::Busy, after: Some(after), reached: Reached::No };
    SyncReport { failure: Some(busy.into()), ..SyncReport::default() }
}

/// What the server says in the middle of a minute of which so many hundredths are used.
fn loaded(percent: u32) -> SyncReport {
    let used = 700 * percent / 200;
    let rate_limit = Some(RateLimit { limit: 700, remaining: 700 - used, resets_in: Duration::from_secs(30) });
    SyncReport { rate_limit, ..well() }
}

/// How long until the next run begins, and with what scope.
fn next(scheduler: &Scheduler) -> (Duration, Option<Scope>) {
    let (none, pause) = scheduler.next(START, &policy());
    assert_eq!(none, None, "a run has just ended");
    (pause, scheduler.next(START.plus(pause), &policy()).0)
}

#[test]
fn in_front_the_server_is_asked_every_now_and_then_and_never_in_step() {
    let around = |pause: Duration, seconds: u64| {
        pause.abs_diff(Duration::from_secs(seconds)) <= Duration::from_secs(seconds) / 9
    };
    let mut pauses = BTreeSet::new();
    for chance in [0, 60, 128, 200, 255].map(part) {
        let (pause, scope) = next(&synced(chance, true, None));
        assert!(around(pause, 180) && scope == Some(Scope::Check), "{pause:?}");
        pauses.insert(pause);
        let (pause, scope) = next(&synced(chance, true, Some(TicketId(7))));
        assert!(around(pause, 30) && scope == Some(Scope::Due), "{pause:?}");
    }
    assert_eq!(pauses.len(), 5, "chance spreads the devices over time");
}

#[test]
fn a_problem_stays_until_the_server_answers_something_well() {
    let (mut scheduler, refused) = (synced(part(128), true, None), Some(AccountProblem::NotAllowed));
    let refusal = Some(Failure::NotAllowed.into());
    for (failure, account_works, problem) in [(refusal, false, refused), (None, false, refused), (None, true, None)] {
        scheduler.end(
            2,
            &SyncReport { failure, account_works, ..SyncReport::default() },
            START,
            &policy(),
            Chance::NONE,
        );
        assert_eq!(scheduler.problem(), problem);
    }
}

#[test]
fn in_the_background_nothing_is_asked_by_itself() {
    assert_eq!(next(&synced(part(128), false, Some(TicketId(7)))), (IDLE, None));
}

#[test]
fn a_long_run_serves_every_request_and_leaves_what_is_more() {
    let mut scheduler = synced(part(128), true, None);
    assert!(!scheduler.take_urgent());
    scheduler.ask(Scope::Due);
    assert!(scheduler.take_urgent() && !scheduler.take_urgent());
    scheduler.ask(Scope::Everything);
    scheduler.ask(Scope::Due);
    assert!(scheduler.take_urgent() && !scheduler.take_urgent());
    assert_eq!(scheduler.next(START, &policy()).0, Some(Scope::Everything));
}

#[test]
fn a_busy_server_is_asked_when_it_said_and_by_the_user_once_a_minute() {
    let (mut scheduler, day) = (synced(part(128), true, None), Duration::from_hours(24));
    run(&mut scheduler, START, Scope::Everything, part(128), &busy(day));
    assert_eq!(scheduler.busy_until(START), Some(START.plus(day)));
    assert_eq!(scheduler.next(START, &policy()), (None, day));
    scheduler.reset_backoff(START.plus(Duration::from_secs(59)));
    assert_eq!(scheduler.busy_until(START), Some(START.plus(day)), "the user has asked a moment ago");
    let minute = START.plus(Duration::from_mins(1));
    scheduler.reset_backoff(minute);
    scheduler.ask(Scope::Everything);
    assert_eq!(scheduler.next(minute, &policy()).0, Some(Scope::Everything));
    assert!(run(&mut scheduler, minute, Scope::Everything, part(128), &well()).free);
    assert_eq!(scheduler.busy_until(minute), None);
}

#[test]
fn a_time_that_is_over_is_not_shown_as_the_end_of_a_wait() {
    let mut scheduler = synced(part(128), true, None);
    run(&mut scheduler, START, Scope::Check, part(128), &busy(Duration::from_mins(1)));
    assert_eq!(scheduler.busy_until(START.plus(Duration::from_mins(1))), None);
}

#[test]
fn a_write_leaves_at_once_however_slowly_the_device_reads() {
    let mut scheduler = synced(part(128), true, Some(TicketId(7)));
    for _ in 0..40 {
        run(&mut scheduler, START, Scope::Check, part(128), &loaded(120));
    }
    let (_, wait) = scheduler.next(START, &policy());
    assert_eq!(wait, IDLE, "the thread on screen is not read within an hour");
    scheduler.ask(Scope::Due);
    assert_eq!(scheduler.next(START, &policy()).0, Some(Scope::Due));
}

#[test]
fn a_push_message_that_could_not_be_followed_is_made_up_for_with_the_history() {
    let mut scheduler = synced(part(128), true, None);
    run(&mut scheduler, START, Scope::Check, part(128), &loaded(100));
    scheduler.pushed(Some(TicketId(7)), START);
    scheduler.begin(START, Scope::Due, part(128));
    assert_eq!(scheduler.take_pushed(), [TicketId(7)]);
    scheduler.end(2, &busy(Duration::from_secs(50)), START, &policy(), part(128));
    // Reading waits for longer than the server asked, since everybody else was refused as well.
    let pause = START.plus(Duration::from_secs(50));
    let (none, wait) = scheduler.next(pause, &policy());
    assert!(none.is_none() && wait > Duration::from_mins(4), "{wait:?}");
    let later = pause.plus(wait);
    let scope = scheduler.next(later, &policy()).0.unwrap();
    assert_ne!(scope, Scope::Due);
    scheduler.begin(later, scope, part(128));
    assert_eq!(scheduler.take_pushed(), [TicketId(7)]);
}

#[test]
fn when_the_network_returns_reading_waits_for_a_server_with_much_load_and_writing_does_not() {
    let policy = policy();
    for (percent, asked) in [(10, Some(Scope::Everything)), (120, Some(Scope::Due))] {
        let mut scheduler = synced(part(128), true, None);
        run(&mut scheduler, START, Scope::Check, part(128), &loaded(percent));
        scheduler.online = false;
        let later = START.plus(Duration::from_hours(3));
        assert_eq!(scheduler.next(later, &policy).0, None);
        scheduler.online = true;
        scheduler.network_returned(later, &policy, part(200));
        assert_eq!(scheduler.next(later, &policy).0, asked, "{percent} %");
        run(&mut scheduler, later, Scope::Due, part(128), &well());
        if percent == 120 {
            let (none, wait) = scheduler.next(later, &policy);
            assert!(none.is_none() && wait > Duration::from_mins(1), "{wait:?}");
        }
    }
}

#[test]
fn who_opens_the_app_sees_what_is_new() {
    let policy = policy();
    for (away, asked) in
        [(Duration::from_secs(30), None), (Duration::from_mins(5), Some(Scope::Check)), (OLD, Some(Scope::Everything))]
    {
        let mut scheduler = synced(part(128), true, None);
        scheduler.set_in_front(false, START, &policy);
        let back = START.plus(away);
        assert_eq!(scheduler.next(back, &policy).0, None, "in the background nothing is read by itself");
        scheduler.set_in_front(true, back, &policy);
        assert_eq!(scheduler.next(back, &policy).0, asked, "after {away:?}");
    }
}

#[test]
fn reading_in_idle_time_slows_down_with_the_load_and_what_is_due_does_not() {
    let idle = |percent: u32, next: Option<Duration>| {
        let mut scheduler = synced(part(128), false, None);
        for _ in 0..9 {
            let report = SyncReport { idle_in: Some(Duration::from_secs(30)), next, ..loaded(percent) };
            run(&mut scheduler, START, Scope::Due, part(128), &report);
        }
        scheduler.next(START, &policy()).1.as_secs()
    };
    assert_eq!(idle(10, None), 30, "a server with little load is not spared");
    assert!(idle(120, None) > 300);
    assert_eq!(idle(120, Some(Duration::from_secs(4))), 4);
}
