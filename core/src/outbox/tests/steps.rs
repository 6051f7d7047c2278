//! Order, dependencies, the meaning of every outcome, and that every operation always has a next step.

use proptest::prelude::*;

use super::*;
use crate::model::{Chance, Failure, Reached, Trouble, millis};

/// What becomes of an operation after a failed attempt.
pub(super) fn after_failure(row: &Operation, failure: &Failure) -> Verdict {
    after_attempt(row, std::slice::from_ref(row), failure, NOW, SPARE, Chance::NONE)
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
        row = becomes(after_check(&row, MISSED, at, CONSISTENCY, Chance::NONE));
        match row.state {
            State::Checking(wait) => {
                pauses.push(wait.length.as_secs());
                device = Timestamp(device.0 + jump);
                let slept = wait.left(device).unwrap_or_default();
                device = device.plus(slept);
                passed += slept.max(Duration::from_millis(100));
            }
            State::Queued if row.high_water_mark.is_none() => return (pauses, passed),
            state => panic!("{state:?}"),
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
    let checked = becomes(after_check(&row, MISSED, without_server_time(NOW), CONSISTENCY, Chance::NONE));
    assert!(matches!(checked.state, State::Checking(_)));
}

#[test]
fn a_clock_that_was_set_back_begins_the_ambiguity_timeout_again() {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    (row.ended_at, row.empty_reads) = (Some(NOW.plus(Duration::from_hours(24 * 3_650))), 9);
    let checked = becomes(after_check(&row, MISSED, without_server_time(NOW), CONSISTENCY, Chance::NONE));
    assert!(matches!(checked.state, State::Checking(_)));
    // The same holds for the server's clock.
    row.first_missed_at = Some(NOW.plus(Duration::from_hours(1)));
    let at = ClockReading { device: NOW, server: Some(NOW) };
    let checked = becomes(after_check(&row, MISSED, at, CONSISTENCY, Chance::NONE));
    assert!(matches!(checked.state, State::Checking(_)));
    assert_eq!(checked.first_missed_at, Some(NOW));
}

#[test]
fn what_came_with_a_copy_is_not_sent_again_without_the_user() {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    (row.empty_reads, row.restored, row.first_missed_at) = (3, true, Some(NOW));
    let at = ClockReading { device: NOW, server: Some(NOW.plus(Duration::from_hours(1))) };
    row.high_water_mark = Some(7);
    let asked = becomes(after_check(&row, MISSED, at, CONSISTENCY, Chance::NONE));
    assert!(matches!(&asked.state, State::NeedsUser(reason) if reason.kind == ReasonKind::Restored), "{asked:?}");
    assert_eq!(asked.high_water_mark, Some(7), "the other device may still send it");
}

#[test]
fn what_is_the_same_twice_is_simply_made_again() {
    let failure = Failure::TryAgain { trouble: Trouble::Unreachable, after: None, reached: Reached::Maybe };
    for kind in [
        Kind::Create,
        Kind::Reply,
        Kind::Change(ChangeKind::Solve),
        Kind::Upload,
        Kind::Change(ChangeKind::AddCc),
        Kind::MarkRead,
    ] {
        let row = Operation { kind, ..operation(1, 1, State::Queued) };
        let row = Operation { high_water_mark: Some(7), ..row };
        let after = becomes(after_failure(&row, &failure));
        assert_eq!(matches!(after.state, State::Waiting(_)), kind.is_repeatable(), "{kind:?}");
        assert_eq!(after.high_water_mark.is_some(), !kind.is_repeatable(), "{kind:?}");
    }
}

#[test]
fn after_several_ambiguous_attempts_the_next_one_waits() {
    let mut row = operation(1, 1, State::Checking(wait(0, 0)));
    (row.empty_reads, row.first_missed_at, row.ambiguous_attempts) = (3, Some(NOW), 3);
    let at = ClockReading { device: NOW, server: Some(NOW.plus(Duration::from_hours(1))) };
    let after = becomes(after_check(&row, MISSED, at, CONSISTENCY, Chance::NONE));
    assert!(matches!(after.state, State::Waiting(_)), "{after:?}");
}

#[test]
fn a_message_waits_for_its_uploads_and_an_upload_for_nothing() {
    let upload = |id, state| Operation { kind: Kind::Upload, ..operation(id, 1, state) };
    let done = || State::Sent(wait(0, 0));
    let rows = [upload(1, done()), upload(2, State::Queued), operation(3, 1, State::Queued)];
    assert_eq!(next(&rows, NOW), Next { step: None, wake_in: None });
    assert_eq!(due_uploads(&rows, NOW), (vec![OperationId(2)], None));
    let rows = [upload(1, done()), upload(2, State::Waiting(wait(0, 9))), operation(3, 1, State::Queued)];
    assert_eq!(next(&rows, NOW), Next { step: None, wake_in: None });
    assert_eq!(due_uploads(&rows, NOW), (Vec::new(), Some(Duration::from_secs(9))));
    let rows = [
        upload(1, State::Queued),
        upload(2, State::Queued),
        Operation { ticket: TicketId(9), ..upload(3, State::Queued) },
    ];
    assert_eq!(due_uploads(&rows, NOW).0, [OperationId(1), OperationId(3)], "one at a time for each ticket");
    let rows = [upload(1, done()), upload(2, done()), operation(3, 1, State::Queued)];
    assert_eq!(next(&rows, NOW).step, Some(Step::Send(OperationId(3))));
    assert_eq!(next(&rows[..2], NOW), Next { step: None, wake_in: None }, "a finished upload is not checked");
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
        let look = failure.as_ref().map_or(MISSED, Look::Failed);
        let checked = becomes(after_check(&row, look, without_server_time(NOW), CONSISTENCY, Chance::NONE));
        assert!(matches!(checked.state, State::Sent(_)), "{failure:?}");
    }
}

