//! Downloads of files that the user asked for.

use std::time::Duration;

use super::progress::ProgressReporter;
use crate::blob::Transfer;
use crate::model::{DownloadFailure, DownloadProblem, Failure, SinkError};
use crate::outbox::{self, Bound, backoff};
use crate::store::RequestedDownload;
use crate::sync::context::SyncContext;
use crate::sync::report::SyncFailure;

/// Makes one attempt at a download. Only a problem of the account or of the store ends the run; any other failure
/// concerns this file alone. Returns the pause before the next attempt; `None` if there will be none.
pub(super) async fn download(
    ctx: &SyncContext<'_>,
    requested: &RequestedDownload,
) -> Result<Option<Duration>, SyncFailure> {
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
        let chance = ctx.environment.chance();
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
