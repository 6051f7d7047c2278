//! Migrations: a file of every earlier version opens and still has its rows, and opening takes no longer for a long history.
//!
//! A new step needs a file `schema/NNN.sql` with rows of every kind that the step makes possible, and a line in [`ROWS`]. A
//! column whose values a step changes on purpose is named in [`CHANGED`], a column or table that it renames in [`RENAMED`],
//! [`RENAMED_HERE`] or [`RENAMED_TABLES`].

use std::collections::BTreeMap;

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::Value;
use rusqlite::{Batch, StatementStatus};
use rusqlite_migration::{M, Migrations};

use super::*;
use crate::store::db::migrations::RENAMED;

const SERVER: &str = "https://desk.example/";

/// Rows that a file may contain after each step, in the order of [`STEPS`].
const ROWS: &[&str] = &[
    include_str!("schema/001.sql"),
    include_str!("schema/002.sql"),
    include_str!("schema/003.sql"),
    include_str!("schema/004.sql"),
    include_str!("schema/005.sql"),
    include_str!("schema/006.sql"),
];

/// Columns (`table.column`) whose values a later step changes on purpose.
const CHANGED: &[&str] = &[];

/// Renamed columns (`table.column`) of tables that are not salvaged: earlier name, present name. The renamed columns of
/// salvaged tables are in [`RENAMED`].
const RENAMED_HERE: &[(&str, &str)] = &[
    ("lists.walk_from", "lists.backfill_watermark"),
    ("lists.walk_cursor", "lists.backfill_cursor"),
    ("lists.walked", "lists.backfill_rows"),
    ("lists.expected", "lists.expected_rows"),
    ("lists.sweep_cursor", "lists.reconciliation_cursor"),
    ("lists.swept", "lists.reconciled"),
    ("downloads.place", "downloads.attachment_index"),
    ("met.sweep", "reconciliation_marks.reconciliation"),
    ("met.ticket", "reconciliation_marks.ticket"),
];
/// Renamed tables: earlier name, present name.
const RENAMED_TABLES: &[(&str, &str)] =
    &[("sweep", "reconciliation"), ("spent", "request_budget"), ("doomed", "pending_deletes")];

/// The present name of a `table.column` of an earlier version.
fn present_name(column: &str) -> String {
    let (table, name) = column.split_once('.').unwrap();
    let whole = RENAMED_HERE.iter().find(|(earlier, _)| *earlier == column).map(|(_, present)| (*present).to_owned());
    let salvaged = RENAMED.iter().find(|(of, earlier, _)| *of == table && *earlier == name);
    let table = RENAMED_TABLES.iter().find(|(earlier, _)| *earlier == table).map_or(table, |(_, present)| present);
    whole.unwrap_or_else(|| format!("{table}.{}", salvaged.map_or(name, |(_, _, present)| *present)))
}

/// A file of the version with this many steps, with rows of every kind.
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
        assert!(before.len() > 60, "the tables have rows");
        drop(db);
        let store = open_in(folder.path(), "ada", SERVER).unwrap();
        let after = store.read(|db| Ok(dump(db))).unwrap();
        for (column, values) in before {
            let present = present_name(&column);
            let kept = CHANGED.contains(&column.as_str()) || after.get(&present) == Some(&values);
            assert!(kept, "from version {version}, {column}: {values:?} became {:?}", after.get(&column));
        }
        // This version still reads the unsent operations and the history.
        let unsent = store.operations().unwrap();
        assert_eq!(unsent.len(), if version == 1 { 3 } else { 5 }, "from version {version}");
        assert_eq!(store.history(None, 10).unwrap().total, 3);
        assert_eq!(store.thread(TicketId(1), None, 10).unwrap().messages.len(), 4);
    }
}

/// Salvage reads a damaged file by the column names of the version that wrote it.
#[test]
fn a_damaged_file_of_an_earlier_version_gives_back_what_it_knew_of_its_attempts() {
    for version in 2..=STEPS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = file_of(folder.path(), "ada");
        drop(make(&path, version));
        fs::write(path.with_file_name("lock"), "pocketdesk\n").unwrap();
        let mut bytes = fs::read(&path).unwrap();
        bytes[..100].fill(0x5a);
        fs::write(&path, bytes).unwrap();
        let store = open_in(folder.path(), "ada", SERVER).unwrap();
        assert!(store.recovered().unwrap().is_some(), "from version {version}");
        let operations = store.operations().unwrap();
        let row = |id| operations.iter().find(|operation| operation.id.0 == id).unwrap();
        let checked = row(1);
        assert_eq!(
            (checked.high_water_mark, checked.ever_attempted, checked.ambiguous_attempts),
            (Some(12), true, 1),
            "from version {version}"
        );
        let State::NeedsUser(reason) = &row(3).state else { panic!("from version {version}: {:?}", row(3).state) };
        assert_eq!(reason.server_message.as_deref(), Some("Dieses Feld fehlt"), "from version {version}");
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
