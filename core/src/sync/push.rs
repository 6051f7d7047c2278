//! Carrying out what the outbox decides. The decisions are in [`outbox`](crate::outbox); this is the road.

use std::time::Duration;

use super::context::{Me, SyncContext};
use super::report::SyncFailure;
use super::settle::settle;
use super::threads::read;
use super::transfers;
use crate::bugs::{self, Bug};
use crate::model::{
    Failure, OperationId, Reached, Reason, ReasonKind, ServerStatus, Target, TicketPage, Timestamp, Trouble,
};
use crate::outbox::{self, ClockReading, Kind, Operation, State, Step, Verdict, Wait};
use crate::store::StoreError;

/// The service sorts no more than 10,000 rows; a phone that lay in a drawer may have missed many.
const LATEST_PAGES: u32 = 100;
/// The pause after an attempt that could not be prepared is that of so many attempts.
const UNPREPARED: u32 = 4;

/// Sends and looks for everything that is due, one step at a time, oldest first. Says when there will be more to do.
pub(super) async fn all(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    loop {
        let (mut operations, now) = (ctx.store.operations()?, ctx.environment.now());
        if !ctx.remote.capabilities().client_reference && outbox::may_have_duplicates(&operations) {
            outbox::hold_back_duplicates(&mut operations, &ctx.store.creation_fingerprints()?, now);
        }
        let next = outbox::next(&operations, now);
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
    let (write, earlier) = match ctx.store.write_of(operation) {
        // Taken back since the rows were read; nothing leaves.
        Err(StoreError::NotFound) => return Ok(()),
        found => found?,
    };
    let Some(write) = write else { return transfers::upload(ctx, operation).await };
    let target = match (operation.kind, operation.number) {
        (Kind::Create, _) => Target::NewTicket,
        (Kind::MarkRead, Some(number)) => Target::ReadMark(number),
        (_, Some(number)) => Target::Ticket(number),
        // Its ticket's creation is before it in the order, and gives the number: unless the creation was lost with a part
        // of a damaged file. The user still has the text, and everything else goes on.
        (_, None) => {
            let state = State::NeedsUser(Reason { kind: ReasonKind::Unsupported, server_message: None });
            return settle(ctx, operation, Verdict::Becomes { state, applied: false, first_missed_at: None }, false);
        }
    };
    // Tokens whose time is over are known to be refused.
    if let Some(now) = ctx.remote.server_time()
        && ctx.store.renew_uploads(operation, now)?
    {
        return Ok(());
    }
    let Some(carried) = transfers::with_message(ctx, operation)? else {
        return transfers::missing(ctx, operation);
    };
    let (reporters, files): (Vec<_>, Vec<_>) = carried.into_iter().unzip();
    let body = earlier.unwrap_or_else(|| ctx.remote.encode(&write));
    let key = if bugs::is_on(Bug::NewKeyOnRetry) { ctx.environment.new_id() } else { operation.key };
    let newest = match newest_before(ctx, operation, me).await {
        Ok(newest) => newest,
        Err(SyncFailure::Server(failure)) => return not_begun(ctx, operation, failure),
        Err(failure) => return Err(failure),
    };
    if !ctx.store.begin_attempt(operation, &body, newest)? {
        return Ok(());
    }
    let outcome = ctx.remote.deliver(target, &body, &files, key).await;
    drop(reporters);
    match (outcome, operation.kind) {
        (Ok(ticket), Kind::Create) => {
            let spare = (ctx.environment.new_id(), ctx.environment.new_id());
            ctx.store.settle_create(operation, &ticket, ctx.seen(me), spare)?;
        }
        (Ok(_), Kind::MarkRead) => ctx.store.drop_operation(operation)?,
        (Ok(ticket), Kind::AddCc | Kind::Solve) => {
            ctx.store.settle_change(operation, &ticket, ctx.environment.now())?;
        }
        // The answer does not name the comment; the next step looks for it in the thread.
        (Ok(ticket), _) => ctx.store.settle_reply(operation, &ticket, ctx.environment.now())?,
        (Err(failure), _) => {
            let failure = explain(ctx, operation, failure, me).await?;
            if matches!(failure, Failure::UploadsRefused { .. }) && operation.ever_attempted {
                // Used by an earlier attempt, after all?
                let looked = look(ctx, operation, me).await;
                if is_gone(ctx, operation)? {
                    return Ok(());
                }
                match looked {
                    // Nobody can say, so it is looked for as after any doubt.
                    Err(SyncFailure::Server(failure)) if !outbox::concerns_account(&failure) => {
                        let state = State::Checking(Wait::new(ctx.environment.now(), Duration::ZERO));
                        let verdict = Verdict::Becomes { state, applied: true, first_missed_at: None };
                        return settle(ctx, operation, verdict, false);
                    }
                    looked => drop(looked?),
                }
            }
            let chance = ctx.environment.random()[0];
            let verdict = outbox::after_attempt(operation, &failure, ctx.environment.now(), chance);
            settle(ctx, operation, verdict, false)?;
        }
    }
    Ok(())
}

/// The newest of what is at the server before the attempt, where the file does not know it: an older comment, or ticket, of the
/// same text must not be taken for this one. What an earlier attempt left there is found on the way.
async fn newest_before(ctx: &SyncContext<'_>, operation: &Operation, me: Me) -> Result<i64, SyncFailure> {
    match operation.kind {
        Kind::Create if !ctx.store.overview()?.first_sync_done => {
            let page = ctx.remote.latest_created(1).await?;
            ctx.store.apply_created(&page.tickets, ctx.seen(me))?;
            Ok(page.tickets.iter().map(|ticket| ticket.number.0).max().unwrap_or_default())
        }
        Kind::Reply => {
            if let Some(unread) = ctx.store.thread_never_read(operation.ticket)? {
                read::read(ctx, unread, me).await?;
            }
            Ok(0)
        }
        _ => Ok(0),
    }
}

/// The server did not say what is there: nothing was sent. No attempt was counted, so the pause is a long one at once.
fn not_begun(ctx: &SyncContext<'_>, operation: &Operation, failure: Failure) -> Result<(), SyncFailure> {
    let failure = match failure {
        Failure::TryAgain { trouble, after, .. } => Failure::TryAgain { trouble, after, reached: Reached::No },
        Failure::NeedsUser(reason) if matches!(reason.kind, ReasonKind::SignedOut | ReasonKind::WrongUser) => {
            Failure::NeedsUser(reason)
        }
        // What the server says of a list or a thread is not about this write.
        _ => Failure::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::No },
    };
    let patient = Operation { attempts: operation.attempts.max(UNPREPARED), ..operation.clone() };
    let verdict = outbox::after_attempt(&patient, &failure, ctx.environment.now(), ctx.environment.random()[0]);
    settle(ctx, operation, verdict, false)
}

