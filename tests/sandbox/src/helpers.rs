//! What a test wants to know or do beyond the API, under `/sandbox`.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use crate::desk::Desk;
use crate::faults::{Switchboard, Update};

/// All routes below `/sandbox`.
pub fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/sandbox/faults", get(show_faults).post(set_faults).delete(clear_faults))
}

async fn show_faults(State(desk): State<Arc<Desk>>) -> Json<Switchboard> {
    Json(desk.faults().clone())
}

async fn set_faults(State(desk): State<Arc<Desk>>, update: Result<Json<Update>, JsonRejection>) -> Response {
    match update {
        Ok(Json(update)) => {
            desk.faults().update(update);
            Json(desk.faults().clone()).into_response()
        }
        Err(rejection) => (StatusCode::BAD_REQUEST, Json(json!({ "error": rejection.body_text() }))).into_response(),
    }
}

async fn clear_faults(State(desk): State<Arc<Desk>>) -> StatusCode {
    *desk.faults() = Switchboard::default();
    StatusCode::NO_CONTENT
}
