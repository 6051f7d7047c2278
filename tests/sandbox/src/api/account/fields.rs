//! Ticket fields and forms, as an end user may read them: only those that end users may see. An inactive field is listed,
//! and no request has a value of it.
//!
//! `locale` chooses the language of `title_in_portal` alone, as the service documents it. Every other text is in the
//! language of the user.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query as QueryOf, State};
use serde_json::{Value, json};

use crate::account::{Account, FORM, Field};
use crate::api::caller::{Caller, number};
use crate::api::error::ApiError;
use crate::api::paging::{Paging, Query, parameter};
use crate::server::Server;
use crate::store::account;

type Answer = Result<Json<Value>, ApiError>;

/// `GET /api/v2/ticket_fields`.
pub async fn list_fields(State(server): State<Arc<Server>>, caller: Caller, QueryOf(query): QueryOf<Query>) -> Answer {
    let paging = Paging::parse(&query)?;
    let account = server.read(Duration::ZERO, account::read)?;
    let cut = paging.cut(listed(&account, &caller, &query));
    let mut answer = json!({ "ticket_fields": cut.rows });
    let url = format!("{}/api/v2/ticket_fields", caller.origin);
    paging.describe(&mut answer, &query, &url, cut.last, cut.more, cut.count);
    Ok(Json(answer))
}

/// `GET /api/v2/ticket_fields/{id}`.
pub async fn show_field(
    State(server): State<Arc<Server>>,
    caller: Caller,
    Path(id): Path<String>,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let id = number(&id)?;
    let account = server.read(Duration::ZERO, account::read)?;
    let field = listed(&account, &caller, &query).into_iter().find(|field| field["id"] == id);
    Ok(Json(json!({ "ticket_field": field.ok_or(ApiError::NotFound)? })))
}

/// `GET /api/v2/ticket_forms`: one form with every field.
pub async fn list_forms(State(server): State<Arc<Server>>, caller: Caller) -> Answer {
    let account = server.read(Duration::ZERO, account::read)?;
    let fields = account.ticket_fields.iter().filter(|field| field.active && field.visible);
    let ids: Vec<i64> = fields.map(|field| field.id).collect();
    let form = json!({
        "id": FORM,
        "url": format!("{}/api/v2/ticket_forms/{FORM}.json", caller.origin),
        "name": "Support ticket",
        "raw_name": "Support ticket",
        "display_name": "Support ticket",
        "raw_display_name": "Support ticket",
        "end_user_visible": true,
        "position": 1,
        "active": true,
        "default": true,
        "in_all_brands": true,
        "restricted_brand_ids": [],
        "ticket_field_ids": ids,
        "agent_conditions": [],
        "end_user_conditions": [],
        "deleted_at": null,
        "created_at": CREATED,
        "updated_at": CREATED,
    });
    Ok(Json(json!({ "ticket_forms": [form], "count": 1, "next_page": null, "previous_page": null })))
}

const CREATED: &str = "2022-01-10T10:00:00Z";

/// Every field that the caller sees.
fn listed(account: &Account, caller: &Caller, query: &Query) -> Vec<Value> {
    let own = caller.user.locale.as_str();
    let portal = parameter(query, "locale").unwrap_or(own);
    let seen = account.ticket_fields.iter().filter(|field| field.visible || caller.user.is_agent());
    seen.zip(1_i64..).map(|(field, position)| shape(field, position, &caller.origin, (own, portal))).collect()
}

fn shape(field: &Field, position: i64, origin: &str, (own, portal): (&str, &str)) -> Value {
    let mut shape = json!({
        "id": field.id,
        "url": format!("{origin}/api/v2/ticket_fields/{}.json", field.id),
        "type": field.kind,
        "title": field.titles.in_locale(own),
        "raw_title": field.titles.in_locale("en"),
        "title_in_portal": field.titles.in_locale(portal),
        "raw_title_in_portal": field.titles.in_locale("en"),
        "description": field.hints.in_locale(own),
        "raw_description": field.hints.in_locale("en"),
        "position": position,
        "active": field.active,
        "required": false,
        "required_in_portal": field.required,
        "collapsed_for_agents": false,
        "regexp_for_validation": null,
        "visible_in_portal": field.visible,
        "editable_in_portal": field.editable,
        "tag": null,
        "removable": !field.is_system(),
        "agent_description": null,
        "created_at": CREATED,
        "updated_at": CREATED,
    });
    if !field.options.is_empty() {
        let options = field.options.iter().zip(0_i64..).map(|(option, place)| {
            json!({ "id": field.id * 1_000 + place, "name": option.names.in_locale(own),
                    "raw_name": option.names.in_locale("en"), "value": option.value, "position": place,
                    "default": false })
        });
        shape["custom_field_options"] = options.collect();
    }
    shape
}
