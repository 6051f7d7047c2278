//! Applying a decision of the outbox to its operation.

use super::context::SyncContext;
use super::report::SyncFailure;
use crate::model::{Failure, OperationId};
use crate::outbox::{self, Operation, Verdict};

/// Asks for a decision about an operation and writes it down. A problem of the account is returned as the error that ends
/// the run. Does nothing if the operation is gone.
pub(super) fn settle(
    ctx: &SyncContext<'_>,
    operation: OperationId,
    decide: impl FnOnce(&Operation, &[Operation]) -> Verdict,
) -> Result<(), SyncFailure> {
    match ctx.store.decide(operation, decide)?.ends_run {
        None => Ok(()),
        Some(problem) => Err(problem.into()),
    }
}

/// Writes down what a failed attempt means.
pub(super) fn after_failed_attempt(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    failure: &Failure,
) -> Result<(), SyncFailure> {
    if *failure == Failure::NotAllowed {
        ctx.health.lists_may_have_changed();
    }
    let (now, chance) = (ctx.environment.now(), ctx.environment.chance());
    let spare = (ctx.environment.new_id(), ctx.environment.new_id());
    settle(ctx, operation.id, |operation, all| outbox::after_attempt(operation, all, failure, now, spare, chance))
}

/// Returns what a refused write really means. A server that refuses everything for a while refuses the write as well.
/// Then "not allowed" or "not there" says nothing about the ticket. So such a refusal counts only if the account is
/// proven to work after it: the server answers a request for the user's own tickets. Otherwise the write is tried again
/// later. The same holds for a refusal that nobody can explain, if no read will show whether the write was applied. If this
/// proof is refused as well, that is a problem of the account, and the run ends when the write is settled.
pub(super) async fn proven(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    failure: Failure,
) -> Result<Failure, SyncFailure> {
    proven_failure(ctx, failure, operation.kind.is_repeatable()).await
}

/// The same for any write. `is_repeatable` is whether it is sent again after an ambiguous outcome, without a look.
pub(super) async fn proven_failure(
    ctx: &SyncContext<'_>,
    failure: Failure,
    is_repeatable: bool,
) -> Result<Failure, SyncFailure> {
    let is_unexplained = is_repeatable && matches!(failure, Failure::Unexplained { .. });
    if !failure.is_absent() && !is_unexplained {
        return Ok(failure);
    }
    match ctx.remote.latest_created(1).await {
        Ok(page) => {
            ctx.moment(page.server);
            ctx.notes.account.works();
            Ok(failure)
        }
        Err(failed) if outbox::concerns_account(&failed.failure) => Err(failed.into()),
        Err(failed) => {
            if failed.failure.is_absent() {
                ctx.notes.account.refused(failed.into());
            }
            Ok(outbox::unproven())
        }
    }
}
