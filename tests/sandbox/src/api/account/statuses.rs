//! Custom statuses, which end users may list.
//!
//! The service documents the three filters and that there is no paging. `locale`, which chooses the language of the end
//! users' texts, is not in its reference; its own help centre sends it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query as QueryOf, State};
use serde_json::{Value, json};

use crate::account::{CustomStatus, CustomStatuses};
use crate::api::caller::Caller;
use crate::api::error::ApiError;
use crate::api::paging::{Query, parameter};
use crate::server::Server;
use crate::store::account;

/// `GET /api/v2/custom_statuses`.
pub async fn list(
    State(server): State<Arc<Server>>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Value>, ApiError> {
    let account = server.read(Duration::ZERO, account::read)?;
    match account.settings.custom_statuses {
        CustomStatuses::On => {}
        CustomStatuses::Forbidden => return Err(ApiError::Forbidden),
        CustomStatuses::Missing => return Err(ApiError::NoSuchPath),
    }
    let (active, default) = (flag(&query, "active")?, flag(&query, "default")?);
    let categories = parameter(&query, "status_categories").map(|list| list.split(',').collect::<Vec<_>>());
    let locale = parameter(&query, "locale").unwrap_or(&caller.user.locale);
    let matching = account.custom_statuses.iter().filter(|status| {
        active.is_none_or(|active| active == status.active)
            && default.is_none_or(|default| default == status.default)
            && categories.as_ref().is_none_or(|categories| categories.contains(&status.category.as_str()))
    });
    let statuses: Vec<Value> = matching.map(|status| shape(status, &caller.origin, locale)).collect();
    Ok(Json(json!({ "custom_statuses": statuses })))
}

fn flag(query: &Query, name: &str) -> Result<Option<bool>, ApiError> {
    parameter(query, name)
        .map(|text| text.parse().map_err(|_| ApiError::Bad("active and default are true or false")))
        .transpose()
}

fn shape(status: &CustomStatus, origin: &str, locale: &str) -> Value {
    const CREATED: &str = "2022-01-10T10:00:00Z";
    json!({
        "id": status.id,
        "url": format!("{origin}/api/v2/custom_statuses/{}.json", status.id),
        "status_category": status.category,
        "agent_label": status.agent_label,
        "raw_agent_label": status.agent_label,
        "end_user_label": status.labels.in_locale(locale),
        "raw_end_user_label": status.labels.in_locale("en"),
        "description": "",
        "raw_description": "",
        "end_user_description": status.descriptions.in_locale(locale),
        "raw_end_user_description": status.descriptions.in_locale("en"),
        "active": status.active,
        "default": status.default,
        "created_at": CREATED,
        "updated_at": CREATED,
    })
}
