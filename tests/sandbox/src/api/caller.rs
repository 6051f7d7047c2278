//! The caller of an API request: the user, the address that the user called, and what the faults do to the request.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::error::ApiError;
use super::shapes::View;
use crate::account::Account;
use crate::server::Server;
use crate::store::people::{self, User};
use crate::users;

/// What the faults do to a request inside its route. Passed in the request's extensions.
#[derive(Debug, Clone, Default)]
pub struct FaultEffects {
    /// The user whom the server takes the caller for, in place of the token's user.
    pub user: Option<String>,
    /// How old the state is that a read sees.
    pub stale: Duration,
    /// The idempotency key of a creation is ignored.
    pub ignore_idempotency: bool,
}

/// The signed-in caller of a request.
#[derive(Debug)]
pub struct Caller {
    /// The user.
    pub user: User,
    /// `http://host:port` as the caller addressed the server. Links in answers use it.
    pub origin: String,
    /// What the faults do to this request.
    pub effects: FaultEffects,
}

impl FromRequestParts<Arc<Server>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, ApiError> {
        let effects = parts.extensions.get::<FaultEffects>().cloned().unwrap_or_default();
        let token = bearer(&parts.headers).ok_or(ApiError::Unauthorized)?;
        let other = effects.user.as_deref().and_then(users::find);
        let user = server.read(Duration::ZERO, |db| match other {
            Some(person) => people::by_id(db, person.id),
            None => people::by_token(db, token),
        })?;
        Ok(Self { user: user.ok_or(ApiError::Unauthorized)?, origin: origin(&parts.headers), effects })
    }
}

impl Caller {
    /// The caller's view of an account with this set-up.
    pub fn view<'a>(&'a self, account: &'a Account) -> View<'a> {
        View { account, viewer: &self.user, origin: &self.origin }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The address that the caller used. An emulated phone reaches this server under another name than the server's own.
pub fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

/// Parses the number in a path. Anything else is not found.
pub fn number(text: &str) -> Result<i64, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound)
}
