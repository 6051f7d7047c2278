//! The store: one SQLite file for one account, and the only module with SQL.
//!
//! The file is the one truth. Screens are queries over it ([`history`], [`thread`], [`drafts`]); what the user writes is
//! in it before the call returns ([`compose`], committed with `synchronous=FULL`); what the server says comes in through one
//! matching step ([`matching`], [`comments`]), whether it was asked for by a pull or by a send. Nothing else caches. How far
//! the server was read is beside it: watermarks and walks ([`lists`]), the search for what is no longer there ([`full reconciliation`]), and which threads
//! are read ahead ([`ahead`]). What the user may no longer see leaves through [`revoke`].
//!
//! One connection writes, users before sync ([`writer_lock`]); readers have connections of their own and see the last commit.
//! After each commit the store announces what changed, so that no caller can forget to.
//!
//! A file is opened, suspended, closed, rescued and left in [`life`], [`salvage_damaged`] and [`sign_out`], under a lock on its
//! folder ([`lock`]).

mod blobs;
mod db;
mod error;
mod lifecycle;
mod outbox;
mod queries;
mod reconcile;
mod schedule;
#[cfg(test)]
mod tests;

pub use self::blobs::attach_error::AttachError;
pub(crate) use self::blobs::downloads::RequestedDownload;
pub(crate) use self::blobs::staged::{StagedFile, Token};
pub use self::db::paths::file_of;
use self::db::store::Edit;
pub use self::db::store::Store;
use self::db::writer_lock::Priority;
pub use self::error::StoreError;
pub use self::lifecycle::open::{Account, StoreKey};
pub use self::lifecycle::salvage::Recovered;
pub use self::lifecycle::sign_out::{SignOut, Unsent};
pub(crate) use self::outbox::enqueue::ReplyOutcome;
pub use self::outbox::enqueue::{NewReply, NewTicket};
pub(crate) use self::outbox::transitions::Transition;
pub use self::queries::history::HistoryPage;
pub use self::queries::overview::{Overview, Progress};
pub use self::queries::thread::ThreadPage;
pub use self::reconcile::comments::ReadThread;
pub use self::reconcile::seen::Observation;
pub(crate) use self::schedule::fetch_queue::ThreadDue;
pub(crate) use self::schedule::full_reconciliation::ReconciliationState;
pub use self::schedule::lists::{ListState, PageStep, PulledPage};
pub(crate) use self::schedule::request_budget::Budget;

/// How many rows a page may have.
pub const MAX_PAGE: u32 = 200;
