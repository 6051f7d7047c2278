//! The signed-in user.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::Value;

use super::shapes;
use super::visit::Visit;

/// `GET /api/v2/users/me`.
pub async fn me(visit: Visit) -> Json<Value> {
    Json(shapes::current_user(&visit.user, &visit.origin))
}

/// The picture of every agent.
pub async fn photo() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/png")], include_bytes!("../../data/files/agent.png").as_slice())
}
