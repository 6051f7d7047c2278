//! Articles (`docs/product.md`, W9; `docs/decisions/0083-articles-of-a-request-tracker.md`): which requests it takes to read
//! them.
//!
//! The service shows a user the articles of those classes on which they have `ShowArticle`. It cuts a search into pages first
//! and leaves out what this user may not see afterwards, and it tells an end user no total. So a page may have fewer rows than
//! were asked for, or none, and nothing says which page is the last. A complete read goes by ascending ids. Behind the last
//! article that is shown it looks at a few more pages, of ids only, before it takes the list to be at its end.
//!
//! A search without a condition finds nothing. Articles that were disabled are not found.

mod pictures;
mod row;

use serde_json::json;

pub(super) use self::pictures::is_picture;
use super::calls::{BASE, LARGEST_PAGE, document, failure, get};
use super::connection::Connection;
use super::wire;
use crate::connectors::json::{Json, Row, Rows};
use crate::connectors::refusal::{Asked, Refusal};
use crate::model::{ArticlePage, Failure};
use crate::net::HttpResponse;

/// How many pages behind the last article that is shown are looked at before the list is at its end. Sync takes a list with one
/// more page without anything new for one that leads in a circle.
const PAGES_BEHIND: u32 = 4;

/// The place in a complete read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// Articles with a larger id follow.
    after: i64,
    /// How many pages behind it show nothing; `None` if that was not looked at.
    behind: Option<u32>,
}

impl Place {
    fn of(cursor: Option<&str>) -> Result<Self, Failure> {
        let Some(cursor) = cursor else { return Ok(Self { after: 0, behind: None }) };
        let (after, behind) = match cursor.split_once('+') {
            Some((after, behind)) => {
                let behind = behind.parse().ok().filter(|behind| *behind < PAGES_BEHIND);
                (after, Some(behind.ok_or_else(Failure::misbehaves)?))
            }
            None => (cursor, None),
        };
        Ok(Self { after: after.parse().map_err(|_| Failure::misbehaves())?, behind })
    }

    fn cursor(self) -> String {
        self.behind.map_or_else(|| self.after.to_string(), |behind| format!("{}+{behind}", self.after))
    }
}

