//! A file of every earlier version opens, and still has its rows; and opening it takes no longer for a long history.
//!
//! A new step brings a file of rows with it: `schema/NNN.sql`, what a file of that version may hold in what the step made,
//! and a line in [`ROWS`]. A column that a step changes on purpose is named in [`CHANGED`].

use std::collections::BTreeMap;

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::Value;
use rusqlite::{Batch, StatementStatus};
use rusqlite_migration::{M, Migrations};

use super::*;

const DESK: &str = "https://desk.example/";

/// What a file may hold after each step, in the order of [`STEPS`].
const ROWS: &[&str] = &[
    include_str!("schema/001.sql"),
    include_str!("schema/002.sql"),
    include_str!("schema/003.sql"),
    include_str!("schema/004.sql"),
    include_str!("schema/005.sql"),
];

/// Columns (`table.column`) whose values a later step changes on purpose.
const CHANGED: &[&str] = &[];

/// A file as the version with that many steps left it, with all kinds of rows.
fn make(path: &Path, steps: usize) -> Connection {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut db = Connection::open(path).unwrap();
    db.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    for step in 1..=steps {
        let migrations = Migrations::new(STEPS[..step].iter().map(|step| M::up(step)).collect());
        migrations.to_latest(&mut db).unwrap();
        db.execute_batch(ROWS[step - 1]).unwrap();
    }
    db
}

/// Every value of every table, by table and column, in the order of the rows.
fn dump(db: &Connection) -> BTreeMap<String, Vec<Value>> {
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    let tables: Vec<String> =
        db.prepare(names).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut dump = BTreeMap::new();
    for table in tables {
        let mut statement = db.prepare(&format!("SELECT * FROM {table} ORDER BY rowid")).unwrap();
        let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (index, column) in columns.iter().enumerate() {
                dump.entry(format!("{table}.{column}")).or_insert_with(Vec::new).push(row.get(index).unwrap());
            }
        }
    }
    dump
}

#[test]
fn a_file_of_every_earlier_version_opens_with_its_rows() {
    assert_eq!(ROWS.len(), STEPS.len(), "every step has its rows");
    for version in 1..=STEPS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = file_of(folder.path(), "ada");
        let db = make(&path, version);
        let before = dump(&db);
        assert!(before.len() > 60, "all tables have rows");
        drop(db);
        let store = open_in(folder.path(), "ada", DESK).unwrap();
        let after = store.read(|db| Ok(dump(db))).unwrap();
        for (column, values) in before {
            let kept = CHANGED.contains(&column.as_str()) || after.get(&column) == Some(&values);
            assert!(kept, "from version {version}, {column}: {values:?} became {:?}", after.get(&column));
        }
        // And what is on its way still is, for this version's eyes.
        let unsent = store.operations().unwrap();
        assert_eq!(unsent.len(), if version == 1 { 3 } else { 5 }, "from version {version}");
        assert_eq!(store.history(None, 10).unwrap().total, 3);
        assert_eq!(store.thread(TicketId(1), None, 10).unwrap().messages.len(), 4);
    }
}

#[test]
fn a_step_takes_no_longer_for_a_long_history() {
    let work = |tickets: u32| -> Vec<i64> {
        let folder = tempfile::tempdir().unwrap();
        let db = Connection::open(folder.path().join("history")).unwrap();
        let steps = STEPS.iter().enumerate().map(|(number, step)| {
            let mut done = 0;
            let mut batch = Batch::new(&db, step);
            while let Some(mut statement) = batch.next().unwrap() {
                statement.execute([]).unwrap();
                done += i64::from(statement.get_status(StatementStatus::VmStep));
            }
            if number == 0 {
                let sql = format!(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {tickets})
                     INSERT INTO tickets (number, subject, desk_status, created_at, updated_at, last_activity, unsent)
                     SELECT i, 'Vorgang ' || i, 'open', i, i, i, 0 FROM n;
                     INSERT INTO messages (ticket, comment, author, mine, body, created_at, unsent)
                     SELECT id, id * 10, 77, 0, 'Wir prüfen das.', id, 0 FROM tickets;"
                );
                db.execute_batch(&sql).unwrap();
            }
            done
        });
        steps.collect()
    };
    let (few, many) = (work(10), work(2_000));
    for (number, (few, many)) in few.iter().zip(&many).enumerate() {
        assert!(many - few < 1_000, "step {} works on every row: {few} against {many}", number + 1);
    }
}
