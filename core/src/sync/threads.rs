//! Reading threads: the one on screen, those that the profile's policy wants, and, in idle time, the rest.

use std::time::Duration;

use super::pull::is_absent;
use super::{Me, SyncContext, SyncFailure, meanwhile};
use crate::environment::Timestamp;
use crate::model::{ReasonKind, TicketId};
use crate::remote::{Failure, Reached, Traffic, Trouble};
use crate::store::{Budget, ReadThread, Seen, StoreError, ThreadDue};

/// How many threads one run reads because the policy wants them; the rest follows in the next.
const THREADS_PER_RUN: u32 = 100;
/// How many threads one run reads because there is nothing else to do.
const IDLE_PER_RUN: u32 = 10;
/// Between two such runs.
const IDLE_PAUSE: Duration = Duration::from_secs(30);

/// The threads that the policy wants. Says when there will be more.
pub(super) async fn wanted(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    let policy = ctx.profile.thread_policy;
    let due = ctx.store.threads_due(policy, ctx.environment.now(), THREADS_PER_RUN)?;
    let more = due.len() == THREADS_PER_RUN as usize;
    for thread in due {
        meanwhile(ctx, me).await?;
        // One that cannot be had yet is still due in the next run.
        charged(ctx, thread, me).await?;
    }
    if more { Ok(Some(Duration::ZERO)) } else { Ok(ctx.store.threads_due_in(policy, ctx.environment.now())?) }
}

/// Some of the threads that nobody waits for, as far as the budget goes. Says when there will be more.
pub(super) async fn idle(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    for _ in 0..IDLE_PER_RUN {
        let Some(thread) = ctx.store.thread_idle()? else { return Ok(None) };
        if let Budget::SpentFor(left) = ctx.store.budget(ctx.profile.thread_policy, ctx.environment.now())? {
            return Ok(Some(left));
        }
        meanwhile(ctx, me).await?;
        match charged(ctx, thread, me).await {
            // Nobody waits for it: a desk in a mood is left alone for a while.
            Err(SyncFailure::Desk(failure)) if !concerns_the_user(&failure) => return Ok(Some(IDLE_PAUSE * 20)),
            Ok(Reading::NotYet) => return Ok(Some(IDLE_PAUSE * 20)),
            done => drop(done?),
        }
    }
    Ok(Some(IDLE_PAUSE))
}

/// One small request for a ticket that somebody looks at or was told about, and its thread if it changed.
pub(super) async fn look(ctx: &SyncContext<'_>, ticket: TicketId, me: Me) -> Result<(), SyncFailure> {
    let Some(known) = ctx.store.thread_of(ticket)? else { return Ok(()) };
    match ctx.remote.ticket(known.number).await {
        Ok(remote) => ctx.store.apply_ticket(&remote, ctx.seen(me))?,
        Err(failure) if is_absent(&failure) => return gone(ctx, ticket),
        Err(failure) => return Err(failure.into()),
    }
    match ctx.store.thread_of(ticket)? {
        Some(changed) if !changed.known => attempt(ctx, changed, me).await.map(drop),
        _ => Ok(()),
    }
}

/// Reads one thread whole, and takes it in; or the ticket is gone. Says as of when, by the desk's clock. Anything else says
/// nothing about what is in it, and is an error.
pub(super) async fn read(ctx: &SyncContext<'_>, due: ThreadDue, me: Me) -> Result<Option<Timestamp>, SyncFailure> {
    match attempt(ctx, due, me).await? {
        Reading::Done { as_of } => Ok(as_of),
        Reading::NotYet => Err(Failure::TryAgain { trouble: Trouble::Busy, after: None, reached: Reached::No }.into()),
    }
}

/// What came of asking for a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// It was taken in, or its ticket is gone.
    Done { as_of: Option<Timestamp> },
    /// Some part of the desk does not have it yet, and some other does.
    NotYet,
}

/// A ticket that is gone is asked for by itself before it is believed.
async fn attempt(ctx: &SyncContext<'_>, due: ThreadDue, me: Me) -> Result<Reading, SyncFailure> {
    // A thread of many pages takes its time, and is as old as its first.
    let asked = ctx.environment.now();
    let thread = match ctx.remote.thread(due.number).await {
        Ok(thread) => thread,
        Err(failure) if is_absent(&failure) => {
            return match ctx.remote.ticket(due.number).await {
                Err(again) if is_absent(&again) && is_gone(ctx, due.ticket)? => {
                    Ok(Reading::Done { as_of: ctx.remote.desk_time() })
                }
                Err(again) if !is_absent(&again) => Err(again.into()),
                _ => Ok(Reading::NotYet),
            };
        }
        Err(failure) => return Err(failure.into()),
    };
    let seen = Seen { at: asked, desk: thread.as_of, ..ctx.seen(me) };
    let done = Reading::Done { as_of: thread.as_of };
    match ctx.store.apply_thread(&ReadThread { ticket: due.ticket, of: due.of, thread: &thread, seen }) {
        // The ticket was taken back on this device, or found gone, while its thread was on its way.
        Err(StoreError::NotFound) => Ok(done),
        applied => Ok(applied.map(|()| done)?),
    }
}

/// The desk's own word about one ticket: not there for this user.
pub(super) fn gone(ctx: &SyncContext<'_>, ticket: TicketId) -> Result<(), SyncFailure> {
    is_gone(ctx, ticket).map(drop)
}

/// The same. False if that may be older than the ticket: then nothing happened.
fn is_gone(ctx: &SyncContext<'_>, ticket: TicketId) -> Result<bool, SyncFailure> {
    let believed = !ctx.store.may_be_too_new(ticket, ctx.moment())?;
    if believed {
        ctx.store.vanish(ticket, ctx.moment())?;
    }
    Ok(believed)
}

async fn charged(ctx: &SyncContext<'_>, thread: ThreadDue, me: Me) -> Result<Reading, SyncFailure> {
    let before = ctx.remote.traffic();
    let done = attempt(ctx, thread, me).await;
    let cost: Traffic = ctx.remote.traffic().since(before);
    ctx.store.charge(cost, ctx.environment.now())?;
    done
}

fn concerns_the_user(failure: &Failure) -> bool {
    matches!(failure, Failure::NeedsUser(reason) if matches!(reason.kind, ReasonKind::SignedOut | ReasonKind::SomebodyElse))
}
