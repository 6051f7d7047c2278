//! The requests of a full reconciliation, which finds the tickets that no list contains any more.
//!
//! The runs read every list completely. Each run makes a limited number of requests and continues where the last one
//! stopped. When all lists have been read to their end, each ticket without a reconciliation mark becomes a suspect:
//! the server is asked for this ticket alone, and only the answer to that request can revoke it
//! ([`revocation`]). The states, and what a crash leaves behind, are described in the store's file
//! of the same name (`store/schedule/full_reconciliation.rs`).
//!
//! A list that fails gets a pause, and so does a missing ticket whose request fails. The runs skip it until the pause
//! is over. The full reconciliation ends when every list was read and every missing ticket was asked for. It ends
//! before anything is asked if too many tickets are missing, or if it is unknown which rows of a list could not be
//! read.

use std::time::Duration;

use super::context::{Me, Scope, SyncContext};
use super::lists::pages::{PageFailure, Pass, is_place_unknown};
use super::lists::{self, Pulled};
use super::notes::Suspect;
use super::priority::between_requests;
use super::report::SyncFailure;
use super::revocation;
use crate::bugs::{self, Bug};
use crate::model::{RemoteUser, TicketList};
use crate::store::{PageStep, ReconciliationState};

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
                for (ticket, _) in ctx.store.missing(usize::MAX, ctx.environment.now())? {
                    ctx.store.revoke(ticket, ctx.moment(None))?;
                }
            }
            return Ok(Some(PAUSE));
        }
        if !ctx.store.accept_missing(ctx.environment.now())? {
            return Ok(None);
        }
    }
    ask_for_missing(ctx, left, user).await
}

/// Reads every list that was ever readable, with at most `left` requests. True when all of them have been read to their
/// end.
async fn read_lists(ctx: &SyncContext<'_>, user: &RemoteUser, left: &mut u32) -> Result<bool, SyncFailure> {
    let mut done = true;
    for list in ctx.remote.lists(user) {
        let state = ctx.store.list_state(&list)?;
        // A list that this user could never read is not part of the history.
        if state.is_unknown() {
            continue;
        }
        // The full reconciliation waits for a list that is in its backfill, which would otherwise be read twice. It
        // also waits for a list that has a pause.
        let pause = state.wait.and_then(|wait| wait.left(ctx.environment.now()));
        if state.watermark.is_none() || pause.is_some() {
            done = false;
            continue;
        }
        match read_list(ctx, &list, left, user.id).await {
            Ok(read) => done &= read,
            Err(failure) => {
                lists::list_failed(ctx, &list, failure, &mut Pulled { complete: true, next: None })?;
                done = false;
            }
        }
    }
    Ok(done)
}

/// Reads one list from where the full reconciliation left it, with at most `left` requests. True at its end.
async fn read_list(ctx: &SyncContext<'_>, list: &TicketList, left: &mut u32, me: Me) -> Result<bool, PageFailure> {
    let mut restarted = false;
    let mut pass = None;
    while let Some(place) = ctx.store.reconciliation_cursor(list)? {
        if *left == 0 || ctx.little_left()?.is_some() {
            return Ok(false);
        }
        *left -= 1;
        between_requests(ctx, me).await?;
        let rows = if place.cursor.is_some() { ctx.health.reconciled_rows(list) } else { 0 };
        let pass = match &mut pass {
            Some(pass) => pass,
            None => pass.insert(Pass::new(ctx, list, rows)?),
        };
        let page = match pass.page(place.cursor.as_deref()).await {
            // The server no longer knows the place, so the list is read from its beginning, once.
            Err(failure) if place.cursor.is_some() && !restarted && is_place_unknown(&failure) => {
                ctx.store.restart_reconciliation(list)?;
                restarted = true;
                continue;
            }
            page => page?,
        };
        ctx.health.set_reconciled_rows(list, pass.rows());
        let seen = ctx.seen(me, page.server);
        let step = PageStep::FullReconciliation(page.value.next.as_deref());
        lists::store_page(ctx, list, &page.value, step, seen)?;
        if page.value.next.is_none() {
            ctx.store.forget_absent_members(list)?;
        }
    }
    ctx.store.list_answered(list)?;
    Ok(true)
}

/// Asks for the missing tickets, each alone, at most `left` of them in this run.
async fn ask_for_missing(ctx: &SyncContext<'_>, left: u32, user: &RemoteUser) -> Result<Option<Duration>, SyncFailure> {
    let missing = ctx.store.missing(left as usize, ctx.environment.now())?;
    between_requests(ctx, user.id).await?;
    let credential = ctx.remote.credential();
    for (ticket, number) in missing {
        let explained = ctx.store.was_in_a_list_that_is_gone(ticket)?;
        ctx.notes.suspects.add(Suspect { ticket, number, credential, thread: false }, explained);
    }
    revocation::settle(ctx, user).await?;
    if ctx.store.is_any_missing()? {
        return Ok(Some(PAUSE));
    }
    ctx.store.end_reconciliation(ctx.environment.now())?;
    Ok(None)
}