/// A refusal's cause, where it can be known without understanding the server's words.
async fn explain(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    failure: Failure,
    me: Me,
) -> Result<Failure, SyncFailure> {
    let (Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message }), Some(number)) =
        (&failure, operation.number)
    else {
        return Ok(failure);
    };
    let Ok(ticket) = ctx.remote.ticket(number).await else { return Ok(failure) };
    ctx.store.apply_ticket(&ticket, ctx.seen(me))?;
    if ticket.status != ServerStatus::Closed {
        return Ok(failure);
    }
    Ok(Failure::NeedsUser(Reason { kind: ReasonKind::TicketClosed, server_message: server_message.clone() }))
}

/// Looks whether an unclear attempt arrived. If it did, the matching step has settled it.
async fn check(ctx: &SyncContext<'_>, operation: &Operation, me: Me) -> Result<(), SyncFailure> {
    let (failure, server) = match look(ctx, operation, me).await {
        Ok(as_of) => (None, as_of),
        Err(SyncFailure::Server(failure)) => (Some(failure), ctx.remote.server_time()),
        Err(SyncFailure::Store(error)) => return Err(error.into()),
    };
    if is_gone(ctx, operation)? {
        return Ok(());
    }
    let at = ClockReading { device: ctx.environment.now(), server };
    let chance = ctx.environment.random()[0];
    let verdict = outbox::after_check(operation, failure.as_ref(), at, ctx.product.consistency, chance);
    settle(ctx, operation, verdict, failure.is_none())
}

/// Reads where the write would be: a reply in its thread, by id; a solved ticket in its status; a new ticket among the
/// latest created. Says as of when, by the server's clock: what takes several requests is as old as the first answer.
async fn look(ctx: &SyncContext<'_>, operation: &Operation, me: Me) -> Result<Option<Timestamp>, SyncFailure> {
    match (operation.kind, operation.number) {
        (Kind::Create, _) | (_, None) => {
            // Down to what was there before the attempt.
            let known = |page: &TicketPage| {
                page.tickets
                    .iter()
                    .any(|t| operation.high_water_mark.is_some_and(|high_water_mark| t.number.0 <= high_water_mark))
            };
            let mut as_of = None;
            for number in 1..=LATEST_PAGES {
                let page = ctx.remote.latest_created(number).await?;
                as_of.get_or_insert(ctx.remote.server_time());
                ctx.store.apply_created(&page.tickets, ctx.seen(me))?;
                if page.next.is_none() || known(&page) {
                    break;
                }
            }
            Ok(as_of.flatten())
        }
        (Kind::Solve, Some(number)) => {
            let ticket = ctx.remote.ticket(number).await?;
            // A stale answer may show it solved from before the user's own reply opened it again.
            let known = ctx.store.thread_due(operation.ticket)?;
            let is_new = known.is_some_and(|known| ticket.updated_at >= known.of);
            if is_new && matches!(ticket.status, ServerStatus::Solved | ServerStatus::Closed) {
                ctx.store.settle_change(operation, &ticket, ctx.environment.now())?;
            }
            Ok(ctx.remote.server_time())
        }
        (_, Some(_)) => {
            let as_of = match ctx.store.thread_due(operation.ticket)? {
                Some(due) => read::read(ctx, due, me).await?,
                None => return Err(Failure::Gone.into()),
            };
            // Found gone by this very look: that is no proof that nothing arrived.
            if ctx.store.thread_due(operation.ticket)?.is_none() {
                return Err(Failure::Gone.into());
            }
            Ok(as_of)
        }
    }
}

/// Whether the matching step has settled it.
fn is_gone(ctx: &SyncContext<'_>, operation: &Operation) -> Result<bool, SyncFailure> {
    Ok(!ctx.store.operations()?.iter().any(|left| left.id == operation.id))
}
