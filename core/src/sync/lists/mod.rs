//! Lists: reading the lists whose union is the history.
//!
//! # The story
//!
//! A list without a watermark was never read completely. It gets a **backfill**. The newest rows come first, as one
//! sorted page of every list, because the user sees them first. Then every page follows by cursor, in any order.
//!
//! A list with a watermark gets an **incremental sync**: pages sorted by last update, until one reaches back behind the
//! watermark minus the overlap, or behind the watermark itself if that is [`settled`]. If that takes more pages than the server
//! sorts, the list gets another backfill.
//!
//! Either way the watermark moves only when everything was read, and then to the newest update on the first page. A ticket
//! that changes while pages are read may move from one page to another and be missed, but its update is newer than the
//! new watermark, so the next run finds it. Two other things can hide a row at the border of two pages:
//!
//! * **A row is removed** from the list meanwhile, and the following rows move up. If the server's count shows that the
//!   list became shorter during an incremental sync, the watermark stays, and the next run reads the list again. Without
//!   a count the watermark moves, and a full reconciliation finds what was missed.
//! * **A page is stale.** Each page may come from a replica that lags. Suppose that a ticket has risen to the top of the
//!   first page, and has pushed another row down to the second. A stale second page does not have that row yet, so it is
//!   on neither page. The next incremental sync reads the ticket that rose once more, but not the other row. Therefore
//!   every incremental sync that reads more than one full page brings the next full reconciliation forward.
//!
//! A page of a backfill is committed together with the cursor of the next one, so a crash costs one page. A crash during
//! an incremental sync leaves the watermark where it was, and the next run begins from there.
//!
//! # What goes wrong
//!
//! A list that fails gets a pause of its own, and the run reads the others ([`isolation`](super::notes::isolation)). If
//! a list fails again and again at the same place, or if its pages do not end, it is read by page numbers instead of
//! cursors, or the other way round ([`pages`], and the store's file `store/schedule/pauses.rs`). Rows that cannot be
//! read are counted, so that they are not taken for missing tickets. A watermark is not set ahead of the server's
//! clock, because everything up to a watermark counts as seen.
//!
//! Between two pages the run sends and reads what the user asked for meanwhile ([`priority`](super::priority)). If little
//! is left of the server's rate limit, the lists wait ([`remainder`](super::remainder)).

pub(super) mod pages;
pub(super) mod search;
pub(super) mod settled;

use std::time::Duration;

use self::pages::{PageFailure, Pass, SORTED_ROWS, failure_of, is_place_unknown, sorted_rows};
use self::settled::Watermark;
use super::context::{Me, Scope, SyncContext};
use super::priority::between_requests;
use super::report::SyncFailure;
use crate::bugs::{self, Bug};
use crate::model::{Failure, RemoteTicket, RemoteUser, TicketList, TicketPage, Timestamp};
use crate::outbox::ClockReading;
use crate::store::{ListFailure, ListState, Observation, PageStep, PulledPage};

/// How many rows an incremental sync asks for first: enough to see that nothing changed, and usually all that did.
const FIRST_ROWS: u32 = 10;

/// How far a stored watermark may be ahead of the server's clock. The machines of one server may differ by a little.
const CLOCK_SKEW: Duration = Duration::from_mins(5);

/// What reading the lists has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pulled {
    /// Whether every list was read.
    pub complete: bool,
    /// How long until a list that was not read can be tried again.
    pub next: Option<Duration>,
}

impl Pulled {
    fn add_wait(&mut self, wait: Duration) {
        self.complete = false;
        self.next = Some(self.next.map_or(wait, |next| next.min(wait)));
    }
}

