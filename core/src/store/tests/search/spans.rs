//! The index and of which ticket a message is: both stay right, whatever happens within a transaction and in which order.

use rusqlite::OptionalExtension;

use crate::query::HistoryView;
use crate::store::search::{rebuild, rules};
use crate::store::tests::*;

#[derive(Debug, Clone)]
enum Event {
    /// A ticket is there with its first message.
    Create,
    /// A message is written in a ticket.
    Write(usize),
    /// A message has another text.
    Change(usize),
    /// One of the messages moves to a ticket, as one does whose ticket turns out to be another.
    Move(usize, usize),
    Delete(usize),
    Rename(usize),
    Remove(usize),
    Revoke(usize),
    Show(usize),
    /// A ticket gets another value of a searched field.
    Fill(usize),
    /// The index is not used any more, until it is made anew.
    Forget,
    /// The index is made anew for some tickets.
    Rebuild,
}

#[derive(Debug, Clone)]
enum Step {
    /// All of this is one transaction.
    Together {
        events: Vec<Event>,
        /// These are rolled back, to a savepoint behind the first ones.
        undone: Vec<Event>,
        then: Vec<Event>,
        commits: bool,
    },
    /// The index is made anew, ticket by ticket.
    Rebuild,
}

fn steps() -> impl Strategy<Value = Step> {
    let any = any::<usize>;
    let event = prop_oneof![
        2 => Just(Event::Create),
        6 => any().prop_map(Event::Write),
        2 => any().prop_map(Event::Change),
        3 => (any(), any()).prop_map(|(message, ticket)| Event::Move(message, ticket)),
        2 => any().prop_map(Event::Delete),
        1 => any().prop_map(Event::Rename),
        1 => any().prop_map(Event::Remove),
        2 => any().prop_map(Event::Revoke),
        3 => any().prop_map(Event::Show),
        2 => any().prop_map(Event::Fill),
        1 => Just(Event::Forget),
        2 => Just(Event::Rebuild),
    ];
    let events = |most| prop::collection::vec(event.clone(), 0..most);
    let together =
        (events(6), prop_oneof![2 => Just(Vec::new()), 1 => events(4)], events(3), prop::bool::weighted(0.9));
    let together =
        together.prop_map(|(events, undone, then, commits)| Step::Together { events, undone, then, commits });
    prop_oneof![9 => together, 1 => Just(Step::Rebuild)]
}

/// The first column of every row.
fn ids(db: &Connection, sql: &str) -> Vec<i64> {
    db.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn happen(edit: &mut Edit<'_>, fields: &[String], events: &[Event]) {
    for event in events {
        happens(edit, fields, event);
    }
}

fn happens(edit: &mut Edit<'_>, fields: &[String], event: &Event) {
    if matches!(event, Event::Rebuild) {
        let next = "SELECT next_ticket FROM rebuilds WHERE what = 'search'";
        let next: Option<i64> = edit.tx.query_row(next, [], |row| row.get(0)).optional().unwrap();
        if let Some(next) = next {
            rebuild::step(edit, rebuild::SEARCH, next, fields).unwrap();
        }
        return;
    }
    let db = &*edit.tx;
    let one_of = |at: usize, sql: &str| {
        let all = ids(db, sql);
        if all.is_empty() { 0 } else { all[at % all.len()] }
    };
    let ticket = |at| one_of(at, "SELECT id FROM tickets ORDER BY id");
    let message = |at| one_of(at, "SELECT id FROM messages ORDER BY id");
    let execute = |sql: &str, values: &[i64]| {
        db.execute(sql, rusqlite::params_from_iter(values)).unwrap();
    };
    let write = "INSERT INTO messages (ticket, mine, body, created_at, unsent)
                 SELECT id, 0, 'Überweisung W' || (1 + ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0)), 1, 0
                 FROM tickets WHERE id = ?1";
    match event {
        Event::Create => {
            let sql =
                "INSERT INTO tickets (number, subject, server_status, created_at, updated_at, last_activity, unsent)
                       SELECT 501 + ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'tickets'), 0), 'Frage', 'open', ?1, ?1, ?1, 0";
            execute(sql, &[NOW.0]);
            let created = db.last_insert_rowid();
            execute("INSERT INTO list_tickets (ticket, list, reconciliation) VALUES (?1, 'own', 0)", &[created]);
            execute(write, &[created]);
        }
        Event::Write(at) => execute(write, &[ticket(*at)]),
        Event::Change(at) => execute("UPDATE messages SET body = body || ' 🧾 neu' WHERE id = ?1", &[message(*at)]),
        Event::Move(at, to) => {
            // Only between tickets that can be seen, as everywhere.
            let sql = "UPDATE messages SET ticket = ?1
                       WHERE id = ?2 AND 2 = (SELECT sum(visible) FROM (SELECT visible FROM tickets WHERE id = ?1
                                              UNION ALL SELECT visible FROM tickets WHERE id = messages.ticket))";
            execute(sql, &[ticket(*to), message(*at)]);
        }
        Event::Delete(at) => execute("DELETE FROM messages WHERE id = ?1", &[message(*at)]),
        Event::Rename(at) => execute("UPDATE tickets SET subject = subject || ' x' WHERE id = ?1", &[ticket(*at)]),
        Event::Remove(at) => execute("DELETE FROM tickets WHERE id = ?1", &[ticket(*at)]),
        Event::Revoke(at) => execute("UPDATE tickets SET visible = 0 WHERE id = ?1", &[ticket(*at)]),
        Event::Show(at) => execute("UPDATE tickets SET visible = 1 WHERE id = ?1", &[ticket(*at)]),
        Event::Fill(at) => {
            let sql = "INSERT INTO field_values (ticket, field, value)
                       SELECT id, 'escalation_id', json_object('type', 'text', 'value', 'CP-' || id) FROM tickets WHERE id = ?1
                       ON CONFLICT DO UPDATE SET value = json_object('type', 'text', 'value', (value ->> '$.value') || ' CP')";
            execute(sql, &[ticket(*at)]);
        }
        Event::Forget => rules::forget(db).unwrap(),
        Event::Rebuild => {}
    }
}

