//! The signed-in user.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::Value;

use crate::api::caller::Caller;
use crate::api::shapes;

/// `GET /api/v2/users/me`.
pub async fn me(caller: Caller) -> Json<Value> {
    Json(shapes::current_user(&caller.user, &caller.origin))
}

/// The picture of every agent.
pub async fn photo() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/png")], include_bytes!("../../../data/files/agent.png").as_slice())
}
