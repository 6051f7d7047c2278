//! Migrations: a file of every earlier version opens and still has its rows, and opening takes no longer for a long history.
//!
//! A new step needs a file `schema/NNN.sql` with rows of every kind that the step makes possible, and a line in [`ROWS`]. A
//! column whose values a step changes on purpose is named in [`CHANGED`], a column or table that it renames in [`RENAMED`],
//! [`RENAMED_HERE`] or [`RENAMED_TABLES`].

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::types::Value;
use rusqlite_migration::{M, Migrations};

use super::*;
use crate::query::FOLD_VERSION;
use crate::store::db::migrations::{RENAMED, bring_up_to_date, newest};
use crate::store::db::schema::normalised;
use crate::store::search::functions::register;

const SERVER: &str = "https://desk.example/";

/// Rows that a file may contain after each step, in the order of [`STEPS`].
const ROWS: &[&str] = &[
    include_str!("schema/001.sql"),
    include_str!("schema/002.sql"),
    include_str!("schema/003.sql"),
    include_str!("schema/004.sql"),
    include_str!("schema/005.sql"),
    include_str!("schema/006.sql"),
    include_str!("schema/007.sql"),
    include_str!("schema/008.sql"),
    include_str!("schema/009.sql"),
    include_str!("schema/010.sql"),
    include_str!("schema/011.sql"),
    include_str!("schema/012.sql"),
    include_str!("schema/013.sql"),
    include_str!("schema/014.sql"),
    include_str!("schema/015.sql"),
    include_str!("schema/016.sql"),
    include_str!("schema/017.sql"),
    include_str!("schema/018.sql"),
    include_str!("schema/019.sql"),
    include_str!("schema/020.sql"),
    include_str!("schema/021.sql"),
];

/// Columns (`table.column`) whose values a later step changes on purpose.
///
/// The map of statuses, the sources of fields and the rules of the history become those of the product with which the file is
/// opened.
const CHANGED: &[&str] = &[
    "rebuilds.next_ticket",
    "set_up.field_sources",
    "reconciliation.early",
    "rebuilds.what",
    "search_rules.id",
    "search_rules.fold_version",
    "search_rules.fields",
    "history_rules.id",
    "history_rules.since_ticket",
    "history_rules.since_escalation",
    "history_rules.dates_field",
    "history_rules.decides",
];

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

/// Tables that a later step replaces by others, which are computed anew from the rows.
const REPLACED: &[&str] = &["status_map", "ticket_statuses", "history_places"];

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
    register(&db).unwrap();
    for step in 1..=steps {
        let migrations = Migrations::new(STEPS[..step].iter().map(|step| M::up(step)).collect());
        migrations.to_latest(&mut db).unwrap();
        db.execute_batch(ROWS[step - 1]).unwrap();
    }
    db
}

/// Every value of every table, by table and column, in the order of the rows.
fn dump(db: &Connection) -> BTreeMap<String, Vec<Value>> {
    // The index of searches is made anew.
    let names =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%_words%'";
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
            if REPLACED.iter().any(|table| column.starts_with(&format!("{table}."))) {
                continue;
            }
            let present = present_name(&column);
            let kept = CHANGED.contains(&column.as_str()) || after.get(&present) == Some(&values);
            assert!(kept, "from version {version}, {column}: {values:?} became {:?}", after.get(&present));
        }
        // This version still reads the unsent operations and the history.
        let unsent = store.operations().unwrap();
        assert_eq!(unsent.len(), if version == 1 { 3 } else { 5 }, "from version {version}");
        assert_eq!(store.history(None, 10).unwrap().total, 3);
        assert_eq!(store.thread(TicketId(1), None, 10).unwrap().messages.len(), 4);
    }
}

