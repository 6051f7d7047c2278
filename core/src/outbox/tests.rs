//! Tests of the decisions: order, dependencies, and that every operation always has a next step.

use proptest::prelude::*;

use std::time::Duration;

use uuid::Uuid;

use super::*;
use crate::model::{Failure, Reached, Trouble};
use crate::model::{MessageId, OperationId, Reason, ReasonKind, TicketId, TicketNumber, Timestamp, millis};
use crate::product::Consistency;

const NOW: Timestamp = Timestamp(1_772_442_000_000);
const CONSISTENCY: Consistency =
    Consistency { stale_read: Duration::from_secs(15), late_apply: Duration::from_secs(45) };

fn operation(id: i64, ticket: i64, state: State) -> Operation {
    Operation {
        id: OperationId(id),
        ticket: TicketId(ticket),
        number: Some(TicketNumber(ticket)),
        message: Some(MessageId(id)),
        file: None,
        kind: Kind::Reply,
        key: Uuid::from_u128(1),
        state,
        high_water_mark: None,
        ever_attempted: false,
        restored: false,
        attempts: 0,
        ambiguous_attempts: 0,
        renewals: 0,
        empty_reads: 0,
        ended_at: None,
        first_missed_at: None,
    }
}

fn wait(start: i64, seconds: u64) -> Wait {
    Wait { start: Timestamp(NOW.0 + start * 1_000), length: Duration::from_secs(seconds), server_imposed: false }
}

/// A moment at which the server tells no time.
fn without_server_time(now: Timestamp) -> ClockReading {
    ClockReading { device: now, server: None }
}

fn reason() -> State {
    State::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: None })
}

#[test]
fn one_tickets_rows_go_in_order_and_hold_up_only_their_own() {
    let rows = [
        operation(1, 1, reason()),
        operation(2, 1, State::Queued),
        operation(3, 2, State::Queued),
        operation(4, 2, State::Queued),
    ];
    assert_eq!(next(&rows, NOW), Next { step: Some(Step::Send(OperationId(3))), wake_in: None });
    assert_eq!(next(&rows[..2], NOW), Next { step: None, wake_in: None });
}

#[test]
fn a_confirmed_reply_does_not_hold_up_the_next() {
    let rows = [operation(1, 1, State::Sent(wait(0, 2))), operation(2, 1, State::Queued)];
    let expected = Next { step: Some(Step::Send(OperationId(2))), wake_in: Some(Duration::from_secs(2)) };
    assert_eq!(next(&rows, NOW), expected);
}

#[test]
fn a_wait_ends_when_its_time_has_passed_or_the_clock_was_set_back() {
    assert_eq!(wait(0, 10).left(NOW), Some(Duration::from_secs(10)));
    assert_eq!(wait(-4, 10).left(NOW), Some(Duration::from_secs(6)));
    assert_eq!(wait(-10, 10).left(NOW), None);
    assert_eq!(wait(1, 10).left(NOW), None);
}

/// Checks an operation again and again, as sync would, until it may be sent again. The device's clock jumps by `jump`
/// ms after each read; the server's clock does not jump, if it tells the time. Returns the pauses between the reads, in
/// seconds, and the real time that had passed at the last one.
fn check_until_believed(tells_time: bool, jump: i64) -> (Vec<u64>, Duration) {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    row.ended_at = Some(NOW);
    let (mut device, mut passed, mut pauses) = (NOW, Duration::ZERO, Vec::new());
    loop {
        // The server's clock is a year behind the device's clock and has whole seconds.
        let server = Timestamp((NOW.0 - 31_536_000_000 + millis(passed)) / 1_000 * 1_000);
        let at = ClockReading { device, server: tells_time.then_some(server) };
        match after_check(&row, None, at, CONSISTENCY, 0) {
            Verdict::Becomes { state: State::Checking(wait), applied: true, first_missed_at } => {
                pauses.push(wait.length.as_secs());
                (row.state, row.first_missed_at) = (State::Checking(wait), first_missed_at);
                row.empty_reads += 1;
                device = Timestamp(device.0 + jump);
                let slept = wait.left(device).unwrap_or_default();
                device = device.plus(slept);
                passed += slept.max(Duration::from_millis(100));
            }
            Verdict::Becomes { state: State::Queued, applied: false, .. } => return (pauses, passed),
            verdict => panic!("{verdict:?}"),
        }
    }
}

