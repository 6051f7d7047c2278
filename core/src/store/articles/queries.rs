//! What screens show of the help centre.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};

use crate::model::{
    Article, ArticleId, ArticleRow, Body, CategoryId, HelpCategory, HelpCenter, HelpCenterState, HelpSection,
    SectionId, Structure, TicketId, Timestamp,
};
use crate::store::articles::votes::vote_of;
use crate::store::blobs::downloads::{self, FileOwner};
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{json, optional_text, text};
use crate::store::search::rules;
use crate::store::{Store, StoreError};

/// How many of the newest tickets are looked through for one that is like a text.
const SIMILAR_TICKETS: u32 = 2_000;
/// How many of the newest tickets with a word of the text are looked at beside them, for each word.
const WITH_WORD: u32 = 500;

/// The columns of [`article_row`].
pub(in crate::store) const ROW: &str = "id, section, title, edited_at";

impl Store {
    /// The help centre, with the categories and sections that have an article.
    pub(crate) fn help_center(&self) -> Result<HelpCenter, StoreError> {
        self.read(|db| {
            let sql = "SELECT state, read_at IS NOT NULL FROM help_center";
            let (state, complete) = db.query_row_cached(sql, [], |row| Ok((text(row, 0)?, row.get(1)?)))?;
            Ok(HelpCenter { state: HelpCenterState::from_name(&state), complete, categories: categories(db)? })
        })
    }

    /// Whether there is a help centre, as far as is known.
    pub(crate) fn help_center_state(&self) -> Result<HelpCenterState, StoreError> {
        self.read(|db| {
            let state = db.query_row_cached("SELECT state FROM help_center", [], |row| text(row, 0))?;
            Ok(HelpCenterState::from_name(&state))
        })
    }