#[test]
fn a_confirmed_message_that_no_read_shows_stays_and_says_so() {
    for tells_time in [true, false] {
        let mut row = Operation { high_water_mark: Some(7), ..operation(1, 1, State::Sent(wait(0, 0))) };
        let mut now = NOW;
        for _ in 0..3 {
            let at = ClockReading { device: now, server: tells_time.then_some(now) };
            row = becomes(after_check(&row, MISSED, at, CONSISTENCY, Chance::NONE));
            assert!(matches!(row.state, State::Sent(_)), "{row:?}");
            now = now.plus(Duration::from_secs(10));
        }
        let late = ClockReading {
            device: now.plus(Duration::from_mins(1)),
            server: tells_time.then_some(now.plus(Duration::from_mins(1))),
        };
        row = becomes(after_check(&row, MISSED, late, CONSISTENCY, Chance::NONE));
        assert_eq!(row.state, State::NotShown);
        assert_eq!(row.high_water_mark, Some(7), "it is matched if it turns up");
        assert!(row.state.can_discard() && !row.state.can_retry() && !row.state.can_edit());
        let behind = operation(2, 1, State::Queued);
        assert_eq!(next(&[row, behind], NOW), Next { step: Some(Step::Send(OperationId(2))), wake_in: None });
    }
}

#[test]
fn a_refusal_that_nobody_can_explain_ends_after_three_attempts_that_did_not_arrive() {
    let refused = Failure::Unexplained { server_message: Some("Blocked by policy".to_owned()) };
    let mut row = operation(1, 1, State::Queued);
    let mut attempts = 0;
    let late = ClockReading { device: NOW.plus(Duration::from_hours(1)), server: None };
    while row.state.is_to_be_sent() {
        attempts += 1;
        row = begin(&Operation { state: State::Queued, ..row }, Uuid::from_u128(1), 7).unwrap();
        row = becomes(after_failure(&row, &refused));
        assert!(matches!(row.state, State::Checking(_)), "it may have arrived");
        row = becomes(after_check(&row, MISSED, without_server_time(NOW), CONSISTENCY, Chance::NONE));
        row = becomes(after_check(&row, MISSED, late, CONSISTENCY, Chance::NONE));
    }
    assert_eq!(attempts, 3);
    let reason = Reason { kind: ReasonKind::Refused, server_message: Some("Blocked by policy".to_owned()) };
    assert_eq!(row.state, State::NeedsUser(reason));
    assert!(row.state.can_edit() && row.state.can_retry() && row.state.can_discard());
    let again = retry(&row, Known { visible: true, ..Known::default() }, NOW).unwrap();
    assert_eq!((again.state, again.refusals, again.refusal), (State::Queued, 0, None), "three more attempts");
}

#[test]
fn an_upload_that_is_refused_without_a_reason_ends_after_three_attempts() {
    let mut row = Operation { kind: Kind::Upload, ..operation(1, 1, State::Queued) };
    let mut pauses = Vec::new();
    loop {
        row = begin(&Operation { state: State::Queued, ..row }, Uuid::from_u128(1), 0).unwrap();
        row = becomes(after_failure(&row, &Failure::Unexplained { server_message: None }));
        match &row.state {
            State::Waiting(wait) => pauses.push(wait.length),
            State::NeedsUser(reason) => break assert_eq!(reason.kind, ReasonKind::Refused),
            state => panic!("{state:?}"),
        }
    }
    assert_eq!(pauses, [Duration::from_secs(1), Duration::from_secs(2)]);
}

