//! What the service has for this user beside a request: satisfaction, and toggles in custom objects (`docs/product.md`, S14,
//! S15).
//!
//! **Satisfaction** has two systems, of which an account uses one. *Surveys*: an administrator's automation makes a survey
//! response for a ticket, which the user may answer; so there is a survey to answer, or none, or it was answered. *Legacy*: the
//! requester rates a ticket that was solved. A request shows no rating, so the company lets a trigger tick the field that the
//! definition names as `once`. The definition says which systems the company may have (`feedback`), and the first that the
//! server offers is used. An account without surveys answers that there is no such path, or forbids it.
//!
//! **A toggle** is a record of a custom object, one for each ticket and user, that the user may write. Its external id names
//! both, so a write changes the one record or makes it, however often it is sent.
//!
//! What the outbox stores of a write is in terms of the product. Which system it goes to, and the ids of its questions, are
//! found out when it is sent; they are the same for every attempt.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::calls::{Call, ask_if_offered, document};
use super::classify;
use crate::connectors::json::{Json, Row};
use crate::connectors::refusal::{Asked, Refusal};
use crate::model::{
    Failure, Feedback, FeedbackState, PersonId, ReasonKind, RemoteExtras, RemoteTicket, ServerStatus, TicketNumber,
    Toggle, WantedExtras,
};
use crate::model::{FieldValue, Write};
use crate::net::session::{self, Session};
use crate::net::{Body, Method};
use crate::product::Product;
use crate::product::definition::parts::actions::ActionKind;
use crate::product::definition::parts::connectors::ZendeskObject;

/// What the company has set up for them.
#[derive(Debug, Clone, Default)]
pub(super) struct ExtraSettings {
    /// Whether the company may use surveys.
    surveys: bool,
    /// Whether it may use legacy satisfaction ratings.
    legacy: bool,
    /// The definition's field that says that feedback was given.
    given: Option<String>,
    /// The custom objects of toggles, by the definition's fields.
    objects: Vec<(String, ZendeskObject)>,
}

impl ExtraSettings {
    pub(super) fn of(product: &Product) -> Self {
        let Some(settings) = product.definition.zendesk() else { return Self::default() };
        let actions = &product.definition.actions;
        let ways = settings.feedback.as_deref().unwrap_or_default();
        let has = |way: &str| ways.split('|').any(|known| known == way);
        let once = actions.iter().filter(|action| action.kind == ActionKind::Feedback).find_map(|a| a.once.as_deref());
        let fields = actions.iter().filter(|action| action.kind == ActionKind::Toggle).filter_map(|a| a.field.clone());
        let objects = fields.filter_map(|field| settings.objects.get(&field).cloned().map(|object| (field, object)));
        Self {
            surveys: has("survey"),
            legacy: has("legacy"),
            given: once.and_then(|once| once.strip_prefix("field.")).map(str::to_owned),
            objects: objects.collect(),
        }
    }

    pub(super) fn takes_feedback(&self) -> bool {
        self.surveys || self.legacy
    }

    pub(super) fn has_toggles(&self) -> bool {
        !self.objects.is_empty()
    }
}

/// A write of an extra, as the outbox stores it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stored {
    Feedback(Feedback),
    Toggle(Toggle),
}

/// The bytes of a write; `None` if it is no extra.
pub(super) fn encode(write: &Write) -> Option<Vec<u8>> {
    let stored = match write {
        Write::Feedback(feedback) => Stored::Feedback(feedback.clone()),
        Write::Toggle(toggle) => Stored::Toggle(toggle.clone()),
        _ => return None,
    };
    serde_json::to_vec(&stored).ok()
}

/// A survey that this user was asked to answer about a ticket.
struct Survey {
    id: String,
    is_answered: bool,
    /// The question for a rating, and how many answers it has.
    rating: Option<(String, usize)>,
    /// The question for a text.
    text: Option<String>,
}

/// Reads the extras of `ticket`, which was just read.
pub(super) async fn read(
    session: &Session,
    settings: &ExtraSettings,
    ticket: &RemoteTicket,
    me: PersonId,
    wanted: WantedExtras,
) -> Result<RemoteExtras, Failure> {
    let mut extras = RemoteExtras::default();
    if wanted.feedback && settings.takes_feedback() {
        extras.feedback = Some(feedback(session, settings, ticket).await?);
    }
    if wanted.toggles {
        for (field, object) in &settings.objects {
            if let Some(value) = toggle(session, object, ticket.number, me).await? {
                extras.toggles.insert(field.clone(), value);
            }
        }
    }
    Ok(extras)
}

