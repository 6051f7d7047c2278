//! Transfers: uploads, each a step of the outbox, and downloads, which the user asked for.
//!
//! An upload that breaks begins again from the first byte. A download continues from its resume offset where the server
//! allows it. Progress is kept in memory only; see [`TransferProgress`].

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::context::SyncContext;
use super::report::SyncFailure;
use super::settle::{after_failed_attempt, proven, settle};
use crate::blob::{Transfer, TransferProgress};
use crate::live::{Changes, Live};
use crate::model::{
    DownloadFailure, DownloadProblem, Failure, FileDelivery, FileId, ReasonKind, SinkError, TicketId, UploadFile,
    Uploaded,
};
use crate::outbox::{self, Bound, Operation, backoff};
use crate::store::{RequestedDownload, StagedFile, StoreError, Token};

/// Makes one attempt to upload a file. If the outcome is ambiguous, the upload is simply made again.
pub(super) async fn upload(ctx: &SyncContext<'_>, operation: &Operation) -> Result<(), SyncFailure> {
    let file = operation.file.map(FileId).ok_or(StoreError::NoSuchFile)?;
    let found = match ctx.store.outgoing(file) {
        Err(StoreError::NoSuchFile) => None,
        found => Some(found?),
    };
    let Some((file, path)) = found.and_then(|file| ctx.store.staged_path(&file).map(|path| (file, path))) else {
        return missing(ctx, operation);
    };
    if !ctx.store.begin_attempt(operation, &[], 0)? {
        return Ok(());
    }
    let (reporter, upload) = outgoing(ctx, operation.ticket, file, path);
    let outcome = ctx.remote.upload(&upload).await;
    drop(reporter);
    let now = ctx.environment.now();
    match outcome {
        Ok(uploaded) => {
            let Uploaded { token, expires_at } = uploaded.value;
            let token = Token { text: token, until: expires_at };
            ctx.store.settle_upload(operation.id, &token, now)?;
            Ok(())
        }
        Err(failed) => after_failed_attempt(ctx, operation, &proven(ctx, failed.failure).await?),
    }
}

/// A file is no longer on this device. Nothing was sent, and the operation needs the user.
pub(super) fn missing(ctx: &SyncContext<'_>, operation: &Operation) -> Result<(), SyncFailure> {
    settle(ctx, operation.id, |operation, _| outbox::cannot_send(operation, ReasonKind::AttachmentMissing))
}

/// The files that the server takes together with the message, each with its progress reporter. `None` if one of them is
/// no longer on this device. Empty on a server that takes uploads.
pub(super) fn with_message(
    ctx: &SyncContext<'_>,
    operation: &Operation,
) -> Result<Option<Vec<(ProgressReporter, UploadFile)>>, SyncFailure> {
    let message = match operation.message {
        Some(message) if ctx.remote.capabilities().files == FileDelivery::WithMessage => message,
        _ => return Ok(Some(Vec::new())),
    };
    let mut found = Vec::new();
    for file in ctx.store.staged_files_of(message)? {
        let Some(path) = ctx.store.staged_path(&file) else { return Ok(None) };
        found.push(outgoing(ctx, operation.ticket, file, path));
    }
    Ok(Some(found))
}

fn outgoing(
    ctx: &SyncContext<'_>,
    ticket: TicketId,
    file: StagedFile,
    path: PathBuf,
) -> (ProgressReporter, UploadFile) {
    let reporter = ProgressReporter::new(ctx, Transfer::Up(file.id.0), ticket, file.size);
    let progress = Arc::new(reporter.callback());
    let StagedFile { name, content_type, size, .. } = file;
    (reporter, UploadFile { path, name, content_type, size, progress })
}

/// Downloads the files that the user asked for. Returns how long until a failed one may be tried again; `None` if there
/// is none, or no network.
pub(super) async fn downloads(ctx: &SyncContext<'_>) -> Result<Option<Duration>, SyncFailure> {
    let mut next = None;
    for requested in ctx.store.requested()? {
        if !(ctx.online)() {
            return Ok(None);
        }
        if let Some(pause) = download(ctx, &requested).await? {
            next = Some(next.map_or(pause, |soonest: Duration| soonest.min(pause)));
        }
    }
    Ok(next)
}

