//! The fetch queue: the threads that the product's policy selects, and, in idle time, all others.
//!
//! The store says which thread is next. Every read is charged to the request budget of the running hour, but only the
//! reads in idle time stop when the budget is exhausted.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::read;
use crate::model::{RemoteUser, Traffic};
use crate::store::{Budget, ThreadDue};
use crate::sync::context::{Me, SyncContext};
use crate::sync::notes::isolation::FAILED_THREADS;
use crate::sync::priority::between_requests;
use crate::sync::report::SyncFailure;
use crate::sync::revocation;

/// How many threads one run reads because the policy selects them. The next run reads the rest.
const THREADS_PER_RUN: u32 = 100;

/// How many threads one run reads in idle time.
const IDLE_PER_RUN: u32 = 10;

/// The pause before the next run that reads in idle time.
const IDLE_PAUSE: Duration = Duration::from_secs(30);

/// Reads the threads that the policy selects, and continues those that are long. Returns how long until the next thread
/// is due; `None` if no thread is left, or if so many tickets were refused that asking for more would prove nothing. A
/// thread that cannot be read gets a pause. After several failures in a row, all other threads wait as well.
pub(in crate::sync) async fn requested(
    ctx: &SyncContext<'_>,
    user: &RemoteUser,
) -> Result<Option<Duration>, SyncFailure> {
    let me = user.id;
    let policy = ctx.product.thread_policy;
    let now = || ctx.environment.now();
    if let Some(left) = ctx.health.threads_paused(now()) {
        return Ok(Some(left));
    }
    let few = ctx.store.few()?;
    let mut due = ctx.store.threads_due(policy, now(), THREADS_PER_RUN)?;
    // The others first, or a thread on screen that cannot be read would keep them from being read.
    due.sort_by_key(|thread| ctx.health.has_failed(thread.ticket));
    let more = due.len() == THREADS_PER_RUN as usize;
    let mut is_proven = false;
    // What was refused altogether a moment ago is not asked for thread by thread.
    if !due.is_empty() && ctx.health.was_account_refused() && !revocation::is_account_working(ctx, user).await? {
        return Ok(Some(IDLE_PAUSE));
    }
    for thread in due {
        between_requests(ctx, me).await?;
        if let Some(left) = ctx.little_left()? {
            return Ok(Some(left));
        }
        let asked = read_and_charge(ctx, thread, me).await?;
        if !asked && let Some(left) = ctx.health.threads_paused(now()) {
            return Ok(Some(left));
        }
        // Before more threads are refused, the account is proven to work.
        if !is_proven && ctx.notes.suspects.all().len() >= FAILED_THREADS {
            is_proven = revocation::prove(ctx, user).await?;
            if !is_proven {
                return Ok(Some(IDLE_PAUSE));
            }
        }
        // So many tickets are not revoked at once. Asking for more threads would prove nothing.
        if ctx.notes.suspects.are_too_many(few) {
            return Ok(None);
        }
    }
    if ctx.in_front {
        walk_on(ctx, me).await?;
    }
    if more {
        return Ok(Some(Duration::ZERO));
    }
    let walk = if ctx.in_front { ctx.store.walk_due_in(now())? } else { None };
    Ok([ctx.store.threads_due_in(policy, now())?, walk].into_iter().flatten().min())
}

/// Reads one more page of the long thread that has waited longest, if a page is due.
async fn walk_on(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    let Some(due) = ctx.store.next_walk(ctx.environment.now())? else { return Ok(()) };
    let Some(walk) = ctx.store.walk(due.ticket)? else { return Ok(()) };
    between_requests(ctx, me).await?;
    let before = ctx.remote.traffic();
    let done = read::walk_on(ctx, due, walk, me).await;
    ctx.store.charge(ctx.remote.traffic().since(before), ctx.environment.now())?;
    done
}

/// Reads some of the other threads, as far as the request budget allows. Returns how long until more can be read;
/// `None` if every thread was read.
pub(in crate::sync) async fn idle(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    for _ in 0..IDLE_PER_RUN {
        let now = ctx.environment.now();
        let Some(thread) = ctx.store.next_idle_thread(now)? else { return Ok(None) };
        if let Budget::ExhaustedFor(left) = ctx.store.budget(ctx.product.thread_policy, now)? {
            return Ok(Some(left));
        }
        if let Some(left) = ctx.health.threads_paused(now).or(ctx.little_left()?) {
            return Ok(Some(left.max(IDLE_PAUSE)));
        }
        between_requests(ctx, me).await?;
        if !read_and_charge(ctx, thread, me).await? {
            // The user does not wait for this thread, so no other thread is tried after it.
            return Ok(Some(IDLE_PAUSE * 2));
        }
    }
    Ok(Some(IDLE_PAUSE))
}

/// Reads one thread and charges its requests and bytes to the request budget, even if the read fails. Returns false if
/// the thread could not be read; then it has a pause.
async fn read_and_charge(ctx: &SyncContext<'_>, thread: ThreadDue, me: Me) -> Result<bool, SyncFailure> {
    let before = ctx.remote.traffic();
    let done = read::try_thread(ctx, thread, me, Some(serve)).await;
    let cost: Traffic = ctx.remote.traffic().since(before);
    ctx.store.charge(cost, ctx.environment.now())?;
    done
}

/// Serves the user between two pages of a thread.
fn serve<'a>(ctx: &'a SyncContext<'a>, me: Me) -> BoxFuture<'a, Result<(), SyncFailure>> {
    Box::pin(between_requests(ctx, me))
}
