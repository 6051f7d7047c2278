//! Sync: the one place that talks to the desk.
//!
//! A run asks for the token's user first and stops if it is somebody else. Then it sends what is due, reads what changed,
//! and sends what became due meanwhile. It owns no timer and no task: [`run`] is a future over an injected
//! [`Environment`] and [`Remote`], and whoever polls it may drop it at any await. What it had written down stays; what it
//! had not, the next run does again.
//!
//! * [`push`] asks the outbox for its next step and carries it out, one at a time.
//! * [`files`] carries a file to the desk as one of those steps, and fetches what the user asked for.
//! * [`pull`] reads each list from its watermark (or walks it for the first time), then the threads that the profile's
//!   policy wants.

mod files;
mod pull;
mod push;

use std::time::Duration;

use crate::environment::Environment;
use crate::model::{PersonId, TicketId};
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
    fn seen(&self, me: Me) -> Seen {
        Seen { by: me, at: self.environment.now(), watched: (self.watched)() }
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
    let failure = attempt(ctx, &mut next).await.err();
    if let Some(failure) = &failure {
        tracing::debug!(?failure, "sync ended early");
    }
    SyncReport { failure, next }
}

async fn attempt(ctx: &SyncContext<'_>, next: &mut Option<Duration>) -> Result<(), SyncFailure> {
    ctx.store.recover_sending(ctx.environment.now())?;
    let bound = ctx.store.account()?.person;
    let user = ctx.remote.begin(bound).await?;
    ctx.store.bind(ctx.origin, user.id, user.email.as_deref())?;
    *next = push::all(ctx, user.id).await?;
    if let Some(watched) = (ctx.watched)() {
        pull::watched(ctx, watched, user.id).await?;
    }
    if ctx.scope == Scope::Everything {
        pull::lists(ctx, &user).await?;
    }
    let threads = pull::threads(ctx, user.id).await?;
    if ctx.scope == Scope::Everything {
        ctx.store.finish_sync(ctx.environment.now())?;
    }
    // What the user wrote while all this was read.
    let outbox = push::all(ctx, user.id).await?;
    // Last, because a large file takes its time.
    let downloads = files::downloads(ctx).await?;
    *next = [threads, outbox, downloads].into_iter().flatten().min();
    Ok(())
}

/// The user this file belongs to; every reading is matched against it.
type Me = PersonId;
