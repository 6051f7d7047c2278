//! Reading what changed.
//!
//! A list that was never walked: one sorted window first, because that is what the user looks at, then every page by
//! cursor, in any order. A list with a watermark: sorted pages until a whole page lies before the watermark minus an
//! overlap. Either way the watermark moves only when all pages were read, to a value that was taken before the first.

use std::time::Duration;

use super::{Me, SyncContext, SyncFailure};
use crate::environment::Timestamp;
use crate::model::{ReasonKind, TicketId};
use crate::remote::{Failure, RemoteTicket, RemoteUser, TicketList};
use crate::store::{ListState, PulledPage, ReadThread, Seen, StoreError, ThreadDue, WalkStep};

/// How many threads one run reads ahead; the rest follows in the next.
const THREADS_PER_RUN: u32 = 100;
/// Sorted pages end with an error behind this many rows; a delta that long is a walk.
const SORTED_ROWS: u32 = 10_000;

/// Every list. One that this user never could read is no list of this user's; any other that is refused is the account's
/// problem, and removes nothing.
pub(super) async fn lists(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<(), SyncFailure> {
    for (index, name) in ctx.remote.lists(user).iter().enumerate() {
        match list(ctx, name, user.id).await {
            Err(SyncFailure::Desk(failure)) if index > 0 && is_absent(&failure) => {
                if ctx.store.list_state(name)? != ListState::default() {
                    return Err(failure.into());
                }
            }
            done => done?,
        }
    }
    Ok(())
}

/// One list, from where it was left.
async fn list(ctx: &SyncContext<'_>, list: &TicketList, me: Me) -> Result<(), SyncFailure> {
    let state = ctx.store.list_state(list)?;
    if let Some(watermark) = state.watermark {
        return delta(ctx, list, watermark, me).await;
    }
    let mut cursor = state.walk_cursor;
    if state.walk_from.is_none() {
        let window = ctx.remote.newest(list, 1).await?;
        let from = newest_update(&window.tickets).unwrap_or_default();
        let (tickets, step) = (&*window.tickets, WalkStep::Begin(from));
        ctx.store.apply_page(&PulledPage { list, tickets, step, seen: ctx.seen(me) })?;
        cursor = None;
    }
    loop {
        let page = match ctx.remote.walk(list, cursor.as_deref()).await {
            // A cursor that the desk no longer knows: the walk begins again with the next run.
            Err(failure) if cursor.is_some() && is_refused(&failure) => {
                ctx.store.restart_walk(list)?;
                return Err(failure.into());
            }
            page => page?,
        };
        let step = WalkStep::Walked(page.next.as_deref());
        ctx.store.apply_page(&PulledPage { list, tickets: &page.tickets, step, seen: ctx.seen(me) })?;
        cursor = match page.next {
            Some(next) => Some(next),
            None => return Ok(()),
        };
    }
}

async fn delta(ctx: &SyncContext<'_>, list: &TicketList, watermark: Timestamp, me: Me) -> Result<(), SyncFailure> {
    let known_before = watermark.minus(ctx.profile.sync.overlap);
    let last_page = SORTED_ROWS / ctx.profile.sync.page_size.max(1);
    let mut reached = watermark;
    for number in 1..=last_page {
        let page = ctx.remote.newest(list, number).await?;
        if number == 1 {
            reached = newest_update(&page.tickets).unwrap_or(watermark).max(watermark);
        }
        let (tickets, step) = (&*page.tickets, WalkStep::Delta);
        ctx.store.apply_page(&PulledPage { list, tickets, step, seen: ctx.seen(me) })?;
        if page.next.is_none() || newest_update(&page.tickets).is_none_or(|newest| newest < known_before) {
            ctx.store.finish_delta(list, reached)?;
            return Ok(());
        }
    }
    Ok(ctx.store.restart_walk(list)?)
}

/// The threads that the policy wants. Says when there will be more.
pub(super) async fn threads(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    let policy = ctx.profile.thread_policy;
    let due = ctx.store.threads_due(policy, ctx.environment.now(), THREADS_PER_RUN)?;
    let more = due.len() == THREADS_PER_RUN as usize;
    for thread in due {
        read_thread(ctx, thread, me).await?;
    }
    if more { Ok(Some(Duration::ZERO)) } else { Ok(ctx.store.threads_due_in(policy, ctx.environment.now())?) }
}

/// The ticket on screen: one small request, and its thread if it changed.
pub(super) async fn watched(ctx: &SyncContext<'_>, ticket: TicketId, me: Me) -> Result<(), SyncFailure> {
    let Some(known) = ctx.store.thread_of(ticket)? else { return Ok(()) };
    match ctx.remote.ticket(known.number).await {
        Ok(remote) => ctx.store.apply_ticket(&remote, ctx.seen(me))?,
        Err(failure) if is_absent(&failure) => return Ok(ctx.store.vanish(ticket)?),
        Err(failure) => return Err(failure.into()),
    }
    match ctx.store.thread_of(ticket)? {
        Some(changed) if !changed.known => read_thread(ctx, changed, me).await,
        _ => Ok(()),
    }
}

/// Reads one thread whole, and takes it in. A ticket that is gone is asked for by itself before it is believed.
pub(super) async fn read_thread(ctx: &SyncContext<'_>, due: ThreadDue, me: Me) -> Result<(), SyncFailure> {
    let asked_at = ctx.environment.now();
    let thread = match ctx.remote.thread(due.number).await {
        Ok(thread) => thread,
        Err(failure) if is_absent(&failure) => {
            return match ctx.remote.ticket(due.number).await {
                Err(again) if is_absent(&again) => Ok(ctx.store.vanish(due.ticket)?),
                Err(again) => Err(again.into()),
                Ok(_) => Err(failure.into()),
            };
        }
        Err(failure) => return Err(failure.into()),
    };
    let seen = Seen { at: asked_at, ..ctx.seen(me) };
    match ctx.store.apply_thread(&ReadThread { ticket: due.ticket, of: due.of, thread: &thread, seen }) {
        // The ticket was taken back on this device while its thread was on its way.
        Err(StoreError::NotFound) => Ok(()),
        done => Ok(done?),
    }
}

fn newest_update(tickets: &[RemoteTicket]) -> Option<Timestamp> {
    tickets.iter().map(|ticket| ticket.updated_at).max()
}

fn is_absent(failure: &Failure) -> bool {
    matches!(failure, Failure::Gone | Failure::NotAllowed)
}

fn is_refused(failure: &Failure) -> bool {
    matches!(failure, Failure::Gone)
        || matches!(failure, Failure::NeedsUser(reason) if reason.kind == ReasonKind::Refused)
}
