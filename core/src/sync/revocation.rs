//! Proof before revocation: a server that refuses everything says nothing about a single ticket.
//!
//! # The story
//!
//! If the server says that a ticket is not there for this user (403, 404, 410), the ticket becomes a **suspect** of the
//! run, and nothing else happens. It does not matter which request was answered so: that for a thread, for an open
//! ticket, for the ticket of a push message, for the result of an attempt, or for a ticket that a full reconciliation
//! misses. A server that refuses everything for a while says the same about every ticket. So the suspects of a run are
//! settled together:
//!
//! 1. The account is **proven to work**: the server answers a request for the newest page of the list *own*. If it refuses
//!    that request, the account has a problem: the run ends, and nothing is removed. A ticket that this page shows is no
//!    suspect any more, and neither is one that another list shows: something refuses single tickets, or the list is
//!    stale.
//! 2. Each suspect is **asked for once more**, alone. If the server shows the ticket now, it is stored and is no
//!    suspect any more. If the ticket may be newer than the replica that answered, the answer proves nothing.
//! 3. The account is proven to work **once more**. A server that refused everything while it answered for the suspects
//!    would refuse at least one of the two proofs, unless it began and stopped between them.
//! 4. The suspects that are left are **revoked**.
//!
//! All of this has to happen with one token. If the token changes, the suspects that were found with the earlier one
//! are dropped. A run revokes no more tickets than a full reconciliation may find missing at once. If there are more
//! suspects than that, none of them is revoked, and the user is told
//! ([`HistoryMissing`](super::AccountProblem::HistoryMissing)). A ticket does not count if it is known why it is
//! missing: the server no longer offers the list that it was in (`store/schedule/membership.rs`). A suspect that is not
//! revoked gets a pause, like a thread that could not be read, unless its ticket was refused and is shown when it is
//! asked for alone.
//!
//! Suspects are kept in memory only. A crash before the revocation leaves the ticket as it was, and the next run asks
//! for it again.

use std::collections::BTreeSet;

use super::context::SyncContext;
use super::notes::Suspect;
use super::report::SyncFailure;
use crate::bugs::{self, Bug};
use crate::model::{RemoteUser, TicketNumber, Timestamp};

/// Notes that the server says that a ticket is not there. `server` is the answer's time by the server's clock. Returns
/// false if the ticket is no suspect: because the answer may be older than the ticket, or because a list has shown the
/// ticket after such a refusal lately. In the second case it gets a pause.
pub(super) fn note(ctx: &SyncContext<'_>, suspect: Suspect, server: Option<Timestamp>) -> Result<bool, SyncFailure> {
    // Even a refusal shows that the server can be reached.
    ctx.notes.isolation.answered();
    if ctx.store.may_be_too_new(suspect.ticket, ctx.moment(server))? {
        return Ok(false);
    }
    if bugs::is_on(Bug::RevocationWithoutProof) {
        ctx.store.revoke(suspect.ticket, ctx.moment(server))?;
        return Ok(true);
    }
    if ctx.health.is_contradicted(suspect.ticket, ctx.environment.now()) {
        ctx.health.thread_failed(suspect.ticket, ctx.environment.now(), ctx.environment.chance());
        ctx.store.thread_failed(suspect.ticket, ctx.pause(None))?;
        return Ok(false);
    }
    ctx.notes.suspects.add(suspect, ctx.store.was_in_a_list_that_is_gone(suspect.ticket)?);
    Ok(true)
}

