//! The help centre, as an end user's app sees it. An end user has to name the language; the list of changes since a time is for
//! agents only. An administrator can close the whole, and votes by themselves (`settings.help_center`, `settings.article_votes`).

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query as QueryOf, State};
use axum::http::header;
use axum::response::IntoResponse;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::account::{HelpCenter, HelpCenterSetting};
use crate::api::caller::{Caller, number};
use crate::api::error::ApiError;
use crate::api::paging::{Paging, Query, parameter};
use crate::clock::timestamp;
use crate::server::Server;
use crate::store::account;
use crate::store::articles::{self, Article};
use crate::store::shuffled;

/// `GET /api/v2/help_center/locales`.
pub async fn locales(State(server): State<Arc<Server>>, _caller: Caller) -> Result<Json<Value>, ApiError> {
    let help_center = server.read(Duration::ZERO, |db| Ok(opened(db)))??;
    Ok(Json(json!({ "locales": help_center.locales, "default_locale": help_center.default_locale })))
}

/// `GET /api/v2/help_center/incremental/articles`, which only agents may ask for.
pub async fn incremental(_caller: Caller) -> ApiError {
    ApiError::Forbidden
}

/// `GET /api/v2/help_center/{locale}/articles`.
pub async fn list(
    State(server): State<Arc<Server>>,
    Path(locale): Path<String>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Value>, ApiError> {
    let help_center = server.read(Duration::ZERO, |db| Ok(opened(db)))??;
    let locale = enabled(&help_center, &locale)?;
    let paging = Paging::parse(&query)?;
    let mut rows = server.read(caller.effects.stale, |db| articles::in_locale(db, &locale))?;
    sort(&mut rows, &query, matches!(paging, Paging::Cursor { .. }))?;
    let page = paging.cut(rows);
    let shown: Vec<Value> = page.rows.iter().map(|article| shape(article, &caller.origin)).collect();
    let mut answer = json!({ "articles": shown });
    for wanted in parameter(&query, "include").unwrap_or_default().split(',') {
        match wanted {
            "sections" => answer["sections"] = sections(&help_center, &page.rows, &locale, &caller.origin),
            "categories" => answer["categories"] = categories(&help_center, &page.rows, &locale, &caller.origin),
            _ => {}
        }
    }
    let url = format!("{}/api/v2/help_center/{locale}/articles.json", caller.origin);
    paging.describe(&mut answer, &query, &url, page.last, page.more, page.count);
    Ok(Json(answer))
}

/// `GET /api/v2/help_center/{locale}/articles/{id}`.
pub async fn show(
    State(server): State<Arc<Server>>,
    Path((locale, id)): Path<(String, String)>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let id = number(&id)?;
    let help_center = server.read(Duration::ZERO, |db| Ok(opened(db)))??;
    let locale = enabled(&help_center, &locale)?;
    let texts = server.read(caller.effects.stale, |db| articles::texts(db, id))?;
    let article = texts.iter().find(|text| text.locale == locale && !text.draft).ok_or(ApiError::NotFound)?;
    Ok(Json(json!({ "article": shape(article, &caller.origin) })))
}

/// `POST /api/v2/help_center/{locale}/articles/{id}/up`.
pub async fn up(
    server: State<Arc<Server>>,
    path: Path<(String, String)>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    vote(&server, &path, &caller, 1)
}

/// `POST /api/v2/help_center/{locale}/articles/{id}/down`.
pub async fn down(
    server: State<Arc<Server>>,
    path: Path<(String, String)>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    vote(&server, &path, &caller, -1)
}

/// A user has one vote for each article. Another one replaces it.
fn vote(
    server: &Server,
    (locale, id): &(String, String),
    caller: &Caller,
    value: i64,
) -> Result<Json<Value>, ApiError> {
    let id = number(id)?;
    let answer = server.write(|db, now| {
        enabled(&opened(db)?, locale)?;
        if !account::read(db)?.settings.article_votes {
            return Err(ApiError::Forbidden);
        }
        if !articles::exists(db, id)? {
            return Err(ApiError::NotFound);
        }
        let (vote, created) = articles::vote(db, id, caller.user.id, value, now)?;
        Ok(json!({ "vote": {
            "id": vote, "url": format!("{}/api/v2/help_center/votes/{vote}.json", caller.origin), "user_id": caller.user.id,
            "value": value, "item_id": id, "item_type": "Article", "created_at": timestamp(created),
            "updated_at": timestamp(now),
        } }))
    })?;
    Ok(Json(answer))
}

/// `GET /hc/article_attachments/{id}/{name}`: the picture in an article. Everybody may see it, as in an open help centre.
pub async fn picture() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/png")], include_bytes!("../../../data/files/settings.png").as_slice())
}

