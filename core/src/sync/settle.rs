//! Applying a verdict of the outbox to its operation.

use super::context::SyncContext;
use super::report::SyncFailure;
use crate::outbox::{Operation, State, Verdict};
use crate::store::Transition;

/// Writes down what `verdict` means for `operation`. `missed` tells that a read did not show the result. An
/// account problem is returned as the error that ends the run.
pub(super) fn settle(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    verdict: Verdict,
    missed: bool,
) -> Result<(), SyncFailure> {
    let now = ctx.environment.now();
    match verdict {
        Verdict::Becomes { state, applied, first_missed_at } => {
            let ambiguous = applied && !is_checking(operation);
            let change = Transition { state, applied, ambiguous, missed, first_missed_at, now };
            ctx.store.transition(operation, &change)?;
            Ok(())
        }
        Verdict::UploadAgain { state } => {
            let (key, reference) = (ctx.environment.new_id(), ctx.environment.new_id());
            Ok(ctx.store.queue_uploads_again(operation, &state, key, reference)?)
        }
        Verdict::Hidden => Ok(ctx.store.remove_hidden_message(operation)?),
        Verdict::Dropped => Ok(ctx.store.drop_operation(operation)?),
        Verdict::AccountProblem(failure) => {
            // The server refused the token and not the write, so this attempt counts as not made.
            if !is_checking(operation) {
                let state = State::Queued;
                let change =
                    Transition { state, applied: false, ambiguous: false, missed: false, first_missed_at: None, now };
                ctx.store.transition(operation, &change)?;
            }
            Err(failure.into())
        }
    }
}

/// Whether the step was not an attempt, but a read for the result of an earlier one.
fn is_checking(operation: &Operation) -> bool {
    matches!(operation.state, State::Checking(_) | State::Sent(_))
}
