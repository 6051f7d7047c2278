//! Ticket fields and forms, as an end user may read them.

use axum::Json;
use axum::extract::Path;
use serde_json::{Value, json};

use crate::api::caller::{Caller, number};
use crate::api::error::ApiError;
use crate::fields;

/// `GET /api/v2/ticket_fields`.
pub async fn list_fields(caller: Caller) -> Json<Value> {
    let fields = all(&caller.origin);
    let count = fields.len();
    Json(json!({ "ticket_fields": fields, "count": count, "next_page": null, "previous_page": null }))
}

/// `GET /api/v2/ticket_fields/{id}`.
pub async fn show_field(caller: Caller, Path(id): Path<String>) -> Result<Json<Value>, ApiError> {
    let id = number(&id)?;
    let field = all(&caller.origin).into_iter().find(|field| field["id"] == id).ok_or(ApiError::NotFound)?;
    Ok(Json(json!({ "ticket_field": field })))
}

/// `GET /api/v2/ticket_forms`: one form with every field.
pub async fn list_forms(caller: Caller) -> Json<Value> {
    let ids: Vec<Value> = all(&caller.origin).iter().map(|field| field["id"].clone()).collect();
    let form = json!({
        "id": fields::FORM,
        "url": format!("{}/api/v2/ticket_forms/{}.json", caller.origin, fields::FORM),
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
    Json(json!({ "ticket_forms": [form], "count": 1, "next_page": null, "previous_page": null }))
}

const CREATED: &str = "2022-01-10T10:00:00Z";

fn all(origin: &str) -> Vec<Value> {
    let options: Vec<Value> = fields::ISSUE_TYPES
        .iter()
        .zip(0_i64..)
        .map(|((value, name), place)| {
            json!({ "id": 360_003_300_001_i64 + place, "name": name, "raw_name": name, "value": value, "position": place, "default": place == 0 })
        })
        .collect();
    let mut issue_type = field(origin, fields::ISSUE_TYPE, "tagger", "Issue type", 3);
    issue_type["custom_field_options"] = options.into();
    let mut markets = field(origin, fields::MARKETS, "multiselect", "Markets", 6);
    markets["custom_field_options"] = json!([
        { "id": 360_003_300_101_i64, "name": "EMEA", "raw_name": "EMEA", "value": "emea" },
        { "id": 360_003_300_102_i64, "name": "DACH", "raw_name": "DACH", "value": "dach" },
    ]);
    vec![
        field(origin, 360_000_900_001, "subject", "Subject", 1),
        field(origin, 360_000_900_002, "description", "Description", 2),
        issue_type,
        field(origin, fields::ACCESS, "checkbox", "Ticket access", 4),
        field(origin, fields::CLIENT_REFERENCE, "text", "Client reference", 5),
        markets,
        // A field type that is not in the documentation.
        field(origin, 360_001_000_098, "holographic_signature", "Signature", 7),
    ]
}

fn field(origin: &str, id: i64, kind: &str, title: &str, position: i64) -> Value {
    json!({
        "id": id,
        "url": format!("{origin}/api/v2/ticket_fields/{id}.json"),
        "type": kind,
        "title": title,
        "raw_title": title,
        "title_in_portal": title,
        "raw_title_in_portal": title,
        "description": "",
        "raw_description": "",
        "position": position,
        "active": true,
        "required": false,
        "required_in_portal": position < 3,
        "collapsed_for_agents": false,
        "regexp_for_validation": null,
        "visible_in_portal": true,
        "editable_in_portal": true,
        "tag": null,
        "removable": position > 2,
        "agent_description": null,
        "created_at": CREATED,
        "updated_at": CREATED,
    })
}
