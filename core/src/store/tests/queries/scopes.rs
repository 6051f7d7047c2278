//! Scopes and the first day of the history: which tickets a view has, in which order, and what a page costs.

use rusqlite::{StatementStatus, params};

use super::*;
use crate::model::FieldValue;
use crate::product::ServerKind;
use crate::query::{HistoryView, Relation, Relations};
use crate::store::queries::history::{Entries, Parts};

const BEN: PersonId = PersonId(9_002);
/// The first day of the hub's history, 15 July 2019, in UTC.
const FIRST_DAY: i64 = 1_563_148_800_000;

fn hub() -> Product {
    let definition = r#"{ "schema": 1, "id": "tested", "version": 1, "extends": "hub@1" }"#;
    Product::from_json(definition, ServerKind::Zendesk).unwrap()
}

fn open_with(folder: &Path, product: Product) -> Store {
    let server = "https://desk.example/";
    Store::open(folder, "ada", server, None, Arc::new(product), Arc::default()).unwrap()
}

fn hub_fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let store = open_with(folder.path(), hub());
    store.bind("https://desk.example/", ME, Some("ada@reisen.example")).unwrap();
    Fixture { folder, store, hold: Duration::ZERO }
}

/// "My tickets", where the user is offered nothing else.
fn mine() -> HistoryView {
    HistoryView { relations: Relations::of(|relation| relation != Relation::None), unsent: Relations::ALL }
}

fn of(number: i64, minutes: i64, requester: PersonId) -> RemoteTicket {
    RemoteTicket { requester: Some(requester), ..remote(number, minutes) }
}

fn show(store: &Store, list: &str, tickets: &[RemoteTicket], step: PageStep<'_>) {
    let list = TicketList(list.to_owned());
    store.apply_page(&PulledPage { list: &list, tickets, step, seen: SEEN }).unwrap();
    if step == PageStep::FullReconciliation(None) {
        store.forget_absent_members(&list).unwrap();
    }
}

/// The numbers of a view, read in pages of `limit`, and the total that each page told.
fn numbers(store: &Store, view: HistoryView, limit: u32) -> (Vec<i64>, u64) {
    let (mut numbers, mut after, mut total) = (Vec::new(), None, None);
    loop {
        let page = store.history_of(view, after.as_deref(), limit).unwrap();
        assert!(total.is_none_or(|total| total == page.total));
        total = Some(page.total);
        numbers.extend(page.tickets.iter().map(|row| row.number.map_or(0, |number| number.0)));
        after = page.next;
        if after.is_none() {
            return (numbers, total.unwrap());
        }
    }
}

fn all(numbers: &[i64]) -> (Vec<i64>, u64) {
    (numbers.to_vec(), numbers.len() as u64)
}

#[test]
fn my_tickets_are_those_that_i_created_and_those_that_i_was_added_to() {
    let fixture = hub_fixture();
    let store = &fixture.store;
    show(store, "own", &[remote(1, 10), remote(2, 40)], PageStep::Incremental);
    show(store, "copied", &[of(3, 20, BEN)], PageStep::Incremental);
    let named = RemoteTicket { cc: vec![AGENT, ME], ..of(5, 50, BEN) };
    show(store, "organization:7", &[remote(1, 10), of(3, 20, BEN), of(4, 30, BEN), named], PageStep::Incremental);
    let unsent = fixture.create(10);
    for limit in [1, 2, 3, 200] {
        assert_eq!(numbers(store, mine(), limit), all(&[0, 5, 2, 3, 1]), "in pages of {limit}");
        assert_eq!(numbers(store, HistoryView::WHOLE, limit), all(&[0, 5, 2, 4, 3, 1]), "in pages of {limit}");
    }
    let rows = store.history_of(mine(), None, 200).unwrap().tickets;
    assert_eq!(rows.iter().map(|row| row.linked).collect::<Vec<_>>(), [false, true, false, true, false]);
    assert_eq!(rows[0].id, unsent);
}

