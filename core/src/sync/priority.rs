//! What does not wait for anything long: what the user wrote, the thread on screen, and what a push message was about.

use super::context::{Me, SyncContext};
use super::push;
use super::report::SyncFailure;
use super::threads::read;

/// The thread on screen, and what a push message was about.
pub(super) async fn errands(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    let watched = (ctx.watched)();
    for ticket in watched.into_iter().chain((ctx.pushed)().into_iter().filter(|pushed| Some(*pushed) != watched)) {
        read::look(ctx, ticket, me).await?;
    }
    Ok(())
}

/// Between two requests of something long: what the user wrote or opened since is sent and read at once.
pub(super) async fn meanwhile(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    if (ctx.hurry)() {
        push::all(ctx, me).await?;
        errands(ctx, me).await?;
    }
    Ok(())
}
