//! What a developer would write by hand with rusqlite: three tables, one index for the query, cached statements.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use pocketdesk::query::tokens;
use rusqlite::{Connection, params};

use super::content::{comments, people, sample};
use super::pairs::pairs;

/// The least schema that has the same rows. It is printed with the figures.
pub const SCHEMA: &str = "
CREATE TABLE tickets (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, subject TEXT NOT NULL, status TEXT NOT NULL, rank INTEGER NOT NULL,
    escalated INTEGER NOT NULL, unread INTEGER NOT NULL, type TEXT NOT NULL, requester INTEGER NOT NULL, requester_name TEXT NOT NULL,
    created_at INTEGER NOT NULL, last_activity INTEGER NOT NULL, has_attachments INTEGER NOT NULL);
CREATE TABLE comments (id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL, author INTEGER NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE INDEX comments_ticket ON comments (ticket, created_at);
CREATE TABLE documents (id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL, comment INTEGER);
CREATE VIRTUAL TABLE words USING fts5 (tokens, content = '', columnsize = 0, prefix = 1, tokenize = \"ascii tokenchars '+#'\");
";

pub(super) struct Reference {
    pub(super) db: Connection,
}

impl Reference {
    /// Opens the file, and fills it with the same tickets, unless it has some.
    pub(super) fn open(folder: &Path, tickets: i64) -> Result<Self, Box<dyn Error>> {
        let mut db = Connection::open(file_of(folder, tickets))?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.set_prepared_statement_cache_capacity(64);
        let is_new: bool = db.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?;
        if is_new {
            let tx = db.transaction()?;
            create(&tx, false)?;
            // The tables come first, so that the pages of each lie side by side.
            add_tickets(&tx, 1..=tickets)?;
            for number in 1..=tickets {
                add_comments(&tx, number)?;
            }
            add_indexes(&tx)?;
            tx.commit()?;
            // In as many transactions as a sync of ours has: FTS5 keeps what each of them brings apart for a while.
            db.pragma_update(None, "synchronous", "OFF")?;
            let numbers: Vec<i64> = (1..=tickets).collect();
            for page in numbers.chunks(100) {
                let tx = db.transaction()?;
                add_subjects(&tx, page)?;
                tx.commit()?;
                for number in page {
                    let tx = db.transaction()?;
                    add_texts(&tx, *number)?;
                    tx.commit()?;
                }
            }
        }
        Ok(Self { db })
    }

    /// The numbers of a page: after a place in the order of activity, or from the top.
    pub(super) fn page(
        &self,
        [index, condition, order]: [&'static str; 3],
        after: Option<[i64; 2]>,
        limit: u32,
    ) -> Result<Vec<i64>, Box<dyn Error>> {
        let beyond = if after.is_some() { " AND (last_activity, number) < (?2, ?3)" } else { "" };
        let sql = format!(
            "SELECT t.id, t.number, t.subject, t.status, t.escalated, t.unread, t.type, t.created_at, t.last_activity, t.has_attachments,
                    substr(c.body, 1, 2000), c.author = 9001, p.name
             FROM tickets t INDEXED BY best_{} LEFT JOIN people p ON p.id = t.requester
                  LEFT JOIN comments c ON c.id = (SELECT id FROM comments WHERE ticket = t.id ORDER BY created_at DESC LIMIT 1)
             WHERE {condition}{beyond} ORDER BY {order} LIMIT ?1",
            name(index)
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut numbers = Vec::with_capacity(50);
        let read = |row: &rusqlite::Row<'_>| {
            let (subject, status, kind): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(6)?);
            let (body, name): (Option<String>, Option<String>) = (row.get(10)?, row.get(12)?);
            let flags: (bool, bool, bool) = (row.get(4)?, row.get(5)?, row.get(9)?);
            let times: (i64, i64, i64) = (row.get(0)?, row.get(7)?, row.get(8)?);
            black_box((subject, status, kind, body, name, flags, times, row.get::<_, Option<bool>>(11)?));
            row.get(1)
        };
        let rows = match after {
            Some([activity, number]) => {
                statement.query_map(params![limit, activity, number], read)?.collect::<Result<Vec<i64>, _>>()?
            }
            None => statement.query_map(params![limit], read)?.collect::<Result<Vec<i64>, _>>()?,
        };
        numbers.extend(rows);
        Ok(numbers)
    }
}

/// Makes the tables, with everybody's names in them, and the index of each query if wanted.
pub(super) fn create(db: &Connection, with_indexes: bool) -> Result<(), Box<dyn Error>> {
    db.execute_batch(SCHEMA)?;
    for (id, name) in people() {
        db.execute("INSERT INTO people VALUES (?1, ?2)", params![id, name])?;
    }
    if with_indexes {
        add_indexes(db)?;
    }
    Ok(())
}

/// The index that is best for a search: what has to be known of each ticket that was found, in few pages.
pub(super) const SEARCH_INDEX: &str = "CREATE INDEX IF NOT EXISTS best_search ON tickets (id, last_activity, number)";

/// The index of each query, which names the one that it uses.
fn add_indexes(db: &Connection) -> Result<(), rusqlite::Error> {
    let columns: BTreeSet<&str> = pairs().into_iter().filter_map(|pair| Some(pair.reference?[0])).collect();
    for columns in columns {
        db.execute_batch(&format!("CREATE INDEX best_{} ON tickets ({columns})", name(columns)))?;
    }
    db.execute_batch(SEARCH_INDEX)
}

pub(super) fn add_tickets(db: &Connection, numbers: impl Iterator<Item = i64>) -> Result<(), Box<dyn Error>> {
    let names: BTreeMap<i64, String> = people().map(|(id, name)| (id, folded(&name))).collect();
    for number in numbers {
        let one = sample(number);
        let status = if one.closed { "closed" } else { "open" };
        let rank = if one.escalated { 0 } else { 1 + i64::from(one.closed) };
        db.prepare_cached("INSERT INTO tickets VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0)")?
            .execute(params![
                one.number,
                one.subject,
                status,
                rank,
                one.escalated,
                one.unread,
                one.ticket_type,
                one.requester,
                names.get(&one.requester),
                one.created_at,
                one.last_activity
            ])?;
    }
    Ok(())
}

pub(super) fn add_comments(db: &Connection, ticket: i64) -> Result<(), Box<dyn Error>> {
    for (id, author, body, at) in comments(&sample(ticket)) {
        db.prepare_cached("INSERT INTO comments VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![id, ticket, author, body, at])?;
    }
    Ok(())
}

/// Makes the subjects of tickets findable.
pub(super) fn add_subjects(db: &Connection, numbers: &[i64]) -> Result<(), Box<dyn Error>> {
    for number in numbers {
        add_document(db, *number, None, &format!("{} {number}", sample(*number).subject))?;
    }
    Ok(())
}

/// Makes the comments of a ticket findable.
pub(super) fn add_texts(db: &Connection, ticket: i64) -> Result<(), Box<dyn Error>> {
    for (id, _, body, _) in comments(&sample(ticket)) {
        add_document(db, ticket, Some(id), &body)?;
    }
    Ok(())
}

pub(super) fn file_of(folder: &Path, tickets: i64) -> PathBuf {
    folder.join(format!("reference-{tickets}.sqlite3"))
}

/// The same tokens as ours, with spaces between them.
fn add_document(db: &Connection, ticket: i64, comment: Option<i64>, text: &str) -> Result<(), rusqlite::Error> {
    let words = tokens(text).into_iter().map(|token| token.text).collect::<Vec<_>>().join(" ");
    db.prepare_cached("INSERT INTO documents (ticket, comment) VALUES (?1, ?2)")?.execute(params![ticket, comment])?;
    db.prepare_cached("INSERT INTO words (rowid, tokens) VALUES (?1, ?2)")?
        .execute(params![db.last_insert_rowid(), words])?;
    Ok(())
}

/// A name for the index of these columns.
fn name(columns: &str) -> String {
    columns.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

/// As a developer would sort names: without case and the commonest accents.
fn folded(name: &str) -> String {
    let plain = |c: char| match c {
        'ä' | 'á' | 'é' => if c == 'é' { "e" } else { "a" }.to_owned(),
        'É' => "e".to_owned(),
        'ö' | 'Ö' | 'ó' => "o".to_owned(),
        'ü' => "u".to_owned(),
        'í' | 'ı' => "i".to_owned(),
        'ß' => "ss".to_owned(),
        c => c.to_lowercase().collect(),
    };
    name.chars().map(plain).collect()
}
