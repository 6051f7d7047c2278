//! The one runtime of the process, and what it runs: for each open server the future that talks to the help desk, and for
//! each subscription the future that calls the listener. The one place where a panic of such a future is caught.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};

use futures_util::FutureExt;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::AbortHandle;

static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

/// The runtime, made at first use. `None` if the system gives no thread.
pub(crate) fn handle() -> Option<&'static Handle> {
    let made = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(2).thread_name("pocketdesk").enable_all().build().ok()
    });
    made.as_ref().map(Runtime::handle)
}

/// Drives `desk` until it is closed. A panic is reported as an internal fault and, once, followed by a new start; the
/// store rolls back what was not committed.
pub(crate) fn drive(handle: &Handle, client: Arc<pocketdesk::Client>) -> AbortHandle {
    let driver = async move {
        for _ in 0..2 {
            if survives(client.drive()).await {
                return;
            }
            tracing::error!("sync panicked");
            client.report_fault();
        }
    };
    handle.spawn(driver).abort_handle()
}

/// False if the future panicked.
async fn survives(future: impl Future<Output = ()>) -> bool {
    AssertUnwindSafe(future).catch_unwind().await.is_ok()
}

/// Runs `work`; a panic in it becomes `fault`.
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

    /// A network whose first `panics` requests panic.
    struct Faulty {
        panics: u32,
        asked: Arc<AtomicU32>,
    }

    #[async_trait]
    impl Http for Faulty {
        async fn send(&self, _request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
            let asked = self.asked.fetch_add(1, Ordering::SeqCst);
            assert!(asked >= self.panics, "a fault in the network's code");
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

    /// The problems that a screen is told of, in order, until `last`.
    fn problems_until(panics: u32, last: AccountProblem) -> (Vec<AccountProblem>, u32) {
        let folder = tempfile::tempdir().unwrap();
        let config = pocketdesk::ClientConfig::new(folder.path(), "ada", "https://desk.example");
        let asked = Arc::new(AtomicU32::default());
        let http = Arc::new(Faulty { panics, asked: Arc::clone(&asked) });
        let client = Arc::new(pocketdesk::Client::open(&config, http, Arc::new(SignedIn), Arc::new(Device)).unwrap());
        let changes = client.subscribe();
        let handle = handle().unwrap();
        let driver = drive(handle, Arc::clone(&client));
        let told = handle.block_on(async {
            let mut told = Vec::new();
            while told.last() != Some(&last) {
                changes.next().await;
                if let Some(problem) = client.state().unwrap().problem.filter(|problem| told.last() != Some(problem)) {
                    told.push(problem);
                }
            }
            told
        });
        client.close();
        driver.abort();
        (told, asked.load(Ordering::SeqCst))
    }

    #[test]
    fn a_panic_is_reported_and_sync_starts_again() {
        let (told, asked) = problems_until(1, AccountProblem::ServerUnreachable);
        assert_eq!(told.last(), Some(&AccountProblem::ServerUnreachable), "the second start got as far as the network");
        assert!(asked >= 2);
    }

    #[test]
    fn a_panic_that_comes_back_is_left_to_the_next_start() {
        let (told, asked) = problems_until(9, AccountProblem::InternalFault);
        assert_eq!(told, [AccountProblem::InternalFault]);
        assert!(asked <= 2);
    }

    #[test]
    fn a_panic_of_a_call_is_an_error() {
        assert_eq!(guarded("fault", || -> Result<(), _> { panic!("in the middle") }), Err("fault"));
    }
}
