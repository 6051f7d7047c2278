//! A vote reaches the server in the end, once or more often, and the last answer is the one that stays.

use super::*;
use crate::model::{Chance, Reason, Trouble};

const NOW: Timestamp = Timestamp(1_772_442_000_000);
const CONSISTENCY: Consistency =
    Consistency { stale_read: Duration::from_secs(15), late_apply: Duration::from_secs(45) };

fn yes() -> Vote {
    answered(None, ArticleId(360_001_245_600), true)
}

fn try_again(reached: Reached) -> Failure {
    Failure::TryAgain { trouble: Trouble::Unreachable, after: None, reached }
}

fn after(vote: Vote, outcome: Result<(), &Failure>) -> Vote {
    after_attempt(&vote, begin(vote), outcome, NOW, Chance::MOST).vote.unwrap()
}

#[test]
fn an_answer_is_due_at_once_and_never_again_when_the_server_has_it() {
    assert_eq!(due_in(&yes(), CONSISTENCY, NOW), Some(Duration::ZERO));
    let sent = after(yes(), Ok(()));
    assert_eq!((sent.sent, sent.attempt, due_in(&sent, CONSISTENCY, NOW)), (true, None, None));
    assert_eq!(answered(Some(sent), sent.article, true), sent, "the same answer again is nothing new");
    let no = answered(Some(sent), sent.article, false);
    assert_eq!((no.helpful, due_in(&no, CONSISTENCY, NOW)), (false, Some(Duration::ZERO)));
}

#[test]
fn a_later_answer_replaces_one_that_was_not_sent() {
    let no = answered(Some(yes()), yes().article, false);
    assert_eq!((no.helpful, no.sent, due_in(&no, CONSISTENCY, NOW)), (false, false, Some(Duration::ZERO)));
}

#[test]
fn an_answer_that_may_have_arrived_is_repeated_and_another_waits_until_it_cannot_arrive_any_more() {
    let ambiguous = after(yes(), Err(&try_again(Reached::Maybe)));
    let repeated = due_in(&ambiguous, CONSISTENCY, NOW).unwrap();
    assert!(repeated > Duration::ZERO && repeated <= Duration::from_secs(2), "{repeated:?}");
    let no = answered(Some(ambiguous), ambiguous.article, false);
    assert_eq!(due_in(&no, CONSISTENCY, NOW), Some(CONSISTENCY.late_apply));
    assert_eq!(due_in(&no, CONSISTENCY, NOW.plus(CONSISTENCY.late_apply)), Some(Duration::ZERO));
    // The first answer once more is what was sent.
    let yes_again = answered(Some(no), no.article, true);
    assert_eq!(due_in(&yes_again, CONSISTENCY, NOW), Some(Duration::ZERO));
}

#[test]
fn an_answer_that_certainly_did_not_arrive_holds_up_no_other() {
    let failed = after(yes(), Err(&try_again(Reached::No)));
    assert_eq!((failed.attempt, failed.failures), (None, 1));
    assert_eq!(due_in(&answered(Some(failed), failed.article, false), CONSISTENCY, NOW), Some(Duration::ZERO));
    // An earlier attempt may still arrive all the same.
    let ambiguous = after(yes(), Err(&try_again(Reached::Maybe)));
    assert_eq!(after(ambiguous, Err(&try_again(Reached::No))).attempt, ambiguous.attempt);
}

#[test]
fn an_attempt_that_a_crash_interrupted_counts_as_ambiguous() {
    let no = recover(answered(Some(begin(yes())), yes().article, false), NOW);
    assert_eq!(no.attempt, Some(Attempt { helpful: true, ended_at: Some(NOW) }));
    assert_eq!(due_in(&no, CONSISTENCY, NOW), Some(CONSISTENCY.late_apply));
    assert_eq!(recover(no, NOW.plus(Duration::from_hours(1))), no, "once only");
}

#[test]
fn an_answer_that_the_user_gave_during_an_attempt_is_sent_after_it() {
    let on_its_way = begin(yes());
    let no = answered(Some(on_its_way), on_its_way.article, false);
    let confirmed = after_attempt(&yes(), no, Ok(()), NOW, Chance::MOST).vote.unwrap();
    assert_eq!((confirmed.sent, due_in(&confirmed, CONSISTENCY, NOW)), (false, Some(Duration::ZERO)));
    let ambiguous = after_attempt(&yes(), no, Err(&Failure::misbehaves()), NOW, Chance::MOST).vote.unwrap();
    assert_eq!((ambiguous.failures, due_in(&ambiguous, CONSISTENCY, NOW)), (0, Some(CONSISTENCY.late_apply)));
}

#[test]
fn pauses_grow_and_the_servers_own_holds_for_every_answer() {
    let mut vote = yes();
    let mut pauses = Vec::new();
    for _ in 0..12 {
        vote = after(vote, Err(&try_again(Reached::Maybe)));
        pauses.push(due_in(&vote, CONSISTENCY, NOW).unwrap().as_secs());
    }
    assert_eq!((pauses[0], pauses[3], pauses[11]), (2, 16, 900));
    let hour = Duration::from_hours(1);
    let busy = Failure::TryAgain { trouble: Trouble::Busy, after: Some(hour), reached: Reached::No };
    let busy = after(yes(), Err(&busy));
    let no = answered(Some(busy), busy.article, false);
    let spread_out = hour + hour / 4;
    assert_eq!(due_in(&no, CONSISTENCY, NOW), Some(spread_out));
    assert_eq!(due_in(&without_wait(no, NOW.minus(hour)), CONSISTENCY, NOW), Some(spread_out), "imposed a moment ago");
    assert_eq!(due_in(&without_wait(no, NOW), CONSISTENCY, NOW), Some(Duration::ZERO));
    assert_eq!(due_in(&without_wait(vote, NOW), CONSISTENCY, NOW), Some(Duration::ZERO));
}

#[test]
fn what_the_server_refuses_is_dropped_and_no_article_asks_where_it_takes_no_answer() {
    let refused = |failure: &Failure| {
        let verdict = after_attempt(&yes(), begin(yes()), Err(failure), NOW, Chance::NONE);
        (verdict.vote.is_some(), verdict.takes_none, verdict.ends_run.is_some())
    };
    let reason = |kind| Failure::NeedsUser(Reason { kind, server_message: None });
    assert_eq!(refused(&Failure::NotAllowed), (false, true, false));
    assert_eq!(refused(&reason(ReasonKind::Unsupported)), (false, true, false));
    assert_eq!(refused(&Failure::Gone), (false, false, false));
    assert_eq!(refused(&reason(ReasonKind::Refused)), (false, false, false));
    for of_account in [ReasonKind::WrongUser, ReasonKind::AgentToken] {
        assert_eq!(refused(&reason(of_account)), (true, false, true), "{of_account:?}");
    }
    let unexplained = Failure::Unexplained { server_message: None };
    let mut vote = yes();
    for _ in 0..2 {
        vote = after(vote, Err(&unexplained));
    }
    let last = after_attempt(&vote, begin(vote), Err(&unexplained), NOW, Chance::NONE);
    assert_eq!((last.vote, last.takes_none), (None, true), "somebody in between refuses it each time");
}

#[test]
fn a_copy_of_the_file_sends_no_answer_that_waits() {
    assert_eq!(copied(yes()), None);
    let sent = after(yes(), Ok(()));
    assert_eq!(copied(sent), Some(sent));
}
