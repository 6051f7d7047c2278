//! Reading one ticket or one thread.
//!
//! If the server answers "not there" for a thread, the ticket itself is asked for. The ticket is revoked only if its
//! own answer is "not there" too, and if this answer cannot be older than the ticket.

use crate::model::{Failure, Reached, TicketId, Timestamp, Trouble};
use crate::store::{Observation, ReadThread, StoreError, ThreadDue};
use crate::sync::context::{Me, SyncContext};
use crate::sync::report::SyncFailure;

/// Reads a ticket, which is one small request, and its thread only if it changed. For the priority fetches.
pub(in crate::sync) async fn refresh(ctx: &SyncContext<'_>, ticket: TicketId, me: Me) -> Result<(), SyncFailure> {
    let Some(known) = ctx.store.thread_due(ticket)? else { return Ok(()) };
    match ctx.remote.ticket(known.number).await {
        Ok(remote) => ctx.store.apply_ticket(&remote, ctx.seen(me))?,
        Err(failure) if failure.is_absent() => return revoke(ctx, ticket),
        Err(failure) => return Err(failure.into()),
    }
    match ctx.store.thread_due(ticket)? {
        Some(changed) if !changed.known => attempt(ctx, changed, me).await.map(drop),
        _ => Ok(()),
    }
}

/// Reads one whole thread and stores it, or revokes its ticket. Returns the time of the answer by the server's clock;
/// `None` if the server tells no time. Any other outcome proves nothing about the thread's comments, and is an error.
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

/// The outcome of asking for a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sync) enum ThreadOutcome {
    /// The thread was stored, or its ticket was revoked. `as_of` is the time of the answer by the server's clock.
    Done { as_of: Option<Timestamp> },
    /// The server does not show the thread, but that proves nothing: the ticket's own answer shows the ticket, or that
    /// answer is "not there" too and may be older than the ticket.
    NotYet,
}

/// Asks for one whole thread and stores it. If the server answers "not there", asks for the ticket alone. Revokes the
/// ticket only if that answer is "not there" too and cannot be older than the ticket.
pub(in crate::sync) async fn attempt(
    ctx: &SyncContext<'_>,
    due: ThreadDue,
    me: Me,
) -> Result<ThreadOutcome, SyncFailure> {
    // A thread of many pages is as old as its first page.
    let asked = ctx.environment.now();
    let thread = match ctx.remote.thread(due.number).await {
        Ok(thread) => thread,
        Err(failure) if failure.is_absent() => {
            return match ctx.remote.ticket(due.number).await {
                Err(again) if again.is_absent() && revoke_if_believed(ctx, due.ticket)? => {
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
        // The ticket was deleted or revoked on this device while its thread was on its way.
        Err(StoreError::NotFound) => Ok(done),
        applied => Ok(applied.map(|()| done)?),
    }
}

/// Revokes a ticket, because the server answered that this ticket is not there for this user. Does nothing if the
/// answer may be older than the ticket.
pub(in crate::sync) fn revoke(ctx: &SyncContext<'_>, ticket: TicketId) -> Result<(), SyncFailure> {
    revoke_if_believed(ctx, ticket).map(drop)
}

/// Like [`revoke`]. False if the answer may be older than the ticket; then nothing was changed.
fn revoke_if_believed(ctx: &SyncContext<'_>, ticket: TicketId) -> Result<bool, SyncFailure> {
    let believed = !ctx.store.may_be_too_new(ticket, ctx.moment())?;
    if believed {
        ctx.store.revoke(ticket, ctx.moment())?;
    }
    Ok(believed)
}