#[test]
fn not_there_is_believed_after_two_reads_the_last_one_late() {
    let timeout = CONSISTENCY.stale_read + CONSISTENCY.late_apply;
    let (pauses, passed) = check_until_believed(false, 0);
    assert_eq!(pauses, [2, 6, 52], "short pauses first; the last read is after the ambiguity timeout");
    assert!(passed >= timeout);
    let (pauses, passed) = check_until_believed(true, 0);
    assert_eq!(pauses, [2, 6, 54], "two seconds more, because the server dates its answers late, in whole seconds");
    assert!(passed >= timeout);
}

#[test]
fn no_jump_of_the_devices_clock_shortens_the_ambiguity_timeout() {
    const TEN_YEARS: i64 = 10 * 365 * 86_400_000;
    for jump in [TEN_YEARS, -TEN_YEARS, 30_000, -30_000] {
        let (_, passed) = check_until_believed(true, jump);
        assert!(passed >= CONSISTENCY.stale_read + CONSISTENCY.late_apply, "{jump}: {passed:?}");
    }
}

#[test]
fn one_read_is_not_enough_however_late_it_is() {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    row.ended_at = Some(Timestamp(NOW.0 - 3_600_000));
    let verdict = after_check(&row, None, without_server_time(NOW), CONSISTENCY, 0);
    assert!(matches!(verdict, Verdict::Becomes { state: State::Checking(_), .. }));
}

#[test]
fn a_clock_that_was_set_back_begins_the_ambiguity_timeout_again() {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    (row.ended_at, row.empty_reads) = (Some(NOW.plus(Duration::from_hours(24 * 3_650))), 9);
    let verdict = after_check(&row, None, without_server_time(NOW), CONSISTENCY, 0);
    assert!(matches!(verdict, Verdict::Becomes { state: State::Checking(_), .. }));
    // The same holds for the server's clock.
    row.first_missed_at = Some(NOW.plus(Duration::from_hours(1)));
    let at = ClockReading { device: NOW, server: Some(NOW) };
    let verdict = after_check(&row, None, at, CONSISTENCY, 0);
    assert!(
        matches!(verdict, Verdict::Becomes { state: State::Checking(_), first_missed_at: Some(NOW), .. }),
        "{verdict:?}"
    );
}

#[test]
fn what_came_with_a_copy_is_not_sent_again_without_the_user() {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    (row.empty_reads, row.restored, row.first_missed_at) = (3, true, Some(NOW));
    let at = ClockReading { device: NOW, server: Some(NOW.plus(Duration::from_hours(1))) };
    let Verdict::Becomes { state: State::NeedsUser(reason), applied, .. } = after_check(&row, None, at, CONSISTENCY, 0)
    else {
        panic!("the user was not asked");
    };
    assert_eq!((reason.kind, applied), (ReasonKind::Restored, true), "the other device may still send it");
}

#[test]
fn what_is_the_same_twice_is_simply_made_again() {
    let failure = Failure::TryAgain { trouble: Trouble::Unreachable, after: None, reached: Reached::Maybe };
    for kind in [Kind::Create, Kind::Reply, Kind::Solve, Kind::Upload, Kind::AddCc, Kind::MarkRead] {
        let row = Operation { kind, ..operation(1, 1, State::Queued) };
        let Verdict::Becomes { state, applied, .. } = after_attempt(&row, &failure, NOW, 0) else { panic!("{kind:?}") };
        assert_eq!(matches!(state, State::Waiting(_)), kind.is_repeatable(), "{kind:?}");
        assert_eq!(applied, !kind.is_repeatable(), "{kind:?}");
    }
}

#[test]
fn after_several_ambiguous_attempts_the_next_one_waits() {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    (row.empty_reads, row.first_missed_at, row.ambiguous_attempts) = (3, Some(NOW), 3);
    let at = ClockReading { device: NOW, server: Some(NOW.plus(Duration::from_hours(1))) };
    let verdict = after_check(&row, None, at, CONSISTENCY, 0);
    assert!(matches!(verdict, Verdict::Becomes { state: State::Waiting(_), applied: false, .. }), "{verdict:?}");
}

