//! Reading the help centre: what was read of it, and what is read next.
//!
//! # The story
//!
//! The help centre of one language is read completely at first, and again once a day: that alone shows which articles are gone.
//! In between, only the pages with the newest changes are read.
//!
//! A complete read has a number. Every article that the server shows is marked with this number, page by page, and the
//! cursor is kept in the same transaction. A run makes a limited number of requests, and the next one continues. At the
//! end, what does not have the mark is gone from the server, and is deleted. An article that cannot be read counts as
//! shown. If not even the ids of some could be read, nothing is deleted this time. Triggers ask for a secure delete of
//! what was removed or rewritten.
//!
//! In another language everything is read anew. Until the end of that read, what was there stays readable: an article has the
//! same id in every language, so one takes the place of the other. If the server says that there is no help centre for this
//! user, everything of it is deleted. What has failed gets a pause, and after several failures a read begins again at the
//! beginning. A crash leaves the last page that was stored, and the next run continues from there.

use rusqlite::{Row, params};

use crate::model::{ArticlePage, HelpCenterState, RemoteArticle, RemoteCategory, RemoteSection, Timestamp, millis};
use crate::outbox::Wait;
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{optional_text, text};
use crate::store::db::writer_lock::Priority;
use crate::store::schedule::pauses::{Pause, wait_of};
use crate::store::{Edit, Store, StoreError};

/// After this many failures in a row a complete read begins again at the beginning.
const RESTART_AFTER: u32 = 3;

/// What is known of the help centre, and how far it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Whether there is one.
    pub state: HelpCenterState,
    /// The app's language for which its own was chosen.
    pub language: Option<String>,
    /// Its own language.
    pub locale: Option<String>,
    /// Whether a complete read is under way.
    pub is_under_way: bool,
    /// Where that continues; `None` at the beginning.
    pub cursor: Option<String>,
    /// How many pages it has read.
    pub pages: u32,
    /// When the last complete read ended, by the device's clock.
    pub read_at: Option<Timestamp>,
    /// When the server was last asked what has changed, by the device's clock.
    pub asked_at: Option<Timestamp>,
    /// Whether the server has not refused this user's answers.
    pub takes_votes: bool,
    /// The pause after a failure.
    pub wait: Option<Wait>,
}

/// What a page is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArticleStep {
    /// A complete read, which goes on at [`ArticlePage::next`] and otherwise ends.
    Complete,
    /// The newest changes.
    Newest,
}

/// What a page has brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Applied {
    /// Something is new, or has changed.
    pub changed: bool,
    /// There was an article that the complete read with this number had not seen yet.
    pub fresh: bool,
}

