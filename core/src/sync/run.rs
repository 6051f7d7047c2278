//! One run: the order in which sync sends and reads.

use std::time::Duration;

use super::context::{Me, Scope, SyncContext};
use super::report::{SyncFailure, SyncReport};
use super::threads::queue;
use super::{articles, full_reconciliation, lists, priority, push, revocation, set_up};
use crate::model::RemoteUser;
use crate::store::{Store, StoreError};

/// Makes one run. The caller, [`Client`](crate::Client), must make sure that only one runs at a time on a store. Dropping
/// the future is safe at any await point: the next run continues from what was committed.
pub async fn run(ctx: &SyncContext<'_>) -> SyncReport {
    let mut report = SyncReport::default();
    let requests = ctx.remote.traffic().requests;
    let mut failure = attempt(ctx, &mut report).await.err();
    let mut went_on = false;
    // What was just sent is history, too, and the history may have become unavailable meanwhile.
    if let Err(error) = purge(ctx) {
        failure.get_or_insert(error.into());
    }
    // However the run ended, the bytes of everything that it removed are now overwritten.
    if let Err(error) = secure_delete(ctx.store) {
        failure.get_or_insert(error.into());
    }
    // The user is told, although the run could go on and do nothing.
    failure = failure.or_else(|| ctx.notes.account.refusal());
    if failure.is_none() {
        // The run did everything else that it could.
        failure = ctx.notes.isolation.failed_list();
        went_on = failure.is_some();
    }
    if let Some(failure) = &failure {
        tracing::debug!(?failure, went_on, "sync could not do everything");
    }
    if failure.is_some() && !went_on {
        // What the user wrote is sent when it is due, although reading may have to wait for longer.
        report.next = push::due_in(ctx).ok().flatten();
    }
    let has_asked = ctx.remote.traffic().requests != requests;
    SyncReport {
        failure,
        went_on,
        account_works: ctx.notes.account.was_seen_to_work(),
        is_news: ctx.notes.is_news(),
        rate_limit: ctx.remote.rate_limit().filter(|_| has_asked),
        ..report
    }
}

/// Makes the run. Notes in `report` when there is more to do, also if it fails.
async fn attempt(ctx: &SyncContext<'_>, report: &mut SyncReport) -> Result<(), SyncFailure> {
    secure_delete(ctx.store)?;
    purge(ctx)?;
    ctx.health.begin_run();
    if ctx.product.anonymous {
        report.next = push::anonymous::run(ctx).await?;
        return Ok(());
    }
    ctx.store.recover_sending(ctx.environment.now(), false)?;
    ctx.store.recover_votes(ctx.environment.now())?;
    let bound = ctx.store.account()?.person;
    let user = ctx.remote.begin(bound).await?;
    ctx.store.bind(ctx.origin, user.id, user.email.as_deref())?;
    (ctx.user_is_known)();
    ctx.notes.set_lists(ctx.remote.lists(&user));
    report.next = priority::send(ctx, user.id).await?;
    if (ctx.no_history)() {
        // Nothing is read of the history. What this user wrote is sent all the same, and articles are no history.
        revocation::settle(ctx, &user).await?;
        report.idle_in = articles::refresh(ctx, &user).await?;
        return Ok(());
    }
    priority::priority_fetches(ctx, user.id).await?;
    rebuild(ctx, user.id).await?;
    let (mut threads, mut reconciliation, mut idle) = (None, None, None);
    let little_left = ctx.little_left()?;
    if ctx.scope == Scope::Everything {
        report.lists_in = little_left;
    }
    let mut lists_known = false;
    if little_left.is_none() {
        lists_known = lists::find(ctx, &user).await?;
        ctx.notes.set_lists(ctx.remote.lists(&user));
        if ctx.scope != Scope::Due {
            let pulled = lists::read(ctx, &user).await?;
            if pulled.complete && lists_known {
                ctx.store.finish_sync(ctx.environment.now())?;
            }
            report.lists_in = pulled.next;
        }
        if ctx.scope == Scope::Everything {
            set_up::refresh(ctx).await?;
        }
        threads = queue::requested(ctx, &user).await?;
    }
    revocation::settle(ctx, &user).await?;
    let articles = articles::refresh(ctx, &user).await?;
    if lists_known && (ctx.scope == Scope::Everything || ctx.in_front) {
        reconciliation = full_reconciliation::proceed(ctx, &user).await?;
    }
    if little_left.is_none() && ctx.in_front && ctx.store.first_sync_done()? {
        idle = queue::idle(ctx, user.id).await?;
    }
    // The user may have written something while all this was read.
    let outbox = priority::send(ctx, user.id).await?;
    revocation::settle(ctx, &user).await?;
    is_server_reachable(ctx, &user).await?;
    let unawaited = [little_left, threads, reconciliation, articles, idle].into_iter().flatten().min();
    let at_once = unawaited.filter(Duration::is_zero);
    report.next = outbox.into_iter().chain(at_once).min();
    report.idle_in = unawaited.filter(|wait| !wait.is_zero());
    Ok(())
}

/// If the last request broke, finds out whether the server can be reached at all.
async fn is_server_reachable(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<(), SyncFailure> {
    if ctx.notes.isolation.broken().is_some() {
        revocation::is_account_working(ctx, user).await?;
    }
    Ok(())
}

/// Computes anew what depends on the product definition. What the user wrote meanwhile goes first.
async fn rebuild(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    while ctx.store.rebuild_step()? {
        priority::between_requests(ctx, me).await?;
        ctx.environment.sleep(Store::REBUILD_PAUSE).await;
    }
    Ok(())
}

/// Removes what was read before, if there is no history for this user (`docs/product.md`, S17).
fn purge(ctx: &SyncContext<'_>) -> Result<(), StoreError> {
    if (ctx.no_history)() { ctx.store.purge_history() } else { Ok(()) }
}

fn secure_delete(store: &Store) -> Result<(), StoreError> {
    while store.secure_delete_step()? {}
    Ok(())
}