#[test]
fn what_leaves_one_list_and_stays_in_another_leaves_one_view() {
    let fixture = hub_fixture();
    let store = &fixture.store;
    let tickets = [of(3, 20, BEN), of(4, 30, BEN)];
    store.finish_sync(NOW).unwrap();
    for list in ["copied", "organization:7"] {
        show(store, list, &tickets, PageStep::Incremental);
    }
    assert_eq!(numbers(store, mine(), 10), all(&[4, 3]));
    // Ben takes me off the third one. Only a complete reading can show that.
    let every = Duration::ZERO;
    store.advance_reconciliation(NOW, every, true).unwrap();
    show(store, "copied", &tickets[1..], PageStep::FullReconciliation(None));
    show(store, "organization:7", &tickets, PageStep::FullReconciliation(None));
    assert_eq!(numbers(store, mine(), 10), all(&[4]));
    assert_eq!(numbers(store, HistoryView::WHOLE, 10), all(&[4, 3]), "it is shown to me as an administrator");
    assert!(store.accept_missing(NOW).unwrap());
    assert!(store.missing(10, NOW).unwrap().is_empty());
}

#[test]
fn a_row_that_cannot_be_read_stays_in_its_list() {
    let fixture = hub_fixture();
    let store = &fixture.store;
    store.finish_sync(NOW).unwrap();
    show(store, "copied", &[of(3, 20, BEN)], PageStep::Incremental);
    store.advance_reconciliation(NOW, Duration::ZERO, true).unwrap();
    let list = TicketList("copied".to_owned());
    let page = PulledPage { list: &list, tickets: &[], step: PageStep::FullReconciliation(None), seen: SEEN };
    let unreadable = crate::model::Unreadable { ids: vec![3], unknown: 0 };
    store.apply_page_with(&page, &unreadable, &[]).unwrap();
    store.forget_absent_members(&list).unwrap();
    assert_eq!(numbers(store, mine(), 10), all(&[3]));
}

#[test]
fn a_list_that_the_server_no_longer_offers_explains_why_its_tickets_are_missing() {
    let fixture = hub_fixture();
    let store = &fixture.store;
    let offered =
        |names: &[&str]| -> Vec<TicketList> { names.iter().map(|name| TicketList((*name).to_owned())).collect() };
    store.finish_sync(NOW).unwrap();
    show(store, "own", &[remote(1, 10)], PageStep::Incremental);
    let colleagues: Vec<RemoteTicket> = (100..700).map(|number| of(number, number, BEN)).collect();
    show(store, "organization:7", &colleagues, PageStep::Incremental);
    assert!(!store.offer_lists(&offered(&["own", "organization:7", "copied"])).unwrap());
    assert!(store.offer_lists(&offered(&["own", "copied"])).unwrap());
    assert!(!store.offer_lists(&offered(&["own", "copied"])).unwrap(), "it is told once");
    let day = Duration::from_hours(24);
    store.advance_reconciliation(NOW, day, true).unwrap();
    show(store, "own", &[remote(1, 10)], PageStep::FullReconciliation(None));
    assert!(store.accept_missing(NOW).unwrap(), "six hundred at once, and nobody doubts it");
    let missing = store.missing(1_000, NOW).unwrap();
    assert_eq!(missing.len(), 600);
    assert!(store.was_in_a_list_that_is_gone(missing[0].0).unwrap());
    // Whatever shows one of them says that it is not missing.
    store.apply_ticket(&colleagues[0], SEEN).unwrap();
    assert!(!store.was_in_a_list_that_is_gone(missing[0].0).unwrap());
    assert_eq!(store.missing(1_000, NOW).unwrap().len(), 599);
}

