//! The host app's way to a token.

use async_trait::async_trait;

/// The host app's way to a token. At most one call at a time; bounded in time by whoever implements it.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// An end user's bearer token. `refused`: the server refused the last one, a fresh one is needed.
    async fn token(&self, refused: bool) -> Result<String, TokenFailure>;
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFailure {
    /// The user has to sign in.
    #[error("signed out")]
    SignedOut,
    /// Not now: no network, a locked key store, no answer in time, a fault in the host app.
    #[error("no token at the moment")]
    Unavailable,
}