/// The help centre, if the company has one that end users may see.
fn opened(db: &Connection) -> Result<HelpCenter, ApiError> {
    match account::read(db)?.settings.help_center {
        HelpCenterSetting::On => HelpCenter::first().map_err(|_| ApiError::Internal),
        HelpCenterSetting::Forbidden => Err(ApiError::Forbidden),
        HelpCenterSetting::Missing => Err(ApiError::NoSuchPath),
    }
}

fn enabled(help_center: &HelpCenter, locale: &str) -> Result<String, ApiError> {
    let known = help_center.locales.iter().find(|known| *known == locale);
    known.cloned().ok_or(ApiError::NotFound)
}

fn sort(rows: &mut [Article], query: &Query, by_cursor: bool) -> Result<(), ApiError> {
    if by_cursor {
        rows.sort_by_key(|article| shuffled(article.id, 1));
        return Ok(());
    }
    match parameter(query, "sort_by").unwrap_or("position") {
        "position" => rows.sort_by_key(|article| (article.section_id, article.position, article.id)),
        "title" => rows.sort_by(|a, b| a.title.cmp(&b.title)),
        "created_at" => rows.sort_by_key(|article| (article.created_at, article.id)),
        "updated_at" => rows.sort_by_key(|article| (article.updated_at, article.id)),
        _ => return Err(ApiError::Bad("sort_by must be position, title, created_at or updated_at")),
    }
    if parameter(query, "sort_order") == Some("desc") {
        rows.reverse();
    }
    Ok(())
}

fn shape(article: &Article, origin: &str) -> Value {
    let (id, locale) = (article.id, &article.locale);
    let mut shown = json!({
        "id": id,
        "url": format!("{origin}/api/v2/help_center/{locale}/articles/{id}.json"),
        "html_url": format!("{origin}/hc/{locale}/articles/{id}"),
        "author_id": 361_882_440_900_i64,
        "comments_disabled": false,
        "draft": article.draft,
        "promoted": article.promoted,
        "position": article.position,
        "vote_sum": article.vote_sum,
        "vote_count": article.vote_count,
        "section_id": article.section_id,
        "created_at": timestamp(article.created_at),
        "updated_at": timestamp(article.updated_at),
        "edited_at": timestamp(article.edited_at),
        "name": article.title,
        "title": article.title,
        "source_locale": article.source_locale,
        "locale": locale,
        "outdated": article.outdated,
        "outdated_locales": [],
        "user_segment_id": null,
        "user_segment_ids": [],
        "permission_group_id": 360_000_111_222_i64,
        "content_tag_ids": [],
        "label_names": [],
        "body": article.body,
    });
    if article.broken {
        shown["title"] = json!({ "unexpected": [1] });
        shown["section_id"] = json!("somewhere");
    }
    shown
}

fn sections(help_center: &HelpCenter, rows: &[Article], locale: &str, origin: &str) -> Value {
    let shown = help_center.sections.iter().enumerate().filter_map(|(place, section)| {
        let id = HelpCenter::section_id(place);
        rows.iter().any(|article| article.section_id == id).then(|| {
            json!({
                "id": id, "category_id": HelpCenter::category_id(section.category), "parent_section_id": null,
                "name": section.names.get(locale), "description": "", "locale": locale, "position": place,
                "source_locale": help_center.default_locale, "outdated": false,
                "url": format!("{origin}/api/v2/help_center/{locale}/sections/{id}.json"),
            })
        })
    });
    shown.collect()
}

fn categories(help_center: &HelpCenter, rows: &[Article], locale: &str, origin: &str) -> Value {
    let shown = help_center.categories.iter().enumerate().filter_map(|(place, names)| {
        let is_used = help_center.sections.iter().enumerate().any(|(section, known)| {
            known.category == place && rows.iter().any(|article| article.section_id == HelpCenter::section_id(section))
        });
        let id = HelpCenter::category_id(place);
        is_used.then(|| {
            json!({
                "id": id, "name": names.get(locale), "description": "", "locale": locale, "position": place,
                "source_locale": help_center.default_locale, "outdated": false,
                "url": format!("{origin}/api/v2/help_center/{locale}/categories/{id}.json"),
            })
        })
    });
    shown.collect()
}
