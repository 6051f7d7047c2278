//! Priority fetches: the thread on screen, the tickets of push messages, and what a user asks the server to search for.
//!
//! A backfill, a full reconciliation or a long queue of threads can take minutes, and the user must not wait for it. So
//! between any two requests of such work, the run sends what the user wrote and reads what the user looks at. It does
//! so if anything has asked for a run since the last time. The reason does not matter: a message that was written
//! during a complete sync must not wait for its end. The run also sends if a wait in the outbox is over, such as the
//! time in which a message can be undone.

use std::time::Duration;

use super::context::{Me, SyncContext};
use super::lists::search::answer_questions;
use super::push;
use super::report::SyncFailure;
use super::threads::read;

/// Sends what is due. Returns how long until more is due without a new request.
pub(super) async fn send(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    let next = [push::all(ctx, me).await?, push::votes::all(ctx).await?].into_iter().flatten().min();
    ctx.notes.set_outbox_due(ctx.environment.now(), next);
    Ok(next)
}

/// Reads the thread on screen and the tickets of push messages, if they changed. Skips a thread that has a pause after
/// a failure. Then asks the server what users want to find.
pub(super) async fn priority_fetches(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    let open_thread = (ctx.open_thread)();
    if let Some(ticket) = open_thread {
        ctx.store.keep_read(ticket)?;
    }
    for ticket in
        open_thread.into_iter().chain((ctx.pushed_tickets)().into_iter().filter(|pushed| Some(*pushed) != open_thread))
    {
        if ctx.store.thread_pause(ticket, ctx.environment.now())?.is_none() {
            read::refresh(ctx, ticket, me).await?;
        }
    }
    answer_questions(ctx, me).await
}

/// Sends what the user wrote, and reads what the user opened, since the last call. Long work calls it between two
/// requests.
pub(super) async fn between_requests(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    if (ctx.has_urgent_work)() {
        send(ctx, me).await?;
        priority_fetches(ctx, me).await?;
    } else if ctx.notes.is_outbox_due(ctx.environment.now()) {
        send(ctx, me).await?;
    }
    Ok(())
}
