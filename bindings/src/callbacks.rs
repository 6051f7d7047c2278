//! The interfaces that Kotlin and Swift implement: a token provider and change listeners.
//!
//! Callbacks run on background threads, which they may block. They never run on a screen's thread or on the threads
//! that drive sync. Whatever a callback throws becomes an error. A token provider that hangs is abandoned after 30
//! seconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::live;
use pocketdesk::net::{TokenFailure, Tokens};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// The longest time that sync waits for a token.
const TOKEN_TIME: Duration = Duration::from_secs(30);

/// Why sync asks for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum TokenRequest {
    /// Any valid token: return the stored one if there is one.
    Any,
    /// The server refused the last token: get a fresh one.
    Refused,
}

/// Why a provider has no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TokenError {
    /// The user is signed out. Sync reports `AccountProblem.SignedOut`.
    #[error("signed out")]
    SignedOut,
    /// There is no token at the moment, for example because the network is down. Sync asks again later.
    #[error("no token at the moment")]
    Unavailable,
    /// The provider threw some other error. Treated like `Unavailable`.
    #[error("the token provider failed")]
    Unexpected,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TokenError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

/// Provides the bearer token of the end user. The host app implements it.
///
/// Sync calls it on a background thread, one call at a time, and the call may block that thread. A call that takes
/// longer than 30 seconds is abandoned and counts as [`TokenError::Unavailable`]. No other call is made until the
/// abandoned one returns.
#[uniffi::export(foreign)]
pub trait TokenProvider: Send + Sync {
    /// Returns a token for the user for whom the client was opened. Pocketdesk does not store it on disk.
    fn token(&self, request: TokenRequest) -> Result<String, TokenError>;
}

/// Why a listener could not handle a change. It is still called for the next change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// The listener threw an error.
    #[error("the listener failed")]
    Unexpected,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

/// What changed since the last call. It carries no data: a view queries again for the rows that it shows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Changes {
    /// Whether a row of the history changed, or what a search finds.
    pub history: bool,
    /// The local ids of the tickets whose fields, messages or files changed.
    pub threads: Vec<i64>,
    /// Whether what any thread shows may have changed: labels, actions, what holds for the user.
    pub every_thread: bool,
    /// Whether something was queued, was sent or needs the user.
    pub outbox: bool,
    /// Whether the account's `SyncStatus` changed: syncing, the progress of the first sync, reachability, a problem or
    /// a recovery.
    pub status: bool,
    /// Whether something of the help centre changed: an article, the user's answer about one, or whether there is a help centre.
    pub articles: bool,
}

impl From<live::Changes> for Changes {
    fn from(changes: live::Changes) -> Self {
        let threads = changes.threads.into_iter().map(|ticket| ticket.0).collect();
        let live::Changes { history, every_thread, outbox, status, articles, .. } = changes;
        Self { history, threads, every_thread, outbox, status, articles }
    }
}

/// Receives changes. The shell implements it.
///
/// The client calls it on a background thread, one call at a time, and the call may block that thread. Changes that
/// happen during a call are gathered into the next one. So no change is lost, and a slow listener delays only itself. After a call
/// it also gathers for 200 ms what sync reads. What the user does, and what becomes of it, is reported at once. A
/// listener may call the client, and may even close it.
#[uniffi::export(foreign)]
pub trait ChangeListener: Send + Sync {
    /// Called after something changed. The changes are already committed.
    fn changed(&self, changes: Changes) -> Result<(), ListenerError>;
}

/// Adapts a [`TokenProvider`] to core. Calls it on a thread that may block, one call at a time, and gives up after
/// [`TOKEN_TIME`]. `busy` stays set until an abandoned call has returned.
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
        let (provider, guard) = (Arc::clone(&self.provider), BusyGuard(Arc::clone(&self.busy)));
        let request = if refused { TokenRequest::Refused } else { TokenRequest::Any };
        let call = tokio::task::spawn_blocking(move || {
            let _guard = guard;
            provider.token(request)
        });
        match tokio::time::timeout(TOKEN_TIME, call).await {
            Ok(Ok(Ok(token))) => Ok(token),
            Ok(Ok(Err(TokenError::SignedOut))) => Err(TokenFailure::SignedOut),
            // The provider threw, panicked or was too late.
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => Err(TokenFailure::Unavailable),
        }
    }
}

/// Allows the next call when this one has ended, however it ended.
struct BusyGuard(Arc<AtomicBool>);

impl Drop for BusyGuard {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// How long what sync reads is gathered after a call. A sync that stores a thousand tickets in a second makes a screen query again
/// five times.
const GATHERED: Duration = Duration::from_millis(200);

/// Calls `listener` with each batch of changes, until the task is aborted.
pub(crate) fn forward(handle: &Handle, changes: live::Subscription, listener: Arc<dyn ChangeListener>) -> AbortHandle {
    let task = async move {
        loop {
            let gathered = changes.next().await.into();
            let listener = Arc::clone(&listener);
            let called = tokio::task::spawn_blocking(move || listener.changed(gathered)).await;
            if !matches!(called, Ok(Ok(()))) {
                tracing::warn!("a change listener failed");
            }
            changes.gather(tokio::time::sleep(GATHERED)).await;
        }
    };
    handle.spawn(task).abort_handle()
}
