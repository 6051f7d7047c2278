//! The user's commands, a start of the app, uploads, and files that are copies.

use super::*;
use crate::model::{Chance, Failure};

fn upload(id: i64, message: i64, until: Option<i64>) -> Operation {
    let token_until = until.map(|seconds| Timestamp(NOW.0 + seconds * 1_000));
    Operation {
        kind: Kind::Upload,
        message: Some(MessageId(message)),
        token_until,
        ..operation(id, 1, State::Sent(wait(0, 0)))
    }
}

#[test]
fn a_token_that_is_always_expired_is_renewed_three_times_with_pauses_and_then_sent() {
    let mut message = operation(3, 1, State::Queued);
    let (mut pauses, mut renewals) = (Vec::new(), 0);
    loop {
        let all = [upload(1, 3, Some(-10)), upload(2, 3, None), message.clone()];
        let changes = updates(renew(&message, &all, NOW, NOW, Chance::NONE));
        let Some((renewed, [uploading])) = changes.split_last() else { break };
        assert_eq!((uploading.id, uploading.token_until), (OperationId(1), None), "only the expired one");
        pauses.push(match &uploading.state {
            State::Queued => 0,
            State::Waiting(wait) => wait.length.as_secs(),
            state => panic!("{state:?}"),
        });
        message = renewed.clone();
        renewals += 1;
        assert!(renewals < 10, "without an end");
    }
    assert_eq!(pauses, [0, 2, 4]);
    // Other tickets go on meanwhile.
    let waiting = Operation { state: State::Waiting(wait(0, 4)), ..upload(1, 3, None) };
    let elsewhere = operation(9, 2, State::Queued);
    assert_eq!(next(&[waiting, message.clone(), elsewhere], NOW).step, Some(Step::Send(OperationId(9))));
    // The server refuses what is sent then: the user sees it.
    let sending = begin(&message, Uuid::from_u128(1), 0).unwrap();
    let refused = Failure::UploadsRefused { server_message: Some("Datei unbekannt".to_owned()) };
    let after = becomes(after_attempt(&sending, std::slice::from_ref(&sending), &refused, NOW, SPARE, Chance::NONE));
    assert!(matches!(after.state, State::NeedsUser(reason) if reason.server_message.is_some()));
}

#[test]
fn an_attempt_that_named_its_uploads_keeps_them() {
    let message = Operation { prepared: true, ..operation(3, 1, State::Queued) };
    assert_eq!(renew(&message, &[upload(1, 3, Some(-10)), message.clone()], NOW, NOW, Chance::NONE), []);
}

#[test]
fn refused_uploads_are_made_again_and_the_message_starts_anew() {
    let mut message = Operation { kind: Kind::Create, ..operation(3, 1, State::Queued) };
    message = begin(&message, Uuid::from_u128(1), 600).unwrap();
    let all = [upload(1, 3, None), upload(2, 4, None), message.clone()];
    let changes =
        after_attempt(&message, &all, &Failure::UploadsRefused { server_message: None }, NOW, SPARE, Chance::NONE)
            .changes;
    assert!(changes.contains(&Change::NewReference { ticket: TicketId(1), reference: SPARE.1 }));
    let updated = updates(changes);
    assert_eq!(updated.iter().map(|operation| operation.id.0).collect::<Vec<_>>(), [1, 3]);
    let anew = &updated[1];
    assert_eq!((anew.key, anew.prepared, anew.ever_attempted, anew.high_water_mark), (SPARE.0, false, false, None));
    assert_eq!((&anew.state, anew.renewals), (&State::Queued, 1));
}

#[test]
fn an_attempt_that_was_left_behind_is_looked_for_or_made_again() {
    let stranded = [
        Operation { high_water_mark: Some(7), ..operation(1, 1, State::Sending) },
        Operation { kind: Kind::Upload, ..operation(2, 2, State::Sending) },
        operation(3, 3, State::Queued),
    ];
    // Each kind of run recovers what it left behind itself: an upload may be under way beside the conversation.
    let conversation = updates(recover(&stranded, false, NOW));
    let recovered = [conversation, updates(recover(&stranded, true, NOW))].concat();
    assert_eq!(recovered.iter().map(|operation| operation.id.0).collect::<Vec<_>>(), [1, 2]);
    assert!(matches!(recovered[0].state, State::Checking(_)) && recovered[0].high_water_mark == Some(7));
    assert_eq!((recovered[0].ambiguous_attempts, recovered[0].ended_at), (1, Some(NOW)));
    assert_eq!(recovered[1].state, State::Queued);
}

#[test]
fn what_is_held_is_released_when_its_time_is_over_or_nothing_can_leave() {
    let held = [operation(1, 1, State::Held(wait(0, 5))), operation(2, 2, State::Held(wait(-9, 5)))];
    let released =
        |which| updates(release(&held, which)).into_iter().map(|operation| operation.id.0).collect::<Vec<_>>();
    assert_eq!(released(Release::All), [1, 2]);
    assert_eq!(released(Release::Over(NOW)), [2]);
    assert!(updates(release(&held, Release::All)).iter().all(|operation| operation.state.can_edit()));
}

