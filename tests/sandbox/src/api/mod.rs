//! The service's API, as an end user's app sees it.

mod account;
mod caller;
mod changes;
mod comments;
mod error;
mod extras;
mod help_center;
mod paging;
mod requests;
mod shapes;
mod text;
mod uploads;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, patch, post, put};

pub use caller::FaultEffects;
pub use error::ApiError;
pub use paging::escape;

use self::account::{fields, memberships, statuses, users};
use crate::server::Server;

/// The largest upload in bytes, as on the service.
const LARGEST_UPLOAD: usize = 50 * 1024 * 1024;

/// All routes below `/api/v2`, and the addresses of files.
pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/api/v2/requests", get(requests::list).post(changes::create))
        .route("/api/v2/requests/ccd", get(requests::list_ccd))
        .route("/api/v2/requests/search", get(requests::search))
        .route("/api/v2/organizations/{id}/requests", get(requests::list_of_organization))
        .route("/api/v2/requests/{id}", get(requests::show).put(changes::update))
        .route("/api/v2/requests/{id}/read_mark", put(changes::mark_read))
        .route("/api/v2/requests/{id}/comments", get(comments::list))
        .route("/api/v2/requests/{id}/comments/{comment}", get(comments::show))
        .route("/api/v2/tickets/{id}/satisfaction_rating", post(extras::satisfaction::rate))
        .route("/api/v2/guide/survey_responses", get(extras::satisfaction::list))
        .route("/api/v2/guide/survey_responses/{id}", post(extras::satisfaction::answer))
        .route("/api/v2/custom_objects/{key}/records", patch(extras::records::upsert).get(extras::records::list))
        .route("/api/v2/help_center/locales", get(help_center::locales))
        .route("/api/v2/help_center/incremental/articles", get(help_center::incremental))
        .route("/api/v2/help_center/{locale}/articles", get(help_center::list))
        .route("/api/v2/help_center/{locale}/articles/{id}", get(help_center::show))
        .route("/api/v2/help_center/{locale}/articles/{id}/up", post(help_center::up))
        .route("/api/v2/help_center/{locale}/articles/{id}/down", post(help_center::down))
        .route("/api/v2/users/me", get(users::me))
        .route("/api/v2/users/{id}/organization_memberships", get(memberships::list))
        .route("/api/v2/ticket_fields", get(fields::list_fields))
        .route("/api/v2/ticket_fields/{id}", get(fields::show_field))
        .route("/api/v2/ticket_forms", get(fields::list_forms))
        .route("/api/v2/custom_statuses", get(statuses::list))
        .route("/api/v2/uploads", post(uploads::create))
        .route("/api/v2/uploads/{token}", delete(uploads::discard))
        .route("/api/v2/attachments/{id}", get(uploads::show))
        .route("/attachments/token/{secret}/", get(uploads::redirect))
        .route("/files/{secret}", get(uploads::content))
        .route("/hc/article_attachments/{id}/{name}", get(help_center::picture))
        .route("/photos/agent.png", get(users::photo))
        .layer(DefaultBodyLimit::max(LARGEST_UPLOAD))
        .fallback(|| async { ApiError::NotFound })
}
