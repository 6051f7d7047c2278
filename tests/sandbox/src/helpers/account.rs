//! The account's set-up, as an administrator changes it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::{JsonProblem, Strict};
use crate::account::{Account, CustomStatus, Field};
use crate::problem::Problem;
use crate::server::Server;
use crate::store::account;

/// The routes of the account.
pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/sandbox/account", get(show))
        .route("/sandbox/settings", post(change_settings))
        .route("/sandbox/ticket_fields", post(put_field))
        .route("/sandbox/ticket_fields/{id}", delete(remove_field))
        .route("/sandbox/custom_statuses", post(put_status))
        .route("/sandbox/custom_statuses/{id}", delete(remove_status))
}

type Answer = Result<Json<Value>, JsonProblem>;

async fn show(State(server): State<Arc<Server>>) -> Answer {
    Ok(Json(json!(server.read(Duration::ZERO, account::read)?)))
}

/// Changes the settings that the body names.
async fn change_settings(State(server): State<Arc<Server>>, Strict(changed): Strict<Map<String, Value>>) -> Answer {
    change(&server, |account| {
        let mut settings = json!(account.settings);
        for (name, value) in changed {
            let place = settings.get_mut(&name).ok_or_else(|| Problem::Form(format!("{name} is not a setting")))?;
            *place = value;
        }
        account.settings = serde_json::from_value(settings).map_err(|why| Problem::Form(why.to_string()))?;
        Ok(())
    })
}

/// Adds a ticket field at the end of the form, or replaces the one with the same id.
async fn put_field(State(server): State<Arc<Server>>, Strict(field): Strict<Field>) -> Answer {
    change(&server, |account| {
        match account.ticket_fields.iter_mut().find(|known| known.id == field.id) {
            Some(known) => *known = field,
            None => account.ticket_fields.push(field),
        }
        Ok(())
    })
}

async fn remove_field(State(server): State<Arc<Server>>, Path(id): Path<i64>) -> Answer {
    change(&server, |account| {
        let before = account.ticket_fields.len();
        account.ticket_fields.retain(|field| field.id != id);
        if account.ticket_fields.len() == before { Err(Problem::Missing) } else { Ok(()) }
    })
}

/// Adds a custom status, or replaces the one with the same id.
async fn put_status(State(server): State<Arc<Server>>, Strict(status): Strict<CustomStatus>) -> Answer {
    if !status.has_known_category() {
        return Err(Problem::Form("there is no such category".to_owned()).into());
    }
    change(&server, |account| {
        match account.custom_statuses.iter_mut().find(|known| known.id == status.id) {
            Some(known) => *known = status,
            None => account.custom_statuses.push(status),
        }
        Ok(())
    })
}

async fn remove_status(State(server): State<Arc<Server>>, Path(id): Path<i64>) -> Answer {
    change(&server, |account| {
        let before = account.custom_statuses.len();
        account.custom_statuses.retain(|status| status.id != id);
        if account.custom_statuses.len() == before { Err(Problem::Missing) } else { Ok(()) }
    })
}

/// Changes the set-up and answers it.
fn change(server: &Server, change: impl FnOnce(&mut Account) -> Result<(), Problem>) -> Answer {
    let account = server.write(|db, _| -> Result<Account, Problem> {
        let mut account = account::read(db)?;
        change(&mut account)?;
        account::write(db, &account)?;
        Ok(account)
    })?;
    Ok(Json(json!(account)))
}