async fn feedback(
    session: &Session,
    settings: &ExtraSettings,
    ticket: &RemoteTicket,
) -> Result<FeedbackState, Failure> {
    if settings.given.as_ref().is_some_and(|given| ticket.fields.get(given) == Some(&FieldValue::Bool(true))) {
        return Ok(FeedbackState::Given);
    }
    let surveys = if settings.surveys { surveys(session, ticket.number).await? } else { None };
    Ok(match surveys {
        Some(surveys) if surveys.iter().any(|survey| survey.is_answered) => FeedbackState::Given,
        Some(surveys) if surveys.iter().any(|survey| survey.rating.is_some()) => FeedbackState::Offered,
        None if settings.legacy && matches!(ticket.status, ServerStatus::Solved | ServerStatus::Closed) => {
            FeedbackState::Offered
        }
        Some(_) | None => FeedbackState::NotOffered,
    })
}

/// The surveys about a ticket for this user; `None` if the account has none.
async fn surveys(session: &Session, number: TicketNumber) -> Result<Option<Vec<Survey>>, Failure> {
    let subject = format!("zen:ticket:{number}");
    let query = [("filter[subject_zrns]", &*subject)];
    let Some(answer) = ask_if_offered(session, Call::list(SURVEYS, &query)).await? else { return Ok(None) };
    let document = document(&answer)?;
    let [list] = document.root().fields(["survey_responses"]);
    let surveys = list.rows(survey).ok_or_else(Failure::misbehaves)?;
    Ok(Some(surveys.read))
}

const SURVEYS: &str = "/api/v2/guide/survey_responses";

fn survey(row: Json<'_>) -> Row<Survey> {
    let [id, answers] = row.fields(["id", "answers"]);
    let Some(id) = id.short() else { return Row::Unreadable(None) };
    let mut survey = Survey { id, is_answered: false, rating: None, text: None };
    answers.each(|answer| {
        let [kind, question, rating, value] = answer.fields(["type", "question", "rating", "value"]);
        let [question, options] = question.fields(["id", "options"]);
        let Some(question) = question.short() else { return };
        survey.is_answered |= rating.integer().is_some() || value.words().is_some();
        match kind.short().as_deref() {
            Some("rating_scale") if survey.rating.is_none() => {
                let mut answers = 0_usize;
                options.each(|_| answers += 1);
                survey.rating = Some((question, if answers < 2 { USUAL_ANSWERS } else { answers }));
            }
            Some("open_ended") if survey.text.is_none() => survey.text = Some(question),
            _ => {}
        }
    });
    Row::Read(survey)
}

/// How many answers a rating has if the service does not list them.
const USUAL_ANSWERS: usize = 5;

/// The toggle of this user; the outer `None` if the server does not offer it to this user, the inner one if it was never set.
async fn toggle(
    session: &Session,
    object: &ZendeskObject,
    number: TicketNumber,
    me: PersonId,
) -> Result<Option<Option<bool>>, Failure> {
    let external = external_id(number, me);
    let query = [("filter[external_ids]", &*external)];
    let path = records(object);
    let Some(answer) = ask_if_offered(session, Call::list(&path, &query)).await? else { return Ok(None) };
    let document = document(&answer)?;
    let [list] = document.root().fields(["custom_object_records"]);
    let record = |row: Json<'_>| {
        let [id, fields] = row.fields(["external_id", "custom_object_fields"]);
        let [value] = fields.fields([object.value.as_str()]);
        // A server that ignores the filter shows other records as well.
        if id.short().as_deref() == Some(&external) { Row::Read(value.boolean()) } else { Row::Hidden }
    };
    let records = list.rows(record).ok_or_else(Failure::misbehaves)?;
    Ok(Some(records.read.into_iter().flatten().next()))
}

fn records(object: &ZendeskObject) -> String {
    format!("/api/v2/custom_objects/{}/records", object.key)
}

fn external_id(number: TicketNumber, me: PersonId) -> String {
    format!("{number}-{}", me.0)
}

/// Sends what [`encode`] made.
pub(super) async fn deliver(
    session: &Session,
    settings: &ExtraSettings,
    number: TicketNumber,
    me: PersonId,
    body: &[u8],
) -> Result<(), Failure> {
    match serde_json::from_slice(body) {
        Ok(Stored::Feedback(feedback)) => give(session, settings, number, &feedback).await,
        Ok(Stored::Toggle(toggle)) => {
            let object = settings.objects.iter().find(|(field, _)| *field == toggle.field);
            let (_, object) = object.ok_or_else(|| Failure::needs(ReasonKind::Unsupported))?;
            let external = external_id(number, me);
            let query = [("external_id", &*external)];
            let mut fields = serde_json::Map::new();
            fields.insert(object.ticket.clone(), json!(number.to_string()));
            fields.insert(object.user.clone(), json!(me.0.to_string()));
            fields.insert(object.value.clone(), json!(toggle.on));
            let record = json!({ "name": external, "external_id": external, "custom_object_fields": fields });
            let body = json!({ "custom_object_record": record });
            send(session, Method::Patch, &records(object), &query, &body, "custom_object_record").await
        }
        Err(_) => Err(Failure::needs(ReasonKind::Unsupported)),
    }
}