/// Whether the suspects may be what they seem: the account works, and its lists do not show them.
pub(super) async fn prove(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<bool, SyncFailure> {
    let suspects = ctx.notes.suspects.all();
    let shown = shown_by_lists(ctx, user, &suspects).await?;
    Ok(shown.is_some_and(|shown| suspects.iter().all(|suspect| !shown.contains(&suspect.number))))
}

/// Settles the suspects that the run has found so far. If the account has a problem, returns it as the error that ends
/// the run.
pub(super) async fn settle(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<(), SyncFailure> {
    let few = ctx.store.few()?;
    let too_many = ctx.notes.suspects.are_too_many(few);
    let suspects = ctx.notes.suspects.take();
    if suspects.is_empty() {
        return Ok(());
    }
    // Every suspect gets a pause first. So none is asked for again at once, whatever happens next.
    for suspect in &suspects {
        ctx.store.thread_failed(suspect.ticket, ctx.pause(None))?;
    }
    let credential = ctx.remote.credential();
    let Some(shown) = shown_by_lists(ctx, user, &suspects).await? else { return Ok(()) };
    if too_many {
        return Ok(ctx.store.report_history_missing()?);
    }
    let is_shown = |suspect: &&Suspect| shown.contains(&suspect.number);
    for suspect in suspects.iter().filter(is_shown) {
        ctx.health.contradicted(suspect.ticket, ctx.environment.now());
        ctx.health.thread_failed(suspect.ticket, ctx.environment.now(), ctx.environment.chance());
    }
    let mut absent = Vec::new();
    for suspect in suspects.iter().filter(|suspect| suspect.credential == credential && !is_shown(suspect)) {
        match ctx.remote.ticket(suspect.number).await {
            Ok(remote) => {
                ctx.store.apply_ticket(&remote.value, ctx.seen(user.id, remote.server))?;
                if !suspect.thread {
                    ctx.store.thread_answered(suspect.ticket)?;
                }
            }
            Err(failed) if failed.failure.is_absent() => {
                let at = ctx.moment(failed.server);
                if !ctx.store.may_be_too_new(suspect.ticket, at)? {
                    absent.push((suspect.ticket, at));
                }
            }
            Err(failed) => {
                ctx.notes.isolation.isolate(failed.into())?;
            }
        }
    }
    if absent.is_empty() || !is_account_working(ctx, user).await? || ctx.remote.credential() != credential {
        return Ok(());
    }
    ctx.health.lists_may_have_changed();
    for (ticket, at) in absent {
        ctx.store.revoke(ticket, at)?;
        ctx.notes.suspects.count_revoked(ticket);
    }
    Ok(())
}

/// Proves that the account works, and returns the tickets on the newest page of the list *own*, and on those of the other lists
/// as long as a suspect is not among them. `None` if the list *own* proves nothing. If the server refuses that list, the
/// account has a problem, and the refusal is the error.
async fn shown_by_lists(
    ctx: &SyncContext<'_>,
    user: &RemoteUser,
    suspects: &[Suspect],
) -> Result<Option<BTreeSet<TicketNumber>>, SyncFailure> {
    let mut shown = BTreeSet::new();
    for (place, list) in ctx.remote.lists(user).into_iter().enumerate() {
        if place > 0 && suspects.iter().all(|suspect| shown.contains(&suspect.number)) {
            break;
        }
        // A list that this user can never read shows nothing.
        if place > 0 && ctx.store.list_state(&list)?.is_unknown() {
            continue;
        }
        let rows = ctx.health.page_rows(ctx.product.sync.page_size);
        match ctx.remote.sorted_page(&list, 1, rows).await {
            Ok(page) => {
                ctx.seen(user.id, page.server);
                ctx.health.account_refused(false);
                shown.extend(page.value.tickets.iter().map(|ticket| ticket.number));
            }
            Err(failed) if place == 0 && failed.failure.is_absent() => {
                ctx.health.account_refused(true);
                return Err(failed.into());
            }
            Err(failed) => {
                ctx.notes.isolation.isolate(failed.into())?;
                if place == 0 {
                    return Ok(None);
                }
            }
        }
    }
    Ok(Some(shown))
}

/// Proves that the account works, by asking for one row of the list *own*. False if the answer proves nothing. If the
/// server refuses, the account has a problem, and the refusal is the error.
pub(super) async fn is_account_working(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<bool, SyncFailure> {
    let Some(own) = ctx.remote.lists(user).into_iter().next() else { return Ok(false) };
    match ctx.remote.sorted_page(&own, 1, 1).await {
        Ok(page) => {
            ctx.seen(user.id, page.server);
            ctx.health.account_refused(false);
            Ok(true)
        }
        Err(failed) if failed.failure.is_absent() => {
            ctx.health.account_refused(true);
            Err(failed.into())
        }
        Err(failed) => ctx.notes.isolation.isolate(failed.into()).map(|_| false),
    }
}
