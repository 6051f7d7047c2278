//! How far the server was read, how missing tickets are found, and that removed texts leave the disk.

use super::*;
use crate::model::Attachment;
use crate::store::schedule::fetch_queue;
use crate::store::schedule::full_reconciliation::ReconciliationState;

const DAY: Duration = Duration::from_hours(24);

fn own() -> TicketList {
    TicketList("own".to_owned())
}

impl Fixture {
    fn page(&self, tickets: &[RemoteTicket], step: PageStep<'_>) {
        self.store.apply_page(&PulledPage { list: &own(), tickets, step, seen: SEEN }).unwrap();
    }

    /// A history of `count` tickets after the first sync, with a full reconciliation that is reading lists.
    fn reconciling(count: i64) -> Self {
        let fixture = fixture();
        fixture.page(&[], PageStep::BackfillStart(NOW));
        let tickets: Vec<RemoteTicket> = (1..=count).map(|number| remote(number, 0)).collect();
        for page in tickets.chunks(200) {
            fixture.page(page, PageStep::Backfill(Some("more")));
        }
        fixture.page(&[], PageStep::Backfill(None));
        fixture.store.finish_sync(NOW).unwrap();
        assert_eq!(fixture.advance_reconciliation(NOW.plus(DAY)), ReconciliationState::ReadingLists);
        fixture
    }

    fn advance_reconciliation(&self, now: Timestamp) -> ReconciliationState {
        self.store.advance_reconciliation(now, DAY, true).unwrap()
    }

    /// Whether `marker` is in the bytes of any file of the account.
    pub(super) fn has_on_disk(&self, marker: &str) -> bool {
        let folder = file_of(self.folder.path(), "ada").parent().unwrap().to_owned();
        fs::read_dir(folder).unwrap().any(|entry| {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            bytes.windows(marker.len()).any(|window| window == marker.as_bytes())
        })
    }

    fn secure_delete(&self) {
        while self.store.secure_delete_step().unwrap() {}
    }

    fn log_length(&self) -> u64 {
        let mut name = file_of(self.folder.path(), "ada").into_os_string();
        name.push("-wal");
        fs::metadata(name).map_or(0, |file| file.len())
    }
}

#[test]
fn a_full_reconciliation_is_due_a_day_after_the_first_sync() {
    let fixture = fixture();
    assert_eq!(fixture.advance_reconciliation(NOW), ReconciliationState::Idle, "the first sync has not ended");
    fixture.store.finish_sync(NOW).unwrap();
    assert_eq!(fixture.advance_reconciliation(NOW.plus(DAY / 2)), ReconciliationState::Idle);
    assert_eq!(
        fixture.store.advance_reconciliation(NOW.plus(DAY), DAY, false).unwrap(),
        ReconciliationState::Idle,
        "it is due, but may not begin"
    );
    assert_eq!(fixture.advance_reconciliation(NOW.plus(DAY)), ReconciliationState::ReadingLists);
    assert_eq!(
        fixture.advance_reconciliation(NOW.plus(DAY + DAY / 2)),
        ReconciliationState::ReadingLists,
        "it continues"
    );
    // A clock that was set back ends every wait, and restarts a reconciliation whose start now lies in the future.
    assert_eq!(fixture.advance_reconciliation(NOW.minus(DAY * 3_650)), ReconciliationState::ReadingLists);
    fixture.store.end_reconciliation(NOW).unwrap();
    assert_eq!(fixture.advance_reconciliation(NOW.plus(DAY / 2)), ReconciliationState::Idle);
    assert_eq!(fixture.advance_reconciliation(NOW.minus(DAY)), ReconciliationState::ReadingLists);
}

