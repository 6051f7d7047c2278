//! Articles of the help centre, as the company's authors change them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{JsonProblem, Strict};
use crate::account::HelpCenter;
use crate::clock::timestamp;
use crate::problem::Problem;
use crate::server::Server;
use crate::store::articles;

/// The routes of articles.
pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/sandbox/articles", post(add))
        .route("/sandbox/articles/{id}", get(show).post(change).delete(remove))
}

type Answer = Result<Json<Value>, JsonProblem>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    title: String,
    /// HTML.
    body: String,
    #[serde(default)]
    outdated: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewArticle {
    /// The place of its section.
    #[serde(default)]
    section: usize,
    /// The language in which it was written first.
    source_locale: Option<String>,
    /// Its texts by language.
    texts: BTreeMap<String, Text>,
}

/// Adds an article now, and answers its id.
async fn add(State(server): State<Arc<Server>>, Strict(new): Strict<NewArticle>) -> Answer {
    let help_center = HelpCenter::first().map_err(|_| Problem::Failed)?;
    let source = new.source_locale.unwrap_or(help_center.default_locale);
    let id = server.write(|db, now| -> Result<i64, Problem> {
        let id = articles::insert(db, None, HelpCenter::section_id(new.section), 1_000, &source, now)?;
        for (locale, text) in &new.texts {
            articles::put_text(db, id, locale, (&text.title, &text.body), text.outdated, now)?;
        }
        Ok(id)
    })?;
    Ok(Json(json!({ "article": { "id": id } })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    /// The texts that are written anew, by language.
    #[serde(default)]
    texts: BTreeMap<String, Text>,
    /// Whether the text in a language is a draft.
    #[serde(default)]
    drafts: BTreeMap<String, bool>,
    /// Whether its row is sent in a form that no app can read.
    broken: Option<bool>,
}

async fn change(State(server): State<Arc<Server>>, Path(id): Path<i64>, Strict(changed): Strict<Changed>) -> Answer {
    let article = server.write(|db, now| -> Result<Value, Problem> {
        if !articles::exists(db, id)? {
            return Err(Problem::Missing);
        }
        for (locale, text) in &changed.texts {
            articles::put_text(db, id, locale, (&text.title, &text.body), text.outdated, now)?;
        }
        for (locale, draft) in &changed.drafts {
            articles::set_draft(db, id, locale, *draft, now)?;
        }
        if let Some(broken) = changed.broken {
            articles::set_broken(db, id, broken)?;
        }
        describe(db, id)
    })?;
    Ok(Json(article))
}

async fn show(State(server): State<Arc<Server>>, Path(id): Path<i64>) -> Answer {
    let article = server.read(Duration::ZERO, |db| Ok(describe(db, id)))??;
    Ok(Json(article))
}

async fn remove(State(server): State<Arc<Server>>, Path(id): Path<i64>) -> Answer {
    let found = server.write(|db, _| Ok::<_, Problem>(articles::remove(db, id)?))?;
    if found { Ok(Json(json!({}))) } else { Err(Problem::Missing.into()) }
}

fn describe(db: &Connection, id: i64) -> Result<Value, Problem> {
    let texts = articles::texts(db, id)?;
    let first = texts.first().ok_or(Problem::Missing)?;
    let shown: BTreeMap<&str, Value> = texts
        .iter()
        .map(|text| (text.locale.as_str(), json!({ "title": text.title, "body": text.body, "draft": text.draft })))
        .collect();
    let votes: BTreeMap<String, i64> =
        articles::votes(db, id)?.into_iter().map(|(user, value)| (user.to_string(), value)).collect();
    Ok(json!({ "article": {
        "id": id, "section_id": first.section_id, "source_locale": first.source_locale,
        "updated_at": timestamp(first.updated_at), "texts": shown, "votes": votes,
    } }))
}
