//! Carries out what an outcome means for a row.

use super::context::SyncContext;
use super::report::SyncFailure;
use crate::outbox::{Operation, State, Verdict};
use crate::store::Transition;

pub(super) fn settle(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    verdict: Verdict,
    read: bool,
) -> Result<(), SyncFailure> {
    let now = ctx.environment.now();
    match verdict {
        Verdict::Becomes { state, applied, first_missed_at } => {
            let doubt = applied && !is_checking(operation);
            ctx.store.transition(operation, &Transition { state, applied, doubt, read, first_missed_at, now })?;
            Ok(())
        }
        Verdict::UploadAgain { state } => {
            let (key, reference) = (ctx.environment.new_id(), ctx.environment.new_id());
            Ok(ctx.store.queue_uploads_again(operation, &state, key, reference)?)
        }
        Verdict::Hidden => Ok(ctx.store.remove_hidden_message(operation)?),
        Verdict::Dropped => Ok(ctx.store.drop_operation(operation)?),
        Verdict::AccountProblem(failure) => {
            // The server refused the token, not the write: this attempt did not happen.
            if !is_checking(operation) {
                let state = State::Queued;
                let change =
                    Transition { state, applied: false, doubt: false, read: false, first_missed_at: None, now };
                ctx.store.transition(operation, &change)?;
            }
            Err(failure.into())
        }
    }
}

/// Whether the step was a look, not an attempt.
fn is_checking(operation: &Operation) -> bool {
    matches!(operation.state, State::Checking(_) | State::Sent(_))
}
