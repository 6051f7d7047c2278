//! Copies the user's own messages, changes and drafts from a damaged or a sound file into a new one, row by row, as far
//! as the file can be read.
//!
//! When this happens, and how the files are exchanged, is described in `damage.rs`. Rows are copied by the names of
//! their columns, so the old file may have any earlier schema. A later schema step that adds a table for unsent content
//! must name that table in [`copy_unsent`].

use std::collections::BTreeMap;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use sha2::{Digest, Sha256};

use crate::model::Attachment;
use crate::outbox::{self, Change, Known};
use crate::store::StoreError;
use crate::store::articles::votes;
use crate::store::db::migrations::RENAMED;
use crate::store::db::paths::Home;
use crate::store::outbox::apply::known_of;
use crate::store::outbox::operations;

/// The result of salvaging a damaged file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Recovered {
    /// How many unsent messages, changes, drafts and answers about articles were salvaged.
    pub salvaged: u32,
    /// Part of the file could not be read, so something that the user wrote may be lost.
    pub lost: bool,
}

/// The largest number of ids between two readable stretches of a table that are tried one by one.
const MAX_PROBED: i64 = 10_000;

/// The columns of a row, with their names.
type Columns = Vec<(String, Value)>;
/// The rows of a table by their ids.
type Rows = BTreeMap<i64, Columns>;
/// Whether the JSON of a column can be parsed.
type JsonCheck = fn(&str) -> bool;

/// The file that is read.
pub(in crate::store) struct Source {
    /// `None` if nothing can be read.
    pub db: Option<Connection>,
    /// Something could not be read or copied.
    pub lost: bool,
}

impl Source {
    /// Reads the rows of `table` that pass `filter`: from the first row on, then from the last row back, and then one
    /// by one in the stretch that neither scan reached.
    fn rows(&mut self, table: &str, filter: &str) -> Rows {
        let mut rows = Rows::new();
        if self.lacks_table(table) {
            return rows;
        }
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
        for id in below.saturating_add(1)..above.min(below.saturating_add(MAX_PROBED)) {
            self.scan(table, &format!("({filter}) AND rowid = {id}"), "ASC", &mut rows);
        }
        rows
    }

    /// Whether the schema of the file does not have `table` yet.
    fn lacks_table(&self, table: &str) -> bool {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?1)";
        self.db.as_ref().is_some_and(|db| db.query_row(sql, [table], |row| row.get(0)).unwrap_or(false))
    }

    /// Reads one row, if it is there.
    fn row(&mut self, table: &str, id: i64) -> Rows {
        self.rows(table, &format!("rowid = {id}"))
    }

    /// Adds the rows that pass `filter` to `rows`. Returns false if something could not be read.
    fn scan(&mut self, table: &str, filter: &str, order: &str, rows: &mut Rows) -> bool {
        let Some(db) = &self.db else { return false };
        // Indexes are not used, because they may be damaged where the rows are not.
        let sql = format!("SELECT rowid, * FROM {table} NOT INDEXED WHERE ({filter}) ORDER BY rowid {order}");
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

    /// Reads a number, or `None` if there is none or it cannot be read.
    fn number(&mut self, sql: &str) -> Option<i64> {
        let found = self.db.as_ref()?.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
        self.lost |= found.is_err();
        found.ok().flatten()
    }
}

/// Reads the id and the columns of a row.
fn columns(row: &Row<'_>, names: &[String]) -> Result<(i64, Columns), rusqlite::Error> {
    let mut columns = Columns::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let value = match row.get_ref(index + 1)? {
            // A text with a damaged character is kept. Only that character is replaced.
            ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
            _ => row.get(index + 1)?,
        };
        columns.push((name.clone(), value));
    }
    Ok((row.get(0)?, columns))
}

/// The integer in the column `name`, if there is one.
fn id_in(columns: &Columns, name: &str) -> Option<i64> {
    columns.iter().find_map(|(column, value)| match value {
        Value::Integer(id) if column == name => Some(*id),
        _ => None,
    })
}