/// Finds out which lists this user has. False if the server could not tell; then nothing may be concluded from what the lists
/// do not show.
pub(super) async fn find(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<bool, SyncFailure> {
    if !ctx.health.asks_for_lists(ctx.scope == Scope::Everything, ctx.environment.now()) {
        return Ok(true);
    }
    match ctx.remote.find_lists(user).await {
        Ok(_) => {
            ctx.store.offer_lists(&ctx.remote.lists(user))?;
            ctx.health.lists_found(ctx.environment.now());
            Ok(true)
        }
        Err(failed) => {
            let failure = SyncFailure::from(failed);
            ctx.notes.isolation.isolate(failure.clone())?;
            ctx.notes.isolation.list_failed(failure);
            Ok(false)
        }
    }
}

/// Whether the server no longer offers a list that it has just refused.
async fn is_gone(ctx: &SyncContext<'_>, list: &TicketList, user: &RemoteUser) -> Result<bool, SyncFailure> {
    if ctx.remote.find_lists(user).await.is_err() {
        return Ok(false);
    }
    let offered = ctx.remote.lists(user);
    if offered.contains(list) {
        return Ok(false);
    }
    ctx.notes.isolation.answered();
    ctx.store.offer_lists(&offered)?;
    Ok(true)
}

/// Reads every list, or only the first one if a check ([`Scope::Check`]) finds it unchanged. Skips a list that this user
/// could never read. If the server refuses any other list, the account has a problem, and no ticket is removed.
pub(super) async fn read(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<Pulled, SyncFailure> {
    ctx.health.polls(ctx.environment.now());
    let mut pulled = Pulled { complete: true, next: None };
    let (mut backfills, mut incrementals) = (Vec::new(), Vec::new());
    for (index, list) in ctx.remote.lists(user).into_iter().enumerate() {
        let state = ctx.store.list_state(&list)?;
        if let Some(left) = state.wait.and_then(|wait| wait.left(ctx.environment.now())) {
            pulled.add_wait(left);
            continue;
        }
        if let Some(watermark) = state.watermark.filter(|_| state.backfill_watermark.is_none() || ignores_backfill()) {
            incrementals.push((list, watermark));
            continue;
        }
        if state.backfill_watermark.is_none() {
            match begin_backfill(ctx, &list, user.id).await {
                Err(failure) if index > 0 && state.is_unknown() && failure.is_absent() => {
                    ctx.notes.isolation.answered();
                    continue;
                }
                Err(failure) => {
                    list_failed(ctx, &list, failure.into(), &mut pulled)?;
                    continue;
                }
                Ok(()) => {}
            }
        }
        backfills.push(list);
    }
    // A check ends with the first list if that has not changed, and if every other list was read before.
    let mut is_check = ctx.scope == Scope::Check && backfills.is_empty();
    let first = ctx.remote.lists(user).into_iter().next();
    for (list, watermark) in incrementals {
        let asks_first = std::mem::take(&mut is_check) && first.as_ref() == Some(&list);
        match incremental(ctx, &list, watermark, user.id).await {
            Ok(Incremental::Done) => {
                ctx.store.list_answered(&list)?;
                if asks_first && !ctx.notes.is_news() {
                    pulled.complete = false;
                    break;
                }
            }
            Ok(Incremental::TooLong) => backfills.push(list),
            Ok(Incremental::Later(wait)) => pulled.add_wait(wait),
            Err(failure) if failure.is_absent() && is_gone(ctx, &list, user).await? => {}
            Err(failure) => list_failed(ctx, &list, failure, &mut pulled)?,
        }
    }
    for list in backfills {
        match backfill(ctx, &list, user.id).await {
            Ok(None) => {}
            Ok(Some(wait)) => pulled.add_wait(wait),
            Err(failure) if failure.is_absent() && is_gone(ctx, &list, user).await? => {}
            Err(failure) => list_failed(ctx, &list, failure, &mut pulled)?,
        }
    }
    Ok(pulled)
}

/// Notes that a list could not be read. An error ends the run. Otherwise the run goes on with the other lists.
pub(super) fn list_failed(
    ctx: &SyncContext<'_>,
    list: &TicketList,
    failure: PageFailure,
    pulled: &mut Pulled,
) -> Result<(), SyncFailure> {
    let (failure, endless) = failure_of(failure);
    if failure.is_absent() && bugs::is_on(Bug::ForbiddenListIsRevocation) {
        for (ticket, _) in ctx.store.missing(usize::MAX, ctx.environment.now())? {
            ctx.store.revoke(ticket, ctx.moment(None))?;
        }
    }
    let after = ctx.notes.isolation.isolate(failure.clone())?;
    let pause = ctx.pause(after);
    let how = match (endless, failure.is_broken()) {
        (true, _) => ListFailure::Endless,
        (false, true) => ListFailure::Broken,
        (false, false) => ListFailure::Refused,
    };
    ctx.store.list_failed(list, how, pause)?;
    // If the next request shows that the server can be reached, only this list cannot be read.
    let failure = if failure.is_broken() { Failure::misbehaves().into() } else { failure };
    ctx.notes.isolation.list_failed(failure);
    if let Some(left) = ctx.store.list_state(list)?.wait.and_then(|wait| wait.left(pause.now)) {
        pulled.add_wait(left);
    }
    Ok(())
}

/// Reads the newest rows of a list before its backfill, and stores the watermark that the backfill will set at its end.
async fn begin_backfill(ctx: &SyncContext<'_>, list: &TicketList, me: Me) -> Result<(), SyncFailure> {
    let (window, _) = sorted_rows(ctx, list, 0).await?;
    let seen = ctx.seen(me, window.server);
    let from = newest_update(ctx, &window.value.tickets, window.server).unwrap_or_default();
    store_page(ctx, list, &window.value, PageStep::BackfillStart(from), seen)?;
    Ok(ctx.store.counted(list, window.value.count)?)
}

/// Stores a page and the progress that it makes.
pub(super) fn store_page(
    ctx: &SyncContext<'_>,
    list: &TicketList,
    page: &TicketPage,
    step: PageStep<'_>,
    seen: Observation,
) -> Result<(), SyncFailure> {
    let pulled = PulledPage { list, tickets: &page.tickets, step, seen };
    Ok(ctx.store.apply_page_with(&pulled, &page.unreadable, &page.people)?)
}

/// Continues the backfill of a list. Returns `None` at its end, or how long it has to wait before it goes on.
async fn backfill(ctx: &SyncContext<'_>, list: &TicketList, me: Me) -> Result<Option<Duration>, PageFailure> {
    let ListState { backfill_cursor: mut place, backfill_rows, .. } = ctx.store.list_state(list)?;
    let mut pass = Pass::new(ctx, list, backfill_rows)?;
    let mut restarted = false;
    loop {
        between_requests(ctx, me).await?;
        if let Some(wait) = ctx.little_left()? {
            return Ok(Some(wait));
        }
        let page = match pass.page(place.as_deref()).await {
            // The server no longer knows the place, so the list is read from its beginning, once.
            Err(failure) if place.is_some() && !restarted && is_place_unknown(&failure) => {
                ctx.store.restart_backfill(list)?;
                (place, restarted, pass) = (None, true, Pass::new(ctx, list, 0)?);
                continue;
            }
            page => page?,
        };
        let seen = ctx.seen(me, page.server);
        store_page(ctx, list, &page.value, PageStep::Backfill(page.value.next.as_deref()), seen)?;
        place = match page.value.next {
            Some(next) => Some(next),
            None => return Ok(None),
        };
    }
}

/// What an incremental sync has come to.
enum Incremental {
    /// The list was read back to its watermark.
    Done,
    /// More has changed than sorted pages can show. The list needs a backfill, whose future watermark is stored already.
    TooLong,
    /// Little is left of the rate limit. The next run begins again after this time.
    Later(Duration),
}

/// Reads what changed in a list since its watermark.
async fn incremental(
    ctx: &SyncContext<'_>,
    list: &TicketList,
    watermark: Timestamp,
    me: Me,
) -> Result<Incremental, PageFailure> {
    let (known, overlap) = (ctx.health.watermark(list), ctx.product.sync.overlap);
    // If everything up to the watermark was seen, the newest row shows whether anything changed.
    let is_settled = Watermark::read_back_to(known, watermark, overlap) > watermark;
    let rows = if ctx.scope == Scope::Check && is_settled { 1 } else { FIRST_ROWS };
    let first_rows = rows.min(ctx.health.page_rows(ctx.product.sync.page_size)).max(1);
    let sent = ctx.environment.now();
    let mut answer = ctx.remote.sorted_page(list, 1, first_rows).await?;
    let asked = ClockReading { device: sent, server: answer.server };
    let count = answer.value.count;
    ctx.store.counted(list, count)?;
    // An earlier version may have stored a watermark that is ahead of the server's clock. Every change since may be
    // missing.
    let is_too_late = answer.server.is_some_and(|server| watermark > server.plus(CLOCK_SKEW));
    let believes_any = bugs::is_on(Bug::DeviceClockWatermark) || bugs::is_on(Bug::WatermarkBeyondServerClock);
    let is_too_late = is_too_late && !believes_any;
    let watermark = if is_too_late { ctx.store.reset_watermark(list)? } else { watermark };
    let known_before = Watermark::read_back_to(known, watermark, overlap);
    let newest = newest_update(ctx, &answer.value.tickets, answer.server);
    let reached = newest.unwrap_or(watermark).max(watermark);
    if reached > watermark {
        ctx.notes.found_news();
    }
    let (mut pages, mut before) = (0, 0);
    loop {
        let (page, seen) = (&answer.value, ctx.seen(me, answer.server));
        store_page(ctx, list, page, PageStep::Incremental, seen)?;
        if reaches_back(page, known_before) {
            // If the list became shorter, a row may have been missed, so the watermark stays. If the server gives no
            // count, the watermark moves, and a full reconciliation finds what was missed.
            if count.zip(page.count).is_none_or(|(before, after)| after >= before) {
                // The small first page is contained in page 1. A row can be missed only at the borders after that page.
                if pages > 1 {
                    ctx.store.reconcile_soon()?;
                }
                ctx.store.finish_incremental(list, reached)?;
                ctx.health.set_watermark(list, Watermark::after(known, (watermark, reached), asked, overlap));
            }
            return Ok(Incremental::Done);
        }
        if before >= SORTED_ROWS {
            ctx.store.begin_backfill(list, reached)?;
            return Ok(Incremental::TooLong);
        }
        between_requests(ctx, me).await?;
        if let Some(wait) = ctx.little_left()? {
            return Ok(Incremental::Later(wait));
        }
        let shown: Vec<_> = answer.value.tickets.iter().map(|ticket| ticket.number).collect();
        (answer, before) = sorted_rows(ctx, list, before).await?;
        pages += 1;
        // Without this, a server that sends the same page for every number would be asked for every number.
        if pages > 1 && answer.value.tickets.iter().map(|ticket| ticket.number).eq(shown) {
            return Err(PageFailure::Endless);
        }
    }
}

/// Whether every row after `page` was last updated before `moment`. On a sorted page, the update of the last row must
/// be before `moment`. On a page that is out of order, the updates of all rows must be.
fn reaches_back(page: &TicketPage, moment: Timestamp) -> bool {
    let times = || page.tickets.iter().map(|ticket| ticket.updated_at);
    let edge = if times().is_sorted_by(|newer, older| newer >= older) { times().next_back() } else { times().max() };
    page.next.is_none() || edge.is_none_or(|edge| edge < moment)
}

/// The newest update on a page, which a watermark may be set to. `server` is the answer's own time, and no watermark is
/// later. On a server that tells no time, what is ahead of the device's clock does not count at all: a clock that is slow,
/// or fast, then only causes more to be read again than necessary.
fn newest_update(ctx: &SyncContext<'_>, tickets: &[RemoteTicket], server: Option<Timestamp>) -> Option<Timestamp> {
    if bugs::is_on(Bug::DeviceClockWatermark) {
        return Some(ctx.environment.now());
    }
    let times = tickets.iter().map(|ticket| ticket.updated_at);
    if bugs::is_on(Bug::WatermarkBeyondServerClock) {
        return times.max();
    }
    match ctx.server_time(server) {
        Some(latest) => times.map(|time| time.min(latest)).max(),
        None => times.filter(|time| *time <= ctx.environment.now()).max(),
    }
}

/// Always false, except with a deliberate bug: whether a list counts as read although its backfill has not ended.
fn ignores_backfill() -> bool {
    bugs::is_on(Bug::WatermarkBeforeBackfillEnded)
}