#[test]
fn the_follow_ups_of_an_earlier_version_are_found_in_the_background() {
    let folder = tempfile::tempdir().unwrap();
    drop(make(&file_of(folder.path(), "ada"), 16));
    let store = open_in(folder.path(), "ada", SERVER).unwrap();
    let found = || {
        let sql = "SELECT max(ticket), max(follows), count(*) FROM follow_ups";
        let row = |db: &Connection| Ok(db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?);
        store.read(row).unwrap()
    };
    assert_eq!(found(), (None, None, 0), "opening reads no ticket");
    assert_eq!(store.ticket(TicketId(1)).unwrap().follows.map(|followed| followed.number.0), Some(4711));
    while store.rebuild_step().unwrap() {}
    assert_eq!(found(), (Some(1), Some(4711), 1));
}

#[test]
fn the_entries_of_an_earlier_version_are_computed_in_the_background() {
    for version in 1..19 {
        let folder = tempfile::tempdir().unwrap();
        drop(make(&file_of(folder.path(), "ada"), version));
        let store = open_in(folder.path(), "ada", SERVER).unwrap();
        let counted = || {
            let sql =
                "SELECT (SELECT count(*) FROM history_entries), (SELECT ifnull(sum(tickets), 0) FROM history_counts)";
            store
                .read(|db| Ok(db.query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?))
                .unwrap()
        };
        assert_eq!(counted(), (0, 0), "opening reads no ticket");
        let before = store.history(None, 10).unwrap();
        while store.rebuild_step().unwrap() {}
        assert_eq!(counted(), (3, 3), "from version {version}");
        assert_eq!(store.history(None, 10).unwrap(), before, "from version {version}");
    }
}

/// The step that only notes new texts keeps the index that the step before has made, and a rebuild of it that is under way.
#[test]
fn a_file_of_the_first_index_keeps_it_and_new_texts_come_into_it() {
    let folder = tempfile::tempdir().unwrap();
    let db = make(&file_of(folder.path(), "ada"), 20);
    let fields = serde_json::to_string(&Product::built_in().unwrap().searched_fields()).unwrap();
    db.execute("UPDATE search_rules SET fold_version = ?1, fields = ?2", (FOLD_VERSION, fields)).unwrap();
    db.execute("DELETE FROM search_documents WHERE field IS NOT NULL", []).unwrap();
    let made = |db: &Connection| -> i64 {
        db.query_row("SELECT count(*) FROM search_documents", [], |row| row.get(0)).unwrap()
    };
    let before = made(&db);
    drop(db);
    let store = open_in(folder.path(), "ada", SERVER).unwrap();
    assert!(before > 3 && store.read(|db| Ok(made(db))).unwrap() == before, "nothing is made anew");
    let sql = "INSERT INTO messages (ticket, mine, body, created_at, unsent) VALUES (1, 0, 'Der Stornobeleg', 1, 0)";
    assert_eq!(store.write(Priority::Sync, |edit| Ok(edit.tx.execute(sql, [])?)), Ok(1));
    assert_eq!(store.read(|db| Ok(made(db))).unwrap(), before + 1);
    while store.rebuild_step().unwrap() {}
    assert!(store.read(|db| Ok(made(db))).unwrap() > before + 1, "the rebuild goes on");
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
fn a_damaged_schema_of_an_earlier_version_is_known_as_well() {
    for version in 2..=STEPS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = file_of(folder.path(), "ada");
        drop(make(&path, version));
        let mut bytes = fs::read(&path).unwrap();
        for text in ["CREATE TABLE drafts", "DEFAULT 0, -- an attempt was made", "messages (id) ON DELETE"] {
            let place = bytes.windows(text.len()).position(|window| window == text.as_bytes());
            if let Some(place) = place {
                bytes[place + 9] ^= 4;
            }
        }
        fs::write(&path, bytes).unwrap();
        let store = open_in(folder.path(), "ada", SERVER).unwrap();
        let told = store.recovered().unwrap().unwrap();
        // The rows of version 5 tell of an earlier salvage that lost something, which the user has not acknowledged.
        assert_eq!(told.lost, version >= 5, "from version {version}");
        assert_eq!(store.operations().unwrap().len(), 5, "from version {version}");
        assert!(store.ticket_draft().unwrap().is_some() && store.reply_draft(TicketId(1)).unwrap().is_some());
    }
}

