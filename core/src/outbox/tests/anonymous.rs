//! Tickets without an account: what may have arrived is never sent again by itself, because nobody can look.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::model::{Chance, Failure, Reached, Trouble};

/// The creation of a ticket without an account.
fn creation(state: State) -> Operation {
    Operation { kind: Kind::Create, number: None, anonymous: true, ..operation(1, 1, state) }
}

fn after_failure(row: &Operation, failure: &Failure) -> Operation {
    becomes(after_attempt(row, std::slice::from_ref(row), failure, NOW, SPARE, Chance::NONE))
}

fn again(reached: Reached, after: Option<Duration>) -> Failure {
    Failure::TryAgain { trouble: Trouble::Unreachable, after, reached }
}

/// The operation as it is when an attempt of it is under way.
fn sending(row: &Operation) -> Operation {
    begin(row, row.key, 0).unwrap()
}

const HOUR: Duration = Duration::from_hours(1);

#[test]
fn an_attempt_that_may_have_arrived_is_the_users_to_decide() {
    let sent = sending(&creation(State::Queued));
    let failures =
        [again(Reached::Maybe, None), again(Reached::Maybe, Some(HOUR)), Failure::Unexplained { server_message: None }];
    let mut outcomes: Vec<Operation> = failures.iter().map(|failure| after_failure(&sent, failure)).collect();
    outcomes.push(interrupted(&sent, NOW));
    outcomes.extend(updates(recover(std::slice::from_ref(&sent), false, NOW)));
    assert_eq!(outcomes.len(), 5);
    for outcome in outcomes {
        assert_eq!(outcome.state, State::MayHaveBeenSent);
        assert_eq!(next(std::slice::from_ref(&outcome), NOW), Next { step: None, wake_in: None });
        assert!(outcome.state.can_retry() && outcome.state.can_discard() && !outcome.state.can_edit());
        // Neither a network that returns nor a server that works again proves anything.
        let waits = [EndWaits::Asked(NOW.plus(HOUR)), EndWaits::ServerWorks];
        assert!(waits.iter().all(|which| end_waits(std::slice::from_ref(&outcome), *which).is_empty()));
    }
}

#[test]
fn what_certainly_did_not_arrive_waits_or_says_why_as_usual() {
    let sent = sending(&creation(State::Queued));
    let waits = after_failure(&sent, &again(Reached::No, None));
    assert!(matches!(waits.state, State::Waiting(wait) if !wait.server_imposed) && waits.state.can_edit());
    let busy = after_failure(&sent, &again(Reached::No, Some(HOUR)));
    assert!(matches!(busy.state, State::Waiting(wait) if wait.server_imposed && wait.length == HOUR));
    let forbidden = after_failure(&sent, &Failure::NotAllowed);
    assert!(matches!(&forbidden.state, State::NeedsUser(reason) if reason.kind == ReasonKind::NotAllowed));
    assert!(forbidden.state.can_retry() && forbidden.state.can_edit() && forbidden.state.can_discard());
}

#[test]
fn the_user_sends_it_again_as_it_was_without_a_look() {
    let lost = after_failure(&sending(&creation(State::Queued)), &again(Reached::Maybe, None));
    let known = Known { visible: true, ..Known::default() };
    let again = retry(&lost, known, NOW).unwrap();
    assert_eq!((again.state.clone(), again.key, again.prepared), (State::Queued, lost.key, true));
    assert_eq!(next(&[again], NOW).step, Some(Step::Send(OperationId(1))));
}

#[test]
fn a_copied_and_a_damaged_file_ask_the_user() {
    let known = |_: &Operation| Known { visible: true, ..Known::default() };
    let attempted = |state| Operation { ever_attempted: true, prepared: true, ..creation(state) };
    for state in [State::Queued, State::Held(wait(0, 5)), State::Waiting(wait(0, 9)), State::Sending] {
        let copy = updates(copied(&[attempted(state.clone())], known, NOW)).remove(0);
        assert!(matches!(&copy.state, State::NeedsUser(reason) if reason.kind == ReasonKind::Restored), "{state:?}");
        let rows = [attempted(state.clone())];
        let salvaged = updates(salvaged(&rows, known));
        let left = updates(recover(if salvaged.is_empty() { &rows } else { &salvaged }, false, NOW));
        let state = left.first().or(salvaged.first()).map(|row| row.state.clone());
        assert_eq!(state, Some(State::MayHaveBeenSent));
    }
    let decided = [creation(State::MayHaveBeenSent), creation(reason())];
    assert!(copied(&decided, known, NOW).is_empty() && salvaged(&decided, known).is_empty());
}

