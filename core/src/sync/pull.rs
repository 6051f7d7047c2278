//! Pull: reading the lists whose union is the history.
//!
//! # The story
//!
//! A list without a watermark was never read completely. It gets a **backfill**. The newest rows come first, as one
//! sorted page of every list, because the user sees them first. Then every page follows by cursor, in any order.
//!
//! A list with a watermark gets an **incremental sync**: pages sorted by last update, until one reaches back behind the
//! watermark minus the overlap. If that takes more pages than the server sorts, the list gets another backfill.
//!
//! Either way the watermark moves only when everything was read, and then to the newest update on the first page. A ticket
//! that changes while pages are read may move from one page to another and be missed, but its update is newer than the
//! new watermark, so the next run finds it. Two other things can hide a row at the border of two pages:
//!
//! * **A row is removed** from the list meanwhile, and the following rows move up. An incremental sync during which the
//!   list became shorter does not count; the next run reads the list again.
//! * **A page is stale.** Each page may come from a replica that lags. If a ticket has risen to the top on the first
//!   page, but is still further down on a stale second one, another row is on neither page. The ticket that rose is
//!   within the overlap of the next incremental sync; the other row is not. Therefore an incremental sync with such a
//!   border brings the next full reconciliation forward.
//!
//! A page of a backfill is committed together with the cursor of the next one, so a crash costs one page. A crash during
//! an incremental sync leaves the watermark where it was, and the next run begins from there.
//!
//! Between two pages the run sends and reads what the user asked for meanwhile ([`priority`](super::priority)).

use super::context::{Me, SyncContext};
use super::priority::between_requests;
use super::report::SyncFailure;
use crate::bugs::{self, Bug};
use crate::model::{Failure, RemoteTicket, RemoteUser, TicketList, TicketPage, Timestamp};
use crate::store::{ListState, PageStep, PulledPage};

/// The server answers with an error if sorted pages are read beyond this many rows. An incremental sync that long
/// becomes a backfill.
const SORTED_ROWS: u32 = 10_000;
/// How many rows an incremental sync asks for first: enough to see that nothing changed, and usually all that did.
const FIRST_ROWS: u32 = 10;