#[test]
fn the_user_is_asked_when_a_comment_may_be_the_message_and_then_it_counts_no_more() {
    let mut row = Operation { high_water_mark: Some(7), ..operation(1, 1, State::Checking(wait(0, 0))) };
    (row.empty_reads, row.first_missed_at, row.attempts) = (2, Some(NOW), 1);
    let at = ClockReading { device: NOW, server: Some(NOW.plus(Duration::from_hours(1))) };
    let asked = becomes(after_check(&row, Look::Missed { unexplained: true }, at, CONSISTENCY, Chance::NONE));
    assert_eq!((&asked.state, asked.high_water_mark), (&State::MayHaveBeenSent, Some(7)));
    assert!(!asked.state.can_edit() && asked.state.can_retry() && asked.state.can_discard());
    let known = Known { visible: true, newest_comment: 9, ..Known::default() };
    let again = retry(&asked, known, NOW).unwrap();
    assert!(matches!(again.state, State::Checking(_)), "it is looked for once more");
    assert_eq!((again.asked_through, again.high_water_mark), (Some(9), Some(7)), "the user knew comment 9");
}

#[test]
fn a_signed_out_user_is_no_fault_of_the_reply() {
    let row = operation(1, 1, State::Queued);
    for kind in [ReasonKind::SignedOut, ReasonKind::WrongUser, ReasonKind::AgentToken] {
        let failure = Failure::needs(kind);
        let verdict = after_failure(&row, &failure);
        assert_eq!(verdict.ends_run, Some(failure));
        assert_eq!(updates(verdict.changes), std::slice::from_ref(&row));
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
        Just(Failure::Unexplained { server_message: None }),
        Just(Failure::UploadsRefused { server_message: None }),
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
        chance in any::<u32>().prop_map(Chance),
        checked: bool,
        read_failed: bool,
        age in 0_i64..1_000_000,
        kind in prop::sample::select(vec![Kind::Create, Kind::Reply, Kind::Change(ChangeKind::Solve), Kind::Upload, Kind::Change(ChangeKind::AddCc)]),
        since in prop::option::of(-1_000_000_i64..1_000_000),
        server in prop::option::of(-1_000_000_i64..1_000_000),
        restored: bool,
        refusals in 0_u32..5,
        unexplained: bool,
    ) {
        let checked = checked && !kind.is_repeatable();
        let mut row = operation(1, 1, if checked { State::Checking(wait(0, 0)) } else { State::Queued });
        (row.kind, row.restored, row.first_missed_at) = (kind, restored, since.map(|at| Timestamp(NOW.0 + at)));
        let at = ClockReading { device: NOW, server: server.map(|at| Timestamp(NOW.0 + at)) };
        (row.attempts, row.ambiguous_attempts, row.empty_reads) = (attempts, ambiguous_attempts, empty_reads);
        row.ended_at = Some(Timestamp(NOW.0 - age));
        (row.refusals, row.high_water_mark) = (refusals, Some(7));
        let verdict = if checked {
            let look = if read_failed { Look::Failed(&failure) } else { Look::Missed { unexplained } };
            after_check(&row, look, at, CONSISTENCY, chance)
        } else {
            after_attempt(&row, std::slice::from_ref(&row), &failure, NOW, SPARE, chance)
        };
        for after in updates(verdict.changes) {
            let (state, applied) = (after.state.clone(), after.high_water_mark.is_some());
            let (next, (uploads, upload_in)) = (next(std::slice::from_ref(&after), NOW), due_uploads(&[after], NOW));
            let goes_on = next.step.is_some() || next.wake_in.is_some() || !uploads.is_empty() || upload_in.is_some();
            prop_assert!(goes_on || state.can_retry() || state.can_discard());
            prop_assert!(!(applied && state.is_to_be_sent()), "never sent again while the server may have it");
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
        let sent = match next(&rows, NOW).step {
            Some(Step::Send(id)) => Some(id),
            _ => None,
        };
        for id in due_uploads(&rows, NOW).0.into_iter().chain(sent) {
            let taken = rows.iter().find(|row| row.id == id).unwrap();
            prop_assert!(rows.iter().all(|row| row.ticket != taken.ticket || row.id >= id || matches!(row.state, State::Sent(_))));
        }
    }

    #[test]
    fn pauses_grow_and_stay_bounded(attempts in 0_u32..1_000, chance in any::<u32>().prop_map(Chance)) {
        let pause = backoff(attempts, chance);
        prop_assert!(pause >= Duration::from_secs(1) && pause <= Duration::from_mins(15));
        prop_assert!(backoff(attempts + 1, Chance::NONE) >= backoff(attempts, Chance::NONE));
    }
}

#[test]
fn a_write_whose_ticket_is_shown_is_refused_only_when_the_read_cannot_lag() {
    for attempts in [0, 7] {
        let mut row = Operation { attempts, ..operation(1, 1, State::Sending) };
        let mut pauses = Vec::new();
        for _ in 0..3 {
            row = contradicted(&row, NOW, CONSISTENCY, Chance::NONE);
            if let State::Waiting(wait) = &row.state {
                assert!(!wait.server_imposed);
                pauses.push(wait.length);
            }
        }
        // Earlier attempts that only found no network do not count.
        assert_eq!(pauses, [Duration::from_secs(1), CONSISTENCY.visible_after()]);
        assert_eq!(row.state, reason());
    }
}
