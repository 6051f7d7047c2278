//! Tickets from the agents' side, for tests: everything about a ticket, and everything that an agent can do.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{JsonProblem, Strict};
use crate::clock::timestamp;
use crate::problem::Problem;
use crate::rules;
use crate::server::Server;
use crate::status;
use crate::store::tickets::{Filter, SortBy, Ticket};
use crate::store::{Result as Stored, account, comments, files, organizations, people, records, satisfaction, tickets};
use crate::users;

/// The routes below `/sandbox/tickets`.
pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/sandbox/tickets", get(list))
        .route("/sandbox/tickets/{id}", get(show))
        .route("/sandbox/tickets/{id}/answer", post(answer))
        .route("/sandbox/tickets/{id}/note", post(note))
        .route("/sandbox/tickets/{id}/rating", post(rate))
        .route("/sandbox/tickets/{id}/status", post(set_status))
        .route("/sandbox/tickets/{id}/field", post(set_field))
        .route("/sandbox/tickets/{id}/organization", post(move_ticket))
        .route("/sandbox/tickets/{id}/touch", post(touch))
        .route("/sandbox/tickets/{id}/revoke", post(revoke))
        .route("/sandbox/tickets/{id}/restore", post(restore))
        .route("/sandbox/tickets/{id}/edit_comment", post(edit_comment))
        .route("/sandbox/tickets/{id}/redact_comment", post(redact_comment))
}

type Answer = Result<Json<Value>, JsonProblem>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    reference: Option<String>,
    subject: Option<String>,
}

