//! What it means that a read for the result of an attempt failed.

use super::*;
use crate::model::{Chance, Failure};

#[test]
fn a_refused_list_says_nothing_about_the_new_ticket_and_a_refused_ticket_leaves_the_reply_unknown() {
    for failure in [Failure::Gone, Failure::NotAllowed] {
        let reply = operation(1, 1, State::Checking(wait(0, 0)));
        let creation = Operation { kind: Kind::Create, number: None, ..reply.clone() };
        let after = |row: &Operation| {
            becomes(after_check(row, Look::Failed(&failure), without_server_time(NOW), CONSISTENCY, Chance::NONE)).state
        };
        assert!(matches!(after(&creation), State::Checking(wait) if wait.length > Duration::ZERO), "{failure:?}");
        assert_eq!(after(&reply), State::MayHaveBeenSent, "{failure:?}");
    }
}
