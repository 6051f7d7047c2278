//! Makes a damaged file readable for salvage.
//!
//! # The story
//!
//! SQLite finds a table through the first 100 bytes of the file, its header, and through `sqlite_schema`, which holds for
//! every table where it begins and how it was defined. One wrong byte there, and SQLite refuses a file whose rows are all
//! intact. Both are the same in every file of one version, except for the places where the tables begin. So they can be
//! written anew:
//!
//! 1. A file that opens, with the schema of a version of ours, is read as it is. Nothing is written.
//! 2. Otherwise the file and its log are copied to *desk.mended*, and the log is moved into the copy.
//! 3. The rows of the copy's `sqlite_schema` are read one by one. If 2 fails or no row can be read, the copy gets a new
//!    header, and both are tried once more. Each row is recognised by what is intact of it, as the table, index or
//!    trigger of that version of ours with which most rows agree.
//! 4. The first page of the copy is written anew, with a new header and an empty schema. What was recognised is inserted
//!    with its known definition. What was not recognised is inserted as it is: SQLite leaves out what it cannot parse.
//!
//! The copy serves only this one salvage. Its counters and its list of unused pages are wrong, so only the queries of
//! salvage may use it. A crash leaves the copy behind, and the next opening removes it.

use std::cmp::Reverse;
use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use crate::store::StoreError;
use crate::store::db::connection::{self, APPLICATION_ID};
use crate::store::db::paths::FILE;
use crate::store::db::schema::{self, Object, normalised};

/// The copy of the damaged file.
pub(super) const MENDED: &str = "desk.mended";
/// The size of a page, the same in every file of ours.
const PAGE: u16 = 4096;
/// The length of the file header.
const HEADER: usize = 100;
/// A number above that of the rows that `sqlite_schema` has in any version.
const MAX_OBJECTS: i64 = 400;

/// A file that salvage can read.
pub(super) struct Readable {
    pub db: Connection,
    /// Every table, view, index and trigger of its version was found.
    pub whole: bool,
}

/// A row of `sqlite_schema`, as it was found.
struct Found {
    object: Object,
    root: i64,
}

/// Opens the database in `folder`, or a mended copy of it. `None` if there is no database, or no table can be found.
pub(super) fn readable(folder: &Path) -> Result<Option<Readable>, StoreError> {
    let file = folder.join(FILE);
    if !file.exists() {
        return Ok(None);
    }
    if let Ok(db) = open(&file)
        && schema::agrees_with_any(&db).unwrap_or(false)
    {
        return Ok(Some(Readable { db, whole: true }));
    }
    mended(folder)
}

/// Makes the copy, and opens it.
fn mended(folder: &Path) -> Result<Option<Readable>, StoreError> {
    let copy = folder.join(MENDED);
    fs::copy(folder.join(FILE), &copy)?;
    let log = folder.join(format!("{FILE}-wal"));
    if log.exists() {
        fs::copy(log, beside(&copy, "-wal"))?;
    }
    let mut found = rows(&copy).unwrap_or_default();
    if found.is_empty() {
        write_header(&copy, 0)?;
        found = rows(&copy).unwrap_or_default();
    }
    let Some((version, known)) = best_version(&found)? else { return Ok(None) };
    let (objects, whole) = recognised(found, &known);
    if objects.is_empty() {
        return Ok(None);
    }
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(beside(&copy, ending));
    }
    write_header(&copy, version)?;
    empty_schema(&copy)?;
    let db = open(&copy)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, true)?;
    for Found { object, root } in &objects {
        let sql = "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES (?1, ?2, ?3, ?4, ?5)";
        db.execute(sql, params![object.kind, object.name, object.table, root, object.sql])?;
    }
    drop(db);
    let db = open(&copy)?;
    // With this, SQLite leaves out a definition that it cannot parse, and does not refuse the others.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, true)?;
    Ok(Some(Readable { db, whole }))
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    let db = connection::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection::leave_log(&db)?;
    Ok(db)
}

/// Moves the log into the copy, and reads every row of its `sqlite_schema` that can be read.
fn rows(copy: &Path) -> Result<Vec<Found>, StoreError> {
    let db = open(copy)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, true)?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let sql = "SELECT type, name, tbl_name, sql, rootpage FROM sqlite_schema WHERE rowid = ?1";
    let mut statement = db.prepare(sql)?;
    let mut found = Vec::new();
    for id in 1..=MAX_OBJECTS {
        let row = statement.query_row([id], |row| {
            let text = |column| {
                Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_bytes_or_null()?.map(String::from_utf8_lossy))
            };
            let word = |column| text(column).map(|text| text.unwrap_or_default().into_owned());
            let sql = text(3)?.map(std::borrow::Cow::into_owned);
            let object = Object { kind: word(0)?, name: word(1)?, table: word(2)?, sql };
            Ok(Found { object, root: row.get(4)? })
        });
        // A row that cannot be read counts as missing.
        found.extend(row.optional().ok().flatten());
    }
    Ok(found)
}