#[test]
fn what_waits_to_be_sent_is_found_whatever_the_server_takes_away() {
    let fixture = hub_fixture();
    let store = &fixture.store;
    show(store, "organization:7", &[of(3, 20, BEN), of(4, 30, BEN), of(5, 40, BEN)], PageStep::Incremental);
    let [third, fourth, fifth] = [3, 4, 5].map(|number| store.ticket_by_number(TicketNumber(number)).unwrap().unwrap());
    fixture.read(third, &[comment(1, BEN, "Guten Tag")]);
    fixture.reply(third, 20, "Ich übernehme das für Ben.");
    let draft = ReplyDraft::plain(DraftId("d".to_owned()), fourth, "Noch nicht fertig …");
    store.save_reply_draft(&draft).unwrap();
    // While I am an administrator, they are in the other view.
    let switched = HistoryView { unsent: mine().relations, ..mine() };
    assert_eq!(numbers(store, switched, 10), all(&[]));
    // I am no administrator any more: "my tickets" is all there is, and what waits must be in it.
    assert_eq!(numbers(store, mine(), 10), all(&[3]));
    for ticket in [third, fourth, fifth] {
        store.revoke(ticket, silent(NOW)).unwrap();
    }
    assert_eq!(numbers(store, mine(), 10), all(&[3, 4]), "the fifth held nothing of mine");
    assert_eq!(numbers(store, switched, 10), all(&[3, 4]));
    assert_eq!(store.thread(third, None, 10).unwrap().messages[0].body, "Ich übernehme das für Ben.");
}

fn escalated(number: i64, created: i64, dates: &[(&str, i64)]) -> RemoteTicket {
    let dates = dates.iter().map(|(step, at)| ((*step).to_owned(), FieldValue::Instant(Timestamp(*at))));
    let value = FieldValue::Map(dates.collect());
    let fields = BTreeMap::from([("escalation_dates".to_owned(), value)]);
    RemoteTicket { created_at: Timestamp(created), fields, ..remote(number, number) }
}

#[test]
fn a_ticket_from_before_the_first_day_is_shown_only_if_its_escalation_is_not() {
    let fixture = hub_fixture();
    let store = &fixture.store;
    let before = FIRST_DAY - 1;
    let plain = |number, created| RemoteTicket { created_at: Timestamp(created), ..remote(number, number) };
    let tickets = [
        plain(1, before),
        plain(2, FIRST_DAY),
        escalated(3, before, &[("submitted", before), ("review", FIRST_DAY + 5)]),
        escalated(4, before, &[("review", FIRST_DAY + 5), ("submitted", FIRST_DAY)]),
        escalated(5, FIRST_DAY, &[("submitted", before)]),
    ];
    show(store, "own", &tickets, PageStep::Incremental);
    for limit in [1, 10] {
        assert_eq!(numbers(store, mine(), limit), all(&[5, 4, 2]), "its first date counts, in pages of {limit}");
    }
    let old = store.ticket_by_number(TicketNumber(1)).unwrap().unwrap();
    assert_eq!(store.ticket(old).unwrap().row.number, Some(TicketNumber(1)), "it is not deleted");
    // An escalation that begins later brings its old ticket back, and one that is taken back takes it away.
    let later = escalated(1, before, &[("submitted", FIRST_DAY)]);
    show(store, "own", &[RemoteTicket { updated_at: Timestamp(NOW.0 + 9_000_000), ..later }], PageStep::Incremental);
    assert_eq!(numbers(store, mine(), 10), all(&[1, 5, 4, 2]));
    show(
        store,
        "own",
        &[RemoteTicket { updated_at: Timestamp(NOW.0 + 9_900_000), ..plain(1, before) }],
        PageStep::Incremental,
    );
    assert_eq!(numbers(store, mine(), 10), all(&[5, 4, 2]));
    // What waits in it is shown from whenever it is.
    fixture.read(old, &[comment(1, ME, "Guten Tag")]);
    let waiting = fixture.reply(old, 20, "Gibt es etwas Neues?");
    assert_eq!(numbers(store, mine(), 1), all(&[1, 5, 4, 2]));
    store.discard(waiting, &DraftId("spare".to_owned())).unwrap();
    assert_eq!(numbers(store, mine(), 10), all(&[5, 4, 2]));
}

