//! Carrying files: up, as a step of the outbox, and down, as the user asked for them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::context::SyncContext;
use super::report::SyncFailure;
use super::settle::settle;
use crate::blob::{Travelling, Underway};
use crate::live::{Changes, Live};
use crate::model::{
    DownloadFailure, DownloadProblem, Failure, FileId, FilesTravel, Reason, ReasonKind, SinkError, TicketId, UploadFile,
};
use crate::outbox::{self, Operation, State, Verdict, backoff};
use crate::store::{Outgoing, StoreError, Token, Wanted};

/// Failed attempts after which a download is left to the user.
const MAX_ATTEMPTS: u32 = 4;

/// One attempt to upload a file. An unclear outcome is no doubt: the attempt is simply made again.
pub(super) async fn upload(ctx: &SyncContext<'_>, operation: &Operation) -> Result<(), SyncFailure> {
    let file = operation.file.map(FileId).ok_or(StoreError::Damaged)?;
    let found = match ctx.store.outgoing(file) {
        Err(StoreError::NotFound) => None,
        found => Some(found?),
    };
    let Some((file, path)) = found.and_then(|file| ctx.store.outgoing_path(&file).map(|path| (file, path))) else {
        return missing(ctx, operation);
    };
    if !ctx.store.begin_attempt(operation, &[], 0)? {
        return Ok(());
    }
    let (passage, upload) = outgoing(ctx, operation.ticket, file, path);
    let outcome = ctx.remote.upload(&upload).await;
    drop(passage);
    let now = ctx.environment.now();
    match outcome {
        Ok(uploaded) => {
            let token = Token { text: uploaded.token, until: uploaded.expires_at };
            ctx.store.settle_upload(operation, &token, now)?;
            Ok(())
        }
        Err(failure) => {
            let verdict = outbox::after_attempt(operation, &failure, now, ctx.environment.random()[0]);
            settle(ctx, operation, verdict, false)
        }
    }
}

/// A file is no longer on this device; nothing was sent.
pub(super) fn missing(ctx: &SyncContext<'_>, operation: &Operation) -> Result<(), SyncFailure> {
    let state = State::NeedsUser(Reason { kind: ReasonKind::AttachmentMissing, words: None });
    settle(ctx, operation, Verdict::Becomes { state, applied: false, quiet_since: None }, false)
}

/// The files that travel with a message's own request, and their passages. `None`: one of them is not there any more.
pub(super) fn with_message(
    ctx: &SyncContext<'_>,
    operation: &Operation,
) -> Result<Option<Vec<(Passage, UploadFile)>>, SyncFailure> {
    let message = match operation.message {
        Some(message) if ctx.remote.capabilities().files == FilesTravel::WithMessage => message,
        _ => return Ok(Some(Vec::new())),
    };
    let mut found = Vec::new();
    for file in ctx.store.outgoing_of(message)? {
        let Some(path) = ctx.store.outgoing_path(&file) else { return Ok(None) };
        found.push(outgoing(ctx, operation.ticket, file, path));
    }
    Ok(Some(found))
}

fn outgoing(ctx: &SyncContext<'_>, ticket: TicketId, file: Outgoing, path: PathBuf) -> (Passage, UploadFile) {
    let passage = Passage::new(ctx, Travelling::Up(file.id.0), ticket, file.size);
    let progress = Arc::new(passage.teller());
    let Outgoing { name, content_type, size, .. } = file;
    (passage, UploadFile { path, name, content_type, size, progress })
}

/// Fetches what the user asked for. Says when there will be more to do.
pub(super) async fn downloads(ctx: &SyncContext<'_>) -> Result<Option<Duration>, SyncFailure> {
    let mut next = None;
    for wanted in ctx.store.wanted()? {
        if !(ctx.online)() {
            return Ok(None);
        }
        if let Some(pause) = download(ctx, &wanted).await? {
            next = Some(next.map_or(pause, |soonest: Duration| soonest.min(pause)));
        }
    }
    Ok(next)
}

/// One attempt. What does not concern the account or the way to the desk is this file's own problem, and ends nothing else.
async fn download(ctx: &SyncContext<'_>, wanted: &Wanted) -> Result<Option<Duration>, SyncFailure> {
    let passage = Passage::new(ctx, Travelling::Down(wanted.id), wanted.ticket, wanted.size);
    let told = passage.teller();
    let outcome = match ctx.store.sink(wanted, &told) {
        Err(_) => Err(DownloadFailure::Sink(SinkError::NotWritable)),
        Ok(mut sink) => {
            let offset = sink.offset();
            let outcome = ctx.remote.download(&wanted.address, offset, &mut sink).await;
            outcome.and_then(|()| match sink.finish() {
                Ok(Some(hash)) => Ok(hash),
                // Shorter than the desk said, or not to be written down.
                Ok(None) => Err(DownloadFailure::Sink(SinkError::Unexpected)),
                Err(_) => Err(DownloadFailure::Sink(SinkError::NotWritable)),
            })
        }
    };
    drop(passage);
    let failure = match outcome {
        Ok(hash) => {
            ctx.store.arrived(wanted, &hash)?;
            return Ok(None);
        }
        Err(failure) => failure,
    };
    let again = |after: Option<Duration>| {
        let chance = ctx.environment.random()[0];
        after.unwrap_or_default().max(backoff(wanted.attempts, chance))
    };
    let (problem, pause) = match failure {
        DownloadFailure::Desk(Failure::Gone | Failure::NotAllowed) => (Some(DownloadProblem::Gone), None),
        DownloadFailure::Desk(failure @ Failure::NeedsUser(_)) if outbox::concerns_account(&failure) => {
            return Err(failure.into());
        }
        DownloadFailure::Sink(SinkError::NoSpace) => (Some(DownloadProblem::NoSpace), None),
        _ if wanted.attempts + 1 >= MAX_ATTEMPTS => (Some(DownloadProblem::Unavailable), None),
        DownloadFailure::Desk(Failure::TryAgain { after, .. }) => (None, Some(again(after))),
        // Begun anew: what was here before is no part of what lies there.
        DownloadFailure::Sink(SinkError::Unexpected) => {
            ctx.store.forget_part(wanted);
            (None, Some(again(None)))
        }
        DownloadFailure::Desk(_) | DownloadFailure::Sink(SinkError::NotWritable) => (None, Some(again(None))),
    };
    ctx.store.not_arrived(wanted, problem)?;
    Ok(pause)
}

/// A file that is under way, and no longer when this is dropped.
pub(super) struct Passage {
    underway: Arc<Underway>,
    live: Arc<Live>,
    file: Travelling,
    ticket: TicketId,
    size: u64,
}

impl Passage {
    fn new(ctx: &SyncContext<'_>, file: Travelling, ticket: TicketId, size: u64) -> Self {
        let (underway, live) = (Arc::clone(ctx.store.underway()), Arc::clone(ctx.store.live()));
        Self { underway, live, file, ticket, size }
    }

    /// Tells the screens of steps that are worth drawing.
    fn teller(&self) -> impl Fn(u64) + Send + Sync + 'static {
        let (underway, live) = (Arc::clone(&self.underway), Arc::clone(&self.live));
        let (file, ticket, size) = (self.file, self.ticket, self.size);
        move |bytes| {
            if underway.reached(file, bytes, size) {
                live.announce(&Changes { threads: [ticket].into(), ..Changes::default() });
            }
        }
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        self.underway.ended(self.file);
    }
}
