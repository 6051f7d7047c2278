//! The one runtime of the process, and what it runs: for each open desk the future that talks to the help desk, and for
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
pub(crate) fn drive(handle: &Handle, desk: Arc<pocketdesk::Desk>) -> AbortHandle {
    let driver = async move {
        for _ in 0..2 {
            if survives(desk.drive()).await {
                return;
            }
            tracing::error!("sync panicked");
            desk.report_fault();
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
