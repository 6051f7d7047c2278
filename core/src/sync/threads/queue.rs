//! Threads that nobody waits for: those that the policy wants, and others in idle time.

use std::time::Duration;

use super::read::{ThreadOutcome, attempt};
use crate::model::{Failure, ReasonKind, Traffic};
use crate::store::{Budget, ThreadDue};
use crate::sync::context::{Me, SyncContext};
use crate::sync::priority::between_requests;
use crate::sync::report::SyncFailure;

/// How many threads one run reads because the policy wants them; the rest follows in the next.
const THREADS_PER_RUN: u32 = 100;

/// How many threads one run reads because there is nothing else to do.
const IDLE_PER_RUN: u32 = 10;

/// Between two such runs.
const IDLE_PAUSE: Duration = Duration::from_secs(30);

/// The threads that the policy wants. Says when there will be more.
pub(in crate::sync) async fn requested(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    let policy = ctx.product.thread_policy;
    let due = ctx.store.threads_due(policy, ctx.environment.now(), THREADS_PER_RUN)?;
    let more = due.len() == THREADS_PER_RUN as usize;
    for thread in due {
        between_requests(ctx, me).await?;
        // One that cannot be had yet is still due in the next run.
        read_and_charge(ctx, thread, me).await?;
    }
    if more { Ok(Some(Duration::ZERO)) } else { Ok(ctx.store.threads_due_in(policy, ctx.environment.now())?) }
}

/// Some of the threads that nobody waits for, as far as the budget goes. Says when there will be more.
pub(in crate::sync) async fn idle(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    for _ in 0..IDLE_PER_RUN {
        let Some(thread) = ctx.store.next_idle_thread()? else { return Ok(None) };
        if let Budget::ExhaustedFor(left) = ctx.store.budget(ctx.product.thread_policy, ctx.environment.now())? {
            return Ok(Some(left));
        }
        between_requests(ctx, me).await?;
        match read_and_charge(ctx, thread, me).await {
            // Nobody waits for it: a server in a mood is left alone for a while.
            Err(SyncFailure::Server(failure)) if !concerns_the_user(&failure) => return Ok(Some(IDLE_PAUSE * 20)),
            Ok(ThreadOutcome::NotYet) => return Ok(Some(IDLE_PAUSE * 20)),
            done => drop(done?),
        }
    }
    Ok(Some(IDLE_PAUSE))
}

async fn read_and_charge(ctx: &SyncContext<'_>, thread: ThreadDue, me: Me) -> Result<ThreadOutcome, SyncFailure> {
    let before = ctx.remote.traffic();
    let done = attempt(ctx, thread, me).await;
    let cost: Traffic = ctx.remote.traffic().since(before);
    ctx.store.charge(cost, ctx.environment.now())?;
    done
}

fn concerns_the_user(failure: &Failure) -> bool {
    matches!(failure, Failure::NeedsUser(reason) if matches!(reason.kind, ReasonKind::SignedOut | ReasonKind::WrongUser))
}
