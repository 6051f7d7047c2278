//! Transfers: files on their way to the server and from it, beside the conversation.
//!
//! # The story
//!
//! A file may take hours, and a message must not wait for the file of another message. So there are two kinds of runs.
//! A run of the *conversation* ([`run`](super::run())) sends and reads everything but files, one request at a time. A run
//! of *transfers* moves files. One run of each kind may be under way at the same time. Each has its own context and its
//! own server time.
//!
//! A run of transfers begins when a file is due, and ends when no file is under way any more. It moves up to
//! [`UPLOADS`] uploads and [`DOWNLOADS`] downloads at once. It begins another one as soon as the user asks for a file
//! or a place becomes free. The uploads of one ticket go one after the other. Uploads of different tickets do not wait
//! for each other.
//!
//! An upload is an operation of the outbox and blocks the later operations of its ticket. When it has finished, the
//! conversation is woken, and the message that waited for it is sent. A download is a row that was asked for, by the
//! user or by a screen that shows a picture; after a failure it has a pause, and after some failures it is given up.
//! Pictures that only a screen asked for come last, and wait while little is left of the rate limit.
//!
//! No file is transferred before a run of the conversation has found out who the user is. If the account has a problem,
//! the run of transfers ends. The conversation finds the same problem and tells the user. Any other failure concerns
//! one file.
//!
//! An upload that breaks begins again from the first byte. A download continues from its resume offset where the server
//! allows it. Progress is kept in memory only; see [`TransferProgress`](crate::blob). After a crash, or if the run is
//! dropped, an upload is in the state *sending*; the next run of transfers queues it again.

mod download;
mod progress;
mod upload;

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::FuturesUnordered;
use tokio::sync::Notify;

pub(super) use self::upload::{missing, with_message};
use super::context::SyncContext;
use super::report::SyncFailure;
use crate::model::OperationId;
use crate::outbox;
use crate::store::RequestedDownload;

/// How many files are uploaded at once.
const UPLOADS: usize = 3;
/// How many files are downloaded at once.
const DOWNLOADS: usize = 3;

/// How a run of transfers ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TransferReport {
    /// The problem of the account or the store that ended it early.
    pub failure: Option<SyncFailure>,
    /// How long until another file is due, from now.
    pub next: Option<Duration>,
}

/// A transfer that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Moving {
    Up(OperationId),
    Down(i64),
}

/// Makes one run of transfers: moves every file that is due or becomes due during the run. The caller notifies `asked`
/// when more files may be due. `uploaded` is called after each upload. The caller must make sure that only one run of
/// transfers is under way on a store.
pub(crate) async fn run(ctx: &SyncContext<'_>, asked: &Notify, uploaded: &(dyn Fn() + Send + Sync)) -> TransferReport {
    match move_all(ctx, asked, uploaded).await {
        Ok(next) => TransferReport { failure: None, next },
        Err(failure) => {
            tracing::debug!(?failure, "transfers ended early");
            TransferReport { failure: Some(failure), next: None }
        }
    }
}

async fn move_all(
    ctx: &SyncContext<'_>,
    asked: &Notify,
    uploaded: &(dyn Fn() + Send + Sync),
) -> Result<Option<Duration>, SyncFailure> {
    ctx.store.recover_sending(ctx.environment.now(), true)?;
    let mut moving: BTreeSet<Moving> = BTreeSet::new();
    let mut files: FuturesUnordered<BoxFuture<'_, (Moving, Result<(), SyncFailure>)>> = FuturesUnordered::new();
    loop {
        let mut more = pin!(asked.notified());
        more.as_mut().enable();
        let next = begin_due(ctx, &mut moving, &mut files)?;
        if files.is_empty() {
            return Ok(next);
        }
        let sleep = async {
            match next {
                Some(wait) => ctx.environment.sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some((file, done)) = files.next() => {
                moving.remove(&file);
                done?;
                ctx.notes.account.check()?;
                if matches!(file, Moving::Up(_)) {
                    uploaded();
                }
            }
            () = more => {}
            () = sleep => {}
        }
    }
}

/// Begins the transfers that are due and for which there is room. Returns how long until another one is due.
fn begin_due<'a>(
    ctx: &'a SyncContext<'a>,
    moving: &mut BTreeSet<Moving>,
    files: &mut FuturesUnordered<BoxFuture<'a, (Moving, Result<(), SyncFailure>)>>,
) -> Result<Option<Duration>, SyncFailure> {
    if !(ctx.online)() {
        return Ok(None);
    }
    let now = ctx.environment.now();
    let operations = ctx.store.operations()?;
    let (uploads, next_upload) = outbox::due_uploads(&operations, now);
    for id in uploads {
        let busy = moving.iter().filter(|file| matches!(file, Moving::Up(_))).count();
        let Some(operation) = operations.iter().find(|operation| operation.id == id).cloned() else { continue };
        if busy < UPLOADS && moving.insert(Moving::Up(id)) {
            files.push(async move { (Moving::Up(id), upload::upload(ctx, &operation).await) }.boxed());
        }
    }
    let mut next_download = None;
    let requested = ctx.store.requested()?;
    // What nobody asked for waits while little is left of the rate limit.
    let little_left = if requested.iter().all(|file| file.is_asked_for) { None } else { ctx.little_left()? };
    for requested in requested {
        let file = Moving::Down(requested.id);
        if let Some(left) = little_left.filter(|_| !requested.is_asked_for) {
            next_download = Some(next_download.map_or(left, |next: Duration| next.min(left)));
            continue;
        }
        if let Some(left) = ctx.health.download_paused(requested.id, requested.attempts, now) {
            next_download = Some(next_download.map_or(left, |next: Duration| next.min(left)));
            continue;
        }
        let busy = moving.iter().filter(|file| matches!(file, Moving::Down(_))).count();
        if busy < DOWNLOADS && moving.insert(file) {
            files.push(async move { (file, fetch(ctx, &requested).await) }.boxed());
        }
    }
    Ok([next_upload, next_download].into_iter().flatten().min())
}

/// Makes one attempt at a download, and notes the pause after a failure.
async fn fetch(ctx: &SyncContext<'_>, requested: &RequestedDownload) -> Result<(), SyncFailure> {
    let pause = download::download(ctx, requested).await?;
    ctx.health.pause_download(requested.id, ctx.environment.now(), pause);
    Ok(())
}