/// Reads every list. A list that this user could never read is skipped. If any other list is refused, this is a problem
/// of the account: it ends the run and removes no ticket.
pub(super) async fn lists(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<(), SyncFailure> {
    let mut backfills = Vec::new();
    let mut incrementals = Vec::new();
    for (index, list) in ctx.remote.lists(user).into_iter().enumerate() {
        let state = ctx.store.list_state(&list)?;
        let known = state != ListState::default();
        if let Some(watermark) = state.watermark.filter(|_| state.backfill_watermark.is_none() || ignores_backfill()) {
            incrementals.push((list, watermark));
            continue;
        }
        if state.backfill_watermark.is_none() {
            match begin_backfill(ctx, &list, user.id).await {
                Err(SyncFailure::Server(failure)) if index > 0 && !known && failure.is_absent() => continue,
                done => done?,
            }
        }
        backfills.push((list, state.backfill_cursor));
    }
    for (list, watermark) in incrementals {
        match incremental(ctx, &list, watermark, user.id).await {
            Err(SyncFailure::Server(failure)) if failure.is_absent() => return refused(ctx, failure),
            Ok(true) => {}
            Ok(false) => backfills.push((list, None)),
            Err(failure) => return Err(failure),
        }
    }
    for (list, cursor) in backfills {
        backfill(ctx, &list, cursor, user.id).await?;
    }
    Ok(())
}

/// A list that was readable before is refused. This proves nothing about any ticket, so the run ends with an error.
fn refused(ctx: &SyncContext<'_>, failure: Failure) -> Result<(), SyncFailure> {
    if bugs::is_on(Bug::ForbiddenListIsRevocation) {
        for (ticket, _) in ctx.store.missing(usize::MAX)? {
            ctx.store.revoke(ticket, ctx.moment(None))?;
        }
        return Ok(());
    }
    Err(failure.into())
}

/// Reads the newest rows of a list before its backfill, and stores the watermark that the backfill will set at its end.
async fn begin_backfill(ctx: &SyncContext<'_>, list: &TicketList, me: Me) -> Result<(), SyncFailure> {
    let window = ctx.remote.sorted_page(list, 1, ctx.product.sync.page_size).await?;
    let seen = ctx.seen(me, window.server);
    let window = window.value;
    let from = newest_update(ctx, &window.tickets).unwrap_or_default();
    let (tickets, step) = (&*window.tickets, PageStep::BackfillStart(from));
    ctx.store.apply_page(&PulledPage { list, tickets, step, seen })?;
    Ok(ctx.store.counted(list, window.count)?)
}

/// Reads a list by cursor to its end, starting at `from` (`None`: at its beginning).
async fn backfill(ctx: &SyncContext<'_>, list: &TicketList, from: Option<String>, me: Me) -> Result<(), SyncFailure> {
    let mut cursor = from;
    let mut restarted = false;
    loop {
        between_requests(ctx, me).await?;
        let page = match ctx.remote.list_page(list, cursor.as_deref(), ctx.product.sync.page_size).await {
            // The server no longer knows the cursor, so the list is read from its beginning, once.
            Err(failed) if cursor.is_some() && !restarted && failed.failure.is_refused() => {
                ctx.store.restart_backfill(list)?;
                (cursor, restarted) = (None, true);
                continue;
            }
            page => page?,
        };
        let seen = ctx.seen(me, page.server);
        let page = page.value;
        let step = PageStep::Backfill(page.next.as_deref());
        ctx.store.apply_page(&PulledPage { list, tickets: &page.tickets, step, seen })?;
        cursor = match page.next {
            Some(next) => Some(next),
            None => return Ok(()),
        };
    }
}

/// Reads what changed in a list since its watermark. Returns false if more has changed than sorted pages can show. Then
/// the list needs a backfill, whose future watermark is stored already.
async fn incremental(
    ctx: &SyncContext<'_>,
    list: &TicketList,
    watermark: Timestamp,
    me: Me,
) -> Result<bool, SyncFailure> {
    let known_before = watermark.minus(ctx.product.sync.overlap);
    let rows = ctx.product.sync.page_size.max(1);
    let mut answer = ctx.remote.sorted_page(list, 1, FIRST_ROWS.min(rows)).await?;
    let count = answer.value.count;
    ctx.store.counted(list, count)?;
    let reached = newest_update(ctx, &answer.value.tickets).unwrap_or(watermark).max(watermark);
    let mut number = 0;
    loop {
        let (page, seen) = (&answer.value, ctx.seen(me, answer.server));
        let (tickets, step) = (&*page.tickets, PageStep::Incremental);
        ctx.store.apply_page(&PulledPage { list, tickets, step, seen })?;
        if reaches_back(page, known_before) {
            // If the list became shorter, a row may have been missed, and the watermark stays. Without a count nobody
            // knows; then a full reconciliation finds what was missed.
            if count.zip(page.count).is_none_or(|(before, after)| after >= before) {
                // The small first page is contained in page 1. A row can be missed only at the borders after that page.
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
        answer = ctx.remote.sorted_page(list, number, rows).await?;
    }
}

/// Whether every row after `page` was last updated before `moment`. On a sorted page, the update of the last row must
/// be before `moment`. On a page that is out of order, the updates of all rows must be.
fn reaches_back(page: &TicketPage, moment: Timestamp) -> bool {
    let times = || page.tickets.iter().map(|ticket| ticket.updated_at);
    let edge = if times().is_sorted_by(|newer, older| newer >= older) { times().next_back() } else { times().max() };
    page.next.is_none() || edge.is_none_or(|edge| edge < moment)
}

/// The newest update on a page, which a watermark may be set to.
fn newest_update(ctx: &SyncContext<'_>, tickets: &[RemoteTicket]) -> Option<Timestamp> {
    if bugs::is_on(Bug::DeviceClockWatermark) {
        return Some(ctx.environment.now());
    }
    tickets.iter().map(|ticket| ticket.updated_at).max()
}

/// Always false, except with a deliberate bug: whether a list counts as read although its backfill has not ended.
fn ignores_backfill() -> bool {
    bugs::is_on(Bug::WatermarkBeforeBackfillEnded)
}
