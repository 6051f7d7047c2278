//! What the queries of every filter and every order read.

use rusqlite::{StatementStatus, params};

use super::*;
use crate::store::queries::history::Parts;

/// One query for each filter and each order, with all statements that read rows for it.
fn statements(store: &Store, views: &[HistoryView]) -> Vec<(String, String)> {
    let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
    let statuses: BTreeSet<StatusId> = set(&["open"]).into_iter().map(StatusId).collect();
    let filters = [
        ("all", HistoryFilter::default()),
        ("status", HistoryFilter { statuses: statuses.clone(), ..HistoryFilter::default() }),
        ("mark", HistoryFilter { marks: set(&["escalated"]), ..HistoryFilter::default() }),
        ("status or mark", HistoryFilter { statuses, marks: set(&["escalated"]), ..HistoryFilter::default() }),
        ("mine", HistoryFilter { creator: CreatorFilter::Me, ..HistoryFilter::default() }),
        ("unread", HistoryFilter { read: Some(false), ..HistoryFilter::default() }),
        ("read", HistoryFilter { read: Some(true), ..HistoryFilter::default() }),
        ("type", HistoryFilter { ticket_types: set(&["phone"]), ..HistoryFilter::default() }),
        ("days", HistoryFilter { created_from: Some(created(1)), ..HistoryFilter::default() }),
    ];
    let mut statements = Vec::new();
    for (name, filter) in filters {
        for view in views.iter().copied() {
            for key in KEYS {
                let query = HistoryQuery { view, filter: filter.clone(), sort: HistorySort { key, descending: true } };
                let parts = store.read(|db| Parts::sql(db, &store.product, &query)).unwrap();
                statements.extend(parts.concat().into_iter().map(|sql| (format!("{name} by {key:?}"), sql)));
            }
        }
    }
    statements
}

#[test]
fn no_query_of_the_history_reads_all_tickets_or_sorts_them() {
    let fixture = hub_fixture();
    let statements = statements(&fixture.store, &views());
    assert!(statements.len() > 400);
    for (name, sql) in statements {
        let explain = |db: &Connection| {
            let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<Result<Vec<_>, _>>()?;
            Ok(steps)
        };
        for step in fixture.store.read(explain).unwrap() {
            // `c` are the creators or the people in copy, `o` and `w` the outbox.
            let is_long =
                [" t", " e", " m", " n"].iter().any(|table| step.split(" USING").next().unwrap().ends_with(table));
            assert!(!is_long || step.starts_with("SEARCH"), "{name}: {step}");
            let of_outbox = sql.contains("max(o.id)");
            assert!(of_outbox || !step.contains("TEMP B-TREE"), "{name}: {step}");
        }
    }
}

#[test]
fn each_filter_and_each_order_costs_a_page_and_not_the_history() {
    let fixture = hub_fixture();
    let rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                INSERT INTO tickets (number, subject, server_status, requester, created_at, updated_at, last_activity, unsent, unread)
                SELECT i, 'Auszahlung fehlt', CASE WHEN i % 100 = 0 THEN 'open' ELSE 'solved' END, CASE WHEN i % 100 = 1 THEN ?1 ELSE ?2 + i % 50 END,
                       ?3 + i, i, i * 7919 % 1000003, 0, i % 100 = 2 FROM n";
    let fields = "INSERT INTO field_values (ticket, field, value)
                  SELECT id, 'ticket_type', CASE WHEN number % 100 = 3 THEN ?1 ELSE ?2 END FROM tickets
                  UNION ALL SELECT id, 'escalation_state', ?3 FROM tickets WHERE number % 100 = 4";
    let json = |text: &str| serde_json::to_string(&FieldValue::Text(text.to_owned())).unwrap();
    fixture
        .store
        .write(Priority::User, |edit| {
            edit.tx.execute(rows, params![ME.0, BEN.0, NOW.0])?;
            Ok(edit.tx.execute(fields, [json("phone"), json("email"), json("review")])?)
        })
        .unwrap();
    assert_eq!(recounted(&fixture.store), 0);
    let whole = [HistoryView::WHOLE];
    for (name, sql) in statements(&fixture.store, &whole).into_iter().filter(|(_, sql)| sql.contains("?3")) {
        let alone = name.starts_with("all by ") || name.ends_with(" by LastActivity") && !name.starts_with("days");
        let work = |db: &Connection| {
            let mut statement = db.prepare(&sql)?;
            let read = statement.query_map(params![i64::MAX, i64::MAX, 50], |_| Ok(()))?.count();
            Ok((read, statement.get_status(StatementStatus::VmStep)))
        };
        let (read, steps) = fixture.store.read(work).unwrap();
        // A second filter is tested on entries of the index: a few steps each.
        let most = if alone && read == 50 { 20_000 } else { 1_200_000 };
        assert!(steps < most, "{name}: {steps} steps for {read} rows: {sql}");
    }
}
