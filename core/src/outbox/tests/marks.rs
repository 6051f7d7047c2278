//! Read marks stand outside the order of writes.

use super::steps::after_failure;
use super::*;

#[test]
fn a_read_mark_holds_up_nobody_and_is_dropped_when_the_server_does_not_want_it() {
    let mark = Operation { kind: Kind::MarkRead, ..operation(1, 1, State::Waiting(wait(0, 9))) };
    let rows = [mark.clone(), operation(2, 1, State::Queued)];
    assert_eq!(next(&rows, NOW).step, Some(Step::Send(OperationId(2))));
    let due = Operation { state: State::Queued, ..mark.clone() };
    let rows = [due.clone(), operation(2, 2, State::Queued)];
    assert_eq!(next(&rows, NOW).step, Some(Step::Send(OperationId(2))), "a message that was written later goes first");
    assert_eq!(next(std::slice::from_ref(&due), NOW).step, Some(Step::Send(due.id)));
    for failure in [Failure::Gone, Failure::NotAllowed, Failure::needs(ReasonKind::Refused)] {
        assert_eq!(after_failure(&mark, &failure), Change::Drop(mark.id).into());
    }
    let signed_out = Failure::needs(ReasonKind::SignedOut);
    assert_eq!(after_failure(&mark, &signed_out).ends_run, Some(signed_out));
}

#[test]
fn read_marks_wait_together_after_a_failure_and_the_one_that_failed_goes_last() {
    let mark = |id, state| Operation { kind: Kind::MarkRead, ..operation(id, id, state) };
    let failed = Operation { ever_attempted: true, ..mark(1, State::Waiting(wait(0, 90))) };
    let rows = [failed.clone(), mark(2, State::Queued), mark(3, State::Queued)];
    assert_eq!(next(&rows, NOW), Next { step: None, wake_in: Some(Duration::from_secs(90)) }, "the server is busy");
    let [_, second, third] = rows;
    let over = Operation { state: State::Waiting(wait(-90, 90)), ..failed };
    let rows = [over.clone(), second, third];
    assert_eq!(next(&rows, NOW).step, Some(Step::Send(OperationId(2))));
    assert_eq!(next(&rows[..1], NOW).step, Some(Step::Send(over.id)));
}

#[test]
fn a_message_that_can_be_undone_holds_up_no_read_mark_and_waits_for_none() {
    let held = operation(1, 1, State::Held(wait(0, 10)));
    let mark = Operation { kind: Kind::MarkRead, ..operation(2, 1, State::Queued) };
    let expected = Next { step: Some(Step::Send(mark.id)), wake_in: Some(Duration::from_secs(10)) };
    assert_eq!(next(&[held.clone(), mark.clone()], NOW), expected);
    let over = Operation { state: State::Held(wait(-10, 10)), ..held };
    assert_eq!(next(&[mark, over], NOW).step, Some(Step::Send(OperationId(1))));
}