/// Makes one attempt at a download. Only an account problem ends the run; any other failure concerns this file alone.
/// Returns the pause before the next attempt; `None` if there will be none.
async fn download(ctx: &SyncContext<'_>, requested: &RequestedDownload) -> Result<Option<Duration>, SyncFailure> {
    let reporter = ProgressReporter::new(ctx, Transfer::Down(requested.id), requested.ticket, requested.size);
    let report = reporter.callback();
    let outcome = match ctx.store.sink(requested, &report) {
        Err(_) => Err(DownloadFailure::Sink(SinkError::NotWritable)),
        Ok(mut sink) => {
            let offset = sink.offset();
            let outcome = ctx.remote.download(&requested.address, offset, &mut sink).await;
            outcome.and_then(|()| match sink.finish() {
                Ok(Some(hash)) => Ok(hash),
                // The file is shorter than the answer said, or it could not be written.
                Ok(None) => Err(DownloadFailure::Sink(SinkError::Unexpected)),
                Err(_) => Err(DownloadFailure::Sink(SinkError::NotWritable)),
            })
        }
    };
    drop(reporter);
    let failure = match outcome {
        Ok(hash) => {
            ctx.store.finish_download(requested, &hash)?;
            return Ok(None);
        }
        Err(failure) => failure,
    };
    let again = |after: Option<Duration>| {
        let chance = ctx.environment.random()[0];
        after.unwrap_or_default().max(backoff(requested.attempts, chance))
    };
    let (problem, pause) = match failure {
        DownloadFailure::Server(Failure::Gone | Failure::NotAllowed) => (Some(DownloadProblem::Gone), None),
        DownloadFailure::Server(failure @ Failure::NeedsUser(_)) if outbox::concerns_account(&failure) => {
            return Err(failure.into());
        }
        DownloadFailure::Sink(SinkError::NoSpace) => (Some(DownloadProblem::NoSpace), None),
        DownloadFailure::Sink(SinkError::TooLarge) => (Some(DownloadProblem::TooLarge), None),
        _ if Bound::Downloads.is_reached(requested.attempts + 1) => (Some(DownloadProblem::Unavailable), None),
        DownloadFailure::Server(Failure::TryAgain { after, .. }) => (None, Some(again(after))),
        // The partial file does not belong to the file on the server, so the download begins again.
        DownloadFailure::Sink(SinkError::Unexpected) => {
            ctx.store.discard_partial(requested);
            (None, Some(again(None)))
        }
        DownloadFailure::Server(_) | DownloadFailure::Sink(SinkError::NotWritable) => (None, Some(again(None))),
    };
    ctx.store.fail_download(requested, problem)?;
    Ok(pause)
}

/// Reports the progress of one transfer to the screens. Dropping it ends the transfer for them.
pub(super) struct ProgressReporter {
    transfers: Arc<TransferProgress>,
    live: Arc<Live>,
    file: Transfer,
    ticket: TicketId,
    size: u64,
}

impl ProgressReporter {
    fn new(ctx: &SyncContext<'_>, file: Transfer, ticket: TicketId, size: u64) -> Self {
        let (transfers, live) = (Arc::clone(ctx.store.transfers()), Arc::clone(ctx.store.live()));
        Self { transfers, live, file, ticket, size }
    }

    /// A callback that takes the number of bytes so far. It announces only steps that are large enough to be drawn.
    fn callback(&self) -> impl Fn(u64) + Send + Sync + 'static {
        let (transfers, live) = (Arc::clone(&self.transfers), Arc::clone(&self.live));
        let (file, ticket, size) = (self.file, self.ticket, self.size);
        move |bytes| {
            if transfers.reached(file, bytes, size) {
                live.announce(&Changes { threads: [ticket].into(), ..Changes::default() });
            }
        }
    }
}

impl Drop for ProgressReporter {
    fn drop(&mut self) {
        self.transfers.ended(self.file);
    }
}
