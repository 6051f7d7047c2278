//! Whether the index is what it would be if it were made anew.

use rusqlite::{Connection, OpenFlags};

use super::rules;
use crate::store::db::connection::connect;
use crate::store::{Store, StoreError};

/// Makes both indexes anew in memory, from the rows, and lists what each of them holds.
const ANEW: &str = r#"
CREATE VIRTUAL TABLE temp.words_anew USING fts5 (words, content = '', columnsize = 0, tokenize = "ascii tokenchars '+#'");
INSERT INTO words_anew (rowid, words)
SELECT d.id, search_tokens(x.text)
FROM search_documents d JOIN search_texts x ON x.ticket = d.ticket AND x.message IS d.message AND x.field IS d.field;
CREATE VIRTUAL TABLE temp.articles_anew USING fts5 (title, body, content = '', columnsize = 0, tokenize = "ascii tokenchars '+#'");
INSERT INTO articles_anew (rowid, title, body)
SELECT a.id, search_tokens(a.title), search_tokens(a.body) FROM search_articles s JOIN articles a ON a.id = s.article;
CREATE VIRTUAL TABLE temp.found_1 USING fts5vocab (main, search_words, instance);
CREATE VIRTUAL TABLE temp.anew_1 USING fts5vocab (temp, words_anew, instance);
CREATE VIRTUAL TABLE temp.found_2 USING fts5vocab (main, article_words, instance);
CREATE VIRTUAL TABLE temp.anew_2 USING fts5vocab (temp, articles_anew, instance);
"#;

/// How many entries are in one of two lists only, and how many documents are missing or have no text.
const DIFFERENCES: &str = "
SELECT (SELECT count(*) FROM new_documents)
     + (SELECT count(*) FROM (SELECT * FROM found_1 EXCEPT SELECT * FROM anew_1))
     + (SELECT count(*) FROM (SELECT * FROM anew_1 EXCEPT SELECT * FROM found_1))
     + (SELECT count(*) FROM (SELECT * FROM found_2 EXCEPT SELECT * FROM anew_2))
     + (SELECT count(*) FROM (SELECT * FROM anew_2 EXCEPT SELECT * FROM found_2))
     + (SELECT count(*) FROM (SELECT ticket, message, field FROM search_documents
                              EXCEPT SELECT ticket, message, field FROM search_texts))
     + (SELECT count(*) - count(DISTINCT ticket || ' ' || ifnull(message, '') || ' ' || ifnull(field, '')) FROM search_documents)
     + (SELECT count(*) FROM search_documents d WHERE d.message IS NOT NULL
        AND (SELECT s.ticket FROM search_spans s WHERE s.first <= d.id ORDER BY s.first DESC LIMIT 1) IS NOT d.ticket)
     + (SELECT count(*) FROM search_articles s WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = s.article))";

/// How many texts are not in the index although no rebuild will add them.
const MISSING: &str = "
SELECT (SELECT count(*) FROM (SELECT ticket, message, field FROM search_texts
                              WHERE ticket < ifnull((SELECT next_ticket FROM rebuilds WHERE what = 'search'), 9223372036854775807)
                              EXCEPT SELECT ticket, message, field FROM search_documents))
     + (SELECT count(*) FROM articles a
        WHERE a.id < ifnull((SELECT next_ticket FROM rebuilds WHERE what = 'search_articles'), 9223372036854775807)
          AND NOT EXISTS (SELECT 1 FROM search_articles s WHERE s.article = a.id))";

impl Store {
    /// How many entries of the index differ from what the rows say; 0 if it is right, or not used now. For tests and
    /// tools: it reads everything.
    pub fn check_search(&self) -> Result<u64, StoreError> {
        // A connection of its own: the readers cannot write, not even in memory.
        let mut db = connect(&self.home.file(), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let tx = db.transaction()?;
        if !rules::is_used(&tx)? {
            return Ok(0);
        }
        tx.execute_batch(ANEW)?;
        let count = |sql: &str| -> Result<u64, StoreError> { count(&tx, sql) };
        Ok(count(DIFFERENCES)?.saturating_add(count(MISSING)?))
    }
}

fn count(db: &Connection, sql: &str) -> Result<u64, StoreError> {
    let count: i64 = db.query_row(sql, [], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}
