//! One run: the order in which sync sends and reads.

use std::time::Duration;

use super::context::{Scope, SyncContext};
use super::report::{SyncFailure, SyncReport};
use super::threads::queue;
use super::{full_reconciliation, priority, pull, push, transfers};
use crate::store::{Store, StoreError};

/// Makes one run. The caller, [`Client::sync`](crate::Client::sync), must make sure that only one runs at a time on a
/// store. Dropping the future is safe at any await point: the next run continues from what was committed.
pub async fn run(ctx: &SyncContext<'_>) -> SyncReport {
    let mut next = None;
    let mut failure = attempt(ctx, &mut next).await.err();
    // However the run ended: the bytes of everything that it removed are overwritten in the whole file.
    if let Err(error) = secure_delete(ctx.store) {
        failure.get_or_insert(error.into());
    }
    if let Some(failure) = &failure {
        tracing::debug!(?failure, "sync ended early");
    }
    SyncReport { failure, next }
}

async fn attempt(ctx: &SyncContext<'_>, next: &mut Option<Duration>) -> Result<(), SyncFailure> {
    secure_delete(ctx.store)?;
    ctx.store.recover_sending(ctx.environment.now())?;
    let bound = ctx.store.account()?.person;
    let user = ctx.remote.begin(bound).await?;
    ctx.store.bind(ctx.origin, user.id, user.email.as_deref())?;
    *next = push::all(ctx, user.id).await?;
    priority::priority_fetches(ctx, user.id).await?;
    if ctx.scope == Scope::Everything {
        pull::lists(ctx, &user).await?;
    }
    let threads = queue::requested(ctx, user.id).await?;
    if ctx.scope == Scope::Everything {
        ctx.store.finish_sync(ctx.environment.now())?;
    }
    let (mut reconciliation, mut idle) = (None, None);
    if ctx.scope == Scope::Everything || ctx.in_front {
        reconciliation = full_reconciliation::proceed(ctx, &user).await?;
    }
    if ctx.in_front && ctx.store.first_sync_done()? {
        idle = queue::idle(ctx, user.id).await?;
    }
    // The user may have written something while all this was read.
    let outbox = push::all(ctx, user.id).await?;
    // Downloads come last, because a large file takes long.
    let downloads = transfers::downloads(ctx).await?;
    *next = [threads, reconciliation, idle, outbox, downloads].into_iter().flatten().min();
    Ok(())
}

fn secure_delete(store: &Store) -> Result<(), StoreError> {
    while store.secure_delete_step()? {}
    Ok(())
}