#[test]
fn what_any_answer_shows_is_not_missing() {
    let fixture = Fixture::reconciling(6);
    fixture.page(&[remote(1, 0)], PageStep::FullReconciliation(Some("2")));
    fixture.page(&[remote(2, 7)], PageStep::Incremental);
    fixture.store.apply_ticket(&remote(3, 0), SEEN).unwrap();
    fixture.page(&[remote(4, 0)], PageStep::FullReconciliation(None));
    assert!(fixture.store.reconciliation_cursor(&own()).unwrap().is_none(), "the list was read to its end");
    let numbers: Vec<i64> = fixture.store.missing(9, NOW).unwrap().into_iter().map(|(_, number)| number.0).collect();
    assert_eq!(numbers, [5, 6]);
    let five = fixture.store.ticket_by_number(TicketNumber(5)).unwrap().unwrap();
    fixture.store.revoke(five, silent(NOW)).unwrap();
    assert_eq!(fixture.store.missing(9, NOW).unwrap().len(), 1, "a revoked ticket is not missing any more");
    // The next full reconciliation starts without marks.
    assert_eq!(fixture.advance_reconciliation(NOW.plus(DAY * 3)), ReconciliationState::ReadingLists);
    assert_eq!(fixture.store.reconciliation_cursor(&own()).unwrap().map(|place| place.cursor), Some(None));
    assert_eq!(fixture.store.missing(9, NOW).unwrap().len(), 5);
}

#[test]
fn twenty_or_two_percent_may_be_missing_and_not_one_more() {
    for (known, missing, believed) in
        [(30, 20, true), (30, 21, false), (1_500, 30, true), (1_500, 31, false), (5, 5, true)]
    {
        let fixture = Fixture::reconciling(known);
        let shown: Vec<RemoteTicket> = (1..=known - missing).map(|number| remote(number, 0)).collect();
        fixture.page(&shown, PageStep::FullReconciliation(None));
        assert_eq!(fixture.store.accept_missing(NOW).unwrap(), believed, "{missing} of {known}");
        assert_eq!(fixture.store.overview().unwrap().history_missing, !believed);
        let state = if believed { ReconciliationState::Asking } else { ReconciliationState::Idle };
        assert_eq!(fixture.advance_reconciliation(NOW), state);
    }
}

#[test]
fn a_list_that_is_backfilled_again_keeps_its_watermark_until_the_end() {
    let fixture = fixture();
    fixture.page(&[remote(1, 5)], PageStep::BackfillStart(Timestamp(5)));
    let state = || fixture.store.list_state(&own()).unwrap();
    assert_eq!((state().watermark, state().backfill_watermark), (None, Some(Timestamp(5))));
    fixture.page(&[remote(1, 5)], PageStep::Backfill(None));
    assert_eq!((state().watermark, state().backfill_watermark), (Some(Timestamp(5)), None));
    fixture.store.begin_backfill(&own(), Timestamp(900)).unwrap();
    fixture.page(&[remote(2, 6)], PageStep::Backfill(Some("behind 2")));
    assert_eq!(state().backfill_cursor.as_deref(), Some("behind 2"));
    fixture.store.restart_backfill(&own()).unwrap();
    let state_now = state();
    assert_eq!((state_now.watermark, state_now.backfill_watermark), (Some(Timestamp(5)), Some(Timestamp(900))));
    assert_eq!((state_now.backfill_cursor, state_now.backfill_rows), (None, 0));
    let two = fixture.store.ticket_by_number(TicketNumber(2)).unwrap().unwrap();
    fixture.page(&[RemoteTicket { requester: Some(AGENT), ..remote(3, 6) }], PageStep::Backfill(None));
    assert_eq!(state().watermark, Some(Timestamp(900)));
    let three = fixture.store.ticket_by_number(TicketNumber(3)).unwrap().unwrap();
    assert!(!fixture.store.ticket(two).unwrap().row.unread, "the user's own ticket");
    assert!(fixture.store.ticket(three).unwrap().row.unread, "this is not the first sync, so a new ticket is news");
}

#[test]
fn a_first_sync_tells_how_far_it_is() {
    let fixture = fixture();
    let progress = || fixture.store.overview().unwrap().first_sync.map(|progress| (progress.read, progress.of));
    assert_eq!(progress(), None);
    fixture.page(&[remote(1, 0)], PageStep::BackfillStart(NOW));
    assert_eq!(progress(), Some((0, None)));
    fixture.store.counted(&own(), Some(3)).unwrap();
    fixture.page(&[remote(1, 0), remote(2, 0)], PageStep::Backfill(Some("2")));
    assert_eq!(progress(), Some((2, Some(3))));
    // The server's count was too low. The progress never exceeds its total.
    fixture.page(&[remote(3, 0), remote(4, 0)], PageStep::Backfill(None));
    assert_eq!(progress(), Some((4, Some(4))));
    fixture.store.finish_sync(NOW).unwrap();
    assert_eq!(progress(), None);
}

