//! Proof before revocation: an account-wide refusal is no statement about a ticket.
//!
//! # The story
//!
//! Whenever the server says that a ticket is not there for this user (403, 404, 410), wherever it says so (a thread, a
//! ticket that was opened, a push message, a check whether an attempt was applied, a full reconciliation), the ticket
//! becomes a **suspect** of the run, and nothing else happens. A server that refuses everything for a while says the
//! same about every ticket. So the suspects of a run are settled together:
//!
//! 1. The account is **proven to work**: the user's own list is asked for one row, and has to answer well. A refusal of
//!    it is a problem of the account. It ends the run, and nothing is removed.
//! 2. Each suspect is **asked for once more**, alone. If the server shows it now, it is stored, and was never revoked. If
//!    it may be newer than the replica that answered, it proves nothing.
//! 3. The account is proven to work **once more**, after these answers. So a refusal of everything that lasts for any
//!    time cannot lie between two proofs and cover the answers.
//! 4. The suspects that are left are **revoked**.
//!
//! All of it has to happen with one token: a suspect that was found, or settled, with another one is dropped. At most as
//! many tickets are revoked in a run as may be missing in a full reconciliation; if there are more, none is, and the user
//! is told ([`HistoryMissing`](super::AccountProblem::HistoryMissing)). A suspect that is not revoked has a pause, like a
//! thread that could not be read.
//!
//! Suspects are kept in memory only. After a crash before the revocation the ticket is as it was, and the next run asks
//! for it again.

use super::context::SyncContext;
use super::notes::Suspect;
use super::report::SyncFailure;
use crate::bugs::{self, Bug};
use crate::model::{RemoteUser, Timestamp};

/// Takes note of a ticket that the server says is not there, at its time `server`. False if the answer may be older than
/// the ticket; then it is no suspect.
pub(super) fn note(ctx: &SyncContext<'_>, suspect: Suspect, server: Option<Timestamp>) -> Result<bool, SyncFailure> {
    // The server has answered, whatever the answer is worth.
    ctx.notes.isolation.answered();
    if ctx.store.may_be_too_new(suspect.ticket, ctx.moment(server))? {
        return Ok(false);
    }
    if bugs::is_on(Bug::RevocationWithoutProof) {
        ctx.store.revoke(suspect.ticket, ctx.moment(server))?;
        return Ok(true);
    }
    ctx.notes.suspects.add(suspect);
    Ok(true)
}

/// Settles the suspects that the run has found so far. A problem of the account is the error that ends the run.
pub(super) async fn settle(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<(), SyncFailure> {
    let few = ctx.store.few()?;
    let too_many = ctx.notes.suspects.are_too_many(few);
    let suspects = ctx.notes.suspects.take();
    if suspects.is_empty() {
        return Ok(());
    }
    // Whatever happens next, they are not asked for again at once.
    for suspect in &suspects {
        ctx.store.thread_failed(suspect.ticket, ctx.pause(None))?;
    }
    let credential = ctx.remote.credential();
    if !is_account_working(ctx, user).await? {
        return Ok(());
    }
    if too_many {
        return Ok(ctx.store.report_history_missing()?);
    }
    let mut absent = Vec::new();
    for suspect in suspects.iter().filter(|suspect| suspect.credential == credential) {
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
    for (ticket, at) in absent {
        ctx.store.revoke(ticket, at)?;
        ctx.notes.suspects.count_revoked();
    }
    Ok(())
}

/// Asks for one row of the user's own list. False if the answer proves nothing. A refusal is a problem of the account.
pub(super) async fn is_account_working(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<bool, SyncFailure> {
    let Some(own) = ctx.remote.lists(user).into_iter().next() else { return Ok(false) };
    match ctx.remote.sorted_page(&own, 1, 1).await {
        Ok(page) => {
            ctx.seen(user.id, page.server);
            Ok(true)
        }
        Err(failed) if failed.failure.is_absent() => Err(failed.into()),
        Err(failed) => ctx.notes.isolation.isolate(failed.into()).map(|_| false),
    }
}
