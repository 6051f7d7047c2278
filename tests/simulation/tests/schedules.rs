//! A run is a function of its seed, some hundred schedules keep every promise, and a deliberate bug is found.

use pocketdesk::bugs::Bug;
use pocketdesk_simulation::{
    DeviceEvent, Event, Fault, FaultScope, InjectedFault, Plan, Schedule, ServerAction, ServerTraits, UserAction,
    explain, folder, limit, run, run_all, schedule,
};

#[test]
fn equal_seeds_give_equal_traces() {
    let folder = folder().unwrap();
    let trace = |seed| run(&schedule(seed, None), folder.path(), true).trace;
    let mut before = String::new();
    for seed in 100..130 {
        let first = trace(seed);
        assert_eq!(first, trace(seed), "seed {seed}");
        assert_ne!(first, before, "another seed must give another run");
        before = first;
    }
}

#[test]
fn some_hundred_schedules_hold() {
    let plan = Plan { schedules: 150, seed: 1, threads: 2, bug: None, mood: None, first_only: true };
    let report = run_all(plan).unwrap();
    let explained = report.failures.values().next().map(|(_, seed)| explain(*seed, None, None).unwrap());
    assert!(explained.is_none(), "{}", explained.unwrap_or_default());
    assert_eq!(report.run, 150);
}

#[test]
fn a_deliberate_bug_is_found_and_its_schedule_shrunk() {
    let bug = Some(Bug::DraftNotConsumed);
    let plan = Plan { schedules: limit(Bug::DraftNotConsumed), seed: 1, threads: 2, bug, mood: None, first_only: true };
    let report = run_all(plan).unwrap();
    let (_, seed) = report.failures.values().next().copied().unwrap();
    let explained = explain(seed, bug, None).unwrap();
    let events = explained.lines().skip_while(|line| !line.starts_with("cut down")).skip(3);
    let left = events.take_while(|line| *line != "trace").filter(|line| line.starts_with("   ")).count();
    assert!(left <= 2, "{explained}");
}

#[test]
fn a_ticket_that_is_solved_already_is_solved_again_only_while_reads_are_stale() {
    let folder = folder().unwrap();
    let plain = schedule(25_693, None);
    let traits = ServerTraits { stale: 15_000, ..ServerTraits::plain(1) };
    let stale = InjectedFault { fault: Fault::Stale, on: FaultScope::Reads, times: 9 };
    let solved_twice = vec![
        Event::Fault(stale),
        Event::Pass(263),
        Event::Server(ServerAction::Solve(0)),
        Event::User(UserAction::Solve(1)),
        Event::Pass(14_077),
    ];
    let outcome = run(&Schedule { traits, tickets: 1, events: solved_twice, ..plain }, folder.path(), true);
    assert_eq!(outcome.violation, None, "{}", outcome.trace);
    assert_eq!(outcome.trace.matches("PUT /api/v2/requests/1001 → 422").count(), 3, "{}", outcome.trace);
}

#[test]
fn a_ticket_that_an_agent_reopens_after_the_refusal_is_solved_again() {
    let folder = folder().unwrap();
    let events = vec![
        Event::Pass(49_046),
        Event::User(UserAction::Solve(2)),
        Event::Pass(69),
        Event::Server(ServerAction::Answer { ticket: 1, waits: false }),
    ];
    let plain = Schedule { traits: ServerTraits::plain(1), tickets: 4, events, ..schedule(84_974, None) };
    let outcome = run(&plain, folder.path(), true);
    assert_eq!(outcome.violation, None, "{}", outcome.trace);
    let answered =
        ["422", "200"].map(|status| outcome.trace.matches(&format!("PUT /api/v2/requests/1007 → {status}")).count());
    assert_eq!(answered, [1, 1], "{}", outcome.trace);
}

#[test]
fn a_ticket_that_the_first_device_edited_arrives_beside_the_one_of_the_copy_with_its_replies() {
    let folder = folder().unwrap();
    let reply = |text| Event::User(UserAction::Reply { ticket: 1, text, taps: 1 });
    let events = vec![
        Event::Pass(3_000),
        Event::User(UserAction::Submit { text: 2, taps: 1 }),
        reply(1),
        Event::Device(DeviceEvent::Copy),
        // Its description has the text of the reply now.
        Event::User(UserAction::Edit { which: 0, text: 1 }),
        Event::Pass(70_000),
        Event::Device(DeviceEvent::Move),
        Event::Pass(561),
        reply(0),
    ];
    let plain = Schedule { traits: ServerTraits::plain(1), tickets: 0, events, ..schedule(50_907, None) };
    let outcome = run(&plain, folder.path(), true);
    assert_eq!(outcome.violation, None, "{}", outcome.trace);
    assert!(outcome.trace.contains("PUT /api/v2/requests/1001 → 200"), "{}", outcome.trace);
}

#[test]
fn what_the_first_device_sent_stands_before_what_is_edited_on_the_second_one() {
    let folder = folder().unwrap();
    let reply = |text| Event::User(UserAction::Reply { ticket: 1, text, taps: 1 });
    // The first reply is refused. The first device takes it back, so that it sends the second one. The second device edits it.
    let events = vec![
        Event::Fault(InjectedFault { fault: Fault::Invalid, on: FaultScope::Any, times: 1 }),
        Event::Pass(17_409),
        reply(3),
        reply(2),
        Event::Pass(1_100),
        Event::Device(DeviceEvent::Copy),
        Event::User(UserAction::Sync),
        Event::User(UserAction::Discard(0)),
        Event::Pass(1_931),
        Event::Device(DeviceEvent::Move),
        Event::Pass(800),
        Event::User(UserAction::Edit { which: 2, text: 3 }),
    ];
    let outcome = run(
        &Schedule { traits: ServerTraits::plain(1), tickets: 1, events, ..schedule(36_072, None) },
        folder.path(),
        true,
    );
    assert_eq!(outcome.violation, None, "{}", outcome.trace);
    assert_eq!(outcome.trace.matches("PUT /api/v2/requests/1001 → 200").count(), 2, "{}", outcome.trace);
}
