//! Organizations, as an administrator changes them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{delete, post};
use axum::{Json, Router};
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{JsonProblem, Strict};
use crate::problem::Problem;
use crate::server::Server;
use crate::store::organizations;
use crate::users::{self, Sharing};

/// The routes of organizations and their members.
pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/sandbox/organizations", post(make))
        .route("/sandbox/organizations/{id}/sharing", post(share))
        .route("/sandbox/users/{user}/sharing", post(share_with_user))
        .route("/sandbox/users/{user}/memberships", post(join))
        .route("/sandbox/users/{user}/memberships/{organization}", delete(leave))
}

type Answer = Result<Json<Value>, JsonProblem>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOrganization {
    name: String,
}

async fn make(State(server): State<Arc<Server>>, Strict(new): Strict<NewOrganization>) -> Answer {
    let id = server.write(|db, _| Ok::<_, Problem>(organizations::make(db, &new.name)?))?;
    Ok(Json(json!({ "organization": { "id": id, "name": new.name } })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSharing {
    tickets: Sharing,
}

async fn share(State(server): State<Arc<Server>>, Path(id): Path<i64>, Strict(new): Strict<NewSharing>) -> Answer {
    let found = server.write(|db, _| Ok::<_, Problem>(organizations::share(db, id, new.tickets)?))?;
    if found { Ok(Json(json!({ "tickets": new.tickets }))) } else { Err(Problem::Missing.into()) }
}

async fn share_with_user(
    State(server): State<Arc<Server>>,
    Path(user): Path<String>,
    Strict(new): Strict<NewSharing>,
) -> Answer {
    change(&server, &user, |db, user| Ok(organizations::share_with_user(db, user, new.tickets)?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMembership {
    organization: i64,
}

async fn join(
    State(server): State<Arc<Server>>,
    Path(user): Path<String>,
    Strict(new): Strict<NewMembership>,
) -> Answer {
    change(&server, &user, |db, user| {
        organizations::name(db, new.organization)?.ok_or(Problem::Missing)?;
        Ok(organizations::join(db, user, new.organization)?)
    })
}

async fn leave(State(server): State<Arc<Server>>, Path((user, organization)): Path<(String, i64)>) -> Answer {
    change(&server, &user, |db, user| Ok(organizations::leave(db, user, organization)?))
}

/// Changes a user and answers the user's organizations.
fn change(server: &Server, user: &str, change: impl FnOnce(&Connection, i64) -> Result<(), Problem>) -> Answer {
    let person = users::find(user).ok_or(Problem::Missing)?;
    let memberships = server.write(|db, _| -> Result<_, Problem> {
        change(db, person.id)?;
        Ok(organizations::memberships(db, person.id)?)
    })?;
    let shown = memberships.iter().map(|membership| {
        json!({ "organization": membership.organization_id, "default": membership.default, "view_tickets": membership.view_tickets })
    });
    Ok(Json(json!({ "memberships": shown.collect::<Vec<_>>() })))
}
