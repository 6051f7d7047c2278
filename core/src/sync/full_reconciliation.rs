//! The requests of a full reconciliation, which finds the tickets that no list contains any more.
//!
//! A run reads every list completely by cursor, a limited number of requests per run. When all lists have been read to
//! their end, each ticket without a reconciliation mark is asked for alone, and only the answer to that request can
//! revoke it. The states, and what a crash leaves behind, are described in the store's file of the same name
//! (`store/schedule/full_reconciliation.rs`).

use std::time::Duration;

use super::context::{Me, Scope, SyncContext};
use super::priority::between_requests;
use super::report::SyncFailure;
use super::threads::read::revoke;
use crate::bugs::{self, Bug};
use crate::model::{RemoteUser, TicketList};
use crate::store::{ListState, PageStep, PulledPage, ReconciliationState};

/// The pause between two runs of one full reconciliation.
const PAUSE: Duration = Duration::from_mins(1);

/// Does as much of the full reconciliation as one run may do. Returns how long until more can be done; `None` if it is
/// not under way.
pub(super) async fn proceed(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<Option<Duration>, SyncFailure> {
    let policy = &ctx.product.sync;
    let may_begin = ctx.scope == Scope::Everything;
    let state = ctx.store.advance_reconciliation(ctx.environment.now(), policy.reconcile_every, may_begin)?;
    let mut left = policy.reconciliation_requests;
    if state == ReconciliationState::Idle {
        return Ok(None);
    }
    if state == ReconciliationState::ReadingLists {
        if !read_lists(ctx, user, &mut left).await? {
            if bugs::is_on(Bug::DeleteAfterPartialReconciliation) {
                for (ticket, _) in ctx.store.missing(usize::MAX)? {
                    ctx.store.revoke(ticket, ctx.moment(None))?;
                }
            }
            return Ok(Some(PAUSE));
        }
        if !ctx.store.accept_missing(ctx.environment.now())? {
            return Ok(None);
        }
    }
    ask_for_missing(ctx, left, user.id).await
}

/// Reads every list that was ever readable, with at most `left` requests. True when all of them have been read to their
/// end.
async fn read_lists(ctx: &SyncContext<'_>, user: &RemoteUser, left: &mut u32) -> Result<bool, SyncFailure> {
    for list in ctx.remote.lists(user) {
        let state = ctx.store.list_state(&list)?;
        // A list that this user could never read is not part of the history.
        if state == ListState::default() {
            continue;
        }
        // A list in its backfill would only be read twice; the full reconciliation waits for it.
        if state.watermark.is_none() || !read_list(ctx, &list, left, user.id).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Reads one list from where the full reconciliation left it, with at most `left` requests. True at its end.
async fn read_list(ctx: &SyncContext<'_>, list: &TicketList, left: &mut u32, me: Me) -> Result<bool, SyncFailure> {
    let mut restarted = false;
    while let Some(place) = ctx.store.reconciliation_cursor(list)? {
        if *left == 0 {
            return Ok(false);
        }
        *left -= 1;
        between_requests(ctx, me).await?;
        let page = match ctx.remote.list_page(list, place.cursor.as_deref(), ctx.product.sync.page_size).await {
            // The server no longer knows the cursor, so the list is read from its beginning, once.
            Err(failed) if place.cursor.is_some() && !restarted && failed.failure.is_refused() => {
                ctx.store.restart_reconciliation(list)?;
                restarted = true;
                continue;
            }
            page => page?,
        };
        let seen = ctx.seen(me, page.server);
        let page = page.value;
        let (tickets, step) = (&*page.tickets, PageStep::FullReconciliation(page.next.as_deref()));
        ctx.store.apply_page(&PulledPage { list, tickets, step, seen })?;
    }
    Ok(true)
}

/// Asks for each missing ticket alone, with at most `left` requests. Only the ticket's own answer can revoke it.
async fn ask_for_missing(ctx: &SyncContext<'_>, left: u32, me: Me) -> Result<Option<Duration>, SyncFailure> {
    let missing = ctx.store.missing(left as usize + 1)?;
    let more = missing.len() > left as usize;
    for (ticket, number) in missing.into_iter().take(left as usize) {
        between_requests(ctx, me).await?;
        match ctx.remote.ticket(number).await {
            Ok(remote) => drop(ctx.store.apply_ticket(&remote.value, ctx.seen(me, remote.server))?),
            Err(failed) if failed.failure.is_absent() => revoke(ctx, ticket, failed.server)?,
            Err(failed) => return Err(failed.into()),
        }
    }
    if more {
        return Ok(Some(PAUSE));
    }
    ctx.store.end_reconciliation(ctx.environment.now())?;
    Ok(None)
}