#[test]
fn the_log_stays_short_while_a_long_history_comes_in() {
    let fixture = fixture();
    fixture.page(&[], PageStep::BackfillStart(NOW));
    let mut longest = 0;
    for page in 0..120 {
        let tickets: Vec<RemoteTicket> = (0..100).map(|row| remote(page * 100 + row + 1, row)).collect();
        fixture.page(&tickets, PageStep::Backfill(Some("more")));
        longest = longest.max(fixture.log_length());
    }
    assert!(longest < 12 * 1024 * 1024, "{longest} bytes");
}

#[test]
fn the_request_budget_holds_for_an_hour() {
    let fixture = fixture();
    let built_in = Product::built_in().unwrap().thread_policy;
    let policy = crate::product::ThreadPolicy { requests_per_hour: 10, bytes_per_hour: 1_000, ..built_in };
    let cost = |requests, bytes| crate::model::Traffic { requests, bytes };
    let left = |now| fixture.store.budget(policy, now).unwrap();
    assert_eq!(left(NOW), Budget::Left);
    fixture.store.charge(cost(9, 999), NOW).unwrap();
    assert_eq!(left(NOW), Budget::Left);
    fixture.store.charge(cost(1, 0), NOW.plus(DAY / 48)).unwrap();
    assert_eq!(left(NOW.plus(DAY / 48)), Budget::ExhaustedFor(DAY / 48), "the hour began with the first charge");
    assert_eq!(left(NOW.plus(DAY / 24)), Budget::Left);
    assert_eq!(left(NOW.minus(DAY)), Budget::Left, "a clock that was set back begins a new hour");
    fixture.store.charge(cost(1, 1_000), NOW.plus(DAY)).unwrap();
    assert_eq!(left(NOW.plus(DAY)), Budget::ExhaustedFor(DAY / 24));
    let none = crate::product::ThreadPolicy { requests_per_hour: 0, ..policy };
    for now in [NOW.plus(DAY), NOW.plus(DAY * 2), NOW.minus(DAY)] {
        assert!(
            matches!(fixture.store.budget(none, now).unwrap(), Budget::ExhaustedFor(_)),
            "a budget of 0 allows nothing"
        );
    }
}

#[test]
fn idle_time_goes_to_the_newest_thread_that_is_not_known() {
    let fixture = fixture();
    fixture.page(&[remote(500, 10), remote(501, 30), remote(502, 20)], PageStep::Incremental);
    let known = fixture.known();
    let next = || fixture.store.next_idle_thread(NOW).unwrap().map(|due| due.number.0);
    assert_eq!(next(), Some(501));
    for number in [501, 502] {
        let ticket = fixture.store.ticket_by_number(TicketNumber(number)).unwrap().unwrap();
        fixture.read(ticket, &[comment(number, ME, "Guten Tag")]);
    }
    assert_eq!(next(), None);
    assert_eq!(fixture.store.overview().unwrap().known_threads, 3);
    fixture.store.apply_ticket(&remote(500, 40), SEEN).unwrap();
    assert_eq!(next(), Some(500), "the ticket has changed");
    assert_eq!(fixture.store.overview().unwrap().known_threads, 3, "the stored thread can still be searched");
    fixture.store.revoke(known, silent(NOW)).unwrap();
    assert_eq!(next(), None);
}

#[test]
fn a_redacted_file_loses_its_name_and_the_ticket_its_mark() {
    let fixture = fixture();
    let ticket = fixture.known();
    let file = |name: &str| Attachment {
        name: name.to_owned(),
        content_type: "application/pdf".to_owned(),
        size: 48_211,
        ..Attachment::default()
    };
    let with = |files: Vec<Attachment>| RemoteComment { attachments: files, ..comment(2, AGENT, "siehe Anhang") };
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), with(vec![file("Kündigung-Müller.pdf")])]);
    assert!(fixture.store.ticket(ticket).unwrap().row.has_attachments);
    assert!(fixture.has_on_disk("Kündigung-Müller"));
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), with(vec![file("redacted.txt")])]);
    assert_eq!(fixture.store.thread(ticket, None, 10).unwrap().messages[1].attachments, [file("redacted.txt")]);
    assert!(!fixture.has_on_disk("Kündigung-Müller"), "in no file, including the log");
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), with(Vec::new())]);
    assert!(!fixture.store.ticket(ticket).unwrap().row.has_attachments);
}

