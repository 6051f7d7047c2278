//! Tickets as they come in by other ways than a request: by mail, by phone, in a chat, or made by an agent. A test and the demo make them
//! with their people, fields and messages in one call.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{JsonProblem, Strict};
use crate::problem::Problem;
use crate::server::Server;
use crate::status;
use crate::store::comments::{self, NewComment};
use crate::store::tickets::{self, NewTicket};
use crate::store::{account, people};
use crate::users::{self, Person};

/// The route that makes a ticket.
pub fn routes() -> Router<Arc<Server>> {
    Router::new().route("/sandbox/tickets/make", post(make))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    /// Key (`ada`), token or id of whoever it is from.
    requester: String,
    #[serde(default)]
    subject: String,
    /// How it came in: `email`, `native_messaging`, or any other word.
    channel: String,
    #[serde(default = "open")]
    status: String,
    /// The agent who works on it.
    assignee: Option<String>,
    /// Its further users.
    #[serde(default)]
    linked: Vec<String>,
    /// The values of custom fields, by the fields' ids.
    #[serde(default)]
    fields: BTreeMap<i64, Value>,
    /// Its messages, the oldest first. The first one is the description.
    messages: Vec<MadeMessage>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MadeMessage {
    /// Key, token or id of the author.
    by: String,
    body: String,
    /// How it came in; the ticket's channel if it says nothing.
    channel: Option<String>,
}

fn open() -> String {
    "open".to_owned()
}

fn person(name: &str) -> Result<&'static Person, Problem> {
    users::find(name).ok_or(Problem::Missing)
}

/// Makes a ticket now, and answers its number.
async fn make(State(server): State<Arc<Server>>, Strict(made): Strict<Made>) -> Result<Json<Value>, JsonProblem> {
    let status = status::find(&made.status).ok_or_else(|| Problem::Form("there is no such status".to_owned()))?;
    let requester = person(&made.requester)?;
    let assignee = made.assignee.as_deref().map(person).transpose()?;
    let number = server.write(|db, now| -> Result<i64, Problem> {
        let ticket = tickets::insert(
            db,
            &NewTicket {
                id: None,
                requester: requester.id,
                organization: requester.organization,
                assignee: assignee.map(|agent| agent.id),
                subject: &made.subject,
                status,
                priority: None,
                kind: None,
                channel: &made.channel,
                issue_type: None,
                access: None,
                client_reference: None,
                followup_of: None,
                created_at: now,
                updated_at: now,
                salt: 0,
            },
        )?;
        let set_up = account::read(db)?;
        for (id, value) in &made.fields {
            let field = set_up.ticket_fields.iter().find(|field| field.id == *id).ok_or(Problem::Missing)?;
            if field.is_system() || !field.can_hold(value) {
                return Err(Problem::Form(format!("the field {id} cannot hold this value")));
            }
            tickets::set_field(db, ticket, field.id, value)?;
        }
        for linked in &made.linked {
            people::add_cc(db, ticket, person(linked)?.id)?;
        }
        for message in &made.messages {
            comments::insert(
                db,
                NewComment {
                    ticket,
                    author: person(&message.by)?.id,
                    body: &message.body,
                    html: None,
                    public: true,
                    channel: message.channel.as_deref().unwrap_or(&made.channel),
                    at: now,
                },
            )?;
        }
        Ok(ticket)
    })?;
    Ok(Json(json!({ "ticket": { "id": number } })))
}