/// Copies the user's own messages, changes and drafts from `source` to `target`, in one transaction.
///
/// For a damaged file, `damaged` is its home. The whole outbox is copied, and none of it is trusted. For a sound file,
/// `damaged` is `None`, and only the unsent messages, changes and drafts are copied. Answers about articles that wait
/// to be sent are copied in both cases.
pub(in crate::store) fn copy_unsent(
    source: &mut Source,
    target: &mut Connection,
    damaged: Option<&Home>,
) -> Result<Recovered, StoreError> {
    let trusted = damaged.is_none();
    let unsent = "state <> 'sent' OR kind = 'upload' AND message IN
                      (SELECT message FROM outbox WHERE kind <> 'upload' AND state <> 'sent')";
    let outbox = source.rows("outbox", if trusted { unsent } else { "1" });
    let drafts = source.rows("drafts", "1");
    let mut submissions = if trusted { Rows::new() } else { source.rows("submissions", "1") };
    let mut messages = if trusted { Rows::new() } else { source.rows("messages", "unsent > 0 AND mine") };
    let referenced = outbox.values().chain(submissions.values()).filter_map(|row| id_in(row, "message"));
    for message in referenced.collect::<Vec<_>>() {
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
    let mut requesters = source.rows("requesters", "1");
    requesters.retain(|ticket, _| tickets.contains_key(ticket));
    // The files that are attached to a draft, or to a message that is copied.
    let mut files = source.rows("files", "1");
    files.retain(|_, row| id_in(row, "message").is_none_or(|message| messages.contains_key(&message)));

    // Answers that were sent are not copied.
    let votes = source.rows("article_votes", votes::WAITING);

    target.pragma_update(None, "foreign_keys", false)?;
    let tx = target.transaction()?;
    for (table, rows) in [
        ("account", &account),
        ("tickets", &tickets),
        ("requesters", &requesters),
        ("messages", &messages),
        ("outbox", &outbox),
        ("drafts", &drafts),
        ("submissions", &submissions),
        ("files", &files),
        ("article_votes", &votes),
    ] {
        for row in rows.values() {
            source.lost |= !insert(&tx, table, row)?;
        }
    }
    drop_orphans(&tx, source)?;
    drop_unreadable(&tx, source)?;
    continue_counting(&tx, source)?;
    let newest_comments: Vec<(i64, Option<i64>)> = tickets
        .keys()
        .map(|id| (*id, source.number(&format!("SELECT max(comment) FROM messages NOT INDEXED WHERE ticket = {id}"))))
        .collect();
    // The numbers of tickets have an index, which may be sound where the table is damaged. So both are asked.
    let newest_numbers =
        ["NOT INDEXED", ""].map(|index| source.number(&format!("SELECT max(number) FROM tickets {index}")));
    for (ticket, newest) in newest_comments {
        let sql = "UPDATE tickets SET known_through = max(ifnull(known_through, 0), ifnull(?2, 0)) WHERE id = ?1";
        tx.execute(sql, (ticket, newest))?;
    }
    if damaged.is_some() {
        check_before_sending(&tx, newest_numbers.into_iter().flatten().max().unwrap_or_default())?;
    }
    // Everything that came from the server is read again, whatever time of update the ticket has there.
    let sql =
        "UPDATE tickets SET updated_at = 0, thread_as_of = NULL, thread_settled = 0, update_seen_at = 0, unread = 0,
                                  has_attachments = 0
         WHERE number IS NOT NULL AND id NOT IN (SELECT ticket FROM requesters)";
    tx.execute(sql, [])?;
    tx.execute("UPDATE account SET last_sync_at = NULL", [])?;
    let count = format!(
        "SELECT (SELECT count(*) FROM outbox o WHERE {UNSENT}) + (SELECT count(*) FROM drafts)
              + (SELECT count(*) FROM article_votes WHERE {VOTE_WAITS})",
        UNSENT = operations::UNSENT,
        VOTE_WAITS = votes::WAITING
    );
    let salvaged = if let Some(home) = damaged {
        tx.execute("DELETE FROM account WHERE account <> ?1", [&home.account])?;
        tx.execute("INSERT OR IGNORE INTO account (id, account) VALUES (1, ?1)", [&home.account])?;
        let salvaged = Recovered { salvaged: tx.query_row(&count, [], |row| row.get(0))?, lost: source.lost };
        // What an earlier salvage lost, and the user has not acknowledged, stays lost.
        let sql = "UPDATE account SET salvaged = ?1, salvage_lost = max(ifnull(salvage_lost, 0), ?2)";
        tx.execute(sql, (salvaged.salvaged, salvaged.lost))?;
        salvaged
    } else {
        // The subject stays, so that the user recognises what waits.
        let sql = "UPDATE tickets SET issue_type = NULL, access = NULL, cc = '[]', reference = NULL,
                                      requester = 0, can_solve = NULL, cc_people = '[]', left_out = 0,
                                      nonsense_time = NULL, custom_status = NULL, follows = NULL
                   WHERE number IS NOT NULL";
        tx.execute(sql, [])?;
        tx.execute("UPDATE account SET email = NULL", [])?;
        Recovered { salvaged: tx.query_row(&count, [], |row| row.get(0))?, lost: source.lost }
    };
    tx.commit()?;
    Ok(salvaged)
}

/// Inserts a row. Returns false if it violates a constraint of the table.
fn insert(target: &Connection, table: &str, row: &Columns) -> Result<bool, StoreError> {
    // Columns that the newest schema computes or no longer has are left out.
    let sql = "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0";
    let known: Vec<String> =
        target.prepare_cached(sql)?.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let (names, values): (Vec<_>, Vec<_>) = row
        .iter()
        .map(|(name, value)| (present_name(table, name), value.clone()))
        .filter(|(name, _)| known.contains(name))
        .unzip();
    let placeholders = vec!["?"; names.len()].join(", ");
    let sql = format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({placeholders})", names.join(", "));
    match target.prepare_cached(&sql)?.execute(params_from_iter(values)) {
        Ok(inserted) => Ok(inserted == 1),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The present name of a column that an earlier schema may have called `name`.
fn present_name(table: &str, name: &str) -> String {
    let renamed = RENAMED.iter().find(|(of, earlier, _)| *of == table && *earlier == name);
    renamed.map_or(name, |(_, _, present)| *present).to_owned()
}

/// Removes the rows whose ticket or message could not be read, then the rows that refer to those, and so on.
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

/// Removes operations that were copied but cannot be read, and empties columns whose JSON cannot be parsed. Otherwise
/// they would make every later query fail.
fn drop_unreadable(target: &Connection, source: &mut Source) -> Result<(), StoreError> {
    for operation in operations::unreadable(target)? {
        target.execute("DELETE FROM outbox WHERE id = ?1", [operation.0])?;
        source.lost = true;
    }
    let addresses = |json: &str| serde_json::from_str::<Vec<String>>(json).is_ok();
    let attachments = |json: &str| serde_json::from_str::<Vec<Attachment>>(json).is_ok();
    let content = |json: &str| serde_json::from_str::<serde_json::Value>(json).is_ok();
    let columns: [(_, _, JsonCheck); 5] = [
        ("tickets", "cc", addresses),
        ("drafts", "cc", addresses),
        ("outbox", "addresses", addresses),
        ("outbox", "content", content),
        ("messages", "attachments", attachments),
    ];
    for (table, column, is_valid) in columns {
        let sql = format!("SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL");
        let mut statement = target.prepare(&sql)?;
        let values: Vec<(i64, String)> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        for (id, _) in values.iter().filter(|(_, json)| !is_valid(json)) {
            target.execute(&format!("UPDATE {table} SET {column} = '[]' WHERE rowid = ?1"), [id])?;
            source.lost = true;
        }
    }
    Ok(())
}

/// Continues the numbering of ids where the old file ended. An id is never used twice, because a screen may still hold
/// the id of a row that was not copied.
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

/// Makes the next run look on the server for every operation that may have been sent ([`outbox::salvaged`]). `newest` is
/// the highest ticket number that the damaged file knew. A message that has lost its outbox row gets a new one in the
/// state *may have been sent*, and the user decides.
fn check_before_sending(target: &Connection, newest: i64) -> Result<(), StoreError> {
    let all = operations::select(target, "1", [])?;
    let known = known_of(target, &all)?;
    for change in outbox::salvaged(&all, |operation| Known { newest_ticket: newest, ..known(operation) }) {
        if let Change::Update(operation) = change {
            operations::put(target, &operation)?;
        }
    }
    // A message that has lost its row of the outbox has lost its idempotency key as well. The new key is computed from
    // the message, so that it is the same in every salvage.
    let sql = "SELECT m.id, m.created_at, m.body FROM messages m JOIN tickets t ON t.id = m.ticket
               WHERE m.unsent > 0 AND m.mine AND m.comment IS NULL AND NOT (m.description AND t.number IS NOT NULL)
                     AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = m.id AND o.kind IN ('create', 'reply'))
               ORDER BY m.id";
    let lost: Vec<(i64, i64, String)> = target
        .prepare(sql)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (message, created_at, body) in lost {
        let digest = Sha256::digest(format!("{message} {created_at} {body}"));
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        let key = uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string();
        // The creation of a ticket must come before all other operations of the ticket. Its negative id is smaller than
        // theirs, and no other row has it.
        let sql = "INSERT INTO outbox (id, ticket, message, kind, key, ever_attempted, high_water_mark, state)
                   SELECT CASE WHEN m.description THEN -m.id END, m.ticket, m.id,
                          CASE WHEN m.description THEN 'create' ELSE 'reply' END, ?2, 1,
                          CASE WHEN m.description THEN ?3 WHEN t.thread_as_of IS NOT NULL THEN ifnull(t.known_through, 0) END,
                          'may_have_been_sent'
                   FROM messages m JOIN tickets t ON t.id = m.ticket WHERE m.id = ?1";
        target.execute(sql, (message, key, newest))?;
    }
    Ok(())
}
