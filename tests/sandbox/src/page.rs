//! The page on which the people of the desk work.

use std::sync::Arc;

use axum::Router;

use crate::desk::Desk;

/// The page's routes.
pub fn routes() -> Router<Arc<Desk>> {
    Router::new()
}
