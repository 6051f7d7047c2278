//! One signed-in request: who asks, at which address, and what the switchboard ordered for it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::error::ApiError;
use crate::server::Server;
use crate::store::people::{self, User};
use crate::users;

/// What the switchboard ordered for a request; travels in its extensions.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    /// The server takes the caller for this user.
    pub user: Option<String>,
    /// How old the state is that a read answers from.
    pub stale: Duration,
    /// The key of a creation is not looked at.
    pub ignore_idempotency: bool,
}

/// A request of a user who is signed in.
#[derive(Debug)]
pub struct Visit {
    /// Who asks.
    pub user: User,
    /// `http://host:port`, as the caller addressed the server; links in answers stay on it.
    pub origin: String,
    /// What the switchboard ordered.
    pub orders: Orders,
}

impl FromRequestParts<Arc<Server>> for Visit {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, ApiError> {
        let orders = parts.extensions.get::<Orders>().cloned().unwrap_or_default();
        let token = bearer(&parts.headers).ok_or(ApiError::Unauthorized)?;
        let other = orders.user.as_deref().and_then(users::find);
        let user = server.read(Duration::ZERO, |db| match other {
            Some(person) => people::by_id(db, person.id),
            None => people::by_token(db, token),
        })?;
        Ok(Self { user: user.ok_or(ApiError::Unauthorized)?, origin: origin(&parts.headers), orders })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The address that the caller used: a phone's emulator reaches this server under another name than the server has for itself.
fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

/// The number in a path; anything else is no ticket of ours.
pub fn number(text: &str) -> Result<i64, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound)
}
