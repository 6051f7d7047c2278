//! The one tokio runtime of the process, and where panics are caught.
//!
//! The runtime is built at first use and never shut down. It polls, for each open client, the future that talks to the
//! help desk ([`drive`]), and for each subscription the future that calls the listener ([`crate::callbacks::forward`]).
//! Both end when the client is closed.
//!
//! A panic in a client's future is reported to the account as an internal fault, and the future starts again, once. A
//! panic in a call becomes that call's `InternalFault`. In both cases the store rolls back the open transaction, so the
//! file stays consistent.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};

use futures_util::FutureExt;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::AbortHandle;

static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

/// The runtime, built at first use. `None` if the system provides no threads.
pub(crate) fn handle() -> Option<&'static Handle> {
    let made = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(2).thread_name("pocketdesk").enable_all().build().ok()
    });
    made.as_ref().map(Runtime::handle)
}

/// Polls the client's own future until the client is closed. After a panic it reports an internal fault and starts the
/// future once more. After a second panic it gives up until the app opens the account again. Starting again is safe,
/// because the store rolls back every transaction that was not committed.
pub(crate) fn drive(handle: &Handle, client: Arc<pocketdesk::Client>) -> AbortHandle {
    let driver = async move {
        for _ in 0..2 {
            if survives(Box::pin(client.drive())).await {
                return;
            }
            tracing::error!("sync panicked");
            client.report_fault();
        }
    };
    handle.spawn(driver).abort_handle()
}

/// Returns false if the future panicked.
async fn survives(future: impl Future<Output = ()>) -> bool {
    AssertUnwindSafe(future).catch_unwind().await.is_ok()
}

/// Runs `work` and turns a panic in it into `fault`.
pub(crate) fn guarded<T, E>(fault: E, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    std::panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(fault))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use async_trait::async_trait;
    use pocketdesk::client::AccountProblem;
    use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse, TokenFailure, Tokens};

    use super::*;
    use crate::platform::Device;

    /// A network whose first `panics` requests panic. All later ones fail as unreachable.
    struct Faulty {
        panics: u32,
        requests: Arc<AtomicU32>,
    }

    #[async_trait]
    impl Http for Faulty {
        async fn send(&self, _request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
            let requests = self.requests.fetch_add(1, Ordering::SeqCst);
            assert!(requests >= self.panics, "a defect in the network's code");
            Err(HttpFailure::NotSent)
        }
    }

    struct SignedIn;

    #[async_trait]
    impl Tokens for SignedIn {
        async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
            Ok("a-token".to_owned())
        }
    }

    /// Opens a client on a [`Faulty`] network and returns the problems that a screen would see, in order, until `last`,
    /// together with the number of requests that were made.
    fn problems_until(panics: u32, last: AccountProblem) -> (Vec<AccountProblem>, u32) {
        let folder = tempfile::tempdir().unwrap();
        let config = pocketdesk::ClientConfig::new(folder.path(), "ada", "https://desk.example");
        let requests = Arc::new(AtomicU32::default());
        let http = Arc::new(Faulty { panics, requests: Arc::clone(&requests) });
        let client = Arc::new(pocketdesk::Client::open(&config, http, Arc::new(SignedIn), Arc::new(Device)).unwrap());
        let changes = client.subscribe();
        let handle = handle().unwrap();
        let driver = drive(handle, Arc::clone(&client));
        let seen = handle.block_on(async {
            let mut seen = Vec::new();
            while seen.last() != Some(&last) {
                changes.next().await;
                if let Some(problem) = client.state().unwrap().problem.filter(|problem| seen.last() != Some(problem)) {
                    seen.push(problem);
                }
            }
            seen
        });
        client.close();
        driver.abort();
        (seen, requests.load(Ordering::SeqCst))
    }

    #[test]
    fn a_panic_is_reported_and_sync_starts_again() {
        let (seen, requests) = problems_until(1, AccountProblem::ServerUnreachable);
        assert_eq!(seen.last(), Some(&AccountProblem::ServerUnreachable), "the second start must reach the network");
        assert!(requests >= 2);
    }

    #[test]
    fn after_a_second_panic_sync_stays_stopped_until_the_next_start() {
        let (seen, requests) = problems_until(9, AccountProblem::InternalFault);
        assert_eq!(seen, [AccountProblem::InternalFault]);
        assert!(requests <= 2);
    }

    #[test]
    fn a_panic_of_a_call_is_an_error() {
        assert_eq!(guarded("fault", || -> Result<(), _> { panic!("in the middle") }), Err("fault"));
    }
}