/// What SQLite knows about every table, index and trigger, and the rows that the schema itself brings.
fn described(db: &Connection) -> Vec<String> {
    let queries = [
        "SELECT type, name, tbl_name, NULL, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'",
        "SELECT 'table', name, type, wr || strict, NULL FROM pragma_table_list WHERE schema = 'main'",
        "SELECT 'column', s.name, x.cid || x.name, x.type || x.\"notnull\" || x.pk || x.hidden, x.dflt_value
         FROM sqlite_schema s, pragma_table_xinfo(s.name) x WHERE s.type = 'table'",
        "SELECT 'key', s.name, k.\"from\" || k.\"table\" || k.\"to\", k.on_delete, NULL
         FROM sqlite_schema s, pragma_foreign_key_list(s.name) k WHERE s.type = 'table'",
        "SELECT 'index', s.name, i.name || i.\"unique\" || i.origin || i.partial, x.seqno || ifnull(x.name, x.cid) || x.\"desc\", NULL
         FROM sqlite_schema s, pragma_index_list(s.name) i, pragma_index_xinfo(i.name) x WHERE s.type = 'table'",
        "SELECT 'row', number, state, early, since FROM reconciliation",
        "SELECT 'row', since, requests, bytes, NULL FROM request_budget",
    ];
    let mut described = Vec::new();
    for query in queries {
        let mut statement = db.prepare(query).unwrap();
        let rows = statement.query_map([], |row| {
            let fields = (0..5).map(|index| match row.get::<_, Value>(index).unwrap() {
                Value::Text(text) => normalised(&text),
                other => format!("{other:?}"),
            });
            Ok(fields.collect::<Vec<_>>().join(" | "))
        });
        described.extend(rows.unwrap().map(Result::unwrap));
    }
    described.sort();
    described
}

#[test]
fn a_new_file_and_one_that_took_every_step_have_the_same_schema() {
    let mut new = Connection::open_in_memory().unwrap();
    bring_up_to_date(&mut new).unwrap();
    for taken in 1..=STEPS.len() {
        let mut older = Connection::open_in_memory().unwrap();
        Migrations::new(STEPS[..taken].iter().map(|step| M::up(step)).collect()).to_latest(&mut older).unwrap();
        bring_up_to_date(&mut older).unwrap();
        let (expected, found) = (described(&new), described(&older));
        assert!(expected.len() > 200);
        for (expected, found) in expected.iter().zip(&found) {
            assert_eq!(expected, found, "from version {taken}");
        }
        assert_eq!(expected.len(), found.len());
        for db in [&new, &older] {
            let version: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
            assert_eq!(version, newest());
            let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            assert_eq!(verdict, "ok");
        }
    }
}

/// Steps that read every ticket, because they add a column to a STRICT table with `ALTER TABLE`. They shipped before this
/// was known. No later step may do so.
const READS_EVERY_TICKET: [usize; 3] = [2, 3, 5];

#[test]
fn a_step_takes_no_longer_for_a_long_history() {
    let work = |tickets: u32| -> Vec<u64> {
        let folder = tempfile::tempdir().unwrap();
        let db = Connection::open(folder.path().join("history")).unwrap();
        // Counts the work of statements that a statement runs inside of it, too.
        let done = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&done);
        let count = move || {
            counter.fetch_add(1, Ordering::Relaxed);
            false
        };
        db.progress_handler(1, Some(count)).unwrap();
        let steps = STEPS.iter().enumerate().map(|(number, step)| {
            let before = done.load(Ordering::Relaxed);
            db.execute_batch(step).unwrap();
            let after = done.load(Ordering::Relaxed);
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
            after - before
        });
        steps.collect()
    };
    let (few, many) = (work(10), work(2_000));
    for (number, (few, many)) in (1..).zip(few.iter().zip(&many)) {
        let grows = many - few > 1_000;
        assert_eq!(grows, READS_EVERY_TICKET.contains(&number), "step {number}: {few} against {many}");
    }
}