#[test]
fn a_message_waits_for_its_uploads_and_an_upload_for_nothing() {
    let upload = |id, state| Operation { kind: Kind::Upload, ..operation(id, 1, state) };
    let done = || State::Sent(wait(0, 0));
    let rows = [upload(1, done()), upload(2, State::Queued), operation(3, 1, State::Queued)];
    assert_eq!(next(&rows, NOW).step, Some(Step::Send(OperationId(2))));
    let rows = [upload(1, done()), upload(2, State::Waiting(wait(0, 9))), operation(3, 1, State::Queued)];
    assert_eq!(next(&rows, NOW), Next { step: None, wake_in: Some(Duration::from_secs(9)) });
    let rows = [upload(1, done()), upload(2, done()), operation(3, 1, State::Queued)];
    assert_eq!(next(&rows, NOW).step, Some(Step::Send(OperationId(3))));
    assert_eq!(next(&rows[..2], NOW), Next { step: None, wake_in: None }, "a finished upload is not checked");
}

#[test]
fn a_read_mark_holds_up_nobody_and_is_dropped_when_the_server_does_not_want_it() {
    let mark = Operation { kind: Kind::MarkRead, ..operation(1, 1, State::Waiting(wait(0, 9))) };
    let rows = [mark.clone(), operation(2, 1, State::Queued)];
    assert_eq!(next(&rows, NOW).step, Some(Step::Send(OperationId(2))));
    for failure in [Failure::Gone, Failure::NotAllowed, Failure::needs(ReasonKind::Refused)] {
        assert_eq!(after_attempt(&mark, &failure, NOW, 0), Verdict::Dropped);
    }
    let signed_out = Failure::needs(ReasonKind::SignedOut);
    assert_eq!(after_attempt(&mark, &signed_out, NOW, 0), Verdict::AccountProblem(signed_out));
}

#[test]
fn what_can_be_undone_waits_and_then_goes() {
    let rows = [operation(1, 1, State::Held(wait(0, 5))), operation(2, 1, State::Queued)];
    assert_eq!(next(&rows, NOW), Next { step: None, wake_in: Some(Duration::from_secs(5)) });
    let later = NOW.plus(Duration::from_secs(5));
    assert_eq!(next(&rows, later).step, Some(Step::Send(OperationId(1))));
}

#[test]
fn a_text_changes_only_while_nothing_of_it_can_be_at_the_server() {
    for state in [State::Held(wait(0, 5)), State::Queued, State::Waiting(wait(0, 5)), reason()] {
        assert!(state.can_edit() && state.can_discard(), "{state:?}");
    }
    for state in [State::Sending, State::Sent(wait(0, 5)), State::Checking(wait(0, 5))] {
        assert!(!state.can_edit() && !state.can_discard() && !state.can_retry(), "{state:?}");
    }
    assert!(!State::MayHaveBeenSent.can_edit() && State::MayHaveBeenSent.can_retry());
}

#[test]
fn what_the_server_confirmed_is_never_ambiguous_again() {
    let row = operation(1, 1, State::Sent(wait(0, 0)));
    for failure in [None, Some(Failure::Gone), Some(Failure::NotAllowed), Some(Failure::needs(ReasonKind::Refused))] {
        let verdict = after_check(&row, failure.as_ref(), without_server_time(NOW), CONSISTENCY, 0);
        assert!(matches!(verdict, Verdict::Becomes { state: State::Sent(_), .. }), "{failure:?}");
    }
}

#[test]
fn a_confirmed_message_that_late_reads_do_not_show_was_hidden() {
    let mut row = operation(1, 1, State::Sent(wait(0, 0)));
    let mut server = NOW;
    for empty_reads in 0..4 {
        row.empty_reads = empty_reads;
        let at = ClockReading { device: NOW, server: Some(server) };
        match after_check(&row, None, at, CONSISTENCY, 0) {
            Verdict::Becomes { state: State::Sent(_), first_missed_at, .. } => row.first_missed_at = first_missed_at,
            verdict => panic!("{verdict:?} after {empty_reads} reads"),
        }
        server = server.plus(Duration::from_secs(10));
    }
    row.empty_reads = 4;
    let at = ClockReading { device: NOW, server: Some(server.plus(Duration::from_mins(1))) };
    assert_eq!(after_check(&row, None, at, CONSISTENCY, 0), Verdict::Hidden);
    assert!(
        matches!(after_check(&row, None, without_server_time(NOW), CONSISTENCY, 0), Verdict::Becomes { .. }),
        "without the server's clock nothing is proved"
    );
}