    /// The articles of a section, in the company's order.
    pub(crate) fn articles_of(&self, section: SectionId) -> Result<Vec<ArticleRow>, StoreError> {
        self.read(|db| {
            let sql =
                format!("SELECT {ROW} FROM articles WHERE section = ?1 ORDER BY promoted DESC, position, title, id");
            let mut statement = db.prepare_cached(&sql)?;
            let rows = statement.query_map([section.0], article_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// An article; `None` if there is none with this id. Without what the product adds.
    pub(crate) fn article(&self, article: ArticleId) -> Result<Option<Article>, StoreError> {
        self.read(|db| {
            let sql = format!(
                "SELECT {ROW}, body, locale, source_locale, outdated, shortened, (SELECT takes_votes FROM help_center), structure,
                        pictures
                 FROM articles WHERE id = ?1"
            );
            let found = db.query_row_cached(&sql, [article.0], |row| {
                let (body, locale, source) = (text(row, 4)?, text(row, 5)?, text(row, 6)?);
                let structure = optional_text(row, 10)?.and_then(|json| Structure::of_json(&json));
                Ok(Article {
                    row: article_row(row)?,
                    // No mail is quoted in an article, whatever its lines look like.
                    content: Body { history_from: None, ..Body::of(&body, structure.as_ref()) },
                    pictures: json(&text(row, 11)?),
                    body,
                    translated: !locale.eq_ignore_ascii_case(&source),
                    locale,
                    outdated: row.get(7)?,
                    shortened: row.get(8)?,
                    note_key: None,
                    asks: row.get(9)?,
                    vote: None,
                })
            });
            let Some(mut found) = found.optional()? else { return Ok(None) };
            downloads::fill_in_copies(db, self, FileOwner::Article(article), &mut found.pictures)?;
            Ok(Some(Article { vote: vote_of(db, article)?.map(Into::into), ..found }))
        })
    }

    /// Every article, without its text, the one that was changed last first.
    pub(crate) fn article_titles(&self) -> Result<Vec<ArticleRow>, StoreError> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached(&format!("SELECT {ROW} FROM articles ORDER BY edited_at DESC, id"))?;
            let rows = statement.query_map([], article_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The subjects of this user's own tickets that the history shows and that may be like a text with these words
    /// ([`telling_words`](crate::query::telling_words)): the newest tickets, whose words may have other ends, and of all others those in
    /// which the index of searches finds one of the words.
    pub(crate) fn own_subjects(&self, words: &BTreeSet<String>) -> Result<Vec<(TicketId, String)>, StoreError> {
        self.read(|db| {
            let newest = format!(
                "SELECT t.id, t.subject
                 FROM (SELECT ticket FROM history_entries WHERE listed = 2
                       UNION ALL
                       SELECT * FROM (SELECT ticket FROM history_entries WHERE listed = 1 AND relation = 2
                                      ORDER BY last_activity DESC, sort_number DESC LIMIT {SIMILAR_TICKETS})) e
                      CROSS JOIN tickets t ON t.id = e.ticket"
            );
            // A ticket that is no longer visible has no subject.
            let sql = format!("{newest} WHERE t.subject <> ''");
            let mut statement = db.prepare_cached(&sql)?;
            let found = |row: &Row<'_>| Ok((TicketId(row.get(0)?), text(row, 1)?));
            let mut subjects = statement.query_map([], found)?.collect::<Result<Vec<_>, _>>()?;
            let mut known: BTreeSet<TicketId> = subjects.iter().map(|(ticket, _)| *ticket).collect();
            if rules::is_used(db)? {
                // The documents of subjects are below 0, so the newest ticket comes first, and no message is looked at.
                let sql = format!(
                    "SELECT t.id, t.subject
                     FROM (SELECT -rowid AS ticket FROM search_words
                           WHERE search_words MATCH ?1 AND rowid < 0 ORDER BY rowid LIMIT {WITH_WORD}) w
                          CROSS JOIN history_entries e ON e.ticket = w.ticket AND e.listed = 1 AND e.relation = 2
                          CROSS JOIN tickets t ON t.id = e.ticket"
                );
                let mut statement = db.prepare_cached(&sql)?;
                for word in words {
                    let more = statement.query_map([word], found)?.collect::<Result<Vec<_>, _>>()?;
                    subjects.extend(more.into_iter().filter(|(ticket, _)| known.insert(*ticket)));
                }
            }
            Ok(subjects)
        })
    }
}

pub(in crate::store) fn article_row(row: &Row<'_>) -> rusqlite::Result<ArticleRow> {
    Ok(ArticleRow {
        id: ArticleId(row.get(0)?),
        section: SectionId(row.get(1)?),
        title: text(row, 2)?,
        updated_at: Timestamp(row.get(3)?),
    })
}

/// The sections that have an article, by their categories. Those of which no category is known come last.
fn categories(db: &Connection) -> Result<Vec<HelpCategory>, StoreError> {
    let sql = "SELECT n.section, n.articles, s.parent, ifnull(s.name, ''), c.id, ifnull(c.name, '')
               FROM (SELECT section, count(*) AS articles FROM articles GROUP BY section) n
               LEFT JOIN article_sections s ON s.id = n.section
               LEFT JOIN article_categories c ON c.id = s.category
               ORDER BY c.id IS NULL, c.position, c.name, c.id, s.id IS NULL, s.position, s.name, n.section";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let section = HelpSection {
            id: SectionId(row.get(0)?),
            articles: row.get(1)?,
            parent: row.get::<_, Option<i64>>(2)?.map(SectionId),
            name: text(row, 3)?,
        };
        Ok((row.get::<_, Option<i64>>(4)?.map(CategoryId), text(row, 5)?, section))
    })?;
    let mut categories: Vec<HelpCategory> = Vec::new();
    for row in rows {
        let (id, name, section) = row?;
        match categories.last_mut().filter(|last| last.id == id) {
            Some(last) => last.sections.push(section),
            None => categories.push(HelpCategory { id, name, sections: vec![section] }),
        }
    }
    Ok(categories)
}