#[test]
fn a_reader_in_the_way_delays_the_log_and_never_forgets_it() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "GEHEIMNIS-4711")]);
    let reader = crate::store::db::connection::reader(&file_of(fixture.folder.path(), "ada")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM messages;").unwrap();
    fixture.store.revoke(ticket, silent(NOW)).unwrap();
    assert!(fixture.has_on_disk("GEHEIMNIS-4711"), "the reader still uses the log");
    reader.execute_batch("COMMIT;").unwrap();
    fixture.secure_delete();
    assert!(!fixture.has_on_disk("GEHEIMNIS-4711"));
}

#[test]
fn names_go_with_the_last_ticket_that_shows_them() {
    let fixture = fixture();
    let ticket = fixture.known();
    let other = PersonId(78);
    let people = |ids: &[(PersonId, &str)]| {
        ids.iter()
            .map(|(id, name)| RemotePerson { id: *id, name: (*name).to_owned(), agent: true, photo: None })
            .collect::<Vec<_>>()
    };
    fixture.page(&[remote(501, 11)], PageStep::Incremental);
    let second = fixture.store.ticket_by_number(TicketNumber(501)).unwrap().unwrap();
    let read = |ticket, comments: Vec<RemoteComment>, people| {
        let of = fixture.store.thread_due(ticket).unwrap().unwrap().of;
        let thread = RemoteThread { comments, people };
        fixture
            .store
            .apply_thread(&ReadThread { ticket, of, comments: &thread.comments, people: &thread.people, seen: SEEN })
            .unwrap();
    };
    let both = people(&[(AGENT, "Marta Feld"), (other, "Inés Prado-Ångström")]);
    read(ticket, vec![comment(1, ME, "Guten Tag"), comment(2, AGENT, "Hallo"), comment(3, other, "Hola")], both);
    read(second, vec![comment(4, ME, "Noch etwas"), comment(5, AGENT, "Ja?")], people(&[(AGENT, "Marta Feld")]));
    fixture.store.revoke(ticket, silent(NOW)).unwrap();
    fixture.secure_delete();
    assert!(!fixture.has_on_disk("Ångström"));
    let message = &fixture.store.thread(second, None, 10).unwrap().messages[1];
    assert_eq!(message.author.as_deref(), Some("Marta Feld"));
}

#[test]
fn a_ticket_created_a_moment_ago_is_not_given_up_for_one_answer() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let operation = fixture.attempt(fixture.thread(ticket)[0].0);
    fixture.store.settle_create(&operation, &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    let visible_after = fixture.store.visible_after();
    assert!(fixture.store.may_be_too_new(ticket, silent(NOW)).unwrap());
    assert!(!fixture.store.may_be_too_new(ticket, silent(NOW.plus(visible_after))).unwrap());
    fixture.read(ticket, &[comment(1, ME, "Guten Tag,\nsie fehlt.")]);
    assert!(fixture.store.may_be_too_new(ticket, silent(NOW)).unwrap(), "the next read may be older than that one");
    let later = RemoteTicket { status: ServerStatus::Open, ..remote(700, 3_600) };
    fixture.store.apply_ticket(&later, SEEN).unwrap();
    assert!(!fixture.store.may_be_too_new(ticket, silent(NOW)).unwrap(), "the ticket existed long before that update");
}

