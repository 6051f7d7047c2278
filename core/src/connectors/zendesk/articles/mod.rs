//! The help centre (`docs/product.md`, W9): its language, its articles with their sections and categories, and votes.
//!
//! An end user's request has to name the language in its path. Which languages there are is asked first; an account without a
//! help centre, or one that is closed to this user, refuses that or the articles. The list of what has changed since a time
//! (`incremental/articles`) is for agents only, so the newest changes are the first page of the list that is sorted by them.
//!
//! Which articles an end user sees is decided by the service. A draft is left out here as well: only the company's own people
//! get it.

use super::attachments::Files;
use super::calls::{Call, ask_if_offered, document};
use super::classify;
use super::lists::paging::{Order, Place, has_link};
use crate::connectors::json::{Json, Row, Rows, usable_times};
use crate::connectors::refusal::Asked;
use crate::connectors::text::{LARGEST_HTML, MessageText};
use crate::model::{
    ArticleId, ArticlePage, CategoryId, Failure, RemoteArticle, RemoteCategory, RemoteSection, SectionId,
};
use crate::net::session::{self, Session};
use crate::net::{Body, Method};

/// Asks for the sections and the categories of the articles.
const WITH_PLACES: (&str, &str) = ("include", "sections,categories");
/// The most languages that are looked at.
const MAX_LOCALES: usize = 200;
/// The longest name of a language, such as `zh-hans-tw`.
const LONGEST_LOCALE: usize = 20;

/// The language of the help centre that is the first of `wanted`, or else its own default. `None` if there is no help centre
/// for this user.
pub(super) async fn locale(session: &Session, wanted: &[String]) -> Result<Option<String>, Failure> {
    let Some(answer) = ask_if_offered(session, Call::list("/api/v2/help_center/locales", &[])).await? else {
        return Ok(None);
    };
    let document = document(&answer)?;
    let [list, default] = document.root().fields(["locales", "default_locale"]);
    let mut offered: Vec<String> = Vec::new();
    if !list.each(|name| offered.extend(locale_of(name).filter(|_| offered.len() < MAX_LOCALES))) {
        return Err(Failure::misbehaves());
    }
    let default = locale_of(default).filter(|default| offered.is_empty() || offered.contains(default));
    let first = || offered.first().cloned();
    chosen(&offered, wanted).or(default).or_else(first).map(Some).ok_or_else(Failure::misbehaves)
}

/// The first of `wanted` that is offered, perhaps for another country.
fn chosen(offered: &[String], wanted: &[String]) -> Option<String> {
    let language = |locale: &str| locale.split('-').next().unwrap_or_default().to_owned();
    wanted.iter().map(|wanted| wanted.to_ascii_lowercase().replace('_', "-")).find_map(|wanted| {
        let same = offered.iter().find(|locale| **locale == wanted);
        // The plain language before one of a country, and one for another country only if there is none of the wanted one.
        let plain = || offered.iter().find(|locale| **locale == language(&wanted));
        let other = || offered.iter().find(|locale| language(locale) == language(&wanted));
        same.or_else(plain).or_else(other).cloned()
    })
}

/// The name of a language, as paths have it. Anything else does not belong into a path.
fn locale_of(name: Json<'_>) -> Option<String> {
    let name = name.short()?.to_ascii_lowercase();
    let is_name = name.len() <= LONGEST_LOCALE && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_name.then_some(name)
}

/// The page of all articles in a language after `cursor`. `None` if there is no help centre for this user.
pub(super) async fn page(
    session: &Session,
    locale: &str,
    cursor: Option<&str>,
    rows: u32,
) -> Result<Option<ArticlePage>, Failure> {
    let place = Place::of(cursor);
    let query = place.query(rows, Order::OldestFirst);
    let query: Vec<_> = query.iter().map(|(name, value)| (*name, &**value)).chain([WITH_PLACES]).collect();
    let Some(answer) = ask_if_offered(session, Call::list(&path(locale), &query)).await? else { return Ok(None) };
    let document = document(&answer)?;
    let paging = document.root().fields(["meta", "next_page"]);
    let page = read(document.root(), locale, session)?;
    let is_empty = page.articles.is_empty() && page.unreadable.is_empty();
    Ok(Some(ArticlePage { next: place.next(paging, rows, is_empty)?, ..page }))
}

/// Page `number` (from 1) of the articles in a language, those that were changed last first. `None` if there is no help centre
/// for this user.
pub(super) async fn newest(
    session: &Session,
    locale: &str,
    number: u32,
    rows: u32,
) -> Result<Option<ArticlePage>, Failure> {
    let (number, rows) = (number.to_string(), rows.to_string());
    let query =
        [("page", &*number), ("per_page", &*rows), ("sort_by", "updated_at"), ("sort_order", "desc"), WITH_PLACES];
    let Some(answer) = ask_if_offered(session, Call::list(&path(locale), &query)).await? else { return Ok(None) };
    let document = document(&answer)?;
    let [next_page] = document.root().fields(["next_page"]);
    let next = has_link(next_page)?.then_some(number);
    Ok(Some(ArticlePage { next, ..read(document.root(), locale, session)? }))
}

