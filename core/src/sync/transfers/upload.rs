//! Uploads, and the files that a server takes together with their message. Each upload is an operation of the outbox.

use std::path::PathBuf;
use std::sync::Arc;

use super::progress::ProgressReporter;
use crate::blob::Transfer;
use crate::model::{FileDelivery, FileId, ReasonKind, TicketId, UploadFile, Uploaded};
use crate::outbox::{self, Operation};
use crate::store::{StagedFile, StoreError, Token};
use crate::sync::context::SyncContext;
use crate::sync::report::SyncFailure;
use crate::sync::settle::{after_failed_attempt, proven, settle};

/// Makes one attempt to upload a file. If the outcome is ambiguous, the upload is simply made again.
pub(in crate::sync) async fn upload(ctx: &SyncContext<'_>, operation: &Operation) -> Result<(), SyncFailure> {
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
        Err(failed) => after_failed_attempt(ctx, operation, &proven(ctx, operation, failed.failure).await?),
    }
}

/// A file is no longer on this device. Nothing was sent, and the operation needs the user.
pub(in crate::sync) fn missing(ctx: &SyncContext<'_>, operation: &Operation) -> Result<(), SyncFailure> {
    settle(ctx, operation.id, |operation, _| outbox::cannot_send(operation, ReasonKind::AttachmentMissing))
}

/// The files that the server takes together with the message, each with its progress reporter. `None` if one of them is
/// no longer on this device. Empty on a server that takes uploads.
pub(in crate::sync) fn with_message(
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
    let reporter = ProgressReporter::new(ctx, Transfer::Up(file.id.0), Some(ticket), file.size);
    let progress = Arc::new(reporter.callback());
    let StagedFile { name, content_type, size, .. } = file;
    (reporter, UploadFile { path, name, content_type, size, progress })
}