#[test]
fn a_revoked_ticket_does_not_come_back_through_an_older_answer() {
    let fixture = fixture();
    fixture.store.finish_sync(NOW).unwrap();
    let ticket = fixture.known();
    let due = fixture.store.thread_due(ticket).unwrap().unwrap();
    fixture.store.revoke(ticket, ClockReading { device: NOW, server: Some(NOW) }).unwrap();
    // A list from another part of the server shows the ticket, and a thread that was being read arrives. The device's clock
    // has no influence.
    let visible_after = fixture.store.visible_after();
    let shown = |after: Duration, device: Timestamp| {
        let seen = Observation { at: device, server: Some(NOW.plus(after)), ..SEEN };
        let page = PulledPage { list: &own(), tickets: &[remote(500, 10)], step: PageStep::Incremental, seen };
        fixture.store.apply_page(&page).unwrap();
        let row = fixture.store.ticket(ticket).unwrap().row;
        (row.visible, row.subject)
    };
    assert_eq!(shown(visible_after / 2, NOW.plus(DAY * 3_650)), (false, String::new()));
    let thread = RemoteThread { comments: vec![comment(1, AGENT, "GEHEIMNIS-4711")], ..RemoteThread::default() };
    let late = fixture.store.apply_thread(&ReadThread {
        ticket,
        of: due.of,
        comments: &thread.comments,
        people: &thread.people,
        seen: SEEN,
    });
    assert_eq!(late.err(), Some(StoreError::NoSuchTicket));
    assert!(fixture.thread(ticket).is_empty());
    // The older answer may have been right, so a full reconciliation comes soon. An answer that is certainly newer is believed.
    assert_eq!(fixture.advance_reconciliation(NOW.plus(DAY / 24)), ReconciliationState::ReadingLists);
    assert_eq!(shown(visible_after, NOW), (true, remote(500, 10).subject));
}

#[test]
fn what_is_due_is_found_without_reading_the_whole_history() {
    let fixture = fixture();
    let plans = |sql: String| -> Vec<String> {
        let explain = |db: &Connection| {
            let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<Result<_, _>>()?;
            Ok(steps)
        };
        fixture.store.read(explain).unwrap()
    };
    for plan in [plans(fetch_queue::due_now()), plans(fetch_queue::due_later()), plans(fetch_queue::paused())] {
        for step in plan.iter().filter(|step| step.contains(" tickets")) {
            let few = ["INDEX tickets_wanted", "INDEX tickets_updated (updated_at>?)", "INTEGER PRIMARY KEY (rowid=?)"];
            let newest = step == "SEARCH tickets USING INDEX tickets_updated";
            assert!(newest || few.iter().any(|few| step.contains(few)), "{plan:#?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However long the texts are, in whatever order they are stored, changed and removed, and however the pages of the file
    /// were split and joined meanwhile: no file contains a byte of what was removed.
    #[test]
    fn no_byte_of_what_was_removed_is_left(
        sizes in prop::collection::vec(prop_oneof![4 => 0_usize..300, 2 => 300_usize..3_000, 1 => 3_000_usize..20_000], 8..60),
        seed in any::<u64>(),
    ) {
        let fixture = fixture();
        let marker = |number: usize, what: &str| format!("«{what}-{seed:x}-{number}»");
        let mut tickets = Vec::new();
        for (number, size) in sizes.iter().enumerate() {
            let subject = format!("{} {}", marker(number, "Betreff"), "s".repeat(size % 140));
            let of_server = RemoteTicket { subject, ..remote(i64::try_from(number).unwrap() + 1, 0) };
            fixture.page(&[of_server], PageStep::Incremental);
            let ticket = fixture.store.ticket_by_number(TicketNumber(i64::try_from(number).unwrap() + 1)).unwrap().unwrap();
            let comments: Vec<RemoteComment> = (0..3_usize).map(|place| {
                let text = format!("{} {}", marker(number, "Text"), "x".repeat(size * (place + 1) / 3));
                comment(i64::try_from(number * 10 + place).unwrap() + 1, AGENT, &text)
            }).collect();
            fixture.read(ticket, &comments);
            tickets.push((ticket, comments));
        }
        let mut removed = Vec::new();
        for (number, (ticket, comments)) in tickets.iter().enumerate() {
            match (seed >> (number % 60)) & 3 {
                0 => {
                    fixture.store.revoke(*ticket, silent(NOW)).unwrap();
                    removed.extend([marker(number, "Betreff"), marker(number, "Text")]);
                }
                1 => {
                    let redacted: Vec<RemoteComment> =
                        comments.iter().map(|one| RemoteComment { body: "▇▇▇".to_owned(), ..one.clone() }).collect();
                    fixture.read(*ticket, &redacted);
                    removed.push(marker(number, "Text"));
                }
                _ => {}
            }
        }
        fixture.secure_delete();
        for marker in removed {
            prop_assert!(!fixture.has_on_disk(&marker), "{marker}");
        }
    }
}
