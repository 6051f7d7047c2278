//! Of which ticket a message is: what searches know of it stays right, whatever happens to messages and in which order.

use rusqlite::params;

use crate::query::HistoryView;
use crate::store::search::rules;
use crate::store::tests::*;

#[derive(Debug, Clone)]
enum Event {
    /// A message is written in a ticket.
    Write(i64),
    /// One of the messages moves to a ticket, as one does whose ticket turns out to be another.
    Move(usize, i64),
    Delete(usize),
    Revoke(i64),
    Show(i64),
    /// The index is made anew, ticket by ticket.
    Rebuild,
}

fn events() -> impl Strategy<Value = Event> {
    let ticket = || 1..=3_i64;
    prop_oneof![
        6 => ticket().prop_map(Event::Write),
        3 => (any::<usize>(), ticket()).prop_map(|(message, ticket)| Event::Move(message, ticket)),
        2 => any::<usize>().prop_map(Event::Delete),
        1 => ticket().prop_map(Event::Revoke),
        2 => ticket().prop_map(Event::Show),
        1 => Just(Event::Rebuild),
    ]
}

fn messages(store: &Store) -> Vec<(i64, i64)> {
    let sql = "SELECT m.id, m.ticket FROM messages m JOIN tickets t ON t.id = m.ticket WHERE t.visible ORDER BY m.id";
    let read = |db: &Connection| -> Result<Vec<(i64, i64)>, StoreError> {
        Ok(db.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    };
    store.read(read).unwrap()
}

fn happen(store: &Store, event: &Event) {
    let execute = |sql: &str, values: &[i64]| {
        store.write(Priority::Sync, |edit| Ok(edit.tx.execute(sql, rusqlite::params_from_iter(values))?)).unwrap();
    };
    let chosen = |at: usize| {
        let all = messages(store);
        (!all.is_empty()).then(|| all[at % all.len()].0)
    };
    match event {
        Event::Write(ticket) => {
            let sql = "INSERT INTO messages (ticket, mine, body, created_at, unsent)
                       SELECT ?1, 0, 'Überweisung W' || (1 + ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0)), 1, 0";
            execute(sql, &[*ticket]);
        }
        Event::Move(at, ticket) => {
            if let Some(message) = chosen(*at) {
                // Only between tickets that can be seen, as everywhere.
                let sql =
                    "UPDATE messages SET ticket = ?1 WHERE id = ?2 AND (SELECT visible FROM tickets WHERE id = ?1)";
                execute(sql, &[*ticket, message]);
            }
        }
        Event::Delete(at) => {
            if let Some(message) = chosen(*at) {
                execute("DELETE FROM messages WHERE id = ?1", &[message]);
            }
        }
        Event::Revoke(ticket) => execute("UPDATE tickets SET visible = 0 WHERE id = ?1", &[*ticket]),
        Event::Show(ticket) => execute("UPDATE tickets SET visible = 1 WHERE id = ?1", &[*ticket]),
        Event::Rebuild => {
            store.write(Priority::Sync, |edit| rules::forget(&edit.tx)).unwrap();
            while store.rebuild_step().unwrap() {}
        }
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
    fn every_message_is_found_in_its_own_ticket(events in prop::collection::vec(events(), 1..30)) {
        let fixture = fixture();
        let tickets = "INSERT INTO tickets (number, subject, server_status, created_at, updated_at, last_activity, unsent)
                       VALUES (501, 'Frage', 'open', 1, 1, 1, 0), (502, 'Frage', 'open', 2, 2, 2, 0), (503, 'Frage', 'open', 3, 3, 3, 0)";
        fixture.store.write(Priority::Sync, |edit| Ok(edit.tx.execute_batch(tickets)?)).unwrap();
        for event in &events {
            happen(&fixture.store, event);
            prop_assert_eq!(fixture.store.check_search(), Ok(0), "after {:?}", event);
        }
        for (message, ticket) in messages(&fixture.store) {
            prop_assert_eq!(found(&fixture.store, &format!("w{message} ")), [ticket]);
        }
    }
}

#[test]
fn a_thread_that_is_read_at_once_takes_one_row() {
    let fixture = fixture();
    let ticket = fixture.known();
    let comments: Vec<RemoteComment> = (1..=300).map(|id| comment(id, AGENT, &format!("Zeile {id}"))).collect();
    fixture.read(ticket, &comments);
    let count =
        |sql: &str| -> i64 { fixture.store.read(|db| Ok(db.query_row(sql, params![], |row| row.get(0))?)).unwrap() };
    assert_eq!(count("SELECT count(*) FROM search_documents"), 301);
    assert_eq!(count("SELECT count(*) FROM search_spans"), 1);
}
