//! Under which rules the index is kept.

use rusqlite::{Connection, OptionalExtension, params};

use crate::query::FOLD_VERSION;
use crate::store::StoreError;
use crate::store::db::statements::Cached;

/// Brings the rules up to date when the file is opened: if the index was made under others, it is not used any more, and a rebuild
/// begins. Costs the same for any number of tickets.
pub(in crate::store) fn install(db: &mut Connection, fields: &[String]) -> Result<(), StoreError> {
    let fields = serde_json::to_string(fields)?;
    let known: Option<(u32, String)> = db
        .query_row("SELECT fold_version, fields FROM search_rules", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if known.is_some_and(|(version, known)| version == FOLD_VERSION && known == fields) {
        return Ok(());
    }
    let tx = db.transaction()?;
    forget(&tx)?;
    let sql = "SELECT EXISTS (SELECT 1 FROM search_documents) OR EXISTS (SELECT 1 FROM search_articles)
                   OR EXISTS (SELECT 1 FROM tickets) OR EXISTS (SELECT 1 FROM articles)";
    if !tx.query_row(sql, [], |row| row.get(0))? {
        // There is nothing to remove from the index and nothing to add to it.
        put(&tx, &fields)?;
        tx.execute("DELETE FROM rebuilds WHERE what IN ('search', 'search_articles')", [])?;
    }
    Ok(tx.commit()?)
}

/// Stops using the index, and begins a rebuild.
pub(in crate::store) fn forget(db: &Connection) -> Result<(), StoreError> {
    db.execute("DELETE FROM search_rules", [])?;
    let sql = "INSERT OR REPLACE INTO rebuilds (what, next_ticket) VALUES ('search', 0), ('search_articles', 0)";
    db.execute(sql, [])?;
    Ok(())
}

/// Whether the index is used.
pub(in crate::store) fn is_used(db: &Connection) -> Result<bool, StoreError> {
    Ok(db.query_row_cached("SELECT EXISTS (SELECT 1 FROM search_rules)", [], |row| row.get(0))?)
}

/// Empties the index, and begins to use it.
pub(super) fn begin(db: &Connection, fields: &[String]) -> Result<(), StoreError> {
    for table in ["search_words", "article_words"] {
        db.execute(&format!("INSERT INTO {table} ({table}) VALUES ('delete-all')"), [])?;
        db.execute(&format!("INSERT INTO {table} ({table}, rank) VALUES ('secure-delete', 1)"), [])?;
    }
    db.execute("DELETE FROM search_documents", [])?;
    db.execute("DELETE FROM search_spans", [])?;
    db.execute("DELETE FROM search_articles", [])?;
    // Its words may be of something that was taken back meanwhile.
    db.execute("UPDATE account SET secure_delete_from = 1", [])?;
    put(db, &serde_json::to_string(fields)?)
}

fn put(db: &Connection, fields: &str) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO search_rules (id, fold_version, fields) VALUES (1, ?1, ?2)";
    db.execute(sql, params![FOLD_VERSION, fields])?;
    Ok(())
}
