//! The fetch queue: the threads that the product's policy selects, and, in idle time, all others.
//!
//! The store says which thread is next. Every read is charged to the request budget of the running hour, but only the
//! reads in idle time stop when the budget is exhausted.

use std::time::Duration;

use super::read::{ThreadOutcome, attempt};
use crate::model::Traffic;
use crate::outbox::concerns_account;
use crate::store::{Budget, ThreadDue};
use crate::sync::context::{Me, SyncContext};
use crate::sync::priority::between_requests;
use crate::sync::report::SyncFailure;

/// How many threads one run reads because the policy selects them. The next run reads the rest.
const THREADS_PER_RUN: u32 = 100;

/// How many threads one run reads in idle time.
const IDLE_PER_RUN: u32 = 10;

/// The pause before the next run that reads in idle time.
const IDLE_PAUSE: Duration = Duration::from_secs(30);

/// Reads the threads that the policy selects. Returns how long until another one is due; `None` if none is.
pub(in crate::sync) async fn requested(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    let policy = ctx.product.thread_policy;
    let due = ctx.store.threads_due(policy, ctx.environment.now(), THREADS_PER_RUN)?;
    let more = due.len() == THREADS_PER_RUN as usize;
    for thread in due {
        between_requests(ctx, me).await?;
        // A thread that the server cannot give yet stays due for the next run.
        read_and_charge(ctx, thread, me).await?;
    }
    if more { Ok(Some(Duration::ZERO)) } else { Ok(ctx.store.threads_due_in(policy, ctx.environment.now())?) }
}

/// Reads some of the other threads, as far as the request budget allows. Returns how long until more can be read;
/// `None` if every thread was read.
pub(in crate::sync) async fn idle(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    for _ in 0..IDLE_PER_RUN {
        let Some(thread) = ctx.store.next_idle_thread()? else { return Ok(None) };
        if let Budget::ExhaustedFor(left) = ctx.store.budget(ctx.product.thread_policy, ctx.environment.now())? {
            return Ok(Some(left));
        }
        between_requests(ctx, me).await?;
        match read_and_charge(ctx, thread, me).await {
            // The user does not wait for this thread, so a server with problems is not asked again for 10 min.
            Err(SyncFailure::Server(failure)) if !concerns_account(&failure) => return Ok(Some(IDLE_PAUSE * 20)),
            Ok(ThreadOutcome::NotYet) => return Ok(Some(IDLE_PAUSE * 20)),
            done => drop(done?),
        }
    }
    Ok(Some(IDLE_PAUSE))
}

/// Reads one thread and charges its requests and bytes to the request budget, even if the read fails.
async fn read_and_charge(ctx: &SyncContext<'_>, thread: ThreadDue, me: Me) -> Result<ThreadOutcome, SyncFailure> {
    let before = ctx.remote.traffic();
    let done = attempt(ctx, thread, me).await;
    let cost: Traffic = ctx.remote.traffic().since(before);
    ctx.store.charge(cost, ctx.environment.now())?;
    done
}
