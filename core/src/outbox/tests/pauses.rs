//! What fails comes at longer and longer intervals.

use super::*;
use crate::model::{Chance, Failure, Reached, Trouble};

#[test]
fn reads_that_fail_come_at_longer_and_longer_intervals() {
    for state in [State::Checking(wait(0, 0)), State::Sent(wait(0, 0))] {
        let failure = Failure::TryAgain { trouble: Trouble::Faulty, after: None, reached: Reached::Maybe };
        let mut row = Operation { ended_at: Some(NOW), attempts: 1, ..operation(1, 1, state) };
        let (mut now, mut reads) = (NOW, 0);
        while now < NOW.plus(Duration::from_hours(2)) {
            row =
                becomes(after_check(&row, Look::Failed(&failure), without_server_time(now), CONSISTENCY, Chance::MOST));
            let (State::Checking(wait) | State::Sent(wait)) = row.state else { panic!("{row:?}") };
            now = now.plus(wait.length);
            reads += 1;
        }
        assert!(reads <= 20, "{reads} reads in two hours");
    }
}

#[test]
fn a_message_whose_thread_cannot_be_read_first_waits_longer_and_longer() {
    let failure = Failure::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::No };
    for chance in [Chance::NONE, Chance::MOST] {
        let (mut row, mut now, mut tries) = (operation(1, 1, State::Queued), NOW, 0);
        while now < NOW.plus(Duration::from_hours(2)) {
            row = becomes(postponed(&row, &failure, now, chance));
            let State::Waiting(wait) = row.state else { panic!("{row:?}") };
            assert!((16..=900).contains(&wait.length.as_secs()), "{wait:?}");
            now = now.plus(wait.length);
            tries += 1;
        }
        assert!(tries <= 25, "{tries} tries in two hours");
    }
}