/// All matching tickets, newest first, with their whole threads.
async fn list(State(server): State<Arc<Server>>, Query(search): Query<Search>) -> Answer {
    let filter = Filter { reference: search.reference, subject: search.subject, ..Filter::default() };
    let found = server.read(Duration::ZERO, |db| {
        let all = tickets::page(db, &filter, (SortBy::Id, true), 0, i64::MAX)?;
        all.iter().map(|ticket| ticket_json(db, ticket)).collect::<Stored<Vec<Value>>>()
    })?;
    Ok(Json(json!({ "count": found.len(), "tickets": found })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rated {
    score: String,
}

/// The requester rates the ticket elsewhere, by mail for example.
async fn rate(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
    Strict(Rated { score }): Strict<Rated>,
) -> Answer {
    let rated = server.write(|db, now| -> Result<_, Problem> {
        let ticket = tickets::find(db, id, None)?.ok_or(Problem::Missing)?;
        rules::rate(db, &ticket, &satisfaction::Rating { score, comment: None, given_at: now }, now)?;
        Ok(ticket_json(db, &ticket)?)
    })?;
    Ok(Json(json!({ "ticket": rated })))
}

async fn show(State(server): State<Arc<Server>>, Path(id): Path<i64>) -> Answer {
    let found = server
        .read(Duration::ZERO, |db| tickets::find(db, id, None)?.map(|ticket| ticket_json(db, &ticket)).transpose())?;
    Ok(Json(json!({ "ticket": found.ok_or(Problem::Missing)? })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    body: String,
    /// The same text as an agent's editor has it, where that says more. `cid:0` is the first file's address.
    html: Option<String>,
    /// By default, an answer sets the status to pending, and a note does not change it.
    status: Option<String>,
    /// The files of an answer.
    #[serde(default)]
    files: Vec<MessageFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MessageFile {
    name: String,
    content_type: String,
    /// In base64.
    content: String,
}

impl MessageFile {
    fn bytes(&self) -> Result<Vec<u8>, Problem> {
        STANDARD.decode(&self.content).map_err(|_| Problem::Form("a file is not in base64".to_owned()))
    }
}

fn known(name: &str) -> Result<&'static str, Problem> {
    status::find(name).ok_or_else(|| Problem::Form("there is no such status".to_owned()))
}

async fn answer(State(server): State<Arc<Server>>, Path(id): Path<i64>, Strict(message): Strict<Message>) -> Answer {
    let status = message.status.as_deref().map_or(Ok("pending"), known)?;
    change(&server, id, |db, ticket, now| {
        let agent = rules::answering_agent(ticket, users::MARTA.id);
        let comment = rules::agent_writes(db, agent, ticket, (&message.body, true), Some(status), now)?;
        let mut html = message.html.clone();
        for (index, file) in message.files.iter().enumerate() {
            let secret = format!("{:032x}", rand::random::<u128>());
            let address = format!("/attachments/token/{secret}/");
            html = html.map(|html| html.replace(&format!("\"cid:{index}\""), &format!("\"{address}\"")));
            files::insert(
                db,
                files::NewAttachment {
                    comment: Some(comment),
                    upload: None,
                    secret: &secret,
                    file_name: &file.name,
                    content_type: &file.content_type,
                    bytes: &file.bytes()?,
                },
            )?;
        }
        Ok(comments::set_html(db, comment, html.as_deref())?)
    })
}

async fn note(State(server): State<Arc<Server>>, Path(id): Path<i64>, Strict(message): Strict<Message>) -> Answer {
    change(&server, id, |db, ticket, now| {
        let status = message.status.as_deref().map(known).transpose()?;
        Ok(rules::agent_writes(db, users::MARTA.id, ticket, (&message.body, false), status, now).map(drop)?)
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    status: Option<String>,
    custom_status: Option<i64>,
}

/// Sets a status, or a custom status with the status of its category. An agent can no longer choose an inactive one, but
/// a ticket can have it, so a test can set it.
async fn set_status(State(server): State<Arc<Server>>, Path(id): Path<i64>, Strict(new): Strict<NewStatus>) -> Answer {
    change(&server, id, |db, ticket, now| match (&new.status, new.custom_status) {
        (Some(status), None) => Ok(rules::set_status(db, ticket, known(status)?, now)?),
        (None, Some(id)) => {
            let account = account::read(db)?;
            let status = account.custom_statuses.iter().find(|status| status.id == id).ok_or(Problem::Missing)?;
            Ok(rules::set_custom_status(db, ticket, status, now)?)
        }
        _ => Err(Problem::Form("status or custom_status is needed, and not both".to_owned())),
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldValue {
    field: i64,
    value: Value,
}

/// Sets the value of a custom field, as an agent or a trigger does.
async fn set_field(State(server): State<Arc<Server>>, Path(id): Path<i64>, Strict(new): Strict<FieldValue>) -> Answer {
    change(&server, id, |db, ticket, now| {
        let account = account::read(db)?;
        let field = account.ticket_fields.iter().find(|field| field.id == new.field).ok_or(Problem::Missing)?;
        if field.is_system() || !field.can_hold(&new.value) {
            return Err(Problem::Form("the field cannot hold this value".to_owned()));
        }
        tickets::set_field(db, ticket.id, field.id, &new.value)?;
        Ok(tickets::touch(db, ticket.id, now)?)
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Belongs {
    organization: Option<i64>,
}

/// Moves the ticket to another organization, as a company's webhook can.
async fn move_ticket(State(server): State<Arc<Server>>, Path(id): Path<i64>, Strict(to): Strict<Belongs>) -> Answer {
    change(&server, id, |db, ticket, now| {
        if let Some(organization) = to.organization {
            organizations::name(db, organization)?.ok_or(Problem::Missing)?;
        }
        organizations::move_ticket(db, ticket.id, to.organization)?;
        Ok(tickets::touch(db, ticket.id, now)?)
    })
}

/// Moves `updated_at` and nothing else, as an automation does.
async fn touch(State(server): State<Arc<Server>>, Path(id): Path<i64>) -> Answer {
    change(&server, id, |db, ticket, now| Ok(tickets::touch(db, ticket.id, now)?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserIn {
    /// Key (`ada`), token or id.
    user: String,
}

impl UserIn {
    fn id(&self) -> Result<i64, Problem> {
        users::find(&self.user).map(|person| person.id).ok_or(Problem::Missing)
    }
}

async fn revoke(State(server): State<Arc<Server>>, Path(id): Path<i64>, Strict(user): Strict<UserIn>) -> Answer {
    change(&server, id, |db, ticket, _| Ok(people::revoke(db, ticket.id, user.id()?)?))
}

async fn restore(State(server): State<Arc<Server>>, Path(id): Path<i64>, Strict(user): Strict<UserIn>) -> Answer {
    change(&server, id, |db, ticket, _| Ok(people::restore(db, ticket.id, user.id()?)?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    comment: i64,
    body: String,
}

async fn edit_comment(State(server): State<Arc<Server>>, Path(id): Path<i64>, Strict(edit): Strict<Edit>) -> Answer {
    change(&server, id, |db, ticket, now| {
        let comment = comments::find(db, ticket.id, edit.comment)?.ok_or(Problem::Missing)?;
        comments::set_body(db, comment.id, &edit.body)?;
        Ok(tickets::touch(db, ticket.id, now)?)
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Redaction {
    comment: i64,
    /// The text to black out. Without it, the whole comment and its files are.
    text: Option<String>,
}

async fn redact_comment(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
    Strict(redaction): Strict<Redaction>,
) -> Answer {
    change(&server, id, |db, ticket, now| {
        let comment = comments::find(db, ticket.id, redaction.comment)?.ok_or(Problem::Missing)?;
        if let Some(text) = redaction.text.filter(|text| !text.is_empty()) {
            comments::set_body(db, comment.id, &comment.body.replace(&text, &blocks(&text)))?;
        } else {
            comments::set_body(db, comment.id, &blocks(&comment.body))?;
            files::redact_of_comment(db, comment.id)?;
        }
        Ok(tickets::touch(db, ticket.id, now)?)
    })
}

/// Blacks out a text as the service does: a block for every character that is not white space.
fn blocks(text: &str) -> String {
    text.chars().map(|letter| if letter.is_whitespace() { letter } else { '▇' }).collect()
}

/// Changes a ticket and answers everything about it afterwards.
fn change(server: &Server, id: i64, change: impl FnOnce(&Connection, &Ticket, i64) -> Result<(), Problem>) -> Answer {
    let ticket = server.write_for_agent(id, |db, now| -> Result<Value, Problem> {
        change(db, &existing(db, id)?, now)?;
        Ok(ticket_json(db, &existing(db, id)?)?)
    })?;
    Ok(Json(json!({ "ticket": ticket })))
}

fn existing(db: &Connection, id: i64) -> Result<Ticket, Problem> {
    tickets::find(db, id, None)?.ok_or(Problem::Missing)
}

fn ticket_json(db: &Connection, ticket: &Ticket) -> Stored<Value> {
    let mut thread = Vec::new();
    for comment in comments::thread(db, ticket.id)? {
        let mut attachments = Vec::new();
        for file in files::of_comment(db, comment.id)? {
            let bytes = files::content(db, &file.secret)?.map(|(_, bytes)| bytes).unwrap_or_default();
            let hash = Sha256::digest(&bytes).iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
            attachments.push(json!({ "id": file.id, "file_name": file.file_name, "content_type": file.content_type,
                                     "size": file.size, "sha256": hash }));
        }
        thread.push(json!({
            "id": comment.id,
            "author_id": comment.author_id,
            "agent": users::is_agent(comment.author_id),
            "body": comment.body,
            "html_body": comment.html,
            "public": comment.public,
            "created_at": timestamp(comment.created_at),
            "attachments": attachments,
        }));
    }
    let requester = people::by_id(db, ticket.requester_id)?;
    let requester = requester.map(|user| json!({ "name": user.name, "email": user.email }));
    let ccs: Vec<String> = people::ccs(db, ticket.id)?.into_iter().map(|user| user.email).collect();
    let rating = satisfaction::of(db, ticket.id)?;
    let rating = rating.map(|rating| json!({ "score": rating.score, "comment": rating.comment }));
    let logins: serde_json::Map<String, Value> = records::of_ticket(db, ticket.id)?
        .into_iter()
        .map(|record| (record.user_id.to_string(), json!(record.allowed)))
        .collect();
    Ok(json!({
        "id": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status,
        "custom_status_id": ticket.custom_status_id,
        "requester_id": ticket.requester_id,
        "requester": requester,
        "organization_id": ticket.organization_id,
        "assignee_id": ticket.assignee_id,
        "issue_type": ticket.issue_type,
        "access": ticket.access,
        "client_reference": ticket.client_reference,
        "fields": ticket.fields,
        "followup_of": ticket.followup_of,
        "created_at": timestamp(ticket.created_at),
        "updated_at": timestamp(ticket.updated_at),
        "ccs": ccs,
        "revoked": people::revoked(db, ticket.id)?,
        "comments": thread,
        "rating": rating,
        "proxy_logins": logins,
    }))
}
