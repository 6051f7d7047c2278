//! Reading one ticket or one thread.
//!
//! If the server answers "not there" for a thread, the ticket itself is asked for. The ticket is revoked only if its
//! own answer is "not there" too, and if this answer cannot be older than the ticket.

use std::collections::BTreeMap;

use crate::model::{
    Answered, Failed, Failure, Outcome, Reached, RemoteComment, RemotePerson, TicketId, TicketNumber, Timestamp,
    Trouble,
};
use crate::outbox::{Operation, Settlement};
use crate::store::{Observation, ReadThread, StoreError, ThreadDue};
use crate::sync::context::{Me, SyncContext};
use crate::sync::report::SyncFailure;

/// The largest number of pages of a thread. The service allows 5,000 comments on a ticket, so a longer thread means
/// that the cursors repeat themselves.
const MAX_PAGES: u32 = 100;

/// Reads a ticket, which is one small request, and its thread only if it changed. For the priority fetches.
pub(in crate::sync) async fn refresh(ctx: &SyncContext<'_>, ticket: TicketId, me: Me) -> Result<(), SyncFailure> {
    let Some(known) = ctx.store.thread_due(ticket)? else { return Ok(()) };
    match ctx.remote.ticket(known.number).await {
        Ok(remote) => drop(ctx.store.apply_ticket(&remote.value, ctx.seen(me, remote.server))?),
        Err(failed) if failed.failure.is_absent() => return revoke(ctx, ticket, failed.server),
        Err(failed) => return Err(failed.into()),
    }
    match ctx.store.thread_due(ticket)? {
        Some(changed) if !changed.known => attempt(ctx, changed, me).await.map(drop),
        _ => Ok(()),
    }
}

/// Reads one whole thread and stores it, or revokes its ticket. Any other outcome proves nothing about the thread's
/// comments, and is an error.
pub(in crate::sync) async fn read(ctx: &SyncContext<'_>, due: ThreadDue, me: Me) -> Result<ThreadRead, SyncFailure> {
    match attempt(ctx, due, me).await? {
        ThreadOutcome::Done(read) => Ok(read),
        ThreadOutcome::NotYet => {
            Err(Failure::TryAgain { trouble: Trouble::Busy, after: None, reached: Reached::No }.into())
        }
    }
}

/// A thread that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::sync) struct ThreadRead {
    /// The time of the answer by the server's clock; `None` if the server tells no time.
    pub as_of: Option<Timestamp>,
    /// The operations whose messages the thread contains.
    pub settled: Vec<Settlement>,
}

impl ThreadRead {
    /// Whether the read settled this operation.
    pub fn has_settled(&self, operation: &Operation) -> bool {
        self.settled.iter().any(|settlement| settlement.operation == operation.id)
    }
}

/// The outcome of asking for a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sync) enum ThreadOutcome {
    /// The thread was stored, or its ticket was revoked.
    Done(ThreadRead),
    /// The server does not show the thread, but that proves nothing: the ticket's own answer shows the ticket, or that
    /// answer is "not there" too and may be older than the ticket.
    NotYet,
}

/// Asks for one whole thread and stores it. If the server answers "not there", asks for the ticket alone. Revokes the
/// ticket only if that answer is "not there" too and cannot be older than the ticket.
pub(in crate::sync) async fn attempt(
    ctx: &SyncContext<'_>,
    due: ThreadDue,
    me: Me,
) -> Result<ThreadOutcome, SyncFailure> {
    // A thread of many pages is as old as its first page.
    let asked = ctx.environment.now();
    let Answered { value: thread, server: as_of } = match whole_thread(ctx, due.number).await {
        Ok(thread) => thread,
        Err(failed) if failed.failure.is_absent() => {
            return match ctx.remote.ticket(due.number).await {
                Err(Failed { failure, server })
                    if failure.is_absent() && revoke_if_believed(ctx, due.ticket, server)? =>
                {
                    Ok(ThreadOutcome::Done(ThreadRead { as_of: server, settled: Vec::new() }))
                }
                Err(again) if !again.failure.is_absent() => Err(again.into()),
                _ => Ok(ThreadOutcome::NotYet),
            };
        }
        Err(failed) => return Err(failed.into()),
    };
    let seen = Observation { at: asked, ..ctx.seen(me, as_of) };
    let done = |settled| ThreadOutcome::Done(ThreadRead { as_of, settled });
    let (comments, people) = (&*thread.comments, &*thread.people);
    match ctx.store.apply_thread(&ReadThread { ticket: due.ticket, of: due.of, comments, people, seen }) {
        // The ticket was deleted or revoked on this device while its thread was on its way.
        Err(StoreError::NoSuchTicket) => Ok(done(Vec::new())),
        applied => Ok(applied.map(done)?),
    }
}

/// A whole thread, made of its pages.
struct Thread {
    /// The comments, oldest first.
    comments: Vec<RemoteComment>,
    people: Vec<RemotePerson>,
}

/// Reads a thread page by page. Its time is that of its first page, so it is at least as new as that.
async fn whole_thread(ctx: &SyncContext<'_>, number: TicketNumber) -> Outcome<Thread> {
    let (mut comments, mut people) = (BTreeMap::new(), BTreeMap::new());
    let (mut cursor, mut as_of): (Option<String>, _) = (None, None);
    for _ in 0..MAX_PAGES {
        let page = ctx.remote.comments(number, cursor.as_deref(), ctx.product.sync.page_size).await?;
        as_of.get_or_insert(page.server);
        comments.extend(page.value.comments.into_iter().map(|comment| (comment.id, comment)));
        people.extend(page.value.people.into_iter().map(|person| (person.id, person)));
        cursor = page.value.next;
        if cursor.is_none() {
            let thread = Thread { comments: comments.into_values().collect(), people: people.into_values().collect() };
            return Ok(Answered { value: thread, server: as_of.flatten() });
        }
    }
    Err(Failure::misbehaves().into())
}

/// Revokes a ticket, because the server answered at its time `server` that this ticket is not there for this user. Does
/// nothing if the answer may be older than the ticket.
pub(in crate::sync) fn revoke(
    ctx: &SyncContext<'_>,
    ticket: TicketId,
    server: Option<Timestamp>,
) -> Result<(), SyncFailure> {
    revoke_if_believed(ctx, ticket, server).map(drop)
}

/// Like [`revoke`]. False if the answer may be older than the ticket; then nothing was changed.
fn revoke_if_believed(ctx: &SyncContext<'_>, ticket: TicketId, server: Option<Timestamp>) -> Result<bool, SyncFailure> {
    let believed = !ctx.store.may_be_too_new(ticket, ctx.moment(server))?;
    if believed {
        ctx.store.revoke(ticket, ctx.moment(server))?;
    }
    Ok(believed)
}
