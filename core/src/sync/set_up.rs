//! The company's set-up: the labels of its custom statuses and of its fields' options.
//!
//! Labels are shown where the product has no words of its own. Nothing else depends on them, so whatever goes wrong
//! here costs the labels alone. They are read if a ticket has a custom status: once a day, and after an hour at the
//! earliest while such a status has no label, or when the language has changed.

use super::context::SyncContext;
use super::report::SyncFailure;

/// Reads the set-up if it is due.
pub(super) async fn refresh(ctx: &SyncContext<'_>) -> Result<(), SyncFailure> {
    let now = ctx.environment.now();
    if !ctx.store.set_up_due(ctx.language, now)? {
        return Ok(());
    }
    match ctx.remote.set_up(ctx.language).await {
        Ok(answered) => {
            ctx.notes.isolation.answered();
            ctx.store.put_set_up(&answered.value, ctx.language, now)?;
        }
        Err(failed) => {
            // An absent list has answered.
            if failed.failure.is_absent() {
                ctx.notes.isolation.answered();
            } else {
                ctx.notes.isolation.isolate(failed.failure.into())?;
            }
            ctx.store.set_up_failed(now)?;
        }
    }
    Ok(())
}
