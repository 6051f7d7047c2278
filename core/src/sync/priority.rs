//! What does not wait for anything long: what the user wrote, the thread on screen, and what a push message was about.

use super::context::{Me, SyncContext};
use super::push;
use super::report::SyncFailure;
use super::threads::read;

/// The thread on screen, and what a push message was about.
pub(super) async fn priority_fetches(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    let open_thread = (ctx.open_thread)();
    for ticket in open_thread
        .into_iter()
        .chain((ctx.pushed_tickets)().into_iter().filter(|pushed_tickets| Some(*pushed_tickets) != open_thread))
    {
        read::look(ctx, ticket, me).await?;
    }
    Ok(())
}

/// Between two requests of something long: what the user wrote or opened since is sent and read at once.
pub(super) async fn between_requests(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    if (ctx.has_urgent_work)() {
        push::all(ctx, me).await?;
        priority_fetches(ctx, me).await?;
    }
    Ok(())
}
