//! The road of a full reconciliation; its states are told in the store's part of it.

use std::time::Duration;

use super::context::{Me, Scope, SyncContext};
use super::priority::between_requests;
use super::report::SyncFailure;
use super::threads::read::gone;
use crate::bugs::{self, Bug};
use crate::model::{RemoteUser, TicketList};
use crate::store::{ListState, PageStep, PulledPage, ReconciliationState};

/// Between two runs of one full reconciliation.
const PAUSE: Duration = Duration::from_mins(1);

/// As much of the full reconciliation as one run may do. Says when there will be more.
pub(super) async fn go_on(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<Option<Duration>, SyncFailure> {
    let policy = &ctx.product.sync;
    let may_begin = ctx.scope == Scope::Everything;
    let state = ctx.store.advance_reconciliation(ctx.environment.now(), policy.reconcile_every, may_begin)?;
    let mut left = policy.reconciliation_requests;
    if state == ReconciliationState::Idle {
        return Ok(None);
    }
    if state == ReconciliationState::ReadingLists {
        if !walk_all(ctx, user, &mut left).await? {
            if bugs::is_on(Bug::DeleteAfterPartialSweep) {
                for (ticket, _) in ctx.store.missing(usize::MAX)? {
                    ctx.store.revoke(ticket, ctx.moment())?;
                }
            }
            return Ok(Some(PAUSE));
        }
        if !ctx.store.accept_missing(ctx.environment.now())? {
            return Ok(None);
        }
    }
    ask(ctx, left, user.id).await
}

/// Walks every list that was ever read. True once all of them are at their end.
async fn walk_all(ctx: &SyncContext<'_>, user: &RemoteUser, left: &mut u32) -> Result<bool, SyncFailure> {
    for list in ctx.remote.lists(user) {
        let state = ctx.store.list_state(&list)?;
        // Never readable: none of this user's. In its own first walk: the full reconciliation would only repeat that.
        if state == ListState::default() {
            continue;
        }
        if state.watermark.is_none() || !walk(ctx, &list, left, user.id).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn walk(ctx: &SyncContext<'_>, list: &TicketList, left: &mut u32, me: Me) -> Result<bool, SyncFailure> {
    let mut begun_again = false;
    while let Some(place) = ctx.store.reconciliation_cursor(list)? {
        if *left == 0 {
            return Ok(false);
        }
        *left -= 1;
        between_requests(ctx, me).await?;
        let page = match ctx.remote.walk(list, place.cursor.as_deref()).await {
            Err(failure) if place.cursor.is_some() && !begun_again && failure.is_refused() => {
                ctx.store.restart_reconciliation(list)?;
                begun_again = true;
                continue;
            }
            page => page?,
        };
        let (tickets, step) = (&*page.tickets, PageStep::FullReconciliation(page.next.as_deref()));
        ctx.store.apply_page(&PulledPage { list, tickets, step, seen: ctx.seen(me) })?;
    }
    Ok(true)
}

/// Asks for what is missing, one by one. Only its own answer takes a ticket away.
async fn ask(ctx: &SyncContext<'_>, left: u32, me: Me) -> Result<Option<Duration>, SyncFailure> {
    let missing = ctx.store.missing(left as usize + 1)?;
    let more = missing.len() > left as usize;
    for (ticket, number) in missing.into_iter().take(left as usize) {
        between_requests(ctx, me).await?;
        match ctx.remote.ticket(number).await {
            Ok(remote) => ctx.store.apply_ticket(&remote, ctx.seen(me))?,
            Err(failure) if failure.is_absent() => gone(ctx, ticket)?,
            Err(failure) => return Err(failure.into()),
        }
    }
    if more {
        return Ok(Some(PAUSE));
    }
    ctx.store.end_reconciliation(ctx.environment.now())?;
    Ok(None)
}
