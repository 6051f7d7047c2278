//! The source of tokens, which the host app implements.

use async_trait::async_trait;

/// Provides tokens. At most one call is made at a time. The implementation must limit its time itself.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Returns an end user's bearer token. `refused` means that the server refused the last one, so a fresh one is
    /// needed.
    async fn token(&self, refused: bool) -> Result<String, TokenFailure>;
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFailure {
    /// The user has to sign in.
    #[error("signed out")]
    SignedOut,
    /// No token at the moment: no network, a locked key store, no answer in time, or a mistake of the host app.
    #[error("no token at the moment")]
    Unavailable,
}
