//! What is found in more tickets than are looked up one by one.

use crate::query::{HistoryFilter, HistoryView};
use crate::store::tests::*;

/// Tickets from #10001 on, of which every third has "Störung" in its subject and every other third in a comment. Two each have their last
/// activity at the same time; some of them have even the same number for sorting, because none has a number yet.
const MANY: &str = "
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3700)
    INSERT INTO tickets (number, subject, server_status, created_at, updated_at, last_activity, unsent)
    SELECT CASE WHEN i % 500 > 5 THEN 10000 + i END, CASE i % 3 WHEN 0 THEN 'Störung 🧾' ELSE 'Frage' END,
           CASE WHEN i % 40 = 0 THEN 'closed' ELSE 'open' END, 1800000000000, 1800000000000, 1800000000000 + i / 2 * 7919 % 50000, 0 FROM n;
    INSERT INTO messages (ticket, comment, mine, body, created_at, unsent)
    SELECT id, 1, 0, 'Die Störung ist behoben.', 1800000000000, 0 FROM tickets WHERE id % 3 = 1;";

/// What every page together should have, read from the tickets themselves.
fn expected(store: &Store, condition: &str) -> Vec<i64> {
    let sql = format!(
        "SELECT t.id FROM tickets t
         WHERE (t.subject LIKE 'Störung%' OR EXISTS (SELECT 1 FROM messages m WHERE m.ticket = t.id AND m.body LIKE '%Störung%'))
           AND {condition}
         ORDER BY t.subject LIKE 'Störung%' DESC, t.last_activity DESC, t.sort_number DESC, t.id DESC"
    );
    let read = |db: &Connection| -> Result<Vec<i64>, StoreError> {
        Ok(db.prepare(&sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    };
    store.read(read).unwrap()
}

/// The tickets of all pages, and the count that the first page says.
fn all_pages(store: &Store, among: &HistoryQuery, limit: u32) -> (Vec<i64>, (u32, bool)) {
    let (mut after, mut seen, mut count) = (None, Vec::new(), None);
    loop {
        let page = store.search(among, "störung", after.as_deref(), limit).unwrap();
        let said = *count.get_or_insert((page.count, page.count_is_capped));
        assert_eq!((page.count, page.count_is_capped), said, "the count is that of all pages");
        seen.extend(page.hits.iter().map(|hit| hit.row.id.0));
        after = page.next;
        if after.is_none() {
            return (seen, said);
        }
    }
}

fn execute(store: &Store, sql: &str) {
    store.write(Priority::Sync, |edit| Ok(edit.tx.execute_batch(sql)?)).unwrap();
}

#[test]
fn every_page_of_many_hits_has_the_newest_that_are_left_each_once() {
    let fixture = fixture();
    let store = &fixture.store;
    execute(store, MANY);
    // What was not sent yet has a place of its own in the history, and here that of its time.
    let unsent = fixture.create(10);
    execute(store, "UPDATE tickets SET subject = 'Störung am Montag' WHERE unsent > 0");
    let whole = HistoryQuery::of(HistoryView::WHOLE);
    let (seen, count) = all_pages(store, &whole, 200);
    assert_eq!(count, (1_000, true));
    assert!(seen.contains(&unsent.0) && seen.len() > 2_000, "{}", seen.len());
    assert_eq!(seen, expected(store, "1"));
    let first = store.search(&whole, "störung", None, 50).unwrap().hits;
    assert_eq!(first.iter().map(|hit| hit.row.id.0).collect::<Vec<_>>(), seen[..50]);
    // A filter that leaves a few of them.
    let filter = HistoryFilter { read: Some(false), ..HistoryFilter::default() };
    execute(store, "UPDATE tickets SET unread = 1 WHERE id % 40 = 1");
    let (seen, count) = all_pages(store, &HistoryQuery { filter, ..whole }, 20);
    assert!(seen.len() > 40 && count == (u32::try_from(seen.len()).unwrap(), false), "{count:?}");
    assert_eq!(seen, expected(store, "t.unread"));
}

#[test]
fn what_waits_in_a_ticket_that_the_history_does_not_show_is_found_among_many() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"schema":1,"id":"tested","version":1,"extends":"hub@1"}"#;
    let product = Arc::new(Product::from_json(json, crate::product::ServerKind::Zendesk).unwrap());
    let store = Store::open(folder.path(), "ada", "https://desk.example/", None, product, Arc::default()).unwrap();
    store.bind("https://desk.example/", ME, None).unwrap();
    let fixture = Fixture { folder, store, hold: Duration::ZERO };
    execute(&fixture.store, MANY);
    execute(&fixture.store, "UPDATE tickets SET created_at = 1500000000000 WHERE id % 9 = 0");
    let whole = HistoryQuery::of(HistoryView::WHOLE);
    let is_shown = "t.created_at > 1500000000000";
    assert_eq!(all_pages(&fixture.store, &whole, 200).0, expected(&fixture.store, is_shown));
    fixture.reply(TicketId(1_809), 7, "Bitte eilig");
    let seen = all_pages(&fixture.store, &whole, 200).0;
    assert!(seen.contains(&1_809));
    assert_eq!(seen, expected(&fixture.store, &format!("({is_shown} OR t.id = 1809)")));
}

#[test]
fn old_tickets_are_found_behind_many_newer_ones_that_have_nothing_of_it() {
    let fixture = fixture();
    let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9400)
                INSERT INTO tickets (number, subject, server_status, created_at, updated_at, last_activity, unsent)
                SELECT 1000 + i, CASE WHEN i <= 1010 THEN 'Störung' ELSE 'Frage' END, 'open', i, i, i, 0 FROM n";
    execute(&fixture.store, fill);
    let (seen, count) = all_pages(&fixture.store, &HistoryQuery::of(HistoryView::WHOLE), 200);
    assert_eq!(count, (1_000, true));
    assert_eq!(seen, expected(&fixture.store, "1"));
}
