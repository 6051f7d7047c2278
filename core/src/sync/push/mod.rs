//! Push: carrying out what the outbox decides.
//!
//! [`all`] asks the outbox for the next step until none is due. A step either sends an operation or reads whether an
//! earlier attempt was applied. The outcome goes back to the outbox, and the store writes down the verdict. Every
//! decision is made in [`outbox`]; this file only makes the requests.

pub(super) mod anonymous;
pub(super) mod extras;
pub(super) mod votes;

use std::time::Duration;

use crate::bugs::{self, Bug};
use crate::model::{
    Failure, FoundBy, OperationId, ReasonKind, RemoteTicket, ServerStatus, Target, TicketNumber, TicketPage,
};
use crate::outbox::{self, Change, ClockReading, Evidence, Kind, Look, Operation, Refusal, Settlement, Step};
use crate::store::StoreError;
use crate::sync::context::{Me, SyncContext};
use crate::sync::report::SyncFailure;
use crate::sync::settle::{after_failed_attempt, proven, settle};
use crate::sync::threads::{ThreadRead, read};
use crate::sync::transfers;

/// How many pages of own tickets are read at most to find a new ticket. The server sorts no more than 10,000 rows, and
/// a device that was off for long may have missed many tickets.
const LATEST_PAGES: u32 = 100;

/// Carries out every step that is due, one at a time: attempts before looks, the oldest first, and read marks last.
/// Returns how long until another one will be due by itself.
pub(super) async fn all(ctx: &SyncContext<'_>, me: Me) -> Result<Option<Duration>, SyncFailure> {
    loop {
        ctx.notes.account.check()?;
        ctx.store.drop_replaced()?;
        let (mut operations, now) = (ctx.store.operations()?, ctx.environment.now());
        if !ctx.remote.capabilities().client_reference && outbox::may_have_duplicates(&operations) {
            outbox::hold_back_duplicates(&mut operations, &ctx.store.creation_fingerprints()?, now);
        }
        let all = operations.len();
        let marks_wait = ctx.health.read_marks_paused(now);
        if marks_wait.is_some() {
            operations.retain(|operation| operation.kind != Kind::MarkRead);
        }
        let left_over = marks_wait.filter(|_| operations.len() < all);
        let next = outbox::next(&operations, now);
        let wake_in = next.wake_in.into_iter().chain(left_over).min();
        let find =
            |id: OperationId| operations.iter().find(|operation| operation.id == id).ok_or(StoreError::NoSuchMessage);
        match next.step {
            Some(Step::Send(_)) if !(ctx.online)() => return Ok(wake_in),
            Some(Step::Send(id)) => {
                let operation = find(id)?;
                if operation.kind == Kind::MarkRead {
                    ctx.health.sends_read_mark(now);
                }
                send(ctx, operation, me).await?;
            }
            Some(Step::Check(id)) => check(ctx, find(id)?, me).await?,
            None => return Ok(wake_in),
        }
    }
}

/// How long until something of the outbox is due by itself; zero if it is due now, `None` if nothing waits.
pub(super) fn due_in(ctx: &SyncContext<'_>) -> Result<Option<Duration>, StoreError> {
    let now = ctx.environment.now();
    let next = outbox::next(&ctx.store.operations()?, now);
    let votes = ctx.store.waiting_votes()?;
    let vote = votes.iter().filter_map(|vote| outbox::votes::due_in(vote, ctx.product.consistency, now)).min();
    Ok(next.step.map(|_| Duration::ZERO).into_iter().chain(next.wake_in).chain(vote).min())
}

