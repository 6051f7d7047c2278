//! What Kotlin and Swift give us to call: a token provider and change listeners. Whatever they throw comes back as an
//! error, a provider that hangs is given up on, and none of it reaches a screen's thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::live;
use pocketdesk::net::{TokenFailure, Tokens};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// How long a provider may take.
const TOKEN_TIME: Duration = Duration::from_secs(30);

/// Why a token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum TokenRequest {
    /// The one at hand will do.
    Any,
    /// The server refused the last one: a fresh one is needed.
    Refused,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TokenError {
    /// The user has to sign in.
    #[error("signed out")]
    SignedOut,
    /// Not now; to be asked again later.
    #[error("no token at the moment")]
    Unavailable,
    /// The provider threw something else.
    #[error("the token provider failed")]
    Unexpected,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TokenError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

/// The host app's way to an end user's bearer token.
///
/// Called on a background thread, one call at a time. A call that takes longer than 30 seconds is given up on and counts
/// as [`TokenError::Unavailable`]; until it returns, no other is made.
#[uniffi::export(foreign)]
pub trait TokenProvider: Send + Sync {
    /// A token for the user whom the server was opened for.
    fn token(&self, request: TokenRequest) -> Result<String, TokenError>;
}

/// Why a listener did not take a change. It is told of the next one all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// The listener threw.
    #[error("the listener failed")]
    Unexpected,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

/// What changed since the last call. A view asks again for the rows it shows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Changes {
    /// Some row of the history.
    pub history: bool,
    /// Messages or the head of these tickets.
    pub threads: Vec<i64>,
    /// Something is queued, sent, or needs the user.
    pub outbox: bool,
    /// Syncing, reachability, or a problem of the account.
    pub status: bool,
}

impl From<live::Changes> for Changes {
    fn from(changes: live::Changes) -> Self {
        let threads = changes.threads.into_iter().map(|ticket| ticket.0).collect();
        Self { history: changes.history, threads, outbox: changes.outbox, status: changes.status }
    }
}

/// Is told what changed.
///
/// Called on a background thread, one call at a time; changes that come meanwhile are gathered into the next call. It may
/// call back into the server, and even close it.
#[uniffi::export(foreign)]
pub trait ChangeListener: Send + Sync {
    /// Something changed.
    fn changed(&self, changes: Changes) -> Result<(), ListenerError>;
}

/// A provider as core asks for it: off the async threads, one call at a time, bounded in time.
pub(crate) struct Provider {
    pub provider: Arc<dyn TokenProvider>,
    pub busy: Arc<AtomicBool>,
}

#[async_trait]
impl Tokens for Provider {
    async fn token(&self, refused: bool) -> Result<String, TokenFailure> {
        if self.busy.swap(true, Ordering::AcqRel) {
            return Err(TokenFailure::Unavailable);
        }
        let (provider, free) = (Arc::clone(&self.provider), Free(Arc::clone(&self.busy)));
        let request = if refused { TokenRequest::Refused } else { TokenRequest::Any };
        let call = tokio::task::spawn_blocking(move || {
            let _free = free;
            provider.token(request)
        });
        match tokio::time::timeout(TOKEN_TIME, call).await {
            Ok(Ok(Ok(token))) => Ok(token),
            Ok(Ok(Err(TokenError::SignedOut))) => Err(TokenFailure::SignedOut),
            // Thrown, panicked, or too late.
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => Err(TokenFailure::Unavailable),
        }
    }
}

/// Lets the next call go when this one has ended, however it ends.
struct Free(Arc<AtomicBool>);

impl Drop for Free {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// Calls `listener` with what `changes` gathers, until aborted.
pub(crate) fn forward(handle: &Handle, changes: live::Subscription, listener: Arc<dyn ChangeListener>) -> AbortHandle {
    let task = async move {
        loop {
            let gathered = changes.next().await.into();
            let listener = Arc::clone(&listener);
            let told = tokio::task::spawn_blocking(move || listener.changed(gathered)).await;
            if !matches!(told, Ok(Ok(()))) {
                tracing::warn!("a change listener failed");
            }
        }
    };
    handle.spawn(task).abort_handle()
}
