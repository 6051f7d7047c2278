//! Sync: the one place that talks to the desk.
//!
//! A run asks for the token's user first and stops if it is somebody else. Then it sends what is due, reads what changed,
//! and sends what became due meanwhile. It owns no timer and no task: [`run`] is a future over an injected
//! [`Environment`] and [`Remote`], and whoever polls it may drop it at any await. What it had written down stays; what it
//! had not, the next run does again.
//!
//! * [`push`] asks the outbox for its next step and carries it out, one at a time.
//! * [`files`] carries a file to the desk as one of those steps, and fetches what the user asked for.
//! * [`pull`] reads each list from its watermark (or walks it for the first time).
//! * [`threads`] reads the threads that the profile's policy wants, and others in idle time.
//! * [`sweep`] looks for tickets that no list has any more.

mod files;
mod pull;
mod push;
mod sweep;
mod threads;

use std::time::Duration;

use crate::environment::Environment;
use crate::model::{PersonId, TicketId};
use crate::outbox::Moment;
use crate::profile::Profile;
use crate::remote::{Failure, Remote};
use crate::store::{Seen, Store, StoreError};

/// What a run works with. Borrowed from the desk for as long as the run lasts.
pub struct SyncContext<'a> {
    /// The account's file.
    pub store: &'a Store,
    /// The help desk.
    pub remote: &'a dyn Remote,
    /// Time and chance.
    pub environment: &'a dyn Environment,
    /// What this desk allows.
    pub profile: &'a Profile,
    /// The desk's origin, to which the file is bound at first contact.
    pub origin: &'a str,
    /// The thread on screen, if any, whenever it is asked: looked at first, and what comes for it is read at once.
    pub watched: &'a (dyn Fn() -> Option<TicketId> + Send + Sync),
    /// Tickets that somebody was told about (a push message), taken by asking: looked at before anything long.
    pub pushed: &'a (dyn Fn() -> Vec<TicketId> + Send + Sync),
    /// Whether something was written or opened since the run began, taken by asking: a long run does it in between.
    pub hurry: &'a (dyn Fn() -> bool + Send + Sync),
    /// The app is in front: there is idle time to read ahead in.
    pub in_front: bool,
    /// Whether the platform says that there is a network, whenever it is asked: without one no write is begun, because a
    /// request that breaks in the middle leaves a doubt.
    pub online: &'a (dyn Fn() -> bool + Send + Sync),
    /// How much to read.
    pub scope: Scope,
}

/// How much a run reads. Every run sends what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The thread on screen, and the threads that are known to have changed.
    Due,
    /// Every list as well.
    Everything,
}

impl SyncContext<'_> {
    /// Now, on both clocks.
    fn moment(&self) -> Moment {
        Moment { device: self.environment.now(), desk: self.remote.desk_time() }
    }

    fn seen(&self, me: Me) -> Seen {
        Seen { by: me, desk: self.remote.desk_time(), at: self.environment.now(), watched: (self.watched)() }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncReport {
    /// `None`: every list was read to its end.
    pub failure: Option<SyncFailure>,
    /// When there is something to do without anybody's help, from now: a wait in the outbox, or threads left over.
    pub next: Option<Duration>,
}

impl SyncReport {
    /// A run that was dropped, or never began, because the file is not to be used.
    pub(crate) fn stopped(reason: StoreError) -> Self {
        Self { failure: Some(SyncFailure::Store(reason)), next: None }
    }
}

/// Why a run ended early. What it had done until then is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncFailure {
    /// The desk, or the way to it, or the account.
    Desk(Failure),
    /// The file.
    Store(StoreError),
}

impl From<Failure> for SyncFailure {
    fn from(failure: Failure) -> Self {
        Self::Desk(failure)
    }
}

impl From<StoreError> for SyncFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// One run, from the token to the last due thread. Only one at a time may run on a store: [`Desk`](crate::Desk) sees to it.
pub async fn run(ctx: &SyncContext<'_>) -> SyncReport {
    let mut next = None;
    let mut failure = attempt(ctx, &mut next).await.err();
    // Whatever ended the run: what went is gone from the whole file.
    if let Err(error) = scrub(ctx.store) {
        failure.get_or_insert(error.into());
    }
    if let Some(failure) = &failure {
        tracing::debug!(?failure, "sync ended early");
    }
    SyncReport { failure, next }
}

async fn attempt(ctx: &SyncContext<'_>, next: &mut Option<Duration>) -> Result<(), SyncFailure> {
    scrub(ctx.store)?;
    ctx.store.recover_sending(ctx.environment.now())?;
    let bound = ctx.store.account()?.person;
    let user = ctx.remote.begin(bound).await?;
    ctx.store.bind(ctx.origin, user.id, user.email.as_deref())?;
    *next = push::all(ctx, user.id).await?;
    errands(ctx, user.id).await?;
    if ctx.scope == Scope::Everything {
        pull::lists(ctx, &user).await?;
    }
    let threads = threads::wanted(ctx, user.id).await?;
    if ctx.scope == Scope::Everything {
        ctx.store.finish_sync(ctx.environment.now())?;
    }
    let (mut sweep, mut idle) = (None, None);
    if ctx.scope == Scope::Everything || ctx.in_front {
        sweep = sweep::go_on(ctx, &user).await?;
    }
    if ctx.in_front && ctx.store.first_sync_done()? {
        idle = threads::idle(ctx, user.id).await?;
    }
    // What the user wrote while all this was read.
    let outbox = push::all(ctx, user.id).await?;
    // Last, because a large file takes its time.
    let downloads = files::downloads(ctx).await?;
    *next = [threads, sweep, idle, outbox, downloads].into_iter().flatten().min();
    Ok(())
}

fn scrub(store: &Store) -> Result<(), StoreError> {
    while store.scrub_step()? {}
    Ok(())
}

/// The thread on screen, and what a push message was about.
async fn errands(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    let watched = (ctx.watched)();
    for ticket in watched.into_iter().chain((ctx.pushed)().into_iter().filter(|pushed| Some(*pushed) != watched)) {
        threads::look(ctx, ticket, me).await?;
    }
    Ok(())
}

/// Between two requests of something long: what the user wrote or opened since is sent and read at once.
async fn meanwhile(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    if (ctx.hurry)() {
        push::all(ctx, me).await?;
        errands(ctx, me).await?;
    }
    Ok(())
}

/// The user this file belongs to; every reading is matched against it.
type Me = PersonId;
