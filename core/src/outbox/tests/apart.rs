//! Feedback and toggles: what stands apart from the ticket's other operations, what replaces what, and what a read proves.

use super::*;
use crate::model::Chance;

fn toggle(id: i64, action: &str, state: State) -> Operation {
    let kind = Kind::Change(ChangeKind::Toggle);
    Operation { kind, message: None, action: Some(action.to_owned()), ..operation(id, 7, state) }
}

fn feedback(id: i64, state: State) -> Operation {
    let kind = Kind::Change(ChangeKind::Feedback);
    Operation { kind, message: None, action: Some("feedback".to_owned()), ..operation(id, 7, state) }
}

fn dropped(all: &[Operation]) -> Vec<i64> {
    let id = |change: &Change| if let Change::Drop(id) = change { Some(id.0) } else { None };
    replaced(all).iter().filter_map(id).collect()
}

/// An ambiguous attempt that ended now and was looked for once in vain.
fn ambiguous(operation: Operation) -> Operation {
    let state = State::Checking(wait(0, 0));
    Operation { state, ended_at: Some(NOW), first_missed_at: Some(NOW), empty_reads: 1, ..operation }
}

fn seconds(seconds: i64) -> ClockReading {
    let at = Timestamp(NOW.0 + seconds * 1_000);
    ClockReading { device: at, server: Some(at) }
}

#[test]
fn of_several_values_of_a_toggle_only_the_last_is_sent() {
    let values = [1, 2, 3].map(|id| toggle(id, "proxy_login", State::Queued));
    assert_eq!(dropped(&values), [1, 2]);
    let other = [toggle(1, "proxy_login", State::Queued), toggle(2, "keep_posted", State::Queued)];
    assert_eq!(dropped(&other), [0; 0], "another action's value stays");
    let refused = [toggle(1, "proxy_login", reason()), toggle(2, "proxy_login", State::Queued)];
    assert_eq!(dropped(&refused), [1], "the user has decided anew");
    let on_its_way = [
        toggle(1, "proxy_login", State::Sending),
        toggle(2, "proxy_login", State::Queued),
        toggle(3, "proxy_login", State::Queued),
    ];
    assert_eq!(dropped(&on_its_way), [2], "what may be on the server stays until that is known");
    assert_eq!(dropped(&[feedback(1, State::Queued), feedback(2, State::Queued)]), [0; 0]);
}

#[test]
fn a_newer_value_waits_until_the_older_one_can_no_longer_be_applied() {
    let older = ambiguous(toggle(1, "proxy_login", State::Queued));
    let newer = toggle(2, "proxy_login", State::Queued);
    let step = |operations: &[Operation]| next(operations, NOW).step;
    assert_eq!(step(&[older.clone(), newer]), Some(Step::Check(OperationId(1))));
    // The value may have been there before, so finding it early proves nothing.
    let early = becomes(after_check(&older, Look::ShowsValue, seconds(20), CONSISTENCY, Chance::NONE));
    assert!(matches!(early.state, State::Checking(_)), "{:?}", early.state);
    let late = after_check(&older, Look::ShowsValue, seconds(90), CONSISTENCY, Chance::NONE);
    assert_eq!(late.changes, [Change::Settle(Settlement { operation: OperationId(1), by: Evidence::Status })]);
    assert_eq!(becomes(after_check(&older, MISSED, seconds(90), CONSISTENCY, Chance::NONE)).state, State::Queued);
}

#[test]
fn a_change_is_not_given_up_while_it_may_still_be_applied() {
    for kind in [ChangeKind::Toggle, ChangeKind::Feedback, ChangeKind::Solve] {
        let change = Operation { kind: Kind::Change(kind), ..ambiguous(toggle(1, "any", State::Queued)) };
        let early = becomes(after_check(&change, Look::Failed(&Failure::Gone), seconds(20), CONSISTENCY, Chance::NONE));
        assert!(matches!(early.state, State::Checking(_)), "{kind:?}: {:?}", early.state);
        let late = becomes(after_check(&change, Look::Failed(&Failure::Gone), seconds(90), CONSISTENCY, Chance::NONE));
        assert_eq!(late.state, State::MayHaveBeenSent, "{kind:?}");
    }
}

#[test]
fn feedback_and_toggles_neither_wait_for_a_message_nor_hold_one_up() {
    let waiting = operation(1, 7, State::Waiting(wait(0, 600)));
    let apart = [toggle(2, "proxy_login", State::Queued), feedback(2, State::Queued)];
    for apart in apart {
        assert_eq!(next(&[waiting.clone(), apart.clone()], NOW).step, Some(Step::Send(OperationId(2))));
        let checked = ambiguous(Operation { id: OperationId(1), ..apart });
        let reply = operation(2, 7, State::Queued);
        assert_eq!(next(&[checked, reply], NOW).step, Some(Step::Send(OperationId(2))));
    }
    // What the user writes after closing waits for the closing.
    let kind = Kind::Change(ChangeKind::Solve);
    let closing = Operation { kind, message: None, ..operation(1, 7, State::Waiting(wait(0, 600))) };
    assert_eq!(next(&[closing, operation(2, 7, State::Queued)], NOW).step, None);
}

#[test]
fn feedback_whose_answer_was_lost_is_looked_for_and_not_simply_sent_again() {
    let sending = feedback(1, State::Sending);
    assert!(matches!(interrupted(&sending, NOW).state, State::Checking(_)));
    let verdict = after_attempt(&sending, &[], &Failure::misbehaves(), NOW, SPARE, Chance::NONE);
    assert!(matches!(becomes(verdict).state, State::Checking(_)));
    for facts in [ChangeKind::Feedback.facts(), ChangeKind::Toggle.facts(), ChangeKind::Solve.facts()] {
        assert!(!facts.is_repeatable && !facts.makes_comment && facts.found_by.is_some());
    }
}