/// Sets this user's vote for an article, whatever it was before.
pub(super) async fn vote(session: &Session, locale: &str, article: ArticleId, helpful: bool) -> Result<(), Failure> {
    let path = format!("{}/{article}/{}", path(locale), if helpful { "up" } else { "down" });
    let call = session::Call {
        method: Method::Post,
        path: &path,
        query: &[],
        headers: Vec::new(),
        body: Body::Json(b"{}".to_vec()),
    };
    let answer = session.send(&call).await?;
    if let Some(failure) = classify::failure(&answer, Asked::Change) {
        return Err(failure);
    }
    // Any other answer, such as a portal's or a gateway's, does not say that the server has it.
    let document = document(&answer)?;
    let [vote] = document.root().fields(["vote"]);
    if vote.is_object() { Ok(()) } else { Err(Failure::misbehaves()) }
}

fn path(locale: &str) -> String {
    format!("/api/v2/help_center/{locale}/articles")
}

fn read(root: Json<'_>, locale: &str, session: &Session) -> Result<ArticlePage, Failure> {
    let [articles, sections, categories] = root.fields(["articles", "sections", "categories"]);
    let Rows { read, unreadable } =
        articles.rows(|row| article(row, locale, session)).ok_or_else(Failure::misbehaves)?;
    // Without them the articles are there all the same.
    let sections = sections.rows(section).map(|rows| rows.read).unwrap_or_default();
    let categories = categories.rows(category).map(|rows| rows.read).unwrap_or_default();
    Ok(ArticlePage { articles: read, sections, categories, next: None, unreadable })
}

fn article(row: Json<'_>, locale: &str, session: &Session) -> Row<RemoteArticle> {
    let [id, section, title, html, own, source, created, updated, edited, flags @ ..] = row.fields([
        "id",
        "section_id",
        "title",
        "body",
        "locale",
        "source_locale",
        "created_at",
        "updated_at",
        "edited_at",
        "outdated",
        "promoted",
        "draft",
        "position",
    ]);
    let [outdated, promoted, draft, position] = flags;
    let Some(id) = id.id() else { return Row::Unreadable(None) };
    if draft.boolean() == Some(true) {
        return Row::Hidden;
    }
    // What has no title, or stands nowhere, cannot be shown in a list.
    let title = title.line();
    let (Some(section), false) = (section.id(), title.is_empty()) else { return Row::Unreadable(Some(id)) };
    let [_, updated_at] = usable_times([created.time(), updated.time()], session.time());
    let mut pictures = Files::of_article(session.origin());
    let text = MessageText::of([], html.string_within(LARGEST_HTML), &mut |picture| pictures.picture(picture));
    let locale = locale_of(own).unwrap_or_else(|| locale.to_owned());
    Row::Read(RemoteArticle {
        id: ArticleId(id),
        section: SectionId(section),
        title,
        body: text.body,
        structure: text.structure,
        pictures: pictures.list,
        shortened: text.shortened,
        source_locale: locale_of(source).unwrap_or_else(|| locale.clone()),
        locale,
        updated_at,
        // Nobody edits it after the server says that it was changed.
        edited_at: edited.time().filter(|edited| *edited <= updated_at).unwrap_or(updated_at),
        outdated: outdated.boolean().unwrap_or_default(),
        promoted: promoted.boolean().unwrap_or_default(),
        position: position.integer().unwrap_or(i64::MAX),
    })
}

fn section(row: Json<'_>) -> Row<RemoteSection> {
    let [id, category, parent, name, position] =
        row.fields(["id", "category_id", "parent_section_id", "name", "position"]);
    let Some(id) = id.id() else { return Row::Unreadable(None) };
    Row::Read(RemoteSection {
        id: SectionId(id),
        category: category.id().map(CategoryId),
        parent: parent.id().filter(|parent| *parent != id).map(SectionId),
        name: name.line(),
        position: position.integer().unwrap_or(i64::MAX),
    })
}

fn category(row: Json<'_>) -> Row<RemoteCategory> {
    let [id, name, position] = row.fields(["id", "name", "position"]);
    let Some(id) = id.id() else { return Row::Unreadable(None) };
    Row::Read(RemoteCategory {
        id: CategoryId(id),
        name: name.line(),
        position: position.integer().unwrap_or(i64::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_users_or_the_products_and_else_the_help_centres_own() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let offered = names(&["en-us", "en-gb", "de", "de-ch", "pt-br"]);
        for (wanted, locale) in [
            (&["de-AT", "en-us"][..], Some("de")),
            (&["de_CH"], Some("de-ch")),
            (&["en-GB"], Some("en-gb")),
            (&["en"], Some("en-us")),
            (&["pt", "en"], Some("pt-br")),
            (&["fr", "ja", "de"], Some("de")),
            (&["fr"], None),
            (&[], None),
        ] {
            assert_eq!(chosen(&offered, &names(wanted)).as_deref(), locale, "{wanted:?}");
        }
    }
}