#[test]
fn only_waits_that_the_server_did_not_ask_for_end() {
    let imposed = Wait { server_imposed: true, ..wait(0, 86_400) };
    let rows = [
        operation(1, 1, State::Waiting(wait(0, 60))),
        operation(2, 2, State::Waiting(imposed)),
        operation(3, 3, reason()),
        operation(4, 4, State::Checking(wait(0, 60))),
        operation(5, 5, State::Checking(imposed)),
    ];
    let ended = |which| updates(end_waits(&rows, which)).iter().map(|row| row.id.0).collect::<Vec<_>>();
    assert_eq!(ended(EndWaits::Asked(NOW.plus(Duration::from_secs(59)))), [1, 4]);
    assert_eq!(
        ended(EndWaits::Asked(NOW.plus(Duration::from_mins(1)))),
        [1, 2, 4, 5],
        "the user may ask once a minute"
    );
    assert_eq!(ended(EndWaits::ServerWorks), [1, 2, 4, 5]);
    let looks = |row: &Operation| matches!(row.state, State::Checking(wait) if wait.left(NOW).is_none());
    let ended = updates(end_waits(&rows[3..], EndWaits::ServerWorks));
    assert!(ended.iter().all(looks), "it is still not known what became of them");
}

#[test]
fn an_edit_takes_a_new_key_and_starts_anew() {
    let mut row =
        Operation { attempts: 4, refusals: 3, prepared: true, ever_attempted: true, ..operation(1, 1, reason()) };
    row.refusal = Some("Nein".to_owned());
    let edited = edited(&row, Kind::Reply, SPARE.0).unwrap();
    assert_eq!(edited, Operation { key: SPARE.0, ..operation(1, 1, State::Queued) });
    assert_eq!(super::edited(&row, Kind::Create, SPARE.0), None);
    assert_eq!(super::edited(&Operation { state: State::Sending, ..row }, Kind::Reply, SPARE.0), None);
}

#[test]
fn a_ticket_that_others_wait_for_cannot_be_taken_back() {
    let creation = Operation { kind: Kind::Create, ..operation(1, 1, State::Queued) };
    let reply = operation(2, 1, State::Queued);
    assert!(can_discard(&creation, &[upload(3, 1, None), creation.clone()]));
    assert!(!can_discard(&creation, &[creation.clone(), reply.clone()]));
    assert!(can_discard(&reply, &[creation, reply.clone()]));
}

#[test]
fn a_copy_asks_about_everything_and_looks_for_what_was_attempted() {
    let known = |_: &Operation| Known { visible: true, thread_read: true, newest_comment: 40, newest_ticket: 700 };
    let rows = [
        Operation { ever_attempted: true, ..operation(1, 1, State::Waiting(wait(0, 9))) },
        operation(2, 1, State::Queued),
        Operation { kind: Kind::Create, ..operation(3, 2, State::Held(wait(0, 5))) },
        operation(4, 3, State::Sent(wait(0, 0))),
        operation(5, 4, State::NotShown),
        upload(6, 4, Some(60)),
        upload(7, 2, Some(60)),
    ];
    let copies = updates(copied(&rows, known, NOW));
    let by_id = |id: i64| copies.iter().find(|row| row.id.0 == id);
    assert!(matches!(by_id(1).unwrap().state, State::Checking(_)) && by_id(1).unwrap().high_water_mark == Some(40));
    for (id, mark) in [(2, Some(40)), (3, Some(700)), (7, None)] {
        let asked = by_id(id).unwrap();
        assert!(matches!(&asked.state, State::NeedsUser(reason) if reason.kind == ReasonKind::Restored), "{asked:?}");
        assert!(asked.restored && asked.high_water_mark == mark, "{asked:?}");
    }
    assert!(by_id(4).is_none() && by_id(5).is_none() && by_id(6).is_none(), "the server has these");
}

#[test]
fn a_salvaged_file_trusts_no_attempt() {
    let known = |_: &Operation| Known { visible: true, thread_read: false, newest_comment: 40, newest_ticket: 700 };
    let rows = [
        operation(1, 1, State::Queued),
        Operation { ever_attempted: true, ..operation(2, 1, State::Queued) },
        Operation { kind: Kind::Create, ..operation(3, 2, State::Waiting(wait(0, 9))) },
        upload(4, 3, None),
        operation(5, 3, reason()),
    ];
    let changed = updates(salvaged(&rows, known));
    let summary: Vec<_> = changed.iter().map(|row| (row.id.0, row.state.clone(), row.high_water_mark)).collect();
    assert_eq!(summary, [(2, State::Sending, Some(40)), (3, State::Sending, Some(700)), (4, State::Queued, None)]);
}

#[test]
fn a_file_says_itself_that_the_server_does_not_take_it() {
    let refused = |kind| State::NeedsUser(Reason { kind, server_message: None });
    let upload = |state| Operation { kind: Kind::Upload, file: Some(7), ..operation(5, 4, state) };
    for kind in [ReasonKind::AttachmentTooLarge, ReasonKind::AttachmentType, ReasonKind::AttachmentMissing] {
        assert_eq!(refusal_of_file(&upload(refused(kind)), 7, 2), Some(kind));
        assert_eq!(refusal_of_file(&upload(refused(kind)), 8, 2), None, "the other file is not to blame");
        let reply = operation(5, 4, refused(kind));
        assert_eq!(refusal_of_file(&reply, 7, 1), Some(kind), "the files went with the reply, and it has one");
        assert_eq!(refusal_of_file(&reply, 7, 2), None, "nobody knows which");
    }
    assert_eq!(refusal_of_file(&upload(refused(ReasonKind::NotAllowed)), 7, 1), None);
    assert_eq!(refusal_of_file(&upload(State::Queued), 7, 1), None);
}
