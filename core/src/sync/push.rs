//! Carrying out what the outbox decides. The decisions are in [`outbox`](crate::outbox); this is the road.

use std::time::Duration;

use super::{Me, SyncContext, SyncFailure, threads};
use crate::model::{DeskStatus, OperationId, Reason, ReasonKind};
use crate::outbox::{self, Kind, Operation, State, Step, Verdict};
use crate::remote::{Failure, Target};
use crate::store::{StoreError, Transition};

/// Sends and looks for everything that is due, one step at a time, oldest first. Says when there will be more to do.
pub(super) async fn all(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    loop {
        let operations = ctx.store.operations()?;
        let next = outbox::next(&operations, ctx.environment.now());
        let find = |id: OperationId| operations.iter().find(|operation| operation.id == id).ok_or(StoreError::NotFound);
        match next.step {
            Some(Step::Send(_)) if !(ctx.online)() => return Ok(next.wake_in),
            Some(Step::Send(id)) => send(ctx, find(id)?, me).await?,
            Some(Step::Check(id)) => check(ctx, find(id)?, me).await?,
            None => return Ok(next.wake_in),
        }
    }
}

/// One attempt. That it begins is on disk before the request leaves.
async fn send(ctx: &SyncContext<'_>, operation: &Operation, me: Me) -> Result<(), SyncFailure> {
    let target = match (operation.kind, operation.number) {
        (Kind::Create, _) => Target::NewTicket,
        (Kind::Reply, Some(number)) => Target::Ticket(number),
        // Its ticket's creation is before it in the order, so there is always a number by now.
        (Kind::Reply, None) => return Err(StoreError::Damaged.into()),
    };
    let (write, earlier) = match ctx.store.write_of(operation) {
        // Taken back since the rows were read; nothing leaves.
        Err(StoreError::NotFound) => return Ok(()),
        found => found?,
    };
    let body = earlier.unwrap_or_else(|| ctx.remote.encode(&write));
    if !ctx.store.begin_attempt(operation, &body)? {
        return Ok(());
    }
    match (ctx.remote.deliver(target, &body, operation.key).await, operation.kind) {
        (Ok(ticket), Kind::Create) => ctx.store.settle_create(operation, &ticket, ctx.seen(me))?,
        // The answer does not name the comment; the next step looks for it in the thread.
        (Ok(ticket), Kind::Reply) => ctx.store.settle_reply(operation, &ticket, ctx.environment.now())?,
        (Err(failure), _) => {
            let failure = explain(ctx, operation, failure, me).await?;
            let chance = ctx.environment.random()[0];
            let verdict = outbox::after_attempt(operation, &failure, ctx.environment.now(), chance);
            settle(ctx, operation, verdict, false)?;
        }
    }
    Ok(())
}

/// A refusal's cause, where it can be known without understanding the desk's words.
async fn explain(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    failure: Failure,
    me: Me,
) -> Result<Failure, SyncFailure> {
    let (Failure::NeedsUser(Reason { kind: ReasonKind::Refused, words }), Some(number)) = (&failure, operation.number)
    else {
        return Ok(failure);
    };
    let Ok(ticket) = ctx.remote.ticket(number).await else { return Ok(failure) };
    ctx.store.apply_ticket(&ticket, ctx.seen(me))?;
    if ticket.status != DeskStatus::Closed {
        return Ok(failure);
    }
    Ok(Failure::NeedsUser(Reason { kind: ReasonKind::TicketClosed, words: words.clone() }))
}

/// Looks whether an unclear attempt arrived. If it did, the matching step has settled it.
async fn check(ctx: &SyncContext<'_>, operation: &Operation, me: Me) -> Result<(), SyncFailure> {
    let failure = match look(ctx, operation, me).await {
        Ok(()) => None,
        Err(SyncFailure::Desk(failure)) => Some(failure),
        Err(SyncFailure::Store(error)) => return Err(error.into()),
    };
    if !ctx.store.operations()?.iter().any(|left| left.id == operation.id) {
        return Ok(());
    }
    let (now, chance) = (ctx.environment.now(), ctx.environment.random()[0]);
    let verdict = outbox::after_check(operation, failure.as_ref(), now, ctx.profile.consistency, chance);
    settle(ctx, operation, verdict, failure.is_none())
}

/// Reads where the write would be: a reply in its thread, by id; a ticket among the latest created.
async fn look(ctx: &SyncContext<'_>, operation: &Operation, me: Me) -> Result<(), SyncFailure> {
    if operation.kind == Kind::Reply {
        let Some(due) = ctx.store.thread_of(operation.ticket)? else { return Ok(()) };
        return threads::read(ctx, due, me).await;
    }
    let page = ctx.remote.latest_created(1).await?;
    ctx.store.apply_created(&page.tickets, ctx.seen(me))?;
    Ok(())
}

fn settle(ctx: &SyncContext<'_>, operation: &Operation, verdict: Verdict, read: bool) -> Result<(), SyncFailure> {
    let now = ctx.environment.now();
    match verdict {
        Verdict::Becomes { state, applied } => {
            let doubt = applied && !is_checking(operation);
            ctx.store.transition(operation, &Transition { state, applied, doubt, read, now })?;
            Ok(())
        }
        Verdict::AccountProblem(failure) => {
            // The desk refused the token, not the write: this attempt did not happen.
            if !is_checking(operation) {
                let change = Transition { state: State::Queued, applied: false, doubt: false, read: false, now };
                ctx.store.transition(operation, &change)?;
            }
            Err(failure.into())
        }
    }
}

/// Whether the step was a look, not an attempt.
fn is_checking(operation: &Operation) -> bool {
    matches!(operation.state, State::Checking(_) | State::Sent(_))
}