async fn give(
    session: &Session,
    settings: &ExtraSettings,
    number: TicketNumber,
    feedback: &Feedback,
) -> Result<(), Failure> {
    let surveys = if settings.surveys { surveys(session, number).await.map_err(not_sent)? } else { None };
    if let Some(surveys) = surveys {
        let open = surveys.into_iter().find_map(|survey| survey.rating.map(|rating| (survey.id, rating, survey.text)));
        // There is no survey that could be answered, and there will be none until the server shows it.
        let Some((id, (question, answers), text)) = open else { return Err(Failure::NotAllowed) };
        let rating = 1 + scaled(feedback, answers);
        let mut given = vec![json!({ "type": "rating_scale", "question_id": question, "rating": rating })];
        if let (Some(question), Some(value)) = (text, &feedback.text) {
            given.push(json!({ "type": "open_ended", "question_id": question, "value": value }));
        }
        let body = json!({ "survey_response": { "locale": "en", "answers": given } });
        return send(session, Method::Post, &format!("{SURVEYS}/{id}"), &[], &body, "survey_response").await;
    }
    let is_good = feedback.chosen.saturating_mul(2) >= feedback.answers;
    let mut rating = json!({ "score": if is_good { "good" } else { "bad" } });
    if let Some(text) = &feedback.text {
        rating["comment"] = json!(text);
    }
    let body = json!({ "satisfaction_rating": rating });
    let path = format!("/api/v2/tickets/{number}/satisfaction_rating");
    send(session, Method::Post, &path, &[], &body, "satisfaction_rating").await
}

/// The chosen answer on a scale with that many answers, from 0.
fn scaled(feedback: &Feedback, answers: usize) -> usize {
    let last = usize::try_from(feedback.answers.saturating_sub(1)).unwrap_or_default().max(1);
    let chosen = usize::try_from(feedback.chosen).unwrap_or_default().min(last);
    (chosen * answers.saturating_sub(1) + last / 2) / last
}

/// Sends a write. `written` is the key under which a server that has applied it shows what it has now.
async fn send(
    session: &Session,
    method: Method,
    path: &str,
    query: &[(&str, &str)],
    body: &Value,
    written: &str,
) -> Result<(), Failure> {
    let body = Body::Json(body.to_string().into_bytes());
    let answer = session.send(&session::Call { method, path, query, headers: Vec::new(), body }).await?;
    match classify::failure(&answer, Asked::Change) {
        // What is not there is the company's object or survey, or the whole system, and not the ticket.
        Some(_) if matches!(answer.status, 404 | 410) && Refusal::of(&answer).is_some() => Err(Failure::NotAllowed),
        Some(failure) => Err(failure),
        // Any other answer, such as a portal's or a gateway's, does not say that the server has it. It is looked for.
        None => {
            let document = document(&answer)?;
            let [shown] = document.root().fields([written]);
            if shown.is_object() { Ok(()) } else { Err(Failure::misbehaves()) }
        }
    }
}

/// Turns a failure before the write was sent into one that says that nothing was applied.
fn not_sent(failure: Failure) -> Failure {
    match failure {
        Failure::TryAgain { trouble, after, .. } => {
            Failure::TryAgain { trouble, after, reached: crate::model::Reached::No }
        }
        Failure::Unexplained { .. } => Failure::TryAgain {
            trouble: crate::model::Trouble::Misbehaves,
            after: None,
            reached: crate::model::Reached::No,
        },
        failure => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_keeps_its_place_on_a_longer_or_a_shorter_scale() {
        let on = |chosen, answers, scale| scaled(&Feedback { answers, chosen, text: None }, scale);
        assert_eq!([on(0, 2, 5), on(1, 2, 5)], [0, 4]);
        assert_eq!([0, 1, 2, 3, 4].map(|chosen| on(chosen, 5, 5)), [0, 1, 2, 3, 4]);
        assert_eq!([0, 1, 2, 3, 4].map(|chosen| on(chosen, 5, 3)), [0, 1, 1, 2, 2]);
        assert_eq!(on(7, 2, 5), 4, "what was stored by another version");
    }
}
