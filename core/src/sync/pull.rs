//! Reading what changed: the lists.
//!
//! A list that was never walked: one sorted window first, of every list before any is walked, because that is what the user
//! looks at; then every page by cursor, in any order. A list with a watermark: sorted pages, until one reaches back behind
//! the watermark minus an overlap. Either way the watermark moves only when all was read, to a value that was taken before
//! the first page, from the server's own times. So what changes while pages are read, and moves between them, is newer than
//! the watermark, and the next run finds it. What is taken away meanwhile moves rows the other way, and could hide one at
//! the border of two pages: a delta during which its list became shorter does not count, and is read again. And each page
//! comes from a part of the server that may lag: rows that rose to the top of one page are still further down in a staler
//! next one, and push others off both. What rose itself is within the overlap of the next delta; what was pushed off is
//! not, so a delta with such a border brings the next full reconciliation forward.
//!
//! A long walk is no reason to let the user wait: between two pages the run does what was asked for meanwhile.

use super::context::{Me, SyncContext};
use super::priority::between_requests;
use super::report::SyncFailure;
use crate::bugs::{self, Bug};
use crate::model::{Failure, RemoteTicket, RemoteUser, TicketList, TicketPage, Timestamp};
use crate::store::{ListState, PageStep, PulledPage};

/// Sorted pages end with an error behind this many rows; a delta that long is a walk.
const SORTED_ROWS: u32 = 10_000;
/// What a delta asks first: enough to see that nothing changed, or what usually did.
const FIRST_ROWS: u32 = 10;

/// Every list. One that this user never could read is no list of this user's; any other that is refused is the account's
/// problem, and removes nothing.
pub(super) async fn lists(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<(), SyncFailure> {
    let mut walks = Vec::new();
    let mut deltas = Vec::new();
    for (index, list) in ctx.remote.lists(user).into_iter().enumerate() {
        let state = ctx.store.list_state(&list)?;
        let known = state != ListState::default();
        if let Some(watermark) =
            state.watermark.filter(|_| state.backfill_watermark.is_none() || backfill_is_forgotten())
        {
            deltas.push((list, watermark));
            continue;
        }
        if state.backfill_watermark.is_none() {
            match begin(ctx, &list, user.id).await {
                Err(SyncFailure::Server(failure)) if index > 0 && !known && failure.is_absent() => continue,
                done => done?,
            }
        }
        walks.push((list, state.backfill_cursor));
    }
    for (list, watermark) in deltas {
        match delta(ctx, &list, watermark, user.id).await {
            Err(SyncFailure::Server(failure)) if failure.is_absent() => return refused(ctx, failure),
            Ok(true) => {}
            Ok(false) => walks.push((list, None)),
            Err(failure) => return Err(failure),
        }
    }
    for (list, cursor) in walks {
        walk(ctx, &list, cursor, user.id).await?;
    }
    Ok(())
}

/// A list that could be read is refused: that says nothing about any ticket.
fn refused(ctx: &SyncContext<'_>, failure: Failure) -> Result<(), SyncFailure> {
    if bugs::is_on(Bug::ForbiddenListIsRevocation) {
        for (ticket, _) in ctx.store.missing(usize::MAX)? {
            ctx.store.revoke(ticket, ctx.moment())?;
        }
        return Ok(());
    }
    Err(failure.into())
}

/// The sorted window before a walk.
async fn begin(ctx: &SyncContext<'_>, list: &TicketList, me: Me) -> Result<(), SyncFailure> {
    let window = ctx.remote.newest(list, 1, ctx.product.sync.page_size).await?;
    let from = newest_update(ctx, &window.tickets).unwrap_or_default();
    let (tickets, step) = (&*window.tickets, PageStep::BackfillStart(from));
    ctx.store.apply_page(&PulledPage { list, tickets, step, seen: ctx.seen(me) })?;
    Ok(ctx.store.counted(list, window.count)?)
}

/// Every page of a list, from where it was left.
async fn walk(ctx: &SyncContext<'_>, list: &TicketList, from: Option<String>, me: Me) -> Result<(), SyncFailure> {
    let mut cursor = from;
    let mut begun_again = false;
    loop {
        between_requests(ctx, me).await?;
        let page = match ctx.remote.walk(list, cursor.as_deref()).await {
            // A place that the server no longer knows: from the beginning, once.
            Err(failure) if cursor.is_some() && !begun_again && failure.is_refused() => {
                ctx.store.restart_backfill(list)?;
                (cursor, begun_again) = (None, true);
                continue;
            }
            page => page?,
        };
        let step = PageStep::Backfill(page.next.as_deref());
        ctx.store.apply_page(&PulledPage { list, tickets: &page.tickets, step, seen: ctx.seen(me) })?;
        cursor = match page.next {
            Some(next) => Some(next),
            None => return Ok(()),
        };
    }
}

/// What changed in a list since its watermark. False if that is more than sorted pages can show: a walk was begun.
async fn delta(ctx: &SyncContext<'_>, list: &TicketList, watermark: Timestamp, me: Me) -> Result<bool, SyncFailure> {
    let known_before = watermark.minus(ctx.product.sync.overlap);
    let rows = ctx.product.sync.page_size.max(1);
    let first = ctx.remote.newest(list, 1, FIRST_ROWS.min(rows)).await?;
    let count = first.count;
    ctx.store.counted(list, count)?;
    let reached = newest_update(ctx, &first.tickets).unwrap_or(watermark).max(watermark);
    let mut page = first;
    let mut number = 0;
    loop {
        let (tickets, step) = (&*page.tickets, PageStep::Incremental);
        ctx.store.apply_page(&PulledPage { list, tickets, step, seen: ctx.seen(me) })?;
        if reaches_back(&page, known_before) {
            // Without a count nothing can be said, and a full reconciliation finds what was hidden.
            if count.zip(page.count).is_none_or(|(before, after)| after >= before) {
                // The small first page lies within the next one; from there on pages only meet.
                if number > 1 {
                    ctx.store.reconcile_soon()?;
                }
                ctx.store.finish_incremental(list, reached)?;
            }
            return Ok(true);
        }
        number += 1;
        if number > SORTED_ROWS / rows {
            ctx.store.begin_backfill(list, reached)?;
            return Ok(false);
        }
        between_requests(ctx, me).await?;
        page = ctx.remote.newest(list, number, rows).await?;
    }
}

/// Whether everything behind `page` lies before `moment`. A page that is out of order shows that only as a whole.
fn reaches_back(page: &TicketPage, moment: Timestamp) -> bool {
    let times = || page.tickets.iter().map(|ticket| ticket.updated_at);
    let edge = if times().is_sorted_by(|newer, older| newer >= older) { times().next_back() } else { times().max() };
    page.next.is_none() || edge.is_none_or(|edge| edge < moment)
}

/// The newest update on a page: what a watermark may become.
fn newest_update(ctx: &SyncContext<'_>, tickets: &[RemoteTicket]) -> Option<Timestamp> {
    if bugs::is_on(Bug::DeviceClockWatermark) {
        return Some(ctx.environment.now());
    }
    tickets.iter().map(|ticket| ticket.updated_at).max()
}

/// Never: a watermark is set when a walk has ended.
fn backfill_is_forgotten() -> bool {
    bugs::is_on(Bug::WatermarkBeforeWalkEnded)
}
