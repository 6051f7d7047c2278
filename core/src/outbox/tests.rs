//! The decisions: order, dependencies, and that no row is ever without a next step.

use proptest::prelude::*;

use super::*;
use crate::profile::Consistency;
use crate::remote::{Failure, Reached, Trouble};

const NOW: Timestamp = Timestamp(1_772_442_000_000);
const CONSISTENCY: Consistency =
    Consistency { stale_read: Duration::from_secs(15), late_apply: Duration::from_secs(45) };

fn operation(id: i64, ticket: i64, state: State) -> Operation {
    Operation {
        id: OperationId(id),
        ticket: TicketId(ticket),
        number: Some(TicketNumber(ticket)),
        message: MessageId(id),
        kind: Kind::Reply,
        key: Uuid::from_u128(1),
        state,
        attempts: 0,
        doubts: 0,
        reads: 0,
        ended_at: None,
    }
}

fn wait(start: i64, seconds: u64) -> Wait {
    Wait { start: Timestamp(NOW.0 + start * 1_000), length: Duration::from_secs(seconds), firm: false }
}

fn reason() -> State {
    State::NeedsUser(Reason { kind: ReasonKind::Refused, words: None })
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

#[test]
fn not_there_is_believed_after_two_reads_the_last_one_late() {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    row.ended_at = Some(NOW);
    let (mut now, mut looks) = (NOW, Vec::new());
    loop {
        match after_check(&row, None, now, CONSISTENCY, 0) {
            Verdict::Becomes { state: State::Checking(wait), applied: true } => {
                looks.push(wait.length.as_secs());
                now = now.plus(wait.length);
                row.reads += 1;
            }
            Verdict::Becomes { state: State::Queued, applied: false } => break,
            verdict => panic!("{verdict:?}"),
        }
    }
    assert_eq!(looks, [2, 6, 52], "sooner at first, and the last when nothing can turn up any more");
    assert!(row.reads >= 2 && now >= NOW.plus(CONSISTENCY.stale_read + CONSISTENCY.late_apply));
}

#[test]
fn one_read_is_not_enough_however_late_it_is() {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    row.ended_at = Some(Timestamp(NOW.0 - 3_600_000));
    assert!(matches!(after_check(&row, None, NOW, CONSISTENCY, 0), Verdict::Becomes { state: State::Checking(_), .. }));
}

#[test]
fn a_clock_that_was_set_back_begins_the_quiet_time_again() {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    (row.ended_at, row.reads) = (Some(NOW.plus(Duration::from_hours(24 * 3_650))), 9);
    assert!(matches!(after_check(&row, None, NOW, CONSISTENCY, 0), Verdict::Becomes { state: State::Checking(_), .. }));
}

#[test]
fn what_the_desk_confirmed_is_never_in_doubt_again() {
    let row = operation(1, 1, State::Sent(wait(0, 0)));
    for failure in [None, Some(Failure::Gone), Some(Failure::NotAllowed), Some(Failure::needs(ReasonKind::Refused))] {
        let verdict = after_check(&row, failure.as_ref(), NOW, CONSISTENCY, 0);
        assert!(matches!(verdict, Verdict::Becomes { state: State::Sent(_), .. }), "{failure:?}");
    }
}

#[test]
fn a_signed_out_user_is_no_fault_of_the_reply() {
    let row = operation(1, 1, State::Queued);
    for kind in [ReasonKind::SignedOut, ReasonKind::SomebodyElse] {
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
    /// Whatever happens to an attempt, the row has a next step, now or at a time that comes, or the user has one.
    #[test]
    fn no_row_is_without_a_next_step(
        failure in failures(),
        attempts in 0_u32..100,
        doubts in 0_u32..4,
        reads in 0_u32..50,
        chance: u8,
        checked: bool,
        looked: bool,
        age in 0_i64..1_000_000,
    ) {
        let mut row = operation(1, 1, if checked { State::Checking(wait(0, 0)) } else { State::Queued });
        (row.attempts, row.doubts, row.reads) = (attempts, doubts, reads);
        row.ended_at = Some(Timestamp(NOW.0 - age));
        let verdict = if checked {
            after_check(&row, looked.then_some(&failure), NOW, CONSISTENCY, chance)
        } else {
            after_attempt(&row, &failure, NOW, chance)
        };
        if let Verdict::Becomes { state, applied } = verdict {
            let next = next(&[Operation { state: state.clone(), ..row }], NOW);
            prop_assert!(next.step.is_some() || next.wake_in.is_some() || state.can_retry() || state.can_discard());
            prop_assert!(!(applied && state == State::Queued), "never again while it may be there");
            prop_assert!(!(applied && matches!(state, State::Waiting(_))), "never again while it may be there");
            prop_assert!(applied || !matches!(state, State::Checking(_) | State::MayHaveBeenSent));
        }
    }

    /// No ticket's row is ever taken before an earlier one of the same ticket has been answered.
    #[test]
    fn the_next_step_is_the_head_of_its_ticket(tickets in prop::collection::vec((1_i64..4, 0_usize..7), 0..12)) {
        let states = [State::Queued, State::Sending, State::Sent(wait(0, 5)), State::Waiting(wait(0, 5)),
                      State::Checking(wait(-9, 5)), reason(), State::MayHaveBeenSent];
        let rows: Vec<Operation> = tickets.iter().enumerate()
            .map(|(index, (ticket, state))| operation(i64::try_from(index).unwrap(), *ticket, states[*state].clone())).collect();
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
