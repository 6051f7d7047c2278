//! Reading threads: the one on screen, those that the product's policy wants, and, in idle time, the rest.

use crate::model::{Failure, Reached, TicketId, Timestamp, Trouble};
use crate::store::{Observation, ReadThread, StoreError, ThreadDue};
use crate::sync::context::{Me, SyncContext};
use crate::sync::report::SyncFailure;

/// One small request for a ticket that somebody looks at or was told about, and its thread if it changed.
pub(in crate::sync) async fn look(ctx: &SyncContext<'_>, ticket: TicketId, me: Me) -> Result<(), SyncFailure> {
    let Some(known) = ctx.store.thread_due(ticket)? else { return Ok(()) };
    match ctx.remote.ticket(known.number).await {
        Ok(remote) => ctx.store.apply_ticket(&remote, ctx.seen(me))?,
        Err(failure) if failure.is_absent() => return gone(ctx, ticket),
        Err(failure) => return Err(failure.into()),
    }
    match ctx.store.thread_due(ticket)? {
        Some(changed) if !changed.known => attempt(ctx, changed, me).await.map(drop),
        _ => Ok(()),
    }
}

/// Reads one thread whole, and takes it in; or the ticket is gone. Says as of when, by the server's clock. Anything else says
/// nothing about what is in it, and is an error.
pub(in crate::sync) async fn read(
    ctx: &SyncContext<'_>,
    due: ThreadDue,
    me: Me,
) -> Result<Option<Timestamp>, SyncFailure> {
    match attempt(ctx, due, me).await? {
        ThreadOutcome::Done { as_of } => Ok(as_of),
        ThreadOutcome::NotYet => {
            Err(Failure::TryAgain { trouble: Trouble::Busy, after: None, reached: Reached::No }.into())
        }
    }
}

/// What came of asking for a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sync) enum ThreadOutcome {
    /// It was taken in, or its ticket is gone.
    Done { as_of: Option<Timestamp> },
    /// Some part of the server does not have it yet, and some other does.
    NotYet,
}

/// A ticket that is gone is asked for by itself before it is believed.
pub(in crate::sync) async fn attempt(
    ctx: &SyncContext<'_>,
    due: ThreadDue,
    me: Me,
) -> Result<ThreadOutcome, SyncFailure> {
    // A thread of many pages takes its time, and is as old as its first.
    let asked = ctx.environment.now();
    let thread = match ctx.remote.thread(due.number).await {
        Ok(thread) => thread,
        Err(failure) if failure.is_absent() => {
            return match ctx.remote.ticket(due.number).await {
                Err(again) if again.is_absent() && is_gone(ctx, due.ticket)? => {
                    Ok(ThreadOutcome::Done { as_of: ctx.remote.server_time() })
                }
                Err(again) if !again.is_absent() => Err(again.into()),
                _ => Ok(ThreadOutcome::NotYet),
            };
        }
        Err(failure) => return Err(failure.into()),
    };
    let seen = Observation { at: asked, server: thread.as_of, ..ctx.seen(me) };
    let done = ThreadOutcome::Done { as_of: thread.as_of };
    match ctx.store.apply_thread(&ReadThread { ticket: due.ticket, of: due.of, thread: &thread, seen }) {
        // The ticket was taken back on this device, or found gone, while its thread was on its way.
        Err(StoreError::NotFound) => Ok(done),
        applied => Ok(applied.map(|()| done)?),
    }
}

/// The server's own word about one ticket: not there for this user.
pub(in crate::sync) fn gone(ctx: &SyncContext<'_>, ticket: TicketId) -> Result<(), SyncFailure> {
    is_gone(ctx, ticket).map(drop)
}

/// The same. False if that may be older than the ticket: then nothing happened.
fn is_gone(ctx: &SyncContext<'_>, ticket: TicketId) -> Result<bool, SyncFailure> {
    let believed = !ctx.store.may_be_too_new(ticket, ctx.moment())?;
    if believed {
        ctx.store.revoke(ticket, ctx.moment())?;
    }
    Ok(believed)
}
