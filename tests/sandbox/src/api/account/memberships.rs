//! The organizations that a user belongs to.
//!
//! `view_tickets` says whether the user sees every ticket of the organization: because it is a shared organization, or
//! because the user may. It is false where users see single tickets by the access checkbox, which is a rule of this
//! server's company and not of the service. The documentation does not say whom an end user may ask for; only
//! oneself is assumed.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query as QueryOf, State};
use serde_json::{Value, json};

use crate::api::caller::{Caller, number};
use crate::api::error::ApiError;
use crate::api::paging::{Paging, Query};
use crate::server::Server;
use crate::store::organizations::{self, Membership};

/// `GET /api/v2/users/{id}/organization_memberships`.
pub async fn list(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Value>, ApiError> {
    let id = number(&id)?;
    if id != caller.user.id && !caller.user.is_agent() {
        return Err(ApiError::Forbidden);
    }
    let paging = Paging::parse(&query)?;
    let all = server.read(Duration::ZERO, |db| organizations::memberships(db, id))?;
    let cut = paging.cut(all.iter().map(|membership| shape(membership, id, &caller.origin)).collect());
    let mut answer = json!({ "organization_memberships": cut.rows });
    let url = format!("{}/api/v2/users/{id}/organization_memberships", caller.origin);
    paging.describe(&mut answer, &query, &url, cut.last, cut.more, cut.count);
    Ok(Json(answer))
}

fn shape(membership: &Membership, user: i64, origin: &str) -> Value {
    const CREATED: &str = "2022-02-14T08:30:11Z";
    json!({
        "url": format!("{origin}/api/v2/organization_memberships/{}.json", membership.id),
        "id": membership.id,
        "user_id": user,
        "organization_id": membership.organization_id,
        "organization_name": membership.organization_name,
        // Documented so: true or null.
        "default": membership.default.then_some(true),
        "view_tickets": membership.view_tickets,
        "created_at": CREATED,
        "updated_at": CREATED,
    })
}
