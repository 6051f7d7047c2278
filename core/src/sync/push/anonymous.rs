//! A run for nobody: it sends the tickets that were written without an account, and reads nothing (`docs/product.md`, W11).
//!
//! There is no user to ask the server about, no list and no thread. A run only carries out what the outbox decides, one
//! step at a time, as [`push`](super) does for an account. The outbox never asks for a look at what became of such a
//! ticket, because nobody could look: it asks the user instead.
//!
//! No failure is a problem of the account, because there is none. Each ticket says itself what it waits for. After an
//! attempt that failed for a while, the run ends, and the others wait for the next one: whatever is wrong would probably
//! make theirs ambiguous, too.

use std::time::Duration;

use crate::model::{Failure, OperationId, ReasonKind};
use crate::outbox::{self, Operation, Step};
use crate::store::{Store, StoreError};
use crate::sync::context::SyncContext;
use crate::sync::report::SyncFailure;
use crate::sync::settle::{after_failed_attempt, settle};

/// Makes one run. Returns how long until there is more to do without a new request.
pub(in crate::sync) async fn run(ctx: &SyncContext<'_>) -> Result<Option<Duration>, SyncFailure> {
    ctx.store.recover_sending(ctx.environment.now(), false)?;
    ctx.store.forget_sent(ctx.environment.now())?;
    // There is no file to transfer. Whoever waits for transfers need not wait for a user.
    (ctx.user_is_known)();
    while ctx.store.rebuild_step()? {
        ctx.environment.sleep(Store::REBUILD_PAUSE).await;
    }
    loop {
        let (operations, now) = (ctx.store.operations()?, ctx.environment.now());
        let next = outbox::next(&operations, now);
        let Some(Step::Send(id)) = next.step.filter(|_| (ctx.online)()) else { return Ok(next.wake_in) };
        let operation = operations.iter().find(|operation| operation.id == id).ok_or(StoreError::NoSuchMessage)?;
        if let Some(pause) = send(ctx, operation).await? {
            return Ok(Some(pause));
        }
    }
}

/// Makes one attempt. The store writes it down durably before the request leaves. Returns a pause if it failed for a while.
async fn send(ctx: &SyncContext<'_>, operation: &Operation) -> Result<Option<Duration>, SyncFailure> {
    let (write, earlier) = match ctx.store.write_of(operation) {
        // The user discarded it after the rows were read, so nothing is sent.
        Err(StoreError::NoSuchMessage) => return Ok(None),
        // What is stored of it cannot be sent. Everything else continues.
        Err(StoreError::Unreadable(_)) => return unsupported(ctx, operation.id),
        found => found?,
    };
    let Some(write) = write else { return unsupported(ctx, operation.id) };
    let body = earlier.unwrap_or_else(|| ctx.remote.encode(&write));
    if !ctx.store.begin_attempt(operation, &body, 0)? {
        return Ok(None);
    }
    match ctx.remote.deliver_anonymously(&body, operation.key).await {
        Ok(answered) => {
            ctx.notes.account.works();
            ctx.store.settle_anonymous(operation, answered.value, ctx.environment.now())?;
            Ok(None)
        }
        Err(failed) => {
            after_failed_attempt(ctx, operation, &failed.failure)?;
            let passes = matches!(failed.failure, Failure::TryAgain { .. } | Failure::Unexplained { .. });
            Ok(passes.then(|| outbox::backoff(0, ctx.environment.chance())))
        }
    }
}

fn unsupported(ctx: &SyncContext<'_>, operation: OperationId) -> Result<Option<Duration>, SyncFailure> {
    settle(ctx, operation, |operation, _| outbox::cannot_send(operation, ReasonKind::Unsupported))?;
    Ok(None)
}