#[test]
fn a_signed_out_user_is_no_fault_of_the_reply() {
    let row = operation(1, 1, State::Queued);
    for kind in [ReasonKind::SignedOut, ReasonKind::WrongUser] {
        let failure = Failure::needs(kind);
        assert_eq!(after_attempt(&row, &failure, NOW, 0), Verdict::AccountProblem(failure.clone()));
    }
}

fn failures() -> impl Strategy<Value = Failure> {
    let after = prop::option::of((0_u64..10_000).prop_map(Duration::from_secs));
    let again = (after, any::<bool>()).prop_map(|(after, maybe)| Failure::TryAgain {
        trouble: Trouble::Faulty,
        after,
        reached: if maybe { Reached::Maybe } else { Reached::No },
    });
    prop_oneof![
        again,
        prop::sample::select(ReasonKind::ALL.as_slice()).prop_map(|(kind, _)| Failure::needs(kind)),
        Just(Failure::NotAllowed),
        Just(Failure::Gone),
    ]
}

proptest! {
    /// After any failure the operation has a next step, now or after a wait, or the user can retry or discard it.
    #[test]
    fn no_row_is_without_a_next_step(
        failure in failures(),
        attempts in 0_u32..100,
        ambiguous_attempts in 0_u32..4,
        empty_reads in 0_u32..50,
        chance: u8,
        checked: bool,
        read_failed: bool,
        age in 0_i64..1_000_000,
        kind in prop::sample::select(vec![Kind::Create, Kind::Reply, Kind::Solve, Kind::Upload, Kind::AddCc]),
        since in prop::option::of(-1_000_000_i64..1_000_000),
        server in prop::option::of(-1_000_000_i64..1_000_000),
        restored: bool,
    ) {
        let checked = checked && !kind.is_repeatable();
        let mut row = operation(1, 1, if checked { State::Checking(wait(0, 0)) } else { State::Queued });
        (row.kind, row.restored, row.first_missed_at) = (kind, restored, since.map(|at| Timestamp(NOW.0 + at)));
        let at = ClockReading { device: NOW, server: server.map(|at| Timestamp(NOW.0 + at)) };
        (row.attempts, row.ambiguous_attempts, row.empty_reads) = (attempts, ambiguous_attempts, empty_reads);
        row.ended_at = Some(Timestamp(NOW.0 - age));
        let verdict = if checked {
            after_check(&row, read_failed.then_some(&failure), at, CONSISTENCY, chance)
        } else {
            after_attempt(&row, &failure, NOW, chance)
        };
        if let Verdict::Becomes { state, applied, .. } = verdict {
            let next = next(&[Operation { state: state.clone(), ..row }], NOW);
            prop_assert!(next.step.is_some() || next.wake_in.is_some() || state.can_retry() || state.can_discard());
            prop_assert!(!(applied && state == State::Queued), "never sent again while the server may have it");
            prop_assert!(!(applied && matches!(state, State::Waiting(_))), "never sent again while the server may have it");
            prop_assert!(applied || !matches!(state, State::Checking(_) | State::MayHaveBeenSent));
        }
    }

    /// No operation is sent before every earlier one of the same ticket has been confirmed.
    #[test]
    fn the_next_step_is_the_head_of_its_ticket(tickets in prop::collection::vec((1_i64..4, 0_usize..8, any::<bool>()), 0..12)) {
        let states = [State::Held(wait(0, 5)), State::Queued, State::Sending, State::Sent(wait(0, 5)), State::Waiting(wait(0, 5)),
                      State::Checking(wait(-9, 5)), reason(), State::MayHaveBeenSent];
        let rows: Vec<Operation> = tickets.iter().enumerate()
            .map(|(index, (ticket, state, upload))| Operation {
                kind: if *upload { Kind::Upload } else { Kind::Reply },
                ..operation(i64::try_from(index).unwrap(), *ticket, states[*state].clone())
            }).collect();
        if let Some(Step::Send(id)) = next(&rows, NOW).step {
            let taken = rows.iter().find(|row| row.id == id).unwrap();
            prop_assert!(rows.iter().all(|row| row.ticket != taken.ticket || row.id >= id || matches!(row.state, State::Sent(_))));
        }
    }

    #[test]
    fn pauses_grow_and_stay_bounded(attempts in 0_u32..1_000, chance: u8) {
        let pause = backoff(attempts, chance);
        prop_assert!(pause >= Duration::from_secs(1) && pause <= Duration::from_mins(15));
        prop_assert!(backoff(attempts + 1, 0) >= backoff(attempts, 0));
    }
}
