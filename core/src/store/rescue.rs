//! A file that SQLite cannot read any more: what the user wrote is carried over into a new one.
//!
//! # The story
//!
//! 1. The damaged file is read as it is, row by row and as far as it goes. If nothing of it can be read because its first
//!    bytes are gone, a copy with new ones is tried.
//! 2. What was read goes into a fresh file, *desk.rescuing*: the account, whatever is in the outbox, messages without a
//!    place at the desk, drafts, what drafts became, and the tickets all of these belong to. The history is not carried
//!    over: the desk has it.
//! 3. The fresh file is complete and durable, and takes the name *desk.rescued*. From here on there is no way back.
//! 4. The damaged file is set aside as *damaged.sqlite3*, log and all; the fresh one takes its place.
//!
//! A crash before 3 leaves the damaged file, and a *desk.rescuing* that the next opening removes. A crash after 3 leaves
//! *desk.rescued*, and the next opening goes on with 4. Nothing is in two places at once, or in none.
//!
//! Nobody can say what a damaged file forgot last. So a rescued write counts as one whose request may have left: it is
//! looked for at the desk before it is sent again. A message whose outbox row is lost is left to the user. What was
//! rescued, and whether something could not be read, is kept for the user until acknowledged.
//!
//! The file that was set aside may hold what the user may no longer see. It is there for whoever wants to know what
//! happened to it, and goes with the first complete sync, or when the account is opened again, whichever comes first.
//! There is never more than one.
//!
//! Signing out and keeping what waits takes the same road, with a file that is well: only what waits is carried over, as
//! it stands, and of a ticket that the desk knows not more than its number.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OpenFlags, Row, params_from_iter};

use super::open::{self, FILE, Home};
use super::{Store, StoreError, Writer};

const RESCUING: &str = "desk.rescuing";
const RESCUED: &str = "desk.rescued";
/// The copy with a new head.
const MENDED: &str = "desk.mended";
const DAMAGED: &str = "damaged.sqlite3";
/// The file itself, and what SQLite keeps beside it.
const PARTS: [&str; 4] = ["", "-wal", "-shm", "-journal"];
/// Rows between two readable stretches that are asked for one by one.
const PROBED: i64 = 10_000;

/// That the file was made anew from a damaged one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovered {
    /// Unsent writes and drafts that were rescued.
    pub rescued: u32,
    /// Something that the user wrote may be lost: a part of the file could not be read.
    pub lost: bool,
}

impl Store {
    /// Whether the file was made anew and the user has not acknowledged it yet.
    pub fn recovered(&self) -> Result<Option<Recovered>, StoreError> {
        self.read(|db| {
            let sql = "SELECT rescued, ifnull(rescue_lost, 0) FROM account";
            Ok(db.query_row(sql, [], |row| {
                let rescued: Option<u32> = row.get(0)?;
                let lost = row.get(1)?;
                Ok(rescued.map(|rescued| Recovered { rescued, lost }))
            })?)
        })
    }

    /// The user knows.
    pub fn acknowledge_recovery(&self) -> Result<(), StoreError> {
        self.write(Writer::User, |edit| {
            edit.tx.execute("UPDATE account SET rescued = NULL, rescue_lost = NULL", [])?;
            edit.changes.status = true;
            Ok(())
        })
    }

    /// Removes what a rescue set aside: the desk was read to its end, and the file has everything again.
    pub fn forget_damaged(&self) -> Result<(), StoreError> {
        remove(&self.home.folder, DAMAGED)
    }
}

/// Finishes, or forgets, what an earlier process left in the folder. Before the file is opened.
pub(super) fn tidy(folder: &Path) -> Result<(), StoreError> {
    remove(folder, RESCUING)?;
    remove(folder, MENDED)?;
    if folder.join(RESCUED).exists() { swap(folder) } else { remove(folder, DAMAGED) }
}

