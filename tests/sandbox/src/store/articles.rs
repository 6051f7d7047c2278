//! The articles of the help centre, their texts, and votes.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Result;

/// An article in one language.
#[derive(Debug, Clone)]
pub struct Article {
    /// The id, the same in every language.
    pub id: i64,
    /// The id of its section.
    pub section_id: i64,
    /// Its place in the section.
    pub position: i64,
    /// Whether it stands above others.
    pub promoted: bool,
    /// The language in which it was written first.
    pub source_locale: String,
    /// Seconds since 1970.
    pub created_at: i64,
    /// Seconds since 1970: anything of it.
    pub updated_at: i64,
    /// Whether its row is sent in a form that no app can read.
    pub broken: bool,
    /// The language of this text.
    pub locale: String,
    /// The title.
    pub title: String,
    /// HTML.
    pub body: String,
    /// Whether it is a draft, which end users do not see.
    pub draft: bool,
    /// Whether the original was changed since.
    pub outdated: bool,
    /// Seconds since 1970: this text.
    pub edited_at: i64,
    /// The sum of the votes.
    pub vote_sum: i64,
    /// The number of votes.
    pub vote_count: i64,
}

const COLUMNS: &str =
    "a.id, a.section_id, a.position, a.promoted, a.source_locale, a.created_at, a.updated_at, a.broken,
    t.locale, t.title, t.body, t.draft, t.outdated, t.edited_at,
    (SELECT ifnull(sum(v.value), 0) FROM article_votes v WHERE v.article_id = a.id),
    (SELECT count(*) FROM article_votes v WHERE v.article_id = a.id)";

fn read(row: &Row<'_>) -> Result<Article> {
    Ok(Article {
        id: row.get(0)?,
        section_id: row.get(1)?,
        position: row.get(2)?,
        promoted: row.get(3)?,
        source_locale: row.get(4)?,
        created_at: row.get(5)?,
        updated_at: row.get(6)?,
        broken: row.get(7)?,
        locale: row.get(8)?,
        title: row.get(9)?,
        body: row.get(10)?,
        draft: row.get(11)?,
        outdated: row.get(12)?,
        edited_at: row.get(13)?,
        vote_sum: row.get(14)?,
        vote_count: row.get(15)?,
    })
}

/// The articles in a language that end users see, by their ids.
pub fn in_locale(db: &Connection, locale: &str) -> Result<Vec<Article>> {
    select(db, "t.locale = ?1 AND NOT t.draft", locale)
}

/// An article in every language that it has.
pub fn texts(db: &Connection, id: i64) -> Result<Vec<Article>> {
    select(db, "a.id = ?1", id)
}

fn select(db: &Connection, filter: &str, value: impl rusqlite::ToSql) -> Result<Vec<Article>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM articles a JOIN article_texts t ON t.article_id = a.id WHERE {filter} ORDER BY a.id"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([value], read)?;
    rows.collect()
}

/// Adds an article without a text.
pub fn insert(db: &Connection, id: Option<i64>, section: i64, position: i64, source: &str, at: i64) -> Result<i64> {
    let sql = "INSERT INTO articles (id, section_id, position, promoted, source_locale, created_at, updated_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)";
    db.prepare_cached(sql)?.execute(params![id, section, position, position == 0, source, at])?;
    Ok(db.last_insert_rowid())
}

/// Writes a text of an article, and moves the article's time of update.
pub fn put_text(
    db: &Connection,
    id: i64,
    locale: &str,
    (title, body): (&str, &str),
    outdated: bool,
    at: i64,
) -> Result<()> {
    let sql = "INSERT INTO article_texts (article_id, locale, title, body, outdated, edited_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (article_id, locale) DO UPDATE SET title = excluded.title, body = excluded.body,
                                                              outdated = excluded.outdated, edited_at = excluded.edited_at";
    db.prepare_cached(sql)?.execute(params![id, locale, title, body, outdated, at])?;
    touch(db, id, at)
}

/// Makes a text a draft, or publishes it.
pub fn set_draft(db: &Connection, id: i64, locale: &str, draft: bool, at: i64) -> Result<()> {
    db.execute(
        "UPDATE article_texts SET draft = ?3 WHERE article_id = ?1 AND locale = ?2",
        params![id, locale, draft],
    )?;
    touch(db, id, at)
}

/// Decides whether the row of an article can be read.
pub fn set_broken(db: &Connection, id: i64, broken: bool) -> Result<()> {
    db.execute("UPDATE articles SET broken = ?2 WHERE id = ?1", params![id, broken]).map(drop)
}

fn touch(db: &Connection, id: i64, at: i64) -> Result<()> {
    db.prepare_cached("UPDATE articles SET updated_at = ?2 WHERE id = ?1")?.execute([id, at]).map(drop)
}

/// Removes an article. False if there is none.
pub fn remove(db: &Connection, id: i64) -> Result<bool> {
    db.execute("DELETE FROM article_votes WHERE article_id = ?1", [id])?;
    db.execute("DELETE FROM article_texts WHERE article_id = ?1", [id])?;
    Ok(db.execute("DELETE FROM articles WHERE id = ?1", [id])? > 0)
}

/// Sets a user's vote. Returns its id and when it was first given.
pub fn vote(db: &Connection, id: i64, user: i64, value: i64, at: i64) -> Result<(i64, i64)> {
    let sql = "INSERT INTO article_votes (article_id, user_id, value, created_at) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (article_id, user_id) DO UPDATE SET value = excluded.value";
    db.execute(sql, [id, user, value, at])?;
    let sql = "SELECT id, created_at FROM article_votes WHERE article_id = ?1 AND user_id = ?2";
    db.query_row(sql, [id, user], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The votes about an article, by their users.
pub fn votes(db: &Connection, id: i64) -> Result<BTreeMap<i64, i64>> {
    let mut statement = db.prepare("SELECT user_id, value FROM article_votes WHERE article_id = ?1")?;
    let rows = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// Whether there is such an article.
pub fn exists(db: &Connection, id: i64) -> Result<bool> {
    Ok(db.query_row("SELECT 1 FROM articles WHERE id = ?1", [id], |_| Ok(())).optional()?.is_some())
}