#[test]
fn a_definition_with_scopes_is_taken_over_in_steps_and_screens_are_right_at_once() {
    let fixture = fixture();
    let tickets: Vec<RemoteTicket> =
        (1..=250).map(|number| of(number, number, if number % 3 == 0 { ME } else { BEN })).collect();
    page(&fixture, &tickets);
    let Fixture { folder, store, .. } = fixture;
    assert_eq!(store.history(None, 10).unwrap().total, 250);
    drop(store);
    let store = open_with(folder.path(), hub());
    let expected: Vec<i64> = (1..=250).rev().filter(|number| number % 3 == 0).collect();
    assert_eq!(numbers(&store, mine(), 7), all(&expected));
    assert!(store.rebuild_step().unwrap());
    drop(store);
    // The process was killed after one step.
    let store = open_with(folder.path(), hub());
    assert_eq!(numbers(&store, mine(), 200), all(&expected));
    while store.rebuild_step().unwrap() {}
    assert_eq!(store.read(Entries::of).unwrap(), Entries::Known);
    assert_eq!(numbers(&store, mine(), 7), all(&expected));
    drop(store);
    assert!(!open_with(folder.path(), hub()).rebuild_step().unwrap(), "the same definition begins nothing anew");
}

#[test]
fn a_page_of_one_scope_costs_the_same_in_a_hundred_thousand_tickets() {
    let fixture = hub_fixture();
    // A few own tickets, evenly among those of a large organisation.
    let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
                INSERT INTO tickets (number, subject, server_status, requester, created_at, updated_at, last_activity, unsent)
                SELECT i, 'Auszahlung fehlt', 'open', CASE WHEN i % 1000 = 0 THEN ?1 ELSE ?2 END, ?3, i, i * 7919 % 1000003, 0 FROM n";
    fixture.store.write(Priority::User, |edit| Ok(edit.tx.execute(fill, params![ME.0, BEN.0, FIRST_DAY])?)).unwrap();
    let sql = |view| fixture.store.read(|db| Parts::sql(db, &fixture.store.product, &HistoryQuery::of(view))).unwrap();
    let queries = |view: HistoryView| sql(view)[2].clone();
    let steps = |sql: &str, after: [i64; 2]| {
        let work = |db: &Connection| {
            let mut statement = db.prepare(sql)?;
            let read = statement.query_map(params![after[0], after[1], 20], |_| Ok(()))?.count();
            let state = |status| statement.get_status(status);
            Ok((
                read,
                state(StatementStatus::VmStep),
                state(StatementStatus::FullscanStep),
                state(StatementStatus::Sort),
            ))
        };
        fixture.store.read(work).unwrap()
    };
    let own = &queries(mine())[0];
    let (read, first, scans, sorts) = steps(own, [i64::MAX; 2]);
    assert_eq!((read, scans, sorts), (20, 0, 0));
    assert!(first < 20_000, "{first} steps for twenty of a hundred rows among a hundred thousand");
    let (read, deep, scans, sorts) = steps(own, [500_000, i64::MAX]);
    assert_eq!((read, scans, sorts), (20, 0, 0));
    assert!(deep < first * 2, "{deep} steps further down, {first} at the top");
    for sql in queries(HistoryView::WHOLE) {
        let explain = |db: &Connection| {
            let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<Result<Vec<_>, _>>()?;
            Ok(steps)
        };
        for step in fixture.store.read(explain).unwrap() {
            let is_row = [" e ", " t ", " m ", " n "].iter().any(|table| step.contains(table));
            assert!(!is_row || step.starts_with("SEARCH"), "{step}");
        }
    }
    assert_eq!(numbers(&fixture.store, mine(), 200).1, 100);
}

