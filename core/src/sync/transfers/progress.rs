//! The progress of transfers, for the screens.

use std::sync::Arc;

use crate::blob::{Transfer, TransferProgress};
use crate::live::{Changes, Live};
use crate::model::TicketId;
use crate::sync::context::SyncContext;

/// Reports the progress of one transfer to the screens. Dropping it ends the transfer for them.
pub(in crate::sync) struct ProgressReporter {
    transfers: Arc<TransferProgress>,
    live: Arc<Live>,
    file: Transfer,
    ticket: TicketId,
    size: u64,
}

impl ProgressReporter {
    pub fn new(ctx: &SyncContext<'_>, file: Transfer, ticket: TicketId, size: u64) -> Self {
        let (transfers, live) = (Arc::clone(ctx.store.transfers()), Arc::clone(ctx.store.live()));
        Self { transfers, live, file, ticket, size }
    }

    /// A callback that takes the number of bytes so far. It announces only steps that are large enough to be drawn.
    pub fn callback(&self) -> impl Fn(u64) + Send + Sync + 'static {
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
