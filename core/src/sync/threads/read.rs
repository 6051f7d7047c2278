//! Reading one ticket or one thread.
//!
//! If the server answers "not there", the ticket becomes a suspect, and the run decides later whether it is revoked
//! ([`revocation`]). A ticket that may be newer than the replica that answered is no suspect.

use std::time::Duration;

use super::pages::{self, MOST_PAGES, PAGES, Serve, ThreadRead};
use crate::bugs::{self, Bug};
use crate::model::{Failure, Reached, TicketId, Trouble};
use crate::store::{ThreadDue, Walk};
use crate::sync::context::{Me, SyncContext};
use crate::sync::notes::Suspect;
use crate::sync::push::extras;
use crate::sync::report::SyncFailure;
use crate::sync::revocation;

/// Makes a priority fetch. Reads the ticket, which is one small request, and its thread only if the ticket changed, or
/// if the thread may have more than the file knows. Also reads the ticket's extras, if they are due. If the ticket or
/// the thread cannot be read, the thread gets a pause, and the run goes on.
pub(in crate::sync) async fn refresh(ctx: &SyncContext<'_>, ticket: TicketId, me: Me) -> Result<(), SyncFailure> {
    let Some(known) = ctx.store.thread_due(ticket)? else { return Ok(()) };
    let credential = ctx.remote.credential();
    match ctx.remote.ticket(known.number).await {
        Ok(remote) => {
            ctx.store.apply_ticket(&remote.value, ctx.seen(me, remote.server))?;
            extras::refresh(ctx, ticket, &remote.value, me).await?;
        }
        Err(failed) if failed.failure.is_absent() => {
            let suspect = Suspect { ticket, number: known.number, credential, thread: false };
            revocation::note(ctx, suspect, failed.server)?;
            return Ok(());
        }
        Err(failed) => return failing(ctx, ticket, failed.into(), false),
    }
    let due = ctx.store.thread_due(ticket)?;
    if known.known && due.is_some_and(|due| !due.known) {
        ctx.notes.found_news();
    }
    match due {
        Some(due)
            if !due.known
                || ctx.store.may_have_more(ticket)? && ctx.health.reads_again(ticket, ctx.environment.now()) =>
        {
            try_thread(ctx, due, me, None).await.map(drop)
        }
        _ => Ok(ctx.store.thread_answered(ticket)?),
    }
}

/// Reads one thread, for which a message waits, and stores it. If the thread could not be read, or if a comment above the
/// id `above` was left out, the read proves nothing about the comments above that id, and the result is an error.
pub(in crate::sync) async fn read(
    ctx: &SyncContext<'_>,
    due: ThreadDue,
    me: Me,
    above: i64,
) -> Result<ThreadRead, SyncFailure> {
    let again = |trouble| Failure::TryAgain { trouble, after: None, reached: Reached::No };
    match attempt(ctx, due, me, None, MOST_PAGES).await? {
        ThreadOutcome::Done { read, left_out_through } if left_out_through <= above => Ok(read),
        ThreadOutcome::Done { .. } => Err(again(Trouble::Misbehaves).into()),
        ThreadOutcome::NotYet => Err(again(Trouble::Busy).into()),
    }
}

/// Reads one thread. Returns false if it could not be read; then it has a pause, and the run goes on. `interrupted`
/// serves the user between two pages.
pub(super) async fn try_thread(
    ctx: &SyncContext<'_>,
    due: ThreadDue,
    me: Me,
    interrupted: Option<Serve>,
) -> Result<bool, SyncFailure> {
    match attempt(ctx, due, me, interrupted, PAGES).await {
        Ok(ThreadOutcome::Done { .. }) => {
            ctx.health.thread_read();
            Ok(true)
        }
        Ok(ThreadOutcome::NotYet) => {
            if ctx.store.thread_pause(due.ticket, ctx.environment.now())?.is_none() {
                ctx.store.thread_failed(due.ticket, ctx.pause(None))?;
            }
            Ok(false)
        }
        Err(failure) => failing(ctx, due.ticket, failure, interrupted.is_some()).map(|()| false),
    }
}

/// Reads the next page of a long thread. If it cannot be read, the thread has a pause, and the run goes on.
pub(super) async fn walk_on(ctx: &SyncContext<'_>, due: ThreadDue, walk: Walk, me: Me) -> Result<(), SyncFailure> {
    let credential = ctx.remote.credential();
    match pages::walk_on(ctx, due, walk, me).await {
        Err(failure) if failure.is_absent() => {
            let suspect = Suspect { ticket: due.ticket, number: due.number, credential, thread: true };
            revocation::note(ctx, suspect, None)?;
            Ok(ctx.store.thread_failed(due.ticket, ctx.pause(None))?)
        }
        Err(failure) => failing(ctx, due.ticket, failure, true),
        Ok(()) => Ok(ctx.store.thread_answered(due.ticket)?),
    }
}

/// Gives a thread that could not be read a pause. Returns the failure as an error if it ends the run. `by_itself`:
/// nobody waits for this thread, so the others may have to wait because of it. The thread on screen is asked for again
/// and again, and must not hold them up.
fn failing(ctx: &SyncContext<'_>, ticket: TicketId, failure: SyncFailure, by_itself: bool) -> Result<(), SyncFailure> {
    if bugs::is_on(Bug::FirstFailingThreadEndsRun) {
        return Err(failure);
    }
    let is_broken = failure.is_broken();
    let after: Option<Duration> = ctx.notes.isolation.isolate(failure)?;
    if by_itself && !is_broken {
        ctx.health.thread_failed(ticket, ctx.environment.now(), ctx.environment.chance());
    }
    Ok(ctx.store.thread_failed(ticket, ctx.pause(after))?)
}

/// The outcome of asking for a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ThreadOutcome {
    /// The thread was stored, as far as it could be read.
    Done {
        read: ThreadRead,
        /// The highest id of a comment that could not be read. It is 0 if every comment was read, and the highest
        /// possible id if the id of such a comment is unknown.
        left_out_through: i64,
    },
    /// The server does not show the thread. That proves nothing yet.
    NotYet,
}

/// Asks for one thread and stores it. If the server answers "not there", its ticket becomes a suspect.
async fn attempt(
    ctx: &SyncContext<'_>,
    due: ThreadDue,
    me: Me,
    interrupted: Option<Serve>,
    most: u32,
) -> Result<ThreadOutcome, SyncFailure> {
    let credential = ctx.remote.credential();
    match pages::read(ctx, due, me, interrupted, most).await {
        Ok((read, left_out_through)) => Ok(ThreadOutcome::Done { read, left_out_through }),
        Err(failure) if failure.is_absent() => {
            let suspect = Suspect { ticket: due.ticket, number: due.number, credential, thread: true };
            revocation::note(ctx, suspect, None)?;
            Ok(ThreadOutcome::NotYet)
        }
        Err(failure) => Err(failure),
    }
}
