//! Satisfaction, in the service's two systems, of which an administrator activates one or none (`settings.satisfaction`).
//!
//! *Legacy ratings* are taken from the requester of a ticket that was solved, once; a second one is a 422. *Surveys*: an
//! automation asks the requester as soon as the ticket is solved, and the survey can be answered once. Whoever has not activated
//! a system has not its paths either. In both, the company's trigger ticks a field of the ticket (`feedback_given`), because a
//! request shows no rating; the tick comes with the rating.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query as QueryOf, State};
use axum::http::StatusCode;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::account::Satisfaction;
use crate::api::caller::{Caller, number};
use crate::api::error::ApiError;
use crate::api::paging::{Query, parameter};
use crate::clock::timestamp;
use crate::rules::{self, Refusal};
use crate::server::Server;
use crate::store::account;
use crate::store::satisfaction::{self, Rating};
use crate::store::tickets::{self, Ticket};

/// The answers of a survey, the worst first.
const LABELS: [&str; 5] = ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"];
/// Before the number of the ticket in the id of a survey response.
const SURVEY: &str = "01JSURVEY";

#[derive(Debug, Deserialize)]
struct RatingBody {
    satisfaction_rating: LegacyRating,
}

#[derive(Debug, Deserialize)]
struct LegacyRating {
    score: String,
    #[serde(default)]
    comment: Option<String>,
}

/// `POST /api/v2/tickets/{id}/satisfaction_rating`.
pub async fn rate(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let id = number(&id)?;
    let body: RatingBody =
        serde_json::from_slice(&body).map_err(|_| ApiError::Bad("satisfaction_rating is missing"))?;
    let LegacyRating { score, comment } = body.satisfaction_rating;
    if !["good", "bad"].contains(&score.as_str()) {
        return Err(Refusal::Satisfaction("Score: is not valid").into());
    }
    let answer = server.write(|db, now| {
        let ticket = rateable(db, &caller, id, Satisfaction::Legacy)?;
        rules::rate(db, &ticket, &Rating { score: score.clone(), comment: comment.clone(), given_at: now }, now)?;
        Ok::<_, ApiError>(json!({ "satisfaction_rating": {
            "id": 360_500_000_000 + id, "score": score, "comment": comment, "ticket_id": id, "requester_id": caller.user.id,
            "created_at": timestamp(now), "updated_at": timestamp(now),
        } }))
    })?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// `GET /api/v2/guide/survey_responses`: the caller's surveys about one ticket.
pub async fn list(
    State(server): State<Arc<Server>>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Value>, ApiError> {
    let subject = parameter(&query, "filter[subject_zrns]").unwrap_or_default();
    let id = subject.strip_prefix("zen:ticket:").and_then(|id| id.parse::<i64>().ok());
    let responses = server.read(caller.effects.stale, |db| {
        if account::read(db)?.settings.satisfaction != Satisfaction::Surveys {
            return Ok(None);
        }
        let ticket = id.map(|id| tickets::find(db, id, Some(&caller.user))).transpose()?.flatten();
        let asked = ticket.filter(|ticket| ticket.requester_id == caller.user.id && is_over(ticket));
        let response =
            |ticket: &Ticket| Ok::<_, rusqlite::Error>(shape(ticket, satisfaction::of(db, ticket.id)?.as_ref()));
        Ok(Some(asked.iter().map(response).collect::<Result<Vec<_>, _>>()?))
    })?;
    let responses = responses.ok_or(ApiError::NoSuchPath)?;
    Ok(Json(json!({
        "survey_responses": responses, "meta": { "has_more": false, "after_cursor": null, "before_cursor": null },
        "links": { "next": null, "prev": null },
    })))
}

#[derive(Debug, Deserialize)]
struct AnswersBody {
    survey_response: Answers,
}

#[derive(Debug, Deserialize)]
struct Answers {
    answers: Vec<Answer>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Answer {
    RatingScale { question_id: String, rating: i64 },
    OpenEnded { question_id: String, value: String },
}

/// `POST /api/v2/guide/survey_responses/{id}`: the caller's answers.
pub async fn answer(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let ticket = id.strip_prefix(SURVEY).ok_or(ApiError::NotFound).and_then(number)?;
    let body: AnswersBody = serde_json::from_slice(&body).map_err(|_| ApiError::Bad("survey_response is malformed"))?;
    let (mut score, mut comment) = (None, None);
    for answer in body.survey_response.answers {
        match answer {
            Answer::RatingScale { question_id, rating } if question_id == "01JRATING" && (1..=5).contains(&rating) => {
                score = Some(rating.to_string());
            }
            Answer::OpenEnded { question_id, value } if question_id == "01JTEXT" => comment = Some(value),
            _ => return Err(Refusal::Satisfaction("Answers: are not those of the survey").into()),
        }
    }
    let score = score.ok_or(Refusal::Satisfaction("Answers: the rating is missing"))?;
    let answer = server.write(|db, now| {
        let ticket = rateable(db, &caller, ticket, Satisfaction::Surveys)?;
        let rating = Rating { score, comment, given_at: now };
        rules::rate(db, &ticket, &rating, now)?;
        Ok::<_, ApiError>(json!({ "survey_response": shape(&ticket, Some(&rating)) }))
    })?;
    Ok(Json(answer))
}

/// The ticket, if the caller may rate it now.
fn rateable(db: &Connection, caller: &Caller, id: i64, system: Satisfaction) -> Result<Ticket, ApiError> {
    if account::read(db)?.settings.satisfaction != system {
        return Err(ApiError::NoSuchPath);
    }
    let ticket = tickets::find(db, id, Some(&caller.user))?.ok_or(ApiError::NotFound)?;
    if ticket.requester_id != caller.user.id {
        return Err(ApiError::Forbidden);
    }
    if !is_over(&ticket) {
        return Err(Refusal::Satisfaction("Ticket: is not solved").into());
    }
    if satisfaction::of(db, id)?.is_some() {
        return Err(Refusal::Satisfaction("Satisfaction rating: was given already").into());
    }
    Ok(ticket)
}

fn is_over(ticket: &Ticket) -> bool {
    matches!(ticket.status.as_str(), "solved" | "closed")
}

fn shape(ticket: &Ticket, rating: Option<&Rating>) -> Value {
    let options: Vec<Value> =
        LABELS.iter().zip(1..).map(|(label, rating)| json!({ "label": label, "rating": rating })).collect();
    let score = rating.and_then(|rating| rating.score.parse::<i64>().ok());
    json!({
        "id": format!("{SURVEY}{}", ticket.id),
        "responder_id": ticket.requester_id,
        "subjects": [{ "id": ticket.id.to_string(), "type": "ticket", "zrn": format!("zen:ticket:{}", ticket.id) }],
        "survey": { "id": "01JSATISFACTION", "version": 1 },
        "expires_at": null,
        "answers": [
            { "type": "rating_scale", "rating": score, "rating_category": score.map(|score| if score > 3 { "good" } else { "bad" }),
              "question": { "id": "01JRATING", "type": "rating_scale_numeric", "headline": "How did we do?", "options": options } },
            { "type": "open_ended", "value": rating.and_then(|rating| rating.comment.clone()),
              "question": { "id": "01JTEXT", "type": "open_ended", "headline": "Anything else?" } },
        ],
    })
}