/// Finds the schema version whose definitions agree with the most rows, and returns it with its definitions. If several
/// versions agree with equally many rows, because the damage hides what tells them apart, takes the version with the
/// fewest missing names, and of those the newest. `None` if no row agrees with any version.
fn best_version(found: &[Found]) -> Result<Option<(u32, Vec<Object>)>, StoreError> {
    let texts: Vec<String> = found.iter().filter_map(|row| row.object.sql.as_deref()).map(normalised).collect();
    let names: Vec<&str> = found.iter().map(|row| row.object.name.as_str()).collect();
    let mut best = None;
    let mut highest = (0, Reverse(usize::MAX));
    for (version, known) in (1..).zip(schema::versions()?) {
        let same = |object: &&Object| object.sql.as_deref().is_some_and(|sql| texts.contains(&normalised(sql)));
        let agreeing = known.iter().filter(same).count();
        let missing = known.iter().filter(|object| !names.contains(&object.name.as_str())).count();
        let score = (agreeing, Reverse(missing));
        if agreeing > 0 && score >= highest {
            (highest, best) = (score, Some((version, known)));
        }
    }
    Ok(best)
}

/// Gives each row the definition by which it is recognised, and says whether every known object was found. Rows that agree
/// in more of their four texts are recognised first.
fn recognised(mut found: Vec<Found>, known: &[Object]) -> (Vec<Found>, bool) {
    let mut missing: Vec<&Object> = known.iter().collect();
    let mut recognised = Vec::new();
    for agreeing in [4, 3, 2] {
        missing.retain(|object| {
            let Some(place) = found.iter().position(|row| agreement(&row.object, object) >= agreeing) else {
                return true;
            };
            let Found { root, .. } = found.remove(place);
            recognised.push(Found { object: (*object).clone(), root });
            false
        });
    }
    let order = |row: &Found| known.iter().position(|object| *object == row.object);
    recognised.sort_by_key(order);
    recognised.append(&mut found);
    (recognised, missing.is_empty())
}

/// In how many of its four texts a row agrees with an object; 0 if neither its name nor its definition does.
fn agreement(row: &Object, object: &Object) -> usize {
    let name = row.name.eq_ignore_ascii_case(&object.name);
    let sql = match (&row.sql, &object.sql) {
        (Some(row), Some(object)) => normalised(row) == normalised(object),
        (None, None) => true,
        _ => false,
    };
    if !name && (!sql || row.sql.is_none() && row.kind != object.kind) {
        return 0;
    }
    let table = row.table.eq_ignore_ascii_case(&object.table);
    [name, sql, table, row.kind == object.kind].into_iter().filter(|same| *same).count()
}

/// Replaces the file header of the copy. It can be written without the old one, because its settings are the same in every
/// file of ours.
fn write_header(copy: &Path, version: u32) -> Result<(), StoreError> {
    let mut file = OpenOptions::new().write(true).open(copy)?;
    let pages = file.metadata()?.len().div_ceil(u64::from(PAGE));
    let mut header = Vec::with_capacity(HEADER);
    header.extend(b"SQLite format 3\0");
    header.extend(PAGE.to_be_bytes());
    // Written and read in WAL mode; no reserved bytes; the three payload fractions that the format prescribes.
    header.extend([2, 2, 0, 64, 32, 32]);
    let push = |header: &mut Vec<u8>, value: u32| header.extend(value.to_be_bytes());
    // Change counter, pages, first free page and number of free pages (none), schema cookie, schema format 4, default
    // cache size, no auto-vacuum, UTF-8, version of the schema, no incremental vacuum, application id.
    let application = APPLICATION_ID.cast_unsigned();
    for value in [1, u32::try_from(pages).unwrap_or(u32::MAX), 0, 0, 1, 4, 0, 0, 1, version, 0, application] {
        push(&mut header, value);
    }
    header.resize(92, 0);
    push(&mut header, 1);
    push(&mut header, 3_045_000);
    file.write_all(&header)?;
    Ok(())
}

/// Makes the first page of the copy, behind its header, the only page of a `sqlite_schema` without rows.
fn empty_schema(copy: &Path) -> Result<(), StoreError> {
    let mut file = OpenOptions::new().read(true).write(true).open(copy)?;
    let mut header = [0; HEADER];
    file.read_exact(&mut header)?;
    let mut page = Vec::from(header);
    // A leaf of a table: no free block, no cell, content from the end of the page on, no fragment.
    page.extend([13, 0, 0, 0, 0]);
    page.extend(PAGE.to_be_bytes());
    page.push(0);
    page.resize(PAGE.into(), 0);
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&page)?;
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