impl Store {
    /// What is known of the help centre.
    pub(crate) fn help_center_reading(&self) -> Result<Reading, StoreError> {
        self.read(|db| {
            let sql = "SELECT state, language, locale, reading, cursor, pages, read_at, asked_at, takes_votes,
                              wait_start, wait_length, wait_server_imposed FROM help_center";
            Ok(db.query_row_cached(sql, [], |row| {
                let time = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Timestamp));
                Ok(Reading {
                    state: HelpCenterState::from_name(&text(row, 0)?),
                    language: optional_text(row, 1)?,
                    locale: optional_text(row, 2)?,
                    is_under_way: row.get(3)?,
                    cursor: optional_text(row, 4)?,
                    pages: row.get(5)?,
                    read_at: time(6)?,
                    asked_at: time(7)?,
                    takes_votes: row.get(8)?,
                    wait: optional_wait(row)?,
                })
            })?)
        })
    }

    /// Begins a complete read of the help centre in its language `locale`, which was chosen for the app's `language`.
    pub(crate) fn begin_articles(&self, locale: &str, language: &str) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            let sql = "UPDATE help_center
                       SET state = ?1, language = ?2, locale = ?3, number = number + 1, reading = 1, cursor = NULL, pages = 0,
                           inconclusive = 0, failures = 0, wait_start = NULL, wait_length = NULL, wait_server_imposed = 0";
            edit.tx.execute_cached(sql, params![HelpCenterState::Here.name(), language, locale])?;
            edit.changes.articles = true;
            Ok(())
        })
    }

    /// There is no help centre for this user, as the server says at `now`. Removes what was read of one, and the user's
    /// answers, even those that wait to be sent.
    pub(crate) fn no_help_center(&self, language: &str, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            for table in ["articles", "article_sections", "article_categories", "article_votes"] {
                edit.tx.execute_cached(&format!("DELETE FROM {table}"), [])?;
            }
            let sql = "UPDATE help_center
                       SET state = ?1, language = ?2, locale = NULL, reading = 0, cursor = NULL, pages = 0, read_at = NULL,
                           asked_at = ?3, failures = 0, wait_start = NULL, wait_length = NULL, wait_server_imposed = 0";
            edit.tx.execute_cached(sql, params![HelpCenterState::Absent.name(), language, now.0])?;
            edit.changes.articles = true;
            Ok(())
        })?;
        self.empty_log()
    }

    /// Stores a page, and returns what it has brought. `now` is by the device's clock.
    pub(crate) fn apply_articles(
        &self,
        page: &ArticlePage,
        step: ArticleStep,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        let applied = self.write(Priority::Sync, |edit| {
            let number: i64 = edit.tx.query_row_cached("SELECT number FROM help_center", [], |row| row.get(0))?;
            let (mut changed, mut fresh) = (false, false);
            for category in &page.categories {
                changed |= put_category(edit, category, number)?;
            }
            for section in &page.sections {
                changed |= put_section(edit, section, number)?;
            }
            for article in &page.articles {
                let applied = put_article(edit, article, number)?;
                changed |= applied.changed;
                fresh |= applied.fresh;
            }
            for id in &page.unreadable.ids {
                fresh |= mark(edit, "articles", *id, number)?;
            }
            let sql = "UPDATE help_center
                       SET asked_at = ?1, inconclusive = max(inconclusive, ?2), failures = 0, wait_start = NULL,
                           wait_length = NULL, wait_server_imposed = 0";
            edit.tx.execute_cached(sql, params![now.0, page.unreadable.unknown > 0])?;
            if step == ArticleStep::Complete {
                let sql = "UPDATE help_center SET cursor = ?1, pages = pages + 1";
                edit.tx.execute_cached(sql, [&page.next])?;
                if page.next.is_none() {
                    end(edit, number, now)?;
                    changed = true;
                }
            }
            edit.changes.articles |= changed;
            Ok(Applied { changed, fresh })
        })?;
        self.empty_log()?;
        Ok(applied)
    }

    /// Begins the complete read that is under way again at the beginning.
    pub(crate) fn restart_articles(&self) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| restart(edit))
    }

    /// Writes down that the help centre could not be read, and lets it wait.
    pub(crate) fn articles_failed(&self, pause: Pause) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            let before: u32 = edit.tx.query_row_cached("SELECT failures FROM help_center", [], |row| row.get(0))?;
            let (failures, wait) = (before.saturating_add(1), pause.after(before));
            let sql = "UPDATE help_center
                       SET failures = ?1, wait_start = ?2, wait_length = ?3, wait_server_imposed = ?4";
            let args = params![failures, wait.start.0, millis(wait.length), wait.server_imposed];
            edit.tx.execute_cached(sql, args)?;
            if failures.is_multiple_of(RESTART_AFTER) { restart(edit) } else { Ok(()) }
        })
    }
}

fn optional_wait(row: &Row<'_>) -> rusqlite::Result<Option<Wait>> {
    let [start, length] = [row.get::<_, Option<i64>>(9)?, row.get::<_, Option<i64>>(10)?];
    let server_imposed = row.get(11)?;
    Ok(start.zip(length).map(|(start, length)| wait_of(start, length, server_imposed)))
}

fn restart(edit: &Edit<'_>) -> Result<(), StoreError> {
    let sql = "UPDATE help_center SET number = number + reading, cursor = NULL, pages = 0, inconclusive = 0";
    edit.tx.execute_cached(sql, [])?;
    Ok(())
}