/// Makes one attempt. The store writes it down durably before the request leaves.
async fn send(ctx: &SyncContext<'_>, operation: &Operation, me: Me) -> Result<(), SyncFailure> {
    let (write, earlier) = match ctx.store.write_of(operation) {
        // The user discarded it after the rows were read, so nothing is sent.
        Err(StoreError::NoSuchMessage) => return Ok(()),
        // What is stored of it cannot be sent. Everything else continues.
        Err(StoreError::Unreadable(_)) => {
            let unreadable =
                |operation: &Operation, _: &[Operation]| outbox::cannot_send(operation, ReasonKind::Unsupported);
            return settle(ctx, operation.id, unreadable);
        }
        found => found?,
    };
    // An upload is no step of this loop.
    let Some(write) = write else { return Ok(()) };
    let target = match (operation.kind, operation.number) {
        (Kind::Create, _) => Target::NewTicket,
        (Kind::MarkRead, Some(number)) => Target::ReadMark(number),
        (_, Some(number)) => Target::Ticket(number),
        // The creation of its ticket comes earlier in the order and brings the number. The number is missing only if
        // the creation was lost with a part of a damaged file. The user keeps the text, and everything else continues.
        (_, None) => {
            let lost = |operation: &Operation, _: &[Operation]| outbox::cannot_send(operation, ReasonKind::Unsupported);
            return settle(ctx, operation.id, lost);
        }
    };
    // The server would refuse a token that has expired, so such files are uploaded again first.
    if let Some(now) = ctx.server_clock.last()
        && ctx.store.renew_uploads(operation, now, ctx.environment.now(), ctx.environment.chance())?
    {
        return Ok(());
    }
    let Some(attached) = transfers::with_message(ctx, operation)? else {
        return transfers::missing(ctx, operation);
    };
    let (reporters, files): (Vec<_>, Vec<_>) = attached.into_iter().unzip();
    let body = earlier.unwrap_or_else(|| ctx.remote.encode(&write));
    let key = if bugs::is_on(Bug::NewKeyOnRetry) { ctx.environment.new_id() } else { operation.key };
    let newest = match newest_before(ctx, operation, me).await {
        Ok(newest) => newest,
        Err(SyncFailure::Server(failure)) => return postpone(ctx, operation, &failure),
        Err(failure) => return Err(failure),
    };
    if !ctx.store.begin_attempt(operation, &body, newest)? {
        return Ok(());
    }
    if let (Kind::Change(change), Some(number)) = (operation.kind, operation.number)
        && change.writes_extra()
    {
        return extras::deliver(ctx, operation, number, (&body, key), me).await;
    }
    let outcome = ctx.remote.deliver(target, &body, &files, key).await;
    drop(reporters);
    if outcome.is_ok() {
        ctx.notes.account.works();
    }
    match (outcome, operation.kind) {
        (Ok(ticket), Kind::Create) => {
            let spare = (ctx.environment.new_id(), ctx.environment.new_id());
            ctx.store.settle_create(operation, &ticket.value, ctx.seen(me, ticket.server), spare)?;
        }
        (Ok(_), Kind::MarkRead) => {
            let done = Settlement { operation: operation.id, by: Evidence::Answer };
            settle(ctx, operation.id, |_, _| Change::Settle(done).into())?;
        }
        (Ok(ticket), Kind::Change(_)) => {
            ctx.store.settle_change(operation, &ticket.value, Evidence::Answer, ctx.environment.now())?;
        }
        // The answer does not name the comment. The next step finds it in the thread.
        (Ok(ticket), _) => ctx.store.settle_reply(operation, &ticket.value, ctx.environment.now())?,
        (Err(failed), _) => {
            let failure = match explain(ctx, operation, failed.failure, me).await? {
                Refusal::Means(failure) => failure,
                Refusal::Done => return Ok(()),
                Refusal::Contradicted => {
                    let (now, chance) = (ctx.environment.now(), ctx.environment.chance());
                    let consistency = ctx.product.consistency;
                    return settle(ctx, operation.id, |operation, _| {
                        Change::Update(outbox::contradicted(operation, now, consistency, chance)).into()
                    });
                }
            };
            let failure = proven(ctx, operation, failure).await?;
            if matches!(failure, Failure::UploadsRefused { .. }) && operation.ever_attempted {
                // The server may refuse the uploads because an earlier attempt has used them.
                match read_result(ctx, operation, me).await {
                    Ok(look) if look.has_settled(operation) => return Ok(()),
                    Ok(_) => {}
                    // The read failed, so it remains unknown, and the operation is checked like any ambiguous one.
                    Err(SyncFailure::Server(failure)) if !outbox::concerns_account(&failure) => {
                        let now = ctx.environment.now();
                        return settle(ctx, operation.id, |operation, _| outbox::interrupted(operation, now).into());
                    }
                    Err(failure) => return Err(failure),
                }
            }
            after_failed_attempt(ctx, operation, &failure)?;
        }
    }
    Ok(())
}

