//! Extras: reading what the server has for this user beside a ticket, and writing feedback and toggles (`docs/product.md`,
//! S14, S15).
//!
//! They are read for a ticket that is on screen or that a push message names, when an attempt to write them is looked
//! for, and when one was refused. Reading them costs one request for each kind that the product has. A failure costs
//! them alone: the thread is shown.

use crate::model::{
    Answered, ChangeKind, Failure, FeedbackState, FoundBy, RemoteExtras, RemoteTicket, ServerStatus, TicketId,
    TicketNumber, Timestamp, WantedExtras,
};
use crate::outbox::{self, Change, ClockReading, Evidence, Kind, Look, Operation, Refusal};
use crate::product::definition::parts::actions::ActionKind;
use crate::sync::context::{Me, SyncContext};
use crate::sync::report::SyncFailure;
use crate::sync::settle::{after_failed_attempt, proven, settle};
use uuid::Uuid;

/// What the product wants to know of a ticket that this user sees.
fn wanted(ctx: &SyncContext<'_>, ticket: &RemoteTicket, me: Me) -> WantedExtras {
    let has = |kind| ctx.product.definition.actions.iter().any(|action| action.kind == kind);
    let capabilities = ctx.remote.capabilities();
    let is_over = matches!(ticket.status, ServerStatus::Solved | ServerStatus::Closed);
    WantedExtras {
        feedback: capabilities.feedback && has(ActionKind::Feedback) && is_over && ticket.requester == Some(me),
        toggles: capabilities.toggles && has(ActionKind::Toggle),
    }
}

/// Reads the extras of a ticket that was just read, if they are due.
pub(in crate::sync) async fn refresh(
    ctx: &SyncContext<'_>,
    ticket: TicketId,
    remote: &RemoteTicket,
    me: Me,
) -> Result<(), SyncFailure> {
    let wanted = wanted(ctx, remote, me);
    let now = ctx.environment.now();
    if wanted.is_empty()
        || ctx.health.are_extras_paused(ticket, now)
        || !ctx.store.extras_are_due(ticket, wanted, now)?
    {
        return Ok(());
    }
    match ctx.remote.extras(remote, wanted).await {
        Ok(extras) => {
            ctx.moment(extras.server);
            ctx.health.extras_read(ticket);
            Ok(ctx.store.apply_extras(ticket, &extras.value, ctx.environment.now())?)
        }
        Err(failed) if outbox::concerns_account(&failed.failure) => Err(failed.into()),
        // What was known of them stays. They are read again with the ticket, after a pause.
        Err(failed) => {
            let imposed = if let Failure::TryAgain { after, .. } = failed.failure { after } else { None };
            ctx.health.extras_failed(ticket, imposed, ctx.environment.now(), ctx.environment.chance());
            Ok(())
        }
    }
}

/// Reads the ticket of an operation with its extras. The time is that of the first answer.
async fn read(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    number: TicketNumber,
    me: Me,
) -> Result<(RemoteExtras, Option<Timestamp>), SyncFailure> {
    let ticket = operation.ticket;
    let Answered { value: remote, server } = ctx.remote.ticket(number).await?;
    ctx.store.apply_ticket(&remote, ctx.seen(me, server))?;
    let mut wanted = wanted(ctx, &remote, me);
    // The ticket may be open again since the attempt. The feedback that was given stays given.
    wanted.feedback |= operation.kind == Kind::Change(ChangeKind::Feedback);
    let extras = ctx.remote.extras(&remote, wanted).await?.value;
    ctx.health.extras_read(ticket);
    ctx.store.apply_extras(ticket, &extras, ctx.environment.now())?;
    Ok((extras, server))
}

/// Makes one attempt, which the store has written down.
pub(super) async fn deliver(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    number: TicketNumber,
    (body, key): (&[u8], Uuid),
    me: Me,
) -> Result<(), SyncFailure> {
    let failure = match ctx.remote.deliver_extra(number, body, key).await {
        Ok(_) => {
            ctx.notes.account.works();
            ctx.store.settle_extra(operation, Evidence::Answer, ctx.environment.now())?;
            return Ok(());
        }
        Err(failed) => failed.failure,
    };
    let failure = match explain(ctx, operation, number, failure, me).await? {
        Refusal::Done => return Ok(()),
        Refusal::Means(failure) => failure,
        Refusal::Contradicted => {
            let (now, chance) = (ctx.environment.now(), ctx.environment.chance());
            let consistency = ctx.product.consistency;
            return settle(ctx, operation.id, |operation, _| {
                Change::Update(outbox::contradicted(operation, now, consistency, chance)).into()
            });
        }
    };
    let failure = proven(ctx, operation, failure).await?;
    after_failed_attempt(ctx, operation, &failure)
}

/// Finds the cause of a refusal by reading what the server has. If feedback was given, by an earlier attempt, the operation is
/// settled. A refusal of the first attempt is shown with its reason, whoever gave the feedback.
async fn explain(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    number: TicketNumber,
    failure: Failure,
    me: Me,
) -> Result<Refusal, SyncFailure> {
    if !outbox::needs_explaining(operation.kind, &failure) && failure != Failure::NotAllowed {
        return Ok(Refusal::Means(failure));
    }
    match read(ctx, operation, number, me).await {
        Ok((extras, _)) => {
            let is_given = extras.feedback == Some(FeedbackState::Given);
            if operation.kind == Kind::Change(ChangeKind::Feedback) && is_given && operation.ever_attempted {
                ctx.store.settle_extra(operation, Evidence::Status, ctx.environment.now())?;
                return Ok(Refusal::Done);
            }
            // A closed ticket is no reason here.
            Ok(outbox::explained(operation.kind, failure, Some(ServerStatus::Open)))
        }
        Err(SyncFailure::Server(problem)) if outbox::concerns_account(&problem) => Err(problem.into()),
        Err(SyncFailure::Server(_)) => Ok(Refusal::Means(failure)),
        Err(error) => Err(error),
    }
}

/// Reads whether an attempt was applied, for an operation that is found by what the server has beside the ticket.
pub(super) async fn check(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    number: TicketNumber,
    found_by: FoundBy,
    me: Me,
) -> Result<(), SyncFailure> {
    let (failure, shows, server) = match read(ctx, operation, number, me).await {
        Ok((extras, server)) => {
            if found_by == FoundBy::Feedback && extras.feedback == Some(FeedbackState::Given) {
                ctx.store.settle_extra(operation, Evidence::Status, ctx.environment.now())?;
                return Ok(());
            }
            let written = ctx.store.toggle_of(operation.id)?;
            let is_there = |toggle| {
                let crate::model::Toggle { field, on } = toggle;
                extras.toggles.get(&field) == Some(&Some(on))
            };
            (None, written.is_some_and(is_there), server)
        }
        Err(SyncFailure::Server(failure)) => (Some(proven(ctx, operation, failure).await?), false, None),
        Err(error) => return Err(error),
    };
    let at = ClockReading { device: ctx.environment.now(), server };
    let (consistency, chance) = (ctx.product.consistency, ctx.environment.chance());
    settle(ctx, operation.id, |operation, _| {
        let look = match &failure {
            Some(failure) => Look::Failed(failure),
            None if shows => Look::ShowsValue,
            None => Look::Missed { unexplained: false },
        };
        outbox::after_check(operation, look, at, consistency, chance)
    })
}