#[test]
fn a_badge_counts_the_unread_tickets_of_a_scope_and_reads_no_others() {
    let fixture = hub_fixture();
    let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                INSERT INTO tickets (number, subject, server_status, requester, created_at, updated_at, last_activity, unsent, unread)
                SELECT i, 'Auszahlung fehlt', 'open', CASE WHEN i % 100 = 0 THEN ?1 ELSE ?2 END, ?3, i, i, 0, i % 400 < 2 FROM n";
    fixture.store.write(Priority::User, |edit| Ok(edit.tx.execute(fill, params![ME.0, BEN.0, FIRST_DAY])?)).unwrap();
    let count = |view| fixture.store.unread_tickets(view).unwrap();
    assert_eq!((count(mine()), count(HistoryView::WHOLE), count(HistoryView::UNSENT)), (50, 100, 0));
    for entries in [Entries::Known] {
        let explain = |db: &Connection| {
            let sql = format!("SELECT count(*) {}", entries.unread(db, HistoryView::WHOLE)?);
            let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<Result<Vec<_>, _>>()?;
            let mut statement = db.prepare(&sql)?;
            let found: u32 = statement.query_row([], |row| row.get(0))?;
            Ok((steps, found, statement.get_status(StatementStatus::VmStep)))
        };
        let (steps, found, work) = fixture.store.read(explain).unwrap();
        assert_eq!(found, 100);
        assert!(work < 5_000, "{work} steps for a hundred unread tickets among twenty thousand");
        for step in steps.iter().filter(|step| step.contains("SCAN")) {
            assert!(step.contains(" u"), "{step}");
        }
    }
    // Everything that was shown is read, and nothing that was not.
    fixture.store.mark_all_read(mine()).unwrap();
    assert_eq!((count(mine()), count(HistoryView::WHOLE)), (0, 50));
}

/// Two tickets of the user's own and one of a colleague, all of them unread, in a file that an earlier version wrote.
fn older_file() -> (Fixture, Vec<TicketId>) {
    let fixture = hub_fixture();
    show(&fixture.store, "own", &[of(1, 0, ME), of(2, 1, ME), of(3, 2, BEN)], PageStep::Incremental);
    let ticket = |number| fixture.store.ticket_by_number(TicketNumber(number)).unwrap().unwrap();
    let tickets: Vec<_> = [1, 2, 3].map(ticket).into();
    for ticket in &tickets {
        fixture.store.mark_unread(*ticket).unwrap();
    }
    let older = "DELETE FROM unread_tickets; INSERT INTO rebuilds (what, next_ticket) VALUES ('unread', 1)";
    fixture.store.write(Priority::User, |edit| Ok(edit.tx.execute_batch(older)?)).unwrap();
    (fixture, tickets)
}

#[test]
fn what_was_unread_in_an_older_file_is_counted_before_and_after_it_was_filled_in() {
    let (fixture, tickets) = older_file();
    let count = |view| fixture.store.unread_tickets(view).unwrap();
    assert_eq!((count(mine()), count(HistoryView::WHOLE), count(HistoryView::UNSENT)), (2, 3, 0));
    while fixture.store.rebuild_step().unwrap() {}
    assert_eq!((count(mine()), count(HistoryView::WHOLE), count(HistoryView::UNSENT)), (2, 3, 0));
    fixture.store.mark_thread_opened(tickets[0]).unwrap();
    assert_eq!(count(mine()), 1);
}

#[test]
fn all_of_an_older_file_are_marked_as_read_before_it_was_filled_in() {
    let (fixture, tickets) = older_file();
    let unread = || {
        let is_unread = |ticket: &TicketId| fixture.store.ticket(*ticket).unwrap().row.unread;
        tickets.iter().map(is_unread).collect::<Vec<_>>()
    };
    assert_eq!(unread(), [true, true, true]);
    fixture.store.mark_all_read(mine()).unwrap();
    assert_eq!(unread(), [false, false, true], "the colleague's is not on screen");
    // A reminder that is made meanwhile is filled in only once, and stays one.
    fixture.store.mark_unread(tickets[1]).unwrap();
    while fixture.store.rebuild_step().unwrap() {}
    assert_eq!(unread(), [false, true, true]);
    assert!(fixture.store.ticket(tickets[1]).unwrap().row.reminder);
    assert_eq!(fixture.store.unread_tickets(mine()).unwrap(), 1);
}