/// Finds the high-water mark of an attempt, if the file does not know it yet: the newest ticket number or comment id.
/// It keeps an older ticket or comment with the same text from being taken for the result of this attempt.
///
/// For a creation before the end of the first sync, it returns the number of this user's newest ticket. For a reply to
/// a thread that was never read, it reads the thread, which tells the store the newest comment, and returns 0. In every
/// other case the store knows the mark already, or needs none, and the result is 0. If the read shows the result of an
/// earlier attempt, storing it also settles that operation.
async fn newest_before(ctx: &SyncContext<'_>, operation: &Operation, me: Me) -> Result<i64, SyncFailure> {
    match operation.kind {
        Kind::Create if !ctx.store.overview()?.first_sync_done => {
            let page = ctx.remote.latest_created(1).await?;
            ctx.store.apply_created(&page.value.tickets, ctx.seen(me, page.server))?;
            let numbers = page.value.tickets.iter().map(|ticket| ticket.number.0);
            Ok(numbers.chain(page.value.unreadable.ids).max().unwrap_or_default())
        }
        Kind::Reply => {
            if let Some(unread) = ctx.store.thread_never_read(operation.ticket)? {
                read::read(ctx, unread, me, i64::MAX).await?;
                // It is too long to be read to its newest comment at once, and is read on.
                if ctx.store.thread_never_read(operation.ticket)?.is_some() {
                    return Err(Failure::misbehaves().into());
                }
            }
            Ok(0)
        }
        _ => Ok(0),
    }
}

/// Puts an operation off because the read before its attempt failed. Nothing was sent.
fn postpone(ctx: &SyncContext<'_>, operation: &Operation, failure: &Failure) -> Result<(), SyncFailure> {
    let (now, chance) = (ctx.environment.now(), ctx.environment.chance());
    settle(ctx, operation.id, |operation, _| outbox::postponed(operation, failure, now, chance))
}

/// Finds the cause of a refused write by reading its ticket again, if that can tell it. If the ticket has the status that the
/// operation gives it, the operation is settled.
async fn explain(
    ctx: &SyncContext<'_>,
    operation: &Operation,
    failure: Failure,
    me: Me,
) -> Result<Refusal, SyncFailure> {
    let kind = operation.kind;
    if !outbox::needs_explaining(kind, &failure) {
        return Ok(Refusal::Means(failure));
    }
    let Some(number) = operation.number else {
        return Ok(outbox::explained(kind, failure, None));
    };
    let Ok(ticket) = ctx.remote.ticket(number).await else { return Ok(Refusal::Means(failure)) };
    let status = ticket.value.status;
    let is_known = status != ServerStatus::Solved || shows_solved(ctx, operation, &ticket.value)?;
    ctx.store.apply_ticket(&ticket.value, ctx.seen(me, ticket.server))?;
    let refusal = outbox::explained(kind, failure, is_known.then_some(status));
    if refusal == Refusal::Done {
        ctx.store.settle_change(operation, &ticket.value, Evidence::Status, ctx.environment.now())?;
    }
    Ok(refusal)
}

/// Reads whether an attempt was applied. If the read shows the result, it settles the operation; otherwise the outbox
/// decides what the read means.
async fn check(ctx: &SyncContext<'_>, operation: &Operation, me: Me) -> Result<(), SyncFailure> {
    if let (Kind::Change(change), Some(number)) = (operation.kind, operation.number)
        && let Some(found_by) = change.facts().found_by.filter(|_| change.writes_extra())
    {
        return extras::check(ctx, operation, number, found_by, me).await;
    }
    if let (Kind::Change(change), Some(number)) = (operation.kind, operation.number)
        && change.facts().found_by == Some(FoundBy::Status)
    {
        return check_status(ctx, operation, number).await;
    }
    let (failure, server) = match read_result(ctx, operation, me).await {
        Ok(result) if result.has_settled(operation) => return Ok(()),
        Ok(result) => (None, result.as_of),
        // What a new ticket is looked for in is the list that a proof would read.
        Err(SyncFailure::Server(failure)) if operation.number.is_none() => {
            if failure.is_absent() {
                ctx.notes.account.refused(failure.clone().into());
            }
            (Some(failure), None)
        }
        Err(SyncFailure::Server(failure)) => (Some(proven(ctx, operation, failure).await?), None),
        Err(SyncFailure::Store(error)) => return Err(error.into()),
    };
    let unexplained = ctx.store.has_unexplained_comment(operation)?;
    let at = ClockReading { device: ctx.environment.now(), server };
    let (consistency, chance) = (ctx.product.consistency, ctx.environment.chance());
    settle(ctx, operation.id, |operation, _| {
        let look = failure.as_ref().map_or(Look::Missed { unexplained }, Look::Failed);
        outbox::after_check(operation, look, at, consistency, chance)
    })
}

