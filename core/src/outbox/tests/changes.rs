//! Changes of a ticket that the server refuses.

use super::*;
use crate::model::{Chance, Failure};

#[test]
fn a_refused_change_holds_up_no_message_and_a_refused_message_does() {
    for state in [reason(), State::MayHaveBeenSent] {
        let reply = operation(2, 1, State::Queued);
        for kind in [Kind::Change(ChangeKind::Solve), Kind::Change(ChangeKind::AddCc)] {
            let change = Operation { kind, ..operation(1, 1, state.clone()) };
            assert_eq!(next(&[change, reply.clone()], NOW).step, Some(Step::Send(OperationId(2))), "{kind:?}");
        }
        assert_eq!(next(&[operation(1, 1, state), reply], NOW).step, None);
    }
}

#[test]
fn refused_addresses_need_the_user_at_once() {
    let change = Operation { kind: Kind::Change(ChangeKind::AddCc), attempts: 1, ..operation(1, 1, State::Sending) };
    let says = Some("ben@b.example cannot be in copy".to_owned());
    let refusal = Reason { kind: ReasonKind::Refused, server_message: says };
    let verdict = after_attempt(
        &change,
        std::slice::from_ref(&change),
        &Failure::NeedsUser(refusal.clone()),
        NOW,
        SPARE,
        Chance::NONE,
    );
    assert_eq!(becomes(verdict).state, State::NeedsUser(refusal));
}
