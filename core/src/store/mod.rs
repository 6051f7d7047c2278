//! The store: one SQLite file for one account, and the only module with SQL.
//!
//! The file is the single source of truth. Screens are queries over it, and nothing else caches. Whatever the user
//! writes is on disk before the call returns (`synchronous = FULL`). Every answer of the server goes through the same
//! reconciliation, whether a read or a send asked for it. After each commit the store itself announces what changed, so
//! that no caller can forget it.
//!
//! | folder | what it holds |
//! | --- | --- |
//! | `db` | The database: paths, schema, connections, the writer lock (one connection writes, users before sync), the readers. |
//! | `derived` | What is computed from the rows and kept beside them: the history's entries; rebuilding them in the background. |
//! | `lifecycle` | Opening, suspending, resuming and closing a file; damage and salvage; purge; signing out; the folder lock. |
//! | `outbox` | The rows of the outbox: written by the user, read as operations, changed by transitions. |
//! | `reconcile` | What the server shows, brought together with what the user wrote; read marks; revoked tickets; secure delete. |
//! | `room` | How sync writes so that the user need not wait for it: short transactions, and what is done about the log. |
//! | `schedule` | What was read and what to read next: lists, full reconciliation, fetch queue, pauses, walks, request budget, set-up. |
//! | `articles` | The help centre: its articles, how far they were read, and the answers about them. |
//! | `queries` | What screens show: history, ticket, thread, unread messages, overview; drafts, which are also written there. |
//! | `search` | The index of every text that a search finds, and finding in it. |
//! | `blobs` | The rows of files on their way to the server, and of cached copies of the server's files. |
//! | `tests` | Tests of the store. |

mod articles;
mod blobs;
mod db;
mod derived;
mod error;
mod lifecycle;
mod outbox;
mod queries;
mod reconcile;
mod room;
mod schedule;
mod search;
#[cfg(test)]
mod tests;

pub(crate) use self::articles::reading::{ArticleStep, Reading};
pub use self::blobs::attach_error::AttachError;
pub(crate) use self::blobs::queue::RequestedDownload;
pub(crate) use self::blobs::small_pictures::SmallPictureFile;
pub(crate) use self::blobs::staged::{StagedFile, Token};
pub use self::db::paths::{file_of, nobodys_file_of};
use self::db::store::Edit;
pub use self::db::store::Store;
use self::db::writer_lock::Priority;
use self::error::OrMissing;
pub use self::error::{RowFault, StoreError};
pub use self::lifecycle::open::{Account, StoreKey};
pub use self::lifecycle::salvage::Recovered;
pub use self::lifecycle::sign_out::{SignOut, Unsent};
pub(crate) use self::outbox::enqueue::NewChange;
pub use self::outbox::enqueue::{NewReply, NewTicket, ReplyOutcome};
pub use self::queries::history::{HistoryPage, HistoryQuery, HistoryRows, PageFrom};
pub use self::queries::overview::{Overview, Progress};
pub use self::queries::thread::ThreadPage;
pub(crate) use self::queries::unread::ReadPosition;
pub use self::reconcile::parts::{AppliedThread, Part, ReadThread, Rest};
pub use self::reconcile::seen::Observation;
pub(crate) use self::schedule::fetch_queue::ThreadDue;
pub(crate) use self::schedule::full_reconciliation::ReconciliationState;
pub use self::schedule::lists::{ListState, PageStep, PulledPage};
pub(crate) use self::schedule::pauses::{ListFailure, Pause};
pub(crate) use self::schedule::request_budget::Budget;
pub(crate) use self::schedule::walks::Walk;

/// The largest number of rows in one page of a query.
pub const MAX_PAGE: u32 = 200;
