//! The progress of transfers, for the screens.

use std::sync::Arc;

use crate::blob::{Transfer, TransferProgress};
use crate::live::{Changes, Live, Urgency};
use crate::model::TicketId;
use crate::sync::context::SyncContext;

/// Reports the progress of one transfer to the screens. Dropping it ends the transfer for them.
pub(in crate::sync) struct ProgressReporter {
    transfers: Arc<TransferProgress>,
    live: Arc<Live>,
    file: Transfer,
    /// What shows the file.
    shown: Changes,
    size: u64,
}

impl ProgressReporter {
    /// The progress of a file in a ticket's thread; without a ticket, in a help article.
    pub fn new(ctx: &SyncContext<'_>, file: Transfer, ticket: Option<TicketId>, size: u64) -> Self {
        let shown = Changes { threads: ticket.into_iter().collect(), articles: ticket.is_none(), ..Changes::default() };
        let (transfers, live) = (Arc::clone(ctx.store.transfers()), Arc::clone(ctx.store.live()));
        Self { transfers, live, file, shown, size }
    }

    /// A callback that takes the number of bytes so far. It announces only steps that are large enough to be drawn.
    pub fn callback(&self) -> impl Fn(u64) + Send + Sync + 'static {
        let (transfers, live) = (Arc::clone(&self.transfers), Arc::clone(&self.live));
        let (file, shown, size) = (self.file, self.shown.clone(), self.size);
        move |bytes| {
            if transfers.reached(file, bytes, size) {
                live.announce(&shown, Urgency::Later);
            }
        }
    }
}

impl Drop for ProgressReporter {
    fn drop(&mut self) {
        self.transfers.ended(self.file);
    }
}