/// Reads whether the ticket has the status that an operation gives it. Somebody else may have given it, too, while our attempt
/// may still be applied. So the operation is done only when that is too late: what the user writes now must not be overtaken.
async fn check_status(ctx: &SyncContext<'_>, operation: &Operation, number: TicketNumber) -> Result<(), SyncFailure> {
    let (ticket, failure) = match ctx.remote.ticket(number).await {
        Ok(ticket) => (Some(ticket), None),
        Err(failed) => (None, Some(proven(ctx, operation, failed.failure).await?)),
    };
    let unexplained = ctx.store.has_unexplained_comment(operation)?;
    let is_solved = match &ticket {
        Some(ticket) => shows_solved(ctx, operation, &ticket.value)?,
        None => false,
    };
    let shows = ticket.as_ref().filter(|_| is_solved);
    let at = ClockReading { device: ctx.environment.now(), server: ticket.as_ref().and_then(|ticket| ticket.server) };
    let (consistency, chance) = (ctx.product.consistency, ctx.environment.chance());
    let decide = |operation: &Operation| {
        let look = match &failure {
            Some(failure) => Look::Failed(failure),
            None if shows.is_some() => Look::ShowsValue,
            // What the user wrote elsewhere since may have reopened the ticket.
            None => Look::Missed { unexplained },
        };
        outbox::after_check(operation, look, at, consistency, chance)
    };
    let is_done = decide(operation).changes.iter().any(|change| matches!(change, Change::Settle(_)));
    if let Some(ticket) = shows.filter(|_| is_done) {
        ctx.store.settle_change(operation, &ticket.value, Evidence::Status, ctx.environment.now())?;
        return Ok(());
    }
    settle(ctx, operation.id, |operation, _| decide(operation))
}

/// Whether an answer shows that the ticket is solved or closed now. A stale answer may show it as it was solved earlier, before
/// the user's own reply reopened it.
fn shows_solved(ctx: &SyncContext<'_>, operation: &Operation, ticket: &RemoteTicket) -> Result<bool, SyncFailure> {
    let known = ctx.store.thread_due(operation.ticket)?;
    let is_new = known.is_some_and(|known| ticket.updated_at >= known.of);
    Ok(is_new && matches!(ticket.status, ServerStatus::Solved | ServerStatus::Closed))
}

/// Reads the place where the result of an operation would be: the thread for a reply, and the newest own tickets for a
/// creation. The time is that of the answer or, if there were several, of the first.
async fn read_result(ctx: &SyncContext<'_>, operation: &Operation, me: Me) -> Result<ThreadRead, SyncFailure> {
    match (operation.kind, operation.number) {
        (Kind::Create, _) | (_, None) => {
            // Pages are read until one contains a ticket that was known before the attempt.
            let known = |page: &TicketPage| {
                page.tickets
                    .iter()
                    .any(|ticket| operation.high_water_mark.is_some_and(|known| ticket.number.0 <= known))
            };
            let (mut as_of, mut settled, mut left_out) = (None, Vec::new(), false);
            for number in 1..=LATEST_PAGES {
                let page = ctx.remote.latest_created(number).await?;
                as_of.get_or_insert(page.server);
                settled.extend(ctx.store.apply_created(&page.value.tickets, ctx.seen(me, page.server))?);
                left_out |= !page.value.unreadable.is_empty();
                if page.value.next.is_none() || known(&page.value) {
                    break;
                }
            }
            let read = ThreadRead { as_of: as_of.flatten(), settled };
            // A ticket that could not be read may be the one that is looked for.
            if left_out && !read.has_settled(operation) { Err(Failure::misbehaves().into()) } else { Ok(read) }
        }
        (_, Some(_)) => {
            let read = match ctx.store.thread_due(operation.ticket)? {
                Some(due) => read::read(ctx, due, me, operation.high_water_mark.unwrap_or_default()).await?,
                None => return Err(Failure::Gone.into()),
            };
            // This very read revoked the ticket. That does not prove that nothing was applied.
            if ctx.store.thread_due(operation.ticket)?.is_none() {
                return Err(Failure::Gone.into());
            }
            Ok(read)
        }
    }
}