/// Ends a complete read: what the server did not show is gone.
fn end(edit: &Edit<'_>, number: i64, now: Timestamp) -> Result<(), StoreError> {
    let inconclusive =
        edit.tx.query_row_cached("SELECT inconclusive FROM help_center", [], |row| row.get::<_, bool>(0))?;
    if !inconclusive {
        for table in ["articles", "article_sections", "article_categories"] {
            edit.tx.execute_cached(&format!("DELETE FROM {table} WHERE number <> ?1"), [number])?;
        }
        // An answer that waits is sent all the same: the server says what becomes of it.
        edit.tx
            .execute_cached("DELETE FROM article_votes WHERE sent AND article NOT IN (SELECT id FROM articles)", [])?;
    }
    let sql = "UPDATE help_center SET reading = 0, read_at = ?1, takes_votes = 1, cursor = NULL";
    edit.tx.execute_cached(sql, [now.0])?;
    Ok(())
}

fn put_category(edit: &Edit<'_>, category: &RemoteCategory, number: i64) -> Result<bool, StoreError> {
    let sql = "INSERT INTO article_categories (id, name, position, number) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, position = excluded.position
               WHERE (name, position) IS NOT (excluded.name, excluded.position)";
    let args = params![category.id.0, category.name, category.position, number];
    let changed = edit.tx.execute_cached(sql, args)? > 0;
    mark(edit, "article_categories", category.id.0, number)?;
    Ok(changed)
}

fn put_section(edit: &Edit<'_>, section: &RemoteSection, number: i64) -> Result<bool, StoreError> {
    let sql = "INSERT INTO article_sections (id, category, parent, name, position, number) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (id) DO UPDATE SET category = excluded.category, parent = excluded.parent, name = excluded.name,
                                              position = excluded.position
               WHERE (category, parent, name, position)
                     IS NOT (excluded.category, excluded.parent, excluded.name, excluded.position)";
    let args = params![
        section.id.0,
        section.category.map(|id| id.0),
        section.parent.map(|id| id.0),
        section.name,
        section.position,
        number
    ];
    let changed = edit.tx.execute_cached(sql, args)? > 0;
    mark(edit, "article_sections", section.id.0, number)?;
    Ok(changed)
}

fn put_article(edit: &Edit<'_>, article: &RemoteArticle, number: i64) -> Result<Applied, StoreError> {
    let sql = "INSERT INTO articles (id, section, title, body, shortened, locale, source_locale, updated_at, edited_at, outdated,
                                     promoted, position, number, structure, pictures)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
               ON CONFLICT (id) DO UPDATE SET
                   section = excluded.section, title = excluded.title, body = excluded.body, shortened = excluded.shortened,
                   locale = excluded.locale, source_locale = excluded.source_locale, updated_at = excluded.updated_at,
                   edited_at = excluded.edited_at, outdated = excluded.outdated, promoted = excluded.promoted,
                   position = excluded.position, structure = excluded.structure, pictures = excluded.pictures
               WHERE (section, title, body, shortened, locale, source_locale, updated_at, edited_at, outdated, promoted, position,
                      structure, pictures)
                     IS NOT (excluded.section, excluded.title, excluded.body, excluded.shortened, excluded.locale,
                             excluded.source_locale, excluded.updated_at, excluded.edited_at, excluded.outdated,
                             excluded.promoted, excluded.position, excluded.structure, excluded.pictures)";
    let args = params![
        article.id.0,
        article.section.0,
        article.title,
        article.body,
        article.shortened,
        article.locale,
        article.source_locale,
        article.updated_at.0,
        article.edited_at.0,
        article.outdated,
        article.promoted,
        article.position,
        number,
        article.structure.as_ref().map(serde_json::to_string).transpose()?,
        serde_json::to_string(&article.pictures)?
    ];
    let known = "SELECT EXISTS (SELECT 1 FROM articles WHERE id = ?1)";
    let is_known: bool = edit.tx.query_row_cached(known, [article.id.0], |row| row.get(0))?;
    let changed = edit.tx.execute_cached(sql, args)? > 0;
    let marked = mark(edit, "articles", article.id.0, number)?;
    Ok(Applied { changed, fresh: marked || !is_known })
}

/// Notes that the complete read with this number has seen a row. False if it had seen it before, or if there is no such row.
fn mark(edit: &Edit<'_>, table: &str, id: i64, number: i64) -> Result<bool, StoreError> {
    let sql = format!("UPDATE {table} SET number = ?2 WHERE id = ?1 AND number <> ?2");
    Ok(edit.tx.execute_cached(&sql, [id, number])? > 0)
}