/// The tickets in which a search finds a word.
fn found(store: &Store, word: &str) -> Vec<i64> {
    let hits = store.search(&HistoryQuery::of(HistoryView::WHOLE), word, None, 50).unwrap().hits;
    hits.iter().map(|hit| hit.row.id.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn every_message_is_found_in_its_own_ticket(steps in prop::collection::vec(steps(), 1..15)) {
        let folder = tempfile::tempdir().unwrap();
        let json = r#"{"schema":1,"id":"tested","version":1,"extends":"hub@1"}"#;
        let product = Arc::new(Product::from_json(json, crate::product::ServerKind::Zendesk).unwrap());
        let fields = product.searched_fields();
        prop_assert!(fields.contains(&"escalation_id".to_owned()));
        let store = Store::open(folder.path(), "ada", "https://desk.example/", None, product, Arc::default()).unwrap();
        for step in &steps {
            match step {
                Step::Together { events, undone, then, commits } => {
                    let written = store.write(Priority::Sync, |edit| {
                        happen(edit, &fields, events);
                        edit.tx.execute_batch("SAVEPOINT here").unwrap();
                        happen(edit, &fields, undone);
                        edit.tx.execute_batch(if undone.is_empty() { "RELEASE here" } else { "ROLLBACK TO here; RELEASE here" }).unwrap();
                        happen(edit, &fields, then);
                        if *commits { Ok(()) } else { Err(StoreError::NoSuchTicket) }
                    });
                    prop_assert_eq!(written.is_ok(), *commits);
                }
                Step::Rebuild => {
                    store.write(Priority::Sync, |edit| rules::forget(&edit.tx)).unwrap();
                    while store.rebuild_step().unwrap() {}
                }
            }
            prop_assert_eq!(store.check_search(), Ok(0), "after {:?}", step);
            let noted = store.read(|db| Ok(ids(db, "SELECT id FROM new_documents"))).unwrap();
            prop_assert!(noted.is_empty(), "after {:?}", step);
        }
        while store.rebuild_step().unwrap() {}
        prop_assert_eq!(store.check_search(), Ok(0));
        let sql = "SELECT m.id FROM messages m JOIN tickets t ON t.id = m.ticket WHERE t.visible";
        for message in store.read(|db| Ok(ids(db, sql))).unwrap() {
            let sql = format!("SELECT ticket FROM messages WHERE id = {message}");
            prop_assert_eq!(found(&store, &format!("w{message} ")), store.read(|db| Ok(ids(db, &sql))).unwrap());
        }
    }
}

#[test]
fn a_thread_that_is_read_at_once_takes_one_row() {
    let fixture = fixture();
    let ticket = fixture.known();
    let comments: Vec<RemoteComment> = (1..=300).map(|id| comment(id, AGENT, &format!("Zeile {id}"))).collect();
    fixture.read(ticket, &comments);
    let count = |sql: &str| -> i64 { fixture.store.read(|db| Ok(ids(db, sql)[0])).unwrap() };
    assert_eq!(count("SELECT count(*) FROM search_documents"), 301);
    assert_eq!(count("SELECT count(*) FROM search_spans"), 1);
}
