//! Finding in articles, and in one thread.

use rusqlite::params;

use crate::model::{ArticleHit, MessageHit, MessageId, TicketId};
use crate::query::Question;
use crate::store::articles::queries::{ROW, article_row};
use crate::store::db::unreadable::text;
use crate::store::{MAX_PAGE, Store, StoreError};

/// How many messages of a thread are shown in which something was found.
const MOST_MESSAGES: usize = 1_000;

impl Store {
    /// Up to `limit` articles in which everything was found: first those that have it in their title, then the one that was
    /// changed last.
    pub(crate) fn search_articles(&self, typed: &str, limit: u32) -> Result<Vec<ArticleHit>, StoreError> {
        let question = Question::of(typed);
        if question.is_empty() {
            return Ok(Vec::new());
        }
        self.read(|db| {
            let sql = format!(
                "SELECT {ROW}, body FROM articles
                 WHERE id IN (SELECT rowid FROM article_words WHERE article_words MATCH ?1)
                   AND EXISTS (SELECT 1 FROM search_rules)
                 ORDER BY id IN (SELECT rowid FROM article_words WHERE article_words MATCH ?2) DESC, edited_at DESC, id
                 LIMIT ?3"
            );
            let all = question.all();
            let mut statement = db.prepare_cached(&sql)?;
            let parameters = params![all, format!("title : ({all})"), limit.clamp(1, MAX_PAGE)];
            let rows = statement.query_map(parameters, |row| Ok((article_row(row)?, text(row, 4)?)))?;
            rows.map(|row| {
                let (row, body) = row?;
                let marked_title = question.marked(&row.title);
                Ok(ArticleHit { row, marked_title, excerpt: question.excerpt(&body) })
            })
            .collect()
        })
    }

    /// The messages of a thread in which any of the terms stands, in the order of the thread; the first 1,000. It needs
    /// no index.
    pub(crate) fn find_in_thread(&self, ticket: TicketId, typed: &str) -> Result<Vec<MessageHit>, StoreError> {
        let question = Question::of(typed);
        let mut hits = Vec::new();
        if question.is_empty() {
            return Ok(hits);
        }
        self.read(|db| {
            let sql = "SELECT id, body FROM messages WHERE ticket = ?1 ORDER BY unsent, created_at, sort_comment, id";
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query([ticket.0])?;
            while let Some(row) = rows.next()? {
                let marked = question.marked(&text(row, 1)?);
                if marked.iter().any(|part| part.hit) && hits.len() < MOST_MESSAGES {
                    hits.push(MessageHit { message: MessageId(row.get(0)?), text: marked });
                }
            }
            Ok(hits)
        })
    }
}