/// Whether what cannot be opened is our own file, damaged, and not a file that somebody put in its place: it has something
/// of our schema or our mark in it, or nothing at all, or is shorter than any database.
pub(super) fn is_ours(folder: &Path) -> Result<bool, StoreError> {
    const OURS: [&[u8]; 2] = [b"CREATE TABLE account", b"CREATE TABLE submissions"];
    const SHORTEST: u64 = 512;
    let mut empty = true;
    if fs::metadata(folder.join(FILE)).map_or(0, |file| file.len()) < SHORTEST {
        return Ok(true);
    }
    for name in [FILE.to_owned(), format!("{FILE}-wal")] {
        let mut file = match File::open(folder.join(&name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            file => file?,
        };
        let (mut chunk, mut kept) = (vec![0; 64 * 1024], 0);
        loop {
            let read = file.read(&mut chunk[kept..])?;
            if read == 0 {
                break;
            }
            let seen = &chunk[..kept + read];
            let marked = kept == 0 && seen.get(68..72) == Some(&open::APPLICATION_ID.to_be_bytes());
            if marked || OURS.iter().any(|ours| seen.windows(ours.len()).any(|window| window == *ours)) {
                return Ok(true);
            }
            empty &= name != FILE || seen.iter().all(|byte| *byte == 0);
            // What is cut in two by the end of a chunk is seen with the next.
            let tail = seen.len().min(32);
            let start = seen.len() - tail;
            chunk.copy_within(start..start + tail, 0);
            kept = tail;
        }
    }
    Ok(empty)
}

/// Makes the file anew with what can be read of it. No connection to it is open.
pub(super) fn rescue(home: &Home) -> Result<(), StoreError> {
    let folder = &home.folder;
    tidy(folder)?;
    let mut source = Source { db: readable(folder)?, lost: false };
    source.lost = source.db.is_none();
    let mut target = open::fresh(&folder.join(RESCUING))?;
    let rescued = carry_over(&mut source, &mut target, Some(home))?;
    tracing::warn!(rescued = rescued.rescued, lost = rescued.lost, "a damaged file was made anew");
    drop(source);
    close(target)?;
    remove(folder, MENDED)?;
    fs::rename(folder.join(RESCUING), folder.join(RESCUED))?;
    sync_folder(folder)?;
    swap(folder)
}

/// Makes the file anew with what waits to be sent and nothing else, and removes the old one.
pub(super) fn keep_waiting(folder: &Path) -> Result<(), StoreError> {
    tidy(folder)?;
    let mut source = Source { db: readable(folder)?, lost: false };
    let mut target = open::fresh(&folder.join(RESCUING))?;
    carry_over(&mut source, &mut target, None)?;
    drop(source);
    close(target)?;
    fs::rename(folder.join(RESCUING), folder.join(RESCUED))?;
    sync_folder(folder)?;
    swap(folder)?;
    tidy(folder)
}

/// Makes names that were given to files in `folder` durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Sets the old file aside and puts the rescued one in its place. While there is a rescued one, the other is the old one.
fn swap(folder: &Path) -> Result<(), StoreError> {
    for part in PARTS {
        match fs::rename(folder.join(format!("{FILE}{part}")), folder.join(format!("{DAMAGED}{part}"))) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    fs::rename(folder.join(RESCUED), folder.join(FILE))?;
    sync_folder(folder)
}

fn remove(folder: &Path, name: &str) -> Result<(), StoreError> {
    for part in PARTS {
        match fs::remove_file(folder.join(format!("{name}{part}"))) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

fn close(connection: Connection) -> Result<(), StoreError> {
    connection.close().map_err(|(_, error)| error.into())
}

/// The file of `folder`, or a copy with a new head, if its tables can be listed.
fn readable(folder: &Path) -> Result<Option<Connection>, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let tables = |db: &Connection| -> Result<bool, rusqlite::Error> {
        db.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'outbox')", [], |row| row.get(0))
    };
    let look = |name: &str| {
        let db = open::connect(&folder.join(name), flags).ok()?;
        open::leave_log(&db).ok()?;
        tables(&db).unwrap_or(false).then_some(db)
    };
    if !folder.join(FILE).exists() {
        return Ok(None);
    }
    if let Some(db) = look(FILE) {
        return Ok(Some(db));
    }
    mend(folder)?;
    Ok(look(MENDED))
}

/// Copies the file and its log, and writes the head anew: it says the same in every file of ours.
fn mend(folder: &Path) -> Result<(), StoreError> {
    const PAGE: u16 = 4096;
    let copy = folder.join(MENDED);
    let length = fs::copy(folder.join(FILE), &copy)?;
    let log = format!("{FILE}-wal");
    if folder.join(&log).exists() {
        fs::copy(folder.join(log), folder.join(format!("{MENDED}-wal")))?;
    }
    let mut head = Vec::with_capacity(100);
    head.extend(b"SQLite format 3\0");
    head.extend(PAGE.to_be_bytes());
    // Written and read as WAL; no reserved bytes; the fractions that the format prescribes.
    head.extend([2, 2, 0, 64, 32, 32]);
    let word = |head: &mut Vec<u8>, value: u32| head.extend(value.to_be_bytes());
    let pages = u32::try_from(length / u64::from(PAGE)).unwrap_or(u32::MAX);
    // Change counter, pages, no free pages (2), schema cookie, format 4, cache, no vacuum, UTF-8.
    for value in [1, pages, 0, 0, 1, 4, 0, 0, 1] {
        word(&mut head, value);
    }
    head.resize(92, 0);
    word(&mut head, 1);
    word(&mut head, 3_045_000);
    let mut file = OpenOptions::new().write(true).open(&copy)?;
    file.write_all(&head)?;
    Ok(())
}

/// A row, by the names of its columns.
type Columns = Vec<(String, Value)>;
/// Rows of a table, by their ids.
type Rows = BTreeMap<i64, Columns>;

/// The file that is read, and whether some of it could not be.
struct Source {
    db: Option<Connection>,
    lost: bool,
}

impl Source {
    /// The rows of `table` that pass `filter`: from the front, from the back, and one by one where neither came.
    fn rows(&mut self, table: &str, filter: &str) -> Rows {
        let mut rows = Rows::new();
        let whole = self.scan(table, filter, "ASC", &mut rows);
        if whole {
            return rows;
        }
        self.lost = true;
        let below = rows.last_key_value().map_or(0, |(id, _)| *id);
        let mut tail = Rows::new();
        self.scan(table, filter, "DESC", &mut tail);
        let above = tail.first_key_value().map_or(below, |(id, _)| *id);
        rows.append(&mut tail);
        for id in below + 1..above.min(below + PROBED) {
            self.scan(table, &format!("{filter} AND rowid = {id}"), "ASC", &mut rows);
        }
        rows
    }

    /// One row, if it is there.
    fn row(&mut self, table: &str, id: i64) -> Rows {
        self.rows(table, &format!("rowid = {id}"))
    }

    /// False if something could not be read.
    fn scan(&mut self, table: &str, filter: &str, order: &str, rows: &mut Rows) -> bool {
        let Some(db) = &self.db else { return false };
        // Without indexes: they may be damaged where the rows are not.
        let sql = format!("SELECT rowid, * FROM {table} NOT INDEXED WHERE {filter} ORDER BY rowid {order}");
        let Ok(mut statement) = db.prepare(&sql) else { return false };
        let names: Vec<String> = statement.column_names().into_iter().skip(1).map(str::to_owned).collect();
        let Ok(mut found) = statement.query([]) else { return false };
        loop {
            match found.next() {
                Ok(Some(row)) => match columns(row, &names) {
                    Ok((id, columns)) => {
                        rows.entry(id).or_insert(columns);
                    }
                    Err(_) => return false,
                },
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }

    /// A number, or `None` where it cannot be read.
    fn number(&mut self, sql: &str) -> Option<i64> {
        let found = self.db.as_ref()?.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
        self.lost |= found.is_err();
        found.ok().flatten()
    }
}

fn columns(row: &Row<'_>, names: &[String]) -> Result<(i64, Columns), rusqlite::Error> {
    let mut columns = Columns::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let value = match row.get_ref(index + 1)? {
            // A letter that was hit is no reason to lose the others.
            ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
            _ => row.get(index + 1)?,
        };
        columns.push((name.clone(), value));
    }
    Ok((row.get(0)?, columns))
}

fn id_in(columns: &Columns, name: &str) -> Option<i64> {
    columns.iter().find_map(|(column, value)| match value {
        Value::Integer(id) if column == name => Some(*id),
        _ => None,
    })
}

/// Carries over what is the user's own. `damaged`: whose file it was, for one that cannot be trusted; `None` for one that
/// is well, of which only what waits is kept.
fn carry_over(source: &mut Source, target: &mut Connection, damaged: Option<&Home>) -> Result<Recovered, StoreError> {
    let trusted = damaged.is_none();
    let outbox = source.rows("outbox", if trusted { "state <> 'sent'" } else { "1" });
    let drafts = source.rows("drafts", "1");
    let mut submissions = if trusted { Rows::new() } else { source.rows("submissions", "1") };
    let mut messages = if trusted { Rows::new() } else { source.rows("messages", "unsent > 0 AND mine") };
    let wanted = outbox.values().chain(submissions.values()).filter_map(|row| id_in(row, "message"));
    for message in wanted.collect::<Vec<_>>() {
        if !messages.contains_key(&message) {
            messages.append(&mut source.row("messages", message));
        }
    }
    if trusted {
        submissions = source.rows("submissions", "1");
        submissions.retain(|_, row| id_in(row, "message").is_some_and(|message| messages.contains_key(&message)));
    }
    let mut tickets = if trusted { Rows::new() } else { source.rows("tickets", "number IS NULL") };
    for row in outbox.values().chain(drafts.values()).chain(submissions.values()).chain(messages.values()) {
        if let Some(ticket) = id_in(row, "ticket").filter(|ticket| !tickets.contains_key(ticket)) {
            tickets.append(&mut source.row("tickets", ticket));
        }
    }
    let account = source.rows("account", "1");

    target.pragma_update(None, "foreign_keys", false)?;
    let tx = target.transaction()?;
    for (table, rows) in [
        ("account", &account),
        ("tickets", &tickets),
        ("messages", &messages),
        ("outbox", &outbox),
        ("drafts", &drafts),
        ("submissions", &submissions),
    ] {
        for row in rows.values() {
            source.lost |= !insert(&tx, table, row)?;
        }
    }
    drop_orphans(&tx, source)?;
    continue_counting(&tx, source)?;
    let through: Vec<(i64, Option<i64>)> = tickets
        .keys()
        .map(|id| (*id, source.number(&format!("SELECT max(comment) FROM messages NOT INDEXED WHERE ticket = {id}"))))
        .collect();
    for (ticket, newest) in through {
        let sql = "UPDATE tickets SET known_through = max(ifnull(known_through, 0), ifnull(?2, 0)) WHERE id = ?1";
        tx.execute(sql, (ticket, newest))?;
    }
    // What the desk says of a ticket is asked for again, whatever time it bears.
    let sql = "UPDATE tickets SET updated_at = 0, thread_of = NULL, thread_sure = 0, noticed_at = 0, unread = 0,
                                  has_attachments = 0 WHERE number IS NOT NULL";
    tx.execute(sql, [])?;
    tx.execute("UPDATE account SET last_sync_at = NULL", [])?;
    let count = "SELECT (SELECT count(*) FROM outbox WHERE state <> 'sent') + (SELECT count(*) FROM drafts)";
    let rescued = if let Some(home) = damaged {
        doubt(&tx)?;
        tx.execute("DELETE FROM account WHERE account <> ?1", [&home.account])?;
        tx.execute("INSERT OR IGNORE INTO account (id, account) VALUES (1, ?1)", [&home.account])?;
        let rescued = Recovered { rescued: tx.query_row(count, [], |row| row.get(0))?, lost: source.lost };
        tx.execute("UPDATE account SET rescued = ?1, rescue_lost = ?2", (rescued.rescued, rescued.lost))?;
        rescued
    } else {
        let sql = "UPDATE tickets SET subject = '', issue_type = NULL, access = NULL, cc = '[]', reference = NULL,
                                      requester = 0 WHERE number IS NOT NULL";
        tx.execute(sql, [])?;
        tx.execute("UPDATE account SET email = NULL", [])?;
        Recovered { rescued: tx.query_row(count, [], |row| row.get(0))?, lost: source.lost }
    };
    tx.commit()?;
    Ok(rescued)
}

/// False if the row does not fit into the table.
fn insert(target: &Connection, table: &str, row: &Columns) -> Result<bool, StoreError> {
    // Columns that the newest schema no longer has, or computes, are left out.
    let sql = "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0";
    let known: Vec<String> =
        target.prepare_cached(sql)?.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let (names, values): (Vec<_>, Vec<_>) = row.iter().filter(|(name, _)| known.contains(name)).cloned().unzip();
    let places = vec!["?"; names.len()].join(", ");
    let sql = format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({places})", names.join(", "));
    match target.prepare_cached(&sql)?.execute(params_from_iter(values)) {
        Ok(inserted) => Ok(inserted == 1),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Rows whose ticket or message could not be read go, and with them what hangs on them.
fn drop_orphans(target: &Connection, source: &mut Source) -> Result<(), StoreError> {
    loop {
        let mut statement = target.prepare("SELECT \"table\", rowid FROM pragma_foreign_key_check")?;
        let orphans: Vec<(String, i64)> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        if orphans.is_empty() {
            return Ok(());
        }
        source.lost = true;
        for (table, id) in orphans {
            target.execute(&format!("DELETE FROM {table} WHERE rowid = ?1"), [id])?;
        }
    }
}

/// Ids are never given twice: a screen may still hold one of a row that is gone.
fn continue_counting(target: &Connection, source: &mut Source) -> Result<(), StoreError> {
    for table in ["tickets", "messages", "outbox"] {
        let last = source.number(&format!("SELECT max(seq) FROM sqlite_sequence WHERE name = '{table}'"));
        let sql = format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', 0
             WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '{table}')"
        );
        target.execute(&sql, [])?;
        let sql = "UPDATE sqlite_sequence SET seq = max(seq, ifnull(?2, 0)) WHERE name = ?1";
        target.execute(sql, (table, last))?;
    }
    Ok(())
}

/// Whatever was not confirmed may have left: it is looked for before it is sent again. A message that lost its outbox row
/// is left to the user.
fn doubt(target: &Connection) -> Result<(), StoreError> {
    target.execute(
        "UPDATE outbox
         SET state = 'sending', reads = 0,
             base = ifnull(base, (SELECT ifnull(known_through, 0) FROM tickets WHERE id = outbox.ticket))
         WHERE state IN ('queued', 'waiting')",
        [],
    )?;
    target.execute(
        "INSERT INTO outbox (ticket, message, kind, key, base, state)
         SELECT m.ticket, m.id, CASE WHEN m.description THEN 'create' ELSE 'reply' END,
                lower(hex(randomblob(16))), ifnull(t.known_through, 0), 'may_have_been_sent'
         FROM messages m JOIN tickets t ON t.id = m.ticket
         WHERE m.unsent > 0 AND m.mine AND m.comment IS NULL AND NOT (m.description AND t.number IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = m.id) ORDER BY m.id",
        [],
    )?;
    Ok(())
}