#[test]
fn the_same_text_once_more_does_not_wait_for_the_first() {
    let mut rows = [creation(State::MayHaveBeenSent), Operation { ticket: TicketId(2), ..creation(State::Queued) }];
    rows[1].id = OperationId(2);
    assert!(!may_have_duplicates(&rows));
    let same = fingerprint("Anmeldung", "Ich komme nicht hinein.");
    let fingerprints = BTreeMap::from([(OperationId(1), same.clone()), (OperationId(2), same)]);
    hold_back_duplicates(&mut rows, &fingerprints, NOW);
    assert_eq!(next(&rows, NOW).step, Some(Step::Send(OperationId(2))));
}

/// What happens to a ticket on its way.
#[derive(Debug, Clone)]
enum Event {
    /// Its turn comes, and the attempt ends like this. True: the server has applied it.
    Turn(bool, End),
    /// The process is killed while the attempt is under way.
    Kill(bool),
    /// The network returns, or the user asks for a sync.
    Asked,
    ServerWorks,
    /// The app leaves the front.
    Release,
    Time(u64),
    Copied,
    Salvaged,
    /// The user decides to send it again.
    Again,
}

#[derive(Debug, Clone, Copy)]
enum End {
    Confirmed,
    Lost,
    Odd,
    NotReached,
    Busy,
    Forbidden,
}

fn event() -> impl Strategy<Value = Event> {
    let end = prop_oneof![
        Just(End::Confirmed),
        Just(End::Lost),
        Just(End::Odd),
        Just(End::NotReached),
        Just(End::Busy),
        Just(End::Forbidden)
    ];
    prop_oneof![
        4 => (any::<bool>(), end).prop_map(|(applied, end)| Event::Turn(applied, end)),
        1 => any::<bool>().prop_map(Event::Kill),
        1 => Just(Event::Asked),
        1 => Just(Event::ServerWorks),
        1 => Just(Event::Release),
        2 => (0_u64..100_000).prop_map(Event::Time),
        1 => Just(Event::Copied),
        1 => Just(Event::Salvaged),
        1 => Just(Event::Again),
    ]
}

proptest! {
    /// The server gets it at most once for each time that the user has sent it.
    #[test]
    fn it_arrives_at_most_once_for_each_time_the_user_sends_it(events in prop::collection::vec(event(), 1..60)) {
        let known = |_: &Operation| Known { visible: true, ..Known::default() };
        let (mut row, mut now) = (creation(State::Held(wait(0, 5))), NOW);
        let (mut arrived, mut wanted) = (0, 1);
        for event in events {
            let rows = [row.clone()];
            let step = next(&rows, now).step;
            prop_assert!(!matches!(step, Some(Step::Check(_))), "nobody can look");
            let changes = match event {
                Event::Turn(..) | Event::Kill(_) if step.is_none() => Vec::new(),
                Event::Kill(applied) => {
                    arrived += u32::from(applied);
                    recover(&[sending(&row)], false, now)
                }
                Event::Turn(applied, end) => {
                    let failure = match end {
                        End::Confirmed => {
                            arrived += 1;
                            break;
                        }
                        End::Lost => again(Reached::Maybe, None),
                        End::Odd => Failure::Unexplained { server_message: None },
                        End::NotReached => again(Reached::No, None),
                        End::Busy => again(Reached::No, Some(HOUR)),
                        End::Forbidden => Failure::NotAllowed,
                    };
                    arrived += u32::from(applied && matches!(end, End::Lost | End::Odd));
                    let sent = sending(&row);
                    after_attempt(&sent, std::slice::from_ref(&sent), &failure, now, SPARE, Chance::HALF).changes
                }
                Event::Asked => end_waits(&rows, EndWaits::Asked(now)),
                Event::ServerWorks => end_waits(&rows, EndWaits::ServerWorks),
                Event::Release => release(&rows, Release::All),
                Event::Time(seconds) => {
                    now = now.plus(Duration::from_secs(seconds));
                    Vec::new()
                }
                Event::Copied => copied(&rows, known, now),
                Event::Salvaged => salvaged(&rows, known),
                Event::Again => {
                    let sent_again = retry(&row, known(&row), now);
                    wanted += u32::from(sent_again.is_some());
                    sent_again.map(Change::Update).into_iter().collect()
                }
            };
            for change in updates(changes) {
                row = change;
            }
            prop_assert!(arrived <= wanted, "{row:?}");
        }
        prop_assert!(arrived <= wanted);
    }
}
