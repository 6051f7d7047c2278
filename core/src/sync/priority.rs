//! Priority fetches: the thread on screen, and the tickets of push messages.
//!
//! A backfill, a full reconciliation or a long queue of threads can take minutes. So that the user does not wait for
//! it, a run sends what the user wrote, and reads what the user looks at, between any two requests of such work.

use super::context::{Me, SyncContext};
use super::push;
use super::report::SyncFailure;
use super::threads::read;

/// Reads the thread on screen and the tickets of push messages, if they changed.
pub(super) async fn priority_fetches(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    let open_thread = (ctx.open_thread)();
    for ticket in
        open_thread.into_iter().chain((ctx.pushed_tickets)().into_iter().filter(|pushed| Some(*pushed) != open_thread))
    {
        read::refresh(ctx, ticket, me).await?;
    }
    Ok(())
}

/// Called between two requests of anything long: sends and reads what the user wrote or opened since the last call.
pub(super) async fn between_requests(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    if (ctx.has_urgent_work)() {
        push::all(ctx, me).await?;
        priority_fetches(ctx, me).await?;
    }
    Ok(())
}
