//! The text of the schema, compared by what it means.
//!
//! SQLite trusts the text of `sqlite_schema`. One wrong bit in it makes the file unreadable, or, worse, changes its
//! meaning: a trigger never runs, or a column has another default. But the text is the same in every file of one
//! version. So it is compared with the known one at every opening (`open.rs`). For salvage, a damaged one is written
//! anew in a copy of the file (`mend.rs`).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rusqlite::{Connection, params};
use rusqlite_migration::{M, Migrations};

use super::migrations::{SCHEMA, STEPS, newest};
use crate::store::StoreError;

/// A table, index or trigger, as `sqlite_schema` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Object {
    pub kind: String,
    pub name: String,
    /// The table that it belongs to; a table's own name.
    pub table: String,
    /// `None` for an index that SQLite made for a constraint.
    pub sql: Option<String>,
}

impl Object {
    /// Whether FTS5 made it, for a table of ours.
    fn is_shadow(&self) -> bool {
        ["search_words_", "article_words_"].iter().any(|table| self.name.starts_with(table))
    }
}

/// Whether the schema of the file has every table, view, index and trigger of `version`, each as that version writes
/// it. The tables that FTS5 makes for itself are not compared ([`shadows_agree`]). More than these does no harm.
/// Version 0, an empty file, has none.
pub(in crate::store) fn agrees(db: &Connection, version: u32) -> Result<bool, StoreError> {
    static NEWEST: LazyLock<BTreeSet<String>> = LazyLock::new(|| definitions(SCHEMA));
    let found = found(db)?;
    if version == 0 {
        return Ok(true);
    }
    if version == newest() {
        return Ok(NEWEST.is_subset(&found));
    }
    Ok(are_in(&found, &objects_of(version)?))
}

/// Whether the schema of the file agrees with that of any version.
pub(in crate::store) fn agrees_with_any(db: &Connection) -> Result<bool, StoreError> {
    if agrees(db, newest())? {
        return Ok(true);
    }
    let found = found(db)?;
    Ok(versions()?.iter().any(|known| are_in(&found, known)))
}

/// The normalised definitions of the file.
fn found(db: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut statement = db.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
    let mut rows = statement.query([])?;
    let mut found = BTreeSet::new();
    while let Some(row) = rows.next()? {
        // A text that is not UTF-8 is not ours.
        found.extend(row.get_ref(0)?.as_str().ok().map(normalised));
    }
    Ok(found)
}

fn are_in(found: &BTreeSet<String>, known: &[Object]) -> bool {
    let known = known.iter().filter(|object| !object.is_shadow());
    known.filter_map(|object| object.sql.as_deref()).all(|sql| found.contains(&normalised(sql)))
}

/// Whether the tables in which FTS5 keeps the index of searches are as this version of SQLite makes them. Another version may have made
/// others, which are as good. So this is asked only if something does not work.
pub(in crate::store) fn shadows_agree(db: &Connection) -> Result<bool, StoreError> {
    let known = objects_of(newest())?;
    let mut statement = db.prepare("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?1 AND sql = ?2)")?;
    for object in known.iter().filter(|object| object.is_shadow() && object.sql.is_some()) {
        if !statement.query_row(params![object.name, object.sql], |row| row.get(0))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Every table, index and trigger of `version`, in the order in which they depend on each other.
pub(in crate::store) fn objects_of(version: u32) -> Result<Vec<Object>, StoreError> {
    let mut db = Connection::open_in_memory()?;
    if version == newest() {
        db.execute_batch(SCHEMA)?;
    } else {
        let steps = STEPS.iter().take(usize::try_from(version).unwrap_or_default());
        Migrations::new(steps.map(|step| M::up(step)).collect())
            .to_latest(&mut db)
            .map_err(|_| StoreError::Sqlite { code: -1 })?;
    }
    objects(&db)
}

/// The objects of every version, from the first one on.
pub(in crate::store) fn versions() -> Result<Vec<Vec<Object>>, StoreError> {
    let db = Connection::open_in_memory()?;
    let mut versions = Vec::with_capacity(STEPS.len());
    // The newest one is as new files have it.
    for step in STEPS.iter().take(STEPS.len().saturating_sub(1)) {
        db.execute_batch(step)?;
        versions.push(objects(&db)?);
    }
    versions.push(objects_of(newest())?);
    Ok(versions)
}

fn objects(db: &Connection) -> Result<Vec<Object>, StoreError> {
    let mut statement = db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid")?;
    let objects = statement.query_map([], |row| {
        Ok(Object { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)?, sql: row.get(3)? })
    })?;
    Ok(objects.collect::<Result<_, _>>()?)
}

/// The normalised definitions of a script's tables, indexes and triggers.
fn definitions(script: &str) -> BTreeSet<String> {
    let script = normalised(script);
    let mut definitions = BTreeSet::new();
    let mut rest = &*script;
    while let Some(semicolon) = rest.find(';') {
        // A trigger has statements of its own, up to its END.
        let end =
            if rest.starts_with("CREATE TRIGGER") { rest.find(";END;").map(|end| end + 4) } else { Some(semicolon) };
        let Some(end) = end else { break };
        if rest.starts_with("CREATE ") {
            definitions.insert(rest[..end].to_owned());
        }
        rest = &rest[end + 1..];
    }
    definitions
}

/// The definition `sql` of a table, an index or a trigger without comments, without quotes around names, and with one
/// space where two words would touch. So what SQLite itself writes when it renames something or adds a column is equal
/// to what `schema.sql` says.
pub(in crate::store) fn normalised(sql: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut normalised = String::with_capacity(sql.len());
    let mut spaced = false;
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '-' if chars.peek() == Some(&'-') => {
                spaced = true;
                while chars.next().is_some_and(|c| c != '\n') {}
            }
            // A text is compared as it is.
            '\'' => {
                normalised.push(c);
                for c in chars.by_ref() {
                    normalised.push(c);
                    if c == '\'' {
                        break;
                    }
                }
                spaced = false;
            }
            '"' => {}
            c if c.is_ascii_whitespace() => spaced = true,
            c => {
                if spaced && is_word(c) && normalised.chars().next_back().is_some_and(is_word) {
                    normalised.push(' ');
                }
                spaced = false;
                normalised.push(c);
            }
        }
    }
    normalised
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_cut_into_what_a_new_file_holds() {
        let objects = objects_of(newest()).unwrap();
        let made: BTreeSet<String> = objects
            .iter()
            .filter(|object| !object.is_shadow())
            .filter_map(|object| object.sql.as_deref())
            .map(normalised)
            .collect();
        let sequence = normalised("CREATE TABLE sqlite_sequence(name,seq)");
        assert_eq!(made.into_iter().filter(|sql| *sql != sequence).collect::<BTreeSet<_>>(), definitions(SCHEMA));
    }

    #[test]
    fn only_what_means_nothing_is_left_out() {
        let written = "CREATE TABLE \"met\" (\n  id INTEGER PRIMARY KEY, -- the \"server's\"\n  state TEXT DEFAULT 'a  -- b' )\nSTRICT";
        assert_eq!(normalised(written), "CREATE TABLE met(id INTEGER PRIMARY KEY,state TEXT DEFAULT'a  -- b')STRICT");
        assert_ne!(normalised("a b"), normalised("ab"));
        assert_ne!(normalised("'Idle'"), normalised("'idle'"));
    }
}
