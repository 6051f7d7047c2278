//! Records of the company's custom object `proxy_login`: one for each ticket and user, with an external id made of both.
//!
//! The company has given end users the permission to read and write the records whose `user` they are ("User matches current
//! user"). Without it (`settings.proxy_login`) every call is forbidden.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query as QueryOf, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::caller::Caller;
use crate::api::error::ApiError;
use crate::api::paging::{Query, parameter};
use crate::clock::timestamp;
use crate::rules::Refusal;
use crate::server::Server;
use crate::store::records::{self, Record};
use crate::store::{account, tickets};

/// The key of the only custom object.
const OBJECT: &str = "proxy_login";

/// `GET /api/v2/custom_objects/{key}/records`: the caller's records with these external ids.
pub async fn list(
    State(server): State<Arc<Server>>,
    Path(object): Path<String>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Value>, ApiError> {
    let wanted: Vec<&str> = parameter(&query, "filter[external_ids]").unwrap_or_default().split(',').collect();
    let found = server.read(caller.effects.stale, |db| {
        let is_allowed = account::read(db)?.settings.proxy_login;
        let records = records::of_user(db, caller.user.id)?;
        Ok((is_allowed, records))
    })?;
    may(&object, found.0)?;
    let shown = found.1.iter().filter(|record| wanted.contains(&record.external_id.as_str()));
    let rows: Vec<Value> = shown.map(shape).collect();
    Ok(Json(json!({
        "count": rows.len(), "custom_object_records": rows,
        "meta": { "has_more": false, "after_cursor": null, "before_cursor": null }, "links": { "next": null, "prev": null },
    })))
}

#[derive(Debug, Deserialize)]
struct RecordBody {
    custom_object_record: RecordIn,
}

#[derive(Debug, Deserialize)]
struct RecordIn {
    #[serde(default)]
    custom_object_fields: Fields,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    ticket: Option<String>,
    user: Option<String>,
    allowed: Option<bool>,
}

/// `PATCH /api/v2/custom_objects/{key}/records?external_id=…`: changes the record with that external id, or makes it.
pub async fn upsert(
    State(server): State<Arc<Server>>,
    Path(object): Path<String>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let external_id = parameter(&query, "external_id").unwrap_or_default().to_owned();
    let body: RecordBody =
        serde_json::from_slice(&body).map_err(|_| ApiError::Bad("custom_object_record is malformed"))?;
    let fields = body.custom_object_record.custom_object_fields;
    let answer = server.write(|db, now| {
        may(&object, account::read(db)?.settings.proxy_login)?;
        let user = fields.user.as_deref().and_then(|user| user.parse::<i64>().ok());
        if user != Some(caller.user.id) {
            return Err(ApiError::Forbidden);
        }
        let ticket = fields.ticket.as_deref().and_then(|ticket| ticket.parse::<i64>().ok());
        let ticket = ticket.ok_or(Refusal::Record("Ticket: cannot be blank"))?;
        if tickets::find(db, ticket, Some(&caller.user))?.is_none() {
            return Err(Refusal::Record("Ticket: is not valid").into());
        }
        if external_id != format!("{ticket}-{}", caller.user.id) {
            return Err(Refusal::Record("External id: is not valid").into());
        }
        let allowed = fields.allowed.ok_or(Refusal::Record("Allowed: cannot be blank"))?;
        let record = Record { external_id, ticket_id: ticket, user_id: caller.user.id, allowed, updated_at: now };
        records::put(db, &record)?;
        Ok(json!({ "custom_object_record": shape(&record) }))
    })?;
    Ok(Json(answer))
}

fn may(object: &str, is_allowed: bool) -> Result<(), ApiError> {
    match () {
        () if object != OBJECT => Err(ApiError::NotFound),
        () if !is_allowed => Err(ApiError::Forbidden),
        () => Ok(()),
    }
}

fn shape(record: &Record) -> Value {
    json!({
        "id": format!("01JRECORD{}", record.external_id),
        "external_id": record.external_id,
        "name": record.external_id,
        "custom_object_key": OBJECT,
        "custom_object_fields": {
            "ticket": record.ticket_id.to_string(), "user": record.user_id.to_string(), "allowed": record.allowed,
        },
        "created_by_user_id": record.user_id.to_string(),
        "updated_by_user_id": record.user_id.to_string(),
        "created_at": timestamp(record.updated_at),
        "updated_at": timestamp(record.updated_at),
    })
}