impl Connection {
    /// The language of the articles; `None` if this user is shown none.
    pub(super) async fn article_language(&self) -> Result<Option<String>, Failure> {
        for page in 1..=PAGES_BEHIND {
            match self.first_article(0, page).await? {
                Some(Some(_)) => return Ok(Some(row::LANGUAGE.to_owned())),
                Some(None) => {}
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The page of all articles after `cursor`. `None` if the server refuses them.
    pub(super) async fn article_page(&self, cursor: Option<&str>, rows: u32) -> Result<Option<ArticlePage>, Failure> {
        let place = Place::of(cursor)?;
        let Some(behind) = place.behind else {
            let Some((page, last)) = self.articles_after(place.after, rows).await? else { return Ok(None) };
            // A page of the largest size was the first one behind it.
            let behind = Place { behind: Some(u32::from(rows >= LARGEST_PAGE)), ..place };
            let next = last.map_or(behind, |last| Place { after: last, behind: None });
            return Ok(Some(ArticlePage { next: Some(next.cursor()), ..page }));
        };
        match self.first_article(place.after, behind + 1).await? {
            None => Ok(None),
            Some(Some(first)) => {
                let Some((page, last)) = self.articles_after(first - 1, rows).await? else { return Ok(None) };
                // If it is gone by now, others follow.
                let next = Place { after: last.unwrap_or(first), behind: None };
                Ok(Some(ArticlePage { next: Some(next.cursor()), ..page }))
            }
            Some(None) => {
                let next = Place { behind: Some(behind + 1), ..place };
                let next = (behind + 1 < PAGES_BEHIND).then(|| next.cursor());
                Ok(Some(ArticlePage { next, ..ArticlePage::default() }))
            }
        }
    }

    /// Page `number` (from 1) of the articles, those that were changed last first. `None` if the server refuses them.
    pub(super) async fn newest_articles(&self, number: u32, rows: u32) -> Result<Option<ArticlePage>, Failure> {
        let (number, rows) = (number.to_string(), rows.to_string());
        let order = [("orderby", "LastUpdated"), ("order", "DESC"), ("orderby", "id"), ("order", "DESC")];
        let paging = [("page", &*number), ("per_page", &*rows)];
        let query: Vec<_> = order.into_iter().chain(paging).chain(row::FIELDS).collect();
        let Some(answer) = self.ask_articles(0, &query).await? else { return Ok(None) };
        let (page, last) = self.read_articles(&answer)?;
        Ok(Some(ArticlePage { next: last.map(|_| number), ..page }))
    }

    /// At most `rows` articles with an id above `after`, and the largest id of the page; `None` if the server refuses them.
    async fn articles_after(&self, after: i64, rows: u32) -> Result<Option<(ArticlePage, Option<i64>)>, Failure> {
        let rows = rows.clamp(1, LARGEST_PAGE).to_string();
        let query: Vec<_> =
            [("orderby", "id"), ("order", "ASC"), ("per_page", &*rows)].into_iter().chain(row::FIELDS).collect();
        let Some(answer) = self.ask_articles(after, &query).await? else { return Ok(None) };
        let (page, last) = self.read_articles(&answer)?;
        let ids = page.articles.iter().map(|article| article.id.0).chain(page.unreadable.ids.iter().copied());
        // The ids must ascend, or reading the list would never end. If no row has one, the list goes no further either.
        if ids.into_iter().chain(last).any(|id| id <= after) || last.is_none() && !page.unreadable.is_empty() {
            return Err(Failure::misbehaves());
        }
        Ok(Some((page, last)))
    }

    /// The first id on page `page` (from 1) of the articles after `after`, if one is shown there; `None` if the server refuses
    /// them.
    async fn first_article(&self, after: i64, page: u32) -> Result<Option<Option<i64>>, Failure> {
        let (page, rows) = (page.to_string(), LARGEST_PAGE.to_string());
        let query = [("orderby", "id"), ("order", "ASC"), ("per_page", &*rows), ("page", &*page)];
        let Some(answer) = self.ask_articles(after, &query).await? else { return Ok(None) };
        let ids = wire::items(document(&answer)?.root(), |row| match wire::row_id(row) {
            Some(id) => Row::Read(id),
            None => Row::Unreadable(None),
        })?;
        match ids.read.into_iter().min() {
            Some(first) if first > after => Ok(Some(Some(first))),
            None if ids.unreadable.is_empty() => Ok(Some(None)),
            _ => Err(Failure::misbehaves()),
        }
    }

    /// Searches the articles with an id above `after`. `None` if the server itself says that there are none for this user: as a
    /// path that it does not know, or as one that is forbidden to a token that works.
    async fn ask_articles(&self, after: i64, query: &[(&str, &str)]) -> Result<Option<HttpResponse>, Failure> {
        let path = format!("{BASE}/articles");
        let condition = json!([{ "field": "id", "operator": ">", "value": after }]).to_string();
        let query: Vec<_> = [("query", &*condition)].into_iter().chain(query.iter().copied()).collect();
        let answer = self.session.send(&get(&path, &query)).await?;
        match failure(&answer, Asked::List) {
            // The session passes it on only if the server accepts the token.
            Some(_) if answer.status == 401 => Ok(None),
            Some(_) if matches!(answer.status, 403 | 404 | 410) && Refusal::of(&answer).is_some() => Ok(None),
            Some(failure) => Err(failure),
            None => Ok(Some(answer)),
        }
    }

    /// The articles of an answer, and the largest id of a row, whether it could be read or not.
    fn read_articles(&self, answer: &HttpResponse) -> Result<(ArticlePage, Option<i64>), Failure> {
        let document = document(answer)?;
        let (mut sections, mut last) = (Vec::new(), None);
        let Rows { read: articles, unreadable } = wire::items(document.root(), |found: Json<'_>| {
            last = last.max(wire::row_id(found));
            row::article(found, self.session.time(), self.session.origin(), &mut sections)
        })?;
        Ok((ArticlePage { articles, sections, unreadable, ..ArticlePage::default() }, last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_same_after_it_was_stored() {
        for (cursor, after, behind) in [("17", 17, None), ("17+0", 17, Some(0)), ("0+3", 0, Some(3))] {
            let place = Place::of(Some(cursor)).unwrap();
            assert_eq!((place, &*place.cursor()), (Place { after, behind }, cursor));
        }
        for odd in ["", "x", "17+", "17+x", "+3", "17+4", "17+4294967295"] {
            assert_eq!(Place::of(Some(odd)), Err(Failure::misbehaves()), "{odd}");
        }
    }
}
