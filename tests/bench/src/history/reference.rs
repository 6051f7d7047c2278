//! What a developer would write by hand with rusqlite: three tables, one index for the query, cached statements.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::error::Error;
use std::hint::black_box;
use std::path::Path;

use rusqlite::{Connection, params};

use super::content::{comments, people, sample};

/// The least schema that has the same rows. It is printed with the figures.
pub const SCHEMA: &str = "
CREATE TABLE tickets (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, subject TEXT NOT NULL, status TEXT NOT NULL, rank INTEGER NOT NULL,
    escalated INTEGER NOT NULL, unread INTEGER NOT NULL, type TEXT NOT NULL, requester INTEGER NOT NULL, requester_name TEXT NOT NULL,
    created_at INTEGER NOT NULL, last_activity INTEGER NOT NULL, has_attachments INTEGER NOT NULL);
CREATE TABLE comments (id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL, author INTEGER NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE INDEX comments_ticket ON comments (ticket, created_at);
";

/// The index, the condition and the order of the first page.
pub(super) const BY_ACTIVITY: [&str; 3] = ["last_activity, number", "1", "last_activity DESC, number DESC"];

pub(super) struct Reference {
    db: Connection,
    /// The indexes that are known to be there. A query names the one that it uses.
    index: RefCell<BTreeSet<&'static str>>,
}

impl Reference {
    /// Opens the file, and fills it with the same tickets, unless it has some.
    pub(super) fn open(path: &Path, tickets: i64) -> Result<Self, Box<dyn Error>> {
        let mut db = Connection::open(path)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.set_prepared_statement_cache_capacity(64);
        let is_new: bool = db.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?;
        if is_new {
            let tx = db.transaction()?;
            tx.execute_batch(SCHEMA)?;
            let names: std::collections::BTreeMap<i64, String> = people().collect();
            for (id, name) in &names {
                tx.execute("INSERT INTO people VALUES (?1, ?2)", params![id, name])?;
            }
            for number in 1..=tickets {
                let one = sample(number);
                let status = if one.closed { "closed" } else { "open" };
                let rank = if one.escalated { 0 } else { 1 + i64::from(one.closed) };
                let name = names.get(&one.requester).map(|name| folded(name)).unwrap_or_default();
                tx.prepare_cached(
                    "INSERT INTO tickets VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0)",
                )?
                .execute(params![
                    one.number,
                    one.subject,
                    status,
                    rank,
                    one.escalated,
                    one.unread,
                    one.ticket_type,
                    one.requester,
                    name,
                    one.created_at,
                    one.last_activity
                ])?;
                for (id, author, body, at) in comments(&one) {
                    tx.prepare_cached("INSERT INTO comments VALUES (?1, ?2, ?3, ?4, ?5)")?
                        .execute(params![id, number, author, body, at])?;
                }
            }
            tx.commit()?;
        }
        Ok(Self { db, index: RefCell::default() })
    }

    /// The numbers of a page: after a place in the order of activity, or from the top.
    pub(super) fn page(
        &self,
        [index, condition, order]: [&'static str; 3],
        after: Option<[i64; 2]>,
        limit: u32,
    ) -> Result<Vec<i64>, Box<dyn Error>> {
        if self.index.borrow_mut().insert(index) {
            self.db.execute_batch(&format!("CREATE INDEX IF NOT EXISTS best_{} ON tickets ({index})", name(index)))?;
        }
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
