//! Filling the index in the background, in steps of a bounded amount of text.

use rusqlite::{OptionalExtension, params};

use super::functions::words;
use super::rules;
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::text;
use crate::store::{Edit, StoreError};

/// How many texts one step adds, and with how many bytes together it ends: a few milliseconds of work on a phone.
const TEXTS: usize = 64;
const BYTES: usize = 64 * 1024;

/// The rebuilds that fill the index.
pub(in crate::store) const SEARCH: &str = "search";
pub(in crate::store) const ARTICLES: &str = "search_articles";

/// What a step may still do.
struct Budget {
    texts: usize,
    bytes: usize,
}

impl Budget {
    fn take(&mut self, bytes: usize) {
        self.texts = self.texts.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    fn is_used_up(&self) -> bool {
        self.texts == 0 || self.bytes == 0
    }
}

/// Adds the next texts to the index, from the ticket or the article `next` on. True if there is more to do in this rebuild.
pub(in crate::store) fn step(
    edit: &mut Edit<'_>,
    what: &str,
    next: i64,
    fields: &[String],
) -> Result<bool, StoreError> {
    if !rules::is_used(&edit.tx)? {
        rules::begin(&edit.tx, fields)?;
        return Ok(true);
    }
    let budget = Budget { texts: TEXTS, bytes: BYTES };
    let next = if what == ARTICLES { add_articles(edit, next, budget)? } else { add_tickets(edit, next, budget)? };
    match next {
        Some(next) => {
            edit.tx.execute_cached("UPDATE rebuilds SET next_ticket = ?1 WHERE what = ?2", params![next, what])?
        }
        None => edit.tx.execute_cached("DELETE FROM rebuilds WHERE what = ?1", [what])?,
    };
    // Searches that said that they do not cover everything yet are repeated at the end.
    edit.changes.history |= next.is_none() && what == SEARCH;
    edit.changes.articles |= next.is_none() && what == ARTICLES;
    Ok(next.is_some())
}

/// Adds the texts of the next tickets. Returns the ticket with which the next step continues.
fn add_tickets(edit: &Edit<'_>, next: i64, budget: Budget) -> Result<Option<i64>, StoreError> {
    let mut documents = Vec::new();
    let next = add_documents(edit, next, budget, &mut documents)?;
    // In one run and in the order of their ids: FTS5 writes what it has in memory whenever a statement with triggers begins, and
    // when an id is smaller than the one before.
    documents.sort_unstable_by_key(|(id, _)| *id);
    for (id, words) in documents {
        edit.tx.execute_cached("INSERT INTO search_words (rowid, words) VALUES (?1, ?2)", params![id, words])?;
    }
    Ok(next)
}

/// Makes the documents of the next tickets, and gives them with their tokens.
fn add_documents(
    edit: &Edit<'_>,
    mut next: i64,
    mut budget: Budget,
    documents: &mut Vec<(i64, String)>,
) -> Result<Option<i64>, StoreError> {
    while !budget.is_used_up() {
        let ticket = "SELECT min(id) FROM tickets WHERE id >= ?1";
        let ticket: Option<i64> = edit.tx.query_row_cached(ticket, [next], |row| row.get(0))?;
        let Some(ticket) = ticket else { return Ok(None) };
        // What was written since the rebuild began is there already, and so is what earlier steps added.
        let sql = "SELECT x.message, x.field, x.text FROM search_texts x
                   WHERE x.ticket = ?1 AND NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.ticket = ?1 AND d.message IS x.message
                                                                                              AND d.field IS x.field)";
        let mut found: Vec<(Option<i64>, Option<String>, String)> = Vec::new();
        let mut statement = edit.tx.prepare_cached(sql)?;
        let mut rows = statement.query([ticket])?;
        let mut is_whole = false;
        while !budget.is_used_up() {
            let Some(row) = rows.next()? else {
                is_whole = true;
                break;
            };
            let body = text(row, 2)?;
            budget.take(body.len());
            found.push((row.get(0)?, row.get(1)?, body));
        }
        drop(rows);
        for (message, field, text) in found {
            let sql = "INSERT INTO search_documents (id, ticket, field)
                       SELECT CASE WHEN ?2 IS NOT NULL THEN ?2 WHEN ?3 IS NULL THEN -?1 ELSE ifnull(max(d.id), 1 << 62) + 1 END, ?1, ?3
                       FROM search_documents d WHERE d.id > 1 << 62 RETURNING id";
            let id: i64 = edit.tx.query_row_cached(sql, params![ticket, message, field], |row| row.get(0))?;
            documents.push((id, words(&text)));
        }
        next = if is_whole { ticket.saturating_add(1) } else { ticket };
    }
    Ok(Some(next))
}

/// Adds the next articles. Returns the article with which the next step continues.
fn add_articles(edit: &Edit<'_>, mut next: i64, mut budget: Budget) -> Result<Option<i64>, StoreError> {
    while !budget.is_used_up() {
        let sql = "SELECT a.id, a.title, a.body, EXISTS (SELECT 1 FROM search_articles s WHERE s.article = a.id)
                   FROM articles a WHERE a.id >= ?1 ORDER BY a.id LIMIT 1";
        let found = edit.tx.query_row_cached(sql, [next], |row| {
            Ok((row.get::<_, i64>(0)?, text(row, 1)?, text(row, 2)?, row.get::<_, bool>(3)?))
        });
        let Some((article, title, body, is_known)) = found.optional()? else { return Ok(None) };
        budget.take(title.len() + body.len());
        if !is_known {
            edit.tx.execute_cached("INSERT INTO search_articles (article) VALUES (?1)", [article])?;
            let sql = "INSERT INTO article_words (rowid, title, body) VALUES (?1, ?2, ?3)";
            edit.tx.execute_cached(sql, params![article, words(&title), words(&body)])?;
        }
        next = article.saturating_add(1);
    }
    Ok(Some(next))
}
